package box

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/round"
	"osbu/sql/db"
)

// Open lets ballots in, or moves the times, which leaves a line in vote_change.
// The first time it makes the partitions.
func (s *Store) Open(ctx context.Context, id string, opens, closes time.Time) error {
	_, err := s.db.ExecContext(ctx, "SELECT open_vote(?, ?, ?)", id, opens, closes)
	return refusals.Explain(err)
}

// Close ends the vote: it waits for the flushes that hold the round's lock, and
// those that come after see it closed.
func (s *Store) Close(ctx context.Context, id string) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(vote_lock(?))", id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE vote SET closed = true WHERE round = ? AND NOT closed", id); err != nil {
			return refusals.Explain(err)
		}
		closed, err := closed(ctx, tx, id)
		if err == nil && !closed {
			err = domain.Fail(domain.NotFound, domain.CodeNotFound, "the vote of round %s was never opened", id)
		}
		return err
	})
}

// closed is false for a vote that was never opened, too.
func closed(ctx context.Context, q bun.IDB, id string) (closed bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM vote WHERE round = ? AND closed)", id).Scan(&closed)
	return closed, err
}

// Entries reads the ballots of a log that has ended, one after another.
func (s *Store) Entries(ctx context.Context, id string, each func(box.Entry) error) (err error) {
	var ended bool
	if err := s.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM leaf WHERE round = ? AND line LIKE 'close %')", id).
		Scan(&ended); err != nil {
		return err
	}
	if !ended {
		return domain.Fail(
			domain.Conflict,
			domain.CodePhase,
			"the vote of round %s is not closed, or its log has not ended",
			id,
		)
	}
	rows, err := s.db.QueryContext(
		ctx,
		`SELECT index, paper, nullifier, coalesce(seq, 0), commit, randomizer, credential, signature, ballot,
			coalesce(batch, ''), coalesce(serial, '')
		FROM leaf WHERE round = ? AND ballot IS NOT NULL ORDER BY index`,
		id,
	)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		e := box.Entry{Round: id}
		var nullifier, commit []byte
		if err := rows.Scan(&e.Index, &e.Paper, &nullifier, &e.Seq, &commit, &e.Randomizer, &e.Credential, &e.Signature,
			&e.Ballot, &e.Batch, &e.Serial); err != nil {
			return err
		}
		if e.Commit = [32]byte(commit); !e.OnPaper() {
			e.Nullifier = [32]byte(nullifier)
		}
		if err := each(e); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Cast counts the ballots by paper that came with a credential: those in the
// log and those that wait for it. Under the lock no batch moves from here to
// there in between.
func (s *Store) Cast(ctx context.Context, id string) (map[string]int, error) {
	papers := map[string]int{}
	err := db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		clear(papers)
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock_shared(vote_lock(?))", id); err != nil {
			return err
		}
		var counts []struct {
			Paper   string
			Ballots int
		}
		err := tx.NewRaw(`SELECT paper, count(*) AS ballots FROM pending WHERE round = ?0 GROUP BY paper
			UNION ALL SELECT paper, ballots - sheets FROM logged WHERE round = ?0 AND size = (SELECT max(size) FROM checkpoint
			WHERE round = ?0)`, id).Scan(ctx, &counts)
		for _, c := range counts {
			papers[c.Paper] += c.Ballots
		}
		return err
	})
	return papers, err
}

// window is what decides whether a ballot comes in now.
type window struct {
	Opens, Closes, Now time.Time
	Closed             bool
}

func (w window) refusal(id string) error {
	switch {
	case w.Closed || !w.Closes.IsZero() && !w.Now.Before(w.Closes):
		return domain.Fail(domain.Closed, round.CodeVotingClosed, "the vote of %s is closed", id)
	case w.Closes.IsZero() || w.Now.Before(w.Opens):
		return domain.Fail(domain.Closed, round.CodeVotingNotOpen, "the vote of %s is not open yet", id)
	}
	return nil
}
