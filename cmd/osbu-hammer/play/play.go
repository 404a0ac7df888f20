// Package play plays a real election against a running server, over HTTP alone,
// as an official and as every one of its voters, and checks the record.
package play

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"osbu/domain/ballot"
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

	// LastEvening lets all voters get their credentials first, as fast as the
	// office gives them; Within is the time of the ballots alone then, and 0 as
	// fast as the box takes them.
	LastEvening bool
	Issued      func() // is called as each has her credential on a last evening
	// and then four times the rate that the box reached is offered for so long;
	// half of the ballots are kept for it
	Overload time.Duration
	Paper    Paper
	Metrics  string // address of the server's metrics, which its memory is read from; empty: it is not
}

// Report is how it went; its JSON is --json's.
type Report struct {
	Ballots        int     `json:"ballots"`
	Acknowledged   int     `json:"acknowledged"`    // ballots for which a promise came
	Lost           int     `json:"lost"`            // acknowledged, but not in the record
	Doubled        int     `json:"doubled"`         // in the record more often than cast
	Errors         int     `json:"errors"`          // voters who did not succeed, or got a wrong answer
	Retried        int     `json:"retried"`         // requests sent again, because no answer came or it said: come back
	Refused        int     `json:"refused"`         // of them: 503 or 429, which is no error
	CredentialRate float64 `json:"credential_rate"` // a second, first arrival to last promise
	BallotRate     float64 `json:"ballot_rate"`     // a second, likewise
	// from a voter's arrival to her promise: credential, cryptography, ballot,
	// retries, queues
	P50            float64 `json:"p50_ms"`
	P90            float64 `json:"p90_ms"`
	P99            float64 `json:"p99_ms"`
	Max            float64 `json:"max_ms"`
	OutcomeMatches bool    `json:"outcome_matches"` // the published outcome is the file's own count
	RecordVerified bool    `json:"record_verified"` // the record recounts, and its ballots are those cast

	Credential Latency `json:"credential_ms"`
	Cast       Latency `json:"cast_ms"`
	// answers that did not come or were tried again, and what voters failed with,
	// by kind
	Failures map[string]int `json:"failures"`
	Memory   float64        `json:"server_memory_mib"` // the most that the server had while people voted; 0: not known
	Overload *Overload      `json:"overload,omitempty"`
	Paper    *PaperReport   `json:"paper,omitempty"`
	Seconds  Seconds        `json:"seconds"` // what the whole took

	Faults   []string `json:"-"` // the first of each kind
	Selected []string `json:"-"` // ids of the file, in order of purchase
	Ties     int      `json:"-"`
	issued   int
}

// Latency is of one kind of request, retries included, in ms.
type Latency struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Seconds are how long the stages took.
type Seconds struct {
	Setup   float64 `json:"setup"`
	Voting  float64 `json:"voting"`
	Close   float64 `json:"close"`
	Count   float64 `json:"count"`
	Publish float64 `json:"publish"`
	Verify  float64 `json:"verify"` // download included
}

// OK tells whether every ballot was acknowledged and is in the record once, and
// the outcome is right.
func (r Report) OK() bool {
	return (r.Paper == nil || r.Paper.Found == r.Paper.Seeded) && r.Acknowledged == r.Ballots && r.Lost == 0 &&
		r.Doubled == 0 && r.Errors == 0 && r.OutcomeMatches && r.RecordVerified
}

// Play makes a rehearsal round of the election, casts its ballots, closes,
// counts, publishes and checks. The error tells why it could not be played to
// the end; what went wrong with ballots is in the report.
func Play(ctx context.Context, c Config) (Report, error) {
	began := time.Now()
	r, err := Open(ctx, c)
	if err != nil {
		return Report{}, err
	}
	setup := time.Since(began).Seconds()
	watched, stop := context.WithCancel(ctx)
	memory := watchMemory(watched, c.Metrics)
	began = time.Now()
	var report Report
	if c.LastEvening {
		report = r.lastEvening(ctx)
	} else {
		c.Note(fmt.Sprintf("voting: %d voters within %s", len(r.codes), c.Within))
		report = r.poll(ctx)
	}
	stop()
	report.Memory = <-memory
	report.Seconds.Setup, report.Seconds.Voting = setup, time.Since(began).Seconds()
	if err := r.playPaper(ctx, &report); err != nil {
		return report, fmt.Errorf("paper: %w", err)
	}
	return r.Finish(ctx, report)
}

// Rehearsal is an election whose vote is open. Finish ends it.
type Rehearsal struct {
	Config
	office *official
	place  *polling
	codes  []string
	votes  []vote // by ballot, as Config.Election has them

	onPaper map[int]bool // ballots
	batches [][]sheet
}

// Open makes a rehearsal round of the election with a voting code for each of
// its ballots, and opens the vote.
func Open(ctx context.Context, c Config) (*Rehearsal, error) {
	o, err := enterOffice(ctx, c.URL, c.Round, c.Official)
	if err != nil {
		return nil, err
	}
	c.Note(
		fmt.Sprintf(
			"setting up round %s: %d projects, %d voting codes",
			c.Round,
			len(c.Election.Projects),
			len(c.Election.Ballots),
		),
	)
	r := &Rehearsal{Config: c, office: o, votes: make([]vote, len(c.Election.Ballots))}
	if err := o.found(ctx, c.Election, c.Within); err != nil {
		return nil, err
	}
	if err := o.steps(ctx, "propose", "vet"); err != nil {
		return nil, err
	}
	if err := o.place(ctx, c.Election); err != nil {
		return nil, err
	}
	if err := r.choosePaper(); err != nil {
		return nil, err
	}
	if n := r.people(); n > 0 {
		if err := c.Paper.Roll(ctx, c.Round, rollText(n)); err != nil {
			return nil, fmt.Errorf("the roll: %w", err)
		}
	}
	if r.codes, err = o.issue(ctx, len(c.Election.Ballots)-len(r.onPaper)); err != nil {
		return nil, err
	}
	if err := o.steps(ctx, "freeze", "open"); err != nil {
		return nil, err
	}
	r.place, err = enter(ctx, c.URL, c.Round)
	return r, err
}

