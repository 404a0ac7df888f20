// Package desk is what the city's staff work with: the queue of proposals that
// wait for a decision, the checklist that each is held against, notes for
// colleagues, who handles what, and which division is asked.
package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Desk is what a round's Stadiluotsit work with.
type Desk struct {
	Checklist []Check
	Templates []Template
	Divisions []Division
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

// Verdict is a facilitator's answer to a check.
type Verdict string

// The verdicts.
const (
	Yes     Verdict = "yes"
	No      Verdict = "no"
	Unclear Verdict = "unclear"
)

// Mark is the latest verdict on one check.
type Mark struct {
	Check   string
	Verdict Verdict
	Note    string
	By      proposal.Person
	At      time.Time
}

// Note is what staff wrote about a proposal for each other, the handing over to
// a colleague, or the sending to a division. Residents never see it.
type Note struct {
	ID       int64
	At       time.Time
	By       proposal.Person
	Text     string
	Assigned bool            // handed over
	To       proposal.Person // account 0: to nobody
	Division string          // to which it was sent; empty: to none
}

// Contact is one occasion of help: how, about what and how long. Nothing is
// said of the person.
type Contact struct {
	ID       int64
	Area     string
	Proposal int64 // 0: none yet
	At       time.Time
	By       proposal.Person
	Channel  Channel
	Topic    Topic
	Language string // fi, sv, en or other
	Minutes  int
}

// Channel is how somebody was helped.
type Channel string

// Topic is what help was about.
type Topic string

var (
	channels         = []Channel{"phone", "email", "chat", "counter", "event"}
	topics           = []Topic{"idea", "writing", "place", "cost", "decision", "voting", "other"}
	contactLanguages = []string{"fi", "sv", "en", "other"}
	verdicts         = []Verdict{Yes, No, Unclear}
)

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

// File is a proposal's case as staff see it, beside the proposal itself.
type File struct {
	Notes    []Note
	Marks    []Mark
	Contacts []Contact
}

// Settings keeps what a round's facilitators work with.
type Settings interface {
	// Desk is the round's, or nil where nobody has set one: one query without a
	// lock.
	Desk(ctx context.Context, round string) (*Desk, error)
	// KeepDesk calls keep with the round and the divisions to which its
	// proposals have been sent, and stores the desk with its audit entry. The
	// round is held in share mode, so that it cannot be frozen meanwhile; all
	// in one transaction. NotFound if there is no such round. Twice is as once,
	// but for the audit log.
	KeepDesk(
		ctx context.Context,
		round string,
		keep func(r round.Round, busy []string) (Desk, round.Entry, error),
	) error
}

// Assignments keeps who handles which proposal.
type Assignments interface {
	// Assign calls decide with the round and these proposals; then all of them
	// are the colleague's, each with a note. The proposals are locked in the
	// order of their IDs and their round held against a freeze; all in one
	// transaction, or nothing. NotFound if the round lacks one of them.
	Assign(
		ctx context.Context,
		round string,
		ids []int64,
		note Note,
		decide func(round.Round, []proposal.Proposal) error,
	) error
	// Refer calls decide with the round, the database's clock and these
	// proposals, and stores what it made of them, each with a note, and with a
	// version and a letter where its version moved; the change's audit entry is
	// one for all. Locks, transaction and errors are those of Assign.
	Refer(
		ctx context.Context,
		round string,
		ids []int64,
		note Note,
		decide func(round.Round, time.Time, []proposal.Proposal) (proposal.Change, error),
	) error
}

// Cases keeps what staff write about a proposal for each other.
type Cases interface {
	// File is a proposal's case, each list oldest first: three queries without
	// a lock.
	File(ctx context.Context, proposal int64) (File, error)
	// AddNote stores a note. Twice notes it twice.
	AddNote(ctx context.Context, proposal int64, n Note) error
	// KeepMark stores the answer to a check in place of the one that was there,
	// and adds nothing to the notes. Twice is as once.
	KeepMark(ctx context.Context, proposal int64, m Mark) error
}

// Contacts keeps how people were helped.
type Contacts interface {
	// AddContact stores one. Twice counts it twice.
	AddContact(ctx context.Context, round string, c Contact) error
	// Contacts are the latest of these areas (nil: all), newest first, at most
	// 100: one query without a lock.
	Contacts(ctx context.Context, round string, areas []string) ([]Contact, error)
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
}

// Service is what a round's facilitators work with.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Case finds a public proposal that the actor works on, or that her
// division estimates if she only reads; nobody looks into the file of her own.
func (s *Service) Case(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	reads bool,
) (round.Round, proposal.Proposal, error) {
	r, _, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return r, proposal.Proposal{}, err
	}
	p, err := s.c.Find(ctx, actor, r, id)
	if err != nil {
		return r, p, err
	}
	if err := proposal.WorksOn(actor, p.Text.Area); err != nil && (!reads || !p.HasExpert(actor)) {
		return r, p, err
	}
	if p.Mine(actor) || !p.Public() {
		return r, p, domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "nobody works on her own proposal")
	}
	return r, p, nil
}

