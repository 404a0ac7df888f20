package handlers

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"osbu/domain/city"
	"osbu/handlers/api"
)

func TestPagesKnowTheirCity(t *testing.T) {
	built := fstest.MapFS{}
	for _, name := range []string{"index.html", "staff.html"} {
		page, err := os.ReadFile("../frontend/" + name)
		if err != nil {
			t.Fatal(err)
		}
		built[name] = &fstest.MapFile{Data: page}
	}
	haparanda, err := city.Read(os.DirFS("../domain/city/testdata"), "haparanda.json")
	if err != nil {
		t.Fatal(err)
	}
	haparanda.Service.En = `</script><b>`
	s := cityServer(t, "http://osbu.example", built, haparanda)
	for _, path := range []string{"/", "/sv/rounds/r", "/office"} {
		t.Run(path, func(t *testing.T) {
			_, body := ask(t, s, path)
			page := string(body)
			for _, want := range []string{`<html lang="sv">`, "<title>Gränsens budget</title>"} {
				if !strings.Contains(page, want) {
					t.Errorf("got no %s in %s", want, page)
				}
			}
			_, after, _ := strings.Cut(page, `<script id="city" type="application/json">`)
			data, _, _ := strings.Cut(after, "</script>")
			var got api.CitySettings
			if err := json.Unmarshal([]byte(data), &got); err != nil {
				t.Fatalf("got %v in %q", err, data)
			}
			if got.Service.En == nil || *got.Service.En != haparanda.Service.En || got.TimeZone != "Europe/Stockholm" {
				t.Errorf("got %+v, want %+v", got, haparanda)
			}
		})
	}
	t.Run("a page whose program does not run", func(t *testing.T) {
		_, page := ask(t, s, "/")
		_, root, _ := strings.Cut(string(page), `<div id="root">`)
		for _, want := range []string{"<h1>Gränsens budget</h1>", html.EscapeString(haparanda.Contact.String())} {
			if !strings.Contains(root, want) {
				t.Errorf("got no %s in %s", want, root)
			}
		}
	})
	t.Run("font", func(t *testing.T) {
		const link = `<link rel="stylesheet" href="/font.css">`
		if _, page := ask(t, s, "/"); strings.Contains(string(page), link) {
			t.Errorf("got %s for a city without a font in %s", link, page)
		}
		haparanda.Font = []byte("wOF2 and so on")
		s := cityServer(t, "http://osbu.example", built, haparanda)
		if _, page := ask(t, s, "/office"); !strings.Contains(string(page), link) {
			t.Errorf("got no %s in %s", link, page)
		}
		sheet, text := ask(t, s, fontSheet)
		if !strings.Contains(string(text), "url("+fontPath+")") ||
			!strings.HasPrefix(sheet.Header.Get("Content-Type"), "text/css") {
			t.Errorf("got %s as %q, want a sheet with %s", text, sheet.Header.Get("Content-Type"), fontPath)
		}
		font, data := ask(t, s, fontPath)
		if !bytes.Equal(data, haparanda.Font) || font.Header.Get("Content-Type") != "font/woff2" {
			t.Errorf("got %q as %q, want %q as font/woff2", data, font.Header.Get("Content-Type"), haparanda.Font)
		}
	})
	logo, got := ask(t, s, logoPath)
	if !bytes.Equal(got, haparanda.Logo) || logo.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("got logo %q as %q, want %q", got, logo.Header.Get("Content-Type"), haparanda.Logo)
	}
	if got := logo.Header.Get("Content-Security-Policy"); got != apiPolicy {
		t.Errorf("got policy %q for a logo opened alone, want %q", got, apiPolicy)
	}
}
