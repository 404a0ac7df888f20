package service

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/handlers/api"
)

// newRound is a preset's round in 2026: proposals in January, vetting in
// February and March, the vote from 2 to 16 May, Helsinki time.
func newRound(id string, preset api.NewRoundPreset) api.NewRound {
	at := func(text string) time.Time {
		when, err := time.Parse("2006-01-02 15:04-07", text)
		if err != nil {
			panic(err)
		}
		return when
	}
	return api.NewRound{
		Id: id, Name: api.Text{Fi: "OmaStadi", Sv: pointer("OmaStadi")}, Preset: &preset,
		Times: api.Times{
			Proposing: api.Window{Opens: at("2026-01-01 00:00+02"), Closes: at("2026-02-01 00:00+02")},
			Vetting:   api.Window{Opens: at("2026-02-01 00:00+02"), Closes: at("2026-04-01 00:00+03")},
			Voting:    api.Window{Opens: at("2026-05-02 00:00+03"), Closes: at("2026-05-16 20:00+03")},
		},
	}
}

func pointer[T any](v T) *T { return &v }

func (c *client) createRound(id string, preset api.NewRoundPreset) api.Round {
	c.t.Helper()
	var r api.Round
	if status, code := c.post("/api/v1/rounds", newRound(id, preset), &r); status != http.StatusCreated {
		c.t.Fatalf("create %s: %d %s", id, status, code)
	}
	return r
}

// step takes a step and demands that it succeeds.
func (c *client) step(id string, step api.Step) api.Round {
	c.t.Helper()
	var r api.Round
	request := c.shown(id, step)
	if status, code := c.post("/api/v1/rounds/"+id+"/steps", request, &r); status != http.StatusOK {
		c.t.Fatalf("%s: %d %s", step, status, code)
	}
	return r
}

// placement puts proposals on the ballot as an official reads it now.
func (c *client) placement(id string, proposals ...int64) api.Placement {
	c.t.Helper()
	var ballot api.Ballot
	c.ok("GET", "/api/v1/rounds/"+id+"/ballot", nil, &ballot)
	return api.Placement{Proposals: append([]int64{}, proposals...), Version: ballot.Version}
}

// shown is a step as an official takes it who was shown the next one and
// accepts all its warnings.
func (c *client) shown(id string, step api.Step) api.StepRequest {
	c.t.Helper()
	var next api.NextStep
	if status, code := c.get("/api/v1/rounds/"+id+"/steps", &next); status != http.StatusOK {
		c.t.Fatalf("the next step of %s: %d %s", id, status, code)
	}
	accepted := []api.Warning{}
	for _, w := range next.Warnings {
		accepted = append(accepted, w.Code)
	}
	request := api.StepRequest{
		Step: step, Decision: pointer("HEL 2026-000123"), Reason: pointer("test"), Version: next.Version, Accepted: &accepted,
		Copies: pointer("IT, 1.12.2026"), Missing: pointer("missing"),
	}
	if s := next.Fixes.Round.Settings.Sealing; s != nil && s.Trustees > 1 {
		private, err := trusteesKey().Bytes()
		if err != nil {
			c.t.Fatal(err)
		}
		switch step {
		case "freeze":
			request.SealingKey = pointer(base64.StdEncoding.EncodeToString(trusteesKey().Public()))
			request.SealingTrial = c.openedTrial(id, *request.SealingKey)
		case "count":
			request.OpeningKey = pointer(base64.StdEncoding.EncodeToString(private))
		}
	}
	return request
}

