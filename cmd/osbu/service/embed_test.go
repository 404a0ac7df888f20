package service

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"osbu/handlers"
	"osbu/handlers/api"
)

// What other sites may frame is one page and no other, with nothing on it that
// runs; without a setting nobody frames that either.
func TestEmbeddedPages(t *testing.T) {
	t.Parallel()
	w, official := delivering(t, func(s *Settings) { s.EmbedFrom = handlers.Embedders{"https://www.hel.fi"} })
	visitor := w.anonymous(t)
	late := report(1, "building")
	late.Dates = []api.NewDeliveryDate{{Phase: "done", Promised: pointer("2026-01-15")}}
	official.ok("PUT", deliveriesPath+"1/sites/0", late, nil)
	page := func(c *client, address string) (status int, header http.Header, body string) {
		t.Helper()
		r := c.send("GET", address, nil)
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, r.Header, string(text)
	}
	for address, c := range map[string]struct{ has, hasNot []string }{
		"/embed/fi": {
			[]string{
				`<html lang="fi">`, "osbu: Hankkeiden toteutus", "Hankkeita 2: valmiina 0, myöhässä 1.", "Penkki",
				"122 päivää myöhässä", "seuraavaksi valmis 15.1.2026", "Katso kaikki hankkeet", "&lt;b&gt;Laituri", "/fi/rounds/r/delivery/1",
				`target="_parent"`,
			},
			[]string{"<script", "<b>Laituri", "Eteläinen</h1>"},
		},
		"/embed/sv?area=southern": {
			[]string{"Södra</h1>", "Projekt 2", ">Bänk<", `<h2 lang="fi"`, "/sv/delivery?area=southern"}, nil,
		},
		"/embed/en?round=r&area=southern": {[]string{"Projects 2", "area=southern&amp;round=r"}, nil},
		"/embed/fi?area=western":          {[]string{"Hankkeita 0"}, []string{"Penkki"}},
		"/embed/fi?division=environment":  {[]string{"Hankkeita 0"}, []string{"Penkki"}},
	} {
		status, header, text := page(visitor, address)
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/html") ||
			header.Get("Set-Cookie") != "" || header.Get("ETag") == "" {
			t.Errorf("%s: %d %v", address, status, header)
		}
		for _, part := range c.has {
			if !strings.Contains(text, part) {
				t.Errorf("%s: no %q in\n%s", address, part, text)
			}
		}
		for _, part := range c.hasNot {
			if strings.Contains(text, part) {
				t.Errorf("%s: %q in\n%s", address, part, text)
			}
		}
	}
	for _, address := range []string{"/embed", "/embed/de", "/embed/fi/x", "/embed/fi?area=%3Cscript%3E", "/embed/fi?round=R"} {
		if status, header, text := page(visitor, address); status != http.StatusNotFound || header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %d %s", address, status, text)
		}
	}
	unset := newWorld(t).anonymous(t)
	for _, c := range []struct {
		at      *client
		address string
		may     bool
	}{
		{unset, "/embed/fi", false},
		{visitor, "/embed/fi", true},
		{visitor, "/embed/de", false},
		{visitor, "/fi/delivery", false},
		{visitor, "/desk", false},
		{visitor, "/api/v1/deliveries", false},
		{visitor, "/api/v1/docs", false},
		{visitor, "/embedded", false},
	} {
		_, header, _ := page(c.at, c.address)
		policy, old := header.Get("Content-Security-Policy"), header.Get("X-Frame-Options")
		if c.may && (!strings.Contains(policy, "frame-ancestors https://www.hel.fi") || old != "" ||
			!strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "script-src")) ||
			!c.may && (!strings.Contains(policy, "frame-ancestors 'none'") || old != "DENY") {
			t.Errorf("%s: %q, %q", c.address, policy, old)
		}
	}
}
