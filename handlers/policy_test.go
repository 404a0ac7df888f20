package handlers

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"go.yaml.in/yaml/v3"

	"osbu/domain"
	"osbu/handlers/api"
)

// everyOperation is the contract's and those beyond it.
func everyOperation() []api.Operation { return slices.Concat(api.Operations, beyond) }

// An operation without a row, a row without an operation: neither passes.
func TestEveryOperationHasItsPolicy(t *testing.T) {
	if len(api.Operations) < 100 {
		t.Fatalf("got %d operations, want all of the contract", len(api.Operations))
	}
	rows := map[string]bool{}
	for id := range policies {
		rows[id] = true
	}
	for _, o := range everyOperation() {
		if !rows[o.ID] {
			t.Errorf("got no policy for %s %s, want one of %s", o.Method, o.Path, o.ID)
		}
		delete(rows, o.ID)
	}
	for id := range rows {
		t.Errorf("got a policy for %s, which is no operation", id)
	}
}

// Whatever a person may send to be kept has a limit for her: no operation that
// takes a body from residents is without, but one that only reads.
func TestWhatOnePersonKeepsIsLimited(t *testing.T) {
	for _, o := range everyOperation() {
		p := policies[o.ID]
		wanted := p.Audience == SignedIn && p.Body > 0 && o.ID != "getInvitation"
		if got := p.Keeps != Nothing; got != wanted {
			t.Errorf("%s: got a limit by person %v, want %v", o.ID, got, wanted)
		}
	}
}

// Whoever need not be known sends a ballot at most: what a longer body costs to
// read is only for people who can be limited.
func TestStrangersSendLittle(t *testing.T) {
	for _, o := range everyOperation() {
		p := policies[o.ID]
		if stranger := p.Audience == Anybody || p.Audience == Voters || p.Audience == Box; stranger && p.Body > ballotBody {
			t.Errorf("%s: got %d bytes, want at most %d", o.ID, p.Body, ballotBody)
		}
	}
}

// The table and the contract say the same of who may, and of bodies.
func TestPoliciesAgreeWithTheContract(t *testing.T) {
	var contract struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(api.Document, &contract); err != nil {
		t.Fatal(err)
	}
	for _, o := range api.Operations {
		t.Run(o.ID, func(t *testing.T) {
			node := contract.Paths[o.Path][strings.ToLower(o.Method)]
			var said struct {
				Security    []map[string][]string `yaml:"security"`
				RequestBody *struct {
					Content map[string]any `yaml:"content"`
				} `yaml:"requestBody"`
			}
			said.Security = []map[string][]string{{"session": nil}}
			if err := node.Decode(&said); err != nil {
				t.Fatal(err)
			}
			p := policies[o.ID]
			want := []Audience{SignedIn, Herself, Staff, Officers, HelpDesk, Officials}
			switch {
			case strings.HasPrefix(o.Path, "/box/"):
				want = []Audience{Box}
			case len(said.Security) == 0:
				want = []Audience{Anybody}
			case len(said.Security) == 2:
				want = []Audience{Voters}
			}
			if !slices.Contains(want, p.Audience) {
				t.Errorf("got audience %d, want one of %d", p.Audience, want)
			}
			if strings.HasPrefix(o.Path, "/box/") != (p.Pace == Unpaced || p.Pace == ByReceipt) {
				t.Errorf("got pace %d, want the office's for the office and the box's for the box", p.Pace)
			}
			media := map[Media]string{JSON: fiber.MIMEApplicationJSON, Octets: fiber.MIMEOctetStream}[p.Media]
			switch {
			case said.RequestBody == nil && p.Body > 0 && p.Media != Unread:
				t.Errorf("got %d bytes, want no body", p.Body)
			case said.RequestBody != nil && p.Body == 0:
				t.Error("got no body, want a limit")
			case said.RequestBody != nil && said.RequestBody.Content[media] == nil:
				t.Errorf("got %s, want one of %v", media, said.RequestBody.Content)
			}
			if o.Method != http.MethodGet && (p.Compress || p.Shared || p.Caching != "") {
				t.Errorf("got %+v, want a write's answer neither kept, nor compressed, nor shared", p)
			}
			if p.Audience >= SignedIn && p.Audience <= Officials && strings.Contains(p.Caching, "public") {
				t.Errorf("got %q, want what is not for everybody kept by nobody", p.Caching)
			}
		})
	}
}

