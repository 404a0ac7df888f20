package box_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/box/boxtest"
	"osbu/domain/round"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// leaves is a round's log.
func leaves(t *testing.T, s server, id string) (lines []string) {
	t.Helper()
	c := checkpoint(t, s, id)
	err := s.Leaves(background, id, 0, c.Size, func(line string) error { lines = append(lines, line); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func checkpoint(t *testing.T, s server, id string) box.Checkpoint {
	t.Helper()
	signed, err := s.Checkpoint(background, id)
	if err != nil {
		t.Fatal(err)
	}
	return opened(t, s, id, signed)
}

func opened(t *testing.T, s server, id string, signed []byte) box.Checkpoint {
	t.Helper()
	l, err := s.store.Log(background, id)
	if err != nil {
		t.Fatal(err)
	}
	c, err := box.OpenCheckpoint(signed, l.Key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sequencer logs every ballot at once, or as its caller sets it.
func sequencer(s *box.Service) *box.Sequencer {
	return box.NewSequencer(box.SequencerConfig{Box: s, Observer: deaf{}, Min: 1, Now: time.Now})
}

type deaf struct{}

func (deaf) Waits(string, int, int64) {}
func (deaf) Logged(int)               {}
func (deaf) Ended(string)             {}

func tick(t *testing.T, q *box.Sequencer) {
	t.Helper()
	if err := q.Tick(background); err != nil {
		t.Fatal(err)
	}
}

// put puts ballots in the box, one flush each.
func put(t *testing.T, s server, id string, n int) (entries []box.Entry) {
	t.Helper()
	for range n {
		e := entry(t, id)
		if err := s.intake.Append(background, e); err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

// whole checks a round's log from outside: every checkpoint is over the leaves,
// signed, and consistent with every later one; the leaves are the manifest and
// these ballots, each once, and then perhaps the close.
func whole(t *testing.T, s server, id string, ballots []box.Entry, ended bool) {
	t.Helper()
	lines := leaves(t, s, id)
	want := map[string]bool{}
	for _, e := range ballots {
		want[e.Leaf().String()] = true
	}
	rest := lines[1:]
	if ended {
		if last := lines[len(lines)-1]; last != fmt.Sprintf("close %d", len(ballots)) {
			t.Errorf("the last leaf is %q", last)
		}
		rest = rest[:len(rest)-1]
	}
	if !strings.HasPrefix(lines[0], "manifest ") || len(rest) != len(ballots) {
		t.Fatalf("%d leaves, the first %q; want %d ballots", len(lines), lines[0], len(ballots))
	}
	for _, line := range rest {
		if !want[line] {
			t.Fatalf("leaf %q is not a ballot, or there twice", line)
		}
		delete(want, line)
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) (hashes []tlog.Hash, _ error) {
		for _, i := range at {
			hashes = append(hashes, stored[i])
		}
		return hashes, nil
	})
	for i, line := range lines {
		hashes, err := tlog.StoredHashes(int64(i), []byte(line), reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
	}
	var all []box.Checkpoint
	err := s.Checkpoints(background, id, func(signed []byte) error {
		c := opened(t, s, id, signed)
		if root, err := tlog.TreeHash(c.Size, reader); err != nil || root != c.Root {
			t.Errorf("checkpoint %d: another root than its leaves', %v", c.Size, err)
		}
		all = append(all, c)
		return nil
	})
	if err != nil || len(all) == 0 || all[len(all)-1].Size != int64(len(lines)) {
		t.Fatalf("%d checkpoints, %v", len(all), err)
	}
	for i, to := range all {
		for _, from := range all[:i+1] {
			proof, err := s.Consistency(background, id, from.Size, to.Size)
			if err == nil {
				err = tlog.CheckTree(proof, to.Size, to.Root, from.Size, from.Root)
			}
			if err != nil {
				t.Errorf("from %d to %d: %v", from.Size, to.Size, err)
			}
		}
	}
}

// Sequencers of two servers race while ballots come in through both, and while
// the vote is closed: every acknowledged ballot is in the log once.
func TestSequencersRace(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	servers := []server{serve(t, d, 1000, 8), serve(t, d, 1000, 8)}
	voting(t, d, servers[0], id)
	entries := make([]box.Entry, 120)
	for i := range entries {
		entries[i] = entry(t, id)
	}
	ctx, stopTicking := context.WithCancel(background)
	var ticking, coming sync.WaitGroup
	for i := range 4 {
		q := sequencer(servers[i%2].Service)
		ticking.Go(func() {
			for ctx.Err() == nil {
				if err := q.Tick(background); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 6 {
		coming.Go(func() {
			for at := i; at < len(entries); at += 6 {
				for _, s := range servers { // again through the other server, perhaps from the log
					if err := s.intake.Append(background, entries[at]); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	coming.Wait()
	for i := range servers {
		coming.Go(func() {
			if err := servers[i].Close(background, id); err != nil {
				t.Error(err)
			}
		})
	}
	coming.Wait()
	stopTicking()
	ticking.Wait()
	whole(t, servers[0], id, entries, true)
	if n, err := servers[1].CastByPaper(background, id); err != nil || n["main"] != len(entries) {
		t.Errorf("cast by paper %v, %v", n, err)
	}
	if len(contents(t, servers[1])) != len(entries) {
		t.Error("not every ballot is given out")
	}
}

// After sequencing, and after the close, too: the same bytes get the same
// promise, another ballot under the same key is refused.
func TestAskedAgainFromTheLog(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	v := e.Voter(t, "main")
	cast, another := v.Fill(t, "north", 1), v.Fill(t, "north", 2)
	promise, err := s.Cast(background, cast)
	if err != nil {
		t.Fatal(err)
	}
	commit := commit(cast)
	q := sequencer(s.Service)
	for _, step := range []struct {
		name string
		do   func() error
		logged,
		full bool
	}{
		{"while it waits", func() error { return nil }, false, false},
		{"rotated", func() error { return s.store.Rotate(background, id, 1, 1, time.Now()) }, false, false},
		{"logged", func() error { return q.Tick(background) }, true, false},
		{"after another batch", func() error { put(t, s, id, 3); return q.Tick(background) }, true, false},
		{"closed", func() error { return s.Close(background, id) }, true, true},
		{"after closing time", func() error { d.SetClock(t, "2026-10-26 12:00Z"); return nil }, true, true},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if again, err := s.Cast(background, cast); err != nil || string(again) != string(promise) {
			t.Errorf("%s, the same bytes: %v, %s", step.name, err, again)
		}
		if _, err := s.Cast(background, another); domain.KindOf(err) != domain.Conflict ||
			domain.CodeOf(err) != box.CodeNullifier {
			t.Errorf("%s, another ballot: %v", step.name, err)
		}
		r, err := s.Receipt(background, id, commit)
		if err == nil {
			err = r.Verify(e.Manifest.LogKey)
		}
		if err != nil || r.Promise != string(promise) || r.Waits() == step.logged {
			t.Errorf("%s: receipt %+v, %v", step.name, r, err)
		}
		if _, err := s.Cast(background, e.Voter(t, "main").Fill(t, "north", 1)); (err != nil) != step.full {
			t.Errorf("%s, a fresh ballot: %v", step.name, err)
		}
	}
	if _, err := s.Receipt(background, id, [32]byte{1}); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a commit of nobody: %v", err)
	}
	if _, err := s.Receipt(background, "r9", commit); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a round that is not there: %v", err)
	}
}

// faulty is the store, whose Extend fails: before anything is written, while it
// is written, or after it was kept.
type faulty struct {
	*store.Store
	before, after bool
	broken        bool
}

var errCrash = errors.New("crash")

func (f *faulty) Extend(
	ctx context.Context,
	round string,
	patient bool,
	moment time.Time,
	extend func(box.Batch) (box.Extension, error),
) error {
	if f.before {
		return errCrash
	}
	err := f.Store.Extend(ctx, round, patient, moment, func(b box.Batch) (box.Extension, error) {
		e, err := extend(b)
		if f.broken { // a ballot is lost on the way
			e.Leaves = slices.DeleteFunc(
				e.Leaves,
				func(l box.Leaf) bool { return l.Type == box.BallotLeaf && l == b.Ballots[0] },
			)
			e.Checkpoint.Size--
		}
		return e, err
	})
	if f.after && err == nil {
		err = errCrash
	}
	return err
}

// A crash anywhere leaves a batch in its partition or in the log; whoever comes
// next goes on.
func TestSequencerCrashes(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	f := &faulty{Store: s.store}
	config := s.Config
	config.Store = f
	crashing := box.New(config)
	var all []box.Entry
	crash := func(name string, with faulty, ballots int) {
		t.Helper()
		all = append(all, put(t, s, id, ballots)...)
		before := checkpoint(t, s, id)
		*f = with
		f.Store = s.store
		if err := sequencer(crashing).Tick(background); err == nil {
			t.Errorf("%s: no crash", name)
		}
		if after := checkpoint(t, s, id); (after != before) != with.after {
			t.Errorf("%s: from %d to %d leaves", name, before.Size, after.Size)
		}
		all = append(all, put(t, s, id, 2)...) // the vote goes on
		if n, err := s.CastByPaper(background, id); err != nil || n["main"] != len(all) {
			t.Errorf("%s: cast by paper %v, %v; want %d", name, n, err, len(all))
		}
	}
	crash("before writing", faulty{before: true}, 3)
	crash("once more, with a sealed partition left over", faulty{before: true}, 3)
	crash("a ballot lost on the way", faulty{broken: true}, 3)
	tick(t, sequencer(s.Service)) // what was sealed
	tick(t, sequencer(s.Service)) // what came in meanwhile
	whole(t, s, id, all, false)
	crash("after the commit", faulty{after: true}, 4)
	tick(t, sequencer(s.Service))
	whole(t, s, id, all, false)

	all = append(all, put(t, s, id, 3)...)
	*f = faulty{Store: s.store, before: true}
	if err := crashing.Close(background, id); !errors.Is(err, errCrash) {
		t.Errorf("close: %v", err)
	}
	if err := s.Ballots(background, id, func(box.Entry) error { return nil }); domain.KindOf(err) != domain.Conflict {
		t.Errorf("ballots of a log that has not ended: %v", err)
	}
	if err := s.intake.Append(background, entry(t, id)); domain.CodeOf(err) != round.CodeVotingClosed {
		t.Errorf("a ballot after a close that crashed: %v", err)
	}
	tick(t, sequencer(s.Service)) // mends the close, too
	for range 2 {
		if err := s.Close(background, id); err != nil {
			t.Error(err)
		}
	}
	whole(t, s, id, all, true)
	for _, table := range []string{"pending", "leaf WHERE ballot IS NOT NULL"} {
		var n int
		if err := d.Owner.NewRaw("SELECT count(*) FROM "+table).Scan(background, &n); err != nil ||
			n != map[string]int{"pending": 0}[table] && n != len(all) {
			t.Errorf("%s: %d rows, %v", table, n, err)
		}
	}
}

// Ballots leave the pool at the moments of the calendar and at no others, only
// if enough of them wait, and then a random half; what is left waits on, and
// can be found, until a later moment or the close.
func TestReleases(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	now := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	sequencer := func() *box.Sequencer {
		return box.NewSequencer(box.SequencerConfig{
			Box: s.Service, Observer: deaf{}, Min: 5, Every: time.Hour, Now: func() time.Time { return now },
		})
	}
	q, other := sequencer(), sequencer()
	size := func(when string, want int64) {
		t.Helper()
		if c := checkpoint(t, s, id); c.Size != want {
			t.Fatalf("%s: %d leaves, want %d", when, c.Size, want)
		}
	}
	all := put(t, s, id, 4)
	tick(t, q)
	size("too few", 1)
	all = append(all, put(t, s, id, 3)...)
	tick(t, q)
	tick(t, other)
	size("enough, between two moments", 1)
	now = now.Add(59 * time.Minute)
	tick(t, other)
	size("a minute before", 1)
	now = now.Add(time.Minute)
	tick(t, q)
	size("half of seven", 5)
	tick(t, other)
	tick(t, sequencer()) // a server that has just started
	tick(t, q)
	size("the same moment, by others", 5)
	waiting := 0
	for _, e := range all {
		found, err := s.store.Find(background, id, e.Commit)
		if err != nil {
			t.Fatal(err)
		}
		if found.Index == 0 {
			waiting++
		}
	}
	if waiting != 3 {
		t.Errorf("%d ballots wait, want 3", waiting)
	}
	var looks sync.WaitGroup // at once, so that they share queries
	for i, e := range all {
		looks.Go(func() {
			if found, err := s.store.Find(background, id, e.Commit); err != nil || found.Nullifier != e.Nullifier {
				t.Errorf("ballot %d: got nullifier %x and %v, want %x", i, found.Nullifier, err, e.Nullifier)
			}
			for round, commit := range map[string][32]byte{id: {byte(i)}, "another": e.Commit, "no\x00address": e.Commit} {
				if _, err := s.store.Find(background, round, commit); domain.KindOf(err) != domain.NotFound {
					t.Errorf("a commit that is not in round %q: got %v, want that it is unknown", round, err)
				}
			}
		})
	}
	looks.Wait()
	all = append(all, put(t, s, id, 1)...)
	now = now.Add(time.Hour)
	tick(t, q)
	size("four are too few", 5)
	all = append(all, put(t, s, id, 2)...)
	tick(t, q)
	size("six, but the moment has passed", 5)
	now = now.Add(24*time.Hour + 20*time.Minute)
	tick(t, other)
	size("late: no server ran at the moment", 8)
	if err := s.store.Rotate(background, id, 4, 8, now); err != nil { // fewer than asked for
		t.Fatal(err)
	}
	if err := s.store.Rotate(background, id, 1, 6, now.Add(time.Hour)); err != nil { // somebody has logged a batch since
		t.Fatal(err)
	}
	if err := s.store.Extend(background, id, false, time.Time{}, func(b box.Batch) (box.Extension, error) {
		if len(b.Ballots) != 0 {
			t.Error("a partition was sealed that should not be")
		}
		return box.Extension{}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	whole(t, s, id, all, true)
}

// When the vote is over and nobody closes it, the next moment takes all.
func TestTheLastRelease(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	now := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	q := box.NewSequencer(box.SequencerConfig{
		Box: s.Service, Observer: deaf{}, Min: 5, Every: time.Hour, Now: func() time.Time { return now },
	})
	tick(t, q)
	all := put(t, s, id, 3)
	d.SetClock(t, boxtest.Closes.Format(time.RFC3339))
	now = now.Add(time.Hour)
	tick(t, q)
	whole(t, s, id, all, false)
}

// Whoever extends the log keeps others from it: a tick goes by, the close
// waits.
func TestOneSequencerAtATime(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	all := put(t, s, id, 2)
	err := s.store.Extend(background, id, true, time.Time{}, func(box.Batch) (box.Extension, error) {
		tick(t, sequencer(s.Service))
		never := func(box.Batch) (box.Extension, error) { t.Error("two at once"); return box.Extension{}, nil }
		if err := s.store.Extend(background, id, false, time.Time{}, never); domain.KindOf(err) != domain.Busy {
			t.Errorf("another one: %v", err)
		}
		if err := s.intake.Append(background, all[0]); err != nil { // ballots do not wait for it
			t.Error(err)
		}
		return box.Extension{}, nil
	})
	if err != nil || checkpoint(t, s, id).Size != 1 {
		t.Error(err)
	}
	tick(t, sequencer(s.Service))
	whole(t, s, id, all, false)
}

// A dump reads the partitions for long: the batch stays where it is, ballots go
// on coming in, and afterwards it goes into the log.
func TestDumpDoesNotStopTheVote(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	all := put(t, s, id, 3)
	dump, err := d.Owner.BeginTx(background, nil)
	if err == nil {
		_, err = dump.ExecContext(background, "LOCK TABLE pending IN ACCESS SHARE MODE")
	}
	if err != nil {
		t.Fatal(err)
	}
	q := sequencer(s.Service)
	tick(t, q) // not told as trouble
	all = append(all, put(t, s, id, 2)...)
	if n, err := s.CastByPaper(background, id); err != nil || n["main"] != 5 || checkpoint(t, s, id).Size != 1 {
		t.Errorf("cast by paper %v, %v", n, err)
	}
	if err := dump.Rollback(); err != nil {
		t.Fatal(err)
	}
	for range 3 { // leaves the round alone once, logs what was sealed, logs the rest
		tick(t, q)
	}
	whole(t, s, id, all, false)
}

// What the database refuses whatever the program does.
func TestLogIsAppendOnly(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	put(t, s, id, 2)
	tick(t, sequencer(s.Service))
	put(t, s, id, 1)
	for _, table := range []string{"leaf", "hash", "checkpoint", "logged", "cosignature", "pending"} {
		for _, q := range []string{"DELETE FROM " + table, "TRUNCATE " + table, "UPDATE " + table + " SET round = round"} {
			if _, err := d.ExecContext(background, q); err == nil || !strings.Contains(err.Error(), "42501") {
				t.Errorf("%s: %v", q, err)
			}
		}
	}
	var partition string
	if err := d.Owner.NewRaw("SELECT partition_name(?, side) FROM vote", id).Scan(background, &partition); err != nil {
		t.Fatal(err)
	}
	for q, want := range map[string]string{
		"TRUNCATE " + partition:                                         "42501",
		"UPDATE vote SET side = 0":                                      "42501",
		"INSERT INTO " + partition + " SELECT * FROM pending":           "42501",
		"SELECT truncate_partition('r1', (SELECT side FROM vote)::int)": "partition_fills",
	} {
		if _, err := d.ExecContext(background, q); err == nil || !strings.Contains(err.Error()+constraint(err), want) {
			t.Errorf("%s: %v, want %s", q, err, want)
		}
	}
	// The owner meets the constraints; the role does not come so far.
	for q, want := range map[string]string{
		"INSERT INTO checkpoint VALUES ('r1', 5, 1, '')": "checkpoint_next",
		"INSERT INTO checkpoint VALUES ('r1', 4, 3, '')": "checkpoint_leaves",
		"INSERT INTO checkpoint VALUES ('r1', 3, 3, '')": "checkpoint_grows",
		"INSERT INTO checkpoint VALUES ('r1', 3, 0, '')": "checkpoint_pkey",
		"INSERT INTO checkpoint VALUES ('r9', 1, 0, '')": "checkpoint_round_fkey",
		"WITH l AS (INSERT INTO leaf (round, index, line) VALUES ('r1', 3, 'close 2')) INSERT INTO checkpoint VALUES " +
			"('r1', 4, 3, '')": "log_ended",
		"INSERT INTO leaf (round, index, line) VALUES ('r1', 2, 'close 2')":  "leaf_pkey",
		"INSERT INTO leaf (round, index, line) VALUES ('r1', 3, 'ballot 1')": "leaf_line",
		"INSERT INTO leaf SELECT round, 3, line, paper, nullifier, seq, commit, randomizer, credential, signature, ballot " +
			"FROM leaf WHERE index = 1": "leaf_once",
		"INSERT INTO leaf SELECT round, 3, line, paper, nullifier, seq + 1, commit, randomizer, credential, signature, " +
			"ballot FROM leaf WHERE index = 1": "leaf_line",
		"INSERT INTO leaf SELECT round, 3, line, paper, nullifier, seq, commit, randomizer, credential, signature FROM " +
			"leaf WHERE index = 1": "leaf_line",
		"INSERT INTO hash VALUES ('r1', 4, 0, '')": "hash_level",
	} {
		if _, err := d.Owner.ExecContext(background, q); err == nil || constraint(err) != want {
			t.Errorf("%s: %v, want %s", q, err, want)
		}
		if _, err := d.ExecContext(background, q); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s by the role: %v, want 42501", q, err)
		}
	}

	// A sealed partition with a ballot that is not in the log, or not with the
	// same bytes, is not emptied.
	if err := s.store.Rotate(background, id, 1, 3, time.Now()); err != nil {
		t.Fatal(err)
	}
	empty := func() error {
		_, err := d.ExecContext(background, "SELECT truncate_partition('r1', (SELECT 1 - side FROM vote)::int)")
		return err
	}
	if err := empty(); err == nil || constraint(err) != "partition_not_in_log" {
		t.Errorf("emptied a partition whose ballot is not in the log: %v", err)
	}
	_, err := d.Owner.ExecContext(
		background,
		`INSERT INTO leaf SELECT round, 3, 'ballot ' || encode(sha256(nullifier), 'hex') || ' ' || seq || ' ' ||
			encode(commit, 'hex'),
		paper, nullifier, seq, commit, randomizer, credential, set_byte(signature, 0, get_byte(signature, 0) # 1), ballot
		FROM pending`,
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := empty(); err == nil || constraint(err) != "partition_not_in_log" {
		t.Errorf("emptied a partition whose ballot is in the log with another signature: %v", err)
	}
	if n, err := s.CastByPaper(background, id); err != nil || n["main"] != 3 {
		t.Errorf("cast by paper %v, %v", n, err)
	}
}

// A batch that waited leaves nothing of the order it came in: neither its place
// in the table nor the transaction that wrote it, and its partition is a fresh
// file.
func TestLogForgetsTheOrderOfCasting(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 1)
	voting(t, d, s, id)
	voting(t, d, s, "r2")
	var cast []string
	for _, e := range put(t, s, id, 30) {
		cast = append(cast, fmt.Sprintf("%x", e.Commit))
	}
	put(t, s, "r2", 1)
	lie := func(table, round string) (order []string, writers int) {
		t.Helper()
		err := d.Owner.NewRaw("SELECT encode(commit, 'hex') FROM "+table+" WHERE round = ? AND commit IS NOT NULL ORDER "+
			"BY ctid", round).
			Scan(background, &order)
		if err == nil {
			err = d.Owner.NewRaw("SELECT count(DISTINCT xmin::text) FROM "+table+" WHERE round = ? AND commit IS NOT NULL",
				round).
				Scan(background, &writers)
		}
		if err != nil {
			t.Fatal(err)
		}
		return order, writers
	}
	if order, writers := lie("pending", id); !slices.Equal(order, cast) || writers != 30 {
		t.Fatal("this test sees no order that could be forgotten")
	}
	tick(t, sequencer(s.Service))
	order, writers := lie("leaf", id)
	if slices.Equal(order, cast) || writers != 1 {
		t.Errorf("written by %d transactions, in the order of casting: %v", writers, slices.Equal(order, cast))
	}
	var byIndex []string
	if err := d.Owner.NewRaw("SELECT encode(commit, 'hex') FROM leaf WHERE round = ? AND commit IS NOT NULL ORDER BY index", id).Scan(background, &byIndex); err != nil ||
		!slices.Equal(order, byIndex) {
		t.Errorf("rows do not lie in the order of leaves: %v", err)
	}
	slices.Sort(order)
	slices.Sort(cast)
	if !slices.Equal(order, cast) {
		t.Error("ballots were lost or changed")
	}
	var bytes int64
	if err := d.Owner.NewRaw("SELECT sum(pg_relation_size(partition_name(?, side))) FROM generate_series(0, 1) side", id).
		Scan(background, &bytes); err != nil ||
		bytes != 0 {
		t.Errorf("the partitions' files still have %d bytes, %v", bytes, err)
	}
	put(t, s, "r2", 1) // another round goes on
	tick(t, sequencer(s.Service))
	if order, _ := lie("leaf", "r2"); len(order) != 2 {
		t.Errorf("%d ballots of the other round", len(order))
	}
}

// Tiles past 256 leaves, and proofs over them, are what a log has that was
// never stored in parts.
func TestLogOfManyTiles(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 1000, 300)
	voting(t, d, s, id)
	var all []box.Entry
	q := sequencer(s.Service)
	for _, n := range []int{250, 5, 1, 260} { // 251, 256, 257 and 517 leaves
		entries := make([]box.Entry, n)
		for i := range entries {
			entries[i] = entry(t, id)
		}
		for _, err := range appendAll(s.intake, entries)() {
			if err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, entries...)
		tick(t, q)
	}
	whole(t, s, id, all, false)
	for _, e := range []box.Entry{all[0], all[254], all[255], all[500]} {
		r, err := s.Receipt(background, id, e.Commit)
		if err == nil {
			err = r.Verify(r.LogKey)
		}
		if err != nil || r.Waits() {
			t.Errorf("%v", err)
		}
	}
	for _, c := range []struct {
		level, width int
		n            int64
		there        bool
	}{
		{0, 256, 0, true},
		{0, 256, 1, true},
		{0, 5, 2, true},
		{0, 6, 2, false},
		{0, 1, 3, false},
		{1, 2, 0, true},
		{1, 3, 0, false},
		{1, 1, 1, false},
		{2, 1, 0, false},
		{7, 1, 0, false},
		{63, 1, 0, false},
		{-1, 1, 0, false},
		{0, 0, 0, false},
		{0, 257, 0, false},
		{0, 256, -1, false},
		{0, 256, 1 << 55, false},
		{0, 256, 1<<63 - 1, false},
	} {
		data, err := s.Tile(background, id, c.level, c.n, c.width)
		if c.there && (err != nil || len(data) != 32*c.width) || !c.there && domain.KindOf(err) != domain.NotFound {
			t.Errorf("tile %+v: %d bytes, %v", c, len(data), err)
		}
	}
}

func TestCosignatures(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	private, key, err := note.GenerateKey(nil, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	witness, err := box.NewWitness(key)
	if err != nil {
		t.Fatal(err)
	}
	s.Witnesses = []box.Witness{witness}
	voting(t, d, s, id)
	put(t, s, id, 3)
	tick(t, sequencer(s.Service))
	signed, err := s.Checkpoint(background, id)
	if err != nil {
		t.Fatal(err)
	}
	line := cosign(t, private, signed)
	for name, c := range map[string]struct {
		size int64
		line string
		kind domain.Kind
	}{
		"nothing":                 {4, "", domain.Forbidden},
		"of a size without one":   {3, line, domain.NotFound},
		"of another checkpoint":   {1, line, domain.Forbidden},
		"by somebody unknown":     {4, cosign(t, strange(t), signed), domain.Forbidden},
		"the log's own signature": {4, strings.SplitAfter(string(signed), "\n\n")[1], domain.Forbidden},
		"two lines":               {4, line + line, domain.Invalid},
		"another bit":             {4, line[:40] + flipped(line[40:41]) + line[41:], domain.Forbidden},
		"a plain signature":       {4, plain(t, private, signed), domain.Forbidden},
	} {
		if err := s.Cosign(background, id, c.size, c.line); domain.KindOf(err) != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 { // once more changes nothing
		if err := s.Cosign(background, id, 4, strings.TrimSuffix(line, "\n")); err != nil {
			t.Fatal(err)
		}
	}
	both, err := s.Checkpoint(background, id)
	if err != nil || string(both) != string(signed)+line {
		t.Errorf("%v, %q", err, both)
	}
	opened(t, s, id, both)
	if n, err := note.Open(both, note.VerifierList(witness)); err != nil || len(n.Sigs) != 1 {
		t.Errorf("a client that trusts the witness: %v", err)
	}
	if err := s.Cosign(background, "r9", 4, line); domain.KindOf(err) != domain.NotFound {
		t.Errorf("of a round that is not there: %v", err)
	}
}

// The manifest is proven under the last checkpoint; where it names a witness,
// under the last that he has cosigned, even if he is no longer known here.
func TestManifestProof(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	private, key, err := note.GenerateKey(nil, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	witness, err := box.NewWitness(key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ProveManifest(background, id); domain.KindOf(err) != domain.NotFound {
		t.Errorf("before the freeze: %v", err)
	}
	voting(t, d, s, id)
	named := election(t).Of("r2")
	named.Manifest.Witnesses = []string{witness.Key}
	logKey, err := s.Prepare(background, "r2")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Install(background, "r2", named.Encode(t, logKey)); err != nil {
		t.Fatal(err)
	}
	if err := s.Open(background, "r2", boxtest.Opens, boxtest.Closes); err != nil {
		t.Fatal(err)
	}
	prove := func(round string, size int64, cosigned bool) {
		t.Helper()
		p, err := s.ProveManifest(background, round)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := s.Manifest(background, round)
		if err != nil {
			t.Fatal(err)
		}
		c := opened(t, s, round, p.Checkpoint)
		leaf := box.Leaf{Type: box.ManifestLeaf, Manifest: sha256.Sum256(signed)}
		if err := tlog.CheckRecord(p.Proof, c.Size, c.Root, 0, leaf.Hash()); err != nil || c.Size != size {
			t.Errorf("%s under %d leaves: %v, want %d", round, c.Size, err, size)
		}
		n, err := note.Open(p.Checkpoint, note.VerifierList(witness))
		if got := err == nil && len(n.Sigs) == 1; got != cosigned {
			t.Errorf("%s: cosigned %v, want %v", round, got, cosigned)
		}
	}
	prove("r2", 1, false)
	first, err := s.Checkpoint(background, "r2")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Cosign(background, "r2", 1, cosign(t, private, first)); err != nil {
		t.Fatal(err)
	}
	put(t, s, id, 3)
	put(t, s, "r2", 3)
	tick(t, sequencer(s.Service))
	prove(id, 4, false)
	prove("r2", 1, true)
	last, err := s.Checkpoint(background, "r2")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Cosign(background, "r2", 4, cosign(t, private, last)); err != nil {
		t.Fatal(err)
	}
	prove("r2", 4, true)
	other := election(t).Of("r3")
	for _, keys := range [][]string{{key}, {"nobody"}, {witness.Key, witness.Key}} {
		other.Manifest.Witnesses = keys
		logKey, err := s.Prepare(background, "r3")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Install(background, "r3", other.Encode(t, logKey)); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%v: %v", keys, err)
		}
	}
}

func strange(t *testing.T) string {
	t.Helper()
	private, _, err := note.GenerateKey(nil, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	return private
}

// cosign is a witness's line under a checkpoint.
func cosign(t *testing.T, private string, signed []byte) string {
	t.Helper()
	signer, err := cosignature.NewSignerForCosignatureV1(private)
	if err != nil {
		t.Fatal(err)
	}
	return signature(t, signer, signed)
}

// plain is an ordinary note signature by the same key.
func plain(t *testing.T, private string, signed []byte) string {
	t.Helper()
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return signature(t, signer, signed)
}

func signature(t *testing.T, signer note.Signer, signed []byte) string {
	t.Helper()
	text, _, _ := strings.Cut(string(signed), "\n\n")
	cosigned, err := note.Sign(&note.Note{Text: text + "\n"}, signer)
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(cosigned), "\n\n")
	return line
}

func flipped(letter string) string {
	if letter == "A" {
		return "B"
	}
	return "A"
}

func constraint(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.ConstraintName
	}
	return ""
}
