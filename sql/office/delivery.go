package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/round"
	"osbu/sql/db"
)

var deliveryRefusals = db.Refusals{
	"delivery_of_selected": domain.Fail(domain.Closed, domain.CodePhase, "the round delivers nothing now"),
}

// documentRow and dateRow are how documents and dates are kept in a report.
type (
	documentRow struct {
		Title   domain.Text `json:"title"`
		Address string      `json:"address"`
	}
	dateRow struct {
		Phase    string `json:"phase"`
		First    string `json:"first,omitempty"`
		Promised string `json:"promised,omitempty"`
		Actual   string `json:"actual,omitempty"`
	}
)

const selectDeliveries = `
	SELECT d.proposal, d.site, d.round, d.version, d.name, d.latitude, d.longitude, d.phase, d.standing, d.reason,
		d.division, d.contact, d.difference, d.documents, d.updated_at, d.external,
		j.number, j.area, a.name, coalesce(j.theme, ''), coalesce(t.name, '{}'), r.name, r.rehearsal, j.title,
		j.maximum + CASE WHEN r.reserve_maintenance THEN j.maintenance ELSE 0 END, j.latitude, j.longitude,
		` + firstImage + `,
		(SELECT coalesce(jsonb_agg(jsonb_build_object('phase', w.phase, 'first', w.first, 'promised', w.promised,
			'actual', w.actual)), '[]') FROM delivery_date w WHERE w.proposal = d.proposal AND w.site = d.site)
	FROM delivery d JOIN project j ON j.proposal = d.proposal JOIN proposal p ON p.id = d.proposal
		JOIN round r ON r.id = d.round
		JOIN area a ON a.round = d.round AND a.id = j.area
		LEFT JOIN theme t ON t.round = d.round AND t.id = j.theme
	WHERE (?0 = '' OR d.round = ?0) AND (?1 = 0 OR j.number = ?1) AND (?2::text[] IS NULL OR d.division = ANY (?2))
		AND (?3::bigint[] IS NULL OR d.proposal = ANY (?3))
	ORDER BY r.voting_closes DESC, d.round, j.number, d.site`

func scanDelivery(rows *sql.Rows, d *delivery.Delivery) error {
	var name, reason, contact, difference, documents, area, theme, of, title, dates, image []byte
	var latitude, longitude, projectLatitude, projectLongitude *float64
	var when []dateRow
	var papers []documentRow
	p := &d.Project
	err := rows.Scan(&d.Proposal, &d.Site, &d.Round, &d.Version, &name, &latitude, &longitude, &d.Phase, &d.Standing,
		&reason, &d.Division, &contact, &difference, &documents, &d.UpdatedAt, &d.External,
		&p.Number, &p.Area, &area, &p.Theme, &theme, &of, &p.Rehearsal, &title, &p.Reserved, &projectLatitude,
		&projectLongitude, &image, &dates)
	err = errors.Join(err, json.Unmarshal(name, &d.Name), json.Unmarshal(reason, &d.Reason),
		json.Unmarshal(contact, &d.Contact), json.Unmarshal(difference, &d.Difference),
		json.Unmarshal(documents, &papers), json.Unmarshal(area, &p.AreaName), json.Unmarshal(theme, &p.ThemeName),
		json.Unmarshal(of, &p.RoundName), json.Unmarshal(title, &p.Title), json.Unmarshal(dates, &when))
	if d.Point = pointOf(latitude, longitude); d.Point == nil && d.Site == 0 {
		d.Point = pointOf(projectLatitude, projectLongitude)
	}
	if image != nil {
		var row imageRow
		err = errors.Join(err, json.Unmarshal(image, &row))
		p.Image = new(proposal.Image(row))
	}
	for _, one := range papers {
		d.Documents = append(d.Documents, delivery.Document(one))
	}
	d.Dates = datesOf(when)
	return err
}

// datesOf are dates in the order of their phases.
func datesOf(rows []dateRow) []delivery.Date {
	var dates []delivery.Date
	for _, p := range delivery.Phases {
		for _, row := range rows {
			if row.Phase == string(p) {
				dates = append(dates, delivery.Date{
					Phase: p, First: row.First, Promised: row.Promised, Actual: row.Actual,
				})
			}
		}
	}
	return dates
}

