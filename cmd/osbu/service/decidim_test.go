package service

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"osbu/domain/decidim"
	"osbu/domain/proposal/assisted"
	"osbu/handlers/api"
	"osbu/sql/office"
)

// A round that Decidim held is read as a finished one, with votes as totals and
// nothing to check them by; its author claims what is hers, and officials
// archive it.
func TestRoundsOfDecidimOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, "2026-05-06 12:00+03")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if err := z.AddFS(os.DirFS("../../../domain/decidim/testdata/0.30")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var codes, told []string
	take := takeover{
		DecidimImport: DecidimImport{
			Archive: bytes.NewReader(b.Bytes()), Size: int64(b.Len()),
			Areas:    []byte("id;area;pot\n31;eastern;20000\n32;;\n"),
			Pictures: fstest.MapFS{"projects/701.jpg": {Data: photo(t, 40, 30)}, "other.txt": {}},
			Codes: func(_ string, table []byte) error {
				for line := range strings.Lines(string(table)) {
					codes = append(codes, line)
				}
				return nil
			},
			Tell:     func(step DecidimStep) { told = append(told, string(step.Done)) },
			Progress: func(string, int, int) {},
		},
		rounds: decidim.New(office.New(w.office.DB, w.settings.City.TimeZone)),
		codes:  assisted.New(assisted.Config{Pepper: w.settings.Pepper, Rand: rand.Reader}),
		images: w.gallery,
	}
	for range 2 {
		if _, err := take.run(t.Context(), w.settings); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(told, ", "); got != "imported, imported before, unchanged" {
		t.Errorf("told %s", got)
	}

	visitor := w.anonymous(t)
	var r api.Round
	visitor.ok("GET", "/api/v1/rounds/raha-2023", nil, &r)
	var results api.Results
	visitor.ok("GET", "/api/v1/rounds/raha-2023/results", nil, &results)
	if r.Source == nil || *r.Source != "decidim" || r.Phase != api.PhaseDelivering || results.Source == nil ||
		!results.Published {
		t.Fatalf("round %+v, results %+v", r, results)
	}
	first := results.Areas[0]
	if p := first.Projects[0]; first.Pot != 20_000_00 || first.Spent != 8_000_00 || *p.Votes != 1204 || !p.Selected {
		t.Errorf("results: %+v", first)
	}
	for _, path := range []string{"record", "numbers", "ledger", "results/eastern"} {
		if status, _ := visitor.get("/api/v1/rounds/raha-2023/"+path, nil); status != 404 {
			t.Errorf("%s: got %d, want 404", path, status)
		}
	}
	var delivery api.DeliveryStory
	visitor.ok("GET", "/api/v1/rounds/raha-2023/deliveries/1", nil, &delivery)
	if delivery.Project.Phase != "planning" || delivery.Project.Image == nil {
		t.Errorf("delivery: %+v", delivery)
	}
	var all api.Catalogue
	visitor.ok("GET", "/api/v1/catalogue", nil, &all)
	for _, set := range all.Sets {
		for _, f := range set.Files {
			if f.Round == nil {
				continue
			}
			if status, _ := visitor.get(f.Path, nil); status != 200 {
				t.Errorf("the catalogue names %s, which answers %d", f.Path, status)
			}
		}
	}

	// The code that was drawn for her makes her the author, once.
	cells := strings.Split(strings.TrimSpace(codes[1]), ";")
	code := strings.Trim(cells[len(cells)-1], `"`)
	aino, other := w.as(t, person{Name: "Aino A."}), w.as(t, person{Name: "Toinen"})
	var p api.Proposal
	aino.ok("POST", "/api/v1/rounds/raha-2023/claims", api.ClaimRequest{Code: code}, &p)
	if !p.Mine || p.Channel != "imported" {
		t.Errorf("claimed: %+v", p)
	}
	status, refusal := other.post("/api/v1/rounds/raha-2023/claims", api.ClaimRequest{Code: code}, nil)
	if got := fmt.Sprint(status, " ", refusal); got != "409 claimed_already" {
		t.Errorf("claimed twice: got %s", got)
	}
	w.official(t).step("raha-2023", "archive")
}
