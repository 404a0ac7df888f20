package office

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/discussion"
	"osbu/domain/round"
	"osbu/sql/db"
)

type commentRow struct {
	bun.BaseModel `bun:"table:comment,alias:c"`

	ID       int64     `bun:"id,pk,autoincrement"`
	Proposal int64     `bun:"proposal"`
	ReplyTo  int64     `bun:"reply_to,nullzero"`
	Author   int64     `bun:"author"`
	Staff    bool      `bun:"staff"`
	Text     string    `bun:"text"`
	Language string    `bun:"language"`
	At       time.Time `bun:"at"`
	Hidden   string    `bun:"hidden,nullzero"`
	Note     string    `bun:"note"`

	Name     string `bun:"name,scanonly"`
	Reports  int    `bun:"reports,scanonly"`
	Reported bool   `bun:"reported,scanonly"`

	Title  string             `bun:"title,scanonly"`
	Faults []discussion.Fault `bun:"faults,scanonly,array"`
}

// AddComment implements discussion.Store. The author's account is locked,
// so that her comments are counted one after the other.
func (s *Store) AddComment(ctx context.Context, roundID string, id, author, replyTo int64, window time.Duration,
	build func(round.At, proposal.Proposal, *discussion.Comment, int) (discussion.Comment, error),
) (c discussion.Comment, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, p, err := holdProposal(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "SELECT FROM account WHERE id = ? FOR NO KEY UPDATE", author); err != nil {
			return err
		}
		var recent int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM comment WHERE author = ? AND at > ?", author,
			r.Now.Add(-window)).Scan(&recent); err != nil {
			return err
		}
		to, err := answered(ctx, tx, id, author, replyTo)
		if err != nil {
			return err
		}
		if c, err = build(r, p, to, recent); err != nil {
			return err
		}
		row := commentRow{
			Proposal: c.Proposal,
			ReplyTo:  c.ReplyTo,
			Author:   c.Author.ID,
			Staff:    c.Staff,
			Text:     c.Text,
			Language: string(c.Language),
			At:       c.At,
		}
		_, err = tx.NewInsert().Model(&row).Returning("id").Exec(ctx)
		c.ID = row.ID
		return err
	})
	return c, err
}

// answered reads the comment of the proposal that is answered, and keeps it
// from being hidden or erased; nil for none.
func answered(ctx context.Context, tx bun.Tx, proposal, reader, id int64) (*discussion.Comment, error) {
	if id == 0 {
		return nil, nil //nolint:nilnil // most comments answer none
	}
	var row commentRow
	err := selectComments(tx, &row, reader).Where("c.proposal = ? AND c.id = ?", proposal, id).For("SHARE OF c").Scan(ctx)
	if err != nil {
		return nil, roundRefusals.Explain(err)
	}
	c := row.comment()
	return &c, nil
}

// ChangeComment implements discussion.Store.
func (s *Store) ChangeComment(ctx context.Context, roundID string, id, account int64,
	change func(round.Round, proposal.Proposal, *discussion.Comment) (discussion.Change, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		var row commentRow
		err := selectComments(
			tx,
			&row,
			account,
		).Join("JOIN proposal p ON p.id = c.proposal").
			Where("p.round = ? AND c.id = ?", roundID, id).
			For("NO KEY UPDATE OF c").
			Scan(ctx)
		if err != nil {
			return roundRefusals.Explain(err)
		}
		r, p, err := holdProposal(ctx, tx, roundID, row.Proposal)
		if err != nil {
			return err
		}
		c := row.comment()
		done, err := change(r.Round, p, &c)
		if err != nil {
			return err
		}
		return writeComment(ctx, tx, account, row.comment(), c, done)
	})
}

func writeComment(
	ctx context.Context,
	tx bun.Tx,
	account int64,
	before, c discussion.Comment,
	done discussion.Change,
) error {
	run := func(needed bool, query string, args ...any) error {
		if !needed {
			return nil
		}
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}
	if done.Erase {
		return run(true, "DELETE FROM comment WHERE id = ?", c.ID)
	}
	if err := run(before.Hidden != c.Hidden ||
		before.Note != c.Note, "UPDATE comment SET hidden = nullif(?, ''), note = ? WHERE id = ?", string(c.Hidden), c.Note,
		c.ID); err != nil {
		return err
	}
	if err := run(done.Report != "", "INSERT INTO comment_report (comment, account, reason) VALUES (?, ?, ?) ON "+
		"CONFLICT DO NOTHING", c.ID, account, string(done.Report)); err != nil {
		return err
	}
	if err := run(done.Settle, "UPDATE comment_report SET settled = true WHERE comment = ?", c.ID); err != nil ||
		done.Audit == nil {
		return err
	}
	return audit(ctx, tx, *done.Audit)
}

// Comments implements discussion.Store.
func (s *Store) Comments(
	ctx context.Context,
	id, reader int64,
	all bool,
	after int64,
	limit int,
) ([]discussion.Comment, error) {
	return readComments(ctx, s.db, reader, func(q *bun.SelectQuery) *bun.SelectQuery {
		if !all {
			q = q.Where("(c.hidden IS NULL OR c.author = ?)", reader)
		}
		// The one after which it goes on may have been erased: then it began a
		// thread.
		return q.Where("c.proposal = ?", id).
			Where("(coalesce(c.reply_to, c.id), c.id) > "+
				"(coalesce((SELECT reply_to FROM comment WHERE id = ?0), ?0), ?0)", after).
			OrderExpr("coalesce(c.reply_to, c.id)").Limit(int64(limit))
	})
}

