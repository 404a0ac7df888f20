package office

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/sql/db"
)

// rollRefusals are what the tables of 00030_roll refuse.
var rollRefusals = db.Refusals{
	"issuer_pkey": domain.Fail(
		domain.Conflict,
		domain.CodePhase,
		"the round has its issuer keys already",
	),
	"code_batch_label": {
		Kind: domain.Invalid, Code: domain.CodeInvalid, Fields: domain.Problems{{Path: "label", Code: "duplicate"}},
	},
	"code_batch_four_eyes": domain.Fail(domain.Conflict, round.CodeSecondNeeded, "a second official makes the codes"),
	"code_batch_void":      domain.Fail(domain.Conflict, roll.CodeVoid, "these voting codes are void already"),
	"spent_right_void_code": domain.Fail(
		domain.Forbidden,
		roll.CodeNotEligible,
		"%s",
		roll.VoidCode,
	),
	"spent_right_round_paper_fkey": domain.Fail(domain.NotFound, domain.CodeNotFound, "no such paper"),
}

// prepared is *sql.DB or *sql.Tx underneath bun. What runs for every credential
// goes there with $1 parameters, so that PostgreSQL plans it once; bun writes
// arguments into the text, which makes each statement a new one.
type prepared interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Holder is what the office knows of a right-holder in a round. All who are
// asked for at the same time are read together, after their questions.
func (s *Store) Holder(ctx context.Context, id string, holder account.Ref) (roll.State, error) {
	if !round.IsAddress(id) { // it would spoil the query for all who share it
		return roll.State{}, round.Unknown(id)
	}
	h, known, err := s.holders.Get(ctx, holderKey{id, holder})
	if err == nil && !known {
		err = round.Unknown(id)
	}
	return h.state, err
}

type holderKey struct {
	round string
	ref   account.Ref
}

// held is the state of whoever is asked for, and the person that she is, whose
// identity code may have changed.
type held struct {
	state  roll.State
	person []byte
}

// readHolders reads these of any rounds; of a round that there is not, none.
func (s *Store) readHolders(ctx context.Context, keys []holderKey) (map[holderKey]held, error) {
	rounds := map[string][][]byte{}
	for i := range keys {
		rounds[keys[i].round] = append(rounds[keys[i].round], keys[i].ref[:])
	}
	all := map[holderKey]held{}
	for id, refs := range rounds {
		found, err := readStates(ctx, s.db.DB.DB, id, refs)
		if err != nil {
			return nil, err
		}
		for ref, h := range found {
			all[holderKey{id, ref}] = h
		}
	}
	return all, nil
}

// readState is readStates for one.
func readState(ctx context.Context, q prepared, id string, holder account.Ref) (roll.State, []byte, error) {
	found, err := readStates(ctx, q, id, [][]byte{holder[:]})
	if err != nil {
		return roll.State{}, nil, err
	}
	h, ok := found[holder]
	if !ok {
		return roll.State{}, nil, round.Unknown(id)
	}
	return h.state, h.person, nil
}

