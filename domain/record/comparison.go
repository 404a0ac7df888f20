package record

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// A comparison of sheets of paper with the record, as the city makes it: which
// sheets there are is published first, then a seed is drawn in public, and the
// sheets that follow from it are fetched. What auditors see on them an official
// saves, and another one publishes. All of it stands in the round's audit log,
// where nothing is taken back: neither a draw that nobody went on with, nor
// what was saved before.

// Comparisons keeps comparisons of sheets.
type Comparisons interface {
	// Compare lets do see the round, held, and the entries of its comparisons as
	// SheetComparisons gives them, and keeps the entry that it makes, if it makes
	// one, in the same transaction. NotFound without the round.
	Compare(ctx context.Context, id string, do func(r round.Round, entries []round.Entry) (*round.Entry, error)) error
	// SheetComparisons are the audit entries whose action is one of
	// ComparisonActions, the first first, with number, time, actor and details
	// alone.
	SheetComparisons(ctx context.Context, id string) ([]round.Entry, error)
}

// ComparisonActions are what the audit log says of comparisons.
var ComparisonActions = []string{drawSheets, compareSheets, publishComparison}

const (
	drawSheets        = "draw sheets"
	compareSheets     = "compare sheets"
	publishComparison = "publish comparison"
)

// Bounds of a comparison.
const (
	MostDrawn   = 1000
	longestSeed = 200
)

// SheetName names a sheet.
type SheetName struct {
	Batch  string `json:"batch"`
	Serial string `json:"serial"`
}

func (n SheetName) compare(o SheetName) int {
	return cmp.Or(cmp.Compare(n.Batch, o.Batch), cmp.Compare(n.Serial, o.Serial))
}

// Comparison is one draw of sheets, and what came of it.
type Comparison struct {
	Number   int // from 1
	Seed     string
	Of       int // sheets that count
	Drawn    time.Time
	Sheets   []SheetName // by batch and serial
	Withheld []SheetName // those of Sheets whose choices the record does not tell

	// Found is what was seen on them; nil while nothing is, and to the public
	// until it is published. Version is to be told by whoever publishes it, Own
	// says that the reader saved it: another official publishes.
	Found     *Findings
	Version   int64
	Own       bool
	Published time.Time // zero: not yet
}

// Findings are what a comparison has found.
type Findings struct {
	Alike   int // sheets that are as in the record
	Other   []OtherSheet
	Missing []SheetName // sheets that are not in their batch
	Unseen  int         // drawn, and not looked at
	// Estimated is how many of all the sheets would be wrong if those that were
	// not drawn were as often wrong as those that were looked at, rounded up.
	Estimated int
	Areas     []Stands // by the areas' position
}

// OtherSheet is a sheet that says something else than the record: numbers apart
// by spaces, of points with their points after a colon.
type OtherSheet struct {
	SheetName

	Seen     string `json:"seen"`
	Recorded string `json:"recorded"`
}

// Stands says how many sheets might be wrong in the worst way without any other
// project of the area being funded, at most as many as count in all; nil: that
// is not known of its rule.
type Stands struct {
	Area   string `json:"area"`
	Sheets *int   `json:"sheets"`
}

// SeenSheet is what auditors saw.
type SeenSheet struct {
	SheetName

	Seen    string // as in OtherSheet; empty: nothing is marked
	Missing bool   // it is not in its batch
}

// drawnSheets, comparedSheets and publishedComparison are the details of the
// entries.
type drawnSheets struct {
	Comparison int         `json:"comparison"`
	Seed       string      `json:"seed"`
	Of         int         `json:"of"`
	Drawn      []SheetName `json:"drawn"`
	Withheld   []SheetName `json:"withheld,omitempty"`
}

type comparedSheets struct {
	Comparison int          `json:"comparison"`
	Alike      int          `json:"alike"`
	Other      []OtherSheet `json:"other,omitempty"`
	Missing    []SheetName  `json:"missing,omitempty"`
	Stands     []Stands     `json:"stands"`
}

