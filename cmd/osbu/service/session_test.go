package service

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/handlers"
	"osbu/handlers/api"
)

func TestSessionTellsWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var s api.Session
	if status, _ := w.anonymous(t).get("/api/v1/session", &s); status != http.StatusOK || s.SignedIn || s.Csrf != "" {
		t.Fatalf("a visitor gets %d %+v", status, s)
	}
	resident := w.as(t, person{Name: "Aino Maria Virtanen", Language: domain.Swedish, PostalCode: "00530"})
	if status, _ := resident.get("/api/v1/session", &s); status != http.StatusOK || !s.SignedIn || s.Csrf == "" {
		t.Fatalf("a resident gets %d %+v", status, s)
	}
	if *s.Name != "Aino V." || *s.Language != api.LanguageSv || *s.PostalCode != "00530" {
		t.Errorf("a resident gets %s %s %s", *s.Name, *s.Language, *s.PostalCode)
	}
	stina := w.facilitator(t, "southern", "western")
	s = api.Session{}
	if _, _ = stina.get("/api/v1/session", &s); *s.Name != "Stina Stadiluotsi" || len(s.Areas) != 2 ||
		len(s.Roles) != 2 ||
		s.PostalCode != nil {
		t.Errorf("a facilitator gets %+v", s)
	}
}

func TestOldCookieMakesAVisitor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.anonymous(t)
	c.token = "no such session"
	var s api.Session
	if status, _ := c.get("/api/v1/session", &s); status != http.StatusOK || s.SignedIn {
		t.Errorf("%d %+v", status, s)
	}
}

// Every write by cookie needs the session's token, and must not come from
// another site.
func TestForgedWritesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, o := range operations(t) {
		if o.method == http.MethodGet || !strings.HasPrefix(o.path, "/api/") {
			continue
		}
		c := w.official(t)
		own := c.csrf
		var body any
		if o.body != nil {
			body = valid(o.body)
		}
		other := w.official(t)
		for _, forged := range []struct {
			csrf   string
			header http.Header
		}{
			{"", nil},
			{"guess", nil},
			{other.csrf, nil},
			{own, http.Header{"Origin": {"https://evil.example"}}},
			{own, http.Header{"Origin": {"null"}}},
			{own, http.Header{"Sec-Fetch-Site": {"cross-site"}}},
			{own, http.Header{"Sec-Fetch-Site": {"same-site"}}},
		} {
			c.csrf, c.header = forged.csrf, forged.header
			if status, code := c.do(o.method, o.address(nil), body, nil); status != http.StatusForbidden ||
				code != "csrf_failed" {
				t.Errorf("%s with %+v: %d %s", o.id, forged, status, code)
			}
		}
	}
	c := w.official(t)
	c.header = http.Header{"Origin": {w.url}, "Sec-Fetch-Site": {"same-origin"}}
	if status, code := c.delete("/api/v1/session", nil); status != http.StatusOK {
		t.Errorf("our own page's sign-out: %d %s", status, code)
	}
}

func TestSignOutForgetsTheSessionHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.official(t)
	var out api.SignedOut
	response := c.send(http.MethodDelete, "/api/v1/session", nil)
	_ = response.Body.Close()
	if cookie := response.Header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "osbu_session=;") ||
		!strings.Contains(cookie, "expires=Thu, 01 Jan 1970") {
		t.Errorf("the cookie stays: %s", cookie)
	}
	var s api.Session
	if _, _ = c.get("/api/v1/session", &s); s.SignedIn {
		t.Error("still signed in")
	}
	if n := count(t, w, "session"); n != 0 {
		t.Errorf("%d sessions are kept", n)
	}
	c.csrf = ""
	if status, code := c.delete("/api/v1/session", &out); status != http.StatusOK || out.Redirect != w.url+"/" {
		t.Errorf("signing out again: %d %s %s", status, code, out.Redirect)
	}
}

