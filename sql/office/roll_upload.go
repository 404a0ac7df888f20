package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/sql/db"
)

const uploadColumns = `u.round, u.id, u.by, u.by_name, u.size, u.read, u.state, u.at, u.lease, u.taker, u.remove_up_to,
	u.result, (SELECT coalesce(sum(p.bytes), 0) FROM roll_upload_part p WHERE p.round = u.round)`

func scanUpload(scan func(...any) error) (u roll.Upload, err error) {
	var lease sql.NullTime
	var result []byte
	err = scan(&u.Round, &u.ID, &u.By, &u.Name, &u.Size, &u.Read, &u.State, &u.At, &lease, &u.Taker, &u.RemoveUpTo,
		&result, &u.Received)
	if err != nil {
		return u, err
	}
	u.Lease = lease.Time
	return u, json.Unmarshal(result, &u.Result)
}

// Uploads implements roll.Uploads.
func (s *Store) Uploads(ctx context.Context) (list []roll.Upload, now time.Time, err error) {
	if now, err = db.Now(ctx, s.db); err != nil {
		return nil, now, err
	}
	list, err = readAll(ctx, s.db, func(rows *sql.Rows, u *roll.Upload) (err error) {
		*u, err = scanUpload(rows.Scan)
		return err
	}, "SELECT "+uploadColumns+" FROM roll_upload u ORDER BY u.at")
	return list, now, err
}

// lockUpload is the round's upload, nil if there is none, locked until the end
// of the transaction, whether there is one or not.
func lockUpload(ctx context.Context, tx bun.Tx, id string) (*roll.Upload, error) {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('roll upload ' || ?, 0))",
		id); err != nil {
		return nil, err
	}
	u, err := scanUpload(tx.QueryRowContext(ctx,
		"SELECT "+uploadColumns+" FROM roll_upload u WHERE u.round = ? FOR UPDATE OF u", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &u, err
}

// ChangeUpload implements roll.Uploads.
func (s *Store) ChangeUpload(
	ctx context.Context,
	id string,
	change func(round.Round, *roll.Upload, time.Time) (*roll.Upload, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, id)
		if err != nil {
			return err
		}
		before, err := lockUpload(ctx, tx, id)
		if err != nil {
			return err
		}
		former := ""
		if before != nil {
			former = before.ID
		}
		u, err := change(r.Round, before, r.Now)
		if err != nil {
			return err
		}
		if u == nil || u.ID != former {
			if _, err := tx.ExecContext(ctx, "DELETE FROM roll_upload WHERE round = ?", id); err != nil || u == nil {
				return err // its parts go with it
			}
		}
		return keepUpload(ctx, tx, u)
	})
}

// keepUpload keeps the upload, and its parts only as long as it has a file.
func keepUpload(ctx context.Context, tx bun.Tx, u *roll.Upload) error {
	result, err := json.Marshal(u.Result)
	if err != nil {
		return err
	}
	if !u.State.HasFile() {
		if _, err := tx.ExecContext(ctx, "DELETE FROM roll_upload_part WHERE round = ?", u.Round); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO roll_upload AS u
	(round, id, by, by_name, size, read, state, at, lease, taker, remove_up_to, result)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (round) DO UPDATE SET read = excluded.read, state = excluded.state, at = excluded.at,
	lease = excluded.lease, taker = excluded.taker, remove_up_to = excluded.remove_up_to, result = excluded.result`,
		u.Round, u.ID, u.By, u.Name, u.Size, u.Read, string(u.State), u.At,
		sql.NullTime{Time: u.Lease, Valid: !u.Lease.IsZero()}, u.Taker, u.RemoveUpTo, string(result))
	return err
}

// AddPart implements roll.Uploads.
func (s *Store) AddPart(
	ctx context.Context,
	id string,
	number, bytes int,
	sealed []byte,
	allow func(*roll.Upload) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := shareRound(ctx, tx, id); err != nil {
			return err
		}
		u, err := lockUpload(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := allow(u); err != nil {
			return err
		}
		// Bound as bytes: bun would write a megabyte of digits into the statement.
		_, err = tx.Tx.ExecContext(ctx, `INSERT INTO roll_upload_part (round, number, bytes, sealed) VALUES ($1, $2, $3, $4)
ON CONFLICT (round, number) DO UPDATE SET bytes = excluded.bytes, sealed = excluded.sealed`, id, number, bytes, sealed)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE roll_upload SET at = osbu_now() WHERE round = ?", id)
		return err
	})
}

// Part implements roll.Uploads.
func (s *Store) Part(ctx context.Context, id, upload string, number int) (sealed []byte, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT p.sealed FROM roll_upload_part p JOIN roll_upload u ON u.round = p.round
WHERE p.round = ? AND u.id = ? AND p.number = ?`, id, upload, number).Scan(&sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, uploadGone(upload)
	}
	return sealed, err
}

func uploadGone(upload string) error {
	return domain.Fail(domain.Conflict, domain.CodeEdited, "the upload %s is there no more", upload)
}

// takeUpload has the upload taken with the roll, or not at all: a server that
// stops, or an official who does, comes before or after.
func takeUpload(ctx context.Context, tx bun.Tx, id, upload string, change roll.Change) error {
	if upload == "" {
		return nil
	}
	u, err := lockUpload(ctx, tx, id)
	if err != nil {
		return err
	}
	if u == nil || u.ID != upload || u.State != roll.Taking {
		return uploadGone(upload)
	}
	if u.At, err = db.Now(ctx, tx); err != nil {
		return err
	}
	u.State, u.Lease, u.Result = roll.Taken, time.Time{}, roll.UploadResult{Change: change}
	return keepUpload(ctx, tx, u)
}
