package service

import (
	"context"
	"net/http"
	"testing"

	"osbu/domain/retention"
	"osbu/handlers/api"
)

// An archived round takes no change any more, and when its personal data have
// gone everybody still reads at the same addresses what she read before.
func TestAnArchivedRoundIsReadAsBefore(t *testing.T) {
	t.Parallel()
	w, official := delivering(t)
	visitor := w.anonymous(t)
	read := func() map[string]string {
		t.Helper()
		all := map[string]string{}
		for _, path := range []string{
			"/results", "/results/southern", "/numbers", "/numbers.csv", "/projects", "/deliveries/1", "/ledger", "/statistics",
			"/statistics.csv", "/proposals", "/record",
		} {
			var text string
			if status, code := visitor.get("/api/v1/rounds/r"+path, &text); status != http.StatusOK {
				t.Errorf("%s: %d %s", path, status, code)
			}
			all[path] = text
		}
		return all
	}
	var before api.Numbers
	visitor.ok("GET", "/api/v1/rounds/r/numbers", nil, &before)
	first := read()
	official.step("r", "archive")
	for name, c := range map[string]struct {
		method, path string
		body         any
	}{
		"a report": {"PUT", "/deliveries/1/sites/0", report(1, "planning")},
		"a sheet":  {"POST", "/delivery-sheet", api.DeliveryImport{File: []byte("project;phase\n1;planning\n")}},
		"a booking": {"POST", "/ledger", api.LedgerBooking{
			Kind: "commit", Day: "2026-05-17", Project: pointer(1), Cents: 100,
			Reason: api.PublicText{Fi: "Urakka", Sv: "Entreprenad"}, Voucher: pointer("T-1"), Request: "request-1",
		}},
	} {
		if status, code := official.do(c.method, "/api/v1/rounds/r"+c.path, c.body, nil); status != http.StatusConflict ||
			code != "phase_forbids" {
			t.Errorf("%s: got %d %s, want it refused by the phase", name, status, code)
		}
	}
	count := func(table string) (n int) {
		t.Helper()
		if err := w.office.Owner.QueryRowContext(context.Background(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count("spent_right"); n != 3 {
		t.Fatalf("%d rights are spent, want 3", n)
	}
	w.at(t, "2026-09-17 12:00+03")
	for _, name := range []string{"keep_turnout", "retention"} {
		if err := w.worker(t, name).run(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if spent, codes := count("spent_right"), count("voting_code"); spent != 0 || codes != 0 {
		t.Errorf("%d rights and %d codes are left", spent, codes)
	}
	var after api.Numbers
	visitor.ok("GET", "/api/v1/rounds/r/numbers", nil, &after)
	if before.Papers[0] != after.Papers[0] || after.Papers[0].Ballots != 3 {
		t.Errorf("numbers: got %+v, want %+v", after.Papers, before.Papers)
	}
	then := read()
	for _, path := range []string{"/projects", "/statistics.csv", "/record"} {
		if then[path] != first[path] {
			t.Errorf("%s has changed:\n%.300s\n%.300s", path, first[path], then[path])
		}
	}
	var city api.CitySettings
	visitor.ok("GET", "/api/v1/city", nil, &city)
	if city.Retention == nil || len(*city.Retention) != len(retention.Standard()) {
		t.Errorf("retention: got %+v, want a line of each of %v", city.Retention, retention.All)
	}
}
