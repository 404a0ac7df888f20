package event

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// SeatStore keeps who has signed up. Nothing is asked of anybody but to be
// signed in; what somebody needs in order to come is between her and the person
// whom the page names, and is not kept.
type SeatStore interface {
	// TakeSeat gives the account a seat, or the last place in the line when
	// none is free, unless permit refuses; never more seats than there are,
	// however many ask at once. She is told so by e-mail, and reminded at the
	// moment that permit says.
	// Twice is as once.
	TakeSeat(
		ctx context.Context,
		round string,
		event, account int64,
		permit func(round.Round, time.Time, Event) (remindAt time.Time, err error),
	) error
	// LeaveSeat gives it back unless permit refuses; whoever has waited longest
	// gets it and is told. Twice is as once.
	LeaveSeat(
		ctx context.Context,
		round string,
		event, account int64,
		permit func(round.Round, time.Time, Event) error,
	) error
	// Seat is the account's, or nil.
	Seat(ctx context.Context, event, account int64) (*Seat, error)
	// Seats are all of an event's, in the order in which people came.
	Seats(ctx context.Context, event int64) ([]Seat, error)
	// MySeats are the account's at events of the round that are not over, with
	// each event's.
	MySeats(ctx context.Context, round string, account int64) (map[int64]Seat, error)
	// ForgetSeats takes away who came to events that have been over for
	// SeatsKept, with the e-mails about them, and gives how many.
	ForgetSeats(ctx context.Context) (int64, error)
}

// SeatsKept is how long it is known who came, after an event's end; then names
// go, and the numbers with them.
const SeatsKept = 30 * 24 * time.Hour

// Forget takes away who came to what has long been over, and gives how many.
func (s *Service) Forget(ctx context.Context) (int64, error) { return s.c.Seats.ForgetSeats(ctx) }

// SignUp takes a seat, or a place in the line.
func (s *Service) SignUp(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	if err := actor.SignedIn(); err != nil {
		return View{}, err
	}
	err := s.c.Seats.TakeSeat(
		ctx,
		roundID,
		id,
		actor.ID,
		func(r round.Round, now time.Time, e Event) (time.Time, error) {
			return remindAt(e, s.c.TimeZone), e.permitSeat(actor, r, now)
		},
	)
	if err != nil {
		return View{}, err
	}
	return s.Get(ctx, actor, roundID, id)
}

// Leave gives it back.
func (s *Service) Leave(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	if err := actor.SignedIn(); err != nil {
		return View{}, err
	}
	err := s.c.Seats.LeaveSeat(
		ctx,
		roundID,
		id,
		actor.ID,
		func(r round.Round, now time.Time, e Event) error { return e.permitSeat(actor, r, now) },
	)
	if err != nil {
		return View{}, err
	}
	return s.Get(ctx, actor, roundID, id)
}

func (e Event) permitSeat(actor domain.Actor, r round.Round, now time.Time) error {
	switch {
	case e.visible(actor, r) != nil:
		return e.visible(actor, r)
	case !e.takesSeats(r, now):
		return domain.Fail(domain.Closed, CodeState, "event %d takes no sign-ups now", e.ID)
	}
	return nil
}

// remindAt is the day before, at the same time by the city's clock: 23 or 25
// hours before when the clock is changed that night.
func remindAt(e Event, timeZone *time.Location) time.Time {
	return e.Begins().In(timeZone).AddDate(0, 0, -1)
}
