package office

import (
	"context"
	"database/sql"
)

// queryer is bun's connection or transaction, or what lies underneath it, which
// takes $1 parameters.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readAll reads every row of a query, never nil.
func readAll[T any](
	ctx context.Context,
	q queryer,
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