type publishedComparison struct {
	Comparison int   `json:"comparison"`
	Version    int64 `json:"version"`
}

// comparisons reads entries of the audit log.
func comparisons(entries []round.Entry, actor domain.Actor) (all []Comparison, err error) {
	for _, e := range entries {
		var of struct {
			Comparison int `json:"comparison"`
		}
		if err := json.Unmarshal([]byte(e.Details), &of); err != nil {
			return nil, fmt.Errorf("entry %d: %w", e.Seq, err)
		}
		if e.Action != drawSheets && (of.Comparison < 1 || of.Comparison > len(all)) {
			return nil, fmt.Errorf("entry %d: of comparison %d, which nobody began", e.Seq, of.Comparison)
		}
		switch e.Action {
		case drawSheets:
			var d drawnSheets
			if err = json.Unmarshal([]byte(e.Details), &d); err == nil {
				all = append(all, Comparison{
					Number: d.Comparison, Seed: d.Seed, Of: d.Of, Drawn: e.At, Sheets: d.Drawn, Withheld: d.Withheld,
				})
			}
		case compareSheets:
			var d comparedSheets
			if err = json.Unmarshal([]byte(e.Details), &d); err == nil {
				c := &all[of.Comparison-1]
				c.Own, c.Version = account(e.Actor) == actor.ID, e.Seq
				c.Found = d.findings(*c)
			}
		case publishComparison:
			all[of.Comparison-1].Published = e.At
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", e.Seq, err)
		}
	}
	return all, nil
}

// account is whose signature it is (round.Signature).
func account(signature string) int64 {
	n, _ := strconv.ParseInt(signature[strings.LastIndexByte(signature, ' ')+1:], 10, 64)
	return n
}

func (d comparedSheets) findings(c Comparison) *Findings {
	wrong := len(d.Other) + len(d.Missing)
	looked := d.Alike + wrong
	f := Findings{
		Alike: d.Alike, Other: d.Other, Missing: d.Missing, Unseen: len(c.Sheets) - looked, Areas: d.Stands,
	}
	if looked > 0 {
		f.Estimated = (wrong*c.Of + looked - 1) / looked
	}
	return &f
}

