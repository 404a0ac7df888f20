package handlers

import (
	"math/rand/v2"
	"sync"
	"time"
)

// recall says when those who were turned away may come back: at a moment drawn
// at random of the time that it takes to serve all who were turned away of
// late. So a small crowd comes back soon, and of a large one no more come back
// at a time than can be let in; told the same few seconds, twenty thousand
// would come back again and again, and most of the service's work would be to
// turn them away.
type recall struct {
	mu    sync.Mutex
	began time.Time // of the span that is counted
	span  time.Duration
	away  [2]float64 // turned away, in the span before and in this one
	left  [2]float64 // served likewise
}

// Seconds after which one may come back at the soonest, and bounds of the time
// of which that is drawn: within the shortest even a few do not come at once,
// and beyond the longest somebody would think that she was forgotten.
const (
	soonest        = 1
	shortestRecall = 5 * time.Second
	longestRecall  = time.Minute
)

// slowestService is how many are served in a second at least, before it is
// known: fewestPlaces within the three seconds that nobody shall wait longer.
const slowestService = fewestPlaces / 3

func newRecall() *recall { return &recall{began: time.Now(), span: shortestRecall} }

// served is told of everybody who leaves.
func (r *recall) served() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn(time.Now())
	r.left[1]++
}

// turnedAway tells one when to come back, in seconds.
func (r *recall) turnedAway() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	r.turn(now)
	r.away[1]++
	return comeBack(r.within(now))
}

// comeBack draws of so long.
func comeBack(within time.Duration) int {
	return soonest + rand.IntN(int(within/time.Second)) //nolint:gosec // nobody gains by guessing it
}

// within is the time in which all who were turned away and are still to come
// can be served.
func (r *recall) within(now time.Time) time.Duration {
	passed := now.Sub(r.began)
	before := 1 - float64(passed)/float64(r.span) // share of the span before that still counts
	away := r.away[1] + before*r.away[0]
	left := r.left[1] + before*r.left[0]
	counted := passed
	if r.away[0]+r.left[0] > 0 {
		counted = r.span
	}
	rate := max(left/max(counted, time.Second).Seconds(), slowestService)
	// whoever was served meanwhile is likely to be one who had come back
	within := time.Duration((away - left) / rate * float64(time.Second))
	return min(max(within, shortestRecall), longestRecall)
}

// turn begins the next span when this one is over.
func (r *recall) turn(now time.Time) {
	passed := now.Sub(r.began)
	if passed < r.span {
		return
	}
	span := r.within(r.began.Add(r.span))
	r.away[0], r.left[0] = r.away[1], r.left[1]
	if passed >= 2*r.span { // and nothing came in the one after it
		r.away[0], r.left[0] = 0, 0
	}
	// what was counted in the old span, as in the new one
	scale := float64(span) / float64(r.span)
	r.away[0], r.left[0] = r.away[0]*scale, r.left[0]*scale
	r.away[1], r.left[1] = 0, 0
	r.began, r.span = now, span
}
