package service

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
)

const duringProposing = "2026-01-15 12:00+02"

// proposing is a world with a round that takes proposals.
func proposing(t *testing.T, set ...func(*Settings)) (*world, *client) {
	t.Helper()
	w := newWorld(t, set...)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	return w, o
}

func bench(title string) api.ProposalText {
	return api.ProposalText{
		Title: &title, What: pointer("Penkki rantaan"), Why: pointer("Jalat väsyvät"), Area: pointer("southern"),
		Place: pointer("Eiranranta"), Theme: pointer("parks"),
		Point: &api.Point{Latitude: 60.153, Longitude: 24.936}, Language: pointer(api.Language("fi")),
	}
}

// ok demands a success.
func (c *client) ok(method, path string, body, out any) {
	c.t.Helper()
	if status, code := c.do(method, path, body, out); code != "" {
		c.t.Fatalf("%s %s: %d %s", method, path, status, code)
	}
}

// draft starts a proposal; submitted hands it in as well. Both give its path.
func (c *client) draft(text api.ProposalText) string {
	c.t.Helper()
	var p api.Proposal
	c.ok("POST", "/api/v1/rounds/r/proposals", text, &p)
	return fmt.Sprint("/api/v1/rounds/r/proposals/", p.Id)
}

func (c *client) submitted(text api.ProposalText) string {
	c.t.Helper()
	path := c.draft(text)
	c.ok("POST", path+"/submit", nil, nil)
	return path
}

func may(p api.Proposal) string {
	var words []string
	for _, a := range p.May {
		words = append(words, string(a))
	}
	return strings.Join(words, " ")
}

