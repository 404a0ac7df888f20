package office

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/sql/db"
)

// What is said of people here goes as $1 parameters: a statement's text may end
// in PostgreSQL's log when it fails, and these run with every request.

// BeginSession implements account.Store.
func (s *Store) BeginSession(ctx context.Context, e account.Entry, a *account.Account, now time.Time) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.Tx.ExecContext(ctx, "DELETE FROM session WHERE expires <= $1", now); err != nil {
			return err
		}
		if a == nil {
			_, err := tx.Tx.ExecContext(ctx, "INSERT INTO session (token, sealed, expires, ends) VALUES ($1, $2, $3, $4)",
				e.Token[:], e.Sealed, e.Expires, e.Ends)
			return err
		}
		id, err := keepAccount(ctx, tx.Tx, *a)
		if err != nil {
			return err
		}
		_, err = tx.Tx.ExecContext(ctx, `
			INSERT INTO session (token, sealed, expires, ends, account, email, email_verified)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			e.Token[:], e.Sealed, e.Expires, e.Ends, id, a.Email, a.EmailVerified)
		return err
	})
}

// Session implements account.Store. Every request of somebody who is signed in
// asks for hers, so all who ask at the same time share a query, which is later
// than their questions: a session that is ended is nobody's from then on.
func (s *Store) Session(ctx context.Context, token [32]byte, now time.Time) (account.Entry, error) {
	e, ok, err := s.sessions.Get(ctx, token)
	if err == nil && (!ok || !e.Expires.After(now)) {
		err = sql.ErrNoRows
	}
	if err != nil {
		return account.Entry{}, db.Refusals{}.Explain(err)
	}
	return e, nil
}

func (s *Store) readSessions(ctx context.Context, tokens [][32]byte) (map[[32]byte]account.Entry, error) {
	all, err := readAll(ctx, s.db.DB.DB, func(rows *sql.Rows, e *account.Entry) error {
		var token []byte
		err := rows.Scan(&token, &e.Account, &e.Sealed, &e.Expires, &e.Ends)
		copy(e.Token[:], token)
		return err
	}, "SELECT token, coalesce(account, 0), sealed, expires, ends FROM session WHERE token = ANY ($1)", bytesOf(tokens))
	found := map[[32]byte]account.Entry{}
	for _, e := range all {
		found[e.Token] = e
	}
	return found, err
}

// AccountOf implements account.Store, as Session does.
func (s *Store) AccountOf(ctx context.Context, key [32]byte) (id int64, err error) {
	id, _, err = s.accounts.Get(ctx, key)
	return id, err
}

func (s *Store) readAccounts(ctx context.Context, keys [][32]byte) (map[[32]byte]int64, error) {
	type of struct {
		key []byte
		id  int64
	}
	all, err := readAll(ctx, s.db.DB.DB, func(rows *sql.Rows, a *of) error { return rows.Scan(&a.key, &a.id) },
		"SELECT key, id FROM account WHERE key = ANY ($1)", bytesOf(keys))
	found := map[[32]byte]int64{}
	for _, a := range all {
		found[[32]byte(a.key)] = a.id
	}
	return found, err
}

func bytesOf(hashes [][32]byte) [][]byte {
	all := make([][]byte, len(hashes))
	for i := range hashes {
		all[i] = hashes[i][:]
	}
	return all
}

// Enrol implements account.Store.
func (s *Store) Enrol(ctx context.Context, token [32]byte, a account.Account) (id int64, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if id, err = keepAccount(ctx, tx.Tx, a); err != nil {
			return err
		}
		_, err = tx.Tx.ExecContext(ctx, "UPDATE session SET account = $1, email = $2, email_verified = $3 WHERE token = $4",
			id, a.Email, a.EmailVerified, token[:])
		return err
	})
	return id, err
}

// keepAccount finds the account by its key, or makes it. The name is the latest
// that the provider gave.
func keepAccount(ctx context.Context, tx prepared, a account.Account) (id int64, err error) {
	err = tx.QueryRowContext(ctx, `
		INSERT INTO account (key, identified, name, language) VALUES ($1, $2, $3, $4)
		ON CONFLICT ON CONSTRAINT account_key DO UPDATE SET name = excluded.name, language = excluded.language
		RETURNING id`, a.Key[:], a.Identified, a.Name, string(a.Language)).Scan(&id)
	if err == nil {
		err = seatFacilitator(ctx, tx, id, a)
	}
	if err == nil {
		err = seatStaff(ctx, tx, id, a)
	}
	return id, err
}

// seatStaff remembers who works for the city, as the provider says at a
// sign-in, and where e-mails about her work go: to the address that the
// provider vouches for, unless she has given one.
func seatStaff(ctx context.Context, tx prepared, id int64, a account.Account) error {
	var roles []string
	for _, r := range a.Roles {
		if r != domain.Resident {
			roles = append(roles, string(r))
		}
	}
	if len(roles) == 0 {
		_, err := tx.ExecContext(ctx, "DELETE FROM staff WHERE account = $1", id)
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO staff (account, roles, areas, divisions) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account) DO UPDATE SET (roles, areas, divisions, seen_at) =
		(excluded.roles, excluded.areas, excluded.divisions, osbu_now())`, id, roles, present(a.Areas), present(a.Divisions))
	if err != nil || a.Email == nil || !a.EmailVerified {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO mailbox (account, address, confirmed, language) VALUES ($1, $2, true, $3)
		ON CONFLICT DO NOTHING`, id, a.Email, string(a.Language))
	return err
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

// SessionsOf implements account.Store.
func (s *Store) SessionsOf(ctx context.Context, id int64, now time.Time) ([]account.Entry, error) {
	return readAll(ctx, s.db.DB.DB, func(rows *sql.Rows, e *account.Entry) error {
		var token []byte
		err := rows.Scan(&token, &e.Ends)
		e.Account = id
		copy(e.Token[:], token)
		return err
	}, "SELECT token, ends FROM session WHERE account = $1 AND expires > $2 ORDER BY ends DESC, token", id, now)
}

// EndOtherSessions implements account.Store.
func (s *Store) EndOtherSessions(ctx context.Context, id int64, but [32]byte) error {
	_, err := s.db.DB.DB.ExecContext(ctx, "DELETE FROM session WHERE account = $1 AND token <> $2", id, but[:])
	return err
}

// seatFacilitator remembers who is a facilitator where, as the provider says at
// a sign-in.
func seatFacilitator(ctx context.Context, tx prepared, id int64, a account.Account) error {
	if !a.Facilitator {
		_, err := tx.ExecContext(ctx, "DELETE FROM facilitator WHERE account = $1", id)
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO facilitator (account, areas) VALUES ($1, $2)
		ON CONFLICT (account) DO UPDATE SET areas = excluded.areas
		WHERE facilitator.areas <> excluded.areas`, id, present(a.Areas))
	return err
}
