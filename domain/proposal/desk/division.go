package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Division is a part of the city whose experts estimate proposals.
type Division struct {
	ID   string
	Name domain.Text
}

// Bounds of divisions, and until when a division estimates if nobody says:
// whole days.
const (
	mostDivisions    = 30
	EstimateDays     = 14
	MostEstimateDays = 120
	maxDivisionName  = 100 // characters
)

// Referral sends proposals to a division.
type Referral struct {
	Proposals []int64
	Division  string
	Until     time.Time // zero: two weeks
	Note      string    // for colleagues
}

// Refer sends proposals of the actor's districts to a division, all of them or
// none (their facilitators, officials). One that nobody has taken is taken by
// her who sends it, for its author must not change what experts judge;
// otherwise it is no step of the proposal's life.
func (s *Service) Refer(ctx context.Context, actor domain.Actor, roundID string, f Referral) error {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return actor.Need(domain.Facilitator)
	}
	desk, _, err := s.Get(ctx, actor, roundID)
	if err != nil {
		return err
	}
	var problems domain.Problems
	ids := distinct(&problems, f.Proposals)
	note := Note{By: proposal.PersonOf(actor), Text: problems.Body("note", f.Note, maxNote), Division: f.Division}
	if !slices.ContainsFunc(desk.Divisions, func(d Division) bool { return d.ID == f.Division }) {
		problems.Add("division", "unknown", "")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Assignments.Refer(
		ctx,
		roundID,
		ids,
		note,
		func(r round.At, proposals []proposal.Proposal) (proposal.Change, error) {
			until := s.c.Deadline(
				r.Now,
				f.Until,
				r.Times.Vetting.Closes,
				"until",
				EstimateDays,
				MostEstimateDays,
				&problems,
			)
			if err := problems.Err(); err != nil {
				return proposal.Change{}, err
			}
			for i := range proposals {
				p := &proposals[i]
				to, err := p.Permit(proposal.ToRefer, actor, r)
				if domain.CodeOf(err) == proposal.CodeState {
					problems.Add(fmt.Sprintf("proposals[%d]", i), "not_allowed", string(p.State))
					continue
				}
				if err != nil {
					return proposal.Change{}, err
				}
				if to != p.State {
					p.State, p.Version, p.UpdatedAt, p.Facilitator = to, p.Version+1, r.Now, proposal.PersonOf(actor)
				}
				p.Division, p.EstimateBy, p.Estimation = f.Division, until, proposal.Waiting
			}
			if len(problems) > 0 {
				return proposal.Change{}, &domain.Error{
					Kind:   domain.Conflict,
					Code:   proposal.CodeState,
					Detail: "not all of these can be sent to a division",
					Fields: problems,
				}
			}
			return proposal.Change{
				By:           proposal.PersonOf(actor),
				Action:       proposal.ToTake,
				Notification: post.Taken, // of those that were taken so
				Audit: round.NewEntry(
					r.Round,
					actor,
					proposal.ToRefer,
					"",
					map[string]any{"division": f.Division, "proposals": ids},
				),
			}, nil
		},
	)
}

// distinct are the proposals of a step that is taken for several at once, in
// the order of their IDs.
func distinct(problems *domain.Problems, ids []int64) []int64 {
	unique := slices.Compact(slices.Sorted(slices.Values(ids)))
	switch {
	case len(ids) == 0:
		problems.Add("proposals", "too_few", "1")
	case len(ids) > mostAssigned:
		problems.Add("proposals", "too_many", strconv.Itoa(mostAssigned))
	case len(unique) < len(ids):
		problems.Add("proposals", "duplicate", "")
	}
	return unique
}

// cleanDivisions notes what cannot be kept; a division to whom something was
// sent stays.
func cleanDivisions(problems *domain.Problems, divisions []Division) {
	if len(divisions) > mostDivisions {
		problems.Add("divisions", "too_many", strconv.Itoa(mostDivisions))
	}
	seen := map[string]bool{}
	for i := range divisions {
		d := &divisions[i]
		path := fmt.Sprintf("divisions[%d]", i)
		checkID(problems, path, d.ID, seen)
		d.Name = problems.PublicLine(path+".name", d.Name, maxDivisionName, domain.Finnish, domain.Swedish)
	}
}
