package statistics

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"osbu/domain/disclosure"
	"osbu/domain/roll"
)

// city is a made-up electorate: how many people of each area and band there are
// for each paper, who have voted or not, and how many are unknown.
type city struct {
	papers  []string
	areas   []string
	bands   []int
	voters  []Voters
	unknown map[string][]int // by paper, in the columns' order
}

func (c city) tables() []Paper {
	var total []roll.Turnout
	for _, paper := range c.papers {
		used, unused := c.unknown[paper][0], c.unknown[paper][1]
		for _, v := range c.voters {
			switch {
			case v.Paper == paper && v.Used:
				used += v.N
			case v.Paper == paper:
				unused += v.N
			}
		}
		total = append(total, roll.Turnout{Paper: paper, Online: used, Rights: used + unused})
	}
	return tabulate(total, c.voters, c.areas, c.bands)
}

func told(t disclosure.Table) string {
	var lines []string
	for _, row := range append(slices.Clone(t.Rows), t.Total) {
		line := row.Key
		if row.Unknown {
			line += "+"
		}
		for _, c := range append(slices.Clone(row.Cells), row.Total) {
			line += map[bool]string{true: " ?", false: fmt.Sprint(" ", c.N)}[c.Hidden]
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, " | ")
}

func people(area string, band, used, unused int) []Voters {
	return []Voters{{"main", area, band, true, used}, {"main", area, band, false, unused}}
}

func TestTurnout(t *testing.T) {
	big := slices.Concat(people("a", 0, 100, 200), people("b", 18, 200, 300), people("c", 18, 300, 400))
	for _, c := range []struct {
		name        string
		voters      []Voters
		unknown     []int
		areas, ages string
	}{
		{
			"nobody unknown", big,
			[]int{0, 0},
			"a 100 200 300 | b 200 300 500 | c 300 400 700 | 600 900 1500", "0 100 200 300 | 18 500 700 1200 | 600 900 1500",
		},
		{
			"the unknown have a row", big,
			[]int{7, 90},
			"a 100 200 300 | b 200 300 500 | c 300 400 700 | unknown 7 90 97 | 607 990 1597",
			"0 100 200 300 | 18 500 700 1200 | unknown 7 90 97 | 607 990 1597",
		},
		{
			"too few are unknown: they are counted in the largest row", big,
			[]int{2, 90},
			"a 100 200 300 | b 200 300 500 | c+ 302 490 792 | 602 990 1592",
			"0 100 200 300 | 18+ 502 790 1292 | 602 990 1592",
		},
		{
			"all of the unknown have voted", big,
			[]int{7, 0},
			"a 100 200 300 | b 200 300 500 | c+ 307 400 707 | 607 900 1507", "0 100 200 300 | 18+ 507 700 1207 | 607 900 1507",
		},
		{
			"who has left the roll used a right that is nobody's", big,
			[]int{6, -6},
			"a 100 200 300 | b 200 300 500 | c+ 306 394 700 | 606 894 1500", "0 100 200 300 | 18+ 506 694 1200 | 606 894 1500",
		},
		{
			"two voted in a small area", slices.Concat(big, people("d", 18, 2, 30)),
			[]int{0, 0},
			"a ? ? 300 | b 200 300 500 | c 300 400 700 | d ? ? 32 | 602 930 1532",
			"0 100 200 300 | 18 502 730 1232 | 602 930 1532",
		},
		{
			"everybody of an area has voted", slices.Concat(big, people("d", 18, 30, 0)),
			[]int{0, 0},
			"a ? ? 300 | b 200 300 500 | c 300 400 700 | d ? ? 30 | 630 900 1530",
			"0 100 200 300 | 18 530 700 1230 | 630 900 1530",
		},
		{
			"all hold codes", nil,
			[]int{7, 0},
			"a 0 0 0 | b 0 0 0 | c 0 0 0 | unknown 7 0 7 | 7 0 7", "0 0 0 0 | 18 0 0 0 | unknown 7 0 7 | 7 0 7",
		},
		{"three voted in all", nil, []int{3, 0}, "?", "?"},
	} {
		areas := []string{"a", "b", "c"}
		if strings.Contains(c.areas, "d ") {
			areas = append(areas, "d")
		}
		p := city{[]string{"main"}, areas, []int{0, 18}, c.voters, map[string][]int{"main": c.unknown}}.tables()[0]
		if got := told(p.Areas); got != c.areas {
			t.Errorf("%s, by area:\n got %s\nwant %s", c.name, got, c.areas)
		}
		if got := told(p.Ages); got != c.ages {
			t.Errorf("%s, by age:\n got %s\nwant %s", c.name, got, c.ages)
		}
	}
}

// span is from the smallest to the largest number that a cell may have.
type span struct{ low, high int }

// guesses are, for each choice of the rows' sums that fits what is told of a
// table, what its cells may be. It tries all tables, and knows nothing of how
// this one was guarded; the row of the unknown, if it is told, is taken out.
func guesses(t disclosure.Table) map[string][][]span {
	rows, left := slices.Clone(t.Rows), slices.Clone(t.Total.Cells)
	if n := len(rows) - 1; n >= 0 && rows[n].Key == UnknownRow {
		for j, c := range rows[n].Cells {
			left[j].N -= c.N
		}
		rows = rows[:n]
	}
	all := map[string][][]span{}
	guess := make([][]int, len(rows))
	for i := range guess {
		guess[i] = make([]int, len(left))
	}
	var try func(i, j int, sums []int)
	try = func(i, j int, sums []int) {
		switch {
		case i == len(rows):
			for _, c := range left {
				if c.N != 0 {
					return
				}
			}
			key := fmt.Sprint(sums)
			spans, known := all[key]
			if !known {
				spans = make([][]span, len(rows))
				for i := range spans {
					for _, n := range guess[i] {
						spans[i] = append(spans[i], span{n, n})
					}
				}
				all[key] = spans
			}
			for i, row := range guess {
				for j, n := range row {
					spans[i][j] = span{min(spans[i][j].low, n), max(spans[i][j].high, n)}
				}
			}
		case j == len(left):
			sum := 0
			for _, n := range guess[i] {
				sum += n
			}
			if rows[i].Total.Hidden || rows[i].Total.N == sum {
				try(i+1, 0, append(slices.Clone(sums), sum))
			}
		default:
			from, to := 0, left[j].N
			if c := rows[i].Cells[j]; !c.Hidden {
				from, to = c.N, min(c.N, to)
			}
			if i == len(rows)-1 {
				from = max(from, left[j].N) // the last row takes what is left
			}
			for n := from; n <= to; n++ {
				guess[i][j] = n
				left[j].N -= n
				try(i, j+1, sums)
				left[j].N += n
			}
		}
	}
	try(0, 0, nil)
	return all
}

// Whoever has all tables of a round, for all its papers, and the numbers of the
// vote that were public before, comes near no hidden number: what one table
// tells of a row's sum is held against the same row of the other papers', the
// row of the unknown is subtracted from the sums, and columns that are counted
// together are divided by the public numbers of each.
func TestNoTableGivesAnotherAway(t *testing.T) {
	sizes := rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3, 5, 6, 8})
	rapid.Check(t, func(t *rapid.T) {
		c := city{areas: []string{"a", "b", "c"}, bands: []int{0, 18}, unknown: map[string][]int{}}
		c.papers = []string{"main", "city"}[:rapid.IntRange(1, 2).Draw(t, "papers")]
		for _, area := range c.areas {
			for _, band := range c.bands {
				people := rapid.IntRange(0, 9).Draw(t, "people")
				for _, paper := range c.papers {
					used := min(people, sizes.Draw(t, "used"))
					c.voters = append(c.voters, Voters{paper, area, band, true, used}, Voters{paper, area, band, false, people - used})
				}
			}
		}
		for _, paper := range c.papers {
			c.unknown[paper] = []int{sizes.Draw(t, "used"), sizes.Draw(t, "unused")}
		}
		papers := c.tables()
		for of, table := range map[string]func(Paper) disclosure.Table{
			"area": func(p Paper) disclosure.Table { return p.Areas },
			"age":  func(p Paper) disclosure.Table { return p.Ages },
		} {
			attacked(t, of, papers, table)
		}
	})
}

