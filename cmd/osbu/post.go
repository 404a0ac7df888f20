package main

import (
	"log/slog"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/sql/office"
)

// newPost wires mailboxes and letters.
func (w *services) newPost(s settings, store *office.Store, sealer domain.Sealer) (*post.Service, error) {
	c := post.Config{
		Store: store, Sealer: sealer, Site: s.publicURL().Scheme + "://" + s.publicURL().Host, Host: s.publicURL().Hostname(), TimeZone: w.city.TimeZone,
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