// openedTrial opens the test text that the service seals for the trustees' key;
// of a round that is not to be frozen next there is none.
func (c *client) openedTrial(id, public string) *api.OpenedTrial {
	c.t.Helper()
	var trial api.SealingTrial
	path := "/api/v1/rounds/" + id + "/sealing-trial"
	status, code := c.post(path, api.SealingTrialRequest{SealingKey: public}, &trial)
	if code == string(domain.CodePhase) {
		return nil
	}
	if status != http.StatusOK {
		c.t.Fatalf("the trial of %s: %d %s", id, status, code)
	}
	sealed, err := base64.StdEncoding.DecodeString(trial.Sealed)
	if err != nil {
		c.t.Fatal(err)
	}
	opened, err := trusteesKey().OpenBytes(id, "trial", make([]byte, 32), sealed)
	if err != nil {
		c.t.Fatal(err)
	}
	return &api.OpenedTrial{Trial: trial.Trial, Opened: base64.StdEncoding.EncodeToString(opened)}
}

// trusteesKey is the one that the trustees of every sealed round share.
var trusteesKey = sync.OnceValue(func() ballot.OpeningKey {
	key, err := ballot.GenerateOpeningKey()
	if err != nil {
		panic(err)
	}
	return key
})

func TestPresets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.official(t)
	modern := c.createRound("r4", "helsinki-2026")
	var total int64
	for _, a := range modern.Settings.Areas {
		total += a.Pot
	}
	if total != 10_000_000_00 || len(modern.Settings.Areas) != 7 || modern.Settings.Areas[0].Pot != 1_868_353_00 {
		t.Errorf("helsinki-2026: %d cents in %d areas", total, len(modern.Settings.Areas))
	}
	if p := modern.Settings.Papers; len(p) != 1 || len(p[0].Areas) != 7 ||
		p[0].Form != (api.Form{Kind: "approval", Min: 1, Max: 5}) {
		t.Errorf("helsinki-2026: papers %+v", p)
	}
	old := c.createRound("r2", "helsinki-2021")
	total = 0
	for _, a := range old.Settings.Areas {
		total += a.Pot
	}
	wide := old.Settings.Areas[7]
	if total != 8_800_000_00 || !wide.Citywide || wide.Pot != 1_760_000_00 || len(old.Settings.Papers) != 2 {
		t.Errorf("helsinki-2021: %d cents, whole city %d", total, wide.Pot)
	}
	if e := old.Settings.Eligibility; e.Age != 12 || e.Moment != "calendar-year" {
		t.Errorf("helsinki-2021: %+v", e)
	}
}

func TestRoundByHandSplitsItsTotal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := newRound("hand", "")
	body.Preset = nil
	body.Settings = &api.RoundSettings{
		Areas: []api.Area{
			{Id: "a", Name: api.Text{Fi: "A"}, Population: 3, PostalCodes: []string{}},
			{Id: "b", Name: api.Text{Fi: "B"}, Population: 3, PostalCodes: []string{"00100"}},
			{Id: "c", Name: api.Text{Fi: "C"}, Population: 1, PostalCodes: []string{}},
		},
		Papers: []api.Paper{
			{
				Id:    "p",
				Name:  api.Text{Fi: "P"},
				Areas: []string{"a", "b", "c"},
				Form:  api.Form{Kind: "knapsack", Min: 0, Max: 9},
			},
		},
		Rule: api.Rule{Rule: "equal-shares", Completion: pointer(api.RuleCompletion("add1int-utilitarian"))},
		Eligibility: api.Eligibility{
			Moment:         "voting",
			Municipalities: []string{},
		}, FinalBallots: true, Themes: []api.Theme{}, Total: pointer(int64(100_00)),
	}
	var r api.Round
	if status, code := w.official(t).post("/api/v1/rounds", body, &r); status != http.StatusCreated {
		t.Fatal(status, code)
	}
	var pots []int64
	for _, a := range r.Settings.Areas {
		pots = append(pots, a.Pot)
	}
	if !slices.Equal(pots, []int64{43_00, 43_00, 14_00}) {
		t.Error(pots)
	}
	body.Id = "bad"
	body.Settings.Areas[1].Id = "a"
	body.Settings.Papers[0].Areas = []string{"a", "nowhere"}
	body.Settings.Rule.Rule = "greedy"
	status, code, fields := w.official(t).fields(http.MethodPost, "/api/v1/rounds", body)
	want := []string{
		"settings.areas[1].id duplicate", "settings.areas[2].id not_allowed", "settings.papers[0].areas[1] unknown",
		"settings.rule.completion not_allowed",
	}
	if status != http.StatusBadRequest || code != "invalid_request" || !slices.Equal(fields, want) {
		t.Errorf("%d %s %q", status, code, fields)
	}
}

