package office

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/event"
	"osbu/domain/polling"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/sql/db"
)

// pollingRefusals are what the tables of 00250_polling refuse.
var pollingRefusals = db.Refusals{
	"polling_place":   domain.Fail(domain.NotFound, domain.CodeNotFound, "no such voting place"),
	"undo_paper_open": domain.Fail(domain.Closed, round.CodeVotingClosed, "the vote is closed, or being closed"),
}

// Places implements polling.Store.
func (s *Store) Places(ctx context.Context, id string, account int64) ([]polling.Place, error) {
	places, err := readAll(ctx, s.db, func(rows *sql.Rows, p *polling.Place) error {
		return rows.Scan(&p.ID, &p.Title.Fi, &p.Title.Sv, &p.Title.En, &p.Name, &p.Address, &p.Asked, &p.Mine)
	}, selectPlaces+` ORDER BY (SELECT min(t.begins) FROM event_time t WHERE t.event = e.id), e.id`, account, id)
	if err != nil {
		return nil, err
	}
	at := map[int64]*polling.Place{}
	for i := range places {
		at[places[i].ID] = &places[i]
	}
	type timeOf struct {
		place int64
		event.Time
	}
	times, err := readAll(ctx, s.db, func(rows *sql.Rows, t *timeOf) error {
		return rows.Scan(&t.place, &t.Number, &t.Begins, &t.Ends)
	}, `SELECT t.event, t.number, t.begins, t.ends FROM event_time t JOIN event e ON e.id = t.event
		WHERE e.round = ? AND e.kind = 'voting' AND e.state = 'published' ORDER BY t.begins`, id)
	for _, t := range times {
		if p := at[t.place]; p != nil {
			p.Times = append(p.Times, t.Time)
		}
	}
	return places, err
}

const selectPlaces = `
SELECT e.id, coalesce(e.title ->> 'fi', ''), coalesce(e.title ->> 'sv', ''), coalesce(e.title ->> 'en', ''), e.place,
	e.address, o.account IS NOT NULL, coalesce(o.assigned, false)
FROM event e LEFT JOIN officer o ON o.place = e.id AND o.account = ?
WHERE e.round = ? AND e.kind = 'voting' AND e.state = 'published'`

// Inside implements polling.Store.
func (s *Store) Inside(ctx context.Context, p *polling.Place, officers bool) (err error) {
	if officers {
		if p.Officers, err = readAll(ctx, s.db, func(rows *sql.Rows, o *polling.Officer) error {
			return rows.Scan(&o.Account, &o.Name, &o.Assigned)
		}, `SELECT o.account, a.name, o.assigned FROM officer o JOIN account a ON a.id = o.account
			WHERE o.place = ? ORDER BY a.name, a.id`, p.ID); err != nil {
			return err
		}
	}
	if p.Kiosks, err = readAll(ctx, s.db, func(rows *sql.Rows, k *polling.Kiosk) error {
		return rows.Scan(&k.ID, &k.Name, &k.Enrolled, &k.Ends)
	}, `SELECT id, name, secret IS NOT NULL, ends FROM kiosk WHERE place = ? AND NOT revoked
		AND CASE WHEN secret IS NULL THEN until ELSE ends END > osbu_now() ORDER BY name, id`, p.ID); err != nil {
		return err
	}
	if p.Hours, err = readAll(ctx, s.db, func(rows *sql.Rows, h *polling.Hour) error {
		return rows.Scan(&h.Begins, &h.What, &h.N)
	}, "SELECT hour, what, n FROM place_hour WHERE place = ? ORDER BY hour, what", p.ID); err != nil {
		return err
	}
	type spent struct {
		channel roll.Channel
		n       int
	}
	all, err := readAll(ctx, s.db, func(rows *sql.Rows, s *spent) error { return rows.Scan(&s.channel, &s.n) },
		"SELECT channel, count(*) FROM spent_right WHERE place = ? GROUP BY channel", p.ID)
	p.Spent = map[roll.Channel]int{}
	for _, one := range all {
		p.Spent[one.channel] = one.n
	}
	return err
}

// working reads a place and whether the account works there, with the round
// kept in its phase.
func working(ctx context.Context, tx bun.Tx, id string, place, account int64) (w polling.Working, err error) {
	if w.Round, err = shareRound(ctx, tx, id); err != nil {
		return w, err
	}
	err = readWorking(ctx, tx.Tx, id, place, account, &w)
	return w, err
}

