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
	do func(r round.At, place string, marked int) (*round.Entry, error),
) error {
	return s.noted(ctx, id, func(ctx context.Context, tx bun.Tx, r round.At) (*round.Entry, error) {
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
		return do(r, name, marked)
	})
}

// AddKeyer implements paper.Store.
func (s *Store) AddKeyer(ctx context.Context, id string, account int64,
	do func(r round.At, works bool) (batch string, attempt int, err error),
	note func(r round.Round) *round.Entry,
) (part int, err error) {
	err = s.noted(ctx, id, func(ctx context.Context, tx bun.Tx, r round.At) (*round.Entry, error) {
		var works bool
		if err := tx.Tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM officer o JOIN event e ON e.id = o.place
			WHERE e.round = $1 AND o.account = $2 AND o.assigned)`, id, account).Scan(&works); err != nil {
			return nil, err
		}
		batch, attempt, err := do(r, works)
		if err != nil {
			return nil, err
		}
		err = tx.Tx.QueryRowContext(ctx, `SELECT part FROM keyer
			WHERE round = $1 AND batch = $2 AND attempt = $3 AND account = $4`, id, batch, attempt, account).Scan(&part)
		if !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		err = tx.Tx.QueryRowContext(ctx, `INSERT INTO keyer (round, batch, attempt, part, account)
			SELECT $1, $2, $3, count(*) + 1, $4 FROM keyer WHERE round = $1 AND batch = $2 AND attempt = $3
			HAVING count(*) < 2 RETURNING part`, id, batch, attempt, account).Scan(&part)
		if errors.Is(err, sql.ErrNoRows) {
			err = domain.Fail(domain.Conflict, paper.CodeKeyers, "two others key batch %s in", batch)
		}
		if err != nil {
			return nil, err
		}
		return note(r.Round), nil
	})
	return part, err
}

// Keyers implements paper.Store.
func (s *Store) Keyers(ctx context.Context, id string) (all []paper.Keyer, err error) {
	err = s.db.NewRaw(`SELECT k.batch, k.attempt, k.part, k.account, a.name FROM keyer k JOIN account a ON a.id = k.account
		WHERE k.round = ? ORDER BY k.batch, k.attempt, k.part`, id).Scan(ctx, &all)
	return all, err
}

// NoteOnPaper implements paper.Store.
func (s *Store) NoteOnPaper(
	ctx context.Context,
	id string,
	do func(r round.At) (*round.Entry, error),
) error {
	return s.noted(ctx, id, func(_ context.Context, _ bun.Tx, r round.At) (*round.Entry, error) {
		return do(r)
	})
}

// noted does something with the round held, one such thing at a time, and keeps
// what is told of it in the audit log, if anything is.
func (s *Store) noted(ctx context.Context, id string,
	do func(ctx context.Context, tx bun.Tx, r round.At) (*round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.Tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('paper ' || $1::text, 0))",
			id); err != nil {
			return err
		}
		r, err := holdRound(ctx, tx, id)
		if err != nil {
			return err
		}
		entry, err := do(ctx, tx, r)
		if err != nil {
			return err
		}
		if entry == nil {
			return nil
		}
		return audit(ctx, tx, *entry)
	})
}

var _ paper.Store = (*Store)(nil)
