// Package reminder tells those who asked for it that a vote begins, that it
// ends soon, and that its results are out.
//
// Whoever asked is told, whether she has voted or not: this package could not
// find out. It keeps neither when somebody asked nor, once she was told, that
// she did. The page of a receipt asks for no reminder, for whatever the office
// wrote about a person just after her ballot came to the box would stand in the
// order in which people voted.
package reminder

import (
	"context"
	"fmt"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Of is what a reminder is of.
type Of string

// What there are reminders of, in the order in which they come.
const (
	Begins  Of = "begins"  // the vote
	Ends    Of = "ends"    // the vote, the day before
	Results Of = "results" // are out
)

// State is what somebody can be reminded of, and what she has asked for.
type State struct{ Coming, Asked []Of }

// Rounds knows the rounds.
type Rounds interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
}

// Store keeps who asked for what.
type Store interface {
	// Reminders are what the account has asked for: one query without a lock.
	Reminders(ctx context.Context, round string, account int64) ([]Of, error)
	// AskReminders keeps what permit gives as all that the account asks for, with
	// the round held against its next step; an account without a mailbox gets
	// one. All in one transaction. Twice is as once.
	AskReminders(
		ctx context.Context, round string, account int64, permit func(round.At) ([]Of, error),
	) error
	// Remind writes the e-mails of at most limit reminders that are due, to those
	// with a confirmed address who want them, takes these reminders and those
	// that are too late away, and gives how many it took. The end is told at the
	// hour of the day before the last one, by the time zone's clock. One
	// statement: nobody is reminded twice.
	Remind(ctx context.Context, hour int, zone string, limit int) (int, error)
}

// Config wires the service.
type Config struct {
	Rounds   Rounds
	Store    Store
	TimeZone *time.Location
}

// Service keeps who wants to be reminded, and reminds.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Get tells what the actor can be reminded of, and what she has asked for.
func (s *Service) Get(ctx context.Context, actor domain.Actor, roundID string) (State, error) {
	if err := actor.SignedIn(); err != nil {
		return State{}, err
	}
	r, err := s.c.Rounds.Round(ctx, roundID)
	if err == nil {
		err = r.VisibleTo(domain.Actor{})
	}
	if err != nil {
		return State{}, err
	}
	asked, err := s.c.Store.Reminders(ctx, roundID, actor.ID)
	state := State{Coming: s.coming(r)}
	state.Asked = slices.DeleteFunc(asked, func(of Of) bool { return !slices.Contains(state.Coming, of) })
	return state, err
}

// Ask makes these all that the actor is reminded of. What has come already is
// left out.
func (s *Service) Ask(ctx context.Context, actor domain.Actor, roundID string, of []Of) (State, error) {
	if err := actor.SignedIn(); err != nil {
		return State{}, err
	}
	var problems domain.Problems
	for i, one := range of {
		if !slices.Contains([]Of{Begins, Ends, Results}, one) {
			problems.Add(fmt.Sprintf("asked[%d]", i), "unknown", "")
		}
	}
	if err := problems.Err(); err != nil {
		return State{}, err
	}
	err := s.c.Store.AskReminders(ctx, roundID, actor.ID, func(r round.At) ([]Of, error) {
		wanted := s.coming(r)
		return slices.DeleteFunc(wanted, func(one Of) bool { return !slices.Contains(of, one) }), r.VisibleTo(domain.Actor{})
	})
	if err != nil {
		return State{}, err
	}
	return s.Get(ctx, actor, roundID)
}

// coming is what is still to come, in that order.
func (s *Service) coming(r round.At) (all []Of) {
	if !r.Phase.Reached(round.Voting) || r.Phase == round.Voting && r.Now.Before(r.Times.Voting.Opens) {
		all = append(all, Begins)
	}
	if !r.Phase.Reached(round.Closed) && r.Now.Before(s.endTold(r.Round)) {
		all = append(all, Ends)
	}
	if !r.Phase.Reached(round.Delivering) {
		all = append(all, Results)
	}
	return all
}

// endTold is when the end is told. A vote that closes at midnight has its last
// day before that.
func (s *Service) endTold(r round.Round) time.Time {
	last := r.Times.Voting.Closes.Add(-time.Nanosecond).In(s.c.TimeZone)
	return time.Date(last.Year(), last.Month(), last.Day()-1, endHour, 0, 0, 0, s.c.TimeZone)
}

// endHour is when people hear that the next day is the last one to vote.
const endHour = 9

// mostAtOnce bounds a transaction.
const mostAtOnce = 5000

// Remind writes the e-mails of what is due.
func (s *Service) Remind(ctx context.Context) error {
	for taken := mostAtOnce; taken == mostAtOnce; {
		var err error
		if taken, err = s.c.Store.Remind(ctx, endHour, s.c.TimeZone.String(), mostAtOnce); err != nil {
			return err
		}
	}
	return nil
}
