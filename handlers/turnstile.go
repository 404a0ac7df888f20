package handlers

import (
	"math/rand/v2"
	"time"

	"github.com/gofiber/fiber/v2"

	"osbu/domain"
)

// turnstile lets so many requests of an operation in at once. One more is
// turned away before its body is looked at or anything is stored: it costs a
// tenth of what a ballot costs, so a crowd beyond the service's capacity
// neither slows those who are in down to nothing nor fills the memory with
// their bodies.
type turnstile struct {
	places   chan struct{}
	patience time.Duration // how long one waits for a place before she is turned away
	swift    *swift        // nil: all places may be taken, however long it takes those who are in
}

func newTurnstile(places int) turnstile { return turnstile{places: make(chan struct{}, places)} }

// patient lets people wait where what they ask for stores nothing and has no
// body.
func (t turnstile) patient(patience time.Duration) turnstile {
	t.patience = patience
	return t
}

// quick lets in only as many as are soon out again.
func (t turnstile) quick() turnstile {
	t.swift = newSwift(cap(t.places))
	return t
}

func (t turnstile) pass(c *fiber.Ctx) error {
	if !t.enter() {
		return domain.Fail(
			domain.Busy,
			domain.CodeBusy,
			"too many come at once; this was not taken: come back a little later",
		)
	}
	began := time.Now()
	defer func() { t.leave(time.Since(began)) }()
	return c.Next()
}

func (t turnstile) leave(took time.Duration) {
	if t.swift != nil {
		t.swift.left(took, len(t.places))
	}
	<-t.places
}

func (t turnstile) enter() bool {
	if t.swift != nil && len(t.places) >= t.swift.places() {
		return false
	}
	select {
	case t.places <- struct{}{}:
		return true
	default:
	}
	if t.patience == 0 {
		return false
	}
	late := time.NewTimer(t.patience)
	defer late.Stop()
	select {
	case t.places <- struct{}{}:
		return true
	case <-late.C:
		return false
	}
}

// Seconds after which one who was turned away may come back, drawn at random,
// so that a crowd which came at once does not come back at once.
const soonest, latest = 1, 5

func comeBack() int { return soonest + rand.IntN(latest-soonest+1) } //nolint:gosec // nobody gains by guessing it