// attacked holds the tables of one feature for all papers against each other.
func attacked(t *rapid.T, of string, papers []Paper, table func(Paper) disclosure.Table) {
	var each []map[string][][]span
	var said []string
	for _, p := range papers {
		if table(p).Few {
			return
		}
		each = append(each, guesses(table(p)))
		said = append(said, told(table(p)))
	}
	// Of the others' people a paper's sums tell only where the unknown are apart:
	// otherwise the largest row has others in it, for each paper.
	together := slices.ContainsFunc(table(papers[0]).Rows, func(r disclosure.Row) bool { return r.Unknown })
	for n, p := range papers {
		joint := map[string][][]span{}
		for key, spans := range each[n] {
			fits := true
			for _, other := range each {
				_, there := other[key]
				fits = fits && (there || together)
			}
			if fits {
				joint[key] = spans
			}
		}
		if len(joint) == 0 {
			t.Fatalf("by %s, %q: nothing fits", of, said)
		}
		check(t, fmt.Sprintf("by %s, %q, paper %d", of, said, n), table(p), p.Total, joint)
	}
}

func check(t *rapid.T, where string, table disclosure.Table, public roll.Turnout, joint map[string][][]span) {
	single := map[string]int{Used: public.Spent(), Unused: public.Rights - public.Spent()}
	for i, row := range table.Rows {
		if row.Key == UnknownRow {
			for j, c := range row.Cells {
				if table.Total.Cells[j].N != c.N && (c.Hidden || c.N > 0 && c.N < disclosure.Least) {
					t.Fatalf("%s: the unknown", where)
				}
			}
			continue
		}
		for j, c := range row.Cells {
			at := span{1 << 30, 0}
			for _, spans := range joint {
				at = span{min(at.low, spans[i][j].low), max(at.high, spans[i][j].high)}
			}
			switch {
			case !c.Hidden && (at != span{c.N, c.N} || c.N > 0 && c.N < disclosure.Least):
				t.Fatalf("%s: row %d column %d is told", where, i, j)
			case c.Hidden && at.high-at.low < disclosure.Least:
				t.Fatalf("%s: row %d column %d lies from %d to %d", where, i, j, at.low, at.high)
			}
			for _, name := range table.Columns[j] {
				others := table.Total.Cells[j].N - single[name]
				if n := single[name]; len(table.Columns[j]) > 1 && n < disclosure.Least && at.low-others > 0 &&
					len(table.Columns) > 1 && row.Total.N < table.Total.Total.N {
					t.Fatalf("%s: row %d has at least %d of %d %s", where, i, at.low-others, n, name)
				}
			}
		}
	}
}
