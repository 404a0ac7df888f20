package service

import (
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/handlers"
	"osbu/handlers/api"
)

// Where what is refused is tested:
//
//	other roles and districts, other people's drafts  here, for every address
//	other phases                                      TestTheBallotStandsStill here; sql/office: refusal_test.go
//	hidden comments                                   TestStoredScriptStaysText here; sql/office: comment_test.go
//	attachments of unpublished proposals              images_test.go
//	SVG, oversized and truncated images               images_test.go; domain/picture
//	stored and reflected script                       TestStoredScriptStaysText here; the pages' policy:
//	                                                  handlers/pages_test.go; no page writes markup: frontend's
//	                                                  eslint
//	formulas in CSV and workbooks                     open_test.go; domain/sheet
//	zip bombs                                         domain/sheet
//	malformed, oversized and endless requests         contract_test.go

// The operations that answer with more than a refusal, by who asks; all others
// refuse her. A new one is refused to all of these unless it is named here.
var (
	// to visitors
	open = strings.Fields(
		`addCosignature askUnsubscription getArea getFund listDeliveries openDeliveriesCsv openDeliveriesOc4ids openDeliveriesXlsx
		openDeliveriesGeoJson openDeliveriesAtom openDeliveriesIcs getCatalogue openCatalogue beginSignIn castBallot
		confirmMailbox explainResults finishSignIn getCalendar
		getCheckpoint getCity getConsistency getEvent getEventCalendar getImage getInterest getManifest leaveKiosk
		listHelpers startKiosk
		getMap getNumbers getNumbersCSV getNumbersXLSX getProject getProposal getReceipt getRecord getResults getRound
		getSession getStatistics getStatisticsCSV getStatisticsXLSX getTies keyBatch compareBatch sealBatch listComments
		listComparisons listEvents listImages listPresets listProjects listProposalVersions
		listProposals listRounds listSimilar openAtom openCsv openGeoJson openJson openXlsx signOut unsubscribe`,
	)
	// to residents in what is not theirs
	residents = strings.Fields(
		`addComment answerInvitation claimProposal draftProposal enquire erasePerson exportPerson followProposal forgetMailbox
		askReminders getReminders getInvitation getMailbox getRights updateMailbox leaveSeat reportComment supportProposal
		takeSeat reportProposal unfollowProposal unsupportProposal listSessions listLookUps signOutElsewhere`,
	)
	// to a facilitator, of another district's
	facilitators = strings.Fields(
		`decideProposals exportContacts exportQueue getDesk getDeskOverview getDeskWork getEquality getEqualityCSV getEqualityXLSX importAssisted
		listContacts listDeskEvents listEnquiries
		listMerges listQueue listQueueFilters listReported listReportedProposals listAssisted getAssistedTemplate
		listTranslations getTranslationSheet importTranslations`,
	)
	// to an officer, of places that are not hers
	officers = []string{"listPlaces", "listBatches"}
	// to an expert, of what was not sent to her division
	experts = strings.Fields(`exportQueue getDesk getDeskWork liftConflict listMerges listMyDeliveries listQueue listQueueFilters addConflict`)
)

// refused is a world with everything that somebody might reach for: Aino's
// draft 1, her proposal 2 in the south, which is being evaluated, a comment on
// it that is hidden, another proposal 3, an event's draft 1 and an announced
// event 2. The facilitator of the south.
func refused(t *testing.T) (w *world, aino, stina *client) {
	t.Helper()
	w = newWorld(t, func(s *Settings) {
		s.LimitSession, s.LimitAddress, s.LimitComment = handlers.Rate{}, handlers.Rate{}, handlers.Rate{}
	})
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	aino, stina = w.as(t, person{Name: "Aino Asukas"}), w.facilitator(t, "southern")
	aino.draft(bench("Luonnos"))
	path := aino.submitted(bench("Penkki"))
	aino.submitted(bench("Pöytä"))
	stina.ok("POST", path+"/take", nil, nil)
	aino.ok("POST", path+"/comments", api.NewComment{Text: "Hei", Language: "fi"}, nil)
	stina.ok("POST", "/api/v1/rounds/r/comments/1/hide", api.Hiding{Reason: "other"}, nil)
	stina.ok("POST", eventsPath, evening("Luonnos", 5, 20), nil)
	stina.announced(evening("Ilta", 5, 20))
	return w, aino, stina
}

