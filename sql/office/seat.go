package office

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/event"
	"osbu/domain/post"
	"osbu/domain/round"
	"osbu/sql/db"
)

// TakeSeat implements event.SeatStore. The event's lock is held while seats are
// counted.
func (s *Store) TakeSeat(
	ctx context.Context,
	roundID string,
	id, account int64,
	permit func(round.At, event.Event) (time.Time, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, e, _, err := holdEvent(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		remindAt, err := permit(r, e)
		if err != nil {
			return err
		}
		waits := e.Seated >= e.Text.Seats
		var seat int64
		err = tx.QueryRowContext(
			ctx,
			"INSERT INTO seat (event, account, waiting) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
			id,
			account,
			waits,
		).Scan(&seat)
		if errors.Is(err, sql.ErrNoRows) { // she has one
			return nil
		}
		if err != nil {
			return eventRefusals.Explain(err)
		}
		if err := openMailbox(ctx, tx, account); err != nil {
			return err
		}
		confirmation := post.SignedUp
		if waits {
			confirmation = post.Queued
		}
		if err := writeEventEmail(ctx, tx, confirmation, id, account, seat, nil); err != nil || !remindAt.After(r.Now) {
			return err
		}
		return writeEventEmail(ctx, tx, post.EventSoon, id, account, 0, &remindAt)
	})
}

// LeaveSeat implements event.SeatStore.
func (s *Store) LeaveSeat(
	ctx context.Context,
	roundID string,
	id, account int64,
	permit func(round.At, event.Event) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, e, _, err := holdEvent(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		if err := permit(r, e); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM seat WHERE event = ? AND account = ?", id, account); err != nil {
			return err
		}
		return fillSeats(ctx, tx, roundID, id)
	})
}

// AddWalkIns implements event.SeatStore.
func (s *Store) AddWalkIns(
	ctx context.Context,
	roundID string,
	id int64,
	name string,
	people int,
	permit func(round.At, event.Event) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, e, _, err := holdEvent(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		if err := permit(r, e); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO seat (event, name, waiting) SELECT ?, ?, false FROM generate_series(1, ?)",
			id, name, people)
		return eventRefusals.Explain(err)
	})
}

// RemoveSeat implements event.SeatStore.
func (s *Store) RemoveSeat(
	ctx context.Context,
	roundID string,
	id, seat int64,
	permit func(round.At, event.Event, bool) (event.Removal, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, e, _, err := holdEvent(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		var account int64
		err = tx.QueryRowContext(ctx, "SELECT coalesce(account, 0) FROM seat WHERE event = ? AND id = ?", id, seat).
			Scan(&account)
		gone := errors.Is(err, sql.ErrNoRows)
		if err != nil && !gone {
			return err
		}
		removal, err := permit(r, e, account == 0)
		if err != nil {
			return err
		}
		if gone { // said only to who may know who comes
			return domain.Fail(domain.NotFound, domain.CodeNotFound, "event %d has no participant %d", id, seat)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM seat WHERE id = ?", seat); err != nil {
			return err
		}
		if account != 0 {
			if err := writeEventEmail(ctx, tx, post.SeatTaken, id, account, seat, nil); err != nil {
				return err
			}
		}
		if removal.MoveUp {
			if err := fillSeats(ctx, tx, roundID, id); err != nil {
				return err
			}
		}
		return audit(ctx, tx, *removal.Audit)
	})
}

// fillSeats gives seats that have become free to those who wait.
func fillSeats(ctx context.Context, tx bun.Tx, roundID string, id int64) error {
	found, err := readEvents(ctx, tx, roundID, event.List{ID: id, Limit: 1})
	if err != nil {
		return err
	}
	return moveUp(ctx, tx, &found[0])
}

// moveUp gives free seats of an announced event to those who have waited
// longest, and tells them.
func moveUp(ctx context.Context, tx bun.Tx, e *event.Event) error {
	free := min(e.Text.Seats-e.Seated, e.Waiting)
	if e.State != event.Published || free <= 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		WITH up AS (
			UPDATE seat SET waiting = false WHERE id IN (SELECT id FROM seat WHERE event = ?0 AND waiting ORDER BY id LIMIT ?1)
			RETURNING id, account
		)
		INSERT INTO outbox (account, notification, kind, event, step)
		SELECT up.account, ?2, ?3, ?0, up.id FROM up JOIN mailbox m ON m.account = up.account WHERE m.confirmed
		AND ?3 <> ALL (m.muted)
		ON CONFLICT DO NOTHING`, e.ID, free, string(post.SeatFreed), string(post.Events))
	e.Seated, e.Waiting = e.Seated+free, e.Waiting-free
	return eventRefusals.Explain(err)
}

// joining is how long an e-mail of a changed event waits for further changes,
// which then go with it in one e-mail (ClaimEmail).
const joining = 2 * time.Minute

// tellSeated writes an e-mail to everybody who signed up, and lets the
// reminders follow the event's begin.
func tellSeated(ctx context.Context, tx bun.Tx, c event.Change, e event.Event) error {
	if c.Notify == "" {
		return nil
	}
	if _, err := tx.ExecContext(ctx, "UPDATE outbox SET due = ? WHERE event = ? AND notification = ? AND settled_at IS "+
		"NULL AND tries = 0",
		c.RemindAt, e.ID, string(post.EventSoon)); err != nil {
		return err
	}
	wait := time.Duration(0)
	if c.Notify == post.EventMoved {
		wait = joining
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO outbox (account, notification, kind, event, step, due)
		SELECT s.account, ?1, ?2, ?0, ?3, osbu_now() + make_interval(secs => ?4)
		FROM seat s JOIN mailbox m ON m.account = s.account WHERE s.event = ?0
		AND m.confirmed AND ?2 <> ALL (m.muted)`,
		e.ID, string(c.Notify), string(post.Events), e.Version, wait.Seconds())
	return err
}

