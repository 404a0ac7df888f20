package service

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"osbu/sql/db"
	"osbu/sql/testdb"
)

// turnedAway sends something and holds the answer to the refusal of a crowd:
// 503, come back after a moment that is not everybody's.
func (c *client) turnedAway(path string, body any) {
	c.t.Helper()
	response := c.send(http.MethodPost, path, body)
	defer func() { _ = response.Body.Close() }()
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	if response.StatusCode != http.StatusServiceUnavailable || err != nil || seconds < 1 || seconds > 5 {
		c.t.Errorf("%d, Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
	}
}

// stall lets every statement that touches the table wait, until release.
func stall(t *testing.T, d *testdb.DB, table string) (release func()) {
	t.Helper()
	tx, err := d.Owner.BeginTx(context.Background(), nil)
	if err == nil {
		_, err = tx.ExecContext(context.Background(), "LOCK TABLE ? IN ACCESS EXCLUSIVE MODE", bun.Ident(table))
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
}

// While two ballots are in hand, a third is turned away and nothing of it is
// kept; those two are answered, and then the third.
func TestBallotsBeyondCapacity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitCasting = 2 })
	e := w.voting(t, "r")
	const path = "/box/v1/rounds/r/ballots"
	release := stall(t, w.box, "vote")
	var wg sync.WaitGroup
	var statuses [2]int
	for i := range statuses {
		c, cast := w.anonymous(t), envelope(e.Voter(t, "main").Fill(t, "north", 1))
		wg.Go(func() { statuses[i], _ = c.post(path, cast, nil) })
		waiting(t, w.box) // the first is being written; the second then waits for it
	}
	for w.intake.Depth() < 1 {
		time.Sleep(time.Millisecond)
	}
	late := envelope(e.Voter(t, "main").Fill(t, "north", 1))
	c := w.anonymous(t)
	c.turnedAway(path, late)
	if status, _ := c.get("/box/v1/rounds/r/manifest", nil); status != http.StatusOK {
		t.Errorf("reading: %d", status)
	}
	release()
	wg.Wait()
	if statuses != [2]int{200, 200} {
		t.Errorf("in hand: %v", statuses)
	}
	if n, err := w.services.box.CastByPaper(context.Background(), "r"); err != nil || n["main"] != 2 {
		t.Errorf("in the box %v, %v", n, err)
	}
	if status, code := c.post(path, late, nil); status != http.StatusOK {
		t.Errorf("come back: %d %s", status, code)
	}
}

// The same at the office: the right of whoever is turned away is not spent.
func TestCredentialsBeyondCapacity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitIssuing = 1 })
	e := w.election(t, "r4", "helsinki-2026")
	first, second := w.as(t, adult), w.as(t, hidden)
	release := stall(t, w.office, "spent_right")
	var wg sync.WaitGroup
	wg.Go(func() { first.wantCredential(e, "ballot", http.StatusOK, "") })
	waiting(t, w.office)
	request, _ := e.request(t)
	second.turnedAway("/api/v1/rounds/r4/papers/ballot/credential", request)
	release()
	wg.Wait()
	if _, status, code := second.credential("r4", "ballot", request); status != http.StatusOK {
		t.Errorf("come back: %d %s", status, code)
	}
}

// That every connection is at work is no reason to send nobody here any more.
func TestReadinessIsApartFromLoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, d := range []*db.DB{w.officeDB, w.boxDB} {
		for range d.Pool.Config().MaxConns {
			c, err := d.Pool.Acquire(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Release()
		}
	}
	response := w.anonymous(t).send(http.MethodGet, "/readiness", nil)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("got %d, want 200", response.StatusCode)
	}
}
