package office

import (
	"context"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/proposal"
	"osbu/sql/db"
)

// Proposals implements proposal.Store. Words that are found nowhere are looked
// for once more with typing errors allowed.
func (s *Store) Proposals(ctx context.Context, roundID string, list proposal.List) ([]proposal.Proposal, int, error) {
	if list.ID != 0 {
		found, err := readProposals(ctx, s.db, roundID, list, nil)
		return found, len(found), err
	}
	terms, err := readTerms(ctx, s.db, list.Words)
	if err != nil {
		return nil, 0, err
	}
	total, found, err := searchProposals(ctx, s.db, roundID, list, terms)
	if err != nil || total > 0 || len(terms) == 0 {
		return found, total, err
	}
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if err := allowTypos(ctx, tx, terms); err != nil {
			return err
		}
		total, found, err = searchProposals(ctx, tx, roundID, list, terms)
		return err
	})
	return found, total, err
}

// searchProposals is how many there are, and a page of them.
func searchProposals(
	ctx context.Context,
	q bun.IDB,
	roundID string,
	list proposal.List,
	terms []term,
) (int, []proposal.Proposal, error) {
	if len(terms) > 0 && !list.Ascending && list.Author == 0 && list.Sort == "" {
		return rankProposals(ctx, q, roundID, list, terms)
	}
	total, err := countProposals(ctx, q, roundID, list, terms)
	if err != nil || total == 0 {
		return 0, nil, err
	}
	read := readProposals
	if list.Sort != "" {
		read = sortProposals
	}
	found, err := read(ctx, q, roundID, list, terms)
	return total, found, err
}

// deadline is until when somebody else is waited for: the author of a question,
// or the division that estimates.
const deadline = "least(CASE p.state WHEN 'needs_information' THEN p.answer_by END, " +
	"CASE p.estimation WHEN 'waiting' THEN p.estimate_by END)"

// orders are what lists are sorted by.
var orders = map[proposal.Sort]string{
	proposal.ByAge:      "p.submitted_at",
	proposal.ByNumber:   "p.id",
	proposal.ByTitle:    "lower(p.title)",
	proposal.ByArea:     "(SELECT position FROM area WHERE area.round = p.round AND area.id = p.area)",
	proposal.ByTheme:    "(SELECT position FROM theme WHERE theme.round = p.round AND theme.id = p.theme)",
	proposal.ByState:    "array_position(?::text[], p.state)",
	proposal.ByDeadline: deadline,
	proposal.ByHandler:  "nullif(p.facilitator_name, '')",
	proposal.ByEstimate: "(SELECT maximum FROM estimate AS e WHERE e.proposal = p.id AND e.number = p.estimates)",
	proposal.ByChecks:   "(SELECT count(*) FROM mark WHERE mark.proposal = p.id)",
	// As project's own order of a day, which the vote shows.
	proposal.ByDay: "(SELECT sha256(convert_to(? || '/' || number, 'UTF8')) FROM project " +
		"WHERE project.proposal = p.id)",
	proposal.ByDiscussed: commentCount,
}

// sortProposals is a page in the list's own order. It is found before anything
// else is read of its proposals.
func sortProposals(
	ctx context.Context,
	q bun.IDB,
	roundID string,
	list proposal.List,
	terms []term,
) ([]proposal.Proposal, error) {
	direction := " ASC"
	if list.Descending {
		direction = " DESC"
	}
	order := orders[list.Sort] + direction + " NULLS LAST, p.id"
	var args []any
	switch list.Sort {
	case proposal.ByAge: // what came at one moment came one after the other
		order += direction
	case proposal.ByState:
		args = append(args, pgdialect.Array(proposal.Shown))
	case proposal.ByDay: // what is on no ballot comes after it, the newest first
		order += " DESC"
		args = append(args, list.Day)
	case proposal.ByDiscussed:
		order += " DESC"
	}
	page := matching(q.NewSelect().Model((*proposalRow)(nil)), roundID, list, terms).
		Column("p.id").
		ColumnExpr("row_number() OVER (ORDER BY "+order+") AS place", args...).
		OrderExpr("place").
		Limit(int64(list.Limit)).
		Offset(int64(list.Offset))
	var rows []proposalRow
	err := selectProposals(q, &rows).
		With("page", page).
		Join("JOIN page ON page.id = p.id").
		OrderExpr("page.place").
		Scan(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]proposal.Proposal, len(rows))
	for i, row := range rows {
		found[i] = row.proposal()
	}
	return found, nil
}

