package sheet

import (
	"bytes"
	"io"

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

// Widths of columns in characters.
const (
	narrow = 16
	wide   = 40
	long   = 24 // a head beyond which its column is wide
)

// writeXLSX writes text cells only, formatted as text, so that a program
// neither computes nor rounds what is edited.
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
		if err != nil {
			return err
		}
		if err := fill(f, name, t, head, text); err != nil {
			return err
		}
	}
	_, err = f.WriteTo(w)
	return err
}

func fill(f *excelize.File, name string, t Table, head, text int) error {
	for i, title := range t.Head {
		width := float64(narrow)
		if len(title) > long || i == len(t.Head)-1 {
			width = wide
		}
		if err := f.SetColWidth(name, Column(i), Column(i), width); err != nil {
			return err
		}
	}
	if n := len(t.Head); n > 0 {
		if err := f.SetColStyle(name, Column(0)+":"+Column(n-1), text); err != nil {
			return err
		}
	}
	line := 0
	for cells := range t.inert() {
		line++
		for i, cell := range cells {
			if cell == "" {
				continue
			}
			at, err := excelize.CoordinatesToCellName(i+1, line)
			if err != nil {
				return err
			}
			if err := f.SetCellStr(name, at, cell); err != nil {
				return err
			}
		}
	}
	if err := f.SetRowStyle(name, 1, 1, head); err != nil {
		return err
	}
	return f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}
