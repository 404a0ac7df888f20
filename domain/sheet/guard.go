package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"osbu/domain"
)

// Bounds of a workbook that Limits do not name: none is met by what spreadsheet
// programs write for people, all of them by files made to harm.
const (
	mostParts   = 500
	mostFrame   = 2 << 20   // bytes of a part that is neither sheet nor text
	mostRow     = 1_048_576 // the last row of a spreadsheet program
	mostInRow   = 256       // cells of a row that hold anything
	mostStrings = 200_000   // shared by cells
	mostDepth   = 32        // of elements within each other
)

// guard looks through a zip and its XML as a stream before any of it is kept:
// sizes as unpacked, not as the zip's directory says; checksums; and whether
// the XML is whole, for the library takes what is cut off for the end.
func guard(data []byte, l Limits) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return unreadable("the file is a damaged workbook, or none: %s", err)
	}
	if len(z.File) > mostParts {
		return domain.Fail(
			domain.Invalid,
			CodeTooLarge,
			"the workbook has %d parts, at most %d are read",
			len(z.File),
			mostParts,
		)
	}
	left, seen, shared := l.Unzipped, map[string]bool{}, texts{last: -1}
	for _, part := range z.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, "\\", "/"))
		if seen[name] {
			return unreadable("the workbook has the part %q twice", name)
		}
		seen[name] = true
		if left, err = guardPart(part, name, left, &shared); err != nil {
			return err
		}
	}
	if shared.last >= shared.stored {
		return noText(shared.at)
	}
	return nil
}

// texts counts the texts that cells share, and keeps the largest index by which
// a cell names one: either part may come first in the zip.
type texts struct {
	stored, last int
	at           string // the cell of last
}

func noText(cell string) error {
	return unreadable(
		"cell %.12q names a text that the workbook does not have: open the file in a spreadsheet program and save it again",
		cell,
	)
}

// guardPart tells how much may still be unpacked after it.
func guardPart(part *zip.File, name string, left int64, shared *texts) (int64, error) {
	tooLarge := domain.Fail(domain.Invalid, CodeTooLarge, "the workbook unpacks to more than is read")
	if part.UncompressedSize64 > uint64(left) { //nolint:gosec // never negative
		return 0, tooLarge
	}
	unzipped, err := part.Open()
	if err != nil {
		return 0, unreadable("the workbook's part %q cannot be unpacked: %s", name, err)
	}
	defer unzipped.Close()
	most, look := left, func(io.Reader) error { return nil }
	switch {
	case strings.HasPrefix(name, "xl/worksheets/") && path.Ext(name) == ".xml":
		look = shared.guardCells
	case strings.HasSuffix(name, "sharedstrings.xml"):
		look = shared.guardStrings
	case path.Ext(name) == ".xml" || path.Ext(name) == ".rels":
		most, look = min(left, mostFrame), guardFrame
	}
	bounded := &io.LimitedReader{R: unzipped, N: most + 1}
	err = look(bounded)
	if err == nil { // read to the end, so that the checksum is checked
		_, err = io.Copy(io.Discard, bounded)
	}
	if bounded.N <= 0 {
		return 0, tooLarge
	}
	if _, known := errors.AsType[*domain.Error](err); err != nil && !known {
		err = unreadable("the workbook's part %q is damaged: %s", name, err)
	}
	return left - (most + 1 - bounded.N), err
}

// elements calls back for each start, end and text of whole XML.
func elements(r io.Reader, visit func(token xml.Token) error) error {
	d := xml.NewDecoder(r)
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			if depth++; depth > mostDepth {
				return errors.New("its elements lie too deep within each other")
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errors.New("it declares a document type")
		}
		if err := visit(token); err != nil {
			return err
		}
	}
}

func guardFrame(r io.Reader) error {
	return elements(r, func(xml.Token) error { return nil })
}

// guardCells: one text shared by a million cells of a row would be copied a
// million times. A cell that names a shared text by anything but its number
// would read as the first one (ECMA-376 Part 1, §18.18.11: the value of a cell
// of type s is a zero-based index).
func (x *texts) guardCells(r io.Reader) error {
	row, column, cells := 0, 0, 0
	var at string
	var formula, value, shared, inValue bool
	var index []byte
	return elements(r, func(token xml.Token) error {
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "row":
				row, column, cells = row+1, 0, 0
				for _, a := range t.Attr {
					if a.Name.Local != "r" {
						continue
					}
					n, err := strconv.Atoi(a.Value)
					if err != nil || n < row || n > mostRow {
						return errors.New("its rows are not numbered in their order")
					}
					row = n
				}
			case "c":
				at, formula, value, shared, index = "", false, false, false, index[:0]
				column++
				for _, a := range t.Attr {
					if a.Name.Local == "t" {
						shared = a.Value == "s"
					}
					if a.Name.Local != "r" {
						continue
					}
					at = a.Value
					n, _, err := excelize.CellNameToCoordinates(at)
					if err != nil || n < column {
						return errors.New("its cells are not named in their order")
					}
					column = n
				}
			case "f":
				formula = true
			case "v":
				value, inValue = true, true
			case "is":
				value = true
			}
		case xml.CharData:
			if shared && inValue && len(index) < 64 {
				index = append(index, t...)
			}
		case xml.EndElement:
			inValue = inValue && t.Name.Local != "v"
			if t.Name.Local != "c" {
				return nil
			}
			if len(index) > 0 {
				n, err := strconv.Atoi(strings.TrimSpace(string(index)))
				if err != nil || n < 0 {
					return noText(at)
				}
				if n > x.last {
					x.last, x.at = n, at
				}
			}
			if formula && !value {
				return &domain.Error{
					Kind:   domain.Invalid,
					Code:   CodeFormula,
					Detail: "a formula lacks its value: open the file in a spreadsheet program and save it, or paste values",
					Fields: []domain.Field{{Path: Place(row, max(column, 1)-1), Code: "bad_format"}},
				}
			}
			if value {
				if cells++; cells > mostInRow {
					return domain.Fail(domain.Invalid, CodeTooLarge, "row %d has more than %d cells", row, mostInRow)
				}
			}
		}
		return nil
	})
}

func (x *texts) guardStrings(r io.Reader) error {
	length := 0
	return elements(r, func(token xml.Token) error {
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local != "si" {
				return nil
			}
			length = 0
			if x.stored++; x.stored > mostStrings {
				return domain.Fail(domain.Invalid, CodeTooLarge, "the workbook has more than %d texts", mostStrings)
			}
		case xml.CharData:
			if length += utf8.RuneCount(t); length > longest {
				return domain.Fail(domain.Invalid, CodeTooLarge, "a text of the workbook is longer than %d characters", longest)
			}
		}
		return nil
	})
}
