package record

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
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
