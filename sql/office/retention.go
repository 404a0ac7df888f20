package office

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/retention"
	"osbu/domain/round"
	"osbu/sql/db"
)

var retentionRefusals = db.Refusals{
	"forgotten_early":   domain.Fail(domain.Closed, domain.CodePhase, "the round's data are still needed"),
	"forgotten_turnout": domain.Fail(domain.Conflict, domain.CodePhase, "the round's turnout is not kept yet"),
}

// Due implements retention.Store.
func (s *Store) Due(ctx context.Context, data retention.Data, days int) ([]string, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, id *string) error { return rows.Scan(id) }, `
SELECT r.id FROM round r WHERE r.phase IN ('delivering', 'archived')
	AND published_at(r.id) + make_interval(days => ?0) < osbu_now()
	AND NOT EXISTS (SELECT FROM forgotten f WHERE f.round = r.id AND f.data = ?1) ORDER BY r.id`, days, string(data))
}

// Forget implements retention.Store.
func (s *Store) Forget(
	ctx context.Context,
	id string,
	data retention.Data,
	note func(round.Round, int64) round.Entry,
) (n int64, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := roundByID(ctx, tx, id)
		if err != nil {
			return err
		}
		var known bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM forgotten WHERE round = ? AND data = ?)`,
			id, string(data)).Scan(&known); err != nil || known {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT forget_data(?, ?, ?)", id, string(data), s.timeZone.String()).
			Scan(&n); err != nil {
			return err
		}
		return audit(ctx, tx, note(r, n))
	})
	return n, retentionRefusals.Explain(err)
}

var _ retention.Store = (*Store)(nil)
