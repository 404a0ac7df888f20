package tally

import "math/big"

// Compared is the comparison step of equal shares.
type Compared struct {
	By          Comparison `json:"by"`
	Greedy      []string   `json:"greedy"` // what greedy funds
	PreferFirst int64      `json:"prefer_equal_shares"`
	PreferOther int64      `json:"prefer_greedy"`
	GreedyUsed  bool       `json:"greedy_used"`
}

// compareWithGreedy replaces the outcome by that of greedy if more voters
// strictly prefer it.
func (e *election) compareWithGreedy(o *Outcome) {
	other := e.newOutcome()
	e.walk(&other, Greedy, e.all(), new(big.Int).Set(e.pot))
	c := &Compared{By: e.rule.Comparison, Greedy: other.Selected}
	c.PreferFirst, c.PreferOther = prefer(e.in, *o, other, e.rule.Comparison)
	o.judgeTies()
	other.judgeTies()
	unused := other.Ties
	if c.GreedyUsed = c.PreferOther > c.PreferFirst; c.GreedyUsed {
		unused = o.Ties
		other.Iterations, other.VoterBudget = o.Iterations, o.VoterBudget
		*o = other
	}
	for _, t := range unused {
		t.Compared = true
		o.Ties = append(o.Ties, t)
	}
	o.Comparison = c
}

// prefer counts the voters who strictly prefer one outcome.
func prefer(in Instance, a, b Outcome, by Comparison) (first, second int64) {
	mark := make([]int32, len(in.Projects))
	for i := range in.Ballots {
		var x, y int
		for _, p := range in.Ballots[i].Projects {
			if mark[p] == int32(i)+1 {
				continue
			}
			mark[p] = int32(i) + 1
			if a.Projects[p].Selected {
				x++
			}
			if b.Projects[p].Selected {
				y++
			}
		}
		if by == ExclusionRatio {
			x, y = min(x, 1), min(y, 1)
		}
		if x > y {
			first += in.Ballots[i].Weight
		} else if y > x {
			second += in.Ballots[i].Weight
		}
	}
	return first, second
}

// Difference sets two outcomes of the same election side by side.
type Difference struct {
	Both     []string    `json:"both"` // funded by both, in the instance's order
	OnlyA    []string    `json:"only_a"`
	OnlyB    []string    `json:"only_b"`
	PreferA  int64       `json:"prefer_a"` // voters of whose picks A funds more than B
	PreferB  int64       `json:"prefer_b"`
	WithoutA int64       `json:"nothing_a"` // voters of whose picks A funds none
	WithoutB int64       `json:"nothing_b"`
	Projects []DiffersBy `json:"differ"` // the explanation by both, of those that differ
	SumA     Measures    `json:"measures_a"`
	SumB     Measures    `json:"measures_b"`
	A        Outcome     `json:"-"`
	B        Outcome     `json:"-"`
}

// DiffersBy explains one project under both outcomes.
type DiffersBy struct {
	A Result `json:"a"`
	B Result `json:"b"`
}

// Compare sets two outcomes of the same instance side by side.
func Compare(in Instance, a, b Outcome) Difference {
	d := Difference{Both: []string{}, OnlyA: []string{}, OnlyB: []string{}, Projects: []DiffersBy{}, A: a, B: b}
	for p := range in.Projects {
		x, y := a.Projects[p], b.Projects[p]
		switch {
		case x.Selected && y.Selected:
			d.Both = append(d.Both, x.ID)
		case x.Selected:
			d.OnlyA = append(d.OnlyA, x.ID)
		case y.Selected:
			d.OnlyB = append(d.OnlyB, x.ID)
		}
		if x.Selected != y.Selected {
			d.Projects = append(d.Projects, DiffersBy{x, y})
		}
	}
	d.PreferA, d.PreferB = prefer(in, a, b, Satisfaction)
	d.WithoutA, d.WithoutB = a.Funded[0], b.Funded[0]
	d.SumA, d.SumB = Measure(a), Measure(b)
	return d
}
