package handlers

import (
	"context"

	"osbu/domain/area"
	"osbu/domain/delivery"
	"osbu/handlers/api"
)

// GetArea answers with an area over all rounds.
func (s *Server) GetArea(ctx context.Context, req api.GetAreaRequestObject) (api.GetAreaResponseObject, error) {
	a, err := s.config.Areas.Get(ctx, req.Area, given(req.Params.Round))
	if err != nil {
		return nil, err
	}
	return api.GetArea200JSONResponse{
		Area: a.ID, Name: toText(a.Name), Moved: a.Moved(),
		Rounds: list(a.Rounds, func(r area.Round) api.AreaRound { return toAreaRound(a.ID, r) }),
	}, nil
}

func toAreaRound(id string, r area.Round) api.AreaRound {
	answer := api.AreaRound{
		Round: r.ID, Name: toText(r.Name), AreaName: toText(r.AreaName), Phase: api.Phase(r.Phase), Pot: int64(r.Pot),
		PostalCodes: append([]string{}, r.PostalCodes...), Projects: toDeliverySummary(r.Projects),
		Turnout: list(r.Turnouts(id), func(t area.Turnout) api.AreaTurnout {
			one := api.AreaTurnout{Paper: t.Paper, Name: toPartial(t.Name), Unknown: t.Unknown, Rights: t.Rights.N}
			if !t.Used.Hidden {
				one.Used = new(t.Used.N)
			}
			return one
		}),
	}
	if len(r.Balances) > 0 {
		answer.Balances = new(toBalances(r.Balances))
	}
	return answer
}

func toDeliverySummary(sum delivery.Summary) api.DeliverySummary {
	answer := api.DeliverySummary{All: sum.All, Late: sum.Late, Done: sum.Done, Cancelled: sum.Cancelled}
	for _, p := range delivery.Phases {
		answer.Phases = append(answer.Phases, struct {
			Number int               `json:"number"`
			Phase  api.DeliveryPhase `json:"phase"`
		}{sum.Phases[p], api.DeliveryPhase(p)})
	}
	return answer
}
