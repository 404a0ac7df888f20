package handlers

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"osbu/domain/record"
	"osbu/domain/tally"
	"osbu/handlers/api"
)

// GetResults shows the outcome by area.
func (s *Server) GetResults(
	ctx context.Context,
	req api.GetResultsRequestObject,
) (api.GetResultsResponseObject, error) {
	now := s.config.Now()
	if kept := s.published.find(req.Round, now); kept != nil {
		return kept, nil
	}
	r, err := s.config.Records.Results(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	answer := api.Results{
		Round: r.Round.ID, Phase: api.Phase(r.Round.Phase), Published: r.Published,
		Source:   unlessZero(api.RoundSource(r.Round.Source)),
		Decision: unlessZero(r.Round.ConfirmDecision),
		Corrections: unlessEmpty(list(r.Corrections, func(c record.Correction) api.CorrectedDecision {
			return api.CorrectedDecision{At: c.At, From: c.From, To: c.Decision, Reason: c.Reason}
		})),
		Areas: list(r.Areas, toAreaResult),
		Void:  toVoids(r),
	}
	if !r.Published {
		return unpublished{answer}, nil
	}
	return s.published.keep(req.Round, now, answer)
}

// ExplainResults tells why an area's projects are funded or not.
func (s *Server) ExplainResults(
	ctx context.Context,
	req api.ExplainResultsRequestObject,
) (api.ExplainResultsResponseObject, error) {
	now, key := s.config.Now(), req.Round+" "+req.Area
	if kept := s.published.find(key, now); kept != nil {
		return kept, nil
	}
	x, err := s.config.Records.Explanation(ctx, actorFrom(ctx), req.Round, req.Area)
	if err != nil {
		return nil, err
	}
	answer, err := toExplanation(x)
	if err != nil {
		return nil, err
	}
	if !x.Published {
		return unpublished{answer}, nil
	}
	return s.published.keep(key, now, answer)
}

// explainer turns amounts and ids of the tally into ours, and remembers what
// went wrong.
type explainer struct{ err error }

func (e *explainer) cents(n tally.Number) int64 {
	c, err := record.Cents(n)
	e.err = errors.Join(e.err, err)
	return int64(c)
}

func (e *explainer) maybe(n *tally.Number) *int64 {
	if n == nil {
		return nil
	}
	return new(e.cents(*n))
}

// whole is a number of points.
func (e *explainer) whole(n *tally.Number) *int64 {
	if n == nil {
		return nil
	}
	return new(n.Rat().Num().Int64())
}

func (e *explainer) number(id string) int {
	n, err := strconv.Atoi(id)
	e.err = errors.Join(e.err, err)
	return n
}

func toExplanation(x record.Explained) (api.Explanation, error) {
	e := &explainer{}
	answer := api.Explanation{Area: x.Area, Withheld: x.Withheld, Projects: list(x.Projects, e.reason)}
	if x.Voters() {
		d := x.Difference
		answer.Measures = new(e.measures(x.Measures))
		answer.Other = &api.OtherOutcome{
			Rule: api.OtherOutcomeRule(x.Other.Method), Measures: e.measures(d.SumB),
			OnlyChosen: list(d.OnlyA, e.number), OnlyOther: list(d.OnlyB, e.number),
			PreferChosen: d.PreferA, PreferOther: d.PreferB,
		}
	}
	return answer, e.err
}

func (e *explainer) measures(m tally.Measures) api.Measures {
	picks, _ := m.Picks.Rat().Float64()
	return api.Measures{
		Funded: m.Funded, Cost: e.cents(m.Cost), Left: e.cents(m.Left), Voters: m.Voters,
		ByFundedPicks: list(m.ByFundedPicks, func(n int64) int64 { return n }), Picks: picks,
	}
}

func (e *explainer) reason(r tally.Reason) api.Reason {
	out := api.Reason{
		Project: e.number(r.ID), Status: api.ReasonStatus(r.Status), Price: e.maybe(r.Price), Paid: unlessZero(r.Paid),
		Taken: unlessEmpty(list(r.Taken, func(t tally.Taken) api.TakenBy {
			return api.TakenBy{Project: e.number(t.ID), Amount: e.cents(t.Amount)}
		})),
	}
	switch r.Lack {
	case tally.OfSupportersMoney:
		out.Missing, out.Lack = e.maybe(r.Missing), new(api.LackSupporters)
	case tally.OfMoneyLeft:
		out.Missing, out.Lack = e.maybe(r.Missing), new(api.LackPot)
	case tally.OfScore: // the votes say it
	}
	if c := r.Change; c != nil {
		out.VotesMore, out.VotesLeast, out.PointsMore = c.Votes, &c.VotesLeast, e.whole(c.Score)
		out.CostAtMost, out.Cheaper, out.CostLeast = e.maybe(c.Cost), e.maybe(c.Cheaper), &c.CostLeast
	}
	return out
}

// toVoids are void ballots in the order of papers and reasons; absent if
// ballots were not sealed.
func toVoids(r record.Results) *[]api.VoidBallots {
	if !r.Round.Settings.Sealing.On() {
		return nil
	}
	all := []api.VoidBallots{}
	for _, p := range r.Round.Settings.Papers {
		for _, why := range slices.Sorted(maps.Keys(r.Void[p.ID])) {
			all = append(all, api.VoidBallots{
				Paper: p.ID, Reason: api.VoidBallotsReason(why), Ballots: r.Void[p.ID][why],
			})
		}
	}
	return &all
}

// GetRecord gives the published zip.
func (s *Server) GetRecord(ctx context.Context, req api.GetRecordRequestObject) (api.GetRecordResponseObject, error) {
	d, err := s.config.Records.Record(ctx, req.Round)
	return download{d}, err
}

// GetWithheld gives the auditors' part.
func (s *Server) GetWithheld(
	ctx context.Context,
	req api.GetWithheldRequestObject,
) (api.GetWithheldResponseObject, error) {
	d, err := s.config.Records.AuditorsPart(ctx, actorFrom(ctx), req.Round)
	return download{d}, err
}

// votesOf are a project's votes where they are told.
func votesOf(p record.ProjectResult) *int {
	if p.Untold {
		return nil
	}
	return &p.Votes
}

// pointsOf are a project's points where the rule counts them and they are told.
func pointsOf(a record.AreaResult, p record.ProjectResult) *int64 {
	if !a.Pointed || p.Untold {
		return nil
	}
	return &p.Points
}

func toAreaResult(a record.AreaResult) api.AreaResult {
	return api.AreaResult{
		Area: a.Area.ID, Pot: int64(a.Area.Pot), Spent: int64(a.Spent), Left: int64(a.Area.Pot - a.Spent), Ballots: a.Ballots,
		Blank:    a.Blank,
		Withheld: a.Withheld, InputDigest: unlessZero(a.Digest), Rule: toRule(a.Rule),
		Projects: list(a.Projects, func(p record.ProjectResult) api.ProjectResult {
			return api.ProjectResult{
				Project: p.Project.Number, Title: toText(p.Project.Title), Votes: votesOf(p), Cost: int64(p.Project.Cost),
				Selected: p.Selected, Points: pointsOf(a, p),
				LeftBefore: int64(
					p.Left,
				), Missing: unlessZero(int64(p.Missing)), Conflict: unlessZero(p.Conflict), Withdrawn: unlessZero(p.Withdrawn),
			}
		}),
		Ties: list(a.Ties, func(t record.Tie) api.Tie {
			return api.Tie{Projects: t.Projects, BrokenBy: api.TieBrokenBy(t.By)}
		}),
	}
}
