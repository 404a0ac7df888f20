package handlers

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"osbu/domain"
	"osbu/domain/account"
)

// SignIn names the OpenID provider and says which of its claims mean what. A
// claim inside another is written with dots.
type SignIn struct {
	Issuer, ClientID, ClientSecret string
	Scopes                         []string
	Claims                         Claims
	Language                       domain.Language // of people whose provider names none of ours
	Levels                         Levels
}

// Levels are the levels of assurance (OpenID Connect Core 1.0 §2, acr) of which
// a sign-in has to have one; none is any.
type Levels struct{ Everybody, Staff []string }

// codeWeak is the refusal of a sign-in of a lower level than demanded.
const codeWeak domain.Code = "sign_in_too_weak"

// suffice is nil if a person with such roles has signed in well enough.
func (l Levels) suffice(roles []domain.Role, acr string) error {
	for _, wanted := range []struct {
		levels []string
		of     bool
	}{{l.Everybody, true}, {l.Staff, worksForCity(domain.Actor{Roles: roles})}} {
		if wanted.of && len(wanted.levels) > 0 && !slices.Contains(wanted.levels, acr) {
			return domain.Fail(domain.Forbidden, codeWeak, "sign in by a stronger method")
		}
	}
	return nil
}

func worksForCity(a domain.Actor) bool { return a.Staff() || a.Polls() || a.Is(domain.HelpDesk) }

// wanted are those to ask the provider for: staff's, where staff are on their
// way in.
func (l Levels) wanted(returnTo string) []string {
	for _, pages := range []string{"/desk", "/office", "/polling", "/help-desk"} {
		if len(l.Staff) > 0 && (returnTo == pages || strings.HasPrefix(returnTo, pages+"/")) {
			return l.Staff
		}
	}
	return l.Everybody
}

// Claims are the names of the provider's claims; an empty name means that it
// has none such.
type Claims struct {
	IdentityCode, Municipality, PostalCode, Name, Roles, Language, Areas, Divisions, Protected, Email, EmailVerified string
}

// journeyTime is how long a person may take at the provider.
const journeyTime = 15 * time.Minute

// provider talks to the OpenID provider (OpenID Connect Core 1.0, code flow
// with PKCE). It is discovered when first needed, and again until that
// succeeds: a provider that is down must keep nobody from reading.
type provider struct {
	c         SignIn
	publicURL *url.URL
	now       func() time.Time
	http      *http.Client

	discovered atomic.Pointer[oidc.Provider]
	attempt    singleflight.Group // however many people wait for it
}

func newProvider(c SignIn, publicURL *url.URL, now func() time.Time) *provider {
	return &provider{c: c, publicURL: publicURL, now: now, http: &http.Client{Timeout: 10 * time.Second}}
}

// discover reads the provider's configuration. What it returns keeps the
// context for fetching keys later, so that is not the request's.
func (p *provider) discover() (*oidc.Provider, error) {
	if found := p.discovered.Load(); found != nil {
		return found, nil
	}
	if p.c.Issuer == "" {
		return nil, domain.Fail(domain.Busy, account.CodeSignIn, "no sign-in is set up (OSBU_OIDC_ISSUER)")
	}
	_, err, _ := p.attempt.Do("discover", func() (any, error) {
		found, err := oidc.NewProvider(oidc.ClientContext(context.Background(), p.http), p.c.Issuer)
		if err == nil {
			p.discovered.Store(found)
		}
		return nil, err
	})
	if err != nil {
		return nil, refusedSignIn{
			domain.Fail(domain.Busy, account.CodeSignIn, "the sign-in provider does not answer"),
			err,
		}
	}
	return p.discovered.Load(), nil
}

func (p *provider) client(found *oidc.Provider) oauth2.Config {
	return oauth2.Config{
		ClientID:     p.c.ClientID,
		ClientSecret: p.c.ClientSecret,
		Endpoint:     found.Endpoint(),
		RedirectURL:  p.publicURL.JoinPath("/api/v1/sign-in/callback").String(),
		Scopes:       p.c.Scopes,
	}
}