// request is one that breaks no rule of shape.
func (o operation) request() any {
	if o.body == nil {
		return nil
	}
	round, projects := byHand("another")
	switch o.id {
	case "createRound":
		return round
	case "changeSettings":
		return api.SettingsChange{Settings: *round.Settings, Version: "seen", Reason: "x"}
	case "importProjects":
		return projects
	case "addAssisted":
		return assistedBench(false)
	case "editAssisted":
		return api.AssistedChange{Assisted: assistedBench(true).Assisted, Version: 1}
	case "assignProposals":
		return api.Assignment{Proposals: []int64{2}}
	case "referProposals":
		return api.Referral{Proposals: []int64{2}, Division: "environment"}
	case "proposeMerge":
		return api.NewMerge{Kind: "merge", Proposals: []int64{2, 3}, Into: pointer(int64(2))}
	case "addConflict":
		return api.NewConflict{Proposals: []int64{2, 3}, Reason: api.PublicText{Fi: "Sama paikka", Sv: "Samma plats"}}
	}
	return valid(o.body)
}

func TestOthersAreRefusedAtEveryAddress(t *testing.T) {
	t.Parallel()
	w, aino, _ := refused(t)
	there := map[string]string{"round": "r", "proposal": "2", "comment": "1", "event": "2"}
	var before, after api.Proposal
	aino.ok("GET", "/api/v1/rounds/r/proposals/2", nil, &before)
	for _, who := range []struct {
		name string
		*client
		may [][]string
	}{
		{"visitor", w.anonymous(t), [][]string{open}},
		{"resident", w.as(t, person{Name: "Eino Asukas"}), [][]string{open, residents}},
		{
			"Stadiluotsi of the west",
			w.as(t, person{Name: "Ville", Roles: []domain.Role{domain.Facilitator}, Areas: []string{"western"}}),
			[][]string{open, residents, facilitators},
		},
		{
			"Stadiluotsi of nowhere", w.as(t, person{Name: "Nella", Roles: []domain.Role{domain.Facilitator}}),
			[][]string{open, residents, facilitators},
		},
		{
			"officer of no place", w.as(t, person{Name: "Olga", Roles: []domain.Role{domain.Officer}}),
			[][]string{open, residents, officers},
		},
		{
			"help desk", w.as(t, person{Name: "Tuija", Roles: []domain.Role{domain.HelpDesk}}),
			[][]string{open, residents, {"lookUpPerson"}},
		},
		{"expert of another division", w.expert(t, "sports"), [][]string{open, residents, experts}},
	} {
		for _, o := range operations(t) {
			if slices.ContainsFunc(who.may, func(may []string) bool { return slices.Contains(may, o.id) }) {
				continue
			}
			status, code := who.do(o.method, o.address(there), o.request(), nil)
			want := []int{http.StatusForbidden, http.StatusNotFound}
			if who.token == "" {
				want = []int{http.StatusUnauthorized, http.StatusNotFound}
			}
			if !slices.Contains(want, status) {
				t.Errorf("%s: %s (%s %s): %d %s", who.name, o.id, o.method, o.path, status, code)
			}
		}
	}
	aino.ok("GET", "/api/v1/rounds/r/proposals/2", nil, &after)
	if !reflect.DeepEqual(before, after) {
		t.Errorf("the proposal was %+v and is %+v", before, after)
	}
}

// Nobody but its author can tell a draft from a proposal that is not there,
// whatever she asks.
func TestADraftIsNotThere(t *testing.T) {
	t.Parallel()
	w, _, stina := refused(t)
	for name, c := range map[string]*client{
		"visitor": w.anonymous(t), "resident": w.as(t, person{Name: "Eino Asukas"}), "Stadiluotsi": stina,
		"expert": w.expert(t, "parks"), "official": w.official(t),
	} {
		for _, o := range operations(t) {
			if !strings.Contains(o.path, "{proposal}") {
				continue
			}
			status, code := c.do(
				o.method,
				o.address(map[string]string{"round": "r", "proposal": "1"}),
				o.request(),
				nil,
			)
			nothing, why := c.do(
				o.method,
				o.address(map[string]string{"round": "r", "proposal": "999"}),
				o.request(),
				nil,
			)
			if status < 400 || status != nothing || code != why {
				t.Errorf("%s: %s: %d %s for a draft, %d %s for nothing", name, o.id, status, code, nothing, why)
			}
		}
		for _, list := range []string{
			"proposals", "proposals?q=luonnos", "similar?text=luonnos", "queue", "proposals.json",
			"proposals.csv", "proposals.xlsx", "proposals.atom", "proposals.geojson",
		} {
			var text string
			if c.get("/api/v1/rounds/r/"+list, &text); strings.Contains(text, "Luonnos") {
				t.Errorf("%s finds a draft in %s", name, list)
			}
		}
	}
}

