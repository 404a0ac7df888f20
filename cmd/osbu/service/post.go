package service

import (
	"log/slog"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/sql/office"
)

// newPost wires mailboxes and e-mails.
func (w *services) newPost(s Settings, store *office.Store, addresses domain.Sealer) (*post.Service, error) {
	c := post.Config{
		Store: store, Sealer: addresses, Site: s.publicURL().Scheme + "://" + s.publicURL().Host, Host: s.publicURL().
			Hostname(), TimeZone: w.city.TimeZone, Help: w.city.Contact.String(),
		Report: func(id int64, m post.Notification, tries int, o post.Outcome, err error) {
			w.reportEmail(id, m, tries, o, err)
		},
	}
	mailer, err := newMailer(s)
	if err != nil {
		return nil, err
	}
	if mailer != nil {
		c.Mailer = mailer
	}
	return post.New(c), nil
}

// reportEmail logs what went wrong. It names an e-mail's number and
// notification, never its receiver.
func (w *services) reportEmail(id int64, m post.Notification, tries int, o post.Outcome, err error) {
	if o == "" {
		w.metrics.EmailTried("later")
	} else {
		w.metrics.EmailTried(string(o))
	}
	if err != nil && w.log != nil {
		w.log.Warn(
			"e-mail not delivered",
			slog.Int64("email", id),
			slog.String("notification", string(m)),
			slog.Int("tries", tries),
			slog.String("outcome", string(o)),
			slog.String("cause", err.Error()),
		)
	}
}
