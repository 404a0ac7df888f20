package office

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/sql/db"
)

type proposalRow struct {
	bun.BaseModel `bun:"table:proposal,alias:p"`

	ID              int64        `bun:"id,pk,autoincrement"`
	Round           string       `bun:"round"`
	State           string       `bun:"state"`
	Version         int          `bun:"version"`
	Author          int64        `bun:"author,nullzero"`
	AuthorName      string       `bun:"author_name"`
	Facilitator     int64        `bun:"facilitator,nullzero"`
	FacilitatorName string       `bun:"facilitator_name"`
	Question        string       `bun:"question"`
	AnswerBy        time.Time    `bun:"answer_by,nullzero"`
	Appeal          string       `bun:"appeal"`
	RejectedBy      int64        `bun:"rejected_by,nullzero"`
	Reason          string       `bun:"reason"`
	Answer          *domain.Text `bun:"answer,type:jsonb"`
	Minimum         *int64       `bun:"minimum"`
	Maximum         *int64       `bun:"maximum"`
	Maintenance     *int64       `bun:"maintenance"`
	Division        string       `bun:"division,nullzero"`
	EstimateBy      time.Time    `bun:"estimate_by,nullzero"`
	Estimation      string       `bun:"estimation"`
	Estimates       int          `bun:"estimates"`
	SubmittedAt     time.Time    `bun:"submitted_at,nullzero"`
	UpdatedAt       time.Time    `bun:"updated_at"`
	Hidden          string       `bun:"hidden,nullzero"`
	HiddenNote      string       `bun:"hidden_note"`
	Words           string       `bun:"words"`
	Coauthors       []personRow  `bun:"coauthors,scanonly,type:jsonb"`
	Images          []imageRow   `bun:"images,scanonly,type:jsonb"`
	Swedish         *wordsRow    `bun:"swedish,type:jsonb"`
	English         *wordsRow    `bun:"english,type:jsonb"`
	Translated      marksRow     `bun:"translated,type:jsonb,nullzero"`
	Project         *int         `bun:"project,scanonly"`
	ListedTitle     domain.Text  `bun:"listed_title,scanonly,type:jsonb"`
	ListedText      domain.Text  `bun:"listed_text,scanonly,type:jsonb"`
	ListedPlace     domain.Text  `bun:"listed_place,scanonly,type:jsonb"`
	Comments        int          `bun:"comments,scanonly"` // those that everybody reads
	Total           int          `bun:"total,scanonly"`    // of the search that found it

	assistedColumns
	textColumns
}

type versionRow struct {
	bun.BaseModel `bun:"table:proposal_version,alias:v"`

	Proposal int64        `bun:"proposal,pk"`
	Version  int          `bun:"version,pk"`
	At       time.Time    `bun:"at"`
	By       int64        `bun:"by,nullzero"`
	ByName   string       `bun:"by_name"`
	Action   string       `bun:"action"`
	State    string       `bun:"state"`
	Reason   string       `bun:"reason"`
	Answer   *domain.Text `bun:"answer,type:jsonb"`
	Swedish  *wordsRow    `bun:"swedish,type:jsonb"`
	English  *wordsRow    `bun:"english,type:jsonb"`

	textColumns
}

// AddProposal implements proposal.Store.
func (s *Store) AddProposal(
	ctx context.Context,
	roundID string,
	build func(round.At) (proposal.Proposal, proposal.Change, error),
) (p proposal.Proposal, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		made, c, err := build(r)
		if err != nil {
			return err
		}
		stored, err := insertProposals(ctx, tx, c, made)
		if err != nil {
			return err
		}
		p = stored[0]
		return nil
	})
	return p, err
}

// ChangeProposal implements proposal.Store.
func (s *Store) ChangeProposal(
	ctx context.Context,
	roundID string,
	id int64,
	change func(round.At, *proposal.Proposal) (proposal.Change, error),
) (p proposal.Proposal, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, locked, err := lockProposal(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		p = locked
		before := p
		c, err := change(r, &p)
		if err != nil || c.Action == "" {
			return err
		}
		if before.Project != 0 && p.Project == 0 {
			if _, err := tx.ExecContext(ctx, "DELETE FROM project WHERE proposal = ?", id); err != nil {
				return roundRefusals.Explain(err)
			}
			p.Listing = proposal.Listing{}
		}
		if p.Project != 0 && c.Action == proposal.ToTranslate {
			if p.Listing, err = translateProject(ctx, tx, p); err != nil {
				return roundRefusals.Explain(err)
			}
		}
		row := rowOfProposal(p)
		if _, err := tx.NewUpdate().Model(&row).ExcludeColumn("round", "author", "author_name", "channel").WherePK().
			Exec(ctx); err != nil {
			return roundRefusals.Explain(err)
		}
		if err := addVersions(ctx, tx, c, p); err != nil {
			return err
		}
		if before.SubmittedAt.IsZero() && !p.SubmittedAt.IsZero() {
			if err := openMailbox(ctx, tx, p.Author.ID); err != nil {
				return err
			}
		}
		if err := tell(ctx, tx, c, id); err != nil || c.Audit == nil {
			return err
		}
		return audit(ctx, tx, *c.Audit)
	})
	return p, err
}

