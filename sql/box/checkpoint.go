package box

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/round"
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
// snapshots, too). All who look at the same time share the queries, each of
// which is later than their questions.
func (s *Store) Find(ctx context.Context, id string, commit [32]byte) (box.Entry, error) {
	if round.IsAddress(id) { // else it would spoil the query for all who share it
		e, ok, err := s.finding.Get(ctx, sought{id, commit})
		if err != nil || ok {
			return e, refusals.Explain(err)
		}
	}
	return box.Entry{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "the box knows no such commit")
}

// sought is a ballot that somebody looks for.
type sought struct {
	round  string
	commit [32]byte
}

// Commits go as parameters, as ballots do, and OFFSET 0 keeps the planner to
// their index. What is found in the partitions will be promised once more, and
// has to be durable before (db.Harden).
const (
	findInLog = "SELECT w.commit, l.index, l.nullifier, l.seq FROM unnest($2::bytea[]) AS w (commit), LATERAL (" +
		"SELECT index, nullifier, seq FROM (SELECT index, nullifier, seq FROM leaf WHERE round = $1 AND commit = w.commit " +
		"AND nullifier IS NOT NULL OFFSET 0) x ORDER BY index LIMIT 1) l"

	findInPartitions = "SELECT w.commit, 0, p.nullifier, p.seq, pg_logical_emit_message(true, 'osbu', '')::text " +
		"FROM unnest($2::bytea[]) AS w (commit), LATERAL (" +
		"SELECT nullifier, seq FROM (SELECT nullifier, seq FROM pending WHERE round = $1 AND commit = w.commit OFFSET 0) " +
		"x LIMIT 1) p"
)

// find finds the ballots that are in the box.
func (s *Store) find(ctx context.Context, all []sought) (map[sought]box.Entry, error) {
	found := map[sought]box.Entry{}
	rounds := map[string][][]byte{}
	for _, one := range all {
		rounds[one.round] = append(rounds[one.round], one.commit[:])
	}
	for id, commits := range rounds {
		if err := s.findIn(ctx, found, id, commits); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (s *Store) findIn(ctx context.Context, found map[sought]box.Entry, id string, commits [][]byte) error {
	add := func(rows pgx.Rows, more ...any) error {
		e := box.Entry{Round: id}
		var commit, nullifier []byte
		_, err := pgx.ForEachRow(rows, append([]any{&commit, &e.Index, &nullifier, &e.Seq}, more...), func() error {
			e.Commit, e.Nullifier = [32]byte(commit), [32]byte(nullifier)
			if _, twice := found[sought{id, e.Commit}]; !twice {
				found[sought{id, e.Commit}] = e
			}
			return nil
		})
		return err
	}
	rows, err := s.db.Pool.Query(ctx, findInLog, pgx.QueryExecModeExec, id, commits)
	if err == nil {
		err = add(rows)
	}
	commits = slices.DeleteFunc(commits, func(c []byte) bool {
		_, ok := found[sought{id, [32]byte(c)}]
		return ok
	})
	if err != nil || len(commits) == 0 {
		return err
	}
	return db.InPipe(ctx, s.db, func(p *pgx.Batch) {
		p.Queue(lockVote, id)
		p.Queue(findInPartitions, id, commits).Query(func(rows pgx.Rows) error { return add(rows, new(string)) })
		p.Queue(findInLog, id, commits).Query(func(rows pgx.Rows) error { return add(rows) })
	})
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