// At implements polling.Store.
func (s *Store) At(ctx context.Context, id string, place, account int64) (w polling.Working, err error) {
	if w.Round, err = roundByID(ctx, s.db, id); err != nil {
		return w, err
	}
	err = readWorking(ctx, s.db.DB.DB, id, place, account, &w)
	return w, err
}

func readWorking(ctx context.Context, q prepared, id string, place, account int64, w *polling.Working) error {
	return q.QueryRowContext(ctx, `SELECT osbu_now(),
		EXISTS (SELECT FROM event WHERE id = $2 AND round = $1 AND kind = 'voting' AND state = 'published'),
		EXISTS (SELECT FROM officer WHERE place = $2 AND account = $3 AND assigned)`, id, place, account).
		Scan(&w.Now, &w.Known, &w.Assigned)
}

// ChangeOfficer implements polling.Store.
func (s *Store) ChangeOfficer(ctx context.Context, id string, place, account int64, to polling.Standing,
	allow func(polling.Working) (*round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		w, err := working(ctx, tx, id, place, account)
		if err != nil {
			return err
		}
		entry, err := allow(w)
		if err != nil {
			return err
		}
		var changed sql.Result
		switch to {
		case polling.Asked:
			_, err := tx.Tx.ExecContext(ctx, "INSERT INTO officer (place, account) VALUES ($1, $2) ON CONFLICT DO NOTHING",
				place, account)
			return pollingRefusals.Explain(err)
		case polling.Assigned:
			changed, err = tx.Tx.ExecContext(ctx, "UPDATE officer SET assigned = true WHERE place = $1 AND account = $2",
				place, account)
		default:
			changed, err = tx.Tx.ExecContext(ctx, "DELETE FROM officer WHERE place = $1 AND account = $2", place, account)
		}
		if err != nil {
			return err
		}
		if n, err := changed.RowsAffected(); err != nil || n == 0 {
			if err == nil {
				err = domain.Fail(domain.NotFound, domain.CodeNotFound, "this officer has not asked for the place")
			}
			return err
		}
		return audit(ctx, tx, *entry)
	})
}

// AddKiosk implements polling.Store.
func (s *Store) AddKiosk(ctx context.Context, id string, place, account int64, name string, enrolment account.Ref,
	allow func(polling.Working) (until, ends time.Time, err error),
) (k polling.Kiosk, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		w, err := working(ctx, tx, id, place, account)
		if err != nil {
			return err
		}
		until, ends, err := allow(w)
		if err != nil {
			return err
		}
		k = polling.Kiosk{Name: name, Ends: ends}
		err = tx.Tx.QueryRowContext(ctx,
			"INSERT INTO kiosk (place, name, enrolment, until, ends) VALUES ($1, $2, $3, $4, $5) RETURNING id",
			place, name, enrolment[:], until, ends).Scan(&k.ID)
		return pollingRefusals.Explain(err)
	})
	return k, err
}

const kioskPlace = `k.id, k.name, k.ends, e.id, coalesce(e.title ->> 'fi', ''), coalesce(e.title ->> 'sv', ''),
	coalesce(e.title ->> 'en', ''), e.place, e.address`

func scanKiosk(row *sql.Row) (k polling.Kiosk, p polling.Place, err error) {
	k.Enrolled = true
	err = row.Scan(&k.ID, &k.Name, &k.Ends, &p.ID, &p.Title.Fi, &p.Title.Sv, &p.Title.En, &p.Name, &p.Address)
	return k, p, pollingRefusals.Explain(err)
}

// EnrolKiosk implements polling.Store: of two browsers with one code the row's
// lock lets one in.
func (s *Store) EnrolKiosk(ctx context.Context, id string, enrolment account.Ref, secret [32]byte) (
	polling.Kiosk, polling.Place, error,
) {
	return scanKiosk(s.db.DB.DB.QueryRowContext(ctx, `UPDATE kiosk k SET enrolment = NULL, secret = $3 FROM event e
		WHERE e.id = k.place AND e.round = $1 AND e.state = 'published' AND k.enrolment = $2 AND k.until > osbu_now()
			AND k.ends > osbu_now() AND NOT k.revoked RETURNING `+kioskPlace, id, enrolment[:], secret[:]))
}

// KioskOf implements polling.Store.
func (s *Store) KioskOf(ctx context.Context, id string, secret [32]byte) (polling.Kiosk, polling.Place, error) {
	return scanKiosk(s.db.DB.DB.QueryRowContext(ctx, "SELECT "+kioskPlace+` FROM kiosk k JOIN event e ON e.id = k.place
		WHERE e.round = $1 AND e.state = 'published' AND k.secret = $2 AND k.ends > osbu_now() AND NOT k.revoked`,
		id, secret[:]))
}

