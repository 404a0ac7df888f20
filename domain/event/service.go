package event

import (
	"context"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/round"
)

// Rounds knows the rounds.
type Rounds interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
}

// Store keeps events.
type Store interface {
	// AddEvent lets build decide, with the round held against its next step and
	// the database's clock, and stores what it made.
	AddEvent(ctx context.Context, round string, build func(round.At) (Event, error)) (Event, error)
	// ChangeEvent lets change decide under the event's lock, with the round
	// held and the database's clock, and stores what it made of the event;
	// LastTime is the highest number that one of its times ever had. Then those
	// who wait move up into seats that became free, the reminders follow the
	// event's begin, and everybody with a seat or in the line is told what the
	// change says. NotFound if the round has no such event, or no such public
	// proposal.
	ChangeEvent(
		ctx context.Context,
		round string,
		id int64,
		change func(r round.At, e *Event, lastTime *int) (Change, error),
	) (Event, error)
	// Events are those that match, by their first time that the list asks for:
	// as many queries for one as for many.
	Events(ctx context.Context, round string, list List) ([]Event, error)
	// Neighbours are the last begin before a moment and the first one from
	// another on, of published and cancelled events that match; zero: none.
	Neighbours(ctx context.Context, round string, list List, before, from time.Time) (last, first time.Time, err error)
}

// Change says what is done, and what those who signed up are told.
type Change struct {
	Discard  bool // the draft is gone
	Notify   post.Notification
	RemindAt time.Time // from now on, with an e-mail
	Audit    *round.Entry
}

// List says which events.
type List struct {
	ID       int64    // just this one, in any state, with its proposals
	Areas    []string // nil: all. Those for the whole city belong to every one
	Kind     Kind
	Spoken   Language
	From, To time.Time // with a time that ends after From and begins before To; zero: no bound
	Drafts   bool      // those, too
	Latest   bool      // the newest first, by number
	Limit    int
}

// Config wires the service.
type Config struct {
	Rounds   Rounds
	Store    Store
	Seats    SeatStore
	Notes    NoteStore
	Letters  Letters
	City     domain.Extent  // where events can take place
	TimeZone *time.Location // in which a month begins
}

// Service is what residents and arrangers do with events.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Draft begins an event that only its arrangers see (the area's facilitators,
// officials anywhere).
func (s *Service) Draft(ctx context.Context, actor domain.Actor, roundID string, t Text) (View, error) {
	return s.view(actor, func(seen *round.Round, at *time.Time) (Event, error) {
		return s.c.Store.AddEvent(ctx, roundID, func(r round.At) (Event, error) {
			*seen, *at = r.Round, r.Now
			if err := r.VisibleTo(actor); err != nil {
				return Event{}, err
			}
			e := Event{Round: r.ID, State: Draft, Version: 1, CreatedAt: r.Now, UpdatedAt: r.Now}
			var problems domain.Problems
			e.Text = t.clean(r.Settings, s.c.City, &problems, "")
			e.Text.number(nil, 0, &problems, "times")
			if err := e.permit(ToEdit, actor, r.Round); err != nil {
				return Event{}, err
			}
			return e, problems.Err()
		})
	})
}

// Edit changes the announcement over the version that was edited. Of a
// published event nobody who has a seat loses it, and whoever is coming is told
// of another time or place.
func (s *Service) Edit(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	version int,
	t Text,
) (View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		ToEdit,
		func(r round.At, e *Event, last *int) (Change, error) {
			return s.edit(actor, r.Round, e, last, version, t)
		},
	)
}

func (s *Service) edit(
	actor domain.Actor,
	r round.Round,
	e *Event,
	last *int,
	version int,
	t Text,
) (Change, error) {
	var problems domain.Problems
	t = t.clean(r.Settings, s.c.City, &problems, "text.")
	*last = t.number(e.Text.Times, *last, &problems, "text.times")
	if e.State == Published {
		t.complete(&problems, "text.")
		// Where nobody signed up, those who walked in may be many.
		if t.Seats < e.Seated && (t.Seats > 0 || e.Text.Seats > 0) {
			problems.Add("text.seats", "too_small", strconv.Itoa(e.Seated))
		}
	}
	if err := problems.Err(); err != nil {
		return Change{}, err
	}
	switch {
	case e.newest(version) != nil:
		return Change{}, e.newest(version)
	case !arranges(actor, t.Area):
		return Change{}, domain.Fail(
			domain.Forbidden,
			domain.CodeNotAllowed,
			"events of %q have other arrangers",
			t.Area,
		)
	}
	var c Change
	if e.State == Published && t.moved(e.Text) {
		c.Notify = post.EventMoved
	}
	e.Text = t
	return c, nil
}

// Publish announces it. It must be complete, and something of it must lie
// ahead.
func (s *Service) Publish(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		ToPublish,
		func(r round.At, e *Event, _ *int) (Change, error) {
			var problems domain.Problems
			e.Text.clean(r.Settings, s.c.City, &problems, "") // an area may have gone since
			e.Text.complete(&problems, "")
			if len(e.Text.Times) > 0 && !e.Ends().After(r.Now) {
				problems.Add("times", "too_small", r.Now.UTC().Format(time.RFC3339))
			}
			if r.Phase == round.Draft {
				return Change{}, domain.Fail(domain.Closed, domain.CodePhase, "round %s is not public yet", r.ID)
			}
			e.State = Published
			return Change{Audit: entry(r.Round, actor, ToPublish, e.ID)}, problems.Err()
		},
	)
}

