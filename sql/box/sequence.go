package box

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/sql/db"
)

// Waiting looks at every round whose log has not ended.
func (s *Store) Waiting(ctx context.Context) (rounds []box.Waiting, err error) {
	err = s.db.NewRaw(`SELECT m.round, coalesce(v.closed, false) AS closed, coalesce((SELECT max(c.size) FROM checkpoint c WHERE c.round = m.round), 0) AS size,
			(SELECT count(*) FROM pending p WHERE p.round = m.round) AS ballots
		FROM manifest m LEFT JOIN vote v ON v.round = m.round
		WHERE NOT EXISTS (SELECT FROM leaf l WHERE l.round = m.round AND l.line LIKE 'close %') ORDER BY m.round`).
		Scan(ctx, &rounds)
	return rounds, err
}

// Rotate is one short transaction.
func (s *Store) Rotate(ctx context.Context, round string, least int, size int64) error {
	_, err := s.db.ExecContext(ctx, "SELECT rotate_partitions(?, ?, ?)", round, least, size)
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
		err = tx.QueryRowContext(ctx, "SELECT note FROM checkpoint WHERE round = ? ORDER BY size DESC LIMIT 1", round).
			Scan(&b.Checkpoint)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
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
		if err := add(ctx, tx, e, sides, waiting); err != nil {
			return err
		}
		for _, side := range sides {
			if _, err := tx.ExecContext(ctx, "SELECT truncate_partition(?, ?)", round, side); err != nil {
				return err
			}
		}
		return nil
	}))
}

func lockLog(ctx context.Context, tx bun.Tx, round string, patient bool) error {
	if _, err := tx.ExecContext(ctx, "SELECT set_config('synchronous_commit', 'on', true), set_config('plan_cache_mode', 'force_custom_plan', true)"); err != nil {
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

// add writes an extension. Rows are written in the order of leaves.
func add(ctx context.Context, tx bun.Tx, e box.Extension, sides []int, waiting map[box.Leaf]placed) error {
	round, before := e.Checkpoint.Round, e.Checkpoint.Size-int64(len(e.Leaves))
	var at, otherAt []int64
	var lines, otherLines []string
	var nullifiers [][]byte
	var seqs []int32
	papers := map[string]int{}
	for i, l := range e.Leaves {
		index := before + int64(i)
		if l.Type != box.BallotLeaf {
			otherAt, otherLines = append(otherAt, index), append(otherLines, l.String())
			continue
		}
		p, ok := waiting[l]
		if !ok {
			return errors.New("a leaf of a ballot that does not wait")
		}
		at, lines, nullifiers, seqs = append(
			at,
			index,
		), append(
			lines,
			l.String(),
		), append(
			nullifiers,
			p.nullifier[:],
		), append(
			seqs,
			int32(p.seq),
		) //nolint:gosec // domain/box knows seq 1 only
		papers[p.paper]++
	}
	_, err := tx.Tx.ExecContext(
		ctx,
		"INSERT INTO leaf (round, index, line) SELECT $1, index, line FROM unnest($2::bigint[], $3::text[]) AS x (index, line)",
		round,
		otherAt,
		otherLines,
	)
	if err != nil {
		return err
	}
	if len(at) > 0 {
		r, err := tx.Tx.ExecContext(ctx, `
INSERT INTO leaf (round, index, line, paper, nullifier, seq, commit, randomizer, credential, signature, ballot)
SELECT $1, x.index, x.line, p.paper, p.nullifier, p.seq, p.commit, p.randomizer, p.credential, p.signature, p.ballot
FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::int[]) AS x (index, line, nullifier, seq)
JOIN pending p ON p.round = $1 AND p.side = ANY($6::int[]) AND p.nullifier = x.nullifier AND p.seq = x.seq
ORDER BY x.index`, round, at, lines, nullifiers, seqs, sides)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n != int64(len(at)) {
			return fmt.Errorf("%d of %d ballots went into the log: %w", n, len(at), err)
		}
	}
	return addCheckpoint(ctx, tx, e, before, papers)
}

func addCheckpoint(ctx context.Context, tx bun.Tx, e box.Extension, before int64, papers map[string]int) error {
	round, size := e.Checkpoint.Round, e.Checkpoint.Size
	for _, h := range e.Hashes {
		if _, err := tx.ExecContext(ctx, "INSERT INTO hash (round, level, n, hash) VALUES (?, ?, ?, ?)", round, h.Level, h.N, h.Hash[:]); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO checkpoint (round, size, before, note) VALUES (?, ?, ?, ?)", round, size, before, e.Signed); err != nil {
		return err
	}
	names, counts := make([]string, 0, len(papers)), make([]int64, 0, len(papers))
	for paper, n := range papers {
		names, counts = append(names, paper), append(counts, int64(n))
	}
	_, err := tx.Tx.ExecContext(ctx, `
INSERT INTO logged (round, size, paper, ballots)
SELECT $1, $2, paper, sum(ballots) FROM (
	SELECT paper, ballots FROM logged WHERE round = $1 AND size = $3
	UNION ALL SELECT paper, ballots FROM unnest($4::text[], $5::bigint[]) AS batch (paper, ballots)) AS x
GROUP BY paper`, round, size, before, names, counts)
	return err
}

// busy tells a lock that was not got in time from a failure.
func busy(err error) error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "55P03" {
		return domain.Fail(domain.Busy, domain.CodeBusy, "the database's lock was not free in time")
	}
	return refusals.Explain(err)
}
