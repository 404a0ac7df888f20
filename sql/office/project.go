package office

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/project"
	"osbu/domain/round"
	"osbu/sql/db"
)

type projectRow struct {
	bun.BaseModel `bun:"table:project,alias:j"`

	Round              string      `bun:"round"`
	Number             int         `bun:"number"`
	Proposal           int64       `bun:"proposal,pk"`
	Area               string      `bun:"area"`
	Theme              string      `bun:"theme,nullzero"`
	Title              domain.Text `bun:"title,type:jsonb"`
	Description        domain.Text `bun:"description,type:jsonb"`
	Place              domain.Text `bun:"place,type:jsonb"`
	Latitude           *float64    `bun:"latitude"`
	Longitude          *float64    `bun:"longitude"`
	Minimum            int64       `bun:"minimum"`
	Maximum            int64       `bun:"maximum"`
	Maintenance        int64       `bun:"maintenance"`
	Votes              *int        `bun:"votes"`
	Selected           bool        `bun:"selected,scanonly"`
	Withdrawn          bool        `bun:"withdrawn,scanonly"`
	Image              *imageRow   `bun:"image,scanonly,type:jsonb"`
	ReserveMaintenance bool        `bun:"reserve_maintenance,scanonly"`
}

// Projects implements project.Store.
func (s *Store) Projects(ctx context.Context, roundID, area string) ([]project.Project, error) {
	projects, err := readProjects(ctx, s.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		if area != "" {
			q = q.Where("j.area = ?", area)
		}
		return q.Where("j.round = ?", roundID)
	})
	if err != nil {
		return nil, err
	}
	conflicts, err := ballotConflicts(ctx, s.db, roundID)
	addExclusions(projects, conflicts)
	return projects, err
}

// Project implements project.Store.
func (s *Store) Project(ctx context.Context, roundID string, number int) (project.Project, error) {
	found, err := readProjects(ctx, s.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("j.round = ? AND j.number = ?", roundID, number)
	})
	if err == nil && len(found) == 0 {
		err = domain.Fail(domain.NotFound, domain.CodeNotFound, "no project %d in %s", number, roundID)
	}
	if err != nil {
		return project.Project{}, err
	}
	conflicts, err := ballotConflicts(ctx, s.db, roundID)
	addExclusions(found, conflicts)
	return found[0], err
}

// ballotProjects are the round's projects by number.
func ballotProjects(ctx context.Context, q bun.IDB, roundID string) ([]project.Project, error) {
	return readProjects(ctx, q, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("j.round = ?", roundID) })
}

func readProjects(
	ctx context.Context,
	q bun.IDB,
	where func(*bun.SelectQuery) *bun.SelectQuery,
) ([]project.Project, error) {
	var rows []projectRow
	err := where(
		q.NewSelect().
			Model(&rows).
			ColumnExpr("?TableColumns, p.state = 'withdrawn' AS withdrawn, p.state = 'selected' AS selected").
			ColumnExpr("r.reserve_maintenance").
			ColumnExpr(firstImage).
			Join("JOIN proposal p ON p.id = j.proposal").
			Join("JOIN round r ON r.id = j.round").
			OrderExpr("j.number"),
	).Scan(ctx)
	if err != nil {
		return nil, err
	}
	projects := make([]project.Project, len(rows))
	for i, row := range rows {
		projects[i] = row.project()
	}
	return projects, nil
}

// ChangeBallot implements project.Store.
func (s *Store) ChangeBallot(
	ctx context.Context,
	roundID string,
	change func(round.At, *project.Ballot) (proposal.Change, error),
) (projects []project.Project, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := lockRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		now, err := db.Now(ctx, tx)
		if err != nil {
			return err
		}
		before, err := ballotProjects(ctx, tx, roundID)
		if err != nil {
			return err
		}
		ballot := project.Ballot{Projects: slices.Clone(before)}
		if ballot.Accepted, err = acceptedProposals(ctx, tx, roundID); err != nil {
			return err
		}
		c, err := change(round.At{Round: r, Now: now}, &ballot)
		if err != nil {
			return err
		}
		if err := writeBallot(ctx, tx, c, now, before, ballot.Projects); err != nil {
			return roundRefusals.Explain(err)
		}
		if c.Audit != nil {
			if err := audit(ctx, tx, *c.Audit); err != nil {
				return err
			}
		}
		projects, err = ballotProjects(ctx, tx, roundID)
		return err
	})
	return projects, err
}

