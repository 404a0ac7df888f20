package box_test

import (
	"testing"
	"time"

	"osbu/domain/box/boxtest"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// What the program itself cannot get round, whatever it was made to say to the
// database.
func TestWalls(t *testing.T) {
	d := testdb.New(t, store.Migrations(), store.Role)
	t.Run("search paths", d.CheckSearchPaths)
	t.Run("functions of the owner", func(t *testing.T) {
		d.CheckDefiners(
			t,
			"make_partitions(text)",
			"rotate_partitions(text,integer,bigint)",
			"shuffle_partition(text)",
			"truncate_partition(text,integer)",
		)
	})
	t.Run("shadows", func(t *testing.T) {
		s := serve(t, d, 10, 10)
		voting(t, d, s, id)
		put(t, s, id, 1)
		d.SetClock(t, boxtest.Closes.Format(time.RFC3339))
		d.CheckShadow(
			t,
			"CREATE TEMPORARY TABLE vote AS SELECT round, opens, closes + interval '1 day' AS closes, closed, side FROM public.vote",
			`INSERT INTO public.pending
			SELECT round, side, paper, nullifier, seq + 1, commit, randomizer, credential, signature, ballot FROM public.pending`,
			"vote_not_open",
		)
	})
}
