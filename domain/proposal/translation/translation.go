// Package translation is the work of putting a round into Finnish, Swedish and
// English: what of its ballot and its answers is missing in a language or was
// translated of another source, and a sheet to do many at once.
package translation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
)

// Part is a part of what is translated.
type Part string

// The parts.
const (
	Title  Part = "title"
	What   Part = "what"
	Why    Part = "why"
	Place  Part = "place"
	Answer Part = "answer" // the decision's public text
)

// Status is how a proposal stands in a language.
type Status string

// The statuses.
const (
	Source   Status = "source"   // it was written in this language
	Missing  Status = "missing"  // nobody can read it in this language
	Partial  Status = "partial"  // title and text are there, something else is not
	Outdated Status = "outdated" // the source says something else since
	Done     Status = "done"
)

// Standing is how a proposal stands in a language. By and At are of whoever on
// the staff translated it last, empty if nobody did.
type Standing struct {
	Language domain.Language
	Status   Status
	Lacks    []Part
	By       string
	At       time.Time
}

// Row is a proposal of the work list.
type Row struct {
	Proposal  proposal.Proposal
	Title     string // in the language that it was written in
	Source    domain.Language
	Standings []Standing // in the languages that the ballot promises
}

// Count is how many of the list's proposals wait in a language.
type Count struct {
	Language                          domain.Language
	Total, Missing, Partial, Outdated int // Total without those written in it
}

// Subject is what a list is of.
type Subject string

// The subjects: what is voted on or will be, and what was answered to those
// whose proposals were rejected.
const (
	OfBallot   Subject = "ballot"
	OfRejected Subject = "rejected"
)

func (s Subject) states() []proposal.State {
	if s == OfRejected {
		return []proposal.State{proposal.Rejected}
	}
	return []proposal.State{proposal.Accepted, proposal.OnBallot}
}

// Filter narrows the work list.
type Filter struct {
	Subject  Subject         // empty: OfBallot
	Language domain.Language // whose Status is asked for; empty: any of the three
	Status   Status          // empty: all
	Open     bool            // only what is missing, partial or outdated
	Area     string          // empty: all that the actor works on
	Proposal int64           // just this one, whatever its state; 0: all
	Offset   int
}

// List is a page of the work list, and of all that it is a page of how much
// waits.
type List struct {
	Rows   []Row
	Counts []Count // in the languages that the ballot promises
	Total  int     // that match
	Next   int     // Offset of the next page; 0 on the last
}

// Version is a version of a proposal.
type Version struct {
	Proposal int64
	Number   int
}

// Store knows who translated.
type Store interface {
	// Translators are who made these versions, and when: one query without a lock.
	Translators(ctx context.Context, versions []Version) (map[Version]Translator, error)
}

// Translator is who made a version, by the name that she had, and when.
type Translator struct {
	Name string
	At   time.Time
}

// Translate saves a translation, as proposal.Service does.
type Translate func(
	ctx context.Context,
	actor domain.Actor,
	round string,
	id int64,
	version int,
	t proposal.Translation,
) (proposal.View, error)

// Config wires the service.
type Config struct {
	proposal.Access
	Store     Store
	Translate Translate
}

// Service is the translators' work list.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Bounds: of a page, and of what is read of a round.
const (
	page = 100
	most = 20_000
)

// List is the work list of a round: of her districts for a facilitator, of all
// for an official; on the ballot by number, others by ID.
func (s *Service) List(ctx context.Context, actor domain.Actor, roundID string, f Filter) (List, error) {
	rows, promised, err := s.rows(ctx, actor, roundID, f)
	if err != nil {
		return List{}, err
	}
	l := List{Counts: counts(rows, promised)}
	rows = slices.DeleteFunc(rows, func(r Row) bool { return !f.shows(r) })
	l.Total = len(rows)
	from := min(f.Offset, len(rows))
	to := min(from+page, len(rows))
	if to < len(rows) {
		l.Next = to
	}
	l.Rows = rows[from:to]
	return l, s.sign(ctx, l.Rows)
}

