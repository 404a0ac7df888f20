package proposal

import (
	"context"

	"osbu/domain"
	"osbu/domain/round"
)

// MaxCorrection bounds why a text was corrected, in characters.
const MaxCorrection = 1000

// Reopen takes a decision back, until the freeze, with a public text in Finnish
// and Swedish that says why (the area's facilitators and officials). The
// proposal is evaluated anew; of a decision on an appeal somebody else than
// the one who rejected first decides again. What was set aside for it stays
// with staff, who begin the next decision from it.
func (s *Service) Reopen(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	text domain.Text,
) (View, error) {
	return s.c.Change(
		ctx,
		actor,
		roundID,
		id,
		ToReopen,
		func(r round.At, p *Proposal, c *Change) error {
			var problems domain.Problems
			c.Answer = problems.PublicBody("text", text, MaxAnswer, domain.Finnish, domain.Swedish)
			c.Audit = round.NewEntry(r.Round, actor, ToReopen, c.Answer.Fi, map[string]any{"proposal": id, "from": p.State})
			p.Reason, p.Answer = "", domain.Text{}
			if p.Appeal == "" {
				p.RejectedBy = 0
			}
			if actor.Facilitates(p.Text.Area) {
				p.Facilitator = PersonOf(actor)
			}
			return problems.Err()
		},
	)
}

// Correct saves what staff put right in a proposal under evaluation, over the
// version that was read: its area, theme, place and words; its authors and
// staff read why. One that moves to another area goes to the facilitator there
// who has the least to do. A save that changes nothing makes no version.
func (s *Service) Correct(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	version int,
	t Text,
	reason string,
) (View, error) {
	colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
	if err != nil {
		return View{}, err
	}
	return s.c.Change(
		ctx,
		actor,
		roundID,
		id,
		ToCorrect,
		func(r round.At, p *Proposal, c *Change) error {
			var problems domain.Problems
			t := t.Clean(r.Settings, s.c.City, &problems, "text.")
			t.Complete(r.Settings, &problems, "text.")
			if p.Swedish != (Words{}) {
				t.Language = p.Text.Language // the other of the two is kept apart
			}
			c.Reason = problems.Body("reason", reason, MaxCorrection)
			if c.Reason == "" {
				problems.Add("reason", "required", "")
			}
			if err := problems.Err(); err != nil {
				return err
			}
			if p.Text.equal(t) {
				c.Action = ""
				return nil
			}
			if err := p.Newest(version); err != nil {
				return err
			}
			before := p.Text
			p.Text = t
			if t.Area != before.Area {
				p.Facilitator = Route(*p, colleagues)
			}
			c.Audit = round.NewEntry(r.Round, actor, ToCorrect, "", map[string]any{
				"proposal": id,
				"area":     []string{before.Area, t.Area},
				"theme":    []string{before.Theme, t.Theme},
			})
			return nil
		},
	)
}

// Translation is what a proposal says in one more language.
type Translation struct {
	Language domain.Language
	Words    Words
	Answer   string // the decision's public text; empty: as it is
}

// Translate saves what a proposal says in another language than the one that it
// was written in, over the version that was read, until the freeze; on the
// ballot, too. What was not written in Finnish is kept as the words of its
// language beside the Finnish text from then on. Of a rejected proposal the
// answer alone can be translated. The same words again, of a source that has
// changed, say that they are still right.
func (s *Service) Translate(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	version int,
	t Translation,
) (View, error) {
	return s.c.Change(
		ctx,
		actor,
		roundID,
		id,
		ToTranslate,
		func(_ round.At, p *Proposal, c *Change) error {
			var problems domain.Problems
			t := t.Clean(*p, &problems)
			if err := problems.Err(); err != nil {
				return err
			}
			if !p.ChangedBy(t) {
				c.Action = ""
				return nil
			}
			if err := p.Newest(version); err != nil {
				return err
			}
			if p.Answer.Of(t.Language) != t.Answer {
				p.Answer.Set(t.Language, t.Answer)
				c.Answer = p.Answer
			}
			p.translate(t)
			return nil
		},
	)
}
