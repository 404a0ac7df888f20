package office

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/sql/db"
)

// State is what a round's next step depends on.
func (s *Store) State(ctx context.Context, id string) (record.State, error) {
	r, err := roundByID(ctx, s.db, id)
	if err != nil {
		return record.State{}, err
	}
	return s.state(ctx, s.db, r)
}

func (s *Store) state(ctx context.Context, q bun.IDB, r round.Round) (st record.State, err error) {
	st.Round = r
	if st.Now, err = db.Now(ctx, q); err != nil {
		return st, err
	}
	if st.Undecided, err = undecided(ctx, q, r.ID); err != nil {
		return st, err
	}
	projects, err := ballotProjects(ctx, q, r.ID)
	if err != nil {
		return st, err
	}
	for _, p := range projects {
		st.Projects = append(
			st.Projects,
			record.Project{
				Number: p.Number, Area: p.Area, Title: p.Title, Text: p.Description, Cost: p.Reserved, Withdrawn: p.Withdrawn,
				Votes: p.Votes, Selected: p.Selected,
			},
		)
	}
	if st.Conflicts, err = ballotConflicts(ctx, q, r.ID); err != nil {
		return st, err
	}
	if st.Codes, err = goodCodes(ctx, q, r.ID); err != nil {
		return st, err
	}
	papers, err := s.turnout(ctx, q, r.ID)
	st.Rights, st.Spent = make(map[string]int, len(papers)), make(map[string]record.Spent, len(papers))
	for _, p := range papers {
		st.Rights[p.Paper], st.Spent[p.Paper] = p.Rights, record.Spent{
			Online:   p.Online,
			Assisted: p.Assisted,
			OnPaper:  p.OnPaper,
			Replaced: p.Replaced,
		}
	}
	return st, err
}

// FreezeRound lets freeze decide under the round's lock and stores manifest,
// lot, issuer keys, decision and phase together. The phase changes last: until
// then the triggers let the ballot be written.
func (s *Store) FreezeRound(
	ctx context.Context,
	id string,
	freeze func(record.State) (record.Frozen, error),
) (r round.At, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if r.Round, err = lockRound(ctx, tx, id); err != nil {
			return err
		}
		st, err := s.state(ctx, tx, r.Round)
		if err != nil {
			return err
		}
		frozen, err := freeze(st)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO frozen (round, manifest, lot, opening) VALUES (?, ?, ?, ?)", id,
			frozen.Manifest, frozen.Lot, frozen.Opening); err != nil {
			return err
		}
		if err := insertIssuers(ctx, tx, id, frozen.Issuers); err != nil {
			return err
		}
		r.Now = st.Now
		r.Phase, r.FreezeDecision, r.Asked = round.Frozen, frozen.Decision, nil
		return writeRound(ctx, tx, r.Round, frozen.Entry, false)
	})
	return r, err
}

// Frozen is the manifest and the sealed lot, without the issuer keys.
func (s *Store) Frozen(ctx context.Context, id string) (f record.Frozen, err error) {
	err = s.db.QueryRowContext(ctx,
		"SELECT manifest, lot, opening, freeze_decision FROM frozen JOIN round ON id = round WHERE round = ?", id).
		Scan(&f.Manifest, &f.Lot, &f.Opening, &f.Decision)
	return f, roundRefusals.Explain(err)
}

// StopPaper waits for whoever marks a right or takes a mark back at this
// moment: they hold the round.
func (s *Store) StopPaper(ctx context.Context, id string) (stopped bool, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := lockRound(ctx, tx, id); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, "INSERT INTO paper_stopped (round) VALUES (?) ON CONFLICT DO NOTHING", id)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		stopped = n > 0
		return err
	})
	return stopped, err
}

// ResumePaper is one statement.
func (s *Store) ResumePaper(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM paper_stopped WHERE round = ?", id)
	return err
}

// CloseRound is a step that also destroys the issuer keys and the recoveries
// and puts the spent rights in random order; in the order in which a day's
// shuffle locks the tables.
func (s *Store) CloseRound(ctx context.Context, id string, change record.Change) (round.At, error) {
	return s.step(ctx, id, change, func(ctx context.Context, tx bun.Tx) error {
		if err := destroyIssuers(ctx, tx, id); err != nil {
			return err
		}
		if _, err := shuffleRights(ctx, tx); err != nil {
			return err
		}
		return destroyRecoveries(ctx, tx, id)
	})
}

type outcomeRow struct {
	bun.BaseModel `bun:"table:outcome,alias:o"`

	Round   string          `bun:"round,pk"`
	Area    string          `bun:"area,pk"`
	Input   []byte          `bun:"input"`
	Ballots int             `bun:"ballots"`
	Blank   int             `bun:"blank"`
	Sheets  int             `bun:"sheets"`
	Seed    string          `bun:"seed"`
	Rule    round.Rule      `bun:"rule,type:jsonb"`
	Result  json.RawMessage `bun:"result,type:json"`
}