// readStates reads the part of the round that voting depends on, and of each
// holder her entry or code, and her spent rights: one row. It is none if the
// round is unknown.
func readStates(ctx context.Context, q prepared, id string, holders [][]byte) (all map[account.Ref]held, err error) {
	rows, err := q.QueryContext(ctx, `
SELECT a.ref, r.id, r.phase, r.voting_opens, r.voting_closes, r.age, r.moment, to_json(r.municipalities), osbu_now(),
	(SELECT coalesce(json_agg(id ORDER BY position), '[]') FROM paper WHERE round = r.id),
	h.person, e.born, e.municipality, e.area, e.protected,
	c.person IS NOT NULL, coalesce(c.paper, ''), b.voided IS NOT NULL,
	(SELECT coalesce(json_agg(json_build_object('paper', s.paper, 'channel', s.channel, 'day', s.day, 'place', s.place,
		'replaced', p.day,
		'request', encode(s.request_hash, 'base64'), 'signature', encode(s.blind_signature, 'base64'))), '[]')
		FROM spent_right s LEFT JOIN replacement p ON p.round = s.round AND p.paper = s.paper AND p.person = s.person
		WHERE s.round = r.id AND s.person = h.person)
FROM unnest($2::bytea[]) AS a (ref)
CROSS JOIN round r
CROSS JOIN LATERAL (SELECT coalesce((SELECT person FROM roll_alias WHERE round = r.id AND ref = a.ref), a.ref) AS
	person) h
LEFT JOIN roll e ON e.round = r.id AND e.person = h.person
LEFT JOIN voting_code c ON c.round = r.id AND c.person = h.person
LEFT JOIN code_batch b ON b.round = c.round AND b.number = c.batch
WHERE r.id = $1`, id, holders)
	if err != nil {
		return nil, rollRefusals.Explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all = map[account.Ref]held{}
	for rows.Next() {
		var ref []byte
		var h held
		if err := h.scan(rows, &ref); err != nil {
			return nil, err
		}
		all[account.Ref(ref)] = h
	}
	return all, rollRefusals.Explain(rows.Err())
}

func (h *held) scan(rows *sql.Rows, ref *[]byte) error {
	st := &h.state
	var municipalities, papers, spent []byte
	var born *time.Time
	var municipality, area *string
	var protected *bool
	e, w := &st.Round.Settings.Eligibility, &st.Round.Times.Voting
	if err := rows.Scan(
		ref, &st.Round.ID, &st.Round.Phase, &w.Opens, &w.Closes, &e.Age, &e.Moment, &municipalities, &st.Now,
		&papers, &h.person, &born, &municipality, &area, &protected, &st.Code, &st.Only, &st.Void, &spent,
	); err != nil {
		return rollRefusals.Explain(err)
	}
	if born != nil {
		st.Entry = &roll.Entry{Born: *born, Municipality: *municipality, Protected: *protected}
		if area != nil {
			st.Entry.Area = *area
		}
	}
	var names []string
	if err := errors.Join(json.Unmarshal(municipalities, &e.Municipalities), json.Unmarshal(papers, &names)); err != nil {
		return err
	}
	for _, name := range names {
		st.Round.Settings.Papers = append(st.Round.Settings.Papers, round.Paper{ID: name})
	}
	var err error
	st.Spent, err = readSpent(spent)
	return err
}

func readSpent(text []byte) ([]roll.Right, error) {
	var rows []struct {
		Paper, Channel, Day, Replaced string
		Place                         int64
		Request, Signature            []byte
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		return nil, err
	}
	rights := make([]roll.Right, len(rows))
	for i, r := range rows {
		day, err := time.Parse(time.DateOnly, r.Day)
		if err != nil {
			return nil, err
		}
		rights[i] = roll.Right{
			Paper: r.Paper, Channel: roll.Channel(r.Channel), Day: day, BlindSignature: r.Signature, Place: r.Place,
		}
		copy(rights[i].Request[:], r.Request)
		if r.Replaced == "" {
			continue
		}
		if rights[i].Replaced, err = time.Parse(time.DateOnly, r.Replaced); err != nil {
			return nil, err
		}
	}
	return rights, nil
}

// Spend enters a right, once. The share lock on the round makes a close wait
// for this transaction, or this one see the close; the one on the holder's
// entry does the same with an import. Of two requests at once, the primary key
// lets one in.
func (s *Store) Spend(
	ctx context.Context,
	id string,
	holder account.Ref,
	right roll.Right,
	allow func(roll.State) error,
) (stored roll.Right, first bool, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.Tx.ExecContext(ctx, "SELECT FROM round WHERE id = $1 FOR SHARE", id); err != nil {
			return err
		}
		if err := lockEntry(ctx, tx.Tx, id, holder); err != nil {
			return err
		}
		if err := needKioskCode(ctx, tx.Tx, id, right); err != nil {
			return err
		}
		st, person, err := readState(ctx, tx.Tx, id, holder)
		if err != nil {
			return err
		}
		if stored, first = spentOn(st, right.Paper), false; stored.Paper != "" {
			return db.Harden(ctx, tx)
		}
		if err := allow(st); err != nil {
			return err
		}
		result, err := tx.Tx.ExecContext(ctx, `
INSERT INTO spent_right (round, paper, person, channel, day, request_hash, blind_signature, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0))
ON CONFLICT DO NOTHING`, id, right.Paper, person, string(right.Channel), right.Day, right.Request[:],
			right.BlindSignature, right.Place)
		if err != nil {
			return rollRefusals.Explain(err)
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if stored, first = right, n == 1; first {
			if err := countAt(ctx, tx.Tx, right.Place, "kiosk"); err != nil {
				return err
			}
			return insertRecovery(ctx, tx.Tx, id, right.Paper, person, right.Recovery)
		}
		if st, _, err = readState(ctx, tx.Tx, id, holder); err != nil {
			return err
		}
		stored = spentOn(st, right.Paper)
		return nil
	})
	return stored, first, err
}

