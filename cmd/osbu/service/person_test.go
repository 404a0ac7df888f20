package service

import (
	"encoding/json"
	"strings"
	"testing"

	"osbu/handlers/api"
)

// Somebody sees what is kept of her, address in the clear; erased, she is
// signed out, her draft is nobody's, and what is public has no name.
func TestMyDataOverHTTP(t *testing.T) {
	t.Parallel()
	w, _ := posting(t)
	aino := w.as(t, person{Name: "Aino Asukas", Email: "aino@example.org", EmailVerified: true})
	draft, public := aino.draft(bench("Luonnos")), aino.draft(bench("Penkki"))
	aino.ok("POST", public+"/submit", nil, nil)
	var kept api.PersonArchive
	aino.ok("GET", "/api/v1/person", nil, &kept)
	text, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Aino A.", "Luonnos", "Penkki", "aino@example.org"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("she is not given %q: %s", want, text)
		}
	}
	aino.ok("DELETE", "/api/v1/person", nil, nil)
	var session api.Session
	aino.ok("GET", "/api/v1/session", nil, &session)
	if session.SignedIn {
		t.Error("she is still signed in")
	}
	var other api.PersonArchive
	w.as(t, person{Name: "Eino Asukas"}).ok("GET", "/api/v1/person", nil, &other)
	if len(other.Holdings) > 0 {
		t.Errorf("of who has done nothing is kept %+v", other.Holdings)
	}
	again := w.as(t, person{Name: "Aino Asukas"})
	if status, _ := again.do("GET", draft, nil, nil); status != 404 {
		t.Errorf("the draft answers %d", status)
	}
	var p api.Proposal
	again.ok("GET", public, nil, &p)
	if p.Author != "Asukas" || p.Mine {
		t.Errorf("the proposal is by %q, hers: %t", p.Author, p.Mine)
	}
}