// CountRound is a step that also stores the outcomes and what opening the
// ballots left.
func (s *Store) CountRound(
	ctx context.Context,
	id string,
	outcomes []record.Outcome,
	opened record.Opened,
	change record.Change,
) (round.At, error) {
	rows := make([]outcomeRow, len(outcomes))
	for i, o := range outcomes {
		result, err := json.Marshal(o.Result)
		if err != nil {
			return round.At{}, fmt.Errorf("outcome of %s: %w", o.Area, err)
		}
		rows[i] = outcomeRow{
			Round:   id,
			Area:    o.Area,
			Input:   o.Input,
			Ballots: o.Ballots,
			Blank:   o.Blank,
			Sheets:  o.Sheets,
			Seed:    o.Seed,
			Rule:    o.Rule,
			Result:  result,
		}
	}
	return s.step(ctx, id, change, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil || opened.Key == nil {
			return err
		}
		void, err := json.Marshal(opened.Void)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO opened (round, key, void) VALUES (?, ?, ?)", id, opened.Key, string(void))
		return err
	})
}

// PublishRound lets publish decide under the round's lock and keeps the parts
// it gives as they come, in the same transaction.
func (s *Store) PublishRound(
	ctx context.Context,
	id string,
	selected map[int]bool,
	publish func(r *round.Round, now time.Time, keep record.Keep) (round.Entry, error),
) (r round.At, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if r.Round, err = lockRound(ctx, tx, id); err != nil {
			return err
		}
		if r.Now, err = db.Now(ctx, tx); err != nil {
			return err
		}
		entry, err := publish(&r.Round, r.Now, func(p record.Part, write func(io.Writer) error) (record.Stored, error) {
			return keep(ctx, tx, id, p, write)
		})
		if err != nil {
			return err
		}
		if err := updateRound(ctx, tx, r.Round); err != nil {
			return err
		}
		if err := settleProjects(ctx, tx, id, selected); err != nil {
			return err
		}
		if err := openDeliveries(ctx, tx, id); err != nil {
			return err
		}
		if err := s.openLedger(ctx, tx, r); err != nil {
			return err
		}
		return audit(ctx, tx, entry)
	})
	return r, err
}

// keep stores what write writes, one piece in memory at a time.
func keep(
	ctx context.Context,
	tx bun.Tx,
	id string,
	p record.Part,
	write func(io.Writer) error,
) (record.Stored, error) {
	w := &pieces{ctx: ctx, tx: tx, round: id, part: p, sum: sha256.New(), held: make([]byte, 0, record.PieceSize)}
	if err := write(w); err != nil {
		return record.Stored{}, err
	}
	if err := w.flush(); err != nil {
		return record.Stored{}, err
	}
	digest := w.sum.Sum(nil)
	_, err := tx.ExecContext(
		ctx,
		"INSERT INTO published (round, part, size, sha256) VALUES (?, ?, ?, ?)",
		id,
		string(p),
		w.size,
		digest,
	)
	return record.Stored{Size: w.size, Digest: hex.EncodeToString(digest)}, err
}

// pieces cuts what is written into rows.
type pieces struct {
	ctx   context.Context
	tx    bun.Tx
	round string
	part  record.Part
	sum   hash.Hash
	held  []byte
	n     int
	size  int64
}

func (w *pieces) Write(b []byte) (int, error) {
	for rest := b; len(rest) > 0; {
		n := copy(w.held[len(w.held):cap(w.held)], rest)
		w.held, rest = w.held[:len(w.held)+n], rest[n:]
		if len(w.held) == cap(w.held) {
			if err := w.flush(); err != nil {
				return len(b) - len(rest), err
			}
		}
	}
	return len(b), nil
}

func (w *pieces) flush() error {
	if len(w.held) == 0 {
		return nil
	}
	w.sum.Write(w.held)
	_, err := w.tx.ExecContext(
		w.ctx,
		"INSERT INTO piece (round, part, n, bytes) VALUES (?, ?, ?, ?)",
		w.round,
		string(w.part),
		w.n,
		w.held,
	)
	w.n, w.size, w.held = w.n+1, w.size+int64(len(w.held)), w.held[:0]
	return err
}

// step lets change decide under the round's lock and stores the round, then
// does what belongs to the step, then writes the audit entry.
func (s *Store) step(
	ctx context.Context,
	id string,
	change record.Change,
	also func(context.Context, bun.Tx) error,
) (r round.At, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if r.Round, err = lockRound(ctx, tx, id); err != nil {
			return err
		}
		if r.Now, err = db.Now(ctx, tx); err != nil {
			return err
		}
		entry, err := change(&r.Round, r.Now)
		if err != nil {
			return err
		}
		if err := updateRound(ctx, tx, r.Round); err != nil {
			return err
		}
		if err := also(ctx, tx); err != nil {
			return err
		}
		return audit(ctx, tx, entry)
	})
	return r, err
}

