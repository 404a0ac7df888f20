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

// Audit is up to 500 entries before a sequence number, or the newest for 0, the
// newest first, with the names that staff's accounts have today: names are not
// in the log itself, which nobody could erase them from.
func (s *Store) Audit(ctx context.Context, id string, before int64) ([]round.Entry, error) {
	var rows []auditRow
	query := s.db.NewSelect().Model(&rows).ColumnExpr("e.*, coalesce(a.name, '') AS name").
		Join(`LEFT JOIN account AS a ON a.id =
			CASE WHEN e.actor ~ '^(official|facilitator|expert) [0-9]{1,18}$' THEN split_part(e.actor, ' ', 2)::bigint END`).
		Where("e.round = ?", id).OrderExpr("e.seq DESC").Limit(500)
	if before > 0 {
		query = query.Where("e.seq < ?", before)
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
