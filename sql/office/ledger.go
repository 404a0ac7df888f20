package office

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/ledger"
	"osbu/domain/round"
	"osbu/sql/db"
)

var ledgerRefusals = db.Refusals{
	"ledger_covered": domain.Fail(domain.Conflict, ledger.CodeCovered, "an account would fall below zero"),
	"ledger_closed":  domain.Fail(domain.Closed, domain.CodePhase, "the ledger is closed"),
	"ledger_entry_reversed_once": domain.Fail(
		domain.Conflict, ledger.CodeReversed, "the entry was reversed already",
	),
	"ledger_entry_request_once": domain.Fail(domain.Conflict, ledger.CodeOnce, "the form was posted already"),
	"ledger_once": domain.Fail(
		domain.Conflict, ledger.CodeOnce, "the same paper was booked on the same accounts already",
	),
}

// Balances implements ledger.Store.
func (s *Store) Balances(
	ctx context.Context,
	roundID string,
	limit int,
) (areas []ledger.Area, projects []ledger.Project, entries []ledger.Entry, err error) {
	r, err := roundByID(ctx, s.db, roundID)
	if err != nil {
		return nil, nil, nil, err
	}
	if projects, err = deliveredProjects(ctx, s.db, roundID); err != nil {
		return nil, nil, nil, err
	}
	at := map[string]ledger.Balances{}
	for _, a := range r.Settings.Areas {
		at[a.ID] = ledger.Balances{}
		areas = append(areas, ledger.Area{ID: a.ID, Name: a.Name, Pot: a.Pot, Balances: at[a.ID]})
	}
	of := map[int64]ledger.Balances{}
	for i := range projects {
		projects[i].Balances = ledger.Balances{}
		of[projects[i].Proposal] = projects[i].Balances
	}
	payers, err := s.otherPayers(ctx, roundID)
	if err != nil {
		return nil, nil, nil, err
	}
	for i := range projects {
		projects[i].Others = payers[projects[i].Proposal]
	}
	lines, err := readAll(ctx, s.db, func(rows *sql.Rows, l *ledger.Line) error {
		return rows.Scan(&l.Account, &l.Area, &l.Proposal, &l.Cents)
	}, `SELECT account, area, coalesce(proposal, 0), sum(cents)::bigint FROM ledger_line WHERE round = ?
		GROUP BY account, area, proposal`, roundID)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, l := range lines {
		at[l.Area][l.Account] += l.Cents
		if b := of[l.Proposal]; b != nil {
			b[l.Account] += l.Cents
		}
	}
	entries, err = readEntries(ctx, s.db, "e.round = ? ORDER BY e.id DESC LIMIT ?", roundID, limit)
	return areas, projects, entries, err
}

// deliveredProjects are a round's by number, without their money.
func deliveredProjects(ctx context.Context, q bun.IDB, roundID string) ([]ledger.Project, error) {
	return readAll(ctx, q, func(rows *sql.Rows, p *ledger.Project) error {
		var title []byte
		err := rows.Scan(&p.Proposal, &p.Number, &title, &p.Area, &p.Estimate)
		return errors.Join(err, json.Unmarshal(title, &p.Title))
	}, `SELECT j.proposal, j.number, j.title, j.area,
			j.maximum + CASE WHEN r.reserve_maintenance THEN j.maintenance ELSE 0 END
		FROM delivery d JOIN project j ON j.proposal = d.proposal JOIN round r ON r.id = d.round
		WHERE d.round = ? AND d.site = 0 ORDER BY j.number`, roundID)
}

// otherPayers are the rounds that pay for the same places as a round's
// projects, by the programming tool's ids. Rehearsals pay for nothing.
func (s *Store) otherPayers(ctx context.Context, roundID string) (map[int64][]ledger.Payer, error) {
	type paying struct {
		proposal int64
		ledger.Payer
	}
	all, err := readAll(ctx, s.db, func(rows *sql.Rows, p *paying) error {
		var name []byte
		err := rows.Scan(&p.proposal, &p.Round, &name, &p.Project, &p.Paid)
		return errors.Join(err, json.Unmarshal(name, &p.Name))
	}, `SELECT DISTINCT m.proposal, d.round, r.name, j.number, coalesce((SELECT sum(l.cents) FROM ledger_line l
			WHERE l.proposal = d.proposal AND l.account IN ('spent', 'maintenance')), 0)::bigint
		FROM delivery m JOIN round o ON o.id = m.round AND NOT o.rehearsal
			JOIN delivery d ON d.external = m.external AND d.round <> m.round
			JOIN round r ON r.id = d.round AND NOT r.rehearsal JOIN project j ON j.proposal = d.proposal
		WHERE m.round = ? AND m.external <> '' ORDER BY m.proposal, d.round, j.number`, roundID)
	payers := map[int64][]ledger.Payer{}
	for _, p := range all {
		payers[p.proposal] = append(payers[p.proposal], p.Payer)
	}
	return payers, err
}

