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
		return nil, badHeader(fmt.Sprintf("the file has more than %d MiB", mostBytes>>20))
	}
	text, err := sheet.OpenText(data, func(heading string) bool { return slices.Contains(columns, sheet.Fold(heading)) })
	if bad, ok := errors.AsType[*domain.Error](err); ok {
		return nil, badHeader(bad.Detail)
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
		return badHeader("the file is empty")
	}
	if bad, ok := errors.AsType[*sheet.QuoteError](err); ok {
		return badHeader(bad.Error())
	}
	if err != nil {
		return fmt.Errorf("read the roll: %w", err)
	}
	unknown := ""
	for i, name := range names {
		folded := sheet.Fold(name)
		if !slices.Contains(columns, folded) {
			unknown = cmp.Or(unknown, fmt.Sprintf("the column %q", name))
			continue
		}
		if _, twice := r.at[folded]; twice {
			return badHeader("column " + folded + " comes twice")
		}
		r.at[folded] = i
	}
	switch all := strings.Join(columns, ", "); {
	case len(r.at) == 0: // a row of people is not quoted
		return Faults{{line, "there is no row of headings: " + all}}
	case unknown != "":
		return Faults{{line, unknown + " is none of " + all}}
	}
	r.width = len(names)
	_, identity := r.at[columnIdentity]
	_, birth := r.at[columnBirth]
	if !identity && !birth {
		return badHeader("there is neither a column " + columnIdentity + " nor " + columnBirth)
	}
	for _, name := range []string{columnMunicipality, columnArea, columnProtected} {
		if _, ok := r.at[name]; !ok {
			return badHeader("there is no column " + name)
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
			reason := "a quotation mark stands inside a field that does not begin with one"
			if bad.Open {
				reason = "a field that begins with a quotation mark does not end with one"
			}
			r.fault(Fault{bad.Row, reason})
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the roll: %w", err)
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		if len(record) != r.width {
			r.fault(Fault{line, "the row has not as many fields as the header"})
			continue
		}
		if row, ok := r.row(line, record); ok {
			return row, nil
		}
	}
	r.ended = true
	return nil, nil
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
	row := &Row{Line: line, Entry: Entry{Municipality: field(columnMunicipality), Area: sheet.Fold(field(columnArea))}}
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