func TestAProposalsWayToTheBallot(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	author := w.as(t, person{Name: "Aino Asukas"})
	facilitator := w.facilitator(t, "southern")
	visitor := w.anonymous(t)

	path := author.draft(api.ProposalText{Title: pointer("Penkki\nrantaan")})
	var p api.Proposal
	author.ok("GET", path, nil, &p)
	if *p.Text.Title != "Penkki rantaan" || p.State != "draft" || !p.Mine || may(p) != "edit submit withdraw" ||
		p.SubmittedAt != nil {
		t.Fatalf("%+v", p)
	}
	if status, code := visitor.get(path, nil); status != http.StatusNotFound || code != "not_found" {
		t.Fatalf("a visitor gets the draft: %d %s", status, code)
	}
	status, code, fields := author.fields("POST", path+"/submit", nil)
	if status != http.StatusBadRequest || code != "invalid_request" ||
		!slices.Equal(fields, []string{"area required", "theme required", "what required"}) {
		t.Fatalf("%d %s %q", status, code, fields)
	}
	author.ok("PUT", path, api.ProposalEdit{Version: 1, Text: bench("Penkki rantaan")}, &p)
	if status, code := author.put(path, api.ProposalEdit{Version: 1, Text: bench("Pöytä rantaan")},
		nil); status != http.StatusConflict ||
		code != "edited_meanwhile" {
		t.Fatalf("%d %s", status, code)
	}
	author.ok("POST", path+"/submit", nil, nil)
	facilitator.ok("POST", path+"/take", nil, nil)
	facilitator.ok("POST", path+"/ask", api.Question{Text: "Mihin kohtaan?"}, nil)
	author.ok("GET", path, nil, &p)
	if p.Question == nil || *p.Question != "Mihin kohtaan?" || may(p) != "edit submit withdraw" {
		t.Fatalf("%+v", p)
	}
	var public string
	visitor.ok("GET", path, nil, &public)
	visitor.ok("GET", path+"/versions", nil, &public)
	if strings.Contains(public, "kohtaan") {
		t.Errorf("the question is public: %s", public)
	}
	author.ok("POST", path+"/submit", nil, nil)
	facilitator.ok("POST", path+"/take", nil, nil)
	facilitator.ok("POST", path+"/accept", api.Acceptance{
		Cost: api.Cost{
			Minimum:     100_00,
			Maximum:     200_00,
			Maintenance: 30_00,
		}, Text: &api.PublicText{Fi: "Hyvä", Sv: "Bra"},
	}, &p)
	if p.State != "accepted" || p.Answer == nil || p.Answer.Sv != "Bra" || p.Rejection != nil ||
		*p.Facilitator != "Stina Stadiluotsi" ||
		may(p) != "merge split reopen translate hide" {
		t.Fatalf("%+v", p)
	}
	official.ok("GET", path, nil, &p)
	if may(p) != "reopen translate place hide" {
		t.Fatalf("an official is told %q", may(p))
	}

	var projects []api.Project
	official.ok("POST", "/api/v1/rounds/r/projects", official.placement("r"), &projects)
	if len(projects) != 1 || projects[0].Number != 1 || projects[0].ReservedCost != 230_00 ||
		projects[0].Title.Fi != "Penkki rantaan" ||
		projects[0].Point == nil {
		t.Fatalf("%+v", projects)
	}
	imported := func(number *int, title string) api.ImportedProject {
		return api.ImportedProject{
			Number: number,
			Title:  api.Text{Fi: title},
			Area:   "southern",
			Theme:  pointer("sports"),
			Cost:   api.Cost{Maximum: 1000_00},
		}
	}
	status, code, fields = official.fields(
		"POST",
		"/api/v1/rounds/r/projects/import",
		api.ProjectImport{Projects: []api.ImportedProject{
			imported(pointer(7), "Aita"), imported(pointer(7), "Ovi"), imported(pointer(1), "Ikkuna"),
		}},
	)
	if status != http.StatusBadRequest || code != "invalid_request" ||
		!slices.Equal(fields, []string{"projects[1].number duplicate", "projects[2].number duplicate"}) {
		t.Fatalf("%d %s %q", status, code, fields)
	}
	official.ok(
		"POST",
		"/api/v1/rounds/r/projects/import",
		api.ProjectImport{
			Projects: []api.ImportedProject{imported(pointer(7), "Aita"), imported(nil, "Ängar; \"ja, muuta\"")},
		},
		&projects,
	)
	if len(projects) != 3 || projects[1].Number != 7 || projects[2].Number != 8 {
		t.Fatalf("%+v", projects)
	}
	var seen, now api.Ballot
	official.ok("GET", "/api/v1/rounds/r/ballot", nil, &seen)
	official.ok("DELETE", "/api/v1/rounds/r/projects/8?version="+url.QueryEscape(seen.Version), nil, nil)
	if status, code := official.post("/api/v1/rounds/r/projects/numbering", api.Numbering{Version: seen.Version},
		nil); status != http.StatusConflict || code != "edited_meanwhile" {
		t.Errorf("a ballot that changed since is numbered: %d %s", status, code)
	}
	official.ok("POST", "/api/v1/rounds/r/projects", official.placement("r"), &projects)
	if len(projects) != 3 || projects[2].Number != 8 {
		t.Fatalf("%+v", projects)
	}
	official.ok("GET", "/api/v1/rounds/r/ballot", nil, &now)
	official.ok("POST", "/api/v1/rounds/r/projects/numbering", api.Numbering{Version: now.Version}, &projects)
	var titles []string
	for i, p := range projects {
		if p.Number != i+1 {
			t.Errorf("number %d at %d", p.Number, i)
		}
		titles = append(titles, p.Title.Fi)
	}
	if !slices.Equal(titles, []string{"Aita", "Penkki rantaan", "Ängar; \"ja, muuta\""}) {
		t.Fatalf("%q", titles)
	}
	var one api.Project
	visitor.ok("GET", "/api/v1/rounds/r/projects/2", nil, &one)
	visitor.ok("GET", path, nil, &p)
	if *one.Proposal != p.Id || *p.Project != 2 || p.State != "on_ballot" || p.Author != "Aino A." {
		t.Fatalf("%+v\n%+v", one, p)
	}
	if strings.Contains(w.log.String(), "Aino") || strings.Contains(w.log.String(), "rantaan") {
		t.Errorf("the log knows people or texts:\n%s", w.log)
	}
}

