package office

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/polling"
	"osbu/sql/db"
)

// TallyAt implements polling.Certificates.
func (s *Store) TallyAt(ctx context.Context, place int64) (t polling.Tally, all []polling.Certificate, err error) {
	if t, err = tallyAt(ctx, s.db, place); err != nil {
		return t, nil, err
	}
	all, err = readAll(ctx, s.db, func(rows *sql.Rows, c *polling.Certificate) error {
		return rows.Scan(&c.Number, &c.Day, &c.Marked, &c.Undone, &c.Sheets, &c.TakenAway, &c.Reason, &c.First, &c.Second)
	}, `SELECT c.number, c.day, c.marked, c.undone, c.sheets, c.taken_away, c.reason, f.name, coalesce(s.name, '')
		FROM certificate c JOIN account f ON f.id = c.first LEFT JOIN account s ON s.id = c.second
		WHERE c.place = ? ORDER BY c.number DESC`, place)
	return t, all, err
}

func tallyAt(ctx context.Context, q bun.IDB, place int64) (t polling.Tally, err error) {
	err = q.QueryRowContext(ctx, `
SELECT coalesce(sum(n) FILTER (WHERE what = 'paper'), 0), coalesce(sum(n) FILTER (WHERE what = 'spoiled'), 0),
	coalesce(sum(n) FILTER (WHERE what = 'returned'), 0), coalesce(sum(n) FILTER (WHERE what = 'mistake'), 0)
FROM place_hour WHERE place = ?`, place).Scan(&t.Marked, &t.Spoiled, &t.Returned, &t.Mistake)
	return t, err
}

// certifying reads a place and its marks; whoever signs for the same place at
// the same moment waits. A mark that is made meanwhile is not seen, and not
// held up: readers are shown the poll book's numbers beside the certificate's.
func certifying(ctx context.Context, tx bun.Tx, id string, place, account int64) (
	w polling.Working, t polling.Tally, err error,
) {
	if w, err = working(ctx, tx, id, place, account); err != nil {
		return w, t, err
	}
	if _, err = tx.Tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('certificate ' || $1::bigint, 0))",
		place); err != nil {
		return w, t, err
	}
	t, err = tallyAt(ctx, tx, place)
	return w, t, err
}

// AddCertificate implements polling.Certificates.
func (s *Store) AddCertificate(ctx context.Context, id string, place, account int64,
	decide func(polling.Working, polling.Tally) (polling.Certificate, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		w, t, err := certifying(ctx, tx, id, place, account)
		if err != nil {
			return err
		}
		c, err := decide(w, t)
		if err != nil {
			return err
		}
		_, err = tx.Tx.ExecContext(ctx, `
INSERT INTO certificate (place, number, day, marked, undone, sheets, taken_away, reason, first)
SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM certificate WHERE place = $1`,
			place, c.Day, c.Marked, c.Undone, c.Sheets, c.TakenAway, c.Reason, account)
		return pollingRefusals.Explain(err)
	})
}

// SignCertificate implements polling.Certificates.
func (s *Store) SignCertificate(ctx context.Context, id string, place, account int64, number int,
	allow func(polling.Working, polling.Tally, polling.Certificate, bool) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		w, t, err := certifying(ctx, tx, id, place, account)
		if err != nil {
			return err
		}
		c := polling.Certificate{Number: number}
		var first int64
		var later, signed bool
		err = tx.Tx.QueryRowContext(ctx, `SELECT c.first, c.marked, c.undone, c.sheets, c.taken_away, c.reason,
			c.second IS NOT NULL, EXISTS (SELECT FROM certificate l WHERE l.place = c.place AND l.number > c.number)
			FROM certificate c WHERE c.place = $1 AND c.number = $2`, place, number).
			Scan(&first, &c.Marked, &c.Undone, &c.Sheets, &c.TakenAway, &c.Reason, &signed, &later)
		if errors.Is(err, sql.ErrNoRows) {
			err = domain.Fail(domain.NotFound, domain.CodeNotFound, "no certificate %d", number)
		}
		if err != nil {
			return err
		}
		if err := allow(w, t, c, first == account); err != nil {
			return err
		}
		if later || signed {
			return polling.OutdatedCertificate()
		}
		_, err = tx.Tx.ExecContext(ctx, "UPDATE certificate SET second = $3 WHERE place = $1 AND number = $2",
			place, number, account)
		return pollingRefusals.Explain(err)
	})
}
