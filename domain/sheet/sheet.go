// Package sheet reads and writes tables that people fill in with a spreadsheet
// program: .xlsx and CSV. Whatever is read may have been made to harm whoever
// reads it, so every size is bounded before memory is taken for it, and no
// formula is ever computed.
package sheet

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"osbu/domain"
)

// Table is a head and the rows below it. Each row has as many cells as the
// head.
type Table struct {
	Name string // of the sheet in a workbook; empty: as the program calls its first. Not read
	Head []string
	Rows []Row
}

// Row is one row that holds anything, with its number in the file: 1 is the
// first. In CSV that is the line where the row begins.
type Row struct {
	Line  int
	Cells []string
}

// Format is how a table is written.
type Format string

// The formats.
const (
	XLSX Format = "xlsx" // ECMA-376
	CSV  Format = "csv"  // RFC 4180 with semicolons and a byte order mark, as spreadsheet programs of Finland and Sweden expect it
)

// Limits bound what is read. Zero takes the Standard one.
type Limits struct {
	Bytes    int   // of the file
	Unzipped int64 // bytes of a workbook's parts together
	Rows     int   // below the head that hold anything
	Columns  int
	Cell     int // characters
}

// Standard is enough for a few thousand rows of text.
var Standard = Limits{Bytes: 4 << 20, Unzipped: 32 << 20, Rows: 5000, Columns: 60, Cell: 10_000}

func (l Limits) orStandard() Limits {
	if l.Bytes == 0 {
		l.Bytes = Standard.Bytes
	}
	if l.Unzipped == 0 {
		l.Unzipped = Standard.Unzipped
	}
	if l.Rows == 0 {
		l.Rows = Standard.Rows
	}
	if l.Columns == 0 {
		l.Columns = Standard.Columns
	}
	if l.Cell == 0 {
		l.Cell = Standard.Cell
	}
	return l
}

// Codes of refusals. What is wrong in one place is Invalid with fields instead:
// rows[12].C is row 12, column C.
const (
	CodeUnreadable domain.Code = "sheet_unreadable" // damaged, protected by a password, or no table at all
	CodeEncoding   domain.Code = "sheet_encoding"   // CSV that is not UTF-8
	CodeEmpty      domain.Code = "sheet_empty"
	CodeTooLarge   domain.Code = "sheet_too_large" // file, or what it unpacks to
)

// Read reads a workbook's first sheet, or CSV with commas or semicolons in
// UTF-8; which of them is told by the bytes. The first row that holds anything
// is the head; rows that hold nothing are left out. A cell is given as it is
// stored: of a formula the value that was last computed, of a number its plain
// digits, of a day the program's own count of days. What Write made inert comes
// back as it was, but CR LF within a cell of CSV as LF, and the library decodes
// a workbook's _x0041_ twice.
func Read(data []byte, l Limits) (Table, error) {
	l = l.orStandard()
	switch {
	case len(data) > l.Bytes:
		return Table{}, domain.Fail(
			domain.Invalid,
			CodeTooLarge,
			"the file has %d bytes, at most %d are read",
			len(data),
			l.Bytes,
		)
	case bytes.Contains(data, oleMagic):
		return Table{}, unreadable(
			"the file is protected by a password, or of a program before 2007: save it as .xlsx without a password",
		)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return readXLSX(data, l)
	}
	return readCSV(data, l)
}

// oleMagic begins what older programs write and how newer ones encrypt (MS-CFB
// §2.2). The library would try to decrypt what holds it anywhere.
var oleMagic = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}

func unreadable(format string, args ...any) error {
	return domain.Fail(domain.Invalid, CodeUnreadable, format, args...)
}

// Place is the path of a cell in a problem's fields; columns count from 0.
func Place(line, column int) string { return fmt.Sprintf("rows[%d].%s", line, Column(column)) }

// Column is the letter of a column, counted from 0, as spreadsheet programs
// show it.
func Column(i int) string {
	name, err := excelize.ColumnNumberToName(i + 1)
	if err != nil { // beyond what a spreadsheet program shows
		return strconv.Itoa(i + 1)
	}
	return name
}

// builder makes a table of rows as they are read.
type builder struct {
	limits   Limits
	table    Table
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
	for i, cell := range cells {
		switch {
		case !utf8.ValidString(cell):
			b.problems.Add(Place(line, i), "bad_format", "UTF-8")
		case utf8.RuneCountInString(cell) > b.limits.Cell:
			b.problems.Add(Place(line, i), "too_long", strconv.Itoa(b.limits.Cell))
		}
	}
	if b.table.Head == nil {
		b.table.Head = make([]string, len(cells))
		for i, cell := range cells {
			b.table.Head[i] = strings.TrimSpace(alive(cell))
		}
		return len(b.problems) == 0
	}
	if len(b.table.Rows) == b.limits.Rows {
		b.problems.Add("rows", "too_many", strconv.Itoa(b.limits.Rows))
		return false
	}
	row := Row{Line: line, Cells: make([]string, len(b.table.Head))}
	for i, cell := range cells {
		if i < len(row.Cells) {
			row.Cells[i] = alive(cell)
		} else if strings.TrimSpace(cell) != "" {
			b.problems.Add(Place(line, i), "unknown", "") // a cell below no head
		}
	}
	b.table.Rows = append(b.table.Rows, row)
	return len(b.problems) < mostProblems
}

func (b *builder) end() (Table, error) {
	if err := b.problems.Err(); err != nil {
		return Table{}, err
	}
	if b.table.Head == nil {
		return Table{}, domain.Fail(domain.Invalid, CodeEmpty, "nothing stands in the file's first sheet")
	}
	return b.table, nil
}
