package estimate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// A division's queue goes out as a sheet, is filled in, and comes back: Examine
// tells row by row what that would change, and Estimate does it. A row knows
// its proposal and the number of the estimate that it was made from; a check
// value ties these to the title, so that a part of the columns sorted alone is
// found.

// estimateColumns are a sheet of estimates; the paths are those of the
// contract. A sheet may come back without what only shows what a row is about,
// but for the title, which the check value covers.
var estimateColumns = []sheet.Field{
	{
		Path: "proposal",
		Name: domain.Text{Fi: "Ehdotuksen numero", Sv: "Förslagets nummer", En: "Number of the proposal"},
		Need: true,
	},
	{
		Path: "number",
		Name: domain.Text{Fi: "Arvion versio", Sv: "Bedömningens version", En: "Version of the estimate"},
		Need: true,
	},
	{Path: "check", Name: domain.Text{Fi: "Tarkiste", Sv: "Kontrollvärde", En: "Check value"}, Need: true},
	{Path: "title", Name: domain.Text{Fi: "Otsikko", Sv: "Rubrik", En: "Title"}, Need: true},
	{Path: "what", Name: domain.Text{Fi: "Mitä ehdotetaan", Sv: "Vad föreslås", En: "What is proposed"}},
	{Path: "place", Name: domain.Text{Fi: "Paikka", Sv: "Plats", En: "Place"}},
	{Path: "competence", Name: domain.Text{Fi: "Kenen tehtävä", Sv: "Vems uppgift", En: "Whose task"}, Need: true},
	{
		Path: "forward",
		Name: domain.Text{Fi: "Siirretään toimialalle", Sv: "Överförs till sektorn", En: "Forwarded to the division"},
		Need: true,
	},
	{Path: "feasibility", Name: domain.Text{Fi: "Toteutettavuus", Sv: "Genomförbarhet", En: "Feasibility"}, Need: true},
	{Path: "class", Name: domain.Text{Fi: "Kustannusluokka", Sv: "Kostnadsklass", En: "Class of costs"}, Need: true},
	{
		Path: "cost.minimum",
		Name: domain.Text{Fi: "Vähintään, euroa", Sv: "Minst, euro", En: "At least, euros"},
		Need: true,
	},
	{
		Path: "cost.maximum",
		Name: domain.Text{Fi: "Enintään, euroa", Sv: "Högst, euro", En: "At most, euros"},
		Need: true,
	},
	{
		Path: "cost.maintenance",
		Name: domain.Text{Fi: "Ylläpito vuodessa, euroa", Sv: "Underhåll per år, euro", En: "Maintenance a year, euros"},
		Need: true,
	},
	{
		Path: "reasons.fi",
		Name: domain.Text{Fi: "Perustelu suomeksi", Sv: "Motivering på finska", En: "Reasons in Finnish"},
		Need: true,
	},
	{
		Path: "reasons.sv",
		Name: domain.Text{Fi: "Perustelu ruotsiksi", Sv: "Motivering på svenska", En: "Reasons in Swedish"},
		Need: true,
	},
	{
		Path: "reasons.en",
		Name: domain.Text{Fi: "Perustelu englanniksi", Sv: "Motivering på engelska", En: "Reasons in English"},
		Need: true,
	},
	{
		Path: "note",
		Name: domain.Text{Fi: "Huomautus kollegoille", Sv: "Anmärkning till kolleger", En: "Note for colleagues"},
		Need: true,
	},
	{Path: "published", Name: domain.Text{Fi: "Julkaistaan", Sv: "Publiceras", En: "Published"}, Need: true},
}

