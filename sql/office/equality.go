package office

import (
	"context"
	"database/sql"

	"osbu/domain/equality"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// statuses sorts the states that are decided; the others are pending.
var statuses = map[proposal.State]string{
	proposal.Accepted: equality.Accepted, proposal.OnBallot: equality.Accepted,
	proposal.Selected: equality.Selected, proposal.NotSelected: equality.NotSelected,
	proposal.Rejected: equality.Rejected,
}

// EqualityRound implements equality.Store.
func (s *Store) EqualityRound(ctx context.Context, id string) (round.Round, error) {
	return roundByID(ctx, s.db, id)
}

// ProposalCounts implements equality.Store.
func (s *Store) ProposalCounts(ctx context.Context, roundID string) ([]equality.Count, error) {
	proposals, err := s.equalityCounts(ctx, `SELECT area, language, channel, state, count(*), 0 FROM proposal
		WHERE round = ? AND submitted_at IS NOT NULL GROUP BY area, language, channel, state`, roundID)
	for i := range proposals {
		c := &proposals[i]
		if c.Sort = statuses[proposal.State(c.Sort)]; c.Sort == "" {
			c.Sort = equality.Pending
		}
	}
	return proposals, err
}

// Counts implements equality.Store.
func (s *Store) Counts(ctx context.Context, roundID string) (help, events []equality.Count, err error) {
	if help, err = s.equalityCounts(ctx, `SELECT area, language, channel, '', count(*), sum(minutes) FROM contact
		WHERE round = ? AND struck_by = '' GROUP BY area, language, channel`, roundID); err != nil {
		return nil, nil, err
	}
	events, err = s.equalityCounts(ctx, `SELECT coalesce(area, ''), '', '', kind, count(*), 0 FROM event
		WHERE round = ? AND state = 'published' GROUP BY area, kind`, roundID)
	return help, events, err
}

func (s *Store) equalityCounts(ctx context.Context, query, roundID string) ([]equality.Count, error) {
	return readAll(ctx, s.db, func(rows *sql.Rows, c *equality.Count) error {
		return rows.Scan(&c.Area, &c.Language, &c.Channel, &c.Sort, &c.N, &c.Minutes)
	}, query, roundID)
}
