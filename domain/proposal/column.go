package proposal

import (
	"slices"
	"strings"

	"osbu/domain"
	"osbu/domain/sheet"
)

// column is one of a sheet's: the path of its field, what it is called in the
// sheet, and whether a sheet needs it.
type column struct {
	path string
	name domain.Text
	need bool
}

// option is what a cell may say: what is kept, and its names.
type option struct {
	id   string
	name domain.Text
}

// place finds the columns by their names in any language, in any order.
func place(t sheet.Table, columns []column) (map[string]int, error) {
	if len(t.Rows) == 0 {
		return nil, domain.Fail(domain.Invalid, sheet.CodeEmpty, "no row stands below the head")
	}
	at := map[string]int{}
	var problems domain.Problems
	for i, head := range t.Head {
		if head == "" {
			continue
		}
		j := slices.IndexFunc(
			columns,
			func(c column) bool { return strings.EqualFold(head, c.path) || calls(c.name, head) },
		)
		if j < 0 {
			problems.Add("columns."+sheet.Column(i), "unknown", "")
			continue
		}
		if _, twice := at[columns[j].path]; twice {
			problems.Add("columns."+sheet.Column(i), "duplicate", "")
		}
		at[columns[j].path] = i
	}
	for _, c := range columns {
		if _, there := at[c.path]; c.need && !there {
			problems.Add("columns."+strings.TrimPrefix(c.path, "text."), "required", "")
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

// choose is the id of the option that a cell says; empty for an empty cell, and
// for one that says none of them, which is noted.
func choose(problems *domain.Problems, path string, options []option, cell string) string {
	if cell == "" {
		return ""
	}
	for _, o := range options {
		if strings.EqualFold(cell, o.id) || calls(o.name, cell) {
			return o.id
		}
	}
	problems.Add(path, "unknown", "")
	return ""
}
