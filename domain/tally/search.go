package tally

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Option changes how Run works, never its outcome.
type Option func(*options)

type options struct {
	workers  int
	progress func(Progress)
}

// Progress of a long count: how many endowments have been tried, and the last of them.
type Progress struct {
	Runs        int64
	VoterBudget Number
}

// OnProgress has report called now and then, always from the goroutine of Run.
func OnProgress(report func(Progress)) Option { return func(o *options) { o.progress = report } }

// Workers sets how many runs of equal shares may be tried at a time; the default is one per processor.
func Workers(n int) Option { return func(o *options) { o.workers = n } }

func newOptions(list []Option) options {
	o := options{workers: runtime.GOMAXPROCS(0), progress: func(Progress) {}}
	for _, set := range list {
		set(&o)
	}
	o.workers = max(o.workers, 1)
	return o
}

// search raises the endowment until the rule stops, and returns the run that is the outcome and the number of runs tried. More money may
// buy less (equal shares is not monotone), so every endowment counts and none may be found by bisection. Runs are tried in blocks, a
// block on all workers at once, and judged in order.
func (s *equalShares) search(ctx context.Context) (chosen, runs int64, err error) {
	if s.step == nil {
		return 0, 1, nil
	}
	purses := make([]*purse, s.options.workers)
	for first, size := int64(0), int64(1); ; first, size = first+size, min(2*size, 16*int64(len(purses))) {
		verdicts, err := s.block(ctx, purses, first, size)
		if err != nil {
			return 0, 0, err
		}
		for i, v := range verdicts {
			switch at := first + int64(i); {
			case v.overspent:
				return at - 1, at + 1, nil
			case v.last:
				return at, at + 1, nil
			}
		}
		s.options.progress(Progress{Runs: first + size, VoterBudget: s.voterBudget(first + size - 1)})
	}
}

func (s *equalShares) block(ctx context.Context, purses []*purse, first, size int64) ([]verdict, error) {
	verdicts := make([]verdict, size)
	var next atomic.Int64
	var failed error
	var once sync.Once
	var wg sync.WaitGroup
	for w := range purses[:min(int64(len(purses)), size)] {
		wg.Go(func() {
			if purses[w] == nil {
				purses[w] = newPurse(s.market)
			}
			for i := next.Add(1) - 1; i < size; i = next.Add(1) - 1 {
				v, err := s.run(ctx, purses[w], first+i)
				if err != nil {
					once.Do(func() { failed = err })
					return
				}
				verdicts[i] = v
				if v.overspent || v.last {
					next.Add(size) // those after it no longer matter; those before it are already taken
				}
			}
		})
	}
	wg.Wait()
	return verdicts, failed
}

// voterBudget is the endowment of run i in units of money.
func (s *equalShares) voterBudget(i int64) Number {
	return s.e.money(s.endowment(i)).Div(Number{toRat(s.market.scale)})
}
