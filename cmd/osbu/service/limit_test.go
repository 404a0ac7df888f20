package service

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"osbu/handlers"
	"osbu/handlers/api"
)

// paced asks n times and gives how many were answered, and what the first
// refusal said.
func paced(c *client, n int, path string) (answered int, wait time.Duration) {
	c.t.Helper()
	for range n {
		response := c.send(http.MethodGet, path, nil)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusTooManyRequests {
			answered++
			continue
		}
		if wait == 0 {
			seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
			if err != nil || seconds < 1 {
				c.t.Errorf("Retry-After is %q", response.Header.Get("Retry-After"))
			}
			wait = time.Duration(seconds) * time.Second
		}
	}
	return answered, wait
}

func TestPaceOfOneSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitSession = handlers.Rate{N: 6, Per: time.Minute} })
	hasty, calm := w.as(t, person{Name: "Hasty"}), w.as(t, person{Name: "Calm"}) // each has asked once
	n, wait := paced(hasty, 10, "/api/v1/session")
	if n != 5 || wait != 10*time.Second {
		t.Errorf("%d answered, then to wait %v", n, wait)
	}
	if n, _ := paced(calm, 5, "/api/v1/session"); n != 5 {
		t.Errorf("another session is slowed down: %d", n)
	}
	if status, code := hasty.get("/api/v1/session", nil); status != http.StatusTooManyRequests ||
		code != "too_many_requests" {
		t.Errorf("%d %s", status, code)
	}
	w.clock.pass(wait)
	if n, _ := paced(hasty, 2, "/api/v1/session"); n != 1 {
		t.Errorf("after waiting %d are answered", n)
	}
}

// Visitors at one address share a pace, so those who are signed in there or
// vote with codes are not held up by them.
func TestPaceOfOneAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitAddress = handlers.Rate{N: 5, Per: time.Minute} })
	signedIn := w.as(t, person{})
	if n, _ := paced(w.anonymous(t), 10, "/api/v1/presets"); n != 5 {
		t.Errorf("%d answered", n)
	}
	if n, _ := paced(signedIn, 20, "/api/v1/presets"); n != 20 {
		t.Errorf("who is signed in there: %d", n)
	}
	if n, _ := paced(w.withCode(t, "AAAA"), 20, "/api/v1/rounds/r/rights"); n != 20 {
		t.Errorf("who votes by a code there: %d", n)
	}
	if n, _ := paced(w.withCode(t, "AAAA"), 20, "/api/v1/presets"); n != 0 {
		t.Errorf("who makes a code up where none is looked at: %d", n)
	}
	if n, _ := paced(w.anonymous(t), 20, "/box/v1/rounds/r/manifest"); n != 20 {
		t.Errorf("the box is limited by address: %d", n)
	}
	if n, _ := paced(w.anonymous(t), 20, "/readiness"); n != 20 {
		t.Errorf("health is limited by address: %d", n)
	}
}

