package service

import (
	"bytes"
	"net/http"
	"slices"
	"testing"

	"osbu/domain"
	"osbu/domain/record"
	"osbu/handlers/api"
)

// Sheets that count are drawn by the seed as anybody draws them from the
// published record; what auditors saw is public when a second official has
// published it, and the audit log holds each of these, unbroken.
func TestSheetsAreComparedWithTheRecord(t *testing.T) {
	t.Parallel()
	b := newBallotBox(t, map[string]int{"KALLIO1": 5})
	const comparisons = "/api/v1/rounds/r/comparisons"
	draw := api.SheetDraw{Seed: "6 1 4 4 2", Size: 3}
	if status, code := b.official.post(comparisons, draw, nil); status != http.StatusConflict ||
		code != "record_not_public" {
		t.Errorf("drawn while people vote: %d %s", status, code)
	}
	b.closing(t)
	for _, who := range []*client{b.officer, b.official} {
		if got := b.key(t, who, "KALLIO1", fiveSheets, true); !got.Done {
			t.Fatalf("%+v", got)
		}
	}
	if got, status, code := b.seal(t, "KALLIO1", "", true); !got.Done {
		t.Fatalf("%d %s %+v", status, code, got)
	}
	b.take(t, b.official, "r", "close", "count", "confirm", "publish")

	var c api.SheetComparison
	b.official.ok("POST", comparisons, draw, &c)
	var published []byte
	if status, code := b.anonymous(t).get("/api/v1/rounds/r/record", &published); status != http.StatusOK {
		t.Fatal(status, code)
	}
	drawn, _, err := record.DrawSheets(t.Context(), bytes.NewReader(published), record.Options{}, draw.Seed, draw.Size)
	if err != nil {
		t.Fatal(err)
	}
	if c.Number != 1 || c.Of != 4 || len(c.Sheets) != 3 || len(drawn) != 3 {
		t.Fatalf("%+v; from the record %+v", c, drawn)
	}
	var seen []api.SeenSheet
	for _, d := range drawn {
		if !slices.Contains(c.Sheets, api.SheetName{Batch: d.Batch, Serial: d.Serial}) {
			t.Errorf("osbu-verify draws %+v, the service %+v", drawn, c.Sheets)
		}
		one := api.SeenSheet{Batch: d.Batch, Serial: d.Serial}
		for _, n := range d.Vote.Choices {
			one.Seen += " " + string(rune('0'+n))
		}
		seen = append(seen, one)
	}
	// Both who keyed it in read the same wrong: only who looks at the sheet sees.
	seen[1].Seen = "2"
	const first = comparisons + "/1"
	b.official.ok("PUT", first+"/sheets", api.SeenSheets{Sheets: seen}, &c)
	if f := c.Found; f == nil || f.Alike != 2 || len(f.Other) != 1 || f.Other[0].Seen != "2" || f.Estimated != 2 ||
		len(f.Areas) == 0 {
		t.Fatalf("%+v", f)
	}
	publication := api.ComparisonPublication{Version: *c.Version}
	if status, code := b.official.post(first+"/publication", publication, nil); status != http.StatusForbidden ||
		code != "own_request" {
		t.Errorf("published by who saved it: %d %s", status, code)
	}
	var all []api.SheetComparison
	if b.anonymous(t).ok("GET", comparisons, nil, &all); len(all) != 1 || all[0].Found != nil || len(all[0].Sheets) != 3 {
		t.Errorf("the public sees %+v", all)
	}
	second := b.as(t, person{Name: "Toinen", Roles: []domain.Role{domain.Official}})
	second.ok("POST", first+"/publication", publication, nil)
	if b.anonymous(t).ok("GET", comparisons, nil, &all); all[0].Found == nil || all[0].Published == nil ||
		all[0].Version != nil {
		t.Errorf("the public sees %+v", all)
	}
	if status, code := b.official.put(first+"/sheets", api.SeenSheets{Sheets: seen}, nil); code != "edited_meanwhile" {
		t.Errorf("changed when it is published: %d %s", status, code)
	}
	var check api.AuditCheck
	if b.official.ok("GET", "/api/v1/rounds/r/audit-check", nil, &check); check.Broken != nil {
		t.Errorf("%+v", check)
	}
	for _, who := range []*client{b.officer, b.anonymous(t)} {
		for _, path := range []string{comparisons, first + "/publication"} {
			if status, code := who.post(path, draw, nil); status != http.StatusForbidden && status != http.StatusUnauthorized {
				t.Errorf("%s: %d %s", path, status, code)
			}
		}
	}
}
