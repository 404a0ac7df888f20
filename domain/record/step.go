package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Blocker is what must be true before a step can be taken; an enum of the
// contract.
type Blocker string

// The blockers.
const (
	NoProjects          Blocker = "no_projects"           // nothing on the ballot
	AreaWithoutProjects Blocker = "area_without_projects" // an area with fewer projects than its paper needs picks
	NoRoll              Blocker = "no_roll"               // nobody may vote
	Undecided           Blocker = "proposals_undecided"   // submitted proposals wait for a decision
	TooEarly            Blocker = "not_closing_time"      // the vote is still open: give a reason to close it now
	Stuffed             Blocker = "more_ballots_than_rights"
)

// Next is the next step and what stands in its way.
func (s *Service) Next(ctx context.Context, actor domain.Actor, id string) (round.Step, []Blocker, error) {
	if err := actor.Need(domain.Official); err != nil {
		return "", nil, err
	}
	state, err := s.Office.State(ctx, id)
	if err != nil {
		return "", nil, err
	}
	next := state.Round.Phase.Next()
	return next, state.blockers(next), nil
}

func (st State) blockers(step round.Step) []Blocker {
	var blockers []Blocker
	switch step {
	case round.Freeze:
		if st.Undecided > 0 {
			blockers = append(blockers, Undecided)
		}
		switch {
		case len(st.Projects) == 0:
			blockers = append(blockers, NoProjects)
		case slices.ContainsFunc(st.Round.Settings.Papers, st.cannotBeFilledIn):
			blockers = append(blockers, AreaWithoutProjects)
		}
		for _, p := range st.Round.Settings.Papers {
			if st.Rights[p.ID] == 0 {
				blockers = append(blockers, NoRoll)
				break
			}
		}
	case round.Close:
		if st.Now.Before(st.Round.Times.Voting.Closes) {
			blockers = append(blockers, TooEarly)
		}
	}
	return blockers
}

// cannotBeFilledIn tells whether an area of the paper has fewer projects than a
// ballot needs.
func (st State) cannotBeFilledIn(p round.Paper) bool {
	projects := map[string]int{}
	for _, one := range st.Projects {
		projects[one.Area]++
	}
	return slices.ContainsFunc(p.Areas, func(a string) bool { return projects[a] < max(p.Form.Min, 1) })
}

// Take moves the round one phase on. The same step again changes nothing and
// finishes what a crash may have left undone on the box's side; any other step
// is Closed. Freezing and confirming need the decision's number, closing before
// the closing time a reason.
func (s *Service) Take(
	ctx context.Context,
	actor domain.Actor,
	id string,
	step round.Step,
	decision, reason string,
) (round.Round, time.Time, error) {
	if err := actor.Need(domain.Official); err != nil {
		return round.Round{}, time.Time{}, err
	}
	if step.Into() == "" {
		return round.Round{}, time.Time{}, domain.Problems{{Path: "step", Code: "unknown"}}.Err()
	}
	if (step == round.Freeze || step == round.Confirm) && decision == "" {
		return round.Round{}, time.Time{}, &domain.Error{
			Kind: domain.Invalid, Code: round.CodeDecision, Detail: "give the decision's number",
			Fields: []domain.Field{{Path: "decision", Code: "required"}},
		}
	}
	r, _, err := s.Office.Round(ctx, id)
	if err != nil {
		return round.Round{}, time.Time{}, err
	}
	if err := inOrder(r, step); err != nil {
		return round.Round{}, time.Time{}, err
	}
	t := taking{Service: s, round: id, step: step, decision: decision, reason: reason, actor: round.Signature(actor)}
	switch step {
	case round.Freeze:
		return t.freeze(ctx)
	case round.Open:
		return t.open(ctx)
	case round.Close:
		return t.close(ctx)
	case round.Count:
		return t.count(ctx)
	case round.Confirm:
		confirm := t.change(map[string]any{"decision": decision}, func(r *round.Round) { r.ConfirmDecision = decision })
		return t.finish(ctx, func() (round.Round, time.Time, error) { return s.Office.UpdateRound(ctx, id, confirm) })
	case round.Publish:
		return t.publish(ctx)
	default:
		return t.finish(
			ctx,
			func() (round.Round, time.Time, error) { return s.Office.UpdateRound(ctx, id, t.change(nil, nil)) },
		)
	}
}

// taking is one step being taken.
type taking struct {
	*Service
	round                   string
	step                    round.Step
	decision, reason, actor string
}

// inOrder is nil if the step leads out of the round's phase, or into the phase
// where the round already is.
func inOrder(r round.Round, step round.Step) error {
	if r.Phase.Next() != step && r.Phase != step.Into() {
		return domain.Fail(
			domain.Closed,
			domain.CodePhase,
			"round %s is %s; its next step is %q",
			r.ID,
			r.Phase,
			r.Phase.Next(),
		)
	}
	return nil
}

// errTaken ends a transaction that finds the step taken already; finish turns
// it into the round as it is.
var errTaken = domain.Fail(domain.Conflict, domain.CodePhase, "the step was taken already")

func taken(err error) bool { return errors.Is(err, errTaken) }

// finish runs the step's transaction; if the step was taken already, perhaps by
// a colleague at this moment, the round is answered as it is.
func (t taking) finish(
	ctx context.Context,
	transaction func() (round.Round, time.Time, error),
) (round.Round, time.Time, error) {
	r, now, err := transaction()
	if taken(err) {
		return t.Office.Round(ctx, t.round)
	}
	return r, now, err
}

func blocked(b []Blocker) error {
	return domain.Fail(domain.Conflict, round.CodeBlocked, "before this step: %v", b)
}

// change is the step under the round's lock.
func (t taking) change(details map[string]any, also func(*round.Round)) Change {
	return func(r *round.Round, _ time.Time) (round.Entry, error) {
		if err := t.move(r); err != nil {
			return round.Entry{}, err
		}
		if also != nil {
			also(r)
		}
		return t.entry(details)
	}
}

// move sets the phase, or is errTaken if it stands there already.
func (t taking) move(r *round.Round) error {
	if r.Phase == t.step.Into() {
		return errTaken
	}
	if err := inOrder(*r, t.step); err != nil {
		return err
	}
	r.Phase = t.step.Into()
	return nil
}

func (t taking) entry(details map[string]any) (round.Entry, error) {
	if details == nil {
		details = map[string]any{}
	}
	text, err := json.Marshal(details)
	if err != nil {
		return round.Entry{}, fmt.Errorf("audit details: %w", err)
	}
	return round.Entry{
		Round:   t.round,
		Actor:   t.actor,
		Action:  string(t.step),
		Reason:  t.reason,
		Details: string(text),
	}, nil
}
