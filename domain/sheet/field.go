package sheet

import (
	"slices"
	"strings"

	"osbu/domain"
)

// Field is what a column of a sheet holds: the path by which faults name it,
// the heading above it, and whether a sheet needs it.
type Field struct {
	Path string
	Name domain.Text
	Need bool
}

// Option is what a cell may say: what is kept, and its names.
type Option struct {
	ID   string
	Name domain.Text
}

// Locate finds the column of each field, counted from 0, by its name in any
// language or by its path, in any order. Invalid, naming each heading that is
// unknown or stands twice and each field that is missing.
func Locate(t Table, fields []Field) (map[string]int, error) {
	if len(t.Rows) == 0 {
		return nil, domain.Fail(domain.Invalid, CodeEmpty, "no row stands below the head")
	}
	at := map[string]int{}
	var problems domain.Problems
	for i, head := range t.Head {
		if head == "" {
			continue
		}
		j := slices.IndexFunc(
			fields,
			func(f Field) bool { return strings.EqualFold(head, f.Path) || calls(f.Name, head) },
		)
		if j < 0 {
			problems.Add("columns."+Column(i), "unknown", "")
			continue
		}
		if _, twice := at[fields[j].Path]; twice {
			problems.Add("columns."+Column(i), "duplicate", "")
		}
		at[fields[j].Path] = i
	}
	for _, f := range fields {
		if _, there := at[f.Path]; f.Need && !there {
			problems.Add("columns."+strings.TrimPrefix(f.Path, "text."), "required", "")
		}
	}
	return at, problems.Err()
}

// calls tells whether a cell says the name in one of the languages, whatever
// its case and spaces.
func calls(name domain.Text, cell string) bool {
	cell = strings.Join(strings.Fields(strings.ReplaceAll(cell, "'", "’")), " ")
	return cell != "" &&
		(strings.EqualFold(cell, name.Fi) || strings.EqualFold(cell, name.Sv) || strings.EqualFold(cell, name.En))
}

// Choose is the ID of the option that a cell says; empty for an empty cell, and
// for one that says none of them, which is noted.
func Choose(problems *domain.Problems, path string, options []Option, cell string) string {
	if cell == "" {
		return ""
	}
	for _, o := range options {
		if strings.EqualFold(cell, o.ID) || calls(o.Name, cell) {
			return o.ID
		}
	}
	problems.Add(path, "unknown", "")
	return ""
}
