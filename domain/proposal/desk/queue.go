package desk

import (
	"context"
	"strings"

	"osbu/domain"
	"osbu/domain/proposal"
)

// Queue is a page of the proposals waiting for a decision, oldest first: a
// facilitator's districts; what was sent to an expert's divisions, with the
// latest estimates; everything for officials. A state other than the undecided
// ones may be asked for.
func (s *Service) Queue(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	list proposal.List,
	takenByMe bool,
) (proposal.Page, error) {
	if !actor.Staff() {
		return proposal.Page{}, actor.Need(domain.Facilitator)
	}
	switch {
	case actor.Is(domain.Official):
	case actor.Is(domain.Expert) && (len(list.Divisions) > 0 || !actor.Is(domain.Facilitator)):
		if len(list.Divisions) == 0 {
			list.Divisions = append([]string{}, actor.Divisions...)
		}
		for _, division := range list.Divisions {
			if !actor.Estimates(division) {
				return proposal.Page{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"division %q has other experts",
					strings.ToValidUTF8(division, ""),
				)
			}
		}
	default:
		if len(list.Areas) == 0 {
			list.Areas = append([]string{}, actor.Areas...)
		}
		for _, area := range list.Areas {
			if !actor.Facilitates(area) {
				return proposal.Page{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"area %s has another facilitator",
					area,
				)
			}
		}
	}
	if list.States == nil {
		list.States = proposal.Undecided
	}
	if takenByMe {
		list.TakenBy = actor.ID
	}
	list.Ascending = true
	page, err := s.c.Page(ctx, actor, roundID, list)
	if err != nil || list.Divisions == nil {
		return page, err
	}
	ids := make([]int64, len(page.Proposals))
	for i, v := range page.Proposals {
		ids[i] = v.ID
	}
	current, err := s.c.Estimates.Current(ctx, false, ids...)
	for i := range page.Proposals {
		if e, ok := current[page.Proposals[i].ID]; ok {
			page.Proposals[i].Estimate = &e
		}
	}
	return page, err
}