// Versions implements proposal.Store.
func (s *Store) Versions(ctx context.Context, id int64) ([]proposal.Version, error) {
	var rows []versionRow
	if err := s.db.NewSelect().Model(&rows).Where("proposal = ?", id).Order("version").Scan(ctx); err != nil {
		return nil, err
	}
	versions := make([]proposal.Version, len(rows))
	for i, row := range rows {
		versions[i] = proposal.Version{
			Number: row.Version, At: row.At, By: proposal.Person{ID: row.By, Name: row.ByName},
			Action: proposal.Action(row.Action), State: proposal.State(row.State), Reason: row.Reason, Text: row.text(),
		}
		if row.Answer != nil {
			versions[i].Answer = *row.Answer
		}
		if row.Swedish != nil {
			versions[i].Swedish = proposal.Words(*row.Swedish)
		}
		if row.English != nil {
			versions[i].English = proposal.Words(*row.English)
		}
	}
	return versions, nil
}

// undecided is the number of proposals that still wait for a decision.
func undecided(ctx context.Context, q bun.IDB, roundID string) (int, error) {
	n, err := q.NewSelect().
		Model((*proposalRow)(nil)).
		Where("p.round = ? AND p.state IN (?)", roundID, bun.List(proposal.Undecided)).
		Count(ctx)
	return int(n), err
}

// commentCount is how many of a proposal's comments everybody reads.
const commentCount = "(SELECT count(*) FROM comment c WHERE c.proposal = p.id AND c.hidden IS NULL)"

// selectProposals reads proposals with their numbers and words on the ballot,
// who joined their authors, their images, and how many comments they have.
func selectProposals(q bun.IDB, model any) *bun.SelectQuery {
	return q.NewSelect().
		Model(model).
		ExcludeColumn("words").
		ColumnExpr("project.number AS project, project.title AS listed_title, project.description AS listed_text").
		ColumnExpr("project.place AS listed_place").
		ColumnExpr(coauthors).
		ColumnExpr(images).
		ColumnExpr(assistance).
		ColumnExpr(commentCount + " AS comments").
		Join("LEFT JOIN project ON project.proposal = p.id")
}

// insertProposals stores new proposals, each with its first version, and gives
// them their IDs.
func insertProposals(
	ctx context.Context,
	tx bun.Tx,
	c proposal.Change,
	made ...proposal.Proposal,
) ([]proposal.Proposal, error) {
	rows := make([]proposalRow, len(made))
	for i, p := range made {
		rows[i] = rowOfProposal(p)
	}
	if _, err := tx.NewInsert().Model(&rows).Returning("id").Exec(ctx); err != nil {
		return nil, roundRefusals.Explain(err)
	}
	var joined []authorRow
	for i := range made {
		made[i].ID = rows[i].ID
		for _, c := range made[i].Coauthors {
			joined = append(joined, authorRow{Proposal: made[i].ID, Account: c.ID}) //nolint:gosec // i is an index of made
		}
	}
	if len(joined) > 0 {
		if _, err := tx.NewInsert().Model(&joined).Exec(ctx); err != nil {
			return nil, err
		}
	}
	return made, addVersions(ctx, tx, c, made...)
}

