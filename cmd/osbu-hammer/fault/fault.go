// Package fault plays a real election's voters against a service of its own
// whose servers die, hang, and lose connections and disk, and checks after each
// fault that no acknowledged ballot is lost, none is there twice, and the log
// is consistent with every checkpoint it ever showed.
package fault

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"osbu/cmd/osbu-hammer/play"
)

// Config says what to stage.
type Config struct {
	Osbu     string // the server's program
	Election *play.Election
	Kills    int    // how often something is killed with -9; every second one is followed by another fault
	Seed     uint64 // of the order and the moments
	Disk     bool   // give the box a small disk in memory that can be filled
	Note     func(string)
	Release  time.Duration // Serve: between two moments at which ballots go into the log
}

// Report is how it went; its JSON is --json's.
type Report struct {
	Kills        int `json:"kills"`
	Acknowledged int `json:"acknowledged"` // ballots for which a promise came
	Lost         int `json:"lost"`         // acknowledged, but not in the box
	Doubled      int `json:"doubled"`      // in the box more than once
	// sent by voters who gave up before an answer: in the box once, or not
	Unknown        int            `json:"unknown"`
	Seconds        float64        `json:"seconds"`
	Seed           uint64         `json:"seed"`
	Faults         map[string]int `json:"faults"`  // by kind
	Voters         int            `json:"voters"`  // who came
	Retried        int            `json:"retried"` // requests sent again
	Checkpoints    int            `json:"checkpoints"`
	Leaves         int            `json:"leaves"`
	Outage         float64        `json:"longest_outage_seconds"` // from a fault's beginning until the service was ready
	RecordVerified bool           `json:"record_verified"`
	// acknowledged ballots that a restored box lacked, until their voters sent
	// them again
	RolledBack   int      `json:"rolled_back,omitempty"`
	RollbackSeen bool     `json:"rollback_seen,omitempty"` // by who remembered the checkpoints
	Problems     []string `json:"problems"`
}

// OK tells whether everything held.
func (r Report) OK() bool {
	return r.Lost == 0 && r.Doubled == 0 && r.RecordVerified && len(r.Problems) == 0 && r.Acknowledged > 0
}

// Voters that come around each fault, and the time in which they do.
const (
	crowdSize = 40
	crowdTime = 1500 * time.Millisecond
)

// Run stages the faults. The error tells why it could not go on; what was lost
// is in the report.
func Run(ctx context.Context, c Config) (r Report, err error) {
	start := time.Now()
	random := rand.New(rand.NewPCG(c.Seed, 0))
	t, err := build(ctx, c)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	cards := deck(random, c.Kills, t.disk != "")
	t.Election = c.Election.Again(len(cards)*crowdSize/len(c.Election.Ballots) + 1)
	if err := errors.Join(t.serve(ctx, "", "", true)); err != nil {
		return r, err
	}
	if err := t.open(ctx); err != nil {
		return r, err
	}
	r = Report{Seed: c.Seed, Faults: map[string]int{}, Problems: []string{}}
	watch, stop := context.WithCancel(ctx)
	defer stop()
	go t.witness.watch(watch)
	// The last faults strike while the round closes, is counted and published.
	last := min(2, len(cards)-1)
	for i, k := range cards[:len(cards)-last] {
		wait := t.crowd(ctx, random, crowdSize, crowdTime)
		pause(ctx, time.Duration(random.Int64N(int64(crowdTime))))
		if err := t.strike(ctx, &r, k); err != nil {
			return r, err
		}
		wait()
		t.judge(ctx, &r, k.name)
		c.Note(fmt.Sprintf("%3d %-26s %5d voters, log of %d", i+1, k.name, t.came, t.witness.size()))
	}
	err = t.finish(ctx, &r, random, cards[len(cards)-last:])
	r.Seconds = time.Since(start).Seconds()
	return r, errors.Join(err, ctx.Err())
}

// judge looks at everything that was promised, after something.
func (t *deployment) judge(ctx context.Context, r *Report, after string) {
	lost, doubled, err := t.inspect(ctx)
	r.Lost, r.Doubled = max(r.Lost, lost), max(r.Doubled, doubled)
	if err != nil {
		r.problem(fmt.Errorf("after %s: %w", after, err))
	}
}

// strike lets the fault happen and waits until the service is back.
func (t *deployment) strike(ctx context.Context, r *Report, k kind) error {
	start := time.Now()
	if err := errors.Join(k.strike(ctx, t), ctx.Err()); err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	if err := t.ready(ctx); err != nil {
		return fmt.Errorf("after %s: %w", k.name, err)
	}
	r.Outage = max(r.Outage, time.Since(start).Seconds())
	r.Faults[k.name]++
	if k.kills {
		r.Kills++
	}
	return nil
}

// finish closes, counts and publishes among the last faults, and checks every
// promise against the whole log and the record.
func (t *deployment) finish(ctx context.Context, r *Report, random *rand.Rand, cards []kind) error {
	type ending struct {
		report play.Report
		err    error
	}
	done := make(chan ending, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, 2*patience)
		defer cancel()
		report, err := t.rehearsal.Finish(ctx, play.Report{Ballots: t.came})
		done <- ending{report, err}
	}()
	for _, k := range cards {
		pause(ctx, time.Duration(random.Int64N(int64(200*time.Millisecond))))
		if err := t.strike(ctx, r, k); err != nil {
			return err
		}
		t.Note("    " + k.name + ", during the close")
	}
	end := <-done
	if end.err != nil {
		return end.err
	}
	t.judge(ctx, r, "the close")
	if err := t.settled(ctx); err != nil {
		r.problem(fmt.Errorf("the closed log: %w", err))
	}
	r.Lost, r.Doubled = max(r.Lost, end.report.Lost), max(r.Doubled, end.report.Doubled)
	r.RecordVerified = end.report.RecordVerified
	if !r.RecordVerified {
		r.problem(fmt.Errorf("the record: %v", end.report.Faults))
	}
	r.Voters, r.Leaves, r.Checkpoints = t.came, t.witness.size(), t.witness.count()
	t.fared(r)
	return nil
}
