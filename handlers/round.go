package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
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
	return api.ListRounds200JSONResponse(list(rounds, func(r round.Round) api.Round {
		return toRound(round.At{Round: r, Now: now})
	})), nil
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
	var created round.At
	if from := req.Body.Copy; from == nil {
		created, err = s.config.Rounds.Create(ctx, actorFrom(ctx), r)
	} else {
		var settings *round.Settings
		if req.Body.Settings != nil {
			settings = &r.Settings
		}
		created, err = s.config.Rounds.Copy(ctx, actorFrom(ctx), *from, r, settings)
	}
	if err != nil {
		return nil, err
	}
	return api.CreateRound201JSONResponse(toRound(created)), nil
}

// GetRound shows one round.
func (s *Server) GetRound(ctx context.Context, req api.GetRoundRequestObject) (api.GetRoundResponseObject, error) {
	if kept := s.rush(ctx, req.Round, "round"); kept != nil {
		return kept, nil
	}
	r, err := s.config.Rounds.Get(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	answer := toRound(r)
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
	r, err := s.config.Rounds.Rename(ctx, actorFrom(ctx), req.Round, to, b.Version, b.Reason)
	if err != nil {
		return nil, err
	}
	return api.RenameRound200JSONResponse(toRound(r)), nil
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
	r, err := s.config.Rounds.ChangeSettings(ctx, actorFrom(ctx), req.Round, settings, req.Body.Version,
		req.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.ChangeSettings200JSONResponse(toRound(r)), nil
}

// MoveTimes moves a round's windows.
func (s *Server) MoveTimes(ctx context.Context, req api.MoveTimesRequestObject) (api.MoveTimesResponseObject, error) {
	b := req.Body
	r, err := s.config.Rounds.MoveTimes(
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
	return api.MoveTimes200JSONResponse(toRound(r)), nil
}

// CorrectDecision corrects the number of the decision that confirmed the
// result.
func (s *Server) CorrectDecision(
	ctx context.Context,
	req api.CorrectDecisionRequestObject,
) (api.CorrectDecisionResponseObject, error) {
	b := req.Body
	r, err := s.config.Records.Correct(ctx, actorFrom(ctx), req.Round, b.Decision, b.Seen, b.Reason)
	if err != nil {
		return nil, err
	}
	s.published.drop(req.Round)
	return api.CorrectDecision200JSONResponse(toRound(r)), nil
}

func toRound(r round.At) api.Round {
	out := api.Round{
		Id: r.ID, Name: toText(r.Name), Phase: api.Phase(r.Phase), Now: r.Now, Rehearsal: r.Rehearsal,
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
		Languages: new(list(s.Promised(), func(l domain.Language) api.Language { return api.Language(l) })),
		Themes:    list(s.Themes, func(t round.Theme) api.Theme { return api.Theme{Id: t.ID, Name: toText(t.Name)} }),
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
		FourEyes:  given(b.FourEyes),
		Languages: promisedIn(b.Languages),
		Themes:    list(b.Themes, func(t api.Theme) round.Theme { return round.Theme{ID: t.Id, Name: fromText(t.Name)} }),
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

// promisedIn is nil for all languages.
func promisedIn(languages *[]api.Language) []domain.Language {
	if languages == nil {
		return nil
	}
	return round.Promise(list(*languages, func(l api.Language) domain.Language { return domain.Language(l) }))
}
