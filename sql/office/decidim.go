package office

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/decidim"
	"osbu/domain/delivery"
	"osbu/domain/proposal"
	"osbu/domain/proposal/gallery"
	"osbu/domain/proposal/project"
	"osbu/domain/round"
	"osbu/sql/db"
)

var decidimRefusals = db.Refusals{
	"imported_round_once": domain.Fail(domain.Conflict, round.CodeExists, "this round is being imported already"),
	"round_pkey":          domain.Fail(domain.Conflict, round.CodeExists, "another round has this address"),
}

// Imported implements decidim.Store.
func (s *Store) Imported(ctx context.Context) (map[string]decidim.Known, error) {
	type one struct {
		slug, round string
		digest      []byte
	}
	all, err := readAll(ctx, s.db, func(rows *sql.Rows, o *one) error { return rows.Scan(&o.slug, &o.round, &o.digest) },
		"SELECT source, round, digest FROM imported_round")
	known := make(map[string]decidim.Known, len(all))
	for _, o := range all {
		known[o.slug] = decidim.Known{Round: o.round, Digest: [32]byte(o.digest)}
	}
	return known, err
}

// Redirect implements decidim.Store.
func (s *Store) Redirect(ctx context.Context, old string) (to string, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT new FROM redirect WHERE old = ?", old).Scan(&to)
	return to, roundRefusals.Explain(err)
}

// Import implements decidim.Store. The round is a draft until all that the
// freeze would refuse is there, and then finished; nobody else ever sees the
// draft.
func (s *Store) Import(ctx context.Context, r decidim.Round, entry round.Entry) error {
	err := db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		now, err := db.Now(ctx, tx)
		if err != nil {
			return err
		}
		i := importing{tx: tx, now: now, round: r, redirects: map[string]string{}}
		for _, step := range []func(context.Context) error{
			func(ctx context.Context) error {
				draft := r.Round
				draft.Phase = round.Draft
				return createRound(ctx, tx, draft, entry)
			},
			i.proposals, i.projects, i.merges, i.pictures,
			func(ctx context.Context) error { return updateRound(ctx, tx, r.Round) },
			i.deliveries, i.addresses,
		} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return decidimRefusals.Explain(err)
}

// importing is one round being stored.
type importing struct {
	tx        bun.Tx
	now       time.Time
	round     decidim.Round
	ids       []int64           // of the round's proposals
	behind    []int64           // the proposal that each project stands on
	redirects map[string]string // page below the round's, by old address
}

// atOnce is how many rows go in one statement.
const atOnce = 500

