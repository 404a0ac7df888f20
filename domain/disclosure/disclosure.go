// Package disclosure tells counts of people in tables so that none of them
// speaks of single ones (statistical disclosure control).
package disclosure

import (
	"cmp"
	"slices"
)

// Table counts by two features, with all sums.
type Table struct {
	Columns [][]string // what each column counts; more than one where single ones would be too few
	Rows    []Row
	Total   Row
	Few     bool // too few in all to tell anything
	// Rest is the column of those who did not do what the others count; empty:
	// there is none. That it is empty tells of everybody in a row.
	Rest string
}

// Row is one value of the rows' feature, with a cell for each column.
type Row struct {
	Key     string
	Unknown bool // those of whom the feature is not known are counted here as well
	Cells   []Cell
	Total   Cell
	Minutes *Cell // another sum of the row, told if its total is
}

// Cell is a number, or one that is not told.
type Cell struct {
	N      int
	Hidden bool
}

// Count is how many there are in a row and a column.
type Count struct {
	Row, Column string
	N, Minutes  int
}

// Tabulate counts rows and columns with all their sums; counts in no row or
// column are left out.
func Tabulate(counts []Count, rows, columns []string, minutes bool) Table {
	t := Table{Rows: make([]Row, len(rows)), Total: Row{Cells: make([]Cell, len(columns))}}
	for _, c := range columns {
		t.Columns = append(t.Columns, []string{c})
	}
	for i, key := range rows {
		t.Rows[i] = Row{Key: key, Cells: make([]Cell, len(columns))}
		if minutes {
			t.Rows[i].Minutes = &Cell{}
		}
	}
	if minutes {
		t.Total.Minutes = &Cell{}
	}
	for _, c := range counts {
		i, j := slices.Index(rows, c.Row), slices.Index(columns, c.Column)
		if i < 0 || j < 0 {
			continue
		}
		for _, row := range []*Row{&t.Rows[i], &t.Total} {
			row.Cells[j].N += c.N
			row.Total.N += c.N
			if minutes {
				row.Minutes.N += c.Minutes
			}
		}
	}
	return t
}

// Least is the smallest number but zero that is told, and the least width of
// what can be concluded of one that is not.
const Least = 5

// Guard hides what would speak of single people: numbers from 1 to 4 (primary
// suppression), and as many more that the hidden ones cannot be computed from
// the sums (secondary or complementary suppression; L. H. Cox, "Suppression
// methodology and statistical disclosure control", Journal of the American
// Statistical Association 75 (1980) 377–385). A zero speaks of nobody, and is
// told unless its row is hidden.
//
// Secondary suppression that picks cell by cell must be audited with linear
// programming, for a chain of sums may give away what no single sum does. Here
// whole rows are hidden instead, which costs some numbers and makes the audit a
// formula:
//
//  1. Columns whose total is small are counted together with the next smallest
//     (global recoding), so that all column totals can be told.
//  2. The totals of rows that are small are hidden, with that of the next
//     smallest rows until there are two of them and at least five in them.
//  3. All cells of rows that have a small one are hidden, and of further rows,
//     the smallest first, until every hidden cell may be any of at least six
//     numbers. What is hidden is then a full block of rows and columns, of
//     which the sums alone are known; the sharpest bounds of its cells are
//     Fréchet's (A. Dobra, S. E. Fienberg, "Bounds for cell entries in
//     contingency tables given marginal totals and decomposable graphs",
//     Proceedings of the National Academy of Sciences 97 (2000) 11885–11892):
//     with the row's sum r, the column's c and the block's n they lie min(r, c,
//     n−r, n−c) apart. Rows with hidden totals count as one row in this, and
//     each of them may have any part of it.
//
// At the latest the block of all rows is wide enough: its columns have five or
// more each, and so have its rows whose totals are told, and the others
// together.
//
// The tables of a round share their columns' totals, all of which are told, and
// nothing else: so they give away nothing of each other. Minutes are hidden
// with the number of occasions that they were given in.
func Guard(t Table) Table {
	if t.Total.Total.N > 0 && t.Total.Total.N < Least {
		return Table{
			Few:     true,
			Rows:    []Row{},
			Columns: [][]string{},
			Total:   Row{Cells: []Cell{}, Total: Cell{Hidden: true}},
		}
	}
	joinColumns(&t)
	hideRows(&t, hideTotals(&t))
	for i := range t.Rows { // whoever keeps the table keeps no more than it tells
		forget(&t.Rows[i].Total)
		if t.Rows[i].Minutes != nil {
			forget(t.Rows[i].Minutes)
		}
		for j := range t.Rows[i].Cells {
			forget(&t.Rows[i].Cells[j])
		}
	}
	return t
}