// Every address leads to its own operation, before Fiber and in it.
func TestOperationsAreFound(t *testing.T) {
	tree := newOperations(api.Operations, beyond)
	fill := strings.NewReplacer("{round}", "import", "{proposal}", "7", "{event}", "desk", "*", "x001/234.p/5")
	for _, o := range everyOperation() {
		path := fill.Replace(o.Path)
		for strings.Contains(path, "{") {
			before, rest, _ := strings.Cut(path, "{")
			_, after, _ := strings.Cut(rest, "}")
			path = before + "numbers.csv" + after
		}
		if o.Path == "/api/v1/rounds/{round}/projects/{project}" {
			path = "/api/v1/rounds/import/projects/import" // as long as it is no POST
		}
		got := tree.find(o.Method, path)
		if want := strings.ToUpper(o.ID[:1]) + o.ID[1:]; got == nil || got.name != want {
			t.Errorf("%s %s: got %+v, want %s", o.Method, path, got, want)
		}
		if o.Method == http.MethodGet && tree.find(http.MethodHead, path) != got {
			t.Errorf("HEAD %s: got another operation than for GET", path)
		}
	}
	for _, path := range []string{
		"", "api", "/", "/api", "/api/v1/session/", "//api/v1/session", "/api/v1/rounds//proposals", "/API/v1/session",
		"/api/v1/rounds/a/b/proposals", "/box/v1/rounds/r/tile", "/vote", "/api/v1/%73ession", "/api/v1/./session",
	} {
		if got := tree.find(http.MethodGet, path); got != nil {
			t.Errorf("%q: got %s, want nothing", path, got.name)
		}
	}
}

// stubbed is a server whose operations answer a long text, so that what the
// middleware does shows.
func stubbed(t *testing.T) *Server {
	t.Helper()
	s := pagesServer(t, "http://localhost:8080", built())
	s.turnstiles = map[Crowd]turnstile{
		Casting: newTurnstile(1), Issuing: newTurnstile(1), Searching: newTurnstile(1),
	}
	s.app = fiber.New(fiber.Config{ErrorHandler: s.renderProblem, BodyLimit: listBody})
	s.app.Use(s.begin, s.measure)
	s.apply()
	placeholder := strings.NewReplacer("{", ":", "}", "")
	for _, o := range everyOperation() {
		answer := func(c *fiber.Ctx) error {
			deadline, _ := c.UserContext().Deadline()
			c.Set("X-Minutes", time.Until(deadline).Round(time.Minute).String())
			c.Set(fiber.HeaderETag, c.Query("tag"))
			return c.SendString(strings.Repeat("a long text ", 500))
		}
		s.app.Add(o.Method, placeholder.Replace(o.Path), answer)
		if o.Method == http.MethodGet {
			s.app.Add(http.MethodHead, placeholder.Replace(o.Path), answer)
		}
	}
	return s
}

func (s *Server) sent(t *testing.T, o api.Operation, body io.Reader, header ...string) (*http.Response, string) {
	t.Helper()
	path := strings.NewReplacer("{", "", "}", "", "*", "0/000").Replace(o.Path)
	r := httptest.NewRequest(o.Method, path, body)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := s.app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// open lets everybody in, so that what comes after the audience shows, too.
func open(t *testing.T) {
	t.Helper()
	for id, p := range policies {
		kept := p
		t.Cleanup(func() { policies[id] = kept })
		if p.Audience != Box {
			p.Audience = Anybody
		}
		policies[id] = p
	}
}

func TestPoliciesAreApplied(t *testing.T) {
	written := map[string]Policy{}
	for id, p := range policies {
		written[id] = p
	}
	guarded := stubbed(t)
	open(t)
	s := stubbed(t)
	for _, o := range everyOperation() {
		p := written[o.ID]
		t.Run(o.ID, func(t *testing.T) {
			response, text := guarded.sent(t, o, nil)
			wanted := p.Audience == SignedIn || p.Audience == Herself || p.Audience == Staff ||
				p.Audience == Officers || p.Audience == HelpDesk ||
				p.Audience == Officials
			if refused := response.StatusCode == http.StatusUnauthorized &&
				strings.Contains(text, "sign_in"); refused != wanted {
				t.Errorf("a visitor: got %d %.200s, want a refusal: %v", response.StatusCode, text, wanted)
			}

			response, text = s.sent(t, o, nil, "Accept-Encoding", "gzip")
			caching := map[string]string{"": noStore, ByAnswer: noStore}[p.Caching]
			if caching == "" {
				caching = p.Caching
			}
			if got := response.Header.Get("Cache-Control"); got != caching || response.StatusCode != http.StatusOK {
				t.Errorf("got %d kept %q, want 200 kept %q: %.200s", response.StatusCode, got, caching, text)
			}
			if got := response.Header.Get("Content-Encoding") == "gzip"; got != p.Compress {
				t.Errorf("got compressed: %v, want %v", got, p.Compress)
			}
			if got := response.Header.Get("Access-Control-Allow-Origin") == "*"; got != p.Shared {
				t.Errorf("got shared: %v, want %v", got, p.Shared)
			}
			if got, want := response.Header.Get("X-Minutes"), max(time.Minute, p.Deadline).String(); got != want {
				t.Errorf("got a deadline of %s, want %s", got, want)
			}
			if p.Crowd != NoCrowd {
				s.turnstiles[p.Crowd].places <- struct{}{}
				response, text := s.sent(t, o, nil)
				<-s.turnstiles[p.Crowd].places
				if response.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("one too many: got %d %.200s, want 503", response.StatusCode, text)
				}
			}
			if o.Method == http.MethodGet {
				return
			}
			kind := map[Media]string{JSON: fiber.MIMEApplicationJSON, Octets: fiber.MIMEOctetStream}[p.Media]
			fits := strings.NewReader(strings.Repeat("x", p.takes()))
			if response, text := s.sent(t, o, fits, "Content-Type", kind); response.StatusCode != http.StatusOK {
				t.Errorf("%d bytes: got %d %.200s, want 200", p.takes(), response.StatusCode, text)
			}
			if p.reads() > p.takes() && p.takes() < listBody { // Fiber's own limit is the longest
				long := strings.NewReader(strings.Repeat("x", p.takes()+1))
				response, text = s.sent(t, o, long, "Content-Type", kind)
				if response.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(text, "body_too_large") {
					t.Errorf("%d bytes: got %d %.200s, want 413", p.takes()+1, response.StatusCode, text)
				}
			}
			response, text = s.sent(t, o, strings.NewReader("x"), "Content-Type", "text/plain")
			if got, want := response.StatusCode == http.StatusUnsupportedMediaType, p.Media != Unread; got != want {
				t.Errorf("plain text: got %d %.200s, want a refusal: %v", response.StatusCode, text, want)
			}
			if p.Audience == Box {
				response, text := s.sent(t, o, nil, "Cookie", "osbu_session=x")
				if response.StatusCode != http.StatusBadRequest || !strings.Contains(text, "cookie_not_accepted") {
					t.Errorf("with a cookie: got %d %.200s, want 400", response.StatusCode, text)
				}
			}
		})
	}
}