// begin is the address to send the browser to.
func (p *provider) begin(j journey, hint string, language domain.Language) (string, error) {
	found, err := p.discover()
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(j.Nonce), oauth2.S256ChallengeOption(j.Verifier)}
	if levels := p.c.Levels.wanted(j.ReturnTo); len(levels) > 0 {
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(levels, " ")))
	}
	if hint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", hint))
	}
	if language != "" {
		options = append(options, oauth2.SetAuthURLParam("ui_locales", string(language)))
	}
	client := p.client(found)
	return client.AuthCodeURL(j.State, options...), nil
}

// finish redeems the code and reads the person from the claims. No claim's
// value goes into an error: one of them is the identity code.
func (p *provider) finish(ctx context.Context, j journey, state, code, refusal string) (account.Person, error) {
	if state == "" || state != j.State {
		return account.Person{}, errSignIn("this answer belongs to another sign-in")
	}
	if refusal != "" || code == "" {
		return account.Person{}, errSignIn("the provider signed nobody in")
	}
	found, err := p.discover()
	if err != nil {
		return account.Person{}, err
	}
	client := p.client(found)
	ctx = oidc.ClientContext(ctx, p.http)
	token, err := client.Exchange(ctx, code, oauth2.VerifierOption(j.Verifier))
	if err != nil {
		return account.Person{}, refusedSignIn{errSignIn("the provider does not redeem the code"), withoutBody(err)}
	}
	raw, _ := token.Extra("id_token").(string)
	verified, err := found.Verifier(&oidc.Config{ClientID: p.c.ClientID, Now: p.now}).Verify(ctx, raw)
	if err == nil && verified.Nonce != j.Nonce {
		err = errors.New("another nonce")
	}
	if err != nil {
		return account.Person{}, refusedSignIn{errSignIn("the provider's token is not valid here"), err}
	}
	claims := map[string]any{}
	if err := verified.Claims(&claims); err != nil {
		return account.Person{}, errSignIn("the provider's claims cannot be read")
	}
	acr := text(claims["acr"]) // of the signed token alone
	if err := p.addUserInfo(ctx, found, token, verified.Subject, claims); err != nil {
		return account.Person{}, err
	}
	person := p.person(verified.Issuer+" "+verified.Subject, claims)
	return person, p.c.Levels.suffice(person.Roles, acr)
}

