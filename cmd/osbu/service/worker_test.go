package service

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// worker is the one of that name.
func (w *world) worker(t *testing.T, name string) worker {
	t.Helper()
	workers := w.workers(slog.New(slog.DiscardHandler))
	at := slices.IndexFunc(workers, func(j worker) bool { return j.name == name })
	if at < 0 {
		t.Fatalf("got no worker %s among %v", name, workers)
	}
	return workers[at]
}

// A job runs at once and then every minute, also after it has failed. What
// fails is logged when it begins to, when it changes, and when it is over.
func TestWorkerKeepsOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answers := []error{nil, errors.New("a"), errors.New("a"), errors.New("b"), nil, nil}
		ctx, stop := context.WithCancel(t.Context())
		began := time.Now()
		var ran, succeeded []time.Duration
		job := worker{"job", time.Minute, func(context.Context) error {
			ran = append(ran, time.Since(began))
			if len(ran) == len(answers) {
				stop()
			}
			return answers[len(ran)-1]
		}}
		var text bytes.Buffer
		log := slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{
			ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			},
		}))
		job.keep(ctx, log, func(string, time.Time) { succeeded = append(succeeded, time.Since(began)) })
		m := time.Minute
		if want := []time.Duration{0, m, 2 * m, 3 * m, 4 * m, 5 * m}; !slices.Equal(ran, want) {
			t.Errorf("got runs at %v, want %v", ran, want)
		}
		if want := []time.Duration{0, 4 * m, 5 * m}; !slices.Equal(succeeded, want) {
			t.Errorf("got successes at %v, want %v", succeeded, want)
		}
		want := `level=ERROR msg="background work fails" worker=job error=a
level=ERROR msg="background work fails" worker=job error=b
level=INFO msg="background work succeeds again" worker=job
`
		if got := text.String(); got != want {
			t.Errorf("got the log\n%s\nwant\n%s", got, want)
		}
	})
}

// A run that the end breaks off has not failed.
func TestWorkerEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		job := worker{"job", time.Minute, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
		var text bytes.Buffer
		job.keep(ctx, slog.New(slog.NewTextHandler(&text, nil)), func(string, time.Time) { t.Error("got a success") })
		if text.Len() > 0 {
			t.Errorf("got a log of %s, want none", &text)
		}
	})
}

// Each job fails by itself: with the table of invitations out of reach,
// everything else is done, images of no proposal go, too.
func TestWorkersDoNotHideEachOther(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	if _, err := w.office.Owner.Exec("ALTER TABLE invitation RENAME TO out_of_reach"); err != nil {
		t.Fatal(err)
	}
	orphan := filepath.Join(w.folder(), strings.Repeat("z", 26), "full.jpg")
	if err := os.MkdirAll(filepath.Dir(orphan), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(orphan, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(orphan, old, old); err != nil {
		t.Fatal(err)
	}
	var names, failed []string
	for _, j := range w.workers(slog.New(slog.DiscardHandler)) {
		names = append(names, j.name)
		if err := j.run(t.Context()); err != nil {
			failed = append(failed, fmt.Sprint(j.name, ": ", err))
		}
	}
	if len(failed) != 1 || !strings.HasPrefix(failed[0], "forget_invitations: ") {
		t.Errorf("got failures %q of %q, want that of forget_invitations alone", failed, names)
	}
	if _, err := os.Stat(orphan); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want the image of no proposal gone", err)
	}
}

// The metrics know every job from the start, and when it last succeeded.
func TestMetricsOfWorkers(t *testing.T) {
	t.Parallel()
	const metric = "osbu_worker_last_success_timestamp_seconds"
	r := run(t, func(*Settings) {})
	response, err := http.Get(r.url + "/healthz") // once the server answers, its workers work
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	page := r.readMetrics(t)
	for _, j := range r.workers(slog.New(slog.DiscardHandler)) {
		if line := metric + `{worker="` + j.name + `"} `; !strings.Contains(page, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	w := newWorld(t)
	w.metrics.Worked("sweep_images", time.UnixMilli(1_700_000_000_250))
	text := w.readMetrics(t)
	if line := metric + `{worker="sweep_images"} 1.70000000025e+09`; !strings.Contains(text, line) {
		t.Errorf("the metrics lack %s", line)
	}
}
