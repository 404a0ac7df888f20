package box

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
)

// Ledger keeps rounds' logs, and the partitions in which ballots wait for them:
// what sequence.go works on.
type Ledger interface {
	Tiles
	// Waiting are the rounds whose log has not ended.
	Waiting(ctx context.Context) ([]Waiting, error)
	// Rotate seals the ballots that wait at this moment, so that new ones go
	// into a fresh partition, if there are at least so many, if none are sealed
	// already, if the log has that size, and if nobody has kept the moment
	// before: two sequencers that meet make one release. Are there too few, the
	// moment is kept without one. Once more changes nothing.
	Rotate(ctx context.Context, round string, least int, size int64, moment time.Time) error
	// Shuffle writes the ballots that wait and are not sealed anew in random
	// order, so that how they lie tells nothing of when they came. Busy if it
	// would have to wait: nothing was done.
	Shuffle(ctx context.Context, round string) error
	// Extend gives what is sealed to extend, and keeps what it answers:
	// everything in one transaction, after which those ballots lie in the log
	// and nowhere else, the others wait on, no longer sealed, and the moment is
	// kept. An empty Extension changes nothing. Only one Extend works
	// on a round at a time: another one is Busy, or waits if it is patient.
	//
	//	nil     durable
	//	Busy    somebody else is at it
	//	others  all of it or nothing: the next Extend sees which
	Extend(ctx context.Context, round string, patient bool, moment time.Time,
		extend func(Batch) (Extension, error)) error
	// Vouch is a patient Extend that gives no ballots, and leaves those that
	// wait where they are.
	Vouch(ctx context.Context, round string, extend func(Batch) (Extension, error)) error
	// Audits are the log's audit leaves, the first first.
	Audits(ctx context.Context, round string) ([]string, error)
}

// Waiting is a round whose log has not ended.
type Waiting struct {
	Round   string
	Ballots int   // that wait
	Size    int64 // of the log
	Closed  bool
	// Released is the last moment that was kept; zero: none.
	Released time.Time
	Over     bool // nothing comes in any more, by the database's clock
}

// Release is how ballots leave the pool.
type Release struct {
	Moment time.Time // which is kept with it; zero: none, as for a log's first leaf and its last
	Half   bool      // a random half goes; the others wait on
}

// Batch is what Extend starts from.
type Batch struct {
	Checkpoint []byte   // the last one, signed; nil if the log is empty
	Tiles      Tiles    // within the transaction
	Audits     []string // the audit leaves that are there, the first first
	Ballots    []Leaf   // sealed, in no order; of a closed vote all that wait
	Closed     bool
}

// Extension is what is added to a log.
type Extension struct {
	Leaves     []Leaf // from the last checkpoint's size on
	Rest       int    // how many of the batch's ballots wait on
	Hashes     []Subtree
	Checkpoint Checkpoint
	Signed     []byte
}

// Subtree is the root of a complete subtree that Tiles keeps.
type Subtree struct {
	Level int
	N     int64
	Hash  tlog.Hash
}

// Lookup finds what is in the log.
type Lookup interface {
	// LastCheckpoint with its cosignatures is NotFound while the log is empty.
	// It is durable: no crash makes the log forget it.
	LastCheckpoint(ctx context.Context, round string) ([]byte, error)
	// EndingCheckpoint is the first one that is over the close leaf, with its
	// cosignatures, or NotFound before the close. It is durable, as
	// LastCheckpoint is.
	EndingCheckpoint(ctx context.Context, round string) ([]byte, error)
	// CheckpointOf is the one of that size, with its cosignatures, or NotFound.
	CheckpointOf(ctx context.Context, round string, size int64) ([]byte, error)
	// CosignedCheckpoint is the largest that one of these witnesses (NAME+HASH)
	// has cosigned, with all its cosignatures, or NotFound. It is durable, as
	// LastCheckpoint is.
	CosignedCheckpoint(ctx context.Context, round string, witnesses []string) ([]byte, error)
	// Checkpoints gives every one with its cosignatures to each, the first
	// first.
	Checkpoints(ctx context.Context, round string, each func(signed []byte) error) error
	// Find is the ballot with that commit, durable, or NotFound: its nullifier,
	// seq, commit and index, which is 0 while it waits. Should two have the
	// same, the one that was logged first.
	Find(ctx context.Context, round string, commit [32]byte) (Entry, error)
	// KeepCosignature keeps a witness's first line under a checkpoint: NotFound
	// if there is none of that size.
	KeepCosignature(ctx context.Context, round string, size int64, witness, line string) error
}

// Checkpoint is the log's last one as a signed note, with the witnesses'
// cosignatures; NotFound before the freeze.
func (s *Service) Checkpoint(ctx context.Context, id string) ([]byte, error) {
	return s.Store.LastCheckpoint(ctx, id)
}

