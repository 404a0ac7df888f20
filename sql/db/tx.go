package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
)

// attempts bounds how often a transaction that lost a race (SQLSTATE 40001, 40P01) is run again.
const attempts = 4

// InTx runs f in one transaction and commits if f returns nil. A serialization failure or deadlock runs f again, so f must have no effect outside
// the transaction: no network, mail or metrics. Rolling back survives a cancelled context.
func InTx(ctx context.Context, d bun.IDB, f func(ctx context.Context, tx bun.Tx) error) error {
	var err error
	for n := range attempts {
		if n > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(n) * 10 * time.Millisecond):
			}
		}
		err = d.RunInTx(ctx, &sql.TxOptions{}, f)
		if s := sqlState(err); s != "40001" && s != "40P01" {
			return err
		}
	}
	return err
}

// Harden makes the transaction that has only read wait at its commit, as one that writes does, until everything committed before is durable: on disk
// and on the synchronous standby. Whoever confirms what an earlier transaction wrote needs it. That one's wait may have been cut short, by its client's
// deadline or a crash; what it wrote is then seen here all the same, and the standby, should it take over, knows nothing of it.
func Harden(ctx context.Context, tx bun.Tx) error {
	_, err := tx.ExecContext(ctx, "SELECT pg_logical_emit_message(true, 'osbu', '')") // the smallest thing that goes into the write-ahead log
	return err
}

func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}