func readDeliveries(ctx context.Context, q bun.IDB, of delivery.Of) ([]delivery.Delivery, error) {
	return readAll(ctx, q, scanDelivery, selectDeliveries, of.Round, of.Number, pgdialect.Array(of.Divisions),
		pgdialect.Array(of.Proposals))
}

// Deliveries implements delivery.Store.
func (s *Store) Deliveries(ctx context.Context, of delivery.Of) ([]delivery.Delivery, time.Time, error) {
	now, err := db.Now(ctx, s.db)
	if err != nil {
		return nil, now, err
	}
	all, err := readDeliveries(ctx, s.db, of)
	return all, now, err
}

// Reports implements delivery.Store.
func (s *Store) Reports(ctx context.Context, proposal int64) ([]delivery.Past, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, p *delivery.Past) error {
		var reason, news, dates []byte
		var when []dateRow
		err := rows.Scan(&p.Site, &p.Version, &p.At, &p.Action, &p.Phase, &p.Standing, &reason, &p.Division, &news,
			&dates, &p.Erased)
		err = errors.Join(err, json.Unmarshal(reason, &p.Reason), json.Unmarshal(news, &p.News),
			json.Unmarshal(dates, &when))
		p.Dates = datesOf(when)
		return err
	}, `SELECT site, version, at, action, phase, standing, reason, division, news, dates, erased_by <> ''
		FROM delivery_report WHERE proposal = ? ORDER BY at, site, version`, proposal)
}

// Shared implements delivery.Store.
func (s *Store) Shared(ctx context.Context, proposal int64) ([]delivery.Shared, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, one *delivery.Shared) error {
		var name, title []byte
		err := rows.Scan(&one.Site, &one.Round, &name, &one.Number, &title, &one.Paid)
		return errors.Join(err, json.Unmarshal(name, &one.RoundName), json.Unmarshal(title, &one.Title))
	}, `SELECT m.site, d.round, r.name, j.number, j.title, coalesce((SELECT sum(l.cents) FROM ledger_line l
			WHERE l.proposal = d.proposal AND l.account IN ('spent', 'maintenance')), 0)::bigint
		FROM delivery m JOIN round o ON o.id = m.round AND NOT o.rehearsal
			JOIN delivery d ON d.external = m.external AND d.proposal <> m.proposal
			JOIN round r ON r.id = d.round AND NOT r.rehearsal JOIN project j ON j.proposal = d.proposal
		WHERE m.proposal = ? AND m.external <> '' ORDER BY m.site, r.voting_closes DESC, d.round, j.number, d.site`,
		proposal)
}

// News implements delivery.Store.
func (s *Store) News(ctx context.Context, roundID, area string, most int) ([]delivery.News, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, n *delivery.News) error {
		var title, name, areaName, news []byte
		err := rows.Scan(&n.Round, &n.Number, &n.Site, &n.Version, &n.At, &title, &name, &n.Area, &areaName, &n.Phase,
			&news)
		return errors.Join(err, json.Unmarshal(title, &n.Title), json.Unmarshal(name, &n.Name),
			json.Unmarshal(areaName, &n.AreaName), json.Unmarshal(news, &n.Text))
	}, `SELECT d.round, j.number, w.site, w.version, w.at, j.title, d.name, j.area, a.name, w.phase, w.news
		FROM delivery_report w JOIN delivery d ON d.proposal = w.proposal AND d.site = w.site
			JOIN project j ON j.proposal = d.proposal JOIN round r ON r.id = d.round
			JOIN area a ON a.round = d.round AND a.id = j.area
		WHERE w.news <> '{}' AND (NOT r.rehearsal OR ?0 <> '') AND (?0 = '' OR d.round = ?0) AND (?1 = '' OR j.area = ?1)
		ORDER BY w.at DESC, d.round, j.number, w.site LIMIT ?2`, roundID, area, most)
}

