package office

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/event"
	"osbu/domain/person"
	"osbu/sql/db"
)

// holding says what a table keeps of people: whose its rows are, which columns
// she is given, which say nothing of her or are secrets, and what an erasure
// leaves (erase_person).
type holding struct {
	table   string
	whose   string // $1 the account, $2 the reference that rolls know
	given   string
	others  string
	erasure person.Erasure
	basis   person.Basis
}

// hers are the proposals that somebody is an author of.
const hers = "proposal IN (SELECT proposal FROM author WHERE account = $1)"

// onRoll finds what rolls keep of somebody, also under another code of hers.
const onRoll = "(t.person = $2 OR EXISTS (SELECT FROM roll_alias l WHERE l.round = t.round AND l.ref = $2 " +
	"AND l.person = t.person))"

// holdings are all tables with columns that say something of a person. A test
// compares them, and impersonal, with the schema: a new column is in neither.
var holdings = []holding{
	{"account", "id = $1", "identified name language", "id key", person.Erased, ""},
	{
		"session", "account = $1", "expires ends email email_verified", "token account sealed", person.Erased, "",
	},
	{"mailbox", "account = $1", "address confirmed language muted at_once comments_told", "account", person.Erased, ""},
	{
		"outbox", "account = $1 OR away = $1", "notification kind proposal event round since written_at settled_at outcome",
		"id account version due tries address language secret step away", person.Erased, "",
	},
	{"facilitator", "account = $1", "areas", "account", person.Erased, ""},
	{
		"staff", "account = $1", "roles areas divisions seen_at told_at told_before", "account", person.Erased, "",
	},
	{
		"stand_in", "account = $1 OR stands_in = $1", "from_day to_day", "account stands_in", person.Erased, "",
	},
	{"queue_filter", "account = $1", "round name query", "id account", person.Erased, ""},
	{"reminder", "account = $1", "round of", "account", person.Erased, ""},
	{"support", "account = $1", "proposal", "account", person.Erased, ""},
	{"follow", "account = $1", "proposal", "account", person.Erased, ""},
	{"worth", "account = $1", "proposal answer", "account", person.Erased, ""},
	{"seat", "account = $1", "event waiting", "id account name", person.Erased, ""}, // a name is a walk-in's only
	{
		"enquiry", "by = $1", "round area proposal at language text answer answered_at",
		"id by answered_by email", person.Erased, "",
	},
	{
		"invitation", "by = $1", "proposal address at until outcome", "id by digest email", person.Erased, "",
	},
	{
		"proposal", "author = $1",
		"id round state author_name title what why place area theme latitude longitude language swedish english question " +
			"answer_by appeal reason answer channel submitted_at updated_at hidden hidden_note",
		"version author facilitator facilitator_name minimum maximum maintenance words rejected_by division " +
			"estimate_by estimation estimates translated",
		person.Unnamed, person.Document,
	},
	{
		"proposal_version", "by = $1",
		"proposal version at by_name action state reason title what why place area theme latitude longitude language " +
			"swedish english answer",
		"by", person.Unnamed, person.Document,
	},
	{"author", "account = $1", "proposal joined_at", "account", person.Unnamed, person.Document},
	{
		"image", "by = $1", "proposal place alt at", "id width height by", person.Unnamed, person.Document,
	},
	{
		"comment", "author = $1", "proposal reply_to text language at staff hidden note", "id author",
		person.Unnamed, person.Document,
	},
	{
		"proposal_report", "account = $1", "proposal reason settled", "account", person.Unnamed, person.Document,
	},
	{
		"comment_report", "account = $1", "comment reason settled at", "account", person.Unnamed, person.Document,
	},
	{
		"merge_consent", "account = $1", "proposal name answer message basis at", "merge round account",
		person.Unnamed, person.Document,
	},
	{
		"assisted", "claimed_by = $1", "proposal consent given_on claimed_at",
		"by by_name code digest claimed_by email", person.Unnamed, person.Document,
	},
	{
		"note", "by = $1 OR to_whom = $1 OR " + hers, "proposal at text by_name to_name division assigned erased_by",
		"id by to_whom", person.Stays, person.Office,
	},
	{
		"mark", "by = $1 OR " + hers, "proposal item verdict note by_name at", "by", person.Stays, person.Office,
	},
	{
		"contact", "by = $1", "round area proposal at by_name channel topic language minutes struck_by", "id by",
		person.Stays, person.Office,
	},
	{
		"estimate", "by = $1",
		"proposal number round at by_name division competence forward feasibility class reasons note published",
		"by division_name minimum maximum maintenance", person.Stays, person.Office,
	},
	{
		"delivery_report", "by = $1", "proposal site version at action news erased_by",
		"by phase standing reason division dates", person.Stays, person.Office,
	},
	{"officer", "account = $1", "place assigned", "account", person.Erased, ""},
	{
		"certificate", "first = $1 OR second = $1",
		"place number day marked undone sheets taken_away reason", "first second", person.Stays, person.Office,
	},
	{"keyer", "account = $1", "round batch attempt part", "account", person.Stays, person.Office},
	{
		"look_up", "account = $1", "round place day document found code reason", "id account person",
		person.Stays, person.Office,
	},
	{
		"desk_look_up", "account = $1", "round day reason", "id account person", person.Stays, person.Office,
	},
	{
		"ledger_entry", "by = $1", "id round at day kind reason decision voucher reverses", "by lines request",
		person.Stays, person.Office,
	},
	{"event_note", "by = $1", "event at by_name text proposal", "id by", person.Stays, person.Office},
	{
		"merge", "by = $1", "round kind stage message by_name asked_at decided undone",
		"id by answer_by settled_at", person.Stays, person.Office,
	},
	{"asked_step", "by = $1", "round step by_name at", "by request begun", person.Stays, person.Office},
	{
		"roll_upload", "by = $1", "round state by_name at", "by id size read lease taker remove_up_to result",
		person.Stays, person.Office,
	},
	{"asked_codes", "by = $1", "round label place count by_name at", "by", person.Stays, person.Office},
	{"conflict", "by = $1", "round reason by_name at", "id by", person.Stays, person.Office},
	{
		"audit", "actor ~ ('^[a-z]+ ' || $1 || '$')", "round at actor action reason details", "seq salt previous hash",
		person.Stays, person.Office,
	},
	{
		"roll", onRoll, "round born municipality area protected", "person", person.Stays, person.Election,
	},
	{"roll_alias", "ref = $2", "round", "ref person", person.Stays, person.Election},
	{"voting_code", onRoll, "round paper batch", "person", person.Stays, person.Election},
	{
		"spent_right", onRoll, "round paper channel day place", "person request_hash blind_signature",
		person.Stays, person.Election,
	},
	{"kiosk_code", onRoll, "round place until begun", "person ref", person.Stays, person.Election},
	{"replacement", onRoll, "round paper day", "person", person.Stays, person.Election},
	{"recovery", onRoll, "round paper", "person sealed", person.Stays, person.Election},
	{"person_request", "account = $1", "at action reason", "id account", person.Stays, person.Trace},
}

