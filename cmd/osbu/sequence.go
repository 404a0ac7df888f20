package main

import (
	"context"
	"log/slog"
	"time"
)

// Between two looks at what waits for the logs, and how long one may take.
const (
	sequenceEvery   = time.Second
	sequenceTimeout = 50 * time.Second
)

// sequence moves ballots into the logs until ctx ends; a batch that is being
// written then stays where it was, for the next one who looks. What fails is
// told once, and tried again.
func (w *services) sequence(ctx context.Context, log *slog.Logger) (done <-chan struct{}) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(sequenceEvery)
		defer ticker.Stop()
		for told := ""; ; {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			tick, cancel := context.WithTimeout(ctx, sequenceTimeout)
			err := w.sequencer.Tick(tick)
			cancel()
			switch {
			case err == nil:
				told = ""
			case ctx.Err() == nil && err.Error() != told:
				told = err.Error()
				log.Error("ballots wait for the log", "error", told)
			}
		}
	}()
	return ended
}
