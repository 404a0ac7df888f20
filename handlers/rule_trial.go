package handlers

import (
	"context"

	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// TryRule shows what a counting rule makes of an election.
func (s *Server) TryRule(ctx context.Context, req api.TryRuleRequestObject) (api.TryRuleResponseObject, error) {
	t, err := s.config.Records.TryRule(ctx, actorFrom(ctx), fromRule(req.Body.Rule), string(req.Body.Form))
	if err != nil {
		return nil, err
	}
	e := &explainer{}
	d := t.Difference
	answer := api.TryRule200JSONResponse{
		Ballots: t.Ballots, Budget: int64(t.Budget), Measures: e.measures(d.SumA),
		Other: api.OtherOutcome{
			Rule: api.OtherOutcomeRule(t.Other.Method), Measures: e.measures(d.SumB),
			OnlyChosen: list(d.OnlyA, e.number), OnlyOther: list(d.OnlyB, e.number),
			PreferChosen: d.PreferA, PreferOther: d.PreferB,
		},
		Projects: list(t.Projects, e.tried),
	}
	if t.Round != nil {
		answer.Round, answer.Name = &t.Round.ID, new(toText(t.Round.Name))
		answer.Area = areaName(*t.Round, t.Area)
	}
	return answer, e.err
}

func areaName(r round.Round, id string) *api.Text {
	for _, a := range r.Settings.Areas {
		if a.ID == id {
			return new(toText(a.Name))
		}
	}
	return nil
}

func (e *explainer) tried(p record.TriedProject) api.TriedProject {
	tried := api.TriedProject{
		Project: p.Number, Title: unlessZero(p.Title), Part: unlessZero(p.Part), Cost: int64(p.Cost), Votes: p.Votes,
		Funded: p.Here, FundedOtherwise: p.There,
	}
	if p.Scored {
		tried.Points = e.whole(&p.Score)
	}
	return tried
}
