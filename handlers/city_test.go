package handlers

import (
	"bytes"
	"encoding/json"
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
	logo, got := ask(t, s, logoPath)
	if !bytes.Equal(got, haparanda.Logo) || logo.Header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("got logo %q as %q, want %q", got, logo.Header.Get("Content-Type"), haparanda.Logo)
	}
	if got := logo.Header.Get("Content-Security-Policy"); got != apiPolicy {
		t.Errorf("got policy %q for a logo opened alone, want %q", got, apiPolicy)
	}
}
