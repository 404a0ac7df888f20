package provider

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// lifetime of a token: nobody uses one twice.
const lifetime = 5 * time.Minute

var errUnknown = errors.New("nothing such is here")

// store keeps a sign-in from its beginning until its code is redeemed.
type store struct {
	Config
	key *ecdsa.PrivateKey

	mu       sync.Mutex
	requests map[string]*request // by id
	codes    map[string]string   // code → id
}

// request is a sign-in under way. Who signs in has said so in its address, and
// so it is done as it begins.
type request struct {
	*oidc.AuthRequest

	id, subject string
	code        string // that redeems it, once there is one
	at          time.Time
}

// GetID and the others are the library's getters.
func (r *request) GetID() string                         { return r.id }
func (r *request) GetACR() string                        { return "" }
func (r *request) GetAMR() []string                      { return nil }
func (r *request) GetAudience() []string                 { return []string{r.ClientID} }
func (r *request) GetAuthTime() time.Time                { return r.at }
func (r *request) GetClientID() string                   { return r.ClientID }
func (r *request) GetNonce() string                      { return r.Nonce }
func (r *request) GetRedirectURI() string                { return r.RedirectURI }
func (r *request) GetResponseType() oidc.ResponseType    { return r.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode    { return r.ResponseMode }
func (r *request) GetScopes() []string                   { return r.Scopes }
func (r *request) GetState() string                      { return r.State }
func (r *request) GetSubject() string                    { return r.subject }
func (r *request) Done() bool                            { return true }
func (r *request) GetCodeChallenge() *oidc.CodeChallenge { return challenge(r.AuthRequest) }

func challenge(r *oidc.AuthRequest) *oidc.CodeChallenge {
	if r.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod}
}

// CreateAuthRequest begins a sign-in.
func (s *store) CreateAuthRequest(_ context.Context, a *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if _, known := s.Claims(a.LoginHint); !known {
		return nil, oidc.ErrAccessDenied().WithDescription("login_hint names nobody")
	}
	r := &request{AuthRequest: a, id: rand.Text(), subject: a.LoginHint, at: time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[r.id] = r
	return r, nil
}

// AuthRequestByID finds a sign-in under way.
func (s *store) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.requests[id]; ok {
		return r, nil
	}
	return nil, errUnknown
}

// AuthRequestByCode finds it by the code that its end gave.
func (s *store) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	id := s.codes[code]
	s.mu.Unlock()
	return s.AuthRequestByID(ctx, id)
}

// SaveAuthCode keeps the code.
func (s *store) SaveAuthCode(_ context.Context, id, code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.requests[id]
	if !ok {
		return errUnknown
	}
	r.code, s.codes[code] = code, id
	return nil
}

// DeleteAuthRequest forgets a sign-in whose code is redeemed.
func (s *store) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.requests[id]; ok {
		delete(s.codes, r.code)
		delete(s.requests, id)
	}
	return nil
}

// CreateAccessToken names one; nobody looks it up again.
func (s *store) CreateAccessToken(context.Context, op.TokenRequest) (id string, until time.Time, err error) {
	return rand.Text(), time.Now().Add(lifetime), nil
}

// CreateAccessAndRefreshTokens refuses: no client may ask for them.
func (s *store) CreateAccessAndRefreshTokens(
	context.Context, op.TokenRequest, string,
) (id, refresh string, until time.Time, err error) {
	return "", "", time.Time{}, op.ErrInvalidRefreshToken
}

// TokenRequestByRefreshToken knows none.
func (s *store) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, op.ErrInvalidRefreshToken
}

// TerminateSession has none to end: every sign-in is one of its own.
func (s *store) TerminateSession(context.Context, string, string) error { return nil }

// RevokeToken has nothing to forget.
func (s *store) RevokeToken(context.Context, string, string, string) *oidc.Error { return nil }

// GetRefreshTokenInfo knows none.
func (s *store) GetRefreshTokenInfo(context.Context, string, string) (subject, id string, err error) {
	return "", "", op.ErrInvalidRefreshToken
}

