package office

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"osbu/domain/delivery"
	"osbu/sql/db"
)

// fittingDeliveries says again what delivery.Report.Late says, for all projects
// at once; a test holds the two against each other. A phase that lies ahead is
// late by its promise or by today, whichever is later (one that lies ahead has
// not begun: delivery.Report), and of those that are reached only the ribbon
// counts. A project is as late as its latest site.
const fittingDeliveries = `
	WITH late AS (
		SELECT d.proposal, max(by.days) FILTER (WHERE d.site = 0) AS whole, max(by.days) FILTER (WHERE d.site > 0) AS sites
		FROM delivery d JOIN delivery_date w ON w.proposal = d.proposal AND w.site = d.site,
			LATERAL (SELECT CASE WHEN strpos(?0, d.phase) < strpos(?0, w.phase) THEN greatest(w.promised, ?1::date) - w.first
				WHEN w.phase = 'done' THEN w.actual - w.first END AS days) by
		WHERE d.standing <> 'cancelled' AND w.first IS NOT NULL AND w.phase <> 'warranty'
			AND (w.actual IS NULL OR w.phase = 'done') AND (?2 = '' OR d.round = ?2)
		GROUP BY d.proposal
	), fits AS (
		SELECT d.proposal, d.phase, d.standing, d.updated_at, o.over, r.voting_closes, d.round, j.number,
			greatest(late.whole, CASE WHEN NOT o.over THEN late.sites END, 0) AS late
		FROM delivery d JOIN project j ON j.proposal = d.proposal JOIN round r ON r.id = d.round
			LEFT JOIN late ON late.proposal = d.proposal,
			LATERAL (SELECT d.standing = 'cancelled' OR d.phase IN ('done', 'warranty') AS over) o
		WHERE d.site = 0 AND (d.round = ?2 OR ?2 = '' AND NOT r.rehearsal) AND (?3 = '' OR j.area = ?3)
			AND (?4 = '' OR j.theme = ?4) AND (?5 = '' OR strpos(lower(concat_ws(E'\n', j.title ->> 'fi', j.title ->> 'sv',
				j.title ->> 'en')), ?5) > 0) AND (?6 = '' OR d.division = ?6)
	)`

// listDeliveries is a page of them, and how many there are.
const listDeliveries = fittingDeliveries + `, found AS (
		SELECT proposal, over, late, updated_at, voting_closes, round, number FROM fits
		WHERE (?7 = '' OR phase = ?7 AND standing <> 'cancelled') AND (?8 = '' OR standing = ?8)
			AND (NOT ?9 OR late > 0)
	)
	SELECT (SELECT count(*) FROM found), count(*), count(*) FILTER (WHERE late > 0 AND NOT over),
		count(*) FILTER (WHERE standing = 'cancelled'),
		(SELECT coalesce(jsonb_object_agg(phase, n), '{}') FROM (SELECT phase, count(*) AS n FROM fits
			WHERE standing <> 'cancelled' GROUP BY phase) p),
		to_jsonb(ARRAY (SELECT proposal FROM found
			ORDER BY over, late DESC, updated_at DESC, voting_closes DESC, round, number OFFSET ?10 LIMIT ?11))
	FROM fits`

// DeliveryList implements delivery.Lists.
func (s *Store) DeliveryList(ctx context.Context, l delivery.List, zone *time.Location) (delivery.Found, error) {
	found := delivery.Found{Summary: delivery.Summary{Phases: map[delivery.Phase]int{}}}
	now, err := db.Now(ctx, s.db)
	if err != nil {
		return found, err
	}
	var phases, proposals []byte
	sum := &found.Summary
	err = s.db.QueryRowContext(ctx, listDeliveries, phaseOrder(),
		now.In(zone).Format(time.DateOnly), l.Round, l.Area, l.Theme, l.Words, l.Division, string(l.Phase),
		string(l.Standing), l.Late, l.From, l.Limit).
		Scan(&found.Total, &sum.All, &sum.Late, &sum.Cancelled, &phases, &proposals)
	if err != nil {
		return found, err
	}
	err = errors.Join(json.Unmarshal(phases, &sum.Phases), json.Unmarshal(proposals, &found.Proposals))
	sum.Done = sum.Phases[delivery.Done] + sum.Phases[delivery.Warranty]
	return found, err
}

// phaseOrder are the phases in their order; none is a part of another.
func phaseOrder() string {
	var order strings.Builder
	for _, p := range delivery.Phases {
		order.WriteString(string(p) + " ")
	}
	return order.String()
}