// Nobody but an official sets a round up or moves it on, and a draft is nobody
// else's to see.
func TestRoundsAreForOfficials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	official := w.official(t)
	official.createRound("r", "helsinki-2026")
	var r api.Round
	if status, _ := official.get("/api/v1/rounds/r", &r); status != http.StatusOK {
		t.Fatal(status)
	}
	others := map[string]*client{
		"visitor":     w.anonymous(t),
		"resident":    w.as(t, person{Name: "Risto Resident"}),
		"facilitator": w.facilitator(t, "central"),
		"expert":      w.as(t, person{Name: "Eija Expert", Roles: []domain.Role{domain.Expert}}),
	}
	for name, c := range others {
		refused, refusal := http.StatusForbidden, "not_allowed"
		if name == "visitor" {
			refused, refusal = http.StatusUnauthorized, "sign_in_required"
		}
		for _, call := range []struct {
			method, path string
			body         any
		}{
			{http.MethodPost, "/api/v1/rounds", newRound("mine", "helsinki-2026")},
			{
				http.MethodPut, "/api/v1/rounds/r/settings",
				api.SettingsChange{Settings: r.Settings, Version: r.Versions.Settings, Reason: "why not"},
			},
			{
				http.MethodPut, "/api/v1/rounds/r/times",
				api.TimesChange{Times: r.Times, Version: r.Versions.Times, Reason: "why not"},
			},
			{http.MethodPut, "/api/v1/rounds/r", api.Naming{Name: r.Name, Version: r.Versions.Name, Reason: "why not"}},
			{http.MethodDelete, "/api/v1/rounds/r", nil},
			{http.MethodGet, "/api/v1/rounds/r/steps", nil},
			{http.MethodPost, "/api/v1/rounds/r/steps", api.StepRequest{Step: "propose", Version: "seen"}},
			{http.MethodGet, "/api/v1/rounds/r/audit", nil},
		} {
			if status, code := c.do(call.method, call.path, call.body, nil); status != refused || code != refusal {
				t.Errorf("%s: %s %s: %d %s", name, call.method, call.path, status, code)
			}
		}
		if status, code := c.get("/api/v1/rounds/r", nil); status != http.StatusNotFound || code != "not_found" {
			t.Errorf("%s sees a draft: %d %s", name, status, code)
		}
		var list []api.Round
		if c.get("/api/v1/rounds", &list); len(list) != 0 {
			t.Errorf("%s sees %d drafts in the list", name, len(list))
		}
	}
}

func TestStepsAreTakenInOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.official(t)
	c.createRound("r", "helsinki-2026")
	for _, step := range []api.Step{"vet", "freeze", "open", "close", "count", "confirm", "publish", "archive"} {
		request := c.shown("r", step)
		if status, code := c.post("/api/v1/rounds/r/steps", request, nil); status != http.StatusConflict ||
			code != "phase_forbids" {
			t.Errorf("%s in a draft: %d %s", step, status, code)
		}
	}
	c.step("r", "propose")
	if r := c.step("r", "propose"); r.Phase != "proposing" {
		t.Errorf("the same step again: %s", r.Phase)
	}
	c.step("r", "vet")
	if status, code, fields := c.fields(http.MethodPost, "/api/v1/rounds/r/steps",
		api.StepRequest{Step: "freeze", Version: "seen"}); status != http.StatusBadRequest ||
		code != "decision_required" ||
		!slices.Equal(fields, []string{"decision required"}) {
		t.Errorf("a freeze without a decision: %d %s %q", status, code, fields)
	}
	freeze := c.shown("r", "freeze")
	if status, code := c.post("/api/v1/rounds/r/steps", freeze, nil); status != http.StatusConflict ||
		code != "step_blocked" {
		t.Errorf("a freeze of an empty ballot: %d %s", status, code)
	}
	var next api.NextStep
	c.get("/api/v1/rounds/r/steps", &next)
	if *next.Step != "freeze" || len(next.Blockers) != 2 || next.Blockers[0].Code != "no_projects" ||
		next.Blockers[1].Code != "no_roll" {
		t.Errorf("%+v", next)
	}
	var log []api.AuditEntry
	c.get("/api/v1/rounds/r/audit", &log)
	var actions []string
	for _, e := range log {
		actions = append(actions, e.Action)
	}
	if fmt.Sprint(actions) != "[vet propose create]" {
		t.Errorf("the audit log holds %v", actions)
	}
	c.get("/api/v1/rounds/r/audit?action=vet&actor="+url.QueryEscape(log[0].Actor), &log)
	if len(log) != 1 || log[0].Action != "vet" {
		t.Errorf("narrowed, the audit log holds %+v", log)
	}
	var file string
	c.ok("GET", "/api/v1/rounds/r/audit/export?format=csv&language=sv&part=areas", nil, &file)
	for _, want := range []string{`"Åtgärd"`, `"Omgången skapad"`, `"Områden · southern · Pengar, euro"`, `"1868353,00"`} {
		if !strings.Contains(file, want) {
			t.Errorf("the file has no %s:\n%.2000s", want, file)
		}
	}
	if strings.Contains(file, "Överförd") {
		t.Errorf("the file is not narrowed:\n%.2000s", file)
	}
	var choices api.AuditChoices
	c.get("/api/v1/rounds/r/audit/choices", &choices)
	if fmt.Sprint(choices.Actions) != "[create propose vet]" || len(choices.Actors) != 1 || choices.Actors[0].Name == nil {
		t.Errorf("the choices are %+v", choices)
	}
}

func TestTimesMoveWithAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.official(t)
	r := c.createRound("r", "helsinki-2026")
	r.Times.Voting.Closes = r.Times.Voting.Closes.Add(24 * time.Hour)
	if status, code, fields := c.fields(http.MethodPut, "/api/v1/rounds/r/times",
		api.TimesChange{Times: r.Times, Version: r.Versions.Times}); status != http.StatusBadRequest {
		t.Errorf("without a reason: %d %s %q", status, code, fields)
	}
	var moved api.Round
	if status, code := c.put("/api/v1/rounds/r/times",
		api.TimesChange{Times: r.Times, Version: r.Versions.Times, Reason: "the service was down"},
		&moved); status != http.StatusOK {
		t.Fatal(status, code)
	}
	if !moved.Times.Voting.Closes.Equal(r.Times.Voting.Closes) {
		t.Errorf("closes at %s", moved.Times.Voting.Closes)
	}
	r.Times.Voting.Opens = r.Times.Vetting.Opens
	if status, _, fields := c.fields(http.MethodPut, "/api/v1/rounds/r/times",
		api.TimesChange{Times: r.Times, Version: moved.Versions.Times, Reason: "no"}); status != http.StatusBadRequest ||
		!slices.Equal(fields, []string{"times.voting.opens before_vetting_ends"}) {
		t.Errorf("voting before vetting is over: %d %q", status, fields)
	}
}

