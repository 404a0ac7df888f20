package box

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/sql/db"
)

// Observer is told of the intake's work; it must not block.
type Observer interface {
	// Flushed tells that one transaction decided on this many ballots.
	Flushed(ballots int)
	// Kept tells that this many ballots came into the box.
	Kept(round, paper string, ballots int)
}

// IntakeConfig says how ballots are taken in.
type IntakeConfig struct {
	Store    *Store
	Observer Observer
	Queue    int           // most ballots that wait; one more is Busy
	Batch    int           // most ballots in one transaction
	Timeout  time.Duration // of one transaction
	Helpers  int           // transactions beside the first, each begun only for a full batch
}

// Intake implements box.Intake by group commit: ballots that arrive while a transaction is being written wait and go together into the next one, so
// that a disk that syncs 200 times a second does not limit the vote to 200 ballots a second, and a lone ballot waits for nobody. Each has its own outcome: my neighbour's double
// vote never fails mine.
//
// While full batches wait, helpers write, too: on a machine whose processors have more to do than they can, every answer of PostgreSQL is late, and one
// transaction after another then takes in a fraction of what fits. Not sooner, for the larger a batch the cheaper its ballots.
type Intake struct {
	IntakeConfig
	queue   chan *arrival
	crowded chan struct{} // a full batch may be waiting
	stopped bool
	mu      sync.RWMutex // between Append's sends and Close's close of the channels
	done    chan struct{}
}

// arrival is an entry and where its outcome is told; the channel has room, so that nobody who stopped waiting holds up the batch.
type arrival struct {
	box.Entry
	outcome chan error
}

// NewIntake starts taking ballots in, until Close.
func NewIntake(c IntakeConfig) *Intake {
	in := &Intake{IntakeConfig: c, queue: make(chan *arrival, c.Queue), crowded: make(chan struct{}, c.Helpers), done: make(chan struct{})}
	var workers sync.WaitGroup
	workers.Go(in.work)
	for range c.Helpers {
		workers.Go(in.help)
	}
	go func() {
		workers.Wait()
		close(in.done)
	}()
	return in
}

// Depth is how many ballots wait for a transaction now.
func (in *Intake) Depth() int { return len(in.queue) }

// Append joins the next batch and waits for its transaction. If ctx ends first the ballot is decided on all the same, and the outcome is unknown here.
func (in *Intake) Append(ctx context.Context, e box.Entry) error {
	a := &arrival{Entry: e, outcome: make(chan error, 1)}
	if !in.join(a) {
		return domain.Fail(domain.Busy, domain.CodeBusy, "too many ballots wait; this one was not taken")
	}
	select {
	case err := <-a.outcome:
		return err
	case <-ctx.Done():
		return fmt.Errorf("the ballot waits, its outcome is unknown: %w", ctx.Err())
	}
}

func (in *Intake) join(a *arrival) bool {
	in.mu.RLock()
	defer in.mu.RUnlock()
	if in.stopped {
		return false
	}
	select {
	case in.queue <- a:
	default:
		return false
	}
	if len(in.queue) >= in.Batch {
		select {
		case in.crowded <- struct{}{}:
		default: // they know
		}
	}
	return true
}

// Close takes nothing more, and returns when everything that was taken is decided, or ctx ends.
func (in *Intake) Close(ctx context.Context) error {
	in.mu.Lock()
	if !in.stopped {
		in.stopped = true
		close(in.queue)
		close(in.crowded)
	}
	in.mu.Unlock()
	select {
	case <-in.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%d ballots still wait: %w", in.Depth(), ctx.Err())
	}
}

// work writes whatever waits. Several servers, each with its own, meet only in the database.
func (in *Intake) work() {
	for first := range in.queue {
		in.write(first)
	}
}

// help writes full batches while there are any.
func (in *Intake) help() {
	for range in.crowded {
		for len(in.queue) >= in.Batch {
			select {
			case first := <-in.queue:
				in.write(first)
			default: // another was faster
			}
		}
	}
}

