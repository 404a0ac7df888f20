package service

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"osbu/domain"
	"osbu/handlers/api"
)

const eventsPath = "/api/v1/rounds/r/events"

// evening is an announcement that lacks nothing, on some days of January from
// 17 to 19 in Helsinki.
func evening(title string, seats int, days ...int) api.EventText {
	text := api.EventText{
		Kind: api.EventKindEvening, Area: pointer("southern"), Title: api.ShortText{Fi: &title, Sv: pointer("Kväll")},
		About: api.ShortText{
			Fi: pointer("Tule"),
			Sv: pointer("Kom"),
		}, Place: "Kirjasto", Address: "Rikhardinkatu 3", Point: &api.Point{Latitude: 60.1663, Longitude: 24.9448},
		Times: []api.EventTime{}, Languages: []api.SpokenLanguage{"fi"}, Access: []api.EventAccess{api.StepFree},
		Seats: seats,
	}
	for _, d := range days {
		begins := time.Date(2026, 1, d, 15, 0, 0, 0, time.UTC)
		text.Times = append(text.Times, api.EventTime{Begins: begins, Ends: begins.Add(2 * time.Hour)})
	}
	return text
}

// announced drafts and publishes one, and gives its path.
func (c *client) announced(text api.EventText) string {
	c.t.Helper()
	var e api.Event
	c.ok("POST", eventsPath, text, &e)
	path := fmt.Sprint(eventsPath, "/", e.Id)
	c.ok("POST", path+"/publish", nil, nil)
	return path
}

