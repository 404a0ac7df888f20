// Package desk is what the city's staff work with: the queue of proposals that
// wait for a decision, the checklist that each is held against, notes for
// colleagues, who handles what, and which division is asked.
package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Desk is what a round's facilitators work with.
type Desk struct {
	Checklist []Check
	Templates []Template
	Divisions []Division
}

// Version names what the desk says, part by part, as round.Version does.
func (d Desk) Version() string { return round.Version(d.facts()) }

func (d Desk) facts() []round.Fact {
	return []round.Fact{
		{Path: "checklist", Value: d.Checklist},
		{Path: "templates", Value: d.Templates},
		{Path: "divisions", Value: d.Divisions},
	}
}

// audited are the same, word by word, for the audit log.
func (d Desk) audited() (facts []round.Fact) {
	add := func(at string, t domain.Text) {
		facts = append(facts, round.Fact{Path: at + ".fi", Value: t.Fi}, round.Fact{Path: at + ".sv", Value: t.Sv},
			round.Fact{Path: at + ".en", Value: t.En})
	}
	for _, c := range d.Checklist {
		add("checklist."+c.ID, c.Text)
	}
	for i, t := range d.Templates {
		add("templates."+strconv.Itoa(i+1)+"."+string(t.Reason), t.Text)
	}
	for _, one := range d.Divisions {
		add("divisions."+one.ID, one.Name)
	}
	return facts
}

// Check is a question that every proposal is held against.
type Check struct {
	ID   string
	Text domain.Text
}

// Template is a rejection's public text to begin with.
type Template struct {
	Reason proposal.Reason
	Text   domain.Text
}

// Bounds of what the desk keeps.
const (
	mostMinutes   = 480 // a working day
	mostChecks    = 20
	mostTemplates = 40
	mostAssigned  = 100
)

// Lengths in characters.
const (
	maxCheck     = 300 // a question of the checklist
	maxCheckNote = 300 // what is noted with its answer
	maxNote      = 2000
)

// Settings keeps what a round's facilitators work with.
type Settings interface {
	// Desk is the round's, or nil where nobody has set one: one query without a
	// lock.
	Desk(ctx context.Context, round string) (*Desk, error)
	// UpdateDesk calls keep with the round, its desk, nil where nobody has set
	// one, and the divisions to which its proposals have been sent, and stores
	// the desk with its audit entry. The round is locked, so that it cannot be
	// frozen, nor its desk be set by another, meanwhile; all in one transaction.
	// NotFound if there is no such round, and what keep refuses.
	UpdateDesk(
		ctx context.Context,
		round string,
		keep func(r round.Round, kept *Desk, busy []string) (Desk, round.Entry, error),
	) error
}

// Config wires the service.
type Config struct {
	proposal.Access
	Colleagues  proposal.Colleagues
	Estimates   proposal.Estimates
	Settings    Settings
	Assignments Assignments
	Cases       Cases
	Contacts    Contacts
	Filters     Filters
	Life        Life
	Workload    Workload
	Overviews   Overviews
}

// Service is what a round's facilitators work with.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Get is the round's checklist and templates, and the colleagues (staff).
func (s *Service) Get(ctx context.Context, actor domain.Actor, roundID string) (Desk, []proposal.Colleague, error) {
	if !actor.Staff() {
		return Desk{}, nil, actor.Need(domain.Facilitator)
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return Desk{}, nil, err
	}
	kept, err := s.c.Settings.Desk(ctx, roundID)
	if err != nil {
		return Desk{}, nil, err
	}
	if kept == nil {
		kept = new(Standard())
	}
	colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
	return *kept, colleagues, err
}

// Update sets checklist, templates and divisions (officials) over the version
// that was read, until the freeze.
func (s *Service) Update(ctx context.Context, actor domain.Actor, roundID, version string, d Desk) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	var problems domain.Problems
	d.clean(&problems)
	if err := problems.Err(); err != nil {
		return err
	}
	keep := func(r round.Round, kept *Desk, busy []string) (Desk, round.Entry, error) {
		if r.Phase.Reached(round.Frozen) {
			return Desk{}, round.Entry{}, domain.Fail(
				domain.Closed,
				domain.CodePhase,
				"the ballot of %s was frozen by %s",
				r.ID,
				r.FreezeDecision,
			)
		}
		if kept == nil {
			kept = new(Standard())
		}
		if err := round.Since(version, kept.facts(), domain.CodeEdited); err != nil {
			return Desk{}, round.Entry{}, err
		}
		for _, id := range busy {
			if !slices.ContainsFunc(d.Divisions, func(one Division) bool { return one.ID == id }) {
				problems.Add("divisions", "required", id)
			}
		}
		return d, *round.NewEntry(r, actor, "desk", "", map[string]any{
			"changes": round.Changes(kept.audited(), d.audited()),
		}), problems.Err()
	}
	return s.c.Settings.UpdateDesk(ctx, roundID, keep)
}

func (d *Desk) clean(problems *domain.Problems) {
	if len(d.Checklist) > mostChecks {
		problems.Add("checklist", "too_many", strconv.Itoa(mostChecks))
	}
	if len(d.Templates) > mostTemplates {
		problems.Add("templates", "too_many", strconv.Itoa(mostTemplates))
	}
	seen := map[string]bool{}
	for i := range d.Checklist {
		c := &d.Checklist[i]
		path := fmt.Sprintf("checklist[%d]", i)
		checkID(problems, path, c.ID, seen)
		c.Text = problems.PublicLine(path+".text", c.Text, maxCheck, domain.Finnish, domain.Swedish)
	}
	for i := range d.Templates {
		t := &d.Templates[i]
		path := fmt.Sprintf("templates[%d]", i)
		if !t.Reason.Known() {
			problems.Add(path+".reason", "unknown", "")
		}
		t.Text = problems.PublicBody(path+".text", t.Text, proposal.MaxAnswer, domain.Finnish, domain.Swedish)
	}
	cleanDivisions(problems, d.Divisions)
}

// checkID notes an id that cannot stand in an address or was seen before.
func checkID(problems *domain.Problems, path, id string, seen map[string]bool) {
	switch {
	case !round.IsAddress(id):
		problems.Add(path+".id", "bad_format", "a-z 0-9 -")
	case seen[id]:
		problems.Add(path+".id", "duplicate", "")
	}
	seen[id] = true
}
