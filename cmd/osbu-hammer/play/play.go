// Package play plays a real election against a running server, over HTTP alone, as an official and as every one of its voters, and checks the record.
package play

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"osbu/handlers/api"
)

// Config says what to play where.
type Config struct {
	URL      string       // of the server, without a path
	Official *http.Client // holds an official's session, see SignIn
	Election *Election
	Within   time.Duration // in which the voters come, at random moments
	Round    string        // address of the rehearsal
	Note     func(string)  // is told of each stage
	Voted    func()        // is called as each voter is done, by many goroutines at once
}

// Report is how it went; its JSON is --json's.
type Report struct {
	Ballots        int     `json:"ballots"`
	Acknowledged   int     `json:"acknowledged"`    // ballots for which a promise came
	Lost           int     `json:"lost"`            // acknowledged, but not in the record
	Doubled        int     `json:"doubled"`         // in the record more often than cast
	Errors         int     `json:"errors"`          // voters who did not succeed, or got a wrong answer
	Retried        int     `json:"retried"`         // requests sent again, because no answer came or it said: come back
	CredentialRate float64 `json:"credential_rate"` // a second, first arrival to last promise
	BallotRate     float64 `json:"ballot_rate"`     // a second, likewise
	P50            float64 `json:"p50_ms"`          // from a voter's arrival to her promise: credential, cryptography, ballot, retries, queues
	P90            float64 `json:"p90_ms"`
	P99            float64 `json:"p99_ms"`
	Max            float64 `json:"max_ms"`
	OutcomeMatches bool    `json:"outcome_matches"` // the published outcome is the file's own count
	RecordVerified bool    `json:"record_verified"` // the record recounts, and its ballots are those cast

	Faults     []string `json:"-"` // the first of each kind
	Selected   []string `json:"-"` // ids of the file, in order of purchase
	Ties       int      `json:"-"`
	Credential Latency  `json:"-"`
	Cast       Latency  `json:"-"`
}

// Latency is of one kind of request, retries included.
type Latency struct{ P50, P90, P99, Max time.Duration }

// OK tells whether every ballot was acknowledged and is in the record once, and the outcome is right.
func (r Report) OK() bool {
	return r.Acknowledged == r.Ballots && r.Lost == 0 && r.Doubled == 0 && r.Errors == 0 && r.OutcomeMatches && r.RecordVerified
}

// Play makes a rehearsal round of the election, casts its ballots, closes, counts, publishes and checks. The error tells why it could not be played to the
// end; what went wrong with ballots is in the report.
func Play(ctx context.Context, c Config) (Report, error) {
	defer c.Official.CloseIdleConnections()
	o, err := enterOffice(ctx, c.URL, c.Round, c.Official)
	if err != nil {
		return Report{}, err
	}
	c.Note(fmt.Sprintf("setting up round %s: %d projects, %d voting codes", c.Round, len(c.Election.Projects), len(c.Election.Ballots)))
	codes, err := o.found(ctx, c.Election, c.Within)
	if err != nil {
		return Report{}, err
	}
	place, err := enter(ctx, c.URL, c.Round)
	if err != nil {
		return Report{}, err
	}
	defer place.leave()
	c.Note(fmt.Sprintf("voting: %d voters within %s", len(codes), c.Within))
	r, votes := poll(ctx, c, place, codes)

	c.Note("closing, counting, publishing")
	for _, step := range []api.Step{"close", "count", "confirm", "publish"} {
		if err := o.step(ctx, step); err != nil {
			return r, err
		}
	}
	c.Note("checking the record")
	p, err := o.download(ctx)
	if err != nil {
		return r, err
	}
	err = r.check(ctx, c.Election, votes, p, o.verify(ctx, p, place))
	return r, err
}

