package merge

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Conflict says that of some proposals only one can be carried out, because
// they want the same place, say. It is public, stands on the ballot and in the
// manifest, and where the round's rule says so, the count funds at most one of
// them.
type Conflict struct {
	ID        int64
	Proposals []Link
	Reason    domain.Text // in Finnish and Swedish
	By        proposal.Person
	At        time.Time
	May       bool // the actor may lift it now
}

// Bounds of a conflict: how many proposals, and how many characters say why.
const (
	mostConflicting   = 20
	maxConflictReason = 300
)

// Conflicts keeps which proposals exclude each other.
type Conflicts interface {
	// AddConflict calls decide with the round, the database's clock and these
	// public proposals, and stores the conflict with its audit entry. The round
	// is held in share mode, so that it cannot be frozen meanwhile; all in one
	// transaction. NotFound if the round lacks one of them. Twice makes two.
	AddConflict(
		ctx context.Context,
		round string,
		ids []int64,
		decide func(round.At, []proposal.Proposal) (Conflict, round.Entry, error),
	) (Conflict, error)
	// LiftConflict takes it away, with an audit entry, if decide permits. The
	// round is held in share mode; all in one transaction. NotFound if the
	// round has no such conflict.
	LiftConflict(
		ctx context.Context,
		round string,
		id int64,
		decide func(round.Round, []proposal.Proposal) (round.Entry, error),
	) error
	// Conflicts are a proposal's, oldest first: one query without a lock.
	Conflicts(ctx context.Context, round string, proposal int64) ([]Conflict, error)
}

// notes is nil if the actor may note and lift a conflict of these proposals: a
// facilitator of one of them, experts and officials.
func notes(actor domain.Actor, r round.Round, proposals []proposal.Proposal) error {
	if err := actor.SignedIn(); err != nil {
		return err
	}
	if err := r.VisibleTo(actor); err != nil {
		return err
	}
	facilitates := func(p proposal.Proposal) bool { return actor.Facilitates(p.Text.Area) }
	switch {
	case !actor.Is(domain.Official) && !actor.Is(domain.Expert) && !slices.ContainsFunc(proposals, facilitates):
		return domain.Fail(
			domain.Forbidden,
			domain.CodeNotAllowed,
			"conflicts are noted by a facilitator of one of the areas, experts and officials",
		)
	case r.Phase.Reached(round.Frozen):
		return domain.Fail(domain.Closed, domain.CodePhase, "the ballot of %s was frozen by %s", r.ID, r.FreezeDecision)
	}
	return nil
}

// AddConflict notes that of these proposals only one can be carried out, until
// the freeze.
func (s *Service) AddConflict(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	ids []int64,
	reason domain.Text,
) (Conflict, error) {
	if !actor.Staff() {
		return Conflict{}, actor.Need(domain.Facilitator)
	}
	var problems domain.Problems
	reason = problems.PublicLine("reason", reason, maxConflictReason, domain.Finnish, domain.Swedish)
	switch unique := slices.Compact(slices.Sorted(slices.Values(ids))); {
	case len(ids) < 2:
		problems.Add("proposals", "too_few", "2")
	case len(ids) > mostConflicting:
		problems.Add("proposals", "too_many", strconv.Itoa(mostConflicting))
	case len(unique) < len(ids):
		problems.Add("proposals", "duplicate", "")
	default:
		ids = unique
	}
	if err := problems.Err(); err != nil {
		return Conflict{}, err
	}
	return s.c.Conflicts.AddConflict(
		ctx,
		roundID,
		ids,
		func(r round.At, proposals []proposal.Proposal) (Conflict, round.Entry, error) {
			if err := notes(actor, r.Round, proposals); err != nil {
				return Conflict{}, round.Entry{}, err
			}
			for i, p := range proposals {
				if slices.Contains(
					[]proposal.State{proposal.Withdrawn, proposal.Rejected, proposal.Merged, proposal.Split},
					p.State,
				) {
					problems.Add(fmt.Sprintf("proposals[%d]", i), "not_allowed", string(p.State))
				}
			}
			if len(problems) > 0 {
				return Conflict{}, round.Entry{}, &domain.Error{
					Kind:   domain.Conflict,
					Code:   proposal.CodeState,
					Detail: "not all of these can come to the ballot",
					Fields: problems,
				}
			}
			return Conflict{
				Reason: reason,
				By:     proposal.PersonOf(actor),
				At:     r.Now,
				May:    true,
			}, *round.NewEntry(r.Round, actor, "conflict", "", map[string]any{"proposals": ids}), nil
		},
	)
}

// LiftConflict takes a noted conflict away, until the freeze.
func (s *Service) LiftConflict(ctx context.Context, actor domain.Actor, roundID string, id int64) error {
	if !actor.Staff() {
		return actor.Need(domain.Facilitator)
	}
	return s.c.Conflicts.LiftConflict(
		ctx,
		roundID,
		id,
		func(r round.Round, proposals []proposal.Proposal) (round.Entry, error) {
			ids := make([]int64, len(proposals))
			for i, p := range proposals {
				ids[i] = p.ID
			}
			return *round.NewEntry(r, actor, "lift_conflict", "", map[string]any{"proposals": ids}), notes(
				actor,
				r,
				proposals,
			)
		},
	)
}
