package office

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/sql/db"
)

// What is said of people here goes as $1 parameters: a statement's text may end
// in PostgreSQL's log when it fails, and these run with every request.

// BeginSession implements account.Store.
func (s *Store) BeginSession(ctx context.Context, e account.Entry, now time.Time) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.Tx.ExecContext(ctx, "DELETE FROM session WHERE expires <= $1", now); err != nil {
			return err
		}
		id, err := keepAccount(ctx, tx.Tx, e)
		if err != nil {
			return err
		}
		if err := seatFacilitator(ctx, tx.Tx, id, e); err != nil {
			return err
		}
		roles := make([]string, len(e.Roles))
		for i, r := range e.Roles {
			roles[i] = string(r)
		}
		_, err = tx.Tx.ExecContext(
			ctx,
			`
			INSERT INTO session (token, account, roles, areas, divisions, municipality, postal_code, expires, ends, email,
			email_verified)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			e.Token[:],
			id,
			roles,
			present(e.Areas),
			present(e.Divisions),
			e.Municipality,
			e.PostalCode,
			e.Expires,
			e.Ends,
			e.Email,
			e.EmailVerified,
		)
		return err
	})
}

// keepAccount finds the account by its key, or makes it. The name is the latest
// that the provider gave.
func keepAccount(ctx context.Context, tx prepared, e account.Entry) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `
		INSERT INTO account (key, identified, name, language) VALUES ($1, $2, $3, $4)
		ON CONFLICT ON CONSTRAINT account_key DO UPDATE SET name = excluded.name, language = excluded.language
		RETURNING id`, e.Key[:], e.Identified, e.Name, string(e.Language)).Scan(&id)
	return id, err
}

// Session implements account.Store.
func (s *Store) Session(ctx context.Context, token [32]byte, now time.Time) (account.Entry, error) {
	e := account.Entry{Token: token}
	var key []byte
	var roles []string
	err := s.db.DB.DB.QueryRowContext(ctx, `
		SELECT a.id, a.key, a.identified, a.name, a.language, s.roles, s.areas, s.divisions, s.municipality, s.postal_code,
		s.expires, s.ends
		FROM session s JOIN account a ON a.id = s.account
		WHERE s.token = $1 AND s.expires > $2`, token[:], now).
		Scan(&e.ID, &key, &e.Identified, &e.Name, &e.Language, pgdialect.Array(&roles), pgdialect.Array(&e.Areas),
			pgdialect.Array(&e.Divisions),
			&e.Municipality, &e.PostalCode, &e.Expires, &e.Ends)
	if err != nil {
		return account.Entry{}, db.Refusals{}.Explain(err)
	}
	e.Key = [32]byte(key)
	if e.Identified {
		e.Ref = e.Key
	}
	for _, r := range roles {
		e.Roles = append(e.Roles, domain.Role(r))
	}
	return e, nil
}

// ExtendSession implements account.Store.
func (s *Store) ExtendSession(ctx context.Context, token [32]byte, expires time.Time) error {
	_, err := s.db.DB.DB.ExecContext(
		ctx,
		"UPDATE session SET expires = $1 WHERE token = $2 AND expires < $1",
		expires,
		token[:],
	)
	return err
}

// EndSession implements account.Store.
func (s *Store) EndSession(ctx context.Context, token [32]byte) error {
	_, err := s.db.DB.DB.ExecContext(ctx, "DELETE FROM session WHERE token = $1", token[:])
	return err
}

// seatFacilitator remembers who is a facilitator where, as the provider says at
// a sign-in.
func seatFacilitator(ctx context.Context, tx prepared, id int64, e account.Entry) error {
	if !e.Is(domain.Facilitator) {
		_, err := tx.ExecContext(ctx, "DELETE FROM facilitator WHERE account = $1", id)
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO facilitator (account, areas) VALUES ($1, $2)
		ON CONFLICT (account) DO UPDATE SET areas = excluded.areas
		WHERE facilitator.areas <> excluded.areas`, id, present(e.Areas))
	return err
}
