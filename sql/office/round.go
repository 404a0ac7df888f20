package office

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/post"
	"osbu/domain/round"
	"osbu/sql/db"
)

type roundRow struct {
	bun.BaseModel `bun:"table:round,alias:r"`

	ID                 string      `bun:"id,pk"`
	Name               domain.Text `bun:"name,type:jsonb"`
	Phase              string      `bun:"phase"`
	ProposingOpens     time.Time   `bun:"proposing_opens"`
	ProposingCloses    time.Time   `bun:"proposing_closes"`
	VettingOpens       time.Time   `bun:"vetting_opens"`
	VettingCloses      time.Time   `bun:"vetting_closes"`
	VotingOpens        time.Time   `bun:"voting_opens"`
	VotingCloses       time.Time   `bun:"voting_closes"`
	Rule               round.Rule  `bun:"rule,type:jsonb"`
	Age                int         `bun:"age"`
	Moment             string      `bun:"moment"`
	Municipalities     []string    `bun:"municipalities,array"`
	ReserveMaintenance bool        `bun:"reserve_maintenance"`
	FinalBallots       bool        `bun:"final_ballots"`
	FourEyes           bool        `bun:"four_eyes"`
	Languages          []string    `bun:"languages,array"`
	OpeningsFrom       int         `bun:"openings_from"`
	Trustees           int         `bun:"trustees"`
	TrusteesNeeded     int         `bun:"trustees_needed"`
	Rehearsal          bool        `bun:"rehearsal"`
	FreezeDecision     string      `bun:"freeze_decision"`
	ConfirmDecision    string      `bun:"confirm_decision"`
	CopiesDestroyed    string      `bun:"copies_destroyed"`
	Source             string      `bun:"source,skipupdate"`

	Version string `bun:"version,scanonly"` // see version
}

type areaRow struct {
	bun.BaseModel `bun:"table:area,alias:a"`

	Round       string      `bun:"round,pk"`
	ID          string      `bun:"id,pk"`
	Position    int         `bun:"position"`
	Name        domain.Text `bun:"name,type:jsonb"`
	Pot         int64       `bun:"pot"`
	Population  int         `bun:"population"`
	Citywide    bool        `bun:"citywide"`
	PostalCodes []string    `bun:"postal_codes,array"`
	Rule        *round.Rule `bun:"rule,type:jsonb"`
}

type paperRow struct {
	bun.BaseModel `bun:"table:paper,alias:p"`

	Round    string      `bun:"round,pk"`
	ID       string      `bun:"id,pk"`
	Position int         `bun:"position"`
	Name     domain.Text `bun:"name,type:jsonb"`
	Areas    []string    `bun:"areas,array"`
	Form     string      `bun:"form"`
	Min      int         `bun:"min"`
	Max      int         `bun:"max"`
	Blank    bool        `bun:"blank"`

	Points     int  `bun:"points"`
	PointsEach int  `bun:"points_each"`
	PointsAll  bool `bun:"points_all"`
}

type themeRow struct {
	bun.BaseModel `bun:"table:theme,alias:t"`

	Round    string      `bun:"round,pk"`
	ID       string      `bun:"id,pk"`
	Position int         `bun:"position"`
	Name     domain.Text `bun:"name,type:jsonb"`
}

type askedRow struct {
	bun.BaseModel `bun:"table:asked_step,alias:s"`

	Round   string    `bun:"round,pk"`
	Step    string    `bun:"step"`
	By      int64     `bun:"by"`
	ByName  string    `bun:"by_name"`
	At      time.Time `bun:"at"`
	Request []byte    `bun:"request"`
	Begun   bool      `bun:"begun"`
}

// roundByID is one round, or NotFound.
func roundByID(ctx context.Context, q bun.IDB, id string) (round.Round, error) {
	return oneRound(ctx, q, id, false)
}

func oneRound(ctx context.Context, q bun.IDB, id string, lock bool) (round.Round, error) {
	rounds, _, err := readRounds(ctx, q, id, lock)
	if err != nil {
		return round.Round{}, err
	}
	if len(rounds) == 0 {
		return round.Round{}, round.Unknown(id)
	}
	return rounds[0], nil
}