// Receipts have a pace of their own: what else is asked of the box is not held
// up by it, nor are others, and no limit of the office counts.
func TestPaceOfReceipts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) {
		s.LimitReceipt, s.LimitAddress = handlers.Rate{N: 6, Per: time.Minute}, handlers.Rate{N: 1, Per: time.Hour}
		s.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	at := func(address string) *client {
		c := w.anonymous(t)
		c.header = http.Header{"X-Forwarded-For": {address}}
		return c
	}
	path := func(digit string) string { return "/box/v1/rounds/r/receipts/" + strings.Repeat(digit, 64) }
	library := at("192.0.2.1")
	for i := range 6 {
		if status, code := library.get(path(strconv.Itoa(i)), nil); status != http.StatusNotFound {
			t.Fatalf("receipt %d: %d %s", i, status, code)
		}
	}
	n, wait := paced(library, 2, path("7"))
	if n != 0 || wait != 10*time.Second {
		t.Errorf("%d answered, then to wait %v", n, wait)
	}
	if status, code := library.get(path("7"), nil); status != http.StatusTooManyRequests ||
		code != "too_many_requests" {
		t.Errorf("%d %s", status, code)
	}
	if n, _ := paced(library, 3, "/box/v1/rounds/r/checkpoint"); n != 3 {
		t.Errorf("the checkpoint is held up by receipts: %d", n)
	}
	if n, _ := paced(at("192.0.2.2"), 6, path("7")); n != 6 {
		t.Errorf("another address is slowed down: %d", n)
	}
	if n, _ := paced(at("2001:db8::1"), 6, path("7")); n != 6 {
		t.Errorf("another network is slowed down: %d", n)
	}
	if n, _ := paced(at("2001:db8::2"), 1, path("7")); n != 0 {
		t.Errorf("one network has many paces: %d", n)
	}
	w.clock.pass(wait)
	if n, _ := paced(library, 2, path("7")); n != 1 {
		t.Errorf("after waiting %d are answered", n)
	}
}

func TestPaceOfSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) {
		s.LimitSignIn = handlers.Rate{N: 3, Per: time.Minute}
		s.OIDCIssuer = "http://127.0.0.1:1"
	})
	if n, _ := paced(w.anonymous(t), 6, "/api/v1/sign-in"); n != 3 {
		t.Errorf("%d answered", n)
	}
	if n, _ := paced(w.anonymous(t), 3, "/api/v1/sign-in/callback"); n != 0 {
		t.Errorf("%d callbacks answered", n)
	}
	if n, _ := paced(w.anonymous(t), 6, "/api/v1/presets"); n != 6 {
		t.Errorf("reading is held up by sign-in: %d", n)
	}
}

func TestPaceOfOneCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitCode = handlers.Rate{N: 4, Per: time.Minute} })
	if n, _ := paced(w.withCode(t, "AAAA"), 8, "/api/v1/rounds/r/rights"); n != 4 {
		t.Errorf("%d answered", n)
	}
	if n, _ := paced(w.withCode(t, "BBBB"), 4, "/api/v1/rounds/r/rights"); n != 4 {
		t.Errorf("another code is slowed down: %d", n)
	}
}

// Guessing codes is stopped by address; guessing from everywhere stops every
// address that guessed, and nobody else.
func TestWrongCodesAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) {
		s.LimitWrongCode = handlers.Rate{N: 3, Per: time.Minute}
		s.LimitWrongCodes = handlers.Rate{N: 6, Per: time.Hour}
		s.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	official := w.official(t)
	round := official.createRound("codes", api.Helsinki2026).Id
	official.step(round, api.StepPropose)
	guess := func(address, code string) (int, string) {
		c := w.withCode(t, code)
		c.header = http.Header{"X-Forwarded-For": {address}}
		return c.get("/api/v1/rounds/"+round+"/rights", nil)
	}
	var issued api.Codes
	if status, code := official.post("/api/v1/rounds/"+round+"/codes", api.CodesRequest{Count: 1, Label: "codes"},
		&issued); status != http.StatusCreated {
		t.Fatalf("%d %s", status, code)
	}
	const wrong = "0000-0000-0000-0009"
	right := issued.Codes[0]
	for i := range 2 {
		if status, code := guess("192.0.2.1", "0000-0000-0000-000"+strconv.Itoa(i)); status == http.StatusOK ||
			code != "code_invalid" {
			t.Fatalf("guess %d: %d %s", i, status, code)
		}
	}
	elsewhere := w.withCode(t, right)
	elsewhere.header = http.Header{"X-Forwarded-For": {"192.0.2.1"}}
	if status, code := elsewhere.get("/api/v1/rounds/none/rights", nil); status != http.StatusNotFound {
		t.Fatalf("a guess in a round that is not there: %d %s", status, code)
	}
	if status, code := guess("192.0.2.1", wrong); status != http.StatusTooManyRequests {
		t.Errorf("the address that guessed, once more: %d %s", status, code)
	}
	if status, code := guess("192.0.2.1", right); status != http.StatusOK {
		t.Errorf("a right code at the address that guessed: %d %s", status, code)
	}
	if status, code := guess("192.0.2.2", right); status != http.StatusOK {
		t.Errorf("another address: %d %s", status, code)
	}
	for i := range 2 {
		if status, code := guess("2001:db8::"+strconv.Itoa(i), "0000-0000-0000-000"+strconv.Itoa(i)); code != "code_invalid" {
			t.Fatalf("guess %d: %d %s", i, status, code)
		}
	}
	if status, code := guess("2001:db8::9", wrong); status != http.StatusTooManyRequests {
		t.Errorf("the network that guessed, while all guesses are too many: %d %s", status, code)
	}
	if status, code := guess("2001:db8::9", right); status != http.StatusOK {
		t.Errorf("a right code there: %d %s", status, code)
	}
	if status, code := guess("192.0.2.2", right); status != http.StatusOK {
		t.Errorf("who only typed her own code: %d %s", status, code)
	}
}