// rankProposals is the same, the best first: the title counts most, then the
// words as they were typed. The last ID of the page before stands for its
// score, too. What matches is looked at once, for the page and for the number.
func rankProposals(
	ctx context.Context,
	q bun.IDB,
	roundID string,
	list proposal.List,
	terms []term,
) (int, []proposal.Proposal, error) {
	present, absent := sides(terms)
	query := q.NewSelect().Model((*proposalRow)(nil)).Column("p.id")
	if len(present) > 0 {
		query = query.Column("found.score").
			Join("JOIN ? AS found ON found.proposal = p.id", found(present, len(present)))
	} else {
		query = query.ColumnExpr("0 AS score")
	}
	hits := matching(query, roundID, list, absent)
	page := q.NewSelect().
		TableExpr("hits").
		ColumnExpr("id, score, (SELECT count(*) FROM hits) AS total").
		OrderExpr("score DESC, id DESC").
		Limit(int64(list.Limit))
	if list.From > 0 {
		page = page.Where("(score, id) < (SELECT score, id FROM hits WHERE id = ?)", list.From)
	}
	var rows []proposalRow
	err := selectProposals(
		q,
		&rows,
	).ColumnExpr("page.total").
		With("hits", hits).
		With("page", page).
		Join("JOIN page ON page.id = p.id").
		OrderExpr("page.score DESC, p.id DESC").
		Scan(ctx)
	if err != nil {
		return 0, nil, err
	}
	if len(rows) == 0 && list.From > 0 { // beyond the last page
		total, err := countProposals(ctx, q, roundID, list, terms)
		return total, nil, err
	}
	total, found := 0, make([]proposal.Proposal, len(rows))
	for i, row := range rows {
		total, found[i] = row.Total, row.proposal()
	}
	return total, found, nil
}

func countProposals(ctx context.Context, q bun.IDB, roundID string, list proposal.List, terms []term) (int, error) {
	n, err := matching(q.NewSelect().Model((*proposalRow)(nil)), roundID, list, terms).Count(ctx)
	return int(n), err
}

// readProposals is a page by ID.
func readProposals(
	ctx context.Context,
	q bun.IDB,
	roundID string,
	list proposal.List,
	terms []term,
) ([]proposal.Proposal, error) {
	var rows []proposalRow
	query := matching(selectProposals(q, &rows), roundID, list, terms)
	switch {
	case list.Ascending:
		query = query.Where("p.id > ?", list.From).OrderExpr("p.id")
	case list.From > 0:
		query = query.Where("p.id < ?", list.From).OrderExpr("p.id DESC")
	default:
		query = query.OrderExpr("p.id DESC")
	}
	if err := query.Limit(int64(list.Limit)).Scan(ctx); err != nil {
		return nil, err
	}
	found := make([]proposal.Proposal, len(rows))
	for i, row := range rows {
		found[i] = row.proposal()
	}
	return found, nil
}

// inOneLanguage finds proposals that nobody has translated, neither as they
// were written nor as they stand on the ballot, though the round promises the
// city's other language.
const inOneLanguage = `p.swedish IS NULL AND NOT EXISTS (SELECT FROM project AS listed WHERE listed.proposal = p.id
	AND coalesce(listed.title ->> 'fi', '') <> '' AND coalesce(listed.title ->> 'sv', '') <> '')
	AND (SELECT cardinality(promising.languages) = 0
		OR CASE p.language WHEN 'sv' THEN 'fi' ELSE 'sv' END = ANY (promising.languages)
		FROM round AS promising WHERE promising.id = p.round)`

