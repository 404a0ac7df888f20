package desk

import (
	"context"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Case is a proposal's case as staff see it, beside the proposal itself.
type Case struct {
	Notes    []Note
	Answers  []CheckAnswer
	Contacts []Contact
}

// CheckAnswer is the latest verdict on one check.
type CheckAnswer struct {
	Check   string
	Verdict Verdict
	Note    string
	By      proposal.Person
	At      time.Time
}

// Verdict is a facilitator's answer to a check.
type Verdict string

// The verdicts.
const (
	Yes     Verdict = "yes"
	No      Verdict = "no"
	Unclear Verdict = "unclear"
)

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
	ErasedBy string          // who erased its text; empty: nobody
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
	StruckBy string // who struck it out; empty: nobody
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

// Cases keeps what staff write about a proposal for each other.
type Cases interface {
	// Case is a proposal's case, each list oldest first: three queries without
	// a lock.
	Case(ctx context.Context, proposal int64) (Case, error)
	// Answered is how many checks of each of these proposals are answered; one
	// without any is not there. One query without a lock.
	Answered(ctx context.Context, proposals ...int64) (map[int64]int, error)
	// AddNote stores a note. Twice notes it twice.
	AddNote(ctx context.Context, proposal int64, n Note) error
	// EraseNote takes a note's text away, and notes who did. NotFound if the
	// proposal has no such note. Once more changes nothing.
	EraseNote(ctx context.Context, proposal, note int64, by proposal.Person) error
	// AnswerCheck stores the answer to a check in place of the one that was
	// there, and adds nothing to the notes. Twice is as once.
	AnswerCheck(ctx context.Context, proposal int64, m CheckAnswer) error
}

// Contacts keeps how people were helped.
type Contacts interface {
	// AddContact stores one. Twice counts it twice.
	AddContact(ctx context.Context, round string, c Contact) error
	// Contacts are the latest of these areas (nil: all), newest first, at most
	// so many: one query without a lock.
	Contacts(ctx context.Context, round string, areas []string, most int) ([]Contact, error)
	// StrikeContact strikes one of these areas (nil: all) out, so that it counts
	// no more, and notes who did. NotFound if there is none. Twice is like once,
	// and the first name stays.
	StrikeContact(ctx context.Context, round string, areas []string, id int64, by proposal.Person) error
}

// Find finds a public proposal that the actor works on, or that her
// division estimates if she only reads; nobody looks into the file of her own.
func (s *Service) Find(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	reads bool,
) (round.Round, proposal.Proposal, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return r.Round, proposal.Proposal{}, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err != nil {
		return r.Round, p, err
	}
	if err := proposal.WorksOn(actor, p.Text.Area); err != nil && (!reads || !p.HasExpert(actor)) {
		return r.Round, p, err
	}
	if p.Mine(actor) || !p.Public() {
		return r.Round, p, domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "nobody works on her own proposal")
	}
	return r.Round, p, nil
}

// Case is a proposal's case (the area's facilitators, officials; its
// division's experts read all but how people were helped).
func (s *Service) Case(ctx context.Context, actor domain.Actor, roundID string, id int64) (Case, error) {
	_, p, err := s.Find(ctx, actor, roundID, id, true)
	if err != nil {
		return Case{}, err
	}
	f, err := s.c.Cases.Case(ctx, id)
	if proposal.WorksOn(actor, p.Text.Area) != nil {
		f.Contacts = nil
	}
	return f, err
}

// AddNote adds a note for colleagues.
func (s *Service) AddNote(ctx context.Context, actor domain.Actor, roundID string, id int64, text string) error {
	if _, _, err := s.Find(ctx, actor, roundID, id, false); err != nil {
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

// EraseNote erases the text of a note, such as one that tells of somebody's
// private matters; that there was one, and who erased it, stays.
func (s *Service) EraseNote(ctx context.Context, actor domain.Actor, roundID string, id, note int64) error {
	if _, _, err := s.Find(ctx, actor, roundID, id, false); err != nil {
		return err
	}
	return s.c.Cases.EraseNote(ctx, id, note, proposal.PersonOf(actor))
}

// AnswerCheck answers one check of the round's list.
func (s *Service) AnswerCheck(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	check string,
	v Verdict,
	note string,
) error {
	if _, _, err := s.Find(ctx, actor, roundID, id, false); err != nil {
		return err
	}
	desk, _, err := s.Get(ctx, actor, roundID)
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
	m := CheckAnswer{
		Check:   check,
		Verdict: v,
		Note:    problems.Line("note", note, maxCheckNote),
		By:      proposal.PersonOf(actor),
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Cases.AnswerCheck(ctx, id, m)
}

// AddContact notes an occasion of help in one of the actor's districts, about a
// proposal there or none.
func (s *Service) AddContact(ctx context.Context, actor domain.Actor, roundID string, c Contact) error {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return err
	}
	if c.Proposal != 0 {
		_, p, err := s.Find(ctx, actor, roundID, c.Proposal, false)
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
	return s.contacts(ctx, actor, roundID, mostContacts)
}

// mostContacts is how many the page shows.
const mostContacts = 100

func (s *Service) contacts(ctx context.Context, actor domain.Actor, roundID string, most int) ([]Contact, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return nil, actor.Need(domain.Facilitator)
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, err
	}
	areas := actor.Districts()
	return s.c.Contacts.Contacts(ctx, roundID, areas, most)
}

// StrikeContact strikes out a contact that was noted by mistake, in the actor's
// districts (officials: anywhere). That it was there, and who struck it out,
// stays; the numbers leave it out.
func (s *Service) StrikeContact(ctx context.Context, actor domain.Actor, roundID string, id int64) error {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return actor.Need(domain.Facilitator)
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return err
	}
	return s.c.Contacts.StrikeContact(ctx, roundID, actor.Districts(), id, proposal.PersonOf(actor))
}