// Times that no calendar of a city needs are refused before the database meets
// them.
func TestTimesLieInOurCentury(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.official(t)
	for _, year := range []int{0, 1999, 2101, 9999} {
		r := newRound("far", "helsinki-2026")
		r.Times.Proposing.Opens = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		if year > 2026 {
			r.Times.Voting.Closes = r.Times.Proposing.Opens
			r.Times.Proposing.Opens = newRound("", "").Times.Proposing.Opens
		}
		if status, code, fields := c.fields(http.MethodPost, "/api/v1/rounds", r); status != http.StatusBadRequest ||
			len(fields) != 1 {
			t.Errorf("year %d: %d %s %q", year, status, code, fields)
		}
	}
}

// A facilitator whose districts nobody has named has an empty queue, not a
// fault.
func TestQueueOfAFacilitatorWithoutDistricts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.official(t).createRound("r", "helsinki-2026")
	w.official(t).step("r", "propose")
	var page api.ProposalPage
	if status, code := w.facilitator(t).get("/api/v1/rounds/r/queue", &page); status != http.StatusOK ||
		len(page.Proposals) != 0 {
		t.Errorf("%d %s", status, code)
	}
}

// A district that proposals lie in cannot go, and the list it was in says so.
func TestAreaInUseStays(t *testing.T) {
	t.Parallel()
	w, _, _ := refused(t)
	official := w.official(t)
	var r api.Round
	if status, code := official.get("/api/v1/rounds/r", &r); status != http.StatusOK {
		t.Fatal(status, code)
	}
	at := slices.IndexFunc(r.Settings.Areas, func(a api.Area) bool { return a.Id == "southern" })
	if at < 0 {
		t.Fatal("no southern area")
	}
	change := api.SettingsChange{Settings: r.Settings, Version: r.Versions.Settings, Reason: "fewer districts"}
	change.Settings.Areas = slices.Delete(slices.Clone(r.Settings.Areas), at, at+1)
	for i, paper := range change.Settings.Papers {
		change.Settings.Papers[i].Areas = slices.DeleteFunc(
			slices.Clone(paper.Areas),
			func(id string) bool { return id == "southern" },
		)
	}
	status, code, fields := official.fields(http.MethodPut, "/api/v1/rounds/r/settings", change)
	if status != http.StatusConflict || code != "invalid_request" || !slices.Equal(fields, []string{"settings.areas in_use"}) {
		t.Errorf("got %d %s %q", status, code, fields)
	}
}

