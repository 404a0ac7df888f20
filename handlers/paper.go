package handlers

import (
	"context"
	"encoding/base64"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

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

// ReopenBatch has one keyed in anew.
func (s *Server) ReopenBatch(
	ctx context.Context,
	r api.ReopenBatchRequestObject,
) (api.ReopenBatchResponseObject, error) {
	err := s.config.Paper.Reopen(ctx, actorFrom(ctx), r.Round, r.PaperBatch, r.Body.Attempt, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return api.ReopenBatch204Response{}, nil
}

// AllowKeying gives a capability to key a batch in.
func (s *Server) AllowKeying(
	ctx context.Context,
	r api.AllowKeyingRequestObject,
) (api.AllowKeyingResponseObject, error) {
	l, err := s.config.Paper.Allow(ctx, actorFrom(ctx), r.Round, r.PaperBatch)
	if err != nil {
		return nil, err
	}
	return api.AllowKeying200JSONResponse{Capability: l.Capability, Until: l.Until, Part: l.Part}, nil
}

// AllowSealing gives one to put it into the log.
func (s *Server) AllowSealing(
	ctx context.Context,
	r api.AllowSealingRequestObject,
) (api.AllowSealingResponseObject, error) {
	l, err := s.config.Paper.AllowSealing(ctx, actorFrom(ctx), r.Round, r.PaperBatch)
	if err != nil {
		return nil, err
	}
	return api.AllowSealing200JSONResponse{Capability: l.Capability, Until: l.Until}, nil
}

// KeyBatch takes what one of two keyed in, and knows nobody.
func (s *Server) KeyBatch(ctx context.Context, r api.KeyBatchRequestObject) (api.KeyBatchResponseObject, error) {
	file, err := base64.StdEncoding.DecodeString(r.Body.File)
	if err != nil {
		return nil, err // its shape was checked
	}
	report, err := s.config.Paper.Key(ctx, r.Round, r.PaperBatch, r.Body.Capability, paper.Key{
		File: file, Confirm: r.Body.Confirm,
	})
	if err != nil {
		return nil, err
	}
	return api.KeyBatch200JSONResponse(toReport(report)), nil
}

// CompareBatch tells in what they differ.
func (s *Server) CompareBatch(
	ctx context.Context,
	r api.CompareBatchRequestObject,
) (api.CompareBatchResponseObject, error) {
	report, err := s.config.Paper.Compare(ctx, r.Round, r.PaperBatch, r.Body.Capability)
	if err != nil {
		return nil, err
	}
	return api.CompareBatch200JSONResponse(toReport(report)), nil
}

// SealBatch puts a batch into the log, and knows nobody either.
func (s *Server) SealBatch(ctx context.Context, r api.SealBatchRequestObject) (api.SealBatchResponseObject, error) {
	report, err := s.config.Paper.Seal(ctx, r.Round, r.PaperBatch, r.Body.Capability, paper.Sealing{
		TakenAway: r.Body.TakenAway, Explanation: given(r.Body.Explanation), Confirm: r.Body.Confirm,
	})
	if err != nil {
		return nil, err
	}
	return api.SealBatch200JSONResponse(toReport(report)), nil
}

func toReport(r paper.Report) api.KeyingReport {
	return api.KeyingReport{
		Done: r.Done, Keyed: api.KeyingProgress(r.Keyed), HandedIn: r.Handed, Agreed: r.Agreed, Decided: total(r.Decided),
		Uncounted: total(r.Uncounted), Missing: r.Missing, Difference: r.Difference,
		Faults: list(r.Faults, func(f paper.Fault) api.KeyingFault {
			return api.KeyingFault{Line: f.Line, Head: f.Head, Code: f.Code}
		}),
		Differences: list(r.Differences, func(d paper.Difference) api.KeyingDifference {
			return api.KeyingDifference{Serial: d.Serial, First: toKeyedSheet(d.First), Second: toKeyedSheet(d.Second)}
		}),
	}
}

func toKeyedSheet(k *paper.Keyed) *api.KeyedSheet {
	if k == nil {
		return nil
	}
	return &api.KeyedSheet{Choices: k.Choices, Reason: k.Reason}
}

func total(by map[string]int) (n int) {
	for _, k := range by {
		n += k
	}
	return n
}

func toPaperBatch(b paper.Standing) api.PaperBatch {
	day, _ := time.Parse(time.DateOnly, b.Day) // the box has checked it
	told := api.PaperBatch{
		Batch: b.Batch, Paper: b.Paper, Place: b.Place, Day: openapi_types.Date{Time: day},
		State: api.PaperBatchState(b.State), Attempt: b.Attempt, First: unlessZero(b.First), Second: unlessZero(b.Second),
		Keyed: unlessZero(api.KeyingProgress(b.Keyed)), Mine: unlessZero(b.Mine),
		Marked: b.Marked, Declared: b.Declared, Agreed: b.Agreed, Decided: total(b.Decided), Uncounted: total(b.Uncounted),
		TakenAway: b.TakenAway, Missing: b.Missing(), Difference: b.Difference(), Explanation: unlessZero(b.Explanation),
	}
	if b.Mine > 0 {
		told.HandedIn = &b.Handed
	}
	return told
}
