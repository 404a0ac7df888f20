package service

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/helpdesk"
	"osbu/domain/round"
	"osbu/handlers/api"
	"osbu/sql/office"
)

const helpPath = "/api/v1/rounds/r4/help-desk/look-ups"

func tuija(t *testing.T, w *world) *client {
	t.Helper()
	return w.as(t, person{Name: "Tuija Tuki", Roles: []domain.Role{domain.HelpDesk}})
}

// Somebody calls: the desk sees that a right is in use or why she may not vote,
// and no more; she sees on which day and why she was looked up, and neither log
// nor audit log tells of whom.
func TestTheHelpDeskLooksUpAndLeavesATrace(t *testing.T) {
	w := newWorld(t)
	e := w.election(t, "r4", "helsinki-2026")
	w.at(t, "2026-05-10 12:00+03")
	desk, aino := tuija(t, w), w.as(t, adult)
	asked := func(code string) api.PersonLookUp {
		return api.PersonLookUp{IdentityCode: code, Reason: api.LookUpAsked, Words: "Soitti, ei pääse äänestämään"}
	}
	var found api.PersonFound
	var text string
	desk.ok("POST", helpPath, asked(adult.IdentityCode), &found)
	if found.Refusal != nil || len(found.Papers) != 1 || found.Papers[0].InUse {
		t.Errorf("before she votes: %+v", found)
	}
	request, _ := e.request(t)
	if _, status, code := aino.credential("r4", "ballot", request); status != http.StatusOK {
		t.Fatal(status, code)
	}
	desk.ok("POST", helpPath, asked(adult.IdentityCode), &text)
	if text != `{"papers":[{"in_use":true,"paper":"ballot"}]}` && text != `{"papers":[{"paper":"ballot","in_use":true}]}` {
		t.Errorf("the desk is told more, or something else: %s", text)
	}
	for code, want := range map[string]api.Refusal{
		child.IdentityCode: "too_young", neighbour.IdentityCode: "other_municipality", stranger.IdentityCode: "not_on_roll",
	} {
		found = api.PersonFound{}
		desk.ok("POST", helpPath, asked(code), &found)
		if found.Refusal == nil || *found.Refusal != want || len(found.Papers) != 0 {
			t.Errorf("%s: %+v", code, found)
		}
	}

	var mine []api.PastLookUp
	aino.ok("GET", "/api/v1/session/look-ups", nil, &mine)
	if len(mine) != 1 || mine[0].Round != "r4" || mine[0].Day.String() != "2026-05-10" || mine[0].Role != "help_desk" ||
		*mine[0].Reason != api.LookUpAsked {
		t.Errorf("she is shown %+v", mine)
	}
	aino.ok("GET", "/api/v1/session/look-ups", nil, &text)
	if strings.Contains(text, "Tuija") || strings.Contains(text, "12:00") {
		t.Errorf("she is told by whom by name, or when: %s", text)
	}
	w.as(t, hidden).ok("GET", "/api/v1/session/look-ups", nil, &text)
	if text != "[]" {
		t.Errorf("another person is shown %s", text)
	}

	entries, err := office.New(w.office.DB, nil).Audit(context.Background(), "r4", round.AuditFilter{})
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, one := range entries {
		if one.Action != helpdesk.ActionLookUp {
			continue
		}
		looked++
		if one.Reason != "Soitti, ei pääse äänestämään" || one.Details != `{"reason":"asked"}` ||
			!strings.HasPrefix(one.Actor, "help_desk ") {
			t.Errorf("%+v", one)
		}
	}
	if looked != 5 {
		t.Errorf("%d of 5 look-ups stand in the audit log", looked)
	}
	if log := w.log.String(); strings.Contains(log, adult.IdentityCode) || strings.Contains(log, "Soitti") {
		t.Error("the log tells of a look-up")
	}
}

// Each look-up has a reason, none can be repeated until something happens, and
// none is answered when no votes are taken.
func TestTheHelpDeskIsBounded(t *testing.T) {
	w := newWorld(t)
	w.election(t, "r4", "helsinki-2026")
	w.at(t, "2026-05-10 12:00+03")
	desk := tuija(t, w)
	good := api.PersonLookUp{IdentityCode: adult.IdentityCode, Reason: api.LookUpFault, Words: "Virhe sivulla"}
	for name, change := range map[string]func(*api.PersonLookUp){
		"no words":         func(l *api.PersonLookUp) { l.Words = "" },
		"blank words":      func(l *api.PersonLookUp) { l.Words = " \n" },
		"another reason":   func(l *api.PersonLookUp) { l.Reason = "curious" },
		"no identity code": func(l *api.PersonLookUp) { l.IdentityCode = "131052" },
		"code in words":    func(l *api.PersonLookUp) { l.Words = "soitti " + adult.IdentityCode },
		"code with spaces": func(l *api.PersonLookUp) { l.Words = "soitti 131052 - 308 t eilen" },
	} {
		bad := good
		change(&bad)
		if status, code := desk.post(helpPath, bad, nil); status != http.StatusUnprocessableEntity &&
			status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	for range helpdesk.MostOfPerson {
		desk.ok("POST", helpPath, good, nil)
	}
	another := tuija(t, w)
	for name, c := range map[string]*client{"she": desk, "a colleague": another} {
		if status, code := c.post(helpPath, good, nil); status != http.StatusConflict || code != "look_ups_used_up" {
			t.Errorf("%s looks again: %d %s", name, status, code)
		}
	}
	other := good
	other.IdentityCode = hidden.IdentityCode
	desk.ok("POST", helpPath, other, nil)
	w.at(t, "2026-05-11 00:00+03")
	desk.ok("POST", helpPath, good, nil)

	for name, roles := range map[string][]domain.Role{
		"resident": nil, "official": {domain.Official}, "officer": {domain.Officer}, "expert": {domain.Expert},
		"facilitator": {domain.Facilitator},
	} {
		if status, code := w.as(t, person{Name: name, Roles: roles}).post(helpPath, good, nil); status !=
			http.StatusForbidden || code != "not_allowed" {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	if status, code := w.anonymous(t).post(helpPath, good, nil); status != http.StatusUnauthorized {
		t.Errorf("a visitor: %d %s", status, code)
	}
	if status, _ := desk.post(strings.Replace(helpPath, "r4", "none", 1), good, nil); status != http.StatusNotFound {
		t.Errorf("in no round: %d", status)
	}
	w.at(t, "2027-01-01 12:00+02")
	if status, code := desk.post(helpPath, good, nil); code != "voting_closed" {
		t.Errorf("when the vote is closed: %d %s", status, code)
	}
}