func TestAudiencesAdmit(t *testing.T) {
	visitor, resident := domain.Actor{}, domain.Actor{ID: 1, Roles: []domain.Role{domain.Resident}}
	expert := domain.Actor{ID: 2, Roles: []domain.Role{domain.Resident, domain.Expert}}
	facilitator := domain.Actor{ID: 3, Roles: []domain.Role{domain.Resident, domain.Facilitator}}
	official := domain.Actor{ID: 4, Roles: []domain.Role{domain.Resident, domain.Official}}
	everybody := []domain.Actor{visitor, resident, expert, facilitator, official}
	for audience, want := range map[Audience][]domain.Kind{
		Anybody:   make([]domain.Kind, 5),
		Voters:    make([]domain.Kind, 5),
		Box:       make([]domain.Kind, 5),
		SignedIn:  {domain.Unauthenticated, "", "", "", ""},
		Herself:   {domain.Unauthenticated, "", "", "", ""},
		Staff:     {domain.Unauthenticated, domain.Forbidden, "", "", ""},
		Officials: {domain.Unauthenticated, domain.Forbidden, domain.Forbidden, domain.Forbidden, ""},
	} {
		for i, actor := range everybody {
			err := audience.admits(actor)
			if want[i] == "" && err != nil || want[i] != "" && domain.KindOf(err) != want[i] {
				t.Errorf("audience %d, %v: got %v, want kind %v", audience, actor.Roles, err, want[i])
			}
		}
	}
}

// Bytes in flight are counted from the announcement to the answer, or until the
// time to send them has passed.
func TestBytesInFlightAreBounded(t *testing.T) {
	now := time.Now()
	b := newBodies(func() time.Time { return now })
	var large []*fasthttp.RequestHeader
	for {
		h := new(fasthttp.RequestHeader)
		if !b.take(h, listBody) {
			break
		}
		large = append(large, h)
	}
	if len(large) != mostLargeInFlight/listBody {
		t.Fatalf("got %d large bodies in, want %d", len(large), mostLargeInFlight/listBody)
	}
	text := new(fasthttp.RequestHeader)
	if !b.take(text, textBody) {
		t.Error("got a text refused, want it taken beside large bodies")
	}
	var texts []*fasthttp.RequestHeader
	for h := new(fasthttp.RequestHeader); b.take(h, textBody); h = new(fasthttp.RequestHeader) {
		texts = append(texts, h)
	}
	ballot := new(fasthttp.RequestHeader)
	if !b.take(ballot, ballotBody) {
		t.Error("got a ballot refused, want it taken beside texts that are never sent")
	}
	for _, h := range append(texts, text, ballot) {
		b.release(h)
	}
	b.work(large[0])
	b.release(large[1])
	if !b.take(large[1], listBody) || b.take(new(fasthttp.RequestHeader), listBody) {
		t.Error("got another number of places than the one that was given back")
	}
	now = now.Add(readTimeout + time.Second)
	if again := new(fasthttp.RequestHeader); !b.take(again, listBody) {
		t.Error("got a refusal, want the bodies that never came forgotten")
	}
	if len(b.held) != 2 || b.bytes != 2*listBody {
		t.Errorf("got %d held of %d bytes, want the one at work and the new one", len(b.held), b.bytes)
	}
}
