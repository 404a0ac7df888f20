package handlers

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"osbu/domain"
	"osbu/domain/proposal"
)

// Every address that the frontend has a page for is one here, and no other.
func TestResidentsAddresses(t *testing.T) {
	site, err := os.ReadFile("../frontend/src/app/shell/Site.tsx")
	if err != nil {
		t.Fatal(err)
	}
	paths := regexp.MustCompile(`path="/:lang([^"]*)"`).FindAllStringSubmatch(string(site), -1)
	if len(paths) < 20 {
		t.Fatalf("found only %d pages in Site.tsx", len(paths))
	}
	s := pagesServer(t, "http://localhost:8080", built())
	status := func(path string) int {
		r, _ := ask(t, s, path)
		return r.StatusCode
	}
	for _, match := range paths {
		path := regexp.MustCompile(`/:\w+\?`).ReplaceAllString(match[1], "")
		path = regexp.MustCompile(`:\w+|\*`).ReplaceAllString(path, "x")
		if got := status("/sv" + path); got != http.StatusOK {
			t.Errorf("%s: got %d, want 200", path, got)
		}
	}
	for _, path := range []string{"/fi/nothing", "/de", "/fi/rounds", "/fi/rounds/r/nothing", "/wp-login.php"} {
		if got := status(path); got != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, got)
		}
	}
}

func TestPagesSayWhatTheyAre(t *testing.T) {
	pages := fstest.MapFS{"index.html": {Data: []byte(`<html lang="fi"><head><title>osbu</title></head></html>`)}}
	s := pagesServer(t, "http://localhost:8080", pages)
	_, body := ask(t, s, "/sv/about/how")
	for _, part := range []string{
		`<html lang="sv">`, `<link rel="canonical" href="http://localhost:8080/sv/about/how" />`,
		`<link rel="alternate" hreflang="en" href="http://localhost:8080/en/about/how" />`, `property="og:title"`,
	} {
		if !strings.Contains(string(body), part) {
			t.Errorf("no %s in %s", part, body)
		}
	}
	p := proposal.Proposal{
		ID: 7, Round: "r", Text: proposal.Text{Title: "Koirapuisto", What: strings.Repeat("Aita ", 100)},
		Swedish: proposal.Words{Title: "Hundpark", What: "Ett\nstaket"},
		Images:  []proposal.Image{{ID: "hidden"}, {ID: "shown", Alt: "Aita"}},
		Listing: proposal.Listing{Title: domain.Text{Fi: "Koirapuisto Haagaan", En: "A dog park"}},
	}
	for language, want := range map[domain.Language]string{
		domain.Finnish: "Koirapuisto Haagaan", domain.Swedish: "Hundpark", domain.English: "A dog park",
	} {
		h := s.proposalHead(p, language)
		if h.title != want || len([]rune(h.description)) > mostDescribed || strings.Contains(h.description, "\n") ||
			h.image != "http://localhost:8080/api/v1/rounds/r/proposals/7/images/shown/full" {
			t.Errorf("%s: got %+v, want %s", language, h, want)
		}
	}
}
