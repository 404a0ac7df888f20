package service

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// newCity is the service of a city whose clocks are an hour behind Helsinki's
// and where Swedish comes first.
func newCity(t *testing.T) *world {
	t.Helper()
	return newWorld(t, func(s *Settings) {
		if err := s.City.UnmarshalText([]byte("../../../domain/city/testdata/haparanda.json")); err != nil {
			t.Fatal(err)
		}
	})
}

func TestCityIsHelsinkiByDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var got api.CitySettings
	if status, code := w.anonymous(t).get("/api/v1/city", &got); status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", status, code)
	}
	if got.Name.Fi != "Helsinki" || got.Service.Fi != "osbu" || got.TimeZone != "Europe/Helsinki" ||
		got.Municipality != "091" || got.Middle != (api.Point{Latitude: 60.2, Longitude: 24.95}) || got.Logo != nil ||
		!slices.Equal(got.Languages, []api.Language{"fi", "sv", "en"}) {
		t.Errorf("got %+v, want Helsinki's", got)
	}
}

func TestAnotherCityTellsItsSettings(t *testing.T) {
	t.Parallel()
	w := newCity(t)
	var got api.CitySettings
	if status, code := w.anonymous(t).get("/api/v1/city", &got); status != http.StatusOK {
		t.Fatalf("got %d %s, want 200", status, code)
	}
	if *got.Name.Sv != "Haparanda" || *got.Service.Sv != "Gränsens budget" || got.TimeZone != "Europe/Stockholm" ||
		got.Municipality != "583" || got.Middle != (api.Point{Latitude: 65.835, Longitude: 24.137}) ||
		!slices.Equal(got.Languages, []api.Language{"sv", "fi", "en"}) {
		t.Errorf("got %+v, want Haparanda's", got)
	}
	if got.Logo == nil {
		t.Fatal("got no logo")
	}
	var logo string
	if status, _ := w.anonymous(t).get(*got.Logo, &logo); status != http.StatusOK || !strings.HasPrefix(logo, "<svg") {
		t.Errorf("got %d and %q at %s, want the logo", status, logo, *got.Logo)
	}
}

func TestAnotherCityOffersItsOwnPresets(t *testing.T) {
	t.Parallel()
	w := newCity(t)
	c := w.official(t)
	var presets []api.Preset
	c.get("/api/v1/presets", &presets)
	if len(presets) != 1 || presets[0].Name != "whole-city" ||
		!slices.Equal(presets[0].Settings.Eligibility.Municipalities, []string{"583"}) {
		t.Errorf("got %+v, want whole-city for residents of 583", presets)
	}
	if status, code := c.post("/api/v1/rounds", newRound("r", api.Helsinki2026), nil); status != http.StatusBadRequest {
		t.Errorf("Helsinki's preset: got %d %s, want 400", status, code)
	}
	c.createRound("r", api.WholeCity)
	if status, code := w.official(t).get("/api/v1/rounds/r", nil); status != http.StatusOK {
		t.Errorf("got %d %s, want the round", status, code)
	}
}

// At 00:30 in Helsinki, where she would be 13 already, it is 23:30 the day
// before.
func TestAnotherCitysBirthdaysBeginByItsClock(t *testing.T) {
	t.Parallel()
	w := newCity(t)
	w.official(t).createRound("r", api.WholeCity)
	people := strings.NewReplacer("091", "583", "central", "", "western", "").Replace(rollFile)
	file := roll.Import{Round: "r", File: strings.NewReader(people), Command: "test"}
	if _, err := w.roll.Import(context.Background(), file); err != nil {
		t.Fatal(err)
	}
	w.to(t, "r", round.Voting)
	for _, test := range []struct {
		moment   string
		eligible bool
	}{
		{"2026-05-11 00:30+03", false},
		{"2026-05-11 00:59:59+03", false},
		{"2026-05-11 00:00+02", true},
	} {
		t.Run(test.moment, func(t *testing.T) {
			w.at(t, test.moment)
			var got api.Rights
			if status, code := w.as(t, turns13).get("/api/v1/rounds/r/rights", &got); status != http.StatusOK {
				t.Fatalf("got %d %s, want 200", status, code)
			}
			if got.Eligible != test.eligible {
				t.Errorf("got eligible %v (%+v), want %v", got.Eligible, got, test.eligible)
			}
		})
	}
}

// What names no language is answered in the city's first.
func TestAnotherCitySpeaksItsFirstLanguage(t *testing.T) {
	t.Parallel()
	w := newCity(t)
	r := newRound("r", api.WholeCity)
	r.Name = api.Text{Fi: "Kierros", Sv: pointer("Omgång")}
	if status, code := w.official(t).post("/api/v1/rounds", r, nil); status != http.StatusCreated {
		t.Fatalf("got %d %s, want 201", status, code)
	}
	w.to(t, "r", round.Proposing)
	for _, path := range []string{"/api/v1/rounds/r/proposals.atom", "/api/v1/rounds/r/events.ics"} {
		t.Run(path, func(t *testing.T) {
			var got string
			if status, code := w.anonymous(t).get(path, &got); status != http.StatusOK {
				t.Fatalf("got %d %s, want 200", status, code)
			}
			if !strings.Contains(got, "Omgång") || strings.Contains(got, "Kierros") {
				t.Errorf("got %s, want Omgång", got)
			}
		})
	}
}

// Unless its operator accepts one cluster for both databases, no vote opens on
// it; where he does, every page is told.
func TestOneClusterIsAccepted(t *testing.T) {
	t.Parallel()
	for name, accepted := range map[string]bool{"refused": false, "accepted": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(s *Settings) { s.OneCluster = accepted })
			var city api.CitySettings
			if status, code := w.anonymous(t).get("/api/v1/city", &city); status != http.StatusOK {
				t.Fatalf("got %d %s, want 200", status, code)
			}
			if city.OneCluster != accepted {
				t.Errorf("got the city told %v, want %v", city.OneCluster, accepted)
			}
			w.at(t, "2026-01-10 12:00+02")
			official := w.official(t)
			body, projects := byHand("r")
			official.post("/api/v1/rounds", body, nil)
			official.post("/api/v1/rounds/r/projects/import", projects, nil)
			official.post("/api/v1/rounds/r/codes", api.CodesRequest{Count: 1, Label: "codes"}, nil)
			w.take(t, official, "r", "propose", "vet", "freeze")
			status, code := official.post("/api/v1/rounds/r/steps", official.shown("r", "open"), nil)
			if want := map[bool]string{true: "200 ", false: "409 step_blocked"}[accepted]; fmt.Sprint(status, " ", code) != want {
				t.Errorf("got %d %s, want %s", status, code, want)
			}
		})
	}
}
