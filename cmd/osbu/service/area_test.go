package service

import (
	"net/http"
	"strings"
	"testing"

	"osbu/handlers/api"
)

// An area's page has every round that is no rehearsal and no draft, and the
// sums are those of the ledger and of the list of projects.
func TestAreaOverHTTP(t *testing.T) {
	t.Parallel()
	w, official := delivering(t)
	visitor := w.anonymous(t)
	const path = "/api/v1/areas/southern"
	var a api.AreaStory
	visitor.ok("GET", path, nil, &a)
	if a.Name.Fi != "Eteläinen" || a.Moved || len(a.Rounds) != 1 {
		t.Fatalf("%+v", a)
	}
	r := a.Rounds[0]
	if r.Round != "r" || r.Pot != 100_000_00 || r.Projects.All != 2 || r.Balances == nil ||
		r.Balances.Reserved != 90_000_00 || r.Balances.Free != 10_000_00 || len(r.Turnout) != 0 {
		t.Errorf("three voters are too few to tell of: %+v", r)
	}
	booking := api.LedgerBooking{
		Kind: "commit", Day: "2026-05-17", Project: pointer(1), Cents: 25_000_50,
		Reason: api.PublicText{Fi: "Urakka", Sv: "Entreprenad"}, Voucher: pointer("T-1"), Request: "request-1",
	}
	official.ok("POST", "/api/v1/rounds/r/ledger", booking, nil)
	official.ok("PUT", deliveriesPath+"1/sites/0", report(1, "done"), nil)
	next := newRound("next", "")
	next.Preset, next.Settings = nil, southernAlone()
	official.ok("POST", "/api/v1/rounds", next, nil)
	visitor.ok("GET", path, nil, &a)
	if len(a.Rounds) != 1 || a.Rounds[0].Balances.Committed != 25_000_50 || a.Rounds[0].Projects.Done != 1 {
		t.Errorf("drafts are not shown, what was booked is: %+v", a.Rounds)
	}
	official.step("next", "propose")
	a = api.AreaStory{}
	visitor.ok("GET", path, nil, &a)
	if len(a.Rounds) != 2 || a.Rounds[0].Balances != nil == (a.Rounds[1].Balances != nil) {
		t.Errorf("accounts begin with the result: %+v", a.Rounds)
	}
	a = api.AreaStory{}
	visitor.ok("GET", path+"?round=r", nil, &a)
	if len(a.Rounds) != 1 || a.Rounds[0].Round != "r" {
		t.Errorf("one round alone: %+v", a.Rounds)
	}
	official.createRound("later", "helsinki-2026")
	if status, code := visitor.get("/api/v1/areas/western", nil); status != http.StatusNotFound {
		t.Errorf("an area of a draft: %d %s", status, code)
	}
	for address, want := range map[string]string{
		"/sv/areas/southern": `og:title" content="Södra"`, "/fi/areas/southern": "<title>Eteläinen – osbu</title>",
	} {
		var page string
		if visitor.ok("GET", address, nil, &page); !strings.Contains(page, want) {
			t.Errorf("%s: no %s in %s", address, want, page)
		}
	}
	gone := visitor.send("GET", "/sv/areas/western", nil)
	if gone.Body.Close(); gone.StatusCode != http.StatusNotFound {
		t.Errorf("the page of no area: %d", gone.StatusCode)
	}
	var list string
	visitor.ok("GET", "/sitemap.xml", nil, &list)
	if strings.Count(list, "/sv/areas/southern</loc>") != 1 || strings.Contains(list, "/areas/western") {
		t.Errorf("the list for search engines: %s", list)
	}
}