// RevokeKiosk implements polling.Store.
func (s *Store) RevokeKiosk(ctx context.Context, id string, place, account, kiosk int64,
	allow func(polling.Working) error,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		w, err := working(ctx, tx, id, place, account)
		if err != nil {
			return err
		}
		if err := allow(w); err != nil {
			return err
		}
		err = tx.Tx.QueryRowContext(ctx, "UPDATE kiosk SET revoked = true WHERE id = $1 AND place = $2 RETURNING id",
			kiosk, place).Scan(&kiosk)
		return pollingRefusals.Explain(err)
	})
}

// LookUp implements polling.Store. Tables are come to in the order in which
// shuffle_rights locks them.
func (s *Store) LookUp(ctx context.Context, id string, place, account int64, holder account.Ref,
	decide func(polling.Working, roll.State) (polling.Trace, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		w, st, person, err := comesBy(ctx, tx, id, place, account, holder)
		if err != nil {
			return err
		}
		t, err := decide(w, st)
		if err != nil {
			return err
		}
		if !t.Until.IsZero() {
			if err := giveKioskCode(ctx, tx.Tx, id, place, person, t); err != nil {
				return err
			}
			if t.Help != "" {
				if err := countAt(ctx, tx.Tx, place, string(t.Help)); err != nil {
					return err
				}
			}
		}
		return leaveTrace(ctx, tx.Tx, id, place, account, t)
	})
}

// comesBy reads the place and the person who stands there, her entry locked.
func comesBy(ctx context.Context, tx bun.Tx, id string, place, account int64, holder account.Ref) (
	w polling.Working, st roll.State, person []byte, err error,
) {
	if w, err = working(ctx, tx, id, place, account); err != nil {
		return w, st, nil, err
	}
	if _, err = tx.Tx.ExecContext(ctx, "DELETE FROM kiosk_code WHERE until <= osbu_now()"); err != nil {
		return w, st, nil, err
	}
	if _, err = tx.Tx.ExecContext(ctx, "LOCK TABLE look_up IN ROW EXCLUSIVE MODE"); err != nil {
		return w, st, nil, err
	}
	if err = lockEntry(ctx, tx.Tx, id, holder); err != nil {
		return w, st, nil, err
	}
	st, person, err = readState(ctx, tx.Tx, id, holder)
	return w, st, person, err
}

func leaveTrace(ctx context.Context, q prepared, id string, place, account int64, t polling.Trace) error {
	if _, err := q.ExecContext(ctx, `
INSERT INTO look_up (round, place, account, day, person, document, found, code, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''))`, id, place, account, t.Day, t.Person, string(t.Document),
		t.Found, !t.Until.IsZero(), string(t.Reason)); err != nil {
		return err
	}
	return countAt(ctx, q, place, string(polling.LookUps))
}

// MarkPaper implements polling.Store. The code goes before the rights are
// entered: whoever votes with it comes to both in that order.
func (s *Store) MarkPaper(ctx context.Context, id string, place, account int64, holder account.Ref,
	decide func(polling.Working, roll.State) (polling.Trace, []string, error),
) (marked []string, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		marked = nil
		w, st, person, err := comesBy(ctx, tx, id, place, account, holder)
		if err != nil {
			return err
		}
		// Not a trigger's: the rights are written anew when they are shuffled.
		var stopped bool
		if err := tx.Tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM paper_stopped WHERE round = $1)", id).
			Scan(&stopped); err != nil {
			return err
		}
		if stopped {
			return domain.Fail(domain.Closed, round.CodeVotingClosed, "the vote of %s is being closed", id)
		}
		t, papers, err := decide(w, st)
		if err != nil {
			return err
		}
		if len(papers)+len(st.Spent) >= len(st.Round.Settings.Papers) {
			if _, err := tx.Tx.ExecContext(ctx, "DELETE FROM kiosk_code WHERE round = $1 AND person = $2",
				id, person); err != nil {
				return err
			}
		}
		for _, paper := range papers {
			result, err := tx.Tx.ExecContext(ctx, `INSERT INTO spent_right (round, paper, person, channel, day, place)
				VALUES ($1, $2, $3, 'paper', $4, $5) ON CONFLICT DO NOTHING`, id, paper, person, t.Day, place)
			if err != nil {
				return rollRefusals.Explain(err)
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				if err != nil {
					return err
				}
				continue
			}
			marked = append(marked, paper)
			if err := countAt(ctx, tx.Tx, place, string(polling.OnPaper)); err != nil {
				return err
			}
		}
		if len(papers) > 0 && len(marked) == 0 {
			t.Found = "used"
		}
		return leaveTrace(ctx, tx.Tx, id, place, account, t)
	})
	return marked, err
}