// matching applies what a list asks for, except where its page begins.
func matching(query *bun.SelectQuery, roundID string, list proposal.List, terms []term) *bun.SelectQuery {
	query = query.Where("p.round = ?", roundID)
	switch {
	case list.ID != 0:
		return query.Where("p.id = ?", list.ID)
	case list.Assisted:
		query = query.Where("p.channel <> 'online' AND p.author IS NULL AND p.state <> 'withdrawn'")
	case list.Author != 0:
		query = query.Where(
			"EXISTS (SELECT FROM author WHERE author.proposal = p.id AND author.account = ?)",
			list.Author,
		)
	case list.Follower != 0:
		query = query.Where(`p.id IN (WITH RECURSIVE followed (id) AS (
			SELECT proposal FROM follow WHERE account = ? UNION SELECT l.target FROM followed JOIN proposal_link l
			ON l.source = followed.id
		) SELECT id FROM followed) AND p.hidden IS NULL`, list.Follower)
	default:
		query = query.Where("p.submitted_at IS NOT NULL")
		if !list.Hidden {
			query = query.Where("p.hidden IS NULL")
		}
	}
	if list.IDs != nil {
		query = query.Where("p.id IN (?)", bun.List(list.IDs))
	}
	if list.Areas != nil {
		query = query.Where("p.area IN (?)", bun.List(list.Areas))
	}
	if list.Theme != "" {
		query = query.Where("p.theme = ?", list.Theme)
	}
	if list.States != nil {
		query = query.Where("p.state IN (?)", bun.List(list.States))
	}
	if list.TakenBy != 0 {
		query = query.Where("p.facilitator = ?", list.TakenBy)
	}
	if list.Free {
		query = query.Where("p.facilitator IS NULL")
	}
	if list.Older > 0 {
		query = query.Where("p.submitted_at <= osbu_now() - make_interval(days => ?)", list.Older)
	}
	if list.Divisions != nil {
		query = query.Where("p.division IN (?)", bun.List(list.Divisions))
	}
	if list.Estimation != "" {
		query = query.Where("p.estimation = ?", string(list.Estimation))
	}
	if list.Untranslated {
		query = query.Where("p.state IN ('in_evaluation', 'accepted', 'on_ballot') AND " + inOneLanguage)
	}
	if list.Answered != nil {
		query = query.Where("(p.question <> '') = ?", *list.Answered)
	}
	switch {
	case list.Late && list.Divisions != nil:
		query = query.Where("p.estimation = 'waiting' AND p.estimate_by <= osbu_now()")
	case list.Late:
		query = query.Where("p.state = 'needs_information' AND p.answer_by <= osbu_now()")
	}
	present, absent := sides(terms)
	if list.Author != 0 { // her drafts, too, whose words are not kept
		for _, t := range present {
			query = query.Where("?", t.holds("plain_of(p.words)"))
		}
		for _, t := range absent {
			query = query.Where("NOT ?", t.holds("plain_of(p.words)"))
		}
		return query
	}
	switch {
	case len(present) > 0 && list.Named:
		query = query.Where(
			"p.id IN (SELECT proposal FROM ? AS found UNION ALL SELECT named.id FROM proposal AS named "+
				"WHERE plain_of(named.author_name) ILIKE plain_of(?) OR plain_of(named.author_name) ILIKE plain_of(?))",
			found(present, len(present)), containing(fold(list.Words)), containing(strings.TrimSpace(list.Words)))
	case len(present) > 0:
		query = query.Where("p.id IN (SELECT proposal FROM ? AS found)", found(present, len(present)))
	}
	if len(absent) > 0 {
		query = query.Where("p.id NOT IN (SELECT proposal FROM ? AS found)", found(absent, 1))
	}
	return query
}

// Fingerprint implements proposal.Search.
func (s *Store) Fingerprint(ctx context.Context, roundID string, list proposal.List) (fingerprint string, err error) {
	terms, err := readTerms(ctx, s.db, list.Words)
	if err != nil {
		return "", err
	}
	err = matching(
		s.db.NewSelect().Model((*proposalRow)(nil)),
		roundID,
		list,
		terms,
	).Join("LEFT JOIN project ON project.proposal = p.id").
		ColumnExpr("coalesce(md5(string_agg(p.id || ':' || p.version || ':' || coalesce(project.number, 0), ',' ORDER BY "+
			"p.id)), '')").
		Scan(ctx, &fingerprint)
	return fingerprint, err
}