// signingKey is the one that tokens are signed with.
type signingKey struct {
	key any
	use string
}

// ID and the others are the library's getters.
func (k signingKey) ID() string                                  { return "one" }
func (k signingKey) Key() any                                    { return k.key }
func (k signingKey) Use() string                                 { return k.use }
func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.ES256 }
func (k signingKey) Algorithm() jose.SignatureAlgorithm          { return jose.ES256 }

// SigningKey is the private one.
func (s *store) SigningKey(context.Context) (op.SigningKey, error) {
	return signingKey{s.key, oidc.KeyUseSignature}, nil
}

// SignatureAlgorithms are ES256 alone.
func (s *store) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.ES256}, nil
}

// KeySet is what the client checks tokens with.
func (s *store) KeySet(context.Context) ([]op.Key, error) {
	return []op.Key{signingKey{&s.key.PublicKey, oidc.KeyUseSignature}}, nil
}

// GetClientByClientID knows the one.
func (s *store) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != ClientID {
		return nil, errUnknown
	}
	return client{s.Redirect}, nil
}

// AuthorizeClientIDSecret lets the one client redeem codes.
func (s *store) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != ClientID || subtle.ConstantTimeCompare([]byte(secret), []byte(s.Secret)) != 1 {
		return errors.New("the client's secret is another")
	}
	return nil
}

// SetUserinfoFromScopes adds nothing: see SetUserinfoFromRequest.
func (s *store) SetUserinfoFromScopes(context.Context, *oidc.UserInfo, string, string, []string) error {
	return nil
}

// SetUserinfoFromRequest puts the person's claims into the ID token.
func (s *store) SetUserinfoFromRequest(
	_ context.Context, info *oidc.UserInfo, r op.IDTokenRequest, _ []string,
) error {
	return s.describe(info, r.GetSubject())
}

// SetUserinfoFromToken answers the userinfo endpoint.
func (s *store) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, _, subject, _ string) error {
	return s.describe(info, subject)
}

func (s *store) describe(info *oidc.UserInfo, subject string) error {
	claims, ok := s.Claims(subject)
	if !ok {
		return errUnknown
	}
	info.Subject = subject
	for name, value := range claims {
		info.AppendClaims(name, value)
	}
	return nil
}

// SetIntrospectionFromToken tells nothing.
func (s *store) SetIntrospectionFromToken(
	context.Context, *oidc.IntrospectionResponse, string, string, string,
) error {
	return errUnknown
}

// GetPrivateClaimsFromScopes has none for access tokens.
func (s *store) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

// GetKeyByIDAndClientID knows no client's keys.
func (s *store) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errUnknown
}

// ValidateJWTProfileScopes allows none: no client signs its requests.
func (s *store) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errUnknown
}

// Health is always good.
func (s *store) Health(context.Context) error { return nil }

// client is osbu.
type client struct{ redirect string }

// GetID and the others are the library's getters.
func (c client) GetID() string                       { return ClientID }
func (c client) RedirectURIs() []string              { return []string{c.redirect} }
func (c client) PostLogoutRedirectURIs() []string    { return nil }
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c client) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

func (c client) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c client) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration       { return lifetime }
func (c client) DevMode() bool                        { return true } // http on the loopback
func (c client) IDTokenUserinfoClaimsAssertion() bool { return true }
func (c client) ClockSkew() time.Duration             { return 0 }

// LoginURL leads straight back: there is nothing to fill in.
func (c client) LoginURL(id string) string { return "/authorize/callback?id=" + id }

// RestrictAdditionalIdTokenScopes lets what is allowed pass.
func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return slices.Clone[[]string]
}

// RestrictAdditionalAccessTokenScopes likewise.
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return slices.Clone[[]string]
}

// IsScopeAllowed knows no scopes beyond the standard's.
func (c client) IsScopeAllowed(string) bool { return false }
