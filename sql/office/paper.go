package office

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/paper"
	"osbu/domain/round"
	"osbu/sql/db"
)

// Declare implements paper.Store.
func (s *Store) Declare(ctx context.Context, id string, place int64, of string, day time.Time,
	do func(r round.Round, now time.Time, place string, marked int) (*round.Entry, error),
) error {
	return s.noted(ctx, id, func(ctx context.Context, tx bun.Tx, r round.Round, now time.Time) (*round.Entry, error) {
		var name string
		var marked int
		err := tx.Tx.QueryRowContext(ctx, `SELECT concat_ws(', ', nullif(e.place, ''), nullif(e.address, '')),
			(SELECT count(*) FROM spent_right s WHERE s.place = e.id AND s.round = $1 AND s.channel = 'paper' AND s.paper = $3
				AND s.day = $4)
			FROM event e WHERE e.id = $2 AND e.round = $1 AND e.kind = 'voting' AND e.state = 'published'`, id, place, of, day).
			Scan(&name, &marked)
		if errors.Is(err, sql.ErrNoRows) {
			err = domain.Fail(domain.NotFound, domain.CodeNotFound, "no such voting place in %s", id)
		}
		if err != nil {
			return nil, err
		}
		return do(r, now, name, marked)
	})
}

// NoteOnPaper implements paper.Store.
func (s *Store) NoteOnPaper(
	ctx context.Context,
	id string,
	do func(r round.Round, now time.Time) (*round.Entry, error),
) error {
	return s.noted(ctx, id, func(_ context.Context, _ bun.Tx, r round.Round, now time.Time) (*round.Entry, error) {
		return do(r, now)
	})
}

// noted does something with the round held, one such thing at a time, and keeps
// what is told of it in the audit log.
func (s *Store) noted(ctx context.Context, id string,
	do func(ctx context.Context, tx bun.Tx, r round.Round, now time.Time) (*round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.Tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('paper ' || $1::text, 0))",
			id); err != nil {
			return err
		}
		r, now, err := holdRound(ctx, tx, id)
		if err != nil {
			return err
		}
		entry, err := do(ctx, tx, r, now)
		if err != nil {
			return err
		}
		return audit(ctx, tx, *entry)
	})
}

var _ paper.Store = (*Store)(nil)
