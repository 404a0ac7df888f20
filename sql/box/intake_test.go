package box_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// entry is a ballot's row as the database demands it; its signatures are
// nobody's, which only the domain checks.
func entry(t *testing.T, id string) box.Entry {
	t.Helper()
	b := ballot.Ballot{Round: id, Paper: "main", Area: "north", Vote: ballot.Vote{Choices: []int{1}}, Salt: [32]byte(random(32))}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return box.Entry{
		Round: id, Paper: "main", Nullifier: [32]byte(random(32)), Seq: 1, Commit: ballot.Commitment(text),
		Randomizer: random(32), Credential: random(256), Signature: random(64), Ballot: text,
	}
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

// hold makes the intake write a first ballot and wait for it, as for a slow
// disk, until release, which then checks that ballot's outcome.
func hold(t *testing.T, d *testdb.DB, in *store.Intake, id string) (release func()) {
	t.Helper()
	conn, err := d.Owner.Conn(background)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(background, "SELECT pg_advisory_lock(vote_lock(?))", id); err != nil {
		t.Fatal(err)
	}
	first := appendAll(in, []box.Entry{entry(t, id)})
	for blocked := 0; blocked == 0; {
		if err := d.Owner.NewRaw(blockedFlushes, bun.Safe("count(*)")).Scan(background, &blocked); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		if _, err := conn.ExecContext(background, "SELECT pg_advisory_unlock(vote_lock(?))", id); err != nil {
			t.Error(err)
		}
		_ = conn.Close()
		if err := first()[0]; err != nil {
			t.Error(err)
		}
	}
}

const blockedFlushes = "SELECT ? FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"

// appendAll sends entries at once and gives their outcomes in order when all
// are there.
func appendAll(in *store.Intake, entries []box.Entry) func() []error {
	outcomes := make([]error, len(entries))
	var wg sync.WaitGroup
	for i, e := range entries {
		wg.Go(func() { outcomes[i] = in.Append(background, e) })
	}
	return func() []error { wg.Wait(); return outcomes }
}

// await waits until so many wait in the queue.
func await(in *store.Intake, depth int) {
	for in.Depth() < depth {
		time.Sleep(time.Millisecond)
	}
}

// The first ballot is being written; the others wait, and go together in one
// transaction after it.
func TestBatch(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 50)
	voting(t, d, s, id)
	release := hold(t, d, s.intake, id)
	entries := make([]box.Entry, 30)
	for i := range entries {
		entries[i] = entry(t, id)
	}
	outcomes := appendAll(s.intake, entries)
	await(s.intake, 30)
	release()
	for _, err := range outcomes() {
		if err != nil {
			t.Error(err)
		}
	}
	stop(t, s.intake)
	if c := s.counter; c.decided != 31 || c.flushes != 2 || c.kept[id+" main"] != 31 {
		t.Errorf("%d ballots in %d transactions, %v kept", c.decided, c.flushes, c.kept)
	}
}

// A full queue refuses at once, before anything is stored, and what was taken
// is decided all the same.
func TestBusy(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 4, 1)
	voting(t, d, s, id)
	release := hold(t, d, s.intake, id)
	entries := make([]box.Entry, 20)
	for i := range entries {
		entries[i] = entry(t, id)
	}
	outcomes := appendAll(s.intake, entries)
	await(s.intake, 4)
	refused := entry(t, id)
	if err := s.intake.Append(background, refused); domain.KindOf(err) != domain.Busy {
		t.Errorf("a full queue: %v", err)
	}
	release()
	taken := 0
	for _, err := range outcomes() {
		if err == nil {
			taken++
		} else if domain.KindOf(err) != domain.Busy {
			t.Error(err)
		}
	}
	if n, err := s.CastByPaper(background, id); err != nil || n["main"] != 1+taken || taken != 4 {
		t.Errorf("%d taken, in the box %v, %v", taken, n, err)
	}
	if err := s.intake.Append(background, refused); err != nil {
		t.Errorf("come back later: %v", err)
	}
}

// While the first transaction waits for a slow disk, each full batch gets one
// of its own, and what does not fill one waits.
func TestHelpers(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 5)
	voting(t, d, s, id)
	stop(t, s.intake)
	s.intake = store.NewIntake(
		store.IntakeConfig{
			Store:    s.store,
			Observer: s.counter,
			Queue:    100,
			Batch:    5,
			Timeout:  20 * time.Second,
			Helpers:  2,
		},
	)
	release := hold(t, d, s.intake, id)
	entries := make([]box.Entry, 18)
	for i := range entries {
		entries[i] = entry(t, id)
	}
	outcomes := appendAll(s.intake, entries)
	for blocked := 0; blocked < 3; {
		if err := d.Owner.NewRaw(blockedFlushes, bun.Safe("count(*)")).Scan(background, &blocked); err != nil {
			t.Fatal(err)
		}
	}
	await(s.intake, 8)
	release()
	for _, err := range outcomes() {
		if err != nil {
			t.Error(err)
		}
	}
	stop(t, s.intake)
	if c := s.counter; c.decided != 19 || c.kept[id+" main"] != 19 {
		t.Errorf("%d ballots decided, %v kept", c.decided, c.kept)
	}
}

