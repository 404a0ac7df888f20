package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/merge"
	"osbu/domain/proposal/project"
	"osbu/domain/round"
	"osbu/sql/db"
)

// AddConflict implements merge.Conflicts.
func (s *Store) AddConflict(ctx context.Context, roundID string, ids []int64,
	decide func(round.At, []proposal.Proposal) (merge.Conflict, round.Entry, error),
) (c merge.Conflict, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		var rows []proposalRow
		err = selectProposals(
			tx,
			&rows,
		).Where("p.round = ? AND p.id IN (?) AND p.submitted_at IS NOT NULL", roundID, bun.List(ids)).
			OrderExpr("p.id").
			For("SHARE OF p").
			Scan(ctx)
		if err != nil {
			return err
		}
		if len(rows) != len(ids) {
			return domain.Fail(domain.NotFound, domain.CodeNotFound, "not all of these proposals are in %s", roundID)
		}
		proposals := make([]proposal.Proposal, len(rows))
		for i, row := range rows {
			proposals[i] = row.proposal()
		}
		var entry round.Entry
		if c, entry, err = decide(r, proposals); err != nil {
			return err
		}
		reason, err := json.Marshal(c.Reason)
		if err != nil {
			return err
		}
		err = tx.QueryRowContext(ctx, "INSERT INTO conflict (round, reason, by, by_name, at) VALUES (?, ?::jsonb, ?, ?, "+
			"?) RETURNING id",
			roundID, string(reason), c.By.ID, c.By.Name, c.At).
			Scan(&c.ID)
		if err != nil {
			return roundRefusals.Explain(err)
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO conflict_member (conflict, round, proposal) SELECT ?, ?, "+
			"unnest(?::bigint[])", c.ID, roundID, pgdialect.Array(ids)); err != nil {
			return roundRefusals.Explain(err)
		}
		if c.Proposals, err = readAll(ctx, tx, scanLink, linkColumns+"WHERE p.id IN (?) ORDER BY p.id",
			bun.List(ids)); err != nil {
			return err
		}
		return audit(ctx, tx, entry)
	})
	return c, err
}

// LiftConflict implements merge.Conflicts.
func (s *Store) LiftConflict(
	ctx context.Context,
	roundID string,
	id int64,
	decide func(round.Round, []proposal.Proposal) (round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		var rows []proposalRow
		err = selectProposals(tx, &rows).Join("JOIN conflict_targets(?) AS m ON m.proposal = p.id", roundID).
			Where("p.round = ? AND m.conflict = ?", roundID, id).OrderExpr("p.id").Scan(ctx)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return domain.Fail(domain.NotFound, domain.CodeNotFound, "no conflict %d in %s", id, roundID)
		}
		proposals := make([]proposal.Proposal, len(rows))
		for i, row := range rows {
			proposals[i] = row.proposal()
		}
		entry, err := decide(r.Round, proposals)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM conflict WHERE id = ?", id); err != nil {
			return roundRefusals.Explain(err)
		}
		return audit(ctx, tx, entry)
	})
}

// Conflicts implements merge.Conflicts. A proposal has those of what was
// merged into it, and stands in them in its place.
func (s *Store) Conflicts(ctx context.Context, roundID string, id int64) ([]merge.Conflict, error) {
	type member struct {
		merge.Conflict
		reason []byte
		link   merge.Link
	}
	rows, err := readAll(ctx, s.db, func(rows *sql.Rows, m *member) error {
		return rows.Scan(
			&m.ID,
			&m.reason,
			&m.By.Name,
			&m.At,
			&m.link.Proposal,
			&m.link.Title,
			&m.link.Language,
			&m.link.State,
		)
	}, `SELECT c.id, c.reason, c.by_name, c.at, p.id,
		CASE WHEN p.hidden IS NULL THEN p.title ELSE '#' || p.id END, p.language, p.state
		FROM conflict c JOIN conflict_targets(?0) AS m ON m.conflict = c.id JOIN proposal p ON p.id = m.proposal
		AND p.state <> 'merged'
		WHERE c.round = ?0 AND c.id IN (SELECT conflict FROM conflict_member
		WHERE proposal IN (SELECT proposal_sources(?1, false))) ORDER BY c.id, p.id`, roundID, id)
	if err != nil {
		return nil, err
	}
	var conflicts []merge.Conflict
	for _, row := range rows {
		if len(conflicts) == 0 || conflicts[len(conflicts)-1].ID != row.ID {
			if err := json.Unmarshal(row.reason, &row.Reason); err != nil {
				return nil, err
			}
			conflicts = append(conflicts, row.Conflict)
		}
		last := &conflicts[len(conflicts)-1]
		last.Proposals = append(last.Proposals, row.link)
	}
	return slices.DeleteFunc(
		conflicts,
		func(c merge.Conflict) bool { // where it went elsewhere, or all went into the same one
			return len(c.Proposals) < 2 ||
				!slices.ContainsFunc(c.Proposals, func(l merge.Link) bool { return l.Proposal == id })
		},
	), nil
}

// ballotConflicts are the conflicts of which at least two projects, merged ones
// included, are on the ballot, by their first numbers, in one query.
func ballotConflicts(ctx context.Context, q bun.IDB, roundID string) ([]round.ManifestConflict, error) {
	return readAll(ctx, q, func(rows *sql.Rows, c *round.ManifestConflict) error {
		var reason []byte
		if err := rows.Scan(&reason, pgdialect.Array(&c.Projects)); err != nil {
			return err
		}
		return json.Unmarshal(reason, &c.Reason)
	}, `SELECT c.reason, array_agg(j.number ORDER BY j.number) AS numbers
		FROM conflict c JOIN conflict_targets(?0) AS m ON m.conflict = c.id JOIN project j ON j.proposal = m.proposal
		WHERE c.round = ?0 GROUP BY c.id HAVING count(*) > 1 ORDER BY numbers, c.id`, roundID)
}

// addExclusions notes on each project what it conflicts with.
func addExclusions(projects []project.Project, conflicts []round.ManifestConflict) {
	at := make(map[int]int, len(projects))
	for i, p := range projects {
		at[p.Number] = i
	}
	for _, c := range conflicts {
		for _, number := range c.Projects {
			i, here := at[number]
			if !here {
				continue
			}
			e := project.Exclusion{Reason: c.Reason}
			for _, other := range c.Projects {
				if other != number {
					e.Numbers = append(e.Numbers, other)
				}
			}
			projects[i].Conflicts = append(projects[i].Conflicts, e)
		}
	}
}
