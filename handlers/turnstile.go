package handlers

import (
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
	recall   *recall
}

func newTurnstile(places int) turnstile {
	return turnstile{places: make(chan struct{}, places), recall: newRecall()}
}

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
		return errCrowd{t.recall.turnedAway()}
	}
	began := time.Now()
	defer func() { t.leave(time.Since(began)) }()
	return c.Next()
}

// errCrowd turns somebody away who is one too many.
type errCrowd struct{ after int } // seconds

func (errCrowd) Error() string { return string(domain.CodeBusy) }

func (t turnstile) leave(took time.Duration) {
	t.recall.served()
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
