package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"time"

	"osbu/domain"
)

// CodeSignIn is the refusal of a sign-in that the provider or the person did
// not finish.
const CodeSignIn domain.Code = "sign_in_failed"

// Token is the secret in the session cookie: 256 random bits, base64url. Only
// its SHA-256 is kept.
type Token string

// Entry is a session as it is kept.
type Entry struct {
	Token         [32]byte // SHA-256
	Key           [32]byte // of the account: the person reference, or a keyed hash of the subject
	Identified    bool     // Key is the person reference
	Session                // Actor.ID is the store's to set
	Email         []byte   // sealed, as the provider gave it; nil: it gave none
	EmailVerified bool     // by the provider
	Expires       time.Time
	Ends          time.Time // Expires may be moved up to here
}

// Store keeps accounts and sessions.
type Store interface {
	// BeginSession finds the account by its key or makes it, takes over name
	// and language, forgets sessions that expired before now and keeps this
	// one: all of it or nothing.
	BeginSession(ctx context.Context, e Entry, now time.Time) error
	// Session finds an entry by its token's hash; NotFound if there is none
	// that lasts beyond now.
	Session(ctx context.Context, token [32]byte, now time.Time) (Entry, error)
	// ExtendSession moves the expiry; no session is no error.
	ExtendSession(ctx context.Context, token [32]byte, expires time.Time) error
	// EndSession forgets the session; no session is no error.
	EndSession(ctx context.Context, token [32]byte) error
}

// Config is what a Service needs.
type Config struct {
	Store Store
	// Refer turns an identity code into the person's reference, or says that it
	// is none, without quoting it.
	Refer func(identityCode string) (Ref, error)
	// SealEmail seals an e-mail address; nil if it is none. It is kept with the
	// session, until it is of use.
	SealEmail func(address string) []byte
	// Pepper keys the hashes of subjects, 32 bytes.
	Pepper []byte
	Now    func() time.Time
	Rand   io.Reader
	// Idle is how long a session lasts unused, Lifetime how long at most.
	Idle, Lifetime time.Duration
}

// Service signs people in and out.
type Service struct{ c Config }

// New makes a Service.
func New(c Config) *Service { return &Service{c} }

// SignIn begins a session for a person whom the provider has vouched for.
// Invalid, CodeSignIn: what the provider said makes no sense.
func (s *Service) SignIn(ctx context.Context, p Person) (Token, error) {
	e := Entry{Key: s.subjectKey(p.Subject)}
	if p.IdentityCode != "" {
		ref, err := s.c.Refer(p.IdentityCode)
		if err != nil {
			return "", domain.Fail(domain.Invalid, CodeSignIn, "the provider's identity code is not valid")
		}
		e.Key, e.Ref, e.Identified = ref, ref, true
	}
	e.Roles = roles(p)
	e.Areas, e.Divisions = allotted(e.Roles, domain.Facilitator, p.Areas), allotted(e.Roles, domain.Expert, p.Divisions)
	e.Name = displayName(p, e.Staff())
	e.Language = p.Language
	if e.Email = s.c.SealEmail(p.Email); e.Email != nil {
		e.EmailVerified = p.EmailVerified
	}
	if !p.Protected {
		e.Municipality, e.PostalCode = p.Municipality, p.PostalCode
	}
	secret := make([]byte, 32)
	if _, err := io.ReadFull(s.c.Rand, secret); err != nil {
		return "", fmt.Errorf("session token: %w", err)
	}
	token := Token(base64.RawURLEncoding.EncodeToString(secret))
	now := s.c.Now()
	e.Token, e.Expires, e.Ends = hash(token), now.Add(s.c.Idle), now.Add(s.c.Lifetime)
	return token, s.c.Store.BeginSession(ctx, e, now)
}

// Session is who acts under a token, and keeps her signed in. Unauthenticated
// if the token is none, or no more.
func (s *Service) Session(ctx context.Context, t Token) (Session, error) {
	now := s.c.Now()
	e, err := s.c.Store.Session(ctx, hash(t), now)
	if domain.KindOf(err) == domain.NotFound {
		return Session{}, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "the session is over")
	}
	if err != nil {
		return Session{}, err
	}
	expires := now.Add(s.c.Idle)
	if expires.After(e.Ends) {
		expires = e.Ends
	}
	// A write once in a while, not with every request.
	if expires.Sub(e.Expires) > s.c.Idle/10 {
		if err := s.c.Store.ExtendSession(ctx, e.Token, expires); err != nil {
			return Session{}, err
		}
	}
	return e.Session, nil
}

// SignOut ends the session; a token that is none changes nothing.
func (s *Service) SignOut(ctx context.Context, t Token) error {
	return s.c.Store.EndSession(ctx, hash(t))
}

func (s *Service) subjectKey(subject string) [32]byte {
	mac := hmac.New(sha256.New, s.c.Pepper)
	mac.Write([]byte("osbu/subject/v1\x00" + subject))
	return [32]byte(mac.Sum(nil))
}

// roles are the known ones, resident always among them.
func roles(p Person) []domain.Role {
	known := []domain.Role{domain.Resident}
	for _, r := range []domain.Role{domain.Facilitator, domain.Expert, domain.Official} {
		if slices.Contains(p.Roles, r) {
			known = append(known, r)
		}
	}
	return known
}

// allotted is what goes with a role: districts mean something for a facilitator
// only, divisions for an expert.
func allotted(roles []domain.Role, to domain.Role, ids []string) []string {
	if !slices.Contains(roles, to) {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

func hash(t Token) [32]byte { return sha256.Sum256([]byte(t)) }
