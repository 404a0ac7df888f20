package record

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Correction is what a step "correction" says in public: a number that was
// typed wrong, and the right one. Nothing is taken back: the step that it
// corrects stays in the audit log and in the public log as it was.
type Correction struct {
	Corrects round.Step `json:"corrects"` // always the confirmation
	Decision string     `json:"decision"` // that holds from now on
	From     string     `json:"from"`     // that held before
	Reason   string     `json:"reason"`   // public, unlike other steps'
	At       time.Time  `json:"-"`
}

// errDecisionChanged is said to whoever acts on a number that was corrected
// meanwhile.
func errDecisionChanged(code domain.Code) error {
	return &domain.Error{
		Kind: domain.Conflict, Code: code, Detail: "the decision's number is another by now",
		Fields: []domain.Field{{Path: "decision", Code: "changed"}},
	}
}

// correctionOf reads it from its entry of the audit log.
func correctionOf(e round.Entry) (Correction, error) {
	c := Correction{At: e.At}
	if err := json.Unmarshal([]byte(e.Details), &c); err != nil {
		return c, fmt.Errorf("what the step says is no JSON object")
	}
	return c, nil
}

// Correct corrects the number of the decision that confirmed the result
// (officials). seen is the number that she saw: Conflict CodeEdited
// if it is another by now, but of the same correction again, which changes
// nothing. Closed before the confirmation. What is published by then stays as
// it is, for its digest is in the audit log: the public log and the results
// tell of the correction.
func (s *Service) Correct(
	ctx context.Context,
	actor domain.Actor,
	id, decision, seen, reason string,
) (round.At, error) {
	if err := actor.Need(domain.Official); err != nil {
		return round.At{}, err
	}
	decision, reason = strings.TrimSpace(decision), strings.TrimSpace(reason)
	if err := numbered(decision); err != nil {
		return round.At{}, err
	}
	var p domain.Problems
	if reason == "" {
		p.Add("reason", "required", "")
	}
	if decision == seen {
		p.Add("decision", "duplicate", "")
	}
	if err := p.Err(); err != nil {
		return round.At{}, err
	}
	if err := round.Vouch(ctx, s.Office, s.Gate, id); err != nil {
		return round.At{}, err
	}
	q := Request{Step: round.Correct, Reason: reason}
	t := taking{Service: s, round: id, actor: round.Signature(actor), Request: q}
	r, err := t.finish(ctx, func() (round.At, error) {
		return s.Office.CorrectRound(ctx, id, func(r *round.Round, _ time.Time) (round.Entry, error) {
			switch {
			case !r.Phase.Reached(round.Confirmed):
				return round.Entry{}, domain.Fail(domain.Closed, domain.CodePhase, "no decision confirms round %s yet", id)
			case r.ConfirmDecision == decision:
				return round.Entry{}, errTaken
			case r.ConfirmDecision != seen:
				return round.Entry{}, errDecisionChanged(domain.CodeEdited)
			}
			c := Correction{Corrects: round.Confirm, Decision: decision, From: seen, Reason: reason}
			r.ConfirmDecision = decision
			return t.entry(c)
		})
	})
	if err != nil {
		return r, err
	}
	// A crash here leaves the step without its leaf, as of any other step.
	return r, round.Vouch(ctx, s.Office, s.Gate, id)
}

// corrections are those of a round, the first first.
func (s *Service) corrections(ctx context.Context, r round.Round) ([]Correction, error) {
	if !r.Phase.Reached(round.Confirmed) {
		return nil, nil
	}
	entries, err := s.Office.Corrections(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	corrections := make([]Correction, len(entries))
	for i, e := range entries {
		if corrections[i], err = correctionOf(e); err != nil {
			return nil, fmt.Errorf("the correction %d of round %s: %w", e.Seq, r.ID, err)
		}
	}
	return corrections, nil
}
