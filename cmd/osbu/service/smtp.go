package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"strconv"

	"github.com/wneessen/go-mail"

	"osbu/domain/post"
)

// mailer sends e-mails through the mail server of the settings.
type mailer struct {
	host    string
	options []mail.Option
	from    *netmail.Address
}

// newCarrier reads the settings of mail; nil if there are none. Passwords and
// addresses travel encrypted, except to this machine itself.
func newMailer(s Settings) (*mailer, error) {
	if s.SMTPURL == "" {
		return nil, nil
	}
	u, err := url.Parse(s.SMTPURL)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" ||
		u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf(
			"%sSMTP_URL: want smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465",
			prefix,
		)
	}
	c := &mailer{host: u.Hostname()}
	if c.from, err = netmail.ParseAddress(s.MailFrom); err != nil {
		return nil, fmt.Errorf(
			"%sMAIL_FROM: with %sSMTP_URL want an address, such as OmaStadi <omastadi@example.org>",
			prefix,
			prefix,
		)
	}
	port := map[string]int{"smtp": 587, "smtps": 465}[u.Scheme]
	if u.Port() != "" {
		n, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil {
			return nil, fmt.Errorf("%sSMTP_URL: the port is none", prefix)
		}
		port = int(n)
	}
	site := s.publicURL().Hostname()
	switch {
	case u.Scheme == "smtps":
		c.options = append(c.options, mail.WithSSL())
	case isThisMachine(c.host):
		c.options = append(c.options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		c.options = append(c.options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	c.options = append(c.options, mail.WithPort(port), mail.WithHELO(site))
	if u.User != nil {
		password, _ := u.User.Password()
		c.options = append(
			c.options,
			mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(u.User.Username()),
			mail.WithPassword(password),
		)
	}
	return c, nil
}

func isThisMachine(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Send implements post.Mailer. An e-mail that the server has taken is sent,
// even if saying goodbye fails.
func (c *mailer) Send(ctx context.Context, email post.Message) error {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	m.FromMailAddress(c.from)
	if err := m.To(email.To); err != nil {
		return post.Refusal{Status: 553} // an address that no server takes (RFC 5321 §4.2.3)
	}
	m.Subject(email.Subject)
	m.SetMessageIDWithValue(email.ID)
	m.SetDateWithValue(email.Written)
	m.SetGenHeader(mail.HeaderContentLang, string(email.Language))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's holiday answers it
	if email.Unsubscribe != "" {
		m.SetListUnsubscribe(email.Unsubscribe)
		m.SetListUnsubscribePost()
	}
	m.SetBodyString(mail.TypeTextPlain, email.Plain)
	m.AddAlternativeString(mail.TypeTextHTML, email.HTML)
	client, err := mail.NewClient(c.host, c.options...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() {
		return nil
	}
	return withoutAddress(err)
}

// withoutAddress keeps only codes of what the server says: its words quote the
// receiver.
func withoutAddress(err error) error {
	if e, ok := errors.AsType[*mail.SendError](err); ok {
		if !e.IsTemp() && e.ErrorCode() >= 500 &&
			(e.Reason == mail.ErrSMTPRcptTo || e.Reason == mail.ErrSMTPDataClose) {
			return post.Refusal{Status: e.ErrorCode()}
		}
		return fmt.Errorf("%s: the mail server answers %d %s", e.Reason, e.ErrorCode(), e.EnhancedStatusCode())
	}
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("the mail server cannot be reached: %w", e.Err)
	}
	return errors.New("the mail server cannot be reached, or refuses encryption or sign-in")
}
