package statistics

import (
	"slices"
	"strconv"

	"osbu/domain/disclosure"
	"osbu/domain/roll"
)

// Columns of turnout: whether a right was used.
const (
	Used   = "used"
	Unused = "unused"
)

var columns = []string{Used, Unused}

// UnknownRow is the key of those whose area and age are not told.
const UnknownRow = "unknown"

// tabulate counts the turnout of each paper, by area and by age. How many
// rights there are and by what channel they were used is public while the vote
// goes on, to the last one (domain/record/numbers.go); so whatever is left out
// of a table can be computed by whoever subtracts it from that. Therefore
// nobody is left out: who has no area, or a protected address, who voted with a
// code or has left the roll is unknown in both tables, the same people. They
// have a row of their own if it can be told of every paper; otherwise they are
// counted in the largest row.
//
// The tables of a round then share this and no more: the sums of a paper's
// columns, which are public; the row of the unknown, which is told in all of
// them or in none; and the sums of an area's or a band's rows, which are the
// same for all papers and therefore hidden for all or for none. None of these
// narrows what is hidden elsewhere: with every choice of hidden sums that one
// table allows, so do the others. A test tries it.
func tabulate(total []roll.Turnout, voters []Voters, areas []string, bands []int) []Paper {
	ages := make([]string, len(bands))
	for i, b := range bands {
		ages[i] = strconv.Itoa(b)
	}
	papers, apart := make([]Paper, len(total)), true
	unknown := make([]disclosure.Row, len(total))
	for i, t := range total {
		var byArea, byAge []disclosure.Count
		for _, v := range voters {
			if v.Paper == t.Paper {
				column := Unused
				if v.Used {
					column = Used
				}
				byArea = append(byArea, disclosure.Count{Row: v.Area, Column: column, N: v.N})
				byAge = append(byAge, disclosure.Count{Row: strconv.Itoa(v.Band), Column: column, N: v.N})
			}
		}
		papers[i] = Paper{
			Paper: t.Paper, Total: t,
			Areas: disclosure.Tabulate(byArea, areas, columns, false),
			Ages:  disclosure.Tabulate(byAge, ages, columns, false),
		}
		papers[i].Areas.Rest, papers[i].Ages.Rest = Unused, Unused
		known := papers[i].Areas.Total
		unknown[i] = rest(t, known)
		apart = apart && (known.Total.N == 0 || tellable(known) && tellable(unknown[i]))
	}
	for i := range papers {
		for _, t := range []*disclosure.Table{&papers[i].Areas, &papers[i].Ages} {
			*t = withUnknown(*t, unknown[i], apart)
		}
	}
	return papers
}

// rest are the rights of the unknown: all but those of known people. Who has
// used a right and has left the roll since is among the rights used alone, so
// that of those unused there may be a few less than none.
func rest(t roll.Turnout, known disclosure.Row) disclosure.Row {
	row := disclosure.Row{Key: UnknownRow}
	for i, n := range []int{t.Spent(), t.Rights - t.Spent()} {
		n -= known.Cells[i].N
		row.Cells = append(row.Cells, disclosure.Cell{N: n})
		row.Total.N += n
	}
	return row
}

// tellable tells whether no number of a row is small: so each of it can be
// told.
func tellable(row disclosure.Row) bool {
	for i, c := range row.Cells {
		if c.N < 0 || c.N > 0 && c.N < disclosure.Least || c.N == 0 && columns[i] == Unused && row.Total.N != 0 {
			return false
		}
	}
	return true
}

// withUnknown is the table of everybody, guarded.
func withUnknown(t disclosure.Table, unknown disclosure.Row, apart bool) disclosure.Table {
	if !apart {
		largest := 0
		for i, row := range t.Rows {
			if row.Total.N > t.Rows[largest].Total.N {
				largest = i
			}
		}
		t.Rows[largest].Unknown = true
		add(&t.Rows[largest], unknown)
		add(&t.Total, unknown)
		return disclosure.Guard(t)
	}
	t = disclosure.Guard(t)
	if unknown.Total.N == 0 {
		return t
	}
	t.Rows = append(t.Rows, unknown)
	add(&t.Total, unknown)
	if t.Total.Total.N < disclosure.Least {
		return disclosure.Guard(t) // nothing of so few
	}
	return t
}

func add(to *disclosure.Row, row disclosure.Row) {
	to.Cells = slices.Clone(to.Cells)
	for i, c := range row.Cells {
		sum := max(to.Cells[i].N+c.N, 0)
		to.Total.N += sum - to.Cells[i].N
		to.Cells[i].N = sum
	}
}
