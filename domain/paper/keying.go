package paper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// Reasons are why a sheet is doubtful. What follows from each is published
// before the vote; two people decide of each sheet.
var reasons = []sheet.Option{
	{ID: "too_many", Name: domain.Text{Fi: "liian monta", Sv: "för många", En: "too many"}},
	{ID: "too_few", Name: domain.Text{Fi: "liian vähän", Sv: "för få", En: "too few"}},
	{ID: "over_pot", Name: domain.Text{Fi: "yli rahojen", Sv: "över budgeten", En: "over the pot"}},
	{ID: "unreadable", Name: domain.Text{Fi: "ei lue", Sv: "oläslig", En: "unreadable"}},
	{ID: "mark_outside", Name: domain.Text{
		Fi: "merkki ruudun ulkopuolella", Sv: "kryss utanför rutan", En: "mark outside a box",
	}},
	{ID: "several_areas", Name: domain.Text{Fi: "useita alueita", Sv: "flera områden", En: "several areas"}},
	{ID: "other_round", Name: domain.Text{
		Fi: "toisen kierroksen lippu", Sv: "en annan omgångs sedel", En: "another round's sheet",
	}},
	{ID: "unknown_number", Name: domain.Text{Fi: "tuntematon numero", Sv: "okänt nummer", En: "unknown number"}},
	{ID: "withdrawn_project", Name: domain.Text{Fi: "peruttu hanke", Sv: "återtaget projekt", En: "withdrawn project"}},
	{ID: "blank", Name: domain.Text{Fi: "tyhjä", Sv: "tom", En: "blank"}},
}

// The columns of a file of keyed sheets.
var columns = []sheet.Field{
	{Path: "serial", Name: domain.Text{Fi: "sarjanumero", Sv: "serienummer", En: "serial"}, Need: true},
	{Path: "choices", Name: domain.Text{Fi: "numerot", Sv: "nummer", En: "numbers"}, Need: true},
	{Path: "reason", Name: domain.Text{Fi: "syy", Sv: "orsak", En: "reason"}},
}

// limits hold a batch: a stack that one person keys in at one sitting, and two
// files that are no longer than what anybody may send to the box.
var limits = sheet.Limits{Rows: 800}

const serialGroups = 2

// Key is what an official sends of a batch: what two people keyed in, each by
// herself, and what the account of its sheets lacks.
type Key struct {
	First, Second []byte // files
	TakenAway     int
	Explanation   string
	Confirm       bool // put the batch into the log; else it is only tried
}

// Keyed is one sheet in one file.
type Keyed struct {
	Line    int
	Serial  string // without hyphen
	Choices string // as in a ballot's text; empty: none
	Reason  string // why it is doubtful; empty: it is not
	area    string
	vote    ballot.Vote
}

// Fault is what is wrong in a line of a file.
type Fault struct {
	Second bool // in the second file
	Line   int
	Head   string // the column
	Code   string
}

// Difference is a sheet of which the two files say different things. A line of
// 0 is of a file that does not have it.
type Difference struct {
	Serial        string
	First, Second Keyed
}

// Report is what came of two files.
type Report struct {
	Done        bool
	Faults      []Fault
	Differences []Difference
	Agreed      int
	Decided     map[string]int // doubtful, and decided to count, by reason
	Uncounted   map[string]int // doubtful, and decided not to count
	Missing     int            // of the declared sheets
	Difference  int            // of the rights that were marked
}

