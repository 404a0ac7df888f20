package pabulib

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is one thing that the official checker of the format (repository
// pabulib/checker, of 2026) would say of a file, at its place and in words for
// readers. Kind is the name that the checker gives it.
type Finding struct {
	Line   int    `json:"line"`             // the first, if there are several
	Column string `json:"column,omitempty"` // the column, or the key of META
	Value  string `json:"value,omitempty"`
	Error  bool   `json:"error"` // otherwise a warning
	Kind   string `json:"kind"`
	Text   string `json:"text"`
	Count  int    `json:"count"` // how many ballots it is said of; else 1
}

// Codes tell which names of countries and codes of languages and currencies
// there are: see package iso.
type Codes struct{ Country, Language, Currency func(value string) bool }

// Check holds a file's text against the rules of the official checker. It goes
// on where Parse refuses, so that all faults are told at once. What Parse
// refuses beyond them is an error of the kind "refused"; what it warns of,
// beyond them, is not told: see File.Warnings.
func Check(text string, codes Codes) []Finding {
	c := checker{codes: codes, sheet: readSheet(text), known: map[string]int{}}
	c.findings = c.sheet.findings
	for _, check := range []func(){
		c.emptyLines, c.commas, c.budgets, c.numbers, c.lengths, c.ballots, c.costsOfBallots, c.namings, c.votesAndScores,
		c.selected, c.fields, c.domains, c.labels, c.comment, c.coordinates,
	} {
		check()
	}
	if _, err := Parse(text); err != nil {
		fault, ok := err.(*Fault) //nolint:errorlint // Parse returns no other, and wraps none
		if ok && !slices.ContainsFunc(c.findings, func(f Finding) bool { return f.Error && f.Line == fault.Line }) {
			c.fail(fault.Line, "", "", "refused", "%s", fault.Text)
		}
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return a.Line - b.Line })
	return c.findings
}

// checker holds a sheet against the rules. Numbers are compared exactly, where
// the official checker takes floats, and costs and budgets rounded down to
// whole units, as it does.
type checker struct {
	codes    Codes
	sheet    *sheet
	findings []Finding
	known    map[string]int // findings about ballots, by kind and column
}

func (c *checker) fail(line int, column, value, kind, format string, args ...any) {
	c.findings = append(c.findings, Finding{line, column, value, true, kind, fmt.Sprintf(format, args...), 1})
}

func (c *checker) warn(line int, column, value, kind, format string, args ...any) {
	c.findings = append(c.findings, Finding{line, column, value, false, kind, fmt.Sprintf(format, args...), 1})
}

// ofBallot tells a finding about a ballot once for all ballots that have it.
func (c *checker) ofBallot(r row, isError bool, column, value, kind, format string, args ...any) {
	if i, ok := c.known[kind+" "+column]; ok {
		c.findings[i].Count++
		return
	}
	c.known[kind+" "+column] = len(c.findings)
	c.findings = append(c.findings, Finding{r.line, column, value, isError, kind, fmt.Sprintf(format, args...), 1})
}

// sheet is a file as cells: nothing is refused.
type sheet struct {
	meta     []entry
	projects table
	votes    table
	blank    []int // lines without text
	lines    int
	findings []Finding
}

type entry struct {
	line       int
	key, value string
}

// table is a section with its rows, each as long as the header, and the place
// of each row by its first cell.
type table struct {
	name   string
	line   int // of the header, 0 if there is none
	header []string
	rows   []row
	index  map[string]int
}

type row struct {
	line  int
	cells []string
}

// get returns a cell, "" if there is no such column.
func (t *table) get(r row, column string) string {
	if i := slices.Index(t.header, column); i >= 0 {
		return r.cells[i]
	}
	return ""
}

func (t *table) has(column string) bool { return slices.Contains(t.header, column) }

// meta returns a line of META; its line is 0 if there is none.
func (s *sheet) get(key string) entry {
	for _, e := range s.meta {
		if e.key == key {
			return e
		}
	}
	return entry{}
}

