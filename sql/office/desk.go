package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/round"
	"osbu/sql/db"
)

// Colleagues implements proposal.Colleagues.
func (s *Store) Colleagues(ctx context.Context, roundID string) ([]proposal.Colleague, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, c *proposal.Colleague) error {
		return rows.Scan(&c.ID, &c.Name, pgdialect.Array(&c.Areas), &c.Waiting)
	}, `
		SELECT f.account, a.name, f.areas, count(p.id)
		FROM facilitator f JOIN account a ON a.id = f.account
			LEFT JOIN proposal p ON p.facilitator = f.account AND p.round = ? AND p.state IN (?)
		GROUP BY f.account, a.name, f.areas ORDER BY a.name, f.account`, roundID, bun.List(proposal.Undecided))
}

// deskRow is how a desk is kept.
type deskRow struct {
	Checklist []checkRow
	Templates []templateRow
	Divisions []divisionRow
}

type divisionRow struct {
	ID   string      `json:"id"`
	Name domain.Text `json:"name"`
}

type checkRow struct {
	ID   string      `json:"id"`
	Text domain.Text `json:"text"`
}

type templateRow struct {
	Reason string      `json:"reason"`
	Text   domain.Text `json:"text"`
}

// Desk implements desk.Settings.
func (s *Store) Desk(ctx context.Context, roundID string) (*desk.Desk, error) {
	return deskOf(ctx, s.db, roundID)
}

func deskOf(ctx context.Context, from bun.IDB, roundID string) (*desk.Desk, error) {
	var checklist, templates, divisions []byte
	err := from.QueryRowContext(ctx, "SELECT checklist, templates, divisions FROM desk WHERE round = ?", roundID).
		Scan(&checklist, &templates, &divisions)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var row deskRow
	if err := errors.Join(err, json.Unmarshal(checklist, &row.Checklist),
		json.Unmarshal(templates, &row.Templates)); err != nil {
		return nil, err
	}
	d := &desk.Desk{
		Checklist: make([]desk.Check, len(row.Checklist)),
		Templates: make([]desk.Template, len(row.Templates)),
	}
	for i, c := range row.Checklist {
		d.Checklist[i] = desk.Check(c)
	}
	for i, t := range row.Templates {
		d.Templates[i] = desk.Template{Reason: proposal.Reason(t.Reason), Text: t.Text}
	}
	if divisions == nil { // kept before there were any
		d.Divisions = desk.Standard().Divisions
		return d, nil
	}
	if err := json.Unmarshal(divisions, &row.Divisions); err != nil {
		return nil, err
	}
	for _, one := range row.Divisions {
		d.Divisions = append(d.Divisions, desk.Division(one))
	}
	return d, nil
}

// UpdateDesk implements desk.Settings.
func (s *Store) UpdateDesk(
	ctx context.Context,
	roundID string,
	keep func(round.Round, *desk.Desk, []string) (desk.Desk, round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := lockRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		kept, err := deskOf(ctx, tx, roundID)
		if err != nil {
			return err
		}
		var busy []string
		err = tx.NewSelect().
			Model((*proposalRow)(nil)).
			Distinct().
			Column("division").
			Where("round = ? AND division IS NOT NULL", roundID).
			Scan(ctx, &busy)
		if err != nil {
			return err
		}
		d, entry, err := keep(r, kept, busy)
		if err != nil {
			return err
		}
		row := deskRow{
			make([]checkRow, len(d.Checklist)),
			make([]templateRow, len(d.Templates)),
			make([]divisionRow, len(d.Divisions)),
		}
		for i, c := range d.Checklist {
			row.Checklist[i] = checkRow(c)
		}
		for i, t := range d.Templates {
			row.Templates[i] = templateRow{string(t.Reason), t.Text}
		}
		for i, one := range d.Divisions {
			row.Divisions[i] = divisionRow(one)
		}
		checklist, err := json.Marshal(row.Checklist)
		if err != nil {
			return err
		}
		templates, err := json.Marshal(row.Templates)
		if err != nil {
			return err
		}
		divisions, err := json.Marshal(row.Divisions)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO desk (round, checklist, templates, divisions)
			VALUES (?, ?::jsonb, ?::jsonb, ?::jsonb)
			ON CONFLICT (round) DO UPDATE SET checklist = excluded.checklist, templates = excluded.templates, divisions =
			excluded.divisions`,
			roundID, string(checklist), string(templates), string(divisions)); err != nil {
			return roundRefusals.Explain(err)
		}
		return audit(ctx, tx, entry)
	})
}

// Assign implements desk.Assignments: two statements however many proposals.
// Their locks are taken in the order of their IDs, so that two who hand over at
// once wait for each other.
func (s *Store) Assign(
	ctx context.Context,
	roundID string,
	ids []int64,
	note desk.Note,
	decide func(round.Round, []proposal.Proposal) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		proposals, err := lockProposals(ctx, tx, roundID, ids)
		if err != nil {
			return err
		}
		if err := decide(r.Round, proposals); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			WITH assigned AS (
				UPDATE proposal SET facilitator = nullif(?0, 0), facilitator_name = ?1 WHERE id IN (?2) RETURNING id
			)
			INSERT INTO note (proposal, by, by_name, text, assigned, to_whom, to_name)
			SELECT id, ?3, ?4, ?5, true, nullif(?0, 0), ?1 FROM assigned`,
			note.To.ID, note.To.Name, bun.List(ids), note.By.ID, note.By.Name, note.Text)
		return roundRefusals.Explain(err)
	})
}

