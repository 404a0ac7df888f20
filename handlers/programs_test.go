package handlers

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/andybalholm/brotli"

	"osbu/domain/city"
)

// programsServer has programs of these bytes: one for the browser, one to
// download.
func programsServer(t *testing.T, wasm, linux []byte) *Server {
	t.Helper()
	pages := built()
	pages["assets/worker/verify-1.js"] = &fstest.MapFile{Data: []byte(script)}
	packed := func(plain []byte, writer func(io.Writer) io.WriteCloser) *fstest.MapFile {
		return &fstest.MapFile{Data: compressed(plain, writer)}
	}
	zip := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	helsinki, _ := city.Find(city.Helsinki)
	return New(Config{
		City: helsinki, PublicURL: &url.URL{Scheme: "http", Host: "localhost:8080"}, Pages: pages,
		Programs: fstest.MapFS{
			"list.json": {Data: []byte(`[
				{"command": "osbu-verify", "os": "js", "arch": "wasm", "file": "osbu-verify.wasm", "sha256": "aa"},
				{"command": "osbu-verify", "os": "linux", "arch": "amd64", "file": "osbu-verify-linux-amd64", "sha256": "bb"}
			]`)},
			"wasm_exec.js":               {Data: []byte(script)},
			"osbu-verify.wasm.gz":        packed(wasm, zip),
			"osbu-verify.wasm.br":        packed(wasm, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) }),
			"osbu-verify-linux-amd64.gz": packed(linux, zip),
		},
		Metrics: NewMetrics(Release{}), Log: slog.New(slog.DiscardHandler), Now: time.Now, RequestTimeout: time.Minute,
	})
}

func TestProgramsComeHoweverTheyArePacked(t *testing.T) {
	wasm, linux := bytes.Repeat([]byte("\x00asm"), 10_000), bytes.Repeat([]byte("\x7fELF"), 10_000)
	s := programsServer(t, wasm, linux)
	for name, test := range map[string]struct {
		path, accepts string
		plain         []byte
		kind, packed  string
	}{
		"a browser":                {"/programs/osbu-verify.wasm", "gzip, br", wasm, "application/wasm", "br"},
		"a browser without TLS":    {"/programs/osbu-verify.wasm", "gzip", wasm, "application/wasm", "gzip"},
		"curl":                     {"/programs/osbu-verify.wasm", "", wasm, "application/wasm", ""},
		"a browser that downloads": {"/programs/osbu-verify-linux-amd64", "gzip, br", linux, "application/octet-stream", "gzip"},
		"curl that downloads":      {"/programs/osbu-verify-linux-amd64", "", linux, "application/octet-stream", ""},
		"who takes no gzip":        {"/programs/osbu-verify-linux-amd64", "br", linux, "application/octet-stream", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, body := ask(t, s, test.path, "Accept-Encoding", test.accepts)
			var plain io.Reader = bytes.NewReader(body)
			switch r.Header.Get("Content-Encoding") {
			case "br":
				plain = brotli.NewReader(plain)
			case "gzip":
				var err error
				if plain, err = gzip.NewReader(plain); err != nil {
					t.Fatal(err)
				}
			}
			got, err := io.ReadAll(plain)
			if err != nil || !bytes.Equal(got, test.plain) {
				t.Errorf("got %d bytes, %v; want the %d of the program", len(got), err, len(test.plain))
			}
			if r.StatusCode != http.StatusOK || r.Header.Get("Content-Encoding") != test.packed ||
				r.Header.Get("Content-Type") != test.kind {
				t.Errorf("got %d, %q as %q; want %q as %q", r.StatusCode, r.Header.Get("Content-Type"),
					r.Header.Get("Content-Encoding"), test.kind, test.packed)
			}
			again, rest := ask(t, s, test.path, "Accept-Encoding", test.accepts, "If-None-Match", r.Header.Get("Etag"))
			if again.StatusCode != http.StatusNotModified || len(rest) > 0 {
				t.Errorf("known already: got %d with %d bytes, want 304", again.StatusCode, len(rest))
			}
		})
	}
}

// Pages compile no WebAssembly: only a worker that checks a record may.
func TestOnlyWorkersMayCompile(t *testing.T) {
	s := programsServer(t, nil, nil)
	for path, want := range map[string]bool{
		"/assets/worker/verify-1.js": true,
		"/fi/rounds/r/record":        false, "/desk": false, "/assets/main-4f3a2.js": false, "/programs/wasm_exec.js": false,
		"/programs/list.json": false,
	} {
		r, _ := ask(t, s, path)
		policy := r.Header.Get("Content-Security-Policy")
		if got := strings.Contains(policy, "'wasm-unsafe-eval'"); got != want {
			t.Errorf("%s: got %v, want %v in %s", path, got, want, policy)
		}
		if strings.Contains(policy, "'unsafe-") {
			t.Errorf("%s: got %s, want nothing unsafe", path, policy)
		}
	}
	for _, path := range []string{"/programs/osbu-verify.wasm.gz", "/programs/", "/programs/osbu-tally-linux-amd64"} {
		if r, _ := ask(t, s, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, r.StatusCode)
		}
	}
}

func TestWithoutPrograms(t *testing.T) {
	s := pagesServer(t, "http://localhost:8080", built())
	if r, _ := ask(t, s, "/programs/list.json"); r.StatusCode != http.StatusNotFound {
		t.Errorf("got %d, want 404", r.StatusCode)
	}
}
