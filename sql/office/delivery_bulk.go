package office

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/ledger"
	"osbu/domain/round"
	"osbu/sql/db"
)

// ChangeDeliveries implements delivery.Bulk.
func (s *Store) ChangeDeliveries(
	ctx context.Context,
	roundID string,
	account int64,
	change func(
		round.At, []delivery.Held, map[string]domain.Cents,
	) ([]delivery.Taken, *round.Entry, error),
) error {
	err := db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		// Two sheets at once, of two rounds that pay for the same project, would each
		// see nothing of the other.
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('delivery sheet', 0))"); err != nil {
			return err
		}
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		held, err := holdAll(ctx, tx, roundID)
		if err != nil {
			return err
		}
		others, err := paidElsewhere(ctx, tx, roundID)
		if err != nil {
			return err
		}
		taken, entry, err := change(r, held, others)
		if err != nil || entry == nil {
			return err
		}
		told := map[int64]bool{}
		for _, t := range taken {
			if err := writeTaken(ctx, tx, t, account); err != nil {
				return err
			}
			if t.Before.Phase != t.After.Phase && !told[t.After.Proposal] {
				told[t.After.Proposal] = true
				if err := writeDeliveryEmails(ctx, tx, t.After.Proposal); err != nil {
					return err
				}
			}
			if t.Pay > 0 {
				if err := pay(ctx, tx, t, account, r.Now.In(s.timeZone).Format(time.DateOnly)); err != nil {
					return err
				}
			}
		}
		return audit(ctx, tx, *entry)
	})
	return ledgerRefusals.Explain(deliveryRefusals.Explain(err))
}

// holdAll locks a round's deliveries and accounts and reads them.
func holdAll(ctx context.Context, tx bun.Tx, roundID string) ([]delivery.Held, error) {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('ledger ' || ?, 0))",
		roundID); err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "SELECT FROM delivery WHERE round = ? ORDER BY proposal, site FOR NO KEY UPDATE",
		roundID); err != nil {
		return nil, err
	}
	all, err := readDeliveries(ctx, tx, delivery.Of{Round: roundID})
	if err != nil {
		return nil, err
	}
	held := make([]delivery.Held, len(all))
	for i, d := range all {
		held[i].Delivery = d
	}
	type lying struct {
		proposal   int64
		paid, left domain.Cents
	}
	sums, err := readAll(ctx, tx, func(rows *sql.Rows, l *lying) error { return rows.Scan(&l.proposal, &l.paid, &l.left) },
		`SELECT proposal, coalesce(sum(cents) FILTER (WHERE account IN ('spent', 'maintenance')), 0)::bigint,
			coalesce(sum(cents) FILTER (WHERE account IN ('reserved', 'committed')), 0)::bigint
		FROM ledger_line WHERE round = ? AND proposal IS NOT NULL GROUP BY proposal`, roundID)
	for _, l := range sums {
		i := slices.IndexFunc(held, func(h delivery.Held) bool { return h.Proposal == l.proposal && h.Site == 0 })
		if i >= 0 {
			held[i].Paid, held[i].Left = l.paid, l.left
		}
	}
	return held, err
}

// paidElsewhere is what other rounds have paid for the programming tool's
// projects, by its ids. What was paid for a project as a whole cannot be told
// of one of its sites. Money of rehearsals is none.
func paidElsewhere(ctx context.Context, tx bun.Tx, roundID string) (map[string]domain.Cents, error) {
	type paid struct {
		external string
		cents    domain.Cents
	}
	all, err := readAll(ctx, tx, func(rows *sql.Rows, p *paid) error { return rows.Scan(&p.external, &p.cents) },
		`SELECT d.external, sum(l.cents)::bigint FROM delivery d JOIN round r ON r.id = d.round
			JOIN ledger_line l ON l.proposal = d.proposal AND l.account IN ('spent', 'maintenance')
		WHERE d.round <> ?0 AND d.site = 0 AND d.external <> '' AND NOT r.rehearsal
			AND EXISTS (SELECT FROM round o WHERE o.id = ?0 AND NOT o.rehearsal)
		GROUP BY d.external`, roundID)
	others := make(map[string]domain.Cents, len(all))
	for _, p := range all {
		others[p.external] = p.cents
	}
	return others, err
}

// writeTaken stores what a row of a sheet makes of a delivery.
func writeTaken(ctx context.Context, tx bun.Tx, t delivery.Taken, account int64) error {
	if t.Reports {
		if err := writeDelivery(ctx, tx, t.After, t.Before.Dates, account,
			delivery.Change{Action: delivery.ToReport}); err != nil {
			return err
		}
	}
	if t.After.External == t.Before.External {
		return nil
	}
	_, err := tx.ExecContext(ctx, "UPDATE delivery SET external = ? WHERE proposal = ? AND site = ?",
		t.After.External, t.After.Proposal, t.After.Site)
	return err
}

// pay books what was paid for a project: of what is committed, and then of what
// is reserved for it.
func pay(ctx context.Context, tx bun.Tx, t delivery.Taken, account int64, day string) error {
	var committed domain.Cents
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(sum(cents), 0)::bigint FROM ledger_line
		WHERE round = ? AND proposal = ? AND account = 'committed'`, t.After.Round, t.After.Proposal).
		Scan(&committed); err != nil {
		return err
	}
	move := func(kind ledger.Kind, from, to ledger.Account, cents domain.Cents) error {
		line := ledger.Line{Area: t.After.Project.Area, Proposal: t.After.Proposal, Project: t.After.Project.Number}
		out, in := line, line
		out.Account, out.Cents, in.Account, in.Cents = from, -cents, to, cents
		return writeEntry(ctx, tx, t.After.Round, account, ledger.Entry{
			Day: day, Kind: kind, Lines: []ledger.Line{out, in}, Reason: domain.Text{
				Fi: "Toteutuneet kustannukset kaupungin taulukosta", Sv: "Verkliga kostnader ur stadens tabell",
				En: "Realised cost from the city’s sheet",
			},
		})
	}
	if more := t.Pay - committed; more > 0 {
		if err := move(ledger.Commit, ledger.Reserved, ledger.Committed, more); err != nil {
			return err
		}
	}
	return move(ledger.Spend, ledger.Committed, ledger.Spent, t.Pay)
}

var _ delivery.Bulk = (*Store)(nil)
