package service

import (
	"encoding/json"
	"strings"
	"testing"

	"osbu/handlers"
)

// Whatever is refused at whatever address is counted, and told in the log by
// what was asked for, in which role and why: one line a sort, of no person, and
// of no role where one votes.
func TestRefusalsAreLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitAddress = handlers.Rate{} })
	callers := map[string]*client{"visitor": w.anonymous(t), "resident": w.as(t, person{Name: "Eino Asukas"})}
	type sort struct{ operation, role, code, limit string }
	want := map[sort]int{}
	for role, c := range callers {
		for _, o := range operations(t) {
			name := strings.ToUpper(o.id[:1]) + o.id[1:]
			if o.id == "signOut" || o.id == "erasePerson" { // they end the session
				continue
			}
			p, ok := handlers.PolicyOf(o.id)
			if !ok {
				t.Fatalf("no policy for %s", o.id)
			}
			for range 2 {
				status, code := c.do(o.method, o.address(map[string]string{"round": "absent"}), o.request(), nil)
				if status >= 400 && p.Audience != handlers.Box && p.Audience != handlers.Voters {
					want[sort{name, role, code, ""}]++
				}
			}
		}
	}
	if err := w.http.LogRefusals(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := map[sort]int{}
	for line := range strings.Lines(w.log.String()) {
		var told struct {
			Msg, Operation, Role, Code, Limit string
			Number                            int
		}
		if err := json.Unmarshal([]byte(line), &told); err != nil {
			t.Fatal(err)
		}
		if told.Msg == "refused" {
			got[sort{told.Operation, told.Role, told.Code, told.Limit}] = told.Number
		}
	}
	for one, n := range want {
		if got[one] != n {
			t.Errorf("%+v: got %d, want %d", one, got[one], n)
		}
	}
	if len(got) != len(want) || len(want) < 100 {
		t.Errorf("got %d sorts, want %d of all operations", len(got), len(want))
	}
	if strings.Contains(w.log.String(), "Eino") || strings.Contains(w.log.String(), "absent") {
		t.Error("got a person or a round in the log")
	}
}
