package office

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/assisted"
	"osbu/domain/round"
	"osbu/sql/db"
)

// assistance is what is kept beside a proposal that was entered for somebody.
const assistance = `CASE WHEN p.channel <> 'online' THEN (SELECT jsonb_build_object('by', b.by, 'by_name', b.by_name,
	'consent', coalesce(b.consent, ''),
	'given_on', coalesce(b.given_on::text, ''), 'claimed', b.claimed_by IS NOT NULL) FROM assisted b
	WHERE b.proposal = p.id) END AS assistance`

// assistedColumns are proposal's, and what is kept beside it.
type assistedColumns struct {
	Channel    string            `bun:"channel"`
	Assistance *assistanceColumn `bun:"assistance,scanonly,type:jsonb"`
}

type assistanceColumn struct {
	By      int64  `json:"by"`
	ByName  string `json:"by_name"`
	Consent string `json:"consent"`
	GivenOn string `json:"given_on"`
	Claimed bool   `json:"claimed"`
}

func (c *assistanceColumn) assistance() *proposal.Assistance {
	if c == nil {
		return nil
	}
	on, _ := time.Parse(time.DateOnly, c.GivenOn) // the zero day for none
	return &proposal.Assistance{
		By:      proposal.Person{ID: c.By, Name: c.ByName},
		Consent: proposal.Consent{How: proposal.Manner(c.Consent), On: on},
		Claimed: c.Claimed,
	}
}

type assistedRow struct {
	bun.BaseModel `bun:"table:assisted"`

	Proposal int64     `bun:"proposal,pk"`
	By       int64     `bun:"by,nullzero"`
	ByName   string    `bun:"by_name"`
	Consent  string    `bun:"consent,nullzero"`
	GivenOn  time.Time `bun:"given_on,nullzero,type:date"`
	Code     []byte    `bun:"code"`
	Digest   []byte    `bun:"digest"`
}

// Enter implements assisted.Store: a few statements however many there
// are, and one for each e-mail.
func (s *Store) Enter(
	ctx context.Context,
	roundID string,
	draw func(round.At) ([]assisted.Entry, proposal.Change, error),
) (all []proposal.Proposal, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		entered, c, err := draw(r)
		if err != nil {
			return err
		}
		proposals, rows := make([]proposal.Proposal, len(entered)), make([]assistedRow, len(entered))
		for i, e := range entered {
			proposals[i] = e.Proposal
		}
		if all, err = insertProposals(ctx, tx, c, proposals...); err != nil {
			return err
		}
		for i, e := range entered {
			b := e.Assistance
			rows[i] = assistedRow{
				Proposal: all[i].ID,
				By:       b.By.ID,
				ByName:   b.By.Name,
				Consent:  string(b.Consent.How),
				GivenOn:  b.Consent.On,
				Code:     e.ClaimCode.Code[:],
			}
			if e.Digest != [32]byte{} {
				rows[i].Digest = e.Digest[:]
			}
		}
		if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
			return roundRefusals.Explain(err)
		}
		for i, e := range entered {
			if err := mailCode(ctx, tx, all[i].ID, e.ClaimCode); err != nil {
				return err
			}
		}
		return audit(ctx, tx, *c.Audit)
	})
	return all, err
}

// Amend implements assisted.Store.
func (s *Store) Amend(ctx context.Context, roundID string, id int64,
	change func(round.At, *proposal.Proposal) (proposal.Change, assisted.ClaimCode, error),
) (p proposal.Proposal, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, locked, err := lockProposal(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		p = locked
		c, claim, err := change(r, &p)
		if err != nil {
			return err
		}
		if c.Action == "" {
			if _, err := tx.ExecContext(ctx, "UPDATE assisted SET code = ? WHERE proposal = ?", claim.Code[:], id); err != nil {
				return roundRefusals.Explain(err)
			}
			if err := endCodes(ctx, tx, "b.proposal = ?", id); err != nil {
				return err
			}
			if err := mailCode(ctx, tx, id, claim); err != nil {
				return err
			}
			return audit(ctx, tx, *c.Audit)
		}
		if err := keepAssisted(ctx, tx, p); err != nil {
			return err
		}
		consent := p.Assistance.Consent
		if _, err := tx.ExecContext(ctx, "UPDATE assisted SET consent = nullif(?, ''), given_on = ?::date WHERE proposal = ?",
			string(consent.How), dayOf(consent.On), id); err != nil {
			return roundRefusals.Explain(err)
		}
		return addVersions(ctx, tx, c, p)
	})
	return p, err
}