// readRounds reads one round, or all for an empty ID, and their versions, in
// five queries whatever their number.
func readRounds(ctx context.Context, q bun.IDB, id string, lock bool) ([]round.Round, []string, error) {
	var rows []roundRow
	var areas []areaRow
	var papers []paperRow
	var themes []themeRow
	var asked []askedRow
	query := q.NewSelect().Model(&rows).ColumnExpr("?TableColumns").ColumnExpr(version).OrderExpr("created_at DESC, id")
	if id != "" {
		query = query.Where("id = ?", id)
	}
	if lock {
		query = query.For("UPDATE")
	}
	if err := query.Scan(ctx); err != nil {
		return nil, nil, err
	}
	for _, model := range []any{&areas, &papers, &themes} {
		query := q.NewSelect().Model(model).OrderExpr("round, position")
		if id != "" {
			query = query.Where("round = ?", id)
		}
		if err := query.Scan(ctx); err != nil {
			return nil, nil, err
		}
	}
	questions := q.NewSelect().Model(&asked)
	if id != "" {
		questions = questions.Where("round = ?", id)
	}
	if err := questions.Scan(ctx); err != nil {
		return nil, nil, err
	}
	rounds, versions := make([]round.Round, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		rounds[i], versions[i] = row.round(), row.Version
		for _, a := range asked {
			if a.Round == row.ID {
				rounds[i].Asked = &round.Asked{
					Step: round.Step(a.Step), By: a.By, Name: a.ByName, At: a.At, Request: a.Request,
					Begun: a.Begun,
				}
			}
		}
		s := &rounds[i].Settings
		for _, a := range areas {
			if a.Round == row.ID {
				s.Areas = append(s.Areas, round.Area{
					ID: a.ID, Name: a.Name, Pot: domain.Cents(a.Pot), Population: a.Population,
					Citywide: a.Citywide, PostalCodes: a.PostalCodes, Rule: a.Rule,
				})
			}
		}
		for _, p := range papers {
			if p.Round == row.ID {
				s.Papers = append(s.Papers, round.Paper{
					ID: p.ID, Name: p.Name, Areas: p.Areas,
					Form: ballot.Form{
						Kind: p.Form, Min: p.Min, Max: p.Max, Blank: p.Blank,
						Points: p.Points, PointsEach: p.PointsEach, PointsAll: p.PointsAll,
					},
				})
			}
		}
		for _, t := range themes {
			if t.Round == row.ID {
				s.Themes = append(s.Themes, round.Theme{ID: t.ID, Name: t.Name})
			}
		}
	}
	return rounds, versions, nil
}

func (row roundRow) round() round.Round {
	return round.Round{
		ID: row.ID, Name: row.Name, Phase: round.Phase(row.Phase),
		Times: round.Times{
			Proposing: round.Window{Opens: row.ProposingOpens, Closes: row.ProposingCloses},
			Vetting:   round.Window{Opens: row.VettingOpens, Closes: row.VettingCloses},
			Voting:    round.Window{Opens: row.VotingOpens, Closes: row.VotingCloses},
		},
		Settings: round.Settings{
			Rule: row.Rule,
			Eligibility: round.Eligibility{
				Age:            row.Age,
				Moment:         round.Moment(row.Moment),
				Municipalities: row.Municipalities,
			},
			ReserveMaintenance: row.ReserveMaintenance, FinalBallots: row.FinalBallots, OpeningsFrom: row.OpeningsFrom,
			Sealing:  round.Sealing{Trustees: row.Trustees, Needed: row.TrusteesNeeded},
			FourEyes: row.FourEyes, Languages: languagesOf(row.Languages),
		},
		Rehearsal: row.Rehearsal, FreezeDecision: row.FreezeDecision, ConfirmDecision: row.ConfirmDecision,
		CopiesDestroyed: row.CopiesDestroyed, Source: round.Source(row.Source),
	}
}

