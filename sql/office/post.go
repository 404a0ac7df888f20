package office

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/sql/db"
)

// tell writes e-mails of a change that has just been made to proposals: to
// their authors, and of public steps to the followers, those of what they are
// made of too, if they have a confirmed address and want this kind. They are
// sent after the commit.
func tell(ctx context.Context, q bun.IDB, c proposal.Change, proposals ...int64) error {
	if c.Notification == "" || len(proposals) == 0 {
		return nil
	}
	if err := writeEmails(ctx, q, c.Notification, time.Time{}, proposals); err != nil || c.RemindAt.IsZero() {
		return err
	}
	return writeEmails(ctx, q, post.Reminded, c.RemindAt, proposals)
}

func writeEmails(ctx context.Context, q bun.IDB, m post.Notification, due time.Time, proposals []int64) error {
	var at *time.Time // nil: now
	if !due.IsZero() {
		at = &due
	}
	_, err := q.ExecContext(ctx, `
		INSERT INTO outbox (account, notification, kind, proposal, version, due)
		SELECT m.account, ?0, r.kind, r.id, r.version, coalesce(?2, osbu_now())
		FROM (
			SELECT a.account, ?1 AS kind, p.id, p.version FROM author a JOIN proposal p ON p.id = a.proposal WHERE p.id IN (?3)
			UNION
			SELECT f.account, 'followed', p.id, p.version FROM proposal p, proposal_sources(p.id, true) AS source
			JOIN (SELECT proposal, account FROM follow UNION SELECT proposal, account FROM author) AS f ON f.proposal = source
			WHERE p.id IN (?3) AND ?4 AND p.submitted_at IS NOT NULL
				AND NOT EXISTS (SELECT FROM author a WHERE a.proposal = p.id AND a.account = f.account)
		) r JOIN mailbox m ON m.account = r.account
		WHERE m.confirmed AND r.kind <> ALL (m.muted)`,
		string(m), string(m.Kind()), at, bun.List(proposals), m.Public())
	return err
}

