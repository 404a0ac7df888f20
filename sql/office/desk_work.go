package office

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/proposal/desk"
)

// Waiting implements desk.Workload.
func (s *Store) Waiting(
	ctx context.Context,
	roundID string,
	account int64,
	areas, divisions []string,
) ([]desk.Waiting, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, w *desk.Waiting) error {
		return rows.Scan(&w.Kind, &w.Count)
	}, "SELECT kind, waiting FROM work_of(?, ?::text[], ?::text[], osbu_now(), ?) "+
		"ORDER BY array_position(?::text[], kind)",
		account, pgdialect.Array(areas), pgdialect.Array(divisions), roundID, pgdialect.Array(workKinds))
}

// waitsIn are the proposals of a round that wait for a decision in these areas
// (null: all), as the queue lists them.
const waitsIn = `p.round = ?0 AND p.submitted_at IS NOT NULL AND (?1::text[] IS NULL OR p.area = ANY (?1::text[]))
	AND p.state IN ('submitted', 'in_evaluation', 'needs_information', 'appealed')`

const (
	unanswered    = "(p.state = 'needs_information' AND p.answer_by <= osbu_now())"
	estimateLate  = "(p.estimation = 'waiting' AND p.estimate_by <= osbu_now())"
	countedInLate = "count(*), count(*) FILTER (WHERE " + unanswered + ")"
)

// Overview implements desk.Overviews.
func (s *Store) Overview(ctx context.Context, roundID string, areas []string) (o desk.Overview, err error) {
	err = s.db.RunInTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		func(ctx context.Context, tx bun.Tx) error {
			o, err = s.overview(ctx, tx, roundID, areas)
			return err
		})
	return o, err
}

func (s *Store) overview(ctx context.Context, tx bun.IDB, roundID string, areas []string) (o desk.Overview, err error) {
	in := pgdialect.Array(areas)
	if err = tx.QueryRowContext(ctx, "SELECT "+countedInLate+", count(*) FILTER (WHERE p.estimation = 'waiting') "+
		"FROM proposal AS p WHERE "+waitsIn, roundID, in).Scan(&o.Waiting, &o.Late, &o.ToEstimate); err != nil {
		return o, err
	}
	if err = tx.QueryRowContext(ctx, `SELECT count(*) FROM proposal AS p WHERE p.round = ?0
		AND (?1::text[] IS NULL OR p.area = ANY (?1::text[]))
		AND p.state IN ('in_evaluation', 'accepted', 'on_ballot') AND `+inOneLanguage, roundID, in).
		Scan(&o.Untranslated); err != nil {
		return o, err
	}
	share := func(rows *sql.Rows, one *desk.Share) error {
		return rows.Scan(&one.ID, &one.Name, &one.Waiting, &one.Late)
	}
	if o.Areas, err = readAll(ctx, tx, share, "SELECT coalesce(p.area, ''), '', "+countedInLate+
		" FROM proposal AS p WHERE "+waitsIn+" GROUP BY p.area ORDER BY 3 DESC, 1", roundID, in); err != nil {
		return o, err
	}
	if o.People, err = readAll(ctx, tx, share, "SELECT coalesce(p.facilitator::text, ''), max(p.facilitator_name), "+
		countedInLate+" FROM proposal AS p WHERE "+waitsIn+" GROUP BY p.facilitator ORDER BY 3 DESC, 2, 1",
		roundID, in); err != nil {
		return o, err
	}
	if o.Divisions, err = readAll(ctx, tx, share, "SELECT p.division, '', count(*), count(*) FILTER (WHERE "+
		estimateLate+") FROM proposal AS p WHERE "+waitsIn+
		" AND p.estimation = 'waiting' GROUP BY p.division ORDER BY 3 DESC, 1", roundID, in); err != nil {
		return o, err
	}
	if o.Ages, err = readAll(ctx, tx, func(rows *sql.Rows, a *desk.Age) error {
		return rows.Scan(&a.Days, &a.Waiting)
	}, `SELECT days, (SELECT count(*) FROM proposal AS p WHERE `+waitsIn+`
			AND p.submitted_at <= osbu_now() - make_interval(days => days))
		FROM unnest(?2::int[]) AS days ORDER BY days`, roundID, in, pgdialect.Array(desk.Ages)); err != nil {
		return o, err
	}
	o.Days, err = readAll(ctx, tx, func(rows *sql.Rows, d *desk.Day) error {
		return rows.Scan(&d.Day, &d.Submitted, &d.Decided)
	}, `SELECT day::date, (SELECT count(*) FROM proposal AS p WHERE p.round = ?0
			AND (?1::text[] IS NULL OR p.area = ANY (?1::text[])) AND (p.submitted_at AT TIME ZONE ?2)::date = day::date),
		(SELECT count(*) FROM proposal_version AS v JOIN proposal AS p ON p.id = v.proposal WHERE p.round = ?0
			AND (?1::text[] IS NULL OR p.area = ANY (?1::text[])) AND v.action IN ('accept', 'reject')
			AND (v.at AT TIME ZONE ?2)::date = day::date)
		FROM (SELECT (osbu_now() AT TIME ZONE ?2)::date - n AS day FROM generate_series(0, ?3 - 1) AS n) AS days
		ORDER BY day DESC`, roundID, in, s.timeZone.String(), desk.OverviewDays)
	return o, err
}
