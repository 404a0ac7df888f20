package handlers

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// packed answers are the ones that were made, whoever made them; what is equal
// is compressed once, and what somebody signed in gets is not kept.
func TestPacking(t *testing.T) {
	t.Parallel()
	p, answer, who := newPacking(), "", visit{}
	app := fiber.New()
	app.Use(func(c *fiber.Ctx) error {
		c.Locals(localOperation, &operation{policy: Policy{Compress: true}})
		return c.Next()
	}, p.pack, func(c *fiber.Ctx) error {
		c.SetUserContext(context.WithValue(c.UserContext(), visitKey{}, who))
		return c.SendString(answer)
	})
	ask := func(accepts string) string {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", accepts)
		response, err := app.Test(r, -1)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		body := io.Reader(response.Body)
		if response.Header.Get("Content-Encoding") == "gzip" {
			if response.Header.Get("Vary") == "" {
				t.Error("caches are not told that others get another form")
			}
			if body, err = gzip.NewReader(body); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	same := func(accepts string, kept int) {
		t.Helper()
		for range 3 {
			if got := ask(accepts); got != answer {
				t.Errorf("%q: got %.40q, want %.40q", accepts, got, answer)
			}
		}
		if len(p.kept) != kept {
			t.Errorf("%q: %d answers are kept, want %d", accepts, len(p.kept), kept)
		}
	}
	answer = strings.Repeat("a list that everybody sees ", 500)
	same("gzip", 1)
	same("identity", 1)
	answer = strings.Repeat("another list ", 500)
	same("gzip", 2)
	same("gzip, "+strings.Repeat("x", longestAccepts), 2)
	answer = "short"
	same("gzip", 2)
	answer = strings.Repeat("hers alone ", 500)
	for _, who = range []visit{{token: "t"}, {votingCode: "c"}} {
		same("gzip", 2)
	}
	who = visit{}
	for i := range 3 {
		p.keep(packingKey{accepts: fmt.Sprint(i)}, packed{body: make([]byte, mostPacked/2)})
		if p.size > mostPacked {
			t.Errorf("%d bytes are kept, want at most %d", p.size, mostPacked)
		}
	}
}
