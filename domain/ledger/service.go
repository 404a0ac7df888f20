package ledger

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Codes of refusals.
const (
	CodeCovered  domain.Code = "ledger_not_covered" // the account has less
	CodeReversed domain.Code = "ledger_reversed"    // already, or not to be
	CodeOnce     domain.Code = "ledger_booked"      // by the same paper already
)

// Rounds knows the rounds.
type Rounds interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
}

// Store keeps the accounts.
type Store interface {
	// Balances are those of a round's areas and delivered projects, and the
	// newest entries up to a limit: as many queries for one project as for
	// thousands.
	Balances(ctx context.Context, round string, limit int) ([]Area, []Project, []Entry, error)
	// Book calls build with the round, the database's clock and the project by
	// its number (zero: none), and stores the entry that it makes with its audit
	// entry. One entry is booked after the other; all in one transaction.
	// Conflict, CodeCovered, if an account would fall below zero, and CodeOnce if
	// the same paper was booked on the same accounts before and not reversed,
	// which the database looks at when the transaction ends. An entry of a
	// request that was booked already is booked no second time: if it says the
	// same that is no error, otherwise it is a Conflict, CodeOnce.
	Book(ctx context.Context, round string, account int64, build func(
		r round.At, projects map[int]Project, entry func(id int64) (Entry, error),
	) (Entry, round.Entry, error)) error
	// Moves are what was booked by year and account in rounds that are no
	// rehearsals, and each such round's balances, newest first.
	Moves(ctx context.Context) ([]Flow, []RoundTotal, error)
}

// RoundTotal is a round in the fund.
type RoundTotal struct {
	Round    string
	Name     domain.Text
	Balances Balances
}

// Config wires the service.
type Config struct {
	Rounds   Rounds
	Store    Store
	TimeZone *time.Location
}

// Service is the accounts, for everybody to read and for officials to book.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Bounds of what is shown and written, and the earliest day that can be booked.
const (
	shown       = 500
	maxReason   = 500
	maxDecision = 200
	maxVoucher  = 60
	earliest    = "2000-01-01"
)

// Ledger is a round's accounts.
type Ledger struct {
	Areas    []Area
	Projects []Project
	Entries  []Entry // the newest first
	May      bool    // the actor may book
}

// Get is a round's accounts; those of a round without a published result are
// empty.
func (s *Service) Get(ctx context.Context, actor domain.Actor, roundID string) (Ledger, error) {
	r, err := s.c.Rounds.Round(ctx, roundID)
	if err != nil {
		return Ledger{}, err
	}
	if !r.Phase.Reached(round.Delivering) || r.Elsewhere() {
		return Ledger{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "round %s has no ledger here", roundID)
	}
	var l Ledger
	l.Areas, l.Projects, l.Entries, err = s.c.Store.Balances(ctx, roundID, shown)
	l.May = actor.Is(domain.Official) && r.Phase == round.Delivering
	return l, err
}

// TheFund is the participation fund over all rounds.
func (s *Service) TheFund(ctx context.Context) ([]Year, []RoundTotal, error) {
	moves, rounds, err := s.c.Store.Moves(ctx)
	return Years(moves), rounds, err
}

// Booking is what an official books.
type Booking struct {
	Kind     Kind
	Day      string
	Project  int    // that gives, or gets
	To       int    // of a move
	Area     string // of what belongs to no project
	Cents    domain.Cents
	Reason   domain.Text
	Decision string
	Voucher  string
	Request  string // the form's own key
}

// Book books an entry (officials).
func (s *Service) Book(ctx context.Context, actor domain.Actor, roundID string, b Booking) (Ledger, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Ledger{}, err
	}
	err := s.c.Store.Book(ctx, roundID, actor.ID, func(
		r round.At, projects map[int]Project, _ func(int64) (Entry, error),
	) (Entry, round.Entry, error) {
		if err := booked(r.Round); err != nil {
			return Entry{}, round.Entry{}, err
		}
		e, err := b.entry(r.Round, s.day(r.Now), projects)
		return e, note(r.Round, actor, "book", map[string]any{
			"kind": b.Kind, "project": b.Project, "to": b.To, "area": b.Area, "cents": b.Cents,
		}), err
	})
	if err != nil {
		return Ledger{}, err
	}
	return s.Get(ctx, actor, roundID)
}