// DeskOf is the round's checklist and templates, and the colleagues (staff).
func (s *Service) DeskOf(ctx context.Context, actor domain.Actor, roundID string) (Desk, []proposal.Colleague, error) {
	if !actor.Staff() {
		return Desk{}, nil, actor.Need(domain.Facilitator)
	}
	if _, _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return Desk{}, nil, err
	}
	kept, err := s.c.Settings.Desk(ctx, roundID)
	if err != nil {
		return Desk{}, nil, err
	}
	if kept == nil {
		kept = new(StandardDesk())
	}
	colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
	return *kept, colleagues, err
}

// KeepDesk sets checklist and templates (officials), until the freeze.
func (s *Service) KeepDesk(ctx context.Context, actor domain.Actor, roundID string, d Desk) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	var problems domain.Problems
	d.clean(&problems)
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Settings.KeepDesk(ctx, roundID, func(r round.Round, busy []string) (Desk, round.Entry, error) {
		if r.Phase.Reached(round.Frozen) {
			return Desk{}, round.Entry{}, domain.Fail(
				domain.Closed,
				domain.CodePhase,
				"the ballot of %s was frozen by %s",
				r.ID,
				r.FreezeDecision,
			)
		}
		for _, id := range busy {
			if !slices.ContainsFunc(d.Divisions, func(one Division) bool { return one.ID == id }) {
				problems.Add("divisions", "required", id)
			}
		}
		return d, *round.NewEntry(r, actor, "desk", "", map[string]int{
			"checks":    len(d.Checklist),
			"templates": len(d.Templates),
			"divisions": len(d.Divisions),
		}), problems.Err()
	})
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

// Assign hands undecided proposals of the actor's districts to a Stadiluotsi of
// theirs, or to nobody for account 0; all of them or none. It is no step of the
// proposal's life: the author may go on editing, and is not told.
func (s *Service) Assign(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	ids []int64,
	to int64,
	text string,
) error {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return actor.Need(domain.Facilitator)
	}
	if _, _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return err
	}
	var problems domain.Problems
	note := Note{By: proposal.PersonOf(actor), Text: problems.Body("note", text, maxNote), Assigned: true}
	ids = distinct(&problems, ids)
	var areas []string
	if to != 0 {
		colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(colleagues, func(c proposal.Colleague) bool { return c.ID == to })
		if i < 0 {
			problems.Add("to", "unknown", "")
		} else {
			note.To, areas = colleagues[i].Person, colleagues[i].Areas
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Assignments.Assign(ctx, roundID, ids, note, func(r round.Round, proposals []proposal.Proposal) error {
		if !r.TakesVetting() {
			return domain.Fail(
				domain.Closed,
				domain.CodePhase,
				"proposals of %s are not vetted in phase %s",
				r.ID,
				r.Phase,
			)
		}
		for i, p := range proposals {
			path := fmt.Sprintf("proposals[%d]", i)
			if err := proposal.WorksOn(actor, p.Text.Area); err != nil || p.Mine(actor) {
				return cmp.Or[error](
					err,
					domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "nobody hands over her own proposal"),
				)
			}
			switch {
			case !slices.Contains(proposal.Undecided, p.State):
				problems.Add(path, "not_allowed", string(p.State))
			case to != 0 && (!slices.Contains(areas, p.Text.Area) || p.WrittenBy(to) || p.State == proposal.Appealed && p.RejectedBy == to):
				problems.Add("to", "not_allowed", p.Text.Area)
			}
		}
		if len(problems) > 0 {
			return &domain.Error{
				Kind:   domain.Conflict,
				Code:   proposal.CodeState,
				Detail: "not all of these can be handed over so",
				Fields: problems,
			}
		}
		return nil
	})
}

