package pabulib

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Read parses a file. Faults are *Fault.
func Read(r io.Reader) (*File, error) {
	var text strings.Builder
	if s, ok := r.(interface{ Len() int }); ok {
		text.Grow(s.Len())
	}
	if _, err := io.Copy(&text, r); err != nil {
		return nil, err
	}
	return Parse(text.String())
}

// Parse parses a file's text, of which the result keeps parts. Faults are
// *Fault.
func Parse(text string) (*File, error) {
	p := parser{rest: strings.TrimPrefix(text, "\ufeff"), file: &File{}, warned: map[string]int{}}
	if err := p.run(); err != nil {
		return nil, err
	}
	return p.file, nil
}

type parser struct {
	rest   string
	line   int // number of the current line
	blank  int // number of the first of the blank lines just passed, 0 if none
	seen   []string
	cells  []string
	file   *File
	warned map[string]int // text → index in Warnings

	projectLines []int // of each project

	votes voteParser
}

// sections in the order in which they must come.
var sections = []string{"META", "PROJECTS", "VOTES"}

func (p *parser) run() error {
	section, header := "", []string(nil)
	for {
		line, ok := p.next()
		if !ok {
			break
		}
		if name, is := sectionName(line); is {
			if slices.Contains(p.seen, name) {
				return p.fault("section %s comes twice", name)
			}
			if len(p.seen) == len(sections) || sections[len(p.seen)] != name {
				return p.fault("section %s comes where %s belongs", name, sections[min(len(p.seen), 2)])
			}
			if section != "" && header == nil {
				return p.fault("section %s has no header line", section)
			}
			p.seen, section, header = append(p.seen, name), name, nil
			continue
		}
		if section == "" {
			return p.fault("the file does not begin with META")
		}
		if !utf8.ValidString(line) {
			return p.fault("the text is not UTF-8")
		}
		if strings.IndexByte(line, '\r') >= 0 {
			return p.fault("a carriage return inside a line: lines end with LF or CRLF")
		}
		var odd bool
		p.cells, odd = splitLine(line, p.cells[:0])
		if odd {
			p.warn("a stray quote is kept as an ordinary character")
		}
		if header == nil {
			var err error
			if header, err = p.header(section); err != nil {
				return err
			}
			continue
		}
		if len(p.cells) > len(header) {
			return p.fault("the row has %d cells, its header %d", len(p.cells), len(header))
		}
		for len(p.cells) < len(header) {
			p.cells = append(p.cells, "")
		}
		if err := p.row(section); err != nil {
			return err
		}
	}
	if len(p.seen) < len(sections) {
		return p.fault("section %s is missing", sections[len(p.seen)])
	}
	if header == nil {
		return p.fault("section %s has no header line", section)
	}
	p.check()
	return nil
}

// next returns the next line that is not blank, without its end.
func (p *parser) next() (string, bool) {
	for p.rest != "" {
		line, rest, _ := strings.Cut(p.rest, "\n")
		p.rest = rest
		p.line++
		line = strings.TrimSuffix(line, "\r")
		if strings.TrimSpace(line) == "" {
			if p.blank == 0 {
				p.blank = p.line
			}
			continue
		}
		if p.blank != 0 {
			at := p.line
			p.line = p.blank
			p.warnToo("a blank line inside the file is passed over")
			p.line, p.blank = at, 0
		}
		return line, true
	}
	return "", false
}

func sectionName(line string) (string, bool) {
	if len(line) > 16 {
		return "", false
	}
	name := strings.ToUpper(strings.TrimSpace(line))
	return name, slices.Contains(sections, name)
}

func (p *parser) header(section string) ([]string, error) {
	header := make([]string, len(p.cells))
	for i, cell := range p.cells {
		header[i] = columnName(cell)
		if header[i] == "" {
			return nil, p.fault("section %s: column %d has no name", section, i+1)
		}
		if slices.Contains(header[:i], header[i]) {
			return nil, p.fault("section %s: column %q comes twice", section, header[i])
		}
		if header[i] == "target" {
			p.warnToo(`the column "target" is called "beneficiaries" since 2026`)
		}
	}
	switch section {
	case "META":
		if len(header) != 2 || header[0] != "key" || header[1] != "value" {
			return nil, p.fault("section META: the header is not key;value")
		}
	case "PROJECTS":
		return header, p.projectHeader(header)
	case "VOTES":
		return header, p.voteHeader(header)
	}
	return header, nil
}

