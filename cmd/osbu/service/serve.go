package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
)

// Serve serves until ctx ends, then finishes what was accepted.
func Serve(ctx context.Context, s Settings) error {
	if err := s.checkServes(); err != nil {
		return err
	}
	log := newLog(s.LogLevel)
	if most := limitMemory(os.DirFS("/"), os.Getenv("GOMEMLIMIT")); most > 0 {
		log.Info("memory is collected sooner from here on", "bytes", most)
	}
	w, done, err := openServices(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("OSBU_ADDR: %w", err)
	}
	if s.MetricsAddr != "" {
		apart, err := net.Listen("tcp", s.MetricsAddr)
		if err != nil {
			return errors.Join(fmt.Errorf("OSBU_METRICS_ADDR: %w", err), listener.Close())
		}
		defer w.showMetrics(apart, func() time.Time { return time.Now().Truncate(s.ReleaseEvery) })()
	}
	return w.serve(ctx, s, listener, log)
}

// newLog writes JSON lines to standard error. Nobody may put personal data, an
// address or a choice into them.
func newLog(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// showMetrics shows /metrics on a listener of its own, and nothing else, until
// stop.
func (w *services) showMetrics(listener net.Listener, moment func() time.Time) (stop func()) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", w.metrics.Handler(moment))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Close
	return func() { _ = server.Close() }
}

// serve answers on the listener and does the background's work until ctx ends.
// Then: unready, at once or after the delay that a load balancer needs no more
// visitors, requests under way to their end, ballots accepted on disk. All of
// it within the drain timeout. Background work ends at the signal.
func (w *services) serve(ctx context.Context, s Settings, listener net.Listener, log *slog.Logger) error {
	server, err := w.server(s, time.Now, log)
	if err != nil {
		return err
	}
	w.log = log
	group, running := errgroup.WithContext(ctx)
	for _, one := range append(w.workers(log), worker{"log_refusals", logEvery, server.LogRefusals}) {
		w.metrics.Employ(one.name)
		group.Go(func() error {
			one.keep(running, log, w.metrics.Worked)
			return nil
		})
	}
	group.Go(func() error {
		if err := server.App().Listener(listener); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	log.Info("serving", "address", listener.Addr().String(), "url", s.PublicURL)
	<-running.Done()
	if ctx.Err() == nil { // the listener broke
		return errors.Join(group.Wait(), w.close())
	}
	log.Info("draining")
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.DrainTimeout)
	defer cancel()
	server.Drain()
	select {
	case <-time.After(s.DrainDelay):
	case <-drain.Done():
	}
	err = server.App().ShutdownWithContext(drain)
	if err != nil {
		err = fmt.Errorf("requests were still under way after OSBU_DRAIN_TIMEOUT: %w", err)
	}
	_ = listener.Close() // when the signal came before Fiber knew of it
	err = errors.Join(err, group.Wait(), w.close(), server.LogRefusals(context.WithoutCancel(ctx)))
	log.Info("stopped")
	return err
}