// Opened is what opening the ballots left.
func (s *Store) Opened(ctx context.Context, id string) (o record.Opened, err error) {
	var void []byte
	err = s.db.QueryRowContext(ctx, "SELECT key, void FROM opened WHERE round = ?", id).Scan(&o.Key, &void)
	if errors.Is(err, sql.ErrNoRows) {
		return record.Opened{}, nil
	}
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(void, &o.Void)
}

// Outcomes are the stored outcomes by the areas' position.
func (s *Store) Outcomes(ctx context.Context, id string) ([]record.Outcome, error) {
	var rows []outcomeRow
	err := s.db.NewSelect().Model(&rows).Join("JOIN area AS a ON a.round = o.round AND a.id = o.area").
		Where("o.round = ?", id).OrderExpr("a.position").Scan(ctx)
	if err != nil {
		return nil, err
	}
	outcomes := make([]record.Outcome, len(rows))
	for i, r := range rows {
		outcomes[i] = record.Outcome{
			Area:    r.Area,
			Input:   r.Input,
			Ballots: r.Ballots,
			Blank:   r.Blank,
			Sheets:  r.Sheets,
			Seed:    r.Seed,
			Rule:    r.Rule,
		}
		if err := json.Unmarshal(r.Result, &outcomes[i].Result); err != nil {
			return nil, fmt.Errorf("outcome of %s: %w", r.Area, err)
		}
	}
	return outcomes, nil
}

// Stored is a part of what was published.
func (s *Store) Stored(ctx context.Context, id string, p record.Part) (stored record.Stored, err error) {
	var digest []byte
	err = s.db.QueryRowContext(ctx, "SELECT size, sha256 FROM published WHERE round = ? AND part = ?", id, string(p)).
		Scan(&stored.Size, &digest)
	stored.Digest = hex.EncodeToString(digest)
	return stored, roundRefusals.Explain(err)
}

// Piece is the n-th piece of a part.
func (s *Store) Piece(ctx context.Context, id string, p record.Part, n int) (piece []byte, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT bytes FROM piece WHERE round = ? AND part = ? AND n = ?", id, string(p), n).
		Scan(&piece)
	return piece, roundRefusals.Explain(err)
}

// CorrectRound is a step whose entry the database takes the decision's number
// from: neither is there without the other.
func (s *Store) CorrectRound(ctx context.Context, id string, change record.Change) (round.At, error) {
	var r round.At
	err := db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) (err error) {
		if r.Round, err = lockRound(ctx, tx, id); err != nil {
			return err
		}
		if r.Now, err = db.Now(ctx, tx); err != nil {
			return err
		}
		entry, err := change(&r.Round, r.Now)
		if err != nil {
			return err
		}
		return audit(ctx, tx, entry)
	})
	return r, roundRefusals.Explain(err)
}

// Corrections are the entries of a round's corrections, the first first.
func (s *Store) Corrections(ctx context.Context, id string) ([]round.Entry, error) {
	var rows []auditRow
	err := s.db.NewSelect().Model(&rows).Column("seq", "at", "details").
		Where("e.round = ? AND e.action = ?", id, string(round.Correct)).OrderExpr("e.seq").Scan(ctx)
	entries := make([]round.Entry, len(rows))
	for i, r := range rows {
		entries[i] = round.Entry{Round: id, Seq: r.Seq, At: r.At, Action: string(round.Correct), Details: r.Details}
	}
	return entries, err
}

// SheetComparisons are the entries of a round's comparisons of sheets, the
// first first.
func (s *Store) SheetComparisons(ctx context.Context, id string) ([]round.Entry, error) {
	return sheetComparisons(ctx, s.db, id)
}

func sheetComparisons(ctx context.Context, q bun.IDB, id string) ([]round.Entry, error) {
	var rows []auditRow
	err := q.NewSelect().Model(&rows).Column("seq", "at", "actor", "action", "details").
		Where("e.round = ? AND e.action IN (?)", id, bun.List(record.ComparisonActions)).OrderExpr("e.seq").Scan(ctx)
	entries := make([]round.Entry, len(rows))
	for i, r := range rows {
		entries[i] = round.Entry{
			Round: id, Seq: r.Seq, At: r.At, Actor: r.Actor, Action: r.Action, Details: r.Details,
		}
	}
	return entries, err
}

// Compare lets do make an entry of a comparison, with the round held.
func (s *Store) Compare(
	ctx context.Context,
	id string,
	do func(r round.Round, entries []round.Entry) (*round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := lockRound(ctx, tx, id)
		if err != nil {
			return err
		}
		entries, err := sheetComparisons(ctx, tx, id)
		if err != nil {
			return err
		}
		e, err := do(r, entries)
		if err != nil || e == nil {
			return err
		}
		return audit(ctx, tx, *e)
	})
}

// Note writes an audit entry of something that changes nothing.
func (s *Store) Note(ctx context.Context, e round.Entry) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error { return audit(ctx, tx, e) })
}

var _ record.Office = (*Store)(nil)
