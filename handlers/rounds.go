package handlers

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// ListPresets shows the settings a new round can start from.
func (s *Server) ListPresets(context.Context, api.ListPresetsRequestObject) (api.ListPresetsResponseObject, error) {
	out := api.ListPresets200JSONResponse{}
	for _, name := range s.config.City.Presets {
		settings, err := s.config.City.Settings(name)
		if err != nil {
			return nil, err
		}
		out = append(out, api.Preset{Name: string(name), Settings: toSettings(settings)})
	}
	return out, nil
}

// ListRounds shows the rounds that the actor may see.
func (s *Server) ListRounds(ctx context.Context, _ api.ListRoundsRequestObject) (api.ListRoundsResponseObject, error) {
	rounds, now, err := s.config.Rounds.List(ctx, actorFrom(ctx))
	if err != nil {
		return nil, err
	}
	return api.ListRounds200JSONResponse(list(rounds, func(r round.Round) api.Round { return toRound(r, now) })), nil
}

// CreateRound starts a round from a preset, from settings, or as a copy.
func (s *Server) CreateRound(
	ctx context.Context,
	req api.CreateRoundRequestObject,
) (api.CreateRoundResponseObject, error) {
	r, err := s.fromNewRound(*req.Body)
	if err != nil {
		return nil, err
	}
	var created round.Round
	var now time.Time
	if from := req.Body.Copy; from == nil {
		created, now, err = s.config.Rounds.Create(ctx, actorFrom(ctx), r)
	} else {
		var settings *round.Settings
		if req.Body.Settings != nil {
			settings = &r.Settings
		}
		created, now, err = s.config.Rounds.Copy(ctx, actorFrom(ctx), *from, r, settings)
	}
	if err != nil {
		return nil, err
	}
	return api.CreateRound201JSONResponse(toRound(created, now)), nil
}

// GetRound shows one round.
func (s *Server) GetRound(ctx context.Context, req api.GetRoundRequestObject) (api.GetRoundResponseObject, error) {
	if kept := s.rush(ctx, req.Round, "round"); kept != nil {
		return kept, nil
	}
	r, now, err := s.config.Rounds.Get(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	answer := toRound(r, now)
	if kept, err := s.keepForRush(ctx, req.Round, "round", answer); kept != nil || err != nil {
		return kept, err
	}
	return api.GetRound200JSONResponse(answer), nil
}

// RenameRound changes what a round is called, and whether it is a rehearsal.
func (s *Server) RenameRound(
	ctx context.Context,
	req api.RenameRoundRequestObject,
) (api.RenameRoundResponseObject, error) {
	b := req.Body
	to := round.Naming{Name: fromText(b.Name), Rehearsal: b.Rehearsal}
	r, now, err := s.config.Rounds.Rename(ctx, actorFrom(ctx), req.Round, to, b.Version, b.Reason)
	if err != nil {
		return nil, err
	}
	return api.RenameRound200JSONResponse(toRound(r, now)), nil
}

// DeleteRound deletes a draft.
func (s *Server) DeleteRound(
	ctx context.Context,
	req api.DeleteRoundRequestObject,
) (api.DeleteRoundResponseObject, error) {
	if err := s.config.Rounds.Delete(ctx, actorFrom(ctx), req.Round); err != nil {
		return nil, err
	}
	return api.DeleteRound204Response{}, nil
}

// ChangeSettings replaces a round's settings.
func (s *Server) ChangeSettings(
	ctx context.Context,
	req api.ChangeSettingsRequestObject,
) (api.ChangeSettingsResponseObject, error) {
	settings, err := fromSettings(req.Body.Settings)
	if err != nil {
		return nil, err
	}
	r, now, err := s.config.Rounds.ChangeSettings(ctx, actorFrom(ctx), req.Round, settings, req.Body.Version,
		req.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.ChangeSettings200JSONResponse(toRound(r, now)), nil
}

// MoveTimes moves a round's windows.
func (s *Server) MoveTimes(ctx context.Context, req api.MoveTimesRequestObject) (api.MoveTimesResponseObject, error) {
	b := req.Body
	r, now, err := s.config.Rounds.MoveTimes(
		ctx,
		actorFrom(ctx),
		req.Round,
		fromTimes(b.Times),
		b.Version,
		b.Reason,
	)
	if err != nil {
		return nil, err
	}
	return api.MoveTimes200JSONResponse(toRound(r, now)), nil
}

// CorrectDecision corrects the number of the decision that confirmed the result.
func (s *Server) CorrectDecision(
	ctx context.Context,
	req api.CorrectDecisionRequestObject,
) (api.CorrectDecisionResponseObject, error) {
	b := req.Body
	r, now, err := s.config.Records.Correct(ctx, actorFrom(ctx), req.Round, b.Decision, b.Seen, b.Reason)
	if err != nil {
		return nil, err
	}
	s.published.drop(req.Round)
	return api.CorrectDecision200JSONResponse(toRound(r, now)), nil
}

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
		Fixes: toFixes(next), NeedsSecond: next.Fixes.Round.NeedsSecond(next.Step), Asked: toAsked(next.Asked),
	}, nil
}

