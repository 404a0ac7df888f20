package box_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/box/boxtest"
	"osbu/domain/round"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// What the program itself cannot get round, whatever it was made to say to the
// database.
func TestWalls(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	t.Run("search paths", d.CheckSearchPaths)
	t.Run("unlogged", d.CheckUnlogged)
	t.Run("functions of the owner", func(t *testing.T) {
		d.CheckDefiners(
			t,
			"declare_batch(text,text,text,text,date,integer,integer)",
			"extend_log(text,bigint,text[],bytea[],integer[],smallint[],bigint[],bytea[],bytea)",
			"key_batch(text,text,integer,integer,integer,text[])",
			"leave_out_batch(text,text,text)",
			"open_vote(text,timestamp with time zone,timestamp with time zone)",
			"put_back(text,integer,integer,timestamp with time zone)",
			"reopen_batch(text,text,integer)",
			"rotate_partitions(text,integer,bigint,timestamp with time zone)",
			"seal_batch(text,text,bigint,text[],text[],bytea[],bytea[],smallint[],bigint[],bytea[],bytea,integer,jsonb,jsonb,integer,integer,text)",
			"shuffle_partition(text)",
			"truncate_partition(text,integer)",
		)
	})
	t.Run("moments", func(t *testing.T) {
		const calendar = "when the vote opens and closes is public, and so is when that was moved"
		d.CheckMoments(t, map[string]string{
			"vote.opens": calendar, "vote.closes": calendar,
			"vote.released":   "a moment of the calendar of releases, which is public",
			"paper_batch.day": "the day on which a whole batch of sheets was cast at a place, which the record has",
			"vote_change.at":  calendar, "vote_change.opens": calendar, "vote_change.closes": calendar,
		})
	})
	t.Run("shadows", func(t *testing.T) {
		s := serve(t, d, 10, 10)
		voting(t, d, s, id)
		put(t, s, id, 1)
		d.SetClock(t, boxtest.Closes.Format(time.RFC3339))
		d.CheckShadow(
			t,
			`CREATE TEMPORARY TABLE vote AS
			SELECT round, opens, closes + interval '1 day' AS closes, closed, side FROM public.vote`,
			`INSERT INTO public.pending
			SELECT round, side, paper, nullifier, seq + 1, commit, randomizer, credential, signature, ballot
			FROM public.pending`,
			"vote_not_open",
		)
	})
}

// A leaf that does not belong there would stop the log for good: the role can
// write none, and extend_log none but what follows and waits.
func TestStrayLeaf(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	tick(t, sequencer(s.Service)) // the manifest
	entries := put(t, s, id, 2)
	ballot := fmt.Sprintf("ARRAY['%s'], ARRAY['\\x%x'::bytea], ARRAY[1]", entries[0].Leaf(), entries[0].Nullifier)
	const nothing = "'{}', '{}', '{}'"
	type attempt struct{ name, size, leaves, hashes, note, want string }
	refuse := func(t *testing.T, a attempt) {
		t.Helper()
		q := fmt.Sprintf("SELECT extend_log('r1', %s, %s, %s, %s)", a.size, a.leaves, a.hashes, a.note)
		if _, err := d.ExecContext(background, q); err == nil || constraint(err) != a.want {
			t.Errorf("%v, want %s", err, a.want)
		}
	}
	other := "ARRAY['manifest " + strings.Repeat("0", 64) + "'], ARRAY[NULL::bytea], ARRAY[0]"
	closes := "ARRAY['close 7'], ARRAY[NULL::bytea], ARRAY[0]"
	for _, a := range []attempt{
		{"over what is there", "0", ballot, nothing, `E'osbu\n1\n'`, "checkpoint_next"},
		{"with a gap", "2", ballot, nothing, `E'osbu\n3\n'`, "checkpoint_next"},
		{"under another size", "1", ballot, nothing, `E'osbu\n3\n'`, "checkpoint_size"},
		{"a second manifest", "1", other, nothing, `E'osbu\n2\n'`, "leaf_manifest"},
		{"the close of an open vote", "1", closes, nothing, `E'osbu\n2\n'`, "log_ended"},
		{"a ballot whose partition fills", "1", ballot, nothing, `E'osbu\n2\n'`, "leaf_waits"},
		{"a hash of leaves to come", "1", closes, `'{8}', '{0}', '{NULL}'`, `E'osbu\n2\n'`, "hash_place"},
	} {
		t.Run(a.name, func(t *testing.T) { refuse(t, a) })
	}
	t.Run("after a stray leaf", func(t *testing.T) {
		const stray = "INSERT INTO leaf (round, index, line) VALUES ('r1', 7, 'close 7')"
		if _, err := d.Owner.ExecContext(background, stray); err != nil {
			t.Fatal(err)
		}
		refuse(t, attempt{size: "1", leaves: closes, hashes: nothing, note: `E'osbu\n2\n'`, want: "leaf_next"})
		if _, err := d.Owner.ExecContext(background, "DELETE FROM leaf WHERE index = 7"); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("a close that counts other ballots", func(t *testing.T) {
		if err := s.store.Close(background, id); err != nil {
			t.Fatal(err)
		}
		refuse(t, attempt{size: "1", leaves: closes, hashes: nothing, note: `E'osbu\n2\n'`, want: "log_close"})
	})
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	whole(t, s, id, entries, true)
}

// The times of a vote are not moved, nor is it closed, without a line that says
// so; the partition that fills leaves none.
func TestVoteChanges(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	for _, q := range []string{
		"UPDATE vote SET closes = closes + interval '1 hour'",
		"UPDATE vote SET opens = opens - interval '1 hour'",
		"INSERT INTO vote (round, opens, closes) SELECT 'r2', opens, closes FROM vote",
		"INSERT INTO vote_change SELECT round, n + 1, at, opens, closes, closed FROM vote_change",
		"UPDATE vote_change SET n = n + 1",
		"DELETE FROM vote_change",
		"TRUNCATE vote_change",
		"SELECT make_partitions('r2')",
	} {
		if _, err := d.ExecContext(background, q); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v, want 42501", q, err)
		}
	}
	tick(t, sequencer(s.Service))
	put(t, s, id, 1)
	later := boxtest.Closes.Add(time.Hour)
	for range 2 { // the second time nothing changes
		if err := s.Open(background, id, boxtest.Opens, later); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.store.Rotate(background, id, 1, 1, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	if err := s.Open(background, id, boxtest.Opens, boxtest.Closes); domain.CodeOf(err) != round.CodeVotingClosed {
		t.Errorf("moved after the close: %v, want %s", err, round.CodeVotingClosed)
	}
	var lines []struct {
		Closes time.Time
		Closed bool
	}
	err := d.NewRaw("SELECT closes, closed FROM vote_change WHERE round = ? ORDER BY n", id).Scan(background, &lines)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, l := range lines {
		got += fmt.Sprintf("%s %v, ", l.Closes.UTC().Format(time.RFC3339), l.Closed)
	}
	first, moved := boxtest.Closes.UTC().Format(time.RFC3339), later.UTC().Format(time.RFC3339)
	if want := fmt.Sprintf("%s false, %s false, %s true, ", first, moved, moved); got != want {
		t.Errorf("lines %q, want %q", got, want)
	}
}
