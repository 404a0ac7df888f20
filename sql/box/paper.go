package box

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/sql/db"
)

// DeclareBatch is one statement.
func (s *Store) DeclareBatch(ctx context.Context, round string, b box.PaperBatch) error {
	_, err := s.db.ExecContext(ctx, "SELECT declare_batch(?, ?, ?, ?, ?, ?, ?)", round, b.Batch, b.Paper, b.Place, b.Day,
		b.Marked, b.Declared)
	return refusals.Explain(err)
}

// LeaveOut is one statement, unless it was done already.
func (s *Store) LeaveOut(ctx context.Context, round, batch, explanation string) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		b, err := oneBatch(ctx, tx, round, batch)
		if err != nil || b.State == box.BatchLeftOut && b.Explanation == explanation {
			return err
		}
		_, err = tx.ExecContext(ctx, "SELECT leave_out_batch(?, ?, ?)", round, batch, explanation)
		return refusals.Explain(err)
	})
}

// KeySheets is one statement.
func (s *Store) KeySheets(ctx context.Context, round string, k box.KeyedSheets) error {
	sheets := k.Sheets
	if sheets == nil {
		sheets = []string{}
	}
	_, err := s.db.Pool.Exec(ctx, "SELECT key_batch($1, $2, $3, $4, $5, $6)", round, k.Batch, k.Attempt, k.Part, k.Version,
		sheets)
	return refusals.Explain(err)
}

// KeyedSheets is one query.
func (s *Store) KeyedSheets(ctx context.Context, round, batch string) (all []box.KeyedSheets, err error) {
	rows, err := s.db.Pool.Query(ctx, `SELECT DISTINCT ON (k.batch, k.part) k.batch, k.attempt, k.part, k.version, k.sheets
		FROM keyed k JOIN paper_batch b USING (round, batch)
		WHERE k.round = $1 AND k.attempt = b.attempt AND ($2 = '' OR k.batch = $2)
		ORDER BY k.batch, k.part, k.version DESC`, round, batch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[box.KeyedSheets])
}

// ReopenBatch is one statement.
func (s *Store) ReopenBatch(ctx context.Context, round, batch string, attempt int) error {
	_, err := s.db.ExecContext(ctx, "SELECT reopen_batch(?, ?, ?)", round, batch, attempt)
	return refusals.Explain(err)
}

// Logged is one query.
func (s *Store) Logged(ctx context.Context, round string, serials []string) (found []string, err error) {
	const query = "SELECT serial FROM leaf WHERE round = $1 AND serial = ANY($2) ORDER BY serial"
	rows, err := s.db.Pool.Query(ctx, query, round, serials)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// PaperBatches is one query.
func (s *Store) PaperBatches(ctx context.Context, round string) ([]box.PaperBatch, error) {
	return batches(ctx, s.db, "round = ?", round)
}

// SealBatch takes the log's lock, so that nobody else seals the batch or
// extends the log meanwhile.
func (s *Store) SealBatch(
	ctx context.Context,
	round, batch string,
	sheets []box.PaperSheet,
	count box.BatchCount,
	extend func(box.Batch) (box.Extension, error),
) error {
	return busy(db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if err := lockLog(ctx, tx, round, true); err != nil {
			return err
		}
		before, err := oneBatch(ctx, tx, round, batch)
		if err != nil {
			return err
		}
		bySerial := map[string]box.PaperSheet{}
		for _, sheet := range sheets {
			bySerial[sheet.Serial] = sheet
		}
		if before.State == box.BatchSealed { // perhaps by this very call, whose answer was lost
			return sealedWith(ctx, tx, round, before, bySerial, count)
		}
		if count.Attempt != 0 && count.Attempt != before.Attempt {
			return domain.Fail(domain.Conflict, box.CodeReopened, "batch %s is being keyed in anew", batch)
		}
		b := box.Batch{Tiles: tiles{tx}}
		if err := readLog(ctx, tx, round, &b); err != nil {
			return err
		}
		for _, sheet := range sheets {
			b.Ballots = append(b.Ballots, box.Entry{Batch: sheet.Batch, Serial: sheet.Serial, Commit: sheet.Commit}.Leaf())
		}
		e, err := extend(b)
		if err != nil {
			return err
		}
		return addSheets(ctx, tx, round, batch, e, bySerial, count)
	}))
}

