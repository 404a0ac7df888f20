package roll

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"sync/atomic"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// errGivenUp ends the work on an upload that an official has dropped.
var errGivenUp = errors.New("the upload was given up")

// WorkUploads does what waits to be done with uploads, one after another, and
// sweeps those that nobody will come back to. At each beat the upload that it
// works on is told how far it has come, and asked whether it is still wanted;
// beats more than leaseTime apart lose it. When ctx ends the work is broken
// off: the roll is as it was, and the file is gone.
func (s *Service) WorkUploads(ctx context.Context, beat <-chan time.Time) error {
	all, now, err := s.uploads.Uploads(ctx)
	if err != nil {
		return err
	}
	var failures []error
	for _, u := range all {
		switch {
		case u.stale(now):
			failures = append(failures, s.sweepUpload(ctx, u.Round))
		case u.State.works() && u.Lease.IsZero():
			failures = append(failures, s.workUpload(ctx, u, beat))
		}
	}
	return errors.Join(failures...)
}

// stale tells whether it is swept.
func (u *Upload) stale(now time.Time) bool {
	switch {
	case u.State.works():
		return u.lapsed(now)
	case u.State.HasFile():
		return now.Sub(u.At) > keepFile
	}
	return now.Sub(u.At) > keepResult
}

// sweepUpload takes away what is stale, its file first.
func (s *Service) sweepUpload(ctx context.Context, id string) error {
	return s.uploads.ChangeUpload(ctx, id, func(_ round.Round, u *Upload, now time.Time) (*Upload, error) {
		switch {
		case u == nil || !u.stale(now):
			return u, nil
		case u.State.works():
			return u.settled(Interrupted, now), nil
		}
		return nil, nil
	})
}

func (u *Upload) settled(state UploadState, now time.Time) *Upload {
	w := *u
	w.State, w.At, w.Lease = state, now, time.Time{}
	return &w
}

// workUpload claims the upload, if no other server has, and imports it.
func (s *Service) workUpload(ctx context.Context, u Upload, beat <-chan time.Time) error {
	claimed := false
	err := s.uploads.ChangeUpload(ctx, u.Round, func(_ round.Round, at *Upload, now time.Time) (*Upload, error) {
		if claimed = at != nil && at.ID == u.ID && at.State == u.State && at.Lease.IsZero(); claimed {
			at.Lease = now.Add(leaseTime)
		}
		return at, nil
	})
	if err != nil || !claimed {
		return err
	}
	working, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	var read atomic.Int64
	over, beaten := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(beaten)
		s.keepUpload(working, giveUp, u, &read, beat, over)
	}()
	file := &uploadReader{ctx: working, service: s, upload: u}
	in := Import{
		Round: u.Round, File: file, Command: u.Taker, RemoveUpTo: u.RemoveUpTo, Upload: u.ID,
		Read: func(share float64) { read.Store(int64(share * float64(u.Size))) },
	}
	if u.State == Checking {
		in.Check, in.RemoveUpTo, in.Upload = true, math.MaxInt, ""
	}
	change, err := s.Import(working, in)
	close(over)
	<-beaten
	return s.settleUpload(ctx, u, change, err, context.Cause(working))
}

// keepUpload tells at each beat how far the work has come, until it is over.
func (s *Service) keepUpload(
	ctx context.Context,
	giveUp context.CancelCauseFunc,
	u Upload,
	read *atomic.Int64,
	beat <-chan time.Time,
	over <-chan struct{},
) {
	for {
		select {
		case <-over:
			return
		case <-ctx.Done():
			return
		case <-beat:
		}
		err := s.uploads.ChangeUpload(ctx, u.Round, func(_ round.Round, at *Upload, now time.Time) (*Upload, error) {
			if at == nil || at.ID != u.ID || at.State != u.State {
				return at, errGivenUp
			}
			at.Read, at.Lease = read.Load(), now.Add(leaseTime)
			return at, nil
		})
		// Any other failure is for the work itself to meet, and one that lasts
		// loses the lease.
		if errors.Is(err, errGivenUp) {
			giveUp(errGivenUp)
			return
		}
	}
}

// settleTime bounds how long a server that stops goes on to say so.
const settleTime = 5 * time.Second

// settleUpload keeps what came of the work; what was taken said so itself.
func (s *Service) settleUpload(ctx context.Context, u Upload, change Change, failure, stopped error) error {
	state, result := Checked, UploadResult{Change: change}
	var unknown error
	faults, faulty := errors.AsType[Faults](failure)
	refusal, refused := errors.AsType[*domain.Error](failure)
	switch {
	case failure == nil && u.State == Taking, errors.Is(stopped, errGivenUp),
		refused && refusal.Code == domain.CodeEdited: // given up in the last moment
		return nil
	case failure == nil:
	case ctx.Err() != nil:
		state = Interrupted
	case faulty:
		state = WithFaults
		result.Faults, result.Total = faults.First[:min(len(faults.First), mostTold)], faults.Total
	case refused:
		state, result.Refusal = Refused, refusal.Code
	default:
		state, unknown = Failed, failure
	}
	settling, done := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer done()
	err := s.uploads.ChangeUpload(settling, u.Round, func(_ round.Round, at *Upload, now time.Time) (*Upload, error) {
		if at == nil || at.ID != u.ID || at.State != u.State {
			return at, nil
		}
		at = at.settled(state, now)
		at.Result = result
		return at, nil
	})
	return errors.Join(unknown, err)
}

// uploadReader reads the parts of an upload one after another.
type uploadReader struct {
	ctx     context.Context //nolint:containedctx // an io.Reader is not given one
	service *Service
	upload  Upload
	number  int // of the part in hand
	part    bytes.Reader
}

// Read implements io.Reader.
func (r *uploadReader) Read(p []byte) (int, error) {
	if r.part.Len() == 0 {
		if int64(r.number)*PartBytes >= r.upload.Size {
			return 0, io.EOF
		}
		r.number++
		sealed, err := r.service.uploads.Part(r.ctx, r.upload.Round, r.upload.ID, r.number)
		if err != nil {
			return 0, err
		}
		data, err := r.service.uploadSealer.Unseal(sealed, partContext(r.upload.ID, r.number))
		if err != nil {
			return 0, err
		}
		r.part.Reset(data)
	}
	return r.part.Read(p)
}