// SheetComparisons are a round's, the first first: for everybody, what was
// found only once it is published.
func (s *Service) SheetComparisons(ctx context.Context, actor domain.Actor, id string) ([]Comparison, error) {
	r, err := s.Office.Round(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := r.VisibleTo(actor); err != nil {
		return nil, err
	}
	entries, err := s.Office.SheetComparisons(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := comparisons(entries, actor)
	for i := range all {
		c := &all[i]
		if actor.Is(domain.Official) {
			continue
		}
		c.Version, c.Own = 0, false
		if c.Published.IsZero() {
			c.Found = nil
		}
	}
	return all, err
}

// sheet is one that counts.
type sheet struct {
	SheetName

	area     string
	vote     ballot.Vote
	withheld bool
}

// sheets are those of a published round that count.
func (s *Service) sheets(ctx context.Context, r round.Round, outcomes []Outcome) (all []sheet, err error) {
	held := map[string]bool{}
	for _, o := range outcomes {
		held[o.Area] = withholds(r.Settings.OpeningsFrom, o.Ballots)
	}
	err = s.Box.Ballots(ctx, r.ID, func(e box.Entry) error {
		if !e.OnPaper() {
			return nil
		}
		b, err := ballot.Decode(e.Ballot)
		all = append(all, sheet{SheetName{e.Batch, e.Serial}, b.Area, b.Vote, held[b.Area]})
		return err
	})
	return all, err
}

// DrawComparison draws size of the sheets by a seed (officials), the same as
// DrawSheets, and begins a comparison. The same seed and size once more is the
// same comparison. Closed CodeNotPublic before the record is published, for
// whoever knew the sheets beforehand could prepare them.
func (s *Service) DrawComparison(
	ctx context.Context,
	actor domain.Actor,
	id, seed string,
	size int,
) (Comparison, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Comparison{}, err
	}
	var p domain.Problems
	if seed = p.Line("seed", seed, longestSeed); seed == "" {
		p.Add("seed", "required", "")
	}
	if err := p.Err(); err != nil {
		return Comparison{}, err
	}
	r, outcomes, err := s.compared(ctx, id)
	if err != nil {
		return Comparison{}, err
	}
	all, err := s.sheets(ctx, r, outcomes)
	if err != nil {
		return Comparison{}, err
	}
	if len(all) == 0 {
		return Comparison{}, domain.Fail(domain.Conflict, CodeNoSheets, "no sheet of paper counts in round %s", id)
	}
	slices.SortFunc(all, func(a, b sheet) int {
		x, y := SheetKey(seed, a.Batch, a.Serial), SheetKey(seed, b.Batch, b.Serial)
		return bytes.Compare(x[:], y[:])
	})
	drawn := all[:min(size, len(all))]
	slices.SortFunc(drawn, func(a, b sheet) int { return a.compare(b.SheetName) })
	d := drawnSheets{Seed: seed, Of: len(all)}
	for _, one := range drawn {
		if d.Drawn = append(d.Drawn, one.SheetName); one.withheld {
			d.Withheld = append(d.Withheld, one.SheetName)
		}
	}
	return s.compare(ctx, actor, id, func(r round.Round, before []Comparison) (int, *round.Entry, error) {
		for _, c := range before {
			if c.Seed == seed && slices.Equal(c.Sheets, d.Drawn) {
				return c.Number, nil, nil
			}
		}
		d.Comparison = len(before) + 1
		return d.Comparison, round.NewEntry(r, actor, drawSheets, "", d), nil
	})
}

// CodeNoSheets refuses to draw sheets of a round without any.
const CodeNoSheets domain.Code = "no_sheets"

// compared is a published round that was counted here.
func (s *Service) compared(ctx context.Context, id string) (r round.Round, outcomes []Outcome, err error) {
	at, err := s.Office.Round(ctx, id)
	if err != nil {
		return r, nil, err
	}
	r = at.Round
	if !r.Phase.Reached(round.Delivering) || r.Elsewhere() {
		return r, nil, domain.Fail(domain.Closed, CodeNotPublic, "no record of round %s is published", id)
	}
	outcomes, err = s.Office.Outcomes(ctx, id)
	return r, outcomes, err
}

// compare lets do make an entry of a comparison whose number it tells, and
// gives that comparison.
func (s *Service) compare(
	ctx context.Context,
	actor domain.Actor,
	id string,
	do func(r round.Round, before []Comparison) (int, *round.Entry, error),
) (Comparison, error) {
	var number int
	err := s.Office.Compare(ctx, id, func(r round.Round, entries []round.Entry) (e *round.Entry, err error) {
		before, err := comparisons(entries, actor)
		if err != nil {
			return nil, err
		}
		number, e, err = do(r, before)
		return e, err
	})
	if err != nil {
		return Comparison{}, err
	}
	all, err := s.SheetComparisons(ctx, actor, id)
	if err != nil {
		return Comparison{}, err
	}
	return all[number-1], nil
}

// at is the comparison of that number.
func at(all []Comparison, number int) (Comparison, error) {
	if number < 1 || number > len(all) {
		return Comparison{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no comparison %d", number)
	}
	return all[number-1], nil
}

// SaveComparison holds what auditors saw on drawn sheets against the record
// (officials); sheets that nobody looked at are left out. It may be saved again
// until it is published: Conflict CodeEdited then.
func (s *Service) SaveComparison(
	ctx context.Context,
	actor domain.Actor,
	id string,
	number int,
	seen []SeenSheet,
) (Comparison, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Comparison{}, err
	}
	r, outcomes, err := s.compared(ctx, id)
	if err != nil {
		return Comparison{}, err
	}
	all, err := s.sheets(ctx, r, outcomes)
	if err != nil {
		return Comparison{}, err
	}
	recorded := make(map[SheetName]sheet, len(all))
	for _, one := range all {
		recorded[one.SheetName] = one
	}
	return s.compare(ctx, actor, id, func(r round.Round, before []Comparison) (int, *round.Entry, error) {
		c, err := at(before, number)
		if err != nil {
			return 0, nil, err
		}
		if !c.Published.IsZero() {
			return 0, nil, domain.Fail(domain.Conflict, domain.CodeEdited, "comparison %d is published", number)
		}
		d := comparedSheets{Comparison: number}
		if err := d.look(r, c, seen, recorded); err != nil {
			return 0, nil, err
		}
		if d.Stands, err = stands(r, outcomes, len(all)); err != nil {
			return 0, nil, err
		}
		return number, round.NewEntry(r, actor, compareSheets, "", d), nil
	})
}

// look compares what was seen with the record.
func (d *comparedSheets) look(
	r round.Round,
	c Comparison,
	seen []SeenSheet,
	recorded map[SheetName]sheet,
) error {
	var p domain.Problems
	looked := map[SheetName]bool{}
	for i, one := range seen {
		path := func(name string) string { return fmt.Sprintf("sheets[%d].%s", i, name) }
		of, known := recorded[one.SheetName]
		switch {
		case !known || !slices.Contains(c.Sheets, one.SheetName):
			p.Add(path("serial"), "unknown", "")
			continue
		case of.withheld:
			p.Add(path("serial"), "not_allowed", "")
			continue
		case looked[one.SheetName]:
			p.Add(path("serial"), "duplicate", "")
			continue
		}
		looked[one.SheetName] = true
		if one.Missing {
			d.Missing = append(d.Missing, one.SheetName)
			continue
		}
		says, ok := normal(strings.Fields(one.Seen), ranks(r, of.area))
		if !ok {
			p.Add(path("seen"), "bad_format", "")
			continue
		}
		in, _ := normal(words(of.vote), ranks(r, of.area))
		if says == in {
			d.Alike++
		} else {
			d.Other = append(d.Other, OtherSheet{one.SheetName, says, in})
		}
	}
	if len(looked) == 0 && p.Err() == nil {
		p.Add("sheets", "required", "")
	}
	slices.SortFunc(d.Other, func(a, b OtherSheet) int { return a.compare(b.SheetName) })
	slices.SortFunc(d.Missing, SheetName.compare)
	return p.Err()
}

// ranks tells whether an area's ballots are rankings, whose order counts.
func ranks(r round.Round, area string) bool {
	return formOf(r, area).VoteKind() == ballot.Ranking
}

func formOf(r round.Round, area string) (f ballot.Form) {
	for _, p := range r.Settings.Papers {
		if slices.Contains(p.Areas, area) {
			f = p.Form
		}
	}
	return f
}

// words are a vote's choices, of points with a colon.
func words(v ballot.Vote) []string {
	all := make([]string, len(v.Choices))
	for i, n := range v.Choices {
		if all[i] = strconv.Itoa(n); len(v.Points) > 0 {
			all[i] += ":" + strconv.Itoa(v.Points[i])
		}
	}
	return all
}

// normal writes choices one way; but in a ranking their order does not matter.
func normal(words []string, ranking bool) (string, bool) {
	for i, word := range words {
		number, points, pointed := strings.Cut(word, ":")
		n, err := strconv.ParseUint(number, 10, 20)
		if err != nil {
			return "", false
		}
		words[i] = strconv.FormatUint(n, 10)
		if pointed {
			if n, err = strconv.ParseUint(points, 10, 20); err != nil {
				return "", false
			}
			words[i] += ":" + strconv.FormatUint(n, 10)
		}
	}
	if !ranking {
		slices.Sort(words)
	}
	return strings.Join(words, " "), true
}

// PublishComparison shows everybody what was found, as it was at version: by
// another official than the one who saved it, Forbidden CodeOwnRequest else.
// Conflict CodeEdited if something else was saved meanwhile. The same once more
// changes nothing.
func (s *Service) PublishComparison(
	ctx context.Context,
	actor domain.Actor,
	id string,
	number int,
	version int64,
) (Comparison, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Comparison{}, err
	}
	if _, _, err := s.compared(ctx, id); err != nil {
		return Comparison{}, err
	}
	return s.compare(ctx, actor, id, func(r round.Round, before []Comparison) (int, *round.Entry, error) {
		c, err := at(before, number)
		switch {
		case err != nil:
			return 0, nil, err
		case c.Found == nil || c.Version != version:
			return 0, nil, domain.Fail(domain.Conflict, domain.CodeEdited, "something else was saved of comparison %d", number)
		case !c.Published.IsZero():
			return number, nil, nil
		case c.Own:
			return 0, nil, domain.Fail(domain.Forbidden, round.CodeOwnRequest,
				"another official publishes what you have saved")
		}
		return number, round.NewEntry(r, actor, publishComparison, "", publishedComparison{number, version}), nil
	})
}

