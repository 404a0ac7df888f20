package handlers

import (
	"context"
	"encoding/base64"

	"osbu/domain"
	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// GetNextStep shows the next step and what stands in its way.
func (s *Server) GetNextStep(
	ctx context.Context,
	req api.GetNextStepRequestObject,
) (api.GetNextStepResponseObject, error) {
	next, err := s.config.Records.Next(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetNextStep200JSONResponse{
		Step:    unlessZero(api.Step(next.Step)),
		Version: next.Version,
		Blockers: list(next.Blockers, func(f record.Finding[record.Blocker]) api.BlockerFound {
			return api.BlockerFound{
				Code: api.Blocker(f.Code), Areas: list(f.Areas, same), Papers: list(f.Papers, same),
				Projects: list(f.Projects, same),
			}
		}),
		Warnings: list(next.Warnings, func(f record.Finding[record.Warning]) api.WarningFound {
			return api.WarningFound{
				Code: api.Warning(f.Code), Areas: list(f.Areas, same), Papers: list(f.Papers, same),
				Projects: list(f.Projects, same),
			}
		}),
		Missing: list(next.Missing, func(m record.TextsMissing) api.TextsMissing {
			return api.TextsMissing{Language: api.Language(m.Language), Titles: m.Titles, Texts: m.Texts}
		}),
		Fixes: toFixes(next), NeedsSecond: next.Fixes.Round.NeedsSecond(next.Step), Asked: toAsked(next.Asked),
	}, nil
}

func same[T any](v T) T { return v }

func toFixes(next record.Next) api.StepFixes {
	f := next.Fixes
	out := api.StepFixes{
		Round: toRound(round.At{Round: f.Round, Now: next.Now}),
		Areas: []api.StepFixesArea{},
		Conflicts: list(f.Conflicts, func(c record.ConflictFixed) api.StepFixesConflict {
			return api.StepFixesConflict{Projects: c.Projects, Reason: toText(c.Reason), Obeyed: c.Obeyed}
		}),
		Rights: list(f.Round.Settings.Papers, func(p round.Paper) api.StepFixesRights {
			return api.StepFixesRights{Paper: p.ID, Rights: f.Rights[p.ID]}
		}),
		Codes:      f.Codes,
		PromisedBy: unlessZero(f.PromisedBy),
	}
	for _, a := range f.Areas {
		area := api.StepFixesArea{Area: a.Area, Projects: a.Projects, Cost: int64(a.Cost)}
		if a.Counted {
			spent := int64(a.Spent)
			area.Ballots, area.Funded, area.Spent = &a.Ballots, unlessEmpty(a.Funded), &spent
		}
		out.Areas = append(out.Areas, area)
	}
	return out
}

// TakeStep moves a round one phase on.
func (s *Server) TakeStep(ctx context.Context, req api.TakeStepRequestObject) (api.TakeStepResponseObject, error) {
	q, err := fromStep(*req.Body)
	if err != nil {
		return nil, err
	}
	r, err := s.config.Records.Take(ctx, actorFrom(ctx), req.Round, q)
	if err != nil {
		return nil, err
	}
	return api.TakeStep200JSONResponse(toRound(r)), nil
}

// AskStep asks a second official to confirm the next step.
func (s *Server) AskStep(ctx context.Context, req api.AskStepRequestObject) (api.AskStepResponseObject, error) {
	q, err := fromStep(*req.Body)
	if err != nil {
		return nil, err
	}
	if err := s.config.Records.Ask(ctx, actorFrom(ctx), req.Round, q); err != nil {
		return nil, err
	}
	return api.AskStep204Response{}, nil
}

// ConfirmStep takes the step that another official asked for.
func (s *Server) ConfirmStep(
	ctx context.Context,
	req api.ConfirmStepRequestObject,
) (api.ConfirmStepResponseObject, error) {
	r, err := s.config.Records.Confirm(ctx, actorFrom(ctx), req.Round, req.Body.AskedAt)
	if err != nil {
		return nil, err
	}
	return api.ConfirmStep200JSONResponse(toRound(r)), nil
}

// RefuseStep takes the request for a step away.
func (s *Server) RefuseStep(
	ctx context.Context,
	req api.RefuseStepRequestObject,
) (api.RefuseStepResponseObject, error) {
	err := s.config.Records.Refuse(ctx, actorFrom(ctx), req.Round, req.Body.AskedAt, req.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.RefuseStep204Response{}, nil
}

func fromStep(b api.StepRequest) (record.Request, error) {
	keys, err := fromStepKeys(b)
	if err != nil {
		return record.Request{}, err
	}
	return record.Request{
		Step: round.Step(b.Step), Decision: given(b.Decision), Reason: given(b.Reason), Version: b.Version,
		Copies:     given(b.Copies),
		Missing:    given(b.Missing),
		Accepted:   list(given(b.Accepted), func(w api.Warning) record.Warning { return record.Warning(w) }),
		SealingKey: keys.sealing, OpeningKey: keys.opening, Trial: keys.trial,
	}, nil
}

func toAsked(a *record.Asked) *api.AskedStep {
	if a == nil {
		return nil
	}
	return &api.AskedStep{
		Step: api.Step(a.Step), Name: a.Name, Own: a.Own, AskedAt: a.At,
		Accepted: list(a.Accepted, func(w record.Warning) api.Warning { return api.Warning(w) }),
		Decision: unlessZero(a.Decision), Reason: unlessZero(a.Reason), Copies: unlessZero(a.Copies),
	}
}

// stepKeys are what a step brings for sealed ballots.
type stepKeys struct {
	sealing, opening []byte
	trial            record.Trial
}

// fromStepKeys reads the keys of a step, empty where they are absent.
func fromStepKeys(b api.StepRequest) (keys stepKeys, err error) {
	trial := given(b.SealingTrial)
	var faults domain.Problems
	for _, f := range []struct {
		name string
		text string
		into *[]byte
	}{
		{"sealing_key", given(b.SealingKey), &keys.sealing},
		{"opening_key", given(b.OpeningKey), &keys.opening},
		{"sealing_trial.trial", trial.Trial, &keys.trial.Kept},
		{"sealing_trial.opened", trial.Opened, &keys.trial.Opened},
	} {
		if *f.into, err = base64.StdEncoding.Strict().DecodeString(f.text); err != nil {
			faults.Add(f.name, fieldBadFormat, "base64")
		}
	}
	return keys, faults.Err()
}

// TrySealing gives a test text that the trustees open before the freeze.
func (s *Server) TrySealing(
	ctx context.Context,
	req api.TrySealingRequestObject,
) (api.TrySealingResponseObject, error) {
	key, err := base64.StdEncoding.Strict().DecodeString(req.Body.SealingKey)
	if err != nil {
		return nil, domain.Problems{{Path: "sealing_key", Code: fieldBadFormat, Limit: "base64"}}.Err()
	}
	sealed, kept, err := s.config.Records.TrySealing(ctx, actorFrom(ctx), req.Round, key)
	if err != nil {
		return nil, err
	}
	return api.TrySealing200JSONResponse{
		Sealed: base64.StdEncoding.EncodeToString(sealed), Trial: base64.StdEncoding.EncodeToString(kept),
	}, nil
}
