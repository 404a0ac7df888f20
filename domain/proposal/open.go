package proposal

import (
	"context"

	"osbu/domain"
)

// Similar are at most three public proposals that say nearly what these words say, for somebody who is about to propose.
func (s *Service) Similar(ctx context.Context, actor domain.Actor, roundID, words string) ([]View, error) {
	r, now, err := s.round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	found, err := s.c.Store.Similar(ctx, r.ID, words)
	if err != nil {
		return nil, err
	}
	views := make([]View, len(found))
	for i, p := range found {
		views[i] = p.For(actor, r, now)
	}
	return views, nil
}
