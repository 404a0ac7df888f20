package decidim

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/sheet"
)

// Bounds of what is read: Helsinki's whole export unpacks to some 60 MB.
const (
	mostBytes = 512 << 20 // of one file
	mostFiles = 1000
)

// kinds are the files that are taken, by the last part of their names:
// HOST-open-data-proposals.csv.
const (
	processes = "participatory_processes"
	proposals = "proposals"
	projects  = "projects"
	results   = "results"
)

var kinds = []string{processes, proposals, projects, results}

// table is one of Decidim's CSV files.
type table struct {
	file string
	at   map[string]int // column by heading
	rows []row
}

// row is a row of a table.
type row struct {
	*table
	line  int
	cells []string
}

// open reads the tables of a zip.
func open(archive io.ReaderAt, size int64) (tables map[string][]*table, e Export, err error) {
	z, err := zip.NewReader(archive, size)
	if err != nil {
		return nil, e, domain.Fail(domain.Invalid, sheet.CodeType, "this is no zip: %v", err)
	}
	if len(z.File) > mostFiles {
		return nil, e, domain.Fail(domain.Invalid, sheet.CodeTooLarge, "the zip has more than %d files", mostFiles)
	}
	tables = map[string][]*table{}
	for _, f := range z.File {
		name := path.Base(f.Name)
		if f.FileInfo().IsDir() || strings.HasPrefix(name, ".") {
			continue
		}
		kind := strings.TrimSuffix(name, ".csv")
		kind = kind[strings.LastIndex(kind, "-")+1:]
		if path.Ext(name) != ".csv" || !slices.Contains(kinds, kind) {
			e.LeftOut = append(e.LeftOut, LeftOut{f.Name, "nothing of it is taken over"})
			continue
		}
		data, err := unpack(f)
		if err != nil {
			return nil, e, err
		}
		t, faults := read(f.Name, data)
		e.Faults = append(e.Faults, faults...)
		if t != nil {
			tables[kind] = append(tables[kind], t)
		}
	}
	return tables, e, nil
}

func unpack(f *zip.File) ([]byte, error) {
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	data, err := io.ReadAll(io.LimitReader(in, mostBytes+1))
	if err = errors.Join(err, in.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if len(data) > mostBytes {
		return nil, domain.Fail(domain.Invalid, sheet.CodeTooLarge, "%s has more than %d bytes", f.Name, mostBytes)
	}
	return data, nil
}

// read takes a table in; a row that cannot be read is a fault.
func read(file string, data []byte) (*table, []Fault) {
	known := func(heading string) bool {
		return heading == "id" || heading == "url" || strings.HasPrefix(heading, "title")
	}
	text, err := sheet.OpenText(data, known)
	if err != nil {
		return nil, []Fault{{File: file, Reason: err.Error()}}
	}
	t := &table{file: file}
	var faults []Fault
	for {
		line, cells, err := text.Next()
		if bad, ok := errors.AsType[*sheet.QuoteError](err); ok {
			faults = append(faults, Fault{File: file, Row: bad.Row, Reason: "quotation marks keep it from being read"})
			if bad.Open {
				return t, faults
			}
			continue
		}
		switch {
		case errors.Is(err, io.EOF) && t.at == nil && len(strings.TrimSpace(string(data))) > 0:
			return nil, append(faults, Fault{File: file, Reason: "there is no column id"})
		case errors.Is(err, io.EOF):
			return t, faults
		case err != nil:
			return nil, append(faults, Fault{File: file, Row: line, Reason: err.Error()})
		case t.at == nil && slices.Contains(cells, "id"):
			t.at = make(map[string]int, len(cells))
			for i, heading := range cells {
				t.at[strings.TrimSpace(heading)] = i
			}
		case t.at != nil:
			t.rows = append(t.rows, row{t, line, slices.Clone(cells)})
		}
	}
}

// cell is what the first of these columns that says something says.
func (r row) cell(columns ...string) string {
	for _, c := range columns {
		if i, there := r.at[c]; there && i < len(r.cells) {
			if s := strings.TrimSpace(r.cells[i]); s != "" {
				return s
			}
		}
	}
	return ""
}

// has tells whether the table has the column.
func (r row) has(column string) bool { _, there := r.at[column]; return there }

// text is a text in the languages that it has: older versions write some
// without a language, which is then Finnish.
func (r row) text(column string, form func(string) string) domain.Text {
	t := domain.Text{
		Fi: form(r.cell(column + "/fi")), Sv: form(r.cell(column + "/sv")), En: form(r.cell(column + "/en")),
	}
	if t == (domain.Text{}) {
		t.Fi = form(r.cell(column))
	}
	return t
}

// number is a whole number; false where there is none.
func (r row) number(columns ...string) (int64, bool) {
	n, err := strconv.ParseInt(r.cell(columns...), 10, 64)
	return n, err == nil && n >= 0
}

// at is the moment that a column tells.
func (r row) moment(zone *time.Location, columns ...string) time.Time {
	t, _ := moment(r.cell(columns...), zone)
	return t
}

// day is the day that a column tells, in the city.
func (r row) day(zone *time.Location, column string) string {
	if t := r.moment(zone, column); !t.IsZero() {
		return t.In(zone).Format(time.DateOnly)
	}
	return ""
}

func (r row) fault(column, reason string, kept bool) Fault {
	return Fault{File: r.file, Row: r.line, Column: column, Reason: reason, Kept: kept}
}
