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
	r, err := Open(ctx, c)
	if err != nil {
		return Report{}, err
	}
	c.Note(fmt.Sprintf("voting: %d voters within %s", len(r.codes), c.Within))
	return r.Finish(ctx, r.poll(ctx))
}

// Rehearsal is an election whose vote is open. Finish ends it.
type Rehearsal struct {
	Config
	office *official
	place  *polling
	codes  []string
	votes  []vote // by ballot, as Config.Election has them
}

// Open makes a rehearsal round of the election with a voting code for each of its ballots, and opens the vote.
func Open(ctx context.Context, c Config) (*Rehearsal, error) {
	o, err := enterOffice(ctx, c.URL, c.Round, c.Official)
	if err != nil {
		return nil, err
	}
	c.Note(fmt.Sprintf("setting up round %s: %d projects, %d voting codes", c.Round, len(c.Election.Projects), len(c.Election.Ballots)))
	r := &Rehearsal{Config: c, office: o, votes: make([]vote, len(c.Election.Ballots))}
	if r.codes, err = o.found(ctx, c.Election, c.Within); err != nil {
		return nil, err
	}
	r.place, err = enter(ctx, c.URL, c.Round)
	return r, err
}

// Finish closes, counts, confirms and publishes the round, and checks the record against the votes.
func (r *Rehearsal) Finish(ctx context.Context, report Report) (Report, error) {
	defer r.Official.CloseIdleConnections()
	defer r.place.leave()
	r.Note("closing, counting, publishing")
	for _, step := range []api.Step{"close", "count", "confirm", "publish"} {
		if err := r.office.step(ctx, step); err != nil {
			return report, err
		}
	}
	r.Note("checking the record")
	p, err := r.office.download(ctx)
	if err != nil {
		return report, err
	}
	err = report.check(ctx, r.Election, r.votes, p, r.office.verify(ctx, p, r.place))
	return report, err
}

// poll lets the voters come at moments drawn evenly from the time, so that they arrive as a Poisson process does: nobody waits for another to finish, and a
// slow server meets a growing crowd. Time counts from the moment a voter was to come.
func (r *Rehearsal) poll(ctx context.Context) Report {
	arrivals := make([]time.Duration, len(r.codes))
	for i := range arrivals {
		arrivals[i] = time.Duration(rand.Int64N(int64(r.Within) + 1))
	}
	slices.Sort(arrivals)
	order := rand.Perm(len(r.codes)) // the file's order may be the order of casting, or sorted
	whole := make([]time.Duration, len(r.codes))
	ctx, cancel := context.WithTimeout(ctx, r.Within+5*time.Minute)
	defer cancel()
	var wg sync.WaitGroup
	start := time.Now()
	for i, at := range arrivals {
		time.Sleep(time.Until(start.Add(at)))
		wg.Go(func() {
			v := r.place.vote(ctx, r.codes[i], r.Election.Ballots[order[i]], i%25 == 0)
			v.send = nil // a city's ballots need not all stay in memory
			r.votes[order[i]] = v
			whole[i] = time.Since(start) - at
			r.Voted()
		})
	}
	wg.Wait()
	return r.report(time.Since(start).Seconds(), whole)
}

// report sums the votes up; seconds is from the first arrival to the last promise, whole are the voters' times from arrival to promise.
func (r *Rehearsal) report(seconds float64, whole []time.Duration) Report {
	report := Report{Ballots: len(r.votes)}
	credential, cast := make([]time.Duration, len(r.votes)), make([]time.Duration, len(r.votes))
	issued := 0
	for i, v := range r.votes {
		credential[i], cast[i] = v.credential, v.cast
		report.Retried += v.failures
		if v.cast > 0 {
			issued++
		}
		if v.kept {
			report.Acknowledged++
		}
		if v.err != nil {
			report.Errors++
			report.fault(v.err)
		}
	}
	report.CredentialRate, report.BallotRate = float64(issued)/seconds, float64(report.Acknowledged)/seconds
	report.Credential, report.Cast = latency(credential), latency(cast)
	all := latency(whole)
	report.P50, report.P90, report.P99, report.Max = ms(all.P50), ms(all.P90), ms(all.P99), ms(all.Max)
	return report
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
