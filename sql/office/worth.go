package office

import (
	"context"
	"database/sql"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/sql/db"
)

var worthRefusals = db.Refusals{
	"worth_pkey":    domain.Fail(domain.Conflict, delivery.CodeAnswered, "this account has answered already"),
	"worth_of_done": domain.Fail(domain.Closed, domain.CodePhase, "nobody is asked about the project now"),
}

// Worth implements delivery.Judgements.
func (s *Store) Worth(
	ctx context.Context,
	proposal, account int64,
) (counts map[delivery.Answer]int, mine delivery.Answer, err error) {
	type row struct {
		answer delivery.Answer
		n      int
		mine   bool
	}
	all, err := readAll(ctx, s.db, func(rows *sql.Rows, r *row) error { return rows.Scan(&r.answer, &r.n, &r.mine) },
		"SELECT answer, count(*), bool_or(account = ?) FROM worth WHERE proposal = ? GROUP BY answer", account, proposal)
	counts = map[delivery.Answer]int{}
	for _, r := range all {
		if counts[r.answer] = r.n; r.mine {
			mine = r.answer
		}
	}
	return counts, mine, err
}

// Judge implements delivery.Judgements.
func (s *Store) Judge(ctx context.Context, proposal, account int64, answer delivery.Answer) error {
	_, err := s.db.ExecContext(ctx, "INSERT INTO worth (proposal, account, answer) VALUES (?, ?, ?)",
		proposal, account, string(answer))
	return worthRefusals.Explain(err)
}

var _ delivery.Judgements = (*Store)(nil)
