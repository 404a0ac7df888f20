package handlers

import (
	"context"
	"maps"
	"slices"

	"osbu/domain/record"
	"osbu/handlers/api"
)

// GetResults shows the outcome by area.
func (s *Server) GetResults(
	ctx context.Context,
	req api.GetResultsRequestObject,
) (api.GetResultsResponseObject, error) {
	r, err := s.config.Records.Results(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetResults200JSONResponse{
		Round: r.Round.ID, Phase: api.Phase(r.Round.Phase), Published: r.Published,
		Decision: unlessZero(r.Round.ConfirmDecision),
		Areas:    list(r.Areas, toAreaResult),
		Void:     toVoids(r),
	}, nil
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

func toAreaResult(a record.AreaResult) api.AreaResult {
	return api.AreaResult{
		Area: a.Area.ID, Pot: int64(a.Area.Pot), Spent: int64(a.Spent), Left: int64(a.Area.Pot - a.Spent), Ballots: a.Ballots,
		Blank:    a.Blank,
		Withheld: a.Withheld, InputDigest: unlessZero(a.Digest), Rule: toRule(a.Rule),
		Projects: list(a.Projects, func(p record.ProjectResult) api.ProjectResult {
			return api.ProjectResult{
				Project: p.Project.Number, Title: toText(p.Project.Title), Votes: p.Votes, Cost: int64(p.Project.Cost),
				Selected: p.Selected,
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
