package fault

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/box"
	"osbu/domain/round"
)

// witness remembers every checkpoint that the log has shown, which is what
// shows a log that forgets or tells two stories. Anyone can be one.
type witness struct {
	base   string // the log's address
	key    string
	mu     sync.Mutex // held while a checkpoint is fetched: they are seen in the order in which they were shown
	roots  map[int64]tlog.Hash
	latest box.Checkpoint
	broken error // the first contradiction that it saw
}

func newWitness(url string, m round.Manifest) *witness {
	return &witness{base: url + "/box/v1/rounds/" + m.Round, key: m.LogKey, roots: map[int64]tlog.Hash{}}
}

// watch looks again and again until ctx ends.
func (w *witness) watch(ctx context.Context) {
	for ctx.Err() == nil {
		_ = w.look(ctx) // what is wrong stays so, see check
		pause(ctx, 100*time.Millisecond)
	}
}

// errFork is a log that contradicts what it said.
var errFork = errors.New("the log contradicts a checkpoint that it showed")

// look fetches the latest checkpoint and remembers it. Its signature must be
// right, it must not be smaller than one before, and of one size there is one
// root.
func (w *witness) look(ctx context.Context) (err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer func() {
		if errors.Is(err, errFork) && w.broken == nil {
			w.broken = err
		}
	}()
	signed, err := insist(ctx, w.base+"/checkpoint")
	if err != nil {
		return err
	}
	c, err := box.OpenCheckpoint(signed, w.key)
	if err != nil {
		return fmt.Errorf("%w: %w", errFork, err)
	}
	if root, seen := w.roots[c.Size]; seen && root != c.Root {
		return fmt.Errorf("%w: two roots of %d leaves", errFork, c.Size)
	}
	if c.Size < w.latest.Size {
		return fmt.Errorf("%w: it has %d leaves, and had %d", errFork, c.Size, w.latest.Size)
	}
	w.roots[c.Size], w.latest = c.Root, c
	return nil
}

func (w *witness) size() int  { w.mu.Lock(); defer w.mu.Unlock(); return int(w.latest.Size) }
func (w *witness) count() int { w.mu.Lock(); defer w.mu.Unlock(); return len(w.roots) }

// check fetches the whole log, recomputes its tree, and compares it with every
// checkpoint ever seen; the log must also prove that each leads to the latest.
func (w *witness) check(ctx context.Context) (leaves []box.Leaf, err error) {
	if err := w.look(ctx); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return nil, w.broken
	}
	lines, err := w.entries(ctx, w.latest.Size)
	if err != nil {
		return nil, err
	}
	var tree tree
	for i, line := range lines {
		l, err := box.ParseLeaf(line)
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, l)
		if err := tree.add(l); err != nil {
			return nil, err
		}
		if root, seen := w.roots[int64(i+1)]; seen {
			got, err := tlog.TreeHash(int64(i+1), &tree)
			if err != nil {
				return nil, err
			}
			if got != root {
				return nil, fmt.Errorf("%w: its first %d leaves have another root", errFork, i+1)
			}
		}
	}
	for size, root := range w.roots {
		if size == w.latest.Size {
			continue
		}
		if err := w.consistent(ctx, size, root); err != nil {
			return nil, err
		}
	}
	return leaves, nil
}

