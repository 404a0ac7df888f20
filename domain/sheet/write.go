package sheet

import (
	"fmt"
	"io"
	"iter"
	"strconv"
	"unicode/utf16"

	"osbu/domain"
)

func decimal(n int) string { return strconv.Itoa(n) }

// longest is how many UTF-16 units a cell of a workbook holds; the programs cut
// off the rest.
const longest = 32_767

// Write writes a table, every cell inert: rows one below the other, whatever
// their lines. Further tables become further sheets of a workbook, such as what
// may be chosen in a cell: a column of theirs is offered, without being forced
// on anybody, in the column of the first table with the same head (but for the
// star of one that must be filled in). CSV has one table only and goes without.
func Write(w io.Writer, format Format, t Table, beside ...Table) error {
	switch format {
	case CSV:
		return writeCSV(w, t)
	case XLSX:
		tables := append([]Table{t}, beside...)
		for _, t := range tables {
			if err := t.fits(); err != nil {
				return err
			}
		}
		return writeXLSX(w, tables)
	}
	return fmt.Errorf("no such format: %q", format)
}

// fits refuses what would be cut off.
func (t Table) fits() error {
	var problems domain.Problems
	line := 0
	for cells := range t.inert() {
		line++
		for i, cell := range cells {
			if len(cell) > longest && len(utf16.Encode([]rune(cell))) > longest {
				problems.Add(Place(line, i), "too_long", decimal(longest))
			}
		}
	}
	return problems.Err()
}

// inert gives the head and the rows as they are written. The slice is used
// again.
func (t Table) inert() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		cells := make([]string, 0, len(t.Head))
		put := func(row []string) bool {
			cells = cells[:0]
			for _, cell := range row {
				cells = append(cells, Inert(cell))
			}
			return yield(cells)
		}
		if !put(t.Head) {
			return
		}
		for _, row := range t.Rows {
			if !put(row.Cells) {
				return
			}
		}
	}
}