// holdDeliveries locks a project's delivery with its sites, and holds the round
// in its phase.
func holdDeliveries(
	ctx context.Context,
	tx bun.Tx,
	roundID string,
	number int,
) (round.At, []delivery.Delivery, error) {
	r, err := holdRound(ctx, tx, roundID)
	if err != nil {
		return r, nil, err
	}
	if _, err := tx.ExecContext(ctx, `SELECT FROM delivery d JOIN project j ON j.proposal = d.proposal
		WHERE d.round = ? AND j.number = ? ORDER BY d.site FOR NO KEY UPDATE OF d`, roundID, number); err != nil {
		return r, nil, err
	}
	all, err := readDeliveries(ctx, tx, delivery.Of{Round: roundID, Number: number})
	if err == nil && len(all) == 0 {
		err = domain.Fail(domain.NotFound, domain.CodeNotFound, "no project %d is delivered in %s", number, roundID)
	}
	return r, all, err
}

// ChangeDelivery implements delivery.Store.
func (s *Store) ChangeDelivery(
	ctx context.Context,
	roundID string,
	number, site int,
	account int64,
	change func(round.At, *delivery.Delivery) (delivery.Change, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, all, err := holdDeliveries(ctx, tx, roundID, number)
		if err != nil {
			return err
		}
		var before *delivery.Delivery
		for i := range all {
			if all[i].Site == site {
				before = &all[i]
			}
		}
		if before == nil {
			return domain.Fail(domain.NotFound, domain.CodeNotFound, "project %d has no site %d", number, site)
		}
		d := *before
		c, err := change(r, &d)
		if err != nil {
			return err
		}
		if err := writeDelivery(ctx, tx, d, before.Dates, account, c); err != nil {
			return err
		}
		if d.News == (domain.Text{}) && d.Phase == before.Phase && d.Standing == before.Standing {
			return nil
		}
		return writeDeliveryEmails(ctx, tx, d.Proposal)
	})
}

// AddSite implements delivery.Store.
func (s *Store) AddSite(
	ctx context.Context,
	roundID string,
	number int,
	account int64,
	build func(round.At, []delivery.Delivery) (delivery.Delivery, delivery.Change, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, all, err := holdDeliveries(ctx, tx, roundID, number)
		if err != nil {
			return err
		}
		d, c, err := build(r, all)
		if err != nil {
			return err
		}
		return writeDelivery(ctx, tx, d, nil, account, c)
	})
}