// consistent asks the log for the proof that a checkpoint leads to the latest
// (RFC 6962 §2.1.2), and checks it.
func (w *witness) consistent(ctx context.Context, size int64, root tlog.Hash) error {
	text, err := insist(ctx, fmt.Sprintf("%s/consistency?from=%d&to=%d", w.base, size, w.latest.Size))
	if err != nil {
		return err
	}
	var answer struct {
		Proof tlog.TreeProof `json:"proof"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	if err := tlog.CheckTree(answer.Proof, w.latest.Size, w.latest.Root, size, root); err != nil {
		return fmt.Errorf("%w: from %d to %d leaves: %w", errFork, size, w.latest.Size, err)
	}
	return nil
}

// tree is the stored hashes of a log that grows (tlog.HashReader).
type tree struct {
	hashes []tlog.Hash
	size   int64
}

func (t *tree) add(l box.Leaf) error {
	more, err := tlog.StoredHashesForRecordHash(t.size, l.Hash(), t)
	t.hashes = append(t.hashes, more...)
	t.size++
	return err
}

// ReadHashes is for tlog.
func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, n := range indexes {
		if n >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("no hash %d yet", n)
		}
		list[i] = t.hashes[n]
	}
	return list, nil
}

// entries fetches the log's lines, bundle by bundle (C2SP tlog-tiles: each line
// after its length in two bytes, 256 of them at most).
func (w *witness) entries(ctx context.Context, size int64) (lines []string, err error) {
	for n := int64(0); n*256 < size; n++ {
		path := bundle(n)
		if width := size - n*256; width < 256 {
			path += fmt.Sprintf(".p/%d", width)
		}
		text, err := insist(ctx, w.base+"/tile/entries/"+path)
		if err != nil {
			return nil, err
		}
		for len(text) >= 2 {
			length := int(binary.BigEndian.Uint16(text))
			if len(text) < 2+length {
				break
			}
			lines, text = append(lines, string(text[2:2+length])), text[2+length:]
		}
		if len(text) > 0 {
			return nil, fmt.Errorf("bundle %s ends in the middle of an entry", path)
		}
	}
	if int64(len(lines)) != size {
		return nil, fmt.Errorf("%d entries of a log of %d", len(lines), size)
	}
	return lines, nil
}

// bundle writes a number as tlog-tiles does: 000, x001/234.
func bundle(n int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	return path
}

// receipt looks a promised ballot up by its commit, as its voter may.
func (w *witness) receipt(ctx context.Context, promised box.Leaf) error {
	text, err := insist(ctx, fmt.Sprintf("%s/receipts/%x", w.base, promised.Commit))
	if err != nil {
		return err
	}
	r, err := box.ParseReceipt(text)
	if err != nil {
		return err
	}
	if err := r.Verify(w.key); err != nil {
		return err
	}
	p, err := box.OpenPromise([]byte(r.Promise), w.key)
	if err == nil && p.Leaf() != promised {
		err = errors.New("the receipt is of another ballot")
	}
	return err
}

// settled looks at the log of a published round: the manifest's leaf first, the
// closing one after all ballots and right, only steps behind it, and a receipt
// with its proof for everyone.
func (t *deployment) settled(ctx context.Context) error {
	leaves, err := t.witness.check(ctx)
	if err != nil {
		return err
	}
	signed, err := insist(ctx, t.witness.base+"/manifest")
	if err != nil {
		return err
	}
	if len(leaves) < 2 || leaves[0] != (box.Leaf{Type: box.ManifestLeaf, Manifest: sha256.Sum256(signed)}) {
		return fmt.Errorf("the log does not begin with the manifest: %q", leaves)
	}
	var ballots int64
	var closed, steps int
	for _, l := range leaves[1:] {
		switch {
		case l.Type == box.AuditLeaf:
			steps++
		case (l.Type == box.BallotLeaf || l.Type == box.PaperLeaf) && closed == 0:
			ballots++
		case l == box.Leaf{Type: box.CloseLeaf, Ballots: ballots}:
			closed++
		default:
			return fmt.Errorf("after %d ballots and %d closing leaves the log has %q", ballots, closed, l)
		}
	}
	if closed != 1 || steps == 0 || leaves[len(leaves)-1].Type != box.AuditLeaf {
		return fmt.Errorf("the log has %d closing leaves and %d steps, and ends with %q", closed, steps,
			leaves[len(leaves)-1])
	}
	promised, err := t.promised()
	if err != nil {
		return err
	}
	logged := map[box.Leaf]bool{}
	for _, l := range leaves {
		logged[l] = true
	}
	for _, l := range promised {
		if !logged[l] {
			return errors.New("an acknowledged ballot is not in the closed log")
		}
		if err := t.witness.receipt(ctx, l); err != nil {
			return err
		}
	}
	return nil
}
