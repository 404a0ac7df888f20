package retention

import (
	"slices"
	"strings"
	"testing"

	"osbu/domain"
)

func TestProblemsOfATable(t *testing.T) {
	if found := Problems(Standard()); len(found) > 0 {
		t.Errorf("the standard table: %q", found)
	}
	with := func(change func([]Rule) []Rule) []Rule { return change(slices.Clone(Standard())) }
	for name, c := range map[string]struct {
		rules []Rule
		want  string
	}{
		"no line":   {with(func(r []Rule) []Rule { return r[1:] }), `data: "roll" has no line`},
		"two lines": {with(func(r []Rule) []Rule { return append(r, r[0]) }), `data: "roll" has two lines`},
		"unknown": {
			with(func(r []Rule) []Rule { return append(r, Rule{Data: "ballots", Days: 90}) }), `"ballots" is none of`,
		},
		"too soon": {with(func(r []Rule) []Rule { r[0].Days = Least - 1; return r }), "roll: days: want from 45"},
		"never":    {with(func(r []Rule) []Rule { r[5].Days = Most + 1; return r }), "desk_notes: days: want from 45"},
		"one language": {
			with(func(r []Rule) []Rule { r[0].Who = domain.Text{Fi: "Kirjaamo"}; return r }), "roll: who: want it in",
		},
	} {
		if found := Problems(c.rules); len(found) != 1 || !strings.Contains(found[0], c.want) {
			t.Errorf("%s: got %q, want %q", name, found, c.want)
		}
	}
}
