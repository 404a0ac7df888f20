package handlers

import (
	"testing"
	"testing/synctest"
	"time"
)

// Who has patience gets the place that somebody leaves, or is turned away when
// it ends; who has none is turned away at once.
func TestTurnstile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hasty := newTurnstile(1)
		calm := hasty.patient(10 * time.Second)
		if !hasty.enter() || hasty.enter() {
			t.Error("got another number of places than one")
		}
		began := time.Now()
		if calm.enter() || time.Since(began) != 10*time.Second {
			t.Errorf("got an answer after %v, want a refusal after 10s", time.Since(began))
		}
		go func() {
			time.Sleep(3 * time.Second)
			<-calm.places
		}()
		began = time.Now()
		if !calm.enter() || time.Since(began) != 3*time.Second {
			t.Errorf("got an answer after %v, want the place after 3s", time.Since(began))
		}
	})
}
