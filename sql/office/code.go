package office

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain/account"
	"osbu/domain/post"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/sql/db"
)

// AddCodes keeps new voting codes, sorted, so that their place in the table
// does not tell the order in which they are handed out. Batches are numbered
// one at a time.
func (s *Store) AddCodes(
	ctx context.Context,
	id string,
	batch roll.Batch,
	codes []account.Ref,
	allow func(round.Round, *roll.Asked, time.Time) (time.Time, error),
	by func(number int) round.Entry,
) (number int, err error) {
	sorted := make([][]byte, len(codes))
	for i := range codes {
		sorted[i] = codes[i][:]
	}
	slices.SortFunc(sorted, bytes.Compare)
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, id)
		if err != nil {
			return err
		}
		// Before the request is read: of two officials who confirm it the slower one
		// finds it gone.
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('code batch ' || ?, 0))",
			id); err != nil {
			return err
		}
		asked, err := readAskedCodes(ctx, tx, id)
		if err != nil {
			return err
		}
		day, err := allow(r.Round, asked, r.Now)
		if err != nil {
			return err
		}
		if number = batch.Number; number == 0 {
			if number, err = insertBatch(ctx, tx, id, batch, day); err != nil {
				return err
			}
		}
		if _, err := tx.Tx.ExecContext(ctx,
			"INSERT INTO voting_code (round, batch, person) SELECT $1, $2, unnest($3::bytea[])", id, number,
			sorted); err != nil {
			return rollRefusals.Explain(err)
		}
		// After the batch, which the database lets in only while it is asked for.
		if _, err := tx.ExecContext(ctx, "DELETE FROM asked_codes WHERE round = ?", id); err != nil {
			return err
		}
		return audit(ctx, tx, by(number))
	})
	return number, err
}

// AskedCodes implements roll.Register.
func (s *Store) AskedCodes(ctx context.Context, id string) (*roll.Asked, error) {
	return readAskedCodes(ctx, s.db, id)
}

func readAskedCodes(ctx context.Context, q bun.IDB, id string) (*roll.Asked, error) {
	var a roll.Asked
	err := q.QueryRowContext(ctx, "SELECT label, place, count, by, by_name, at FROM asked_codes WHERE round = ?", id).
		Scan(&a.Label, &a.Place, &a.Count, &a.By, &a.Name, &a.At)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &a, err
}

// ChangeAskedCodes implements roll.Register.
func (s *Store) ChangeAskedCodes(
	ctx context.Context,
	id string,
	change func(round.Round, *roll.Asked, time.Time) (*roll.Asked, round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := lockRound(ctx, tx, id)
		if err != nil {
			return err
		}
		now, err := db.Now(ctx, tx)
		if err != nil {
			return err
		}
		waiting, err := readAskedCodes(ctx, tx, id)
		if err != nil {
			return err
		}
		a, entry, err := change(r, waiting, now)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM asked_codes WHERE round = ?", id); err != nil {
			return err
		}
		if a != nil {
			if _, err := tx.ExecContext(ctx, `INSERT INTO asked_codes (round, label, place, count, by, by_name, at)
				VALUES (?, ?, ?, ?, ?, ?, ?)`, id, a.Label, a.Place, a.Count, a.By, a.Name, a.At); err != nil {
				return rollRefusals.Explain(err)
			}
			if err := tellOfficials(ctx, tx, post.SecondCodes, id, a.By); err != nil {
				return err
			}
		}
		return audit(ctx, tx, entry)
	})
}

func insertBatch(ctx context.Context, tx bun.Tx, id string, batch roll.Batch, day time.Time) (number int, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO code_batch (round, number, label, place, day)
SELECT ?0, 1 + coalesce(max(number), 0), ?1, ?2, ?3::date FROM code_batch WHERE round = ?0 RETURNING number`,
		id, batch.Label, batch.Place, day).Scan(&number)
	return number, rollRefusals.Explain(err)
}

// VoidBatch holds the round's lock, so that a code is either used before or
// never.
func (s *Store) VoidBatch(
	ctx context.Context,
	id string,
	number int,
	allow func(round.At) (time.Time, error),
	by round.Entry,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := lockRound(ctx, tx, id)
		if err != nil {
			return err
		}
		now, err := db.Now(ctx, tx)
		if err != nil {
			return err
		}
		day, err := allow(round.At{Round: r, Now: now})
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx,
			"UPDATE code_batch SET voided = ?::date WHERE round = ? AND number = ? RETURNING number",
			day, id, number).Scan(&number)
		if err != nil {
			return rollRefusals.Explain(err)
		}
		return audit(ctx, tx, by)
	})
}

// readBatches counts a code as used once one right is spent with it.
func readBatches(ctx context.Context, q bun.IDB, id string) ([]roll.Batch, error) {
	var rows []struct {
		Number, Made, Used int
		Label, Place       string
		Day                time.Time
		Voided             *time.Time
	}
	err := q.NewRaw(`
SELECT b.number, b.label, b.place, b.day, b.voided, count(c.person) AS made, count(s.person) AS used
FROM code_batch b LEFT JOIN voting_code c ON c.round = b.round AND c.batch = b.number
LEFT JOIN (SELECT DISTINCT round, person FROM spent_right WHERE round = ?0) s
	ON s.round = c.round AND s.person = c.person
WHERE b.round = ?0 GROUP BY b.round, b.number ORDER BY b.number`, id).Scan(ctx, &rows)
	batches := make([]roll.Batch, len(rows))
	for i, r := range rows {
		batches[i] = roll.Batch{
			Number: r.Number, Label: r.Label, Place: r.Place, Day: r.Day, Made: r.Made, Used: r.Used,
		}
		if r.Voided != nil {
			batches[i].Voided = *r.Voided
		}
	}
	return batches, err
}

// goodCodes counts the codes that people may vote with, used or not.
func goodCodes(ctx context.Context, q bun.IDB, id string) (n int, err error) {
	err = q.QueryRowContext(ctx, `SELECT count(*) FROM voting_code c JOIN code_batch b ON b.round = c.round
AND b.number = c.batch WHERE c.round = ? AND b.voided IS NULL`, id).Scan(&n)
	return n, err
}
