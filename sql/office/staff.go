package office

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/staff"
)

// Staff implements staff.Store.
func (s *Store) Staff(ctx context.Context) ([]staff.Member, error) {
	members, err := readAll(ctx, s.db, func(rows *sql.Rows, m *staff.Member) error {
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
	seats, err := readAll(ctx, s.db, func(rows *sql.Rows, p *seat) error {
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
	for i, m := range members {
		members[i].Places = places[m.Account]
	}
	return members, nil
}
