package office

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/authorship"
	"osbu/domain/round"
	"osbu/sql/db"
)

// authorRow is an author as she is written down; when is the database's to say.
type authorRow struct {
	bun.BaseModel `bun:"table:author,alias:w"`

	Proposal int64 `bun:"proposal,pk"`
	Account  int64 `bun:"account,pk"`
}

// coauthors are those who joined a proposal's first author, by the names that
// their accounts have now.
const coauthors = `(SELECT jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) ORDER BY w.joined_at, w.account)
	FROM author w JOIN account a ON a.id = w.account WHERE w.proposal = p.id AND w.account IS DISTINCT
	FROM p.author) AS coauthors`

// AddInvitation implements authorship.Invitations.
func (s *Store) AddInvitation(ctx context.Context, roundID string, id, by int64,
	build func(round.At, proposal.Proposal, int, int) (authorship.NewInvitation, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		// Two invitations of one person are counted one after the other.
		if _, err := tx.ExecContext(ctx, "SELECT FROM account WHERE id = ? FOR NO KEY UPDATE", by); err != nil {
			return err
		}
		r, p, err := lockProposal(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		var open, recent int
		err = tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM invitation WHERE proposal = ? AND outcome IS NULL
			AND until > osbu_now()),
			(SELECT count(*) FROM invitation WHERE by = ? AND at > osbu_now() - interval '1 day')`, id, by).
			Scan(&open, &recent)
		if err != nil {
			return err
		}
		made, err := build(r, p, open, recent)
		if err != nil {
			return err
		}
		// As $ parameters: sealed or not, an address has no place in the text
		// of a statement.
		_, err = tx.Tx.ExecContext(ctx, `
			WITH email AS (
				INSERT INTO outbox (notification, kind, proposal, address, language, secret)
				SELECT $1, '', $2, $3, coalesce(m.language, a.language), $4 FROM account a LEFT JOIN mailbox m ON m.account = a.id
				WHERE a.id = $5
				RETURNING id
			)
			INSERT INTO invitation (proposal, by, digest, address, email, until) SELECT $2, $5, $6, $3, id, $7 FROM email`,
			string(post.Invite), id, made.Address, made.Secret, by, made.Digest[:], made.Until)
		return err
	})
}

const selectInvitations = `SELECT i.id, p.round, p.id, p.title, i.by, a.name, i.address, i.at, i.until, i.outcome IS NOT
	NULL OR p.state = 'withdrawn'
	FROM invitation i JOIN proposal p ON p.id = i.proposal JOIN account a ON a.id = i.by WHERE `

func scanInvitation(scan func(...any) error, i *authorship.Invitation) error {
	return scan(&i.ID, &i.Round, &i.Proposal, &i.Title, &i.By.ID, &i.By.Name, &i.Address, &i.At, &i.Until, &i.Over)
}

// Invitations implements authorship.Invitations.
func (s *Store) Invitations(ctx context.Context, id int64) ([]authorship.Invitation, error) {
	return readAll(
		ctx,
		s.db,
		func(rows *sql.Rows, i *authorship.Invitation) error { return scanInvitation(rows.Scan, i) },
		selectInvitations+"i.proposal = ? AND i.outcome IS NULL AND i.until > osbu_now() ORDER BY i.id",
		id,
	)
}

// Invitation implements authorship.Answers.
func (s *Store) Invitation(ctx context.Context, digest [32]byte) (i authorship.Invitation, now time.Time, err error) {
	if err = scanInvitation(s.db.DB.DB.QueryRowContext(ctx, selectInvitations+"i.digest = $1", digest[:]).Scan,
		&i); err == nil {
		now, err = db.Now(ctx, s.db)
	}
	return i, now, db.Refusals{}.Explain(err)
}

// EndInvitation implements authorship.Invitations.
func (s *Store) EndInvitation(ctx context.Context, id, invitation int64) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		return endInvitations(ctx, tx, "ended", "proposal = ? AND id = ?", id, invitation)
	})
}

// ForgetInvitations implements authorship.Invitations.
func (s *Store) ForgetInvitations(ctx context.Context) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		return endInvitations(ctx, tx, "ended", "until <= osbu_now()")
	})
}

// endInvitations ends the open ones that a condition names; an e-mail that
// still waits is not wanted any more, and nobody keeps where it was to go.
func endInvitations(ctx context.Context, tx bun.Tx, outcome, which string, args ...any) error {
	_, err := tx.ExecContext(ctx, `
		WITH ended AS (UPDATE invitation SET outcome = ?, address = NULL WHERE outcome IS NULL AND `+which+` RETURNING email)
		UPDATE outbox o SET settled_at = osbu_now(), outcome = 'unwanted', address = NULL, secret = NULL FROM ended
		WHERE o.id = ended.email AND o.settled_at IS NULL`, append([]any{outcome}, args...)...)
	return err
}

// AnswerInvitation implements authorship.Answers.
func (s *Store) AnswerInvitation(ctx context.Context, digest [32]byte, account int64,
	decide func(round.At, proposal.Proposal, authorship.Invitation) (bool, error),
) error {
	found, _, err := s.Invitation(ctx, digest)
	if err != nil {
		return err
	}
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, p, err := lockProposal(ctx, tx, found.Round, found.Proposal)
		if err != nil {
			return err
		}
		// Under the proposal's lock, which every answer takes: the second of
		// two finds the invitation over.
		var i authorship.Invitation
		if err := scanInvitation(tx.QueryRowContext(ctx, selectInvitations+"i.id = ?", found.ID).Scan, &i); err != nil {
			return err
		}
		join, err := decide(r, p, i)
		if err != nil {
			return err
		}
		outcome, notification := "declined", post.Declined
		if join {
			outcome, notification = "accepted", post.Joined
			if _, err := tx.ExecContext(ctx, "INSERT INTO author (proposal, account) VALUES (?, ?)", p.ID, account); err != nil {
				return err
			}
			if err := openMailbox(ctx, tx, account); err != nil {
				return err
			}
		}
		if err := endInvitations(ctx, tx, outcome, "id = ?", i.ID); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO outbox (account, notification, kind, proposal)
			SELECT m.account, ?0, ?1, ?2 FROM mailbox m WHERE m.account = ?3 AND m.confirmed AND ?1 <> ALL (m.muted)`,
			string(notification), string(notification.Kind()), p.ID, i.By.ID)
		return err
	})
}

// RemoveAuthor implements authorship.Store.
func (s *Store) RemoveAuthor(
	ctx context.Context,
	roundID string,
	id, account int64,
	permit func(proposal.Proposal) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		_, p, err := lockProposal(ctx, tx, roundID, id)
		if err == nil {
			err = permit(p)
		}
		if err != nil {
			return err
		}
		gone, err := tx.ExecContext(
			ctx,
			"DELETE FROM author w USING proposal p WHERE p.id = w.proposal AND w.proposal = ? AND w.account = ? AND "+
				"w.account IS DISTINCT FROM p.author",
			id,
			account,
		)
		if err != nil {
			return err
		}
		if n, err := gone.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, sql.ErrNoRows)
		}
		return nil
	})
}