// poll lets the voters come at moments drawn evenly from the time, so that they arrive as a Poisson process does: nobody waits for another to finish, and a
// slow server meets a growing crowd. Time counts from the moment a voter was to come.
func poll(ctx context.Context, c Config, p *polling, codes []string) (Report, []vote) {
	arrivals := make([]time.Duration, len(codes))
	for i := range arrivals {
		arrivals[i] = time.Duration(rand.Int64N(int64(c.Within) + 1))
	}
	slices.Sort(arrivals)
	order := rand.Perm(len(codes)) // the file's order may be the order of casting, or sorted
	votes := make([]vote, len(codes))
	whole := make([]time.Duration, len(codes))
	ctx, cancel := context.WithTimeout(ctx, c.Within+5*time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	start := time.Now()
	for i, at := range arrivals {
		time.Sleep(time.Until(start.Add(at)))
		wg.Go(func() {
			votes[order[i]] = p.vote(ctx, codes[i], c.Election.Ballots[order[i]], i%25 == 0)
			whole[i] = time.Since(start) - at
			c.Voted()
		})
	}
	wg.Wait()
	elapsed := time.Since(start).Seconds()
	r := Report{Ballots: len(codes)}
	credential, cast := make([]time.Duration, len(votes)), make([]time.Duration, len(votes))
	issued := 0
	for i, v := range votes {
		credential[i], cast[i] = v.credential, v.cast
		r.Retried += v.failures
		if v.cast > 0 {
			issued++
		}
		if v.kept {
			r.Acknowledged++
		}
		if v.err != nil {
			r.Errors++
			r.fault(v.err)
		}
	}
	r.CredentialRate, r.BallotRate = float64(issued)/elapsed, float64(r.Acknowledged)/elapsed
	r.Credential, r.Cast = latency(credential), latency(cast)
	all := latency(whole)
	r.P50, r.P90, r.P99, r.Max = ms(all.P50), ms(all.P90), ms(all.P99), ms(all.Max)
	return r, votes
}

// check compares what was cast with what was published.
func (r *Report) check(ctx context.Context, e *Election, votes []vote, p published, fault error) error {
	var kept [][]int
	for i, v := range votes {
		if v.kept {
			kept = append(kept, e.Ballots[i])
		}
	}
	r.Lost, r.Doubled = beyond(kept, p.ballots), beyond(p.ballots, e.Ballots)
	if fault != nil {
		r.fault(fault)
	}
	r.RecordVerified = fault == nil && r.Lost == 0 && r.Doubled == 0 && len(p.ballots) == p.area.Ballots
	want, err := e.expected(ctx, p.area.Lot)
	if err != nil {
		return fmt.Errorf("count the file: %w", err)
	}
	r.OutcomeMatches = slices.Equal(want.Selected, p.area.Outcome.Selected) && want.Cost.Cmp(p.area.Outcome.Cost) == 0
	if !r.OutcomeMatches {
		r.fault(fmt.Errorf("the file's own count selects %v, the record %v", want.Selected, p.area.Outcome.Selected))
	}
	r.Ties = len(want.Ties)
	for i := range want.Selected {
		for n, project := range e.Projects {
			if want.Selected[i] == fmt.Sprint(n+1) {
				r.Selected = append(r.Selected, project.ID)
			}
		}
	}
	return nil
}

// fault notes the first few.
func (r *Report) fault(err error) {
	if text := err.Error(); len(r.Faults) < 10 && !slices.Contains(r.Faults, text) {
		r.Faults = append(r.Faults, text)
	}
}

func latency(all []time.Duration) Latency {
	h := hdrhistogram.New(1, time.Hour.Microseconds(), 3)
	for _, d := range all {
		_ = h.RecordValue(min(d, time.Hour).Microseconds()) // within the histogram's range
	}
	at := func(percent float64) time.Duration {
		return time.Duration(h.ValueAtPercentile(percent)) * time.Microsecond
	}
	return Latency{P50: at(50), P90: at(90), P99: at(99), Max: time.Duration(h.Max()) * time.Microsecond}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
