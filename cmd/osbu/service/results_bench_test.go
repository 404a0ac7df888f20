package service

import (
	"context"
	"net/http"
	"testing"
	"time"

	"osbu/cmd/osbu-hammer/play"
	"osbu/domain"
	"osbu/domain/account"
)

// BenchmarkResults measures the rush after a publication: what a visitor's
// browser asks for when it opens the results for the first time, the page and
// the answers behind it, packed as browsers take them. The baseline, in the
// same run, is the answer that takes no work, /healthz. Visitors, server and
// PostgreSQL share the machine.
func BenchmarkResults(b *testing.B) {
	b.Run("results.page", func(b *testing.B) {
		s := published(b)
		asked := []request{
			{path: "/fi/rounds/rehearsal/results", packed: true},
			{path: "/api/v1/rounds/rehearsal", packed: true},
			{path: "/api/v1/rounds/rehearsal/results", packed: true},
			{path: "/api/v1/session", packed: true},
		}
		var page, bare load
		for b.Loop() {
			rush(s.url, 32, 4000, func(i int) request { return asked[i%len(asked)] })
			page = rush(s.url, 32, 20_000, func(i int) request { return asked[i%len(asked)] })
			bare = rush(s.url, 32, 20_000, func(int) request { return request{path: "/healthz"} })
		}
		page.mustAnswer(b, http.StatusOK)
		bare.mustAnswer(b, http.StatusOK)
		b.Logf("a page's requests: %s; /healthz: %s", page, bare)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(page.rate(), "requests/s")
		b.ReportMetric(bare.rate(), "baseline")
	})
}

// published is a server with a published round of real ballots.
func published(b *testing.B) *server {
	b.Helper()
	s := newServer(b)
	s.settings = append(s.settings, "OSBU_LIMIT_ADDRESS=off") // a city's visitors have addresses of their own
	token, err := s.accounts.SignIn(context.Background(), account.Person{
		Subject: "official", Name: "Olli Official", Language: domain.Finnish, Roles: []domain.Role{domain.Official},
	})
	if err != nil {
		b.Fatal(err)
	}
	s.start(b)
	played, err := play.Play(context.Background(), play.Config{
		URL: s.url, Official: browserOf(b, s.url, string(token)),
		Election: readElection(b, "testdata/Netherlands_Amsterdam_588"), Within: 3 * time.Second, Round: "rehearsal",
		Note: func(stage string) { b.Log(stage) }, Voted: func() {},
	})
	if err != nil || !played.OK() {
		b.Fatalf("%+v, %v", played, err)
	}
	return s
}
