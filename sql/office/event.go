package office

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/event"
	"osbu/domain/round"
	"osbu/sql/db"
)

type eventRow struct {
	bun.BaseModel `bun:"table:event,alias:e"`

	ID         int64       `bun:"id,pk,autoincrement"`
	Round      string      `bun:"round"`
	State      string      `bun:"state"`
	Version    int         `bun:"version"`
	Kind       string      `bun:"kind"`
	Area       string      `bun:"area,nullzero"`
	Title      domain.Text `bun:"title,type:jsonb"`
	About      domain.Text `bun:"about,type:jsonb"`
	Place      string      `bun:"place"`
	Address    string      `bun:"address"`
	Latitude   *float64    `bun:"latitude"`
	Longitude  *float64    `bun:"longitude"`
	Languages  []string    `bun:"languages,array"`
	Access     []string    `bun:"access,array"`
	AccessNote domain.Text `bun:"access_note,type:jsonb"`
	Seats      int         `bun:"seats"`
	LastTime   int         `bun:"last_time"`
	Reason     domain.Text `bun:"reason,type:jsonb"`
	Summary    domain.Text `bun:"summary,type:jsonb"`
	CreatedAt  time.Time   `bun:"created_at"`
	UpdatedAt  time.Time   `bun:"updated_at"`

	Next time.Time `bun:"next,scanonly"`
}

var eventRefusals = db.Refusals{
	"event_proposal_proposal_fkey": domain.Fail(domain.NotFound, domain.CodeNotFound, "no such proposal"),
	"event_announced": domain.Fail(
		domain.Conflict,
		event.CodeState,
		"what was announced is not taken back",
	),
	"seat_left": domain.Fail(domain.Conflict, event.CodeState, "the event has no seat left"),
}

// AddEvent implements event.Store.
func (s *Store) AddEvent(
	ctx context.Context,
	roundID string,
	build func(round.At) (event.Event, error),
) (e event.Event, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		if e, err = build(r); err != nil {
			return err
		}
		row := rowOfEvent(e, len(e.Text.Times))
		if _, err := tx.NewInsert().Model(&row).Returning("id").Exec(ctx); err != nil {
			return eventRefusals.Explain(err)
		}
		e.ID = row.ID
		return addTimes(ctx, tx, e)
	})
	return e, err
}

// ChangeEvent implements event.Store.
func (s *Store) ChangeEvent(
	ctx context.Context,
	roundID string,
	id int64,
	change func(round.At, *event.Event, *int) (event.Change, error),
) (e event.Event, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, held, lastTime, err := holdEvent(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		e = held
		c, err := change(r, &e, &lastTime)
		if err != nil {
			return err
		}
		if c.Discard {
			_, err := tx.ExecContext(ctx, "DELETE FROM event WHERE id = ?", id)
			return eventRefusals.Explain(err)
		}
		row := rowOfEvent(e, lastTime)
		if _, err := tx.NewUpdate().Model(&row).ExcludeColumn("round", "created_at").WherePK().Exec(ctx); err != nil {
			return eventRefusals.Explain(err)
		}
		if err := keepTimes(ctx, tx, e); err != nil {
			return err
		}
		if err := linkProposals(ctx, tx, &e); err != nil {
			return err
		}
		if err := moveUp(ctx, tx, &e); err != nil {
			return err
		}
		if err := tellSeated(ctx, tx, c, e); err != nil || c.Audit == nil {
			return err
		}
		return audit(ctx, tx, *c.Audit)
	})
	return e, err
}

// holdEvent locks the event, with its round held against its next step.
func holdEvent(
	ctx context.Context,
	tx bun.Tx,
	roundID string,
	id int64,
) (r round.At, e event.Event, lastTime int, err error) {
	if r, err = holdRound(ctx, tx, roundID); err != nil {
		return r, e, 0, err
	}
	if err = tx.QueryRowContext(ctx, "SELECT last_time FROM event WHERE round = ? AND id = ? FOR NO KEY UPDATE", roundID,
		id).Scan(&lastTime); err != nil {
		return r, e, 0, eventRefusals.Explain(err)
	}
	found, err := readEvents(ctx, tx, roundID, event.List{ID: id, Limit: 1})
	if err != nil {
		return r, e, 0, err
	}
	return r, found[0], lastTime, nil
}

