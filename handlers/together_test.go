package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// crowd is an application whose one operation is answered when the test lets
// it, and tells how often it was asked.
type crowd struct {
	*together

	app   *fiber.App
	asked atomic.Int32
	under chan struct{} // receives when an answer is begun
	let   chan error    // what it ends with; nil: an answer that says how many there were before
	who   sync.Map      // visit by its number
}

func newCrowd(t *testing.T, policy Policy) *crowd {
	t.Helper()
	c := &crowd{together: newTogether(0), under: make(chan struct{}, 100), let: make(chan error)}
	c.app = fiber.New()
	c.app.Use(func(f *fiber.Ctx) error {
		f.Locals(localOperation, &operation{policy: policy})
		if v, ok := c.who.Load(f.Get("X-Who")); ok {
			f.SetUserContext(context.WithValue(f.UserContext(), visitKey{}, v))
		}
		f.Set("X-Request-Id", requestID(f))
		return f.Next()
	}, c.share, func(f *fiber.Ctx) error {
		n := c.asked.Add(1)
		c.under <- struct{}{}
		if err := <-c.let; err != nil {
			return err
		}
		f.Set(fiber.HeaderETag, fmt.Sprintf(`"%d"`, n))
		f.Set(fiber.HeaderContentType, "text/x-count")
		return f.SendString(fmt.Sprint(n))
	})
	return c
}

type told struct{ status, body, kind, tag, id string }

func (c *crowd) ask(t *testing.T, path, who string) <-chan told {
	t.Helper()
	answer := make(chan told, 1)
	go func() {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("X-Who", who)
		response, err := c.app.Test(r, -1)
		if err != nil {
			t.Error(err)
			answer <- told{}
			return
		}
		defer func() { _ = response.Body.Close() }()
		text, _ := io.ReadAll(response.Body)
		h := response.Header
		answer <- told{response.Status, string(text), h.Get("Content-Type"), h.Get("ETag"), h.Get("X-Request-Id")}
	}()
	return answer
}

// wait returns when so many wait for the next answer, its asker among them.
func (c *crowd) wait(path string, n int) {
	for {
		c.mu.Lock()
		now := c.turns[path]
		waiting := 0
		if now != nil && now.next != nil {
			waiting = 1 + now.next.others
		}
		c.mu.Unlock()
		if waiting == n {
			return
		}
	}
}

// Who comes while an answer is being made gets the next one, together with all
// who came meanwhile, and none that was begun before she asked.
func TestTogether(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, Policy{Together: true})
	first := c.ask(t, "/list", "")
	<-c.under
	late := make([]<-chan told, 10)
	for i := range late {
		late[i] = c.ask(t, "/list", "")
	}
	c.wait("/list", len(late))
	other := c.ask(t, "/list?page=2", "")
	<-c.under // another question waits for nobody
	c.let <- nil
	c.let <- nil
	got, page := <-first, <-other
	if numbers := got.body + page.body; numbers != "12" {
		t.Errorf("got answers %s and %s, want 1 and 2", got.body, page.body)
	}
	<-c.under
	c.let <- nil
	ids := map[string]bool{}
	for _, one := range late {
		got := <-one
		ids[got.id] = true
		got.id = ""
		if want := (told{"200 OK", "3", "text/x-count", `"3"`, ""}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if len(ids) != len(late) {
		t.Errorf("got %d numbers of requests, want %d: each has its own", len(ids), len(late))
	}
	if n := c.asked.Load(); n != 3 {
		t.Errorf("it was asked %d times, want 3", n)
	}
	again := c.ask(t, "/list", "") // nothing is kept
	<-c.under
	c.let <- nil
	if got := <-again; got.body != "4" {
		t.Errorf("got answer %s, want 4", got.body)
	}
}

// Where there is no answer to share, because asking failed, everybody asks for
// herself.
func TestTogetherFails(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, Policy{Together: true})
	first := c.ask(t, "/list", "")
	<-c.under
	late := []<-chan told{c.ask(t, "/list", ""), c.ask(t, "/list", ""), c.ask(t, "/list", "")}
	c.wait("/list", len(late))
	c.let <- fiber.ErrTeapot
	<-first
	<-c.under
	c.let <- fiber.ErrTeapot // of her who asked for the others
	<-c.under
	<-c.under
	c.let <- nil
	c.let <- nil
	var got []string
	for _, one := range late {
		got = append(got, (<-one).status)
	}
	slices.Sort(got)
	if want := "200 OK 200 OK 418 I'm a teapot"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// Whoever can be told from others never gets what was made for somebody else,
// nor do others get hers; and what no policy shares is not shared.
func TestTogetherNever(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		policy Policy
		who    visit
	}{
		"signed in":     {Policy{Together: true}, visit{token: "t"}},
		"voting code":   {Policy{Together: true}, visit{votingCode: "c"}},
		"kiosk":         {Policy{Together: true}, visit{kiosk: [32]byte{1}}},
		"not together":  {Policy{}, visit{}},
		"not to others": {Policy{Shared: true, Caching: aMinute}, visit{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrowd(t, one.policy)
			c.who.Store("her", one.who)
			hers := []<-chan told{c.ask(t, "/list", "her"), c.ask(t, "/list", "her")}
			visitor := c.ask(t, "/list", "")
			for range 3 {
				<-c.under // all three at once
			}
			for range 3 {
				c.let <- nil
			}
			answers := []string{(<-hers[0]).body, (<-hers[1]).body, (<-visitor).body}
			slices.Sort(answers)
			if got := strings.Join(answers, ""); got != "123" {
				t.Errorf("got answers %s, want three of their own", got)
			}
		})
	}
}

// Only what visitors read is shared.
func TestTogetherIsForVisitors(t *testing.T) {
	for _, o := range everyOperation() {
		p := policies[o.ID]
		if p.Together && (o.Method != http.MethodGet || p.Audience != Anybody || p.Pace != BySession) {
			t.Errorf("%s: got one answer for all who ask, want it for what visitors read alone", o.ID)
		}
	}
}
