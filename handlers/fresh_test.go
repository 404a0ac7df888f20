package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"go.yaml.in/yaml/v3"

	"osbu/handlers/api"
)

// tagged are the operations whose answers have an ETag: those that know a 304.
func tagged(t *testing.T) (all []api.Operation) {
	t.Helper()
	var contract struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(api.Document, &contract); err != nil {
		t.Fatal(err)
	}
	for _, o := range api.Operations {
		node := contract.Paths[o.Path][strings.ToLower(o.Method)]
		var said struct {
			Responses map[string]any `yaml:"responses"`
		}
		if err := node.Decode(&said); err != nil {
			t.Fatal(err)
		}
		if said.Responses["304"] != nil {
			all = append(all, o)
		}
	}
	return all
}

func TestIfNoneMatchIsReadAlike(t *testing.T) {
	open(t)
	s := stubbed(t)
	all := tagged(t)
	if len(all) < 9 {
		t.Fatalf("got %d operations with tags, want nine or more", len(all))
	}
	for _, o := range all {
		t.Run(o.ID, func(t *testing.T) {
			for _, one := range []struct {
				tag, held string
				fresh     bool
			}{
				{`"abc"`, `"abc"`, true},
				{`"abc"`, `W/"abc"`, true},
				{`W/"abc"`, `W/"abc"`, true},
				{`W/"abc"`, `"abc"`, true},
				{`"abc"`, `"x", W/"y" , "abc"`, true},
				{`"abc"`, `"x",W/"abc","y"`, true},
				{`"abc"`, `*`, true},
				{`"abc"`, ``, false},
				{`"abc"`, `"ab"`, false},
				{`"abc"`, `"xabc"`, false},
				{`"abc"`, `abc`, false},
				{`"abc"`, `"x", "y"`, false},
				{`"abc"`, `"abc`, false},
				{``, `*`, false},
				{``, `""`, false},
			} {
				path := strings.NewReplacer("{", "", "}", "").Replace(o.Path) + "?tag=" + strings.ReplaceAll(one.tag, `"`, "%22")
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					r := httptest.NewRequest(method, path, nil)
					r.Header.Set(fiber.HeaderIfNoneMatch, one.held)
					r.Header.Set(fiber.HeaderIfModifiedSince, "Sun, 29 Nov 2026 12:00:00 GMT")
					r.Header.Set(fiber.HeaderAcceptEncoding, "gzip")
					response, err := s.app.Test(r, -1)
					if err != nil {
						t.Fatal(err)
					}
					_ = response.Body.Close()
					want := http.StatusOK
					if one.fresh {
						want = http.StatusNotModified
					}
					if response.StatusCode != want || response.Header.Get(fiber.HeaderETag) != one.tag {
						t.Errorf("%s of %s to one who holds %s: got %d with %s, want %d",
							method, one.tag, one.held, response.StatusCode, response.Header.Get(fiber.HeaderETag), want)
					}
					if one.fresh && (response.ContentLength > 0 || response.Header.Get(fiber.HeaderContentEncoding) != "") {
						t.Errorf("%s: got %d bytes of %q, want none", one.held, response.ContentLength, response.Header)
					}
				}
			}
		})
	}
}
