package box_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/box/boxtest"
	"osbu/domain/round"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

const id = "r1"

var background = context.Background()

// counter is an Observer that counts.
type counter struct {
	sync.Mutex
	flushes, decided int
	kept             map[string]int
}

func (c *counter) Flushed(n int) {
	c.Lock()
	defer c.Unlock()
	c.flushes++
	c.decided += n
}

func (c *counter) Kept(round, paper string, n int) {
	c.Lock()
	defer c.Unlock()
	c.kept[round+" "+paper] += n
}

// server is one instance of the box on a database.
type server struct {
	*box.Service
	store   *store.Store
	intake  *store.Intake
	counter *counter
}

func serve(t *testing.T, d *testdb.DB, queue, batch int) server {
	t.Helper()
	sealer, err := domain.NewSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	s := store.New(d.DB)
	c := &counter{kept: map[string]int{}}
	in := store.NewIntake(
		store.IntakeConfig{Store: s, Observer: c, Queue: queue, Batch: batch, Timeout: 20 * time.Second},
	)
	t.Cleanup(func() { stop(t, in) })
	return server{box.New(box.Config{Rand: rand.Reader, Sealer: sealer, Store: s, Intake: in}), s, in, c}
}

func stop(t *testing.T, in *store.Intake) {
	t.Helper()
	ctx, cancel := context.WithTimeout(background, 30*time.Second)
	defer cancel()
	if err := in.Close(ctx); err != nil {
		t.Error(err)
	}
}

var issuers struct {
	sync.Once
	*boxtest.Election
}

// election's issuers are made once for all tests.
func election(t *testing.T) *boxtest.Election {
	t.Helper()
	issuers.Do(func() { issuers.Election = boxtest.New(t, rand.Reader, id) })
	return issuers.Election
}

// voting is an election whose vote is open, at noon of its first day.
func voting(t *testing.T, d *testdb.DB, s server, id string) *boxtest.Election {
	t.Helper()
	d.SetClock(t, "2026-10-05 12:00Z")
	e := election(t).Of(id)
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
	return e
}

