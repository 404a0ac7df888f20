package box_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/box"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// Ballots that are too few for a batch lie in an order that tells nothing, in a
// file of their own, as soon as a sequencer has looked.
func TestWaitingBallotsAreMixed(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	q := box.NewSequencer(
		box.SequencerConfig{Box: s.Service, Observer: deaf{}, Min: 100, Every: time.Hour, Now: time.Now},
	)
	tick(t, q) // the first leaf
	entries := put(t, s, id, 12)
	lie := func() (rows []struct {
		Nullifier []byte
		Xmin      int64
	},
	) {
		t.Helper()
		if err := d.Owner.NewRaw("SELECT nullifier, xmin::text::bigint AS xmin FROM pending ORDER BY tableoid, ctid").
			Scan(background, &rows); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	inOrder := func() bool {
		for i, row := range lie() {
			if !slices.Equal(row.Nullifier, entries[i].Nullifier[:]) {
				return false
			}
		}
		return true
	}
	transactions := func() map[int64]int {
		count := map[int64]int{}
		for _, row := range lie() {
			count[row.Xmin]++
		}
		return count
	}
	if !inOrder() || len(transactions()) != 12 {
		t.Fatal("before, they lie as they came: this test would see nothing")
	}
	tick(t, q)
	shuffled := transactions()
	if inOrder() || len(shuffled) != 1 { // by chance once in 12! times
		t.Errorf("in order: %v, by %d transactions", inOrder(), len(shuffled))
	}
	tick(t, q)
	if fmt.Sprint(transactions()) != fmt.Sprint(shuffled) {
		t.Error("shuffled again for nothing")
	}
	entries = append(entries, put(t, s, id, 1)...)
	tick(t, q)
	if again := transactions(); len(again) != 1 || len(lie()) != 13 || fmt.Sprint(again) == fmt.Sprint(shuffled) {
		t.Errorf("one more came: %v", again)
	}
	// Whoever reads keeps the partition for herself; the sequencer comes back
	// later, and does not wait.
	tx, err := d.Owner.BeginTx(background, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(background, "SELECT count(*) FROM pending"); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Shuffle(background, id); domain.KindOf(err) != domain.Busy {
		t.Errorf("while somebody reads: %v", err)
	}
	_ = tx.Rollback()
	if err := s.store.Shuffle(background, "no-round"); err != nil {
		t.Errorf("a round without a vote: %v", err)
	}
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	whole(t, s, id, entries, true)
	if err := s.store.Shuffle(background, id); err != nil {
		t.Errorf("after the close: %v", err)
	}
}

// While ballots come in, are shuffled and go into the log, each that was
// acknowledged can be found at every moment, and none is lost or doubled.
func TestMixingUnderLoad(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 10)
	voting(t, d, s, id)
	done := make(chan struct{})
	var shuffling, voters sync.WaitGroup
	shuffling.Go(func() {
		q := box.NewSequencer(
			box.SequencerConfig{Box: s.Service, Observer: deaf{}, Min: 40, Every: time.Hour, Now: time.Now},
		)
		for {
			select {
			case <-done:
				return
			default:
				tick(t, q)
			}
		}
	})
	var mu sync.Mutex
	var all []box.Entry
	for range 3 {
		voters.Go(func() {
			for range 40 {
				e := put(t, s, id, 1)[0]
				for range 5 {
					if found, err := s.store.Find(background, id, e.Commit); err != nil ||
						found.Nullifier != e.Nullifier {
						t.Errorf("an acknowledged ballot cannot be found: %v", err)
					}
				}
				mu.Lock()
				all = append(all, e)
				mu.Unlock()
			}
		})
	}
	voters.Wait()
	close(done)
	shuffling.Wait()
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	whole(t, s, id, all, true)
}
