package office

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain/record"
	"osbu/domain/roll"
)

type numbersRow struct {
	bun.BaseModel `bun:"table:numbers,alias:n"`

	Round        string    `bun:"round,pk"`
	Day          time.Time `bun:"day,pk,type:date"`
	Paper        string    `bun:"paper,pk"`
	At           time.Time `bun:"at"`
	Rights       int       `bun:"rights"`
	Online       int       `bun:"online"`
	Assisted     int       `bun:"assisted"`
	OnPaper      int       `bun:"on_paper"`
	Replacements int       `bun:"replacements"`
	Replaced     int       `bun:"replaced"`
	Ballots      int       `bun:"ballots"`
}

// KeepDay keeps a day's numbers unless the day has some. Of two servers at once
// the second waits for the first's rows, which are all there or none.
func (s *Store) KeepDay(ctx context.Context, id string, d record.Day) (first bool, err error) {
	rows := make([]numbersRow, len(d.Papers))
	for i, p := range d.Papers {
		rows[i] = numbersRow{
			Round: id, Day: d.Day, Paper: p.Paper, At: d.At, Rights: p.Rights, Online: p.Online, Assisted: p.Assisted,
			OnPaper:      p.OnPaper,
			Replacements: p.Replacements, Replaced: p.Replaced, Ballots: p.Ballots,
		}
	}
	result, err := s.db.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Shuffle puts the spent rights of all rounds in random order. Credentials wait
// meanwhile.
func (s *Store) Shuffle(ctx context.Context) (rows int, err error) { return shuffleRights(ctx, s.db) }

// Days are the kept days, oldest first, each with its papers in their order.
func (s *Store) Days(ctx context.Context, id string) (days []record.Day, err error) {
	var rows []numbersRow
	err = s.db.NewSelect().Model(&rows).Join("JOIN paper AS p ON p.round = n.round AND p.id = n.paper").
		Where("n.round = ?", id).OrderExpr("n.day, p.position").Scan(ctx)
	for _, r := range rows {
		if len(days) == 0 || !days[len(days)-1].Day.Equal(r.Day) {
			days = append(days, record.Day{Day: r.Day, At: r.At})
		}
		last := &days[len(days)-1]
		last.Papers = append(last.Papers, record.PaperNumbers{Ballots: r.Ballots, Turnout: roll.Turnout{
			Paper: r.Paper, Rights: r.Rights,
			Online: r.Online, Assisted: r.Assisted, OnPaper: r.OnPaper, Replacements: r.Replacements, Replaced: r.Replaced,
		}})
	}
	return days, err
}

var _ record.Counts = (*Store)(nil)
