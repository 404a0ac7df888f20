package service

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/handlers"
	"osbu/handlers/api"
	"osbu/sql/box"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// world is a whole service for one test: both databases under their production
// roles, the real services, and the real server on a loopback port.
type world struct {
	*services
	settings Settings
	office   *testdb.DB
	box      *testdb.DB
	url      string
	log      *logged
	http     *handlers.Server
	clock    *clock // of sessions and limits
}

// testKey is 32 bytes in base64.
const testKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// testSecrets are settings with a key in each.
func testSecrets() (settings []string) {
	for i, secret := range (Settings{}).Secrets() {
		key := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{byte(i + 1)}, 32))
		settings = append(settings, secret.Setting+"="+key)
	}
	return settings
}

// newWorld starts a service; vary may change its settings first.
func newWorld(t *testing.T, vary ...func(*Settings)) *world {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSettings(append(
		testSecrets(),
		"OSBU_ADDR="+listener.Addr().String(), "OSBU_DRAIN_TIMEOUT=10s", "OSBU_ROUND_KEYS="+t.TempDir(),
		"OSBU_ONE_CLUSTER=true", // the tests have one
		// one person does in a second here what takes many hours
		"OSBU_LIMIT_PROPOSAL=off", "OSBU_LIMIT_TEXT=off", "OSBU_LIMIT_IMAGE=off", "OSBU_LIMIT_BYTES=off",
		"OSBU_FILES_URL=file://"+t.TempDir()+"?metadata=skip",
	))
	if err != nil {
		t.Fatal(err)
	}
	s.ReleaseEvery = 0 // every look is a moment of release
	for _, f := range vary {
		f(&s)
	}
	w := &world{
		settings: s,
		office:   testdb.New(t, office.Migrations(), office.Role),
		box:      testdb.New(t, box.Migrations(), box.Role),
	}
	w.log = &logged{}
	w.clock = &clock{at: time.Now()}
	if w.services, err = wire(s, w.office.DB, w.box.DB, w.clock.now); err != nil {
		t.Fatal(err)
	}
	server, err := w.server(s, w.clock.now, slog.New(slog.NewJSONHandler(w.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	w.http = server
	w.url = "http://" + listener.Addr().String()
	served := make(chan error, 1)
	go func() { served <- server.App().Listener(listener) }()
	t.Cleanup(func() {
		if err := server.App().ShutdownWithTimeout(10 * time.Second); err != nil {
			t.Errorf("shut down: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := w.close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return w
}

// at sets the clocks of both databases, which decide what is open, to a moment
// such as 2026-10-01 12:00+03, and lets them stand still.
func (w *world) at(t *testing.T, moment string) {
	t.Helper()
	w.office.SetClock(t, moment)
	w.box.SetClock(t, moment)
}

// clock is the server's own clock: of sessions and limits.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// logged keeps the server's log, so that a test can look for what must not be
// in it.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// person signs in. Without Roles she is a resident; Subject tells people
// without identity code apart.
type person = account.Person

// client is somebody's browser: it keeps the session's cookie for the office
// and shows none to the box.
type client struct {
	t     *testing.T
	w     *world
	token account.Token
	csrf  string
	code  string
	// header is added to every request.
	header http.Header
}

// as signs a person in through the real service.
func (w *world) as(t *testing.T, p person) *client {
	t.Helper()
	if p.Subject == "" {
		p.Subject = fmt.Sprintf("test %s %v %v", p.Name, p.Roles, p.Areas)
	}
	if p.Name == "" {
		p.Name = "Testi Henkilö"
	}
	if p.Language == "" {
		p.Language = domain.Finnish
	}
	token, err := w.accounts.SignIn(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, w: w, token: token}
	var session api.Session
	if status, code := c.get("/api/v1/session", &session); status != http.StatusOK || !session.SignedIn {
		t.Fatalf("signed in, but the session says %d %s", status, code)
	}
	c.csrf = session.Csrf
	return c
}

func (w *world) official(t *testing.T) *client {
	t.Helper()
	return w.as(t, person{Name: "Olli Official", Roles: []domain.Role{domain.Official}})
}

func (w *world) facilitator(t *testing.T, areas ...string) *client {
	t.Helper()
	return w.as(t, person{Name: "Stina Stadiluotsi", Roles: []domain.Role{domain.Facilitator}, Areas: areas})
}

// anonymous is a visitor.
func (w *world) anonymous(t *testing.T) *client {
	t.Helper()
	return &client{t: t, w: w}
}

// withCode is a visitor who holds a one-time voting code.
func (w *world) withCode(t *testing.T, code string) *client {
	t.Helper()
	return &client{t: t, w: w, code: code}
}

// get reads into out (nil: the body does not matter) and gives status and
// problem code, which is empty on success.
func (c *client) get(path string, out any) (int, string) {
	c.t.Helper()
	return c.do(http.MethodGet, path, nil, out)
}

func (c *client) post(path string, body, out any) (int, string) {
	c.t.Helper()
	return c.do(http.MethodPost, path, body, out)
}

func (c *client) put(path string, body, out any) (int, string) {
	c.t.Helper()
	return c.do(http.MethodPut, path, body, out)
}

func (c *client) delete(path string, out any) (int, string) {
	c.t.Helper()
	return c.do(http.MethodDelete, path, nil, out)
}

// do sends body as JSON (nil: none; []byte: as it is).
func (c *client) do(method, path string, body, out any) (int, string) {
	c.t.Helper()
	status, problem := c.exchange(method, path, body, out)
	return status, string(problem.Code)
}

// fields gives what a refusal finds wrong where, as "field code" and sorted.
func (c *client) fields(method, path string, body any) (status int, code string, fields []string) {
	c.t.Helper()
	status, problem := c.exchange(method, path, body, nil)
	if problem.Fields != nil {
		for _, f := range *problem.Fields {
			fields = append(fields, f.Field+" "+string(f.Code))
		}
	}
	slices.Sort(fields)
	return status, string(problem.Code), fields
}

func (c *client) exchange(method, path string, body, out any) (int, api.Problem) {
	c.t.Helper()
	response := c.send(method, path, body)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if response.StatusCode >= 400 {
		return response.StatusCode, c.problem(response, text)
	}
	switch out := out.(type) {
	case nil:
	case *[]byte:
		*out = text
	case *string:
		*out = string(text)
	default:
		if err := json.Unmarshal(text, out); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return response.StatusCode, api.Problem{}
}

// problem holds every refusal to the contract.
func (c *client) problem(response *http.Response, text []byte) api.Problem {
	c.t.Helper()
	var p api.Problem
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		c.t.Fatalf("%s: %d is no problem: %v in %s", response.Request.URL.Path, response.StatusCode, err, text)
	}
	if kind := response.Header.Get("Content-Type"); kind != "application/problem+json" {
		c.t.Errorf("%s: a problem comes as %s", response.Request.URL.Path, kind)
	}
	if !p.Code.Valid() || p.Status != response.StatusCode || p.RequestId == "" {
		c.t.Errorf("%s: the contract knows no such problem: %s", response.Request.URL.Path, text)
	}
	if p.Fields != nil {
		for _, f := range *p.Fields {
			if !f.Code.Valid() {
				c.t.Errorf("%s: the contract knows no field code %s", response.Request.URL.Path, f.Code)
			}
		}
	}
	return p
}

// send gives the raw answer, redirects not followed.
func (c *client) send(method, path string, body any) *http.Response {
	c.t.Helper()
	var reader io.Reader
	switch body := body.(type) {
	case nil:
	case []byte:
		reader = bytes.NewReader(body)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, c.w.url+path, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if strings.HasPrefix(path, "/api/") {
		if c.token != "" {
			r.AddCookie(&http.Cookie{Name: "osbu_session", Value: string(c.token)})
		}
		if c.csrf != "" {
			r.Header.Set("X-CSRF-Token", c.csrf)
		}
		if c.code != "" {
			r.Header.Set("X-Voting-Code", c.code)
		}
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		c.t.Fatal(err)
	}
	return response
}
