package handlers

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A crowd of four times what two processors can do, for a minute: nobody who is
// let in waits for more than three seconds, also when everything suddenly takes
// five times as long, and the processors are kept busy. Time is the bubble's.
func TestSwiftTurnstileBoundsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const capacity = 400. // a second
		random := rand.New(rand.NewPCG(1, 2))
		gate := newTurnstile(1024).quick()
		processors := make(chan struct{}, 2)
		var work, longest, served, refused atomic.Int64
		work.Store(int64(2 * time.Second / capacity))
		var all sync.WaitGroup
		crowd := func(d time.Duration) {
			for end := time.Now().Add(d); time.Now().Before(end); {
				time.Sleep(time.Duration(random.ExpFloat64() / (4 * capacity) * float64(time.Second)))
				all.Go(func() {
					began := time.Now()
					if !gate.enter() {
						refused.Add(1)
						return
					}
					processors <- struct{}{}
					time.Sleep(time.Duration(work.Load()))
					<-processors
					took := time.Since(began)
					gate.leave(took)
					served.Add(1)
					for old := longest.Load(); int64(took) > old && !longest.CompareAndSwap(old, int64(took)); old = longest.Load() {
					}
				})
			}
		}
		crowd(30 * time.Second)
		all.Wait()
		if got := float64(served.Load()) / 30; got < 0.95*capacity || refused.Load() == 0 {
			t.Errorf("got %.0f a second and %d refused, want the processors' %.0f and the others refused", got, refused.Load(),
				capacity)
		}
		if got := time.Duration(longest.Load()); got > slowTime {
			t.Errorf("got a wait of %v while all is as ever, want at most %v", got, slowTime)
		}
		work.Store(5 * work.Load())
		served.Store(0)
		crowd(30 * time.Second)
		all.Wait()
		if got := time.Duration(longest.Load()); got > 3*time.Second {
			t.Errorf("got a wait of %v once all is slower, want at most 3s", got)
		}
		if got := float64(served.Load()) / 30; got < 0.95*capacity/5 {
			t.Errorf("got %.0f a second, want the slower processors' %.0f", got, capacity/5)
		}
		if n := len(gate.places); n != 0 {
			t.Errorf("%d are in for ever", n)
		}
	})
}

// Without a crowd nothing is refused, however slow.
func TestSwiftTurnstileKeepsAFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newTurnstile(1024).quick()
		for range 3 * fewestPlaces { // quick, and all places taken: there are more
			gate.swift.left(0, gate.swift.places())
		}
		for range 100 {
			if !gate.enter() {
				t.Fatal("refused one who is alone")
			}
			time.Sleep(10 * time.Second)
			gate.leave(10 * time.Second)
		}
		for range fewestPlaces { // what slow ones leave room for
			if !gate.enter() {
				t.Error("got fewer places than the fewest")
			}
		}
		if gate.enter() {
			t.Error("got more places than slow ones leave room for")
		}
	})
}
