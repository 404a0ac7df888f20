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

// Entry is a session as it is kept. Of somebody who only votes it tells
// nothing: who she is stands in Sealed, under a key that only her cookie has,
// and its end is a whole hour, so that neither a row's content nor its place
// says who came when. Sessions of staff end to the second.
type Entry struct {
	Token   [32]byte // SHA-256
	Account int64    // under which she acts in this session; 0: under none, so far
	Sealed  []byte   // her visit
	Expires time.Time
	Ends    time.Time // Expires may be moved up to here
}

// Account is what is kept of somebody who acts in more than a vote.
type Account struct {
	Key           [32]byte // the person reference, or a keyed hash of the subject
	Identified    bool     // Key is the person reference
	Name          string
	Language      domain.Language
	Facilitator   bool
	Areas         []string // a facilitator's
	Divisions     []string // an expert's
	Roles         []domain.Role
	Email         []byte // sealed, as the provider gave it; nil: it gave none
	EmailVerified bool   // by the provider
}

// Store keeps accounts and sessions.
type Store interface {
	// BeginSession forgets sessions that expired before now and keeps this one,
	// with the account of somebody who works for the city (nil for others), as
	// Enrol does: all of it or nothing.
	BeginSession(ctx context.Context, e Entry, a *Account, now time.Time) error
	// Session finds an entry by its token's hash; NotFound if there is none
	// that lasts beyond now.
	Session(ctx context.Context, token [32]byte, now time.Time) (Entry, error)
	// AccountOf finds an account's number by its key; 0 if there is none.
	AccountOf(ctx context.Context, key [32]byte) (int64, error)
	// Enrol finds the account by its key or makes it, takes over name and
	// language, and has it go with the session, with the address: all of it or
	// nothing. Once more changes nothing.
	Enrol(ctx context.Context, token [32]byte, a Account) (int64, error)
	// ExtendSession moves the expiry; no session is no error.
	ExtendSession(ctx context.Context, token [32]byte, expires time.Time) error
	// EndSession forgets the session; no session is no error.
	EndSession(ctx context.Context, token [32]byte) error
	// SessionsOf are those of an account that last beyond now, the one that lasts
	// longest first.
	SessionsOf(ctx context.Context, account int64, now time.Time) ([]Entry, error)
	// EndOtherSessions forgets those of an account but this one; none is no error.
	EndOtherSessions(ctx context.Context, account int64, but [32]byte) error
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
	Lasts  Lasts
}

// Lasts is how long a session lasts unused, and how long at most. What staff
// may do is worth more, and their roles, which only a sign-in asks for, may
// have ended meanwhile: so they sign in again sooner.
type Lasts struct {
	Idle, Lifetime           time.Duration
	StaffIdle, StaffLifetime time.Duration
}

func (l Lasts) of(staff bool) (idle, lifetime time.Duration) {
	if staff {
		return l.StaffIdle, l.StaffLifetime
	}
	return l.Idle, l.Lifetime
}

// Service signs people in and out.
type Service struct{ c Config }

// New makes a Service.
func New(c Config) *Service { return &Service{c} }

// SignIn begins a session for a person whom the provider has vouched for. Who
// works for the city has an account from then on; others when they first do
// more than vote. Invalid, CodeSignIn: what the provider said makes no sense.
func (s *Service) SignIn(ctx context.Context, p Person) (Token, error) {
	v := visit{Account: Account{Key: s.subjectKey(p.Subject), Language: p.Language}}
	if p.IdentityCode != "" {
		ref, err := s.c.Refer(p.IdentityCode)
		if err != nil {
			return "", domain.Fail(domain.Invalid, CodeSignIn, "the provider's identity code is not valid")
		}
		v.Key, v.Identified = ref, true
	}
	v.Roles = roles(p)
	v.Areas = allotted(v.Roles, domain.Facilitator, p.Areas)
	v.Divisions = allotted(v.Roles, domain.Expert, p.Divisions)
	v.Facilitator = slices.Contains(v.Roles, domain.Facilitator)
	staff := len(v.Roles) > 1
	v.Name = displayName(p, staff)
	if v.Email = s.c.SealEmail(p.Email); v.Email != nil {
		v.EmailVerified = p.EmailVerified
	}
	if !p.Protected {
		v.Municipality, v.PostalCode = p.Municipality, p.PostalCode
	}
	secret := make([]byte, 32)
	if _, err := io.ReadFull(s.c.Rand, secret); err != nil {
		return "", fmt.Errorf("session token: %w", err)
	}
	token := Token(base64.RawURLEncoding.EncodeToString(secret))
	sealed, err := v.seal(token)
	if err != nil {
		return "", err
	}
	now := s.c.Now()
	idle, lifetime := s.c.Lasts.of(staff)
	e := Entry{Token: hash(token), Sealed: sealed, Expires: now.Add(idle), Ends: now.Add(lifetime)}
	if staff {
		return token, s.c.Store.BeginSession(ctx, e, &v.Account, now)
	}
	e.Expires, e.Ends = wholeHour(e.Expires), wholeHour(e.Ends)
	return token, s.c.Store.BeginSession(ctx, e, nil, now)
}

