package service

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"osbu/cmd/osbu-hammer/play"
	hammer "osbu/cmd/osbu-hammer/provider"
	"osbu/domain/roll"
)

// BenchmarkJourney lets residents visit as they would on an evening of the
// vote, from the front page to the log's proof, at a rate that the service
// keeps up with: complete votes a second beside those that were offered, and
// the p99 of each step. Visitors, their provider, server and PostgreSQL share
// the machine.
func BenchmarkJourney(b *testing.B) {
	var j journeys
	b.Run("journey.votes", func(b *testing.B) {
		for b.Loop() {
			j.measure(b)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(j.report.VotesRate, "votes/s")
		b.ReportMetric(journeyRate*(1-journeyAbandoned), "baseline")
		b.ReportMetric(j.report.Memory, "memory-MiB")
	})
	for _, step := range strings.Fields(journeySteps) {
		b.Run("journey.p99."+step, func(b *testing.B) {
			for b.Loop() {
				j.measure(b)
			}
			for _, s := range j.report.Steps {
				if s.Name == step {
					b.ReportMetric(0, "ns/op")
					b.ReportMetric(s.P99, "ms")
				}
			}
		})
	}
}

const (
	journeySteps     = "front list pictures search sign-in rights credential ballot receipt proof"
	journeyRate      = 20. // visits a second
	journeySeconds   = 20
	journeyAbandoned = 0.2
)

// journeys are measured once.
type journeys struct {
	done   bool
	report play.JourneyReport
}

func (j *journeys) measure(b *testing.B) {
	b.Helper()
	if j.done {
		return
	}
	s := newServer(b)
	const secret = "a-secret-for-this-benchmark"
	people, err := hammer.Listen(hammer.Config{
		Secret: secret, Redirect: s.url + "/api/v1/sign-in/callback", Claims: play.Claims,
	}, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := people.Close(); err != nil {
			b.Error(err)
		}
	}()
	s.settings = append(s.settings, "OSBU_OIDC_ISSUER="+people.Issuer, "OSBU_OIDC_CLIENT_SECRET="+secret,
		"OSBU_LIMIT_ADDRESS=off", "OSBU_LIMIT_RECEIPT=off", "OSBU_LIMIT_SIGN_IN=off",
		"OSBU_RELEASE_MIN=10", "OSBU_RELEASE_EVERY=1s", "OSBU_FILES_URL=file://"+b.TempDir()+"?metadata=skip")
	s.start(b)
	sessions := map[string]*http.Client{}
	for _, hint := range []string{play.OfficialSubject, play.AuthorSubject} {
		if sessions[hint], err = play.SignIn(b.Context(), s.url, hint); err != nil {
			b.Fatal(err)
		}
	}
	j.report, err = play.Journey(b.Context(), play.JourneyConfig{
		Config: play.Config{
			URL: s.url, Official: sessions[play.OfficialSubject], Election: toulouse(b).Of(journeyRate * journeySeconds),
			Within: journeySeconds * time.Second, Round: "bench", Note: func(string) {}, Voted: func() {},
		},
		Author: sessions[play.AuthorSubject], Facilitator: sessions[play.OfficialSubject],
		Roll: func(ctx context.Context, text []byte) error {
			_, err := s.roll.Import(ctx, roll.Import{Round: "bench", File: bytes.NewReader(text), Command: "bench"})
			return err
		},
		Think: 500 * time.Millisecond, Abandoned: journeyAbandoned, Warm: 0.5,
	})
	if err != nil {
		b.Fatal(err)
	}
	if !j.report.OK() {
		b.Errorf("not everybody got through: %+v", j.report)
	}
	j.report.Memory, j.done = s.stop(b), true
}
