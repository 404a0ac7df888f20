package sheet

import (
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"osbu/domain"
)

// Field is what a column of a sheet holds: the path by which faults name it,
// the heading above it, what other programs write there, and whether a sheet
// needs it.
type Field struct {
	Path string
	Name domain.Text
	Also []string
	Need bool
}

// stands tells whether a heading is the field's: its name in any language, its
// path, or another program's.
func (f Field) stands(heading string) bool {
	heading = strings.TrimRight(Fold(heading), " *:")
	return heading != "" && (heading == Fold(f.Path) || calls(f.Name, heading) ||
		slices.ContainsFunc(f.Also, func(s string) bool { return heading == Fold(s) }))
}

// Option is what a cell may say: what is kept, and its names.
type Option struct {
	ID   string
	Name domain.Text
}

// Fold is a text by which headings and choices are compared: Unicode's form C
// (a Mac's ä is an a and two dots), without case, kinds of apostrophes and
// spaces, and what cannot be seen.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u00ad', '\u200b', '\u200e', '\u200f', '\u2060', '\ufeff':
			return -1
		case '\'', '´', '`', '‘':
			return '’'
		case '‐', '\u2011', '–', '—', '\u2212':
			return '-'
		}
		return r
	}, norm.NFC.String(s))
	return norm.NFC.String(cases.Fold().String(strings.Join(strings.Fields(s), " ")))
}

// calls tells whether a cell says the name in one of the languages.
func calls(name domain.Text, cell string) bool {
	cell = Fold(cell)
	return cell != "" && (cell == Fold(name.Fi) || cell == Fold(name.Sv) || cell == Fold(name.En))
}

// Choose is the ID of the option that a cell says; empty for an empty cell, and
// for one that says none of them, which is noted.
func Choose(problems *domain.Problems, path string, options []Option, cell string) string {
	if strings.TrimSpace(cell) == "" {
		return ""
	}
	for _, o := range options {
		if Fold(cell) == Fold(o.ID) || calls(o.Name, cell) {
			return o.ID
		}
	}
	problems.Add(path, "unknown", "")
	return ""
}

// Has tells whether the table has a column for the field.
func (t Table) Has(path string) bool {
	_, there := t.at[path]
	return there
}

// Cell is what a row says of a field, empty if there is no column for it.
func (t Table) Cell(row Row, path string) string {
	if i, there := t.at[path]; there {
		return row.Cells[i]
	}
	return ""
}

// Fault is what is wrong in one cell, so that it can be mended without looking
// anything up. Code and Limit are those of domain.Field.
type Fault struct {
	Column  string // letter; empty: the column is missing
	Head    string // as it stands in the sheet
	Code    string
	Limit   string
	Value   string   // what the cell says, shortened
	Choices []string // what it may say, in the language of the headings
}

// Faults tells of a row's problems, by cell; one a cell is enough.
func (t Table) Faults(row Row, problems domain.Problems, options map[string][]Option) (all []Fault) {
	noted := map[string]bool{}
	for _, p := range problems {
		if noted[p.Path] {
			continue
		}
		noted[p.Path] = true
		fault := Fault{Head: p.Path, Code: p.Code, Limit: p.Limit, Value: short(t.Cell(row, p.Path))}
		if i, there := t.at[p.Path]; there {
			fault.Column, fault.Head = Column(i), t.Head[i]
		} else if j := slices.IndexFunc(t.fields, func(f Field) bool { return f.Path == p.Path }); j >= 0 {
			fault.Head = t.fields[j].Name.In(t.Language)
		}
		if p.Code == "unknown" || p.Code == "not_allowed" {
			for _, o := range options[p.Path] {
				fault.Choices = append(fault.Choices, o.Name.In(t.Language))
			}
		}
		all = append(all, fault)
	}
	return all
}

// short is the beginning of a cell on one line.
func short(cell string) string {
	const most = 60
	words := []rune(strings.Join(strings.Fields(cell), " "))
	if len(words) > most {
		return string(words[:most-1]) + "…"
	}
	return string(words)
}
