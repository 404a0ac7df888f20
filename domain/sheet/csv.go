package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"osbu/domain"
)

// Text reads the rows of a text file: cells between semicolons, commas or tabs
// (RFC 4180), in any of the encodings, with any line ends.
type Text struct {
	Encoding Encoding
	csv      *csv.Reader
	size     int64 // bytes
	within   int   // line feeds within the cells of the rows so far
}

// QuoteError is a row that quotation marks keep from being read. The rows after
// it can be read only if it is not open.
type QuoteError struct {
	Row  int
	Open bool // a cell that begins with a mark does not end with one; else one stands inside a cell
}

// Error tells what to mend.
func (e *QuoteError) Error() string {
	if e.Open {
		return fmt.Sprintf("row %d: a cell that begins with a quotation mark does not end with one", e.Row)
	}
	return fmt.Sprintf("row %d: a quotation mark stands inside a cell; double it, and put the cell between two", e.Row)
}

// OpenText finds out how a text file is written. The separator is what the file
// says (sep=;), else the one by which most cells of a row are known headings,
// else the one that the first row has most of, a comma if it has none.
// Invalid if the file is no text.
func OpenText(data []byte, known func(heading string) bool) (*Text, error) {
	text, encoding, err := decode(data)
	if err != nil {
		return nil, err
	}
	text = lineEnds(text)
	separator, text := told(text)
	if separator == 0 {
		separator = guess(text, known)
	}
	return &Text{Encoding: encoding, csv: rows(text, separator), size: int64(len(text))}, nil
}

// Next is the next row that is not blank, with its number as a spreadsheet
// program counts (line breaks within cells make no row); io.EOF at the end,
// *QuoteError for a row that cannot be read. The cells are used again.
func (t *Text) Next() (row int, cells []string, err error) {
	cells, err = t.csv.Read()
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		row = bad.StartLine - t.within
		t.within += bad.Line - bad.StartLine
		open := errors.Is(bad, csv.ErrQuote) && (bad.Line > bad.StartLine || t.csv.InputOffset() >= t.size)
		return row, nil, &QuoteError{Row: row, Open: open}
	}
	if err != nil {
		return 0, nil, err
	}
	line, _ := t.csv.FieldPos(0)
	row = line - t.within
	for _, cell := range cells {
		t.within += strings.Count(cell, "\n")
	}
	return row, cells, nil
}

// Read is which share of the text the rows so far took, 0 to 1.
func (t *Text) Read() float64 { return float64(t.csv.InputOffset()) / float64(max(t.size, 1)) }

func rows(text []byte, separator rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	return r
}

// mostAbove is how far down the row of headings is looked for, in rows that
// hold anything.
const mostAbove = 20

// guess finds the separator.
func guess(text []byte, known func(string) bool) rune {
	best, most := ',', 0
	for _, separator := range []rune{',', ';', '\t'} {
		first, headings, r := 0, 0, rows(text, separator)
		r.LazyQuotes = true // a first look; mistakes are told by the second
		for i := range mostAbove {
			cells, err := r.Read()
			if err != nil {
				break
			}
			if i == 0 {
				first = len(cells) - 1
			}
			headings = max(headings, count(cells, known))
		}
		score := headings*1_000_000 + first
		if whole(text, separator) {
			score += 100_000
		}
		if score > most {
			best, most = separator, score
		}
	}
	return best
}

// whole tells whether quotation marks stand where they should in the first rows
// if cells end in the separator.
func whole(text []byte, separator rune) bool {
	r := rows(text, separator)
	for range mostAbove {
		if _, err := r.Read(); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
	return true
}

func count(cells []string, known func(string) bool) (n int) {
	for _, cell := range cells {
		if known != nil && known(cell) {
			n++
		}
	}
	return n
}

// readCSV reads a text file into a table.
func readCSV(data []byte, b *builder) (Table, error) {
	text, err := OpenText(data, b.known)
	if err != nil {
		return Table{}, err
	}
	b.table.Encoding, b.text = text.Encoding, true
	for {
		row, cells, err := text.Next()
		if bad, ok := errors.AsType[*QuoteError](err); ok {
			return Table{}, &domain.Error{
				Kind:   domain.Invalid,
				Code:   CodeQuotes,
				Detail: bad.Error(),
				Fields: []domain.Field{{Path: fmt.Sprintf("rows[%d]", bad.Row), Code: "bad_format"}},
			}
		}
		if errors.Is(err, io.EOF) || err == nil && !b.add(row, cells) {
			return b.end()
		}
		if err != nil {
			return Table{}, err
		}
	}
}

// Decimal is a number as spreadsheet programs expect it in a language: with a
// comma in Finnish and Swedish.
func Decimal(number string, language domain.Language) string {
	if language == domain.English {
		return number
	}
	return strings.Replace(number, ".", ",", 1)
}

// writeCSV begins with a byte order mark, for else Excel takes UTF-8 for
// something else; semicolons, the list separator of Finland and Sweden; every
// cell inert and between quotation marks (RFC 4180).
func writeCSV(out io.Writer, t Table) error {
	if _, err := io.WriteString(out, mark); err != nil {
		return err
	}
	var line bytes.Buffer
	for cells := range t.inert() {
		line.Reset()
		for i, cell := range cells {
			if i > 0 {
				line.WriteByte(';')
			}
			line.WriteByte('"')
			line.WriteString(strings.ReplaceAll(cell, `"`, `""`))
			line.WriteByte('"')
		}
		line.WriteString("\r\n")
		if _, err := line.WriteTo(out); err != nil {
			return err
		}
	}
	return nil
}
