package proposal

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"osbu/domain"
	"osbu/domain/round"
)

// Similar are at most three public proposals that say nearly what these words
// say, for somebody who is about to propose.
func (s *Service) Similar(ctx context.Context, actor domain.Actor, roundID, words string) ([]View, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	found, err := s.c.Search.Similar(ctx, r.ID, words)
	if err != nil {
		return nil, err
	}
	views := make([]View, len(found))
	for i, p := range found {
		views[i] = p.For(actor, r)
	}
	return views, nil
}

// Open is what anybody may take away of a round's proposals.
type Open struct {
	Round round.Round
	Tag   string // another one whenever something that is told has changed
	next  func(context.Context) ([]Proposal, error)
}

// Next gives the next proposals in the list's order, none at the end. Each call
// is a query of its own, so that a slow reader holds no connection; a proposal
// that changes meanwhile is told as it then stands.
func (o Open) Next(ctx context.Context) ([]Proposal, error) { return o.next(ctx) }

// Open begins to read the public proposals that match, as somebody who is not
// signed in: the same for everybody. Batch is how many are read at once.
func (s *Service) Open(ctx context.Context, roundID string, list List, batch int) (Open, error) {
	r, err := s.c.Round(ctx, domain.Actor{}, roundID)
	if err != nil {
		return Open{}, err
	}
	list = List{Areas: list.Areas, Theme: list.Theme, States: list.States, Words: list.Words, Limit: batch}
	fingerprint, err := s.c.Search.Fingerprint(ctx, r.ID, list)
	if err != nil {
		return Open{}, err
	}
	tag := sha256.New()
	fmt.Fprintln(tag, fingerprint, r.Name)
	for _, a := range r.Settings.Areas {
		fmt.Fprintln(tag, a.ID, a.Name)
	}
	for _, t := range r.Settings.Themes {
		fmt.Fprintln(tag, t.ID, t.Name)
	}
	ended := false
	return Open{
		r.Round,
		base64.RawURLEncoding.EncodeToString(tag.Sum(nil)[:18]),
		func(ctx context.Context) ([]Proposal, error) {
			if ended {
				return nil, nil
			}
			found, _, err := s.c.Store.Proposals(ctx, r.ID, list)
			if ended = len(found) < batch; len(found) > 0 {
				list.From = found[len(found)-1].ID
			}
			return found, err
		},
	}, nil
}