// Whoever is signed in at several places sees how many, and ends all but the
// one she asks from; another's stay. Of who only votes nobody can tell which
// are hers.
func TestSessionsElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	leena := person{Name: "Leena Lahti", Roles: []domain.Role{domain.Official}}
	here, there, other := w.as(t, leena), w.as(t, leena), w.as(t, person{Name: "Olli", Roles: leena.Roles})
	voter := w.as(t, person{Name: "Aino Asukas"})
	sessions := func(c *client) (said []api.OpenSession) {
		t.Helper()
		if status, code := c.get("/api/v1/sessions", &said); status != http.StatusOK {
			t.Fatalf("got %d %s, want 200", status, code)
		}
		return said
	}
	said := sessions(here)
	if len(said) != 2 || said[0].Here == said[1].Here || !said[0].Ends.After(w.clock.now()) {
		t.Errorf("got %+v, want this one and another", said)
	}
	if said := sessions(voter); len(said) != 1 || !said[0].Here {
		t.Errorf("who only votes: got %+v, want this one", said)
	}
	for _, c := range []*client{here, voter} {
		if status, code := c.delete("/api/v1/sessions", nil); status != http.StatusNoContent {
			t.Errorf("got %d %s, want 204", status, code)
		}
	}
	for name, c := range map[string]struct {
		*client
		signedIn bool
	}{"here": {here, true}, "elsewhere": {there, false}, "somebody else": {other, true}, "a voter": {voter, true}} {
		var s api.Session
		if _, _ = c.get("/api/v1/session", &s); s.SignedIn != c.signedIn {
			t.Errorf("%s: got signed in %v, want %v", name, s.SignedIn, c.signedIn)
		}
	}
	if status, code := there.get("/api/v1/sessions", nil); status != http.StatusUnauthorized {
		t.Errorf("from a session that is over: got %d %s, want 401", status, code)
	}
}

// A session ends when it is not used, and at the latest after its lifetime; use
// keeps it until then.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.StaffIdle, s.StaffLifetime = time.Hour, 3*time.Hour })
	signedIn := func(c *client) bool {
		var s api.Session
		if status, code := c.get("/api/v1/session", &s); status != http.StatusOK {
			t.Fatalf("%d %s", status, code)
		}
		return s.SignedIn
	}
	staff := []domain.Role{domain.Official}
	idle, busy := w.as(t, person{Name: "Idle", Roles: staff}), w.as(t, person{Name: "Busy", Roles: staff})
	for range 5 {
		w.clock.pass(30 * time.Minute)
		if !signedIn(busy) {
			t.Fatal("a session in use ended early")
		}
	}
	if signedIn(idle) {
		t.Error("an unused session goes on")
	}
	w.clock.pass(31 * time.Minute)
	if signedIn(busy) {
		t.Error("a session outlives its lifetime")
	}
	w.as(t, person{Name: "Next"})
	if n := count(t, w, "session"); n != 1 {
		t.Errorf("%d sessions are kept, want only the new one", n)
	}
}

// Whoever has a role in office is signed out sooner, and at the latest when her
// roles have to be asked for again.
func TestStaffSessionsEndSooner(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) {
		s.SessionIdle, s.SessionLifetime = 2*time.Hour, 12*time.Hour
		s.StaffIdle, s.StaffLifetime = 30*time.Minute, time.Hour
	})
	for _, role := range []domain.Role{domain.Facilitator, domain.Expert, domain.Official} {
		staff := person{Name: string(role), Roles: []domain.Role{role}}
		idle, busy, resident := w.as(t, staff), w.as(t, staff), w.as(t, person{Name: "Aino"})
		signedIn := func(c *client, want bool, when string) {
			t.Helper()
			var s api.Session
			if c.ok("GET", "/api/v1/session", nil, &s); s.SignedIn != want {
				t.Errorf("%s, %s: got signed in %v, want %v", role, when, s.SignedIn, want)
			}
		}
		w.clock.pass(25 * time.Minute)
		signedIn(busy, true, "in use")
		w.clock.pass(10 * time.Minute)
		signedIn(idle, false, "unused for 35 minutes")
		signedIn(busy, true, "in use")
		w.clock.pass(24 * time.Minute)
		signedIn(busy, true, "in use")
		w.clock.pass(2 * time.Minute)
		signedIn(busy, false, "after an hour")
		signedIn(resident, true, "a resident")
	}
}

// Who signs in twice has one account, and neither sign-in's roles leak into the
// other's session.
func TestRolesBelongToTheSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	plain := w.as(t, person{Subject: "same", Name: "Olli"})
	official := w.as(t, person{Subject: "same", Name: "Olli", Roles: []domain.Role{domain.Official}})
	var a, b api.Session
	_, _ = plain.get("/api/v1/session", &a)
	_, _ = official.get("/api/v1/session", &b)
	if len(a.Roles) != 1 || len(b.Roles) != 2 {
		t.Errorf("roles are %v and %v", a.Roles, b.Roles)
	}
	if n := count(t, w, "account"); n != 1 {
		t.Errorf("%d accounts", n)
	}
}

