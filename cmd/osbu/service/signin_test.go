package service

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"osbu/domain/account"
	"osbu/handlers/api"
)

// provider runs the sign-in that scripts/up uses, a real OpenID provider, for
// one service.
func provider(t *testing.T, people string) func(*Settings) {
	t.Helper()
	return func(s *Settings) {
		dir := filepath.Join("..", "..", "..", "frontend")
		if _, err := os.Stat(filepath.Join(dir, "node_modules", "oidc-provider")); err != nil {
			t.Fatal("the sign-in needs its npm packages: run 'npm ci' in frontend, or ./scripts/test")
		}
		file := filepath.Join(t.TempDir(), "people.json")
		if err := os.WriteFile(file, []byte(people), 0o600); err != nil {
			t.Fatal(err)
		}
		s.OIDCClientSecret = "a-secret-for-this-test"
		command := exec.Command(
			"node",
			filepath.Join(dir, "signin", "provider.mjs"),
			"--people",
			file,
			"--addr",
			"127.0.0.1:0",
			"--client-id",
			s.OIDCClientID,
			"--redirect",
			s.PublicURL+"/api/v1/sign-in/callback",
		)
		command.Env = append(os.Environ(), "OSBU_OIDC_CLIENT_SECRET="+s.OIDCClientSecret)
		command.Stderr = os.Stderr
		out, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatalf("the sign-in does not start: %v", err)
		}
		s.OIDCIssuer = strings.TrimSpace(strings.TrimPrefix(line, "sign-in "))
	}
}

const demoPeople = `[
	{"sub": "aino", "name": "Aino", "about": "resident", "claims": {"name": "Aino Maria Virtanen", "national_id_num": "010190-999W", "municipality_code": "091", "postal_code": "00530", "locale": "sv-FI", "roles": ["resident"]}},
	{"sub": "pia", "name": "Pia", "about": "protected", "claims": {"name": "Pia Piilo", "national_id_num": "020280-999S", "postal_code": "00500", "protected": true}},
	{"sub": "stina", "name": "Stina", "about": "facilitator", "claims": {"name": "Stina Stadiluotsi", "roles": ["facilitator"], "areas": ["southern"]}},
	{"sub": "liar", "name": "Liar", "about": "no such code", "claims": {"name": "Liar", "national_id_num": "not-a-code"}}
]`

// browser keeps cookies as a browser does, and follows redirects until one
// leaves for a page of ours.
type browser struct {
	*http.Client
	t *testing.T
	w *world
}

func newBrowser(t *testing.T, w *world) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{
		t: t,
		w: w,
		Client: &http.Client{
			Jar:     jar,
			Timeout: 20 * time.Second,
			CheckRedirect: func(r *http.Request, _ []*http.Request) error {
				if strings.HasPrefix(r.URL.String(), w.url) && !strings.HasPrefix(r.URL.Path, "/api/") {
					return http.ErrUseLastResponse
				}
				return nil
			},
		},
	}
}

// open gives where a page's address finally led, and its text.
func (b *browser) open(address string) (at, text string) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	return b.ask(r)
}

// submit sends a form of the provider's.
func (b *browser) submit(address string, form url.Values) (at, text string) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.ask(r)
}

func (b *browser) ask(r *http.Request) (at, text string) {
	b.t.Helper()
	response, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if location := response.Header.Get("Location"); location != "" {
		return location, string(body)
	}
	return response.Request.URL.String(), string(body)
}

func (b *browser) session() (s api.Session) {
	b.t.Helper()
	_, text := b.open(b.w.url + "/api/v1/session")
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		b.t.Fatal(err)
	}
	return s
}

func TestSignInAndOutAtARealProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, provider(t, demoPeople))
	b := newBrowser(t, w)

	// The page of people, in the language asked for; one is chosen.
	address := w.url + "/api/v1/sign-in?" + url.Values{
		"return_to": {"/rounds/r1?step=2#top"},
		"language":  {"sv"},
	}.Encode()
	page, text := b.open(address)
	if !strings.HasPrefix(page, w.settings.OIDCIssuer) || !strings.Contains(text, `<html lang="sv">`) {
		t.Fatalf("led to %s: %.300s", page, text)
	}
	if at, _ := b.submit(page, url.Values{"sub": {"aino"}}); at != "/rounds/r1?step=2#top" {
		t.Errorf("came back to %s", at)
	}
	s := b.session()
	if !s.SignedIn || *s.Name != "Aino V." || *s.Language != api.LanguageSv || *s.PostalCode != "00530" ||
		len(s.Roles) != 1 {
		t.Errorf("session %+v", s)
	}
	entry, err := w.accounts.Session(t.Context(), account.Token(b.cookie("osbu_session", "/api").Value))
	if err != nil || entry.Municipality != "091" || entry.Ref.Zero() {
		t.Errorf("%v: no municipality or reference in %+v", err, entry)
	}

	// Another person on the same device: the first one's session is over.
	if at, _ := b.open(w.url + "/api/v1/sign-in?login_hint=stina"); at != "/" {
		t.Errorf("came back to %s", at)
	}
	s = b.session()
	if *s.Name != "Stina Stadiluotsi" || len(s.Areas) != 1 || len(s.Roles) != 2 || s.PostalCode != nil {
		t.Errorf("session %+v", s)
	}
	if n := count(t, w, "session"); n != 1 {
		t.Errorf("%d sessions", n)
	}

	// A protected address: no postal code.
	_, _ = b.open(w.url + "/api/v1/sign-in?login_hint=pia")
	if s = b.session(); !s.SignedIn || s.PostalCode != nil {
		t.Errorf("session %+v", s)
	}

	// Signing out here gives the provider's address, and that one leads back to
	// our front page.
	r, err := http.NewRequest(http.MethodDelete, w.url+"/api/v1/session", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-CSRF-Token", s.Csrf)
	_, text = b.ask(r)
	var out api.SignedOut
	if err := json.Unmarshal([]byte(text), &out); err != nil ||
		!strings.HasPrefix(out.Redirect, w.settings.OIDCIssuer+"/session/end?") ||
		strings.Contains(out.Redirect, "id_token") {
		t.Fatalf("%v: %s", err, text)
	}
	if b.session().SignedIn {
		t.Error("still signed in")
	}
	_, text = b.open(out.Redirect)
	xsrf := regexp.MustCompile(`name="xsrf" value="([^"]+)"`).FindStringSubmatch(text)
	if xsrf == nil {
		t.Fatalf("the provider does not know us: %s", text)
	}
	if at, _ := b.submit(w.settings.OIDCIssuer+"/session/end/confirm",
		url.Values{"xsrf": {xsrf[1]}, "logout": {"yes"}}); at != w.url+"/" {
		t.Errorf("after signing out at %s", at)
	}
	for _, secret := range []string{"010190", "020280", "Virtanen", "Piilo"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("%s in the log", secret)
		}
	}
}

// A person whose sign-in fails is led back and told there; a program gets the
// problem. Neither has a session.
func TestFailedSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, provider(t, demoPeople))
	callback := w.url + "/api/v1/sign-in/callback?"
	start := func() (*browser, url.Values) {
		b := newBrowser(t, w)
		follow := b.CheckRedirect
		b.CheckRedirect = func(r *http.Request, via []*http.Request) error {
			if r.URL.Path == "/api/v1/sign-in/callback" {
				return http.ErrUseLastResponse
			}
			return follow(r, via)
		}
		at, _ := b.open(w.url + "/api/v1/sign-in?login_hint=aino&return_to=/vote")
		u, err := url.Parse(at)
		if err != nil || u.Query().Get("code") == "" {
			t.Fatalf("the provider leads to %s", at)
		}
		b.CheckRedirect = follow
		return b, u.Query()
	}
	for name, spoil := range map[string]func(*browser, url.Values){
		"another state": func(_ *browser, q url.Values) { q.Set("state", "another") },
		"no state":      func(_ *browser, q url.Values) { q.Del("state") },
		"no code":       func(_ *browser, q url.Values) { q.Del("code") },
		"made-up code":  func(_ *browser, q url.Values) { q.Set("code", "made-up") },
		"refused":       func(_ *browser, q url.Values) { q.Set("error", "access_denied") },
		"too late":      func(*browser, url.Values) { w.clock.pass(16 * time.Minute) },
		"bytes that are no text": func(_ *browser, q url.Values) {
			q.Set("code", "a\x00\xff")
		},
	} {
		b, q := start()
		spoil(b, q)
		at, _ := b.open(callback + q.Encode())
		if name == "too late" && at != "/?problem=sign_in_failed" && at != "/vote?problem=sign_in_failed" {
			t.Errorf("%s: led to %s", name, at)
		} else if name != "too late" && at != "/vote?problem=sign_in_failed" && !strings.Contains(at, "/callback") {
			t.Errorf("%s: led to %s", name, at)
		}
		if b.session().SignedIn {
			t.Errorf("%s: signed in", name)
		}
	}

	// Another browser cannot finish what this one began; nor can anybody finish
	// twice.
	b, q := start()
	stranger := newBrowser(t, w)
	if at, _ := stranger.open(callback + q.Encode()); at != "/?problem=sign_in_failed" || stranger.session().SignedIn {
		t.Errorf("a stranger is led to %s", at)
	}
	if at, _ := b.open(callback + q.Encode()); at != "/vote" {
		t.Errorf("led to %s", at)
	}
	if at, _ := b.open(callback + q.Encode()); at != "/?problem=sign_in_failed" {
		t.Errorf("finished twice, led to %s", at)
	}

	// The provider's identity code must be one.
	b = newBrowser(t, w)
	if at, _ := b.open(w.url + "/api/v1/sign-in?login_hint=liar"); at != "/?problem=sign_in_failed" ||
		b.session().SignedIn {
		t.Errorf("led to %s", at)
	}
	if strings.Contains(w.log.String(), "not-a-code") {
		t.Error("an identity code in the log")
	}
	if status, code := w.anonymous(t).
		get("/api/v1/sign-in/callback?state=x&code=y", nil); status != http.StatusBadRequest ||
		code != "sign_in_failed" {
		t.Errorf("a program gets %d %s", status, code)
	}
}

