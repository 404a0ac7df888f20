// Package equality shows the team at a glance whom it reaches: proposals, their
// fate and help given, by district, language and channel, and never so that a
// number speaks of single people.
package equality

import (
	"context"
	"slices"

	"osbu/domain"
	"osbu/domain/round"
)

// Count is how many there are of one sort.
type Count struct {
	Area     string // empty: the whole city
	Language string
	Channel  string // a proposal came by, or help was given by
	Sort     string // of a proposal: its fate; of an event: its kind
	N        int
	Minutes  int // of help
}

// Fates of proposals.
const (
	Accepted = "accepted"
	Rejected = "rejected"
	Pending  = "pending" // undecided, withdrawn or merged
)

// Store counts.
type Store interface {
	// Counts are the round's public proposals, occasions of help, and announced
	// events: three queries, whatever there is.
	Counts(ctx context.Context, round string) (proposals, help, events []Count, err error)
	// Round is one round, or NotFound.
	EqualityRound(ctx context.Context, id string) (round.Round, error)
}

// Table tells of one measure by one feature.
type Table struct {
	Measure Measure
	By      Feature
	Columns [][]string // what each column counts; more than one where single ones would be too few
	Rows    []Row
	Total   Row
	Few     bool // too few in all to tell anything
}

// Row is one value of the feature, with a cell for each column.
type Row struct {
	Key     string
	Cells   []Cell
	Total   Cell
	Minutes *Cell // of help
}

// Cell is a number, or one that is not told.
type Cell struct {
	N      int
	Hidden bool
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
	proposals, help, events, err := s.store.Counts(ctx, roundID)
	if err != nil {
		return r, nil, err
	}
	areas := make([]string, len(r.Settings.Areas))
	for i, a := range r.Settings.Areas {
		areas[i] = a.ID
	}
	var (
		area     = func(c Count) string { return c.Area }
		language = func(c Count) string { return c.Language }
		channel  = func(c Count) string { return c.Channel }
		sort     = func(c Count) string { return c.Sort }
		statuses = []string{Accepted, Rejected, Pending}
	)
	tables := []Table{
		guarded(tabulate(Proposals, ByArea, proposals, areas, area, statuses, sort)),
		guarded(tabulate(Proposals, ByLanguage, proposals, values(proposals, language), language, statuses, sort)),
		guarded(tabulate(Proposals, ByChannel, proposals, values(proposals, channel), channel, statuses, sort)),
		guarded(tabulate(Help, ByArea, help, areas, area, values(help, channel), channel)),
		guarded(tabulate(Help, ByLanguage, help, values(help, language), language, values(help, channel), channel)),
		// Events are announced to everybody: there is nothing to hide.
		tabulate(Events, ByArea, events, append(areas, ""), area, values(events, sort), sort),
	}
	return r, tables, nil
}

func values(counts []Count, of func(Count) string) []string {
	var all []string
	for _, c := range counts {
		all = append(all, of(c))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// tabulate counts rows and columns with all their sums.
func tabulate(
	m Measure,
	by Feature,
	counts []Count,
	rows []string,
	row func(Count) string,
	columns []string,
	column func(Count) string,
) Table {
	t := Table{Measure: m, By: by, Rows: make([]Row, len(rows)), Total: Row{Cells: make([]Cell, len(columns))}}
	for _, c := range columns {
		t.Columns = append(t.Columns, []string{c})
	}
	minutes := make([]int, len(rows)+1)
	for i, key := range rows {
		t.Rows[i] = Row{Key: key, Cells: make([]Cell, len(columns))}
	}
	for _, c := range counts {
		i, j := slices.Index(rows, row(c)), slices.Index(columns, column(c))
		if i < 0 || j < 0 {
			continue
		}
		for _, cell := range []*Cell{&t.Rows[i].Cells[j], &t.Rows[i].Total, &t.Total.Cells[j], &t.Total.Total} {
			cell.N += c.N
		}
		minutes[i] += c.Minutes
		minutes[len(rows)] += c.Minutes
	}
	if m == Help {
		for i := range t.Rows {
			t.Rows[i].Minutes = &Cell{N: minutes[i]}
		}
		t.Total.Minutes = &Cell{N: minutes[len(rows)]}
	}
	return t
}
