package service

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/event"
	"osbu/handlers/api"
)

const (
	benchPlaces      = 60
	marksASecond     = 200. / 60
	creditsASecond   = 20. // of a last evening: 72,000 in an hour
	benchPlacesTakes = time.Minute
)

// BenchmarkPlaces has sixty places mark 200 rights a minute as used on paper
// beside a last evening of people who ask for their credentials, which is where
// both meet: at the roll and its rights. Each is measured alone, then both at
// once; the baselines are the former. Neither may become slower by more than a
// tenth. A p99 of 200 marks is the third slowest of them.
func BenchmarkPlaces(b *testing.B) {
	marks, credits := int(marksASecond*benchPlacesTakes.Seconds()), int(creditsASecond*benchPlacesTakes.Seconds())
	var alone, beside [2]load
	run := func(b *testing.B) {
		b.Helper()
		if beside[0].sent > 0 {
			return
		}
		s := newServer(b)
		people := 2 * (marks + credits)
		requests := s.electorate(b, people)
		credit, paper := requests[:2*credits], s.paperMarks(b, 2*credits, 2*marks)
		s.start(b)
		s.admit(b, credit)
		s.admitOfficers(b, paper)
		of := func(list []request, from int) func(int) request {
			return func(i int) request { return list[from+i] }
		}
		alone[0] = flood(s.url, creditsASecond, credits, of(credit, 0))
		alone[1] = flood(s.url, marksASecond, marks, of(paper, 0))
		var wg sync.WaitGroup
		wg.Go(func() { beside[0] = flood(s.url, creditsASecond, credits, of(credit, credits)) })
		wg.Go(func() { beside[1] = flood(s.url, marksASecond, marks, of(paper, marks)) })
		wg.Wait()
		s.stop(b)
		for _, l := range [][2]load{alone, beside} {
			l[0].mustAnswer(b, 200)
			l[1].mustAnswer(b, 200)
		}
		b.Logf("credentials alone: %v; beside marks: %v", alone[0], beside[0])
		b.Logf("marks alone: %v; beside credentials: %v", alone[1], beside[1])
	}
	for i, name := range []string{"places.credentials_beside_marks", "places.marks_beside_credentials"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				run(b)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(beside[i].at(99), "ms")
			b.ReportMetric(alone[i].at(99), "baseline")
		})
	}
}

// paperMarks announces the places of the electorate's round, with somebody at
// work at each, and gives a request for each of n people from the from-th on.
func (s *server) paperMarks(b *testing.B, from, n int) []request {
	b.Helper()
	ctx := context.Background()
	official, err := s.official(ctx)
	if err != nil {
		b.Fatal(err)
	}
	requests := make([]request, n)
	places, sessions := make([]int64, benchPlaces), make([]string, benchPlaces)
	for i := range benchPlaces {
		begins := time.Now().Truncate(time.Hour).Add(2 * time.Hour)
		e, err := s.events.Draft(ctx, official, "bench", event.Text{
			Kind: event.Voting, Title: domain.Text{Fi: "Äänestys", Sv: "Röstning"},
			About: domain.Text{Fi: "Tervetuloa", Sv: "Välkommen"}, Place: fmt.Sprint("Kirjasto ", i), Address: "Katu 1",
			Times:     []event.Time{{Begins: begins, Ends: begins.Add(8 * time.Hour)}},
			Languages: []event.Language{"fi"},
		})
		if err == nil {
			_, err = s.events.Publish(ctx, official, "bench", e.ID)
		}
		if err != nil {
			b.Fatal(err)
		}
		token, err := s.accounts.SignIn(ctx, account.Person{
			Subject: fmt.Sprint("official ", i), Name: "Olli Official", Language: domain.Finnish,
			Roles: []domain.Role{domain.Official},
		})
		if err == nil {
			_, err = s.accounts.Enrol(ctx, token)
		}
		if err != nil {
			b.Fatal(err)
		}
		places[i], sessions[i] = e.ID, string(token)
	}
	for i := range requests {
		body, err := json.Marshal(api.PaperMark{IdentityCode: identityCode(from + i), Document: "passport"})
		if err != nil {
			b.Fatal(err)
		}
		requests[i] = request{
			path: fmt.Sprint("/api/v1/rounds/bench/places/", places[i%benchPlaces], "/paper-marks"), body: body,
			session: sessions[i%benchPlaces],
		}
	}
	return requests
}

// admitOfficers is admit, once for each officer.
func (s *server) admitOfficers(b *testing.B, requests []request) {
	b.Helper()
	first := requests[:min(benchPlaces, len(requests))]
	s.admit(b, first)
	for i := range requests {
		requests[i].csrf = first[i%benchPlaces].csrf
	}
}
