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

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

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

// Intake implements box.Intake by group commit: ballots that arrive while a
// transaction is being written wait and go together into the next one, so that
// a disk that syncs 200 times a second does not limit the vote to 200 ballots a
// second, and a lone ballot waits for nobody. Each has its own outcome: my
// neighbour's double vote never fails mine.
//
// While full batches wait, helpers write, too: on a machine whose processors
// have more to do than they can, every answer of PostgreSQL is late, and one
// transaction after another then takes in a fraction of what fits. Not sooner,
// for the larger a batch the cheaper its ballots.
type Intake struct {
	IntakeConfig
	queue   chan *arrival
	crowded chan struct{} // a full batch may be waiting
	stopped bool
	mu      sync.RWMutex // between Append's sends and Close's close of the channels
	done    chan struct{}
}

// arrival is an entry and where its outcome is told; the channel has room, so
// that nobody who stopped waiting holds up the batch.
type arrival struct {
	box.Entry
	outcome chan error
}

// NewIntake starts taking ballots in, until Close.
func NewIntake(c IntakeConfig) *Intake {
	in := &Intake{
		IntakeConfig: c,
		queue:        make(chan *arrival, c.Queue),
		crowded:      make(chan struct{}, c.Helpers),
		done:         make(chan struct{}),
	}
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

// Append joins the next batch and waits for its transaction. If ctx ends first
// the ballot is decided on all the same, and the outcome is unknown here.
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

// Close takes nothing more, and returns when everything that was taken is
// decided, or ctx ends.
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

// work writes whatever waits. Several servers, each with its own, meet only in
// the database.
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

// write takes a batch out of the queue and decides on it; first is nil when the
// queue is closed and empty.
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

// flush decides on a batch in one transaction, on nobody's context but its own:
// a voter who hangs up does not fail the others.
func (in *Intake) flush(round string, batch []*arrival) {
	ctx, cancel := context.WithTimeout(context.Background(), in.Timeout)
	defer cancel()
	outcomes, kept, err := in.Store.add(ctx, round, batch)
	if refused(err) && len(batch) > 1 {
		// The data of one of them was refused (or the clock struck closing time
		// within the transaction), and nothing was kept. Halve until it stands
		// alone.
		in.flush(round, batch[:len(batch)/2])
		in.flush(round, batch[len(batch)/2:])
		return
	}
	// An error may also have come after the commit: then the ballots are kept,
	// their voters send the same bytes again, and add finds them.
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

// refused tells whether PostgreSQL answered that the data cannot be kept: class
// 22 and 23.
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

// The statements of one batch. Ballots go as parameters: a statement's text may
// end in PostgreSQL's log when it fails.
const (
	// The lock first, in a statement of its own: the next one's snapshot then
	// sees every close, and every batch that went into the log, before.
	// Partitions have no statistics: without a word the planner would read all
	// of them.
	lockVote = `SELECT set_config('synchronous_commit', 'on', true), set_config('plan_cache_mode', 'force_custom_plan',
		true),
	set_config('enable_seqscan', 'off', true), pg_advisory_xact_lock_shared(vote_lock($1))`

	// insertBallots keeps what is not there yet, in the partition that fills,
	// if the vote is open. It asks the log and the other partition row by row,
	// each by its index (OFFSET 0 keeps it so): asked for all at once the
	// planner, which knows nothing yet of a young log, may read the whole
	// round, and every ballot then costs more than the one before.
	insertBallots = `
INSERT INTO pending (round, side, paper, seq, nullifier, commit, randomizer, credential, signature, ballot)
SELECT v.round, v.side, b.paper, b.seq, b.nullifier, b.commit, b.randomizer, b.credential, b.signature, b.ballot
FROM vote v CROSS JOIN unnest($2::text[], $3::int[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[],
$9::bytea[])
	AS b (paper, seq, nullifier, commit, randomizer, credential, signature, ballot)
WHERE v.round = $1 AND NOT v.closed AND v.opens <= osbu_now() AND osbu_now() < v.closes
	AND NOT EXISTS (SELECT FROM leaf l WHERE l.round = $1 AND l.nullifier = b.nullifier AND l.seq = b.seq OFFSET 0)
	AND NOT EXISTS (SELECT FROM pending p WHERE p.round = $1 AND p.side = 1 - v.side AND p.nullifier = b.nullifier
	AND p.seq = b.seq OFFSET 0)
ON CONFLICT DO NOTHING RETURNING paper`

	readWindow = `SELECT v.opens, v.closes, coalesce(v.closed, false), osbu_now() FROM (SELECT) x LEFT JOIN vote v
		ON v.round = $1`

	findBallots = `
SELECT w.nullifier, f.seq, f.commit FROM unnest($2::bytea[]) AS w (nullifier), LATERAL (
	(SELECT p.seq, p.commit FROM pending p WHERE p.round = $1 AND p.nullifier = w.nullifier OFFSET 0)
	UNION ALL (SELECT l.seq, l.commit FROM leaf l WHERE l.round = $1 AND l.nullifier = w.nullifier OFFSET 0)) f`
)

// add keeps the batch's ballots if the vote is open, and finds those that are
// kept already, open or not. Without an error everything is durable, outcomes
// are in the batch's order, and kept counts the new ones by paper.
//
// It is one round trip: a server with more requests than its processors can
// answer hears late of each answer of PostgreSQL, and at six round trips a
// batch took seconds, however fast the database was.
func (s *Store) add(
	ctx context.Context,
	round string,
	batch []*arrival,
) (outcomes []error, kept map[string]int, err error) {
	var w window
	var there map[place][32]byte
	c := columnsOf(batch)
	err = db.InPipe(ctx, s.db, func(p *pgx.Batch) {
		kept, there, w = map[string]int{}, map[place][32]byte{}, window{}
		p.Queue(lockVote, round)
		p.Queue(insertBallots, round, c.papers, c.seqs, c.nullifiers, c.commits, c.randomizers, c.credentials, c.signatures,
			c.ballots).
			Query(func(rows pgx.Rows) error {
				var paper string
				_, err := pgx.ForEachRow(rows, []any{&paper}, func() error { kept[paper]++; return nil })
				return err
			})
		p.Queue(readWindow, round).QueryRow(func(row pgx.Row) error {
			var opens, closes *time.Time
			err := row.Scan(&opens, &closes, &w.Closed, &w.Now)
			if closes != nil {
				w.Opens, w.Closes = *opens, *closes
			}
			return err
		})
		p.Queue(findBallots, round, c.nullifiers).Query(func(rows pgx.Rows) error {
			var nullifier, commit []byte
			var seq int
			_, err := pgx.ForEachRow(rows, []any{&nullifier, &seq, &commit}, func() error {
				there[place{[32]byte(nullifier), seq}] = [32]byte(commit)
				return nil
			})
			return err
		})
		p.Queue(db.HardenRead)
	})
	if err != nil {
		return nil, nil, err
	}
	refusal := w.refusal(round)
	outcomes = make([]error, len(batch))
	for i, a := range batch {
		commit, ok := there[place{a.Nullifier, a.Seq}]
		switch {
		case !ok && refusal != nil:
			outcomes[i] = refusal
		case !ok:
			outcomes[i] = errors.New(
				"a ballot that was to be kept is not there",
			) // the vote opened in between: unknown, to be sent again
		case commit != a.Commit:
			outcomes[i] = domain.Fail(
				domain.Conflict,
				box.CodeNullifier,
				"another ballot was cast with this credential, and it is final",
			)
		}
	}
	return outcomes, kept, nil
}

// columns are a batch's rows, in the order of keys: it is nobody's order of
// coming, and two transactions that hold the same ballots never wait for each
// other crosswise.
type columns struct {
	papers                                                             []string
	seqs                                                               []int32
	nullifiers, commits, randomizers, credentials, signatures, ballots [][]byte
}

func columnsOf(batch []*arrival) (c columns) {
	for _, e := range slices.SortedFunc(slices.Values(batch),
		func(a, b *arrival) int { return bytes.Compare(a.Nullifier[:], b.Nullifier[:]) }) {
		c.papers, c.seqs = append(
			c.papers,
			e.Paper,
		), append(
			c.seqs,
			int32(e.Seq), //nolint:gosec // domain/box knows seq 1 only
		)
		c.nullifiers, c.commits, c.randomizers = append(
			c.nullifiers,
			e.Nullifier[:],
		), append(
			c.commits,
			e.Commit[:],
		), append(
			c.randomizers,
			e.Randomizer,
		)
		c.credentials, c.signatures, c.ballots = append(
			c.credentials,
			e.Credential,
		), append(
			c.signatures,
			e.Signature,
		), append(
			c.ballots,
			e.Ballot,
		)
	}
	return c
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
