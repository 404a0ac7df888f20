package office

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"osbu/domain/account"
	"osbu/domain/roll"
	"osbu/sql/db"
)

// KeepRecovery keeps a recovery beside a spent right, once. The share lock on
// the round makes a close, which destroys recoveries, wait for this
// transaction, or this one see the close.
func (s *Store) KeepRecovery(
	ctx context.Context,
	id string,
	holder account.Ref,
	paper string,
	recovery []byte,
	allow func(roll.State) error,
) (kept []byte, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.Tx.ExecContext(ctx, "SELECT FROM round WHERE id = $1 FOR SHARE", id); err != nil {
			return err
		}
		st, person, err := readState(ctx, tx.Tx, id, holder)
		if err != nil {
			return err
		}
		if err := allow(st); err != nil {
			return err
		}
		if err := insertRecovery(ctx, tx.Tx, id, paper, person, recovery); err != nil {
			return err
		}
		kept, err = recoveryOf(ctx, tx.Tx, id, holder, paper)
		return err
	})
	return kept, err
}

// Recovery is what was kept for a right-holder, who may have another identity
// code by now.
func (s *Store) Recovery(ctx context.Context, id string, holder account.Ref, paper string) ([]byte, error) {
	return recoveryOf(ctx, s.db.DB.DB, id, holder, paper)
}

func recoveryOf(ctx context.Context, q prepared, id string, holder account.Ref, paper string) (kept []byte, err error) {
	err = q.QueryRowContext(ctx, `
SELECT sealed FROM recovery WHERE round = $1 AND paper = $3
	AND person = coalesce((SELECT person FROM roll_alias WHERE round = $1
	AND ref = $2), $2)`, id, holder[:], paper).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return kept, err
}

// insertRecovery leaves one that is there as it is; nil is none.
func insertRecovery(ctx context.Context, q prepared, id, paper string, person, recovery []byte) error {
	if recovery == nil {
		return nil
	}
	_, err := q.ExecContext(
		ctx,
		"INSERT INTO recovery (round, paper, person, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		id,
		paper,
		person,
		recovery,
	)
	return err
}

// destroyRecoveries makes a round's recoveries unreadable for ever once the
// transaction commits.
func destroyRecoveries(ctx context.Context, q bun.IDB, round string) error {
	_, err := q.ExecContext(ctx, "SELECT destroy_recoveries(?)", round)
	return err
}