// A copy begins with the settings and the desk of a round, and with nothing
// that happened in it.
func TestARoundIsCopied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.official(t)
	body, _ := byHand("first")
	body.Settings.Rule.Exclusive = &[][]int{{1, 2}}
	body.Settings.Areas[0].Rule.Exclusive = &[][]int{{3, 4}}
	c.created(body)
	var desk api.Desk
	c.ok("GET", "/api/v1/rounds/first/desk", nil, &desk)
	desk.Checklist = desk.Checklist[:1]
	desk.Checklist[0].Text.Fi = "Onko paikka kaupungin?"
	c.ok("PUT", "/api/v1/rounds/first/desk", api.DeskChange{
		Version: desk.Version, Checklist: desk.Checklist, Templates: desk.Templates, Divisions: desk.Divisions,
	}, nil)
	c.step("first", "propose")

	copying := newRound("second", "")
	copying.Preset, copying.Copy = nil, pointer("first")
	copying.Name = api.Text{Fi: "Toinen", Sv: pointer("Andra")}
	second := c.created(copying)
	want := *body.Settings
	want.Rule.Exclusive = nil
	if second.Phase != "draft" || second.Name.Fi != "Toinen" || second.Rehearsal ||
		second.Settings.Rule.Exclusive != nil || second.Settings.Areas[0].Rule.Exclusive != nil ||
		second.Settings.OpeningsFrom != want.OpeningsFrom || len(second.Settings.Areas) != len(want.Areas) ||
		second.Settings.Areas[6].Pot != want.Areas[6].Pot {
		t.Errorf("the copy is %+v", second)
	}
	var copied, kept api.Desk
	c.ok("GET", "/api/v1/rounds/second/desk", nil, &copied)
	c.ok("GET", "/api/v1/rounds/first/desk", nil, &kept)
	if !reflect.DeepEqual(copied, kept) || len(copied.Checklist) != 1 {
		t.Errorf("the desk was %+v and the copy's is %+v", kept, copied)
	}
	var log []api.AuditEntry
	c.ok("GET", "/api/v1/rounds/second/audit", nil, &log)
	if len(log) != 1 || log[0].Action != "create" || !strings.Contains(log[0].Details, `"copy":"first"`) {
		t.Errorf("the audit log says %+v", log)
	}

	// Settings that are given go before the other round's; the desk comes all the
	// same.
	copying.Id, copying.Settings = "third", body.Settings
	if third := c.created(copying); third.Settings.Rule.Exclusive == nil {
		t.Errorf("the given settings became %+v", third.Settings.Rule)
	}
	copied = api.Desk{}
	c.ok("GET", "/api/v1/rounds/third/desk", nil, &copied)
	if len(copied.Checklist) != 1 {
		t.Errorf("the third's checklist is %+v", copied.Checklist)
	}

	preset := api.Helsinki2026
	copying.Settings = nil
	for name, one := range map[string]struct {
		change func(*api.NewRound)
		status int
		code   string
	}{
		"of nothing":         {func(b *api.NewRound) { b.Copy = pointer("none") }, http.StatusNotFound, "not_found"},
		"under a taken name": {func(b *api.NewRound) { b.Id = "first" }, http.StatusConflict, "round_exists"},
		"and a preset":       {func(b *api.NewRound) { b.Preset = &preset }, http.StatusBadRequest, "invalid_request"},
		"reserved":           {func(b *api.NewRound) { b.Id = "new" }, http.StatusBadRequest, "invalid_request"},
		"without an end": {
			func(b *api.NewRound) { b.Times.Voting.Closes = b.Times.Voting.Opens },
			http.StatusBadRequest, "invalid_request",
		},
	} {
		b := copying
		b.Id = "fourth"
		one.change(&b)
		if status, code := c.post("/api/v1/rounds", b, nil); status != one.status || code != one.code {
			t.Errorf("a copy %s: %d %s", name, status, code)
		}
	}
	copying.Id = "fourth"
	for name, other := range map[string]*client{
		"visitor": w.anonymous(t), "facilitator": w.facilitator(t, "central"),
		"resident": w.as(t, person{Name: "Risto Resident"}),
	} {
		if status, code := other.post("/api/v1/rounds", copying, nil); status != http.StatusForbidden &&
			status != http.StatusUnauthorized {
			t.Errorf("%s copies a round: %d %s", name, status, code)
		}
	}
	if status, _ := c.get("/api/v1/rounds/fourth", nil); status != http.StatusNotFound {
		t.Errorf("something refused was stored: %d", status)
	}
}

// created is a round made by an official.
func (c *client) created(body api.NewRound) (r api.Round) {
	c.t.Helper()
	if status, code := c.post("/api/v1/rounds", body, &r); status != http.StatusCreated {
		c.t.Fatalf("create %s: %d %s", body.Id, status, code)
	}
	return r
}

