package handlers

import (
	"context"
	"encoding/base64"
	"strings"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain/box"
	"osbu/domain/paper"
	"osbu/handlers/api"
)

// ListBatches lists batches of votes on paper.
func (s *Server) ListBatches(
	ctx context.Context,
	r api.ListBatchesRequestObject,
) (api.ListBatchesResponseObject, error) {
	batches, err := s.config.Paper.Batches(ctx, actorFrom(ctx), r.Round)
	if err != nil {
		return nil, err
	}
	return api.ListBatches200JSONResponse(list(batches, toPaperBatch)), nil
}

// DeclareBatch tells of a stack of sheets.
func (s *Server) DeclareBatch(
	ctx context.Context,
	r api.DeclareBatchRequestObject,
) (api.DeclareBatchResponseObject, error) {
	err := s.config.Paper.Declare(ctx, actorFrom(ctx), r.Round, r.Event, paper.Declaration{
		Batch: r.PaperBatch, Paper: r.Body.Paper, Day: r.Body.Day.Time, Seal: given(r.Body.Seal), Declared: r.Body.Declared,
	})
	if err != nil {
		return nil, err
	}
	return api.DeclareBatch204Response{}, nil
}

// LeaveOutBatch leaves one out.
func (s *Server) LeaveOutBatch(
	ctx context.Context,
	r api.LeaveOutBatchRequestObject,
) (api.LeaveOutBatchResponseObject, error) {
	if err := s.config.Paper.LeaveOut(ctx, actorFrom(ctx), r.Round, r.PaperBatch, r.Body.Reason); err != nil {
		return nil, err
	}
	return api.LeaveOutBatch204Response{}, nil
}

// AllowKeying gives a capability.
func (s *Server) AllowKeying(
	ctx context.Context,
	r api.AllowKeyingRequestObject,
) (api.AllowKeyingResponseObject, error) {
	capability, until, err := s.config.Paper.Allow(ctx, actorFrom(ctx), r.Round, r.PaperBatch)
	if err != nil {
		return nil, err
	}
	return api.AllowKeying200JSONResponse{Capability: capability, Until: until}, nil
}

// KeyBatch takes two files of keyed sheets, and knows nobody.
func (s *Server) KeyBatch(ctx context.Context, r api.KeyBatchRequestObject) (api.KeyBatchResponseObject, error) {
	first, err := base64.StdEncoding.DecodeString(r.Body.First)
	if err != nil {
		return nil, err // its shape was checked
	}
	second, err := base64.StdEncoding.DecodeString(r.Body.Second)
	if err != nil {
		return nil, err
	}
	report, err := s.config.Paper.Key(ctx, r.Round, r.PaperBatch, r.Body.Capability, paper.Key{
		First: first, Second: second, TakenAway: r.Body.TakenAway, Explanation: given(r.Body.Explanation),
		Confirm: r.Body.Confirm,
	})
	if err != nil {
		return nil, err
	}
	return api.KeyBatch200JSONResponse{
		Done: report.Done, Agreed: report.Agreed, Decided: total(report.Decided), Uncounted: total(report.Uncounted),
		Missing: report.Missing, Difference: report.Difference,
		Faults: list(report.Faults, func(f paper.Fault) api.KeyingFault {
			return api.KeyingFault{Second: f.Second, Line: f.Line, Head: f.Head, Code: f.Code}
		}),
		Differences: list(report.Differences, func(d paper.Difference) api.KeyingDifference {
			return api.KeyingDifference{
				Serial: d.Serial, FirstLine: d.First.Line, SecondLine: d.Second.Line, First: saidOf(d.First),
				Second: saidOf(d.Second),
			}
		}),
	}, nil
}

func saidOf(k paper.Keyed) string { return strings.TrimSpace(k.Choices + " " + k.Reason) }

func total(by map[string]int) (n int) {
	for _, k := range by {
		n += k
	}
	return n
}

func toPaperBatch(b box.PaperBatch) api.PaperBatch {
	day, _ := time.Parse(time.DateOnly, b.Day) // the box has checked it
	return api.PaperBatch{
		Batch: b.Batch, Paper: b.Paper, Place: b.Place, Day: openapi_types.Date{Time: day},
		State:  api.PaperBatchState(b.State),
		Marked: b.Marked, Declared: b.Declared, Agreed: b.Agreed, Decided: total(b.Decided), Uncounted: total(b.Uncounted),
		TakenAway: b.TakenAway, Missing: b.Missing(), Difference: b.Difference(), Explanation: unlessZero(b.Explanation),
	}
}
