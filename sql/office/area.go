package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/area"
	"osbu/domain/delivery"
	"osbu/domain/ledger"
	"osbu/domain/round"
	"osbu/sql/db"
)

// summaries count what is delivered by round.
const summaries = fittingDeliveries + `
	SELECT round, sum(n)::int, sum(late)::int, coalesce(sum(n) FILTER (WHERE standing = 'cancelled'), 0)::int,
		coalesce(jsonb_object_agg(phase, n) FILTER (WHERE phase IS NOT NULL), '{}')
	FROM (SELECT round, CASE WHEN standing <> 'cancelled' THEN phase END AS phase,
			CASE WHEN standing = 'cancelled' THEN standing END AS standing, count(*) AS n,
			count(*) FILTER (WHERE late > 0 AND NOT over) AS late
		FROM fits GROUP BY 1, 2, 3) f GROUP BY round`

// AreaRounds implements area.Store.
func (s *Store) AreaRounds(ctx context.Context, id, roundID string, zone *time.Location) ([]area.Round, error) {
	rounds, err := readAll(ctx, s.db, func(rows *sql.Rows, r *area.Round) error {
		var name, areaName, papers, kept []byte
		err := rows.Scan(&r.ID, &name, &areaName, &r.Phase, &r.Pot, pgdialect.Array(&r.PostalCodes), &papers, &kept)
		err = errors.Join(err, json.Unmarshal(name, &r.Name), json.Unmarshal(areaName, &r.AreaName))
		if kept != nil {
			err = errors.Join(err, json.Unmarshal(kept, &r.Kept))
		}
		var named []struct {
			ID   string      `json:"id"`
			Name domain.Text `json:"name"`
		}
		err = errors.Join(err, json.Unmarshal(papers, &named))
		for _, p := range named {
			r.Papers = append(r.Papers, round.Paper{ID: p.ID, Name: p.Name})
		}
		r.Balances, r.Projects.Phases = ledger.Balances{}, map[delivery.Phase]int{}
		return err
	}, `SELECT r.id, r.name, a.name, r.phase, a.pot, a.postal_codes,
			(SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name)), '[]') FROM paper p
				WHERE p.round = r.id),
			(SELECT papers FROM turnout t WHERE t.round = r.id)
		FROM round r JOIN area a ON a.round = r.id
		WHERE a.id = ?0 AND r.phase <> 'draft' AND (r.id = ?1 OR ?1 = '' AND NOT r.rehearsal)
		ORDER BY r.voting_closes DESC, r.id`, id, roundID)
	if err != nil || len(rounds) == 0 {
		return nil, err
	}
	at := map[string]*area.Round{}
	for i := range rounds {
		at[rounds[i].ID] = &rounds[i]
	}
	type total struct {
		round   string
		account ledger.Account
		cents   domain.Cents
	}
	totals, err := readAll(ctx, s.db, func(rows *sql.Rows, t *total) error {
		return rows.Scan(&t.round, &t.account, &t.cents)
	}, "SELECT round, account, sum(cents)::bigint FROM ledger_line WHERE area = ? GROUP BY round, account", id)
	if err != nil {
		return nil, err
	}
	for _, t := range totals {
		if r := at[t.round]; r != nil {
			r.Balances[t.account] = t.cents
		}
	}
	now, err := db.Now(ctx, s.db)
	if err != nil {
		return nil, err
	}
	type summary struct {
		round string
		delivery.Summary
	}
	found, err := readAll(ctx, s.db, func(rows *sql.Rows, one *summary) error {
		var phases []byte
		err := rows.Scan(&one.round, &one.All, &one.Late, &one.Cancelled, &phases)
		return errors.Join(err, json.Unmarshal(phases, &one.Phases))
	}, summaries, phaseOrder(), now.In(zone).Format(time.DateOnly), roundID, id, "", "", "")
	if err != nil {
		return nil, err
	}
	for _, one := range found {
		if r := at[one.round]; r != nil {
			one.Done = one.Phases[delivery.Done] + one.Phases[delivery.Warranty]
			r.Projects = one.Summary
		}
	}
	return rounds, nil
}

// AreaName implements area.Store.
func (s *Store) AreaName(ctx context.Context, id string) (name domain.Text, err error) {
	var text []byte
	err = s.db.QueryRowContext(ctx, `SELECT a.name FROM round r JOIN area a ON a.round = r.id
		WHERE a.id = ? AND r.phase <> 'draft' ORDER BY r.rehearsal, r.voting_closes DESC, r.id LIMIT 1`, id).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return name, area.Unknown(id)
	}
	if err != nil {
		return name, err
	}
	return name, json.Unmarshal(text, &name)
}
