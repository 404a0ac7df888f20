package office

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/merge"
	"osbu/domain/round"
	"osbu/sql/db"
)

type mergeRow struct {
	bun.BaseModel `bun:"table:merge,alias:g"`

	ID        int64        `bun:"id,pk,autoincrement"`
	Round     string       `bun:"round"`
	Kind      string       `bun:"kind"`
	Stage     string       `bun:"stage"`
	Message   string       `bun:"message"`
	By        int64        `bun:"by,nullzero"`
	ByName    string       `bun:"by_name"`
	AskedAt   time.Time    `bun:"asked_at"`
	AnswerBy  time.Time    `bun:"answer_by"`
	SettledAt time.Time    `bun:"settled_at,nullzero"`
	Decided   string       `bun:"decided"`
	Undone    *domain.Text `bun:"undone,type:jsonb"`
}

type mergeMemberRow struct {
	bun.BaseModel `bun:"table:merge_member,alias:m"`

	Merge      int64  `bun:"merge,pk"`
	Round      string `bun:"round"`
	Proposal   int64  `bun:"proposal,pk"`
	Membership string `bun:"membership"`
	Before     string `bun:"before,nullzero"`

	Title    string `bun:"title,scanonly"`
	Area     string `bun:"area,scanonly"`
	Language string `bun:"language,scanonly"`
	State    string `bun:"state,scanonly"`
}

type mergePartRow struct {
	bun.BaseModel `bun:"table:merge_part,alias:t"`

	Merge    int64     `bun:"merge,pk"`
	Round    string    `bun:"round"`
	Number   int       `bun:"number,pk"`
	Proposal int64     `bun:"proposal,nullzero"`
	Made     bool      `bun:"made"`
	Swedish  *wordsRow `bun:"swedish,type:jsonb"`

	textColumns
}

type mergeConsentRow struct {
	bun.BaseModel `bun:"table:merge_consent,alias:k"`

	Merge    int64     `bun:"merge,pk"`
	Round    string    `bun:"round"`
	Proposal int64     `bun:"proposal,pk"`
	Account  int64     `bun:"account,pk"`
	Name     string    `bun:"name"`
	Answer   string    `bun:"answer,nullzero"`
	Message  string    `bun:"message"`
	Basis    string    `bun:"basis,nullzero"`
	At       time.Time `bun:"at,nullzero"`
}

// AddMerge implements merge.Store.
func (s *Store) AddMerge(ctx context.Context, roundID string, ids []int64,
	plan func(round.At, []merge.Candidate) (merge.Merge, merge.Change, error),
) (m merge.Merge, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		found, err := candidates(ctx, tx, roundID, ids, 0)
		if err != nil {
			return err
		}
		var c merge.Change
		if m, c, err = plan(r, found); err != nil {
			return err
		}
		if err := insertMerge(ctx, tx, &m); err != nil {
			return roundRefusals.Explain(err)
		}
		if err := writeMergeChange(ctx, tx, c, found); err != nil {
			return err
		}
		return audit(ctx, tx, *c.Audit)
	})
	return m, err
}

// ChangeMerge implements merge.Store.
func (s *Store) ChangeMerge(ctx context.Context, roundID string, id int64,
	change func(round.At, *merge.Merge, map[int64]*merge.Candidate) (merge.Change, error),
) (m merge.Merge, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := holdRound(ctx, tx, roundID)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "SELECT FROM merge WHERE id = ? AND round = ? FOR NO KEY UPDATE", id,
			roundID); err != nil {
			return err
		}
		merges, err := readMerges(ctx, tx, "g.id = ? AND g.round = ?", id, roundID)
		if err != nil {
			return err
		}
		if len(merges) == 0 {
			return domain.Fail(domain.NotFound, domain.CodeNotFound, "no merge %d in %s", id, roundID)
		}
		m = merges[0]
		var ids []int64
		for _, member := range m.Members {
			ids = append(ids, member.Proposal)
		}
		for _, part := range m.Parts {
			if part.Made && part.Proposal != 0 {
				ids = append(ids, part.Proposal)
			}
		}
		found, err := candidates(ctx, tx, roundID, ids, id)
		if err != nil {
			return err
		}
		held := make(map[int64]*merge.Candidate, len(found))
		for i := range found {
			held[found[i].ID] = &found[i]
		}
		c, err := change(r, &m, held)
		if err != nil {
			return err
		}
		if len(c.Made) > 0 {
			made, err := insertProposals(ctx, tx, c.Making, c.Made...)
			if err != nil {
				return err
			}
			for i := range made {
				m.Parts[i].Proposal = made[i].ID
			}
		}
		// E-mails come before the merge itself is changed: of an undoing those
		// hear who followed an original of what is undone.
		if err := writeMergeChange(ctx, tx, c, found); err != nil {
			return err
		}
		if err := updateMerge(ctx, tx, m); err != nil || c.Audit == nil {
			return roundRefusals.Explain(err)
		}
		return audit(ctx, tx, *c.Audit)
	})
	return m, err
}