func inserted[T any](ctx context.Context, tx bun.Tx, rows []T) error {
	for part := range slices.Chunk(rows, atOnce) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// add stores proposals with the version that each begins with, and answers with
// their IDs.
func (i *importing) add(ctx context.Context, all []proposal.Proposal, action proposal.Action) ([]int64, error) {
	rows := make([]proposalRow, len(all))
	for n, p := range all {
		p.Round = i.round.ID
		rows[n] = rowOfProposal(p)
	}
	versions := make([]versionRow, len(all))
	ids := make([]int64, len(all))
	for part := range slices.Chunk(rows, atOnce) {
		if _, err := i.tx.NewInsert().Model(&part).Returning("id").Exec(ctx); err != nil {
			return nil, roundRefusals.Explain(err)
		}
	}
	for n, p := range all {
		ids[n] = rows[n].ID
		versions[n] = versionRow{
			Proposal: ids[n], Version: 1, At: p.UpdatedAt, ByName: p.Author.Name, Action: string(action),
			State: string(p.State), Reason: string(p.Reason), Swedish: rowOfWords(p.Swedish), textColumns: columnsOf(p.Text),
		}
		if p.Answer != (domain.Text{}) {
			versions[n].Answer = &all[n].Answer
		}
	}
	return ids, inserted(ctx, i.tx, versions)
}

// proposals stores what people proposed, each to be claimed by its author.
func (i *importing) proposals(ctx context.Context) error {
	all := make([]proposal.Proposal, len(i.round.Proposals))
	for n, p := range i.round.Proposals {
		all[n] = p.Proposal
	}
	var err error
	if i.ids, err = i.add(ctx, all, proposal.ToSubmit); err != nil {
		return err
	}
	kept := make([]assistedRow, len(all))
	for n, p := range i.round.Proposals {
		kept[n] = assistedRow{Proposal: i.ids[n]}
		if p.Code != [32]byte{} {
			kept[n].Code = p.Code[:]
		}
		i.redirects[p.Old] = "/proposals/" + strconv.FormatInt(i.ids[n], 10)
	}
	return inserted(ctx, i.tx, kept)
}

// projects stores what was voted on. One that was not made of one proposal
// alone stands on a proposal of the city's.
func (i *importing) projects(ctx context.Context) error {
	i.behind = make([]int64, len(i.round.Projects))
	var own []proposal.Proposal
	var of []int
	for n, p := range i.round.Projects {
		if len(p.Of) == 1 {
			i.behind[n] = i.ids[p.Of[0]]
			continue
		}
		made := project.Project{
			Area: p.Area, Theme: p.Theme, Title: p.Title, Description: p.Text, Place: p.Place,
			Cost: proposal.Cost{Minimum: p.Cost, Maximum: p.Cost},
		}.Imported(p.Published)
		made.State = proposal.NotSelected
		if p.Result != nil {
			made.State = proposal.Selected
		}
		own, of = append(own, made), append(of, n)
	}
	ids, err := i.add(ctx, own, proposal.ToImport)
	if err != nil {
		return err
	}
	for n, id := range ids {
		i.behind[of[n]] = id
	}
	rows := make([]projectRow, len(i.round.Projects))
	for n, p := range i.round.Projects {
		rows[n] = projectRow{
			Round: i.round.ID, Number: p.Number, Proposal: i.behind[n], Area: p.Area, Theme: p.Theme,
			Title: p.Title, Description: p.Text, Place: p.Place, Minimum: int64(p.Cost), Maximum: int64(p.Cost),
			Votes: p.Votes,
		}
		if len(p.Of) > 0 {
			if point := i.round.Proposals[p.Of[0]].Text.Point; point != nil {
				rows[n].Latitude, rows[n].Longitude = &point.Latitude, &point.Longitude
			}
		}
		page := "/proposals/" + strconv.FormatInt(i.behind[n], 10)
		if p.Result != nil {
			page = "/delivery/" + strconv.Itoa(p.Number)
		}
		for _, old := range p.Old {
			i.redirects[old] = page
		}
	}
	return inserted(ctx, i.tx, rows)
}

// merges tells of which proposals a project was made, where there were several.
func (i *importing) merges(ctx context.Context) error {
	for n, p := range i.round.Projects {
		if len(p.Of) < 2 {
			continue
		}
		sources := make([]int64, len(p.Of))
		for m, at := range p.Of {
			sources[m] = i.ids[at]
		}
		var id int64
		if err := i.tx.QueryRowContext(ctx, `
			INSERT INTO merge (round, kind, stage, message, by_name, asked_at, answer_by)
			VALUES (?0, 'merge', 'asked', '', '', ?1, ?1) RETURNING id`, i.round.ID, p.Published).Scan(&id); err != nil {
			return err
		}
		for _, statement := range []string{
			`INSERT INTO merge_member (merge, round, proposal, membership)
				SELECT ?0, ?1, source, 'waiting' FROM unnest(ARRAY[?2]::bigint[]) AS source`,
			`INSERT INTO merge_part (merge, round, number, proposal, made, title, what, why, place, area, theme, language)
				SELECT ?0, ?1, 1, p.id, true, p.title, p.what, p.why, p.place, p.area, p.theme, p.language
				FROM proposal p WHERE p.id = ?3`,
			"UPDATE merge_member SET membership = 'joined', before = 'accepted' WHERE merge = ?0",
			"UPDATE merge SET stage = 'done', settled_at = asked_at WHERE id = ?0",
		} {
			if _, err := i.tx.ExecContext(ctx, statement, id, i.round.ID, bun.List(sources), i.behind[n]); err != nil {
				return err
			}
		}
	}
	return nil
}

// pictures stores those of a project and of its proposals, under the title as
// what they show.
func (i *importing) pictures(ctx context.Context) error {
	add := func(id int64, title string, all []decidim.Picture) error {
		for n, p := range all[:min(len(all), gallery.MostImages)] {
			if _, err := i.tx.ExecContext(ctx,
				"INSERT INTO image (id, proposal, place, alt, width, height) VALUES (?, ?, ?, ?, ?, ?)",
				p.ID, id, n+1, title, p.Width, p.Height); err != nil {
				return err
			}
		}
		return nil
	}
	of := make(map[int64][]decidim.Picture, len(i.round.Projects))
	for n, p := range i.round.Projects {
		of[i.behind[n]] = p.Pictures
		if len(p.Of) != 1 {
			if err := add(i.behind[n], p.Title.In(domain.Finnish), p.Pictures); err != nil {
				return err
			}
		}
	}
	for n, p := range i.round.Proposals {
		if err := add(i.ids[n], p.Text.Title, slices.Concat(of[i.ids[n]], p.Pictures)); err != nil {
			return err
		}
	}
	return nil
}

// deliveries tells how far the city has come.
func (i *importing) deliveries(ctx context.Context) error {
	for n, p := range i.round.Projects {
		if p.Result == nil {
			continue
		}
		d := delivery.Delivery{
			Round: i.round.ID, Proposal: i.behind[n], Version: 1, Report: p.Result.Report(), UpdatedAt: i.now,
		}
		if err := writeDelivery(ctx, i.tx, d, nil, 0, delivery.Change{Action: delivery.ToReport}); err != nil {
			return fmt.Errorf("project %d: %w", p.Number, err)
		}
	}
	return nil
}

// addresses stores where Decidim's lead.
func (i *importing) addresses(ctx context.Context) error {
	if _, err := i.tx.ExecContext(ctx, "INSERT INTO imported_round (round, source, digest) VALUES (?, ?, ?)",
		i.round.ID, i.round.Slug, i.round.Digest[:]); err != nil {
		return err
	}
	for old, page := range i.round.Old {
		i.redirects[old] = page
	}
	type redirectRow struct {
		bun.BaseModel `bun:"table:redirect"`

		Old   string `bun:"old"`
		New   string `bun:"new"`
		Round string `bun:"round"`
	}
	var rows []redirectRow
	for old, page := range i.redirects {
		if old != "" {
			rows = append(rows, redirectRow{Old: old, New: "/rounds/" + i.round.ID + page, Round: i.round.ID})
		}
	}
	slices.SortFunc(rows, func(a, b redirectRow) int { return cmp.Compare(a.Old, b.Old) })
	return inserted(ctx, i.tx, rows)
}

var _ decidim.Store = (*Store)(nil)
