package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
)

// attempts bounds how often a transaction that lost a race (SQLSTATE 40001,
// 40P01) is run again.
const attempts = 4

// InTx runs f in one transaction and commits if f returns nil. A serialization
// failure or deadlock runs f again, so f must have no effect outside the
// transaction: no network, mail or metrics. Rolling back survives a cancelled
// context.
func InTx(ctx context.Context, d bun.IDB, f func(ctx context.Context, tx bun.Tx) error) error {
	return retry(ctx, func() error { return d.RunInTx(ctx, &sql.TxOptions{}, f) })
}

// InPipe runs the statements that f queues in one transaction, likewise, and
// sends them all before the first answer: the whole is one round trip. Each
// sees what was committed when its turn came. The answers go to the functions
// that f gives with them; without an error all is committed.
func InPipe(ctx context.Context, d *DB, f func(*pgx.Batch)) error {
	return retry(ctx, func() error {
		b := &pgx.Batch{}
		f(b)
		return d.Pool.SendBatch(ctx, b).
			Close()
		// without a BEGIN among them PostgreSQL makes one transaction of what
		// comes together
	})
}

func retry(ctx context.Context, transact func() error) error {
	var err error
	for n := range attempts {
		if n > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(n) * 10 * time.Millisecond):
			}
		}
		err = transact()
		if s := sqlState(err); s != "40001" && s != "40P01" {
			return err
		}
	}
	return err
}

// Harden makes the transaction that has only read wait at its commit, as one
// that writes does, until everything committed before is durable: on disk and
// on the synchronous standby. Whoever confirms what an earlier transaction
// wrote needs it. That one's wait may have been cut short, by its client's
// deadline or a crash; what it wrote is then seen here all the same, and the
// standby, should it take over, knows nothing of it.
func Harden(ctx context.Context, tx bun.Tx) error {
	_, err := tx.ExecContext(
		ctx,
		"SELECT pg_logical_emit_message(true, 'osbu', '')",
	) // the smallest thing that goes into the write-ahead log
	return err
}

// HardenRead does the same, as a statement that does nothing in a transaction
// that has written.
const HardenRead = "SELECT CASE WHEN pg_current_xact_id_if_assigned() IS NULL THEN pg_logical_emit_message(true, " +
	"'osbu', '') END"

func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}
