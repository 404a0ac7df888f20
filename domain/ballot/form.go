// Package ballot is what a voter fills in: forms, choices, canonical bytes, and
// the messages that credential and voter's key sign.
package ballot

import (
	"fmt"
	"strconv"

	"osbu/domain"
)

// Form says how a paper is filled in. Its JSON is part of the published
// manifest.
type Form struct {
	Kind  string `json:"kind"`  // Approval, Knapsack, Points or Ranking
	Min   int    `json:"min"`   // fewest projects
	Max   int    `json:"max"`   // most projects
	Blank bool   `json:"blank"` // no project at all is allowed although Min is more
	// Of Points alone:
	Points     int  `json:"points,omitempty"`      // how many there are to give
	PointsEach int  `json:"points_each,omitempty"` // the most that one project can be given
	PointsAll  bool `json:"points_all,omitempty"`  // all must be given, unless the ballot is blank
}

// The kinds of form.
const (
	Approval = "approval" // Min to Max projects, whatever they cost
	Knapsack = "knapsack" // the picks' reserved costs must fit the area's pot together
	Points   = "points"   // so many points in all, given to Min to Max projects
	Ranking  = "ranking"  // Min to Max projects, the best first: no two share a place, no place is left out
)

// CodeOverPot refuses a knapsack that costs more than there is.
const CodeOverPot domain.Code = "over_pot"

// VoteKind is the kind of vote that fills the form in.
func (f Form) VoteKind() string {
	if f.Kind == Points || f.Kind == Ranking {
		return f.Kind
	}
	return Picks
}

// TakesBlank tells whether a ballot may name no project.
func (f Form) TakesBlank() bool { return f.Blank || f.Min == 0 && !f.PointsAll }

// Fewest is how many projects a ballot that is not blank names at least.
func (f Form) Fewest() int {
	fewest := max(f.Min, 1)
	if f.PointsAll && f.PointsEach > 0 {
		fewest = max(fewest, (f.Points+f.PointsEach-1)/f.PointsEach)
	}
	return fewest
}

// Faults are what keeps the form from being one that can be filled in.
func (f Form) Faults() (p domain.Problems) {
	most := MaxChoices
	switch f.Kind {
	case Approval, Knapsack, Ranking:
	case Points:
		most = MaxPointed
	default:
		p.Add("kind", "unknown", "")
	}
	if f.Min < 0 {
		p.Add("min", "too_small", "0")
	}
	switch {
	case f.Max > most:
		p.Add("max", "too_large", strconv.Itoa(most))
	case f.Max < max(f.Min, 1):
		p.Add("max", "too_small", strconv.Itoa(max(f.Min, 1)))
	}
	return append(p, f.pointFaults()...)
}

func (f Form) pointFaults() (p domain.Problems) {
	if f.Kind != Points {
		for _, one := range []struct {
			name string
			said bool
		}{{"points", f.Points != 0}, {"points_each", f.PointsEach != 0}, {"points_all", f.PointsAll}} {
			if one.said {
				p.Add(one.name, "not_allowed", "only with points")
			}
		}
		return p
	}
	switch {
	case f.Points < max(f.Min, 1): // every project that is named has one
		p.Add("points", "too_small", strconv.Itoa(max(f.Min, 1)))
	case f.Points > MaxPoints:
		p.Add("points", "too_large", strconv.Itoa(MaxPoints))
	}
	switch least := (f.Points + max(f.Max, 1) - 1) / max(f.Max, 1); {
	case f.PointsEach > max(f.Points, 1):
		p.Add("points_each", "too_large", strconv.Itoa(max(f.Points, 1)))
	case f.PointsEach < 1:
		p.Add("points_each", "too_small", "1")
	case f.PointsAll && f.PointsEach < least: // all points could not be given
		p.Add("points_each", "too_small", strconv.Itoa(least))
	}
	return p
}

// Validate tells whether the vote obeys the form; costs are the reserved costs
// of the area's projects by number, pot is the area's. All faults come at once
// as fields: choices not_allowed if the vote is of another kind, too_few or
// too_many with the bound, choices[i] unknown (a position in the ballot, never
// a project); points too_large or too_small with how many there are to give,
// points[i] too_large; and for a knapsack that does not fit, with CodeOverPot,
// choices too_large with the pot in cents.
func (v Vote) Validate(form Form, costs map[int]domain.Cents, pot domain.Cents) error {
	var faults domain.Problems
	n := len(v.Choices)
	switch {
	case v.Kind != form.VoteKind():
		faults.Add("choices", "not_allowed", form.Kind)
	case n > form.Max:
		faults.Add("choices", "too_many", strconv.Itoa(form.Max))
	case n < form.Min && !(n == 0 && form.Blank):
		faults.Add("choices", "too_few", strconv.Itoa(form.Min))
	}
	var total domain.Cents
	for i, c := range v.Choices {
		cost, known := costs[c]
		if !known {
			faults.Add(fmt.Sprintf("choices[%d]", i), "unknown", "")
		}
		var err error
		if total, err = total.Add(cost); err != nil {
			return err
		}
	}
	if form.Kind == Points {
		v.validatePoints(form, &faults)
	}
	code := CodeInvalid
	if form.Kind == Knapsack && total > pot {
		if len(faults) == 0 {
			code = CodeOverPot
		}
		faults.Add("choices", "too_large", strconv.FormatInt(int64(pot), 10))
	}
	if len(faults) == 0 {
		return nil
	}
	return &domain.Error{Kind: domain.Invalid, Code: code, Detail: "the choices break the form", Fields: faults}
}

func (v Vote) validatePoints(form Form, faults *domain.Problems) {
	given := 0
	for i, n := range v.Points {
		if n > form.PointsEach {
			faults.Add(fmt.Sprintf("points[%d]", i), "too_large", strconv.Itoa(form.PointsEach))
		}
		given += n
	}
	switch {
	case given > form.Points:
		faults.Add("points", "too_large", strconv.Itoa(form.Points))
	case form.PointsAll && given < form.Points && !(len(v.Choices) == 0 && form.TakesBlank()):
		faults.Add("points", "too_small", strconv.Itoa(form.Points))
	}
}