func same[T any](v T) T { return v }

func toFixes(next record.Next) api.StepFixes {
	f := next.Fixes
	out := api.StepFixes{
		Round: toRound(f.Round, next.Now),
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
	r, now, err := s.config.Records.Take(ctx, actorFrom(ctx), req.Round, q)
	if err != nil {
		return nil, err
	}
	return api.TakeStep200JSONResponse(toRound(r, now)), nil
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
	r, now, err := s.config.Records.Confirm(ctx, actorFrom(ctx), req.Round, req.Body.AskedAt)
	if err != nil {
		return nil, err
	}
	return api.ConfirmStep200JSONResponse(toRound(r, now)), nil
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

// ListAudit shows the audit log.
func (s *Server) ListAudit(ctx context.Context, req api.ListAuditRequestObject) (api.ListAuditResponseObject, error) {
	q := req.Params
	entries, err := s.config.Rounds.Audit(ctx, actorFrom(ctx), req.Round, round.AuditFilter{
		Before: given(q.Before), Actor: given(q.Actor), Action: given(q.Action), Proposal: given(q.Proposal),
		Part: given(q.Part),
	})
	if err != nil {
		return nil, err
	}
	return api.ListAudit200JSONResponse(list(entries, func(e round.Entry) api.AuditEntry {
		return api.AuditEntry{
			Seq: e.Seq, At: e.At, Actor: e.Actor, Name: unlessZero(e.Name), Action: e.Action, Reason: e.Reason,
			Details: e.Details,
			Facts: list(e.Facts(), func(f round.Told) api.AuditFact {
				return api.AuditFact{Field: f.Field, From: f.From, To: f.To}
			}),
			Previous: hex.EncodeToString(e.Previous[:]), Hash: hex.EncodeToString(e.Hash[:]),
		}
	})), nil
}

// GetAuditChoices answers with what the audit log can be narrowed to.
func (s *Server) GetAuditChoices(
	ctx context.Context,
	req api.GetAuditChoicesRequestObject,
) (api.GetAuditChoicesResponseObject, error) {
	c, err := s.config.Rounds.AuditChoices(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetAuditChoices200JSONResponse{
		Actors: list(c.Actors, func(a round.AuditActor) api.AuditActor {
			return api.AuditActor{Actor: a.Actor, Name: unlessZero(a.Name)}
		}),
		Actions: list(c.Actions, same), Parts: list(c.Parts, same),
	}, nil
}

// ExportAudit answers with the audit log as a sheet.
func (s *Server) ExportAudit(
	ctx context.Context,
	req api.ExportAuditRequestObject,
) (api.ExportAuditResponseObject, error) {
	q := req.Params
	wanted := round.AuditFilter{
		Actor: given(q.Actor), Action: given(q.Action), Proposal: given(q.Proposal), Part: given(q.Part),
	}
	file, err := s.config.Rounds.ExportAudit(ctx, actorFrom(ctx), req.Round, wanted, s.config.City.TimeZone,
		sheet.Format(q.Format), domain.Language(given(q.Language)))
	if err != nil {
		return nil, err
	}
	return api.ExportAudit200ApplicationoctetStreamResponse{
		Body: bytes.NewReader(file), ContentLength: int64(len(file)),
	}, nil
}

// CheckAudit recomputes the audit log's chain.
func (s *Server) CheckAudit(
	ctx context.Context,
	req api.CheckAuditRequestObject,
) (api.CheckAuditResponseObject, error) {
	c, err := s.config.Rounds.CheckAudit(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.CheckAudit200JSONResponse{
		Entries: c.Entries, Broken: unlessZero(c.Broken), Steps: c.Steps, Differs: c.Differs,
	}, nil
}

func toRound(r round.Round, now time.Time) api.Round {
	out := api.Round{
		Id: r.ID, Name: toText(r.Name), Phase: api.Phase(r.Phase), Now: now, Rehearsal: r.Rehearsal,
		Settings: toSettings(r.Settings),
		Times: api.Times{
			Proposing: toWindow(
				r.Times.Proposing,
			), Vetting: toWindow(r.Times.Vetting), Voting: toWindow(r.Times.Voting),
		},
		FreezeDecision: unlessZero(r.FreezeDecision), ConfirmDecision: unlessZero(r.ConfirmDecision),
		CopiesDestroyed: unlessZero(r.CopiesDestroyed), Source: unlessZero(api.RoundSource(r.Source)),
	}
	out.Versions.Name = round.Version(r.NameFacts())
	out.Versions.Times = round.Version(r.Times.Facts())
	out.Versions.Settings = round.Version(r.Settings.Facts())
	return out
}

func toWindow(w round.Window) api.Window { return api.Window{Opens: w.Opens, Closes: w.Closes} }

func fromWindow(w api.Window) round.Window { return round.Window{Opens: w.Opens, Closes: w.Closes} }

func toSettings(s round.Settings) api.RoundSettings {
	return api.RoundSettings{
		Areas: list(s.Areas, func(a round.Area) api.Area {
			area := api.Area{
				Id: a.ID, Name: toText(a.Name), Pot: int64(a.Pot), Population: a.Population, Citywide: a.Citywide,
				PostalCodes: list(a.PostalCodes, same),
			}
			if a.Rule != nil {
				rule := toRule(*a.Rule)
				area.Rule = &rule
			}
			return area
		}),
		Papers: list(s.Papers, func(p round.Paper) api.Paper {
			return api.Paper{
				Id: p.ID, Name: toText(p.Name), Areas: list(p.Areas, same),
				Form: toForm(p.Form),
			}
		}),
		Rule: toRule(s.Rule),
		Eligibility: api.Eligibility{
			Age: s.Eligibility.Age, Moment: api.EligibilityMoment(s.Eligibility.Moment),
			Municipalities: list(s.Eligibility.Municipalities, same),
		},
		ReserveMaintenance: s.ReserveMaintenance, FinalBallots: s.FinalBallots, OpeningsFrom: s.OpeningsFrom,
		Sealing: toSealing(s.Sealing), FourEyes: unlessZero(s.FourEyes),
		Themes: list(s.Themes, func(t round.Theme) api.Theme { return api.Theme{Id: t.ID, Name: toText(t.Name)} }),
	}
}

func toSealing(s round.Sealing) *api.Sealing {
	if !s.On() {
		return nil
	}
	return &api.Sealing{Trustees: s.Trustees, Needed: s.Needed}
}

func toRule(r round.Rule) api.Rule {
	return api.Rule{
		Rule: api.RuleRule(r.Rule), Utility: unlessZero(api.RuleUtility(r.Utility)),
		Completion: unlessZero(
			api.RuleCompletion(r.Completion),
		), Comparison: unlessZero(api.RuleComparison(r.Comparison)),
		Threshold: unlessZero(
			r.Threshold,
		), ThresholdPercent: unlessZero(r.ThresholdPercent), Exclusive: unlessEmpty(r.Exclusive),
		RespectConflicts: &r.RespectConflicts,
	}
}

func (s *Server) fromNewRound(b api.NewRound) (round.Round, error) {
	r := round.Round{ID: b.Id, Name: fromText(b.Name), Times: fromTimes(b.Times), Rehearsal: given(b.Rehearsal)}
	var err error
	switch {
	case b.Copy != nil && b.Preset != nil, b.Copy == nil && (b.Preset == nil) == (b.Settings == nil):
		return r, domain.Problems{{Path: "preset", Code: fieldRequired, Limit: "either preset, settings, or copy"}}.Err()
	case b.Copy != nil && b.Settings == nil: // the settings are the other round's
	case b.Preset != nil:
		if r.Settings, err = s.config.City.Settings(round.Preset(*b.Preset)); r.Rehearsal {
			r.Settings = r.Settings.ForRehearsal()
		}
	default:
		r.Settings, err = fromSettings(*b.Settings)
	}
	return r, err
}

func fromTimes(t api.Times) round.Times {
	return round.Times{Proposing: fromWindow(t.Proposing), Vetting: fromWindow(t.Vetting), Voting: fromWindow(t.Voting)}
}

// fromSettings also splits the total over the areas, if one is given.
func fromSettings(b api.RoundSettings) (round.Settings, error) {
	s := round.Settings{
		Areas: list(b.Areas, func(a api.Area) round.Area {
			area := round.Area{
				ID: a.Id, Name: fromText(a.Name), Pot: domain.Cents(a.Pot), Population: a.Population, Citywide: a.Citywide,
				PostalCodes: a.PostalCodes,
			}
			if a.Rule != nil {
				rule := fromRule(*a.Rule)
				area.Rule = &rule
			}
			return area
		}),
		Papers: list(b.Papers, func(p api.Paper) round.Paper {
			return round.Paper{
				ID: p.Id, Name: fromText(p.Name), Areas: p.Areas,
				Form: fromForm(p.Form),
			}
		}),
		Rule: fromRule(b.Rule),
		Eligibility: round.Eligibility{
			Age: b.Eligibility.Age, Moment: round.Moment(b.Eligibility.Moment), Municipalities: b.Eligibility.Municipalities,
		},
		ReserveMaintenance: b.ReserveMaintenance, FinalBallots: b.FinalBallots, OpeningsFrom: b.OpeningsFrom,
		FourEyes: given(b.FourEyes),
		Themes:   list(b.Themes, func(t api.Theme) round.Theme { return round.Theme{ID: t.Id, Name: fromText(t.Name)} }),
	}
	if b.Sealing != nil {
		s.Sealing = round.Sealing{Trustees: b.Sealing.Trustees, Needed: b.Sealing.Needed}
	}
	if b.Total == nil {
		return s, nil
	}
	return s, s.Allot(domain.Cents(*b.Total))
}

func fromRule(r api.Rule) round.Rule {
	return round.Rule{
		Rule: string(
			r.Rule,
		), Utility: string(given(r.Utility)), Completion: string(given(r.Completion)),
		Comparison: string(given(r.Comparison)),
		Threshold:  given(r.Threshold), ThresholdPercent: given(r.ThresholdPercent), Exclusive: given(r.Exclusive),
		RespectConflicts: r.RespectConflicts == nil || *r.RespectConflicts, // a rule obeys, unless it is told not to
	}
}

func toForm(f ballot.Form) api.Form {
	form := api.Form{Kind: api.FormKind(f.Kind), Min: f.Min, Max: f.Max, Blank: f.Blank}
	if f.Kind == ballot.Points {
		form.Points, form.PointsEach, form.PointsAll = &f.Points, &f.PointsEach, &f.PointsAll
	}
	return form
}

func fromForm(f api.Form) ballot.Form {
	form := ballot.Form{Kind: string(f.Kind), Min: f.Min, Max: f.Max, Blank: f.Blank}
	form.Points, form.PointsEach, form.PointsAll = given(f.Points), given(f.PointsEach), given(f.PointsAll)
	return form
}
