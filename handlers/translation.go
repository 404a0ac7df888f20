package handlers

import (
	"bytes"
	"context"
	"encoding/base64"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/translation"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// ListTranslations answers with the translators' work list.
func (s *Server) ListTranslations(
	ctx context.Context,
	req api.ListTranslationsRequestObject,
) (api.ListTranslationsResponseObject, error) {
	q := req.Params
	f := translation.Filter{
		Subject:  translation.Subject(given(q.Subject)),
		Language: domain.Language(given(q.Language)),
		Status:   translation.Status(given(q.Status)),
		Open:     given(q.Open),
		Area:     given(q.Area),
		Proposal: given(q.Proposal),
		Offset:   given(q.Offset),
	}
	found, err := s.config.Translations.List(ctx, actorFrom(ctx), req.Round, f)
	if err != nil {
		return nil, err
	}
	return api.ListTranslations200JSONResponse{
		Rows: list(found.Rows, func(r translation.Row) api.TranslationRow { return toTranslationRow(r, f.Proposal != 0) }),
		Counts: list(found.Counts, func(c translation.Count) api.TranslationCount {
			return api.TranslationCount{
				Language: api.Language(c.Language), Total: c.Total, Missing: c.Missing, Partial: c.Partial,
				Outdated: c.Outdated,
			}
		}),
		Total: found.Total,
		Next:  unlessZero(found.Next),
	}, nil
}

func toTranslationRow(r translation.Row, whole bool) api.TranslationRow {
	p := r.Proposal
	row := api.TranslationRow{
		Proposal: p.ID, Project: unlessZero(p.Project), Version: p.Version, State: api.ProposalState(p.State),
		Area: p.Text.Area, Title: r.Title, Source: api.Language(r.Source),
		Standings: list(r.Standings, func(st translation.Standing) api.TranslationStanding {
			return api.TranslationStanding{
				Language: api.Language(st.Language), Status: api.TranslationStatus(st.Status),
				Lacks: list(st.Lacks, toTranslationPart), By: unlessZero(st.By), At: unlessZero(st.At),
			}
		}),
	}
	if whole {
		row.Words = api.TranslationWords{
			Fi: toTranslated(p.Listed(domain.Finnish)), Sv: toTranslated(p.Listed(domain.Swedish)),
			En: toTranslated(p.Listed(domain.English)),
		}
		row.Answer = api.TranslationAnswer{
			Fi: unlessZero(p.Answer.Fi), Sv: unlessZero(p.Answer.Sv), En: unlessZero(p.Answer.En),
		}
	}
	return row
}

func toTranslationPart(part translation.Part) api.TranslationPart { return api.TranslationPart(part) }

func toTranslated(w proposal.Words) *api.TranslatedWords {
	return &api.TranslatedWords{
		Title: unlessZero(w.Title), What: unlessZero(w.What), Why: unlessZero(w.Why), Place: unlessZero(w.Place),
	}
}

func fromTranslated(w api.TranslatedWords) proposal.Words {
	return proposal.Words{Title: given(w.Title), What: given(w.What), Why: given(w.Why), Place: given(w.Place)}
}

// GetTranslationSheet answers with the work list of a language as a sheet.
func (s *Server) GetTranslationSheet(
	ctx context.Context,
	req api.GetTranslationSheetRequestObject,
) (api.GetTranslationSheetResponseObject, error) {
	q := req.Params
	file, err := s.config.Translations.Sheet(
		ctx,
		actorFrom(ctx),
		req.Round,
		translation.Filter{
			Subject: translation.Subject(given(q.Subject)), Language: domain.Language(q.Into), Open: given(q.Open),
			Area: given(q.Area),
		},
		sheet.Format(q.Format),
		domain.Language(given(q.Language)),
	)
	if err != nil {
		return nil, err
	}
	return api.GetTranslationSheet200ApplicationoctetStreamResponse{
		Body:          bytes.NewReader(file),
		ContentLength: int64(len(file)),
	}, nil
}

// ImportTranslations tries a sheet of translations, or saves it.
func (s *Server) ImportTranslations(
	ctx context.Context,
	req api.ImportTranslationsRequestObject,
) (api.ImportTranslationsResponseObject, error) {
	file, err := base64.StdEncoding.DecodeString(req.Body.File)
	if err != nil {
		return nil, err // its shape was checked
	}
	report, err := s.config.Translations.Import(
		ctx, actorFrom(ctx), req.Round, domain.Language(req.Body.Into), file, req.Body.Confirm,
	)
	if err != nil {
		return nil, err
	}
	return api.ImportTranslations200JSONResponse{
		Done: report.Done,
		Rows: list(report.Rows, func(r translation.RowReport) api.TranslationSheetRow {
			return api.TranslationSheetRow{
				Line: r.Line, Proposal: unlessZero(r.Proposal), Title: r.Title,
				Status: api.RowStatus(r.Status), Changed: list(r.Changed, toTranslationPart),
				Faults: list(r.Faults, toCellFault),
			}
		}),
		Ignored:  list(report.Ignored, func(heading string) string { return heading }),
		Encoding: unlessZero(api.SheetEncoding(report.Encoding)),
	}, nil
}
