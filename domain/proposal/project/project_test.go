package project

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

func southAndNorth() round.Settings {
	return round.Settings{
		Areas:  []round.Area{{ID: "south"}, {ID: "north"}},
		Themes: []round.Theme{{ID: "parks"}},
	}
}

func numbers(projects []Project) []int {
	out := make([]int, len(projects))
	for i, p := range projects {
		out[i] = p.Number
	}
	return out
}

func TestNumberingFollowsAreasAndTheFinnishDictionary(t *testing.T) {
	b := Ballot{}
	for i, p := range []struct{ area, title string }{
		{"north", "Aurinko"},
		{"south", "öljylamppu"},
		{"south", "Ängen"},
		{"south", "zeppeliini"},
		{"south", "Åbo"},
		{"south", "apu"},
		{"south", "Apu"},
		{"south", ""},
		{"south", "Vesi"},
		{"south", "wc"},
		{"south", "apu"},
		{"south", "123"},
		{"south", "🌳 puu"},
		{"south", "حديقة"},
	} {
		b.Projects = append(
			b.Projects,
			Project{Proposal: int64(i + 1), Number: 100 - i, Area: p.area, Title: domain.Text{Sv: p.title}},
		)
	}
	b.number(southAndNorth())
	var got []string
	for i, p := range b.Projects {
		if p.Number != i+1 {
			t.Fatalf("number %d at %d", p.Number, i)
		}
		got = append(got, fmt.Sprint(p.Proposal, " ", p.Title.Sv))
	}
	want := []string{
		"8 ",
		"13 🌳 puu",
		"12 123",
		"6 apu",
		"11 apu",
		"7 Apu",
		"9 Vesi",
		"10 wc",
		"4 zeppeliini",
		"5 Åbo",
		"3 Ängen",
		"2 öljylamppu",
		"14 حديقة",
		"1 Aurinko",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got  %q\nwant %q", got, want)
	}
}

func TestImportIsAllOrNothingAndNamesEveryFault(t *testing.T) {
	r := round.Round{ID: "r", Settings: southAndNorth()}
	good := func(number int) Project {
		return Project{
			Number: number,
			Title:  domain.Text{Fi: "Puu"},
			Area:   "south",
			Theme:  "parks",
			Cost:   proposal.Cost{Minimum: 0, Maximum: 1, Maintenance: 0},
		}
	}
	bad := good(0)
	bad.Title, bad.Area, bad.Theme, bad.Cost = domain.Text{
		Sv: "Träd",
	}, "east", "war", proposal.Cost{
		Minimum:     2,
		Maximum:     1,
		Maintenance: 0,
	}
	bad.Point = &domain.Point{Latitude: 40.7, Longitude: -74}
	err := (&Ballot{Projects: []Project{good(3)}}).add(
		r,
		domain.Extent{South: 60, West: 24, North: 61, East: 25},
		[]Project{good(7), bad, good(7), good(3), good(1_000_000), good(-1)},
	)
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid {
		t.Fatal(err)
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Path+" "+f.Code)
	}
	want := []string{
		"projects[1].title.fi required",
		"projects[1].cost.maximum too_small",
		"projects[1].point outside_city",
		"projects[1].area unknown",
		"projects[1].theme unknown",
		"projects[2].number duplicate",
		"projects[3].number duplicate",
		"projects[4].number too_large",
		"projects[5].number too_small",
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got  %q\nwant %q", got, want)
	}

	b := Ballot{Projects: []Project{good(3)}}
	if err := b.add(r, domain.Extent{}, []Project{good(0), good(9), good(0)}); err != nil {
		t.Fatal(err)
	}
	if got := numbers(b.Projects); !slices.Equal(got, []int{3, 10, 9, 11}) {
		t.Fatalf("numbers %v", got)
	}
	b = Ballot{}
	if err := b.add(r, domain.Extent{}, []Project{good(999_999), good(0)}); err == nil {
		t.Fatalf("no number is left, yet: %v", numbers(b.Projects))
	}
}

func TestPlacementIsACopyInItsOwnLanguage(t *testing.T) {
	accepted := func(id int64) proposal.Proposal {
		return proposal.Proposal{
			ID:    id,
			Round: "r",
			Cost:  &proposal.Cost{Minimum: 1, Maximum: 2, Maintenance: 3},
			Text:  proposal.Text{Title: "Bänk", What: "Vid stranden", Area: "south", Language: domain.Swedish},
		}
	}
	b := Ballot{
		Accepted: []proposal.Proposal{accepted(4), accepted(5), accepted(6)},
		Projects: []Project{{Number: 8, Proposal: 1}},
	}
	if err := b.place([]int64{6, 4}); err != nil {
		t.Fatal(err)
	}
	if got := numbers(b.Projects); !slices.Equal(got, []int{8, 9, 10}) || b.Projects[1].Proposal != 6 {
		t.Fatalf("%+v", b.Projects)
	}
	p := b.Projects[1]
	if p.Title != (domain.Text{Sv: "Bänk"}) || p.Title.In(domain.Finnish) != "Bänk" ||
		p.Description.Sv != "Vid stranden" {
		t.Fatalf("%+v", p)
	}
	for _, ids := range [][]int64{{5, 5}, {5, 99}, {1}} {
		b := Ballot{Accepted: []proposal.Proposal{accepted(4), accepted(5)}}
		if err := b.place(ids); domain.CodeOf(err) != proposal.CodeState {
			t.Errorf("%v: %v", ids, err)
		}
	}
}

// The order is drawn anew at midnight in Helsinki, not in UTC, and does not
// depend on what the list held before.
func TestOrderOfTheDay(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	order := func(moment string, reversed bool) []int {
		var projects []Project
		for n := 1; n <= 100; n++ {
			projects = append(projects, Project{Number: n})
		}
		if reversed {
			slices.Reverse(projects)
		}
		now, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		shuffle(projects, now, zone)
		return numbers(projects)
	}
	day := order("2026-10-05T21:00:00Z", false) // 6 October 0:00 in summer time
	if !slices.Equal(day, order("2026-10-06T20:59:59Z", true)) {
		t.Error("another order on the same day")
	}
	if slices.Equal(day, order("2026-10-05T20:59:59Z", false)) ||
		slices.Equal(day, order("2026-10-06T21:00:00Z", false)) {
		t.Error("the same order on two days")
	}
	if slices.IsSorted(day) {
		t.Error("not shuffled")
	}
	firsts := map[int]bool{}
	for d := 1; d <= 28; d++ {
		firsts[order(fmt.Sprintf("2026-02-%02dT12:00:00Z", d), false)[0]] = true
	}
	if len(firsts) < 15 {
		t.Errorf("%d different projects were first in 28 days", len(firsts))
	}
}
