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
	Kind  string `json:"kind"`  // Approval or Knapsack
	Min   int    `json:"min"`   // fewest picks
	Max   int    `json:"max"`   // most picks
	Blank bool   `json:"blank"` // no pick at all is allowed although Min is more
}

// The kinds of form.
const (
	Approval = "approval" // Min to Max projects, whatever they cost
	Knapsack = "knapsack" // the picks' reserved costs must fit the area's pot together
)

// CodeOverPot refuses a knapsack that costs more than there is.
const CodeOverPot domain.Code = "over_pot"

// Validate tells whether the choices obey the form; costs are the reserved
// costs of the area's projects by number, pot is the area's. All faults come at
// once as fields: choices too_few or too_many with the bound, choices[i]
// unknown (a position in the ballot, never a project), and for a knapsack that
// does not fit, with CodeOverPot, choices too_large with the pot in cents.
func (b Ballot) Validate(form Form, costs map[int]domain.Cents, pot domain.Cents) error {
	var faults domain.Problems
	n := len(b.Choices)
	switch {
	case n > form.Max:
		faults.Add("choices", "too_many", strconv.Itoa(form.Max))
	case n < form.Min && !(n == 0 && form.Blank):
		faults.Add("choices", "too_few", strconv.Itoa(form.Min))
	}
	var total domain.Cents
	for i, c := range b.Choices {
		cost, known := costs[c]
		if !known {
			faults.Add(fmt.Sprintf("choices[%d]", i), "unknown", "")
		}
		var err error
		if total, err = total.Add(cost); err != nil {
			return err
		}
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
