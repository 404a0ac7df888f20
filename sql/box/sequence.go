package box

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/sql/db"
)

// Waiting looks at every round whose log has not ended.
func (s *Store) Waiting(ctx context.Context) (rounds []box.Waiting, err error) {
	err = s.db.NewRaw(`SELECT m.round, coalesce(v.closed, false) AS closed,
			v.released, coalesce(v.closes <= osbu_now(), false) AS over,
			coalesce((SELECT max(c.size) FROM checkpoint c
		WHERE c.round = m.round), 0) AS size,
			(SELECT count(*) FROM pending p WHERE p.round = m.round) AS ballots
		FROM manifest m LEFT JOIN vote v ON v.round = m.round
		WHERE NOT EXISTS (SELECT FROM leaf l WHERE l.round = m.round AND l.line LIKE 'close %') ORDER BY m.round`).
		Scan(ctx, &rounds)
	return rounds, err
}

// Rotate is one short transaction.
func (s *Store) Rotate(ctx context.Context, round string, least int, size int64, moment time.Time) error {
	_, err := s.db.ExecContext(ctx, "SELECT rotate_partitions(?, ?, ?, ?)", round, least, size, moment)
	return busy(err)
}

// Shuffle is one short transaction.
func (s *Store) Shuffle(ctx context.Context, round string) error {
	return busy(db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.ExecContext(ctx, "SELECT set_config('synchronous_commit', 'on', true), shuffle_partition(?)", round)
		return err
	}))
}

