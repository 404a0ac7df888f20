package service

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/handlers/api"
)

// library is the address of a voting place of the round, open on 10 May 2026.
func library(official *client, id string) (place string) {
	noon := time.Date(2026, 5, 10, 9, 0, 0, 0, time.UTC)
	var event api.Event
	official.ok("POST", "/api/v1/rounds/"+id+"/events", api.EventText{
		Kind: "voting", Title: api.ShortText{Fi: pointer("Äänestys kirjastossa"), Sv: pointer("Röstning i biblioteket")},
		About: api.ShortText{Fi: pointer("Tervetuloa"), Sv: pointer("Välkommen")}, Place: "Kirjasto", Address: "Katu 1",
		Languages: []api.SpokenLanguage{"fi"}, Access: []api.EventAccess{},
		Times: []api.EventTime{{Begins: noon, Ends: noon.Add(8 * time.Hour)}},
	}, &event)
	official.ok("POST", fmt.Sprint("/api/v1/rounds/", id, "/events/", event.Id, "/publish"), nil, nil)
	return fmt.Sprint("/api/v1/rounds/", id, "/places/", event.Id)
}

// An officer's morning over HTTP: she asks for her place, sets up a kiosk, and
// gives a person a code, with which the kiosk's browser votes, and no other.
func TestAVotingPlaceOverHTTP(t *testing.T) {
	w := newWorld(t)
	e := w.election(t, "r4", "helsinki-2026")
	w.at(t, "2026-05-10 12:00+03")
	official := w.official(t)
	officer := w.as(t, person{Name: "Olga Officer", Roles: []domain.Role{domain.Officer}})
	place := library(official, "r4")
	look := api.LookUp{IdentityCode: adult.IdentityCode, Document: "passport", GiveCode: true}

	// Not before an official has agreed.
	officer.ok("PUT", place+"/request", nil, nil)
	if status, code := officer.post(place+"/look-ups", look, nil); status != http.StatusForbidden {
		t.Fatalf("looked up before she was assigned: %d %s", status, code)
	}
	var places []api.PollingPlace
	official.ok("GET", "/api/v1/rounds/r4/places", nil, &places)
	if len(places) != 1 || places[0].Officers == nil || len(*places[0].Officers) != 1 {
		t.Fatalf("%+v", places)
	}
	asked := (*places[0].Officers)[0]
	if asked.Name != "Olga Officer" || asked.Assigned {
		t.Fatalf("%+v", asked)
	}
	official.ok("PUT", fmt.Sprint(place, "/officers/", asked.Account), nil, nil)

	var enrolment api.KioskEnrolment
	officer.ok("POST", place+"/kiosks", api.NewKiosk{Name: "Kiosk 1"}, &enrolment)
	started := w.anonymous(t).send("PUT", "/api/v1/rounds/r4/kiosk", []byte(`{"code":"`+enrolment.Code+`"}`))
	_ = started.Body.Close()
	cookies := started.Cookies()
	if started.StatusCode != http.StatusOK || len(cookies) != 1 || !cookies[0].HttpOnly {
		t.Fatalf("%d %v", started.StatusCode, cookies)
	}
	var found api.LookUpAnswer
	officer.ok("POST", place+"/look-ups", look, &found)
	if found.Code == nil || strings.Contains(w.log.String(), *found.Code) ||
		strings.Contains(w.log.String(), adult.IdentityCode) {
		t.Fatalf("found %+v, or the log tells of it", found)
	}

	elsewhere, kiosk := w.withCode(t, *found.Code), w.withCode(t, *found.Code)
	kiosk.header = http.Header{"Cookie": {cookies[0].Name + "=" + cookies[0].Value}}
	elsewhere.wantCredential(e, "ballot", http.StatusUnauthorized, "code_invalid")
	var here api.Kiosk
	kiosk.ok("GET", "/api/v1/rounds/r4/kiosk", nil, &here)
	var rights api.Rights
	kiosk.ok("GET", "/api/v1/rounds/r4/rights", nil, &rights)
	if here.Name != "Kiosk 1" || !rights.Eligible || rights.Papers[0].Spent {
		t.Fatalf("%+v %+v", here, rights)
	}
	request, check := e.request(t)
	answer, status, code := kiosk.credential("r4", "ballot", request)
	if status != http.StatusOK {
		t.Fatal(status, code)
	}
	if err := check(answer); err != nil {
		t.Fatal(err)
	}
	w.as(t, adult).wantCredential(e, "ballot", http.StatusConflict, "credential_conflict")

	// Nobody votes there but by a code, also not somebody who signs in.
	aino := w.as(t, hidden)
	aino.header = http.Header{"Cookie": {"osbu_session=" + string(aino.token) + "; " + cookies[0].Name + "=" +
		cookies[0].Value}}
	aino.wantCredential(e, "ballot", http.StatusUnauthorized, "sign_in_required")

	official.ok("GET", "/api/v1/rounds/r4/places", nil, &places)
	if places[0].Assisted == nil || *places[0].Assisted != 1 || len(*places[0].Kiosks) != 1 {
		t.Errorf("%+v", places[0])
	}
	officer.ok("DELETE", fmt.Sprint(place, "/kiosks/", (*places[0].Kiosks)[0].Id), nil, nil)
	kiosk.wantCredential(e, "ballot", http.StatusUnauthorized, "code_invalid")
}