// Case implements desk.Cases.
func (s *Store) Case(ctx context.Context, id int64) (f desk.Case, err error) {
	f.Notes, err = readAll(ctx, s.db, func(rows *sql.Rows, n *desk.Note) error {
		return rows.Scan(&n.ID, &n.At, &n.By.ID, &n.By.Name, &n.Text, &n.Assigned, &n.To.ID, &n.To.Name, &n.Division,
			&n.ErasedBy)
	}, "SELECT id, at, by, by_name, text, assigned, coalesce(to_whom, 0), to_name, division, erased_by FROM note WHERE "+
		"proposal = ? ORDER BY id", id)
	if err != nil {
		return f, err
	}
	f.Answers, err = readAll(ctx, s.db, func(rows *sql.Rows, m *desk.CheckAnswer) error {
		return rows.Scan(&m.Check, &m.Verdict, &m.Note, &m.By.ID, &m.By.Name, &m.At)
	}, "SELECT item, verdict, note, by, by_name, at FROM mark WHERE proposal = ? ORDER BY at, item", id)
	if err != nil {
		return f, err
	}
	f.Contacts, err = readAll(
		ctx,
		s.db,
		scanContact,
		"SELECT "+contactColumns+" FROM contact WHERE proposal = ? ORDER BY id",
		id,
	)
	return f, err
}

const contactColumns = "id, area, coalesce(proposal, 0), at, by, by_name, channel, topic, language, minutes, struck_by"

func scanContact(rows *sql.Rows, c *desk.Contact) error {
	return rows.Scan(
		&c.ID,
		&c.Area,
		&c.Proposal,
		&c.At,
		&c.By.ID,
		&c.By.Name,
		&c.Channel,
		&c.Topic,
		&c.Language,
		&c.Minutes,
		&c.StruckBy,
	)
}

// Answered implements desk.Cases.
func (s *Store) Answered(ctx context.Context, proposals ...int64) (map[int64]int, error) {
	if len(proposals) == 0 {
		return nil, nil
	}
	var rows []struct {
		Proposal int64
		Checks   int
	}
	err := s.db.NewRaw("SELECT proposal, count(*) AS checks FROM mark WHERE proposal IN (?) GROUP BY proposal",
		bun.List(proposals)).Scan(ctx, &rows)
	answered := make(map[int64]int, len(rows))
	for _, row := range rows {
		answered[row.Proposal] = row.Checks
	}
	return answered, err
}

// AddNote implements desk.Cases.
func (s *Store) AddNote(ctx context.Context, id int64, n desk.Note) error {
	_, err := s.db.ExecContext(
		ctx,
		"INSERT INTO note (proposal, by, by_name, text, assigned, to_name) VALUES (?, ?, ?, ?, false, '')",
		id,
		n.By.ID,
		n.By.Name,
		n.Text,
	)
	return err
}

// EraseNote implements desk.Cases.
func (s *Store) EraseNote(ctx context.Context, id, note int64, by proposal.Person) error {
	result, err := s.db.ExecContext(
		ctx,
		"UPDATE note SET text = '', erased_by = CASE WHEN erased_by = '' THEN ? ELSE erased_by END "+
			"WHERE proposal = ? AND id = ?",
		by.Name,
		id,
		note,
	)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return domain.Fail(domain.NotFound, domain.CodeNotFound, "proposal %d has no note %d", id, note)
}

// AnswerCheck implements desk.Cases.
func (s *Store) AnswerCheck(ctx context.Context, id int64, m desk.CheckAnswer) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO mark (proposal, item, verdict, note, by, by_name, at) VALUES (?, ?, ?, ?, ?, ?, osbu_now())
		ON CONFLICT (proposal, item) DO UPDATE SET (verdict, note, by, by_name, at) =
			(excluded.verdict, excluded.note, excluded.by, excluded.by_name, excluded.at)`,
		id, m.Check, string(m.Verdict), m.Note, m.By.ID, m.By.Name)
	return err
}

// AddContact implements desk.Contacts.
func (s *Store) AddContact(ctx context.Context, roundID string, c desk.Contact) error {
	_, err := s.db.ExecContext(
		ctx,
		`INSERT INTO contact (round, area, proposal, by, by_name, channel, topic, language, minutes)
		VALUES (?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?)`,
		roundID,
		c.Area,
		c.Proposal,
		c.By.ID,
		c.By.Name,
		string(c.Channel),
		string(c.Topic),
		c.Language,
		c.Minutes,
	)
	return err
}

// Contacts implements desk.Contacts.
func (s *Store) Contacts(ctx context.Context, roundID string, areas []string, most int) ([]desk.Contact, error) {
	if areas == nil {
		return readAll(
			ctx,
			s.db,
			scanContact,
			"SELECT "+contactColumns+" FROM contact WHERE round = ? ORDER BY id DESC LIMIT ?",
			roundID,
			most,
		)
	}
	return readAll(
		ctx,
		s.db,
		scanContact,
		"SELECT "+contactColumns+" FROM contact WHERE round = ? AND area = ANY (?) ORDER BY id DESC LIMIT ?",
		roundID,
		pgdialect.Array(areas),
		most,
	)
}

// StrikeContact implements desk.Contacts.
func (s *Store) StrikeContact(ctx context.Context, roundID string, areas []string, id int64, by proposal.Person) error {
	result, err := s.db.ExecContext(
		ctx,
		"UPDATE contact SET struck_by = CASE WHEN struck_by = '' THEN ? ELSE struck_by END WHERE round = ? AND id = ? "+
			"AND (? OR area = ANY (?))",
		by.Name,
		roundID,
		id,
		areas == nil,
		pgdialect.Array(areas),
	)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return domain.Fail(domain.NotFound, domain.CodeNotFound, "round %s has no contact %d there", roundID, id)
}