var options = map[string][]sheet.Option{
	"competence": {
		{ID: string(proposal.Citys), Name: domain.Text{Fi: "kaupungin", Sv: "stadens", En: "the city’s"}},
		{ID: string(proposal.NotOurs), Name: domain.Text{Fi: "ei kaupungin", Sv: "inte stadens", En: "not the city’s"}},
		{
			ID:   string(proposal.Forward),
			Name: domain.Text{Fi: "toisen toimialan", Sv: "en annan sektors", En: "another division’s"},
		},
	},
	"feasibility": {
		{ID: string(proposal.Feasible), Name: domain.Text{Fi: "toteutettavissa", Sv: "genomförbart", En: "feasible"}},
		{
			ID: string(proposal.WithChanges),
			Name: domain.Text{
				Fi: "toteutettavissa muutettuna",
				Sv: "genomförbart med ändringar",
				En: "feasible with changes",
			},
		},
		{
			ID:   string(proposal.Infeasible),
			Name: domain.Text{Fi: "ei toteutettavissa", Sv: "inte genomförbart", En: "not feasible"},
		},
	},
	"published": {
		{ID: "yes", Name: domain.Text{Fi: "kyllä", Sv: "ja", En: "yes"}},
		{ID: "no", Name: domain.Text{Fi: "ei", Sv: "nej", En: "no"}},
	},
}

// optionsOf adds the round's divisions and the classes.
func optionsOf(d desk.Desk) map[string][]sheet.Option {
	all := map[string][]sheet.Option{}
	for path, some := range options {
		all[path] = some
	}
	for _, one := range d.Divisions {
		all["forward"] = append(all["forward"], sheet.Option{ID: one.ID, Name: one.Name})
	}
	for _, c := range Classes() {
		all["class"] = append(all["class"], sheet.Option{ID: c.ID, Name: domain.Text{Fi: c.ID, Sv: c.ID, En: c.ID}})
	}
	return all
}

var sheetLimits = sheet.Limits{Rows: mostEstimates, Columns: 40, Cell: 2 * maxReasons}

// Sheet is the division's queue for a spreadsheet, the oldest first (its
// experts): at most mostEstimates rows.
func (s *Service) Sheet(
	ctx context.Context,
	actor domain.Actor,
	roundID, division string,
	format sheet.Format,
	language domain.Language,
) ([]byte, error) {
	d, err := s.expertsDesk(ctx, actor, roundID, division)
	if err != nil {
		return nil, err
	}
	found, _, err := s.c.Access.Store.Proposals(
		ctx,
		roundID,
		proposal.List{Divisions: []string{division}, States: proposal.Undecided, Ascending: true, Limit: mostEstimates},
	)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(found))
	for i, p := range found {
		ids[i] = p.ID
	}
	current, err := s.c.Current.Current(ctx, false, ids...)
	if err != nil {
		return nil, err
	}
	all := optionsOf(d)
	t := sheet.Table{
		Name: domain.Text{Fi: "Arviot", Sv: "Bedömningar", En: "Estimates"}.In(language),
		Head: make([]string, len(estimateColumns)),
	}
	beside := sheet.Table{Name: domain.Text{Fi: "Vaihtoehdot", Sv: "Alternativ", En: "Choices"}.In(language)}
	for i, h := range estimateColumns {
		t.Head[i] = h.Name.In(language)
		for j, o := range all[h.Path] {
			if j == 0 {
				beside.Head = append(beside.Head, t.Head[i])
			}
			for len(beside.Rows) <= j {
				beside.Rows = append(beside.Rows, sheet.Row{})
			}
			for len(beside.Rows[j].Cells) < len(beside.Head)-1 {
				beside.Rows[j].Cells = append(beside.Rows[j].Cells, "")
			}
			beside.Rows[j].Cells = append(beside.Rows[j].Cells, o.Name.In(language))
		}
	}
	for _, p := range found {
		var j proposal.Judgement
		if e, ok := current[p.ID]; ok {
			j = shownTo(e, division)
		}
		t.Rows = append(t.Rows, sheet.Row{Cells: cellsOf(roundID, division, p, j, all, language)})
	}
	var file bytes.Buffer
	err = sheet.Write(&file, format, t, beside)
	return file.Bytes(), err
}

// shownTo is what a division's sheet shows of the latest estimate: nothing of
// another division's, nor of its own forwarding if the proposal came back.
func shownTo(e proposal.Estimate, division string) proposal.Judgement {
	if e.Division != division || e.Competence == proposal.Forward {
		return proposal.Judgement{}
	}
	return e.Judgement
}

