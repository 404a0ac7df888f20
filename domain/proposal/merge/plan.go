package merge

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Plan is a merge that a facilitator has in mind.
type Plan struct {
	Kind      Kind
	Proposals []int64
	Into      int64 // one of them; 0: into a new one, the only part
	Parts     []Part
	Message   string
	AnswerBy  time.Time // zero: as for a question
}

// Propose asks the authors of proposals in the facilitator's districts for
// their consent to a merge.
func (s *Service) Propose(ctx context.Context, actor domain.Actor, roundID string, plan Plan) (View, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return View{}, err
	}
	var problems domain.Problems
	plan.clean(r.Settings, s.c.City, &problems)
	if err := problems.Err(); err != nil {
		return View{}, err
	}
	m, err := s.c.Store.AddMerge(
		ctx,
		roundID,
		plan.Proposals,
		func(held round.At, found []Candidate) (Merge, Change, error) {
			if err := held.VisibleTo(actor); err != nil {
				return Merge{}, Change{}, err
			}
			r.Round = held.Round
			m := Merge{
				Round:   held.ID,
				Kind:    plan.Kind,
				Stage:   Asked,
				Parts:   plan.Parts,
				Message: plan.Message,
				By:      proposal.PersonOf(actor),
				AskedAt: held.Now,
			}
			c := Change{By: proposal.PersonOf(actor), Changes: map[int64]proposal.Change{}}
			asking := proposal.NewChange(actor, plan.Kind.asking())
			asking.Reason = plan.Message
			for i := range found {
				p := &found[i]
				if !p.VisibleTo(actor) {
					return m, c, domain.Fail(
						domain.NotFound,
						domain.CodeNotFound,
						"no proposal %d in %s",
						p.ID,
						held.ID,
					)
				}
				if _, err := p.Permit(plan.Kind.action(), actor, held); err != nil {
					return m, c, err
				}
				if p.Busy {
					return m, c, errOpen
				}
				member := Member{
					Proposal:   p.ID,
					Area:       p.Text.Area,
					Title:      p.Text.Title,
					Language:   p.Text.Language,
					State:      p.State,
					Membership: Waiting,
				}
				for _, author := range authorsOf(p.Proposal) {
					member.Consents = append(member.Consents, Consent{Author: author})
				}
				if len(authorsOf(p.Proposal)) == 0 {
					member.Consents = []Consent{{Author: c.By, Answer: Agrees, Basis: Assisted, At: held.Now}}
				}
				m.Members = append(m.Members, member)
				p.Version++
				p.UpdatedAt = held.Now
				c.Changes[p.ID] = asking
			}
			for _, part := range plan.Parts {
				if part.Made && !actor.Facilitates(part.Text.Area) {
					return m, c, domain.Fail(
						domain.Forbidden,
						domain.CodeNotAllowed,
						"area %s has another facilitator",
						part.Text.Area,
					)
				}
			}
			m.AnswerBy = s.c.Deadline(
				held.Now,
				plan.AnswerBy,
				held.Times.Vetting.Closes,
				"answer_by",
				usualAnswerDays,
				mostConsentDays,
				&problems,
			)
			if err := problems.Err(); err != nil {
				return m, c, err
			}
			c.Audit = round.NewEntry(held.Round, actor, plan.Kind.asking(), "", map[string]any{"proposals": plan.Proposals})
			return m, c, nil
		},
	)
	if err != nil {
		return View{}, err
	}
	return m.For(actor, r.Round), nil
}

// clean notes what is wrong with the plan and gives its texts as they are
// stored.
func (p *Plan) clean(s round.Settings, city domain.Extent, problems *domain.Problems) {
	p.Message = problems.Body("message", p.Message, maxMessage)
	slices.Sort(p.Proposals)
	fewest, most, parts := 2, mostMembers, 1
	switch p.Kind {
	case Merging:
		if p.Into != 0 {
			parts = 0
		}
	case Splitting:
		fewest, most, parts = 1, 1, max(2, min(len(p.Parts), mostMembers))
		if p.Into != 0 {
			problems.Add("into", "not_allowed", string(Splitting))
		}
	default:
		problems.Add("kind", "unknown", "")
	}
	switch {
	case len(p.Proposals) < fewest:
		problems.Add("proposals", "too_few", strconv.Itoa(fewest))
	case len(p.Proposals) > most:
		problems.Add("proposals", "too_many", strconv.Itoa(most))
	case len(slices.Compact(slices.Clone(p.Proposals))) < len(p.Proposals):
		problems.Add("proposals", "duplicate", "")
	}
	if p.Into != 0 && !slices.Contains(p.Proposals, p.Into) {
		problems.Add("into", "unknown", "")
	}
	switch {
	case len(p.Parts) < parts:
		problems.Add("parts", "too_few", strconv.Itoa(parts))
	case len(p.Parts) > parts:
		problems.Add("parts", "too_many", strconv.Itoa(parts))
	}
	for i := range p.Parts {
		part := &p.Parts[i]
		at := fmt.Sprintf("parts[%d].", i)
		part.Proposal, part.Made, part.Text.Language = 0, true, domain.Finnish
		part.Text = part.Text.Clean(s, city, problems, at+"text.")
		part.Text.Complete(s, problems, at+"text.")
		part.Swedish = part.Swedish.Clean(problems, at+"swedish.")
	}
	if p.Into != 0 && len(p.Parts) == 0 {
		p.Parts = []Part{{Proposal: p.Into}}
	}
}

func (k Kind) action() proposal.Action {
	if k == Splitting {
		return proposal.ToSplit
	}
	return proposal.ToMerge
}

func (k Kind) asking() proposal.Action {
	if k == Splitting {
		return proposal.ToAskSplit
	}
	return proposal.ToAskMerge
}