// writeEventEmail writes one to somebody who has a mailbox; whether she wants
// it is asked when it is sent.
func writeEventEmail(ctx context.Context, tx bun.Tx, m post.Notification, id, account, step int64,
	due *time.Time,
) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO outbox (account, notification, kind, event, step, due)
		SELECT account, ?1, ?2, ?3, ?4, coalesce(?5, osbu_now()) FROM mailbox WHERE account = ?0 ON CONFLICT DO NOTHING`,
		account, string(m), string(post.Events), id, step, due)
	return err
}

const seatColumns = "a.name, CASE WHEN s.waiting THEN (SELECT count(*) FROM seat b WHERE b.event = s.event AND " +
	"b.waiting AND b.id <= s.id) ELSE 0 END"

// Seat implements event.SeatStore.
func (s *Store) Seat(ctx context.Context, id, account int64) (*event.Seat, error) {
	var seat event.Seat
	err := s.db.QueryRowContext(ctx, "SELECT "+seatColumns+" FROM seat s JOIN account a ON a.id = s.account WHERE "+
		"s.event = ? AND s.account = ?", id, account).
		Scan(&seat.Name, &seat.Waiting)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &seat, err
}

// Participants implements event.SeatStore.
func (s *Store) Participants(ctx context.Context, id int64) ([]event.Participant, error) {
	return readAll(
		ctx,
		s.db,
		func(rows *sql.Rows, p *event.Participant) error {
			return rows.Scan(&p.ID, &p.WalkIn, &p.Name, &p.Waiting)
		},
		`SELECT s.id, s.account IS NULL, coalesce(a.name, s.name),
			CASE WHEN s.waiting THEN rank() OVER (PARTITION BY s.waiting ORDER BY s.id) ELSE 0 END
		FROM seat s LEFT JOIN account a ON a.id = s.account WHERE s.event = ? ORDER BY s.waiting, s.id`,
		id,
	)
}

// MySeats implements event.SeatStore.
func (s *Store) MySeats(ctx context.Context, roundID string, account int64) (map[int64]event.Seat, error) {
	type found struct {
		event int64
		event.Seat
	}
	all, err := readAll(
		ctx,
		s.db,
		func(rows *sql.Rows, f *found) error { return rows.Scan(&f.event, &f.Name, &f.Waiting) },
		"SELECT s.event, "+seatColumns+` FROM seat s JOIN account a ON a.id = s.account JOIN event e ON e.id = s.event
		WHERE s.account = ? AND e.round = ? AND EXISTS (SELECT FROM event_time t WHERE t.event = s.event
		AND t.ends > osbu_now())`,
		account,
		roundID,
	)
	mine := map[int64]event.Seat{}
	for _, f := range all {
		mine[f.event] = f.Seat
	}
	return mine, err
}

// ForgetSeats implements event.SeatStore. The database keeps to event.SeatsKept
// by itself: the role may not delete e-mails.
func (s *Store) ForgetSeats(ctx context.Context) (n int64, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT forget_seats()").Scan(&n)
	return n, err
}

// AddEventNote implements event.NoteStore.
func (s *Store) AddEventNote(
	ctx context.Context,
	roundID string,
	id int64,
	by domain.Actor,
	text string,
	proposal int64,
) error {
	result, err := s.db.ExecContext(ctx, `INSERT INTO event_note (event, by, by_name, text, proposal)
		SELECT ?0, ?1, ?2, ?3, p.id FROM (SELECT 1) one LEFT JOIN proposal p ON p.id = ?4 AND p.round = ?5
		AND p.submitted_at IS NOT NULL
		WHERE ?4 = 0 OR p.id IS NOT NULL`, id, by.ID, by.Name, text, proposal, roundID)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return domain.Fail(domain.NotFound, domain.CodeNotFound, "no public proposal %d in %s", proposal, roundID)
}

// EventNotes implements event.NoteStore.
func (s *Store) EventNotes(ctx context.Context, id int64) ([]event.Note, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, n *event.Note) error {
		return rows.Scan(&n.ID, &n.At, &n.By, &n.Text, &n.Proposal.ID, &n.Proposal.Title)
	}, `SELECT n.id, n.at, n.by_name, n.text, coalesce(n.proposal, 0), coalesce(p.title, '') FROM event_note n LEFT
		JOIN proposal p ON p.id = n.proposal
		WHERE n.event = ? ORDER BY n.id`, id)
}
