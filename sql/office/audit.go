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
		copy(entries[i].Previous[:], r.Previous)
		copy(entries[i].Hash[:], r.Hash)
	}
	return entries, nil
}
