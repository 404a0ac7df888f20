package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/statistics"
)

// Voters implements statistics.Store. The people are those of count_people
// (00030_roll.sql) who have an area, which a protected person has not. This is
// no function in the database: it would read with a snapshot that is older than
// its wait for shuffle_rights, and a truncated table is empty in it.
func (s *Store) Voters(ctx context.Context, round string, bands []int) ([]statistics.Voters, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, v *statistics.Voters) error {
		return rows.Scan(&v.Paper, &v.Area, &v.Band, &v.Used, &v.N)
	}, `
SELECT p.id, e.area, (?2::int[])[width_bucket(extract(year FROM age(r.last, e.born))::int, ?2::int[])],
	s.person IS NOT NULL, count(*)
FROM (SELECT id, moment, age, municipalities, (voting_opens AT TIME ZONE ?1)::date AS first,
		((voting_closes - interval '1 microsecond') AT TIME ZONE ?1)::date AS last
	FROM round WHERE id = ?0) r
JOIN roll e ON e.round = r.id AND e.area IS NOT NULL
	AND (cardinality(r.municipalities) = 0 OR e.municipality = ANY (r.municipalities))
	AND CASE r.moment
		WHEN 'voting' THEN e.born + make_interval(years => r.age) <= r.last
		ELSE extract(year FROM e.born) + r.age <= extract(year FROM r.first)
	END
JOIN paper p ON p.round = r.id
LEFT JOIN spent_right s ON s.round = r.id AND s.person = e.person AND s.paper = p.id
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`, round, s.timeZone.String(), pgdialect.Array(bands))
}

// KeptTurnout implements statistics.Store.
func (s *Store) KeptTurnout(ctx context.Context, round string) (kept statistics.Kept, err error) {
	var papers []byte
	err = s.db.QueryRowContext(ctx, "SELECT at, papers FROM turnout WHERE round = ?", round).Scan(&kept.At, &papers)
	if errors.Is(err, sql.ErrNoRows) {
		return kept, domain.Fail(domain.NotFound, domain.CodeNotFound, "the turnout of %s is not counted yet", round)
	}
	if err != nil {
		return kept, err
	}
	return kept, json.Unmarshal(papers, &kept.Papers)
}

// KeepTurnout implements statistics.Store.
func (s *Store) KeepTurnout(ctx context.Context, round string, papers []statistics.Paper) error {
	text, err := json.Marshal(papers)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, "INSERT INTO turnout (round, papers) VALUES (?, ?::jsonb) ON CONFLICT DO NOTHING",
		round, string(text))
	return err
}

// Costs implements statistics.Store.
func (s *Store) Costs(ctx context.Context, round string) ([]statistics.Cost, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, c *statistics.Cost) error {
		return rows.Scan(&c.Area, &c.All.Projects, &c.All.Estimate, &c.All.Actual,
			&c.Done.Projects, &c.Done.Estimate, &c.Done.Actual, &c.Cancelled)
	}, `
WITH paid AS (
	SELECT proposal, sum(cents) AS cents FROM ledger_line
	WHERE round = ?0 AND proposal IS NOT NULL AND account IN ('spent', 'maintenance') GROUP BY proposal
), project AS (
	SELECT j.area, j.maximum + CASE WHEN r.reserve_maintenance THEN j.maintenance ELSE 0 END AS estimate,
		coalesce(paid.cents, 0) AS actual, d.standing = 'cancelled' AS cancelled,
		d.standing <> 'cancelled' AND d.phase IN ('done', 'warranty') AS done
	FROM delivery d JOIN project j ON j.proposal = d.proposal JOIN round r ON r.id = d.round
	LEFT JOIN paid ON paid.proposal = d.proposal
	WHERE d.round = ?0 AND d.site = 0
)
SELECT a.id, count(p.area), coalesce(sum(p.estimate), 0)::bigint, coalesce(sum(p.actual), 0)::bigint,
	count(p.area) FILTER (WHERE p.done), coalesce(sum(p.estimate) FILTER (WHERE p.done), 0)::bigint,
	coalesce(sum(p.actual) FILTER (WHERE p.done), 0)::bigint, count(p.area) FILTER (WHERE p.cancelled)
FROM area a LEFT JOIN project p ON p.area = a.id
WHERE a.round = ?0 GROUP BY a.id, a.position ORDER BY a.position`, round)
}

var _ statistics.Store = (*Store)(nil)
