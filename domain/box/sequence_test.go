package box_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/box/boxtest"
)

// witnessed counts what the sequencer tells.
type witnessed struct{ batches, ballots, ended int }

func (w *witnessed) Waits(string, int, int64) {}
func (w *witnessed) Logged(n int)             { w.batches++; w.ballots += n }
func (w *witnessed) Ended(string)             { w.ended++ }

func numbered(from, to int) (leaves []box.Leaf) {
	for i := from; i < to; i++ {
		leaves = append(
			leaves,
			box.Entry{
				Nullifier: [32]byte{1, byte(i), byte(i >> 8), byte(i >> 16)},
				Seq:       1,
				Commit:    [32]byte{2, byte(i), byte(i >> 8), byte(i >> 16)},
			}.Leaf(),
		)
	}
	return leaves
}

func ticking(s *box.Service, o box.Observer) *box.Sequencer {
	return box.NewSequencer(box.SequencerConfig{Box: s, Observer: o, Min: 1, Now: time.Now})
}

// root is the tree's over the lines, computed from nothing but them.
func root(t *testing.T, lines []string) tlog.Hash {
	t.Helper()
	tr := &tree{}
	for i, line := range lines {
		hashes, err := tlog.StoredHashes(int64(i), []byte(line), tr)
		if err != nil {
			t.Fatal(err)
		}
		tr.stored = append(tr.stored, hashes...)
	}
	h, err := tlog.TreeHash(int64(len(lines)), tr)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A log grown batch by batch, over the borders of tiles, has the same root as
// one made at once; the manifest is its first leaf and the close its last.
func TestSequence(t *testing.T) {
	s, shelf := serve(t)
	e, _ := installed(t, s)
	seen := &witnessed{}
	q := ticking(s, seen)
	check := func() {
		t.Helper()
		c, err := box.OpenCheckpoint(shelf.signed[len(shelf.signed)-1], e.Manifest.LogKey)
		if err != nil || c.Size != int64(len(shelf.lines)) || c.Root != root(t, shelf.lines) {
			t.Fatalf("checkpoint %+v over %d leaves, %v", c, len(shelf.lines), err)
		}
	}
	check()
	made := 0
	for _, n := range []int{1, 2, 252, 1, 1, 255, 300} { // 2, 4, 256, 257, 258, 513, 813 leaves
		shelf.waiting = numbered(made, made+n)
		made += n
		if err := q.Tick(background); err != nil {
			t.Fatal(err)
		}
		check()
	}
	if len(shelf.roots) != 3 {
		t.Errorf("%d subtrees are kept of %d leaves", len(shelf.roots), len(shelf.lines))
	}
	shelf.waiting, shelf.closed = numbered(made, made+2), true
	for range 3 {
		if err := q.Tick(background); err != nil {
			t.Fatal(err)
		}
	}
	check()
	made += 2
	if last := shelf.lines[len(shelf.lines)-1]; last != fmt.Sprintf("close %d", made) || len(shelf.lines) != made+2 ||
		seen.ballots != made ||
		seen.batches != 8 ||
		seen.ended != 1 {
		t.Errorf("%d leaves, the last %q; told of %+v", len(shelf.lines), last, *seen)
	}
}

// The order within a batch is chance's: it is not the order of casting, and not
// the same twice.
func TestShuffle(t *testing.T) {
	orders := map[string]bool{}
	e := boxtest.New(t, rand.Reader, id)
	for range 3 {
		s, shelf := serve(t)
		install(t, s, e)
		shelf.waiting = numbered(0, 100)
		if err := ticking(s, &witnessed{}).Tick(background); err != nil {
			t.Fatal(err)
		}
		var cast, sorted []string
		for _, l := range numbered(0, 100) {
			cast = append(cast, l.String())
		}
		logged := slices.Clone(shelf.lines[1:])
		if slices.Equal(logged, cast) {
			t.Error("logged in the order of casting")
		}
		orders[fmt.Sprint(logged)] = true
		sorted = append(sorted, logged...)
		slices.Sort(sorted)
		slices.Sort(cast)
		if !slices.Equal(sorted, cast) {
			t.Error("other ballots were logged")
		}
	}
	if len(orders) != 3 {
		t.Error("shuffled twice in one way")
	}
}

// What the store gives is not believed: a log that does not fit its signed
// checkpoint is not extended.
func TestSequenceRefusesAChangedLog(t *testing.T) {
	e := boxtest.New(t, rand.Reader, id)
	for name, spoil := range map[string]func(*shelf){
		"another leaf on the edge": func(s *shelf) { s.lines[len(s.lines)-3] = s.lines[2] },
		"a leaf too few":           func(s *shelf) { s.lines = s.lines[:len(s.lines)-1] },
		"another subtree":          func(s *shelf) { s.roots[[2]int64{8, 0}] = tlog.Hash{1} },
		"no subtree":               func(s *shelf) { clear(s.roots) },
		"an old checkpoint":        func(s *shelf) { s.signed[len(s.signed)-1] = s.signed[0]; s.lines[0] = s.lines[1] },
		"no checkpoint's note":     func(s *shelf) { s.signed[len(s.signed)-1] = []byte("note") },
		"a line that is no leaf":   func(s *shelf) { s.lines[len(s.lines)-1] = "ballot" },
		"no chance to shuffle by":  func(s *shelf) {},
	} {
		s, shelf := serve(t)
		install(t, s, e)
		shelf.waiting = numbered(0, 299)
		q := ticking(s, &witnessed{})
		if err := q.Tick(background); err != nil {
			t.Fatal(err)
		}
		shelf.waiting = numbered(299, 301)
		spoil(shelf)
		if name == "no chance to shuffle by" {
			s.Rand = empty{}
		}
		before := len(shelf.signed)
		if err := q.Tick(background); err == nil || len(shelf.signed) != before {
			t.Errorf("%s: extended", name)
		}
	}
}

type empty struct{}

func (empty) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

// The install and the close are mended by whoever comes next.
func TestLogIsMended(t *testing.T) {
	s, shelf := serve(t)
	e, _ := installed(t, s)
	text := e.Encode(t, e.Manifest.LogKey)
	first := shelf.lines[0]
	shelf.ledger = ledger{crash: true}
	if err := s.Install(background, id, text); !errors.Is(err, errLost) {
		t.Fatal(err)
	}
	shelf.crash = false
	if err := ticking(s, &witnessed{}).Tick(background); err != nil || len(shelf.lines) != 1 ||
		shelf.lines[0] != first {
		t.Errorf("%q, %v", shelf.lines, err)
	}
	if err := s.Install(background, id, text); err != nil || len(shelf.lines) != 1 {
		t.Errorf("%q, %v", shelf.lines, err)
	}
	shelf.waiting = numbered(0, 3)
	shelf.extended = func() error { return errLost } // after it was kept
	q := ticking(s, &witnessed{})
	if err := q.Tick(background); !errors.Is(err, errLost) || len(shelf.lines) != 4 {
		t.Errorf("%d leaves, %v", len(shelf.lines), err)
	}
	if err := q.Tick(background); !errors.Is(err, errLost) || len(shelf.lines) != 4 {
		t.Errorf("left alone after a failure: got %d leaves, %v; want 4, %v", len(shelf.lines), err, errLost)
	}
	if err := q.Tick(background); err != nil || len(shelf.lines) != 4 {
		t.Errorf("tried again: got %d leaves, %v; want 4, nil", len(shelf.lines), err)
	}
	shelf.extended = func() error { return domain.Fail(domain.Busy, domain.CodeBusy, "another") }
	shelf.waiting = numbered(3, 4)
	if err := q.Tick(background); err != nil {
		t.Errorf("another server is at it: %v", err)
	}
}

// After trouble a round is left alone for longer and longer, and then tried
// again. It counts as failing until a try succeeds.
func TestTroubleIsNotHurried(t *testing.T) {
	s, shelf := serve(t)
	installed(t, s)
	shelf.waiting = numbered(0, 1)
	shelf.crash = true
	q := ticking(s, &witnessed{})
	var tried []int
	for i := range 64 {
		before := shelf.tries
		if err := q.Tick(background); !errors.Is(err, errLost) {
			t.Errorf("tick %d: got %v, want %v", i, err, errLost)
		}
		if shelf.tries > before {
			tried = append(tried, i)
		}
	}
	if want := []int{0, 2, 5, 10, 19, 36}; !slices.Equal(tried, want) {
		t.Errorf("tried at %v, want %v", tried, want)
	}
	shelf.crash = false
	failing := 0
	for q.Tick(background) != nil {
		if failing++; failing > 64 {
			t.Fatal("got no tick without trouble after the store was mended")
		}
	}
	if want := 5; failing != want || len(shelf.lines) != 2 { // what is left of the pause after tick 36
		t.Errorf("got %d ticks of trouble and %d leaves, want %d and 2", failing, len(shelf.lines), want)
	}
}
