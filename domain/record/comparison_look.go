package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
)

// look compares what was seen with the record.
func (d *comparedSheets) look(
	r round.Round,
	c Comparison,
	seen []SeenSheet,
	recorded map[SheetName]sheet,
) error {
	var p domain.Problems
	looked := map[SheetName]bool{}
	for i, one := range seen {
		path := func(name string) string { return fmt.Sprintf("sheets[%d].%s", i, name) }
		of, known := recorded[one.SheetName]
		switch {
		case !known || !slices.Contains(c.Sheets, one.SheetName):
			p.Add(path("serial"), "unknown", "")
			continue
		case of.withheld:
			p.Add(path("serial"), "not_allowed", "")
			continue
		case looked[one.SheetName]:
			p.Add(path("serial"), "duplicate", "")
			continue
		}
		looked[one.SheetName] = true
		if one.Missing {
			d.Missing = append(d.Missing, one.SheetName)
			continue
		}
		says, ok := normal(strings.Fields(one.Seen), ranks(r, of.area))
		if !ok {
			p.Add(path("seen"), "bad_format", "")
			continue
		}
		in, _ := normal(words(of.vote), ranks(r, of.area))
		if says == in {
			d.Alike++
		} else {
			d.Other = append(d.Other, OtherSheet{one.SheetName, says, in})
		}
	}
	if len(looked) == 0 && p.Err() == nil {
		p.Add("sheets", "required", "")
	}
	slices.SortFunc(d.Other, func(a, b OtherSheet) int { return a.compare(b.SheetName) })
	slices.SortFunc(d.Missing, SheetName.compare)
	return p.Err()
}

// ranks tells whether an area's ballots are rankings, whose order counts.
func ranks(r round.Round, area string) bool {
	return formOf(r, area).VoteKind() == ballot.Ranking
}

func formOf(r round.Round, area string) (f ballot.Form) {
	for _, p := range r.Settings.Papers {
		if slices.Contains(p.Areas, area) {
			f = p.Form
		}
	}
	return f
}

// words are a vote's choices, of points with a colon.
func words(v ballot.Vote) []string {
	all := make([]string, len(v.Choices))
	for i, n := range v.Choices {
		if all[i] = strconv.Itoa(n); len(v.Points) > 0 {
			all[i] += ":" + strconv.Itoa(v.Points[i])
		}
	}
	return all
}

// normal writes choices one way; but in a ranking their order does not matter.
func normal(words []string, ranking bool) (string, bool) {
	for i, word := range words {
		number, points, pointed := strings.Cut(word, ":")
		n, err := strconv.ParseUint(number, 10, 20)
		if err != nil {
			return "", false
		}
		words[i] = strconv.FormatUint(n, 10)
		if pointed {
			if n, err = strconv.ParseUint(points, 10, 20); err != nil {
				return "", false
			}
			words[i] += ":" + strconv.FormatUint(n, 10)
		}
	}
	if !ranking {
		slices.Sort(words)
	}
	return strings.Join(words, " "), true
}
