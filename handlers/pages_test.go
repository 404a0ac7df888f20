package handlers

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"

	"osbu/domain/city"
)

var script = strings.Repeat("console.log('a page of ours');\n", 200)

func pagesServer(t *testing.T, publicURL string, pages fstest.MapFS) *Server {
	t.Helper()
	helsinki, _ := city.Find(city.Helsinki)
	return cityServer(t, publicURL, pages, helsinki)
}

func cityServer(t *testing.T, publicURL string, pages fstest.MapFS, of city.City) *Server {
	t.Helper()
	u, err := url.Parse(publicURL)
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{
		City: of, PublicURL: u, Pages: pages, Metrics: NewMetrics(Release{}), Log: slog.New(slog.DiscardHandler),
		Now: time.Now, RequestTimeout: time.Minute,
	})
}

func built() fstest.MapFS {
	return fstest.MapFS{
		".keep":                {},
		"index.html":           {Data: []byte("<!doctype html><title>residents</title>")},
		"staff.html":           {Data: []byte("<!doctype html><title>staff</title>")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"assets/main-4f3a2.js": {Data: []byte(script)},
		"assets/photo-1.png":   {Data: bytes.Repeat([]byte{1, 2, 3, 4}, 1000)},
		"assets/text-1.woff2":  {Data: []byte("wOF2")},
	}
}

// answer is a response whose body has been read.
type answer struct {
	StatusCode int
	Header     http.Header
}

func ask(t *testing.T, s *Server, path string, header ...string) (answer, []byte) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := s.App().Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header}, body
}

func TestAddressesLeadToTheirPage(t *testing.T) {
	s := pagesServer(t, "http://localhost:8080", built())
	for path, title := range map[string]string{
		"/": "residents", "/rounds/r1/vote": "residents", "/sv/rounds/r": "residents", "/index.html": "residents",
		"/desk": "staff", "/desk/queue": "staff", "/office": "staff", "/office/rounds/new": "staff", "/polling/r": "staff",
		"/staff.html": "staff",
	} {
		r, body := ask(t, s, path)
		if r.StatusCode != http.StatusOK || !strings.Contains(string(body), title) ||
			!strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s %s", path, r.StatusCode, r.Header.Get("Content-Type"), body)
		}
		if r.Header.Get("Cache-Control") != "no-cache" || r.Header.Get("Etag") == "" {
			t.Errorf("%s: cached %q, tag %q", path, r.Header.Get("Cache-Control"), r.Header.Get("Etag"))
		}
		csp := r.Header.Get("Content-Security-Policy")
		for _, part := range []string{
			"default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "connect-src 'self'",
			"font-src 'self'", "object-src 'none'",
			"base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
		} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: no %s in %s", path, part, csp)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", path, csp)
		}
	}
	for _, path := range []string{
		"/assets/gone-1.js", "/assets", "/assets/", "/api/v1/nothing", "/box",
		"/assets/../.keep", "/.keep",
	} {
		if r, body := ask(t, s, path); path != "/.keep" && r.StatusCode != http.StatusNotFound ||
			bytes.Contains(body, []byte("<svg")) {
			t.Errorf("%s: %d %s", path, r.StatusCode, body)
		}
	}
}

func TestAssetsAreCompressedAndKept(t *testing.T) {
	s := pagesServer(t, "http://localhost:8080", built())
	for encoding, read := range map[string]func([]byte) io.Reader{
		"": func(b []byte) io.Reader { return bytes.NewReader(b) },
		"gzip": func(b []byte) io.Reader {
			z, err := gzip.NewReader(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			return z
		},
		"br": func(b []byte) io.Reader { return brotli.NewReader(bytes.NewReader(b)) },
	} {
		r, body := ask(t, s, "/assets/main-4f3a2.js", "Accept-Encoding", encoding)
		plain, err := io.ReadAll(read(body))
		if err != nil || string(plain) != script || r.Header.Get("Content-Encoding") != encoding {
			t.Errorf("%q: %v, %d bytes as %q", encoding, err, len(plain), r.Header.Get("Content-Encoding"))
		}
		if encoding != "" && len(body) > len(script)/4 {
			t.Errorf("%s saves little: %d of %d bytes", encoding, len(body), len(script))
		}
		if r.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" ||
			!strings.Contains(r.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%q: cached %q, varies by %q", encoding, r.Header.Get("Cache-Control"), r.Header.Get("Vary"))
		}
		again, rest := ask(t, s, "/assets/main-4f3a2.js", "If-None-Match", r.Header.Get("Etag"))
		if again.StatusCode != http.StatusNotModified || len(rest) > 0 {
			t.Errorf("known already, but %d with %d bytes", again.StatusCode, len(rest))
		}
	}
	// As browsers write it, who unpack Brotli as well.
	if r, _ := ask(t, s, "/assets/main-4f3a2.js", "Accept-Encoding", "gzip, deflate, br, zstd"); r.Header.Get(
		"Content-Encoding",
	) != "br" {
		t.Errorf("a browser got %q, want br, which is smaller", r.Header.Get("Content-Encoding"))
	}
	if r, body := ask(t, s, "/assets/photo-1.png", "Accept-Encoding", "br, gzip"); r.Header.Get(
		"Content-Encoding",
	) != "" ||
		len(body) != 4000 {
		t.Errorf("a picture comes as %q", r.Header.Get("Content-Encoding"))
	}
	if r, _ := ask(t, s, "/assets/text-1.woff2"); r.Header.Get("Content-Type") != "font/woff2" {
		t.Errorf("got a font as %q, want font/woff2 on every machine", r.Header.Get("Content-Type"))
	}
	if r, _ := ask(t, s, "/favicon.svg"); r.StatusCode != http.StatusOK ||
		r.Header.Get("Cache-Control") != "public, max-age=3600" {
		t.Errorf("the icon: %d %s", r.StatusCode, r.Header.Get("Cache-Control"))
	}
}

func TestEveryAnswerIsSecured(t *testing.T) {
	for _, scheme := range []string{"http", "https"} {
		s := pagesServer(t, scheme+"://osbu.example", built())
		for _, path := range []string{
			"/", "/desk", "/assets/main-4f3a2.js", "/healthz", "/api/v1/session", "/box/v1/nothing",
			"/metrics", "/assets/gone.js", "/fi/delivery", "/embed/de",
		} {
			r, _ := ask(t, s, path)
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
				"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := r.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q", path, name, got)
				}
			}
			if r.Header.Get("Permissions-Policy") == "" || r.Header.Get("Content-Security-Policy") == "" ||
				r.Header.Get("Server") != "" {
				t.Errorf("%s: %v", path, r.Header)
			}
			if hsts := r.Header.Get("Strict-Transport-Security"); (hsts != "") != (scheme == "https") {
				t.Errorf("%s by %s: HSTS %q", path, scheme, hsts)
			}
		}
	}
}

// A server that was built without the pages serves the API alone.
func TestWithoutPages(t *testing.T) {
	s := pagesServer(t, "http://localhost:8080", fstest.MapFS{".keep": {}})
	if r, body := ask(t, s, "/"); r.StatusCode != http.StatusNotFound || !bytes.Contains(body, []byte(`"not_found"`)) {
		t.Errorf("%d %s", r.StatusCode, body)
	}
	if r, _ := ask(t, s, "/healthz"); r.StatusCode != http.StatusOK {
		t.Errorf("healthz says %d", r.StatusCode)
	}
}
