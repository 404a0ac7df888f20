package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"

	"osbu/domain"
)

const mark = "\ufeff" // byte order mark

func readCSV(data []byte, l Limits) (Table, error) {
	data = bytes.TrimPrefix(data, []byte(mark))
	if err := checkEncoding(data); err != nil {
		return Table{}, err
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator(data), -1, true
	b := builder{limits: l}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return b.end()
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			if errors.Is(bad, csv.ErrQuote) && bad.Line > bad.StartLine {
				return Table{}, unreadable(
					"line %d: a cell that begins with a quotation mark does not end with one",
					bad.StartLine,
				)
			}
			return Table{}, unreadable(
				"line %d: a quotation mark stands inside a cell; double it, and put the cell between two",
				bad.Line,
			)
		}
		if err != nil {
			return Table{}, err
		}
		if line, _ := r.FieldPos(0); !b.add(line, cells) {
			return b.end()
		}
	}
}

// checkEncoding tells the first byte that is not UTF-8: a program of Windows
// wrote its own alphabet (Windows-1252) or UTF-16.
func checkEncoding(data []byte) error {
	fail := func(line int, what string) error {
		return &domain.Error{
			Kind: domain.Invalid,
			Code: CodeEncoding,
			Detail: "line " + decimal(
				line,
			) + " is not UTF-8: it looks like " + what + "; save the file as CSV UTF-8, or as .xlsx",
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}),
		bytes.HasPrefix(data, []byte{0xfe, 0xff}),
		bytes.IndexByte(data, 0) >= 0:
		return fail(1, "UTF-16 or no text at all")
	case utf8.Valid(data):
		return nil
	}
	line := 1
	for rest := data; ; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			return fail(line, "Windows-1252")
		}
		if r == '\n' {
			line++
		}
		rest = rest[size:]
	}
}

// separator is the one that the first line has more of, outside of quotation
// marks; a tie is a comma.
func separator(data []byte) rune {
	semicolons, commas, quoted := 0, 0, false
	for _, c := range bytes.TrimLeft(data, "\r\n") {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			return which(semicolons, commas)
		case c == ';':
			semicolons++
		case c == ',':
			commas++
		}
	}
	return which(semicolons, commas)
}

func which(semicolons, commas int) rune {
	if semicolons > commas {
		return ';'
	}
	return ','
}

// writeCSV ends lines in LF: with CR LF the library would change line breaks
// within cells.
func writeCSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma = ';'
	for cells := range t.inert() {
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
