package handlers

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"github.com/gofiber/fiber/v2"

	"osbu/domain"
)

// turnedAway is what is told of requests that were refused: what was asked for,
// in which role, why, and by which limit. It names no person, address, round or
// moment. Where a right is spent or a ballot cast not even the role is told.
type turnedAway struct{ operation, role, code, limit string }

// refusals are counted between two lines of the log, so that a flood of them
// makes a line a minute and not one each.
type refusals struct {
	mu     sync.Mutex
	counts map[turnedAway]int
}

func newRefusals() *refusals { return &refusals{counts: map[turnedAway]int{}} }

func (r *refusals) add(one turnedAway) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[one]++
}

// take gives the counts, and begins anew.
func (r *refusals) take() map[turnedAway]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := r.counts
	r.counts = map[turnedAway]int{}
	return counts
}

// refuse counts a refusal in the metrics, and for the log: there, of votes,
// only what a limit stopped, for who votes in vain leaves no trace in it.
func (s *Server) refuse(c *fiber.Ctx, e *domain.Error, err error) {
	if e.Kind == domain.Internal { // told by report
		return
	}
	o := cmp.Or(operationOf(c), otherOperation)
	one := turnedAway{operation: o.name, code: string(e.Code)}
	if t, ok := errors.AsType[tooMany](err); ok {
		one.limit = t.By
	}
	voting := o.policy.Audience == Box || o.policy.Audience == Voters
	if !voting {
		one.role = roleOf(actorFrom(c.UserContext()))
	}
	s.config.Metrics.refusals.WithLabelValues(one.operation, one.role, one.code, one.limit).Inc()
	if !voting || e.Kind == domain.Busy {
		s.refusals.add(one)
	}
}

// roleOf is the role that may most.
func roleOf(a domain.Actor) string {
	for _, r := range []domain.Role{domain.Official, domain.Facilitator, domain.Expert, domain.Officer, domain.HelpDesk} {
		if a.Is(r) {
			return string(r)
		}
	}
	if a.Anonymous() {
		return "visitor"
	}
	return string(domain.Resident)
}

// LogRefusals writes a line for each sort of refusal since the last time.
func (s *Server) LogRefusals(context.Context) error {
	counts := s.refusals.take()
	sorted := slices.SortedFunc(maps.Keys(counts), func(a, b turnedAway) int {
		return cmp.Or(
			cmp.Compare(a.operation, b.operation), cmp.Compare(a.role, b.role),
			cmp.Compare(a.code, b.code), cmp.Compare(a.limit, b.limit),
		)
	})
	for _, one := range sorted {
		s.config.Log.LogAttrs(
			context.Background(), slog.LevelWarn, "refused",
			slog.String("operation", one.operation), slog.String("role", one.role), slog.String("code", one.code),
			slog.String("limit", one.limit), slog.Int("number", counts[one]),
		)
	}
	return nil
}
