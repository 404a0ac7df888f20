package service

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"osbu/domain/retention"
)

// worker does one job of the background again and again. Any number of
// instances may have the same worker at once.
type worker struct {
	name  string        // in the log and in the metrics
	every time.Duration // from the beginning of one run to that of the next
	run   func(context.Context) error
}

// keep runs the job at once and then every so often until ctx ends; a run that
// is under way then is waited for, and its failure is the end's. A failing job
// is tried again at its next turn. succeeded is called after each run that did
// not fail. What fails in the same words as before is not logged again, so that
// a log that somebody must read does not repeat itself every second.
func (j worker) keep(ctx context.Context, log *slog.Logger, succeeded func(worker string, at time.Time)) {
	ticker := time.NewTicker(j.every)
	defer ticker.Stop()
	for failure := ""; ; {
		switch err := j.run(ctx); {
		case err == nil:
			succeeded(j.name, time.Now())
			if failure != "" {
				log.Info("background work succeeds again", "worker", j.name)
			}
			failure = ""
		case ctx.Err() == nil && err.Error() != failure:
			failure = err.Error()
			log.Error("background work fails", "worker", j.name, "error", failure)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if ctx.Err() != nil { // both were ready
			return
		}
	}
}

const (
	// A batch that waits is noticed within sequenceEvery. sequenceTime bounds
	// one look: what it has not written by then stays where it was.
	sequenceEvery = time.Second
	sequenceTime  = 50 * time.Second
	// The outbox is looked into this often.
	sendEvery = 2 * time.Second
	// The numbers of open votes are counted this often when nobody looks; a
	// day's first are this late after midnight at most.
	countEvery = time.Minute
	// What is told at an hour is looked for this often.
	tellEvery = 10 * time.Minute
	// A line for each sort of refusal is written this often.
	logEvery = time.Minute
	// Steps that a crash has left out of the public log are looked for this
	// often.
	vouchEvery = time.Minute
	// A roll's file that an official has sent is noticed within importEvery, and
	// whoever watches its import sees it move as often.
	importEvery = time.Second
	// What nobody needs any more is looked for this often.
	forgetEvery = time.Hour
)

// workers are everything that is done while the server runs without anybody
// asking for it. Each job fails by itself.
func (w *services) workers(log *slog.Logger) []worker {
	workers := []worker{
		{"count", countEvery, w.records.Watch},
		{"sequence", sequenceEvery, w.sequence},
		{"destroy_keys", countEvery, w.destroyKeys},
		{"import_rolls", importEvery, w.importRolls},
		{"keep_turnout", countEvery, w.statistics.Keep},
		{"vouch", vouchEvery, w.rounds.Vouch},
		{"forget_seats", forgetEvery, forgetting(log, "seats at past events", w.events.Forget)},
		{"forget_emails", forgetEvery, forgetting(log, "settled e-mails", w.post.ForgetEmails)},
		{"forget_invitations", forgetEvery, w.authorship.ForgetInvitations},
		{"forget_claim_codes", forgetEvery, func(ctx context.Context) error {
			return w.assisted.ForgetClaimEmails(ctx, time.Now())
		}},
		{"retention", forgetEvery, w.forgets(log).Run},
		{"sweep_images", forgetEvery, forgetting(log, "images of no proposal", func(ctx context.Context) (int64, error) {
			n, err := w.gallery.Sweep(ctx, time.Now())
			return int64(n), err
		})},
	}
	if w.post.Sends() {
		return append(workers,
			worker{"tell_staff", countEvery, w.post.TellStaff},
			worker{"tell_authors", tellEvery, w.post.TellAuthors},
			worker{"remind", tellEvery, w.reminders.Remind},
			worker{"send", sendEvery, w.emptyOutbox})
	}
	log.Info("no e-mails are sent: OSBU_SMTP_URL is not set")
	return workers
}

// sequence moves ballots that have waited into the logs, and mixes the rights
// that were spent for them: two orders, of which neither may be left.
func (w *services) sequence(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sequenceTime)
	defer cancel()
	return errors.Join(w.roll.Mix(ctx, false), w.sequencer.Tick(ctx))
}

// importRolls checks and takes the files that officials sent to the page.
func (w *services) importRolls(ctx context.Context) error {
	beat := time.NewTicker(importEvery)
	defer beat.Stop()
	return w.roll.WorkUploads(ctx, beat.C)
}

// forgets takes personal data away as the city's table says.
func (w *services) forgets(log *slog.Logger) *retention.Service {
	return retention.New(w.retention, w.city.Retention, func(data retention.Data, n int64) {
		log.Info("forgotten: "+string(data)+" of a round", "number", n)
	})
}

// emptyOutbox sends e-mails until none is due or ctx ends; one that is being
// sent then is sent to its end.
func (w *services) emptyOutbox(ctx context.Context) error {
	for more := true; more && ctx.Err() == nil; {
		var err error
		if more, err = w.post.SendOne(ctx); err != nil {
			return err
		}
	}
	return nil
}

// forgetting logs how many of them a job took away, if any.
func forgetting(
	log *slog.Logger,
	what string,
	forget func(context.Context) (int64, error),
) func(context.Context) error {
	return func(ctx context.Context) error {
		n, err := forget(ctx)
		if n > 0 {
			log.Info("forgotten: "+what, "number", n)
		}
		return err
	}
}
