package office

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain/account"
	"osbu/domain/helpdesk"
	"osbu/domain/round"
	"osbu/sql/db"
)

// LookUpPerson implements helpdesk.Store. Its tables are locked in the order in
// which shuffle_rights comes to them; one look-up waits for another, so that
// none is counted twice.
func (s *Store) LookUpPerson(
	ctx context.Context,
	id string,
	by int64,
	holder account.Ref,
	person string,
	day func(time.Time) time.Time,
	decide func(helpdesk.Looking) (helpdesk.Trace, round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.Tx.ExecContext(ctx, "LOCK TABLE desk_look_up IN ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		var held string
		if err := tx.Tx.QueryRowContext(ctx,
			"SELECT pg_advisory_xact_lock(hashtextextended('desk_look_up ' || $1, 0))::text", id).Scan(&held); err != nil {
			return err
		}
		st, _, err := readState(ctx, tx.Tx, id, holder)
		if err != nil {
			return err
		}
		l := helpdesk.Looking{State: st}
		if err := tx.Tx.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE person = $2), count(*) FILTER (WHERE account = $3)
			FROM desk_look_up WHERE round = $1 AND day = $4`, id, person, by, day(st.Now)).
			Scan(&l.OfPerson, &l.ByOne); err != nil {
			return err
		}
		t, entry, err := decide(l)
		if err != nil {
			return err
		}
		if _, err := tx.Tx.ExecContext(ctx,
			"INSERT INTO desk_look_up (round, account, day, person, reason) VALUES ($1, $2, $3, $4, $5)",
			id, by, t.Day, t.Person, string(t.Reason)); err != nil {
			return err
		}
		return audit(ctx, tx, entry)
	})
}

// PastLookUps implements helpdesk.Store.
func (s *Store) PastLookUps(ctx context.Context, person func(string) string) ([]helpdesk.Past, error) {
	rounds, err := readAll(ctx, s.db, func(rows *sql.Rows, id *string) error { return rows.Scan(id) },
		"SELECT id FROM round WHERE phase <> 'draft' ORDER BY id")
	if err != nil {
		return nil, err
	}
	people := make([]string, len(rounds))
	for i, id := range rounds {
		people[i] = person(id)
	}
	return readAll(ctx, s.db.DB.DB, func(rows *sql.Rows, p *helpdesk.Past) error {
		return rows.Scan(&p.Round, &p.Name.Fi, &p.Name.Sv, &p.Name.En, &p.Day, &p.Role, &p.Reason)
	}, `
SELECT DISTINCT r.id, coalesce(r.name ->> 'fi', ''), coalesce(r.name ->> 'sv', ''), coalesce(r.name ->> 'en', ''),
	l.day, l.role, l.reason
FROM unnest($1::text[], $2::text[]) AS a (round, person) JOIN round r ON r.id = a.round JOIN (
	SELECT round, person, day, 'help_desk' AS role, reason FROM desk_look_up
	UNION ALL
	SELECT round, person, day, 'officer', '' FROM look_up
) l ON l.round = a.round AND l.person = a.person
ORDER BY l.day DESC, r.id, l.role, l.reason`, rounds, people)
}
