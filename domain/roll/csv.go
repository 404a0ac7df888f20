package roll

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/sheet"
)

// Row is one person as the file says.
type Row struct {
	Line     int
	Person   account.Ref
	Previous account.Ref // the person under an identity code that was changed; zero: none
	Entry
}

// The columns of the file. At least one of identity_code and birth_date is
// there, and previous_identity_code if somebody's code has changed.
const (
	columnIdentity     = "identity_code"
	columnBirth        = "birth_date"
	columnMunicipality = "municipality"
	columnArea         = "area"
	columnProtected    = "protected"
	ColumnPrevious     = "previous_identity_code"
)

var columns = []string{columnIdentity, columnBirth, columnMunicipality, columnArea, columnProtected, ColumnPrevious}

// mostBytes bound a file: the roll of five million people.
const mostBytes = 512 << 20

// reader streams rows out of a text file, however a program wrote it
// (sheet.OpenText).
type reader struct {
	text   *sheet.Text
	pepper []byte
	areas  map[string]bool
	at     map[string]int // column by name
	width  int            // columns
	twins  map[string]int // people without a code who cannot be told apart, counted
	fault  func(Fault)
	ended  bool
}

// newReader reads the file and the header. Faults of rows go to fault.
func newReader(file io.Reader, pepper []byte, areas map[string]bool, fault func(Fault)) (*reader, error) {
	data, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the roll: %w", err)
	}
	if len(data) > mostBytes {
		return nil, badHeader(Fault{Code: FaultTooLarge})
	}
	text, err := sheet.OpenText(data, func(heading string) bool { return slices.Contains(columns, sheet.Fold(heading)) })
	if bad, ok := errors.AsType[*domain.Error](err); ok {
		return nil, badHeader(Fault{Code: FaultNoText, said: bad.Detail})
	}
	if err != nil {
		return nil, fmt.Errorf("read the roll: %w", err)
	}
	r := &reader{
		text:   text,
		pepper: pepper,
		areas:  areas,
		at:     map[string]int{},
		twins:  map[string]int{},
		fault:  fault,
	}
	return r, r.header()
}

// header finds the columns. A column of another name may be a misspelt one:
// were it left alone, a changed identity code would give a second vote.
func (r *reader) header() error {
	line, names, err := r.text.Next()
	if errors.Is(err, io.EOF) {
		return badHeader(Fault{Code: FaultEmpty})
	}
	if bad, ok := errors.AsType[*sheet.QuoteError](err); ok {
		return badHeader(quoteFault(bad))
	}
	if err != nil {
		return fmt.Errorf("read the roll: %w", err)
	}
	unknown := Fault{}
	for i, name := range names {
		folded := sheet.Fold(name)
		if !slices.Contains(columns, folded) {
			unknown = cmp.Or(unknown, Fault{Line: line, Code: FaultUnknownColumn, Column: heading(name)})
			continue
		}
		if _, twice := r.at[folded]; twice {
			return badHeader(Fault{Code: FaultColumnTwice, Column: folded})
		}
		r.at[folded] = i
	}
	switch {
	case len(r.at) == 0: // a row of people is not quoted
		return badHeader(Fault{Line: line, Code: FaultNoHeadings})
	case unknown != Fault{}:
		return badHeader(unknown)
	}
	r.width = len(names)
	_, identity := r.at[columnIdentity]
	_, birth := r.at[columnBirth]
	if !identity && !birth {
		return badHeader(Fault{Code: FaultNobody})
	}
	for _, name := range []string{columnMunicipality, columnArea, columnProtected} {
		if _, ok := r.at[name]; !ok {
			return badHeader(Fault{Code: FaultNoColumn, Column: name})
		}
	}
	return nil
}