// candidates are proposals under their locks, which are taken in the order of
// their IDs, and whether another merge than this one waits for them.
func candidates(
	ctx context.Context,
	tx bun.Tx,
	roundID string,
	ids []int64,
	except int64,
) ([]merge.Candidate, error) {
	var rows []proposalRow
	err := selectProposals(tx, &rows).Where("p.round = ? AND p.id IN (?)", roundID, bun.List(ids)).
		OrderExpr("p.id").For("NO KEY UPDATE OF p").Scan(ctx)
	if err != nil {
		return nil, err
	}
	if len(rows) != len(ids) {
		return nil, domain.Fail(domain.NotFound, domain.CodeNotFound, "not all of these proposals are in %s", roundID)
	}
	// Asked after the locks, so that what others did meanwhile is seen.
	busy, err := readAll(
		ctx,
		tx,
		func(rows *sql.Rows, id *int64) error { return rows.Scan(id) },
		"SELECT proposal FROM merge_member WHERE membership = 'waiting' AND merge <> ? AND proposal IN (?)",
		except,
		bun.List(ids),
	)
	if err != nil {
		return nil, err
	}
	found := make([]merge.Candidate, len(rows))
	for i, row := range rows {
		found[i] = merge.Candidate{Proposal: row.proposal(), Busy: slices.Contains(busy, row.ID)}
	}
	return found, nil
}

