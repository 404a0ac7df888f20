package office

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
)

// readAll reads every row of a query, never nil.
func readAll[T any](
	ctx context.Context,
	q bun.IDB,
	scan func(*sql.Rows, *T) error,
	query string,
	args ...any,
) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		var one T
		if err := scan(rows, &one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