// write takes a batch out of the queue and decides on it; first is nil when the queue is closed and empty.
func (in *Intake) write(first *arrival) {
	rounds := map[string][]*arrival{}
	for a, n := first, 1; a != nil; n++ {
		rounds[a.Round] = append(rounds[a.Round], a)
		if a = nil; n < in.Batch {
			select {
			case a = <-in.queue: // nil when closed and empty
			default:
			}
		}
	}
	for round, batch := range rounds {
		in.flush(round, batch)
	}
}

// flush decides on a batch in one transaction, on nobody's context but its own: a voter who hangs up does not fail the others.
func (in *Intake) flush(round string, batch []*arrival) {
	ctx, cancel := context.WithTimeout(context.Background(), in.Timeout)
	defer cancel()
	outcomes, kept, err := in.Store.add(ctx, round, batch)
	if refused(err) && len(batch) > 1 {
		// The data of one of them was refused (or the clock struck closing time within the transaction), and nothing was kept. Halve until it stands alone.
		in.flush(round, batch[:len(batch)/2])
		in.flush(round, batch[len(batch)/2:])
		return
	}
	// An error may also have come after the commit: then the ballots are kept, their voters send the same bytes again, and add finds them.
	for i, a := range batch {
		if err != nil {
			a.outcome <- refusals.Explain(err)
		} else {
			a.outcome <- outcomes[i]
		}
	}
	in.Observer.Flushed(len(batch))
	for paper, n := range kept {
		in.Observer.Kept(round, paper, n)
	}
}

// refused tells whether PostgreSQL answered that the data cannot be kept: class 22 and 23.
func refused(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains([]string{"22", "23"}, e.Code[:2])
}

// place is what a ballot is kept under once in a round.
type place struct {
	nullifier [32]byte
	seq       int
}

// placed is what of a row tells where it lies.
type placed struct {
	place
	paper  string
	commit [32]byte
}

// add keeps the batch's ballots if the vote is open, and finds those that are kept already, open or not. Without an error everything is durable,
// outcomes are in the batch's order, and kept counts the new ones by paper.
func (s *Store) add(ctx context.Context, round string, batch []*arrival) (outcomes []error, kept map[string]int, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		outcomes, kept = make([]error, len(batch)), map[string]int{}
		// The lock first, in a statement of its own: the next one's snapshot then sees every close, and every batch that went into the log, before. Lanes have no
		// statistics: without a word the planner would read all of them.
		_, err := tx.ExecContext(ctx, `SELECT set_config('synchronous_commit', 'on', true), set_config('plan_cache_mode', 'force_custom_plan', true),
			set_config('enable_seqscan', 'off', true), pg_advisory_xact_lock_shared(vote_lock(?))`, round)
		if err != nil {
			return err
		}
		var w window
		err = tx.NewRaw(`SELECT v.opens, v.closes, coalesce(v.closed, false) AS closed, coalesce(v.side, 0) AS side, osbu_now() AS now
			FROM (SELECT) x LEFT JOIN vote v ON v.round = ?`, round).Scan(ctx, &w)
		if err != nil {
			return err
		}
		refusal := w.refusal(round)
		there := map[place][32]byte{}
		if err := find(ctx, tx, round, batch, there); err != nil {
			return err
		}
		if fresh := slices.DeleteFunc(slices.Clone(batch), func(a *arrival) bool { _, ok := there[place{a.Nullifier, a.Seq}]; return ok }); refusal == nil && len(fresh) > 0 {
			added, err := insert(ctx, tx, w.Side, fresh)
			if err != nil {
				return err
			}
			for _, p := range added {
				there[p.place] = p.commit
				kept[p.paper]++
			}
			if slices.ContainsFunc(fresh, func(a *arrival) bool { _, ok := there[place{a.Nullifier, a.Seq}]; return !ok }) { // another server was faster
				if err := find(ctx, tx, round, fresh, there); err != nil {
					return err
				}
			}
		}
		if len(kept) == 0 && len(there) > 0 {
			if err := db.Harden(ctx, tx); err != nil {
				return err
			}
		}
		for i, a := range batch {
			commit, ok := there[place{a.Nullifier, a.Seq}]
			switch {
			case !ok && refusal != nil:
				outcomes[i] = refusal
			case !ok:
				return fmt.Errorf("a ballot that was to be kept is not there")
			case commit != a.Commit:
				outcomes[i] = domain.Fail(domain.Conflict, box.CodeNullifier, "another ballot was cast with this credential, and it is final")
			}
		}
		return nil
	})
	return outcomes, kept, err
}

