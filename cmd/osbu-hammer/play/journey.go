package play

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"osbu/domain/ballot"
)

// JourneyConfig says who visits what. Of Config it takes URL, Official,
// Election, Within, Round, Note, Voted and Metrics; the election's ballots are
// as many as the electorate, see Election.Of.
type JourneyConfig struct {
	Config
	Author      *http.Client // a resident's session: she proposes what is looked at
	Facilitator *http.Client // a session: she accepts it
	// Roll imports it, of the round. Nil: the electorate does not sign in but has
	// voting codes, for the service's provider knows none of them.
	Roll      func(ctx context.Context, text []byte) error
	Think     time.Duration                           // the mean pause between two steps
	Abandoned float64                                 // share of visits that end before a right is used
	Warm      float64                                 // share of visitors whose browser has the pages' files
	Cohort    int                                     // voters who go through the steps together beforehand, for CPU
	CPU       func() (server, database time.Duration) // used so far; nil: not known
}

// JourneyReport is how it went.
type JourneyReport struct {
	Report
	Electorate int     `json:"electorate"`
	Visits     int     `json:"visits"`    // cohort left out
	Abandoned  int     `json:"abandoned"` // visits that were to end early
	Votes      int     `json:"votes"`     // complete, cohort left out
	Unlogged   int     `json:"unlogged"`  // of them: the proof was not there yet
	VotesRate  float64 `json:"votes_rate"`
	// of the whole while voters came, a complete vote, abandoned visits shared
	// among them
	ServerCPU   float64 `json:"server_cpu_ms"`
	DatabaseCPU float64 `json:"database_cpu_ms"`
	Steps       []Step  `json:"steps"`
}

// Step is one of a visit's, retries included.
type Step struct {
	Name string  `json:"name"`
	N    int     `json:"n"`
	P50  float64 `json:"p50_ms"`
	P99  float64 `json:"p99_ms"`
	Max  float64 `json:"max_ms"`
	// of one voter, as the cohort's cost; 0: not known
	ServerCPU   float64 `json:"server_cpu_ms"`
	DatabaseCPU float64 `json:"database_cpu_ms"`
}

// At once on a journey. A visitor is a few kilobytes while she thinks.
const (
	mostVisitors   = 50_000
	visitorSockets = 512
	cohortAtOnce   = 8
)

// journey is under way.
type journey struct {
	JourneyConfig
	rehearsal *Rehearsal
	place     *polling
	chunks    []string // of the front page, addresses
	tag       string   // of the front page
	sockets   *http.Transport
	voters    []ballot.Vote // by number on the roll
	codes     []string      // theirs; nil: they sign in
	steps     []step

	mu        sync.Mutex
	times     map[string][]time.Duration
	first     time.Time // when a ballot was acknowledged, and the last was
	last      time.Time
	votes     int
	abandoned int
	unlogged  int
}

// Journey makes a rehearsal round of the election with everybody on the roll,
// lets the electorate come, each going the whole way of a resident from the
// front page to the log's proof, and closes, counts, publishes and checks.
func Journey(ctx context.Context, c JourneyConfig) (JourneyReport, error) {
	if err := loopback(c.URL); err != nil {
		return JourneyReport{}, err
	}
	began := time.Now()
	j, err := embark(ctx, c)
	if err != nil {
		return JourneyReport{}, err
	}
	defer j.sockets.CloseIdleConnections()
	setup := time.Since(began).Seconds()
	limited, cancel := context.WithTimeoutCause(ctx, c.Within+5*time.Minute, errors.New("the visits take too long"))
	defer cancel()
	watched, stop := context.WithCancel(ctx)
	memory := watchMemory(watched, c.Metrics)
	began = time.Now()

	report := JourneyReport{Electorate: len(j.voters), Visits: len(j.voters) - c.Cohort}
	if c.Cohort > 0 {
		c.Note(fmt.Sprintf("cohort: %d voters go step by step", c.Cohort))
	}
	costs := j.cohort(limited)
	j.times = map[string][]time.Duration{} // alone together, they tell nothing of waiting
	c.Note(fmt.Sprintf("journeys: %d visitors within %s", report.Visits, c.Within))
	server, database := j.cpu()
	arrive(report.Visits, c.Within, mostVisitors, func(i int) {
		j.visitor(c.Cohort + i).visit(limited)
		c.Voted()
	})
	serverEnd, databaseEnd := j.cpu()
	stop()

	report.Report = j.rehearsal.report()
	report.Abandoned, report.Votes, report.Unlogged = j.abandoned, j.votes, j.unlogged
	if span := j.last.Sub(j.first).Seconds(); span > 0 {
		report.VotesRate = float64(j.votes-1) / span
	}
	if j.votes > 0 {
		report.ServerCPU = milliseconds(serverEnd-server) / float64(j.votes)
		report.DatabaseCPU = milliseconds(databaseEnd-database) / float64(j.votes)
	}
	for _, s := range j.steps {
		if s.name == "" {
			continue
		}
		l := latency(j.times[s.name])
		report.Steps = append(report.Steps, Step{
			Name: s.name, N: len(j.times[s.name]), P50: l.P50, P99: l.P99, Max: l.Max,
			ServerCPU: costs[s.name].server, DatabaseCPU: costs[s.name].database,
		})
	}
	report.Memory = <-memory
	report.Seconds.Setup, report.Seconds.Voting = setup, time.Since(began).Seconds()
	j.rehearsal.settle()
	report.Ballots = len(j.rehearsal.votes)
	report.Report, err = j.rehearsal.Finish(ctx, report.Report)
	return report, err
}

