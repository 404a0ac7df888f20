package sheet

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"osbu/domain"
)

// readXLSX trusts the library with what guard has let through.
func readXLSX(data []byte, b *builder) (Table, error) {
	l := b.limits
	if bytes.Contains(data[:min(len(data), 200)], []byte("mimetypeapplication/vnd.oasis.opendocument")) {
		return Table{}, domain.Fail(domain.Invalid, CodeType, "the file is of OpenDocument: save it as .xlsx")
	}
	if err := guard(data, l); err != nil {
		return Table{}, err
	}
	// Equal limits keep the library from unpacking into files.
	f, err := excelize.OpenReader(
		bytes.NewReader(data),
		excelize.Options{RawCellValue: true, UnzipSizeLimit: l.Unzipped, UnzipXMLSizeLimit: l.Unzipped},
	)
	if err != nil {
		return Table{}, unreadable("the workbook cannot be opened: %s", err)
	}
	defer func() { _ = f.Close() }() // nothing is kept in files
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return Table{}, unreadable("the workbook has no sheet")
	}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		b.table.since = days1904
	}
	rows, err := f.Rows(sheets[0])
	if err != nil {
		return Table{}, unreadable("the first sheet cannot be read: %s", err)
	}
	defer func() { _ = rows.Close() }()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return Table{}, unreadable("row %d cannot be read: %s", line, err)
		}
		if !b.add(line, cells) {
			break
		}
	}
	return b.end()
}

// Widths of columns, in characters.
const (
	narrow = 12
	broad  = 30 // at most for a head's sake
	wide   = 50 // for texts of many words
)

// width is a column's.
func (t Table) width(column int) float64 {
	if slices.Contains(t.Long, column) {
		return wide
	}
	return float64(min(max(utf8.RuneCountInString(t.Head[column])+2, narrow), broad))
}

// offer lets people pick what a further table lists under a column's head. The
// list stands on a sheet of its own, for within the cell it would end at 255
// characters.
func offer(f *excelize.File, name string, t Table, beside []Table) error {
	for i, head := range t.Head {
		for _, b := range beside {
			j := slices.Index(b.Head, strings.TrimSuffix(head, Star))
			if j < 0 {
				continue
			}
			last := 1
			for k, row := range b.Rows {
				if j < len(row.Cells) && row.Cells[j] != "" {
					last = k + 2
				}
			}
			if last == 1 {
				continue
			}
			v := excelize.NewDataValidation(true)
			v.SetSqref(fmt.Sprintf("%s2:%s%d", Column(i), Column(i), Standard.Rows+1))
			v.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$2:$%s$%d", b.Name, Column(j), Column(j), last))
			v.ErrorStyle = new("warning") // other languages' names are read, too
			if err := f.AddDataValidation(name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// Star ends the heading of a column that must be filled in.
const Star = " *"

// writeXLSX writes text cells, formatted as text, so that a program neither
// computes nor rounds what is edited; and numbers where the table counts.
func writeXLSX(w io.Writer, tables []Table) error {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // nothing is kept in files
	text, err := f.NewStyle(
		&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}},
	) // 49 is @
	if err != nil {
		return err
	}
	head, err := f.NewStyle(
		&excelize.Style{
			NumFmt:    49,
			Font:      &excelize.Font{Bold: true},
			Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
		},
	)
	if err != nil {
		return err
	}
	first := f.GetSheetName(0)
	for i, t := range tables {
		name := t.Name
		if name == "" {
			name = first
		}
		if i == 0 {
			err = f.SetSheetName(first, name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err == nil && i == 0 {
			err = offer(f, name, t, tables[1:]) // before the rows, which end the sheet
		}
		if err == nil {
			err = fill(f, name, t, head, text)
		}
		if err != nil {
			return err
		}
	}
	_, err = f.WriteTo(w)
	return err
}

// fill writes row by row: 10,000 rows that are kept as cells until the end took
// 268 MiB and three times as long, and take 102 MiB this way.
func fill(f *excelize.File, name string, t Table, head, text int) error {
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i := range t.Head {
		if err := w.SetColWidth(i+1, i+1, t.width(i)); err != nil {
			return err
		}
		if !slices.Contains(t.Counts, i) {
			if err := w.SetColStyle(i+1, i+1, text); err != nil {
				return err
			}
		}
	}
	if err := w.SetPanes(
		&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"},
	); err != nil {
		return err
	}
	line := 0
	for cells := range t.inert() {
		line++
		style := text
		if line == 1 {
			style = head
		}
		row := make([]any, len(cells))
		for i, cell := range cells {
			if n, err := strconv.ParseInt(cell, 10, 64); err == nil && slices.Contains(t.Counts, i) {
				row[i] = n
			} else if cell != "" {
				row[i] = excelize.Cell{StyleID: style, Value: cell}
			}
		}
		if err := w.SetRow("A"+decimal(line), row); err != nil {
			return err
		}
	}
	return w.Flush()
}