// Without a trusted proxy nobody can claim another address; behind one the last
// hop counts, not what the visitor wrote before it.
func TestAddressCannotBeMadeUp(t *testing.T) {
	t.Parallel()
	for _, trusted := range []bool{false, true} {
		w := newWorld(t, func(s *Settings) {
			s.LimitAddress = handlers.Rate{N: 2, Per: time.Minute}
			if trusted {
				s.TrustedProxies = []netip.Prefix{
					netip.MustParsePrefix("127.0.0.0/8"),
					netip.MustParsePrefix("10.0.0.0/8"),
				}
			}
		})
		answered := 0
		for i := range 6 {
			c := w.anonymous(t)
			madeUp := "198.51.100." + strconv.Itoa(i)
			c.header = http.Header{"X-Forwarded-For": {madeUp + ", 192.0.2.7, 10.1.1.1"}}
			if i%2 == 0 { // some proxies add a line of their own
				c.header = http.Header{"X-Forwarded-For": {madeUp, "192.0.2.7, 10.1.1.1"}}
			}
			if status, _ := c.get("/api/v1/presets", nil); status == http.StatusOK {
				answered++
			}
		}
		if answered != 2 {
			t.Errorf("trusted %v: %d answered", trusted, answered)
		}
	}
}

// One person begins so many proposals in an hour and sends so many bytes,
// however many sessions she has; another one is not held up by it.
func TestWhatOnePersonAddsIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) {
		s.LimitProposal = handlers.Rate{N: 3, Per: time.Hour}
		s.LimitText = handlers.Rate{N: 4, Per: time.Hour}
		s.LimitImage = handlers.Rate{N: 2, Per: time.Hour}
		s.LimitBytes = handlers.Rate{N: 20_000, Per: time.Hour}
	})
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	aino := person{Name: "Aino Asukas"}
	first, again, eino := w.as(t, aino), w.as(t, aino), w.as(t, person{Name: "Eino Asukas"})
	refuse := func(status int, code string) {
		t.Helper()
		if status != http.StatusTooManyRequests || code != "too_many_requests" {
			t.Errorf("got %d %s, want 429", status, code)
		}
	}
	path := first.draft(bench("Penkki"))
	again.draft(bench("Pöytä"))
	first.draft(bench("Tuoli"))
	refuse(again.post("/api/v1/rounds/r/proposals", bench("Sohva"), nil))
	eino.draft(bench("Sohva"))
	first.added(path)
	again.added(path)
	refuse(again.upload(path, photo(t, 8, 4), nil))
	w.clock.pass(time.Hour)
	again.draft(bench("Sohva"))
	refuse(first.upload(path, make([]byte, 19_900), nil)) // of bytes
}
