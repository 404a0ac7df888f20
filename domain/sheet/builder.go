package sheet

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"osbu/domain"
)

// builder makes a table of rows as they are read.
type builder struct {
	limits   Limits
	table    Table
	text     bool  // cells that are shifted by a separator too many are found
	rows     []Row // all that hold anything, as they stand
	problems domain.Problems
}

// mostProblems are told at once; whoever has more mends those first.
const mostProblems = 50

// add takes the next row and tells whether there is any use in another.
func (b *builder) add(line int, cells []string) bool {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return true
	}
	if len(cells) > b.limits.Columns {
		b.problems.Add(Place(line, b.limits.Columns), "too_many", strconv.Itoa(b.limits.Columns))
		return len(b.problems) < mostProblems
	}
	b.rows = append(b.rows, Row{Line: line, Cells: slices.Clone(cells)})
	return len(b.rows) <= b.limits.Rows+mostAbove
}

func (b *builder) end() (Table, error) {
	if err := b.problems.Err(); err != nil {
		return Table{}, err
	}
	if len(b.rows) == 0 {
		return Table{}, domain.Fail(domain.Invalid, CodeEmpty, "nothing stands in the file's first sheet")
	}
	head := b.head()
	if head < 0 {
		return Table{}, domain.Fail(domain.Invalid, CodeHeadings, "there is no row of headings")
	}
	b.headings(b.rows[head])
	rows := b.rows[head+1:]
	if len(rows) > b.limits.Rows {
		b.problems.Add("rows", "too_many", strconv.Itoa(b.limits.Rows))
	}
	for _, row := range rows {
		if len(b.problems) >= mostProblems {
			break
		}
		b.row(row)
	}
	if err := b.problems.Err(); err != nil {
		return Table{}, err
	}
	if len(b.table.fields) > 0 && len(rows) == 0 {
		return Table{}, domain.Fail(domain.Invalid, CodeEmpty, "no row stands below the headings")
	}
	return b.table, nil
}

// known tells whether a heading is a field's.
func (b *builder) known(heading string) bool {
	return slices.ContainsFunc(b.table.fields, func(f Field) bool { return f.stands(heading) })
}

// head is which of the first rows holds the headings, negative if none does.
// One known word may be a coincidence, two are none.
func (b *builder) head() int {
	if len(b.table.fields) == 0 {
		return 0
	}
	best, most := -1, min(2, len(b.table.fields))-1
	for i, row := range b.rows[:min(len(b.rows), mostAbove)] {
		if n := count(row.Cells, b.known); n > most {
			best, most = i, n
		}
	}
	return best
}

// headings finds the column of each field.
func (b *builder) headings(row Row) {
	t := &b.table
	t.at, t.Head = map[string]int{}, make([]string, len(row.Cells))
	b.cells(row, t.Head)
	languages := map[domain.Language]int{}
	for i, heading := range t.Head {
		heading = strings.Join(strings.Fields(heading), " ")
		t.Head[i] = heading
		if heading == "" {
			continue
		}
		j := slices.IndexFunc(t.fields, func(f Field) bool { return f.stands(heading) })
		if j < 0 {
			t.Ignored = append(t.Ignored, heading)
			continue
		}
		f := t.fields[j]
		for _, l := range []domain.Language{domain.Finnish, domain.Swedish, domain.English} {
			if Fold(f.Name.In(l)) == Fold(heading) {
				languages[l]++
			}
		}
		if _, twice := t.at[f.Path]; twice {
			b.problems = append(
				b.problems,
				domain.Field{Path: "columns." + Column(i), Code: "duplicate", Name: heading},
			)
			continue
		}
		t.at[f.Path] = i
	}
	t.Language = domain.Finnish
	for _, l := range []domain.Language{domain.Swedish, domain.English} {
		if languages[l] > languages[t.Language] {
			t.Language = l
		}
	}
	for _, f := range t.fields {
		if _, there := t.at[f.Path]; f.Need && !there {
			b.problems = append(
				b.problems,
				domain.Field{Path: "columns." + f.Path, Code: "required", Name: f.Name.In(t.Language)},
			)
		}
	}
	if len(t.fields) == 0 {
		t.Ignored = nil
	}
}

// row takes a row below the head.
func (b *builder) row(row Row) {
	one := Row{Line: row.Line, Cells: make([]string, len(b.table.Head))}
	b.cells(row, one.Cells)
	b.table.Rows = append(b.table.Rows, one)
	for i := len(one.Cells); i < len(row.Cells) && b.text; i++ {
		if strings.TrimSpace(row.Cells[i]) != "" { // a separator within a text shifts what follows
			b.problems.Add(Place(row.Line, i), "unknown", "")
			return
		}
	}
}

// cells copies a row's cells, as many as there is room for.
func (b *builder) cells(row Row, to []string) {
	for i, cell := range row.Cells {
		if i == len(to) {
			return
		}
		code, limit := "", ""
		switch {
		case !utf8.ValidString(cell):
			code, limit = "bad_format", "UTF-8"
		case utf8.RuneCountInString(cell) > b.limits.Cell:
			code, limit = "too_long", strconv.Itoa(b.limits.Cell)
		}
		if code != "" {
			name := ""
			if i < len(b.table.Head) {
				name = b.table.Head[i]
			}
			b.problems = append(
				b.problems,
				domain.Field{Path: Place(row.Line, i), Code: code, Limit: limit, Name: name},
			)
			continue
		}
		to[i] = norm.NFC.String(alive(cell))
	}
}