// contents are the box's commitments after the close; ballots come in the order
// of their leaves, and are the leaves' own.
func contents(t *testing.T, s server) map[[32]byte]bool {
	t.Helper()
	there := map[[32]byte]bool{}
	var before int64
	lines := leaves(t, s, id)
	err := s.Ballots(background, id, func(e box.Entry) error {
		if e.Index != before+1 || lines[e.Index] != e.Leaf().String() {
			t.Errorf("ballot %d after %d, its leaf %s", e.Index, before, lines[e.Index])
		}
		before = e.Index
		there[e.Commit] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("close %d", len(there)); lines[len(lines)-1] != want || len(lines) != len(there)+2 {
		t.Errorf("%d leaves, the last %q, want %q", len(lines), lines[len(lines)-1], want)
	}
	return there
}

// The same bytes many times at once, through two servers: one ballot, one
// promise.
func TestSameBytesAtOnce(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	servers := []server{serve(t, d, 1000, 8), serve(t, d, 1000, 8)}
	e := voting(t, d, servers[0], id)
	cast := e.Voter(t, "main").Fill(t, "north", 1, 3)
	promises := make([]string, 40)
	var wg sync.WaitGroup
	for i := range promises {
		wg.Go(func() {
			p, err := servers[i%2].Cast(background, cast)
			if err != nil {
				t.Error(err)
			}
			promises[i] = string(p)
		})
	}
	wg.Wait()
	for _, p := range promises {
		if p == "" || p != promises[0] {
			t.Fatalf("promises differ: %q, %q", p, promises[0])
		}
	}
	if n := servers[0].counter.kept[id+" main"] + servers[1].counter.kept[id+" main"]; n != 1 {
		t.Errorf("%d ballots counted", n)
	}
	if n, err := servers[0].CastByPaper(background, id); err != nil || n["main"] != 1 || len(n) != 1 {
		t.Errorf("cast by paper: %v, %v", n, err)
	}
}

// Two different ballots under each of many nullifiers, at once, through two
// servers, among a neighbour's honest one in the same batches: exactly one of
// the two comes in, the other is a Conflict, and the neighbours' all come in.
func TestTwoBallotsUnderOneNullifier(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	servers := []server{serve(t, d, 1000, 16), serve(t, d, 1000, 16)}
	e := voting(t, d, servers[0], id)
	const voters = 20
	var wg sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[[32]byte]bool{}
	cast := func(s server, c box.Cast) error {
		_, err := s.Cast(background, c)
		if err == nil {
			mu.Lock()
			defer mu.Unlock()
			acknowledged[commit(c)] = true
		}
		return err
	}
	for range voters {
		twice, honest := e.Voter(t, "main"), e.Voter(t, "main")
		wg.Go(func() {
			if err := cast(servers[1], honest.Fill(t, "south", 5)); err != nil {
				t.Errorf("a neighbour's ballot failed: %v", err)
			}
		})
		outcomes := make(chan error, 2)
		for i := range 2 {
			c := twice.Fill(t, "north", i+1)
			wg.Go(func() { outcomes <- cast(servers[i], c) })
		}
		wg.Go(func() {
			a, b := <-outcomes, <-outcomes
			if a == nil {
				a, b = b, a
			}
			if b != nil || domain.KindOf(a) != domain.Conflict || domain.CodeOf(a) != box.CodeNullifier {
				t.Errorf("outcomes %v and %v", a, b)
			}
		})
	}
	wg.Wait()
	if err := servers[0].Close(background, id); err != nil {
		t.Fatal(err)
	}
	there := contents(t, servers[0])
	if len(there) != 2*voters || len(acknowledged) != 2*voters {
		t.Fatalf("%d in the box, %d acknowledged, want %d", len(there), len(acknowledged), 2*voters)
	}
	for c := range acknowledged {
		if !there[c] {
			t.Error("an acknowledged ballot is not in the box")
		}
	}
}

// Close while ballots are coming in through two servers: every acknowledged
// ballot is in the box, and no other, and what was refused stays out.
func TestCloseWithBallotsInFlight(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	servers := []server{serve(t, d, 1000, 4), serve(t, d, 1000, 4)}
	e := voting(t, d, servers[0], id)
	casts := make([]box.Cast, 200)
	for i := range casts {
		casts[i] = e.Voter(t, "main").Fill(t, "north", 2)
	}
	acknowledged := make([]bool, len(casts))
	half := make(chan struct{})
	var wg sync.WaitGroup
	for i, c := range casts {
		if i == len(casts)/2 {
			wg.Go(func() {
				<-half
				if err := servers[1].Close(background, id); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			_, err := servers[i%2].Cast(background, c)
			if err != nil && domain.CodeOf(err) != round.CodeVotingClosed {
				t.Error(err)
			}
			acknowledged[i] = err == nil
			if i == 20 {
				close(half)
			}
		})
	}
	wg.Wait()
	there := contents(t, servers[0])
	n := 0
	for i, c := range casts {
		if acknowledged[i] {
			n++
		}
		if acknowledged[i] != there[commit(c)] {
			t.Fatalf("ballot %d: acknowledged %v, in the box %v", i, acknowledged[i], there[commit(c)])
		}
	}
	if len(there) != n {
		t.Fatalf("%d in the box, %d acknowledged", len(there), n)
	}
	t.Logf("%d of %d came in before the close", n, len(casts))
	for i, c := range casts { // after the close: the same promise for who is in, refusal for who is not
		_, err := servers[0].Cast(background, c)
		if acknowledged[i] && err != nil || !acknowledged[i] && domain.CodeOf(err) != round.CodeVotingClosed {
			t.Fatalf("ballot %d after the close: acknowledged %v, now %v", i, acknowledged[i], err)
		}
	}
	if len(contents(t, servers[0])) != n {
		t.Fatal("a ballot came in after the close")
	}
}

// The database's clock decides, on both sides of opening and closing.
func TestClock(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	for _, c := range []struct {
		now  string
		code domain.Code
	}{
		{"2026-10-05 05:59:59.999999Z", round.CodeVotingNotOpen},
		{"2026-10-05 06:00:00Z", ""},
		{"2026-10-25 17:59:59.999999Z", ""},
		{"2026-10-25 18:00:00Z", round.CodeVotingClosed},
	} {
		d.SetClock(t, c.now)
		if _, err := s.Cast(background, e.Voter(t, "main").Fill(t, "north", 1)); domain.CodeOf(err) != c.code ||
			c.code == "" && err != nil {
			t.Errorf("at %s: %v, want %q", c.now, err, c.code)
		}
	}
	if err := s.Open(background, id, boxtest.Opens, boxtest.Closes.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cast(background, e.Voter(t, "main").Fill(t, "north", 1)); err != nil {
		t.Errorf("after the closing time was moved: %v", err)
	}
	if n, err := s.CastByPaper(background, id); err != nil || n["main"] != 3 {
		t.Errorf("cast by paper: %v, %v", n, err)
	}
}

func TestNotOpened(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := election(t).Of(id)
	key, err := s.Prepare(background, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Open(background, id, boxtest.Opens, boxtest.Closes); domain.KindOf(err) != domain.NotFound {
		t.Errorf("opened without a manifest: %v", err)
	}
	if err := s.Install(background, id, e.Encode(t, key)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cast(background, e.Voter(t, "main").Fill(t, "north", 1)); domain.CodeOf(
		err,
	) != round.CodeVotingNotOpen {
		t.Errorf("cast before opening: %v", err)
	}
	if err := s.Close(background, id); domain.KindOf(err) != domain.NotFound {
		t.Errorf("closed what was never opened: %v", err)
	}
}

func TestCloseIsFinal(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	nothing := func(box.Entry) error { return nil }
	if err := s.Ballots(background, id, nothing); domain.KindOf(err) != domain.Conflict {
		t.Errorf("ballots were read from an open box: %v", err)
	}
	for range 2 {
		if err := s.Close(background, id); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Ballots(background, id, nothing); err != nil {
		t.Error(err)
	}
	if err := s.Open(background, id, boxtest.Opens, boxtest.Closes); domain.CodeOf(err) != round.CodeVotingClosed {
		t.Errorf("opened again: %v", err)
	}
	if _, err := d.ExecContext(background, "UPDATE vote SET closed = false"); err == nil {
		t.Error("the database opened a closed vote")
	}
}

// The production role adds and reads; it cannot change, delete or misplace a
// ballot, whatever the program does.
func TestRoleMayNot(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	if _, err := s.Cast(background, e.Voter(t, "main").Fill(t, "north", 1)); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"UPDATE pending SET paper = 'city'", "DELETE FROM pending", "TRUNCATE pending", "UPDATE pending SET round = round",
		"UPDATE log SET key = ''", "DELETE FROM log", "UPDATE manifest SET note = ''", "DELETE FROM manifest",
		"DELETE FROM vote", "UPDATE vote SET round = 'r2'", "ALTER TABLE pending DISABLE TRIGGER ALL", "DROP TABLE pending",
	} {
		if _, err := d.ExecContext(background, q); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", q, err)
		}
	}
	again := `INSERT INTO pending SELECT round, %s, paper, nullifier, %s, commit, randomizer, credential, signature, ballot
		FROM pending`
	if _, err := d.ExecContext(background, fmt.Sprintf(again, "side", "seq")); err == nil ||
		!strings.Contains(err.Error(), "_once") {
		t.Errorf("the same ballot twice: %v", err)
	}
	if _, err := d.ExecContext(background, fmt.Sprintf(again, "1 - side", "seq + 1")); err == nil ||
		!strings.Contains(err.Error(), "the partition is sealed") {
		t.Errorf("a ballot into the sealed partition: %v", err)
	}
	d.SetClock(t, "2026-10-25 18:00Z")
	if _, err := d.ExecContext(background, fmt.Sprintf(again, "side", "seq + 1")); err == nil ||
		!strings.Contains(err.Error(), "is not open") {
		t.Errorf("a ballot after closing time: %v", err)
	}
	var columns string
	err := d.Owner.NewRaw("SELECT string_agg(column_name, ' ' ORDER BY ordinal_position) FROM "+
		"information_schema.columns WHERE table_name = 'pending'").
		Scan(background, &columns)
	if err != nil || columns != "round side paper nullifier seq commit randomizer credential signature ballot" {
		t.Errorf("columns %q, %v: nothing may be kept beside a ballot", columns, err)
	}
}

func commit(c box.Cast) [32]byte { return sha256.Sum256(c.Ballot) }
