package handlers

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/handlers/api"
)

// GetSession says who is signed in.
func (s *Server) GetSession(ctx context.Context, _ api.GetSessionRequestObject) (api.GetSessionResponseObject, error) {
	v := visitFrom(ctx)
	answer := api.GetSession200JSONResponse{Roles: []api.Role{}, Areas: []string{}, Divisions: []string{}}
	if v.session.Anonymous() {
		return answer, nil
	}
	answer.SignedIn = true
	answer.Csrf = forgeryToken(v.token)
	answer.Name = &v.session.Name
	answer.Language = new(api.Language(v.session.Language))
	for _, r := range v.session.Roles {
		answer.Roles = append(answer.Roles, api.Role(r))
	}
	answer.Areas = append(answer.Areas, v.session.Areas...)
	answer.Divisions = append(answer.Divisions, v.session.Divisions...)
	if v.session.PostalCode != "" {
		answer.PostalCode = &v.session.PostalCode
	}
	return answer, nil
}

// SignOut ends the session here, and says where the provider ends its own.
func (s *Server) SignOut(ctx context.Context, _ api.SignOutRequestObject) (api.SignOutResponseObject, error) {
	if v := visitFrom(ctx); v.token != "" {
		if err := s.config.Accounts.SignOut(ctx, v.token); err != nil {
			return nil, err
		}
	}
	return signedOut{
		SignOut200JSONResponse: api.SignOut200JSONResponse{Redirect: s.signIn.signOutAddress()},
		cookie:                 s.forget(sessionCookie, sessionPath),
	}, nil
}

// ListSessions says where somebody is signed in.
func (s *Server) ListSessions(
	ctx context.Context,
	_ api.ListSessionsRequestObject,
) (api.ListSessionsResponseObject, error) {
	opened, err := s.config.Accounts.Opened(ctx, visitFrom(ctx).token)
	if err != nil {
		return nil, err
	}
	return api.ListSessions200JSONResponse(list(opened, func(o account.Open) api.OpenSession {
		return api.OpenSession{Here: o.Here, Ends: o.Ends}
	})), nil
}

// SignOutElsewhere ends somebody's other sessions.
func (s *Server) SignOutElsewhere(
	ctx context.Context,
	_ api.SignOutElsewhereRequestObject,
) (api.SignOutElsewhereResponseObject, error) {
	if err := s.config.Accounts.SignOutElsewhere(ctx, visitFrom(ctx).token); err != nil {
		return nil, err
	}
	return api.SignOutElsewhere204Response{}, nil
}

// BeginSignIn sends the browser to the provider.
func (s *Server) BeginSignIn(
	ctx context.Context,
	r api.BeginSignInRequestObject,
) (api.BeginSignInResponseObject, error) {
	var language domain.Language
	if r.Params.Language != nil {
		language = domain.Language(*r.Params.Language)
	}
	journey := newJourney(localPath(value(r.Params.ReturnTo)), s.config.Now())
	address, err := s.signIn.begin(journey, value(r.Params.LoginHint), language)
	if err != nil {
		return s.failedSignIn(ctx, journey.ReturnTo, err)
	}
	sealed, err := journey.seal(s.config.Sealer)
	if err != nil {
		return nil, err
	}
	cookie := s.cookie(signInCookie, sealed, signInPath)
	cookie.SessionOnly, cookie.MaxAge = false, int(journeyTime/time.Second)
	return redirect{to: address, cookies: []*fiber.Cookie{cookie}}, nil
}

// FinishSignIn takes the provider's answer and begins a session.
func (s *Server) FinishSignIn(
	ctx context.Context,
	r api.FinishSignInRequestObject,
) (api.FinishSignInResponseObject, error) {
	done := s.forget(signInCookie, signInPath)
	journey, err := openJourney(s.config.Sealer, visitFrom(ctx).signIn, s.config.Now())
	if err != nil {
		return s.failedSignIn(ctx, "/", err, done)
	}
	person, err := s.signIn.finish(ctx, journey, value(r.Params.State), value(r.Params.Code), value(r.Params.Error))
	if err != nil {
		return s.failedSignIn(ctx, journey.ReturnTo, err, done)
	}
	if old := visitFrom(ctx).token; old != "" { // another person on the same device, or the same once more
		if err := s.config.Accounts.SignOut(ctx, old); err != nil {
			return nil, err
		}
	}
	token, err := s.config.Accounts.SignIn(ctx, person)
	if err != nil {
		return s.failedSignIn(ctx, journey.ReturnTo, err, done)
	}
	return redirect{
		to:      journey.ReturnTo,
		cookies: []*fiber.Cookie{done, s.cookie(sessionCookie, string(token), sessionPath)},
	}, nil
}

const (
	sessionPath = "/api"
	signInPath  = "/api/v1/sign-in"
)

// failedSignIn leads a person's browser back to the page she came from, which
// tells her in her language; programs get the problem itself.
func (s *Server) failedSignIn(
	ctx context.Context,
	returnTo string,
	err error,
	cookies ...*fiber.Cookie,
) (redirect, error) {
	if e, ok := errors.AsType[refusedSignIn](err); ok {
		s.config.Log.LogAttrs(
			ctx,
			slog.LevelWarn,
			"sign-in failed",
			slog.String("reason", e.told.Detail),
			slog.String("cause", e.cause.Error()),
		)
	}
	code := domain.CodeOf(err)
	if code == "" || !visitFrom(ctx).html {
		return redirect{}, err
	}
	return redirect{to: withQuery(returnTo, "problem", string(code)), cookies: cookies}, nil
}

func (s *Server) forget(name, path string) *fiber.Cookie {
	c := s.cookie(name, "", path)
	c.SessionOnly, c.Expires = false, time.Unix(0, 0)
	return c
}

// redirect is a 302 that sets cookies, which the generated answers cannot.
type redirect struct {
	to      string
	cookies []*fiber.Cookie
}

func (r redirect) visit(c *fiber.Ctx) error {
	for _, cookie := range r.cookies {
		c.Cookie(cookie)
	}
	return c.Redirect(r.to, fiber.StatusFound)
}

// VisitBeginSignInResponse implements the generated interface.
func (r redirect) VisitBeginSignInResponse(c *fiber.Ctx) error { return r.visit(c) }

// VisitFinishSignInResponse implements the generated interface.
func (r redirect) VisitFinishSignInResponse(c *fiber.Ctx) error { return r.visit(c) }

type signedOut struct {
	api.SignOut200JSONResponse
	cookie *fiber.Cookie
}

// VisitSignOutResponse implements the generated interface.
func (r signedOut) VisitSignOutResponse(c *fiber.Ctx) error {
	c.Cookie(r.cookie)
	return r.SignOut200JSONResponse.VisitSignOutResponse(c)
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// VisitAskUnsubscriptionResponse implements the generated interface.
func (r redirect) VisitAskUnsubscriptionResponse(c *fiber.Ctx) error { return r.visit(c) }