// Nobody is ever led to another site.
func TestReturnToStaysHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, provider(t, demoPeople))
	b := newBrowser(t, w)
	for _, evil := range []string{
		"https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
		"/%09/evil.example", "/\t/evil.example",
		"http:evil.example", "///evil.example", "/api/v1/sign-in/callback?code=x", "evil.example", "/..//evil.example",
		"/.//evil.example", "/a/../../evil.example",
	} {
		at, _ := b.open(w.url + "/api/v1/sign-in?login_hint=aino&return_to=" + url.QueryEscape(evil))
		base, err := url.Parse(w.url + "/api/v1/sign-in/callback")
		if err != nil {
			t.Fatal(err)
		}
		led, err := base.Parse(at)
		if err != nil || led.Host != base.Host || led.Scheme != "http" || strings.HasPrefix(led.Path, "//") ||
			strings.ContainsAny(at, "\\\t\r\n") {
			t.Errorf("%q led to %s", evil, at)
		}
	}
}

// A provider that does not answer keeps nobody from anything else, and is asked
// again.
func TestProviderThatIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.OIDCIssuer = "http://127.0.0.1:1" })
	c := w.anonymous(t)
	if status, code := c.get("/readiness", nil); status != http.StatusOK {
		t.Errorf("readiness %d %s", status, code)
	}
	for range 2 {
		if status, code := c.get("/api/v1/sign-in", nil); status != http.StatusServiceUnavailable ||
			code != "sign_in_failed" {
			t.Errorf("sign-in %d %s", status, code)
		}
	}
	b := newBrowser(t, w)
	if at, _ := b.open(w.url + "/api/v1/sign-in?return_to=/vote"); at != "/vote?problem=sign_in_failed" {
		t.Errorf("a person is led to %s", at)
	}
	if !strings.Contains(w.log.String(), "connection refused") {
		t.Errorf("the log does not say why: %s", w.log)
	}
}

func TestCookiesOfSignIn(t *testing.T) {
	t.Parallel()
	for scheme, secure := range map[string]bool{"http": false, "https": true} {
		w := newWorld(t, provider(t, demoPeople), func(s *Settings) { s.PublicURL = scheme + "://" + s.Addr })
		response := w.anonymous(t).send(http.MethodGet, "/api/v1/sign-in?login_hint=aino", nil)
		_ = response.Body.Close()
		cookies := response.Cookies()
		name, path := "osbu_sign_in", "/api/v1/sign-in"
		if secure {
			name, path = "__Host-osbu_sign_in", "/"
		}
		if len(cookies) != 1 || cookies[0].Name != name || cookies[0].Domain != "" || !cookies[0].HttpOnly ||
			cookies[0].Secure != secure ||
			cookies[0].SameSite != http.SameSiteLaxMode ||
			cookies[0].Path != path ||
			cookies[0].MaxAge > 900 {
			t.Errorf("%s: %+v", scheme, cookies)
		}
		if hsts := response.Header.Get("Strict-Transport-Security"); (hsts != "") != secure {
			t.Errorf("%s: HSTS %q", scheme, hsts)
		}
	}
}

// Whoever has a role in office has to have signed in by one of the levels that
// are demanded of staff, everybody by one of those demanded of all.
func TestLevelsOfAssurance(t *testing.T) {
	t.Parallel()
	const high, substantial = "http://ftn.ficora.fi/2017/loatest3", "http://ftn.ficora.fi/2017/loatest2"
	people := `[
	{"sub": "aino", "name": "Aino", "about": "r", "claims": {"name": "Aino", "national_id_num": "010190-999W"}},
	{"sub": "stina", "name": "Stina", "about": "f", "claims": {"name": "Stina", "roles": ["facilitator"], "acr": "` + high + `"}}
]`
	const refused = "?problem=sign_in_too_weak"
	for _, c := range []struct {
		name             string
		everybody, staff []string
		aino, stina      string // where they are led
	}{
		{"none is demanded", nil, nil, "/vote", "/vote"},
		{"one of staff", nil, []string{high}, "/vote", "/vote" + refused},
		{"one of all", []string{high, substantial}, nil, "/vote" + refused, "/vote" + refused},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, provider(t, people), func(s *Settings) { s.OIDCLevels, s.OIDCStaffLevels = c.everybody, c.staff })
			for who, want := range map[string]string{"aino": c.aino, "stina": c.stina} {
				at, _ := newBrowser(t, w).open(w.url + "/api/v1/sign-in?return_to=/vote&login_hint=" + who)
				if at != want {
					t.Errorf("%s: got led to %s, want %s", who, at, want)
				}
			}
		})
	}
}

func (b *browser) cookie(name, path string) *http.Cookie {
	b.t.Helper()
	u, err := url.Parse(b.w.url + path)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == name {
			return c
		}
	}
	b.t.Fatalf("no cookie %s", name)
	return nil
}
