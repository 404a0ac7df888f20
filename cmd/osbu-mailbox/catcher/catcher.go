// Package catcher is a mail server that keeps e-mails in memory in place of
// delivering them: for trials and tests.
package catcher

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Email is one that came in.
type Email struct {
	Number      int // from 1
	To          string
	Subject     string
	Header      mail.Header
	Plain, HTML string
}

// most is how many e-mails are kept: the latest.
const most = 1000

// Catcher takes e-mails.
type Catcher struct {
	// Answer, if set, is asked for every e-mail; what it returns is the
	// server's answer to the receiver's name (a *smtp.SMTPError), or to the
	// e-mail if late is true.
	Answer func(to string, late bool) error

	server *smtp.Server
	mu     sync.Mutex
	emails []Email
	count  int
}

// New makes one.
func New() *Catcher {
	c := &Catcher{}
	c.server = smtp.NewServer(
		smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{catcher: c}, nil }),
	)
	c.server.Domain, c.server.ReadTimeout, c.server.WriteTimeout, c.server.MaxMessageBytes = "localhost", time.Minute,
		time.Minute, 1<<20
	return c
}

// Serve takes e-mails from a listener until Close.
func (c *Catcher) Serve(l net.Listener) error { return c.server.Serve(l) }

// Close ends it.
func (c *Catcher) Close() error { return c.server.Close() }

// Emails are those that came in, oldest first.
func (c *Catcher) Emails() []Email {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Email{}, c.emails...)
}

func (c *Catcher) ask(to string, late bool) error {
	c.mu.Lock()
	answer := c.Answer
	c.mu.Unlock()
	if answer == nil {
		return nil
	}
	return answer(to, late)
}

// SetAnswer sets Answer while e-mails may come in.
func (c *Catcher) SetAnswer(f func(to string, late bool) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Answer = f
}

type session struct {
	catcher *Catcher
	to      string
}

func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.catcher.ask(to, false)
}

func (s *session) Data(r io.Reader) error {
	l, err := read(r)
	if err != nil {
		return err
	}
	l.To = s.to
	c := s.catcher
	c.mu.Lock()
	c.count++
	l.Number = c.count
	c.emails = append(c.emails, l)
	if len(c.emails) > most {
		c.emails = c.emails[1:]
	}
	c.mu.Unlock()
	return c.ask(s.to, true)
}

func (s *session) Reset()        { s.to = "" }
func (s *session) Logout() error { return nil }

// read takes an e-mail apart.
func read(r io.Reader) (Email, error) {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return Email{}, err
	}
	l := Email{Header: m.Header}
	if l.Subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		return Email{}, err
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return Email{}, err
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return Email{}, err
		}
		if encoding := part.Header.Get("Content-Transfer-Encoding"); encoding != "quoted-printable" {
			return Email{}, fmt.Errorf("a part is encoded as %q", encoding)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			return Email{}, err
		}
		plain := strings.ReplaceAll(string(text), "\r\n", "\n")
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.HTML = plain
		} else {
			l.Plain = plain
		}
	}
}
