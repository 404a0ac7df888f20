package roll

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"osbu/domain/account"
)

// Row is one person as the file says.
type Row struct {
	Line     int
	Person   account.Ref
	Previous account.Ref // the person under an identity code that was changed; zero: none
	Entry
}

// Fault is what is wrong in one line of the file, in words that quote nothing
// personal.
type Fault struct {
	Line   int
	Reason string
}

// The columns of the file. At least one of identity_code and birth_date is
// there, and previous_identity_code if somebody's code has changed.
const (
	columnIdentity     = "identity_code"
	columnBirth        = "birth_date"
	columnMunicipality = "municipality"
	columnArea         = "area"
	columnProtected    = "protected"
	columnPrevious     = "previous_identity_code"
)

var columns = []string{columnIdentity, columnBirth, columnMunicipality, columnArea, columnProtected, columnPrevious}

// reader streams rows out of a CSV file (RFC 4180; commas or semicolons; a byte
// order mark and CRLF are welcome).
type reader struct {
	csv    *csv.Reader
	pepper []byte
	areas  map[string]bool
	at     map[string]int // column by name
	twins  map[string]int // people without a code who cannot be told apart, counted
	fault  func(Fault)
}

// newReader reads the header. Faults of rows go to fault.
func newReader(file io.Reader, pepper []byte, areas map[string]bool, fault func(Fault)) (*reader, error) {
	text := bufio.NewReaderSize(file, 64<<10)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	r := &reader{
		csv:    csv.NewReader(text),
		pepper: pepper,
		areas:  areas,
		at:     map[string]int{},
		twins:  map[string]int{},
		fault:  fault,
	}
	start, err := text.Peek(4 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the roll: %w", err)
	}
	header, _, _ := strings.Cut(string(start), "\n")
	if strings.Count(header, ";") > strings.Count(header, ",") {
		r.csv.Comma = ';'
	}
	r.csv.ReuseRecord = true
	names, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, badHeader("the file is empty")
	}
	if err != nil {
		return nil, badHeader(syntax(err).Reason)
	}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(columns, name) {
			return nil, badHeader(fmt.Sprintf("column %d is none of %s", i+1, strings.Join(columns, ", ")))
		}
		if _, twice := r.at[name]; twice {
			return nil, badHeader("column " + name + " comes twice")
		}
		r.at[name] = i
	}
	_, identity := r.at[columnIdentity]
	_, birth := r.at[columnBirth]
	if !identity && !birth {
		return nil, badHeader("there is neither a column " + columnIdentity + " nor " + columnBirth)
	}
	for _, name := range []string{columnMunicipality, columnArea, columnProtected} {
		if _, ok := r.at[name]; !ok {
			return nil, badHeader("there is no column " + name)
		}
	}
	return r, nil
}

// next is the next good row, nil at the end; bad ones are told of and left out.
func (r *reader) next() (*Row, error) {
	for {
		record, err := r.csv.Read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			r.fault(syntax(bad))
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the roll: %w", err)
		}
		line, _ := r.csv.FieldPos(0)
		if row, ok := r.row(line, record); ok {
			return row, nil
		}
	}
}

// row checks every field, so that one look at the report mends the whole line.
func (r *reader) row(line int, record []string) (*Row, bool) {
	good := true
	bad := func(reason string) {
		good = false
		r.fault(Fault{line, reason})
	}
	field := func(name string) string {
		if i, ok := r.at[name]; ok {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	row := &Row{Line: line, Entry: Entry{Municipality: field(columnMunicipality), Area: field(columnArea)}}
	var err error
	code, birth := field(columnIdentity), field(columnBirth)
	if birth != "" {
		if row.Born, err = time.Parse(time.DateOnly, birth); err != nil {
			bad("the birth date is no day as YYYY-MM-DD")
		}
	}
	switch {
	case code != "":
		var born time.Time
		if row.Person, born, err = identify(r.pepper, code); err != nil {
			bad(err.Error())
		} else if birth != "" && !row.Born.IsZero() && !born.Equal(row.Born) {
			bad("birth date and identity code name different days")
		}
		row.Born = born
	case birth == "":
		bad("there is neither an identity code nor a birth date")
	}
	if previous := field(columnPrevious); previous != "" {
		row.Previous, err = Refer(r.pepper, previous)
		switch {
		case err != nil:
			bad("previous code: " + err.Error())
		case code == "":
			bad("a previous identity code needs a present one beside it")
		case row.Previous == row.Person:
			bad("the previous identity code is the present one")
		}
	}
	if len(row.Municipality) != 3 || strings.Trim(row.Municipality, "0123456789") != "" {
		bad("the municipality is no code of three digits, such as 091")
	}
	if row.Area != "" && !r.areas[row.Area] {
		bad("the area is none of the round's")
	}
	switch strings.ToLower(field(columnProtected)) {
	case "true", "1", "yes":
		row.Protected, row.Area = true, ""
	case "false", "0", "no", "":
	default:
		bad("protected is none of true, false, 1, 0, yes, no")
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

// badHeader is a fault that makes all of the file unreadable.
func badHeader(reason string) error { return Faults{{1, reason}} }

// syntax tells where the file is no CSV.
func syntax(err error) Fault {
	bad, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case !ok:
		return Fault{1, err.Error()}
	case errors.Is(bad, csv.ErrFieldCount):
		return Fault{bad.Line, "the row has not as many fields as the header"}
	case errors.Is(bad, csv.ErrBareQuote):
		return Fault{bad.Line, "a quotation mark stands inside a field that does not begin with one"}
	case errors.Is(bad, csv.ErrQuote):
		return Fault{bad.StartLine, "a field that begins with a quotation mark does not end with one"}
	}
	return Fault{bad.Line, bad.Err.Error()}
}
