package box_test

import (
	"bytes"
	"testing"

	"github.com/uptrace/bun"

	"osbu/domain/box"
	"osbu/domain/box/boxtest"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// Sealed ballots go the whole way as they came: into the box, into the log, and
// out of it after the close. Whoever reads every table meanwhile finds no
// choice.
func TestSealedBallots(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 100)
	d.SetClock(t, "2026-10-05 12:00Z")
	e := election(t).Of(id)
	opening := e.Seal(t)
	key, err := s.Prepare(background, id)
	if err == nil {
		err = s.Install(background, id, e.Encode(t, key))
	}
	if err == nil {
		err = s.Open(background, id, boxtest.Opens, boxtest.Closes)
	}
	if err != nil {
		t.Fatal(err)
	}
	cast := map[[32]byte]box.Cast{}
	for range 3 {
		c := e.Voter(t, "main").Fill(t, "north", 1, 2)
		cast[[32]byte(c.Commit)] = c
		if _, err := s.Cast(background, c); err != nil {
			t.Fatal(err)
		}
	}
	inClear := func() (n int) {
		t.Helper()
		for _, table := range []string{"pending", "leaf"} {
			var there int
			if err := d.Owner.NewRaw("SELECT count(*) FROM ? AS x WHERE position('choices'::bytea IN x.ballot) > 0",
				bun.Ident(table)).Scan(background, &there); err != nil {
				t.Fatal(err)
			}
			n += there
		}
		return n
	}
	if n := inClear(); n > 0 {
		t.Errorf("%d ballots wait in clear", n)
	}
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	if n := inClear(); n > 0 {
		t.Errorf("%d ballots lie in the log in clear", n)
	}
	if there := contents(t, s); len(there) != len(cast) {
		t.Errorf("%d ballots, want %d", len(there), len(cast))
	}
	err = s.Ballots(background, id, func(b box.Entry) error {
		c := cast[b.Commit]
		if !bytes.Equal(b.Ballot, c.Ballot) {
			t.Error("a ballot is another than was cast")
		}
		if _, void := opening.Open(id, "main", c.Key, b.Ballot, b.Commit); void != "" {
			t.Errorf("it does not open: %s", void)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