// Finish closes, counts, confirms and publishes the round, and checks the
// record against the votes.
func (r *Rehearsal) Finish(ctx context.Context, report Report) (Report, error) {
	defer r.Official.CloseIdleConnections()
	defer r.place.leave()
	r.Note("closing, counting, publishing")
	var none float64
	for _, s := range []struct {
		step    api.Step
		seconds *float64
	}{
		{"close", &report.Seconds.Close},
		{"count", &report.Seconds.Count},
		{"confirm", &none},
		{"publish", &report.Seconds.Publish},
	} {
		began := time.Now()
		if err := r.office.step(ctx, s.step); err != nil {
			return report, err
		}
		*s.seconds = time.Since(began).Seconds()
	}
	r.Note("checking the record")
	began := time.Now()
	p, err := r.office.download(ctx)
	if err != nil {
		return report, err
	}
	err = report.check(ctx, r.Election, r.votes, p, r.office.verify(ctx, p, r.place))
	report.Seconds.Verify = time.Since(began).Seconds()
	return report, err
}

// poll lets the voters come at moments drawn evenly from the time, so that they
// arrive as a Poisson process does: nobody waits for another to finish, and a
// slow server meets a growing crowd. Time counts from the moment a voter was to
// come.
func (r *Rehearsal) poll(ctx context.Context) Report {
	order := r.online()
	ctx, cancel := context.WithTimeout(ctx, r.Within+5*time.Minute)
	defer cancel()
	whole, seconds := arrive(len(r.codes), r.Within, mostAtOnce, func(i int) {
		v := r.place.vote(ctx, r.codes[i], r.Election.Ballots[order[i]], i%25 == 0)
		v.send = nil // a city's ballots need not all stay in memory
		r.votes[order[i]] = v
		r.Voted()
	})
	report := r.report()
	report.CredentialRate, report.BallotRate = float64(report.issued)/seconds, float64(report.Acknowledged)/seconds
	report.whole(whole)
	return report
}

// mostAtOnce bounds the voters on their way, and so the hammer's memory.
// Whoever finds it reached comes late, but her time counts.
const mostAtOnce = 4096

// arrive lets n come at moments drawn evenly from the time, so many of them at
// once, and gives how long each took from her moment on, and how long it took
// from the first to the last.
func arrive(n int, within time.Duration, atOnce int, come func(i int)) (whole []time.Duration, seconds float64) {
	moments := make([]time.Duration, n)
	for i := range moments {
		moments[i] = time.Duration(rand.Int64N(int64(within) + 1))
	}
	slices.Sort(moments)
	whole = make([]time.Duration, n)
	places := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	start := time.Now()
	for i, at := range moments {
		time.Sleep(time.Until(start.Add(at)))
		places <- struct{}{}
		wg.Go(func() {
			come(i)
			whole[i] = time.Since(start) - at
			<-places
		})
	}
	wg.Wait()
	return whole, time.Since(start).Seconds()
}

// rush lets n come as fast as so many can be served at once, and gives the
// times likewise.
func rush(n, atOnce int, come func(i int)) (whole []time.Duration, seconds float64) {
	whole = make([]time.Duration, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range atOnce {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				began := time.Now()
				come(i)
				whole[i] = time.Since(began)
			}
		})
	}
	wg.Wait()
	return whole, time.Since(start).Seconds()
}

// report sums the votes up.
func (r *Rehearsal) report() Report {
	report := Report{Ballots: len(r.votes), Failures: map[string]int{}}
	var credential, cast []time.Duration
	r.place.failed.mu.Lock()
	defer r.place.failed.mu.Unlock()
	report.Refused = r.place.failed.busy
	maps.Copy(report.Failures, r.place.failed.kinds)
	for i, v := range r.votes {
		if r.onPaper[i] {
			continue
		}
		credential, cast = append(credential, v.credential), append(cast, v.cast)
		report.Retried += v.failures
		if v.cast > 0 {
			report.issued++
		}
		if v.kept {
			report.Acknowledged++
		}
		if v.err != nil {
			report.Errors++
			report.Failures[kind(v.err)]++
			report.fault(v.err)
		}
	}
	report.Credential, report.Cast = latency(credential), latency(cast)
	return report
}

// whole takes the voters' times from arrival to promise.
func (r *Report) whole(times []time.Duration) {
	all := latency(times)
	r.P50, r.P90, r.P99, r.Max = all.P50, all.P90, all.P99, all.Max
}

// check compares what was cast with what was published.
func (r *Report) check(ctx context.Context, e *Election, votes []vote, p published, fault error) error {
	var kept []ballot.Vote
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
	at := func(percent float64) float64 { return float64(h.ValueAtPercentile(percent)) / 1000 }
	return Latency{P50: at(50), P90: at(90), P99: at(99), Max: float64(h.Max()) / 1000}
}
