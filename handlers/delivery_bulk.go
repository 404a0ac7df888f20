package handlers

import (
	"bytes"
	"context"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// GetDeliverySheet answers with the round's deliveries as a sheet to fill in.
func (s *Server) GetDeliverySheet(
	ctx context.Context,
	req api.GetDeliverySheetRequestObject,
) (api.GetDeliverySheetResponseObject, error) {
	file, err := s.config.Deliveries.Template(
		ctx, actorFrom(ctx), req.Round, sheet.Format(req.Params.Format), domain.Language(given(req.Params.Language)),
	)
	if err != nil {
		return nil, err
	}
	return api.GetDeliverySheet200ApplicationoctetStreamResponse{
		Body: bytes.NewReader(file), ContentLength: int64(len(file)),
	}, nil
}

// ImportDeliveries tells what a sheet would do, or does it.
func (s *Server) ImportDeliveries(
	ctx context.Context,
	req api.ImportDeliveriesRequestObject,
) (api.ImportDeliveriesResponseObject, error) {
	made, err := s.config.Deliveries.Import(
		ctx, actorFrom(ctx), req.Round, req.Body.File, given(req.Body.Digest),
	)
	if err != nil {
		return nil, err
	}
	return api.ImportDeliveries200JSONResponse{
		Ignored:  list(made.Ignored, func(heading string) string { return heading }),
		Encoding: unlessZero(api.SheetEncoding(made.Encoding)), Digest: made.Digest, Done: made.Done,
		Rows: list(made.Rows, func(r delivery.Row) api.DeliveryRow {
			row := api.DeliveryRow{
				Line: r.Line, Status: api.DeliveryRowStatus(r.Status), External: unlessZero(r.External),
				Project: unlessZero(r.Number), Site: unlessZero(r.Site), Faults: list(r.Faults, toCellFault),
				Facts: list(r.Facts, func(f delivery.Fact) api.DeliveryFact {
					return api.DeliveryFact{What: f.What, Before: f.Before, After: f.After}
				}),
			}
			if r.Title != (domain.Text{}) {
				row.Title = new(toText(r.Title))
			}
			return row
		}),
	}, nil
}
