package assisted

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// mostRows is how many rows a sheet of paper proposals has.
const mostRows = 2000

var sheetLimits = sheet.Limits{
	Rows:    mostRows,
	Columns: 30,
	Cell:    proposal.MaxText + 1000,
} // a text that is a little too long is reported in its row

// columns are a sheet of paper proposals; the paths are those of the fields
// in Form.
var columns = []sheet.Field{
	{Path: "text.title", Name: domain.Text{Fi: "Otsikko", Sv: "Rubrik", En: "Title"}, Need: true},
	{
		Path: "text.what",
		Name: domain.Text{Fi: "Mitä ehdotetaan", Sv: "Vad föreslås", En: "What is proposed"},
		Need: true,
	},
	{Path: "text.why", Name: domain.Text{Fi: "Miksi", Sv: "Varför", En: "Why"}},
	{Path: "text.area", Name: domain.Text{Fi: "Alue", Sv: "Område", En: "Area"}, Need: true},
	{Path: "text.place", Name: domain.Text{Fi: "Paikka", Sv: "Plats", En: "Place"}},
	{Path: "text.theme", Name: domain.Text{Fi: "Teema", Sv: "Tema", En: "Theme"}},
	{
		Path: "text.language",
		Name: domain.Text{Fi: "Ehdotuksen kieli", Sv: "Förslagets språk", En: "Language of the proposal"},
	},
	{Path: "channel", Name: domain.Text{Fi: "Miten ehdotus tuli", Sv: "Hur förslaget kom", En: "How it came"}},
	{
		Path: "name",
		Name: domain.Text{
			Fi: "Ehdottajan nimi, jos sen saa näyttää",
			Sv: "Förslagsställarens namn, om det får visas",
			En: "Author’s name, if it may be shown",
		},
	},
	{
		Path: "consent",
		Name: domain.Text{Fi: "Miten suostumus annettiin", Sv: "Hur samtycket gavs", En: "How consent was given"},
		Need: true,
	},
	{
		Path: "given_on",
		Name: domain.Text{Fi: "Suostumuksen päivä", Sv: "Samtyckets dag", En: "Day of consent"},
		Need: true,
	},
	{
		Path: "address",
		Name: domain.Text{
			Fi: "Sähköposti, johon koodi lähetetään",
			Sv: "E-postadress dit koden skickas",
			En: "E-mail to which the code is sent",
		},
	},
}

var (
	channelChoices = []sheet.Option{
		{ID: string(proposal.Paper), Name: domain.Text{Fi: "paperilla", Sv: "på papper", En: "on paper"}},
		{ID: string(proposal.Phone), Name: domain.Text{Fi: "puhelimessa", Sv: "per telefon", En: "by phone"}},
		{ID: string(proposal.Workshop), Name: domain.Text{Fi: "työpajassa", Sv: "på en workshop", En: "at a workshop"}},
	}
	consentChoices = []sheet.Option{
		{ID: string(proposal.Written), Name: domain.Text{Fi: "kirjallisesti", Sv: "skriftligt", En: "in writing"}},
		{ID: string(proposal.Spoken), Name: domain.Text{Fi: "suullisesti", Sv: "muntligt", En: "orally"}},
	}
	languageChoices = []sheet.Option{
		{ID: string(domain.Finnish), Name: domain.Finnish.Name()},
		{ID: string(domain.Swedish), Name: domain.Swedish.Name()},
		{ID: string(domain.English), Name: domain.English.Name()},
	}
)

// otherAreas are choices that are not the actor's: areas of other districts.
const otherAreas = "other areas"

// choices of the columns that have any. Areas are those of the actor's
// districts.
func choices(r round.Round, actor domain.Actor) map[string][]sheet.Option {
	c := map[string][]sheet.Option{
		"channel":       channelChoices,
		"consent":       consentChoices,
		"text.language": languageChoices,
	}
	for _, a := range r.Settings.Areas {
		path := "text.area"
		if !actor.Facilitates(a.ID) {
			path = otherAreas
		}
		c[path] = append(c[path], sheet.Option{ID: a.ID, Name: a.Name})
	}
	for _, t := range r.Settings.Themes {
		c["text.theme"] = append(c["text.theme"], sheet.Option{ID: t.ID, Name: t.Name})
	}
	return c
}

