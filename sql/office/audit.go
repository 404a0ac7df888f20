package office

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain/round"
)

type auditRow struct {
	bun.BaseModel `bun:"table:audit,alias:e"`

	Round    string    `bun:"round,pk"`
	Seq      int64     `bun:"seq,pk"`
	At       time.Time `bun:"at"`
	Actor    string    `bun:"actor"`
	Action   string    `bun:"action"`
	Reason   string    `bun:"reason"`
	Details  string    `bun:"details"`
	Salt     []byte    `bun:"salt"`
	Previous []byte    `bun:"previous"`
	Hash     []byte    `bun:"hash"`
	Name     string    `bun:"name,scanonly"`
}

// audit writes an entry in the transaction of the change it tells of. The
// database numbers, dates and chains it, and holds the round's audit lock until
// the transaction ends, so it comes last.
func audit(ctx context.Context, tx bun.Tx, e round.Entry) error {
	if e.Details == "" {
		e.Details = "{}"
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO audit (round, actor, action, reason, details) VALUES (?, ?, ?, ?, ?)",
		e.Round, e.Actor, e.Action, e.Reason, e.Details)
	return err
}

// Heads are the steps from the freeze on.
func (s *Store) Heads(ctx context.Context, id string) ([]round.Head, error) {
	var rows []auditRow
	err := s.db.NewSelect().Model(&rows).Column("action", "hash").
		Where("e.round = ? AND e.action IN (?)", id, bun.List(round.LoggedSteps)).
		Where("e.seq >= (SELECT seq FROM audit WHERE round = ? AND action = 'freeze')", id).
		OrderExpr("e.seq").Scan(ctx)
	heads := make([]round.Head, len(rows))
	for i, r := range rows {
		heads[i].Step = round.Step(r.Action)
		copy(heads[i].Hash[:], r.Hash)
	}
	return heads, err
}

// Entries gives every entry of a round to each, the first first.
func (s *Store) Entries(ctx context.Context, id string, each func(round.Entry) error) error {
	rows, err := s.db.QueryContext(ctx, `SELECT seq, at, actor, action, reason, details, salt, previous, hash FROM audit
		WHERE round = ? ORDER BY seq`, id)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		e := round.Entry{Round: id}
		var salt, previous, hash []byte
		if err := rows.Scan(&e.Seq, &e.At, &e.Actor, &e.Action, &e.Reason, &e.Details, &salt, &previous, &hash); err != nil {
			return err
		}
		copy(e.Salt[:], salt)
		copy(e.Previous[:], previous)
		copy(e.Hash[:], hash)
		if err := each(e); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Audit is up to 500 entries of a narrowed log, the newest first, with the
// names that staff's accounts have today: names are not in the log itself,
// which nobody could erase them from.
func (s *Store) Audit(ctx context.Context, id string, wanted round.AuditFilter) ([]round.Entry, error) {
	var rows []auditRow
	query := s.db.NewSelect().Model(&rows).ColumnExpr("e.*, coalesce(a.name, '') AS name").
		Join("LEFT JOIN account AS a ON a.id = "+auditAccount).
		Where("e.round = ?", id).OrderExpr("e.seq DESC").Limit(500)
	if wanted.Before > 0 {
		query = query.Where("e.seq < ?", wanted.Before)
	}
	if wanted.Actor != "" {
		query = query.Where("e.actor = ?", wanted.Actor)
	}
	if wanted.Action != "" {
		query = query.Where("e.action = ?", wanted.Action)
	}
	if wanted.Proposal > 0 {
		// A number, a list of numbers, lists by what became of their members, or
		// places on the ballot.
		query = query.Where(`jsonb_path_match(e.details::jsonb, '$.proposal == $id
			|| $.proposals.type() == "array" && $.proposals[*] == $id
			|| $.proposals.type() == "object" && $.proposals.*[*] == $id
			|| $.changes[*] \? (@.field starts with "ballot.").from == $id
			|| $.changes[*] \? (@.field starts with "ballot.").to == $id',
			jsonb_build_object('id', ?::bigint), true)`, wanted.Proposal)
	}
	if wanted.Part != "" {
		query = query.Where(`EXISTS (SELECT FROM jsonb_path_query(e.details::jsonb, '$.changes[*].field') AS f
			WHERE split_part(f #>> '{}', '.', 1) = ?)`, wanted.Part)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, err
	}
	entries := make([]round.Entry, len(rows))
	for i, r := range rows {
		entries[i] = round.Entry{
			Round:   r.Round,
			Seq:     r.Seq,
			At:      r.At,
			Actor:   r.Actor,
			Name:    r.Name,
			Action:  r.Action,
			Reason:  r.Reason,
			Details: r.Details,
		}
		copy(entries[i].Salt[:], r.Salt)
		copy(entries[i].Previous[:], r.Previous)
		copy(entries[i].Hash[:], r.Hash)
	}
	return entries, nil
}

// auditAccount is the account behind an entry's actor; null for a command.
const auditAccount = `CASE WHEN e.actor ~ '^(official|facilitator|expert|officer) [0-9]{1,18}$'
	THEN split_part(e.actor, ' ', 2)::bigint END`

// AuditChoices are who did what in a round, and which parts of it were changed.
func (s *Store) AuditChoices(ctx context.Context, id string) (round.AuditChoices, error) {
	var c round.AuditChoices
	err := s.db.NewSelect().ColumnExpr("e.actor, coalesce(a.name, '') AS name").
		TableExpr("(SELECT DISTINCT actor FROM audit WHERE round = ?) AS e", id).
		Join("LEFT JOIN account AS a ON a.id = "+auditAccount).OrderExpr("name, e.actor").Scan(ctx, &c.Actors)
	if err != nil {
		return c, err
	}
	err = s.db.NewRaw("SELECT DISTINCT action FROM audit WHERE round = ? ORDER BY action", id).Scan(ctx, &c.Actions)
	if err != nil {
		return c, err
	}
	err = s.db.NewRaw(`SELECT DISTINCT split_part(f #>> '{}', '.', 1) AS part
		FROM audit, jsonb_path_query(details::jsonb, '$.changes[*].field') AS f WHERE round = ? ORDER BY part`, id).
		Scan(ctx, &c.Parts)
	return c, err
}