// addUserInfo asks for what the ID token lacks. Its answer counts only for the
// same subject (OpenID Connect Core 1.0 §5.3.2).
func (p *provider) addUserInfo(
	ctx context.Context,
	found *oidc.Provider,
	token *oauth2.Token,
	subject string,
	claims map[string]any,
) error {
	if found.UserInfoEndpoint() == "" || p.c.Claims.IdentityCode == "" ||
		claim(claims, p.c.Claims.IdentityCode) != nil {
		return nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err == nil && info.Subject != subject {
		err = errors.New("another subject")
	}
	if err != nil {
		return refusedSignIn{errSignIn("the provider does not tell who signed in"), withoutBody(err)}
	}
	more := map[string]any{}
	if err := info.Claims(&more); err != nil {
		return errSignIn("the provider's claims cannot be read")
	}
	for name, v := range more {
		if _, known := claims[name]; !known {
			claims[name] = v
		}
	}
	return nil
}

func (p *provider) person(subject string, claims map[string]any) account.Person {
	names := p.c.Claims
	person := account.Person{
		Subject:       subject,
		IdentityCode:  text(claim(claims, names.IdentityCode)),
		Name:          text(claim(claims, names.Name)),
		Language:      cmp.Or(language(text(claim(claims, names.Language))), p.c.Language),
		Areas:         texts(claim(claims, names.Areas)),
		Divisions:     texts(claim(claims, names.Divisions)),
		Municipality:  text(claim(claims, names.Municipality)),
		PostalCode:    text(claim(claims, names.PostalCode)),
		Protected:     truth(claim(claims, names.Protected)),
		Email:         text(claim(claims, names.Email)),
		EmailVerified: truth(claim(claims, names.EmailVerified)),
	}
	for _, r := range texts(claim(claims, names.Roles)) {
		person.Roles = append(person.Roles, domain.Role(r))
	}
	return person
}

// signOutAddress is where the provider ends its own session (OpenID Connect
// RP-Initiated Logout 1.0), or our front page if it cannot say. The client is
// named by client_id: an id_token_hint would be a token with the identity code,
// kept for hours and sent through the browser.
func (p *provider) signOutAddress() string {
	home := p.publicURL.JoinPath("/").String()
	found, err := p.discover()
	if err != nil {
		return home
	}
	var metadata struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := found.Claims(&metadata); err != nil || metadata.EndSession == "" {
		return home
	}
	address, err := url.Parse(metadata.EndSession)
	if err != nil {
		return home
	}
	query := address.Query()
	query.Set("client_id", p.c.ClientID)
	query.Set("post_logout_redirect_uri", home)
	address.RawQuery = query.Encode()
	return address.String()
}

func errSignIn(detail string) *domain.Error {
	return domain.Fail(domain.Invalid, account.CodeSignIn, "%s", detail)
}

// refusedSignIn is what the person is told, with a cause that only the log
// gets: without it nobody can set a provider up.
type refusedSignIn struct {
	told  *domain.Error
	cause error
}

func (r refusedSignIn) Error() string { return r.told.Error() }

// Unwrap gives what the person is told.
func (r refusedSignIn) Unwrap() error { return r.told }

// withoutBody keeps the provider's answer, which may hold tokens or claims, out
// of the cause.
func withoutBody(err error) error {
	if e, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return fmt.Errorf("status %d %s", e.Response.StatusCode, e.ErrorCode)
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return errors.New("an answer that is none")
}

// journey is what must survive while the browser is at the provider. It travels
// in a sealed cookie.
type journey struct {
	State, Nonce, Verifier string
	ReturnTo               string
	Until                  time.Time
}

const journeySeal = "sign-in under way"

func newJourney(returnTo string, now time.Time) journey {
	return journey{
		State:    oauth2.GenerateVerifier(), // 256 random bits each
		Nonce:    oauth2.GenerateVerifier(),
		Verifier: oauth2.GenerateVerifier(),
		ReturnTo: returnTo,
		Until:    now.Add(journeyTime),
	}
}

func (j journey) seal(s domain.Sealer) (string, error) {
	plain, err := json.Marshal(j)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.Seal(plain, journeySeal)), nil
}

func openJourney(s domain.Sealer, cookie string, now time.Time) (journey, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil || cookie == "" {
		return journey{}, errSignIn("no sign-in is under way in this browser")
	}
	plain, err := s.Unseal(sealed, journeySeal)
	if err != nil {
		return journey{}, errSignIn("no sign-in is under way in this browser")
	}
	var j journey
	if err := json.Unmarshal(plain, &j); err != nil || now.After(j.Until) {
		return journey{}, errSignIn("the sign-in took too long")
	}
	return j, nil
}

// localPath lets only paths of this site through: another site's address,
// however it is dressed up, becomes the front page.
func localPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.User != nil ||
		!strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t\x00") ||
		strings.Contains(u.Path, "//") || strings.HasPrefix(u.Path, "/api/") {
		return "/"
	}
	return u.String()
}

// withQuery adds a parameter to a local path.
func withQuery(path, name, v string) string {
	u, err := url.Parse(path)
	if err != nil {
		return "/"
	}
	q := u.Query()
	q.Set(name, v)
	u.RawQuery = q.Encode()
	return u.String()
}

// claim finds a claim by its name, or by its dotted path.
func claim(claims map[string]any, name string) any {
	if name == "" {
		return nil
	}
	if v, ok := claims[name]; ok {
		return v
	}
	first, rest, dotted := strings.Cut(name, ".")
	if inner, ok := claims[first].(map[string]any); ok && dotted {
		return claim(inner, rest)
	}
	return nil
}

func text(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(strings.ReplaceAll(s, "\x00", ""))
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.Fields(v)
	case []any:
		var list []string
		for _, one := range v {
			if s := text(one); s != "" {
				list = append(list, s)
			}
		}
		return list
	}
	return nil
}

func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1"
	}
	return false
}

// language reads a BCP 47 tag such as sv-FI; empty unless it is one of ours.
func language(tag string) domain.Language {
	first, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	switch l := domain.Language(first); l {
	case domain.Finnish, domain.Swedish, domain.English:
		return l
	}
	return ""
}