// tellOfficials writes an e-mail to every official but one, who asked for what
// another one confirms; to those as well who want none about their work.
func tellOfficials(ctx context.Context, q bun.IDB, m post.Notification, id string, by int64) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO outbox (account, notification, kind, round)
		SELECT s.account, ?0, ?1, ?2 FROM staff s JOIN mailbox m ON m.account = s.account
		WHERE 'official' = ANY (s.roles) AND s.account <> ?3 AND m.confirmed`,
		string(m), string(m.Kind()), id, by)
	return err
}

// openMailbox takes over the address that the provider gave, from the session
// to a mailbox, when somebody first submits or follows. One that the provider
// has not verified is confirmed by an e-mail.
func openMailbox(ctx context.Context, q bun.IDB, account int64) error {
	_, err := q.ExecContext(ctx, `
		WITH opened AS (
			INSERT INTO mailbox (account, address, confirmed, language)
			SELECT a.id, s.email, s.email_verified, a.language FROM session s JOIN account a ON a.id = s.account
			WHERE a.id = ? AND s.email IS NOT NULL ORDER BY s.expires DESC LIMIT 1
			ON CONFLICT DO NOTHING
			RETURNING account, confirmed
		)
		INSERT INTO outbox (account, notification, kind) SELECT account, 'confirm', '' FROM opened
		WHERE NOT confirmed`, account)
	return err
}

// Mailbox implements post.Store.
func (s *Store) Mailbox(ctx context.Context, account int64) (post.Sealed, error) {
	return readMailbox(ctx, s.db, account)
}

func readMailbox(ctx context.Context, q bun.IDB, account int64) (post.Sealed, error) {
	m := post.Sealed{Account: account}
	var muted []string
	err := q.QueryRowContext(ctx, `
		SELECT m.address, coalesce(m.confirmed, false), coalesce(m.language, a.language), coalesce(m.muted, '{}'),
			coalesce(m.at_once, false),
			(SELECT s.email FROM session s WHERE s.account = a.id AND s.email IS NOT NULL ORDER BY s.expires DESC LIMIT 1),
			(SELECT count(*) FROM outbox o WHERE o.account = a.id AND o.notification = 'confirm'
			AND o.written_at > osbu_now() - interval '1 day')
		FROM account a LEFT JOIN mailbox m ON m.account = a.id WHERE a.id = ?`, account).
		Scan(&m.Address, &m.Confirmed, &m.Language, pgdialect.Array(&muted), &m.AtOnce, &m.Suggested, &m.Confirmation)
	if err != nil {
		return m, db.Refusals{}.Explain(err)
	}
	m.Muted = make([]post.Kind, len(muted))
	for i, k := range muted {
		m.Muted[i] = post.Kind(k)
	}
	return m, nil
}

// ChangeMailbox implements post.Store.
func (s *Store) ChangeMailbox(
	ctx context.Context,
	account int64,
	change func(time.Time, *post.Sealed) (bool, error),
) (m post.Sealed, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		// The account's row stands for the mailbox that may not be there yet.
		if _, err := tx.ExecContext(ctx, "SELECT FROM account WHERE id = ? FOR NO KEY UPDATE", account); err != nil {
			return err
		}
		if m, err = readMailbox(ctx, tx, account); err != nil {
			return err
		}
		now, err := db.Now(ctx, tx)
		if err != nil {
			return err
		}
		confirm, err := change(now, &m)
		if err != nil {
			return err
		}
		muted := make([]string, len(m.Muted))
		for i, k := range m.Muted {
			muted[i] = string(k)
		}
		// As $ parameters: sealed or not, an address has no place in the text
		// of a statement.
		if _, err := tx.Tx.ExecContext(ctx, `
			INSERT INTO mailbox (account, address, confirmed, language, muted, at_once) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (account) DO UPDATE SET (address, confirmed, language, muted, at_once) = (excluded.address,
			excluded.confirmed, excluded.language, excluded.muted, excluded.at_once)`,
			account, m.Address, m.Confirmed, string(m.Language), muted, m.AtOnce); err != nil || !confirm {
			return err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO outbox (account, notification, kind) VALUES (?, 'confirm', '')", account)
		return err
	})
	return m, err
}

// ClaimEmail implements post.Store: SKIP LOCKED lets any number of instances
// claim at once, each another e-mail. An e-mail says what is true when it is
// sent, so that of those to one person about one thing that still wait (an
// event that was moved, a followed proposal, the proposals of one merge) only
// the last one is wanted.
func (s *Store) ClaimEmail(ctx context.Context, hold []time.Duration) (*post.Email, []byte, error) {
	seconds := make([]float64, len(hold))
	for i, h := range hold {
		seconds[i] = h.Seconds()
	}
	l := &post.Email{}
	var address, name, answer, named []byte
	var until, begins, since *time.Time
	var away int64
	var subject, body *string
	err := s.db.QueryRowContext(ctx, `
		WITH claimed AS (
			UPDATE outbox o SET tries = o.tries + 1, due = osbu_now() + make_interval(secs => (?0::float8[])[least(o.tries + 1,
			?1)])
			FROM (SELECT id FROM outbox WHERE settled_at IS NULL AND due <= osbu_now() ORDER BY due, id LIMIT 1
			FOR UPDATE SKIP LOCKED) c
			WHERE o.id = c.id
			RETURNING o.id, o.account, o.notification, o.kind, o.proposal, o.version, o.event, o.written_at, o.tries, o.address,
			o.language, o.secret, o.round, o.since, o.away
		)
		SELECT c.id, c.tries, coalesce(c.account, 0), c.notification, c.kind, c.written_at, coalesce(c.address, m.address),
		coalesce(c.language, m.language), c.secret,
			c.account IS NULL AND (coalesce(i.until > osbu_now(), false) OR a.proposal IS NOT NULL AND a.claimed_by IS NULL
			AND p.state <> 'withdrawn' AND r.phase IN ('proposing', 'vetting'))
				OR m.address IS NOT NULL AND (c.notification = 'confirm' AND NOT m.confirmed OR m.confirmed
				AND c.kind <> ALL (m.muted))
				AND (c.notification <> 'reminded' OR p.state = 'needs_information' AND p.answer_by > osbu_now() AND NOT EXISTS (
					SELECT FROM proposal_version later WHERE later.proposal = c.proposal AND later.version > c.version
					AND later.action <> 'edit'))
				AND (c.event IS NULL OR c.notification = 'event_cancelled'
					OR c.notification = 'seat_taken' AND NOT EXISTS (SELECT FROM seat WHERE seat.event = c.event
					AND seat.account = c.account) OR ev.state = 'published' AND t.begins > osbu_now()
					AND EXISTS (SELECT FROM seat WHERE seat.event = c.event AND seat.account = c.account
					AND (c.notification = 'event_moved'
						OR c.notification <> 'seat_taken' AND seat.waiting = (c.notification = 'queued'))))
				AND (c.notification NOT IN ('vote_begins', 'vote_ends') OR r.phase = 'voting'
					AND r.voting_closes > osbu_now())
				AND (c.notification NOT IN ('merge_asked', 'split_asked') OR asked.answer_by IS NOT NULL)
				AND (c.notification NOT IN ('second_step', 'second_codes')
					OR coalesce(coalesce(st.by, co.by) <> c.account, false))
				AND NOT EXISTS (
					SELECT FROM outbox later WHERE later.account = c.account AND later.id > c.id AND later.settled_at IS NULL
					AND later.notification = c.notification AND (c.notification = 'event_moved' AND later.event = c.event
						OR later.round = c.round
						OR c.kind = 'followed' AND later.kind = 'followed' AND (later.proposal = c.proposal
						OR c.notification IN ('merged', 'split', 'went_on', 'unmade') AND EXISTS (SELECT FROM merge_member together
						WHERE together.merge = latest.merge AND together.proposal = later.proposal)))),
			coalesce(r.id, ''), coalesce(r.name, '{}'), coalesce(c.proposal, 0), coalesce(p.title, ''),
			coalesce(v.by_name, ''), coalesce(b.name, a.by_name, st.by_name, co.by_name, ''),
			coalesce(v.reason, e.text, st.step, co.label, ''), coalesce(e.answer, ''), coalesce(co.count, 0),
			coalesce(v.answer, ev.reason, '{}'),
			coalesce(i.until, asked.answer_by, p.answer_by, CASE WHEN c.round IS NOT NULL THEN r.voting_closes END),
			coalesce(p.appeal <> '', false),
			coalesce(c.event, 0), coalesce(ev.title, '{}'), coalesce(ev.place || ', ' || ev.address, ''), t.begins, c.since,
			coalesce(c.away, 0), coalesce(away.name, ''), own.subject, own.body,
			ARRAY(
				SELECT coalesce(o.title, part.title) FROM merge_part part LEFT JOIN proposal o ON o.id = part.proposal
				WHERE part.merge = latest.merge AND c.notification IN ('merged', 'split', 'split_asked')
				AND part.proposal IS DISTINCT FROM c.proposal ORDER BY part.number
			) || ARRAY(
				SELECT o.title FROM merge_member other JOIN proposal o ON o.id = other.proposal
				WHERE other.merge = latest.merge AND other.proposal <> c.proposal AND (c.notification = 'merge_asked'
				OR c.notification = 'took_in' AND other.membership = 'joined') ORDER BY o.id
			)
		FROM claimed c LEFT JOIN mailbox m ON m.account = c.account
			LEFT JOIN invitation i ON i.email = c.id
			LEFT JOIN enquiry e ON e.email = c.id
			LEFT JOIN assisted a ON a.email = c.id
			LEFT JOIN account away ON away.id = c.away
			LEFT JOIN account b ON b.id = coalesce(i.by, e.answered_by)
			LEFT JOIN proposal p ON p.id = c.proposal
			LEFT JOIN proposal_version v ON v.proposal = c.proposal AND v.version = c.version
			LEFT JOIN event ev ON ev.id = c.event
			LEFT JOIN LATERAL (SELECT min(begins) AS begins FROM event_time WHERE event = c.event) t ON true
			LEFT JOIN round r ON r.id = coalesce(c.round, p.round, e.round, ev.round)
			LEFT JOIN letter own ON own.round = r.id AND own.notification = c.notification
				AND own.language = coalesce(c.language, m.language)
			LEFT JOIN asked_step st ON st.round = c.round AND NOT st.begun AND c.notification = 'second_step'
			LEFT JOIN asked_codes co ON co.round = c.round AND c.notification = 'second_codes'
			LEFT JOIN LATERAL (SELECT merge FROM merge_member WHERE proposal = c.proposal ORDER BY merge DESC LIMIT 1) latest
			ON true
			LEFT JOIN LATERAL (
				SELECT g.answer_by FROM merge g JOIN merge_consent k ON k.merge = g.id
				WHERE g.id = latest.merge AND g.stage = 'asked' AND c.notification IN ('merge_asked', 'split_asked')
				AND k.account = c.account AND k.answer IS NULL LIMIT 1
			) asked ON true`, pgdialect.Array(seconds), len(seconds)).
		Scan(&l.ID, &l.Tries, &l.To.Account, &l.Notification, &l.Kind, &l.WrittenAt, &address, &l.To.Language, &l.Secret,
			&l.Wanted,
			&l.Round, &name, &l.Proposal, &l.Title,
			&l.Facilitator, &l.By, &l.Words, &l.Reply, &l.Count, &answer, &until, &l.Final,
			&l.Event, &named, &l.Place, &begins, &since, &away, &l.Absent, &subject, &body, pgdialect.Array(&l.Others))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if subject != nil && body != nil {
		l.Letter = &post.Letter{
			Notification: l.Notification, Language: l.To.Language, Subject: *subject, Body: *body,
		}
	}
	if l.Notification == post.Desk {
		if l.Waiting, err = waitingFor(ctx, s.db, cmp.Or(away, l.To.Account)); err != nil {
			return nil, nil, err
		}
		l.Wanted = l.Wanted && len(l.Waiting) > 0
	}
	if since != nil {
		if l.Discussed, err = discussedBy(ctx, s.db, l.To.Account, *since, l.WrittenAt); err != nil {
			return nil, nil, err
		}
		l.Wanted = l.Wanted && len(l.Discussed) > 0
	}
	l.To.Confirmed = l.Notification != post.Confirm && l.To.Account != 0
	if until != nil {
		l.Until = *until
	}
	if begins != nil {
		l.Begins = *begins
	}
	return l, address, errors.Join(
		json.Unmarshal(name, &l.RoundName),
		json.Unmarshal(answer, &l.Answer),
		json.Unmarshal(named, &l.Named),
	)
}

// SettleEmail implements post.Store.
func (s *Store) SettleEmail(ctx context.Context, id int64, tries int, o post.Outcome) error {
	_, err := s.db.ExecContext(
		ctx,
		"UPDATE outbox SET settled_at = osbu_now(), outcome = ?, address = NULL, secret = NULL WHERE id = ? AND tries = ? "+
			"AND settled_at IS NULL",
		string(o),
		id,
		tries,
	)
	return err
}

// ForgetEmails implements post.Store. The database keeps to post.EmailsKept
// by itself: the role may not delete e-mails.
func (s *Store) ForgetEmails(ctx context.Context) (n int64, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT forget_emails()").Scan(&n)
	return n, err
}

// TellStaff implements post.Store.
func (s *Store) TellStaff(ctx context.Context, hour int, zone string, pause time.Duration) error {
	_, err := s.db.ExecContext(ctx, `
		WITH morning AS (
			SELECT (date_trunc('day', osbu_now() AT TIME ZONE ?1) + make_interval(hours => ?0)) AT TIME ZONE ?1 AS at,
				extract(isodow FROM osbu_now() AT TIME ZONE ?1) < 6 AS works
		), reader AS (
			SELECT account, account AS of, NULL::bigint AS away FROM staff
			UNION ALL
			SELECT i.stands_in, i.account, i.account FROM stand_in i JOIN staff s ON s.account = i.stands_in
			WHERE (osbu_now() AT TIME ZONE ?1)::date BETWEEN i.from_day AND i.to_day
		), wanting AS (
			SELECT r.account, r.of, r.away FROM reader r JOIN mailbox m ON m.account = r.account
			WHERE m.confirmed AND 'work' <> ALL (m.muted)
		), due AS (
			SELECT s.account, s.told_at FROM staff s LEFT JOIN mailbox m ON m.account = s.account CROSS JOIN morning
			WHERE EXISTS (SELECT FROM wanting WHERE wanting.of = s.account)
				AND CASE WHEN coalesce(m.at_once, false) THEN s.told_at <= osbu_now() - make_interval(secs => ?2)
					ELSE morning.works AND osbu_now() >= morning.at AND s.told_at < morning.at END
				AND EXISTS (SELECT FROM work_of(s.account, CASE WHEN 'official' <> ALL (s.roles) THEN s.areas END, s.divisions,
					s.told_at, NULL) AS w WHERE w.fresh > 0)
			FOR UPDATE OF s SKIP LOCKED
		), told AS (
			UPDATE staff SET told_at = osbu_now(), told_before = due.told_at FROM due WHERE staff.account = due.account
			RETURNING staff.account
		)
		INSERT INTO outbox (account, notification, kind, away)
		SELECT w.account, 'desk', 'work', w.away FROM told JOIN wanting w ON w.of = told.account`,
		hour, zone, pause.Seconds())
	return err
}

// settling is how old a comment is before it is told: whatever was written
// earlier has been committed, so that each is in one e-mail.
const settling = time.Minute

// TellAuthors implements post.Store. Whoever does not want these e-mails is
// told nothing, later neither.
func (s *Store) TellAuthors(ctx context.Context, hour int, zone string) error {
	_, err := s.db.ExecContext(ctx, `
		WITH moment AS MATERIALIZED (
			SELECT osbu_now() AS now, (date_trunc('day', osbu_now() AT TIME ZONE ?1) + make_interval(hours => ?0))
				AT TIME ZONE ?1 AS morning
		), due AS (
			SELECT m.account, m.comments_told, m.confirmed AND 'comments' <> ALL (m.muted) AS wanted, moment.now
			FROM mailbox m, moment
			WHERE moment.now >= moment.morning AND m.comments_told < moment.morning - make_interval(secs => ?2)
				AND EXISTS (SELECT FROM author a JOIN comment c ON c.proposal = a.proposal WHERE a.account = m.account
					AND c.author <> m.account AND c.at > m.comments_told AND c.at <= moment.morning - make_interval(secs => ?2))
			FOR UPDATE OF m SKIP LOCKED
		), told AS (
			UPDATE mailbox m SET comments_told = due.now - make_interval(secs => ?2) FROM due WHERE m.account = due.account
			RETURNING m.account, due.comments_told AS since, due.wanted, due.now
		)
		INSERT INTO outbox (account, notification, kind, since, written_at, due)
		SELECT account, 'commented', 'comments', since, now, now FROM told WHERE wanted`,
		hour, zone, settling.Seconds())
	return err
}

// discussedBy are an author's proposals on which others have commented between
// two e-mails, as they can be seen now.
func discussedBy(
	ctx context.Context, q bun.IDB, author int64, since, written time.Time,
) ([]post.Discussed, error) {
	return readAll(ctx, q, func(rows *sql.Rows, d *post.Discussed) error {
		return rows.Scan(&d.Round, &d.Proposal, &d.Title, &d.Comments)
	}, `SELECT p.round, p.id, p.title, count(*) FROM author a JOIN proposal p ON p.id = a.proposal
			JOIN comment c ON c.proposal = p.id
		WHERE a.account = ?0 AND c.author <> ?0 AND c.hidden IS NULL AND p.hidden IS NULL AND c.at > ?1 AND c.at <= ?2
		GROUP BY p.id ORDER BY p.id`, author, since, written.Add(-settling))
}

// waitingFor is what waits for somebody who works for the city, the most urgent
// first; nothing for others.
func waitingFor(ctx context.Context, q bun.IDB, account int64) ([]post.Waiting, error) {
	return readAll(ctx, q, func(rows *sql.Rows, w *post.Waiting) error {
		return rows.Scan(&w.Kind, &w.All, &w.Fresh)
	}, `SELECT w.kind, w.waiting, w.fresh FROM staff s CROSS JOIN LATERAL work_of(s.account,
			CASE WHEN 'official' <> ALL (s.roles) THEN s.areas END, s.divisions, s.told_before, NULL) AS w
		WHERE s.account = ? ORDER BY array_position(?::text[], w.kind)`, account, pgdialect.Array(workKinds))
}

// workKinds are the kinds of work_of in the order in which they are told.
var workKinds = []string{
	"unanswered", "estimate_late", "appealed", "answered", "estimated", "new", "handed_over", "to_estimate",
	"untranslated", "enquiry", "reported",
}

// Emails implements post.Store.
func (s *Store) Emails(ctx context.Context, wanted post.Wanted, limit int) ([]post.Listed, map[post.State]int, error) {
	const all = `FROM (
			SELECT o.*, coalesce(o.round, p.round, e.round, q.round, '') AS in_round, CASE
				WHEN o.settled_at IS NULL AND o.tries = 0 THEN 'waiting'
				WHEN o.settled_at IS NULL THEN 'tried'
				WHEN o.outcome IN ('refused', 'given_up') THEN 'bounced'
				ELSE o.outcome END AS state
			FROM outbox o LEFT JOIN proposal p ON p.id = o.proposal LEFT JOIN event e ON e.id = o.event
				LEFT JOIN enquiry q ON q.email = o.id
		) o WHERE (?0 = '' OR o.in_round = ?0)`
	emails, err := readAll(ctx, s.db, func(rows *sql.Rows, e *post.Listed) error {
		var due, settled *time.Time
		err := rows.Scan(&e.ID, &e.Notification, &e.Kind, &e.State, &e.Round, &e.Proposal, &e.Event, &e.WrittenAt, &due,
			&settled, &e.Tries)
		if due != nil {
			e.DueAt = *due
		}
		if settled != nil {
			e.SettledAt = *settled
		}
		return err
	}, `SELECT o.id, o.notification, o.kind, o.state, o.in_round, coalesce(o.proposal, 0), coalesce(o.event, 0),
			o.written_at, CASE WHEN o.settled_at IS NULL THEN o.due END, o.settled_at, o.tries `+all+`
			AND (?1 = '' OR o.state = ?1) AND (?2 = 0 OR o.id < ?2) ORDER BY o.id DESC LIMIT ?3`,
		wanted.Round, string(wanted.State), wanted.From, limit)
	if err != nil {
		return nil, nil, err
	}
	type count struct {
		state post.State
		n     int
	}
	sums, err := readAll(ctx, s.db, func(rows *sql.Rows, c *count) error { return rows.Scan(&c.state, &c.n) },
		"SELECT o.state, count(*) "+all+" GROUP BY o.state", wanted.Round)
	counts := make(map[post.State]int, len(sums))
	for _, c := range sums {
		counts[c.state] = c.n
	}
	return emails, counts, err
}