// What somebody writes comes back as the text it is: as data of a kind that no
// browser runs, never within a page or a problem.
func TestStoredScriptStaysText(t *testing.T) {
	t.Parallel()
	w, aino, stina := refused(t)
	const script = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	text := bench(script)
	text.What, text.Why, text.Place = pointer(script), pointer(script), pointer(script)
	path := aino.submitted(text)
	aino.ok("POST", path+"/comments", api.NewComment{Text: script, Language: "fi"}, nil)
	stina.ok("POST", path+"/case/notes", api.NewNote{Text: script}, nil)
	meeting := stina.announced(evening(script, 5, 20))
	visitor, shown := w.anonymous(t), 0
	for _, address := range []string{
		path, path + "/versions", path + "/comments", path + "/case", meeting, meeting + "/calendar.ics", eventsPath,
		eventsPath + ".ics", "/api/v1/rounds/r/proposals", "/api/v1/rounds/r/queue",
		"/api/v1/rounds/r/proposals.json", "/api/v1/rounds/r/proposals.csv", "/api/v1/rounds/r/proposals.atom",
		"/api/v1/rounds/r/proposals.xlsx",
		"/api/v1/rounds/r/proposals.geojson",
		// reflected
		"/api/v1/rounds/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
		"/api/v1/rounds/r/proposals?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
		"/api/v1/rounds/r/proposals?area=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
		"/api/v1/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/fi/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
	} {
		for _, c := range []*client{visitor, stina} {
			response := c.send("GET", address, nil)
			body, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			kind, header := response.Header.Get("Content-Type"), response.Header
			if strings.Contains(string(body), "alert(") {
				shown++
				for _, markup := range []string{"text/html", "image/svg+xml", "text/xml", "application/xhtml+xml", "javascript"} {
					if strings.HasPrefix(kind, markup) {
						t.Errorf("%s comes as %s", address, kind)
					}
				}
			}
			if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s: %v", address, header)
			}
			if strings.Contains(kind, "atom") && strings.Contains(string(body), "<script") {
				t.Errorf("%s holds markup", address)
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d answers held the text", shown)
	}
	var said string
	if visitor.ok("GET", "/api/v1/rounds/r/proposals/2/comments", nil, &said); strings.Contains(said, "Hei") {
		t.Errorf("a hidden comment is shown: %s", said)
	}
}

// From the freeze on nothing that anybody asks for changes what a proposal
// says, what it costs or what lies on the ballot.
func TestTheBallotStandsStill(t *testing.T) {
	t.Parallel()
	w, aino, stina := refused(t)
	o := w.official(t)
	stina.ok(
		"POST",
		"/api/v1/rounds/r/proposals/2/accept",
		api.Acceptance{Cost: api.Cost{Minimum: 1000, Maximum: 2000}},
		nil,
	)
	var r api.Round
	o.ok("GET", "/api/v1/rounds/r", nil, &r)
	var projects api.ProjectImport
	for _, a := range r.Settings.Areas {
		projects.Projects = append(
			projects.Projects,
			api.ImportedProject{Title: api.Text{Fi: "Hanke"}, Area: a.Id, Cost: api.Cost{Maximum: 1000}},
		)
	}
	aino.ok("POST", "/api/v1/rounds/r/proposals/3/withdraw", nil, nil)
	w.take(t, o, "r", "vet")
	o.ok("POST", "/api/v1/rounds/r/projects", o.placement("r", 2), nil)
	o.ok("POST", "/api/v1/rounds/r/projects/import", projects, nil)
	o.ok("POST", "/api/v1/rounds/r/codes", api.CodesRequest{Count: 1, Label: "codes"}, nil)
	w.take(t, o, "r", "freeze")
	state := func() (text string) {
		for _, address := range []string{"projects", "proposals.json"} {
			var part string
			w.anonymous(t).ok("GET", "/api/v1/rounds/r/"+address, nil, &part)
			text += part
		}
		return text
	}
	before := state()
	for name, c := range map[string]*client{
		"author": aino, "Stadiluotsi": stina, "expert": w.expert(t, "parks"),
		"official": o,
	} {
		for _, op := range operations(t) {
			if op.method == http.MethodGet ||
				slices.Contains(
					[]string{"signOut", "takeStep", "withdrawProposal", "castBallot"},
					op.id,
				) { // a withdrawal is told, and changes no text
				continue
			}
			for _, proposal := range []string{"1", "2"} {
				c.do(
					op.method,
					op.address(map[string]string{"round": "r", "proposal": proposal, "comment": "1", "event": "2"}),
					op.request(),
					nil,
				)
			}
			if after := state(); after != before {
				t.Fatalf("%s: %s changed\n%s\nto\n%s", name, op.id, before, after)
			}
		}
	}
}