// A voter who hangs up does not stop her ballot, and hears the truth when she
// asks again.
func TestHangUp(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	release := hold(t, d, s.intake, id)
	ctx, hangUp := context.WithCancel(background)
	cast := e.Voter(t, "main").Fill(t, "north", 1)
	outcome := make(chan error)
	go func() {
		_, err := s.Cast(ctx, cast)
		outcome <- err
	}()
	hangUp()
	if err := <-outcome; domain.KindOf(err) != domain.Internal || !errors.Is(err, context.Canceled) {
		t.Errorf("hung up: %v", err)
	}
	release()
	stop(t, s.intake)
	again := serve(t, d, 10, 10)
	if _, err := again.Cast(background, cast); err != nil {
		t.Errorf("the same bytes again: %v", err)
	}
	if n, err := again.CastByPaper(background, id); err != nil || n["main"] != 2 {
		t.Errorf("in the box %v, %v", n, err)
	}
}

// Rows that the database refuses fail alone, wherever they stand in the batch.
func TestPoisonedRows(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 100)
	voting(t, d, s, id)
	release := hold(t, d, s.intake, id)
	entries := make([]box.Entry, 25)
	for i := range entries {
		entries[i] = entry(t, id)
	}
	entries[3].Commit = [32]byte{1}            // not the ballot's
	entries[17].Credential = []byte("short")   // not 256 bytes
	entries[24].Paper = string([]byte{'a', 0}) // PostgreSQL knows no NUL
	outcomes := appendAll(s.intake, entries)
	await(s.intake, 25)
	release()
	for i, err := range outcomes() {
		if poisoned := i == 3 || i == 17 || i == 24; (err != nil) != poisoned {
			t.Errorf("row %d: %v", i, err)
		}
	}
	if n, err := s.CastByPaper(background, id); err != nil || n["main"] != 23 {
		t.Errorf("in the box %v, %v", n, err)
	}
}

// A graceful stop decides on what was taken and takes nothing more; two rounds
// share an intake.
func TestStop(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 7)
	voting(t, d, s, id)
	voting(t, d, s, "r2")
	if err := s.Close(background, "r2"); err != nil {
		t.Fatal(err)
	}
	release := hold(t, d, s.intake, id)
	entries := make([]box.Entry, 40)
	for i := range entries {
		entries[i] = entry(t, id)
		if i%4 == 0 {
			entries[i] = entry(t, "r2")
		}
	}
	outcomes := appendAll(s.intake, entries)
	await(s.intake, 40)
	soon, cancel := context.WithTimeout(background, time.Millisecond)
	defer cancel()
	if err := s.intake.Close(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stopped while ballots wait: %v", err)
	}
	if err := s.intake.Append(background, entry(t, id)); domain.KindOf(err) != domain.Busy {
		t.Errorf("taken after the stop: %v", err)
	}
	release()
	stop(t, s.intake)
	for i, err := range outcomes() {
		if i%4 == 0 && domain.CodeOf(err) != round.CodeVotingClosed || i%4 != 0 && err != nil {
			t.Errorf("ballot %d: %v", i, err)
		}
	}
	if n, err := s.CastByPaper(background, id); err != nil || n["main"] != 31 {
		t.Errorf("in the box %v, %v", n, err)
	}
}

// The database cuts the connection: the outcome is unknown, and the same bytes
// find the truth.
func TestConnectionCut(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 100)
	e := voting(t, d, s, id)
	conn, err := d.Owner.Conn(background)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(background, "SELECT pg_advisory_lock(vote_lock(?))", id); err != nil {
		t.Fatal(err)
	}
	cast := e.Voter(t, "main").Fill(t, "north", 1)
	outcome := make(chan error)
	go func() {
		_, err := s.Cast(background, cast)
		outcome <- err
	}()
	for killed := 0; killed == 0; {
		if err := d.Owner.NewRaw(blockedFlushes, bun.Safe("count(pg_terminate_backend(pid))")).
			Scan(background, &killed); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-outcome; err == nil || domain.KindOf(err) != domain.Internal {
		t.Errorf("the connection was cut: %v", err)
	}
	if _, err := conn.ExecContext(background, "SELECT pg_advisory_unlock(vote_lock(?))", id); err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	if _, err := s.Cast(background, cast); err != nil {
		t.Errorf("the same bytes again: %v", err)
	}
	if n, err := s.CastByPaper(background, id); err != nil || n["main"] != 1 {
		t.Errorf("in the box %v, %v", n, err)
	}
}

// What PostgreSQL would log of a statement that fails, or show of one that
// runs, says nothing of a ballot.
func TestStatementsNameNoBallot(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	lock, err := d.Owner.BeginTx(background, nil)
	if err == nil {
		_, err = lock.ExecContext(background, "LOCK TABLE pending IN EXCLUSIVE MODE")
	}
	if err != nil {
		t.Fatal(err)
	}
	e := entry(t, id)
	outcomes := appendAll(s.intake, []box.Entry{e})
	var statement string
	for statement == "" {
		err := d.Owner.NewRaw("SELECT coalesce(max(query), '') FROM pg_stat_activity WHERE datname = current_database() "+
			"AND wait_event_type = 'Lock'").
			Scan(background, &statement)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := lock.Rollback(); err != nil {
		t.Error(err)
	}
	if err := outcomes()[0]; err != nil {
		t.Error(err)
	}
	if !strings.Contains(statement, "INSERT INTO pending") {
		t.Fatalf("another statement waited: %s", statement)
	}
	for _, secret := range [][]byte{e.Ballot, e.Nullifier[:], e.Commit[:]} {
		if strings.Contains(statement, hex.EncodeToString(secret)) || strings.Contains(statement, string(secret)) {
			t.Errorf("the statement quotes the ballot: %.300s", statement)
		}
	}
}