// Checkpoints gives every checkpoint that was ever published to f, the first
// first, with the witnesses' cosignatures.
func (s *Service) Checkpoints(ctx context.Context, id string, f func(signed []byte) error) error {
	return s.Store.Checkpoints(ctx, id, f)
}

// linesAtOnce bounds how much of a log is in memory.
const linesAtOnce = 4096

// Leaves gives the log's leaves from, and without, to to f, in order. NotFound
// beyond the last checkpoint.
func (s *Service) Leaves(ctx context.Context, id string, from, to int64, f func(line string) error) error {
	c, err := s.last(ctx, id)
	if err != nil {
		return err
	}
	if from < 0 || from > to || to > c.Size {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "the log of round %s has %d leaves", id, c.Size)
	}
	for ; from < to; from += linesAtOnce {
		end := min(from+linesAtOnce, to)
		lines, err := s.Store.Lines(ctx, id, from, end)
		if err != nil {
			return err
		}
		if int64(len(lines)) != end-from {
			return missing(id, "leaves")
		}
		for _, line := range lines {
			if err := f(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// Consistency proves that the log of size to begins with the one of size from
// (RFC 6962 §2.1.2). Both must be sizes of checkpoints: else NotFound.
func (s *Service) Consistency(ctx context.Context, id string, from, to int64) ([]tlog.Hash, error) {
	if from > to {
		return nil, domain.Problems{{Path: "from", Code: "too_large", Limit: "to"}}.Err()
	}
	last, err := s.last(ctx, id)
	if err != nil {
		return nil, err
	}
	if to > last.Size { // one that nobody was shown yet may still be lost
		return nil, domain.Fail(
			domain.NotFound,
			domain.CodeNotFound,
			"the log of round %s has %d leaves",
			id,
			last.Size,
		)
	}
	if _, err := s.Store.CheckpointOf(ctx, id, from); err != nil {
		return nil, err
	}
	signed, err := s.Store.CheckpointOf(ctx, id, to)
	if err != nil {
		return nil, err
	}
	c, err := s.opened(ctx, id, signed)
	if err != nil {
		return nil, err
	}
	return tlog.ProveTree(to, from, s.hashes(ctx, c))
}

// ManifestProof shows that a round's manifest is the first leaf of its log.
type ManifestProof struct {
	Proof      []tlog.Hash
	Checkpoint []byte // the signed note that it leads to, with its cosignatures
}

// ProveManifest proves leaf 0 under the last checkpoint; where the manifest
// names witnesses, under the last that one of them has cosigned. If none has
// cosigned any, it is the last one all the same: whoever asks sees that.
// NotFound before the freeze.
func (s *Service) ProveManifest(ctx context.Context, id string) (ManifestProof, error) {
	r, err := s.reading(ctx, id)
	if err != nil {
		return ManifestProof{}, err
	}
	names := make([]string, len(r.witnesses))
	for i, w := range r.witnesses {
		names[i] = w.signature()
	}
	signed, err := s.Store.CosignedCheckpoint(ctx, id, names)
	if domain.KindOf(err) == domain.NotFound {
		signed, err = s.Store.LastCheckpoint(ctx, id)
	}
	if err != nil {
		return ManifestProof{}, err
	}
	c, err := OpenCheckpoint(signed, r.manifest.LogKey)
	if err != nil {
		return ManifestProof{}, fmt.Errorf("the log in the box of round %s: %w", id, err)
	}
	proof, err := tlog.ProveRecord(c.Size, 0, s.hashes(ctx, c))
	return ManifestProof{proof, signed}, err
}

// Receipt is what the box has on a commit; NotFound if it has nothing. While
// the ballot waits the receipt has only the promise. From the close on it stays
// the same: under the checkpoint of the close, which the record has, too, while
// the steps after it still make the log grow.
func (s *Service) Receipt(ctx context.Context, id string, commit [32]byte) (Receipt, error) {
	r, err := s.reading(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	e, err := s.Store.Find(ctx, id, commit)
	if err != nil {
		return Receipt{}, err
	}
	e.Round = r.manifest.Round
	promise, err := r.sign(r.promised(e))
	if err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{
		Format: ReceiptFormat, Round: e.Round, Manifest: hex.EncodeToString(r.digest[:]),
		LogKey: r.manifest.LogKey, Promise: string(promise),
	}
	if e.Index == 0 {
		return receipt, nil
	}
	signed, err := s.Store.EndingCheckpoint(ctx, id)
	if domain.KindOf(err) == domain.NotFound {
		signed, err = s.Store.LastCheckpoint(ctx, id)
	}
	if err != nil {
		return Receipt{}, err
	}
	c, err := s.opened(ctx, id, signed)
	if err != nil {
		return Receipt{}, err
	}
	receipt.Leaf, receipt.Index, receipt.Checkpoint = e.Leaf().String(), e.Index, string(signed)
	receipt.Proof, err = tlog.ProveRecord(c.Size, e.Index, s.hashes(ctx, c))
	return receipt, err
}
