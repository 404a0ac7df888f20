package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"osbu/domain"
	"osbu/domain/round"
)

// Request is a step as an official takes it, after she was shown what it fixes.
type Request struct {
	Step             round.Step
	Decision, Reason string
	Copies           string    // at the publication: the statement that they are destroyed
	Version          string    // of what she was shown, from Next
	Accepted         []Warning // that she ticked
	Missing          string    // at a freeze with texts missing: one of the MissingWords, as she typed it
	// Of sealed ballots that trustees open: at the freeze the public key, at the
	// count the private one.
	SealingKey, OpeningKey []byte
	Trial                  Trial // at the freeze: that SealingKey's trustees opened a test text
}

// Take moves the round one phase on. The same step again changes nothing and
// finishes what a crash may have left undone on the box's side; any other step
// is Closed. Freezing and confirming need the decision's number, closing before
// the closing time a reason. If anything that the step fixes is another than
// what was shown: Conflict CodeStepChanged, naming what; if a warning was not
// accepted: Conflict CodeStepWarned, naming it. Freezing a ballot that lacks
// texts in a language needs the word for it, or is Conflict CodeTextsMissing,
// which counts them. Where trustees open the ballots
// freezing needs their public key and the test text that they opened with the
// private one (TrySealing), and counting the private one. Publishing needs
// the statement that no copies of both databases from during the vote are left,
// but in a rehearsal. Where the settings want four eyes: Conflict
// CodeSecondNeeded (Ask).
func (s *Service) Take(
	ctx context.Context,
	actor domain.Actor,
	id string,
	q Request,
) (round.At, error) {
	if err := actor.Need(domain.Official); err != nil {
		return round.At{}, err
	}
	return s.run(ctx, actor, id, q, nil)
}

// check is nil if the step exists and comes with the decision's number where it
// needs one.
func (q Request) check() error {
	if q.Step.Into() == "" {
		return domain.Problems{{Path: "step", Code: "unknown"}}.Err()
	}
	if q.Step == round.Freeze || q.Step == round.Confirm {
		return numbered(q.Decision)
	}
	return nil
}

// copied is nil if the publication says that the copies are destroyed.
func (q Request) copied(r round.Round) error {
	if q.Step == round.Publish && !r.Rehearsal && strings.TrimSpace(q.Copies) == "" {
		return domain.Problems{{Path: "copies", Code: "required"}}.Err()
	}
	return nil
}

// run takes the step for the official, or for the second one, who confirms what
// was asked for.
func (s *Service) run(
	ctx context.Context,
	actor domain.Actor,
	id string,
	q Request,
	second *round.Asked,
) (round.At, error) {
	step := q.Step
	if err := q.check(); err != nil {
		return round.At{}, err
	}
	r, err := s.Office.Round(ctx, id)
	if err != nil {
		return round.At{}, err
	}
	if err := q.copied(r.Round); err != nil {
		return round.At{}, err
	}
	if err := inOrder(r.Round, step); err != nil {
		return round.At{}, err
	}
	t := taking{Service: s, round: id, actor: round.Signature(actor), Request: q, second: second}
	if r.Phase != step.Into() { // what was taken can be finished by anybody
		if err := t.seconded(r.Round); err != nil {
			return round.At{}, err
		}
	}
	if step != round.Freeze { // which looks under the round's lock
		if err := t.look(ctx, State{Round: r.Round, Now: r.Now}); err != nil {
			return round.At{}, err
		}
	}
	if r.Phase.Reached(round.Frozen) { // nothing goes on after an audit log was written anew
		if err := round.Vouch(ctx, s.Office, s.Gate, id); err != nil {
			return round.At{}, err
		}
	}
	r, err = t.take(ctx)
	if err != nil || !r.Phase.Reached(round.Frozen) {
		return r, err
	}
	// A crash here leaves the step without its leaf: the next step, or the
	// service's own round of Vouch, adds it.
	return r, round.Vouch(ctx, s.Office, s.Gate, id)
}

