package office

import (
	"context"

	"github.com/uptrace/bun"

	"osbu/domain/proposal"
	"osbu/domain/proposal/interest"
	"osbu/domain/round"
	"osbu/sql/db"
)

// Interest implements interest.Store. Whoever supports what a proposal
// was merged from supports it, and whoever follows what it was made of follows
// it: each counts once, and her tie stays where she made it.
func (s *Store) Interest(ctx context.Context, id, account int64) (i interest.Interest, err error) {
	var supporters int
	err = s.db.QueryRowContext(ctx, `
		WITH supporter AS (SELECT DISTINCT account FROM support WHERE proposal IN (SELECT proposal_sources(?0, false)))
		SELECT EXISTS (SELECT FROM supporter WHERE account = ?1),
			EXISTS (SELECT FROM follow WHERE proposal IN (SELECT proposal_sources(?0, true)) AND account = ?1), (SELECT count(*)
			FROM supporter)`, id, account).
		Scan(&i.Supports, &i.Follows, &supporters)
	i.Supporters = &supporters
	return i, err
}

// SetInterest implements interest.Store. Who no longer supports or follows a
// merged proposal does not by way of an original either.
func (s *Store) SetInterest(
	ctx context.Context,
	roundID string,
	id, account int64,
	tie interest.Kind,
	on bool,
	permit func(round.At, proposal.Proposal) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, p, err := holdProposal(ctx, tx, roundID, id)
		if err == nil {
			err = permit(r, p)
		}
		if err != nil {
			return err
		}
		if !on {
			_, err = tx.ExecContext(
				ctx,
				"DELETE FROM ? WHERE proposal IN (SELECT proposal_sources(?, ?)) AND account = ?",
				bun.Ident(tie),
				id,
				tie == interest.Follow,
				account,
			)
			return err
		}
		_, err = tx.ExecContext(
			ctx,
			"INSERT INTO ? (proposal, account) VALUES (?, ?) ON CONFLICT DO NOTHING",
			bun.Ident(tie),
			id,
			account,
		)
		if err != nil || tie != interest.Follow {
			return err
		}
		return openMailbox(ctx, tx, account)
	})
}
