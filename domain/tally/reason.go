package tally

import (
	"context"
	"math/big"
	"slices"
)

// Explanation is an outcome told project by project, as data for sentences. It
// follows from rule, instance and outcome, and is no part of what is published
// for recounting. Amounts are in the budget's unit, rounded to hundredths.
//
// Like the ballots themselves it says more than the totals: where few ballots
// are not to be seen, neither is this.
type Explanation struct {
	Measures Measures `json:"measures"`
	Projects []Reason `json:"projects"` // in the instance's order
}

// Reason is why one project is funded or not.
type Reason struct {
	ID     string `json:"id"`
	Status Status `json:"status"`
	// Round is the place of a funded project in the order of purchase, from 1.
	Round int `json:"round,omitempty"`
	// Price is what a supporter paid for a funded project at most: under equal
	// shares the share of those who paid in full, under Phragmén what a supporter
	// had saved up since paying last at most. nil where nobody pays: greedy
	// walks, completions by greedy, projects without cost.
	Price *Number `json:"price,omitempty"`
	// Paid is the number of supporters who paid.
	Paid int64 `json:"paid,omitempty"`
	// Missing is what a losing project lacked, and Lack says of what.
	Missing *Number `json:"missing,omitempty"`
	Lack    Lack    `json:"lack,omitempty"`
	// Taken is what went from its supporters to funded projects that they chose
	// too, the greatest first: until it was out of reach (equal shares) or the
	// count ended (Phragmén).
	Taken []Taken `json:"taken,omitempty"`
	// Conflict is the funded project that shut this one out.
	Conflict string `json:"conflict,omitempty"`
	// Change is what would have made a losing project win; nil if it was
	// withdrawn, nobody voted or Explain was not asked.
	Change *Change `json:"change,omitempty"`
}

// Lack says what a losing project had too little of.
type Lack string

// What a project may lack.
const (
	OfSupportersMoney Lack = "supporters' money" // equal shares and Phragmén
	OfMoneyLeft       Lack = "money left"        // greedy walks, when its turn came; Phragmén, when it was first
	OfScore           Lack = "score"             // below the threshold; in the units of Result.Score
)

// Measures sum an outcome up.
type Measures struct {
	Funded int    `json:"funded"` // projects
	Cost   Number `json:"cost"`
	Left   Number `json:"left"` // of the budget
	Voters int64  `json:"voters"`
	// ByFundedPicks[k] is the number of voters of whose picks k are funded.
	ByFundedPicks []int64 `json:"voters_by_funded_picks"`
	// Picks is the number of funded picks of the average voter, and Value their
	// cost, rounded to hundredths.
	Picks Number `json:"funded_picks_on_average"`
	Value Number `json:"cost_of_funded_picks_on_average"`
}

// Measure sums an outcome up.
func Measure(out Outcome) Measures {
	m := Measures{
		Funded: len(out.Selected), Cost: out.Cost, Left: out.Budget.Sub(out.Cost), Voters: out.Voters,
		ByFundedPicks: out.Funded,
	}
	if out.Voters == 0 {
		return m
	}
	var picks int64
	var value Number
	for i := range out.Projects {
		if r := &out.Projects[i]; r.Selected {
			picks += r.Votes
			value = value.Add(Int(r.Votes).Mul(r.Cost))
		}
	}
	m.Picks = rounded(Frac(picks, out.Voters).view(), 100, 0.5)
	m.Value = rounded(value.Div(Int(out.Voters)).view(), 100, 0.5)
	return m
}

// Explain tells an outcome of Run for the same instance project by project.
// What would have made a project win takes as long as many counts, above all
// under equal shares: with ids it is worked out for these projects only.
// Explain returns the context's error when that ends first.
func Explain(ctx context.Context, in Instance, out Outcome, ids ...string) (Explanation, error) {
	x := Explanation{Measures: Measure(out), Projects: make([]Reason, len(out.Projects))}
	for p := range out.Projects {
		x.Projects[p] = out.Projects[p].reason(out)
	}
	if out.Rule.Method == Phragmen && out.Voters > 0 {
		if err := x.addLoads(ctx, newElection(out.Rule, in)); err != nil {
			return Explanation{}, err
		}
	}
	found, err := changes(ctx, in, out, ids)
	if err != nil {
		return Explanation{}, err
	}
	for p, change := range found {
		x.Projects[p].Change = change
	}
	return x, nil
}

