package handlers

import (
	"sync"
	"time"
)

// swift says how many may be in hand at once so that nobody who is let in waits
// for long: as many as leave within a second. How many these are depends on the
// machine and on what else it does, so it is found out: the places become more
// while those who leave were quick and all places were taken, one with each of
// them, and fewer by a quarter when somebody was slow. A crowd of four times
// what the service can do is thus turned away for three quarters, at once, and
// those who are in have not waited behind it.
type swift struct {
	most int

	mu  sync.Mutex
	now int
	cut time.Time // when the places last became fewer
}

// A place more is for those who took less than quickTime, and places are taken
// away where one took longer than slowTime. What they took is known when they
// leave, and until then places are added: so there may be twice as many as
// quickTime says, and a machine may still become five times slower between two
// requests before somebody who was let in waits for three seconds.
const (
	quickTime = 250 * time.Millisecond
	slowTime  = time.Second
)

// fewestPlaces there are at first, and always: so many are three seconds of
// work for a machine that does 43 in a second, a tenth of what two processors
// do, and a pause of the disk turns nobody away from a service that is hardly
// asked.
const fewestPlaces = 128

func newSwift(most int) *swift { return &swift{most: most, now: min(fewestPlaces, most)} }

func (s *swift) places() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// left is told of everybody who leaves: how long it took, and how many were in
// with her. Those who came in before the last cut say nothing of the places
// that there are since.
func (s *swift) left(took time.Duration, in int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	switch {
	case took < quickTime && in >= s.now:
		s.now = min(s.now+1, s.most)
	case took > slowTime && now.Add(-took).After(s.cut):
		s.now, s.cut = max(s.now*3/4, min(fewestPlaces, s.most)), now
	}
}