// rows are all that the actor works on, each with its standings in the
// languages that the ballot promises.
func (s *Service) rows(ctx context.Context, actor domain.Actor, roundID string, f Filter,
) (rows []Row, promised []domain.Language, err error) {
	if !actor.Is(domain.Official) {
		if err := actor.Need(domain.Facilitator); err != nil {
			return nil, nil, err
		}
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, nil, err
	}
	list := proposal.List{
		States: f.Subject.states(), Areas: actor.Districts(), Ascending: true, Limit: most,
	}
	if f.Area != "" {
		if !actor.Is(domain.Official) && !actor.Facilitates(f.Area) {
			return nil, nil, domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "that area has another facilitator")
		}
		list.Areas = []string{f.Area}
	}
	if f.Proposal != 0 {
		list.States, list.IDs = nil, []int64{f.Proposal}
	}
	found, _, err := s.c.Access.Store.Proposals(ctx, r.ID, list)
	if err != nil {
		return nil, nil, err
	}
	// Nobody translates her own: the rules refuse it.
	found = slices.DeleteFunc(found, func(p proposal.Proposal) bool { return p.Mine(actor) })
	slices.SortStableFunc(found, byBallot)
	rows, promised = make([]Row, len(found)), r.Settings.Promised()
	for i, p := range found {
		source := p.Source()
		rows[i] = Row{Proposal: p, Source: source, Title: p.Listed(source).Title}
		for _, l := range promised {
			rows[i].Standings = append(rows[i].Standings, standing(p, source, l))
		}
	}
	return rows, promised, nil
}

// byBallot puts those with a number first, by number; the others stay as they
// were.
func byBallot(a, b proposal.Proposal) int {
	switch {
	case a.Project != 0 && b.Project != 0:
		return a.Project - b.Project
	case a.Project != 0:
		return -1
	case b.Project != 0:
		return 1
	}
	return 0
}

// standing tells what the source says and the language does not.
func standing(p proposal.Proposal, source, l domain.Language) Standing {
	st := Standing{Language: l, Lacks: []Part{}}
	there, here := p.Listed(source), p.Listed(l)
	rejected := p.State == proposal.Rejected
	for _, part := range []struct {
		name        Part
		there, here string
	}{
		{Title, there.Title, here.Title},
		{What, there.What, here.What},
		{Why, there.Why, here.Why},
		{Place, there.Place, here.Place},
	} {
		if !rejected && part.there != "" && part.here == "" {
			st.Lacks = append(st.Lacks, part.name)
		}
	}
	if p.Answer != (domain.Text{}) && p.Answer.Of(l) == "" {
		st.Lacks = append(st.Lacks, Answer)
	}
	switch {
	case l == source && !(rejected && len(st.Lacks) > 0):
		st.Status = Source
	case slices.Contains(st.Lacks, Title), slices.Contains(st.Lacks, What), rejected && len(st.Lacks) > 0:
		st.Status = Missing
	case p.Outdated(l) && !rejected:
		st.Status = Outdated
	case len(st.Lacks) > 0:
		st.Status = Partial
	default:
		st.Status = Done
	}
	return st
}

// shows tells whether the filter lets the row through.
func (f Filter) shows(r Row) bool {
	return slices.ContainsFunc(r.Standings, func(st Standing) bool {
		switch {
		case f.Language != "" && st.Language != f.Language:
			return false
		case f.Open && !st.open():
			return false
		}
		return f.Status == "" || st.Status == f.Status
	})
}

// in is the standing in a language, promised or not.
func (r Row) in(l domain.Language) Standing {
	for _, st := range r.Standings {
		if st.Language == l {
			return st
		}
	}
	return standing(r.Proposal, r.Source, l)
}

func (st Standing) open() bool {
	return slices.Contains([]Status{Missing, Partial, Outdated}, st.Status)
}

func counts(rows []Row, languages []domain.Language) []Count {
	all := make([]Count, len(languages))
	for i, l := range languages {
		all[i].Language = l
		for _, r := range rows {
			switch r.Standings[i].Status {
			case Source:
				continue
			case Missing:
				all[i].Missing++
			case Partial:
				all[i].Partial++
			case Outdated:
				all[i].Outdated++
			case Done:
			}
			all[i].Total++
		}
	}
	return all
}

// sign says who translated.
func (s *Service) sign(ctx context.Context, rows []Row) error {
	var versions []Version
	for _, r := range rows {
		for _, mark := range r.Proposal.Translated {
			versions = append(versions, Version{r.Proposal.ID, mark.Version})
		}
	}
	if len(versions) == 0 {
		return nil
	}
	by, err := s.c.Store.Translators(ctx, versions)
	if err != nil {
		return fmt.Errorf("translators: %w", err)
	}
	for _, r := range rows {
		for i := range r.Standings {
			st := &r.Standings[i]
			if mark, marked := r.Proposal.Translated[st.Language]; marked {
				t := by[Version{r.Proposal.ID, mark.Version}]
				st.By, st.At = t.Name, t.At
			}
		}
	}
	return nil
}
