package play

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// A server that is busy, breaks off and fails is asked again with the same
// bytes, and no other refusal is.
func TestInsist(t *testing.T) {
	var bodies []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(text))
		switch len(bodies) {
		case 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 2:
			panic(http.ErrAbortHandler)
		case 3:
			http.Error(w, `{"code":"too_many_requests"}`, http.StatusTooManyRequests)
		case 4:
			_, _ = io.WriteString(w, `{"a":1}`)
		default:
			http.Error(w, `{"code":"nullifier_used","detail":"why"}`, http.StatusConflict)
		}
	}))
	defer s.Close()
	c := client{http: s.Client(), url: s.URL}
	var answer map[string]int
	failures, err := c.insist(context.Background(), http.MethodPost, "/x", []int{7}, &answer)
	if err != nil || failures != 3 || answer["a"] != 1 || len(slices.Compact(bodies)) != 1 || len(bodies) != 4 {
		t.Errorf("%d failures, %v, answer %v, sent %q", failures, err, answer, bodies)
	}
	failures, err = c.insist(context.Background(), http.MethodPost, "/x", nil, &answer)
	if r, ok := errors.AsType[*refusal](err); !ok || failures != 0 || r.status != http.StatusConflict ||
		r.code != "nullifier_used" {
		t.Errorf("%d failures, %v", failures, err)
	}
}

func TestInsistEndsWithItsTime(t *testing.T) {
	s := httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }),
	)
	defer s.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := client{http: s.Client(), url: s.URL, failed: func(error) { cancel() }}
	failures, err := c.insist(ctx, http.MethodGet, "/x", nil, nil)
	if err == nil || failures != 1 || !strings.Contains(err.Error(), "given up") {
		t.Errorf("got %d failures and %v, want the one before the time was over, and to have given up", failures, err)
	}
}

// SignIn tells apart a session, a provider that wants a page, and a site that
// fails.
func TestSignIn(t *testing.T) {
	provider := httptest.NewServer(
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<form>") }),
	)
	defer provider.Close()
	for _, c := range []struct{ hint, says string }{{"official", ""}, {"stranger", "--official"}, {"nobody", "403"}} {
		site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/":
				_, _ = io.WriteString(w, "home")
			case r.URL.Query().Get("login_hint") == "stranger":
				http.Redirect(w, r, provider.URL, http.StatusFound)
			case r.URL.Query().Get("login_hint") == "nobody":
				http.Error(w, "no", http.StatusForbidden)
			default:
				http.SetCookie(w, &http.Cookie{Name: "session", Value: "x", Path: "/"})
				http.Redirect(w, r, r.URL.Query().Get("return_to"), http.StatusFound)
			}
		}))
		client, err := SignIn(context.Background(), site.URL, c.hint)
		if c.says == "" && (err != nil || client == nil) ||
			c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", c.hint, err)
		}
		site.Close()
	}
}
