package event

import (
	"context"
	"strconv"
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
		permit func(round.At, Event) (remindAt time.Time, err error),
	) error
	// LeaveSeat gives it back unless permit refuses; whoever has waited longest
	// gets it and is told. Twice is as once.
	LeaveSeat(
		ctx context.Context,
		round string,
		event, account int64,
		permit func(round.At, Event) error,
	) error
	// Seat is the account's, or nil.
	Seat(ctx context.Context, event, account int64) (*Seat, error)
	// AddWalkIns gives seats to so many people who came without having signed up,
	// unless permit refuses, under the event's lock: to all of them or, as a
	// refusal, to none.
	AddWalkIns(
		ctx context.Context,
		round string,
		event int64,
		name string,
		people int,
		permit func(round.At, Event) error,
	) error
	// RemoveSeat takes somebody's seat, or her place in the line, unless permit
	// refuses, under the event's lock; tells her, if she signed up, and keeps
	// permit's entry. If permit says so, whoever has waited longest gets the seat
	// and is told. NotFound if the event has no such seat.
	RemoveSeat(
		ctx context.Context,
		round string,
		event, seat int64,
		permit func(r round.At, e Event, walkIn bool) (Removal, error),
	) error
	// Participants are all of an event's, in the order in which people came;
	// those who wait are the last.
	Participants(ctx context.Context, event int64) ([]Participant, error)
	// MySeats are the account's at events of the round that are not over, with
	// each event's.
	MySeats(ctx context.Context, round string, account int64) (map[int64]Seat, error)
	// ForgetSeats takes away who came to events that have been over for
	// SeatsKept, with the e-mails about them, and gives how many.
	ForgetSeats(ctx context.Context) (int64, error)
}

// Participant is somebody who comes to an event, as its arrangers see her.
type Participant struct {
	Seat

	ID     int64
	WalkIn bool // she came without having signed up; her name may be empty
}

// Removal is what goes with taking somebody off.
type Removal struct {
	MoveUp bool
	Audit  *round.Entry
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
		func(r round.At, e Event) (time.Time, error) {
			return remindAt(e, s.c.TimeZone), e.permitSeat(actor, r)
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
		func(r round.At, e Event) error { return e.permitSeat(actor, r) },
	)
	if err != nil {
		return View{}, err
	}
	return s.Get(ctx, actor, roundID, id)
}

// Bounds of what is entered at the door at once.
const (
	maxName    = 100
	mostWalkIn = 100
)

// AddWalkIns counts people who came without having signed up, with a name if
// they give one (those who arrange it). Where seats are signed up for, no more
// come in than are free. Their names are kept as long as sign-ups are.
func (s *Service) AddWalkIns(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	name string,
	people int,
) error {
	var problems domain.Problems
	name = problems.Line("name", name, maxName)
	return s.c.Seats.AddWalkIns(ctx, roundID, id, name, people, func(r round.At, e Event) error {
		if err := e.permitAdmission(actor, r); err != nil {
			return err
		}
		switch free := e.Text.Seats - e.Seated; {
		case people < 1:
			problems.Add("people", "too_small", "1")
		case people > mostWalkIn:
			problems.Add("people", "too_large", strconv.Itoa(mostWalkIn))
		case e.Text.Seats > 0 && free <= 0:
			return domain.Fail(domain.Conflict, CodeFull, "event %d has no seat left", e.ID)
		case e.Text.Seats > 0 && people > free:
			problems.Add("people", "too_large", strconv.Itoa(free))
		}
		return problems.Err()
	})
}

// Remove takes somebody off (those who arrange it). Who signed up is told,
// until the event is over; the seat goes to whoever has waited longest, until
// it begins, as when she had given it up herself. Walk-ins can be corrected as
// long as they are kept.
func (s *Service) Remove(ctx context.Context, actor domain.Actor, roundID string, id, seat int64) error {
	return s.c.Seats.RemoveSeat(
		ctx, roundID, id, seat, func(r round.At, e Event, walkIn bool) (Removal, error) {
			if err := e.permitAdmission(actor, r); err != nil {
				return Removal{}, err
			}
			if !walkIn && !r.Now.Before(e.Ends()) {
				return Removal{}, domain.Fail(domain.Closed, CodeState, "event %d is over", e.ID)
			}
			return Removal{MoveUp: r.Now.Before(e.Begins()), Audit: entry(r.Round, actor, "remove", e.ID)}, nil
		},
	)
}

// permitAdmission lets arrangers say who comes, as long as that is known.
func (e Event) permitAdmission(actor domain.Actor, r round.At) error {
	if err := e.visible(actor, r.Round); err != nil {
		return err
	}
	if err := e.permit(ToAdmit, actor, r.Round); err != nil {
		return err
	}
	if !r.Now.Before(e.Ends().Add(SeatsKept)) {
		return domain.Fail(domain.Closed, CodeState, "who came to event %d is not kept any more", e.ID)
	}
	return nil
}

func (e Event) permitSeat(actor domain.Actor, r round.At) error {
	switch {
	case e.visible(actor, r.Round) != nil:
		return e.visible(actor, r.Round)
	case !e.takesSeats(r):
		return domain.Fail(domain.Closed, CodeState, "event %d takes no sign-ups now", e.ID)
	}
	return nil
}

// remindAt is the day before, at the same time by the city's clock: 23 or 25
// hours before when the clock is changed that night.
func remindAt(e Event, timeZone *time.Location) time.Time {
	return e.Begins().In(timeZone).AddDate(0, 0, -1)
}
