package office

import (
	"context"

	"github.com/uptrace/bun"

	"osbu/domain/roll"
)

type issuerRow struct {
	bun.BaseModel `bun:"table:issuer"`

	Round  string `bun:"round,pk"`
	Paper  string `bun:"paper,pk"`
	Public []byte `bun:"public"`
	Sealed []byte `bun:"sealed"`
}

// insertIssuers keeps the keys made at the freeze.
func insertIssuers(ctx context.Context, q bun.IDB, round string, issuers []roll.Issuer) error {
	rows := make([]issuerRow, len(issuers))
	for i, one := range issuers {
		rows[i] = issuerRow{Round: round, Paper: one.Paper, Public: one.Public, Sealed: one.Sealed}
	}
	_, err := q.NewInsert().Model(&rows).Exec(ctx)
	return rollRefusals.Explain(err)
}

// destroyIssuers makes a round's keys unreadable for ever once the transaction
// commits: no credential can be signed after the close.
func destroyIssuers(ctx context.Context, q bun.IDB, round string) error {
	_, err := q.ExecContext(ctx, "SELECT destroy_issuers(?)", round)
	return err
}

// shuffleRights writes all spent rights anew in random order, and counts them,
// so that their order cannot be matched with the order of anything else. It
// waits for credentials being issued and keeps others out until the transaction
// ends, so it comes after the round's own row was changed.
func shuffleRights(ctx context.Context, q bun.IDB) (rows int, err error) {
	err = q.QueryRowContext(ctx, "SELECT shuffle_rights()").Scan(&rows)
	return rows, err
}

// Issuer is a paper's key.
func (s *Store) Issuer(ctx context.Context, round, paper string) (roll.Issuer, error) {
	var row issuerRow
	err := s.db.NewSelect().Model(&row).Where("round = ? AND paper = ?", round, paper).Scan(ctx)
	if err != nil {
		return roll.Issuer{}, rollRefusals.Explain(err)
	}
	return roll.Issuer{Paper: row.Paper, Public: row.Public, Sealed: row.Sealed}, nil
}