// Session is who acts under a token, and keeps her signed in. Unauthenticated
// if the token is none, or no more.
func (s *Service) Session(ctx context.Context, t Token) (Session, error) {
	e, v, err := s.find(ctx, t)
	if err != nil {
		return Session{}, err
	}
	staff := len(v.Roles) > 1
	idle, _ := s.c.Lasts.of(staff)
	expires := s.c.Now().Add(idle)
	if !staff {
		expires = wholeHour(expires)
	}
	if expires.After(e.Ends) {
		expires = e.Ends
	}
	// A write once in a while, not with every request.
	if expires.Sub(e.Expires) > idle/10 {
		if err := s.c.Store.ExtendSession(ctx, e.Token, expires); err != nil {
			return Session{}, err
		}
	}
	enrolled := e.Account != 0
	if !enrolled {
		if e.Account, err = s.c.Store.AccountOf(ctx, v.Key); err != nil {
			return Session{}, err
		}
	}
	return v.session(e.Account, enrolled), nil
}

// Enrol is Session for somebody who does more than vote: from now on she has an
// account, and this session is of it.
func (s *Service) Enrol(ctx context.Context, t Token) (Session, error) {
	e, v, err := s.find(ctx, t)
	if err != nil {
		return Session{}, err
	}
	if e.Account == 0 {
		if e.Account, err = s.c.Store.Enrol(ctx, e.Token, v.Account); err != nil {
			return Session{}, err
		}
	}
	return v.session(e.Account, true), nil
}

func (s *Service) find(ctx context.Context, t Token) (Entry, visit, error) {
	e, err := s.c.Store.Session(ctx, hash(t), s.c.Now())
	if domain.KindOf(err) == domain.NotFound {
		err = domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "the session is over")
	}
	if err != nil {
		return Entry{}, visit{}, err
	}
	v, err := openVisit(e.Sealed, t)
	return e, v, err
}

// Open is a session that somebody may want to end. Where and on what device it
// was begun is not kept.
type Open struct {
	Here bool      // it is the one in which she asks
	Ends time.Time // at the latest
}

// Opened are the sessions of who acts under a token. Under no account she has
// this one alone: of others who only vote nobody can tell whose they are.
// Unauthenticated if the token is none, or no more.
func (s *Service) Opened(ctx context.Context, t Token) ([]Open, error) {
	here, _, err := s.find(ctx, t)
	if err != nil {
		return nil, err
	}
	entries := []Entry{here}
	if here.Account != 0 {
		if entries, err = s.c.Store.SessionsOf(ctx, here.Account, s.c.Now()); err != nil {
			return nil, err
		}
	}
	opened := make([]Open, len(entries))
	for i, e := range entries {
		opened[i] = Open{Here: e.Token == here.Token, Ends: e.Ends}
	}
	return opened, nil
}

// SignOutElsewhere ends all her sessions but this one. Unauthenticated as
// Opened.
func (s *Service) SignOutElsewhere(ctx context.Context, t Token) error {
	here, _, err := s.find(ctx, t)
	if err != nil || here.Account == 0 {
		return err
	}
	return s.c.Store.EndOtherSessions(ctx, here.Account, here.Token)
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
	for _, r := range []domain.Role{domain.Facilitator, domain.Expert, domain.Officer, domain.HelpDesk, domain.Official} {
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

// wholeHour is the next one, if the time is none itself.
func wholeHour(t time.Time) time.Time { return t.Add(time.Hour - 1).Truncate(time.Hour) }