// Template is an empty sheet for paper proposals, with what may be chosen
// beside it.
func (s *Service) Template(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	format sheet.Format,
	language domain.Language,
) ([]byte, error) {
	if err := actor.Need(domain.Facilitator); err != nil {
		return nil, err
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	t := sheet.Table{Name: domain.Text{Fi: "Ehdotukset", Sv: "Förslag", En: "Proposals"}.In(language)}
	beside := sheet.Table{Name: domain.Text{Fi: "Vaihtoehdot", Sv: "Alternativ", En: "Choices"}.In(language)}
	all := choices(r.Round, actor)
	for _, c := range columns {
		head := c.Name.In(language)
		if c.Need {
			head += sheet.Star
		}
		if slices.Contains([]string{"text.title", "text.what", "text.why"}, c.Path) {
			t.Long = append(t.Long, len(t.Head))
		}
		t.Head = append(t.Head, head)
		if len(all[c.Path]) == 0 {
			continue
		}
		for i, one := range all[c.Path] {
			if i == len(beside.Rows) {
				beside.Rows = append(beside.Rows, sheet.Row{})
			}
			row := &beside.Rows[i].Cells
			for len(*row) < len(beside.Head) {
				*row = append(*row, "")
			}
			*row = append(*row, one.Name.In(language))
		}
		beside.Head = append(beside.Head, c.Name.In(language))
	}
	var file bytes.Buffer
	err = sheet.Write(&file, format, t, beside)
	return file.Bytes(), err
}

// RowStatus is what becomes of a row of paper proposals.
type RowStatus string

// The statuses.
const (
	Made   RowStatus = "made"   // or would be
	Known  RowStatus = "known"  // was imported before, as Proposal
	Faulty RowStatus = "faulty" // see Faults
)

// RowReport tells of one row.
type RowReport struct {
	Line     int
	Title    string
	Area     string // as they were understood, with the next two
	Theme    string
	Consent  proposal.Consent
	Status   RowStatus
	Proposal int64           // made or known
	Code     string          // of a proposal that was made: exists here alone
	Name     string          // its author's
	Language domain.Language // of a proposal that was or would be made
	Like     *Like
	Faults   []sheet.Fault
}

// Like is a public proposal that says nearly the same.
type Like struct {
	Proposal int64
	Title    string
}

// ImportReport tells of all rows, and whether proposals were made; of the
// columns that were left alone, by their headings; and how a text file was
// written.
type ImportReport struct {
	Rows     []RowReport
	Done     bool
	Ignored  []string
	Encoding sheet.Encoding
}

// Confirm is how far an import goes.
type Confirm int

// Try makes nothing, All all rows or none, Right the rows that are not faulty.
const (
	Try Confirm = iota
	All
	Right
)

// ready is a row that can be kept.
type ready struct {
	report *RowReport
	form   Form
	digest [32]byte
	// Where the code goes is no part of the digest: the row is the same with
	// another address.
	address string
	code    ClaimCode
}

// Import reads a sheet of proposals that came on paper or otherwise, in
// districts of the actor, and reports row by row what would be made. All makes
// them all, submitted, or none if a row is faulty; Right leaves faulty rows
// out. A row that was imported before is left out, too, so that the same file,
// with its faults mended, doubles nothing.
func (s *Service) Import(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	file []byte,
	confirm Confirm,
) (ImportReport, error) {
	if err := actor.Need(domain.Facilitator); err != nil {
		return ImportReport{}, err
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return ImportReport{}, err
	}
	if err := mayEnter(actor, r, ""); err != nil {
		return ImportReport{}, err
	}
	table, err := sheet.Read(file, sheetLimits, columns...)
	if err != nil {
		return ImportReport{}, err
	}
	report := ImportReport{
		Rows:     make([]RowReport, len(table.Rows)),
		Ignored:  table.Ignored,
		Encoding: table.Encoding,
	}
	rows := s.readRows(actor, r, table, &report)
	if err := s.recognise(ctx, r.Round, rows); err != nil {
		return ImportReport{}, err
	}
	faulty := slices.ContainsFunc(report.Rows, func(row RowReport) bool { return row.Status == Faulty })
	if confirm == Try || faulty && confirm == All {
		return report, nil
	}
	return report, s.makeAll(ctx, actor, roundID, &report, rows)
}

// readRows checks every cell, so that one look at the report mends the whole
// sheet.
func (s *Service) readRows(
	actor domain.Actor,
	r round.At,
	t sheet.Table,
	report *ImportReport,
) []*ready {
	all, seen := choices(r.Round, actor), map[[32]byte]int{}
	var rows []*ready
	for i, row := range t.Rows {
		one := &report.Rows[i]
		one.Line = row.Line
		var problems domain.Problems
		form := readForm(t, row, all, &problems)
		form = form.clean(r, true, s.c.Access, &problems)
		one.Title, one.Name = form.Text.Title, form.Name
		one.Area, one.Theme, one.Consent = form.Text.Area, form.Text.Theme, form.Consent
		var address string
		if cell := t.Cell(row, "address"); strings.TrimSpace(cell) != "" {
			address = post.CheckAddress(&problems, cell)
		}
		digest := digestOf(r.ID, form)
		if first, twice := seen[digest]; twice {
			problems.Add("text.title", "duplicate", strconv.Itoa(first))
		}
		seen[digest] = row.Line
		if len(problems) == 0 {
			one.Status, one.Language = Made, form.Text.Language
			rows = append(rows, &ready{report: one, form: form, digest: digest, address: address})
			continue
		}
		one.Status, one.Faults = Faulty, t.Faults(row, problems, all)
	}
	return rows
}

// readForm reads a row. A cell that names nothing to be chosen is noted here,
// because what is kept would say too little of it.
func readForm(
	t sheet.Table,
	row sheet.Row,
	all map[string][]sheet.Option,
	problems *domain.Problems,
) Form {
	cell := func(path string) string { return t.Cell(row, path) }
	chosen := func(path string) string { return sheet.Choose(problems, path, all[path], cell(path)) }
	if another := (domain.Problems{}); sheet.Choose(&another, "", all[otherAreas], cell("text.area")) != "" {
		problems.Add("text.area", "not_allowed", "") // comes before what chosen notes
	}
	form := Form{
		Text: proposal.Text{
			Title: cell("text.title"), What: cell("text.what"), Why: cell("text.why"), Place: cell("text.place"),
			Area: chosen("text.area"), Theme: chosen("text.theme"), Language: domain.Language(chosen("text.language")),
		},
		Channel: cmp.Or(proposal.Channel(chosen("channel")), proposal.Paper), Name: cell("name"),
		Consent: proposal.Consent{How: proposal.Manner(chosen("consent"))},
	}
	if given := cell("given_on"); strings.TrimSpace(given) != "" {
		var ok bool
		if form.Consent.On, ok = t.Day(given); !ok {
			problems.Add("given_on", "bad_format", "31.12.2026")
		}
	}
	return form
}

// digestOf tells a row by all that is kept of it.
func digestOf(roundID string, t Form) [32]byte {
	text, err := json.Marshal(struct {
		Version, Round string
		Told           Form
	}{"osbu/assisted/v1", roundID, t})
	if err != nil {
		panic(err) // plain fields
	}
	return sha256.Sum256(text)
}

// recognise tells of rows that were imported before, and of proposals that say
// nearly the same: two queries however many rows.
func (s *Service) recognise(ctx context.Context, r round.Round, rows []*ready) error {
	digests, titles := make([][32]byte, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		digests[i], titles[i] = row.digest, row.form.Text.Title
	}
	if len(rows) == 0 {
		return nil
	}
	known, err := s.c.Rows.ImportedRows(ctx, digests)
	if err != nil {
		return err
	}
	likes, err := s.c.Rows.Alike(ctx, r.ID, titles)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if id, before := known[row.digest]; before {
			row.report.Status, row.report.Proposal = Known, id
		} else if like, there := likes[i]; there {
			row.report.Like = &like
		}
	}
	return nil
}