// UndoPaper implements polling.Store.
func (s *Store) UndoPaper(ctx context.Context, id string, place, account int64, holder account.Ref,
	decide func(polling.Working, roll.State) (polling.Trace, []string, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		w, st, person, err := comesBy(ctx, tx, id, place, account, holder)
		if err != nil {
			return err
		}
		t, papers, err := decide(w, st)
		if err != nil {
			return err
		}
		for _, paper := range papers {
			var undone bool
			if err := tx.Tx.QueryRowContext(ctx, "SELECT undo_paper($1, $2, $3, $4, $5)", id, paper, person, place,
				t.Day).Scan(&undone); err != nil {
				return pollingRefusals.Explain(err)
			}
			if !undone {
				return polling.NotMarked()
			}
			if err := countAt(ctx, tx.Tx, place, string(t.Reason)); err != nil {
				return err
			}
		}
		return leaveTrace(ctx, tx.Tx, id, place, account, t)
	})
}

// giveKioskCode waits for whoever gives the same person one at the same moment:
// the key decides.
func giveKioskCode(ctx context.Context, q prepared, id string, place int64, person []byte, t polling.Trace) error {
	result, err := q.ExecContext(ctx, `
INSERT INTO kiosk_code (round, person, ref, place, until) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (round, person) DO UPDATE SET ref = excluded.ref, place = excluded.place, until = excluded.until,
	begun = false
WHERE kiosk_code.place = excluded.place OR kiosk_code.until <= osbu_now()`, id, person, t.Code[:], place, t.Until)
	if err != nil {
		return pollingRefusals.Explain(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		if err == nil {
			err = polling.Given()
		}
		return err
	}
	return countAt(ctx, q, place, string(polling.Codes))
}

// KioskHolder implements roll.KioskCodes.
func (s *Store) KioskHolder(ctx context.Context, id string, code account.Ref, kiosk [32]byte) (
	holder account.Ref, place int64, err error,
) {
	var person []byte
	err = s.db.DB.DB.QueryRowContext(ctx, `
WITH good AS (
	SELECT c.round, c.person, c.place, c.begun FROM kiosk_code c JOIN kiosk k ON k.place = c.place
	WHERE c.round = $1 AND c.ref = $2 AND c.until > osbu_now() AND k.secret = $3 AND k.ends > osbu_now() AND NOT k.revoked
), begins AS (
	UPDATE kiosk_code c SET begun = true, until = osbu_now() + $4 * interval '1 second' FROM good g
	WHERE c.round = g.round AND c.person = g.person AND c.ref = $2 AND NOT g.begun
)
SELECT person, place FROM good`, id, code[:], kiosk[:], int64(roll.LastsAtKiosk/time.Second)).Scan(&person, &place)
	if err != nil {
		return holder, 0, pollingRefusals.Explain(err)
	}
	copy(holder[:], person)
	return holder, place, nil
}

// needKioskCode keeps the code that a right is spent by from being replaced
// until the transaction ends, and refuses one that is good no more.
func needKioskCode(ctx context.Context, q prepared, id string, right roll.Right) error {
	if right.Place == 0 {
		return nil
	}
	var place int64
	err := q.QueryRowContext(ctx,
		"SELECT place FROM kiosk_code WHERE round = $1 AND ref = $2 AND place = $3 AND until > osbu_now() FOR UPDATE",
		id, right.Kiosk[:], right.Place).Scan(&place)
	if domain.KindOf(pollingRefusals.Explain(err)) == domain.NotFound {
		return roll.ErrKioskCode()
	}
	return err
}

// countAt counts one more of what was done at a place in this hour; at no place
// nothing.
func countAt(ctx context.Context, q prepared, place int64, what string) error {
	if place == 0 {
		return nil
	}
	_, err := q.ExecContext(ctx, `INSERT INTO place_hour (place, hour, what, n)
		VALUES ($1, date_trunc('hour', osbu_now(), 'UTC'), $2, 1)
		ON CONFLICT (place, hour, what) DO UPDATE SET n = place_hour.n + 1`, place, what)
	return err
}

var (
	_ polling.Store   = (*Store)(nil)
	_ roll.KioskCodes = (*Store)(nil)
)