// Cancel calls it off with a public reason in Finnish and Swedish. It stays in
// the calendar, and everybody who signed up is told.
func (s *Service) Cancel(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	reason domain.Text,
) (View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		ToCancel,
		func(r round.At, e *Event, _ *int) (Change, error) {
			var problems domain.Problems
			e.Reason = problems.PublicBody("reason", reason, maxNote, domain.Finnish, domain.Swedish)
			if !e.Ends().After(r.Now) {
				return Change{}, domain.Fail(domain.Closed, CodeState, "event %d is over", e.ID)
			}
			e.State = Cancelled
			return Change{Notify: post.EventCancelled, Audit: entry(r.Round, actor, ToCancel, e.ID)}, problems.Err()
		},
	)
}

// Discard throws a draft away.
func (s *Service) Discard(ctx context.Context, actor domain.Actor, roundID string, id int64) error {
	_, err := s.change(ctx, actor, roundID, id, ToDiscard, func(round.At, *Event, *int) (Change, error) {
		return Change{Discard: true}, nil
	})
	return err
}

const mostLinks = 100

// Tell says in public what came of it, and which public proposals were made or
// spoken of there.
func (s *Service) Tell(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	version int,
	summary domain.Text,
	proposals []int64,
) (View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		ToTell,
		func(_ round.At, e *Event, _ *int) (Change, error) {
			var problems domain.Problems
			if e.Summary = summary; summary != (domain.Text{}) {
				e.Summary = problems.PublicBody("summary", summary, maxAbout, domain.Finnish, domain.Swedish)
			}
			if len(proposals) > mostLinks {
				problems.Add("proposals", "too_many", strconv.Itoa(mostLinks))
			}
			e.Proposals = make([]Link, len(proposals))
			for i, p := range proposals {
				e.Proposals[i].ID = p
			}
			if err := problems.Err(); err != nil {
				return Change{}, err
			}
			return Change{}, e.newest(version)
		},
	)
}

// newest is nil if nobody has changed the event since that version.
func (e Event) newest(version int) error {
	if version == e.Version {
		return nil
	}
	return domain.Fail(
		domain.Conflict,
		domain.CodeEdited,
		"version %d was edited, the newest is %d",
		version,
		e.Version,
	)
}

// Get is one event.
func (s *Service) Get(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	r, e, err := s.find(ctx, actor, roundID, id)
	if err != nil {
		return View{}, err
	}
	v := e.view(actor, r)
	if !actor.Anonymous() {
		v.Mine, err = s.c.Seats.Seat(ctx, id, actor.ID)
	}
	return v, err
}

func (s *Service) find(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
) (r round.At, e Event, err error) {
	if r, err = s.c.Rounds.Round(ctx, roundID); err != nil {
		return r, e, err
	}
	found, err := s.c.Store.Events(ctx, roundID, List{ID: id, Limit: 1})
	if err != nil {
		return r, e, err
	}
	if len(found) == 0 {
		return r, e, domain.Fail(domain.NotFound, domain.CodeNotFound, "no event %d in %s", id, roundID)
	}
	return r, found[0], found[0].visible(actor, r.Round)
}

func (e Event) view(actor domain.Actor, r round.At) View {
	return View{Event: e, Open: e.State == Published && e.takesSeats(r), May: e.may(actor, r.Round)}
}

// view is what do made, as the actor sees it; do notes the round and the clock
// that it saw.
func (s *Service) view(actor domain.Actor, do func(*round.Round, *time.Time) (Event, error)) (View, error) {
	var r round.At
	e, err := do(&r.Round, &r.Now)
	if err != nil {
		return View{}, err
	}
	return e.view(actor, r), nil
}

func (s *Service) change(ctx context.Context, actor domain.Actor, roundID string, id int64, action Action,
	do func(round.At, *Event, *int) (Change, error),
) (View, error) {
	return s.view(actor, func(seen *round.Round, at *time.Time) (Event, error) {
		return s.c.Store.ChangeEvent(
			ctx,
			roundID,
			id,
			func(r round.At, e *Event, last *int) (Change, error) {
				*seen, *at = r.Round, r.Now
				if err := e.visible(actor, r.Round); err != nil {
					return Change{}, err
				}
				if err := e.permit(action, actor, r.Round); err != nil {
					return Change{}, err
				}
				c, err := do(r, e, last)
				if c.Notify != "" {
					c.RemindAt = remindAt(*e, s.c.TimeZone)
				}
				e.Version++
				e.UpdatedAt = r.Now
				return c, err
			},
		)
	})
}

// entry is the audit log's line of an arranger's step.
func entry(r round.Round, actor domain.Actor, action Action, id int64) *round.Entry {
	return round.NewEntry(r, actor, "event."+string(action), "", map[string]int64{"event": id})
}