// lineRow is a line as a query lists it.
type lineRow struct {
	Account  ledger.Account `json:"account"`
	Area     string         `json:"area"`
	Proposal int64          `json:"proposal"`
	Project  int            `json:"project"`
	Cents    domain.Cents   `json:"cents"`
}

func readEntries(ctx context.Context, q bun.IDB, which string, args ...any) ([]ledger.Entry, error) {
	return readAll(ctx, q, func(rows *sql.Rows, e *ledger.Entry) error {
		var reason, lines []byte
		var request sql.NullString
		var all []lineRow
		err := rows.Scan(&e.ID, &e.At, &e.Day, &e.Kind, &reason, &e.Decision, &e.Voucher, &request,
			&e.Reverses, &e.ReversedBy, &lines)
		err = errors.Join(err, json.Unmarshal(reason, &e.Reason), json.Unmarshal(lines, &all))
		e.Request = request.String
		for _, l := range all {
			e.Lines = append(e.Lines, ledger.Line(l))
		}
		return err
	}, `SELECT e.id, e.at, e.day::text, e.kind, e.reason, e.decision, e.voucher, e.request,
			coalesce(e.reverses, 0), coalesce(b.id, 0),
			(SELECT jsonb_agg(jsonb_build_object('account', l.account, 'area', l.area, 'proposal', l.proposal,
				'project', j.number, 'cents', l.cents) ORDER BY l.line)
				FROM ledger_line l LEFT JOIN project j ON j.proposal = l.proposal WHERE l.entry = e.id)
		FROM ledger_entry e LEFT JOIN ledger_entry b ON b.reverses = e.id WHERE `+which, args...)
}

// Book implements ledger.Store.
func (s *Store) Book(
	ctx context.Context,
	roundID string,
	account int64,
	build func(
		round.At, map[int]ledger.Project, func(int64) (ledger.Entry, error),
	) (ledger.Entry, round.Entry, error),
) error {
	err := db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		all, err := deliveredProjects(ctx, tx, roundID)
		if err != nil {
			return err
		}
		projects := make(map[int]ledger.Project, len(all))
		for _, p := range all {
			projects[p.Number] = p
		}
		e, noted, err := build(r, projects, func(id int64) (ledger.Entry, error) {
			found, err := readEntries(ctx, tx, "e.round = ? AND e.id = ?", roundID, id)
			if err == nil && len(found) == 0 {
				err = domain.Fail(domain.NotFound, domain.CodeNotFound, "no entry %d in %s", id, roundID)
			}
			if err != nil {
				return ledger.Entry{}, err
			}
			return found[0], nil
		})
		if err != nil {
			return err
		}
		if done, err := bookedBefore(ctx, tx, roundID, e); done || err != nil {
			return err
		}
		if err := writeEntry(ctx, tx, roundID, account, e); err != nil {
			return err
		}
		return audit(ctx, tx, noted)
	})
	return ledgerRefusals.Explain(err)
}

// bookedBefore tells whether the form was posted before. holdRound lets one
// booking of a round wait for the other.
func bookedBefore(ctx context.Context, tx bun.Tx, roundID string, e ledger.Entry) (bool, error) {
	if e.Request == "" {
		return false, nil
	}
	found, err := readEntries(ctx, tx, "e.round = ? AND e.request = ?", roundID, e.Request)
	if err != nil || len(found) == 0 {
		return false, err
	}
	old := found[0]
	old.ID, old.At, old.ReversedBy = e.ID, e.At, e.ReversedBy
	if !reflect.DeepEqual(old, e) {
		return false, domain.Fail(domain.Conflict, ledger.CodeOnce, "request %s booked something else", e.Request)
	}
	return true, nil
}