// makeAll keeps the rows that are not known yet.
func (s *Service) makeAll(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	report *ImportReport,
	rows []*ready,
) error {
	rows = slices.DeleteFunc(rows, func(row *ready) bool { return row.report.Status != Made })
	if len(rows) == 0 {
		report.Done = true
		return nil
	}
	colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
	if err != nil {
		return err
	}
	codes := make([]string, len(rows))
	var problems domain.Problems // none: the addresses were checked with the rows
	for i, row := range rows {
		if codes[i], row.code, err = s.drawCode(&problems, roundID, row.address); err != nil {
			return err
		}
	}
	made, err := s.c.Store.Enter(ctx, roundID, func(r round.At) ([]Entry, proposal.Change, error) {
		all := make([]Entry, len(rows))
		waiting := slices.Clone(colleagues)
		for i, row := range rows {
			if err := mayEnter(actor, r, row.form.Text.Area); err != nil {
				return nil, proposal.Change{}, err
			}
			p := row.form.proposal(r, actor, true)
			p.Facilitator = proposal.Route(p, waiting)
			if j := slices.IndexFunc(
				waiting,
				func(c proposal.Colleague) bool { return c.ID == p.Facilitator.ID },
			); j >= 0 {
				waiting[j].Waiting++
			}
			all[i] = Entry{p, row.code, row.digest}
		}
		return all, proposal.Change{
			By:     proposal.PersonOf(actor),
			Action: proposal.ToSubmit,
			Audit: round.NewEntry(
				r.Round,
				actor,
				proposal.ToImport,
				string(proposal.Paper),
				map[string]int64{"proposals": int64(len(all))},
			),
		}, nil
	})
	if err != nil {
		return fmt.Errorf("import %d rows: %w", len(rows), err)
	}
	for i, row := range rows {
		row.report.Proposal, row.report.Code = made[i].ID, codes[i]
	}
	report.Done = true
	return nil
}
