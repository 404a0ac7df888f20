package play

import (
	"context"

	"osbu/domain/round"
)

// Cast is how a ballot fared.
type Cast struct {
	Promise string // the box's, checked; empty if none came
	Sent    bool   // to the box: without a promise nobody knows whether it arrived
	Failed  int    // answers that did not come, or said: come back
	Err     error  // why she has no promise, or what was wrong with an answer
}

// Vote lets one voter come, who holds one of the codes; she sends the same
// bytes again until ctx, her patience, ends. If insistent she sends everything
// twice. Voters may come at once, each only one time.
func (r *Rehearsal) Vote(ctx context.Context, voter int, insistent bool) Cast {
	v := r.place.vote(ctx, r.codes[voter], r.Election.Ballots[voter], insistent)
	r.votes[voter] = v
	return Cast{Promise: v.promise, Sent: v.cast > 0, Failed: v.failures, Err: v.err}
}

// Again lets a voter who has a promise send her ballot once more, as it was.
// The answer must be the same promise.
func (r *Rehearsal) Again(ctx context.Context, voter int) error {
	v := r.votes[voter]
	if !v.kept {
		return nil
	}
	promise, _, err := v.send(ctx)
	if err == nil && promise != v.promise {
		err = errAnother
	}
	return err
}

// Manifest is the round's, as voters were given it.
func (r *Rehearsal) Manifest() round.Manifest { return r.place.manifest }