// impersonal are the tables with nothing of anybody, and their columns.
var impersonal = map[string]string{
	"round": "id name phase proposing_opens proposing_closes vetting_opens vetting_closes voting_opens " +
		"voting_closes rule age moment municipalities reserve_maintenance final_ballots rehearsal created_at " +
		"freeze_decision confirm_decision copies_destroyed openings_from trustees trustees_needed four_eyes languages source",
	"area":  "round id position name pot population citywide postal_codes rule",
	"paper": "round id position name areas form min max blank points points_each points_all",
	"theme": "round id position name",
	// What a batch is called, and where it is handed out; who used a code of it is
	// in no table.
	"code_batch":    "round number label place day voided",
	"issuer":        "round paper public sealed",
	"paper_stopped": "round",
	"frozen":        "round manifest lot opening",
	"opened":        "round key void",
	"outcome":       "round area input ballots blank seed rule result sheets",
	"published":     "round part size sha256",
	"piece":         "round part n bytes",
	"numbers":       "round day paper at rights online assisted on_paper replacements replaced ballots",
	"project": "round number proposal area theme title description place latitude longitude minimum maximum " +
		"maintenance votes",
	"desk":   "round checklist templates divisions",
	"letter": "round notification language subject body version",
	"delivery": "proposal site round version name latitude longitude phase standing reason division contact " +
		"difference documents updated_at external",
	"turnout":        "round at papers",
	"forgotten":      "round data day n",
	"imported_round": "round source digest at",
	"redirect":       "old new round",
	"ledger_line":    "entry line account round area proposal cents",
	"delivery_date":  "proposal site phase first promised actual",
	// A roll's file on its way in: sealed, and gone with its import, or in an
	// hour.
	"roll_upload_part": "round number bytes sealed",
	// Words of public proposals, for the search.
	"proposal_word":     "word id plain",
	"proposal_word_use": "word proposal title",
	"event_time":        "event number begins ends",
	"kiosk":             "id place name enrolment until secret ends revoked",
	"place_hour":        "place hour what n",
	"event_proposal":    "event proposal",
	"merge_member":      "merge round proposal membership before",
	"conflict_member":   "conflict round proposal",
	"merge_part": "merge round number proposal made swedish title what why place area theme latitude longitude " +
		"language",
	"event": "id round state version kind area title about place address latitude longitude languages access " +
		"access_note seats last_time reason summary created_at updated_at",
}