// addSheets writes a batch's extension by one call.
func addSheets(
	ctx context.Context,
	tx bun.Tx,
	round, batch string,
	e box.Extension,
	sheets map[string]box.PaperSheet,
	count box.BatchCount,
) error {
	before := e.Checkpoint.Size - int64(len(e.Leaves))
	lines, serials := make([]string, len(e.Leaves)), make([]*string, len(e.Leaves))
	commits, payloads := make([][]byte, len(e.Leaves)), make([][]byte, len(e.Leaves))
	for i, l := range e.Leaves {
		if lines[i] = l.String(); l.Type != box.PaperLeaf {
			continue
		}
		sheet, ok := sheets[l.Serial]
		if !ok {
			return errors.New("a leaf of a sheet that is not of the batch")
		}
		serials[i], commits[i], payloads[i] = &l.Serial, l.Commit[:], sheet.Payload
	}
	decided, err := byReason(count.Decided)
	if err != nil {
		return err
	}
	uncounted, err := byReason(count.Uncounted)
	if err != nil {
		return err
	}
	levels, places, hashes := subtrees(e)
	_, err = tx.Tx.ExecContext(ctx,
		"SELECT seal_batch($1, $2, $3, $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::smallint[], $9::bigint[], "+
			"$10::bytea[], $11, $12, $13::jsonb, $14::jsonb, $15, $16, $17)",
		round, batch, before, lines, serials, commits, payloads, levels, places, hashes, e.Signed,
		count.Agreed, decided, uncounted, count.Spoiled, count.TakenAway, count.Explanation)
	return err
}

// sealedWith is nil if a sealed batch has these sheets and this count, and no
// others.
func sealedWith(
	ctx context.Context,
	tx bun.Tx,
	round string,
	b box.PaperBatch,
	sheets map[string]box.PaperSheet,
	count box.BatchCount,
) error {
	var rows []struct {
		Serial string
		Commit []byte
	}
	const kept = "SELECT serial, commit FROM leaf WHERE round = ? AND batch = ? AND serial IS NOT NULL"
	err := tx.NewRaw(kept, round, b.Batch).
		Scan(ctx, &rows)
	if err != nil {
		return err
	}
	same := len(rows) == len(sheets) && b.Agreed == count.Agreed && maps.Equal(b.Decided, count.Decided) &&
		maps.Equal(b.Uncounted, count.Uncounted) && b.Spoiled == count.Spoiled && b.TakenAway == count.TakenAway &&
		b.Explanation == count.Explanation
	for _, row := range rows {
		sheet, there := sheets[row.Serial]
		same = same && there && [32]byte(row.Commit) == sheet.Commit
	}
	if !same {
		return domain.Fail(domain.Conflict, box.CodeBatch, "batch %s is sealed with other sheets", b.Batch)
	}
	return nil
}

func byReason(sheets map[string]int) (string, error) {
	if sheets == nil {
		return "{}", nil
	}
	text, err := json.Marshal(sheets)
	return string(text), err
}

func oneBatch(ctx context.Context, tx bun.Tx, round, batch string) (box.PaperBatch, error) {
	found, err := batches(ctx, tx, "round = ? AND batch = ?", round, batch)
	if err == nil && len(found) == 0 {
		err = domain.Fail(domain.NotFound, domain.CodeNotFound, "there is no batch %.20q", batch)
	}
	if err != nil {
		return box.PaperBatch{}, err
	}
	return found[0], nil
}

func batches(ctx context.Context, q bun.IDB, where string, args ...any) (found []box.PaperBatch, err error) {
	var rows []struct {
		Batch, Paper, Place, Day, State              string
		Marked, Declared, Agreed, Spoiled, TakenAway int
		Decided, Uncounted                           []byte
		Explanation                                  string
		Attempt                                      int
	}
	err = q.NewRaw(`SELECT batch, paper, place, to_char(day, 'YYYY-MM-DD') AS day, state, marked, declared, agreed,
		spoiled, taken_away, decided, uncounted, explanation, attempt
		FROM paper_batch WHERE `+where+` ORDER BY batch COLLATE "C"`, args...).
		Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		b := box.PaperBatch{
			Batch: r.Batch, Paper: r.Paper, Place: r.Place, Day: r.Day, State: box.BatchState(r.State), Marked: r.Marked,
			Declared: r.Declared, Attempt: r.Attempt, BatchCount: box.BatchCount{
				Agreed: r.Agreed, Spoiled: r.Spoiled, TakenAway: r.TakenAway, Explanation: r.Explanation,
			},
		}
		for text, into := range map[*[]byte]*map[string]int{&r.Decided: &b.Decided, &r.Uncounted: &b.Uncounted} {
			if err := json.Unmarshal(*text, into); err != nil {
				return nil, fmt.Errorf("batch %s: %w", r.Batch, err)
			}
		}
		found = append(found, b)
	}
	return found, nil
}
