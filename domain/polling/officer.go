package polling

import (
	"context"

	"osbu/domain"
	"osbu/domain/round"
)

// Places are a round's voting places: for an official with all that is known of
// them, for an officer with that of her own.
func (s *Service) Places(ctx context.Context, actor domain.Actor, id string) ([]Place, error) {
	if err := needOfficer(actor); err != nil {
		return nil, err
	}
	r, err := s.c.Rounds.Round(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := r.VisibleTo(actor); err != nil {
		return nil, err
	}
	places, err := s.c.Store.Places(ctx, id, actor.ID)
	if err != nil {
		return nil, err
	}
	for i := range places {
		if official := actor.Is(domain.Official); official || places[i].Mine {
			if err := s.c.Store.Inside(ctx, &places[i], official); err != nil {
				return nil, err
			}
		}
	}
	return places, nil
}

// Ask says that an officer works at a place; an official agrees, or not. Twice
// is as once.
func (s *Service) Ask(ctx context.Context, actor domain.Actor, id string, place int64) error {
	if err := actor.Need(domain.Officer); err != nil {
		return err
	}
	return s.c.Store.ChangeOfficer(ctx, id, place, actor.ID, Asked, func(w Working) (*round.Entry, error) {
		return nil, w.open()
	})
}

// Assign agrees to an officer who has asked, or takes her off a place: from
// then on she does nothing there. Both stand in the round's audit log.
func (s *Service) Assign(ctx context.Context, actor domain.Actor, id string, place, officer int64, to Standing) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	action := "assign officer"
	if to != Assigned {
		action = "remove officer"
	}
	return s.c.Store.ChangeOfficer(ctx, id, place, officer, to, func(w Working) (*round.Entry, error) {
		if err := w.open(); err != nil {
			return nil, err
		}
		return round.NewEntry(w.Round, actor, action, "", map[string]int64{"place": place, "officer": officer}), nil
	})
}

// open is nil for a place whose officers may change: until the vote is closed.
func (w Working) open() error {
	switch {
	case w.Round.Phase == round.Draft:
		return round.Unknown(w.Round.ID)
	case !w.Known:
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no such voting place in %s", w.Round.ID)
	case w.Round.Phase.Reached(round.Closed):
		return domain.Fail(domain.Closed, domain.CodePhase, "the vote of %s is closed", w.Round.ID)
	}
	return nil
}
