package handlers

import (
	"bytes"
	"context"
	"encoding/base64"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/assisted"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// AddAssisted keeps what somebody told a facilitator.
func (s *Server) AddAssisted(ctx context.Context, req api.AddAssistedRequestObject) (api.AddAssistedResponseObject,
	error,
) {
	form, err := fromAssisted(req.Body.Assisted)
	if err != nil {
		return nil, err
	}
	v, code, err := s.config.Assisted.Enter(
		ctx,
		actorFrom(ctx),
		req.Round,
		form,
		given(req.Body.Address),
		req.Body.Submit,
	)
	if err != nil {
		return nil, err
	}
	return api.AddAssisted201JSONResponse{Proposal: toProposal(v), Code: code}, nil
}

// ListAssisted answers with what waits for its author.
func (s *Server) ListAssisted(ctx context.Context, req api.ListAssistedRequestObject) (api.ListAssistedResponseObject,
	error,
) {
	page, err := s.config.Assisted.List(ctx, actorFrom(ctx), req.Round, given(req.Params.Before), queuePage)
	if err != nil {
		return nil, err
	}
	return api.ListAssisted200JSONResponse(toPage(page)), nil
}

// EditAssisted saves what the author told since.
func (s *Server) EditAssisted(ctx context.Context, req api.EditAssistedRequestObject) (api.EditAssistedResponseObject,
	error,
) {
	form, err := fromAssisted(req.Body.Assisted)
	if err != nil {
		return nil, err
	}
	v, err := s.config.Assisted.Amend(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		req.Body.Version,
		form,
		given(req.Body.Reason),
	)
	if err != nil {
		return nil, err
	}
	return api.EditAssisted200JSONResponse(toProposal(v)), nil
}

// ReissueClaimCode gives another code.
func (s *Server) ReissueClaimCode(
	ctx context.Context,
	req api.ReissueClaimCodeRequestObject,
) (api.ReissueClaimCodeResponseObject, error) {
	v, code, err := s.config.Assisted.Reissue(ctx, actorFrom(ctx), req.Round, req.Proposal, given(req.Body.Address))
	if err != nil {
		return nil, err
	}
	return api.ReissueClaimCode201JSONResponse{Proposal: toProposal(v), Code: code}, nil
}

// ClaimProposal makes the caller the author.
func (s *Server) ClaimProposal(
	ctx context.Context,
	req api.ClaimProposalRequestObject,
) (api.ClaimProposalResponseObject, error) {
	v, err := s.config.Assisted.Claim(ctx, actorFrom(ctx), req.Round, req.Body.Code)
	if err != nil {
		return nil, err
	}
	return api.ClaimProposal200JSONResponse(toProposal(v)), nil
}

// GetAssistedTemplate answers with an empty workbook.
func (s *Server) GetAssistedTemplate(
	ctx context.Context,
	req api.GetAssistedTemplateRequestObject,
) (api.GetAssistedTemplateResponseObject, error) {
	language := s.config.City.Language()
	if req.Params.Language != nil {
		language = domain.Language(*req.Params.Language)
	}
	file, err := s.config.Assisted.Template(ctx, actorFrom(ctx), req.Round, sheet.XLSX, language)
	if err != nil {
		return nil, err
	}
	return api.GetAssistedTemplate200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{
		Body:          bytes.NewReader(file),
		ContentLength: int64(len(file)),
	}, nil
}

// ImportAssisted tries a sheet, or makes its proposals.
func (s *Server) ImportAssisted(
	ctx context.Context,
	req api.ImportAssistedRequestObject,
) (api.ImportAssistedResponseObject, error) {
	file, err := base64.StdEncoding.DecodeString(req.Body.File)
	if err != nil {
		return nil, err // its shape was checked
	}
	confirm := assisted.Try
	switch {
	case req.Body.Confirm && req.Body.Partly != nil && *req.Body.Partly:
		confirm = assisted.Right
	case req.Body.Confirm:
		confirm = assisted.All
	}
	report, err := s.config.Assisted.Import(ctx, actorFrom(ctx), req.Round, file, confirm)
	if err != nil {
		return nil, err
	}
	return api.ImportAssisted200JSONResponse{
		Done:     report.Done,
		Rows:     list(report.Rows, toAssistedRow),
		Ignored:  list(report.Ignored, func(heading string) string { return heading }),
		Encoding: unlessZero(api.SheetEncoding(report.Encoding)),
	}, nil
}

func toAssistedRow(row assisted.RowReport) api.AssistedRow {
	r := api.AssistedRow{
		Line: row.Line, Title: row.Title, Status: api.AssistedRowStatus(row.Status), Proposal: unlessZero(row.Proposal),
		Code: unlessZero(row.Code), Name: unlessZero(row.Name), Language: unlessZero(api.Language(row.Language)),
		Area: unlessZero(row.Area), Theme: unlessZero(row.Theme), Consent: toConsent(row.Consent),
		Faults: list(row.Faults, toCellFault),
	}
	if row.Like != nil {
		r.Like = &struct {
			Id    int64  `json:"id"`
			Title string `json:"title"`
		}{row.Like.Proposal, row.Like.Title}
	}
	return r
}

func toCellFault(f sheet.Fault) api.CellFault {
	fault := api.CellFault{
		Column: unlessZero(f.Column),
		Head:   f.Head,
		Code:   api.FieldCode(f.Code),
		Limit:  unlessZero(f.Limit),
		Value:  unlessZero(f.Value),
	}
	if len(f.Choices) > 0 {
		fault.Choices = &f.Choices
	}
	return fault
}

func fromAssisted(t api.AssistedText) (assisted.Form, error) {
	form := assisted.Form{Text: fromProposalText(t.Text), Channel: proposal.Channel(t.Channel), Name: given(t.Name)}
	if t.Consent == nil {
		return form, nil
	}
	on, err := time.Parse(time.DateOnly, t.Consent.GivenOn)
	if err != nil {
		return form, domain.Problems{{Path: "given_on", Code: fieldBadFormat, Limit: "2026-12-31"}}.Err()
	}
	form.Consent = proposal.Consent{How: proposal.Manner(t.Consent.How), On: on}
	return form, nil
}

func toAssisted(b *proposal.Assistance) *api.Assisted {
	if b == nil {
		return nil
	}
	return &api.Assisted{By: b.By.Name, Claimed: b.Claimed, Consent: toConsent(b.Consent)}
}

// toConsent is nothing of a consent that was not given, or not readably.
func toConsent(c proposal.Consent) *api.Consent {
	if c.How == "" || c.On.IsZero() {
		return nil
	}
	return &api.Consent{How: api.ConsentHow(c.How), GivenOn: c.On.Format(time.DateOnly)}
}