func rowOf(r round.Round) roundRow {
	t, s := r.Times, r.Settings
	return roundRow{
		ID: r.ID, Name: r.Name, Phase: string(r.Phase),
		ProposingOpens: t.Proposing.Opens, ProposingCloses: t.Proposing.Closes,
		VettingOpens: t.Vetting.Opens, VettingCloses: t.Vetting.Closes,
		VotingOpens: t.Voting.Opens, VotingCloses: t.Voting.Closes,
		Rule: s.Rule, Age: s.Eligibility.Age, Moment: string(s.Eligibility.Moment),
		Municipalities:     present(s.Eligibility.Municipalities),
		ReserveMaintenance: s.ReserveMaintenance, FinalBallots: s.FinalBallots, OpeningsFrom: s.OpeningsFrom,
		FourEyes: s.FourEyes, Languages: namesOf(s.Languages),
		Trustees: s.Sealing.Trustees, TrusteesNeeded: s.Sealing.Needed,
		Rehearsal: r.Rehearsal, FreezeDecision: r.FreezeDecision, ConfirmDecision: r.ConfirmDecision,
		CopiesDestroyed: r.CopiesDestroyed, Source: string(r.Source),
	}
}

// languagesOf and namesOf say nil by an empty column: all languages.
func languagesOf(names []string) (languages []domain.Language) {
	for _, name := range names {
		languages = append(languages, domain.Language(name))
	}
	return languages
}

func namesOf(languages []domain.Language) []string {
	names := make([]string, len(languages))
	for i, l := range languages {
		names[i] = string(l)
	}
	return names
}

// present is the slice, empty instead of nil: the columns are NOT NULL.
func present(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// CreateRound stores a new round.
func (s *Store) CreateRound(ctx context.Context, r round.Round, by round.Entry) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error { return createRound(ctx, tx, r, by) })
}

func createRound(ctx context.Context, tx bun.Tx, r round.Round, by round.Entry) error {
	row := rowOf(r)
	if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
		return roundRefusals.Explain(err)
	}
	if err := writeParts(ctx, tx, r); err != nil {
		return err
	}
	return audit(ctx, tx, by)
}

// CopyRound implements round.Store.
func (s *Store) CopyRound(
	ctx context.Context,
	from string,
	copied func(round.Round) (round.Round, round.Entry, error),
) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		other, err := lockRound(ctx, tx, from)
		if err != nil {
			return err
		}
		r, entry, err := copied(other)
		if err != nil {
			return err
		}
		if err := createRound(ctx, tx, r, entry); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO desk (round, checklist, templates, divisions)
			SELECT ?, checklist, templates, divisions FROM desk WHERE round = ?`, r.ID, from)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO letter (round, notification, language, subject, body, version)
			SELECT ?, notification, language, subject, body, 1 FROM letter WHERE round = ?`, r.ID, from)
		return err
	})
}

// UpdateRound lets change decide under the round's lock and stores what it made
// of the round; parts only while the ballot is not frozen.
func (s *Store) UpdateRound(
	ctx context.Context,
	id string,
	change func(*round.Round, time.Time) (round.Entry, error),
) (r round.At, err error) {
	err = db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		if r.Round, err = lockRound(ctx, tx, id); err != nil {
			return err
		}
		if r.Now, err = db.Now(ctx, tx); err != nil {
			return err
		}
		frozen := r.Phase.Reached(round.Frozen)
		entry, err := change(&r.Round, r.Now)
		if err != nil {
			return err
		}
		return writeRound(ctx, tx, r.Round, entry, !frozen)
	})
	return r, err
}

// DeleteRound implements round.Store.
func (s *Store) DeleteRound(ctx context.Context, id string, remove func(round.Round) (round.Entry, error)) error {
	return db.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		r, err := lockRound(ctx, tx, id)
		if err != nil {
			return err
		}
		entry, err := remove(r)
		if err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*roundRow)(nil)).Where("id = ?", id).Exec(ctx); err != nil {
			if db.Referred(err) {
				return domain.Fail(domain.Conflict, round.CodeInUse, "a roll, codes, projects or events belong to round %s", id)
			}
			return roundRefusals.Explain(err)
		}
		return audit(ctx, tx, entry)
	})
}

