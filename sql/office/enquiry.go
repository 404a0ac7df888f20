package office

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/post"
	"osbu/domain/proposal/enquiry"
	"osbu/domain/round"
	"osbu/sql/db"
)

const selectEnquiries = `
	SELECT e.id, coalesce(e.area, ''), coalesce(e.proposal, 0), e.by, b.name, e.at, e.language, e.text, e.answer,
	coalesce(e.answered_by, 0), coalesce(w.name, ''), e.answered_at,
		coalesce(p.title, ''), coalesce(p.what, ''), coalesce(p.why, ''), coalesce(p.place, ''), coalesce(p.language, '')
	FROM enquiry e JOIN account b ON b.id = e.by LEFT JOIN account w ON w.id = e.answered_by LEFT JOIN proposal p
	ON p.id = e.proposal WHERE `

func scanEnquiry(scan func(...any) error, e *enquiry.Enquiry) error {
	var answered *time.Time
	err := scan(
		&e.ID,
		&e.Area,
		&e.Proposal,
		&e.By.ID,
		&e.By.Name,
		&e.At,
		&e.Language,
		&e.Text,
		&e.Answer,
		&e.AnsweredBy.ID,
		&e.AnsweredBy.Name,
		&answered,
		&e.Draft.Title,
		&e.Draft.What,
		&e.Draft.Why,
		&e.Draft.Place,
		&e.Draft.Language,
	)
	if answered != nil {
		e.AnsweredAt = *answered
	}
	return err
}

func scanEnquiries(rows *sql.Rows, e *enquiry.Enquiry) error { return scanEnquiry(rows.Scan, e) }

// AddEnquiry implements enquiry.Store.
func (s *Store) AddEnquiry(
	ctx context.Context,
	roundID string,
	by int64,
	build func(round.At, int) (enquiry.Enquiry, error),
) (e enquiry.Enquiry, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		// Two of one person are counted one after the other.
		if _, err := tx.ExecContext(ctx, "SELECT FROM account WHERE id = ? FOR NO KEY UPDATE", by); err != nil {
			return err
		}
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		var recent int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM enquiry WHERE by = ? AND at > osbu_now() - interval '1 day'",
			by).Scan(&recent); err != nil {
			return err
		}
		if e, err = build(r, recent); err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, "INSERT INTO enquiry (round, area, proposal, by, language, text) VALUES (?, "+
			"nullif(?, ''), nullif(?, 0), ?, ?, ?) RETURNING id",
			roundID, e.Area, e.Proposal, by, string(e.Language), e.Text).
			Scan(&e.ID)
		if err != nil {
			return err
		}
		return openMailbox(ctx, tx, by)
	})
	return e, err
}

// EnquiriesBy implements enquiry.Store.
func (s *Store) EnquiriesBy(ctx context.Context, roundID string, by int64, limit int) ([]enquiry.Enquiry, error) {
	return readAll(
		ctx,
		s.db,
		scanEnquiries,
		selectEnquiries+"e.round = ? AND e.by = ? ORDER BY e.id DESC LIMIT ?",
		roundID,
		by,
		limit,
	)
}

// Enquiries implements enquiry.Store.
func (s *Store) Enquiries(ctx context.Context, roundID string, areas []string, limit int) ([]enquiry.Enquiry, error) {
	which := "e.round = ?0"
	if areas != nil {
		which += " AND (e.area IS NULL OR e.area = ANY (?1))"
	}
	return readAll(
		ctx,
		s.db,
		scanEnquiries,
		selectEnquiries+which+" ORDER BY e.answered_at DESC NULLS FIRST, e.id LIMIT ?2",
		roundID,
		pgdialect.Array(areas),
		limit,
	)
}

// AnswerEnquiry implements enquiry.Store.
func (s *Store) AnswerEnquiry(
	ctx context.Context,
	roundID string,
	id int64,
	answer func(time.Time, *enquiry.Enquiry) error,
) (e enquiry.Enquiry, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		err := scanEnquiry(
			tx.QueryRowContext(
				ctx,
				selectEnquiries+"e.round = ? AND e.id = ? FOR NO KEY UPDATE OF e",
				roundID,
				id,
			).Scan,
			&e,
		)
		if err != nil {
			return db.Refusals{}.Explain(err)
		}
		now, err := db.Now(ctx, tx)
		if err != nil {
			return err
		}
		if err := answer(now, &e); err != nil {
			return err
		}
		_, err = tx.ExecContext(
			ctx,
			`
			WITH email AS (
				INSERT INTO outbox (account, notification, kind, proposal)
				SELECT m.account, ?0, ?1, nullif(?2, 0) FROM mailbox m WHERE m.account = ?3 AND m.confirmed AND ?1 <> ALL (m.muted)
				RETURNING id
			)
			UPDATE enquiry SET answer = ?4, answered_by = ?5, answered_at = ?6, email = (SELECT id FROM email) WHERE id = ?7`,
			string(
				post.Helped,
			),
			string(post.Helped.Kind()),
			e.Proposal,
			e.By.ID,
			e.Answer,
			e.AnsweredBy.ID,
			e.AnsweredAt,
			id,
		)
		return err
	})
	return e, err
}
