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

// Progress of a long count: how many endowments have been tried, and the last
// of them; once one is chosen, how many projects its run has bought so far.
type Progress struct {
	Runs        int64
	VoterBudget Number
	Bought      int
}

// OnProgress has report called now and then, always from the goroutine of Run.
func OnProgress(report func(Progress)) Option { return func(o *options) { o.progress = report } }

// Workers sets how many runs of equal shares may be tried at a time; the
// default is one per processor.
func Workers(n int) Option { return func(o *options) { o.workers = n } }

func newOptions(list []Option) options {
	o := options{workers: runtime.GOMAXPROCS(0), progress: func(Progress) {}}
	for _, set := range list {
		set(&o)
	}
	o.workers = max(o.workers, 1)
	return o
}

// found is where a search ended: the run that is the outcome, the number of
// runs tried, and the ties met in them.
type found struct {
	chosen, runs int64
	met          []tieLog
}

// search raises the endowment until the rule stops. More money may buy less
// (equal shares is not monotone), so every endowment counts and none may be
// found by bisection. Endowments are tried in blocks, the parts of a block at
// once, and judged in order.
func (s *equalShares) search(ctx context.Context) (found, error) {
	if s.step == nil {
		return found{chosen: 0, runs: 1}, nil
	}
	seekers, met := make([]*seeker, s.options.workers), make([]tieLog, s.options.workers)
	for w := range seekers {
		met[w] = tieLog{}
		seekers[w] = &seeker{s: s, purse: newPurse(s.market), met: met[w]}
	}
	size := int64(len(seekers))
	for first := int64(0); ; first += size {
		size = max(size, first/4)
		at, end, err := s.block(ctx, seekers, first, size)
		switch {
		case err != nil:
			return found{}, err
		case at < 0:
			s.options.progress(Progress{Runs: first + size, VoterBudget: s.voterBudget(first + size - 1)})
		case end.overspent:
			return found{at - 1, at + 1, met}, nil
		default:
			return found{at, at + 1, met}, nil
		}
	}
}

// block looks for the first endowment in [first, first+size) that ends the
// search; -1 if none does.
func (s *equalShares) block(ctx context.Context, seekers []*seeker, first, size int64) (int64, verdict, error) {
	var wg sync.WaitGroup
	var end atomic.Int64 // parts after one that has found the end need not go on
	end.Store(first + size)
	parts := int64(len(seekers))
	for w, k := range seekers {
		from, to := first+size*int64(w)/parts, first+size*int64(w+1)/parts
		wg.Go(func() { k.seek(ctx, from, to, &end) })
	}
	wg.Wait()
	for _, k := range seekers {
		if k.err != nil {
			return 0, verdict{}, k.err
		}
		if k.at >= 0 {
			return k.at, k.found, nil
		}
	}
	return -1, verdict{}, nil
}

// seeker tries one endowment after the other, or many at once where nothing
// changes.
type seeker struct {
	s     *equalShares
	purse *purse
	met   tieLog
	band  *band
	span  int64 // how many endowments to try at once next
	pause int64 // how many to try singly before that
	miss  int64

	at    int64 // where the search ends, or -1
	found verdict
	err   error
}

// A band costs as much as a few runs, and memory: short searches do without.
const (
	bandFrom = 64
	bandPays = 4
)

func (k *seeker) seek(ctx context.Context, from, to int64, end *atomic.Int64) {
	k.at, k.err = -1, nil
	for i := from; i < to && i < end.Load(); {
		v, n := verdict{}, int64(0)
		if i >= bandFrom && to-i >= bandPays {
			v, n = k.leap(ctx, i, to)
		}
		if n == 0 {
			n = 1
			if v, k.err = k.s.run(ctx, k.purse, k.met, i); k.err != nil {
				return
			}
		}
		if v.overspent || v.last {
			k.at, k.found = i, v
			end.Store(min(end.Load(), i))
			return
		}
		i += n
	}
	k.err = ctx.Err()
}

// leap tries as many endowments as seem to have the same outcome; 0 if it is
// not worth it.
func (k *seeker) leap(ctx context.Context, i, to int64) (verdict, int64) {
	if k.pause > 0 {
		k.pause--
		return verdict{}, 0
	}
	if k.band == nil {
		k.band, k.span = newBand(k.s), 4*bandPays
	}
	v, n := k.band.run(ctx, k.met, i, min(k.span, to-i))
	switch {
	case n >= bandPays:
		k.miss = 0
	case n == 0:
		k.span /= 2
		fallthrough
	default:
		k.miss = min(k.miss+1, 5)
		k.pause = 1<<k.miss - 2
	}
	k.span = max(k.span/2, 3*n, 2*bandPays)
	return v, n
}

// voterBudget is the endowment of run i in units of money.
func (s *equalShares) voterBudget(i int64) Number {
	return s.e.money(s.endowment(i)).Div(Number{toRat(s.market.scale)})
}