func addTimes(ctx context.Context, tx bun.Tx, e event.Event) error {
	for _, t := range e.Text.Times {
		if _, err := tx.ExecContext(ctx, `INSERT INTO event_time (event, number, begins, ends) VALUES (?, ?, ?, ?)
			ON CONFLICT (event, number) DO UPDATE SET begins = excluded.begins, ends =
			excluded.ends`, e.ID, t.Number, t.Begins, t.Ends); err != nil {
			return err
		}
	}
	return nil
}

// keepTimes makes the times those that the event now has.
func keepTimes(ctx context.Context, tx bun.Tx, e event.Event) error {
	numbers := make([]int64, len(e.Text.Times))
	for i, t := range e.Text.Times {
		numbers[i] = int64(t.Number)
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM event_time WHERE event = ? AND number <> ALL (?)", e.ID,
		pgdialect.Array(numbers)); err != nil {
		return err
	}
	return addTimes(ctx, tx, e)
}

// linkProposals makes the links those that the event now has, and reads their
// titles.
func linkProposals(ctx context.Context, tx bun.Tx, e *event.Event) error {
	ids := map[int64]bool{}
	for _, l := range e.Proposals {
		ids[l.ID] = true
	}
	wanted := make([]int64, 0, len(ids))
	for id := range ids {
		wanted = append(wanted, id)
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM event_proposal WHERE event = ? AND proposal <> ALL (?)", e.ID,
		pgdialect.Array(wanted)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO event_proposal (event, proposal)
		SELECT ?, p.id FROM proposal p WHERE p.round = ? AND p.id = ANY (?) AND p.submitted_at IS NOT NULL
		ON CONFLICT DO NOTHING`, e.ID, e.Round, pgdialect.Array(wanted))
	if err != nil {
		return err
	}
	if e.Proposals, err = readLinks(ctx, tx, e.ID); err == nil && len(e.Proposals) != len(wanted) {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "not all of these proposals are public in %s", e.Round)
	}
	return err
}

func readLinks(ctx context.Context, q bun.IDB, id int64) ([]event.Link, error) {
	return readAll(
		ctx,
		q,
		func(rows *sql.Rows, l *event.Link) error { return rows.Scan(&l.ID, &l.Title) },
		"SELECT p.id, CASE WHEN p.hidden IS NULL THEN p.title ELSE '#' || p.id END FROM event_proposal l "+
			"JOIN proposal p ON p.id = l.proposal WHERE l.event = ? ORDER BY p.id",
		id,
	)
}

// Events implements event.Store.
func (s *Store) Events(ctx context.Context, roundID string, list event.List) ([]event.Event, error) {
	return readEvents(ctx, s.db, roundID, list)
}

// readEvents takes three queries, and one more for a single event.
func readEvents(ctx context.Context, q bun.IDB, roundID string, list event.List) ([]event.Event, error) {
	var rows []eventRow
	query := q.NewSelect().Model(&rows).ColumnExpr("?TableColumns").Limit(int64(list.Limit))
	switch query = matchingEvents(query, roundID, list); {
	case list.ID != 0 || list.Latest:
		query = query.OrderExpr("e.id DESC")
	default:
		soonest := betweenTimes(
			q.NewSelect().TableExpr("event_time AS t").ColumnExpr("min(t.begins) AS begins").Where("t.event = e.id"),
			list,
		)
		query = query.ColumnExpr("n.begins AS next").
			Join("JOIN LATERAL (?) AS n ON n.begins IS NOT NULL", soonest).
			OrderExpr("n.begins, e.id")
	}
	if err := query.Scan(ctx); err != nil || len(rows) == 0 {
		return nil, err
	}
	events, ids, place := make([]event.Event, len(rows)), make([]int64, len(rows)), map[int64]int{}
	for i, row := range rows {
		events[i], ids[i], place[row.ID] = row.event(), row.ID, i
	}
	type timeOf struct {
		event int64
		event.Time
	}
	times, err := readAll(
		ctx,
		q,
		func(rows *sql.Rows, t *timeOf) error { return rows.Scan(&t.event, &t.Number, &t.Begins, &t.Ends) },
		"SELECT event, number, begins, ends FROM event_time WHERE event = ANY (?) ORDER BY event, begins",
		pgdialect.Array(ids),
	)
	if err != nil {
		return nil, err
	}
	for _, t := range times {
		text := &events[place[t.event]].Text
		text.Times = append(text.Times, t.Time)
	}
	type count struct {
		event           int64
		seated, waiting int
		walkIns         int
	}
	counts, err := readAll(
		ctx,
		q,
		func(rows *sql.Rows, c *count) error { return rows.Scan(&c.event, &c.seated, &c.waiting, &c.walkIns) },
		"SELECT event, count(*) FILTER (WHERE NOT waiting), count(*) FILTER (WHERE waiting), "+
			"count(*) FILTER (WHERE account IS NULL) FROM seat WHERE event = ANY (?) GROUP BY event",
		pgdialect.Array(ids),
	)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		e := &events[place[c.event]]
		e.Seated, e.Waiting, e.WalkIns = c.seated, c.waiting, c.walkIns
	}
	if list.ID != 0 {
		events[0].Proposals, err = readLinks(ctx, q, list.ID)
	}
	return events, err
}

// matchingEvents applies what a list asks for, but for the times.
func matchingEvents(query *bun.SelectQuery, roundID string, list event.List) *bun.SelectQuery {
	query = query.Where("e.round = ?", roundID)
	if list.ID != 0 {
		return query.Where("e.id = ?", list.ID)
	}
	if !list.Drafts {
		query = query.Where("e.state <> 'draft'")
	}
	if list.Areas != nil {
		query = query.Where("(e.area = ANY (?) OR e.area IS NULL)", pgdialect.Array(list.Areas))
	}
	if list.Kind != "" {
		query = query.Where("e.kind = ?", string(list.Kind))
	}
	if list.Spoken != "" {
		query = query.Where("? = ANY (e.languages)", string(list.Spoken))
	}
	return query
}

func betweenTimes(query *bun.SelectQuery, list event.List) *bun.SelectQuery {
	if !list.From.IsZero() {
		query = query.Where("t.ends > ?", list.From)
	}
	if !list.To.IsZero() {
		query = query.Where("t.begins < ?", list.To)
	}
	return query
}

// Neighbours implements event.Store.
func (s *Store) Neighbours(
	ctx context.Context,
	roundID string,
	list event.List,
	before, from time.Time,
) (last, first time.Time, err error) {
	var found struct{ Last, First bun.NullTime }
	query := matchingEvents(
		s.db.NewSelect().TableExpr("event AS e").Join("JOIN event_time AS t ON t.event = e.id"),
		roundID,
		list,
	)
	query = query.ColumnExpr("max(t.begins) FILTER (WHERE t.begins < ?) AS last", before)
	query = query.ColumnExpr("min(t.begins) FILTER (WHERE t.begins >= ?) AS first", from)
	err = query.Scan(ctx, &found)
	return found.Last.Time, found.First.Time, err
}

func rowOfEvent(e event.Event, lastTime int) eventRow {
	row := eventRow{
		ID: e.ID, Round: e.Round, State: string(e.State), Version: e.Version, Kind: string(e.Text.Kind), Area: e.Text.Area,
		Title: e.Text.Title, About: e.Text.About,
		Place: e.Text.Place, Address: e.Text.Address, Languages: texts(e.Text.Languages), Access: texts(e.Text.Access),
		AccessNote: e.Text.AccessNote,
		Seats:      e.Text.Seats, LastTime: lastTime, Reason: e.Reason, Summary: e.Summary, CreatedAt: e.CreatedAt,
		UpdatedAt: e.UpdatedAt,
	}
	if e.Text.Point != nil {
		row.Latitude, row.Longitude = &e.Text.Point.Latitude, &e.Text.Point.Longitude
	}
	return row
}

func (row eventRow) event() event.Event {
	e := event.Event{
		ID: row.ID, Round: row.Round, State: event.State(row.State), Version: row.Version, Reason: row.Reason,
		Summary: row.Summary, Next: row.Next,
		CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt, Text: event.Text{
			Kind: event.Kind(
				row.Kind,
			), Area: row.Area, Title: row.Title, About: row.About, Place: row.Place, Address: row.Address,
			AccessNote: row.AccessNote, Seats: row.Seats,
		},
	}
	for _, l := range row.Languages {
		e.Text.Languages = append(e.Text.Languages, event.Language(l))
	}
	for _, a := range row.Access {
		e.Text.Access = append(e.Text.Access, event.Access(a))
	}
	if row.Latitude != nil && row.Longitude != nil {
		e.Text.Point = &domain.Point{Latitude: *row.Latitude, Longitude: *row.Longitude}
	}
	return e
}

// texts are plain strings, never nil.
func texts[T ~string](items []T) []string {
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = string(item)
	}
	return out
}