// loopback is nil if the server is on this machine: a journey is no visit to
// anybody else's.
func loopback(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%s: journeys are for a server on this machine alone, by its number, e.g. http://127.0.0.1:8080",
			address)
	}
	return nil
}

// embark sets the round up and opens the vote.
func embark(ctx context.Context, c JourneyConfig) (*journey, error) {
	o, err := enterOffice(ctx, c.URL, c.Round, c.Official)
	if err != nil {
		return nil, err
	}
	n := len(c.Election.Ballots)
	c.Note(fmt.Sprintf("setting up round %s: %d projects, %d people on the roll", c.Round, len(c.Election.Projects), n))
	if err := o.found(ctx, c.Election, c.Within); err != nil {
		return nil, err
	}
	var codes []string
	if c.Roll != nil {
		if err := c.Roll(ctx, rollText(n)); err != nil {
			return nil, fmt.Errorf("the roll: %w", err)
		}
	} else if codes, err = o.issue(ctx, n); err != nil {
		return nil, err
	}
	if err := o.steps(ctx, "propose"); err != nil {
		return nil, err
	}
	proposals, err := propose(ctx, c.URL, c.Round, c.Author)
	if err != nil {
		return nil, fmt.Errorf("proposals to look at: %w", err)
	}
	if err := o.steps(ctx, "vet"); err != nil {
		return nil, err
	}
	if err := accept(ctx, c.URL, c.Facilitator, proposals); err != nil {
		return nil, fmt.Errorf("accept the proposals: %w", err)
	}
	if err := o.place(ctx, c.Election); err != nil {
		return nil, err
	}
	if err := o.steps(ctx, "freeze", "open"); err != nil {
		return nil, err
	}
	place, err := enter(ctx, c.URL, c.Round)
	if err != nil {
		return nil, err
	}
	j := &journey{
		JourneyConfig: c, place: place, voters: c.Election.Ballots, codes: codes, steps: stepsOf(codes == nil),
		times:     map[string][]time.Duration{},
		rehearsal: &Rehearsal{Config: c.Config, office: o, place: place, votes: make([]vote, n)},
		sockets: &http.Transport{
			MaxIdleConns: visitorSockets, MaxIdleConnsPerHost: visitorSockets, MaxConnsPerHost: visitorSockets,
		},
	}
	return j, j.readFront(ctx)
}

// cost is what a step takes, of one voter, in ms.
type cost struct{ server, database float64 }

// cohort lets the first voters go through the steps together, everybody done
// with one before anybody begins the next, so that the CPU used meanwhile is
// the step's.
func (j *journey) cohort(ctx context.Context) map[string]cost {
	visitors := make([]*visitor, j.Cohort)
	for i := range visitors {
		visitors[i] = j.visitor(i)
		visitors[i].leaves, visitors[i].hasty = len(j.steps), true
	}
	costs := map[string]cost{}
	for _, s := range j.steps {
		server, database := j.cpu()
		rush(len(visitors), cohortAtOnce, func(i int) { visitors[i].take(ctx, s) })
		serverEnd, databaseEnd := j.cpu()
		if n := float64(len(visitors)); n > 0 {
			costs[s.name] = cost{milliseconds(serverEnd-server) / n, milliseconds(databaseEnd-database) / n}
		}
	}
	for _, v := range visitors {
		v.leave()
	}
	j.votes, j.unlogged, j.first, j.last = 0, 0, time.Time{}, time.Time{}
	return costs
}

func (j *journey) cpu() (server, database time.Duration) {
	if j.CPU == nil {
		return 0, 0
	}
	return j.CPU()
}

// visitor is the n-th on the roll, with all she brings.
func (j *journey) visitor(n int) *visitor {
	v := &visitor{journey: j, number: n, warm: rand.Float64() < j.Warm, leaves: len(j.steps)}
	if rand.Float64() < j.Abandoned {
		v.leaves = rand.IntN(1 + slices.IndexFunc(j.steps, func(s step) bool { return s.name == lastFree }))
	}
	v.browser = j.browser()
	if j.codes != nil {
		v.browser.header.Set("X-Voting-Code", j.codes[n])
	}
	return v
}

// settle keeps of the rehearsal's ballots those that were cast, or may have
// been: who left early has none.
func (r *Rehearsal) settle() {
	e := *r.Election
	e.Ballots, e.instance.Ballots = nil, nil
	var votes []vote
	for i, v := range r.votes {
		if v.kept {
			votes = append(votes, v)
			e.Ballots = append(e.Ballots, r.Election.Ballots[i])
			e.instance.Ballots = append(e.instance.Ballots, r.Election.instance.Ballots[i])
		}
	}
	r.Election, r.votes = &e, votes
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