// writeRound stores a changed round with its audit entry; parts tells whether
// areas, papers and themes may have changed too.
func writeRound(ctx context.Context, tx bun.Tx, r round.Round, by round.Entry, parts bool) error {
	if parts {
		if err := writeParts(ctx, tx, r); err != nil {
			return err
		}
	}
	if err := updateRound(ctx, tx, r); err != nil {
		return err
	}
	return audit(ctx, tx, by)
}

// updateRound stores a round without its parts, and the step that it waits for.
func updateRound(ctx context.Context, tx bun.Tx, r round.Round) error {
	row := rowOf(r)
	if _, err := tx.NewUpdate().Model(&row).WherePK().Exec(ctx); err != nil {
		return roundRefusals.Explain(err)
	}
	// After the phase, which the database lets go on only while it is asked for.
	var before []askedRow
	_, err := tx.NewDelete().Model(&before).Where("round = ?", r.ID).Returning("at").Exec(ctx)
	if err != nil || r.Asked == nil {
		return err
	}
	asked := askedRow{
		Round: r.ID, Step: string(r.Asked.Step), By: r.Asked.By, ByName: r.Asked.Name, At: r.Asked.At,
		Request: r.Asked.Request, Begun: r.Asked.Begun,
	}
	if _, err := tx.NewInsert().Model(&asked).Exec(ctx); err != nil {
		return err
	}
	if len(before) > 0 && before[0].At.Equal(asked.At) {
		return nil
	}
	return tellOfficials(ctx, tx, post.SecondStep, r.ID, asked.By)
}

// writeParts makes the tables of areas, papers and themes say what the round's
// settings say.
func writeParts(ctx context.Context, tx bun.Tx, r round.Round) error {
	areas := make([]areaRow, len(r.Settings.Areas))
	for i, a := range r.Settings.Areas {
		areas[i] = areaRow{
			Round: r.ID, ID: a.ID, Position: i, Name: a.Name, Pot: int64(a.Pot), Population: a.Population,
			Citywide: a.Citywide, PostalCodes: present(a.PostalCodes), Rule: a.Rule,
		}
	}
	papers := make([]paperRow, len(r.Settings.Papers))
	for i, p := range r.Settings.Papers {
		papers[i] = paperRow{
			Round: r.ID, ID: p.ID, Position: i, Name: p.Name, Areas: p.Areas,
			Form: p.Form.Kind, Min: p.Form.Min, Max: p.Form.Max, Blank: p.Form.Blank,
			Points: p.Form.Points, PointsEach: p.Form.PointsEach, PointsAll: p.Form.PointsAll,
		}
	}
	themes := make([]themeRow, len(r.Settings.Themes))
	for i, t := range r.Settings.Themes {
		themes[i] = themeRow{Round: r.ID, ID: t.ID, Position: i, Name: t.Name}
	}
	for _, part := range []struct {
		rows    any
		n       int
		ids     []string
		columns []string
	}{
		{
			&areas, len(areas), idsOf(areas, func(a areaRow) string { return a.ID }),
			[]string{"position", "name", "pot", "population", "citywide", "postal_codes", "rule"},
		},
		{
			&papers, len(papers), idsOf(papers, func(p paperRow) string { return p.ID }),
			[]string{"position", "name", "areas", "form", "min", "max", "blank", "points", "points_each", "points_all"},
		},
		{&themes, len(themes), idsOf(themes, func(t themeRow) string { return t.ID }), []string{"position", "name"}},
	} {
		gone := tx.NewDelete().Model(part.rows).Where("round = ?", r.ID)
		if part.n > 0 {
			gone = gone.Where("id NOT IN (?)", bun.List(part.ids))
		}
		if _, err := gone.Exec(ctx); err != nil {
			return roundRefusals.Explain(err)
		}
		if part.n == 0 {
			continue
		}
		insert := tx.NewInsert().Model(part.rows).On("CONFLICT (round, id) DO UPDATE")
		for _, c := range part.columns {
			insert = insert.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := insert.Exec(ctx); err != nil {
			return roundRefusals.Explain(err)
		}
	}
	return nil
}

func idsOf[T any](rows []T, id func(T) string) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = id(r)
	}
	return out
}
