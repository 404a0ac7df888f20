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
	entry   Entry
	account *Account // as it was enrolled
	err     error
}

func (s *shelf) BeginSession(_ context.Context, e Entry, a *Account, _ time.Time) error {
	s.entry, s.account = e, a
	return s.err
}

func (s *shelf) Session(context.Context, [32]byte, time.Time) (Entry, error) { return s.entry, s.err }
func (s *shelf) ExtendSession(context.Context, [32]byte, time.Time) error    { return s.err }
func (s *shelf) EndSession(context.Context, [32]byte) error                  { return s.err }

func (s *shelf) SessionsOf(context.Context, int64, time.Time) ([]Entry, error) {
	return []Entry{s.entry}, s.err
}

func (s *shelf) EndOtherSessions(context.Context, int64, [32]byte) error { return s.err }

func (s *shelf) AccountOf(context.Context, [32]byte) (int64, error) { return s.entry.Account, s.err }

func (s *shelf) Enrol(_ context.Context, _ [32]byte, a Account) (int64, error) {
	s.account, s.entry.Account = &a, 7
	return 7, s.err
}

func service(s *shelf) *Service {
	return New(Config{
		Store: s, Pepper: []byte("pepper"), Rand: bytes.NewReader(make([]byte, 1000)),
		Now:   func() time.Time { return time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC) },
		Lasts: Lasts{time.Hour, 8 * time.Hour, 30 * time.Minute, 7*time.Hour + 30*time.Minute},
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
	e, a := kept.entry, kept.account
	v, err := openVisit(e.Sealed, token)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(v.Roles, []domain.Role{domain.Resident, domain.Official}) || v.Areas != nil {
		t.Errorf("roles %v in %v", v.Roles, v.Areas)
	}
	if v.PostalCode != "" || v.Municipality != "" {
		t.Error("where somebody with a protected address lives is kept")
	}
	if a == nil || string(a.Email) != "sealed" || !a.EmailVerified || !a.Identified || a.Key == [32]byte{} {
		t.Errorf("account %+v", a)
	}
	if bytes.Contains(e.Token[:], []byte(token)) || len(token) != 43 || e.Token != hash(token) {
		t.Errorf("token %s kept as %x", token, e.Token)
	}
	if e.Ends.Sub(e.Expires) != 7*time.Hour {
		t.Errorf("expires %v, ends %v", e.Expires, e.Ends)
	}
}

// Of people who only vote nothing is kept that tells who they are, when they
// came, or one from another: no account, and a session that only their own
// cookie opens, of one length and to the hour.
func TestVotersLeaveNoTrace(t *testing.T) {
	lengths := map[int]bool{}
	for _, p := range []Person{
		{IdentityCode: "1", Name: "Aino Virtanen", Municipality: "091"},
		{IdentityCode: "22", Name: strings.Repeat("Å", 80), Language: domain.Finnish, PostalCode: "00530", Email: "a@b"},
	} {
		kept := &shelf{}
		s := service(kept)
		s.c.Now = func() time.Time { return time.Date(2026, 10, 1, 12, 34, 56, 789, time.UTC) }
		token, err := s.SignIn(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if kept.account != nil || kept.entry.Account != 0 {
			t.Errorf("an account: %+v", kept.account)
		}
		if want := time.Date(2026, 10, 1, 14, 0, 0, 0, time.UTC); !kept.entry.Expires.Equal(want) {
			t.Errorf("expires %v, want %v", kept.entry.Expires, want)
		}
		if _, err := openVisit(kept.entry.Sealed, token+"x"); err == nil {
			t.Error("another cookie opens it")
		}
		lengths[len(kept.entry.Sealed)] = true
		session, err := s.Session(t.Context(), token)
		if err != nil || session.ID != domain.NoAccount || session.Ref.Zero() || session.Anonymous() {
			t.Errorf("%v: %+v", err, session)
		}
		for range 2 { // once more changes nothing
			if session, err = s.Enrol(t.Context(), token); err != nil || session.ID != 7 || kept.account.Key != session.Ref {
				t.Errorf("%v: %+v", err, session)
			}
		}
	}
	if len(lengths) != 1 {
		t.Errorf("lengths %v tell people apart", lengths)
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
		a := kept.account
		if a.Identified || !a.Facilitator || !slices.Equal(a.Areas, []string{"a", "b"}) {
			t.Errorf("%s: %+v", subject, a)
		}
		keys[a.Key] = true
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