// take does what belongs to the step.
func (t taking) take(ctx context.Context) (round.At, error) {
	switch t.Step {
	case round.Freeze:
		return t.freeze(ctx)
	case round.Open:
		return t.open(ctx)
	case round.Close:
		return t.close(ctx)
	case round.Count:
		return t.count(ctx)
	case round.Confirm:
		confirm := t.change(
			map[string]any{"decision": t.Decision},
			func(r *round.Round) { r.ConfirmDecision = t.Decision },
		)
		return t.finish(ctx, func() (round.At, error) { return t.Office.UpdateRound(ctx, t.round, confirm) })
	case round.Publish:
		return t.publish(ctx)
	default:
		return t.finish(
			ctx,
			func() (round.At, error) { return t.Office.UpdateRound(ctx, t.round, t.change(nil, nil)) },
		)
	}
}

// taking is one step being taken.
type taking struct {
	*Service
	Request
	round, actor string
	second       *round.Asked // that is confirmed; nil: one official acts alone
}

// numbered is nil if this can be a decision's number, whatever the city's form:
// it has a digit.
func numbered(decision string) error {
	switch {
	case decision == "":
		return &domain.Error{
			Kind: domain.Invalid, Code: round.CodeDecision, Detail: "give the decision's number",
			Fields: []domain.Field{{Path: "decision", Code: "required"}},
		}
	case !strings.ContainsFunc(decision, unicode.IsDigit):
		return domain.Problems{{Path: "decision", Code: "bad_format", Limit: "a number"}}.Err()
	}
	return nil
}

// look is nil if the step is taken of what was shown, with every warning
// accepted, or was taken already.
func (t taking) look(ctx context.Context, st State) error {
	if st.Round.Phase == t.Step.Into() {
		return nil
	}
	var outcomes []Outcome
	if t.Step == round.Confirm || t.Step == round.Publish {
		var err error
		if outcomes, err = t.Office.Outcomes(ctx, t.round); err != nil {
			return err
		}
	}
	if err := round.Since(t.Version, st.facts(t.Step, outcomes), round.CodeStepChanged); err != nil {
		return err
	}
	if err := t.accepts(st.warnings(t.Step)); err != nil {
		return err
	}
	return t.worded(st.missing(t.Step))
}

func (t taking) accepts(warnings []Finding[Warning]) error {
	e := &domain.Error{
		Kind: domain.Conflict, Code: round.CodeStepWarned,
		Detail: "accept each warning, or mend what it is about",
	}
	for _, w := range warnings {
		if !slices.Contains(t.Accepted, w.Code) {
			e.Fields = append(e.Fields, domain.Field{Path: "accepted", Code: "required", Limit: string(w.Code)})
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	return e
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
	transaction func() (round.At, error),
) (round.At, error) {
	r, err := transaction()
	if taken(err) {
		return t.Office.Round(ctx, t.round)
	}
	return r, err
}

func blocked(b ...Finding[Blocker]) error {
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
		if details == nil {
			details = map[string]any{}
		}
		return t.entry(details)
	}
}

// move sets the phase, or is errTaken if it stands there already.
func (t taking) move(r *round.Round) error {
	if r.Phase == t.Step.Into() {
		return errTaken
	}
	if err := inOrder(*r, t.Step); err != nil {
		return err
	}
	if err := t.seconded(*r); err != nil {
		return err
	}
	r.Phase, r.Asked = t.Step.Into(), nil
	return nil
}

func (t taking) entry(details any) (round.Entry, error) {
	text, err := json.Marshal(details)
	if err != nil {
		return round.Entry{}, fmt.Errorf("audit details: %w", err)
	}
	return round.Entry{
		Round:   t.round,
		Actor:   t.actor,
		Action:  string(t.Step),
		Reason:  t.Reason,
		Details: string(text),
	}, nil
}
