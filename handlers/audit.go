package handlers

import (
	"bytes"
	"context"
	"encoding/hex"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

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