func columnName(cell string) string {
	name := strings.TrimSpace(cell)
	if lower := strings.ToLower(name); slices.Contains(known, lower) {
		return lower
	}
	return name
}

// known columns are recognised in any case.
var known = []string{
	"key",
	"value",
	"project_id",
	"cost",
	"voter_id",
	"vote",
	"points",
	"votes",
	"score",
	"name",
	"selected",
	"target",
}

func (p *parser) row(section string) error {
	switch section {
	case "META":
		return p.metaRow()
	case "PROJECTS":
		return p.projectRow()
	}
	return p.voteRow()
}

func (p *parser) metaRow() error {
	key := strings.TrimSpace(p.cells[0])
	if key == "" {
		return p.fault("META: a line without a key")
	}
	for _, e := range p.file.Meta {
		if e.Key == key {
			return p.fault("META: %s comes twice", key)
		}
	}
	p.file.Meta = append(p.file.Meta, Entry{key, p.cells[1]})
	switch key {
	case "budget":
		if present(p.cells[1]) == "" {
			return p.fault("META has no budget")
		}
	case "vote_type":
		if _, err := p.file.Form(); err != nil {
			return p.fault("%s", err)
		}
	}
	return p.checkNumber(key)
}

func (p *parser) projectHeader(header []string) error {
	for _, name := range []string{"project_id", "cost"} {
		if !slices.Contains(header, name) {
			return p.fault("section PROJECTS has no column %s", name)
		}
	}
	if _, err := p.file.Form(); err != nil {
		return p.fault("%s", err)
	}
	if _, err := p.file.Budget(); err != nil {
		return p.fault("%s", err)
	}
	if header[0] != "project_id" {
		p.warnToo("project_id is not the first column of PROJECTS")
	}
	p.votes.columns = header
	p.votes.index = map[string]int32{}
	for _, name := range header {
		if name != "project_id" && name != "cost" {
			p.file.ProjectColumns = append(p.file.ProjectColumns, name)
		}
	}
	return nil
}

func (p *parser) projectRow() error {
	project := Project{}
	for i, name := range p.votes.columns {
		cell := p.cells[i]
		switch name {
		case "project_id":
			project.ID = strings.TrimSpace(cell)
			if project.ID == "" || strings.Contains(project.ID, ",") {
				return p.fault("%.50q cannot be a project id", project.ID)
			}
			if project.ID != cell {
				p.warnToo("blanks around a project id are dropped")
			}
		case "cost":
			text := present(cell)
			cost, err := amount("cost", text)
			if err != nil {
				return p.fault("%s", err)
			}
			if strings.Contains(text, ",") {
				p.warnToo(commaRead)
			}
			project.Cost = cost
		default:
			project.Extra = append(project.Extra, cell)
		}
	}
	if first, twice := p.votes.index[project.ID]; twice {
		return p.fault("project %q is already project %d of the file", project.ID, first+1)
	}
	p.votes.index[project.ID] = int32(len(p.file.Projects))
	p.file.Projects = append(p.file.Projects, project)
	p.projectLines = append(p.projectLines, p.line)
	return nil
}

func (p *parser) fault(format string, values ...any) error {
	return &Fault{Line: max(p.line, 1), Text: fmt.Sprintf(format, values...)}
}

// warn counts an oddity of the current line under its text.
func (p *parser) warn(text string) { p.warnAt(p.line, text, false) }

// warnToo is warn of what Check tells, too.
func (p *parser) warnToo(text string) { p.warnAt(p.line, text, true) }

func (p *parser) warnAt(line int, text string, official bool) {
	if i, ok := p.warned[text]; ok {
		p.file.Warnings[i].Count++
		return
	}
	p.warned[text] = len(p.file.Warnings)
	p.file.Warnings = append(p.file.Warnings, Warning{Line: line, Text: text, Count: 1, Official: official})
}
