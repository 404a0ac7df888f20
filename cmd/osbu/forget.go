package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// forgetEvery is how often it is looked after what nobody needs to know any
// more.
const forgetEvery = time.Hour

// forget takes away who came to events that are long over, and letters that
// were settled long ago, again and again until ctx ends. Any number of
// instances may do so at once.
func (w *services) forget(ctx context.Context, log *slog.Logger) (wait func()) {
	var done sync.WaitGroup
	done.Go(func() {
		for {
			for _, one := range []struct {
				what   string
				forget func(context.Context) (int64, error)
			}{{"seats at past events", w.events.Forget}, {"settled letters", w.post.ForgetLetters}} {
				switch n, err := one.forget(ctx); {
				case err != nil && ctx.Err() == nil:
					log.Error(one.what+" cannot be forgotten", "error", err.Error())
				case n > 0:
					log.Info(one.what+" are forgotten", "number", n)
				}
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
