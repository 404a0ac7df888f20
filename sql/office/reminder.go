package office

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"osbu/domain/reminder"
	"osbu/domain/round"
	"osbu/sql/db"
)

// Reminders implements reminder.Store.
func (s *Store) Reminders(ctx context.Context, roundID string, account int64) ([]reminder.Of, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, of *reminder.Of) error { return rows.Scan(of) },
		"SELECT of FROM reminder WHERE round = ? AND account = ? "+
			"ORDER BY array_position(ARRAY['begins', 'ends', 'results'], of)",
		roundID, account)
}

// AskReminders implements reminder.Store. The account's row is locked, so that
// of two tabs the later one is kept whole.
func (s *Store) AskReminders(
	ctx context.Context,
	roundID string,
	account int64,
	permit func(round.At) ([]reminder.Of, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "SELECT FROM account WHERE id = ? FOR NO KEY UPDATE", account); err != nil {
			return err
		}
		wanted, err := permit(r)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM reminder WHERE round = ? AND account = ?", roundID, account)
		if err != nil {
			return err
		}
		if len(wanted) == 0 {
			return nil
		}
		for _, of := range wanted {
			if _, err := tx.ExecContext(ctx, "INSERT INTO reminder (round, account, of) VALUES (?, ?, ?)",
				roundID, account, string(of)); err != nil {
				return err
			}
		}
		return openMailbox(ctx, tx, account)
	})
}

// Remind implements reminder.Store: whoever deletes a reminder writes its
// e-mail.
func (s *Store) Remind(ctx context.Context, hour int, zone string, limit int) (taken int, err error) {
	err = s.db.QueryRowContext(ctx, `
		WITH moment AS MATERIALIZED (SELECT osbu_now() AS now), stage AS (
			SELECT r.id, r.phase IN ('draft', 'proposing', 'vetting', 'frozen') AS before, r.phase = 'voting'
				AND moment.now < r.voting_closes AS votes, moment.now >= r.voting_opens AS open,
				moment.now >= (date_trunc('day', r.voting_closes AT TIME ZONE ?1 - interval '1 microsecond') - interval '1 day'
					+ make_interval(hours => ?0)) AT TIME ZONE ?1 AS ends,
				r.phase IN ('delivering', 'archived') AS results
			FROM round r, moment
		), due AS (
			SELECT m.round, m.account, m.of, m.of = 'results' OR s.votes AS tell FROM reminder m JOIN stage s ON s.id = m.round
			WHERE CASE m.of WHEN 'results' THEN s.results WHEN 'begins' THEN NOT s.before AND (s.open OR NOT s.votes)
				ELSE NOT s.before AND (s.ends OR NOT s.votes) END
			LIMIT ?2
		), gone AS (
			DELETE FROM reminder m USING due d WHERE (m.round, m.account, m.of) = (d.round, d.account, d.of)
			RETURNING m.round, m.account, m.of, d.tell
		), told AS (
			INSERT INTO outbox (account, notification, kind, round)
			SELECT g.account, CASE g.of WHEN 'begins' THEN 'vote_begins' WHEN 'ends' THEN 'vote_ends' ELSE 'results_out' END,
				'reminders', g.round
			FROM gone g JOIN mailbox b ON b.account = g.account WHERE g.tell AND b.confirmed AND 'reminders' <> ALL (b.muted)
		)
		SELECT count(*) FROM gone`, hour, zone, limit).Scan(&taken)
	return taken, err
}