// Claim implements assisted.Store.
func (s *Store) Claim(ctx context.Context, roundID string, code [32]byte, account int64,
	change func(round.At, *proposal.Proposal, int64) (proposal.Change, error),
) (p proposal.Proposal, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		var id, before int64
		if err := tx.QueryRowContext(ctx, "SELECT b.proposal FROM assisted b JOIN proposal p ON p.id = b.proposal WHERE "+
			"b.code = ? AND p.round = ?", code[:], roundID).Scan(&id); err != nil {
			return roundRefusals.Explain(err)
		}
		r, locked, err := lockProposal(ctx, tx, roundID, id)
		if err != nil {
			return err
		}
		p = locked
		// The code may have been replaced before the proposal was locked.
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(claimed_by, 0) FROM assisted WHERE proposal = ? AND code = ?", id,
			code[:]).Scan(&before); err != nil {
			return roundRefusals.Explain(err)
		}
		c, err := change(r, &p, before)
		if err != nil || c.Action == "" {
			return err
		}
		if err := keepAssisted(ctx, tx, p); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE assisted SET claimed_by = ?, claimed_at = osbu_now() WHERE proposal = ?",
			account, id); err != nil {
			return roundRefusals.Explain(err)
		}
		if err := addVersions(ctx, tx, c, p); err != nil {
			return err
		}
		if err := endCodes(ctx, tx, "b.proposal = ?", id); err != nil {
			return err
		}
		return openMailbox(ctx, tx, account)
	})
	return p, err
}

// mailCode writes the e-mail that sends a code, if there is an address for
// it.
func mailCode(ctx context.Context, tx bun.Tx, id int64, t assisted.ClaimCode) error {
	if t.Address == nil {
		return nil
	}
	// As $ parameters: sealed or not, an address has no place in the text of a
	// statement.
	_, err := tx.Tx.ExecContext(ctx, `
		WITH email AS (
			INSERT INTO outbox (notification, kind, proposal, address, language, secret) SELECT $1, '', p.id, $3, p.language, $4
			FROM proposal p WHERE p.id = $2 RETURNING id
		)
		UPDATE assisted SET email = email.id FROM email WHERE proposal = $2`, string(post.Entered), id, t.Address, t.Secret)
	return roundRefusals.Explain(err)
}

// endCodes ends the e-mails with codes that still wait, of those that a
// condition names, and nobody keeps where they were to go.
func endCodes(ctx context.Context, q bun.IDB, which string, args ...any) error {
	_, err := q.ExecContext(
		ctx,
		`UPDATE outbox o SET settled_at = osbu_now(), outcome = 'unwanted', address = NULL, secret = NULL FROM assisted b
		WHERE o.id = b.email AND o.settled_at IS NULL AND `+which,
		args...)
	return err
}

// ForgetClaimEmails implements assisted.Store.
func (s *Store) ForgetClaimEmails(ctx context.Context, before time.Time) error {
	return endCodes(ctx, s.db, "o.written_at < ?", before)
}

// keepAssisted stores a proposal with its author, or the name of one who has
// not claimed it.
func keepAssisted(ctx context.Context, tx bun.Tx, p proposal.Proposal) error {
	row := rowOfProposal(p)
	if _, err := tx.NewUpdate().Model(&row).ExcludeColumn("round", "author", "author_name", "channel").WherePK().
		Exec(ctx); err != nil {
		return roundRefusals.Explain(err)
	}
	_, err := tx.ExecContext(ctx, "SELECT name_author(?, nullif(?, 0), ?)", p.ID, p.Author.ID, p.Author.Name)
	return roundRefusals.Explain(err)
}

func dayOf(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.Format(time.DateOnly))
}

// ImportedRows implements assisted.Rows.
func (s *Store) ImportedRows(ctx context.Context, digests [][32]byte) (map[[32]byte]int64, error) {
	wanted := make([][]byte, len(digests))
	for i := range digests {
		wanted[i] = digests[i][:]
	}
	type found struct {
		digest   []byte
		proposal int64
	}
	all, err := readAll(ctx, s.db, func(rows *sql.Rows, f *found) error { return rows.Scan(&f.digest, &f.proposal) },
		"SELECT digest, proposal FROM assisted WHERE digest = ANY (?::bytea[])", pgdialect.Array(wanted))
	known := make(map[[32]byte]int64, len(all))
	for _, f := range all {
		known[[32]byte(f.digest)] = f.proposal
	}
	return known, err
}

// veryLike is how much of a title's trigrams another proposal's words must hold
// to be told of (pg_trgm's strict word similarity).
const veryLike = "0.7"

// Alike implements assisted.Rows.
func (s *Store) Alike(ctx context.Context, roundID string, titles []string) (likes map[int]assisted.Like, err error) {
	folded := make([]string, len(titles))
	for i, t := range titles {
		folded[i] = fold(t)
	}
	type found struct {
		i int
		assisted.Like
	}
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SELECT set_config('pg_trgm.strict_word_similarity_threshold', ?, true)",
			veryLike); err != nil {
			return err
		}
		all, err := readAll(
			ctx,
			tx,
			func(rows *sql.Rows, f *found) error { return rows.Scan(&f.i, &f.Proposal, &f.Title) },
			`
			SELECT t.i - 1, l.id, l.title FROM unnest(?::text[]) WITH ORDINALITY AS t (title, i) CROSS JOIN LATERAL (
				SELECT p.id, p.title FROM proposal p
				WHERE p.round = ? AND p.submitted_at IS NOT NULL AND p.state NOT IN ('withdrawn', 'rejected')
				AND char_length(t.title) >= 4 AND t.title <<% p.words
				ORDER BY strict_word_similarity(t.title, p.words) DESC, p.id LIMIT 1) AS l`,
			pgdialect.Array(folded),
			roundID,
		)
		likes = make(map[int]assisted.Like, len(all))
		for _, f := range all {
			likes[f.i] = f.Like
		}
		return err
	})
	return likes, err
}
