package paper

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
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

// limits hold a batch: a stack that one person keys in at one sitting, and a
// file that is no longer than what anybody may send to the box.
var limits = sheet.Limits{Rows: 800}

const serialGroups = 2

// Key is what one of the two hands in of a batch.
type Key struct {
	File    []byte
	Confirm bool // keep it; else it is only tried
}

// Keyed is one sheet as somebody keyed it in.
type Keyed struct {
	Line    int    // in the file
	Serial  string // without hyphen
	Choices string // as in a ballot's text; empty: none
	Reason  string // why it is doubtful; empty: it is not
	area    string
	vote    ballot.Vote
}

// Fault is what is wrong in a line of a file.
type Fault struct {
	Line int
	Head string // the column
	Code string
}

// CodeUsed is a fault: a sheet with this serial is in the log.
const faultUsed = "used"

// CodeAgreed is one: the other one said the same of this sheet, so it stands.
const faultAgreed = "agreed"

// Difference is a sheet of which the two say different things; nil: one has no
// such sheet.
type Difference struct {
	Serial        string
	First, Second *Keyed
}

// Report is what came of keying.
type Report struct {
	Done        bool     // as it was asked: handed in, or in the log
	Keyed       Progress // of the batch
	Handed      bool     // by whoever asks
	Faults      []Fault
	Differences []Difference // when both have handed in
	Agreed      int
	Decided     map[string]int // doubtful, and decided to count, by reason
	Uncounted   map[string]int // doubtful, and decided not to count
	Missing     int            // of the declared sheets
	Difference  int            // of the rights that were marked
}

// asked is a batch and what somebody may do with it.
type asked struct {
	may     capability
	batch   box.PaperBatch
	on      frozen
	entries entries
}

func (s *Service) asked(ctx context.Context, id, batch, capability string) (a asked, err error) {
	if a.may, err = s.admits(capability, id, batch); err != nil {
		return a, err
	}
	if a.batch, err = s.c.Batches.PaperBatch(ctx, id, batch); err != nil {
		return a, err
	}
	if a.may.part != 0 && a.may.attempt != a.batch.Attempt {
		return a, domain.Fail(domain.Conflict, box.CodeReopened, "batch %s is being keyed in anew", batch)
	}
	m, err := s.c.Box.Frozen(ctx, id)
	if err != nil {
		return a, err
	}
	paper, ok := m.Paper(a.batch.Paper)
	if !ok {
		return a, domain.Fail(domain.NotFound, domain.CodeNotFound, "no paper %s", a.batch.Paper)
	}
	a.on = ballotOf(m, paper)
	keyed, err := s.c.Batches.KeyedSheets(ctx, id, batch)
	for _, k := range keyed {
		a.entries.add(k)
	}
	return a, err
}

// Key tries what one of the two keyed in of a batch, or keeps it until the
// other one has handed hers in, too. It goes to the box, and knows no person. A
// doubtful sheet has its reason, and with it the numbers that count, or none.
// Only what a sheet's serial, the form and the areas allow is taken.
//
// When both have and do not agree, either hands in once more what they differ
// in, as she sees it now: a sheet on which they differ and that she does not
// name is none of hers any more. What they agree on stands. The same file once
// more changes nothing.
func (s *Service) Key(ctx context.Context, id, batch, capability string, k Key) (r Report, err error) {
	a, err := s.asked(ctx, id, batch, capability)
	if err != nil {
		return r, err
	}
	if a.may.part == 0 {
		return r, domain.Fail(domain.NotFound, domain.CodeNotFound, "no leave to key this batch in")
	}
	if a.batch.State != box.BatchDeclared {
		return r, domain.Fail(domain.Conflict, box.CodeBatch, "batch %s is settled", batch)
	}
	sheets, err := a.on.read(k.File, &r.Faults)
	if err != nil {
		return r, err
	}
	next, err := a.entries.next(a.may.part, sheets, &r.Faults)
	if err != nil {
		return r, err
	}
	if err := s.used(ctx, id, sheets, &r.Faults); err != nil {
		return r, err
	}
	next.Batch, next.Attempt, next.Part = batch, a.may.attempt, a.may.part
	if k.Confirm && len(r.Faults) == 0 {
		if before := a.entries[a.may.part-1]; before == nil || before.Version != next.Version {
			if err := s.c.Box.KeySheets(ctx, id, next); err != nil {
				return r, err
			}
			a.entries.add(next)
		}
		r.Done = true
	}
	a.tell(&r)
	return r, nil
}

// used notes sheets whose serial is in the log: of this batch there are none.
func (s *Service) used(ctx context.Context, id string, sheets []Keyed, faults *[]Fault) error {
	serials, lines := make([]string, len(sheets)), map[string]int{}
	for i, k := range sheets {
		serials[i], lines[k.Serial] = k.Serial, k.Line
	}
	logged, err := s.c.Box.Logged(ctx, id, serials)
	for _, serial := range logged {
		*faults = append(*faults, Fault{Line: lines[serial], Head: "serial", Code: faultUsed})
	}
	return err
}

