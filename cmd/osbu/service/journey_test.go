package service

import (
	"bytes"
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"osbu/cmd/osbu-hammer/play"
	hammer "osbu/cmd/osbu-hammer/provider"
	"osbu/domain/roll"
)

// journeySignIn lets a service's people sign in at the hammer's provider.
func journeySignIn(t *testing.T) func(*Settings) {
	t.Helper()
	return func(s *Settings) {
		s.OIDCClientSecret = "a-secret-for-this-test"
		p, err := hammer.Listen(hammer.Config{
			Secret: s.OIDCClientSecret, Redirect: s.PublicURL + "/api/v1/sign-in/callback", Claims: play.Claims,
		}, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
		s.OIDCIssuer = p.Issuer
	}
}

func toulouse(t testing.TB) *play.Election {
	t.Helper()
	return readElection(t, "testdata/France_Toulouse_2022_3_-_Les_Chalets_Bayard_Belfort_Saint_Aubin_Dupuy")
}

// keepLogging lets ballots go into the log as time passes, until the test ends.
func (w *world) keepLogging(t *testing.T) {
	t.Helper()
	go func() {
		for t.Context().Err() == nil {
			// No moment releases twice; ahead of the provider's clock its tokens would
			// be too old.
			w.clock.pass(time.Since(w.clock.now()))
			_ = w.sequencer.Tick(t.Context()) // a ballot that does not come into the log fails the test
			time.Sleep(100 * time.Millisecond)
		}
	}()
}

// Whole visits: everybody comes by the front page, looks around, signs in at a
// provider, votes and follows the log's proof, but for those who leave before
// they use a right. The log of the service tells of none of them.
//
// It goes before the tests that go beside each other: visitors come at a pace,
// and those who are told to come back for long are errors.
func TestJourney(t *testing.T) {
	w := newWorld(t, journeySignIn(t), func(s *Settings) { s.ReleaseMin = 1 })
	signedIn := func(hint string) *http.Client {
		c, err := play.SignIn(t.Context(), w.url, hint)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	w.keepLogging(t)
	const electorate, cohort = 60, 8
	var used time.Duration
	r, err := play.Journey(t.Context(), play.JourneyConfig{
		Config: play.Config{
			URL: w.url, Official: signedIn(play.OfficialSubject), Election: toulouse(t).Of(electorate),
			Within: 2 * time.Second, Round: "rehearsal", Note: func(stage string) { t.Log(stage) }, Voted: func() {},
		},
		Author: signedIn(play.AuthorSubject), Facilitator: signedIn(play.OfficialSubject),
		Roll: func(ctx context.Context, text []byte) error {
			_, err := w.roll.Import(ctx, roll.Import{Round: "rehearsal", File: bytes.NewReader(text), Command: "test"})
			return err
		},
		Think: 20 * time.Millisecond, Abandoned: 0.3, Warm: 0.5, Cohort: cohort,
		CPU: func() (server, database time.Duration) { used += 8 * time.Millisecond; return used, 2 * used },
	})
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() || r.Visits != electorate-cohort || r.Votes+r.Abandoned != r.Visits || r.Ballots != r.Votes+cohort {
		t.Errorf("got %+v, want every ballot of those who stayed in the record", r)
	}
	if r.Votes == 0 || r.Abandoned == 0 || r.VotesRate <= 0 {
		t.Errorf("got %d votes, %d abandoned, %.1f votes/s, want some of each", r.Votes, r.Abandoned, r.VotesRate)
	}
	if r.Unlogged == r.Votes {
		t.Error("nobody has seen the log's proof")
	}
	last := r.Visits
	for i, want := range strings.Fields("front list pictures search sign-in rights credential ballot receipt proof") {
		if i >= len(r.Steps) || r.Steps[i].Name != want {
			t.Fatalf("got steps %+v, want %s as number %d", r.Steps, want, i+1)
		}
		s := r.Steps[i]
		if s.N > last || s.N < r.Votes-r.Unlogged || s.P50 <= 0 || s.P99 < s.P50 || s.ServerCPU != 1 || s.DatabaseCPU != 2 {
			t.Errorf("got %+v, want of each step its time and, of %d readings 8 ms apart, 1 ms a voter", s, cohort)
		}
		last = s.N
	}
	for line := range strings.Lines(w.log.String()) {
		for _, word := range []string{"voter-", `\d{6}-9\d\d`, "Henkilö", `127\.0\.0\.1`, "nullifier"} {
			if regexp.MustCompile(word).MatchString(line) {
				t.Errorf("the log tells of visitors: %q in %s", word, line)
			}
		}
	}
}

// Where no roll can be imported, the electorate has voting codes: nobody signs
// in, and the rest of the way is the same.
func TestJourneyByCode(t *testing.T) {
	w := newWorld(t, journeySignIn(t), func(s *Settings) { s.ReleaseMin = 1 })
	signedIn := func(hint string) *http.Client {
		c, err := play.SignIn(t.Context(), w.url, hint)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	w.keepLogging(t)
	const electorate = 20
	r, err := play.Journey(t.Context(), play.JourneyConfig{
		Config: play.Config{
			URL: w.url, Official: signedIn(play.OfficialSubject), Election: toulouse(t).Of(electorate),
			Within: time.Second, Round: "rehearsal", Note: func(stage string) { t.Log(stage) }, Voted: func() {},
		},
		Author: signedIn(play.AuthorSubject), Facilitator: signedIn(play.OfficialSubject),
		Think: time.Millisecond, Abandoned: 0.3, Warm: 0.5,
	})
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() || r.Visits != electorate || r.Votes+r.Abandoned != r.Visits || r.Ballots != r.Votes || r.Votes == 0 {
		t.Errorf("got %+v, want every ballot of those who stayed in the record", r)
	}
	var names []string
	for _, s := range r.Steps {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "front list pictures search rights credential ballot receipt proof" {
		t.Errorf("got steps %s, want all but the sign-in", got)
	}
}

// A journey is for a server on this machine alone.
func TestJourneyStaysHere(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://example.org", "http://192.0.2.1:8080", "http://localhost:8080", "://"} {
		if _, err := play.Journey(t.Context(), play.JourneyConfig{Config: play.Config{URL: address}}); err == nil {
			t.Errorf("%s: got a journey, want a refusal", address)
		}
	}
}
