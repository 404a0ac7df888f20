package box

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
)

// How ballots get from the partitions where they wait into the log, from top to
// bottom:
//
//	Tick    looks at every round: has a moment of release come that nobody has kept yet?
//	shuffle between the moments, puts those that wait in random order where they wait
//	rotate  at the moment, seals what waits if it is enough, so that new ballots go elsewhere
//	extend  draws a random half of what is sealed, adds leaves and hashes to the tree, signs the
//	        checkpoint; the store keeps it all, and puts the other half back, in one transaction
//	finish  the same at the close, for everything that waits, and with the close leaf
//
// So a ballot goes with the first release after it was cast with probability
// one half, with the second with one quarter, and so on: whoever knows to the
// second when somebody voted finds her among all that waited with her, and
// whoever has cast all but one of twenty ballots himself finds the others of
// many hours beside the one that he looks for.
//
// Any number of servers do this to one database, which keeps the last moment.
// A crash anywhere leaves a ballot in its partition or in the log, never in
// both or neither, and whoever ticks next goes on from there.

// SequencerConfig is what a Sequencer needs.
type SequencerConfig struct {
	Box      *Service
	Observer Observer
	Min      int           // least ballots that must wait; 1: nobody hides, and all go, not half of them
	Every    time.Duration // moments are its multiples, counted from midnight UTC; 0: every Tick is one
	Now      func() time.Time
	// Before is called before a release, so that whatever else knows an order
	// forgets it first; nil: nothing does.
	Before func(context.Context) error
}

// Observer is told of the log's growth, after the commit.
type Observer interface {
	// Waits tells how many ballots of a round wait, and how many leaves its log
	// has.
	Waits(round string, ballots int, size int64)
	// Logged tells that a batch went into the log.
	Logged(ballots int)
	// Ended tells that a round's log has ended, and nothing waits.
	Ended(round string)
}

// Sequencer moves ballots into the logs. It is for one goroutine.
type Sequencer struct {
	SequencerConfig
	rounds map[string]*tended
}

// tended is what a Sequencer remembers of a round.
type tended struct {
	waits      seen
	ticks      int   // of a pause, that are left
	next       int   // how many it would be
	trouble    error // of the last try; nil: none
	stillThere bool
}

// seen is how many ballots waited behind a log of this size at the last look,
// and how many when they were last shuffled.
type seen struct {
	size           int64
	last, shuffled int
}

// fewToShuffle are shuffled at every look at which more wait; ballots coming in
// wait meanwhile, for milliseconds. More are shuffled when no more come, or
// when an eighth has come.
const fewToShuffle = 500

// longestPause is for how many ticks a round is left alone after failures; the
// first pauses are 1, 2 and 4. A try costs the whole batch's work, and ballots
// coming in a moment.
const longestPause = 32

// NewSequencer makes a Sequencer.
func NewSequencer(c SequencerConfig) *Sequencer {
	return &Sequencer{c, map[string]*tended{}}
}

// Tick looks at every round once. One round's trouble does not hold up the
// others. A round that is left alone after a failure counts as failing until a
// try succeeds, so that a Tick without an error means that no log is behind.
func (q *Sequencer) Tick(ctx context.Context) error {
	rounds, err := q.Box.Store.Waiting(ctx)
	if err != nil {
		return err
	}
	var troubles []error
	for _, w := range rounds {
		q.Observer.Waits(w.Round, w.Ballots, w.Size)
		r := q.rounds[w.Round]
		if r == nil {
			r = &tended{next: 1}
			q.rounds[w.Round] = r
		}
		r.stillThere = true
		if r.ticks > 0 {
			r.ticks--
		} else {
			q.try(ctx, w, r)
		}
		if r.trouble != nil {
			troubles = append(troubles, fmt.Errorf("the log of round %s: %w", w.Round, r.trouble))
		}
	}
	for id, r := range q.rounds {
		if !r.stillThere {
			delete(q.rounds, id)
			q.Observer.Ended(id)
		}
		r.stillThere = false
	}
	return errors.Join(troubles...)
}

// try does what is due for a round, and after a failure sets how long it is
// left alone. Busy is no trouble: another server is at it, or somebody reads
// what is to be emptied.
func (q *Sequencer) try(ctx context.Context, w Waiting, r *tended) {
	r.trouble = nil
	err := q.round(ctx, w, r)
	if err == nil {
		r.next = 1
		return
	}
	r.ticks, r.next = r.next, min(2*r.next, longestPause)
	if domain.KindOf(err) != domain.Busy {
		r.trouble = err
	}
}