func TestCookiesStayInTheOffice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	official := w.official(t)
	c := w.anonymous(t)
	for _, o := range operations(t) {
		if o.method == http.MethodGet || !strings.HasPrefix(o.path, "/box/") {
			continue
		}
		for _, cookie := range []string{"osbu_session=" + string(official.token), "anything=1"} {
			c.header = http.Header{"Cookie": {cookie}}
			if status, code := c.do(o.method, o.address(nil), valid(o.body), nil); status != http.StatusBadRequest ||
				code != "cookie_not_accepted" {
				t.Errorf("%s with a cookie: %d %s", o.id, status, code)
			}
		}
	}
}

// What the office keeps of a person whose address is protected: keyed hashes,
// and no name.
func TestIdentityCodeIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const code, subject = "010190-999W", "https://idp.example 1234567"
	c := w.as(
		t,
		person{Subject: subject, IdentityCode: code, Name: "Aino Maria Virtanen", PostalCode: "00530", Protected: true},
	)
	if n := count(t, w, "account"); n != 0 {
		t.Errorf("%d accounts of somebody who has only looked around", n)
	}
	if status, problem := c.get("/api/v1/mailbox", nil); status != http.StatusOK {
		t.Fatal(status, problem)
	}
	var dump string
	err := w.office.Owner.NewRaw("SELECT (SELECT string_agg(a::text, '\n') FROM account a) || (SELECT "+
		"string_agg(s::text, '\n') FROM session s)").
		Scan(context.Background(), &dump)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{code, "010190", "999X", subject, "1234567", "Virtanen", "Aino", "00530"} {
		if strings.Contains(dump, secret) || strings.Contains(w.log.String(), secret) {
			t.Errorf("%s is kept: %s", secret, dump)
		}
	}
	if !strings.Contains(dump, "Asukas") {
		t.Errorf("no word for her in %s", dump)
	}
}

func count(t *testing.T, w *world, table string) (n int) {
	t.Helper()
	if err := w.office.Owner.NewRaw("SELECT count(*) FROM "+table).Scan(context.Background(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Where the site has https, every cookie is this host's alone, is never
// readable and goes back under that name.
func TestCookiesBelongToTheHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.PublicURL = "https://" + s.Addr })
	token, err := w.accounts.SignIn(t.Context(), person{Subject: "x", Name: "Aino", Language: domain.Finnish})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"osbu_session": false, "__Host-osbu_session": true} {
		c := w.anonymous(t)
		c.header = http.Header{"Cookie": {name + "=" + string(token)}}
		var s api.Session
		if c.ok("GET", "/api/v1/session", nil, &s); s.SignedIn != want {
			t.Errorf("%s: got signed in %v, want %v", name, s.SignedIn, want)
		}
	}
}

// A round that is being prepared is not there for anybody but officials: at no
// address can one tell it from a round that does not exist.
func TestADraftRoundIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitSession, s.LimitAddress = handlers.Rate{}, handlers.Rate{} })
	w.at(t, duringProposing)
	w.official(t).createRound("hidden", "helsinki-2026")
	rest := map[string]string{"proposal": "1", "comment": "1", "event": "1"}
	for name, c := range map[string]*client{
		"visitor": w.anonymous(t), "resident": w.as(t, person{Name: "Eino Asukas"}),
		"voter": w.as(t, adult), "code holder": w.withCode(t, "0000-0000-0000-0000"),
		"facilitator": w.facilitator(t, "southern"), "expert": w.expert(t, "parks"),
	} {
		for _, o := range operations(t) {
			if !strings.Contains(o.path, "{round}") {
				continue
			}
			answer := func(round string) string {
				there := maps.Clone(rest)
				there["round"] = round
				response := c.send(o.method, o.address(there), o.request())
				body, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil {
					t.Fatal(err)
				}
				var p api.Problem
				_ = json.Unmarshal(body, &p) // or it is no problem
				return fmt.Sprint(response.StatusCode, " ", p.Code, " ", value(p.Detail))
			}
			if draft, nothing := answer("hidden"), answer("absent"); draft != nothing || draft[0] == '2' {
				t.Errorf("%s: %s: got %q for a draft, want %q as for nothing", name, o.id, draft, nothing)
			}
		}
	}
}
