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

// Audit is up to 500 entries after a sequence number, oldest first.
func (s *Store) Audit(ctx context.Context, id string, after int64) ([]round.Entry, error) {
	var rows []auditRow
	if err := s.db.NewSelect().Model(&rows).Where("round = ? AND seq > ?", id, after).Order("seq").Limit(500).Scan(ctx); err != nil {
		return nil, err
	}
	entries := make([]round.Entry, len(rows))
	for i, r := range rows {
		entries[i] = round.Entry{
			Round:   r.Round,
			Seq:     r.Seq,
			At:      r.At,
			Actor:   r.Actor,
			Action:  r.Action,
			Reason:  r.Reason,
			Details: r.Details,
		}
		copy(entries[i].Previous[:], r.Previous)
		copy(entries[i].Hash[:], r.Hash)
	}
	return entries, nil
}