func (q *Sequencer) round(ctx context.Context, w Waiting, r *tended) error {
	if w.Size == 0 || w.Closed { // a crash left the log without its first leaf, or without its last
		return q.release(ctx, w, Release{})
	}
	moment := q.Now()
	if q.Every > 0 {
		moment = moment.Truncate(q.Every)
	}
	if !w.Released.Before(moment) {
		return q.shuffle(ctx, w, &r.waits)
	}
	// After the vote there is no later release to wait for: all go.
	least, half := q.Min, q.Min > 1
	if w.Over {
		least, half = 1, false
	}
	if w.Ballots >= least && q.Before != nil {
		if err := q.Before(ctx); err != nil {
			return err
		}
	}
	// A crash after this leaves sealed ballots: the next tick finds them waiting
	// and seals nothing new before they were dealt with.
	if err := q.Box.Store.Rotate(ctx, w.Round, least, w.Size, moment); err != nil {
		return err
	}
	return q.release(ctx, w, Release{Moment: moment, Half: half})
}

func (q *Sequencer) release(ctx context.Context, w Waiting, how Release) error {
	added, err := q.Box.extend(ctx, w.Round, false, how)
	if err == nil && added > 0 {
		q.Observer.Logged(added)
	}
	return err
}

// shuffle has ballots put in random order that wait for others, if any came
// since the last time. Whoever copied both databases could otherwise lay the
// last of them beside the last credentials.
func (q *Sequencer) shuffle(ctx context.Context, w Waiting, s *seen) error {
	if s.size != w.Size { // the rest of a release lies apart from what came since
		*s = seen{size: w.Size}
	}
	quiet := w.Ballots == s.last
	s.last = w.Ballots
	if w.Ballots < 2 || w.Ballots == s.shuffled ||
		w.Ballots > fewToShuffle && !quiet && w.Ballots-s.shuffled < w.Ballots/8 {
		return nil
	}
	err := q.Box.Store.Shuffle(ctx, w.Round)
	switch {
	case err == nil:
		s.shuffled = w.Ballots
	case domain.KindOf(err) == domain.Busy: // at the next look, then
		err = nil
	}
	return err
}

// finish ends a closed round's log: everything that waits, whatever its number,
// then the close leaf and the last checkpoint. Once more changes nothing.
func (s *Service) finish(ctx context.Context, id string) error {
	_, err := s.extend(ctx, id, true, Release{})
	return err
}

// extend logs what is sealed, or half of it, and tells how many ballots that
// was.
func (s *Service) extend(ctx context.Context, id string, patient bool, how Release) (ballots int, err error) {
	r, err := s.reading(ctx, id)
	if err != nil {
		return 0, err
	}
	err = s.Store.Extend(ctx, id, patient, how.Moment, func(b Batch) (Extension, error) {
		// A crash, or a lost race, from here on: the checkpoint that is signed
		// here was never shown to anybody and is forgotten. The ballots are
		// still in their partition; the next one to come draws anew.
		if err := shuffle(s.Rand, b.Ballots); err != nil {
			return Extension{}, err
		}
		all := len(b.Ballots)
		if how.Half && !b.Closed {
			b.Ballots = b.Ballots[:(all+1)/2]
		}
		ballots = len(b.Ballots)
		e, err := r.extend(ctx, b)
		e.Rest = all - ballots
		return e, err
	})
	// A crash after the commit, before anybody is told: the partition is empty
	// and the log has grown, which is all that is ever looked at. An error here
	// may mean the same.
	return ballots, err
}

// extend makes a batch into leaves, hashes and a signed checkpoint.
func (r *reading) extend(ctx context.Context, b Batch) (Extension, error) {
	before, tree, err := r.edge(ctx, b)
	if err != nil {
		return Extension{}, err
	}
	if before.Size > 0 {
		last, err := r.lastLeaf(ctx, before, b.Tiles)
		if err != nil {
			return Extension{}, err
		}
		if last.ended() { // nothing waits, and only steps may follow
			return Extension{}, nil
		}
	}

	// The manifest's leaf is the first. Ballots come in the order in which
	// chance drew them. The close is the last.
	leaves := r.first(before)
	leaves = append(leaves, b.Ballots...)
	if b.Closed {
		all := before.Size + int64(len(leaves)) - 1 - int64(len(b.Audits)) // without the manifest's and the steps'
		leaves = append(leaves, Leaf{Type: CloseLeaf, Ballots: all})
	}
	if len(leaves) == 0 {
		return Extension{}, nil
	}
	return r.grown(before, tree, leaves)
}

