package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/sql/office"
)

// newPost wires mailboxes and letters.
func (w *services) newPost(s settings, store *office.Store, sealer domain.Sealer) (*post.Service, error) {
	c := post.Config{
		Store: store, Sealer: sealer, Site: s.publicURL().Scheme + "://" + s.publicURL().Host, Host: s.publicURL().Hostname(), Zone: w.town,
		Report: func(id int64, m post.Matter, tries int, o post.Outcome, err error) {
			w.reportLetter(id, m, tries, o, err)
		},
	}
	mailer, err := newCarrier(s)
	if err != nil {
		return nil, err
	}
	if mailer != nil {
		c.Carrier = mailer
	}
	return post.New(c), nil
}

// reportLetter logs what went wrong. It names a letter's number and matter,
// never its receiver.
func (w *services) reportLetter(id int64, m post.Matter, tries int, o post.Outcome, err error) {
	if o == "" {
		w.metrics.LetterTried("later")
	} else {
		w.metrics.LetterTried(string(o))
	}
	if err != nil && w.log != nil {
		w.log.Warn(
			"letter not delivered",
			slog.Int64("letter", id),
			slog.String("matter", string(m)),
			slog.Int("tries", tries),
			slog.String("outcome", string(o)),
			slog.String("cause", err.Error()),
		)
	}
}

// roundsEvery is how often the postman looks into the outbox.
const roundsEvery = 2 * time.Second

// carryLetters empties the outbox again and again until ctx ends; a letter that
// is being carried then is carried to its end. Any number of instances may do
// so at once.
func (w *services) carryLetters(ctx context.Context, log *slog.Logger) (wait func()) {
	w.log = log
	if !w.post.Sends() {
		log.Info("no letters are sent: OSBU_SMTP_URL is not set")
		return func() {}
	}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			if more, err := w.post.CarryOne(ctx); err != nil && ctx.Err() == nil {
				log.Error("letters cannot be carried", "error", err.Error())
			} else if more && ctx.Err() == nil {
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(roundsEvery):
			}
		}
	})
	return done.Wait
}
