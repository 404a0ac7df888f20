package handlers

import (
	"context"
	"encoding/base64"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/handlers/api"
)

// GetRollStatus counts the roll for officials.
func (s *Server) GetRollStatus(
	ctx context.Context,
	r api.GetRollStatusRequestObject,
) (api.GetRollStatusResponseObject, error) {
	status, err := s.config.Roll.Status(ctx, actorFrom(ctx), r.Round)
	if err != nil {
		return nil, err
	}
	made, used, void := status.Codes()
	answer := api.GetRollStatus200JSONResponse{
		Entries: status.Entries, Protected: status.Protected, WithoutArea: status.WithoutArea,
		CodesIssued: made, CodesUsed: used, CodesVoid: void, Papers: turnout(status.Papers),
		Batches: list(status.Batches, func(b roll.Batch) api.CodeBatch {
			batch := api.CodeBatch{
				Number: b.Number, Label: b.Label, Place: b.Place, Day: openapi_types.Date{Time: b.Day},
				Made: b.Made, Used: b.Used,
			}
			if !b.Voided.IsZero() {
				batch.Voided = &openapi_types.Date{Time: b.Voided}
			}
			return batch
		}),
	}
	if a := status.Asked; a != nil {
		answer.Asked = &api.AskedCodes{
			Label: a.Label, Place: a.Place, Count: a.Count, Name: a.Name, Own: a.Own, AskedAt: a.At,
		}
	}
	if !status.ImportedAt.IsZero() {
		answer.ImportedAt = &status.ImportedAt
	}
	return answer, nil
}

// IssueCodes makes one-time voting codes.
func (s *Server) IssueCodes(ctx context.Context, r api.IssueCodesRequestObject) (api.IssueCodesResponseObject, error) {
	batch := roll.Batch{Label: r.Body.Label, Place: given(r.Body.Place)}
	codes, err := s.config.Roll.IssueCodes(ctx, actorFrom(ctx), r.Round, batch, r.Body.Count)
	if err != nil {
		return nil, err
	}
	return api.IssueCodes201JSONResponse{Codes: codes}, nil
}

// AskCodes asks a second official to make voting codes.
func (s *Server) AskCodes(ctx context.Context, r api.AskCodesRequestObject) (api.AskCodesResponseObject, error) {
	batch := roll.Batch{Label: r.Body.Label, Place: given(r.Body.Place)}
	if err := s.config.Roll.AskCodes(ctx, actorFrom(ctx), r.Round, batch, r.Body.Count); err != nil {
		return nil, err
	}
	return api.AskCodes204Response{}, nil
}

// ConfirmCodes makes the voting codes that another official asked for.
func (s *Server) ConfirmCodes(
	ctx context.Context,
	r api.ConfirmCodesRequestObject,
) (api.ConfirmCodesResponseObject, error) {
	codes, err := s.config.Roll.ConfirmCodes(ctx, actorFrom(ctx), r.Round, r.Body.AskedAt)
	if err != nil {
		return nil, err
	}
	return api.ConfirmCodes201JSONResponse{Codes: codes}, nil
}

// RefuseCodes takes the request for voting codes away.
func (s *Server) RefuseCodes(
	ctx context.Context,
	r api.RefuseCodesRequestObject,
) (api.RefuseCodesResponseObject, error) {
	if err := s.config.Roll.RefuseCodes(ctx, actorFrom(ctx), r.Round, r.Body.AskedAt, r.Body.Reason); err != nil {
		return nil, err
	}
	return api.RefuseCodes204Response{}, nil
}

// VoidCodes makes a batch of voting codes void.
func (s *Server) VoidCodes(ctx context.Context, r api.VoidCodesRequestObject) (api.VoidCodesResponseObject, error) {
	if err := s.config.Roll.VoidCodes(ctx, actorFrom(ctx), r.Round, r.Batch, r.Body.Reason); err != nil {
		return nil, err
	}
	return api.VoidCodes204Response{}, nil
}

