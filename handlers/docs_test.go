package handlers

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"osbu/handlers/api"
)

// The page tells of every operation, asks for nothing, and its links lead
// somewhere within it.
func TestTheContractIsExplained(t *testing.T) {
	s := pagesServer(t, "http://localhost:8080", built())
	r, body := ask(t, s, docsPath)
	page := string(body)
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(page)
	digest := sha256.Sum256([]byte(style[1]))
	if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(
		policy, "'sha256-"+base64.StdEncoding.EncodeToString(digest[:])+"'") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the style is refused by %s", policy)
	}
	if strings.Contains(page, "<script") || strings.Contains(page, " src=") {
		t.Error("it asks for more than itself")
	}
	ids := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[id[1]] {
			t.Errorf("there are two %q", id[1])
		}
		ids[id[1]] = true
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !ids[link[1]] {
			t.Errorf("nothing is at #%s", link[1])
		}
	}
	for _, o := range api.Operations {
		if !ids[o.ID] {
			t.Errorf("nothing is said of %s", o.ID)
		}
	}
}