// FileOf is a proposal's case (the area's Stadiluotsit, officials; its
// division's experts read all but how people were helped).
func (s *Service) FileOf(ctx context.Context, actor domain.Actor, roundID string, id int64) (File, error) {
	_, p, err := s.Case(ctx, actor, roundID, id, true)
	if err != nil {
		return File{}, err
	}
	f, err := s.c.Cases.File(ctx, id)
	if proposal.WorksOn(actor, p.Text.Area) != nil {
		f.Contacts = nil
	}
	return f, err
}

// Jot adds a note for colleagues.
func (s *Service) Jot(ctx context.Context, actor domain.Actor, roundID string, id int64, text string) error {
	if _, _, err := s.Case(ctx, actor, roundID, id, false); err != nil {
		return err
	}
	var problems domain.Problems
	n := Note{By: proposal.PersonOf(actor), Text: problems.Body("text", text, maxNote)}
	if n.Text == "" {
		problems.Add("text", "required", "")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Cases.AddNote(ctx, id, n)
}

// Mark answers one check of the round's list.
func (s *Service) Mark(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	check string,
	v Verdict,
	note string,
) error {
	if _, _, err := s.Case(ctx, actor, roundID, id, false); err != nil {
		return err
	}
	desk, _, err := s.DeskOf(ctx, actor, roundID)
	if err != nil {
		return err
	}
	var problems domain.Problems
	if !slices.ContainsFunc(desk.Checklist, func(c Check) bool { return c.ID == check }) {
		problems.Add("check", "unknown", "")
	}
	if !slices.Contains(verdicts, v) {
		problems.Add("verdict", "unknown", "")
	}
	m := Mark{Check: check, Verdict: v, Note: problems.Line("note", note, maxCheckNote), By: proposal.PersonOf(actor)}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Cases.KeepMark(ctx, id, m)
}

// Log notes an occasion of help in one of the actor's districts, about a
// proposal there or none.
func (s *Service) Log(ctx context.Context, actor domain.Actor, roundID string, c Contact) error {
	r, _, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return err
	}
	if c.Proposal != 0 {
		_, p, err := s.Case(ctx, actor, roundID, c.Proposal, false)
		if err != nil {
			return err
		}
		c.Area = p.Text.Area
	}
	if err := proposal.WorksOn(actor, c.Area); err != nil {
		return err
	}
	var problems domain.Problems
	if _, ok := r.Settings.Area(c.Area); !ok {
		problems.Add("area", "unknown", "")
	}
	if !slices.Contains(channels, c.Channel) {
		problems.Add("channel", "unknown", "")
	}
	if !slices.Contains(topics, c.Topic) {
		problems.Add("topic", "unknown", "")
	}
	if !slices.Contains(contactLanguages, c.Language) {
		problems.Add("language", "unknown", "")
	}
	switch {
	case c.Minutes < 1:
		problems.Add("minutes", "too_small", "1")
	case c.Minutes > mostMinutes:
		problems.Add("minutes", "too_large", strconv.Itoa(mostMinutes))
	}
	if err := problems.Err(); err != nil {
		return err
	}
	c.By = proposal.PersonOf(actor)
	return s.c.Contacts.AddContact(ctx, roundID, c)
}

// Contacts are the latest of the actor's districts, newest first; officials see
// all.
func (s *Service) Contacts(ctx context.Context, actor domain.Actor, roundID string) ([]Contact, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return nil, actor.Need(domain.Facilitator)
	}
	if _, _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, err
	}
	var areas []string
	if !actor.Is(domain.Official) {
		areas = append([]string{}, actor.Areas...)
	}
	return s.c.Contacts.Contacts(ctx, roundID, areas)
}
