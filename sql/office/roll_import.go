package office

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"

	"osbu/domain/account"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/sql/db"
)

// Replace streams the new roll by COPY into a temporary table beside the old
// one, and then makes the roll say the same in one transaction of a few
// statements over whole sets. What was streamed goes with the import, or with
// its session.
func (s *Store) Replace(
	ctx context.Context,
	id, upload string,
	next func() (*roll.Row, error),
	approve func(round.Round, roll.Change, roll.Faults) (round.Entry, error),
) (err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() {
		// Back to the pool as it was, also after a cancelled import.
		_, _ = conn.ExecContext(
			context.WithoutCancel(ctx),
			"SELECT close_staged(); RESET statement_timeout",
		)
		_ = conn.Close()
	}()
	if _, err := conn.ExecContext(ctx, "SET statement_timeout = 0; SELECT open_staged()"); err != nil {
		return err
	}
	if err := stage(ctx, conn, next); err != nil {
		return err
	}
	return db.InTx(ctx, conn, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('roll ' || ?, 0))", id); err != nil {
			return err // one import of a round at a time
		}
		r, err := shareRound(ctx, tx, id)
		if err != nil {
			return err
		}
		moved, faults, err := resolve(ctx, tx, id)
		if err != nil {
			return err
		}
		change, err := compare(ctx, tx, id)
		if err != nil {
			return err
		}
		change.Recoded = moved
		by, err := approve(r, change, faults)
		if err != nil {
			return err
		}
		if err := replace(ctx, tx, id); err != nil {
			return err
		}
		if err := takeUpload(ctx, tx, id, upload, change); err != nil {
			return err
		}
		return audit(ctx, tx, by)
	})
}

// stage copies the file's rows.
func stage(ctx context.Context, conn bun.Conn, next func() (*roll.Row, error)) error {
	columns := []string{"line", "ref", "previous", "person", "born", "municipality", "area", "protected"}
	rows := pgx.CopyFromFunc(func() ([]any, error) {
		row, err := next()
		if row == nil || err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var previous []byte
		if row.Previous != (account.Ref{}) {
			previous = row.Previous[:]
		}
		var area *string
		if row.Area != "" {
			area = &row.Area
		}
		return []any{
			row.Line,
			row.Person[:],
			previous,
			row.Person[:],
			row.Born,
			row.Municipality,
			area,
			row.Protected,
		}, nil
	})
	err := conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{"staged"}, columns, rows)
		return err
	})
	if stopped := ctx.Err(); err != nil && stopped != nil {
		err = stopped // PostgreSQL may have been the first to say so, in its own words
	}
	if err != nil {
		return fmt.Errorf("copy the roll: %w", err)
	}
	_, err = conn.ExecContext(ctx, "SELECT analyze_staged()")
	return err
}

// lockEntries and asLocks lock the entries of the persons between them against
// credentials (lockEntry), always in one order.
const (
	lockEntries = "SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT entry_lock(?0, person) AS k FROM ("
	asLocks     = ") p (person) ORDER BY k) l"
)

// resolve finds the person behind each row. Where a row brings a new identity
// code for somebody (or a known code turns out to be somebody else's new one),
// the two references become one person: the one whose rights were spent, or
// else the one known before. It returns how many, and the rows that name one
// person twice or whose two references have both voted.
func resolve(ctx context.Context, tx bun.Tx, id string) (moved int, faults roll.Faults, err error) {
	steps := []string{
		`UPDATE staged s SET person = a.person FROM roll_alias a WHERE a.round = ?0 AND a.ref = s.ref`,
		`INSERT INTO moved (line, ref, old, new)
			SELECT s.line, s.previous, coalesce(a.person, s.previous), s.person
			FROM staged s LEFT JOIN roll_alias a ON a.round = ?0 AND a.ref = s.previous
			WHERE s.previous IS NOT NULL AND coalesce(a.person, s.previous) <> s.person`,
		// Whoever is having a credential issued under one of the two references
		// is waited for, and after that has to wait.
		lockEntries + `SELECT old FROM moved UNION SELECT new FROM moved` + asLocks,
		`UPDATE moved m SET kept = CASE WHEN n.spent AND NOT n.old_spent THEN new ELSE old END,
				gone = CASE WHEN n.spent AND NOT n.old_spent THEN old ELSE new END, voted_twice = n.spent AND n.old_spent
			FROM (SELECT line, EXISTS (SELECT FROM spent_right WHERE round = ?0 AND person = new) AS spent,
				EXISTS (SELECT FROM spent_right WHERE round = ?0 AND person = old) AS old_spent FROM moved) n
			WHERE n.line = m.line`,
	}
	for _, step := range steps {
		if _, err := tx.ExecContext(ctx, step, id); err != nil {
			return 0, roll.Faults{}, err
		}
	}
	if err := tx.NewRaw("SELECT count(*) FROM moved").Scan(ctx, &moved); err != nil {
		return 0, roll.Faults{}, err
	}
	if faults, err = faultsBetween(ctx, tx); err != nil || faults.Total > 0 || moved == 0 {
		return moved, faults, err
	}
	for _, step := range []string{
		`UPDATE staged s SET person = m.kept FROM moved m WHERE s.person = m.gone`,
		`UPDATE roll_alias a SET person = m.kept FROM moved m WHERE a.round = ?0 AND a.person = m.gone`,
		`INSERT INTO roll_alias (round, ref, person) SELECT ?0, gone, kept FROM moved`,
	} {
		if _, err := tx.ExecContext(ctx, step, id); err != nil {
			return 0, roll.Faults{}, err
		}
	}
	faults, err = faultsBetween(ctx, tx)
	return moved, faults, err
}

