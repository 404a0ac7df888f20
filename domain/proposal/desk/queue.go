package desk

import (
	"context"
	"strconv"
	"strings"

	"osbu/domain"
	"osbu/domain/proposal"
)

// Queue is a page of the proposals waiting for a decision, the oldest first
// unless another order is asked for: a facilitator's districts; what was sent
// to an expert's divisions; everything for officials. Other states may be asked
// for, and proposals everywhere, which are then as everybody sees them. Words
// are looked for in names of authors, too, and a number alone, 12 or #12, is
// that proposal wherever and however it stands.
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
	list, err := within(actor, list)
	if err != nil {
		return proposal.Page{}, err
	}
	if list.States == nil && !list.Untranslated {
		list.States = proposal.Undecided
	}
	if takenByMe {
		list.TakenBy = actor.ID
	}
	list.Named = true
	list.Hidden = !list.Everywhere || actor.Is(domain.Official) // her own work, hidden or not
	if list.Sort == "" {
		list.Sort = proposal.ByAge
	}
	if id := numberIn(list.Words); id != 0 {
		one := proposal.List{IDs: []int64{id}, Sort: list.Sort, Offset: list.Offset, Limit: list.Limit}
		one.Hidden = actor.Is(domain.Official)
		page, err := s.c.Page(ctx, actor, roundID, one)
		if err != nil || page.Total > 0 || strings.HasPrefix(strings.TrimSpace(list.Words), "#") {
			return s.prepared(ctx, actor, page, err)
		}
	}
	page, err := s.c.Page(ctx, actor, roundID, list)
	return s.prepared(ctx, actor, page, err)
}

// within narrows the list to what the actor works on, unless she looks
// everywhere.
func within(actor domain.Actor, list proposal.List) (proposal.List, error) {
	switch {
	case actor.Is(domain.Official), list.Everywhere:
	case actor.Is(domain.Expert) && (len(list.Divisions) > 0 || !actor.Is(domain.Facilitator)):
		if len(list.Divisions) == 0 {
			list.Divisions = append([]string{}, actor.Divisions...)
		}
		for _, division := range list.Divisions {
			if !actor.Estimates(division) {
				return list, domain.Fail(
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
				return list, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"area %s has another facilitator",
					area,
				)
			}
		}
	}
	return list, nil
}

// numberIn is the proposal that the words name, as people write it: 12 or #12;
// 0 if they are words.
func numberIn(words string) int64 {
	id, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(words), "#"), 10, 64)
	if err != nil || id < 1 {
		return 0
	}
	return id
}

// prepared adds to a page what its cases are decided by: the latest estimates
// and how many checks are answered, where the actor works; elsewhere the
// published estimates.
func (s *Service) prepared(
	ctx context.Context,
	actor domain.Actor,
	page proposal.Page,
	err error,
) (proposal.Page, error) {
	if err != nil {
		return page, err
	}
	ids := make([]int64, len(page.Proposals))
	for i, v := range page.Proposals {
		ids[i] = v.ID
	}
	current, err := s.c.Estimates.Current(ctx, false, ids...)
	if err != nil {
		return page, err
	}
	checks, err := s.c.Cases.Answered(ctx, ids...)
	if err != nil {
		return page, err
	}
	for i := range page.Proposals {
		v := &page.Proposals[i]
		inside := !v.Mine && (proposal.WorksOn(actor, v.Text.Area) == nil || v.HasExpert(actor))
		e, estimated := current[v.ID]
		switch {
		case inside && estimated:
			v.Estimate = &e
		case estimated && e.Published:
			public := e.Public()
			v.Estimate = &public
		}
		if inside {
			v.Checks = checks[v.ID]
		}
	}
	return page, nil
}
