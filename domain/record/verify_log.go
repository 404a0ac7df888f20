package record

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
	"osbu/domain/box"
)

// leaf is what is kept of a leaf of the log.
type leaf struct {
	nullifier [32]byte // its SHA-256
	commit    [32]byte
	seq       int
	batch     string // of a sheet of paper, with its serial
	serial    string
	ballot    bool // on paper, too
	outdone   bool // a ballot under the same key has a higher seq
	opened    bool
}

// onPaper tells whether the leaf is of a sheet of paper.
func (l leaf) onPaper() bool { return l.serial != "" }

const (
	longestLeaf = 256
	longestNote = 1 << 16 // a checkpoint with its cosignatures
)

// log rebuilds the tree from its leaves and holds every checkpoint against it.
func (v *verifying) log(ctx context.Context) error {
	hashes, err := v.tree(ctx)
	if err != nil {
		return err
	}
	if err := v.steps(); err != nil {
		return err
	}
	return v.grown(ctx, hashes)
}

// grown holds leaves and checkpoints against each other.
func (v *verifying) grown(ctx context.Context, hashes stored) error {
	if err := v.doubles(); err != nil {
		return err
	}
	witnesses, err := v.witnesses()
	if err != nil {
		return err
	}
	if err := v.checkpoints(ctx, hashes, witnesses); err != nil {
		return err
	}
	return v.cosigned()
}

// cosigned is nil if one of the witnesses that the manifest names has cosigned
// a checkpoint, or it names none, or nobody voted: no browser votes before
// that.
func (v *verifying) cosigned() error {
	named := v.Manifest.Witnesses
	if len(named) == 0 || !slices.ContainsFunc(v.leaves, func(l leaf) bool { return l.ballot && !l.onPaper() }) {
		return nil
	}
	if !slices.ContainsFunc(v.Witnesses, func(w Witness) bool {
		return w.Checkpoints > 0 && slices.Contains(named, w.Key)
	}) {
		return fault(checkpointsFile, 0, "no witness that the manifest names has cosigned any of them")
	}
	return nil
}

// tree reads the leaves and gives the stored hashes of the tree over them.
func (v *verifying) tree(ctx context.Context) (hashes stored, err error) {
	closed, ballots := int64(-1), int64(0)
	manifest := sha256.Sum256(v.Note)
	v.CheckCode = domain.CheckCode(manifest)
	first := box.Leaf{Type: box.ManifestLeaf, Manifest: manifest}.String()
	size := int64(v.zip.file(leavesFile).UncompressedSize64) //nolint:gosec // no larger than the zip
	var read int64
	err = v.zip.lines(leavesFile, longestLeaf, func(n int, line []byte) error {
		l, err := box.ParseLeaf(strings.TrimSuffix(string(line), "\n"))
		switch {
		case err != nil:
			return fault(leavesFile, n, "%v", err)
		case closed >= 0 && l.Type != box.AuditLeaf:
			return fault(leavesFile, n, "a leaf after the close")
		case n == 1 && l.String() != first:
			return fault(leavesFile, n, "not the leaf of manifest.txt")
		case n > 1 && l.Type == box.ManifestLeaf:
			return fault(leavesFile, n, "a second manifest")
		case l.Type == box.CloseLeaf && l.Ballots != ballots:
			return fault(leavesFile, n, "the close says %d ballots, but %d stand before it", l.Ballots, ballots)
		case l.Type == box.CloseLeaf:
			closed = l.Ballots
		case l.Type == box.BallotLeaf, l.Type == box.PaperLeaf:
			ballots++
		case l.Type == box.AuditLeaf:
			if err := v.vouched(l.Audit, n, closed >= 0); err != nil {
				return err
			}
		}
		more, err := tlog.StoredHashesForRecordHash(int64(n-1), l.Hash(), hashes)
		if err != nil {
			return fault(leavesFile, n, "%v", err)
		}
		hashes = append(hashes, more...)
		v.leaves = append(
			v.leaves,
			leaf{
				nullifier: l.Nullifier, commit: l.Commit, seq: l.Seq, batch: l.Batch, serial: l.Serial,
				ballot: l.Type == box.BallotLeaf || l.Type == box.PaperLeaf,
			},
		)
		if read += int64(len(line)); n%1000 == 0 {
			v.Progress(CheckingLog, read, size)
			return ctx.Err()
		}
		return nil
	})
	if err == nil && closed < 0 {
		err = fault(leavesFile, len(v.leaves), "the log has no close")
	}
	v.Leaves = int64(len(v.leaves))
	return hashes, err
}

// stored are a tree's hashes as tlog numbers them.
type stored []tlog.Hash

// ReadHashes implements tlog.HashReader.
func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", at)
		}
		hashes[i] = s[at]
	}
	return hashes, nil
}

