package handlers

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Whole crowds come to what does 400 in a second, at once or as four times as
// many as it can do for a minute, and come back when they are told. All are
// served, nearly as fast as if they had stood in a queue, nobody who is let in
// waits for more than a second, and each asks a few times. Time is the
// bubble's.
func TestRecalledCrowdIsServed(t *testing.T) {
	for name, one := range map[string]struct {
		people int
		within time.Duration
		asks   float64 // of one, on average, at most
	}{
		"all at once":       {20_000, time.Second, 4},
		"four times":        {4 * 400 * 60, time.Minute, 6},
		"a few":             {500, time.Second, 3},
		"as many as it can": {300 * 60, time.Minute, 1.1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const capacity = 400. // a second
				random := rand.New(rand.NewPCG(3, 4))
				gate := newTurnstile(1024).quick()
				processors := make(chan struct{}, 2)
				var asks, longest atomic.Int64
				var all sync.WaitGroup
				start := time.Now()
				for range one.people {
					arrival := time.Duration(random.Int64N(int64(one.within)))
					all.Go(func() {
						time.Sleep(arrival)
						for asks.Add(1); !gate.enter(); asks.Add(1) {
							time.Sleep(time.Duration(gate.recall.turnedAway()) * time.Second)
						}
						began := time.Now()
						processors <- struct{}{}
						time.Sleep(2 * time.Second / capacity)
						<-processors
						took := time.Since(began)
						gate.leave(took)
						for old := longest.Load(); int64(took) > old && !longest.CompareAndSwap(old, int64(took)); {
							old = longest.Load()
						}
					})
				}
				all.Wait()
				took := time.Since(start)
				queue := max(time.Duration(float64(one.people)/capacity*float64(time.Second)), one.within)
				if most := queue*5/4 + longestRecall; took > most {
					t.Errorf("all were served after %v, want %v at most", took, most)
				}
				if got := float64(asks.Load()) / float64(one.people); got > one.asks {
					t.Errorf("each asked %.1f times, want at most %.1f", got, one.asks)
				}
				if got := time.Duration(longest.Load()); got > slowTime {
					t.Errorf("got a wait of %v, want at most %v", got, slowTime)
				}
			})
		})
	}
}

// When the crowd is gone, one who is turned away may come back soon.
func TestRecallForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecall()
		for range 100_000 {
			r.turnedAway()
		}
		if got := r.within(time.Now()); got != longestRecall {
			t.Errorf("got %v after a crowd, want %v", got, longestRecall)
		}
		time.Sleep(3 * longestRecall)
		for range 100 {
			if got := r.turnedAway(); got < soonest || got > int(shortestRecall/time.Second) {
				t.Fatalf("told to come back after %d s, want 1 to 5", got)
			}
		}
	})
}
