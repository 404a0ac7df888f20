package desk

import (
	"context"

	"osbu/domain"
)

// Waiting is how much of one kind waits for somebody: the kinds are those of
// the database's work_of.
type Waiting struct {
	Kind  string
	Count int
}

// Workload knows what waits for whom.
type Workload interface {
	// Waiting is what waits for the account in the round, in these areas (nil:
	// all) and at these divisions, the most urgent first: one query without a
	// lock.
	Waiting(ctx context.Context, round string, account int64, areas, divisions []string) ([]Waiting, error)
}

// Work is what waits for the actor (staff).
func (s *Service) Work(ctx context.Context, actor domain.Actor, roundID string) ([]Waiting, error) {
	if !actor.Staff() {
		return nil, actor.Need(domain.Facilitator)
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, err
	}
	areas := append([]string{}, actor.Areas...)
	if actor.Is(domain.Official) {
		areas = nil
	}
	return s.c.Workload.Waiting(ctx, roundID, actor.ID, areas, append([]string{}, actor.Divisions...))
}