// Extend takes the log's lock and then reads what is sealed, so that nobody
// else can have logged it. Its transaction ends by emptying the partitions, for
// which ballots coming in wait; all that takes time comes before.
func (s *Store) Extend(
	ctx context.Context,
	round string,
	patient bool,
	moment time.Time,
	extend func(box.Batch) (box.Extension, error),
) error {
	return busy(db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if err := lockLog(ctx, tx, round, patient); err != nil {
			return err
		}
		b := box.Batch{Tiles: tiles{tx}}
		sides, closed, err := sealed(ctx, tx, round)
		if err != nil {
			return err
		}
		b.Closed = closed
		if err := readLog(ctx, tx, round, &b); err != nil {
			return err
		}
		waiting, err := waiting(ctx, tx, round, sides)
		if err != nil {
			return err
		}
		for l := range waiting {
			b.Ballots = append(b.Ballots, l)
		}
		e, err := extend(b)
		if err != nil || len(e.Leaves) == 0 {
			return err
		}
		if err := add(ctx, tx, e, waiting); err != nil {
			return err
		}
		for _, side := range sides {
			if !closed {
				if _, err := tx.ExecContext(ctx, "SELECT put_back(?, ?, ?, ?)", round, side, e.Rest, moment); err != nil {
					return err
				}
			}
			if _, err := tx.ExecContext(ctx, "SELECT truncate_partition(?, ?)", round, side); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Vouch is an Extend without ballots.
func (s *Store) Vouch(ctx context.Context, round string, extend func(box.Batch) (box.Extension, error)) error {
	return busy(db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if err := lockLog(ctx, tx, round, true); err != nil {
			return err
		}
		b := box.Batch{Tiles: tiles{tx}}
		if err := readLog(ctx, tx, round, &b); err != nil {
			return err
		}
		e, err := extend(b)
		if err != nil || len(e.Leaves) == 0 {
			return err
		}
		return add(ctx, tx, e, nil)
	}))
}

// Audits are the log's audit leaves.
func (s *Store) Audits(ctx context.Context, round string) ([]string, error) {
	return audits(ctx, s.db, round)
}

// readLog reads where a log stands.
func readLog(ctx context.Context, tx bun.Tx, round string, b *box.Batch) (err error) {
	err = tx.QueryRowContext(ctx, "SELECT note FROM checkpoint WHERE round = ? ORDER BY size DESC LIMIT 1", round).
		Scan(&b.Checkpoint)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	b.Audits, err = audits(ctx, tx, round)
	return err
}

func audits(ctx context.Context, q bun.IDB, round string) (lines []string, err error) {
	err = q.NewRaw("SELECT line FROM leaf WHERE round = ? AND line LIKE 'audit %' ORDER BY index", round).
		Scan(ctx, &lines)
	return lines, err
}

func lockLog(ctx context.Context, tx bun.Tx, round string, patient bool) error {
	if _, err := tx.ExecContext(ctx, "SELECT set_config('synchronous_commit', 'on', true), "+
		"set_config('plan_cache_mode', 'force_custom_plan', true)"); err != nil {
		return err
	}
	if patient {
		_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(log_lock(?))", round)
		return err
	}
	var ours bool
	err := tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock(log_lock(?))", round).Scan(&ours)
	if err == nil && !ours {
		err = domain.Fail(domain.Busy, domain.CodeBusy, "another server extends the log of round %s", round)
	}
	return err
}

// sealed are the partitions that nothing comes into any more: one, or both of a
// closed vote; none before the vote was opened.
func sealed(ctx context.Context, tx bun.Tx, round string) (sides []int, closed bool, err error) {
	var fills int
	err = tx.QueryRowContext(ctx, "SELECT side, closed FROM vote WHERE round = ?", round).Scan(&fills, &closed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, false, nil
	case closed:
		return []int{0, 1}, true, err
	}
	return []int{1 - fills}, false, err
}

// waiting reads what is to become leaves; the rest of each ballot never leaves
// the database.
func waiting(ctx context.Context, tx bun.Tx, round string, sides []int) (map[box.Leaf]placed, error) {
	ballots := map[box.Leaf]placed{}
	list, err := places(
		tx.Tx.QueryContext(
			ctx,
			"SELECT paper, nullifier, seq, commit FROM pending WHERE round = $1 AND side = ANY($2::int[])",
			round,
			sides,
		),
	)
	for _, p := range list {
		ballots[box.Entry{Nullifier: p.nullifier, Seq: p.seq, Commit: p.commit}.Leaf()] = p
	}
	return ballots, err
}

// add writes an extension by one call, of which the database checks all but the
// hashes and the signature (extend_log).
func add(ctx context.Context, tx bun.Tx, e box.Extension, waiting map[box.Leaf]placed) error {
	before := e.Checkpoint.Size - int64(len(e.Leaves))
	lines, nullifiers, seqs := make([]string, len(e.Leaves)), make([][]byte, len(e.Leaves)), make([]int32, len(e.Leaves))
	for i, l := range e.Leaves {
		lines[i] = l.String()
		if l.Type != box.BallotLeaf {
			continue
		}
		p, ok := waiting[l]
		if !ok {
			return errors.New("a leaf of a ballot that does not wait")
		}
		nullifiers[i], seqs[i] = p.nullifier[:], int32(p.seq) //nolint:gosec // domain/box knows seq 1 only
	}
	levels, places, hashes := subtrees(e)
	_, err := tx.Tx.ExecContext(
		ctx,
		"SELECT extend_log($1, $2, $3::text[], $4::bytea[], $5::int[], $6::smallint[], $7::bigint[], $8::bytea[], $9)",
		e.Checkpoint.Round,
		before,
		lines,
		nullifiers,
		seqs,
		levels,
		places,
		hashes,
		e.Signed,
	)
	return err
}

// subtrees are an extension's hashes as the database takes them.
func subtrees(e box.Extension) (levels []int16, places []int64, hashes [][]byte) {
	levels, places, hashes = make([]int16, len(e.Hashes)), make([]int64, len(e.Hashes)), make([][]byte, len(e.Hashes))
	for i, h := range e.Hashes {
		levels[i], places[i], hashes[i] = int16(h.Level), h.N, h.Hash[:] //nolint:gosec // at most 56
	}
	return levels, places, hashes
}

// busy tells a lock that was not got in time from a failure.
func busy(err error) error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "55P03" {
		return domain.Fail(domain.Busy, domain.CodeBusy, "the database's lock was not free in time")
	}
	return refusals.Explain(err)
}