// sealed are columns that hold sealed addresses.
var sealed = []string{"address", "email"}

// Subject implements person.Store.
func (s *Store) Subject(ctx context.Context, ref account.Ref) (person.Subject, error) {
	who := person.Subject{Ref: ref}
	err := s.db.DB.DB.QueryRowContext(ctx, "SELECT id FROM account WHERE key = $1 AND identified", ref[:]).
		Scan(&who.Account)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return who, err
}

// Holdings implements person.Store.
func (s *Store) Holdings(
	ctx context.Context,
	who person.Subject,
	request person.Request,
) (kept person.Archive, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if err := notePersonRequest(ctx, tx, who, request); err != nil {
			return err
		}
		if kept.At, err = db.Now(ctx, tx); err != nil {
			return err
		}
		for _, h := range holdings {
			rows, err := h.read(ctx, tx, who)
			if err != nil {
				return fmt.Errorf("%s: %w", h.table, err)
			}
			kept.Holdings = append(
				kept.Holdings,
				person.Holding{Table: h.table, Erasure: h.erasure, Basis: h.basis, Rows: rows},
			)
		}
		return nil
	})
	return kept, err
}

// read gives a table's rows of somebody.
func (h holding) read(ctx context.Context, tx bun.Tx, who person.Subject) (all []map[string]any, err error) {
	columns := "t." + strings.ReplaceAll(h.given, " ", ", t.")
	// Both parameters stand in every statement, whichever it asks for.
	//nolint:gosec // what is pasted are constants of this file
	statement := "SELECT to_jsonb(x) FROM (SELECT " + columns + " FROM " + h.table +
		" t WHERE ($1::bigint IS NOT NULL AND $2::bytea IS NOT NULL) AND (" + h.whose + ")) x"
	rows, err := tx.Tx.QueryContext(ctx, statement, who.Account, who.Ref[:])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		row := map[string]any{}
		if err := json.Unmarshal(text, &row); err != nil {
			return nil, err
		}
		for _, name := range sealed {
			if text, ok := row[name].(string); ok {
				if row[name], err = hex.DecodeString(strings.TrimPrefix(text, `\x`)); err != nil {
					return nil, err
				}
			}
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// ErasePerson implements person.Store.
func (s *Store) ErasePerson(
	ctx context.Context,
	who person.Subject,
	called map[domain.Language]string,
	request person.Request,
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		var language domain.Language
		err := tx.QueryRowContext(ctx, "SELECT language FROM account WHERE id = ?", who.Account).Scan(&language)
		if err != nil {
			return db.Refusals{}.Explain(err)
		}
		events, err := seatsOf(ctx, tx, who.Account)
		if err != nil {
			return err
		}
		if err := notePersonRequest(ctx, tx, who, request); err != nil {
			return err
		}
		if _, err := tx.Tx.ExecContext(ctx, "SELECT erase_person($1, $2)", who.Account, called[language]); err != nil {
			return err
		}
		for _, e := range events {
			found, err := readEvents(ctx, tx, e.Round, event.List{ID: e.ID, Limit: 1})
			if err != nil {
				return err
			}
			if err := moveUp(ctx, tx, &found[0]); err != nil {
				return err
			}
		}
		return nil
	})
}

// seatsOf holds the events that somebody signed up for, by ID.
func seatsOf(ctx context.Context, tx bun.Tx, id int64) ([]event.Event, error) {
	events, err := readAll(
		ctx,
		tx,
		func(rows *sql.Rows, e *event.Event) error { return rows.Scan(&e.ID, &e.Round) },
		"SELECT e.id, e.round FROM seat s JOIN event e ON e.id = s.event WHERE s.account = ? ORDER BY e.id",
		id,
	)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		if _, _, _, err := holdEvent(ctx, tx, e.Round, e.ID); err != nil {
			return nil, err
		}
	}
	return events, nil
}

func notePersonRequest(ctx context.Context, tx bun.Tx, who person.Subject, request person.Request) error {
	if who.Account == 0 && request.Reason == "" {
		return nil
	}
	_, err := tx.Tx.ExecContext(
		ctx,
		"INSERT INTO person_request (account, action, reason) VALUES (nullif($1::bigint, 0), $2, $3)",
		who.Account,
		request.Action,
		request.Reason,
	)
	return err
}
