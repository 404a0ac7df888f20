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

// Where the round's settings want four eyes, one official asks for a step with
// everything that it needs (Ask), and another one takes it just so (Confirm) or
// refuses it (Refuse). Until then nothing of it has happened.

// Ask asks another official to confirm the next step. What Take would refuse is
// refused here, too, but for what only taking the step shows. Conflict
// CodeEdited if the step has been asked for already.
func (s *Service) Ask(ctx context.Context, actor domain.Actor, id string, q Request) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	if err := q.check(); err != nil {
		return err
	}
	st, err := s.Office.State(ctx, id)
	if err != nil {
		return err
	}
	if err := q.copied(st.Round); err != nil {
		return err
	}
	if err := mayAsk(st.Round, q.Step); err != nil {
		return err
	}
	t := taking{Service: s, round: id, actor: round.Signature(actor), Request: q}
	if err := t.look(ctx, st); err != nil {
		return err
	}
	if q.Step == round.Close {
		if st.Batches, err = s.Box.PaperBatches(ctx, id); err != nil {
			return err
		}
	}
	if b := st.inTheWay(q.Step, q.Reason); len(b) > 0 {
		return blocked(b...)
	}
	text, err := json.Marshal(q)
	if err != nil {
		return fmt.Errorf("the step asked for: %w", err)
	}
	_, err = s.Office.UpdateRound(ctx, id, func(r *round.Round, now time.Time) (round.Entry, error) {
		if err := mayAsk(*r, q.Step); err != nil {
			return round.Entry{}, err
		}
		r.Asked = &round.Asked{Step: q.Step, By: actor.ID, Name: actor.Name, At: now, Request: text}
		details := map[string]string{"step": string(q.Step)}
		if q.Decision != "" {
			details["decision"] = q.Decision
		}
		return *round.NewEntry(*r, actor, "ask_second", q.Reason, details), nil
	})
	return err
}

// mayAsk is nil if the step is the round's next one, needs a second official
// and has not been asked for.
func mayAsk(r round.Round, step round.Step) error {
	if r.Phase.Next() != step {
		return domain.Fail(domain.Closed, domain.CodePhase, "round %s is %s; its next step is %q", r.ID, r.Phase,
			r.Phase.Next())
	}
	if !r.NeedsSecond(step) {
		return domain.Problems{{Path: "step", Code: "not_allowed"}}.Err()
	}
	if r.Asked != nil {
		return domain.Fail(domain.Conflict, domain.CodeEdited, "%s has been asked for already", r.Asked.Step)
	}
	return nil
}

// Confirm takes the step that was asked for at this moment, as it was asked
// for. Forbidden CodeOwnRequest to whoever asked for it, Conflict CodeEdited if
// the request is there no more; and everything that Take refuses.
func (s *Service) Confirm(
	ctx context.Context,
	actor domain.Actor,
	id string,
	at time.Time,
) (round.At, error) {
	if err := actor.Need(domain.Official); err != nil {
		return round.At{}, err
	}
	r, err := s.Office.Round(ctx, id)
	if err != nil {
		return round.At{}, err
	}
	if err := asked(round.At{Round: r.Round, Now: at}); err != nil {
		return round.At{}, err
	}
	if r.Asked.By == actor.ID {
		return round.At{}, domain.Fail(domain.Forbidden, round.CodeOwnRequest,
			"another official confirms what %d asked for", actor.ID)
	}
	var q Request
	if err := json.Unmarshal(r.Asked.Request, &q); err != nil {
		return round.At{}, fmt.Errorf("the step asked for: %w", err)
	}
	return s.run(ctx, actor, id, q, r.Asked)
}

// Refuse takes the request away that was made at this moment, with a reason.
// Whoever made it takes it back so.
func (s *Service) Refuse(ctx context.Context, actor domain.Actor, id string, at time.Time, reason string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return domain.Problems{{Path: "reason", Code: "required"}}.Err()
	}
	_, err := s.Office.UpdateRound(ctx, id, func(r *round.Round, _ time.Time) (round.Entry, error) {
		if err := asked(round.At{Round: *r, Now: at}); err != nil {
			return round.Entry{}, err
		}
		if r.Asked.Begun {
			return round.Entry{}, domain.Fail(domain.Conflict, domain.CodeEdited, "%s has been confirmed", r.Asked.Step)
		}
		step := r.Asked.Step
		r.Asked = nil
		return *round.NewEntry(*r, actor, "refuse_second", reason, map[string]string{"step": string(step)}), nil
	})
	return err
}

// asked is nil if the round's request is the one that was made at this moment.
func asked(r round.At) error {
	if r.Asked == nil || !r.Asked.At.Equal(r.Now) {
		return domain.Fail(domain.Conflict, domain.CodeEdited, "what was asked for at %s is there no more", r.Now)
	}
	return nil
}

// seconded is nil if the step needs no second official, or if the request that
// she confirms still stands.
func (t taking) seconded(r round.Round) error {
	switch {
	case !r.NeedsSecond(t.Step):
		return nil
	case t.second == nil:
		return domain.Fail(domain.Conflict, round.CodeSecondNeeded, "ask a second official to confirm this step")
	}
	return asked(round.At{Round: r, Now: t.second.At})
}

// begin notes under the round's lock that the request is confirmed, before
// something is done that cannot be undone: from then on nobody takes it back,
// and whoever confirms it again finishes it.
func (t taking) begin(ctx context.Context) error {
	if t.second == nil || t.second.Begun {
		return nil
	}
	_, err := t.Office.UpdateRound(ctx, t.round, func(r *round.Round, _ time.Time) (round.Entry, error) {
		if err := inOrder(*r, t.Step); err != nil {
			return round.Entry{}, err
		}
		if err := t.seconded(*r); err != nil {
			return round.Entry{}, err
		}
		begun := *r.Asked
		begun.Begun = true
		r.Asked = &begun
		return round.Entry{
			Round: t.round, Actor: t.actor, Action: "confirm_second", Details: `{"step":"` + string(t.Step) + `"}`,
		}, nil
	})
	return err
}
