// Package ballot is what a voter fills in: forms, choices, canonical bytes, and the messages that credential and voter's key sign.
package ballot

// Form says how a paper is filled in. Its JSON is part of the published manifest.
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