func TestProposalsAreRefusedOverHTTP(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	author, other := w.as(t, person{Name: "Aino Asukas"}), w.as(t, person{Name: "Eino Asukas"})
	south, west := w.facilitator(t, "southern"), w.facilitator(t, "western")
	expert := w.as(t, person{Name: "Erkki Expertti", Roles: []domain.Role{domain.Expert}})
	path := author.submitted(bench("Penkki"))
	number := path[strings.LastIndexByte(path, '/')+1:]
	cost := api.Acceptance{Cost: api.Cost{Maximum: 1}}
	no := api.Rejection{Reason: "other", Text: api.PublicText{Fi: "Ei", Sv: "Nej"}}
	for _, c := range []struct {
		name   string
		client *client
		method string
		path   string
		body   any
		status int
		code   string
	}{
		{"anonymous draft", w.anonymous(t), "POST", "/api/v1/rounds/r/proposals", bench("x"), 401, "sign_in_required"},
		{
			"anonymous edit", w.anonymous(t), "PUT", path,
			api.ProposalEdit{Version: 2, Text: bench("x")},
			401,
			"sign_in_required",
		},
		{"anonymous mine", w.anonymous(t), "GET", "/api/v1/rounds/r/proposals?mine=true", nil, 401, "sign_in_required"},
		{"anonymous queue", w.anonymous(t), "GET", "/api/v1/rounds/r/queue", nil, 401, "sign_in_required"},
		{"resident queue", other, "GET", "/api/v1/rounds/r/queue", nil, 403, "not_allowed"},
		{"anonymous filters", w.anonymous(t), "GET", "/api/v1/rounds/r/queue/filters", nil, 401, "sign_in_required"},
		{
			"resident decides on many", other, "POST", "/api/v1/rounds/r/queue/decisions",
			[]byte(`{"action": "take", "proposals": [` + number + `]}`), 403, "not_allowed",
		},
		{
			"facilitator keeps the round's filter", west, "POST", "/api/v1/rounds/r/queue/filters",
			[]byte(`{"name": "A", "query": "late=yes", "shared": true}`), 403, "not_allowed",
		},
		{"no such filter", west, "DELETE", "/api/v1/rounds/r/queue/filters/99", nil, 404, "not_found"},
		{"another district's queue", west, "GET", "/api/v1/rounds/r/queue?area=southern", nil, 403, "not_allowed"},
		{"another's text", other, "PUT", path, api.ProposalEdit{Version: 2, Text: bench("x")}, 403, "not_allowed"},
		{"another's withdrawal", other, "POST", path + "/withdraw", nil, 403, "not_allowed"},
		{"author takes", author, "POST", path + "/take", nil, 403, "not_allowed"},
		{"another district", west, "POST", path + "/take", nil, 403, "not_allowed"},
		{"expert", expert, "POST", path + "/take", nil, 403, "not_allowed"},
		{"official decides", official, "POST", path + "/accept", cost, 403, "not_allowed"},
		{
			"reopen what is not decided", south, "POST", path + "/reopen", []byte(`{"text": {"fi": "Ei", "sv": "Nej"}}`),
			409, "proposal_state_forbids",
		},
		{"submit twice", author, "POST", path + "/submit", nil, 409, "proposal_state_forbids"},
		{
			"facilitator places", south, "POST", "/api/v1/rounds/r/projects",
			official.placement("r"),
			403,
			"not_allowed",
		},
		{
			"place what is not accepted", official, "POST", "/api/v1/rounds/r/projects",
			official.placement("r", 1), 409, "proposal_state_forbids",
		},
		{"no such proposal", south, "POST", "/api/v1/rounds/r/proposals/999/take", nil, 404, "not_found"},
		{"no such round", author, "GET", "/api/v1/rounds/none/proposals", nil, 404, "not_found"},
		{"no such project", author, "GET", "/api/v1/rounds/r/projects/9", nil, 404, "not_found"},
		{"unknown state", author, "GET", "/api/v1/rounds/r/proposals?state=lost", nil, 400, "invalid_request"},
		{"too many at once", author, "GET", "/api/v1/rounds/r/proposals?limit=101", nil, 400, "invalid_request"},
		{"control character", author, "POST", "/api/v1/rounds/r/proposals", bench("a\x00b"), 400, "invalid_request"},
		{
			"rejection without Swedish", south, "POST", path + "/reject", []byte(`{"reason": "other", "text": {"fi": "Ei"}}`),
			400, "invalid_request",
		},
		{
			"rejection without a known reason", south, "POST", path + "/reject",
			[]byte(`{"reason": "boring", "text": {"fi": "Ei", "sv": "Nej"}}`), 400, "invalid_request",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, code := c.client.do(c.method, c.path, c.body, nil); status != c.status || code != c.code {
				t.Errorf("%d %s, want %d %s", status, code, c.status, c.code)
			}
		})
	}
	south.ok("POST", path+"/take", nil, nil)
	for _, text := range []string{
		`{"cost": {"minimum": 2, "maximum": 1, "maintenance": 0}}`,
		`{"cost": {"minimum": 0, "maximum": 0, "maintenance": 0}}`,
		`{"cost": {"minimum": 0, "maximum": 1, "maintenance": -1}}`,
		`{"cost": {"minimum": 0, "maximum": 1, "maintenance": 9223372036854775807}}`,
		`{"cost": {"minimum": 0, "maximum": 1.5, "maintenance": 0}}`, `{"cost": {"minimum": 0, "maximum": 1}}`, `{}`,
		`{"cost": {"minimum": 0, "maximum": 1, "maintenance": 0}, "text": {"fi": "Hyvä", "sv": " "}}`,
	} {
		if status, code := south.post(path+"/accept", []byte(text), nil); status != http.StatusBadRequest ||
			code != "invalid_request" {
			t.Errorf("%s: %d %s", text, status, code)
		}
	}
	south.ok("POST", path+"/reject", no, nil)
	w.at(t, "2026-02-15 12:00+02")
	if status, code := author.post("/api/v1/rounds/r/proposals", bench("x"), nil); status != http.StatusConflict ||
		code != "phase_forbids" {
		t.Errorf("after the window: %d %s", status, code)
	}
}