// insert keeps what is not there yet in a lane, and tells what that was. Ballots go as parameters, here and below: a statement's text may end in
// PostgreSQL's log when it fails.
func insert(ctx context.Context, tx bun.Tx, side int, batch []*arrival) ([]placed, error) {
	n := len(batch)
	papers, seqs := make([]string, n), make([]int32, n)
	nullifiers, commits, randomizers := make([][]byte, n), make([][]byte, n), make([][]byte, n)
	credentials, signatures, ballots := make([][]byte, n), make([][]byte, n), make([][]byte, n)
	// In the order of keys: it is nobody's order of coming, and two transactions that hold the same ballots never wait for each other crosswise.
	batch = slices.SortedFunc(slices.Values(batch), func(a, b *arrival) int { return bytes.Compare(a.Nullifier[:], b.Nullifier[:]) })
	for to := range batch {
		e := &batch[to].Entry
		papers[to], seqs[to] = e.Paper, int32(e.Seq) //nolint:gosec // domain/box knows seq 1 only
		nullifiers[to], commits[to], randomizers[to] = e.Nullifier[:], e.Commit[:], e.Randomizer
		credentials[to], signatures[to], ballots[to] = e.Credential, e.Signature, e.Ballot
	}
	return places(tx.Tx.QueryContext(ctx, `
INSERT INTO pending (round, side, paper, seq, nullifier, commit, randomizer, credential, signature, ballot)
SELECT $1, $2, paper, seq, nullifier, commit, randomizer, credential, signature, ballot
FROM unnest($3::text[], $4::int[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[])
	AS b (paper, seq, nullifier, commit, randomizer, credential, signature, ballot)
ON CONFLICT DO NOTHING RETURNING paper, nullifier, seq, commit`,
		batch[0].Round, side, papers, seqs, nullifiers, commits, randomizers, credentials, signatures, ballots))
}

// find looks the batch's places up, in both lanes and in the log: each by its index (OFFSET 0 keeps it so). Asked for all of them at once, the planner,
// which knows nothing yet of a young log, may read the whole round, and every ballot then costs more than the one before.
func find(ctx context.Context, tx bun.Tx, round string, batch []*arrival, there map[place][32]byte) error {
	nullifiers := make([][]byte, len(batch))
	for i, a := range batch {
		nullifiers[i] = a.Nullifier[:]
	}
	found, err := places(tx.Tx.QueryContext(ctx, `
SELECT f.paper, w.nullifier, f.seq, f.commit FROM unnest($2::bytea[]) AS w (nullifier), LATERAL (
	(SELECT p.paper, p.seq, p.commit FROM pending p WHERE p.round = $1 AND p.nullifier = w.nullifier OFFSET 0)
	UNION ALL (SELECT l.paper, l.seq, l.commit FROM leaf l WHERE l.round = $1 AND l.nullifier = w.nullifier OFFSET 0)) f`, round, nullifiers))
	for _, p := range found {
		there[p.place] = p.commit
	}
	return err
}

func places(rows *sql.Rows, err error) (list []placed, _ error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var p placed
		var nullifier, commit []byte
		if err := rows.Scan(&p.paper, &nullifier, &p.seq, &commit); err != nil {
			return nil, err
		}
		p.nullifier, p.commit = [32]byte(nullifier), [32]byte(commit)
		list = append(list, p)
	}
	return list, rows.Err()
}
