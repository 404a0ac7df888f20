package office

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/proposal/desk"
)

// Waiting implements desk.Workload.
func (s *Store) Waiting(
	ctx context.Context,
	roundID string,
	account int64,
	areas, divisions []string,
) ([]desk.Waiting, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, w *desk.Waiting) error {
		return rows.Scan(&w.Kind, &w.Count)
	}, "SELECT kind, waiting FROM work_of(?, ?::text[], ?::text[], osbu_now(), ?) "+
		"ORDER BY array_position(?::text[], kind)",
		account, pgdialect.Array(areas), pgdialect.Array(divisions), roundID, pgdialect.Array(workKinds))
}