// Compare tells how far a batch is; when both have handed their sheets in,
// either of them is told in what they differ.
func (s *Service) Compare(ctx context.Context, id, batch, capability string) (r Report, err error) {
	a, err := s.asked(ctx, id, batch, capability)
	if err != nil {
		return r, err
	}
	a.tell(&r)
	return r, nil
}

// tell says how far the batch is, what both agree on, and to the two who keyed
// it in what they do not.
func (a asked) tell(r *Report) {
	r.Keyed = a.entries.progress()
	r.Handed = a.may.part != 0 && a.entries[a.may.part-1] != nil
	if r.Keyed == KeyedNot || r.Keyed == KeyedOnce {
		return
	}
	first, second := a.on.lines(a.entries[0]), a.on.lines(a.entries[1])
	differences := compare(first, second)
	apart := map[string]bool{}
	for _, d := range differences {
		apart[d.Serial] = true
	}
	count := r.count(slices.DeleteFunc(slices.Clone(first), func(k Keyed) bool { return apart[k.Serial] }))
	if a.may.part != 0 {
		r.Differences = differences
	}
	b := a.batch
	b.BatchCount = count
	r.Missing, r.Difference = b.Missing(), b.Difference()
}

// Sealing is what an official says of a batch that goes into the log.
type Sealing struct {
	TakenAway   int
	Explanation string
	Confirm     bool // do it; else its numbers are only told
}

// Seal puts a batch of which both agree into the log: all of it or nothing. A
// batch without a sheet need not be keyed in. Once more with the same account
// tells that it is done.
func (s *Service) Seal(ctx context.Context, id, batch, capability string, k Sealing) (r Report, err error) {
	a, err := s.asked(ctx, id, batch, capability)
	if err != nil {
		return r, err
	}
	if a.may.part != 0 {
		return r, domain.Fail(domain.NotFound, domain.CodeNotFound, "no leave to put this batch into the log")
	}
	k.Explanation = strings.TrimSpace(k.Explanation)
	if a.batch.State != box.BatchDeclared {
		return k.sealed(a.batch)
	}
	a.tell(&r)
	if a.batch.Declared == 0 && r.Keyed == KeyedNot {
		r.Keyed = KeyedAlike
	}
	a.batch.BatchCount = box.BatchCount{
		Agreed: r.Agreed, Decided: r.Decided, Uncounted: r.Uncounted, TakenAway: k.TakenAway, Explanation: k.Explanation,
		Attempt: a.batch.Attempt,
	}
	r.Missing, r.Difference = a.batch.Missing(), a.batch.Difference()
	if !k.Confirm || r.Keyed != KeyedAlike {
		return r, nil
	}
	if (r.Missing != 0 || r.Difference != 0) && k.Explanation == "" {
		return r, domain.Problems{{Path: "explanation", Code: "required"}}.Err()
	}
	sheets, err := s.sheets(id, a.batch, a.on.lines(a.entries[0]))
	if err != nil {
		return Report{}, err
	}
	err = s.c.Box.SealBatch(ctx, id, batch, sheets, a.batch.BatchCount)
	if domain.CodeOf(err) == box.CodeBatch { // another call of mine has just done it
		b, again := s.c.Batches.PaperBatch(ctx, id, batch)
		if again != nil {
			return Report{}, again
		}
		return k.sealed(b)
	}
	r.Done = err == nil
	return r, err
}

// sealed tells that a batch is in the log, if it is with this account.
func (k Sealing) sealed(b box.PaperBatch) (Report, error) {
	if b.State != box.BatchSealed || b.TakenAway != k.TakenAway || b.Explanation != k.Explanation {
		return Report{}, domain.Fail(domain.Conflict, box.CodeBatch, "batch %s is settled, otherwise", b.Batch)
	}
	return Report{
		Done: true, Keyed: KeyedAlike, Agreed: b.Agreed, Decided: b.Decided, Uncounted: b.Uncounted, Missing: b.Missing(),
		Difference: b.Difference(),
	}, nil
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
func (on frozen) read(file []byte, faults *[]Fault) ([]Keyed, error) {
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
			*faults = append(*faults, Fault{Line: row.Line, Head: f.Head, Code: f.Code})
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
	switch form.VoteKind() {
	case ballot.Picks:
		slices.Sort(v.Choices)
	case ballot.Points:
		sort.Sort(byNumber(v))
	}
	return v, true
}

// byNumber sorts projects with the points that each is given.
type byNumber ballot.Vote

func (v byNumber) Len() int           { return len(v.Choices) }
func (v byNumber) Less(i, j int) bool { return v.Choices[i] < v.Choices[j] }
func (v byNumber) Swap(i, j int) {
	v.Choices[i], v.Choices[j] = v.Choices[j], v.Choices[i]
	v.Points[i], v.Points[j] = v.Points[j], v.Points[i]
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

// count sums up the sheets.
func (r *Report) count(sheets []Keyed) box.BatchCount {
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
	return box.BatchCount{Agreed: r.Agreed, Decided: r.Decided, Uncounted: r.Uncounted}
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