// addVersions notes what was done to the proposals.
func addVersions(ctx context.Context, tx bun.IDB, c proposal.Change, changed ...proposal.Proposal) error {
	rows := make([]versionRow, len(changed))
	for i, p := range changed {
		rows[i] = versionRow{
			Proposal: p.ID, Version: p.Version, At: p.UpdatedAt, By: c.By.ID, ByName: c.By.Name,
			Action: string(c.Action), State: string(p.State), Reason: c.Reason,
			Swedish: rowOfWords(p.Swedish), English: rowOfWords(p.English), textColumns: columnsOf(p.Text),
		}
		if c.Answer != (domain.Text{}) {
			rows[i].Answer = &c.Answer
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

func (row proposalRow) proposal() proposal.Proposal {
	p := proposal.Proposal{
		ID: row.ID, Round: row.Round, State: proposal.State(row.State), Version: row.Version, Text: row.text(),
		Author:      proposal.Person{ID: row.Author, Name: row.AuthorName},
		Coauthors:   personsOf(row.Coauthors),
		Images:      imagesOf(row.Images),
		Comments:    row.Comments,
		Channel:     proposal.Channel(row.Channel),
		Assistance:  row.Assistance.assistance(),
		Facilitator: proposal.Person{ID: row.Facilitator, Name: row.FacilitatorName},
		Division:    row.Division, EstimateBy: row.EstimateBy, Estimation: proposal.Estimation(row.Estimation),
		Estimates: row.Estimates,
		Question:  row.Question, AnswerBy: row.AnswerBy, Appeal: row.Appeal, RejectedBy: row.RejectedBy,
		Reason: proposal.Reason(row.Reason), SubmittedAt: row.SubmittedAt, UpdatedAt: row.UpdatedAt,
		Hidden: proposal.Fault(row.Hidden), HiddenNote: row.HiddenNote,
		Listing: proposal.Listing{Title: row.ListedTitle, Description: row.ListedText, Place: row.ListedPlace},
	}
	if row.Answer != nil {
		p.Answer = *row.Answer
	}
	p.Cost = costOf(row.Minimum, row.Maximum, row.Maintenance)
	if row.Project != nil {
		p.Project = *row.Project
	}
	if row.Swedish != nil {
		p.Swedish = proposal.Words(*row.Swedish)
	}
	if row.English != nil {
		p.English = proposal.Words(*row.English)
	}
	p.Translated = proposal.Marks(row.Translated)
	return p
}

func rowOfProposal(p proposal.Proposal) proposalRow {
	row := proposalRow{
		ID: p.ID, Round: p.Round, State: string(p.State), Version: p.Version,
		Author: p.Author.ID, AuthorName: p.Author.Name, Facilitator: p.Facilitator.ID, FacilitatorName: p.Facilitator.Name,
		Division: p.Division, EstimateBy: p.EstimateBy, Estimation: string(p.Estimation), Estimates: p.Estimates,
		Question: p.Question, AnswerBy: p.AnswerBy, Appeal: p.Appeal, RejectedBy: p.RejectedBy, Reason: string(p.Reason),
		SubmittedAt: p.SubmittedAt, UpdatedAt: p.UpdatedAt, Hidden: string(p.Hidden), HiddenNote: p.HiddenNote,
		Words: searched(p), textColumns: columnsOf(p.Text),
		assistedColumns: assistedColumns{
			Channel: string(cmp.Or(p.Channel, proposal.Online)),
		}, // the city's own come by nobody's word
	}
	if p.Answer != (domain.Text{}) {
		row.Answer = &p.Answer
	}
	row.Swedish, row.English, row.Translated = rowOfWords(p.Swedish), rowOfWords(p.English), marksRow(p.Translated)
	if p.Cost != nil {
		row.Minimum, row.Maximum, row.Maintenance = (*int64)(
			&p.Cost.Minimum,
		), (*int64)(
			&p.Cost.Maximum,
		), (*int64)(
			&p.Cost.Maintenance,
		)
	}
	return row
}

// searched is what a search reads of a proposal: its title first, and what
// stands on the ballot in other words or languages.
func searched(p proposal.Proposal) string {
	words := []string{
		p.Text.Title, p.Text.Place, p.Text.What, p.Swedish.Title, p.Swedish.Place, p.Swedish.What,
		p.English.Title, p.English.Place, p.English.What,
	}
	for _, t := range []domain.Text{p.Listing.Title, p.Listing.Place, p.Listing.Description} {
		for _, s := range []string{t.Fi, t.Sv, t.En} {
			if !slices.Contains(words, s) {
				words = append(words, s)
			}
		}
	}
	return fold(strings.Join(words, " "))
}

func (c textColumns) text() proposal.Text {
	return proposal.Text{
		Title: c.Title, What: c.What, Why: c.Why, Area: c.Area, Place: c.Place, Theme: c.Theme,
		Point: pointOf(c.Latitude, c.Longitude), Language: domain.Language(c.Language),
	}
}
