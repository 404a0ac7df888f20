package event

import (
	"context"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Month is a month of the city's calendar, as 2026-11; empty: from now on.
type Month string

const monthFormat = "2006-01"

// Page is what is on in a month, or from now on.
type Page struct {
	Events         []View
	Month          Month
	Earlier, Later Month // the nearest months in which something is on, before and after; empty: none
	More           bool  // there are more events than the page holds
}

// Bounds of what is read at once.
const (
	mostListed = 100
	mostInFeed = 1000
	feedPast   = 60 * 24 * time.Hour // what was on lately stays in calendars that subscribe
)

// Calendar is what is on for everybody.
func (s *Service) Calendar(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	month Month,
	list List,
	limit int,
) (Page, error) {
	r, err := s.round(ctx, actor, roundID)
	if err != nil {
		return Page{}, err
	}
	list = List{Areas: list.Areas, Kind: list.Kind, Spoken: list.Spoken, From: r.Now, Limit: min(limit, mostListed)}
	before, from := r.Now, time.Time{}
	if month != "" {
		begins, err := time.ParseInLocation(monthFormat, string(month), s.c.TimeZone)
		if err != nil {
			return Page{}, domain.Fail(domain.Invalid, domain.CodeInvalid, "a month is written as 2026-11")
		}
		list.From, list.To = begins, begins.AddDate(
			0,
			1,
			0,
		) // local midnights: a month with a changed clock is an hour shorter or longer
		before, from = begins, list.To
	}
	list.Limit++ // one more tells whether there are more
	found, err := s.c.Store.Events(ctx, roundID, list)
	if err != nil {
		return Page{}, err
	}
	page := Page{Month: month}
	if page.More = len(found) == list.Limit; page.More {
		found = found[:list.Limit-1]
		if month == "" {
			from = found[len(found)-1].Next
		}
	}
	last, first, err := s.c.Store.Neighbours(ctx, roundID, list, before, from)
	if err != nil {
		return Page{}, err
	}
	page.Earlier = s.monthOf(last)
	if month != "" || page.More {
		page.Later = s.monthOf(first)
	}
	page.Events, err = s.views(ctx, actor, r, found)
	return page, err
}

func (s *Service) monthOf(t time.Time) Month {
	if t.IsZero() {
		return ""
	}
	return Month(t.In(s.c.TimeZone).Format(monthFormat))
}

// views tells each event with the actor's seat: one query for all.
func (s *Service) views(
	ctx context.Context,
	actor domain.Actor,
	r round.At,
	found []Event,
) ([]View, error) {
	var mine map[int64]Seat
	if !actor.Anonymous() && len(found) > 0 {
		var err error
		if mine, err = s.c.Seats.MySeats(ctx, r.ID, actor.ID); err != nil {
			return nil, err
		}
	}
	views := make([]View, len(found))
	for i, e := range found {
		views[i] = e.view(actor, r)
		if seat, ok := mine[e.ID]; ok {
			views[i].Mine = &seat
		}
	}
	return views, nil
}

// Desk are the latest events of the actor's districts, drafts included;
// officials see all.
func (s *Service) Desk(ctx context.Context, actor domain.Actor, roundID string) ([]View, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return nil, actor.Need(domain.Facilitator)
	}
	r, err := s.round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	list := List{Drafts: true, Latest: true, Limit: mostListed}
	if !actor.Is(domain.Official) {
		list.Areas = append([]string{}, actor.Areas...)
	}
	found, err := s.c.Store.Events(ctx, roundID, list)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(e Event) bool { return e.State == Draft && !arranges(actor, e.Text.Area) })
	return s.views(ctx, actor, r, found)
}

// Feed is what calendars outside subscribe to, the same for everybody: what is
// published or cancelled, from two months ago on.
func (s *Service) Feed(ctx context.Context, roundID string, list List) (round.Round, []Event, error) {
	r, err := s.round(ctx, domain.Actor{}, roundID)
	if err != nil {
		return r.Round, nil, err
	}
	found, err := s.c.Store.Events(
		ctx,
		roundID,
		List{Areas: list.Areas, Kind: list.Kind, Spoken: list.Spoken, From: r.Now.Add(-feedPast), Limit: mostInFeed},
	)
	return r.Round, found, err
}

func (s *Service) round(ctx context.Context, actor domain.Actor, id string) (round.At, error) {
	r, err := s.c.Rounds.Round(ctx, id)
	if err == nil {
		err = r.VisibleTo(actor)
	}
	return r, err
}

// UID names one of an event's times in all calendars for ever (RFC 5545
// §3.8.4.7).
func (e Event) UID(number int, host string) string {
	return "event-" + strconv.FormatInt(e.ID, 10) + "-" + strconv.Itoa(number) + "@" + host
}
