package handlers

import (
	"context"

	"osbu/domain/record"
	"osbu/handlers/api"
)

// ListComparisons lists comparisons of sheets with the record.
func (s *Server) ListComparisons(
	ctx context.Context,
	r api.ListComparisonsRequestObject,
) (api.ListComparisonsResponseObject, error) {
	all, err := s.config.Records.SheetComparisons(ctx, actorFrom(ctx), r.Round)
	if err != nil {
		return nil, err
	}
	return api.ListComparisons200JSONResponse(list(all, toComparison)), nil
}

// DrawComparison draws sheets.
func (s *Server) DrawComparison(
	ctx context.Context,
	r api.DrawComparisonRequestObject,
) (api.DrawComparisonResponseObject, error) {
	c, err := s.config.Records.DrawComparison(ctx, actorFrom(ctx), r.Round, r.Body.Seed, r.Body.Size)
	if err != nil {
		return nil, err
	}
	return api.DrawComparison200JSONResponse(toComparison(c)), nil
}

// SaveComparison saves what was seen on them.
func (s *Server) SaveComparison(
	ctx context.Context,
	r api.SaveComparisonRequestObject,
) (api.SaveComparisonResponseObject, error) {
	seen := list(r.Body.Sheets, func(one api.SeenSheet) record.SeenSheet {
		return record.SeenSheet{
			SheetName: record.SheetName{Batch: one.Batch, Serial: one.Serial}, Seen: one.Seen, Missing: one.Missing,
		}
	})
	c, err := s.config.Records.SaveComparison(ctx, actorFrom(ctx), r.Round, r.Comparison, seen)
	if err != nil {
		return nil, err
	}
	return api.SaveComparison200JSONResponse(toComparison(c)), nil
}

// PublishComparison shows everybody what was found.
func (s *Server) PublishComparison(
	ctx context.Context,
	r api.PublishComparisonRequestObject,
) (api.PublishComparisonResponseObject, error) {
	c, err := s.config.Records.PublishComparison(ctx, actorFrom(ctx), r.Round, r.Comparison, r.Body.Version)
	if err != nil {
		return nil, err
	}
	return api.PublishComparison200JSONResponse(toComparison(c)), nil
}

func toComparison(c record.Comparison) api.SheetComparison {
	told := api.SheetComparison{
		Number: c.Number, Seed: c.Seed, Of: c.Of, Drawn: c.Drawn, Sheets: list(c.Sheets, toSheetName),
		Withheld: list(c.Withheld, toSheetName), Published: unlessZero(c.Published),
	}
	if f := c.Found; f != nil {
		told.Version, told.Own = unlessZero(c.Version), unlessZero(c.Own)
		told.Found = &api.ComparisonFindings{
			Alike: f.Alike, Missing: list(f.Missing, toSheetName), Unseen: f.Unseen, Estimated: f.Estimated,
			Other: list(f.Other, func(o record.OtherSheet) api.OtherSheet {
				return api.OtherSheet{Batch: o.Batch, Serial: o.Serial, Seen: o.Seen, Recorded: o.Recorded}
			}),
			Areas: list(f.Areas, func(a record.Stands) api.AreaStands {
				return api.AreaStands{Area: a.Area, Sheets: a.Sheets}
			}),
		}
	}
	return told
}

func toSheetName(n record.SheetName) api.SheetName {
	return api.SheetName{Batch: n.Batch, Serial: n.Serial}
}
