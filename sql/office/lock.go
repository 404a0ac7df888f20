package office

import (
	"context"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/sql/db"
)

// lockRound is roundByID under the round's lock: nobody else changes the round,
// or what belongs to its ballot, until the transaction ends.
func lockRound(ctx context.Context, tx bun.Tx, id string) (round.Round, error) {
	return oneRound(ctx, tx, id, true)
}

// shareRound reads a round and keeps it in its phase until the transaction
// ends.
func shareRound(ctx context.Context, tx bun.Tx, id string) (round.Round, error) {
	if _, err := tx.Tx.ExecContext(ctx, "SELECT FROM round WHERE id = $1 FOR SHARE", id); err != nil {
		return round.Round{}, err
	}
	return roundByID(ctx, tx, id)
}

// holdRound keeps the round from being frozen until the transaction ends, and
// tells the database's clock; many may hold it at once.
func holdRound(ctx context.Context, tx bun.Tx, id string) (round.At, error) {
	if _, err := tx.ExecContext(ctx, "SELECT FROM round WHERE id = ? FOR SHARE", id); err != nil {
		return round.At{}, err
	}
	r, err := roundByID(ctx, tx, id)
	if err != nil {
		return round.At{Round: r}, err
	}
	now, err := db.Now(ctx, tx)
	return round.At{Round: r, Now: now}, err
}

// lockProposal reads a proposal and keeps its round from being frozen, and
// everything that belongs to it from being changed by others, until the
// transaction ends. It is read once more under the lock: what another
// transaction did to its authors and images while this one waited is seen only
// by a new statement.
func lockProposal(
	ctx context.Context,
	tx bun.Tx,
	roundID string,
	id int64,
) (r round.At, p proposal.Proposal, err error) {
	if r, err = holdRound(ctx, tx, roundID); err != nil {
		return r, p, err
	}
	if _, err = tx.ExecContext(ctx, "SELECT FROM proposal WHERE round = ? AND id = ? FOR NO KEY UPDATE", roundID,
		id); err != nil {
		return r, p, err
	}
	var row proposalRow
	err = selectProposals(tx, &row).Where("p.round = ? AND p.id = ?", roundID, id).Scan(ctx)
	return r, row.proposal(), roundRefusals.Explain(err)
}

// holdProposal reads a proposal and keeps its round from being frozen, and
// itself from being changed, until the transaction ends.
func holdProposal(
	ctx context.Context,
	tx bun.Tx,
	roundID string,
	id int64,
) (r round.At, p proposal.Proposal, err error) {
	if r, err = holdRound(ctx, tx, roundID); err != nil {
		return r, p, err
	}
	var row proposalRow
	err = selectProposals(tx, &row).Where("p.round = ? AND p.id = ?", roundID, id).For("SHARE OF p").Scan(ctx)
	return r, row.proposal(), roundRefusals.Explain(err)
}

// lockProposals reads public proposals under their locks, by ID, and misses
// none.
func lockProposals(ctx context.Context, tx bun.Tx, roundID string, ids []int64) ([]proposal.Proposal, error) {
	var rows []proposalRow
	err := selectProposals(
		tx,
		&rows,
	).Where("p.round = ? AND p.id IN (?) AND p.submitted_at IS NOT NULL", roundID, bun.List(ids)).
		OrderExpr("p.id").
		For("NO KEY UPDATE OF p").
		Scan(ctx)
	if err != nil {
		return nil, err
	}
	if len(rows) != len(ids) {
		return nil, domain.Fail(domain.NotFound, domain.CodeNotFound, "not all of these proposals are in %s", roundID)
	}
	proposals := make([]proposal.Proposal, len(rows))
	for i, row := range rows {
		proposals[i] = row.proposal()
	}
	return proposals, nil
}