// writeBallot stores the difference: removed and added projects, their
// proposals' states and versions, and other numbers.
func writeBallot(
	ctx context.Context,
	tx bun.Tx,
	c proposal.Change,
	now time.Time,
	before, after []project.Project,
) error {
	number := map[int64]int{}
	for _, p := range after {
		number[p.Proposal] = p.Number
	}
	old := map[int64]int{}
	var removed []int64
	for _, p := range before {
		old[p.Proposal] = p.Number
		if number[p.Proposal] == 0 {
			removed = append(removed, p.Proposal)
		}
	}
	var added, imported []project.Project
	var placed, renumbered []int64
	var numbers []int
	for _, p := range after {
		switch {
		case p.Proposal == 0:
			imported = append(imported, p)
		case old[p.Proposal] == 0:
			added, placed = append(added, p), append(placed, p.Proposal)
		case old[p.Proposal] != p.Number:
			renumbered, numbers = append(renumbered, p.Proposal), append(numbers, p.Number)
		}
	}
	if len(removed) > 0 {
		if _, err := tx.ExecContext(ctx, "DELETE FROM project WHERE proposal IN (?)", bun.List(removed)); err != nil {
			return err
		}
	}
	if len(renumbered) > 0 {
		_, err := tx.ExecContext(ctx, `UPDATE project SET number = n.number
			FROM unnest(?::bigint[], ?::int[]) AS n (proposal, number) WHERE project.proposal = n.proposal`,
			pgdialect.Array(renumbered), pgdialect.Array(numbers))
		if err != nil {
			return err
		}
	}
	if err := moveProposals(ctx, tx, c, now, removed, proposal.Accepted); err != nil {
		return err
	}
	if err := moveProposals(ctx, tx, c, now, placed, proposal.OnBallot); err != nil {
		return err
	}
	if len(imported) > 0 {
		cities := make([]proposal.Proposal, len(imported))
		for i, p := range imported {
			cities[i] = p.Imported(now)
		}
		stored, err := insertProposals(ctx, tx, c, cities...)
		if err != nil {
			return err
		}
		for i := range imported {
			imported[i].Proposal = stored[i].ID
		}
		added = append(added, imported...)
	}
	if len(added) == 0 {
		return nil
	}
	rows := make([]projectRow, len(added))
	for i, p := range added {
		rows[i] = rowOfProject(p)
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// translateProject puts a proposal's words into its project on the ballot, in
// the languages that it has, and answers with all that stands there then.
func translateProject(ctx context.Context, tx bun.Tx, p proposal.Proposal) (proposal.Listing, error) {
	row := rowOfProject(project.Of(p, p.Project))
	_, err := tx.NewUpdate().Model(&row).Set("title = j.title || ?::jsonb", row.Title).
		Set("description = j.description || ?::jsonb", row.Description).
		Set("place = j.place || ?::jsonb", row.Place).WherePK().Returning("title, description, place").Exec(ctx)
	return row.project().Listing(), err
}

// moveProposals puts proposals into a state, each with a version, and tells of
// it.
func moveProposals(
	ctx context.Context,
	q bun.IDB,
	c proposal.Change,
	now time.Time,
	ids []int64,
	to proposal.State,
) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := q.ExecContext(ctx, `
		WITH moved AS (
			UPDATE proposal SET state = ?0, version = version + 1, updated_at = ?1 WHERE id IN (?2)
			RETURNING id, version, title, what, why, place, area, theme, latitude, longitude, language, swedish, english
		)
		INSERT INTO proposal_version (proposal, version, at, by, by_name, action, state, reason,
			title, what, why, place, area, theme, latitude, longitude, language, swedish, english)
		SELECT id, version, ?1, nullif(?3, 0), ?4, ?5, ?0, ?6, title, what, why, place, area, theme, latitude, longitude,
		language, swedish, english FROM moved`,
		string(to), now, bun.List(ids), c.By.ID, c.By.Name, string(c.Action), c.Reason); err != nil {
		return err
	}
	return tell(ctx, q, c, ids...)
}

// settleProjects tells what became of the projects at publication: the
// proposals of selected numbers become selected, the others not selected. One
// that its author withdrew stays withdrawn.
func settleProjects(ctx context.Context, q bun.IDB, roundID string, selected map[int]bool) error {
	projects, err := ballotProjects(ctx, q, roundID)
	if err != nil {
		return err
	}
	now, err := db.Now(ctx, q)
	if err != nil {
		return err
	}
	moved := map[proposal.State][]int64{}
	for _, p := range projects {
		switch {
		case p.Withdrawn:
		case selected[p.Number]:
			moved[proposal.Selected] = append(moved[proposal.Selected], p.Proposal)
		default:
			moved[proposal.NotSelected] = append(moved[proposal.NotSelected], p.Proposal)
		}
	}
	c := proposal.Change{Action: proposal.ToPublish}
	for _, state := range []proposal.State{proposal.Selected, proposal.NotSelected} {
		c.Notification = map[proposal.State]post.Notification{
			proposal.Selected:    post.Selected,
			proposal.NotSelected: post.NotSelected,
		}[state]
		if err := moveProposals(ctx, q, c, now, moved[state], state); err != nil {
			return err
		}
	}
	return nil
}

// acceptedProposals are those that are not on the ballot, oldest first, locked
// against a withdrawal.
func acceptedProposals(ctx context.Context, tx bun.Tx, roundID string) ([]proposal.Proposal, error) {
	var rows []proposalRow
	err := selectProposals(tx, &rows).Where("p.round = ? AND p.state = ?", roundID, string(proposal.Accepted)).
		OrderExpr("p.id").For("NO KEY UPDATE OF p").Scan(ctx)
	if err != nil {
		return nil, err
	}
	accepted := make([]proposal.Proposal, len(rows))
	for i, row := range rows {
		accepted[i] = row.proposal()
	}
	return accepted, nil
}

func (row projectRow) project() project.Project {
	p := project.Project{
		Round: row.Round, Number: row.Number, Proposal: row.Proposal, Area: row.Area, Title: row.Title,
		Description: row.Description,
		Place:       row.Place, Point: pointOf(row.Latitude, row.Longitude), Theme: row.Theme, Withdrawn: row.Withdrawn,
		Selected: row.Selected, Votes: row.Votes,
		Cost: proposal.Cost{
			Minimum:     domain.Cents(row.Minimum),
			Maximum:     domain.Cents(row.Maximum),
			Maintenance: domain.Cents(row.Maintenance),
		},
	}
	p.Reserved = p.Cost.Reserved(row.ReserveMaintenance)
	if row.Image != nil {
		p.Image = new(proposal.Image(*row.Image))
	}
	return p
}

func rowOfProject(p project.Project) projectRow {
	row := projectRow{
		Round: p.Round, Number: p.Number, Proposal: p.Proposal, Area: p.Area, Theme: p.Theme, Title: p.Title,
		Description: p.Description, Place: p.Place,
		Minimum: int64(p.Cost.Minimum), Maximum: int64(p.Cost.Maximum), Maintenance: int64(p.Cost.Maintenance),
	}
	if p.Point != nil {
		row.Latitude, row.Longitude = &p.Point.Latitude, &p.Point.Longitude
	}
	return row
}
