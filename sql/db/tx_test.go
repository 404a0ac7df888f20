package db_test

import (
	"context"
	"testing"

	"github.com/uptrace/bun"

	"osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/testdb"
)

// A transaction that only read has written something after Harden, under the
// production role: its commit waits as every other. That the standby is then
// waited for is seen in scripts/crash --standby.
func TestHarden(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, box.Migrations(), box.Role)
	writes := func(tx bun.Tx) (yes bool, err error) {
		err = tx.QueryRowContext(context.Background(), "SELECT pg_current_xact_id_if_assigned() IS NOT NULL").Scan(&yes)
		return yes, err
	}
	err := db.InTx(context.Background(), d, func(ctx context.Context, tx bun.Tx) error {
		if yes, err := writes(tx); yes || err != nil {
			t.Errorf("before: writes %v, %v", yes, err)
		}
		if err := db.Harden(ctx, tx); err != nil {
			return err
		}
		if yes, err := writes(tx); !yes || err != nil {
			t.Errorf("after: writes %v, %v", yes, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