func forget(c *Cell) {
	if c.Hidden {
		c.N = 0
	}
}

// joinColumns adds the smallest columns up while one of them is small. Empty
// ones stay as they are.
func joinColumns(t *Table) {
	for {
		var order []int
		for j, c := range t.Total.Cells {
			if c.N > 0 {
				order = append(order, j)
			}
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.Total.Cells[a].N, t.Total.Cells[b].N) })
		if len(order) < 2 || t.Total.Cells[order[0]].N >= Least {
			return
		}
		into, from := min(order[0], order[1]), max(order[0], order[1])
		t.Columns[into] = append(t.Columns[into], t.Columns[from]...)
		t.Columns = slices.Delete(t.Columns, from, from+1)
		join := func(row *Row) {
			row.Cells[into].N += row.Cells[from].N
			row.Cells = slices.Delete(row.Cells, from, from+1)
		}
		for i := range t.Rows {
			join(&t.Rows[i])
		}
		join(&t.Total)
	}
}

// hideTotals hides the totals that step 2 says, and gives their sum.
func hideTotals(t *Table) (sum int) {
	order := bySize(t)
	if len(order) == 0 || t.Rows[order[0]].Total.N >= Least {
		return 0
	}
	for n, i := range order {
		row := &t.Rows[i]
		if n >= 2 && sum >= Least && row.Total.N >= Least {
			break
		}
		row.Total.Hidden = true
		if row.Minutes != nil {
			row.Minutes.Hidden = true
		}
		sum += row.Total.N
	}
	return sum
}

// bySize are the rows that are not empty, the smallest first.
func bySize(t *Table) (order []int) {
	for i, row := range t.Rows {
		if row.Total.N > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.Rows[a].Total.N, t.Rows[b].Total.N) })
	return order
}

// hideRows hides the cells that step 3 says; totals is what lies in rows with
// hidden ones.
func hideRows(t *Table, totals int) {
	order := bySize(t)
	hidden := map[int]bool{}
	for _, i := range order {
		hidden[i] = t.Rows[i].Total.Hidden
		for j := range t.Rows[i].Cells {
			hidden[i] = hidden[i] || t.telling(i, j)
		}
	}
	if !slices.ContainsFunc(order, func(i int) bool { return hidden[i] }) {
		return
	}
	for _, i := range order {
		if wide(t, hidden, totals) {
			break
		}
		hidden[i] = true
	}
	for i := range t.Rows {
		for j := range t.Rows[i].Cells {
			if hidden[i] && t.Total.Cells[j].N > 0 {
				t.Rows[i].Cells[j].Hidden = true
			}
		}
	}
}

// telling is whether a cell speaks of single people: by itself, or because
// somebody who knows from elsewhere how many were in each of several columns
// that are counted together could say how many of them are in the row. Where
// there is one row or one column alone the sums, which are told, say the same.
func (t *Table) telling(row, column int) bool {
	n, names := t.Rows[row].Cells[column].N, t.Columns[column]
	filled := func(c Cell) bool { return c.N > 0 }
	all := t.Total.Cells[column].N
	if i := slices.IndexFunc(t.Total.Cells, filled); t.Rows[row].Total.N < t.Total.Total.N &&
		i >= 0 && slices.ContainsFunc(t.Total.Cells[i+1:], filled) {
		if n == 0 && all > 0 && slices.Contains(names, t.Rest) || n > 0 && len(names) > 1 && all-n < Least {
			return true
		}
	}
	return n > 0 && n < Least
}

// wide tells whether every cell of the hidden rows may be any of more than
// least numbers, by all that is told.
func wide(t *Table, hidden map[int]bool, totals int) bool {
	n, columns := 0, make([]int, len(t.Columns))
	for i, row := range t.Rows {
		for j, c := range row.Cells {
			if hidden[i] {
				n += c.N
				columns[j] += c.N
			}
		}
	}
	for i, row := range t.Rows {
		for j, c := range columns {
			width := min(totals, c)
			if !row.Total.Hidden {
				width = min(row.Total.N, c, n-row.Total.N, n-c)
			}
			if hidden[i] && t.Total.Cells[j].N > 0 && width < Least {
				return false
			}
		}
	}
	return true
}
