package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// forgetEvery is how often it is looked after who came to events that are long over.
const forgetEvery = time.Hour

// forgetSeats takes them away again and again until ctx ends. Any number of instances may do so at once.
func (w *services) forgetSeats(ctx context.Context, log *slog.Logger) (wait func()) {
	var done sync.WaitGroup
	done.Go(func() {
		for {
			switch n, err := w.events.Forget(ctx); {
			case err != nil && ctx.Err() == nil:
				log.Error("seats at past events cannot be forgotten", "error", err.Error())
			case n > 0:
				log.Info("seats at past events are forgotten", "seats", n)
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(forgetEvery):
			}
		}
	})
	return done.Wait
}