// Reported implements discussion.Store.
func (s *Store) Reported(
	ctx context.Context,
	roundID string,
	areas []string,
	hidden bool,
	limit int,
) ([]discussion.Comment, error) {
	return readComments(ctx, s.db, 0, func(q *bun.SelectQuery) *bun.SelectQuery {
		which := "c.hidden IS NULL AND EXISTS (SELECT FROM comment_report r WHERE r.comment = c.id AND NOT r.settled)"
		if hidden {
			which = "c.hidden IS NOT NULL"
		}
		if areas != nil {
			q = q.Where("p.area IN (?)", bun.List(areas))
		}
		return q.Join("JOIN proposal p ON p.id = c.proposal").Where("p.round = ?", roundID).Where(which).
			ColumnExpr("p.title").
			ColumnExpr("ARRAY(SELECT r.reason FROM comment_report r WHERE r.comment = c.id AND NOT r.settled " +
				"ORDER BY 1) AS faults").
			Limit(int64(limit))
	})
}

func readComments(
	ctx context.Context,
	q bun.IDB,
	reader int64,
	where func(*bun.SelectQuery) *bun.SelectQuery,
) ([]discussion.Comment, error) {
	var rows []commentRow
	if err := where(selectComments(q, &rows, reader)).OrderExpr("c.id").Scan(ctx); err != nil {
		return nil, err
	}
	comments := make([]discussion.Comment, len(rows))
	for i, row := range rows {
		comments[i] = row.comment()
	}
	return comments, nil
}

// selectComments reads comments with their authors' names, and their reports in
// the same query.
func selectComments(q bun.IDB, model any, reader int64) *bun.SelectQuery {
	return q.NewSelect().Model(model).ColumnExpr("?TableColumns, a.name").
		ColumnExpr("(SELECT count(*) FROM comment_report r WHERE r.comment = c.id AND NOT r.settled) AS reports").
		ColumnExpr("EXISTS (SELECT FROM comment_report r WHERE r.comment = c.id AND r.account = ?) AS reported", reader).
		Join("JOIN account a ON a.id = c.author")
}

func (row commentRow) comment() discussion.Comment {
	return discussion.Comment{
		ID: row.ID, Proposal: row.Proposal, ReplyTo: row.ReplyTo,
		Author: proposal.Person{ID: row.Author, Name: row.Name}, Staff: row.Staff,
		Text: row.Text,
		Language: domain.Language(
			row.Language,
		), At: row.At, Hidden: discussion.Fault(row.Hidden), Note: row.Note, Reports: row.Reports, Reported: row.Reported,
		Title: row.Title, Faults: row.Faults,
	}
}

// ReportProposal implements discussion.Store.
func (s *Store) ReportProposal(
	ctx context.Context,
	roundID string,
	id, account int64,
	fault discussion.Fault,
	permit func(round.Round, proposal.Proposal) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, p, err := holdProposal(ctx, tx, roundID, id)
		if err == nil {
			err = permit(r.Round, p)
		}
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx,
			"INSERT INTO proposal_report (proposal, account, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			id, account, string(fault))
		return err
	})
}

// SettleProposal implements discussion.Store.
func (s *Store) SettleProposal(ctx context.Context, roundID string, id int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE proposal_report SET settled = true
		WHERE proposal = (SELECT id FROM proposal WHERE round = ? AND id = ?)`, roundID, id)
	return err
}

// ReportedProposals implements discussion.Store.
func (s *Store) ReportedProposals(
	ctx context.Context,
	roundID string,
	areas []string,
	hidden bool,
	limit int,
) ([]discussion.ReportedProposal, error) {
	var rows []struct {
		ID     int64              `bun:"id"`
		Title  string             `bun:"title"`
		Area   string             `bun:"area"`
		State  string             `bun:"state"`
		Hidden string             `bun:"hidden"`
		Note   string             `bun:"hidden_note"`
		Faults []discussion.Fault `bun:"faults,array"`
	}
	query := s.db.NewSelect().TableExpr("proposal AS p").
		ColumnExpr("p.id, p.title, p.area, p.state, coalesce(p.hidden, '') AS hidden, p.hidden_note").
		ColumnExpr("ARRAY(SELECT r.reason FROM proposal_report r WHERE r.proposal = p.id AND NOT r.settled "+
			"ORDER BY 1) AS faults").
		Where("p.round = ?", roundID).OrderExpr("p.id").Limit(int64(limit))
	if hidden {
		query = query.Where("p.hidden IS NOT NULL")
	} else {
		query = query.Where("p.hidden IS NULL").
			Where("EXISTS (SELECT FROM proposal_report r WHERE r.proposal = p.id AND NOT r.settled)")
	}
	if areas != nil {
		query = query.Where("p.area IN (?)", bun.List(areas))
	}
	if err := query.Scan(ctx, &rows); err != nil {
		return nil, err
	}
	found := make([]discussion.ReportedProposal, len(rows))
	for i, r := range rows {
		found[i] = discussion.ReportedProposal{
			ID: r.ID, Title: r.Title, Area: r.Area, State: proposal.State(r.State), Faults: r.Faults,
			Hidden: discussion.Fault(r.Hidden), Note: r.Note,
		}
	}
	return found, nil
}
