package handlers

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"osbu/domain"
)

// apply is the middleware that holds requests to the office and the box to
// their policies. The order is that of cost: whoever is one too many is turned
// away before she is looked up, who may not is refused before her body is
// looked at.
func (s *Server) apply() {
	for _, prefix := range []string{"/api/", "/box/"} {
		s.app.Use(prefix, s.passTurnstile, setHeaders)
	}
	s.app.Use("/api/", newPacking().pack)
	s.app.Use("/api/", s.enterOffice, s.admit, checkBody, s.limits.keeps, answerFresh, newTogether(togetherPause).share)
	s.app.Use("/box/", s.enterBox, checkBody, answerFresh)
}

// passTurnstile turns away whoever is one too many.
func (s *Server) passTurnstile(c *fiber.Ctx) error {
	if t, ok := s.turnstiles[policyOf(c).Crowd]; ok {
		return t.pass(c)
	}
	return c.Next()
}

// setHeaders tells caches and other sites what they may do with the answer. A
// refusal has its own.
func setHeaders(c *fiber.Ctx) error {
	p := policyOf(c)
	switch p.Caching {
	case "", ByAnswer:
		c.Set(fiber.HeaderCacheControl, noStore)
	default:
		c.Set(fiber.HeaderCacheControl, p.Caching)
	}
	if p.Shared {
		c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
		c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	return c.Next()
}

// admit refuses who is not of the operation's audience, and enrols who is: with
// her first act after each sign-in, as what the provider says may have changed.
func (s *Server) admit(c *fiber.Ctx) error {
	audience, v := policyOf(c).Audience, visitFrom(c.UserContext())
	if err := audience.admits(v.session.Actor); err != nil {
		return err
	}
	if audience == SignedIn && !v.session.Enrolled {
		var err error
		if v.session, err = s.config.Accounts.Enrol(c.UserContext(), v.token); err != nil {
			return err
		}
		c.SetUserContext(context.WithValue(c.UserContext(), visitKey{}, v))
	}
	return c.Next()
}

// checkBody refuses bodies that are too long for their operation, compressed,
// or of another kind.
func checkBody(c *fiber.Ctx) error {
	p := policyOf(c)
	length, kind := len(c.Request().Body()), c.Get(fiber.HeaderContentType)
	switch {
	case length > p.takes():
		return fiber.ErrRequestEntityTooLarge
	case len(c.Request().Header.ContentEncoding()) > 0: // Fiber would unpack it without a limit
		return errMediaType
	case length == 0 || p.Media == Unread:
	case p.Media == Octets && kind != fiber.MIMEOctetStream, p.Media == JSON && !isJSON(kind):
		return errMediaType
	}
	return c.Next()
}

func isJSON(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), fiber.MIMEApplicationJSON)
}

// errOtherPolicy is a fault of ours: two ways of finding an operation disagree.
func errOtherPolicy(applied *operation, name string) error {
	if applied == nil {
		return domain.Fail(domain.Internal, codeInternal, "no policy was applied to %s", name)
	}
	return domain.Fail(domain.Internal, codeInternal, "the policy of %s was applied to %s", applied.name, name)
}
