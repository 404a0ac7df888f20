package merge

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Ties are what joins a public proposal to others.
func (s *Service) Ties(ctx context.Context, actor domain.Actor, roundID string, id int64) (Ties, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return Ties{}, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err != nil {
		return Ties{}, err
	}
	merges, err := s.c.Store.Merges(ctx, r.ID, id)
	if err != nil {
		return Ties{}, err
	}
	var ids []int64
	for _, m := range merges {
		for _, member := range m.Members {
			ids = append(ids, member.Proposal)
		}
		for _, part := range m.Parts {
			ids = append(ids, part.Proposal)
		}
	}
	links, err := s.c.Links.Links(ctx, ids)
	if err != nil {
		return Ties{}, err
	}
	t := tiesOf(id, merges, links, actor, r.Round)
	t.Conflicts, err = s.c.Conflicts.Conflicts(ctx, r.ID, id)
	for i := range t.Conflicts {
		t.Conflicts[i].May = notes(actor, r.Round, []proposal.Proposal{p}) == nil
	}
	return t, err
}

func tiesOf(id int64, merges []Merge, links map[int64]Link, actor domain.Actor, r round.Round) (t Ties) {
	for _, m := range merges {
		if v := m.For(actor, r); actor.Staff() || m.asks(actor) {
			if m.Stage == Asked && r.TakesVetting() {
				t.Merge = &v
			} else if m.Stage == Done && t.Latest == nil && actor.Staff() {
				t.Latest = &v
			}
		}
		if m.Stage != Done && m.Stage != Undone {
			continue
		}
		var from, to []Link
		membership := Membership("")
		for _, member := range m.Members {
			if member.Proposal == id {
				membership = member.Membership
			} else if member.Membership == Joined || member.Membership == Restored {
				from = append(from, links[member.Proposal])
			}
		}
		for _, part := range m.Parts {
			to = append(to, links[part.Proposal])
		}
		switch {
		case m.Stage == Done && membership == Joined && m.Kind == Merging:
			t.Into = append(t.Into, to...)
		case m.Stage == Done && membership == Joined:
			t.SplitInto = append(t.SplitInto, to...)
		case membership == Absorbed && m.Stage == Done, membership == "" && m.Kind == Merging:
			t.MadeOf = append(t.MadeOf, from...)
		case membership == "":
			t.SplitFrom = append(t.SplitFrom, from...)
		}
		if m.Stage == Undone && membership == "" {
			t.Undone = &m.Undone
		}
	}
	return t
}

// List are those under way whose proposals all lie in the actor's districts,
// the oldest first; officials and experts see all.
func (s *Service) List(ctx context.Context, actor domain.Actor, roundID string) ([]View, error) {
	if !actor.Staff() {
		return nil, actor.Need(domain.Facilitator)
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	var areas []string
	if !actor.Is(domain.Official) && !actor.Is(domain.Expert) {
		areas = append([]string{}, actor.Areas...)
	}
	found, err := s.c.Store.OpenMerges(ctx, r.ID, areas)
	if err != nil {
		return nil, err
	}
	views := make([]View, len(found))
	for i, m := range found {
		views[i] = m.For(actor, r.Round)
	}
	return views, nil
}