// Several projects leave the ballot together, or none does.
func TestProjectsLeaveTheBallotTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.official(t)
	r := c.createRound("r", "helsinki-2026")
	var ready api.ProjectImport
	for _, title := range []string{"Penkki", "Puu", "Valo"} {
		ready.Projects = append(ready.Projects, api.ImportedProject{
			Title: api.Text{Fi: title}, Area: r.Settings.Areas[0].Id, Cost: api.Cost{Maximum: 1000},
		})
	}
	c.ok("POST", "/api/v1/rounds/r/projects/import", ready, nil)
	version := c.placement("r").Version
	const path = "/api/v1/rounds/r/projects/removal"
	for name, one := range map[string]struct {
		removal api.Removal
		status  int
		code    string
	}{
		"twice":    {api.Removal{Projects: []int{1, 1}, Version: version}, http.StatusBadRequest, "invalid_request"},
		"unknown":  {api.Removal{Projects: []int{1, 9}, Version: version}, http.StatusBadRequest, "invalid_request"},
		"none":     {api.Removal{Projects: []int{}, Version: version}, http.StatusBadRequest, "invalid_request"},
		"outdated": {api.Removal{Projects: []int{1}, Version: "seen"}, http.StatusConflict, "edited_meanwhile"},
	} {
		if status, code := c.post(path, one.removal, nil); status != one.status || code != one.code {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	var left []api.Project
	c.ok("POST", path, api.Removal{Projects: []int{3, 1}, Version: version}, &left)
	if len(left) != 1 || left[0].Number != 2 {
		t.Errorf("left are %+v", left)
	}
	var log []api.AuditEntry
	c.ok("GET", "/api/v1/rounds/r/audit?action=remove", nil, &log)
	if len(log) != 1 || len(log[0].Facts) != 2 {
		t.Errorf("the audit log says %+v", log)
	}
	var waiting api.ProposalPage
	c.ok("GET", "/api/v1/rounds/r/queue?state=accepted", nil, &waiting)
	if waiting.Total != 2 {
		t.Errorf("%d proposals are accepted again", waiting.Total)
	}
}

// One official asks for the freeze, another one confirms it; the database holds
// to it as well. Once the round is no draft, the setting stays.
func TestTheFreezeNeedsTwoOfficials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.official(t)
	second := w.as(t, person{Name: "Oona Ojala", Roles: []domain.Role{domain.Official}})
	body, projects := byHand("r")
	body.Settings.FourEyes = pointer(true)
	r := first.created(body)
	first.ok("POST", "/api/v1/rounds/r/projects/import", projects, nil)
	const codes = "/api/v1/rounds/r/codes"
	want := api.CodesRequest{Count: 3, Label: "Library day", Place: pointer("Oodi")}
	if status, code := first.post(codes, want, nil); status != http.StatusConflict || code != "second_needed" {
		t.Errorf("codes alone: %d %s", status, code)
	}
	first.ok("POST", codes+"/asked", want, nil)
	var status api.RollStatus
	second.ok("GET", "/api/v1/rounds/r/roll", nil, &status)
	if a := status.Asked; a == nil || a.Own || a.Name != "Olli Official" || a.Label != want.Label || a.Count != 3 ||
		a.Place != "Oodi" {
		t.Fatalf("the codes that are asked for are %+v", a)
	}
	at := api.StepConfirmation{AskedAt: status.Asked.AskedAt}
	if status, code := first.post(codes+"/asked/confirmation", at, nil); status != http.StatusForbidden ||
		code != "own_request" {
		t.Errorf("her own codes: %d %s", status, code)
	}
	var made api.Codes
	second.ok("POST", codes+"/asked/confirmation", at, &made)
	if len(made.Codes) != 3 {
		t.Errorf("%d codes were made", len(made.Codes))
	}
	w.take(t, first, "r", "propose", "vet")
	alone := *body.Settings
	alone.FourEyes = nil
	if status, code, fields := first.fields("PUT", "/api/v1/rounds/r/settings", api.SettingsChange{
		Settings: alone, Version: r.Versions.Settings, Reason: "alone",
	}); status != http.StatusBadRequest || !slices.Equal(fields, []string{"settings.four_eyes not_allowed"}) {
		t.Errorf("switching it off: %d %s %q", status, code, fields)
	}
	request := first.shown("r", "freeze")
	const steps = "/api/v1/rounds/r/steps"
	if status, code := first.post(steps, request, nil); status != http.StatusConflict || code != "second_needed" {
		t.Errorf("a freeze alone: %d %s", status, code)
	}
	if _, err := w.office.ExecContext(t.Context(),
		"UPDATE round SET phase = 'frozen', freeze_decision = '1' WHERE id = 'r'"); err == nil ||
		!strings.Contains(err.Error(), "a second official confirms") {
		t.Errorf("the database froze alone: %v", err)
	}
	first.ok("POST", steps+"/asked", request, nil)
	var next api.NextStep
	first.ok("GET", steps, nil, &next)
	if !next.NeedsSecond || next.Asked == nil || !next.Asked.Own || next.Asked.Name != "Olli Official" {
		t.Fatalf("what was asked for is %+v", next.Asked)
	}
	asked := api.StepConfirmation{AskedAt: next.Asked.AskedAt}
	if status, code := first.post(steps+"/asked/confirmation", asked, nil); status != http.StatusForbidden ||
		code != "own_request" {
		t.Errorf("her own request: %d %s", status, code)
	}
	second.ok("POST", steps+"/asked/refusal", api.StepRefusal{AskedAt: asked.AskedAt, Reason: "A title is wrong"}, nil)
	if status, code := second.post(steps+"/asked/confirmation", asked, nil); status != http.StatusConflict ||
		code != "edited_meanwhile" {
		t.Errorf("what was refused: %d %s", status, code)
	}
	first.ok("POST", steps+"/asked", first.shown("r", "freeze"), nil)
	next = api.NextStep{}
	second.ok("GET", steps, nil, &next)
	var frozen api.Round
	second.ok("POST", steps+"/asked/confirmation", api.StepConfirmation{AskedAt: next.Asked.AskedAt}, &frozen)
	if frozen.Phase != "frozen" || *frozen.FreezeDecision != "HEL 2026-000123" {
		t.Errorf("the round is %s by %v", frozen.Phase, frozen.FreezeDecision)
	}
	var log []api.AuditEntry
	first.ok("GET", "/api/v1/rounds/r/audit", nil, &log)
	var actions []string
	for _, e := range log[:4] {
		actions = append(actions, e.Action)
	}
	if fmt.Sprint(actions) != "[freeze ask_second refuse_second ask_second]" || log[0].Actor == log[1].Actor ||
		log[2].Reason != "A title is wrong" {
		t.Errorf("the audit log says %+v", log[:4])
	}
}

