package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	ical "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"

	"osbu/domain"
	"osbu/domain/event"
	"osbu/handlers/api"
)

// calendarRefresh is how often calendars that subscribe may ask again (RFC 7986
// §5.7).
const calendarRefresh = "PT1H"

// GetCalendar gives what is on to calendars.
func (s *Server) GetCalendar(
	ctx context.Context,
	req api.GetCalendarRequestObject,
) (api.GetCalendarResponseObject, error) {
	q := req.Params
	r, events, err := s.config.Events.Feed(ctx, req.Round, eventList(q.Area, q.Kind, q.Spoken))
	if err != nil {
		return nil, err
	}
	l := s.textLanguage(q.Language)
	name := r.Name.In(l)
	if area, ok := r.Settings.Area(given(q.Area)); ok {
		name += ", " + area.Name.In(l)
	}
	return s.toCalendar(events, l, name, r.ID), nil
}

// GetEventCalendar gives one event, as everybody sees it.
func (s *Server) GetEventCalendar(
	ctx context.Context,
	req api.GetEventCalendarRequestObject,
) (api.GetEventCalendarResponseObject, error) {
	v, err := s.config.Events.Get(ctx, domain.Actor{}, req.Round, req.Event)
	if err != nil {
		return nil, err
	}
	l := s.textLanguage(req.Params.Language)
	return s.toCalendar(
		[]event.Event{v.Event},
		l,
		v.Text.Title.In(l),
		fmt.Sprintf("%s-%d", v.Round, v.ID),
	), nil
}

func (s *Server) textLanguage(l *api.Language) domain.Language {
	if given(l) == "" {
		return s.config.City.Language()
	}
	return domain.Language(*l)
}

// toCalendar writes each of an event's times as a calendar's event: opening
// hours follow no rule that RRULE could tell. The moments are UTC, so that they
// need no VTIMEZONE and mean the same in every calendar, whatever becomes of
// summer time.
func (s *Server) toCalendar(events []event.Event, l domain.Language, name, file string) calendar {
	c := newCalendar(name)
	for _, e := range events {
		page := fmt.Sprintf("%s/rounds/%s/events/%d", s.origin(), e.Round, e.ID)
		about := []string{e.Text.About.In(l), e.Text.AccessNote.In(l), page}
		if e.State == event.Cancelled {
			about = append([]string{e.Reason.In(l)}, about...)
		}
		for _, t := range e.Text.Times {
			v := c.AddEvent(e.UID(t.Number, s.config.PublicURL.Hostname()))
			v.SetDtStampTime(e.UpdatedAt)
			v.SetCreatedTime(e.CreatedAt)
			v.SetLastModifiedAt(e.UpdatedAt)
			v.SetSequence(e.Version)
			v.SetStartAt(t.Begins)
			v.SetEndAt(t.Ends)
			v.SetSummary(e.Text.Title.In(l))
			v.SetDescription(strings.Join(nonempty(about), "\n\n"))
			v.SetLocation(strings.Join(nonempty([]string{e.Text.Place, e.Text.Address}), ", "))
			v.SetURL(page)
			v.AddCategory(string(e.Text.Kind))
			if p := e.Text.Point; p != nil {
				v.SetGeo(degrees(p.Latitude), degrees(p.Longitude))
			}
			v.SetStatus(ical.ObjectStatusConfirmed)
			if e.State == event.Cancelled {
				v.SetStatus(ical.ObjectStatusCancelled)
			}
		}
	}
	return calendarOf(c, file)
}

// newCalendar is an empty one of that name, which may be asked for again.
func newCalendar(name string) *ical.Calendar {
	c := ical.NewCalendarFor("osbu")
	c.SetMethod(ical.MethodPublish)
	c.SetName(name)
	c.SetXWRCalName(name)
	c.SetRefreshInterval(calendarRefresh) // its name has VALUE=DURATION in it
	c.SetXPublishedTTL(calendarRefresh)
	return c
}

func calendarOf(c *ical.Calendar, file string) calendar {
	text := c.Serialize(ical.WithNewLineWindows) // RFC 5545 §3.1: CRLF
	return calendar{text: text, tag: digestOf([]byte(text)), file: file}
}

// digestOf is short enough for a tag.
func digestOf(text []byte) string {
	digest := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(digest[:18])
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 6, 64) }

func nonempty(texts []string) (some []string) {
	for _, t := range texts {
		if t != "" {
			some = append(some, t)
		}
	}
	return some
}

type calendar struct{ text, tag, file string }

func (k calendar) VisitGetCalendarResponse(c *fiber.Ctx) error       { return k.send(c) }
func (k calendar) VisitGetEventCalendarResponse(c *fiber.Ctx) error  { return k.send(c) }
func (k calendar) VisitOpenDeliveriesIcsResponse(c *fiber.Ctx) error { return k.send(c) }

func (k calendar) send(c *fiber.Ctx) error {
	c.Set(fiber.HeaderETag, `W/"`+k.tag+`"`)
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8; method=PUBLISH")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+k.file+`.ics"`) // the round's address has no quotes
	return c.SendString(k.text)
}
