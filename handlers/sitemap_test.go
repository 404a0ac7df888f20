package handlers

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"osbu/domain/city"
)

func TestSitemap(t *testing.T) {
	s := pagesServer(t, "http://localhost:8080", built())
	r, body := ask(t, s, "/sitemap.xml")
	if r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/xml") {
		t.Fatalf("got %d, %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
	var m struct {
		URLs []struct {
			Location string `xml:"loc"`
			Others   []struct {
				Language string `xml:"hreflang,attr"`
				Address  string `xml:"href,attr"`
			} `xml:"http://www.w3.org/1999/xhtml link"`
		} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
	}
	if err := xml.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	if len(m.URLs) != 27 { // nine pages in three languages
		t.Errorf("got %d addresses in %s", len(m.URLs), body)
	}
	for _, u := range m.URLs {
		if len(u.Others) != 3 || u.Others[1].Language != "sv" || !strings.HasPrefix(u.Others[1].Address, "http://localhost:8080/sv") {
			t.Errorf("%s: got other languages %+v", u.Location, u.Others)
		}
		if path := strings.TrimPrefix(u.Location, "http://localhost:8080"); s.statusOf(t, path) != http.StatusOK {
			t.Errorf("%s is no page", u.Location)
		}
	}
}

func (s *Server) statusOf(t *testing.T, path string) int {
	t.Helper()
	r, _ := ask(t, s, path)
	return r.StatusCode
}

func TestRobotsAreToldOfTheSitemap(t *testing.T) {
	pages := built()
	pages["robots.txt"] = &fstest.MapFile{Data: []byte("User-agent: *\nDisallow: /api/\n")}
	_, body := ask(t, pagesServer(t, "http://localhost:8080", pages), "/robots.txt")
	if got, want := string(body), "User-agent: *\nDisallow: /api/\nSitemap: http://localhost:8080/sitemap.xml\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Phones install the service under the city's name and, if it has one, logo.
func TestWebManifest(t *testing.T) {
	helsinki, _ := city.Find(city.Helsinki)
	other := helsinki
	other.Service.Fi, other.Logo = "OmaStadi", []byte("<svg/>")
	for name, c := range map[string]struct {
		city city.City
		icon string
	}{"osbu": {helsinki, "/icon-192.png"}, "OmaStadi": {other, logoPath}} {
		r, body := ask(t, cityServer(t, "http://localhost:8080", built(), c.city), "/manifest.webmanifest")
		var m struct {
			Name  string `json:"name"`
			Start string `json:"start_url"`
			Icons []struct {
				Source string `json:"src"`
			} `json:"icons"`
		}
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatal(err)
		}
		if r.Header.Get("Content-Type") != "application/manifest+json" || m.Name != name || m.Start != "/" ||
			len(m.Icons) == 0 || m.Icons[0].Source != c.icon {
			t.Errorf("%s: got %s, %s", name, r.Header.Get("Content-Type"), body)
		}
	}
}

// What the build has compressed is sent as it is to who reads it.
func TestPrecompressedFiles(t *testing.T) {
	pages := built()
	pages["assets/main-4f3a2.js.br"] = &fstest.MapFile{Data: []byte("small")}
	s := pagesServer(t, "http://localhost:8080", pages)
	if _, body := ask(t, s, "/assets/main-4f3a2.js", "Accept-Encoding", "br"); string(body) != "small" {
		t.Errorf("got %d bytes, want what the build made", len(body))
	}
	if _, body := ask(t, s, "/assets/main-4f3a2.js"); string(body) != script {
		t.Errorf("got %q, want the plain file", body)
	}
	if r, _ := ask(t, s, "/assets/main-4f3a2.js.br"); r.StatusCode != http.StatusNotFound {
		t.Errorf("got %d, want no file of its own", r.StatusCode)
	}
}