// edge is where the log stands, by our own signature, and what is kept of it:
// the roots that its right edge is made of, proven to be under that checkpoint.
func (r *reading) edge(ctx context.Context, b Batch) (before Checkpoint, tree growing, err error) {
	before, tree = Checkpoint{Round: r.manifest.Round}, growing{}
	if b.Checkpoint == nil {
		return before, tree, nil
	}
	if before, err = OpenCheckpoint(b.Checkpoint, r.manifest.LogKey); err == nil {
		err = tree.begin(before, before.hashes(tileReader{ctx: ctx, tiles: b.Tiles, round: before.Round}))
	}
	return before, tree, err
}

// first is the manifest's leaf, if the log has none yet.
func (r *reading) first(before Checkpoint) []Leaf {
	if before.Size > 0 {
		return nil
	}
	return []Leaf{{Type: ManifestLeaf, Manifest: r.digest}}
}

// grown adds leaves to a log and signs its checkpoint.
func (r *reading) grown(before Checkpoint, tree growing, leaves []Leaf) (Extension, error) {
	// The tree grows leaf by leaf; complete subtrees of a tile's height are
	// kept.
	ext := Extension{Leaves: leaves}
	for i, l := range leaves {
		roots, err := tree.grow(before.Size+int64(i), l)
		if err != nil {
			return Extension{}, err
		}
		ext.Hashes = append(ext.Hashes, roots...)
	}
	after := Checkpoint{Round: before.Round, Size: before.Size + int64(len(leaves))}
	var err error
	if after.Root, err = tlog.TreeHash(after.Size, tree); err != nil {
		return Extension{}, err
	}
	ext.Checkpoint = after
	ext.Signed, err = after.Sign(r.signer)
	return ext, err
}

func (r *reading) lastLeaf(ctx context.Context, c Checkpoint, t Tiles) (Leaf, error) {
	lines, err := t.Lines(ctx, c.Round, c.Size-1, c.Size)
	if err != nil {
		return Leaf{}, err
	}
	if len(lines) != 1 {
		return Leaf{}, missing(c.Round, "leaves")
	}
	return ParseLeaf(lines[0])
}

// shuffle puts ballots in random order: Fisher and Yates, by ChaCha8 with a
// fresh seed.
func shuffle(random io.Reader, ballots []Leaf) error {
	var seed [32]byte
	if _, err := io.ReadFull(random, seed[:]); err != nil {
		return fmt.Errorf("shuffle: %w", err)
	}
	shuffle := rand.New(rand.NewChaCha8(seed)) //nolint:gosec // ChaCha8 with a seed of the system's randomness
	shuffle.Shuffle(len(ballots), func(i, j int) { ballots[i], ballots[j] = ballots[j], ballots[i] })
	return nil
}

// growing are the hashes of a tree that is being added to, by their place in
// tlog's storage: the old tree's right edge and all that is new.
type growing map[int64]tlog.Hash

// begin takes over the roots that the old tree's own root is made of; a tree
// needs no other to grow.
func (g growing) begin(c Checkpoint, old tlog.HashReader) error {
	root, err := tlog.TreeHash(c.Size, tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		hashes, err := old.ReadHashes(at)
		for i := range hashes {
			g[at[i]] = hashes[i]
		}
		return hashes, err
	}))
	if err == nil && root != c.Root {
		err = missing(c.Round, "hashes")
	}
	return err
}

// grow adds a leaf and gives the roots of subtrees that it completes and that
// are kept.
func (g growing) grow(n int64, l Leaf) (kept []Subtree, err error) {
	hashes, err := tlog.StoredHashesForRecordHash(n, l.Hash(), g)
	first := tlog.StoredHashIndex(0, n)
	for i, h := range hashes {
		g[first+int64(i)] = h
		if level, at := tlog.SplitStoredHashIndex(first + int64(i)); level > 0 && level%TileHeight == 0 {
			kept = append(kept, Subtree{level, at, h})
		}
	}
	return kept, err
}

// ReadHashes is tlog's.
func (g growing) ReadHashes(at []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(at))
	for i, a := range at {
		h, ok := g[a]
		if !ok {
			return nil, fmt.Errorf("hash %d is neither new nor on the old tree's edge", a)
		}
		hashes[i] = h
	}
	return hashes, nil
}
