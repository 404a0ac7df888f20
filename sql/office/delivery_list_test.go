package office_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/delivery"
)

// The database finds what the public list shows by the same words as the domain
// says that a project is late: here for projects of all sorts, whose dates lie
// before, on and after today.
func TestTheListOfDeliveriesIsTheDomains(t *testing.T) {
	t.Parallel()
	v, s := delivering(t)
	ctx := context.Background()
	v.SetClock(t, "2027-06-10T09:00:00Z")
	dice := rand.New(rand.NewPCG(15, 10))
	phases, standings := delivery.Phases, []string{"on_course", "changed", "paused", "cancelled"}
	day := func() string {
		return time.Date(2027, 6, 10+dice.IntN(9)-4, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	var titles, areas, stands, ages []string
	for i := range 40 {
		titles = append(titles, fmt.Sprintf(`{"fi": "%s %d", "sv": "Bänk"}`, []string{"Äänes", "PENKKI", "50% _"}[i%3], i))
		areas = append(areas, []string{"southern", "western"}[dice.IntN(2)])
		stands = append(stands, standings[max(dice.IntN(6)-2, 0)])
		ages = append(ages, fmt.Sprint(dice.IntN(4), " days")) // some are of one moment
	}
	v.stage(t, `INSERT INTO project (proposal, round, number, area, theme, title, description, place, minimum,
			maximum, maintenance)
		SELECT 100 + n, 'r', 100 + n, area, CASE n % 3 WHEN 0 THEN 'parks' END, title::jsonb, '{}', '{}', 1, 2, 0
		FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS p (title, area, n)`,
		pgdialect.Array(titles), pgdialect.Array(areas))
	v.stage(t, `INSERT INTO proposal (id, round, state, version, author, author_name, facilitator_name, title, what, why,
			place, area, theme, language, question, reason, submitted_at, updated_at, words,
			minimum, maximum, maintenance)
		OVERRIDING SYSTEM VALUE
		SELECT j.proposal, 'r', 'selected', 1, 1, '', '', 'x', 'x', '', '', j.area, 'parks', 'fi', '', '', osbu_now(),
			osbu_now(), '', 1, 2, 0 FROM project j WHERE j.proposal > 100`)
	for site := range 3 {
		var phase []string
		for range 40 {
			phase = append(phase, string(phases[dice.IntN(len(phases))]))
		}
		v.stage(t, `INSERT INTO delivery (proposal, site, round, version, name, phase, standing, reason, division, contact,
				difference, documents, updated_at)
			SELECT 100 + n, ?0, 'r', 1, CASE WHEN ?0 > 0 THEN '{"fi": "x", "sv": "x"}' ELSE '{}' END::jsonb, phase, standing,
				CASE standing WHEN 'on_course' THEN '{}' ELSE '{"fi": "x", "sv": "x"}' END::jsonb,
				CASE n % 2 WHEN 0 THEN 'environment' ELSE '' END, '{}', '{}', '[]',
				osbu_now() - age::interval
			FROM unnest(?1::text[], ?2::text[], ?3::text[]) WITH ORDINALITY AS d (phase, standing, age, n)
			WHERE ?0 = 0 OR n % 4 = ?0`,
			site, pgdialect.Array(phase), pgdialect.Array(stands), pgdialect.Array(ages))
		for i, p := range phase {
			for at, of := range phases {
				if dice.IntN(2) == 0 {
					continue
				}
				first, promised, actual := day(), day(), ""
				if at <= slices.Index(phases, delivery.Phase(p)) && dice.IntN(4) > 0 {
					actual = day()
				}
				if dice.IntN(5) == 0 && actual != "" {
					first, promised = "", ""
				}
				v.stage(t, `INSERT INTO delivery_date (proposal, site, phase, first, promised, actual)
					SELECT proposal, site, ?2, nullif(?3, '')::date, nullif(?4, '')::date, nullif(?5, '')::date
					FROM delivery WHERE proposal = ?0 AND site = ?1`, 101+i, site, string(of), first, promised, actual)
			}
		}
	}
	all, now, err := v.store.Deliveries(ctx, delivery.Of{})
	if err != nil || len(all) < 60 {
		t.Fatalf("%d deliveries, %v", len(all), err)
	}
	today := now.Format(time.DateOnly)
	type one struct {
		delivery.Delivery
		late delivery.Late
	}
	var projects []one
	for _, d := range all {
		late := d.Late(today)
		if d.Site == 0 {
			projects = append(projects, one{d, late})
		} else if p := &projects[len(projects)-1]; late.Days > p.late.Days && !p.Over() {
			p.late = late
		}
	}
	slices.SortStableFunc(projects, func(a, b one) int {
		over := func(o one) int {
			if o.Over() {
				return 1
			}
			return 0
		}
		return cmp.Or(over(a)-over(b), b.late.Days-a.late.Days, b.UpdatedAt.Compare(a.UpdatedAt))
	})
	// An area's page counts them as the list does.
	for _, id := range []string{"southern", "western"} {
		want := must(s.List(ctx, anonymous, delivery.List{Area: id, Limit: 1}))(t).Summary
		rounds := must(v.store.AreaRounds(ctx, id, "", time.UTC))(t)
		if len(rounds) != 1 || want.Late == 0 || want.Cancelled == 0 || !reflect.DeepEqual(rounds[0].Projects, want) {
			t.Errorf("%s: got %+v, want %+v", id, rounds, want)
		}
	}
	lists := map[string]struct {
		delivery.List
		fits func(one) bool
	}{
		"all":   {delivery.List{}, func(one) bool { return true }},
		"late":  {delivery.List{Late: true}, func(o one) bool { return o.late.Days > 0 }},
		"area":  {delivery.List{Area: "western"}, func(o one) bool { return o.Project.Area == "western" }},
		"theme": {delivery.List{Theme: "parks"}, func(o one) bool { return o.Project.Theme == "parks" }},
		"words": {
			delivery.List{Words: " äänes "}, func(o one) bool { return o.Project.Title.Fi[:2] == "Ä" },
		},
		"no patterns": {
			delivery.List{Words: "% _"}, func(o one) bool { return o.Project.Title.Fi[:2] == "50" },
		},
		"phase": {delivery.List{Phase: delivery.Planning}, func(o one) bool {
			return o.Phase == delivery.Planning && o.Standing != delivery.Cancelled
		}},
		"standing": {
			delivery.List{Standing: delivery.Paused}, func(o one) bool { return o.Standing == delivery.Paused },
		},
	}
	for name, c := range lists {
		var want, got []int
		for _, o := range projects {
			if c.fits(o) {
				want = append(want, o.Project.Number)
			}
		}
		if len(want) < 2 {
			t.Fatalf("%s: the test has only %v", name, want)
		}
		for {
			c.Limit, c.From = 7, len(got)
			page := must(s.List(ctx, anonymous, c.List))(t)
			for _, v := range page.Projects {
				got = append(got, v.Project.Number)
				if i := slices.IndexFunc(projects, func(o one) bool { return o.Proposal == v.Proposal }); v.Late.Days !=
					projects[i].late.Days {
					t.Errorf("%s: project %d is late by %+v, want %+v", name, v.Project.Number, v.Late, projects[i].late)
				}
			}
			if page.Total != len(want) {
				t.Errorf("%s: %d in all, want %d", name, page.Total, len(want))
			}
			if page.Next != 0 && page.Next != len(got) || page.Next == 0 && len(got) < len(want) {
				t.Fatalf("%s: after %d of %d comes %d", name, len(got), len(want), page.Next)
			}
			if page.Next == 0 {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got  %v\nwant %v", name, got, want)
		}
	}
	sum := delivery.Summary{Phases: map[delivery.Phase]int{}}
	for _, o := range projects {
		sum.All++
		if o.late.Days > 0 && !o.Over() {
			sum.Late++
		}
		if o.Standing == delivery.Cancelled {
			sum.Cancelled++
			continue
		}
		if o.Phase.Reached(delivery.Done) {
			sum.Done++
		}
		sum.Phases[o.Phase]++
	}
	page := must(s.List(ctx, anonymous, delivery.List{Late: true, Limit: 1, From: 1_000}))(t)
	if !reflect.DeepEqual(page.Summary, sum) || len(page.Projects) != 0 || page.Next != 0 {
		t.Errorf("past the end: %+v, want %+v", page, sum)
	}
}

// A rehearsal is shown to whoever asks for its round, and to nobody else.
func TestTheListLeavesRehearsalsOut(t *testing.T) {
	t.Parallel()
	v, s := delivering(t)
	ctx := context.Background()
	v.stage(t, "UPDATE round SET rehearsal = true")
	for roundID, want := range map[string]int{"": 0, "r": 2, "other": 0} {
		page := must(s.List(ctx, anonymous, delivery.List{Round: roundID, Limit: 10}))(t)
		if page.Total != want || page.Summary.All != want || len(page.Projects) != want {
			t.Errorf("of round %q: %+v, want %d", roundID, page, want)
		}
	}
}
