package record

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/ballot"
	"osbu/domain/box"
)

// Found is where a receipt's ballot lies in a record's log.
type Found struct {
	Index   int64
	Leaves  int64 // of the whole log
	Outdone bool  // a later ballot under the same key counts instead
	// Void says why a ballot that was sealed does not count; empty: it does.
	Void ballot.Void
}

// voided is the reason that the record gives for a leaf's ballot not to count;
// empty if it gives none.
func (o Unpacked) voided(index int64) (why ballot.Void, err error) {
	for i, name := range voidFiles(o.Published) {
		err = o.zip.lines(name, longestOpening, func(n int, line []byte) error {
			b, err := parseVoid(line, sealedLength(o.Manifest.Papers[i]))
			if err != nil {
				return fault(name, n, "%v", err)
			}
			if b.index == index {
				why = b.void
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	return why, nil
}

// Find rebuilds a record's log and looks a receipt's ballot up in it. It is an
// error if the ballot is not there, if the receipt's checkpoint is not one
// of this log, or if it was given for another manifest. The rest of the record
// is for Verify.
func Find(ctx context.Context, record Source, r box.Receipt) (Found, error) {
	o, err := Open(record)
	if err != nil {
		return Found{}, placed(err, o.zip, nil)
	}
	if err := r.Verify(o.Manifest.LogKey); err != nil {
		return Found{}, fmt.Errorf("the receipt is not of this record: %w", err)
	}
	if r.Manifest != fmt.Sprintf("%x", sha256.Sum256(o.Note)) {
		return Found{}, errors.New(
			"manifest: the receipt names another one than this record has: its holder was shown another ballot, " +
				"or other keys, than everybody",
		)
	}
	v := &verifying{Options: Options{Progress: func(Stage, int64, int64) {}}, Confirmed: Confirmed{Unpacked: o}}
	if err := v.zip.holds(names(o.Published)); err != nil {
		return Found{}, err
	}
	hashes, err := v.tree(ctx)
	if err != nil {
		return Found{}, err
	}
	if err := v.grown(ctx, hashes); err != nil {
		return Found{}, placed(err, v.zip, nil)
	}
	promise, err := box.OpenPromise([]byte(r.Promise), o.Manifest.LogKey)
	if err != nil {
		return Found{}, err
	}
	for i, l := range v.leaves {
		if !l.ballot || l.onPaper() || l.nullifier != promise.Nullifier || l.seq != promise.Seq ||
			l.commit != promise.Commit {
			continue
		}
		found := Found{Index: int64(i), Leaves: v.Leaves, Outdone: l.outdone}
		if found.Void, err = o.voided(int64(i)); err != nil {
			return Found{}, placed(err, o.zip, nil)
		}
		if r.Waits() {
			return found, nil
		}
		c, err := box.OpenCheckpoint([]byte(r.Checkpoint), o.Manifest.LogKey)
		if err != nil {
			return Found{}, err
		}
		var root tlog.Hash
		if c.Size <= v.Leaves {
			if root, err = tlog.TreeHash(c.Size, hashes); err != nil {
				return Found{}, err
			}
		}
		if root != c.Root || r.Index != int64(i) {
			return Found{}, errors.New(
				"the receipt's checkpoint is not of this log: its holder was shown another log than the one that is published",
			)
		}
		return found, nil
	}
	return Found{}, fmt.Errorf(
		"the log has ended without the receipt's ballot: the promise that it would be there by %s was broken",
		promise.By.Format(time.RFC3339),
	)
}