func writeEntry(ctx context.Context, tx bun.Tx, roundID string, account int64, e ledger.Entry) error {
	var id int64
	err := tx.QueryRowContext(ctx, `
		INSERT INTO ledger_entry (round, day, by, kind, reason, decision, voucher, request, reverses, lines)
		VALUES (?, ?::date, nullif(?, 0), ?, ?::jsonb, ?, ?, nullif(?, ''), nullif(?, 0), ?) RETURNING id`,
		roundID, e.Day, account, string(e.Kind), textJSON(e.Reason), e.Decision, e.Voucher, e.Request,
		e.Reverses, len(e.Lines)).Scan(&id)
	if err != nil {
		return ledgerRefusals.Explain(err)
	}
	for i, l := range e.Lines {
		if _, err := tx.ExecContext(ctx, `INSERT INTO ledger_line (entry, line, account, round, area, proposal, cents)
			VALUES (?, ?, ?, ?, ?, nullif(?, 0), ?)`,
			id, i+1, string(l.Account), roundID, l.Area, l.Proposal, int64(l.Cents)); err != nil {
			return ledgerRefusals.Explain(err)
		}
	}
	return nil
}

// openLedger gives every area its pot and reserves what the result funds, in
// the transaction that publishes it.
func (s *Store) openLedger(ctx context.Context, tx bun.Tx, r round.At) error {
	projects, err := deliveredProjects(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	e := ledger.Entry{Day: r.Now.In(s.timeZone).Format(time.DateOnly), Kind: ledger.Open, Decision: r.ConfirmDecision}
	for _, a := range r.Settings.Areas {
		if a.Pot == 0 {
			continue
		}
		e.Lines = append(e.Lines, ledger.Line{Account: ledger.Fund, Area: a.ID, Cents: -a.Pot})
		free := a.Pot
		for _, p := range projects {
			if p.Area == a.ID {
				free -= p.Estimate
				e.Lines = append(e.Lines, ledger.Line{
					Account: ledger.Reserved, Area: a.ID, Proposal: p.Proposal, Cents: p.Estimate,
				})
			}
		}
		if free != 0 {
			e.Lines = append(e.Lines, ledger.Line{Account: ledger.Free, Area: a.ID, Cents: free})
		}
	}
	if len(e.Lines) == 0 {
		return nil
	}
	return writeEntry(ctx, tx, r.ID, 0, e)
}

// Moves implements ledger.Store.
func (s *Store) Moves(ctx context.Context) ([]ledger.Flow, []ledger.RoundTotal, error) {
	moves, err := readAll(ctx, s.db, func(rows *sql.Rows, m *ledger.Flow) error {
		return rows.Scan(&m.Year, &m.Account, &m.Cents)
	}, `SELECT extract(year FROM e.day)::int, l.account, sum(l.cents)::bigint FROM ledger_entry e
		JOIN ledger_line l ON l.entry = e.id JOIN round r ON r.id = e.round WHERE NOT r.rehearsal GROUP BY 1, 2`)
	if err != nil {
		return nil, nil, err
	}
	type total struct {
		round   string
		name    []byte
		account ledger.Account
		cents   domain.Cents
	}
	totals, err := readAll(ctx, s.db, func(rows *sql.Rows, t *total) error {
		return rows.Scan(&t.round, &t.name, &t.account, &t.cents)
	}, `SELECT r.id, r.name, l.account, sum(l.cents)::bigint FROM round r JOIN ledger_line l ON l.round = r.id
		WHERE NOT r.rehearsal GROUP BY r.id, l.account ORDER BY r.voting_closes DESC, r.id, l.account`)
	if err != nil {
		return nil, nil, err
	}
	var rounds []ledger.RoundTotal
	for _, t := range totals {
		if len(rounds) == 0 || rounds[len(rounds)-1].Round != t.round {
			one := ledger.RoundTotal{Round: t.round, Balances: ledger.Balances{}}
			if err := json.Unmarshal(t.name, &one.Name); err != nil {
				return nil, nil, err
			}
			rounds = append(rounds, one)
		}
		rounds[len(rounds)-1].Balances[t.account] += t.cents
	}
	return moves, rounds, nil
}
