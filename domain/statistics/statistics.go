// Package statistics tells after the close how a round went: who used the
// right to vote, by area, age and channel and from day to day, what became of
// proposals, and what projects cost beside what was estimated. No number of it
// speaks of single people, also if it is set beside any other.
package statistics

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"osbu/domain"
	"osbu/domain/disclosure"
	"osbu/domain/equality"
	"osbu/domain/record"
	"osbu/domain/roll"
	"osbu/domain/round"
)

// Store counts, and keeps what was counted of a roll: the roll itself goes.
type Store interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
	// Rounds are all rounds, newest first, and the database's clock.
	Rounds(ctx context.Context) ([]round.Round, time.Time, error)
	// Voters counts those whose area may be told: people on the roll who may
	// vote, by paper, area, age band and channel; ages are those at the end of
	// the vote, and bands begin at the given ages. One query.
	Voters(ctx context.Context, round string, bands []int) ([]Voters, error)
	// Turnout counts rights by paper, in the papers' order.
	Turnout(ctx context.Context, id string) ([]roll.Turnout, error)
	// Days are those kept, oldest first.
	Days(ctx context.Context, id string) ([]record.Day, error)
	// KeptTurnout is what KeepTurnout kept, or NotFound.
	KeptTurnout(ctx context.Context, round string) (Kept, error)
	// KeepTurnout keeps a closed round's turnout unless it has one: then the
	// first stays. The kept one is durable without an error.
	KeepTurnout(ctx context.Context, round string, papers []Paper) error
	// Costs are a round's funded projects by area, of a published result: one
	// query.
	Costs(ctx context.Context, round string) ([]Cost, error)
}

// Proposals tells what became of them.
type Proposals interface {
	// Public are the tables of a round's proposals, for everybody after the
	// close.
	Public(ctx context.Context, r round.Round) ([]equality.Table, error)
}

// Voters are people of one area and age band who did the same with their right
// to cast a paper.
type Voters struct {
	Paper string
	Area  string
	Band  int  // the age at which the band begins
	Used  bool // by whatever channel
	N     int
}

// Paper is how the rights to cast one were used.
type Paper struct {
	Paper string
	Areas disclosure.Table // by where people live
	Ages  disclosure.Table // rows are the ages at which bands begin
	Total roll.Turnout     // by channel, too
}

// Kept is what was counted once and for all.
type Kept struct {
	At     time.Time
	Papers []Paper
}

// Day is what was used of a paper's rights between the first counts of two
// days.
type Day struct {
	Paper                     string
	From, To                  time.Time // the days; To is the same as From where one was counted after the other
	Online, Assisted, OnPaper int
}

// Cost is what an area's funded projects were estimated to cost, and what was
// paid; Done are those of them that are finished.
type Cost struct {
	Area      string
	All, Done Sum
	Cancelled int
}

// Sum is of several projects.
type Sum struct {
	Projects         int
	Estimate, Actual domain.Cents
}

// Statistics are a round's.
type Statistics struct {
	Round     round.Round
	Kept                       // the turnout
	Days      []Day            // by paper, oldest first
	Proposals []equality.Table // by area, language, channel
	Costs     []Cost           // nil before the result is published
}

// Service tells them.
type Service struct {
	store     Store
	proposals Proposals
	counting  sync.Mutex // one count at a time: it reads the whole roll
}

// New makes the service.
func New(store Store, proposals Proposals) *Service {
	return &Service{store: store, proposals: proposals}
}

// Get is for everybody, after the close.
func (s *Service) Get(ctx context.Context, id string) (Statistics, error) {
	r, err := s.store.Round(ctx, id)
	if err != nil {
		return Statistics{}, err
	}
	if err := r.VotedHere(); err != nil {
		return Statistics{}, err
	}
	if !r.Phase.Reached(round.Closed) {
		return Statistics{}, domain.Fail(domain.Closed, domain.CodePhase, "the vote of %s is not closed yet", id)
	}
	all := Statistics{Round: r.Round}
	if all.Kept, err = s.turnout(ctx, r.Round); err != nil {
		return all, err
	}
	days, err := s.store.Days(ctx, id)
	if err != nil {
		return all, err
	}
	all.Days = byDay(days, all.Papers)
	if all.Proposals, err = s.proposals.Public(ctx, r.Round); err != nil {
		return all, err
	}
	if r.Phase.Reached(round.Delivering) {
		all.Costs, err = s.store.Costs(ctx, id)
	}
	return all, err
}

// Keep counts the turnout of every round whose vote is closed and keeps it,
// unless it is kept: so that it stays when the roll goes.
func (s *Service) Keep(ctx context.Context) error {
	rounds, _, err := s.store.Rounds(ctx)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		if r.Phase.Reached(round.Closed) && !r.Elsewhere() {
			_, failed := s.turnout(ctx, r)
			err = errors.Join(err, failed)
		}
	}
	return err
}

// turnout is what is kept; it is counted if there is none yet.
func (s *Service) turnout(ctx context.Context, r round.Round) (Kept, error) {
	kept, err := s.store.KeptTurnout(ctx, r.ID)
	if domain.KindOf(err) != domain.NotFound {
		return kept, err
	}
	s.counting.Lock()
	defer s.counting.Unlock()
	if kept, err = s.store.KeptTurnout(ctx, r.ID); domain.KindOf(err) != domain.NotFound {
		return kept, err
	}
	bands := Bands(r.Settings.Eligibility)
	voters, err := s.store.Voters(ctx, r.ID, bands)
	if err != nil {
		return Kept{}, err
	}
	total, err := s.store.Turnout(ctx, r.ID)
	if err != nil {
		return Kept{}, err
	}
	areas := make([]string, len(r.Settings.Areas))
	for i, a := range r.Settings.Areas {
		areas[i] = a.ID
	}
	if err := s.store.KeepTurnout(ctx, r.ID, tabulate(total, voters, areas, bands)); err != nil {
		return Kept{}, err
	}
	return s.store.KeptTurnout(ctx, r.ID)
}

// Bands are the ages at which bands begin; the first is whoever is younger than
// the second, for where the calendar year decides some turn old enough only
// after the vote.
func Bands(e round.Eligibility) []int {
	bands := []int{0}
	for _, age := range []int{18, 25, 35, 45, 55, 65, 75} {
		if age > e.Age {
			bands = append(bands, age)
		}
	}
	return bands
}

// byDay tells what came between the counts that everybody saw, and the final
// numbers: nothing that was not public before.
func byDay(days []record.Day, papers []Paper) (all []Day) {
	for _, p := range papers {
		var since record.PaperNumbers
		for i, d := range days {
			at := slices.IndexFunc(d.Papers, func(n record.PaperNumbers) bool { return n.Paper == p.Paper })
			if at < 0 {
				continue
			}
			if i > 0 { // what was used before the first count belongs to its day
				all = append(all, between(days[i-1].Day, d.Day, since.Turnout, d.Papers[at].Turnout))
				since = d.Papers[at]
			}
		}
		if len(days) > 0 && since.Spent() != p.Total.Spent() {
			last := days[len(days)-1].Day
			all = append(all, between(last, last.AddDate(0, 0, 1), since.Turnout, p.Total))
		}
	}
	return all
}

// between is what was used from the first count of one day to that of another.
func between(from, to time.Time, before, after roll.Turnout) Day {
	return Day{
		Paper: after.Paper, From: from, To: to.AddDate(0, 0, -1),
		Online: after.Online - before.Online, Assisted: after.Assisted - before.Assisted,
		OnPaper: after.OnPaper - before.OnPaper,
	}
}