// Reverse takes an entry back by another one that says why (officials). What
// the money was used for since is not undone: then an account has too little.
func (s *Service) Reverse(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	reason domain.Text,
) (Ledger, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Ledger{}, err
	}
	var problems domain.Problems
	reason = problems.PublicLine("reason", reason, maxReason, domain.Finnish, domain.Swedish)
	if err := problems.Err(); err != nil {
		return Ledger{}, err
	}
	err := s.c.Store.Book(ctx, roundID, actor.ID, func(
		r round.At, _ map[int]Project, entry func(int64) (Entry, error),
	) (Entry, round.Entry, error) {
		if err := booked(r.Round); err != nil {
			return Entry{}, round.Entry{}, err
		}
		old, err := entry(id)
		if err != nil {
			return Entry{}, round.Entry{}, err
		}
		if old.Kind == Open || old.Kind == Reverse || old.ReversedBy != 0 {
			return Entry{}, round.Entry{}, domain.Fail(
				domain.Conflict, CodeReversed, "entry %d of kind %s is not reversed", id, old.Kind,
			)
		}
		e := Entry{Day: s.day(r.Now), Kind: Reverse, Reason: reason, Reverses: id}
		for _, l := range old.Lines {
			l.Cents = -l.Cents
			e.Lines = append(e.Lines, l)
		}
		return e, note(r.Round, actor, "reverse_booking", map[string]int64{"entry": id}), nil
	})
	if err != nil {
		return Ledger{}, err
	}
	return s.Get(ctx, actor, roundID)
}

func booked(r round.Round) error {
	if r.Phase != round.Delivering || r.Elsewhere() {
		return domain.Fail(domain.Closed, domain.CodePhase, "nothing is booked in round %s now", r.ID)
	}
	return nil
}

func note(r round.Round, actor domain.Actor, action string, details any) round.Entry {
	return *round.NewEntry(r, actor, action, "", details)
}

func (s *Service) day(t time.Time) string { return t.In(s.c.TimeZone).Format(time.DateOnly) }

// entry is the booking as it is kept.
func (b Booking) entry(r round.Round, today string, projects map[int]Project) (Entry, error) {
	var problems domain.Problems
	w, known := ways[b.Kind]
	if !known {
		problems.Add("kind", "unknown", "")
	}
	if b.Cents <= 0 {
		problems.Add("cents", "too_small", "1")
	}
	switch _, err := time.Parse(time.DateOnly, b.Day); {
	case err != nil || b.Day < earliest:
		problems.Add("day", "bad_format", time.DateOnly)
	case b.Day > today:
		problems.Add("day", "too_large", today)
	}
	e := Entry{Day: b.Day, Kind: b.Kind, Request: b.Request}
	e.Reason = problems.PublicLine("reason", b.Reason, maxReason, domain.Finnish, domain.Swedish)
	if e.Decision = problems.Line("decision", b.Decision, maxDecision); w.by == decision && e.Decision == "" {
		problems.Add("decision", "required", "")
	}
	if e.Voucher = problems.Line("voucher", b.Voucher, maxVoucher); w.by == voucher && e.Voucher == "" {
		problems.Add("voucher", "required", "")
	}
	area := b.Area
	var from, to Project
	if w.from.Projects() || w.to.Projects() {
		if from = projects[b.Project]; from.Proposal == 0 {
			problems.Add("project", "unknown", "")
		}
		area, to = from.Area, from
	} else if _, known := r.Settings.Area(area); !known {
		problems.Add("area", "unknown", "")
	}
	if b.Kind == Move {
		switch to = projects[b.To]; {
		case to.Proposal == 0 || b.To == b.Project:
			problems.Add("to", "unknown", "")
		case to.Area != from.Area:
			problems.Add("to", "not_allowed", "")
		}
	}
	for _, one := range []struct {
		Account
		Project
		domain.Cents
	}{{w.from, from, -b.Cents}, {w.to, to, b.Cents}} {
		l := Line{Account: one.Account, Area: area, Cents: one.Cents}
		if one.Account.Projects() {
			l.Proposal, l.Project = one.Proposal, one.Number
		}
		e.Lines = append(e.Lines, l)
	}
	return e, problems.Err()
}
