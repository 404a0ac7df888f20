package pabulib

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var remarkNumber = regexp.MustCompile(`#(\d+):`)

// labels: names of the same thing are written alike.
func (c *checker) labels() {
	s := c.sheet
	for _, part := range []struct {
		t      *table
		column string
		lists  bool
	}{
		{&s.projects, "category", true},
		{&s.projects, "beneficiaries", true},
		{&s.projects, "district", false},
		{&s.projects, "neighborhood", false},
		{&s.votes, "district", false},
		{&s.votes, "neighborhood", false},
	} {
		if part.t.has(part.column) {
			c.labelsOf(part.t, part.column, part.lists)
		}
	}
}

func (c *checker) labelsOf(t *table, column string, lists bool) {
	type label struct {
		text string
		line int
	}
	var order []string
	alike, seen := map[string][]label{}, map[string]bool{}
	for _, r := range t.rows {
		items := []string{t.get(r, column)}
		if lists {
			items = list(items[0])
			if spaced(t.get(r, column)) {
				c.fail(r.line, column, t.get(r, column), "whitespace around list separator",
					"project %.50q: %s: blanks around the commas", r.cells[0], column)
			}
			if sorted := slices.Sorted(slices.Values(items)); len(slices.Compact(sorted)) < len(items) {
				c.warn(r.line, column, t.get(r, column), "duplicate values inside list field",
					"project %.50q: %s names something twice", r.cells[0], column)
			}
		}
		for _, item := range items {
			if item == "" || seen[item] {
				continue
			}
			seen[item] = true
			name := plainly(item)
			if len(alike[name]) == 0 {
				order = append(order, name)
			}
			alike[name] = append(alike[name], label{item, r.line})
		}
	}
	for _, name := range order {
		if labels := alike[name]; len(labels) > 1 {
			var texts []string
			for _, l := range labels {
				texts = append(texts, l.text)
			}
			slices.Sort(texts)
			c.warn(labels[1].line, column, labels[1].text, "inconsistent label normalization",
				"%s: %s differs only by case, blanks or marks of letters: %s", t.name, column, strings.Join(texts, ", "))
		}
	}
}

// plainly writes a label in small letters of ASCII, with single blanks.
func plainly(label string) string {
	var plain strings.Builder
	for _, letter := range norm.NFKD.String(label) {
		if letter <= unicode.MaxASCII {
			plain.WriteRune(letter)
		}
	}
	return strings.Join(strings.Fields(strings.ToLower(plain.String())), " ")
}
