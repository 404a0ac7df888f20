package handlers

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/handlers/api"
)

// deliveryWords are what a feed and a calendar say of phases: that they begin.
var deliveryWords = map[delivery.Phase]domain.Text{
	delivery.Codevelopment: {
		Fi: "yhteiskehittäminen alkaa", Sv: "samutvecklingen börjar", En: "working it out together begins",
	},
	delivery.Planning:    {Fi: "suunnittelu alkaa", Sv: "planeringen börjar", En: "planning begins"},
	delivery.Procurement: {Fi: "hankinta alkaa", Sv: "upphandlingen börjar", En: "procurement begins"},
	delivery.Building:    {Fi: "rakentaminen alkaa", Sv: "byggandet börjar", En: "building begins"},
	delivery.Done:        {Fi: "valmistuu", Sv: "blir färdigt", En: "is finished"},
	delivery.Warranty:    {Fi: "takuuaika alkaa", Sv: "garantitiden börjar", En: "the warranty begins"},
}

// deliveriesName is what the list is called where there is no page around it.
var deliveriesName = domain.Text{
	Fi: "hankkeiden eteneminen", Sv: "så framskrider projekten", En: "how the projects are going",
}

// OpenDeliveriesAtom gives the newest news to feed readers. An entry stands for
// a report: it never changes, and is gone when its news is taken away.
func (s *Server) OpenDeliveriesAtom(
	ctx context.Context,
	req api.OpenDeliveriesAtomRequestObject,
) (api.OpenDeliveriesAtomResponseObject, error) {
	q := req.Params
	news, err := s.config.Deliveries.News(ctx, given(q.Round), given(q.Area))
	if err != nil {
		return nil, err
	}
	l := s.textLanguage(q.Language)
	filter := url.Values{}
	for name, value := range map[string]string{"round": given(q.Round), "area": given(q.Area)} {
		if value != "" {
			filter.Set(name, value)
		}
	}
	page := s.origin() + "/delivery" + query(filter)
	if given(q.Language) != "" {
		filter.Set("language", string(l))
	}
	address := s.origin() + "/api/v1/deliveries.atom" + query(filter)
	name := s.config.City.Service.In(l) + ": " + deliveriesName.In(l)
	f := atomFeed{
		ID: address, Title: name, Author: atomAuthor{name}, Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: address},
			{Rel: "alternate", Type: "text/html", Href: page},
		},
	}
	for i, n := range news {
		at, spoken := n.At.UTC().Format(time.RFC3339), l
		if l == domain.English && n.Text.En == "" {
			spoken = domain.Finnish // Text.In
		}
		if i == 0 {
			f.Updated = at
		}
		title := n.Title.In(spoken)
		if site := n.Name.In(spoken); site != "" {
			title += ", " + site
		}
		of := s.projectPage(n.Round, n.Number)
		f.Entries = append(f.Entries, atomEntry{
			Language: string(spoken), ID: fmt.Sprintf("%s#report-%d-%d", of, n.Site, n.Version), Title: title,
			Link: atomLink{Rel: "alternate", Type: "text/html", Href: of}, Published: at, Updated: at,
			Category: []atomCategory{{string(n.Phase)}, {n.Area}}, Summary: n.Text.In(spoken),
		})
	}
	return newsFeed{f}, nil
}

func query(v url.Values) string {
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

type newsFeed struct{ atomFeed }

// VisitOpenDeliveriesAtomResponse sends it whole.
func (f newsFeed) VisitOpenDeliveriesAtomResponse(c *fiber.Ctx) error {
	text, err := f.text()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderETag, `W/"`+digestOf(text)+`"`)
	c.Set(fiber.HeaderContentType, atomKind)
	return c.Send(text)
}

// OpenDeliveriesIcs gives the days on which phases begin to calendars: whole
// days, which are the same wherever they are read.
func (s *Server) OpenDeliveriesIcs(
	ctx context.Context,
	req api.OpenDeliveriesIcsRequestObject,
) (api.OpenDeliveriesIcsResponseObject, error) {
	q := req.Params
	page, err := s.config.Deliveries.List(ctx, domain.Actor{}, delivery.List{
		Round: given(q.Round), Area: given(q.Area), Limit: math.MaxInt32,
	})
	if err != nil {
		return nil, err
	}
	l := s.textLanguage(q.Language)
	c := newCalendar(s.config.City.Service.In(l) + ": " + deliveriesName.In(l))
	for _, v := range page.Projects {
		for _, place := range append([]delivery.View{v}, v.Sites...) {
			s.addMilestones(c, v, place, l)
		}
	}
	return calendarOf(c, "deliveries"), nil
}

// addMilestones adds the dates of a project, or of a site of it, with what
// became of them.
func (s *Server) addMilestones(c *ical.Calendar, project, place delivery.View, l domain.Language) {
	of := s.projectPage(project.Round, project.Project.Number)
	for _, d := range place.Dates {
		day, err := time.Parse(time.DateOnly, cmp.Or(d.Actual, d.Promised))
		if err != nil { // the database keeps one of them
			continue
		}
		title := project.Project.Title.In(l)
		if site := place.Name.In(l); site != "" {
			title += ", " + site
		}
		e := c.AddEvent(fmt.Sprintf("%s-%d-%d-%s@%s", project.Round, project.Project.Number, place.Site, d.Phase,
			s.config.PublicURL.Hostname()))
		e.SetDtStampTime(place.UpdatedAt)
		e.SetLastModifiedAt(place.UpdatedAt)
		e.SetSequence(place.Version)
		e.SetAllDayStartAt(day)
		e.SetAllDayEndAt(day.AddDate(0, 0, 1)) // RFC 5545 §3.6.1: the day after
		e.SetTimeTransparency(ical.TransparencyTransparent)
		e.SetSummary(title + ": " + deliveryWords[d.Phase].In(l))
		e.SetDescription(strings.Join(nonempty([]string{place.Reason.In(l), of}), "\n\n"))
		e.SetURL(of)
		e.AddCategory(string(d.Phase))
		if p := place.Point; p != nil {
			e.SetGeo(degrees(p.Latitude), degrees(p.Longitude))
		}
		switch {
		case d.Actual != "":
			e.SetStatus(ical.ObjectStatusConfirmed)
		case place.Standing == delivery.Cancelled:
			e.SetStatus(ical.ObjectStatusCancelled)
		default: // a promise
			e.SetStatus(ical.ObjectStatusTentative)
		}
	}
}
