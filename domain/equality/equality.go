// Package equality shows the team at a glance whom it reaches: proposals, their
// outcome and help given, by district, language and channel, and never so that
// a number speaks of single people.
package equality

import (
	"context"
	"slices"

	"osbu/domain"
	"osbu/domain/disclosure"
	"osbu/domain/round"
)

// Count is how many there are of one sort.
type Count struct {
	Area     string // empty: the whole city
	Language string
	Channel  string // a proposal came by, or help was given by
	Sort     string // of a proposal: its outcome; of an event: its kind
	N        int
	Minutes  int // of help
}

// Outcomes of proposals.
const (
	Accepted    = "accepted"
	Selected    = "selected"     // accepted, and funded; once the result is published
	NotSelected = "not_selected" // accepted, and not funded
	Rejected    = "rejected"
	Pending     = "pending" // undecided, withdrawn or merged
)

// Store counts.
type Store interface {
	// ProposalCounts are the round's public proposals: one query.
	ProposalCounts(ctx context.Context, round string) ([]Count, error)
	// Counts are the round's occasions of help and announced events: two
	// queries, whatever there is.
	Counts(ctx context.Context, round string) (help, events []Count, err error)
	// Round is one round, or NotFound.
	EqualityRound(ctx context.Context, id string) (round.Round, error)
}

// Table tells of one measure by one feature.
type Table struct {
	Measure Measure
	By      Feature
	disclosure.Table
}

// Measure is what is counted.
type Measure string

// The measures.
const (
	Proposals Measure = "proposals"
	Help      Measure = "help"
	Events    Measure = "events"
)

// Feature is what it is counted by.
type Feature string

// The features.
const (
	ByArea     Feature = "area"
	ByLanguage Feature = "language"
	ByChannel  Feature = "channel"
)

// Service shows the tables.
type Service struct{ store Store }

// New makes the service.
func New(store Store) *Service { return &Service{store} }

// Tables are the round's (facilitators and officials; nobody's own district
// makes a difference).
func (s *Service) Tables(ctx context.Context, actor domain.Actor, roundID string) (round.Round, []Table, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return round.Round{}, nil, actor.Need(domain.Facilitator)
	}
	r, err := s.store.EqualityRound(ctx, roundID)
	if err != nil {
		return r, nil, err
	}
	if err := r.VisibleTo(actor); err != nil {
		return r, nil, err
	}
	tables, err := s.Public(ctx, r)
	if err != nil {
		return r, nil, err
	}
	help, events, err := s.store.Counts(ctx, roundID)
	if err != nil {
		return r, nil, err
	}
	areas := areaIDs(r)
	tables = append(tables,
		guarded(tabulate(Help, ByArea, help, areas, area, values(help, channel), channel)),
		guarded(tabulate(Help, ByLanguage, help, values(help, language), language, values(help, channel), channel)),
		// Events are announced to everybody: there is nothing to hide.
		tabulate(Events, ByArea, events, append(areas, ""), area, values(events, sort), sort),
	)
	return r, tables, nil
}

// Public are the tables of a round's proposals as everybody is told them after
// the close: the same as the team's, so that the two cannot be set against each
// other. What was funded is told apart once the result is published.
func (s *Service) Public(ctx context.Context, r round.Round) ([]Table, error) {
	proposals, err := s.store.ProposalCounts(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	outcomes := []string{Selected, NotSelected, Rejected, Pending}
	if !r.Phase.Reached(round.Delivering) {
		outcomes = []string{Accepted, Rejected, Pending}
		for i, c := range proposals {
			if c.Sort == Selected || c.Sort == NotSelected {
				proposals[i].Sort = Accepted
			}
		}
	}
	return []Table{
		guarded(tabulate(Proposals, ByArea, proposals, areaIDs(r), area, outcomes, sort)),
		guarded(tabulate(Proposals, ByLanguage, proposals, values(proposals, language), language, outcomes, sort)),
		guarded(tabulate(Proposals, ByChannel, proposals, values(proposals, channel), channel, outcomes, sort)),
	}, nil
}

func areaIDs(r round.Round) []string {
	areas := make([]string, len(r.Settings.Areas))
	for i, a := range r.Settings.Areas {
		areas[i] = a.ID
	}
	return areas
}

func area(c Count) string     { return c.Area }
func language(c Count) string { return c.Language }
func channel(c Count) string  { return c.Channel }
func sort(c Count) string     { return c.Sort }

func values(counts []Count, of func(Count) string) []string {
	var all []string
	for _, c := range counts {
		all = append(all, of(c))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// tabulate counts by one feature in the rows and another one in the columns.
func tabulate(
	m Measure,
	by Feature,
	counts []Count,
	rows []string,
	row func(Count) string,
	columns []string,
	column func(Count) string,
) Table {
	all := make([]disclosure.Count, len(counts))
	for i, c := range counts {
		all[i] = disclosure.Count{Row: row(c), Column: column(c), N: c.N, Minutes: c.Minutes}
	}
	return Table{m, by, disclosure.Tabulate(all, rows, columns, m == Help)}
}

// guarded is the table without what would speak of single people.
func guarded(t Table) Table {
	t.Table = disclosure.Guard(t.Table)
	return t
}
