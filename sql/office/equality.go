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
	proposal.Accepted: equality.Accepted, proposal.OnBallot: equality.Accepted, proposal.Selected: equality.Accepted,
	proposal.NotSelected: equality.Accepted,
	proposal.Rejected:    equality.Rejected,
}

// EqualityRound implements equality.Store.
func (s *Store) EqualityRound(ctx context.Context, id string) (round.Round, error) {
	return roundByID(ctx, s.db, id)
}

// Counts implements equality.Store.
func (s *Store) Counts(ctx context.Context, roundID string) (proposals, help, events []equality.Count, err error) {
	count := func(query string) ([]equality.Count, error) {
		return readAll(ctx, s.db, func(rows *sql.Rows, c *equality.Count) error {
			return rows.Scan(&c.Area, &c.Language, &c.Channel, &c.Sort, &c.N, &c.Minutes)
		}, query, roundID)
	}
	if proposals, err = count(`SELECT area, language, channel, state, count(*), 0 FROM proposal WHERE round = ?
		AND submitted_at IS NOT NULL
		GROUP BY area, language, channel, state`); err != nil {
		return nil, nil, nil, err
	}
	for i := range proposals {
		c := &proposals[i]
		if c.Sort = statuses[proposal.State(c.Sort)]; c.Sort == "" {
			c.Sort = equality.Pending
		}
	}
	if help, err = count("SELECT area, language, channel, '', count(*), sum(minutes) FROM contact WHERE round = ? " +
		"AND struck_by = '' GROUP BY area, language, channel"); err != nil {
		return nil, nil, nil, err
	}
	events, err = count(
		"SELECT coalesce(area, ''), '', '', kind, count(*), 0 FROM event WHERE round = ? AND state = 'published' GROUP BY " +
			"area, kind",
	)
	return proposals, help, events, err
}