// Nobody decides on her own proposal, though her district it is.
func TestNobodyDecidesInHerOwnCause(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	facilitator := w.facilitator(t, "southern")
	path := facilitator.submitted(bench("Oma penkki"))
	if status, code := facilitator.post(path+"/take", nil, nil); status != http.StatusForbidden ||
		code != "not_allowed" {
		t.Fatalf("%d %s", status, code)
	}
	colleague := w.as(
		t,
		person{Name: "Sami Stadiluotsi", Roles: []domain.Role{domain.Facilitator}, Areas: []string{"southern"}},
	)
	colleague.ok("POST", path+"/take", nil, nil)
}

func TestProposalsAreListedAndFound(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	author := w.as(t, person{Name: "Aino Asukas"})
	for _, title := range []string{"Uimahalli", "Kirjasto, \"iso\"; uusi", "🌳 Puita", "حديقة"} {
		author.submitted(bench(title))
	}
	author.draft(bench("Luonnos"))
	var page api.ProposalPage
	var seen []string
	for query := "limit=3"; ; query = fmt.Sprint("limit=3&before=", *page.Next) {
		page = api.ProposalPage{}
		w.anonymous(t).ok("GET", "/api/v1/rounds/r/proposals?"+query, nil, &page)
		for _, p := range page.Proposals {
			seen = append(seen, *p.Text.Title)
		}
		if page.Total != 4 {
			t.Errorf("total %d", page.Total)
		}
		if page.Next == nil {
			break
		}
	}
	if !slices.Equal(seen, []string{"حديقة", "🌳 Puita", "Kirjasto, \"iso\"; uusi", "Uimahalli"}) {
		t.Fatalf("%q", seen)
	}
	for query, want := range map[string]int{
		"q=kirjastot": 1, "q=%F0%9F%8C%B3": 1, "area=western": 0, "theme=parks": 4,
		"state=submitted": 4, "state=draft": 0, "mine=true": 5,
	} {
		author.ok("GET", "/api/v1/rounds/r/proposals?"+query, nil, &page)
		if page.Total != want || len(page.Proposals) != want {
			t.Errorf("%s: %d", query, page.Total)
		}
	}
	w.facilitator(t, "southern", "western").ok("GET", "/api/v1/rounds/r/queue?state=submitted", nil, &page)
	if page.Total != 4 || *page.Proposals[0].Text.Title != "Uimahalli" ||
		may(page.Proposals[0]) != "take ask reject accept refer merge split correct hide" {
		t.Errorf("%+v", page)
	}
}