func cellsOf(
	roundID, division string,
	p proposal.Proposal,
	j proposal.Judgement,
	all map[string][]sheet.Option,
	language domain.Language,
) []string {
	name := func(path, id string) string {
		for _, o := range all[path] {
			if o.ID == id {
				return o.Name.In(language)
			}
		}
		return id
	}
	published := ""
	if j.Competence != "" {
		published = name("published", map[bool]string{true: "yes", false: "no"}[j.Published])
	}
	minimum, maximum, maintenance := "", "", ""
	if j.Cost != nil {
		maintenance = euros(j.Cost.Maintenance)
		if j.Class == "" {
			minimum, maximum = euros(j.Cost.Minimum), euros(j.Cost.Maximum)
		}
	}
	return []string{
		strconv.FormatInt(
			p.ID,
			10,
		), strconv.Itoa(p.Estimates), checkValue(roundID, division, p.ID, p.Estimates, p.Text.Title), p.Text.Title, p.Text.What, p.Text.Place,
		name(
			"competence",
			string(j.Competence),
		), name("forward", j.Forward), name("feasibility", string(j.Feasibility)), j.Class,
		minimum, maximum, maintenance, j.Reasons.Fi, j.Reasons.Sv, j.Reasons.En, j.Note, published,
	}
}

func euros(c domain.Cents) string { return strconv.FormatInt(int64(c)/100, 10) }

// checkValue finds mistakes, not forgers: what a sheet may change is checked
// again. It begins with a letter, so that no program takes it for a number.
func checkValue(roundID, division string, id int64, number int, title string) string {
	sum := sha256.Sum256(
		fmt.Appendf(
			nil,
			"osbu/sheet/v1\x00%s\x00%s\x00%d\x00%d\x00%s",
			roundID,
			division,
			id,
			number,
			strings.Join(strings.Fields(title), " "),
		),
	)
	return "t" + hex.EncodeToString(sum[:4])
}

// Fate is what would become of a row.
type Fate string

// The fates.
const (
	Unchanged Fate = "unchanged"
	Changes   Fate = "change"
	Conflicts Fate = "conflict" // somebody else has given another estimate since
	Erroneous Fate = "error"
)

// Examination is what a sheet would do.
type Examination struct{ Rows []Examined }

// Examined is one row.
type Examined struct {
	Line     int
	Proposal int64
	Title    string
	Fate     Fate
	Said     *Said              // what the row says, over the number that it was made from
	Before   proposal.Judgement // what it was made from
	Now      *proposal.Estimate // of a conflict: the latest
	Changed  []string           // paths, against Before
	Mistakes []Mistake
}

// Mistake is what is wrong with a cell. Column is its letter, empty if the row
// lacks it; Head is the column's.
type Mistake struct{ Column, Head, Code, Limit string }

// Examine reads a filled-in sheet and tells what each row would do; it changes
// nothing (the division's experts).
func (s *Service) Examine(
	ctx context.Context,
	actor domain.Actor,
	roundID, division string,
	file []byte,
) (Examination, error) {
	d, err := s.expertsDesk(ctx, actor, roundID, division)
	if err != nil {
		return Examination{}, err
	}
	r, _, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return Examination{}, err
	}
	if !r.TakesVetting() {
		return Examination{}, domain.Fail(
			domain.Closed,
			domain.CodePhase,
			"proposals of %s are not estimated in phase %s",
			r.ID,
			r.Phase,
		)
	}
	t, err := sheet.Read(file, sheetLimits)
	if err != nil {
		return Examination{}, err
	}
	at, err := sheet.Locate(t, estimateColumns)
	if err != nil {
		return Examination{}, err
	}
	x := examiner{
		round:    r,
		division: division,
		desk:     d,
		options:  optionsOf(d),
		head:     t.Head,
		at:       at,
		seen:     map[int64]int{},
	}
	if err := x.load(ctx, s, t); err != nil {
		return Examination{}, err
	}
	found := Examination{Rows: make([]Examined, len(t.Rows))}
	for i, row := range t.Rows {
		found.Rows[i] = x.examine(actor, row)
	}
	return found, nil
}

