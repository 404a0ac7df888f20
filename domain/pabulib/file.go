// Package pabulib reads and writes participatory budgeting elections in the
// Pabulib format (.pb): Stolicki, Szufa, Talmon, "Pabulib: A Participatory
// Budgeting Library", arXiv 2012.06539. Reading accepts the oddities of real
// files with a warning, and refuses, with the line, what could change a count.
// It never reads past the end of a line in search of a closing quote, so that
// no ballot is ever swallowed.
package pabulib

import (
	"fmt"
	"strings"

	"osbu/domain/tally"
)

// File is a .pb file. Read(Write(f)) = f for every f that Write accepts.
type File struct {
	Meta           []Entry  // in file order
	ProjectColumns []string // beside project_id and cost, in file order
	Projects       []Project
	VoteColumns    []string // beside voter_id, vote and, for cumulative and scoring ballots, points
	Votes          []Vote
	// PointDecimals: points are kept as integers in units of 10^-PointDecimals.
	PointDecimals int
	Warnings      []Warning // of reading; not written
}

// Entry is one line of META.
type Entry struct{ Key, Value string }

// Project is one line of PROJECTS.
type Project struct {
	ID    string
	Cost  tally.Number
	Extra []string // one cell per File.ProjectColumns, "" where absent
}

// Vote is one line of VOTES as cast, so possibly with repetitions.
type Vote struct {
	Voter  string
	Picks  []int32 // indices into File.Projects, the best first if the vote is ordinal
	Points []int64 // nil, or one entry per pick
	Extra  []string
}

// WithdrawnCost marks, in files of the rule greedy-no-skip, a project that was
// withdrawn after the vote.
const WithdrawnCost = 999999999

// Warning is an oddity that the reader accepted: its first line and how often
// it occurs.
type Warning struct {
	Line  int    `json:"line"`
	Text  string `json:"text"`
	Count int    `json:"count"`
	// Official: Check tells it, too.
	Official bool `json:"-"`
}

// Fault is why a file was refused.
type Fault struct {
	Line int
	Text string
}

func (f *Fault) Error() string { return fmt.Sprintf("%d: %s", f.Line, f.Text) }

// Lookup returns a META value; "None", as pabutools writes absent values, and
// blanks count as absent.
func (f *File) Lookup(key string) (string, bool) {
	for _, e := range f.Meta {
		if e.Key == key {
			value := present(e.Value)
			return value, value != ""
		}
	}
	return "", false
}

// Form returns vote_type.
func (f *File) Form() (tally.Form, error) {
	value, ok := f.Lookup("vote_type")
	switch form := tally.Form(strings.ToLower(value)); form {
	case tally.Approval, tally.ChooseOne, tally.Cumulative, tally.Scoring, tally.Ordinal:
		return form, nil
	}
	if !ok {
		return "", fmt.Errorf("META has no vote_type")
	}
	return "", fmt.Errorf("unknown vote_type %.50q (approval, choose-1, cumulative, scoring, ordinal)", value)
}

// Budget returns the pot.
func (f *File) Budget() (tally.Number, error) {
	value, ok := f.Lookup("budget")
	if !ok {
		return tally.Number{}, fmt.Errorf("META has no budget")
	}
	return amount("budget", value)
}

// Column returns the cells of a project column, nil if the file has none of
// this name.
func (f *File) Column(name string) []string {
	for c, column := range f.ProjectColumns {
		if column == name {
			cells := make([]string, len(f.Projects))
			for p := range f.Projects {
				cells[p] = present(f.Projects[p].Extra[c])
			}
			return cells
		}
	}
	return nil
}

// Instance returns the election; its ballots share their picks with f. Ballots
// and withdrawals that only the comment tells of are part of it.
func (f *File) Instance() (tally.Instance, error) {
	form, err := f.Form()
	if err != nil {
		return tally.Instance{}, err
	}
	budget, err := f.Budget()
	if err != nil {
		return tally.Instance{}, err
	}
	in := tally.Instance{
		Budget:        budget,
		Form:          form,
		PointDecimals: f.PointDecimals,
		Projects:      make([]tally.Project, len(f.Projects)),
	}
	if n, err := f.whole("max_length"); err == nil && form == tally.Ordinal {
		in.Ranks = n
	}
	withdrawn, err := f.Withdrawn()
	if err != nil {
		return tally.Instance{}, err
	}
	for p := range f.Projects {
		in.Projects[p] = tally.Project{ID: f.Projects[p].ID, Cost: f.Projects[p].Cost, Withdrawn: withdrawn[p]}
	}
	blank, err := f.Blank()
	if err != nil {
		return tally.Instance{}, err
	}
	in.Ballots = make([]tally.Ballot, len(f.Votes), len(f.Votes)+1)
	for i := range f.Votes {
		in.Ballots[i] = tally.Ballot{Weight: 1, Projects: f.Votes[i].Picks, Points: f.Votes[i].Points}
	}
	if blank > 0 {
		in.Ballots = append(in.Ballots, tally.Ballot{Weight: int64(blank)})
	}
	return in, nil
}

// present drops blanks and the word that pabutools writes for nothing.
func present(cell string) string {
	cell = strings.TrimSpace(cell)
	if cell == "None" {
		return ""
	}
	return cell
}