// A round says which languages its ballot promises; until it does, all three.
func TestPromisedLanguagesOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	var r api.Round
	change := func(languages ...api.Language) (int, string, []string) {
		t.Helper()
		o.ok("GET", "/api/v1/rounds/r", nil, &r)
		s := r.Settings
		s.Languages = &languages
		return o.fields("PUT", "/api/v1/rounds/r/settings",
			api.SettingsChange{Settings: s, Version: r.Versions.Settings, Reason: "who reads it"})
	}
	want := func(languages ...api.Language) {
		t.Helper()
		o.ok("GET", "/api/v1/rounds/r", nil, &r)
		if r.Settings.Languages == nil || !slices.Equal(*r.Settings.Languages, languages) {
			t.Errorf("it promises %v, want %v", *r.Settings.Languages, languages)
		}
	}
	want("fi", "sv", "en")
	if status, code, fields := change("sv", "fi"); status != http.StatusOK {
		t.Fatal(status, code, fields)
	}
	want("fi", "sv")
	for fault, languages := range map[string][]api.Language{
		"settings.languages too_few":      {},
		"settings.languages[1] duplicate": {"sv", "sv"},
		"settings.languages[0] unknown":   {"ru"},
	} {
		if status, _, fields := change(languages...); status != http.StatusBadRequest ||
			!slices.Equal(fields, []string{fault}) {
			t.Errorf("%v: %d %q, want %s", languages, status, fields, fault)
		}
	}
	want("fi", "sv")
	if status, code, fields := change("en", "fi", "sv"); status != http.StatusOK {
		t.Fatal(status, code, fields)
	}
	want("fi", "sv", "en")
}
