package disclosure

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// tableOf makes a table of rows like 3 4 0.
func tableOf(rows ...[]int) Table {
	var counts []Count
	var keys, columns []string
	for i, row := range rows {
		keys = append(keys, fmt.Sprint("row ", i))
		for j, n := range row {
			if i == 0 {
				columns = append(columns, string(rune('a'+j)))
			}
			counts = append(counts, Count{Row: keys[i], Column: string(rune('a' + j)), N: n, Minutes: 10 * n})
		}
	}
	return Tabulate(counts, keys, columns, true)
}

// told is what is told of a table, a question mark for what is not.
func told(t Table) string {
	var lines []string
	for _, row := range append(slices.Clone(t.Rows), t.Total) {
		var line []string
		for _, c := range append(slices.Clone(row.Cells), row.Total) {
			line = append(line, map[bool]string{true: "?", false: fmt.Sprint(c.N)}[c.Hidden])
		}
		lines = append(lines, strings.Join(line, " "))
	}
	return strings.Join(lines, " | ")
}

func TestGuard(t *testing.T) {
	for _, c := range []struct {
		name string
		rows [][]int
		want string
	}{
		{"nothing small", [][]int{{10, 20}, {30, 5}}, "10 20 30 | 30 5 35 | 40 25 65"},
		{"a zero is told", [][]int{{10, 0}, {30, 5}}, "10 0 10 | 30 5 35 | 40 5 45"},
		{
			"one small cell takes a second row along",
			[][]int{{2, 20}, {30, 40}, {50, 60}},
			"? ? 22 | ? ? 70 | 50 60 110 | 82 120 202",
		},
		{
			"a small total takes a second one along",
			[][]int{{2, 1}, {30, 40}, {50, 60}},
			"? ? ? | ? ? ? | 50 60 110 | 82 101 183",
		},
		{"a small column is counted with the next", [][]int{{30, 1, 20}, {30, 2, 10}}, "30 21 51 | 30 12 42 | 60 33 93"},
		{
			"an empty column and row stay",
			[][]int{{30, 0, 2}, {40, 0, 30}, {0, 0, 0}},
			"? 0 ? 32 | ? 0 ? 70 | 0 0 0 0 | 70 0 32 102",
		},
		{"two rows hide each other", [][]int{{3, 20}, {4, 0}}, "? ? ? | ? ? ? | 7 20 27"},
		{"nothing at all", [][]int{{0, 0}, {0, 0}}, "0 0 0 | 0 0 0 | 0 0 0"},
	} {
		if got := told(Guard(tableOf(c.rows...))); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	if few := Guard(tableOf([]int{1, 2}, []int{0, 1})); !few.Few || len(few.Rows) != 0 {
		t.Errorf("four in all: %+v", few)
	}
	if hidden := Guard(tableOf([]int{2, 1}, []int{30, 40}, []int{50, 60})); !hidden.Rows[0].Minutes.Hidden ||
		!hidden.Rows[1].Minutes.Hidden ||
		hidden.Rows[2].Minutes.Hidden {
		t.Errorf("minutes tell what numbers hide: %+v", hidden.Rows)
	}
}

// attack looks for every table of numbers that would be told as this one is,
// and gives the smallest and the largest that each cell of it has; totals stand
// in the last column. It knows nothing of how the table was guarded.
func attack(t Table) (low, high [][]int) {
	rows, columns := len(t.Rows), len(t.Total.Cells)
	guess := make([][]int, rows)
	low, high = make([][]int, rows), make([][]int, rows)
	for i := range guess {
		guess[i], low[i], high[i] = make([]int, columns), make([]int, columns+1), make([]int, columns+1)
		for j := range low[i] {
			low[i][j] = 1 << 30
		}
	}
	left := make([]int, columns)
	for j, c := range t.Total.Cells {
		left[j] = c.N
	}
	var try func(i, j, sum int)
	try = func(i, j, sum int) {
		switch {
		case i == rows:
			for _, l := range left {
				if l != 0 {
					return
				}
			}
			for i, row := range guess {
				all := 0
				for j, n := range row {
					low[i][j], high[i][j] = min(low[i][j], n), max(high[i][j], n)
					all += n
				}
				low[i][columns], high[i][columns] = min(low[i][columns], all), max(high[i][columns], all)
			}
		case j == columns:
			if row := t.Rows[i]; row.Total.Hidden || row.Total.N == sum {
				try(i+1, 0, 0)
			}
		default:
			from, to := 0, left[j]
			if c := t.Rows[i].Cells[j]; !c.Hidden {
				from, to = c.N, min(c.N, left[j])
			}
			if !t.Rows[i].Total.Hidden {
				to = min(to, t.Rows[i].Total.N-sum)
			}
			if i == rows-1 {
				from = max(from, left[j]) // the last row takes what is left
			}
			for n := from; n <= to; n++ {
				guess[i][j] = n
				left[j] -= n
				try(i, j+1, sum+n)
				left[j] += n
			}
		}
	}
	try(0, 0, 0)
	return low, high
}

// Nobody who has the told numbers and tries all tables comes near a hidden one,
// and no small number is told.
func TestNoHiddenNumberCanBeRecovered(t *testing.T) {
	sizes := rapid.SampledFrom([]int{0, 0, 1, 1, 2, 3, 4, 5, 6, 9})
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 3).Draw(t, "columns")
		rows := rapid.SliceOfN(rapid.SliceOfN(sizes, width, width), 1, 3).Draw(t, "rows")
		table := Guard(tableOf(rows...))
		if table.Few {
			return
		}
		low, high := attack(table)
		for i, row := range table.Rows {
			check := func(j int, c Cell) {
				switch {
				case !c.Hidden && (low[i][j] != c.N || high[i][j] != c.N || c.N > 0 && c.N < Least):
					t.Fatalf("%v is told as %s: row %d column %d is told", rows, told(table), i, j)
				case c.Hidden && high[i][j]-low[i][j] < Least:
					t.Fatalf(
						"%v is told as %s: row %d column %d lies from %d to %d",
						rows,
						told(table),
						i,
						j,
						low[i][j],
						high[i][j],
					)
				}
			}
			for j, c := range row.Cells {
				check(j, c)
			}
			check(len(low[i])-1, row.Total)
		}
		for _, c := range append(slices.Clone(table.Total.Cells), table.Total.Total) {
			if c.N > 0 && c.N < Least || c.Hidden {
				t.Fatalf("%v is told as %s: a sum", rows, told(table))
			}
		}
	})
}