// next is the next good row, nil at the end; bad ones are told of and left out,
// and so are blank ones.
func (r *reader) next() (*Row, error) {
	for !r.ended {
		line, record, err := r.text.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if bad, ok := errors.AsType[*sheet.QuoteError](err); ok {
			r.fault(quoteFault(bad))
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the roll: %w", err)
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		if len(record) != r.width {
			r.fault(Fault{Line: line, Code: FaultWidth})
			continue
		}
		if row, ok := r.row(line, record); ok {
			return row, nil
		}
	}
	r.ended = true
	return nil, nil
}

// tellEvery is after how many rows telling tells.
const tellEvery = 1000

// telling is next, which tells from time to time which share of the file has
// been read.
func (r *reader) telling(tell func(share float64)) func() (*Row, error) {
	if tell == nil {
		return r.next
	}
	rows := 0
	return func() (*Row, error) {
		row, err := r.next()
		if rows++; row == nil || rows%tellEvery == 0 {
			tell(r.text.Read())
		}
		return row, err
	}
}

// row checks every field, so that one look at the report mends the whole line.
func (r *reader) row(line int, record []string) (*Row, bool) {
	good := true
	bad := func(code FaultCode, column string) {
		good = false
		r.fault(Fault{Line: line, Code: code, Column: column})
	}
	field := func(name string) string {
		if i, ok := r.at[name]; ok {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	row := &Row{Line: line, Entry: Entry{Municipality: field(columnMunicipality), Area: sheet.Fold(field(columnArea))}}
	var err error
	code, birth := field(columnIdentity), field(columnBirth)
	if birth != "" {
		if row.Born, err = time.Parse(time.DateOnly, birth); err != nil {
			bad(FaultBirth, columnBirth)
		}
	}
	switch {
	case code != "":
		var born time.Time
		if row.Person, born, err = identify(r.pepper, code); err != nil {
			bad(codeOfIdentity(err), columnIdentity)
		} else if birth != "" && !row.Born.IsZero() && !born.Equal(row.Born) {
			bad(FaultDaysDiffer, columnBirth)
		}
		row.Born = born
	case birth == "":
		bad(FaultNoIdentity, columnIdentity)
	}
	if previous := field(ColumnPrevious); previous != "" {
		row.Previous, err = Refer(r.pepper, previous)
		switch {
		case err != nil:
			bad(codeOfIdentity(err), ColumnPrevious)
		case code == "":
			bad(FaultPreviousAlone, ColumnPrevious)
		case row.Previous == row.Person:
			bad(FaultPreviousIsPresent, ColumnPrevious)
		}
	}
	if len(row.Municipality) != 3 || strings.Trim(row.Municipality, "0123456789") != "" {
		bad(FaultMunicipality, columnMunicipality)
	}
	if row.Area != "" && !r.areas[row.Area] {
		bad(FaultArea, columnArea)
	}
	switch strings.ToLower(field(columnProtected)) {
	case "true", "1", "yes":
		row.Protected, row.Area = true, ""
	case "false", "0", "no", "":
	default:
		bad(FaultProtected, columnProtected)
	}
	if good && code == "" {
		row.Person = r.without(*row)
	}
	return row, good
}

// without is the reference of somebody on the roll without an identity code.
// Nobody can sign in as her; the reference only has to be the same at the next
// import. Those whom the file does not tell apart are numbered.
func (r *reader) without(row Row) account.Ref {
	known := fmt.Sprintf(
		"%s\x00%s\x00%s\x00%t",
		row.Born.Format(time.DateOnly),
		row.Municipality,
		row.Area,
		row.Protected,
	)
	r.twins[known]++
	return keyed(r.pepper, "osbu/without-code/v1", known, fmt.Sprint(r.twins[known]))
}

// badHeader is a fault that makes all of the file unreadable, in line 1 unless
// it says another.
func badHeader(f Fault) error {
	f.Line = max(f.Line, 1)
	return Faults{First: []Fault{f}, Total: 1}
}

// heading is a column's name as a report may quote it: a cell with a digit may
// be somebody's.
func heading(name string) string {
	if strings.ContainsAny(name, "0123456789") || len(name) > mostHeading {
		return ""
	}
	return name
}

// mostHeading is how long a heading that is quoted may be, in bytes.
const mostHeading = 60

func quoteFault(bad *sheet.QuoteError) Fault {
	if bad.Open {
		return Fault{Line: bad.Row, Code: FaultQuoteOpen}
	}
	return Fault{Line: bad.Row, Code: FaultQuoteInside}
}
