package round_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Two officials open the same form. The second is told what the first changed,
// and nothing of it is lost; what she gives with the new version is taken.
func TestNobodyOverwritesSilently(t *testing.T) {
	ctx := context.Background()
	for name, form := range map[string]struct {
		phase   round.Phase
		version func(round.Round) string
		write   func(s *round.Service, r round.Round, version string, n int) error
		fields  string
	}{
		"settings": {
			round.Vetting, func(r round.Round) string { return round.Version(r.Settings.Facts()) },
			func(s *round.Service, r round.Round, version string, n int) error {
				areas := slices.Clone(r.Settings.Areas)
				areas[n].Pot++
				r.Settings.Areas = areas
				_, err := s.ChangeSettings(ctx, official, "r", r.Settings, version, "why not")
				return err
			}, "areas",
		},
		"times": {
			round.Vetting, func(r round.Round) string { return round.Version(r.Times.Facts()) },
			func(s *round.Service, r round.Round, version string, n int) error {
				r.Times.Voting.Closes = r.Times.Voting.Closes.AddDate(0, 0, n+1)
				_, err := s.MoveTimes(ctx, official, "r", r.Times, version, "why not")
				return err
			}, "voting",
		},
		"name": {
			round.Vetting, func(r round.Round) string { return round.Version(r.NameFacts()) },
			func(s *round.Service, _ round.Round, version string, n int) error {
				to := round.Naming{Name: domain.Text{Fi: fmt.Sprint("Kierros ", n), Sv: "Omgång"}}
				_, err := s.Rename(ctx, official, "r", to, version, "why not")
				return err
			}, "name",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := voting()
			o.r.Phase, o.r.Settings = form.phase, settings()
			s := round.New(o, gate{o})
			seen := o.r
			if err := form.write(s, seen, form.version(seen), 0); err != nil {
				t.Fatal(err)
			}
			first := o.r
			err := form.write(s, seen, form.version(seen), 1)
			e, _ := errors.AsType[*domain.Error](err)
			if domain.CodeOf(err) != domain.CodeEdited || e.Kind != domain.Conflict || len(e.Fields) != 1 ||
				e.Fields[0].Path != form.fields {
				t.Errorf("got %v, want a conflict about %s", err, form.fields)
			}
			if got, want := form.version(o.r), form.version(first); got != want {
				t.Errorf("got %s, want what the first gave: %s", got, want)
			}
			if err := form.write(s, first, form.version(first), 1); err != nil {
				t.Errorf("with what is there now: %v", err)
			}
		})
	}
}

// The log says what became of what, by the areas' own names, whatever their
// places in the list.
func TestTheLogTellsOldAndNew(t *testing.T) {
	o := voting()
	o.r.Phase, o.r.Settings = round.Vetting, settings()
	next := settings()
	next.Areas[1].Pot = 0
	next.Areas = []round.Area{next.Areas[1], next.Areas[0]}
	if _, err := round.New(o, gate{o}).
		ChangeSettings(context.Background(), official, "r", next, round.Version(o.r.Settings.Facts()),
			"less money"); err != nil {
		t.Fatal(err)
	}
	want := `{"changes":[{"field":"areas","from":"a b","to":"b a"},{"field":"areas.b.pot","from":700,"to":0}]}`
	if got := o.log[0].Details; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A version does not depend on the zone or the fraction of a microsecond in
// which a moment came.
func TestVersionsAreOfWhatIsStored(t *testing.T) {
	at := time.Date(2026, 5, 2, 21, 0, 0, 123_456_000, time.UTC)
	here, there := round.Times{}, round.Times{}
	here.Voting.Opens, there.Voting.Opens = at, at.Add(100*time.Nanosecond).In(time.FixedZone("", 3*60*60))
	if got, want := round.Version(there.Facts()), round.Version(here.Facts()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := round.Since("", here.Facts(), domain.CodeEdited); domain.KindOf(err) != domain.Conflict {
		t.Errorf("no version at all: got %v, want a conflict", err)
	}
}

func TestChangesOfFacts(t *testing.T) {
	got := round.Changes(
		[]round.Fact{{Path: "a", Value: 1}, {Path: "b", Value: "x"}, {Path: "c", Value: true}},
		[]round.Fact{{Path: "a", Value: 1}, {Path: "c", Value: false}, {Path: "d", Value: 0}},
	)
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"field":"c","from":true,"to":false},{"field":"d","from":null,"to":0},{"field":"b","from":"x","to":null}]`
	if string(text) != want {
		t.Errorf("got %s, want %s", text, want)
	}
}

// Every word of the pages' addresses is refused as a round's: the page would
// hide the round.
func TestWordsOfThePagesAreReserved(t *testing.T) {
	words := map[string]bool{}
	route := regexp.MustCompile(`path="([^"]+)"`)
	err := filepath.WalkDir("../../frontend/src", func(path string, e os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".tsx") || strings.HasSuffix(path, ".test.tsx") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range route.FindAllSubmatch(text, -1) {
			if !strings.HasPrefix(string(found[1]), "/") { // within a page of its own
				continue
			}
			for word := range strings.SplitSeq(string(found[1]), "/") {
				if round.IsAddress(word) {
					words[word] = true
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !words["new"] || !words["proposals"] {
		t.Fatalf("the routes were not found: %v", words)
	}
	for word := range words {
		if !round.Reserved(word) {
			t.Errorf("%q is a page's word and no reserved one", word)
		}
		_, err := round.New(&office{}, nil).
			Create(context.Background(), official, round.Round{ID: word, Name: domain.Text{Fi: "A", Sv: "A"}})
		if got, want := one(t, err), "id reserved"; got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

func TestARoundIsCalledInFinnishAndSwedish(t *testing.T) {
	_, err := round.New(&office{}, nil).
		Create(context.Background(), official, round.Round{ID: "r", Name: domain.Text{Fi: "A", Sv: " "}})
	if got, want := one(t, err), "name.sv required"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
