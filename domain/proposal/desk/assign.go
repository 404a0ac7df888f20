package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Assignments keeps who handles which proposal.
type Assignments interface {
	// Assign calls decide with the round and these proposals; then all of them
	// are the colleague's, each with a note. The proposals are locked in the
	// order of their IDs and their round held against a freeze; all in one
	// transaction, or nothing. NotFound if the round lacks one of them.
	Assign(
		ctx context.Context,
		round string,
		ids []int64,
		note Note,
		decide func(round.Round, []proposal.Proposal) error,
	) error
	// Refer calls decide with the round, the database's clock and these
	// proposals, and stores what it made of them, each with a note, and with a
	// version and an e-mail where its version moved; the change's audit entry is
	// one for all. Locks, transaction and errors are those of Assign.
	Refer(
		ctx context.Context,
		round string,
		ids []int64,
		note Note,
		decide func(round.At, []proposal.Proposal) (proposal.Change, error),
	) error
}

// Assign hands undecided proposals of the actor's districts to a facilitator of
// theirs, or to nobody for account 0; all of them or none. It is no step of the
// proposal's life: the author may go on editing, and is not told.
func (s *Service) Assign(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	ids []int64,
	to int64,
	text string,
) error {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return actor.Need(domain.Facilitator)
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return err
	}
	var problems domain.Problems
	note := Note{By: proposal.PersonOf(actor), Text: problems.Body("note", text, maxNote), Assigned: true}
	ids = distinct(&problems, ids)
	var areas []string
	if to != 0 {
		colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(colleagues, func(c proposal.Colleague) bool { return c.ID == to })
		if i < 0 {
			problems.Add("to", "unknown", "")
		} else {
			note.To, areas = colleagues[i].Person, colleagues[i].Areas
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.c.Assignments.Assign(ctx, roundID, ids, note, func(r round.Round, proposals []proposal.Proposal) error {
		if !r.TakesVetting() {
			return domain.Fail(
				domain.Closed,
				domain.CodePhase,
				"proposals of %s are not vetted in phase %s",
				r.ID,
				r.Phase,
			)
		}
		for i, p := range proposals {
			path := fmt.Sprintf("proposals[%d]", i)
			if err := proposal.WorksOn(actor, p.Text.Area); err != nil || p.Mine(actor) {
				return cmp.Or[error](
					err,
					domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "nobody hands over her own proposal"),
				)
			}
			switch {
			case !slices.Contains(proposal.Undecided, p.State):
				problems.Add(path, "not_allowed", string(p.State))
			case to == 0:
			case !slices.Contains(areas, p.Text.Area), p.WrittenBy(to), p.State == proposal.Appealed && p.RejectedBy == to:
				problems.Add("to", "not_allowed", p.Text.Area)
			}
		}
		if len(problems) > 0 {
			return &domain.Error{
				Kind:   domain.Conflict,
				Code:   proposal.CodeState,
				Detail: "not all of these can be handed over so",
				Fields: problems,
			}
		}
		return nil
	})
}
