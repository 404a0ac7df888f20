package estimate

import (
	"context"
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

// Examination is what a sheet would do; which of its columns are left alone, by
// their headings; and how a text file was written.
type Examination struct {
	Rows     []Examined
	Ignored  []string
	Encoding sheet.Encoding
}

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
	Faults     []sheet.Fault
}

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
	r, err := s.c.Round(ctx, actor, roundID)
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
	t, err := sheet.Read(file, sheetLimits, estimateColumns...)
	if err != nil {
		return Examination{}, err
	}
	x := examiner{
		round:    r.Round,
		division: division,
		desk:     d,
		options:  optionsOf(d),
		table:    t,
		seen:     map[int64]int{},
	}
	if err := x.load(ctx, s, t); err != nil {
		return Examination{}, err
	}
	found := Examination{Rows: make([]Examined, len(t.Rows)), Ignored: t.Ignored, Encoding: t.Encoding}
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
	table     sheet.Table
	proposals map[int64]proposal.Proposal
	history   map[int64][]proposal.Estimate
	seen      map[int64]int
}

// load reads the proposals that the rows name, and their estimates: two
// queries.
func (x *examiner) load(ctx context.Context, s *Service, t sheet.Table) error {
	var ids []int64
	for _, row := range t.Rows {
		if id, ok := sheet.Whole(x.cell(row, "proposal")); ok && id > 0 {
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
	return strings.TrimSpace(x.table.Cell(row, path))
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
		one.Faults = x.faults(row, problems)
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
	id, ok := sheet.Whole(x.cell(row, "proposal"))
	if !ok || id < 1 {
		problems.Add("proposal", "bad_format", "123")
		return proposal.Proposal{}, 0
	}
	counted, ok := sheet.Whole(x.cell(row, "number"))
	if !ok {
		problems.Add("number", "bad_format", "0")
		return proposal.Proposal{}, 0
	}
	number := int(counted)
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
		amount, ok := sheet.Euros(cell)
		if !ok {
			problems.Add(c.path, "whole_euros", "12 000")
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

// faults says in which cells the problems are, and names amounts in euros, as
// the headings do.
func (x *examiner) faults(row sheet.Row, problems domain.Problems) []sheet.Fault {
	for i := range problems {
		p := &problems[i]
		if p.Path == "cost" { // of a row that lacks it
			p.Path = "cost.maximum"
		}
		cents, err := strconv.ParseInt(p.Limit, 10, 64)
		if err == nil && strings.HasPrefix(p.Path, "cost.") && p.Code != "whole_euros" {
			p.Limit = domain.Cents(cents).String() + "\u00a0€"
		}
	}
	return x.table.Faults(row, problems, x.options)
}