// examiner holds what a sheet's rows are compared with.
type examiner struct {
	round     round.Round
	division  string
	desk      desk.Desk
	options   map[string][]sheet.Option
	head      []string
	at        map[string]int
	proposals map[int64]proposal.Proposal
	history   map[int64][]proposal.Estimate
	seen      map[int64]int
}

// load reads the proposals that the rows name, and their estimates: two
// queries.
func (x *examiner) load(ctx context.Context, s *Service, t sheet.Table) error {
	var ids []int64
	for _, row := range t.Rows {
		if id, err := strconv.ParseInt(x.cell(row, "proposal"), 10, 64); err == nil && id > 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	x.proposals = make(map[int64]proposal.Proposal, len(ids))
	if len(ids) == 0 {
		return nil
	}
	found, _, err := s.c.Access.Store.Proposals(ctx, x.round.ID, proposal.List{IDs: ids, Ascending: true, Limit: len(ids)})
	if err != nil {
		return err
	}
	for _, p := range found {
		x.proposals[p.ID] = p
	}
	x.history, err = s.c.Store.Estimates(ctx, ids...)
	return err
}

func (x *examiner) cell(row sheet.Row, path string) string {
	i, there := x.at[path]
	if !there {
		return ""
	}
	return strings.TrimSpace(row.Cells[i])
}

func (x *examiner) examine(actor domain.Actor, row sheet.Row) Examined {
	one := Examined{Line: row.Line, Title: strings.Join(strings.Fields(x.cell(row, "title")), " ")}
	var problems domain.Problems
	p, number := x.subject(actor, row, one.Title, &problems)
	one.Proposal = p.ID
	if len(problems) == 0 {
		said := Said{Proposal: p.ID, Number: number, Judgement: x.read(row, &problems)}
		history := x.history[p.ID]
		if i := slices.IndexFunc(history, func(e proposal.Estimate) bool { return e.Number == number }); i >= 0 {
			one.Before = shownTo(history[i], x.division)
		}
		blank := len(Changed(said.Judgement, proposal.Judgement{})) == 0
		if len(problems) == 0 && !blank {
			said.Judgement = clean(said.Judgement, &problems, "", x.division, x.desk.Divisions)
		}
		if len(problems) == 0 {
			one.Said, one.Changed = &said, Changed(said.Judgement, one.Before)
			one.Fate = x.fate(p, said, len(one.Changed) == 0, blank, &problems)
		}
		if latest, ok := last(history); ok && one.Fate == Conflicts {
			one.Now = &latest
		}
	}
	if len(problems) > 0 {
		one.Fate, one.Said, one.Now, one.Changed = Erroneous, nil, nil, nil
		x.note(&one, problems)
	}
	return one
}

// fate compares a row with what it was made from and with what holds now.
func (x *examiner) fate(p proposal.Proposal, said Said, same, blank bool, problems *domain.Problems) Fate {
	switch {
	case same, saidAlready(said.Judgement, x.division, p, x.history[p.ID]):
		return Unchanged
	case blank: // an estimate is never taken back by leaving it out
		problems.Add("competence", "required", "")
		return Erroneous
	case said.Number != p.Estimates:
		return Conflicts
	}
	return Changes
}

// subject finds what the row is about.
func (x *examiner) subject(actor domain.Actor, row sheet.Row, title string, problems *domain.Problems) (proposal.Proposal, int) {
	id, err := strconv.ParseInt(x.cell(row, "proposal"), 10, 64)
	if err != nil || id < 1 {
		problems.Add("proposal", "bad_format", "123")
		return proposal.Proposal{}, 0
	}
	number, err := strconv.Atoi(x.cell(row, "number"))
	if err != nil || number < 0 {
		problems.Add("number", "bad_format", "0")
		return proposal.Proposal{}, 0
	}
	p, known := x.proposals[id]
	first, twice := x.seen[id]
	switch {
	case !known:
		problems.Add("proposal", "unknown", "")
	case p.Division != x.division:
		problems.Add("proposal", "not_allowed", "")
	case !slices.Contains([]proposal.State{proposal.InEvaluation, proposal.Appealed}, p.State) || !p.HasExpert(actor):
		problems.Add("proposal", "not_allowed", string(p.State))
	case twice:
		problems.Add("proposal", "duplicate", strconv.Itoa(first))
	case x.cell(row, "check") != checkValue(x.round.ID, x.division, id, number, title) || number > p.Estimates:
		problems.Add("check", "changed", "")
	}
	x.seen[id] = row.Line
	if !known || p.Division != x.division {
		return proposal.Proposal{}, number
	}
	return p, number
}

// read makes of the cells what they say; a cell that says nothing clear is a
// problem, never guessed.
func (x *examiner) read(row sheet.Row, problems *domain.Problems) proposal.Judgement {
	pick := func(path string) string { return sheet.Choose(problems, path, x.options[path], x.cell(row, path)) }
	j := proposal.Judgement{
		Competence: proposal.Competence(
			pick("competence"),
		), Forward: pick("forward"), Feasibility: proposal.Feasibility(pick("feasibility")), Class: pick("class"),
		Reasons: domain.Text{
			Fi: x.cell(row, "reasons.fi"),
			Sv: x.cell(row, "reasons.sv"),
			En: x.cell(row, "reasons.en"),
		},
		Note: x.cell(row, "note"), Published: pick("published") == "yes",
	}
	var cost proposal.Cost
	given := false
	for _, c := range []struct {
		path string
		to   *domain.Cents
	}{{"cost.minimum", &cost.Minimum}, {"cost.maximum", &cost.Maximum}, {"cost.maintenance", &cost.Maintenance}} {
		cell := x.cell(row, c.path)
		if cell == "" {
			continue
		}
		given = true
		amount, ok := wholeEuros(cell)
		if !ok {
			problems.Add(c.path, "bad_format", "12000")
		}
		*c.to = amount
	}
	buildable := j.Feasibility == proposal.Feasible || j.Feasibility == proposal.WithChanges
	if j.Class != "" && (x.cell(row, "cost.minimum") != "" || x.cell(row, "cost.maximum") != "") {
		problems.Add("class", "not_allowed", "") // a class or a range
	}
	if given || buildable && j.Class != "" {
		if buildable && j.Class == "" && x.cell(row, "cost.minimum") == "" {
			problems.Add("cost.minimum", "required", "")
		}
		j.Cost = &cost
	}
	return j
}

// amounts are whole euros as people write them: 12000, 12 000, 12 000 €,
// 12000,00. Of "12.000" and "12,000" nobody knows whether they are twelve or
// twelve thousand.
var amounts = regexp.MustCompile(`^(\d{1,12}|\d{1,3}(?: \d{3}){1,3})(?:[.,]00)?$`)

func wholeEuros(cell string) (domain.Cents, bool) {
	plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ").Replace(cell)
	for _, unit := range []string{"€", "euroa", "euro", "eur"} {
		if cut := len(plain) - len(unit); cut > 0 && strings.EqualFold(plain[cut:], unit) {
			plain = plain[:cut]
			break
		}
	}
	m := amounts.FindStringSubmatch(strings.TrimSpace(plain))
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(m[1], " ", ""), 10, 64)
	return domain.Cents(n * 100), err == nil
}

// note says in which cells the problems are; one a cell is enough.
func (x *examiner) note(one *Examined, problems domain.Problems) {
	noted := map[string]bool{}
	for _, f := range problems {
		path := f.Path
		if path == "cost" { // of a row that lacks it
			path = "cost.maximum"
		}
		if noted[path] {
			continue
		}
		noted[path] = true
		mistake := Mistake{Head: path, Code: f.Code, Limit: f.Limit}
		if i, there := x.at[path]; there {
			mistake.Column, mistake.Head = sheet.Column(i), x.head[i]
		}
		one.Mistakes = append(one.Mistakes, mistake)
	}
}
