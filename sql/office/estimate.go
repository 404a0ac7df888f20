package office

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/proposal/estimate"
	"osbu/domain/round"
	"osbu/sql/db"
)

type estimateRow struct {
	bun.BaseModel `bun:"table:estimate,alias:e"`

	Proposal     int64       `bun:"proposal,pk"`
	Number       int         `bun:"number,pk"`
	Round        string      `bun:"round"`
	At           time.Time   `bun:"at"`
	By           int64       `bun:"by"`
	ByName       string      `bun:"by_name"`
	Division     string      `bun:"division"`
	DivisionName domain.Text `bun:"division_name,type:jsonb"`
	Competence   string      `bun:"competence"`
	Forward      string      `bun:"forward"`
	Feasibility  string      `bun:"feasibility"`
	Class        string      `bun:"class"`
	Minimum      *int64      `bun:"minimum"`
	Maximum      *int64      `bun:"maximum"`
	Maintenance  *int64      `bun:"maintenance"`
	Reasons      domain.Text `bun:"reasons,type:jsonb"`
	Note         string      `bun:"note"`
	Published    bool        `bun:"published"`
}

// Refer implements desk.Assignments.
func (s *Store) Refer(
	ctx context.Context,
	roundID string,
	ids []int64,
	note desk.Note,
	decide func(round.At, []proposal.Proposal) (proposal.Change, error),
) error {
	return s.changeAll(
		ctx,
		roundID,
		ids,
		func(ctx context.Context, tx bun.Tx, r round.At, proposals []proposal.Proposal) (proposal.Change,
			error,
		) {
			c, err := decide(r, proposals)
			if err != nil {
				return c, err
			}
			_, err = tx.ExecContext(ctx, `INSERT INTO note (proposal, by, by_name, text, assigned, to_name, division)
			SELECT id, ?, ?, ?, false, '', ? FROM proposal WHERE id IN
			(?)`, note.By.ID, note.By.Name, note.Text, note.Division, bun.List(ids))
			return c, err
		},
	)
}

// Estimate implements estimate.Store.
func (s *Store) Estimate(
	ctx context.Context,
	roundID string,
	ids []int64,
	decide func(round.At, []proposal.Proposal, map[int64][]proposal.Estimate) ([]estimate.NewEstimate,
		proposal.Change, error),
) error {
	return s.changeAll(
		ctx,
		roundID,
		ids,
		func(ctx context.Context, tx bun.Tx, r round.At, proposals []proposal.Proposal) (proposal.Change,
			error,
		) {
			history, err := readEstimates(ctx, tx, ids)
			if err != nil {
				return proposal.Change{}, err
			}
			fresh, c, err := decide(r, proposals, history)
			if err != nil || c.Action == "" {
				return c, err
			}
			rows := make([]estimateRow, len(fresh))
			for i, e := range fresh {
				rows[i] = rowOfEstimate(roundID, e.Proposal, e.Estimate)
			}
			_, err = tx.NewInsert().Model(&rows).Exec(ctx)
			return c, roundRefusals.Explain(err)
		},
	)
}

// changeAll lets decide change proposals under their locks, taken in the order
// of their IDs so that two who do so wait for each other, and stores where they
// stand: a fixed number of statements however many they are.
func (s *Store) changeAll(ctx context.Context, roundID string, ids []int64,
	decide func(context.Context, bun.Tx, round.At, []proposal.Proposal) (proposal.Change, error),
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
		before := slices.Clone(proposals)
		c, err := decide(ctx, tx, r, proposals)
		if err != nil || c.Action == "" {
			return err
		}
		rows := make([]proposalRow, len(proposals))
		var moved []proposal.Proposal
		var told []int64
		for i, p := range proposals {
			rows[i] = rowOfProposal(p)
			if p.Version > before[i].Version {
				moved, told = append(moved, p), append(told, p.ID)
			}
		}
		_, err = tx.NewUpdate().Model(&rows).
			Column("state", "version", "facilitator", "facilitator_name", "division", "estimate_by", "estimation", "estimates",
				"updated_at").
			Bulk().Exec(ctx)
		if err != nil {
			return roundRefusals.Explain(err)
		}
		if err := addVersions(ctx, tx, c, moved...); err != nil {
			return err
		}
		if err := tell(ctx, tx, c, told...); err != nil || c.Audit == nil {
			return err
		}
		return audit(ctx, tx, *c.Audit)
	})
}

// Estimates implements estimate.Store.
func (s *Store) Estimates(ctx context.Context, proposals ...int64) (map[int64][]proposal.Estimate, error) {
	return readEstimates(ctx, s.db, proposals)
}

func readEstimates(ctx context.Context, q bun.IDB, proposals []int64) (map[int64][]proposal.Estimate, error) {
	if len(proposals) == 0 {
		return nil, nil
	}
	var rows []estimateRow
	if err := q.NewSelect().Model(&rows).Where("proposal IN (?)", bun.List(proposals)).Order("proposal", "number").
		Scan(ctx); err != nil {
		return nil, err
	}
	all := make(map[int64][]proposal.Estimate, len(proposals))
	for _, row := range rows {
		all[row.Proposal] = append(all[row.Proposal], row.estimate())
	}
	return all, nil
}

// Current implements proposal.Estimates.
func (s *Store) Current(ctx context.Context, published bool, proposals ...int64) (map[int64]proposal.Estimate, error) {
	if len(proposals) == 0 {
		return nil, nil
	}
	var rows []estimateRow
	query := s.db.NewSelect().
		Model(&rows).
		DistinctOn("proposal").
		Where("proposal IN (?)", bun.List(proposals)).
		OrderExpr("proposal, number DESC")
	if published {
		query = query.Where("published")
	}
	if err := query.Scan(ctx); err != nil {
		return nil, err
	}
	current := make(map[int64]proposal.Estimate, len(rows))
	for _, row := range rows {
		current[row.Proposal] = row.estimate()
	}
	return current, nil
}

func (row estimateRow) estimate() proposal.Estimate {
	e := proposal.Estimate{
		Number: row.Number, At: row.At, By: proposal.Person{ID: row.By, Name: row.ByName}, Division: row.Division,
		DivisionName: row.DivisionName,
		Judgement: proposal.Judgement{
			Competence: proposal.Competence(
				row.Competence,
			), Forward: row.Forward, Feasibility: proposal.Feasibility(row.Feasibility), Class: row.Class,
			Reasons: row.Reasons, Note: row.Note, Published: row.Published,
		},
	}
	e.Cost = costOf(row.Minimum, row.Maximum, row.Maintenance)
	return e
}

func rowOfEstimate(roundID string, id int64, e proposal.Estimate) estimateRow {
	row := estimateRow{
		Proposal: id, Number: e.Number, Round: roundID, At: e.At, By: e.By.ID, ByName: e.By.Name, Division: e.Division,
		DivisionName: e.DivisionName,
		Competence: string(
			e.Competence,
		), Forward: e.Forward, Feasibility: string(e.Feasibility), Class: e.Class, Reasons: e.Reasons, Note: e.Note,
		Published: e.Published,
	}
	if e.Cost != nil {
		row.Minimum, row.Maximum, row.Maintenance = (*int64)(
			&e.Cost.Minimum,
		), (*int64)(
			&e.Cost.Maximum,
		), (*int64)(
			&e.Cost.Maintenance,
		)
	}
	return row
}
