package box

import (
	"context"
	"database/sql"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/sql/db"
)

// cosigned is a checkpoint with its witnesses' lines.
const cosigned = "c.note || coalesce((SELECT convert_to(string_agg(s.line, '' ORDER BY s.witness), 'UTF8') FROM " +
	"cosignature s WHERE s.round = c.round AND s.size = c.size), '')"

// LastCheckpoint is the largest.
func (s *Store) LastCheckpoint(ctx context.Context, round string) (signed []byte, err error) {
	var size int64
	err = s.db.QueryRowContext(ctx,
		"SELECT c.size, "+cosigned+" FROM checkpoint c WHERE c.round = ? ORDER BY c.size DESC LIMIT 1", round).
		Scan(&size, &signed)
	if err != nil {
		return nil, refusals.Explain(err)
	}
	return signed, s.settle(ctx, round, size)
}

// settle returns when a checkpoint that was read is durable, the standby
// included: the sequencer's own wait for that may have been cut short
// (db.Harden), and a standby that takes over without a checkpoint which
// somebody has seen would go on with another log. Once for each checkpoint, by
// one at a time.
func (s *Store) settle(ctx context.Context, round string, size int64) error {
	select {
	case s.settling <- struct{}{}:
		defer func() { <-s.settling }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.settled[round] >= size {
		return nil
	}
	err := db.InTx(ctx, s.db, db.Harden)
	if err == nil {
		s.settled[strings.Clone(round)] = size // round may lie in a request's buffer
	}
	return err
}

// EndingCheckpoint is the first over the close.
func (s *Store) EndingCheckpoint(ctx context.Context, round string) (signed []byte, err error) {
	var size int64
	err = s.db.QueryRowContext(ctx, "SELECT c.size, "+cosigned+" FROM checkpoint c WHERE c.round = ? AND c.size > "+
		"(SELECT index FROM leaf WHERE round = c.round AND line LIKE 'close %') ORDER BY c.size LIMIT 1", round).
		Scan(&size, &signed)
	if err != nil {
		return nil, refusals.Explain(err)
	}
	return signed, s.settle(ctx, round, size)
}

// CheckpointOf is the one of that size.
func (s *Store) CheckpointOf(ctx context.Context, round string, size int64) (signed []byte, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT "+cosigned+" FROM checkpoint c WHERE c.round = ? AND c.size = ?", round, size).
		Scan(&signed)
	return signed, refusals.Explain(err)
}

// CosignedCheckpoint is the largest that one of them has cosigned.
func (s *Store) CosignedCheckpoint(ctx context.Context, round string, witnesses []string) (signed []byte, err error) {
	var size int64
	err = s.db.DB.DB.QueryRowContext(ctx, "SELECT c.size, "+cosigned+" FROM checkpoint c WHERE c.round = $1 AND c.size = "+
		"(SELECT max(size) FROM cosignature WHERE round = $1 AND witness = ANY ($2::text[]))", round, witnesses).
		Scan(&size, &signed)
	if err != nil {
		return nil, refusals.Explain(err)
	}
	return signed, s.settle(ctx, round, size)
}

// Checkpoints reads one after another.
func (s *Store) Checkpoints(ctx context.Context, round string, each func([]byte) error) error {
	rows, err := s.db.QueryContext(
		ctx,
		"SELECT "+cosigned+" FROM checkpoint c WHERE c.round = ? ORDER BY c.size",
		round,
	)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var signed []byte
		if err := rows.Scan(&signed); err != nil {
			return err
		}
		if err := each(signed); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Find looks in the log, then under the vote's lock in the partitions and once
// more in the log: only there is nothing shuffled, or on its way from one to
// the other, for which a partition would look empty (TRUNCATE is seen by older
// snapshots, too). Commits go as parameters, as ballots do, and OFFSET 0 keeps
// the planner to their index.
func (s *Store) Find(ctx context.Context, round string, commit [32]byte) (e box.Entry, err error) {
	const (
		log = "SELECT index, nullifier, seq FROM (SELECT index, nullifier, seq FROM leaf WHERE round = $1 AND " +
			"commit = $2 AND nullifier IS NOT NULL OFFSET 0) x ORDER BY index LIMIT 1"
		partitions = "SELECT 0, nullifier, seq FROM (SELECT nullifier, seq FROM pending WHERE round = $1 AND commit = $2 " +
			"OFFSET 0) x LIMIT 1"
	)
	look := func(q queryer, query string) error {
		e = box.Entry{Round: round, Commit: commit}
		var nullifier []byte
		// planned anew: partitions grow and are emptied
		err := q.QueryRowContext(ctx, query, pgx.QueryExecModeExec, round, commit[:]).Scan(&e.Index, &nullifier, &e.Seq)
		if err != nil {
			return refusals.Explain(err)
		}
		e.Nullifier = [32]byte(nullifier)
		return nil
	}
	if err := look(s.db.DB.DB, log); domain.KindOf(err) != domain.NotFound {
		return e, err
	}
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock_shared(vote_lock(?))", round); err != nil {
			return err
		}
		err := look(tx.Tx, partitions)
		if err == nil {
			return db.Harden(ctx, tx) // it will be promised once more
		}
		if domain.KindOf(err) == domain.NotFound {
			err = look(tx.Tx, log)
		}
		return err
	})
	if domain.KindOf(err) == domain.NotFound {
		err = domain.Fail(domain.NotFound, domain.CodeNotFound, "the box knows no such commit")
	}
	return e, err
}

// queryer is *sql.DB or *sql.Tx.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// KeepCosignature keeps a witness's first line.
func (s *Store) KeepCosignature(ctx context.Context, round string, size int64, witness, line string) error {
	_, err := s.db.ExecContext(
		ctx,
		"INSERT INTO cosignature (round, size, witness, line) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		round,
		size,
		witness,
		line,
	)
	return refusals.Explain(err)
}
