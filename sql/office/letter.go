package office

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/round"
	"osbu/sql/db"
)

// Letters implements post.Letters.
func (s *Store) Letters(ctx context.Context, roundID string) ([]post.Letter, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, l *post.Letter) error {
		return rows.Scan(&l.Notification, &l.Language, &l.Subject, &l.Body, &l.Version)
	}, "SELECT notification, language, subject, body, version FROM letter WHERE round = ? ORDER BY 1, 2", roundID)
}

// ChangeLetter implements post.Letters.
func (s *Store) ChangeLetter(
	ctx context.Context,
	roundID string,
	n post.Notification,
	l domain.Language,
	change func(round.Round, *post.Letter) (round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := lockRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		kept := post.Letter{Notification: n, Language: l}
		err = tx.QueryRowContext(ctx, `SELECT subject, body, version FROM letter
			WHERE round = ? AND notification = ? AND language = ?`, roundID, string(n), string(l)).
			Scan(&kept.Subject, &kept.Body, &kept.Version)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		entry, err := change(r, &kept)
		if err != nil {
			return err
		}
		if kept.Version == 0 {
			_, err = tx.ExecContext(ctx, "DELETE FROM letter WHERE round = ? AND notification = ? AND language = ?",
				roundID, string(n), string(l))
		} else {
			_, err = tx.ExecContext(ctx, `INSERT INTO letter (round, notification, language, subject, body, version)
				VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (round, notification, language) DO UPDATE
				SET (subject, body, version) = (excluded.subject, excluded.body, excluded.version)`,
				roundID, string(n), string(l), kept.Subject, kept.Body, kept.Version)
		}
		if err != nil {
			return err
		}
		return audit(ctx, tx, entry)
	})
}
