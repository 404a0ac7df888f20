package roll

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is what is wrong in one line of the file. It quotes no cell.
type Fault struct {
	Line   int       `json:"line"`
	Column string    `json:"column,omitempty"` // its heading; empty: of the whole line
	Code   FaultCode `json:"code"`
	Other  int       `json:"other,omitempty"` // the line that it does not agree with

	said string // what is wrong with the file's characters, and where
}

// FaultCode is the sort of a fault.
type FaultCode string

// The faults of a file as a whole, of a row, of a cell, and between rows.
const (
	FaultTooLarge      FaultCode = "too_large"
	FaultNoText        FaultCode = "no_text"
	FaultEmpty         FaultCode = "empty"
	FaultNoHeadings    FaultCode = "no_headings"
	FaultUnknownColumn FaultCode = "unknown_column"
	FaultColumnTwice   FaultCode = "column_twice"
	FaultNoColumn      FaultCode = "no_column"
	FaultNobody        FaultCode = "no_column_of_people"

	FaultQuoteOpen   FaultCode = "quote_open"
	FaultQuoteInside FaultCode = "quote_inside"
	FaultWidth       FaultCode = "width"

	FaultCodeLength        FaultCode = "code_length"
	FaultCodeDigits        FaultCode = "code_digits"
	FaultCodeSeparator     FaultCode = "code_separator"
	FaultCodeDay           FaultCode = "code_day"
	FaultCodeNumber        FaultCode = "code_number"
	FaultCodeCheck         FaultCode = "code_check"
	FaultNoIdentity        FaultCode = "no_identity"
	FaultBirth             FaultCode = "birth_date"
	FaultDaysDiffer        FaultCode = "days_differ"
	FaultPreviousAlone     FaultCode = "previous_alone"
	FaultPreviousIsPresent FaultCode = "previous_is_present"
	FaultMunicipality      FaultCode = "municipality"
	FaultArea              FaultCode = "area"
	FaultProtected         FaultCode = "protected"

	FaultSamePerson     FaultCode = "same_person"
	FaultPreviousOnRoll FaultCode = "previous_on_roll"
	FaultPreviousShared FaultCode = "previous_shared"
	FaultBothVoted      FaultCode = "both_voted"
)

// reasons are the faults in English. COLUMN, COLUMNS and LINE stand for the
// fault's column, for all columns there are, and for the other line.
var reasons = map[FaultCode]string{
	FaultTooLarge:      fmt.Sprintf("the file has more than %d MiB", mostBytes>>20),
	FaultNoText:        "the file is no text",
	FaultEmpty:         "the file is empty",
	FaultNoHeadings:    "there is no row of headings: COLUMNS",
	FaultUnknownColumn: "the column COLUMN is none of COLUMNS",
	FaultColumnTwice:   "column COLUMN comes twice",
	FaultNoColumn:      "there is no column COLUMN",
	FaultNobody:        "there is neither a column " + columnIdentity + " nor " + columnBirth,

	FaultQuoteOpen:   "a field that begins with a quotation mark does not end with one",
	FaultQuoteInside: "a quotation mark stands inside a field that does not begin with one",
	FaultWidth:       "the row has not as many fields as the header",

	FaultCodeLength:        "an identity code has 11 characters, such as DDMMYYANNNC",
	FaultCodeDigits:        "an identity code has digits in its first six places and after the separator",
	FaultCodeSeparator:     "the identity code's separator is none of + - Y X W V U A B C D E F",
	FaultCodeDay:           "the identity code names a day that does not exist",
	FaultCodeNumber:        "the identity code's individual number is below 002",
	FaultCodeCheck:         "the identity code's check character is wrong",
	FaultNoIdentity:        "there is neither an identity code nor a birth date",
	FaultBirth:             "the birth date is no day as YYYY-MM-DD",
	FaultDaysDiffer:        "birth date and identity code name different days",
	FaultPreviousAlone:     "a previous identity code needs a present one beside it",
	FaultPreviousIsPresent: "the previous identity code is the present one",
	FaultMunicipality:      "the municipality is no code of three digits, such as 091",
	FaultArea:              "the area is none of the round's",
	FaultProtected:         "protected is none of true, false, 1, 0, yes, no",

	FaultSamePerson:     "the same person as line LINE",
	FaultPreviousOnRoll: "the previous identity code belongs to line LINE",
	FaultPreviousShared: "the previous identity code leads to the same person as line LINE",
	FaultBothVoted: "votes were cast under both identity codes: leave the previous one out, and settle it by " +
		"hand",
}

// Reason tells in English what is wrong.
func (f Fault) Reason() string {
	if f.said != "" {
		return f.said
	}
	column := f.Column
	if f.Code == FaultUnknownColumn {
		column = fmt.Sprintf("%q", column)
	}
	reason := strings.NewReplacer(
		"COLUMNS", strings.Join(columns, ", "), "COLUMN", column, "LINE", fmt.Sprint(f.Other),
	).Replace(reasons[f.Code])
	if f.Column == ColumnPrevious && strings.HasPrefix(string(f.Code), "code_") {
		return "previous code: " + reason
	}
	return reason
}

// MostFaults is how many of a file's faults are told; the others are counted.
// A file of another kind is nothing but faults, and may have millions.
const MostFaults = 10_000

// Faults is the refusal of a file: the first MostFaults by line, and how many
// there are.
type Faults struct {
	First []Fault
	Total int
}

// Error counts them.
func (f Faults) Error() string {
	return fmt.Sprintf("the roll has %d faults; nothing was changed", f.Total)
}

// add takes one more, of a later line.
func (f *Faults) add(one Fault) {
	if f.Total++; len(f.First) < MostFaults {
		f.First = append(f.First, one)
	}
}

// with lays the faults of two looks at a file together.
func (f Faults) with(others Faults) Faults {
	all := slices.Concat(f.First, others.First)
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return Faults{First: all[:min(len(all), MostFaults)], Total: f.Total + others.Total}
}