// faultsBetween are the faults that show only when rows are laid beside each
// other.
func faultsBetween(ctx context.Context, tx bun.Tx) (faults roll.Faults, err error) {
	for _, q := range []struct {
		code          roll.FaultCode
		column, query string
	}{
		{roll.FaultSamePerson, "", `SELECT line, first FROM
			(SELECT line, min(line) OVER (PARTITION BY person) AS first FROM staged WHERE person IN
				(SELECT person FROM staged GROUP BY person HAVING count(*) > 1)) s WHERE line > first`},
		{roll.FaultPreviousOnRoll, roll.ColumnPrevious, `SELECT s.line, o.line AS first FROM staged s JOIN staged o
			ON o.ref = s.previous`},
		{roll.FaultPreviousShared, roll.ColumnPrevious, `SELECT line, first FROM
			(SELECT line, min(line) OVER (PARTITION BY person) AS first FROM
				(SELECT line, old AS person FROM moved UNION ALL SELECT line, new FROM moved) p) s WHERE line > first`},
		{roll.FaultBothVoted, roll.ColumnPrevious, `SELECT line, 0 AS first FROM moved WHERE voted_twice`},
	} {
		var rows []struct{ Line, First, Total int }
		if err := tx.NewRaw("SELECT line, first, count(*) OVER () AS total FROM ("+q.query+") f ORDER BY line LIMIT ?",
			roll.MostFaults).Scan(ctx, &rows); err != nil {
			return roll.Faults{}, err
		}
		for _, row := range rows {
			faults.First = append(faults.First, roll.Fault{Line: row.Line, Column: q.column, Code: q.code, Other: row.First})
		}
		if len(rows) > 0 {
			faults.Total += rows[0].Total
		}
	}
	return faults, nil
}

// compare counts what replace would do.
func compare(ctx context.Context, tx bun.Tx, id string) (c roll.Change, err error) {
	err = tx.NewRaw(`
SELECT count(e.person), count(*) FILTER (WHERE e.person IS NULL), count(*) FILTER (WHERE s.person IS NULL),
	count(*) FILTER (WHERE (e.born, e.municipality, e.area, e.protected) IS DISTINCT
	FROM (s.born, s.municipality, s.area, s.protected)
		AND e.person IS NOT NULL AND s.person IS NOT NULL)
FROM (SELECT person, born, municipality, area, protected FROM roll WHERE round = ?) e FULL JOIN staged s
ON s.person = e.person`, id).
		Scan(ctx, &c.Before, &c.Added, &c.Removed, &c.Changed)
	return c, err
}

// replace makes the roll say what is staged.
func replace(ctx context.Context, tx bun.Tx, id string) error {
	for _, step := range []string{
		lockEntries + `SELECT e.person FROM roll e LEFT JOIN staged s ON s.person = e.person WHERE e.round = ?0
			AND (e.born, e.municipality, e.area, e.protected) IS DISTINCT FROM (s.born, s.municipality, s.area, s.protected)` +
			asLocks,
		`DELETE FROM roll e WHERE e.round = ?0 AND NOT EXISTS (SELECT FROM staged s WHERE s.person = e.person)`,
		`UPDATE roll e SET born = s.born, municipality = s.municipality, area = s.area, protected = s.protected FROM staged s
			WHERE e.round = ?0 AND s.person = e.person
			AND (e.born, e.municipality, e.area, e.protected) IS DISTINCT FROM (s.born, s.municipality, s.area, s.protected)`,
		`INSERT INTO roll (round, person, born, municipality, area, protected)
			SELECT ?0, s.person, s.born, s.municipality, s.area, s.protected FROM staged s
			WHERE NOT EXISTS (SELECT FROM roll e WHERE e.round = ?0 AND e.person = s.person) ORDER BY s.person`,
	} {
		if _, err := tx.ExecContext(ctx, step, id); err != nil {
			return rollRefusals.Explain(err)
		}
	}
	return nil
}
