// Package area is a part of the city over all its rounds: how much money each
// round gave it, where that went, how the projects are getting on, and how many
// of its people voted.
package area

import (
	"context"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/disclosure"
	"osbu/domain/ledger"
	"osbu/domain/round"
	"osbu/domain/statistics"
)

// Store reads them.
type Store interface {
	// AreaRounds are the rounds that have such an area and may be known to
	// everybody, newest first, by the day that it is in the time zone: all that
	// are no rehearsals, or the one that is asked for. As many queries for one
	// round as for many.
	AreaRounds(ctx context.Context, area, round string, zone *time.Location) ([]Round, error)
	// AreaName is what the newest round that may be known to everybody calls the
	// area, rather none that is a rehearsal, or NotFound: one query.
	AreaName(ctx context.Context, area string) (domain.Text, error)
}

// Round is the area in one round. What the area was then called, and which
// postal codes it had, belongs to the round: borders change from one to
// another, and no project changes its area by that.
type Round struct {
	ID          string
	Name        domain.Text
	AreaName    domain.Text
	Phase       round.Phase
	Pot         domain.Cents
	PostalCodes []string
	Balances    ledger.Balances // empty before the result is published, and of a round held elsewhere
	Projects    delivery.Summary
	Papers      []round.Paper      // those with which people voted in the area
	Kept        []statistics.Paper // by paper, once it was counted
}

// Turnout is how many of an area's people used their right to cast a paper.
type Turnout struct {
	Paper   string
	Name    domain.Text     // empty where the round has one paper alone
	Unknown bool            // those whose area is not known are counted here as well
	Used    disclosure.Cell // hidden where that would tell of single people
	Rights  disclosure.Cell
}

// Turnouts are those that the round's statistics tell of, the numbers being
// theirs: what they hide is hidden here. It is by where people live, whatever
// area they voted in.
func (r Round) Turnouts(area string) (all []Turnout) {
	for _, kept := range r.Kept {
		t := kept.Areas
		i := slices.IndexFunc(t.Rows, func(row disclosure.Row) bool { return row.Key == area })
		if t.Few || i < 0 || t.Rows[i].Total.Hidden || t.Rows[i].Total.N == 0 {
			continue
		}
		one := Turnout{
			Paper: kept.Paper, Unknown: t.Rows[i].Unknown, Rights: t.Rows[i].Total,
			Used: disclosure.Cell{Hidden: true},
		}
		for j, names := range t.Columns {
			if slices.Equal(names, []string{statistics.Used}) {
				one.Used = t.Rows[i].Cells[j]
			}
		}
		at := slices.IndexFunc(r.Papers, func(p round.Paper) bool { return p.ID == kept.Paper })
		if len(r.Kept) > 1 && at >= 0 {
			one.Name = r.Papers[at].Name
		}
		all = append(all, one)
	}
	return all
}

// Area is one over all rounds, newest first.
type Area struct {
	ID     string
	Name   domain.Text // as the newest round calls it
	Rounds []Round
}

// Moved tells whether its postal codes were not the same in all rounds that
// name any.
func (a Area) Moved() bool {
	var first []string
	for _, r := range a.Rounds {
		codes := slices.Sorted(slices.Values(r.PostalCodes))
		if len(codes) == 0 {
			continue
		}
		if first != nil && !slices.Equal(first, codes) {
			return true
		}
		first = codes
	}
	return false
}

// Service tells of areas.
type Service struct {
	store Store
	zone  *time.Location
}

// New makes the service.
func New(store Store, zone *time.Location) *Service { return &Service{store, zone} }

// Get is for everybody: an area that has been in any round that is no
// rehearsal, or in the round that is asked for.
func (s *Service) Get(ctx context.Context, id, roundID string) (Area, error) {
	rounds, err := s.store.AreaRounds(ctx, id, roundID, s.zone)
	if err != nil {
		return Area{}, err
	}
	if len(rounds) == 0 {
		return Area{}, Unknown(id)
	}
	return Area{ID: id, Name: rounds[0].AreaName, Rounds: rounds}, nil
}

// Name is an area's, also of one that rehearsals alone have.
func (s *Service) Name(ctx context.Context, id string) (domain.Text, error) {
	return s.store.AreaName(ctx, id)
}

// Unknown is said of an area that no round has.
func Unknown(id string) error {
	return domain.Fail(domain.NotFound, domain.CodeNotFound, "no round has an area %s", id)
}