// reason is what the result itself tells.
func (r *Result) reason(out Outcome) Reason {
	x := Reason{ID: r.ID, Status: r.Status, Round: r.Round, Conflict: r.Conflict}
	lack := func(of Lack, n Number) {
		if n.Sign() > 0 {
			missing := rounded(n.view(), 100, 0.5)
			x.Missing, x.Lack = &missing, of
		}
	}
	switch s := r.Shares; {
	case r.Selected && s != nil && s.Price != nil:
		x.Price, x.Paid = s.Price, s.Full+s.Partly
	case r.Selected && r.Equal != nil:
		x.Price, x.Paid = r.Equal.Price, r.Equal.Payers
	case r.Selected, r.Status == Withdrawn:
	case s != nil && s.Missing != nil:
		lack(OfSupportersMoney, *s.Missing)
		x.Taken = s.Taken
	case r.Status == DoesNotFit && r.Walk != nil:
		lack(OfMoneyLeft, r.Cost.Sub(r.Walk.Left))
	case r.Status == BelowMinimum:
		t := out.Rule.Threshold
		least := t.Share.Mul(Int(out.Voters))
		if least.Cmp(t.Score) < 0 {
			least = t.Score
		}
		lack(OfScore, least.Sub(r.Score))
	}
	return x
}

// addLoads tells the prices of sequential Phragmén, and how much the supporters
// of the others had saved up when the count ended.
func (x *Explanation) addLoads(ctx context.Context, e *election) error {
	c := newClock(e)
	c.taken = make([][]float64, len(e.cost))
	var end *big.Rat // the moment at which the count ended
	var left *big.Int
	c.onRound = func(first []int32, money *big.Int) {
		left = new(big.Int).Set(money)
		if len(first) == 0 || c.k.voters[first[0]] == 0 {
			return
		}
		num, den := c.moment(first[0])
		end = new(big.Rat).SetFrac(num, den)
		r := &x.Projects[first[0]]
		if r.Round > 0 {
			price := rounded(e.amount(new(big.Rat).Sub(end, c.leastLoad(first[0]))), 100, 0.5)
			r.Price, r.Paid = &price, c.k.voters[first[0]]
		}
	}
	o := e.newOutcome()
	if err := c.count(ctx, &o); err != nil {
		return err
	}
	for p := range x.Projects {
		r := &x.Projects[p]
		if r.Status == Bought || r.Status == Withdrawn || r.Status == Conflicting || c.k.voters[p] == 0 || end == nil {
			continue
		}
		if e.cost[p].Cmp(e.pot) > 0 {
			missing := e.money(new(big.Int).Sub(e.cost[p], e.pot))
			r.Missing, r.Lack = &missing, OfMoneyLeft
			continue
		}
		saved := new(big.Rat).Mul(end, new(big.Rat).SetInt64(c.k.voters[p]))
		loads := new(big.Rat).SetFrac(c.sum(int32(p)), c.lastDen())
		saved.Sub(saved, loads.Sub(loads, toRat(e.cost[p])))
		missing := new(big.Rat).Sub(toRat(e.cost[p]), saved)
		r.Lack = OfSupportersMoney
		if missing.Sign() <= 0 { // it had its moment, and did not fit
			missing.Sub(toRat(e.cost[p]), toRat(left))
			r.Lack = OfMoneyLeft
		}
		amount := rounded(e.amount(missing), 100, 0.5)
		r.Missing = &amount
		for j, taken := range c.taken[p] {
			if n := rounded(e.amount(new(big.Rat).SetFloat64(taken)), 100, 0.5); n.Sign() > 0 {
				r.Taken = append(r.Taken, Taken{e.in.Projects[c.who[j]].ID, n})
			}
		}
		slices.SortStableFunc(r.Taken, func(a, b Taken) int { return b.Amount.Cmp(a.Amount) })
	}
	return nil
}

// leastLoad is the least load of the supporters of p.
func (c *clock) leastLoad(p int32) *big.Rat {
	var loaded, first int64 = 0, -1
	for j, n := range c.load[p] {
		if loaded += n; n > 0 && first < 0 {
			first = int64(j)
		}
	}
	if loaded < c.k.voters[p] {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(c.num[first], c.den[first])
}

// amount turns a scaled amount into units of money.
func (e *election) amount(scaled *big.Rat) *big.Rat { return scaled.Quo(scaled, toRat(e.unit)) }