// Key tries what two people keyed in of a batch, or puts it into the log: all
// of it or nothing. It goes to the box, and knows no person. Both files have
// every sheet, and say the same of each; a doubtful one has its reason in both,
// and with it the numbers that count, or none. Only what a sheet's serial, the
// form and the areas allow is taken.
func (s *Service) Key(ctx context.Context, id, batch, capability string, k Key) (Report, error) {
	if err := s.admits(capability, id, batch); err != nil {
		return Report{}, err
	}
	b, err := s.c.Batches.PaperBatch(ctx, id, batch)
	if err != nil {
		return Report{}, err
	}
	m, err := s.c.Box.Frozen(ctx, id)
	if err != nil {
		return Report{}, err
	}
	paper, ok := m.Paper(b.Paper)
	if !ok {
		return Report{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no paper %s", b.Paper)
	}
	on := ballotOf(m, paper)
	var report Report
	first, err := on.read(k.First, false, &report.Faults)
	if err != nil {
		return Report{}, err
	}
	second, err := on.read(k.Second, true, &report.Faults)
	if err != nil {
		return Report{}, err
	}
	report.compare(first, second)
	count := report.count(first, k)
	b.BatchCount = count
	report.Missing, report.Difference = b.Missing(), b.Difference()
	if len(report.Faults) > 0 || len(report.Differences) > 0 || !k.Confirm {
		return report, nil
	}
	if (report.Missing != 0 || report.Difference != 0) && count.Explanation == "" {
		return report, domain.Problems{{Path: "explanation", Code: "required"}}.Err()
	}
	sheets, err := s.sheets(id, b, first)
	if err != nil {
		return Report{}, err
	}
	if err := s.c.Box.SealBatch(ctx, id, batch, sheets, count); err != nil {
		return Report{}, err
	}
	report.Done = true
	return report, nil
}

// frozen is what stands on a paper.
type frozen struct {
	paper round.ManifestPaper
	areas map[int]string // by a project's number
	pots  map[string]domain.Cents
	costs map[string]map[int]domain.Cents
}

func ballotOf(m round.Manifest, p round.ManifestPaper) frozen {
	on := frozen{
		paper: p, areas: map[int]string{}, pots: map[string]domain.Cents{}, costs: map[string]map[int]domain.Cents{},
	}
	for _, id := range p.Areas {
		area, _ := m.Area(id)
		on.pots[id], on.costs[id] = area.Pot, m.Costs(id)
		for number := range on.costs[id] {
			on.areas[number] = id
		}
	}
	return on
}

// read reads a file; what is wrong in it goes to faults.
func (on frozen) read(file []byte, second bool, faults *[]Fault) ([]Keyed, error) {
	t, err := sheet.Read(file, limits, columns...)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	all := make([]Keyed, 0, len(t.Rows))
	for _, row := range t.Rows {
		k := Keyed{Line: row.Line}
		var p domain.Problems
		var ok bool
		if k.Serial, ok = domain.ReadCode(t.Cell(row, "serial"), serialGroups); !ok {
			p.Add("serial", "bad_format", "")
		} else if seen[k.Serial] {
			p.Add("serial", "duplicate", "")
		}
		seen[k.Serial] = true
		k.Reason = sheet.Choose(&p, "reason", reasons, t.Cell(row, "reason"))
		k.vote, ok = parse(on.paper.Form, t.Cell(row, "choices"))
		if !ok {
			p.Add("choices", "bad_format", "")
		} else {
			k.Choices = strings.TrimSpace(string(k.vote.Append(nil)))
			k.area = on.check(k, &p)
		}
		for _, f := range t.Faults(row, p, map[string][]sheet.Option{"reason": reasons}) {
			*faults = append(*faults, Fault{Second: second, Line: row.Line, Head: f.Head, Code: f.Code})
		}
		all = append(all, k)
	}
	return all, nil
}

// parse reads the numbers of a sheet as people write them: apart by spaces or
// commas, of points with a colon. Their order is that of a ballot's text.
func parse(form ballot.Form, cell string) (ballot.Vote, bool) {
	words := strings.FieldsFunc(cell, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	text := ""
	if len(words) > 0 {
		text = " " + strings.Join(words, " ")
	}
	v, err := ballot.ParseVote(form.VoteKind(), text)
	if err != nil {
		return v, false
	}
	if form.VoteKind() == ballot.Picks {
		slices.Sort(v.Choices)
	}
	return v, true
}

// check finds the area of the numbers, and notes what keeps them from counting.
// A sheet that has none says why.
func (on frozen) check(k Keyed, p *domain.Problems) (area string) {
	if len(k.vote.Choices) == 0 {
		if k.Reason == "" && len(*p) == 0 {
			p.Add("reason", "required", "")
		}
		return ""
	}
	for i, number := range k.vote.Choices {
		here, known := on.areas[number]
		switch {
		case !known:
			p.Add("choices", "unknown", "")
			return ""
		case i > 0 && here != area:
			p.Add("choices", "several_areas", "")
			return ""
		}
		area = here
	}
	b := ballot.Ballot{Round: "r", Paper: on.paper.ID, Area: area, Vote: k.vote}
	if _, err := b.Encode(); err != nil {
		p.Add("choices", "bad_format", "")
		return area
	}
	if err := k.vote.Validate(on.paper.Form, on.costs[area], on.pots[area]); err != nil {
		bad, ok := errors.AsType[*domain.Error](err)
		if !ok {
			p.Add("choices", "bad_format", "")
			return area
		}
		for _, f := range bad.Fields {
			p.Add("choices", f.Code, f.Limit)
		}
	}
	return area
}

// compare notes each sheet of which the files say different things.
func (r *Report) compare(first, second []Keyed) {
	other := map[string]Keyed{}
	for _, k := range second {
		other[k.Serial] = k
	}
	for _, k := range first {
		o, there := other[k.Serial]
		if !there || o.Choices != k.Choices || o.Reason != k.Reason {
			r.Differences = append(r.Differences, Difference{Serial: k.Serial, First: k, Second: o})
		}
		delete(other, k.Serial)
	}
	for _, k := range second {
		if _, left := other[k.Serial]; left {
			r.Differences = append(r.Differences, Difference{Serial: k.Serial, Second: k})
			delete(other, k.Serial)
		}
	}
}

// count sums up the sheets.
func (r *Report) count(sheets []Keyed, k Key) box.BatchCount {
	r.Decided, r.Uncounted = map[string]int{}, map[string]int{}
	for _, one := range sheets {
		switch {
		case one.Reason == "":
			r.Agreed++
		case one.Choices != "":
			r.Decided[one.Reason]++
		default:
			r.Uncounted[one.Reason]++
		}
	}
	return box.BatchCount{
		Agreed: r.Agreed, Decided: r.Decided, Uncounted: r.Uncounted, TakenAway: k.TakenAway,
		Explanation: strings.TrimSpace(k.Explanation),
	}
}

// sheets are the ballots of those that count.
func (s *Service) sheets(id string, b box.PaperBatch, keyed []Keyed) (sheets []box.PaperSheet, err error) {
	for _, k := range keyed {
		if k.Choices == "" {
			continue
		}
		filled := ballot.Ballot{Round: id, Paper: b.Paper, Area: k.area, Vote: k.vote}
		if _, err := io.ReadFull(s.c.Rand, filled.Salt[:]); err != nil {
			return nil, fmt.Errorf("salt: %w", err)
		}
		text, err := filled.Encode()
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, box.PaperSheet{
			Batch: b.Batch, Serial: k.Serial, Commit: ballot.Commitment(text), Payload: text,
		})
	}
	return sheets, nil
}