func insertMerge(ctx context.Context, tx bun.Tx, m *merge.Merge) error {
	row := mergeRow{
		Round:    m.Round,
		Kind:     string(m.Kind),
		Stage:    string(m.Stage),
		Message:  m.Message,
		By:       m.By.ID,
		ByName:   m.By.Name,
		AskedAt:  m.AskedAt,
		AnswerBy: m.AnswerBy,
	}
	if _, err := tx.NewInsert().Model(&row).Returning("id").Exec(ctx); err != nil {
		return err
	}
	m.ID = row.ID
	var members []mergeMemberRow
	var consents []mergeConsentRow
	for _, member := range m.Members {
		members = append(
			members,
			mergeMemberRow{Merge: m.ID, Round: m.Round, Proposal: member.Proposal, Membership: string(member.Membership)},
		)
		for _, c := range member.Consents {
			consents = append(consents, mergeConsentRow{
				Merge: m.ID, Round: m.Round, Proposal: member.Proposal, Account: c.Author.ID, Name: c.Author.Name,
				Answer: string(c.Answer), Message: c.Message, Basis: string(c.Basis), At: c.At,
			})
		}
	}
	parts := make([]mergePartRow, len(m.Parts))
	for i, part := range m.Parts {
		parts[i] = mergePartRow{
			Merge: m.ID, Round: m.Round, Number: i + 1, Proposal: part.Proposal, Made: part.Made,
			Swedish: rowOfWords(part.Swedish), textColumns: columnsOf(part.Text),
		}
	}
	for _, rows := range []any{&members, &parts, &consents} {
		if _, err := tx.NewInsert().Model(rows).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// updateMerge stores how far a merge has come, a statement for each of its
// tables. Parts come first, for what is done must be whole.
func updateMerge(ctx context.Context, tx bun.Tx, m merge.Merge) error {
	var members, parts, numbers, of, accounts []int64
	var memberships, befores, answers, messages, bases []string
	for i, part := range m.Parts {
		if part.Proposal != 0 {
			numbers, parts = append(numbers, int64(i+1)), append(parts, part.Proposal)
		}
	}
	for _, member := range m.Members {
		members, memberships, befores = append(
			members,
			member.Proposal,
		), append(
			memberships,
			string(member.Membership),
		), append(
			befores,
			string(member.Before),
		)
		for _, c := range member.Consents {
			of, accounts, answers = append(
				of,
				member.Proposal,
			), append(
				accounts,
				c.Author.ID,
			), append(
				answers,
				string(c.Answer),
			)
			messages, bases = append(messages, c.Message), append(bases, string(c.Basis))
		}
	}
	for _, update := range []struct {
		query string
		args  []any
	}{
		{`UPDATE merge_part SET proposal = n.proposal FROM unnest(?::bigint[], ?::bigint[]) AS n (number, proposal)
			WHERE merge = ? AND merge_part.number = n.number
			AND merge_part.proposal IS NULL`, []any{pgdialect.Array(numbers), pgdialect.Array(parts), m.ID}},
		{
			`UPDATE merge_consent k SET answer = n.answer, message = n.message, basis = n.basis, at = osbu_now()
			FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[]) AS n (proposal, account, answer, message,
			basis)
			WHERE k.merge = ? AND k.proposal = n.proposal AND k.account = n.account AND k.answer IS NULL AND n.answer <> ''`,
			[]any{
				pgdialect.Array(of), pgdialect.Array(accounts), pgdialect.Array(answers), pgdialect.Array(messages),
				pgdialect.Array(bases), m.ID,
			},
		},
		{`UPDATE merge_member m SET membership = n.membership, before = nullif(n.before, '')
			FROM unnest(?::bigint[], ?::text[], ?::text[]) AS n (proposal, membership, before)
			WHERE m.merge = ? AND m.proposal = n.proposal AND m.membership <>
			n.membership`, []any{pgdialect.Array(members), pgdialect.Array(memberships), pgdialect.Array(befores), m.ID}},
	} {
		if _, err := tx.ExecContext(ctx, update.query, update.args...); err != nil {
			return err
		}
	}
	row := mergeRow{ID: m.ID, Stage: string(m.Stage), SettledAt: m.SettledAt, Decided: m.Decided}
	if m.Undone != (domain.Text{}) {
		row.Undone = &m.Undone
	}
	_, err := tx.NewUpdate().Model(&row).Column("stage", "settled_at", "decided", "undone").WherePK().Exec(ctx)
	return err
}

// writeMergeChange stores what became of the candidates, with versions and
// e-mails; of those that went alike in one go.
func writeMergeChange(ctx context.Context, tx bun.Tx, c merge.Change, found []merge.Candidate) error {
	alike := map[proposal.Change][]proposal.Proposal{}
	var ids, versions []int64
	var states []string
	var now time.Time
	for _, p := range found {
		if change, changed := c.Changes[p.ID]; changed {
			alike[change] = append(alike[change], p.Proposal)
			ids, versions, states, now = append(
				ids,
				p.ID,
			), append(
				versions,
				int64(p.Version),
			), append(
				states,
				string(p.State),
			), p.UpdatedAt
		}
	}
	if len(ids) > 0 {
		if _, err := tx.ExecContext(ctx, `
			UPDATE proposal SET state = n.state, version = n.version, updated_at = ?, answer_by = CASE
			WHEN n.state = 'needs_information' THEN answer_by END
			FROM unnest(?::bigint[], ?::text[], ?::bigint[]) AS n (id, state, version) WHERE proposal.id = n.id`,
			now, pgdialect.Array(ids), pgdialect.Array(states), pgdialect.Array(versions)); err != nil {
			return roundRefusals.Explain(err)
		}
	}
	order := slices.SortedFunc(
		maps.Keys(alike),
		func(a, b proposal.Change) int { return int(alike[a][0].ID - alike[b][0].ID) },
	)
	for _, change := range order {
		if err := addVersions(ctx, tx, change, alike[change]...); err != nil {
			return err
		}
		told := make([]int64, len(alike[change]))
		for i, p := range alike[change] {
			told[i] = p.ID
		}
		if err := tell(ctx, tx, change, told...); err != nil {
			return err
		}
	}
	return nil
}

// Merges implements merge.Store.
func (s *Store) Merges(ctx context.Context, roundID string, id int64) ([]merge.Merge, error) {
	merges, err := readMerges(
		ctx,
		s.db,
		"g.round = ? AND g.id IN (SELECT merge FROM merge_member WHERE proposal = ? UNION ALL SELECT merge FROM "+
			"merge_part WHERE proposal = ?)",
		roundID,
		id,
		id,
	)
	slices.Reverse(merges)
	return merges, err
}

// OpenMerges implements merge.Store.
func (s *Store) OpenMerges(ctx context.Context, roundID string, areas []string) ([]merge.Merge, error) {
	if areas == nil {
		return readMerges(ctx, s.db, "g.round = ? AND g.stage = 'asked'", roundID)
	}
	return readMerges(ctx, s.db, `g.round = ? AND g.stage = 'asked'
		AND NOT EXISTS (SELECT FROM merge_member m JOIN proposal p ON p.id = m.proposal WHERE m.merge = g.id
		AND p.area <> ALL (?))`, roundID, pgdialect.Array(areas))
}

// Links implements merge.Links.
func (s *Store) Links(ctx context.Context, ids []int64) (map[int64]merge.Link, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := readAll(ctx, s.db, scanLink, linkColumns+"WHERE p.id IN (?)", bun.List(ids))
	links := make(map[int64]merge.Link, len(rows))
	for _, l := range rows {
		links[l.Proposal] = l
	}
	return links, err
}

// linkColumns reads a proposal with its authors' names; of a hidden one the
// number stands for the title.
const linkColumns = `SELECT p.id, CASE WHEN p.hidden IS NULL THEN p.title ELSE '#' || p.id END, p.language, p.state,
	coalesce(nullif(ARRAY(SELECT a.name FROM author w
	JOIN account a ON a.id = w.account
	WHERE w.proposal = p.id ORDER BY w.joined_at, w.account), '{}'), array_remove(ARRAY[p.author_name], ''))
	FROM proposal p `

func scanLink(rows *sql.Rows, l *merge.Link) error {
	return rows.Scan(&l.Proposal, &l.Title, &l.Language, &l.State, pgdialect.Array(&l.Authors))
}

// readMerges reads merges by their IDs in four queries, however many.
func readMerges(ctx context.Context, q bun.IDB, where string, args ...any) ([]merge.Merge, error) {
	var rows []mergeRow
	if err := q.NewSelect().Model(&rows).Where(where, args...).OrderExpr("g.id").Scan(ctx); err != nil ||
		len(rows) == 0 {
		return nil, err
	}
	ids := make([]int64, len(rows))
	merges := make([]merge.Merge, len(rows))
	at := make(map[int64]*merge.Merge, len(rows))
	for i, row := range rows {
		ids[i], merges[i], at[row.ID] = row.ID, row.merge(), &merges[i]
	}
	var members []mergeMemberRow
	var parts []mergePartRow
	var consents []mergeConsentRow
	err := q.NewSelect().
		Model(&members).
		ColumnExpr("?TableColumns, p.title, p.area, p.language, p.state").
		Join("JOIN proposal p ON p.id = m.proposal").
		Where("m.merge IN (?)", bun.List(ids)).
		OrderExpr("m.merge, m.proposal").
		Scan(ctx)
	if err != nil {
		return nil, err
	}
	if err := q.NewSelect().Model(&parts).Where("merge IN (?)", bun.List(ids)).OrderExpr("merge, number").
		Scan(ctx); err != nil {
		return nil, err
	}
	if err := q.NewSelect().Model(&consents).Where("merge IN (?)", bun.List(ids)).OrderExpr("merge, proposal, account").
		Scan(ctx); err != nil {
		return nil, err
	}
	for _, row := range members {
		member := merge.Member{
			Proposal: row.Proposal, Area: row.Area, Title: row.Title, Language: domain.Language(row.Language),
			State:      proposal.State(row.State),
			Membership: merge.Membership(row.Membership), Before: proposal.State(row.Before),
		}
		for _, c := range consents {
			if c.Merge == row.Merge && c.Proposal == row.Proposal {
				member.Consents = append(member.Consents, merge.Consent{
					Author: proposal.Person{ID: c.Account, Name: c.Name}, Answer: merge.Answer(c.Answer),
					Message: c.Message, Basis: merge.Basis(c.Basis), At: c.At,
				})
			}
		}
		at[row.Merge].Members = append(at[row.Merge].Members, member)
	}
	for _, row := range parts {
		part := merge.Part{Proposal: row.Proposal, Made: row.Made, Text: row.text()}
		if row.Swedish != nil {
			part.Swedish = proposal.Words(*row.Swedish)
		}
		at[row.Merge].Parts = append(at[row.Merge].Parts, part)
	}
	return merges, nil
}

func (row mergeRow) merge() merge.Merge {
	m := merge.Merge{
		ID: row.ID, Round: row.Round, Kind: merge.Kind(row.Kind), Stage: merge.Stage(row.Stage), Message: row.Message,
		By: proposal.Person{
			ID:   row.By,
			Name: row.ByName,
		}, AskedAt: row.AskedAt, AnswerBy: row.AnswerBy, SettledAt: row.SettledAt, Decided: row.Decided,
	}
	if row.Undone != nil {
		m.Undone = *row.Undone
	}
	return m
}
