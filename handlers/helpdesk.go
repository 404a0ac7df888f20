package handlers

import (
	"context"
	"slices"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain/helpdesk"
	"osbu/handlers/api"
)

// LookUpPerson answers with what somebody may do, or why not.
func (s *Server) LookUpPerson(
	ctx context.Context,
	r api.LookUpPersonRequestObject,
) (api.LookUpPersonResponseObject, error) {
	found, err := s.config.HelpDesk.LookUp(ctx, actorFrom(ctx), r.Round, r.Body.IdentityCode,
		helpdesk.Reason(r.Body.Reason), r.Body.Words)
	if err != nil {
		return nil, err
	}
	answer := api.LookUpPerson200JSONResponse{Papers: []api.PaperFound{}}
	if found.Refusal != "" {
		answer.Refusal = new(api.Refusal(found.Refusal))
		if !found.OldEnoughOn.IsZero() {
			answer.OldEnoughOn = &openapi_types.Date{Time: found.OldEnoughOn}
		}
		return answer, nil
	}
	for _, paper := range found.Papers {
		answer.Papers = append(answer.Papers, api.PaperFound{
			Paper: paper, InUse: !slices.Contains(found.Left, paper),
		})
	}
	return answer, nil
}

// ListLookUps answers with who looked me up.
func (s *Server) ListLookUps(
	ctx context.Context,
	_ api.ListLookUpsRequestObject,
) (api.ListLookUpsResponseObject, error) {
	past, err := s.config.HelpDesk.Mine(ctx, visitFrom(ctx).session)
	if err != nil {
		return nil, err
	}
	return api.ListLookUps200JSONResponse(list(past, func(p helpdesk.Past) api.PastLookUp {
		one := api.PastLookUp{
			Round: p.Round, Name: toText(p.Name), Day: openapi_types.Date{Time: p.Day}, Role: api.Role(p.Role),
		}
		if p.Reason != "" {
			one.Reason = new(api.LookUpReason(p.Reason))
		}
		return one
	})), nil
}