// lockEntry keeps the holder's entry on the roll as it is until the transaction
// ends. It locks no row: a row's lock stays in its file (xmax), numbered in the
// order in which people vote. When an import that was waited for moved the
// person to another reference, the second try finds her there.
func lockEntry(ctx context.Context, q prepared, id string, holder account.Ref) error {
	const person = "coalesce((SELECT person FROM roll_alias WHERE round = $1 AND ref = $2), $2)"
	for range 2 {
		var locked, now []byte
		if err := q.QueryRowContext(ctx, "SELECT p, pg_advisory_xact_lock_shared(entry_lock($1, p))::text FROM (SELECT "+
			person+" AS p) x", id, holder[:]).Scan(&locked, new(string)); err != nil {
			return err
		}
		if err := q.QueryRowContext(ctx, "SELECT "+person, id, holder[:]).Scan(&now); err != nil {
			return err
		}
		if bytes.Equal(locked, now) {
			break
		}
	}
	return nil
}

func spentOn(st roll.State, paper string) roll.Right {
	if i := slices.IndexFunc(st.Spent, func(r roll.Right) bool { return r.Paper == paper }); i >= 0 {
		return st.Spent[i]
	}
	return roll.Right{}
}

// Status counts a round's roll, codes and rights. Replacements are in no batch.
func (s *Store) Status(ctx context.Context, id string) (roll.Status, error) {
	var st roll.Status
	var imported *time.Time
	err := s.db.DB.DB.QueryRowContext(ctx, `
WITH entries AS (
	SELECT count(*) AS n, count(*) FILTER (WHERE protected) AS protected, count(*) FILTER (WHERE area IS NULL) AS
	without_area FROM roll WHERE round = $1
)
SELECT entries.n, entries.protected, entries.without_area,
	(SELECT max(at) FROM audit WHERE round = $1 AND action = 'import roll')
FROM entries`, id).Scan(&st.Entries, &st.Protected, &st.WithoutArea, &imported)
	if err != nil {
		return roll.Status{}, rollRefusals.Explain(err)
	}
	if imported != nil {
		st.ImportedAt = *imported
	}
	if st.Asked, err = readAskedCodes(ctx, s.db, id); err != nil {
		return st, err
	}
	if st.Batches, err = readBatches(ctx, s.db, id); err != nil {
		return roll.Status{}, err
	}
	st.Papers, err = s.turnout(ctx, s.db, id)
	return st, err
}

// Turnout counts a round's rights by paper, in the papers' order.
func (s *Store) Turnout(ctx context.Context, id string) ([]roll.Turnout, error) {
	return s.turnout(ctx, s.db, id)
}

// turnout counts, or is what was counted before the roll or the rights were
// taken away (00280_retention.sql).
func (s *Store) turnout(ctx context.Context, q bun.IDB, id string) (papers []roll.Turnout, err error) {
	var kept []byte
	err = q.QueryRowContext(ctx, `SELECT t.papers FROM turnout t
		WHERE t.round = ? AND EXISTS (SELECT FROM forgotten f WHERE f.round = t.round AND f.data IN ('roll', 'rights'))`,
		id).Scan(&kept)
	if !errors.Is(err, sql.ErrNoRows) {
		var tables []struct{ Total roll.Turnout }
		err = errors.Join(err, json.Unmarshal(kept, &tables))
		for _, one := range tables {
			papers = append(papers, one.Total)
		}
		return papers, err
	}
	err = q.NewRaw(`
WITH spent AS (
	SELECT paper, count(*) FILTER (WHERE channel = 'assisted' AND place IS NULL) AS by_code,
		count(*) FILTER (WHERE channel = 'online') AS online, count(*) FILTER (WHERE channel = 'assisted') AS
	assisted,
		count(*) FILTER (WHERE channel = 'paper') AS on_paper, count(*) FILTER (WHERE channel = 'replacement') AS replaced
	FROM spent_right WHERE round = ?0 GROUP BY paper
), given AS (
	SELECT paper, count(*) AS n FROM replacement WHERE round = ?0 GROUP BY paper
), people AS MATERIALIZED (
	SELECT count_people(?0, ?1) AS n
)
SELECT p.id AS paper, people.n + coalesce(spent.by_code, 0) AS rights, people.n AS on_roll,
	coalesce(spent.online, 0) AS online,
	coalesce(spent.assisted, 0) AS assisted, coalesce(spent.on_paper, 0) AS on_paper, coalesce(given.n, 0) AS replacements,
	coalesce(spent.replaced, 0) AS replaced
FROM people, paper p LEFT JOIN spent ON spent.paper = p.id LEFT JOIN given ON given.paper = p.id
WHERE p.round = ?0 ORDER BY p.position`, id, s.timeZone.String()).Scan(ctx, &papers)
	return papers, err
}
