package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/handlers/api"
)

// ReferProposals sends proposals to a division.
func (s *Server) ReferProposals(ctx context.Context, req api.ReferProposalsRequestObject) (api.ReferProposalsResponseObject, error) {
	referral := proposal.Referral{Proposals: req.Body.Proposals, Division: req.Body.Division, Until: given(req.Body.Until), Note: given(req.Body.Note)}
	if err := s.config.Proposals.Refer(ctx, actorFrom(ctx), req.Round, referral); err != nil {
		return nil, err
	}
	return api.ReferProposals204Response{}, nil
}

// GiveEstimates adds estimates.
func (s *Server) GiveEstimates(ctx context.Context, req api.GiveEstimatesRequestObject) (api.GiveEstimatesResponseObject, error) {
	added, err := s.config.Proposals.Estimate(ctx, actorFrom(ctx), req.Round, req.Body.Division, list(req.Body.Estimates, fromEstimate))
	if err != nil {
		return nil, err
	}
	return api.GiveEstimates200JSONResponse{Added: added}, nil
}

// ListEstimates answers with a proposal's estimates.
func (s *Server) ListEstimates(ctx context.Context, req api.ListEstimatesRequestObject) (api.ListEstimatesResponseObject, error) {
	all, err := s.config.Proposals.EstimatesOf(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.ListEstimates200JSONResponse(list(all, toEstimate)), nil
}

func fromEstimate(e api.NewEstimate) proposal.Said {
	said := proposal.Said{Proposal: e.Proposal, Number: e.Number, Judgement: proposal.Judgement{
		Competence: proposal.Competence(e.Competence), Forward: given(e.Forward), Feasibility: proposal.Feasibility(given(e.Feasibility)), Class: given(e.Class),
		Reasons: domain.Text{Fi: given(e.Reasons.Fi), Sv: given(e.Reasons.Sv), En: given(e.Reasons.En)}, Note: given(e.Note), Published: e.Published,
	}}
	if e.Cost != nil {
		said.Cost = new(fromCost(*e.Cost))
	}
	return said
}

func toEstimate(e proposal.Estimate) api.Estimate {
	estimate := api.Estimate{
		Number: e.Number, At: e.At, By: unlessZero(e.By.Name), Division: e.Division, DivisionName: toText(e.DivisionName), Competence: api.Competence(e.Competence),
		Forward: unlessZero(e.Forward), Feasibility: unlessZero(api.Feasibility(e.Feasibility)), Class: unlessZero(e.Class), Reasons: toReasons(e.Reasons),
		Missing: list(e.Missing(), func(l domain.Language) api.Language { return api.Language(l) }), Note: unlessZero(e.Note), Published: e.Published,
	}
	if e.Cost != nil {
		estimate.Cost = new(toCost(*e.Cost))
	}
	return estimate
}

func toReasons(t domain.Text) api.Reasons {
	return api.Reasons{Fi: unlessZero(t.Fi), Sv: unlessZero(t.Sv), En: unlessZero(t.En)}
}