// stands tells of each area how many of the sheets may be wrong.
func stands(r round.Round, outcomes []Outcome, sheets int) ([]Stands, error) {
	all := make([]Stands, len(outcomes))
	for i, o := range outcomes {
		all[i].Area = o.Area
		if withholds(r.Settings.OpeningsFrom, o.Ballots) {
			continue
		}
		if n, known := withstands(o.Result, mostOf(formOf(r, o.Area), o.Result.Rule.Utility)); known {
			all[i].Sheets = new(min(n, sheets))
		}
	}
	return all, nil
}

// mostOf is the most that one ballot can give a project.
func mostOf(f ballot.Form, u tally.Utility) int64 {
	switch u {
	case tally.Points:
		return int64(cmp.Or(f.PointsEach, f.Points, 1))
	case tally.Borda, tally.Rank:
		return int64(max(f.Max, 1))
	default:
		return 1
	}
}

// withstands is how many sheets may be wrong in the worst way without another
// selection; ok is false where the rule is not one of which that can be said.
//
// A wrong sheet moves a project's score by at most each, so the lead of one
// over another by twice that. Take a project that is not funded: funded ones
// that lead it by more than 2·n·each are surely still walked before it. If
// those leave too little for it whatever else comes before, then it cannot be
// the first that is funded anew; if that holds for every such project, none is,
// and so all others fit as they did.
func withstands(o tally.Outcome, each int64) (n int, ok bool) {
	if o.Rule.Method != tally.Greedy || len(o.Rule.Exclusive) > 0 || o.Rule.Comparison != "" {
		return 0, false
	}
	var funded []tally.Result
	for _, p := range o.Projects {
		if p.Selected {
			funded = append(funded, p)
		}
	}
	slices.SortStableFunc(funded, func(a, b tally.Result) int { return b.Score.Cmp(a.Score) })
	// Without any ballot nothing would be funded.
	n = max(int(o.Voters)-1, 0)
	for _, p := range o.Projects {
		if p.Selected || p.Status == tally.Withdrawn {
			continue
		}
		left := o.Budget.Sub(p.Cost)
		for i := 0; left.Sign() >= 0; i++ {
			if i == len(funded) {
				return 0, true // it would fit: nobody voted
			}
			if left = left.Sub(funded[i].Cost); left.Sign() < 0 {
				lead := funded[i].Score.Sub(p.Score).Rat()
				n = min(n, fewerThan(lead.Quo(lead, new(big.Rat).SetInt64(2*each))))
			}
		}
	}
	return n, true
}

// fewerThan is the largest whole number below x, not below 0.
func fewerThan(x *big.Rat) int {
	if x.Sign() <= 0 {
		return 0
	}
	up := new(big.Int).Add(x.Num(), new(big.Int).Sub(x.Denom(), big.NewInt(1)))
	return int(up.Quo(up, x.Denom()).Int64() - 1)
}
