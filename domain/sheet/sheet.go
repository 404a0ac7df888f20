// Package sheet reads and writes tables that people fill in with a spreadsheet
// program: .xlsx and CSV. Whatever is read may have been made to harm whoever
// reads it, so every size is bounded before memory is taken for it, and no
// formula is ever computed.
package sheet

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"osbu/domain"
)

// Table is a head and the rows below it. Each row has as many cells as the
// head. What stands after Rows is told by Read alone.
type Table struct {
	Name     string // of the sheet in a workbook; empty: as the program calls its first. Not read
	Head     []string
	Rows     []Row
	Long     []int           // columns for texts of many words, wide in a workbook. Not read
	Counts   []int           // columns of whole numbers, which a workbook can sum up. Not read
	Encoding Encoding        // of a text file
	Language domain.Language // of most of its headings
	Ignored  []string        // headings, as they stand, of columns that nobody asked for
	fields   []Field
	at       map[string]int // column by path
	since    int            // days between 30 December 1899 and the day that the workbook counts from
}

// Row is one row that holds anything, with its number in a spreadsheet program:
// 1 is the first.
type Row struct {
	Line  int
	Cells []string
}

// Format is how a table is written.
type Format string

// The formats.
const (
	XLSX Format = "xlsx" // ECMA-376
	// RFC 4180 with semicolons and a byte order mark, as spreadsheet programs of
	// Finland and Sweden expect it
	CSV Format = "csv"
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

// Codes of refusals. What is wrong in one place is Invalid with fields:
// rows[12].C is row 12, column C; rows[12] is the whole row.
const (
	CodeUnreadable domain.Code = "sheet_unreadable" // damaged
	CodeProtected  domain.Code = "sheet_protected"  // by a password, or of a program before 2007
	CodeType       domain.Code = "sheet_type"       // another kind of file
	CodeEncoding   domain.Code = "sheet_encoding"   // no text in an encoding that is known, with the row
	CodeQuotes     domain.Code = "sheet_quotes"     // a quotation mark too few or too many, with the row
	CodeFormula    domain.Code = "sheet_formula"    // never computed, with the cell
	CodeHeadings   domain.Code = "sheet_headings"   // there is no row of headings
	CodeEmpty      domain.Code = "sheet_empty"
	CodeTooLarge   domain.Code = "sheet_too_large" // file, or what it unpacks to
)

// Read reads a workbook's first sheet or a text file (OpenText); which of them
// is told by the bytes. The head is the row with most of the fields' headings
// among the first ones, and what stands above it is no row; without fields it
// is the first row that holds anything. Columns of no field are left alone and
// named (Ignored); a field that is needed and missing is a problem, and so is
// one that comes twice. Rows that hold nothing are left out. A cell is given as
// it is stored, in Unicode's form C: of a formula the value that was last
// computed, of a number its plain digits, of a day the program's own count of
// days (Day). What Write made inert comes back as it was, but CR LF within a
// cell of CSV as LF, and the library decodes a workbook's _x0041_ twice.
func Read(data []byte, l Limits, fields ...Field) (Table, error) {
	l = l.orStandard()
	b := &builder{limits: l, table: Table{fields: fields}}
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
		return Table{}, domain.Fail(
			domain.Invalid,
			CodeProtected,
			"the file is protected by a password, or of a program before 2007: save it as .xlsx without a password",
		)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return readXLSX(data, b)
	}
	for _, magic := range []string{"%PDF-", "\x89PNG", "\xff\xd8\xff", "GIF8", "{\\rtf", "<!DOCTYPE", "<html", "<?xml"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return Table{}, domain.Fail(domain.Invalid, CodeType, "the file is no table: save it as .xlsx or CSV")
		}
	}
	return readCSV(data, b)
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
