package handlers

import (
	"bytes"
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/proposal/estimate"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// ReferProposals sends proposals to a division.
func (s *Server) ReferProposals(
	ctx context.Context,
	req api.ReferProposalsRequestObject,
) (api.ReferProposalsResponseObject, error) {
	referral := desk.Referral{
		Proposals: req.Body.Proposals,
		Division:  req.Body.Division,
		Until:     given(req.Body.Until),
		Note:      given(req.Body.Note),
	}
	if err := s.config.Desk.Refer(ctx, actorFrom(ctx), req.Round, referral); err != nil {
		return nil, err
	}
	return api.ReferProposals204Response{}, nil
}

// GiveEstimates adds estimates.
func (s *Server) GiveEstimates(
	ctx context.Context,
	req api.GiveEstimatesRequestObject,
) (api.GiveEstimatesResponseObject, error) {
	added, err := s.config.Estimates.Estimate(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Body.Division,
		list(req.Body.Estimates, fromEstimate),
	)
	if err != nil {
		return nil, err
	}
	return api.GiveEstimates200JSONResponse{Added: added}, nil
}

// ListEstimates answers with a proposal's estimates.
func (s *Server) ListEstimates(
	ctx context.Context,
	req api.ListEstimatesRequestObject,
) (api.ListEstimatesResponseObject, error) {
	all, err := s.config.Estimates.List(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.ListEstimates200JSONResponse(list(all, toEstimate)), nil
}

// GetEstimateSheet answers with a division's queue as a sheet.
func (s *Server) GetEstimateSheet(
	ctx context.Context,
	req api.GetEstimateSheetRequestObject,
) (api.GetEstimateSheetResponseObject, error) {
	q := req.Params
	file, err := s.config.Estimates.Sheet(
		ctx,
		actorFrom(ctx),
		req.Round,
		q.Division,
		sheet.Format(q.Format),
		domain.Language(given(q.Language)),
	)
	if err != nil {
		return nil, err
	}
	return api.GetEstimateSheet200ApplicationoctetStreamResponse{
		Body:          bytes.NewReader(file),
		ContentLength: int64(len(file)),
	}, nil
}

// ExamineEstimateSheet tells what a filled-in sheet would do.
func (s *Server) ExamineEstimateSheet(
	ctx context.Context,
	req api.ExamineEstimateSheetRequestObject,
) (api.ExamineEstimateSheetResponseObject, error) {
	found, err := s.config.Estimates.Examine(ctx, actorFrom(ctx), req.Round, req.Body.Division, req.Body.File)
	if err != nil {
		return nil, err
	}
	return api.ExamineEstimateSheet200JSONResponse{
		Rows:     list(found.Rows, toExamined),
		Ignored:  list(found.Ignored, func(heading string) string { return heading }),
		Encoding: unlessZero(api.SheetEncoding(found.Encoding)),
	}, nil
}

func toExamined(r estimate.Examined) api.ExaminedRow {
	row := api.ExaminedRow{
		Line: r.Line, Proposal: unlessZero(r.Proposal), Title: r.Title, Status: api.RowStatus(r.Status),
		Changed: list(r.Changed, func(path string) string { return path }),
		Faults:  list(r.Faults, toCellFault),
	}
	if r.Submission != nil {
		row.Said, row.Before = new(
			toSaid(*r.Submission),
		), new(
			toSaid(estimate.Submission{Proposal: r.Proposal, Number: r.Submission.Number, Judgement: r.Before}),
		)
	}
	if r.Now != nil {
		row.Now = new(toEstimate(*r.Now))
	}
	return row
}

func toSaid(s estimate.Submission) api.NewEstimate {
	e := api.NewEstimate{
		Proposal: s.Proposal, Number: s.Number, Competence: api.Competence(s.Competence), Forward: unlessZero(s.Forward),
		Feasibility: unlessZero(api.Feasibility(s.Feasibility)),
		Class:       unlessZero(s.Class), Reasons: toReasons(s.Reasons), Note: unlessZero(s.Note), Published: s.Published,
	}
	if s.Cost != nil {
		e.Cost = new(toCost(*s.Cost))
	}
	return e
}

func fromEstimate(e api.NewEstimate) estimate.Submission {
	said := estimate.Submission{Proposal: e.Proposal, Number: e.Number, Judgement: proposal.Judgement{
		Competence: proposal.Competence(
			e.Competence,
		), Forward: given(e.Forward), Feasibility: proposal.Feasibility(given(e.Feasibility)), Class: given(e.Class),
		Reasons: domain.Text{
			Fi: given(e.Reasons.Fi),
			Sv: given(e.Reasons.Sv),
			En: given(e.Reasons.En),
		}, Note: given(e.Note), Published: e.Published,
	}}
	if e.Cost != nil {
		said.Cost = new(fromCost(*e.Cost))
	}
	return said
}

func toEstimate(e proposal.Estimate) api.Estimate {
	estimate := api.Estimate{
		Number: e.Number, At: e.At, By: unlessZero(e.By.Name), Division: e.Division, DivisionName: toText(e.DivisionName),
		Competence: api.Competence(e.Competence),
		Forward: unlessZero(
			e.Forward,
		), Feasibility: unlessZero(api.Feasibility(e.Feasibility)), Class: unlessZero(e.Class), Reasons: toReasons(e.Reasons),
		Missing: list(
			e.Missing(),
			func(l domain.Language) api.Language { return api.Language(l) },
		), Note: unlessZero(e.Note), Published: e.Published,
	}
	if e.Cost != nil {
		estimate.Cost = new(toCost(*e.Cost))
	}
	return estimate
}

func toReasons(t domain.Text) api.Reasons {
	return api.Reasons{Fi: unlessZero(t.Fi), Sv: unlessZero(t.Sv), En: unlessZero(t.En)}
}