// doubles is nil if no key has two ballots with one seq, and no serial two
// sheets. Of each key's ballots all but the one with the highest seq are
// outdone.
func (v *verifying) doubles() error {
	var byKey []int
	serials := map[string]int{}
	for i := range v.leaves {
		switch l := &v.leaves[i]; {
		case l.onPaper():
			if first, twice := serials[l.serial]; twice {
				return fault(leavesFile, i+1, "a second sheet with the serial of line %d", first+1)
			}
			serials[l.serial] = i
		case l.ballot:
			byKey = append(byKey, i)
		}
	}
	slices.SortFunc(byKey, func(a, b int) int {
		x, y := &v.leaves[a], &v.leaves[b]
		return cmp.Or(bytes.Compare(x.nullifier[:], y.nullifier[:]), cmp.Compare(x.seq, y.seq), cmp.Compare(a, b))
	})
	double, of := len(v.leaves), 0
	for i, at := range byKey[:max(len(byKey)-1, 0)] {
		next := byKey[i+1]
		if v.leaves[at].nullifier == v.leaves[next].nullifier {
			v.leaves[at].outdone = true
			if v.leaves[at].seq == v.leaves[next].seq && next < double {
				double, of = next, at
			}
		}
	}
	if double < len(v.leaves) {
		return fault(leavesFile, double+1, "a second ballot under the key and seq of line %d", of+1)
	}
	return nil
}

// checkpoints holds every checkpoint against the tree: each is signed, is
// larger than the one before, and has the root of so many of the tree's leaves;
// the last is the whole tree.
func (v *verifying) checkpoints(ctx context.Context, hashes stored, witnesses []note.Verifier) error {
	key, err := note.NewVerifier(v.Manifest.LogKey)
	if err != nil {
		return fault(manifestFile, 0, "log key: %v", err)
	}
	type signed struct {
		line int
		note []byte
		sigs []note.Signature
		box.Checkpoint
		err error
	}
	var size int64
	last := 0 // line of the last checkpoint
	err = onAllCores(ctx, func(yield func(*signed) error) error {
		return v.notes(func(line int, note []byte) error { return yield(&signed{line: line, note: note}) })
	}, func(s **signed) {
		c := *s
		n, err := openNote(c.note, key, witnesses...)
		if err == nil {
			c.sigs = n.Sigs[1:]
			c.Checkpoint, err = box.OpenCheckpoint(c.note, v.Manifest.LogKey)
		}
		c.err = err
	}, func(s **signed) error {
		c := *s
		switch {
		case c.err != nil:
			return fault(checkpointsFile, c.line, "%v", c.err)
		case c.Round != v.Manifest.Round:
			return fault(checkpointsFile, c.line, "of another round's log")
		case c.Size <= size:
			return fault(checkpointsFile, c.line, "size %d after %d", c.Size, size)
		case c.Size > v.Leaves:
			return fault(checkpointsFile, c.line, "size %d, but the log has %d leaves", c.Size, v.Leaves)
		}
		size, last = c.Size, c.line
		root, err := tlog.TreeHash(c.Size, hashes)
		if err != nil {
			return err
		}
		if root != c.Root {
			return fault(checkpointsFile, c.line, "its root is not that of the first %d leaves", c.Size)
		}
		v.Root = root
		v.Checkpoints++
		for _, sig := range c.sigs {
			i := slices.IndexFunc(
				witnesses,
				func(w note.Verifier) bool { return w.Name() == sig.Name && w.KeyHash() == sig.Hash },
			)
			v.Witnesses[i].Checkpoints++
		}
		return nil
	})
	if err == nil && size != v.Leaves {
		err = fault(checkpointsFile, last, "the last checkpoint has %d leaves, the log %d", size, v.Leaves)
	}
	return err
}

// notes gives every note of log/checkpoints.txt, which an empty line parts,
// with the number of its first line.
func (v *verifying) notes(each func(line int, note []byte) error) error {
	var held []byte
	signed, first := false, 1
	err := v.zip.lines(checkpointsFile, longestNote, func(n int, line []byte) error {
		if len(line) == 1 && signed {
			if err := each(first, held); err != nil {
				return err
			}
			held, signed, first = nil, false, n+1
			return nil
		}
		signed = signed || bytes.HasPrefix(line, []byte("— "))
		if held = append(held, line...); len(held) > longestNote {
			return fault(checkpointsFile, first, "the note is longer than %d bytes", longestNote)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return each(first, held)
}

// witnesses reads the keys of those who cosign.
func (v *verifying) witnesses() (keys []note.Verifier, err error) {
	err = v.zip.lines(witnessesFile, longestNote, func(n int, line []byte) error {
		said := strings.TrimSuffix(string(line), "\n")
		w, err := box.NewWitness(said)
		if err == nil && w.Key != said {
			err = errors.New("not written as a witness's key is: NAME+HASH+BASE64 with type byte 4")
		}
		if err != nil {
			return fault(witnessesFile, n, "%v", err)
		}
		if last := len(v.Witnesses) - 1; last >= 0 && v.Witnesses[last].Key >= said {
			return fault(witnessesFile, n, "the keys are not in the order of their bytes, each once")
		}
		keys, v.Witnesses = append(keys, w), append(v.Witnesses, Witness{Key: said})
		return nil
	})
	for _, key := range v.Manifest.Witnesses {
		if err == nil && !slices.ContainsFunc(v.Witnesses, func(w Witness) bool { return w.Key == key }) {
			err = fault(witnessesFile, 0, "the witness %s is missing, whom the manifest names", key)
		}
	}
	return keys, err
}