// byDay are the projects' numbers in the list of proposals, in the day's order.
func byDay(t *testing.T, visitor *client) (numbers []int) {
	t.Helper()
	for offset := int64(0); ; {
		var page api.ProposalPage
		visitor.ok("GET", fmt.Sprintf("/api/v1/rounds/r/proposals?order=day&limit=17&offset=%d", offset), nil, &page)
		for _, p := range page.Proposals {
			numbers = append(numbers, *p.Project)
		}
		if page.Next == nil {
			return numbers
		}
		offset = *page.Next
	}
}

func TestProjectsAreCachedForTheDay(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	var ready []api.ImportedProject
	for i := range 40 {
		ready = append(
			ready,
			api.ImportedProject{
				Title: api.Text{Fi: fmt.Sprint("Hanke ", i)},
				Area:  "southern",
				Cost:  api.Cost{Maximum: 1000},
			},
		)
	}
	official.ok("POST", "/api/v1/rounds/r/projects/import", api.ProjectImport{Projects: ready}, nil)
	visitor := w.anonymous(t)
	read := func(moment string) (order []int, tag, control string) {
		w.at(t, moment)
		response := visitor.send("GET", "/api/v1/rounds/r/projects", nil)
		_ = response.Body.Close()
		var projects []api.Project
		visitor.ok("GET", "/api/v1/rounds/r/projects", nil, &projects)
		for _, p := range projects {
			order = append(order, p.Number)
		}
		if listed := byDay(t, visitor); !slices.Equal(listed, order) {
			t.Errorf("the list's order of the day: got %v, want the ballot's %v", listed, order)
		}
		return order, response.Header.Get("ETag"), response.Header.Get("Cache-Control")
	}
	morning, tag, control := read("2026-01-15 00:00+02")
	evening, again, _ := read("2026-01-15 23:59:59+02")
	tomorrow, other, _ := read("2026-01-16 00:00+02")
	if control != "no-cache" || tag == "" || tag != again || tag == other || !slices.Equal(morning, evening) ||
		slices.Equal(morning, tomorrow) {
		t.Errorf("%s %s %s %s\n%v\n%v\n%v", control, tag, again, other, morning, evening, tomorrow)
	}
	for sent, want := range map[string]int{
		other: 304, "W/" + other: 304, `"x", ` + other: 304, "*": 304, tag: 200,
		`"x"`: 200,
	} {
		visitor.header = http.Header{"If-None-Match": {sent}}
		response := visitor.send("GET", "/api/v1/rounds/r/projects", nil)
		_ = response.Body.Close()
		if response.StatusCode != want || response.Header.Get("ETag") != other {
			t.Errorf("If-None-Match %s: %d with %s", sent, response.StatusCode, response.Header.Get("ETag"))
		}
	}
	visitor.header = nil
	if _, err := w.office.Owner.Exec("UPDATE round SET phase = 'vetting'"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.Owner.Exec("UPDATE round SET phase = 'frozen', freeze_decision = '§ 1'"); err != nil {
		t.Fatal(err)
	}
	if _, _, control := read("2026-04-15 12:00+03"); control != "public, max-age=60" {
		t.Errorf("by day: %s", control)
	}
	if _, _, control := read("2026-04-15 23:59:50+03"); control != "public, max-age=10" {
		t.Errorf("before midnight: %s", control)
	}
	var whole []api.Project
	visitor.ok("GET", "/api/v1/rounds/r/projects?area=western", nil, &whole)
	if len(whole) != 0 || whole == nil {
		t.Errorf("%v", whole)
	}
}