// From the announcement to the minutes: what arrangers, residents and visitors
// see and may do.
func TestEventsOverHTTP(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	facilitator, west, visitor := w.facilitator(
		t,
		"southern",
	), w.as(
		t,
		person{Name: "Ville", Roles: []domain.Role{domain.Facilitator}, Areas: []string{"western"}},
	), w.anonymous(
		t,
	)
	aino := w.as(
		t,
		person{Name: "Aino Asukas", Language: domain.Swedish, Email: "aino@example.org", EmailVerified: true},
	)
	eino := w.as(t, person{Name: "Eino Asukas", Email: "eino@example.org", EmailVerified: true})
	var draft api.Event
	facilitator.ok("POST", eventsPath, evening(`<script>alert("x")</script>`, 1, 20), &draft)
	path := fmt.Sprint(eventsPath, "/", draft.Id)
	for name, c := range map[string]*client{"visitor": visitor, "resident": aino, "another district": west} {
		for _, address := range []string{path, path + "/calendar.ics"} {
			if status, code := c.get(address, nil); status != http.StatusNotFound || code != "not_found" {
				t.Errorf("%s sees a draft at %s: %d %s", name, address, status, code)
			}
		}
	}
	if status, _ := facilitator.get(path+"/calendar.ics", nil); status != http.StatusNotFound {
		t.Errorf("a draft in a calendar that caches may keep: %d", status)
	}
	facilitator.ok("POST", path+"/publish", nil, nil)
	var e api.Event
	eino.ok("PUT", path+"/seat", nil, &e)
	if e.Mine == nil || e.Mine.Waiting != 0 || e.Taken != 1 || !e.Open {
		t.Errorf("%+v", e)
	}
	aino.ok("PUT", path+"/seat", nil, &e)
	if e.Mine.Waiting != 1 || e.Waiting != 1 {
		t.Errorf("%+v", e.Mine)
	}
	var text string
	visitor.ok("GET", path, nil, &text)
	if strings.Contains(text, "Aino") || strings.Contains(text, "Eino") || strings.Contains(text, `"mine"`) ||
		strings.Contains(text, "<script>") {
		t.Errorf("everybody sees %s", text)
	}
	var page api.EventPage
	aino.ok("GET", eventsPath+"?area=southern&kind=evening&spoken=fi", nil, &page)
	if len(page.Events) != 1 || page.Events[0].Mine == nil || len(page.Events[0].May) != 0 {
		t.Errorf("%+v", page)
	}
	facilitator.ok("GET", path+"/case", nil, &text)
	if !strings.Contains(text, "Aino A.") || strings.Contains(text, "example.org") {
		t.Errorf("the case: %s", text)
	}
	e = api.Event{}
	eino.ok("DELETE", path+"/seat", nil, &e)
	if e.Mine != nil || e.Taken != 1 || e.Waiting != 0 {
		t.Errorf("%+v", e)
	}
	moved := evening("Ilta", 1, 21)
	moved.Times[0].Number = pointer(1)
	facilitator.ok("PUT", path, api.EventEdit{Version: 2, Text: moved}, nil)
	reason := api.PublicText{Fi: "Sairaus", Sv: "Sjukdom\n<b>"}
	facilitator.ok("POST", path+"/cancel", api.Cancellation{Reason: reason}, nil)
	emails := w.deliver(t, box)
	if want := []string{"Evenemanget är inställt: Kväll"}; !slices.Equal(subjects(emails), want) ||
		emails[0].To != "aino@example.org" {
		t.Fatalf("%q", subjects(emails)) // what it says of an event that is cancelled meanwhile nobody wants to hear
	}
	l := emails[0]
	if !strings.Contains(l.Plain, "> Sjukdom\n> <b>\n") ||
		!strings.Contains(l.Plain, fmt.Sprintf("/sv/rounds/r/events/%d\n", draft.Id)) ||
		!strings.Contains(l.Plain, "en månad efter") ||
		strings.Contains(l.HTML, "<b>\n") {
		t.Errorf("%s\n%s", l.Plain, l.HTML)
	}
	var ended api.Unsubscribed
	click := l.Header.Get("List-Unsubscribe")
	visitor.ok("POST", strings.TrimPrefix(strings.Trim(click, "<>"), w.url), nil, &ended)
	if ended.Kind != api.NotificationKindEvents {
		t.Errorf("%+v", ended)
	}
	for name, c := range map[string]struct {
		client *client
		method string
		path   string
		body   any
		status int
		code   string
	}{
		"visitor's sign-up":      {visitor, "PUT", path + "/seat", nil, 401, "sign_in_required"},
		"visitor's leaving":      {visitor, "DELETE", path + "/seat", nil, 401, "sign_in_required"},
		"sign-up when cancelled": {aino, "PUT", path + "/seat", nil, 409, "event_state_forbids"},
		"resident's event":       {aino, "POST", eventsPath, evening("x", 0, 20), 403, "not_allowed"},
		"visitor's event":        {visitor, "POST", eventsPath, evening("x", 0, 20), 401, "sign_in_required"},
		"another district":       {west, "POST", eventsPath, evening("x", 0, 20), 403, "not_allowed"},
		"another's case":         {west, "GET", path + "/case", nil, 403, "not_allowed"},
		"resident's case":        {aino, "GET", path + "/case", nil, 403, "not_allowed"},
		"another's note":         {west, "POST", path + "/case/notes", api.NewEventNote{Text: "x"}, 403, "not_allowed"},
		"another's walk-ins":     {west, "POST", path + "/case/participants", api.WalkIns{People: 1}, 403, "not_allowed"},
		"another's taking off":   {west, "DELETE", path + "/case/participants/1", nil, 403, "not_allowed"},
		"another's preview": {
			west, "POST", path + "/preview",
			api.EventEdit{Version: 4, Text: moved},
			403,
			"not_allowed",
		},
		"walk-ins when cancelled": {
			facilitator, "POST", path + "/case/participants",
			api.WalkIns{People: 1},
			409,
			"event_state_forbids",
		},
		"another's cancelling": {west, "POST", path + "/cancel", api.Cancellation{Reason: reason}, 403, "not_allowed"},
		"another's summary": {
			west, "PUT", path + "/outcome",
			api.EventOutcome{Version: 4, Proposals: []int64{}},
			403,
			"not_allowed",
		},
		"another's edit":       {west, "PUT", path, api.EventEdit{Version: 4, Text: moved}, 403, "not_allowed"},
		"another's publishing": {west, "POST", path + "/publish", nil, 403, "not_allowed"},
		"another's discarding": {west, "DELETE", path, nil, 403, "not_allowed"},
		"edit when cancelled": {
			facilitator, "PUT", path,
			api.EventEdit{Version: 4, Text: moved},
			409,
			"event_state_forbids",
		},
		"discard the announced": {facilitator, "DELETE", path, nil, 409, "event_state_forbids"},
		"resident's desk":       {aino, "GET", "/api/v1/rounds/r/desk/events", nil, 403, "not_allowed"},
		"no such event":         {visitor, "GET", eventsPath + "/999", nil, 404, "not_found"},
		"in no round":           {visitor, "GET", "/api/v1/rounds/x/events", nil, 404, "not_found"},
		"calendar of no round":  {visitor, "GET", "/api/v1/rounds/x/events.ics", nil, 404, "not_found"},
	} {
		if status, code := c.client.do(c.method, c.path, c.body, nil); status != c.status || code != c.code {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	facilitator.ok("POST", path+"/case/notes", api.NewEventNote{Text: "Tila varattu"}, nil)
	var now api.Event
	facilitator.ok("GET", path, nil, &now)
	facilitator.ok(
		"PUT",
		path+"/outcome",
		api.EventOutcome{
			Version: now.Version, Summary: &api.PublicText{Fi: "Ei pidetty", Sv: "Hölls inte"}, Proposals: []int64{},
		},
		nil,
	)
	var mine []api.Event
	facilitator.ok("GET", "/api/v1/rounds/r/desk/events", nil, &mine)
	if len(mine) != 1 || mine[0].Summary == nil {
		t.Errorf("%+v", mine)
	}
	if log := w.log.String(); strings.Contains(log, "Aino") || strings.Contains(log, "aino@") ||
		strings.Contains(log, "Sairaus") {
		t.Error(log)
	}
}

// At the door, and before the event is moved: what is on the list, what is told
// to whom, and that looking at the e-mail sends none.
func TestEventAtTheDoorOverHTTP(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	facilitator := w.facilitator(t, "southern")
	aino := w.as(t, person{Name: "Aino Asukas", Email: "aino@example.org", EmailVerified: true})
	eino := w.as(t, person{Name: "Eino Asukas", Email: "eino@example.org", EmailVerified: true})
	path := facilitator.announced(evening("Ilta", 1, 20))
	moved := evening("Ilta", 1, 21)
	moved.Times[0].Number = pointer(1)
	edit := api.EventEdit{Version: 2, Text: moved}
	var preview api.EventPreview
	facilitator.ok("POST", path+"/preview", edit, &preview)
	if preview.People != 0 || len(preview.Letters) != 0 {
		t.Errorf("nobody has signed up: %+v", preview)
	}
	aino.ok("PUT", path+"/seat", nil, nil)
	eino.ok("PUT", path+"/seat", nil, nil)
	w.deliver(t, box)
	facilitator.ok("POST", path+"/preview", edit, &preview)
	if preview.People != 2 || len(preview.Letters) != 3 {
		t.Fatalf("%+v", preview)
	}
	for i, want := range []string{
		"Tapahtuman aika tai paikka on muuttunut: Ilta 21.1.2026 klo 17.00",
		"Evenemangets tid eller plats har ändrats: Kväll 21.1.2026 kl. 17.00",
		"The time or place of an event has changed: Ilta 21 January 2026 at 17:00",
	} {
		l := preview.Letters[i]
		subject, when, _ := strings.Cut(want, " 21")
		if l.Subject != subject || !strings.Contains(l.Text, "21"+when) ||
			!strings.Contains(l.Text, "Kirjasto, Rikhardinkatu 3") {
			t.Errorf("%s: %s\n%s", l.Language, l.Subject, l.Text)
		}
	}
	same := evening("Ilta", 1, 20)
	same.Times[0].Number, same.About.Fi = pointer(1), pointer("Tule sinäkin")
	var quiet api.EventPreview
	facilitator.ok("POST", path+"/preview", api.EventEdit{Version: 2, Text: same}, &quiet)
	if len(quiet.Letters) != 0 {
		t.Errorf("neither time nor place changes: %+v", quiet)
	}
	if status, code := facilitator.do("POST", path+"/preview", api.EventEdit{Version: 1, Text: moved}, nil); status !=
		http.StatusConflict || code != "edited_meanwhile" {
		t.Errorf("a preview over an old version: %d %s", status, code)
	}
	var e api.Event
	aino.ok("GET", path, nil, &e)
	if emails := w.deliver(t, box); len(emails) != 0 || !e.Text.Times[0].Begins.Equal(same.Times[0].Begins) {
		t.Errorf("a preview sent %q or changed %+v", subjects(emails), e.Text.Times)
	}
	var file api.EventCase
	facilitator.ok("GET", path+"/case", nil, &file)
	facilitator.ok("DELETE", fmt.Sprint(path, "/case/participants/", file.Participants[0].Id), nil, nil)
	emails := w.deliver(t, box)
	want := []string{"Ilmoittautumisesi on poistettu: Ilta", "Sait paikan: Ilta"}
	if !slices.Equal(subjects(emails), want) || emails[0].To != "aino@example.org" || emails[1].To != "eino@example.org" {
		t.Errorf("%q", subjects(emails))
	}
	if status, code := facilitator.do("POST", path+"/case/participants", api.WalkIns{People: 1}, nil); status !=
		http.StatusConflict || code != "event_full" {
		t.Errorf("more than there are seats: %d %s", status, code)
	}
	eino.ok("DELETE", path+"/seat", nil, nil)
	facilitator.ok("POST", path+"/case/participants", api.WalkIns{People: 1, Name: pointer("Ossi Ovela")}, nil)
	facilitator.ok("GET", path+"/case", nil, &file)
	if len(file.Participants) != 1 || !file.Participants[0].WalkIn || file.Participants[0].Name != "Ossi Ovela" {
		t.Errorf("%+v", file.Participants)
	}
	var text string
	aino.ok("GET", path, nil, &text)
	if log := w.log.String(); strings.Contains(text, "Ovela") || strings.Contains(log, "Ovela") {
		t.Errorf("a walk-in's name stands in %s\n%s", text, log)
	}
}

// parsed reads a calendar back, and demands that it keeps to RFC 5545: lines of
// at most 75 octets that end in CRLF.
func parsed(t *testing.T, text []byte) *ical.Calendar {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(string(text), "\r\n"), "\r\n")
	for _, line := range lines {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
	// A property has each parameter once (§3.2).
	for line := range strings.SplitSeq(strings.ReplaceAll(string(text), "\r\n ", ""), "\r\n") {
		head, _, _ := strings.Cut(line, ":")
		seen := map[string]bool{}
		for _, parameter := range strings.Split(head, ";")[1:] {
			name, _, _ := strings.Cut(parameter, "=")
			if seen[name] {
				t.Errorf("%s comes twice: %q", name, line)
			}
			seen[name] = true
		}
	}
	strictCalendar(t, text)
	c, err := ical.ParseCalendar(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return c
}

func TestCalendars(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	facilitator, visitor := w.facilitator(t, "southern"), w.anonymous(t)
	const nasty = "Ilta; \"puistossa\", \\ BEGIN:VEVENT 🌳 حديقة, joka on niin pitkä, että rivi taitetaan"
	text := evening(nasty, 0, 20, 22)
	text.About.Fi = pointer("Tule\r\nEND:VEVENT\r\nBEGIN:VEVENT\nSUMMARY:Toinen\rATTENDEE:mailto:x@example.org")
	text.Place = "Talo\r\nSTATUS:CANCELLED"
	path := facilitator.announced(text)
	other := evening("Lännessä", 0, 20)
	other.Area = pointer("western")
	official.announced(other)
	var one []byte
	visitor.ok("GET", path+"/calendar.ics?language=fi", nil, &one)
	c := parsed(t, one)
	if len(c.Events()) != 2 {
		t.Fatalf("%d events in %s", len(c.Events()), one)
	}
	for i, v := range c.Events() {
		begins, err := v.GetStartAt()
		get := func(p ical.ComponentProperty) string { return v.GetProperty(p).Value }
		if err != nil || !begins.Equal(text.Times[i].Begins) || get(ical.ComponentPropertySummary) != nasty ||
			get(ical.ComponentPropertyLocation) != "Talo STATUS:CANCELLED, Rikhardinkatu 3" ||
			get(ical.ComponentPropertyStatus) != "CONFIRMED" ||
			v.Id() != fmt.Sprintf("event-1-%d@127.0.0.1", i+1) ||
			v.HasProperty(ical.ComponentPropertyAttendee) ||
			!strings.HasPrefix(
				get(ical.ComponentPropertyDescription),
				"Tule\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Toinen\nATTENDEE:mailto:x@example.org\n\nhttp://",
			) {
			t.Errorf("%v %s", err, v.Serialize(&ical.SerializationConfiguration{MaxLength: 999, NewLine: "\n"}))
		}
	}
	text.Times[0].Number, text.Times[1].Number = pointer(1), pointer(2)
	text.Times[1].Begins = text.Times[1].Begins.Add(-time.Hour)
	facilitator.ok("PUT", path, api.EventEdit{Version: 2, Text: text}, nil)
	facilitator.ok("POST", path+"/cancel", api.Cancellation{Reason: api.PublicText{Fi: "Peruttu", Sv: "Inställt"}}, nil)
	visitor.header = http.Header{"If-None-Match": {`"none"`}}
	response := visitor.send("GET", eventsPath+".ics?area=southern&language=sv", nil)
	feed := new(bytes.Buffer)
	if _, err := feed.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	tag := response.Header.Get("ETag")
	if tag == "" || response.Header.Get("Content-Type") != "text/calendar; charset=utf-8; method=PUBLISH" ||
		response.Header.Get("Cache-Control") != "public, max-age=60" ||
		response.Header.Get("Content-Disposition") != `attachment; filename="r.ics"` {
		t.Errorf("%v", response.Header)
	}
	subscribed := parsed(t, feed.Bytes()).Events()
	if len(subscribed) != 2 {
		t.Fatalf("%d of one district: %s", len(subscribed), feed)
	}
	for i, v := range subscribed {
		before := c.Events()[i]
		sequence := func(v *ical.VEvent) string { return v.GetProperty(ical.ComponentPropertySequence).Value }
		if v.Id() != before.Id() || sequence(before) != "2" || sequence(v) != "4" ||
			v.GetProperty(ical.ComponentPropertyStatus).Value != "CANCELLED" ||
			v.GetProperty(ical.ComponentPropertySummary).Value != "Kväll" ||
			!strings.HasPrefix(v.GetProperty(ical.ComponentPropertyDescription).Value, "Inställt\n\nKom") {
			t.Errorf("%s", v.Serialize(&ical.SerializationConfiguration{MaxLength: 999, NewLine: "\n"}))
		}
	}
	visitor.header = http.Header{"If-None-Match": {tag}}
	again := visitor.send("GET", eventsPath+".ics?area=southern&language=sv", nil)
	_ = again.Body.Close()
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("the same again: %d", again.StatusCode)
	}
}
