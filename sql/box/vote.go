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

// Open lets ballots in, or moves the times.
func (s *Store) Open(ctx context.Context, id string, opens, closes time.Time) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO vote (round, opens, closes) VALUES (?, ?, ?)
		ON CONFLICT (round) DO UPDATE SET opens = EXCLUDED.opens, closes = EXCLUDED.closes`, id, opens, closes)
	return refusals.Explain(err)
}

// Close ends the vote: it waits for the flushes that hold the round's lock, and those that come after see it closed. The same transaction puts the
// ballots in random order.
func (s *Store) Close(ctx context.Context, id string) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(vote_lock(?))", id); err != nil {
			return err
		}
		var first bool
		err := tx.QueryRowContext(ctx, "WITH c AS (UPDATE vote SET closed = true WHERE round = ? AND NOT closed RETURNING round) SELECT EXISTS (SELECT FROM c)", id).Scan(&first)
		if err != nil {
			return err
		}
		if first {
			_, err := tx.ExecContext(ctx, "SELECT shuffle_ballots()")
			return err
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

// Entries reads the ballots of a closed vote, one after another.
func (s *Store) Entries(ctx context.Context, id string, each func(box.Entry) error) (err error) {
	over, err := closed(ctx, s.db, id)
	if err != nil {
		return err
	}
	if !over {
		return domain.Fail(domain.Conflict, domain.CodePhase, "the vote of round %s is not closed", id)
	}
	rows, err := s.db.NewSelect().Model((*pending)(nil)).Where("round = ?", id).Order("nullifier", "seq").Rows(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var p pending
		if err := s.db.ScanRow(ctx, rows, &p); err != nil {
			return err
		}
		if err := each(p.entry()); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Cast counts the ballots by paper.
func (s *Store) Cast(ctx context.Context, id string) (map[string]int, error) {
	var counts []struct {
		Paper string
		N     int
	}
	if err := s.db.NewRaw("SELECT paper, count(*) AS n FROM pending WHERE round = ? GROUP BY paper", id).Scan(ctx, &counts); err != nil {
		return nil, err
	}
	papers := map[string]int{}
	for _, c := range counts {
		papers[c.Paper] = c.N
	}
	return papers, nil
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
