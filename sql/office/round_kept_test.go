package office_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/sql/office"
)

// A kept round is never older than the question for it, whoever changed it, and
// what one caller does to hers is nobody else's.
func TestAKeptRoundIsAsItStands(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	another := office.New(d.DB, helsinki(t)) // as of another process
	ctx := context.Background()
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r, err := store.Round(ctx, "r")
				if err != nil {
					t.Error(err)
					return
				}
				r.Settings.Areas[0].Name.Fi = "mine"
				r.Settings.Papers[0].Areas[0] = "mine"
			}
		})
	}
	for i := range 50 {
		want := fmt.Sprint("Alue ", i)
		_, err := another.UpdateRound(ctx, "r", func(r *round.Round, _ time.Time) (round.Entry, error) {
			r.Settings.Areas[0].Name.Fi = want
			return entry("r", "edit"), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		one, err := store.Round(ctx, "r")
		all, _, err2 := store.Rounds(ctx)
		if err != nil || err2 != nil || len(all) != 1 {
			t.Fatal(err, err2, all)
		}
		for _, r := range []round.Round{one.Round, all[0]} {
			if got := r.Settings.Areas[0].Name.Fi; got != want || r.Settings.Papers[0].Areas[0] == "mine" {
				t.Errorf("got %q on %v, want %q", got, r.Settings.Papers[0].Areas, want)
			}
		}
	}
	close(done)
	readers.Wait()
	if err := another.DeleteRound(ctx, "r", func(round.Round) (round.Entry, error) { return entry("r", "delete"), nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Round(ctx, "r"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v, want that it is gone", err)
	}
	if all, now, err := store.Rounds(ctx); err != nil || len(all) != 0 || now.IsZero() {
		t.Errorf("got %v %v %v, want none and the clock", all, now, err)
	}
}
