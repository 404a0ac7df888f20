// Package interest is what people have to do with proposals of others: they
// support them, and follow what becomes of them.
package interest

import (
	"context"
	"fmt"
	"slices"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Interest is what somebody who did not write a proposal has to do with it.
type Interest struct {
	Supports   bool
	Follows    bool // wants to hear of its steps
	Supporters *int // nil while numbers are not shown
}

// Kind is what joins an account to a proposal.
type Kind string

// The kinds.
const (
	Support Kind = "support"
	Follow  Kind = "follow"
)

// Showing says when numbers of supporters are shown.
type Showing string

// Numbers beside ideas make a race of them before anybody has voted: whoever
// has friends and comes early wins, and the next one reads the list from the
// top. So by default they are shown only once the result is published, to
// everybody at the same time, staff included.
const (
	ShowAfterVote Showing = "after-vote"
	ShowAlways    Showing = "always"
	ShowNever     Showing = "never"
)

// UnmarshalText reads one of the three.
func (s *Showing) UnmarshalText(text []byte) error {
	switch *s = Showing(text); *s {
	case ShowAfterVote, ShowAlways, ShowNever:
		return nil
	}
	return fmt.Errorf("want %s, %s or %s", ShowAfterVote, ShowAlways, ShowNever)
}

// Store keeps who supports and follows what.
type Store interface {
	// Interest is the account's (0: nobody's), with the number of supporters:
	// one query without a lock.
	Interest(ctx context.Context, proposal, account int64) (Interest, error)
	// SetInterest ties the account to the proposal, or undoes it, unless permit
	// refuses. The proposal and its round are held in share mode, so that
	// neither changes meanwhile; all in one transaction. NotFound if the round
	// has no such proposal. Twice is as once.
	SetInterest(
		ctx context.Context,
		round string,
		proposal, account int64,
		kind Kind,
		on bool,
		permit func(round.At, proposal.Proposal) error,
	) error
}

// ended are states after which nothing more is told of a proposal: whoever
// follows one that was merged or split follows what it became.
var ended = []proposal.State{proposal.Withdrawn, proposal.Merged, proposal.Split}

// Config wires the service.
type Config struct {
	proposal.Access
	Store      Store
	Supporters Showing // empty: after the vote
}

// Service is who supports and follows which proposal.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Of is the actor's in a proposal.
func (s *Service) Of(ctx context.Context, actor domain.Actor, roundID string, id int64) (Interest, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return Interest{}, err
	}
	if _, err := s.c.Find(ctx, actor, r.Round, id); err != nil {
		return Interest{}, err
	}
	i, err := s.c.Store.Interest(ctx, id, actor.ID)
	if s.c.Supporters == ShowNever || s.c.Supporters != ShowAlways && !r.Phase.Reached(round.Delivering) {
		i.Supporters = nil
	}
	return i, err
}

// Set lets the actor support or follow a public proposal, or undo it. One
// supports what others wrote, until the freeze; one may follow at any time what
// has not ended.
func (s *Service) Set(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	kind Kind,
	on bool,
) (Interest, error) {
	if err := actor.SignedIn(); err != nil {
		return Interest{}, err
	}
	err := s.c.Store.SetInterest(
		ctx,
		roundID,
		id,
		actor.ID,
		kind,
		on,
		func(r round.At, p proposal.Proposal) error {
			if err := p.OpenTo(actor, r.Round); err != nil {
				return err
			}
			if on && slices.Contains(ended, p.State) {
				return domain.Fail(
					domain.Conflict,
					proposal.CodeState,
					"proposal %d is %s: nothing more becomes of it",
					p.ID,
					p.State,
				)
			}
			if kind == Follow {
				return nil
			}
			switch {
			case p.Mine(actor):
				return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "proposal %d is the actor's own", p.ID)
			case !r.TakesVetting():
				return domain.Fail(
					domain.Closed,
					domain.CodePhase,
					"nobody begins or ceases to support proposals in phase %s",
					r.Phase,
				)
			case on && p.State == proposal.Rejected:
				return domain.Fail(
					domain.Conflict,
					proposal.CodeState,
					"proposal %d is %s: nobody can support it",
					p.ID,
					p.State,
				)
			}
			return nil
		},
	)
	if err != nil {
		return Interest{}, err
	}
	return s.Of(ctx, actor, roundID, id)
}
