package desk

import (
	"context"
	"regexp"
	"strconv"

	"osbu/domain"
)

// Filter is a view of the queue that somebody kept: her own, or the round's,
// which all its staff have.
type Filter struct {
	ID     int64
	Name   string
	Query  string // of the page's address
	Shared bool   // the round's
}

// Bounds of kept filters.
const (
	mostFilters   = 30 // of the round, and of each person
	maxFilterName = 60
	maxQuery      = 600
)

var isQuery = regexp.MustCompile(`^[a-z_]{1,30}=[^=&]*(&[a-z_]{1,30}=[^=&]*)*$`)

// Filters keeps views of the queue.
type Filters interface {
	// Filters are the round's and the account's, by name: one query without a
	// lock. NotFound if there is no such round.
	Filters(ctx context.Context, round string, account int64) ([]Filter, error)
	// KeepFilter stores one, in place of one of the same name and owner. The
	// owner's row is locked, so that no two at once pass the limit; one
	// transaction. Invalid beyond the limit. Twice is as once.
	KeepFilter(ctx context.Context, round string, account int64, f Filter, limit int) error
	// DropFilter deletes the account's, or the round's where shared. NotFound if
	// there is none.
	DropFilter(ctx context.Context, round string, account, id int64, shared bool) error
}

// ListFilters are the kept filters that the actor has (staff).
func (s *Service) ListFilters(ctx context.Context, actor domain.Actor, roundID string) ([]Filter, error) {
	if !actor.Staff() {
		return nil, actor.Need(domain.Facilitator)
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, err
	}
	return s.c.Filters.Filters(ctx, roundID, actor.ID)
}

// KeepFilter keeps a view of the queue (staff); the round's are kept by
// officials.
func (s *Service) KeepFilter(ctx context.Context, actor domain.Actor, roundID string, f Filter) error {
	if err := keepsFilters(actor, f.Shared); err != nil {
		return err
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return err
	}
	var problems domain.Problems
	f.Name = problems.Line("name", f.Name, maxFilterName)
	if f.Name == "" {
		problems.Add("name", "required", "")
	}
	switch {
	case len(f.Query) > maxQuery:
		problems.Add("query", "too_long", strconv.Itoa(maxQuery))
	case !isQuery.MatchString(f.Query):
		problems.Add("query", "bad_format", "")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Filters.KeepFilter(ctx, roundID, actor.ID, f, mostFilters)
}

// DropFilter deletes one of the actor's own, or one of the round's (officials).
func (s *Service) DropFilter(ctx context.Context, actor domain.Actor, roundID string, id int64, shared bool) error {
	if err := keepsFilters(actor, shared); err != nil {
		return err
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return err
	}
	return s.c.Filters.DropFilter(ctx, roundID, actor.ID, id, shared)
}

func keepsFilters(actor domain.Actor, shared bool) error {
	switch {
	case shared:
		return actor.Need(domain.Official)
	case !actor.Staff():
		return actor.Need(domain.Facilitator)
	}
	return nil
}
