// Package staff shows who works for the city, and on what.
package staff

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Member is somebody who works for the city, as the provider said at her last
// sign-in.
type Member struct {
	Account   int64
	Name      string
	Roles     []domain.Role
	Areas     []string // a facilitator's districts
	Divisions []string // an expert's
	SeenAt    time.Time
	Places    []Place  // an officer's
	StandIn   *StandIn // of today or later; nil: nobody
}

// Place is a voting place that an officer works at, or has asked for.
type Place struct {
	Round    string
	Event    int64
	Title    domain.Text
	Assigned bool
}

// Store keeps who works for the city.
type Store interface {
	// Staff are all who had any role at their last sign-in, by name, each with her
	// places and who stands in for her. Queries without a lock.
	Staff(ctx context.Context) ([]Member, error)
	// ChangeStandIn calls change with all of Staff and today's date, and keeps
	// what it answers as who stands in for the account; nil: nobody. The entry
	// goes into the audit log of every round from its opening for proposals to its
	// publication. The account's row of staff is locked; all in one transaction.
	ChangeStandIn(
		ctx context.Context,
		account int64,
		change func(all []Member, today time.Time) (*StandIn, round.Entry, error),
	) error
}

// Service shows who works for the city.
type Service struct{ store Store }

// New makes the service.
func New(store Store) *Service { return &Service{store} }

// List is everybody who works for the city, by name (officials).
func (s *Service) List(ctx context.Context, actor domain.Actor) ([]Member, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	return s.store.Staff(ctx)
}
