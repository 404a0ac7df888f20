package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"strconv"

	"osbu/domain"
	"osbu/domain/city"
	"osbu/domain/retention"
	"osbu/handlers/api"
)

// Where the city's logo and font lie, if it has them.
const (
	logoPath  = "/logo.svg"
	fontPath  = "/font.woff2"
	fontSheet = "/font.css"
)

// fontFace is the sheet that gives the city's font the name which the pages
// look for first (--font-default in hds.css).
const fontFace = `@font-face{font-family:City;font-weight:100 900;font-display:swap;src:url(` + fontPath + `)format("woff2")}`

// GetCity says whose service this is.
func (s *Server) GetCity(context.Context, api.GetCityRequestObject) (api.GetCityResponseObject, error) {
	return api.GetCity200JSONResponse(s.city()), nil
}

func (s *Server) city() api.CitySettings {
	c := s.config.City
	out := api.CitySettings{
		Name: toText(c.Name), Service: toText(c.Service), Municipality: c.Municipality, TimeZone: c.TimeZone.String(),
		Languages: list(c.Languages, func(l domain.Language) api.Language { return api.Language(l) }),
		Middle:    api.Point(c.Middle), OneCluster: s.config.OneCluster,
		Extent:  api.Extent{South: c.Extent.South, West: c.Extent.West, North: c.Extent.North, East: c.Extent.East},
		Contact: toCityContact(c.Contact),
		Law: &api.CityLaw{
			Controller: toPartial(c.Law.Controller), Basis: toPartial(c.Law.Basis),
			SupervisorName: toPartial(c.Law.Supervisor.Name),
		},
		Guides: &api.CityGuides{Film: unlessZero(c.Guides.Film), Signed: unlessZero(c.Guides.Signed)},
	}
	out.Retention = new(list(c.Retention, func(r retention.Rule) api.CityRetention {
		line := api.CityRetention{Data: api.CityRetentionData(r.Data), Days: r.Days}
		if r.Who != (domain.Text{}) {
			line.Who = new(toText(r.Who))
		}
		return line
	}))
	if c.Law.Officer != (city.Contact{}) {
		out.Law.Officer = new(toCityContact(c.Law.Officer))
	}
	if c.Law.Supervisor.Contact != (city.Contact{}) {
		out.Law.Supervisor = new(toCityContact(c.Law.Supervisor.Contact))
	}
	if len(c.Logo) > 0 {
		out.Logo = new(logoPath)
	}
	return out
}

// ListHelpers says who helps in person.
func (s *Server) ListHelpers(context.Context, api.ListHelpersRequestObject) (api.ListHelpersResponseObject, error) {
	all := make(api.ListHelpers200JSONResponse, len(s.config.City.Helpers))
	for i, h := range s.config.City.Helpers {
		all[i] = api.Helper{Name: h.Name, Where: toText(h.Where), Contact: toCityContact(h.Contact)}
		if len(h.Photo) > 0 {
			all[i].Photo = new(photoPath(i))
		}
	}
	return all, nil
}

// photoPath is where the photo of the helper with this number lies.
func photoPath(i int) string { return "/helper-" + strconv.Itoa(i) }

func toCityContact(c city.Contact) api.CityContact {
	return api.CityContact{
		Phone: unlessZero(c.Phone), Email: unlessZero(c.Email), Form: unlessZero(c.Form), Hours: toPartial(c.Hours),
	}
}

// ofCity makes a built page the city's: its language and name until the program
// runs, and what the program wants to know of the city before it shows
// anything, so that it need not ask. A script of data is not run, and so needs
// no place in the policy (HTML Standard, "data block").
func (s *Server) ofCity(page []byte) []byte {
	c := s.config.City
	data, err := json.Marshal(s.city()) // with < as \u003c
	if err != nil {
		panic(err) // texts and numbers
	}
	font := ""
	if len(c.Font) > 0 {
		font = `<link rel="stylesheet" href="` + fontSheet + `">` + "\n"
	}
	for _, part := range []struct{ built, city string }{
		{`<html lang="fi">`, `<html lang="` + string(c.Language()) + `">`},
		{`<title>osbu</title>`, `<title>` + html.EscapeString(c.Service.In(c.Language())) + `</title>`},
		{`<h1>osbu</h1>`, `<h1>` + html.EscapeString(c.Service.In(c.Language())) + `</h1><p>` +
			html.EscapeString(c.Contact.String()) + `</p>`},
		{`</noscript>`, `<p>` + html.EscapeString(c.Contact.String()) + "</p></noscript>"},
		{`</head>`, font + `<script id="city" type="application/json">` + string(data) + "</script>\n</head>"},
	} {
		page = bytes.Replace(page, []byte(part.built), []byte(part.city), 1)
	}
	return page
}
