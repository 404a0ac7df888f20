package office

import (
	"context"

	"github.com/uptrace/bun"

	"osbu/domain/account"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/sql/db"
)

// GiveReplacement holds the round's share lock, so that no close comes between,
// and one replacement at a time by an advisory lock, so that the cap holds.
func (s *Store) GiveReplacement(ctx context.Context, id string, holder account.Ref,
	decide func(roll.Replacing) (roll.Replacement, round.Entry, error),
) error {
	var refusal error
	err := db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT FROM round WHERE id = ? FOR SHARE", id); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('replacement ' || ?, 0))",
			id); err != nil {
			return err
		}
		if err := lockEntry(ctx, tx.Tx, id, holder); err != nil {
			return err
		}
		st, person, err := readState(ctx, tx.Tx, id, holder)
		if err != nil {
			return err
		}
		r := roll.Replacing{State: st}
		err = tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM replacement WHERE round = ?0), count_people(?0, ?1),
			(SELECT count(*) FROM audit WHERE round = ?0 AND action IN (?2, ?3)
				AND (at AT TIME ZONE ?1)::date = (osbu_now() AT TIME ZONE ?1)::date)`,
			id, s.timeZone.String(), roll.ActionReplace, roll.ActionRefuse).
			Scan(&r.Given, &r.People, &r.Looked)
		if err != nil {
			return err
		}
		given, entry, refused := decide(r)
		if refusal = refused; refusal == nil {
			if err := giveReplacement(ctx, tx, id, person, given); err != nil {
				return err
			}
		}
		return audit(ctx, tx, entry)
	})
	if err != nil {
		return err
	}
	return refusal
}

func giveReplacement(ctx context.Context, tx bun.Tx, id string, person []byte, given roll.Replacement) error {
	if _, err := tx.Tx.ExecContext(ctx, "INSERT INTO replacement (round, paper, person, day) VALUES ($1, $2, $3, $4)", id,
		given.Paper, person, given.Day); err != nil {
		return rollRefusals.Explain(err)
	}
	_, err := tx.Tx.ExecContext(
		ctx,
		"INSERT INTO voting_code (round, person, paper) VALUES ($1, $2, $3)",
		id,
		given.Code[:],
		given.Paper,
	)
	return rollRefusals.Explain(err)
}

var _ roll.Replacements = (*Store)(nil)
