package handlers

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/gofiber/fiber/v2"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/polling"
)

// Names of cookies and headers. Where the site has https, cookies are named
// __Host-…: a browser then takes them from this very host alone, by https (RFC
// 6265bis §4.1.3.2), so that another host of the city can put none in our
// place.
const (
	sessionCookie    = "osbu_session"
	kioskCookie      = "osbu_kiosk"
	signInCookie     = "osbu_sign_in"
	hostOnly         = "__Host-"
	headerCSRF       = "X-CSRF-Token"
	headerVotingCode = "X-Voting-Code"
)

// visit is who came with a request to the office; zero for somebody who is
// neither signed in nor holds a code.
type visit struct {
	token      account.Token
	session    account.Session
	votingCode string
	kiosk      [32]byte // of the secret in a kiosk's cookie; zero: this browser is none
	signIn     string   // the sealed cookie of a sign-in under way
	html       bool     // the answer is shown to a person as a page
}

type visitKey struct{}

func visitFrom(ctx context.Context) visit {
	v, _ := ctx.Value(visitKey{}).(visit)
	return v
}

// actorFrom is who is signed in; anonymous for a visitor.
func actorFrom(ctx context.Context) domain.Actor { return visitFrom(ctx).session.Actor }

// enterOffice finds out who comes, holds writes by cookie against forgery, and
// limits the pace.
func (s *Server) enterOffice(c *fiber.Ctx) error {
	v := visit{
		token:      account.Token(c.Cookies(s.cookieName(sessionCookie))),
		votingCode: c.Get(headerVotingCode),
		signIn:     c.Cookies(s.cookieName(signInCookie)),
		html:       strings.Contains(c.Get(fiber.HeaderAccept), "text/html"),
	}
	if len(v.votingCode) > 100 {
		return domain.Fail(domain.Invalid, domain.CodeInvalid, "the header %s is too long", headerVotingCode)
	}
	if secret := c.Cookies(s.cookieName(kioskCookie)); secret != "" {
		v.kiosk = polling.KioskSecret(secret)
	}
	if v.token != "" {
		session, err := s.config.Accounts.Session(c.UserContext(), v.token)
		switch {
		case err == nil:
			v.session = session
		case domain.KindOf(err) == domain.Unauthenticated: // an old cookie makes a visitor
			v.token = ""
		default:
			return err
		}
	}
	if v.token != "" && !isRead(c) {
		if err := s.checkForgery(c, v.token); err != nil {
			return err
		}
	}
	c.SetUserContext(context.WithValue(c.UserContext(), visitKey{}, v))
	return s.limits.office(c, v, s.address(c))
}

// enterBox keeps persons out: a ballot that comes with a cookie could be joined
// to one.
func (s *Server) enterBox(c *fiber.Ctx) error {
	p := policyOf(c)
	if p.Audience == Box && !isRead(c) && len(c.Request().Header.Peek(fiber.HeaderCookie)) > 0 {
		return domain.Fail(domain.Invalid, codeCookie, "send ballots without cookies (credentials: 'omit')")
	}
	if p.Pace == ByReceipt {
		if err := s.limits.looksUp(s.address(c)); err != nil {
			return err
		}
	}
	return c.Next()
}

func isRead(c *fiber.Ctx) bool {
	return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
}

// checkForgery lets a write by cookie pass only with the session's token, and
// only from our own pages where the browser says so.
func (s *Server) checkForgery(c *fiber.Ctx, t account.Token) error {
	refusal := domain.Fail(domain.Forbidden, codeCSRF, "send the session's csrf in %s, from this site", headerCSRF)
	if !hmac.Equal([]byte(c.Get(headerCSRF)), []byte(forgeryToken(t))) {
		return refusal
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" && origin != s.origin() {
		return refusal
	}
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return refusal
	}
	return nil
}

// forgeryToken is derived from the session's secret, so that nothing more needs
// to be kept.
func forgeryToken(t account.Token) string {
	mac := hmac.New(sha256.New, []byte(t))
	mac.Write([]byte("osbu/csrf/v1"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (s *Server) origin() string { return s.config.PublicURL.Scheme + "://" + s.config.PublicURL.Host }

func (s *Server) isHTTPS() bool { return s.config.PublicURL.Scheme == "https" }

func (s *Server) cookieName(name string) string {
	if s.isHTTPS() {
		return hostOnly + name
	}
	return name
}

// cookie makes one that scripts cannot read and other sites do not send with
// writes. One that belongs to the host has no path (our pages speak to the box
// without cookies, and it refuses ballots that come with one).
func (s *Server) cookie(name, value, path string) *fiber.Cookie {
	if s.isHTTPS() {
		path = "/"
	}
	return &fiber.Cookie{
		Name:        s.cookieName(name),
		Value:       value,
		Path:        path,
		HTTPOnly:    true,
		Secure:      s.isHTTPS(),
		SameSite:    fiber.CookieSameSiteLaxMode,
		SessionOnly: true,
	}
}
