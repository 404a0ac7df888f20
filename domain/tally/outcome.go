package tally

import (
	"fmt"
	"math/big"
)

// Outcome is the result of a count, explained, and a pure function of rule and
// instance.
type Outcome struct {
	Selected []string `json:"selected"` // ids in order of purchase
	Cost     Number   `json:"cost"`
	Budget   Number   `json:"budget"`
	Rule     Rule     `json:"rule"` // complete: nothing left to a default
	// Convention spells out what others mean differently by the same name.
	Convention string `json:"convention,omitempty"`
	Voters     int64  `json:"voters"`
	// Iterations is the number of endowments that equal shares tried,
	// VoterBudget the one that made the outcome, exactly.
	Iterations  int64     `json:"iterations"`
	VoterBudget *Fraction `json:"voter_budget"`
	Ties        []TieMet  `json:"ties"` // of the run that made the outcome, then those of others
	// Funded[k] is the number of voters of whose picks k are funded.
	Funded   []int64  `json:"voters_by_funded_picks"`
	Projects []Result `json:"projects"` // in the instance's order
	// Comparison is there if the rule has that step, Certificate if the outcome
	// is one of equal shares.
	Comparison  *Compared    `json:"comparison,omitempty"`
	Certificate *Certificate `json:"certificate,omitempty"`
}

// Status is a project's place in the outcome: funded, or why not.
type Status string

// The statuses.
const (
	Bought       Status = "funded"
	DoesNotFit   Status = "does not fit"        // dearer than the money left when its turn came
	AfterStop    Status = "after the stop"      // the walk had ended
	BelowMinimum Status = "below the threshold" // too few votes to be considered
	Conflicting  Status = "conflict"            // a project it conflicts with was funded first
	Unaffordable Status = "unaffordable"        // its supporters could not pay it
	Unsupported  Status = "unsupported"         // nobody supports it
	Withdrawn    Status = "withdrawn"
	NoBallots    Status = "no ballots" // nobody voted: nothing is funded
)

// Result explains one project.
type Result struct {
	ID       string `json:"id"`
	Votes    int64  `json:"votes"` // ballots that name it
	Score    Number `json:"score"` // sum of the utility; equals votes where a vote is worth 1
	Cost     Number `json:"cost"`
	Selected bool   `json:"selected"`
	Status   Status `json:"status"`
	// VotesWithheld says that Votes and Score are not told, and 0 here. No count
	// sets it: a record does, where so few ballots would give somebody away.
	VotesWithheld bool `json:"votes_withheld,omitempty"`
	// Round is the place in the order of purchase of a funded project, from 1;
	// else 0.
	Round int `json:"round,omitempty"`
	// Moment is when sequential Phragmén bought the project: the load of its
	// supporters afterwards.
	Moment *Fraction `json:"moment,omitempty"`
	// Shares explains equal shares.
	Shares *Shares `json:"shares,omitempty"`
	// Equal explains exact equal shares.
	Equal *EqualShare `json:"equal_share,omitempty"`
	// Conflict is the funded project that shut this one out.
	Conflict string `json:"conflict,omitempty"`
	// Walk explains greedy methods, and projects that a completion considered.
	Walk *Walk `json:"walk,omitempty"`
}

// Walk is a project's turn in a greedy walk.
type Walk struct {
	Place int    `json:"place"` // from 1
	Left  Number `json:"left"`  // money left when its turn came
}

func (e *election) newOutcome() Outcome {
	o := Outcome{
		Selected: []string{}, Budget: e.in.Budget, Rule: e.rule, Voters: e.n,
		Ties: []TieMet{}, Projects: make([]Result, len(e.in.Projects)),
	}
	if e.rule.Utility == Borda {
		o.Convention = "borda: of n picks the first is worth n-1, the last 0, and is not supported by its voter"
	}
	if e.rule.Utility == Rank {
		o.Convention = fmt.Sprintf("rank: of %d places the first is worth %d, the next %d, and so on", e.ranks, e.ranks,
			e.ranks-1)
	}
	for p := range e.in.Projects {
		o.Projects[p] = Result{
			ID: e.in.Projects[p].ID, Votes: e.votes[p], Cost: e.in.Projects[p].Cost,
			Score: e.points(e.score[p]),
		}
		if e.in.Projects[p].Withdrawn {
			o.Projects[p].Status = Withdrawn
		}
	}
	return o
}

// points turns a sum of the rule's utility, cost counted as 1, into a score.
func (e *election) points(n int64) Number {
	unit := big.NewInt(1)
	if e.rule.Utility == Points {
		unit.Exp(big.NewInt(10), big.NewInt(int64(e.in.PointDecimals)), nil)
	}
	return Number{new(big.Rat).SetFrac(big.NewInt(n), unit)}
}

// shutOut returns the first of the rivals that is funded, or "".
func (o *Outcome) shutOut(rivals []int32) string {
	for _, q := range rivals {
		if o.Projects[q].Selected {
			return o.Projects[q].ID
		}
	}
	return ""
}

// buy appends p to the outcome.
func (o *Outcome) buy(p int32) {
	r := &o.Projects[p]
	o.Selected = append(o.Selected, r.ID)
	o.Cost = o.Cost.Add(r.Cost)
	r.Selected, r.Status, r.Round = true, Bought, len(o.Selected)
}

// finish fills what follows from the selection.
func (e *election) finish(o *Outcome) {
	o.judgeTies()
	mark := make([]int32, len(e.in.Projects))
	o.Funded = []int64{0}
	for i := range e.in.Ballots {
		b, k := &e.in.Ballots[i], 0
		for _, p := range b.Projects {
			if mark[p] != int32(i)+1 {
				mark[p] = int32(i) + 1
				if o.Projects[p].Selected {
					k++
				}
			}
		}
		for k >= len(o.Funded) {
			o.Funded = append(o.Funded, 0)
		}
		o.Funded[k] += b.Weight
	}
}
