package fault

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"osbu/cmd/osbu-hammer/play"
	"osbu/domain/box"
)

// crowds are the voters who have come so far.
type crowds struct {
	mu    sync.Mutex
	came  int
	casts []play.Cast
	wrong []error // of voters who should have a promise and have none, or two
}

// crowd lets more voters come at random moments; wait returns when each has her
// promise or has given up. One in ten has little patience and never comes back:
// of her ballot nobody may know. One in ten sends everything twice.
func (t *deployment) crowd(ctx context.Context, random *rand.Rand, voters int, within time.Duration) (wait func()) {
	var all sync.WaitGroup
	for range voters {
		voter, at, long := t.came, time.Duration(random.Int64N(int64(within))), patience
		if t.came++; voter%10 == 3 {
			long = time.Duration(random.Int64N(int64(within)))
		}
		all.Go(func() {
			pause(ctx, at)
			ctx, cancel := context.WithTimeout(ctx, long)
			defer cancel()
			c := t.rehearsal.Vote(ctx, voter, voter%10 == 7)
			t.mu.Lock()
			defer t.mu.Unlock()
			t.casts = append(t.casts, c)
			if gaveUp := ctx.Err() != nil && long < patience; c.Err != nil && !gaveUp {
				t.wrong = append(t.wrong, c.Err)
			}
		})
	}
	return all.Wait
}

// promised are the leaves of all ballots that were acknowledged.
func (t *deployment) promised() (leaves []box.Leaf, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.casts {
		if c.Promise == "" {
			continue
		}
		p, err := box.OpenPromise([]byte(c.Promise), t.rehearsal.Manifest().LogKey)
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, p.Leaf())
	}
	return leaves, nil
}

// fared sums the voters up.
func (t *deployment) fared(r *Report) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.casts {
		r.Retried += c.Failed
		switch {
		case c.Promise != "":
			r.Acknowledged++
		case c.Sent:
			r.Unknown++
		}
	}
	for _, err := range t.wrong {
		r.problem(fmt.Errorf("a voter: %w", err))
	}
}

// inspect looks whether every acknowledged ballot is in the box: in the log, or
// waiting for it with the same promise. lost counts those that are not, doubled
// the ballots beyond the first of one voter.
func (t *deployment) inspect(ctx context.Context) (lost, doubled int, err error) {
	promised, err := t.promised()
	if err != nil {
		return 0, 0, err
	}
	leaves, err := t.witness.check(ctx)
	if err != nil {
		return 0, 0, err
	}
	logged, voters := map[box.Leaf]bool{}, map[[32]byte]int{}
	for _, l := range leaves {
		if l.Type == box.BallotLeaf {
			logged[l] = true
			voters[l.Nullifier]++
		}
	}
	for _, n := range voters {
		doubled += n - 1
	}
	var first error
	for _, l := range promised {
		if logged[l] {
			continue
		}
		if err := t.witness.receipt(ctx, l); err != nil {
			lost++
			first = err
		}
	}
	if lost > 0 {
		err = fmt.Errorf("%d acknowledged ballots are not in the box; of the last: %w", lost, first)
	}
	if spent, problem := t.spent(ctx); problem != nil || spent < len(promised) {
		err = errors.Join(err, problem, fmt.Errorf("%d rights spent for %d acknowledged ballots", spent, len(promised)))
	}
	return lost, doubled, err
}

// spent is how many rights the office has entered: each ballot must have cost
// one.
func (t *deployment) spent(ctx context.Context) (n int, err error) {
	err = await(ctx, "the office's rights", func(ctx context.Context) (err error) {
		n, err = t.office.ask(ctx, "SELECT count(*) FROM spent_right")
		return err
	})
	return n, err
}

// problem notes what no fault excuses, once each.
func (r *Report) problem(err error) {
	if text := err.Error(); !slices.Contains(r.Problems, text) {
		r.Problems = append(r.Problems, text)
	}
}
