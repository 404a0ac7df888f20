package account

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
)

func TestDisplayName(t *testing.T) {
	for _, one := range []struct {
		full  string
		staff bool
		want  string
	}{
		{"Aino Maria Virtanen", false, "Aino V."},
		{"Aino Maria Virtanen", true, "Aino Maria Virtanen"},
		{"  Åke   von  Ärlig ", false, "Åke Ä."},
		{"aino virtanen", false, "aino V."},
		{"Madonna", false, "Madonna"},
		{"", false, ""},
		{"Li\x00na\n\tTest\u202e", false, "Lina T."},
		{"محمد علي", false, "محمد ع."},
		{strings.Repeat("x", 100), true, strings.Repeat("x", 80)},
	} {
		if got := displayName(Person{Name: one.full}, one.staff); got != one.want {
			t.Errorf("%q became %q, want %q", one.full, got, one.want)
		}
	}
}

// Whose address is protected is named nowhere, in any language; staff act in
// office.
func TestProtectedPeopleAreNotNamed(t *testing.T) {
	for language, want := range map[domain.Language]string{
		domain.Finnish: "Asukas", domain.Swedish: "Invånare",
		domain.English: "Resident", "": "Asukas",
	} {
		if got := displayName(Person{Name: "Kerttu Salainen", Language: language, Protected: true}, false); got != want {
			t.Errorf("%s: %s", language, got)
		}
	}
	if got := displayName(Person{Name: "Kerttu Salainen", Protected: true}, true); got != "Kerttu Salainen" {
		t.Error(got)
	}
}

// shelf keeps what SignIn gives it, or fails.
type shelf struct {
	entry Entry
	err   error
}

func (s *shelf) BeginSession(_ context.Context, e Entry, _ time.Time) error {
	s.entry = e
	return s.err
}

func (s *shelf) Session(context.Context, [32]byte, time.Time) (Entry, error) { return s.entry, s.err }
func (s *shelf) ExtendSession(context.Context, [32]byte, time.Time) error    { return s.err }
func (s *shelf) EndSession(context.Context, [32]byte) error                  { return s.err }

func service(s *shelf) *Service {
	return New(Config{
		Store: s, Pepper: []byte("pepper"), Rand: bytes.NewReader(make([]byte, 1000)),
		Now:  func() time.Time { return time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC) },
		Idle: time.Hour, Lifetime: 8 * time.Hour,
		SealEmail: func(address string) []byte {
			if address == "" {
				return nil
			}
			return []byte("sealed")
		},
		Refer: func(code string) (Ref, error) {
			if code == "wrong" {
				return Ref{}, errors.New("wrong is no identity code")
			}
			return Ref{1, byte(len(code))}, nil
		},
	})
}

func TestSignInKeepsOnlyWhatIsNeeded(t *testing.T) {
	kept := &shelf{}
	token, err := service(kept).SignIn(context.Background(), Person{
		Subject: "iss sub", IdentityCode: "010190-999W", Name: "Pia Piilo",
		Roles: []domain.Role{"official", "admin", "resident"},
		Areas: []string{"southern"}, Municipality: "091", PostalCode: "00530", Protected: true,
		Email: "pia@example.org", EmailVerified: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	e := kept.entry
	if !slices.Equal(e.Roles, []domain.Role{domain.Resident, domain.Official}) || e.Areas != nil {
		t.Errorf("roles %v in %v", e.Roles, e.Areas)
	}
	if e.PostalCode != "" || e.Municipality != "" {
		t.Error("where somebody with a protected address lives is kept")
	}
	if string(e.Email) != "sealed" || !e.EmailVerified {
		t.Errorf("e-mail %q", e.Email)
	}
	if !e.Identified || e.Key != e.Ref || e.Ref.Zero() {
		t.Errorf("key %x, reference %x", e.Key, e.Ref)
	}
	if bytes.Contains(e.Token[:], []byte(token)) || len(token) != 43 || e.Token != hash(token) {
		t.Errorf("token %s kept as %x", token, e.Token)
	}
	if e.Ends.Sub(e.Expires) != 7*time.Hour {
		t.Errorf("expires %v, ends %v", e.Expires, e.Ends)
	}
}

func TestPeopleWithoutIdentityCode(t *testing.T) {
	keys := map[[32]byte]bool{}
	for _, subject := range []string{"iss a", "iss b", "other a"} {
		kept := &shelf{}
		if _, err := service(kept).
			SignIn(context.Background(),
				Person{Subject: subject, Roles: []domain.Role{"facilitator"}, Areas: []string{"b", "a", "b"}}); err != nil {
			t.Fatal(err)
		}
		if kept.entry.Identified || !kept.entry.Ref.Zero() || !slices.Equal(kept.entry.Areas, []string{"a", "b"}) {
			t.Errorf("%s: %+v", subject, kept.entry)
		}
		keys[kept.entry.Key] = true
	}
	if len(keys) != 3 {
		t.Errorf("three people have %d keys", len(keys))
	}
}

func TestWrongIdentityCodeIsNotQuoted(t *testing.T) {
	_, err := service(&shelf{}).SignIn(context.Background(), Person{Subject: "iss sub", IdentityCode: "wrong"})
	if domain.CodeOf(err) != CodeSignIn || strings.Contains(err.Error(), "wrong") {
		t.Error(err)
	}
}

func TestSessionErrors(t *testing.T) {
	down := errors.New("the database is down")
	_, err := service(
		&shelf{err: domain.Fail(domain.NotFound, domain.CodeNotFound, "")},
	).Session(context.Background(), "x")
	if domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("no session is %v", err)
	}
	if _, err := service(&shelf{err: down}).Session(context.Background(), "x"); !errors.Is(err, down) {
		t.Errorf("a database that is down is %v", err)
	}
	if _, err := service(&shelf{err: down}).SignIn(context.Background(), Person{}); !errors.Is(err, down) {
		t.Errorf("a database that is down is %v", err)
	}
}
