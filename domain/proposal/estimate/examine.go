package estimate

import (
	"context"
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

// Status is what would become of a row.
type Status string

// The statuses.
const (
	Unchanged Status = "unchanged"
	Changes   Status = "change"
	Conflicts Status = "conflict" // somebody else has given another estimate since
	Erroneous Status = "error"
)

// Examination is what a sheet would do.
type Examination struct{ Rows []Examined }

// Examined is one row.
type Examined struct {
	Line       int
	Proposal   int64
	Title      string
	Status     Status
	Submission *Submission        // what the row says, over the number that it was made from
	Before     proposal.Judgement // what it was made from
	Now        *proposal.Estimate // of a conflict: the latest
	Changed    []string           // paths, against Before
	Mistakes   []Mistake
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
	found, _, err := s.c.Access.Store.Proposals(
		ctx,
		x.round.ID,
		proposal.List{IDs: ids, Ascending: true, Limit: len(ids)},
	)
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
		said := Submission{Proposal: p.ID, Number: number, Judgement: x.read(row, &problems)}
		history := x.history[p.ID]
		if i := slices.IndexFunc(history, func(e proposal.Estimate) bool { return e.Number == number }); i >= 0 {
			one.Before = shownTo(history[i], x.division)
		}
		blank := len(Changed(said.Judgement, proposal.Judgement{})) == 0
		if len(problems) == 0 && !blank {
			said.Judgement = clean(said.Judgement, &problems, "", x.division, x.desk.Divisions)
		}
		if len(problems) == 0 {
			one.Submission, one.Changed = &said, Changed(said.Judgement, one.Before)
			one.Status = x.status(p, said, len(one.Changed) == 0, blank, &problems)
		}
		if latest, ok := last(history); ok && one.Status == Conflicts {
			one.Now = &latest
		}
	}
	if len(problems) > 0 {
		one.Status, one.Submission, one.Now, one.Changed = Erroneous, nil, nil, nil
		x.note(&one, problems)
	}
	return one
}

// status compares a row with what it was made from and with what holds now.
func (x *examiner) status(p proposal.Proposal, said Submission, same, blank bool, problems *domain.Problems) Status {
	switch {
	case same, repeats(said.Judgement, x.division, p, x.history[p.ID]):
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
func (x *examiner) subject(
	actor domain.Actor,
	row sheet.Row,
	title string,
	problems *domain.Problems,
) (proposal.Proposal, int) {
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
