package proposal

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Take begins the evaluation, or goes on with it when no answer comes (the
// area's facilitator, as for all of vetting).
func (s *Service) Take(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	return s.c.Change(ctx, actor, roundID, id, ToTake, func(_ round.At, p *Proposal, _ *Change) error {
		p.Facilitator, p.AnswerBy = PersonOf(actor), time.Time{}
		return nil
	})
}

// Lengths in characters.
const (
	maxQuestion = 5000
	MaxAnswer   = 5000 // of the public text of a decision
	maxAppeal   = 5000
)

// Until when an author answers a question, if the facilitator does not say, and
// how long before that she is reminded.
const (
	answerDays     = 14
	mostAnswerDays = 60
	remindBefore   = 3 * 24 * time.Hour
)

// Ask asks the author for information until a moment, or two weeks for the zero
// one; only she and staff see the question. When nothing came until then, a
// person decides what follows.
func (s *Service) Ask(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	question string,
	until time.Time,
) (View, error) {
	return s.c.Change(ctx, actor, roundID, id, ToAsk, func(r round.At, p *Proposal, c *Change) error {
		var problems domain.Problems
		p.Question, p.Facilitator = problems.Body("text", question, maxQuestion), PersonOf(actor)
		if p.Question == "" {
			problems.Add("text", "required", "")
		}
		p.AnswerBy = s.c.Deadline(
			r.Now,
			until,
			r.Times.Vetting.Closes,
			"answer_by",
			answerDays,
			mostAnswerDays,
			&problems,
		)
		c.Reason, c.RemindAt = p.Question, p.AnswerBy.Add(-min(remindBefore, p.AnswerBy.Sub(r.Now)/2))
		return problems.Err()
	})
}

// Reject ends the evaluation with a reason code and a public text in Finnish
// and Swedish.
func (s *Service) Reject(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	reason Reason,
	text domain.Text,
) (View, error) {
	return s.c.Change(
		ctx,
		actor,
		roundID,
		id,
		ToReject,
		func(r round.At, p *Proposal, c *Change) error {
			var problems domain.Problems
			if !reason.Known() {
				problems.Add("reason", "unknown", "")
			}
			p.Answer = problems.PublicBody("text", text, MaxAnswer, domain.Finnish, domain.Swedish)
			if p.Appeal == "" {
				p.RejectedBy = actor.ID
			}
			p.Reason, p.Facilitator, p.AnswerBy = reason, PersonOf(actor), time.Time{}
			c.Reason, c.Answer = string(reason), p.Answer
			c.Audit = round.NewEntry(r.Round, actor, ToReject, string(reason), map[string]int64{"proposal": id})
			return problems.Err()
		},
	)
}

// Accept ends the evaluation with a cost, and a public text if there is
// something to say.
func (s *Service) Accept(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	cost Cost,
	text domain.Text,
) (View, error) {
	return s.c.Change(
		ctx,
		actor,
		roundID,
		id,
		ToAccept,
		func(r round.At, p *Proposal, c *Change) error {
			var problems domain.Problems
			cost.Check(&problems, "cost")
			if text == (domain.Text{}) {
				p.Answer = text
			} else {
				p.Answer = problems.PublicBody("text", text, MaxAnswer, domain.Finnish, domain.Swedish)
			}
			p.Cost, p.Reason, p.Facilitator, p.AnswerBy = &cost, "", PersonOf(actor), time.Time{}
			c.Answer = p.Answer
			c.Audit = round.NewEntry(r.Round, actor, ToAccept, "", map[string]int64{
				"proposal": id,
				"minimum":  int64(cost.Minimum), "maximum": int64(cost.Maximum), "maintenance": int64(cost.Maintenance),
			})
			return problems.Err()
		},
	)
}

// Appeal answers a rejection, once; another person decides on it.
func (s *Service) Appeal(ctx context.Context, actor domain.Actor, roundID string, id int64, text string) (View, error) {
	return s.c.Change(
		ctx,
		actor,
		roundID,
		id,
		ToAppeal,
		func(_ round.At, p *Proposal, c *Change) error {
			var problems domain.Problems
			p.Appeal = problems.Body("text", text, maxAppeal)
			if p.Appeal == "" {
				problems.Add("text", "required", "")
			}
			c.Reason = p.Appeal
			return problems.Err()
		},
	)
}