// writeDelivery stores what a report says, as it is and as history.
func writeDelivery(
	ctx context.Context,
	tx bun.Tx,
	d delivery.Delivery,
	before []delivery.Date,
	account int64,
	c delivery.Change,
) error {
	papers := make([]documentRow, len(d.Documents))
	for i, one := range d.Documents {
		papers[i] = documentRow(one)
	}
	changed := delivery.ChangedDates(before, d.Dates)
	when := make([]dateRow, len(changed))
	for i, one := range changed {
		when[i] = dateRow{Phase: string(one.Phase), First: one.First, Promised: one.Promised, Actual: one.Actual}
	}
	var latitude, longitude *float64
	if d.Point != nil && d.Site > 0 { // a project's own is where people voted for it
		latitude, longitude = &d.Point.Latitude, &d.Point.Longitude
	}
	documents, err := json.Marshal(papers)
	if err != nil {
		return err
	}
	dates, err := json.Marshal(when)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO delivery (proposal, site, round, version, name, latitude, longitude, phase, standing, reason,
			division, contact, difference, documents, updated_at)
		VALUES (?0, ?1, ?2, ?3, ?4::jsonb, ?5, ?6, ?7, ?8, ?9::jsonb, ?10, ?11::jsonb, ?12::jsonb, ?13::jsonb, ?14)
		ON CONFLICT (proposal, site) DO UPDATE SET (version, phase, standing, reason, division, contact, difference,
			documents, updated_at) = (excluded.version, excluded.phase, excluded.standing, excluded.reason,
			excluded.division, excluded.contact, excluded.difference, excluded.documents, excluded.updated_at)`,
		d.Proposal, d.Site, d.Round, d.Version, textJSON(d.Name), latitude, longitude, string(d.Phase),
		string(d.Standing), textJSON(d.Reason), d.Division, textJSON(d.Contact), textJSON(d.Difference),
		string(documents), d.UpdatedAt); err != nil {
		return deliveryRefusals.Explain(err)
	}
	for _, one := range changed {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO delivery_date (proposal, site, phase, first, promised, actual)
			VALUES (?0, ?1, ?2, nullif(?3, '')::date, nullif(?4, '')::date, nullif(?5, '')::date)
			ON CONFLICT (proposal, site, phase) DO UPDATE SET (first, promised, actual) = (excluded.first,
				excluded.promised, excluded.actual)`,
			d.Proposal, d.Site, string(one.Phase), one.First, one.Promised, one.Actual); err != nil {
			return deliveryRefusals.Explain(err)
		}
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO delivery_report (proposal, site, version, at, by, action, phase, standing, reason, division, news, dates)
		VALUES (?0, ?1, ?2, ?3, nullif(?4, 0), ?5, ?6, ?7, ?8::jsonb, ?9, ?10::jsonb, ?11::jsonb)`,
		d.Proposal, d.Site, d.Version, d.UpdatedAt, account, string(c.Action), string(d.Phase), string(d.Standing),
		textJSON(d.Reason), d.Division, textJSON(d.News), string(dates)); err != nil || c.Audit == nil {
		return deliveryRefusals.Explain(err)
	}
	return audit(ctx, tx, *c.Audit)
}

// textJSON is a text as it is kept; of an empty one nothing but braces.
func textJSON(t domain.Text) string {
	if t == (domain.Text{}) {
		return "{}"
	}
	text, err := json.Marshal(t)
	if err != nil {
		panic(err) // plain strings
	}
	return string(text)
}

// openDeliveries begins what becomes of the selected projects, in the
// transaction that publishes the result; each is the division's that estimated
// it.
func openDeliveries(ctx context.Context, tx bun.Tx, roundID string) error {
	type begun struct {
		proposal int64
		division string
	}
	all, err := readAll(ctx, tx, func(rows *sql.Rows, b *begun) error {
		return rows.Scan(&b.proposal, &b.division)
	}, `SELECT p.id, coalesce(p.division, '') FROM proposal p WHERE p.round = ? AND p.state = 'selected' ORDER BY p.id`,
		roundID)
	if err != nil || len(all) == 0 {
		return err
	}
	now, err := db.Now(ctx, tx)
	if err != nil {
		return err
	}
	for _, b := range all {
		d := delivery.Delivery{
			Round: roundID, Proposal: b.proposal, Version: 1, Report: delivery.Open(b.division), UpdatedAt: now,
		}
		if err := writeDelivery(ctx, tx, d, nil, 0, delivery.Change{Action: delivery.ToOpen}); err != nil {
			return err
		}
	}
	return nil
}

// writeDeliveryEmails tells authors and followers that there is something new.
func writeDeliveryEmails(ctx context.Context, q bun.IDB, proposal int64) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO outbox (account, notification, kind, proposal)
		SELECT m.account, ?0, r.kind, ?2
		FROM (
			SELECT a.account, ?1 AS kind FROM author a WHERE a.proposal = ?2
			UNION
			SELECT f.account, 'followed' FROM proposal_sources(?2, true) AS source JOIN follow f ON f.proposal = source
			WHERE NOT EXISTS (SELECT FROM author a WHERE a.proposal = ?2 AND a.account = f.account)
		) r JOIN mailbox m ON m.account = r.account
		WHERE m.confirmed AND r.kind <> ALL (m.muted)`,
		string(post.Delivered), string(post.Delivered.Kind()), proposal)
	return err
}

// EraseNews implements delivery.Store.
func (s *Store) EraseNews(
	ctx context.Context,
	roundID string,
	number, site, version int,
	name string,
	note func(round.Round) (round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `UPDATE delivery_report w SET news = '{}', erased_by = ?
			FROM project j WHERE j.proposal = w.proposal AND j.round = ? AND j.number = ? AND w.site = ? AND w.version = ?
			AND w.news <> '{}'`, name, roundID, number, site, version)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, domain.Fail(domain.NotFound, domain.CodeNotFound, "no such news"))
		}
		entry, err := note(r.Round)
		if err != nil {
			return err
		}
		return audit(ctx, tx, entry)
	})
}

// Divisions implements delivery.Store.
func (s *Store) Divisions(ctx context.Context, roundID string) (map[string]domain.Text, error) {
	kept, err := deskOf(ctx, s.db, roundID)
	if err != nil {
		return nil, err
	}
	if kept == nil {
		kept = new(desk.Standard())
	}
	divisions := map[string]domain.Text{}
	for _, d := range kept.Divisions {
		divisions[d.ID] = d.Name
	}
	return divisions, nil
}