// GetRights tells a voter which papers she may cast.
func (s *Server) GetRights(ctx context.Context, r api.GetRightsRequestObject) (api.GetRightsResponseObject, error) {
	a, err := s.config.Roll.Ask(ctx, voterFrom(ctx), r.Round)
	if err != nil {
		return nil, err
	}
	answer := api.GetRights200JSONResponse{Eligible: a.Refusal == "", Papers: []api.Right{}}
	if a.Refusal != "" {
		answer.Refusal = new(api.Refusal(a.Refusal))
	}
	if !a.OldEnoughOn.IsZero() {
		answer.OldEnoughOn = &openapi_types.Date{Time: a.OldEnoughOn}
	}
	if a.SuggestedArea != "" {
		answer.SuggestedArea = &a.SuggestedArea
	}
	for _, p := range a.Papers {
		right := api.Right{Paper: p.Paper, Spent: p.Channel != ""}
		if right.Spent {
			right.Channel = new(api.Channel(p.Channel))
			right.Day = &openapi_types.Date{Time: p.Day}
		}
		if !p.Replaced.IsZero() {
			right.ReplacedOn = &openapi_types.Date{Time: p.Replaced}
		}
		answer.Papers = append(answer.Papers, right)
	}
	return answer, nil
}

// IssueCredential signs a voter's blinded message.
func (s *Server) IssueCredential(
	ctx context.Context,
	r api.IssueCredentialRequestObject,
) (api.IssueCredentialResponseObject, error) {
	blinded, err := base64.StdEncoding.DecodeString(r.Body.Blinded)
	if err != nil {
		return nil, domain.Problems{{Path: "blinded", Code: fieldBadFormat}}.Err()
	}
	recovery, err := decodeRecovery(r.Body.Recovery)
	if err != nil {
		return nil, err
	}
	signature, err := s.config.Roll.Issue(ctx, voterFrom(ctx), r.Round, r.Paper, blinded, recovery)
	if err != nil {
		return nil, err
	}
	return api.IssueCredential200JSONResponse{BlindSignature: base64.StdEncoding.EncodeToString(signature)}, nil
}

// GetRecovery gives a voter what her former browser left.
func (s *Server) GetRecovery(
	ctx context.Context,
	r api.GetRecoveryRequestObject,
) (api.GetRecoveryResponseObject, error) {
	recovery, err := s.config.Roll.Recovery(ctx, voterFrom(ctx), r.Round, r.Paper)
	if err != nil {
		return nil, err
	}
	var answer api.GetRecovery200JSONResponse
	if recovery != nil {
		answer.Recovery = new(base64.StdEncoding.EncodeToString(recovery))
	}
	return answer, nil
}

// decodeRecovery is nil where there is none.
func decodeRecovery(text *string) ([]byte, error) {
	if text == nil {
		return nil, nil
	}
	recovery, err := base64.StdEncoding.DecodeString(*text)
	if err != nil {
		return nil, domain.Problems{{Path: "recovery", Code: fieldBadFormat}}.Err()
	}
	return recovery, nil
}

// ReplaceCredential gives one new voting code for a credential that was lost.
func (s *Server) ReplaceCredential(
	ctx context.Context,
	r api.ReplaceCredentialRequestObject,
) (api.ReplaceCredentialResponseObject, error) {
	code, err := s.config.Roll.Replace(ctx, actorFrom(ctx), r.Round, r.Paper, r.Body.IdentityCode, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.ReplaceCredential201JSONResponse{Code: code}, nil
}

// voterFrom is who asks for a right: by code, signed in, or neither.
func voterFrom(ctx context.Context) roll.Voter {
	v := visitFrom(ctx)
	return roll.Voter{
		SignedIn:   !v.session.Anonymous(),
		Person:     v.session.Ref,
		PostalCode: v.session.PostalCode,
		Code:       v.votingCode,
		Kiosk:      v.kiosk,
	}
}

func turnout(papers []roll.Turnout) []api.PaperTurnout {
	list := make([]api.PaperTurnout, len(papers))
	for i, p := range papers {
		list[i] = api.PaperTurnout{
			Paper:    p.Paper,
			Rights:   p.Rights,
			Online:   p.Online,
			Assisted: p.Assisted,
			OnPaper:  p.OnPaper,
		}
	}
	return list
}