func readSheet(text string) *sheet {
	s := &sheet{projects: table{name: "PROJECTS"}, votes: table{name: "VOTES"}}
	var section string
	var seen []string
	var cells []string
	wantHeader := false
	lines := strings.Split(strings.TrimSuffix(strings.TrimPrefix(text, "\ufeff"), "\n"), "\n")
	s.lines = len(lines)
	for i, line := range lines {
		at := i + 1
		line = strings.TrimSuffix(line, "\r")
		if strings.TrimSpace(line) == "" {
			s.blank = append(s.blank, at)
			continue
		}
		cells, _ = splitLine(line, cells[:0])
		if name := strings.ToUpper(strings.TrimSpace(cells[0])); slices.Contains(sections, name) {
			s.trimmed(at, "", cells[:1])
			if slices.Contains(seen, name) {
				s.fault(at, "", "section %s comes twice", name)
			} else if seen = append(seen, name); slices.Index(sections, name) != len(seen)-1 {
				s.fault(at, "", "section %s comes out of order: META, PROJECTS, VOTES", name)
			}
			section, wantHeader = name, true
			continue
		}
		switch {
		case section == "":
			s.fault(at, "", "a line before META")
		case wantHeader:
			wantHeader = false
			s.header(section, at, cells)
		case section == "META":
			s.metaRow(at, cells)
		case section == "PROJECTS":
			s.addRow(&s.projects, at, cells)
		default:
			s.addRow(&s.votes, at, cells)
		}
	}
	for _, name := range sections {
		if !slices.Contains(seen, name) {
			s.fault(s.lines, "", "section %s is missing", name)
		}
	}
	return s
}

const ofStructure = "file structure error"

func (s *sheet) fault(line int, column, format string, args ...any) {
	s.findings = append(s.findings, Finding{line, column, "", true, ofStructure, fmt.Sprintf(format, args...), 1})
}

// trimmed takes the blanks off the cells, and says of each that it had any.
func (s *sheet) trimmed(line int, column string, cells []string) []string {
	list := make([]string, len(cells))
	for i, cell := range cells {
		if list[i] = strings.TrimSpace(cell); list[i] != cell {
			s.fault(line, column, "%.50q begins or ends with blanks", cell)
		}
	}
	return list
}

func (s *sheet) header(section string, line int, cells []string) {
	header := s.trimmed(line, "", cells)
	if section == "META" {
		if len(header) < 2 || !strings.EqualFold(header[0], "key") || !strings.EqualFold(header[1], "value") {
			s.fault(line, "", "section META: the header is not key;value")
			s.metaRow(line, cells)
		}
		return
	}
	t, first := &s.projects, "project_id"
	if section == "VOTES" {
		t, first = &s.votes, "voter_id"
	}
	for i, name := range header {
		if slices.ContainsFunc(header[:i], func(other string) bool { return strings.EqualFold(name, other) }) {
			s.fault(line, name, "section %s: column %q comes twice", section, name)
		}
	}
	if !strings.EqualFold(header[0], first) {
		s.fault(line, header[0], "section %s begins with the column %q, not %s", section, header[0], first)
	}
	t.line, t.header, t.index = line, header, map[string]int{}
}

func (s *sheet) metaRow(line int, cells []string) {
	cells = s.trimmed(line, strings.TrimSpace(cells[0]), cells)
	switch key := cells[0]; {
	case key == "":
		s.fault(line, "", "META: a line without a key")
	case s.get(key).line > 0:
		s.fault(line, key, "META: %s comes twice", key)
	default:
		e := entry{line: line, key: key}
		if len(cells) > 1 {
			e.value = cells[1]
		}
		s.meta = append(s.meta, e)
		s.tooLong(line, 2, cells)
	}
}

func (s *sheet) tooLong(line, width int, cells []string) {
	if len(cells) > width {
		s.findings = append(s.findings, Finding{
			line, "", "", false, "file structure warning",
			fmt.Sprintf("the row has %d cells, its header %d", len(cells), width), 1,
		})
	}
}

func (s *sheet) addRow(t *table, line int, cells []string) {
	if t.header == nil {
		s.fault(line, "", "section %s has no header line", t.name)
		return
	}
	s.tooLong(line, len(t.header), cells)
	r := row{line: line, cells: make([]string, len(t.header))}
	for i := range r.cells {
		if i < len(cells) {
			if r.cells[i] = strings.TrimSpace(cells[i]); r.cells[i] != cells[i] {
				s.fault(line, t.header[i], "%.50q begins or ends with blanks", cells[i])
			}
		}
	}
	if id := r.cells[0]; id == "" {
		s.fault(line, t.header[0], "section %s: a line without %s", t.name, t.header[0])
	} else if first, twice := t.index[id]; twice {
		s.fault(line, t.header[0], "%s %.50q is already on line %d", t.header[0], id, t.rows[first].line)
	} else {
		t.index[id] = len(t.rows)
		t.rows = append(t.rows, r)
	}
}
