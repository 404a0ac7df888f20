package office

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/domain/staff"
	"osbu/sql/db"
)

// Staff implements staff.Store.
func (s *Store) Staff(ctx context.Context) ([]staff.Member, error) {
	return staffOf(ctx, s.db)
}

func staffOf(ctx context.Context, q bun.IDB) ([]staff.Member, error) {
	members, err := readAll(ctx, q, func(rows *sql.Rows, m *staff.Member) error {
		var roles []string
		err := rows.Scan(&m.Account, &m.Name, pgdialect.Array(&roles), pgdialect.Array(&m.Areas),
			pgdialect.Array(&m.Divisions), &m.SeenAt)
		for _, role := range roles {
			m.Roles = append(m.Roles, domain.Role(role))
		}
		return err
	}, `SELECT s.account, a.name, s.roles, s.areas, s.divisions, s.seen_at FROM staff s JOIN account a ON a.id = s.account
		ORDER BY a.name, a.id`)
	if err != nil {
		return nil, err
	}
	type seat struct {
		account int64
		staff.Place
	}
	seats, err := readAll(ctx, q, func(rows *sql.Rows, p *seat) error {
		return rows.Scan(&p.account, &p.Round, &p.Event, &p.Title.Fi, &p.Title.Sv, &p.Title.En, &p.Assigned)
	}, `SELECT o.account, e.round, e.id, coalesce(e.title ->> 'fi', ''), coalesce(e.title ->> 'sv', ''),
			coalesce(e.title ->> 'en', ''), o.assigned
		FROM officer o JOIN event e ON e.id = o.place ORDER BY e.round, e.id`)
	if err != nil {
		return nil, err
	}
	places := map[int64][]staff.Place{}
	for _, p := range seats {
		places[p.account] = append(places[p.account], p.Place)
	}
	type absence struct {
		account int64
		staff.StandIn
	}
	absences, err := readAll(ctx, q, func(rows *sql.Rows, a *absence) error {
		return rows.Scan(&a.account, &a.Account, &a.Name, &a.From, &a.To)
	}, `SELECT i.account, i.stands_in, a.name, i.from_day, i.to_day FROM stand_in i
		JOIN staff s ON s.account = i.stands_in JOIN account a ON a.id = i.stands_in
		WHERE i.to_day >= (osbu_now() AT TIME ZONE 'UTC')::date`)
	if err != nil {
		return nil, err
	}
	away := map[int64]*staff.StandIn{}
	for _, a := range absences {
		away[a.account] = new(a.StandIn)
	}
	for i, m := range members {
		members[i].Places, members[i].StandIn = places[m.Account], away[m.Account]
	}
	return members, nil
}

// ChangeStandIn implements staff.Store.
func (s *Store) ChangeStandIn(
	ctx context.Context,
	account int64,
	change func([]staff.Member, time.Time) (*staff.StandIn, round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT FROM staff WHERE account = ? FOR UPDATE", account); err != nil {
			return err
		}
		all, err := staffOf(ctx, tx)
		if err != nil {
			return err
		}
		now, err := db.Now(ctx, tx)
		if err != nil {
			return err
		}
		in, entry, err := change(all, now.UTC().Truncate(24*time.Hour))
		if err != nil {
			return err
		}
		if in == nil {
			gone, err := tx.ExecContext(ctx, "DELETE FROM stand_in WHERE account = ?", account)
			if err != nil {
				return err
			}
			if n, err := gone.RowsAffected(); err != nil || n == 0 {
				return err // nobody stood in: nothing to tell
			}
		} else if _, err := tx.ExecContext(ctx, `INSERT INTO stand_in (account, stands_in, from_day, to_day)
			VALUES (?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET (stands_in, from_day, to_day) =
			(excluded.stands_in, excluded.from_day, excluded.to_day)`, account, in.Account,
			in.From.Format(time.DateOnly), in.To.Format(time.DateOnly)); err != nil {
			return err
		}
		rounds, err := readAll(ctx, tx, func(rows *sql.Rows, id *string) error { return rows.Scan(id) },
			"SELECT id FROM round WHERE phase NOT IN ('draft', 'delivering', 'archived') AND source = '' ORDER BY id")
		if err != nil {
			return err
		}
		for _, id := range rounds {
			if _, err := lockRound(ctx, tx, id); err != nil {
				return err
			}
			entry.Round = id
			if err := audit(ctx, tx, entry); err != nil {
				return err
			}
		}
		return nil
	})
}
