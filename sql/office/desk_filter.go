package office

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/proposal/desk"
	"osbu/sql/db"
)

// Filters implements desk.Filters.
func (s *Store) Filters(ctx context.Context, roundID string, account int64) ([]desk.Filter, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, f *desk.Filter) error {
		return rows.Scan(&f.ID, &f.Name, &f.Query, &f.Shared)
	}, "SELECT id, name, query, account IS NULL FROM queue_filter WHERE round = ? AND (account IS NULL OR account = ?) "+
		"ORDER BY account IS NULL DESC, lower(name), id", roundID, account)
}

// KeepFilter implements desk.Filters. Whoever keeps two at once waits for
// herself: the account's row, or the round's, is locked.
func (s *Store) KeepFilter(ctx context.Context, roundID string, account int64, f desk.Filter, limit int) error {
	if f.Shared {
		account = 0
	}
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		lock, key := "SELECT FROM account WHERE id = ? FOR NO KEY UPDATE", any(account)
		if f.Shared {
			lock, key = "SELECT FROM round WHERE id = ? FOR NO KEY UPDATE", roundID
		}
		if _, err := tx.ExecContext(ctx, lock, key); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO queue_filter (round, account, name, query) VALUES (?, nullif(?, 0), ?, ?)
			ON CONFLICT (round, account, name) DO UPDATE SET query = excluded.query`, roundID, account, f.Name, f.Query)
		if err != nil {
			return roundRefusals.Explain(err)
		}
		var kept int
		err = tx.NewRaw("SELECT count(*) FROM queue_filter WHERE round = ? AND account IS NOT DISTINCT FROM nullif(?, 0)",
			roundID, account).Scan(ctx, &kept)
		if err != nil {
			return err
		}
		if kept > limit {
			var problems domain.Problems
			problems.Add("name", "too_many", strconv.Itoa(limit))
			return problems.Err()
		}
		return nil
	})
}

// DropFilter implements desk.Filters.
func (s *Store) DropFilter(ctx context.Context, roundID string, account, id int64, shared bool) error {
	if shared {
		account = 0
	}
	result, err := s.db.ExecContext(ctx, "DELETE FROM queue_filter WHERE id = ? AND round = ? "+
		"AND account IS NOT DISTINCT FROM nullif(?, 0)", id, roundID, account)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return domain.Fail(domain.NotFound, domain.CodeNotFound, "round %s has no such filter %d", roundID, id)
}
