package tally

import (
	"context"
	"math/big"
	"slices"
)

// Change is what would have made a losing project win, all else as it was: the
// measures of Boehmer et al., "Evaluation of Project Performance in
// Participatory Budgeting" (IJCAI 2024), arXiv 2312.14723. A project that lost
// to a chain of ties may have won by another lot, which is not among them.
type Change struct {
	// Votes is the number of further voters it needed who vote for it alone
	// (there: add-singletons). Under equal shares they share the budget with the
	// others, and no more of them are looked at than have voted. nil: no number
	// was found that helps.
	Votes *int64 `json:"votes,omitempty"`
	// VotesLeast: it is proved that no fewer would have done, or none at all.
	// Otherwise a count with them has shown that they are enough. Always false
	// where the rule counts points: there is no saying how they would give them.
	VotesLeast bool `json:"votes_least"`
	// Score is the score it needed more, from the same ballots, in the units of
	// Result.Score: for greedy rules with the utilities points and borda.
	Score *Number `json:"score,omitempty"`
	// Cost is the greatest cost, in whole hundredths of the budget's unit, at
	// which it would have won, and Cheaper what it would have cost less (there:
	// cost reduction). nil: no cost of a hundredth or more was found that helps.
	Cost    *Number `json:"cost,omitempty"`
	Cheaper *Number `json:"cheaper,omitempty"`
	// CostLeast: it is proved that no greater cost would have done, or none at
	// all. Otherwise a count with it has shown that it is low enough.
	CostLeast bool `json:"cost_least"`
}

// parts of the budget's unit in which costs are lowered.
const parts = 100

// changes works out what would have made the losing projects win, or those of
// them with these ids if there are any. Under exact equal shares it is not
// worked out: there Result.Equal says how much money was wanting.
func changes(ctx context.Context, in Instance, out Outcome, ids []string) (map[int32]*Change, error) {
	if out.Rule.Method == ExactShares {
		return nil, nil
	}
	c := &changer{ctx: ctx, e: newElectionIn(out.Rule, in, parts), out: out, found: map[int32]*Change{}}
	c.grain = new(big.Int).Quo(c.e.unit, big.NewInt(parts))
	for p := range in.Projects {
		r := &out.Projects[p]
		lost := !r.Selected && r.Status != Withdrawn && r.Status != NoBallots
		if lost && (len(ids) == 0 || slices.Contains(ids, r.ID)) {
			c.losers = append(c.losers, int32(p))
			c.found[int32(p)] = &Change{}
		}
	}
	if c.e.n == 0 || len(c.losers) == 0 {
		return c.found, nil
	}
	switch {
	case out.Rule.Method == Phragmen:
		c.phragmen()
	case out.Rule.Method == EqualShares:
		c.equalShares()
	default:
		c.greedy()
	}
	return c.found, c.err
}

type changer struct {
	ctx    context.Context
	e      *election
	out    Outcome
	grain  *big.Int // the election's units in a hundredth of the budget's
	losers []int32
	found  map[int32]*Change
	err    error
}

// stopped tells whether to give up; err says why.
func (c *changer) stopped() bool {
	if c.err == nil {
		c.err = c.ctx.Err()
	}
	return c.err != nil
}

// steps is the number of costs below p's own: i·grain for i = 1 … steps.
func (c *changer) steps(p int32) int64 {
	n := new(big.Int).Sub(c.e.cost[p], one)
	if n.Quo(n, c.grain); n.Sign() > 0 && n.IsInt64() {
		return n.Int64()
	}
	return 0
}

func (c *changer) costOf(step int64) *big.Int {
	return new(big.Int).Mul(c.grain, big.NewInt(step))
}

// cheaper notes that p wins at a cost of so many steps, and at no greater one;
// 0: at no cost.
func (c *changer) cheaper(p int32, step int64) {
	f := c.found[p]
	if f.CostLeast = true; step > 0 {
		cost := c.e.money(c.costOf(step))
		less := c.out.Projects[p].Cost.Sub(cost)
		f.Cost, f.Cheaper = &cost, &less
	}
}

// votes notes that p wins with so many further voters, and with no fewer; not
// ok: with no number of them.
func (c *changer) votes(p int32, n int64, ok bool) {
	f := c.found[p]
	if f.VotesLeast = true; ok {
		f.Votes = &n
	}
}

// hypothesis is one project with another cost, with further voters who vote for
// it alone, or with more score from the same ballots.
type hypothesis struct {
	p      int32
	cost   *big.Int // nil: its own
	voters int64
	score  int64
}

// try has the election as the hypothesis has it while do runs, except for the
// chain's rank.
func (e *election) try(h hypothesis, do func()) {
	cost, votes, score, n := e.cost[h.p], e.votes[h.p], e.score[h.p], e.n
	if h.cost != nil {
		e.cost[h.p] = h.cost
	}
	e.votes[h.p], e.score[h.p], e.n = votes+h.voters, score+h.voters+h.score, n+h.voters
	do()
	e.cost[h.p], e.votes[h.p], e.score[h.p], e.n = cost, votes, score, n
}

// least is the smallest n in [from, to] for which ok holds, which then holds
// for all greater ones.
func least(from, to int64, ok func(int64) bool) (int64, bool) {
	if from > to || !ok(to) {
		return 0, false
	}
	for from < to {
		if middle := from + (to-from)/2; ok(middle) {
			to = middle
		} else {
			from = middle + 1
		}
	}
	return to, true
}

// greatest is the largest n in [1, to] for which ok holds, which then holds for
// all smaller ones; 0 if there is none.
func greatest(to int64, ok func(int64) bool) int64 {
	n, _ := least(-to, -1, func(n int64) bool { return ok(-n) })
	return -n
}

// greedy: the money left falls from place to place of the walk, and whom a
// conflict or a stop shuts out stays so. A lower cost or a greater score puts a
// project further ahead and changes nothing before it, so what helps still
// helps if there is more of it.
func (c *changer) greedy() {
	wins := func(h hypothesis) (won bool) {
		c.e.try(h, func() {
			chain := c.e.chain
			c.e.chain = c.e.newChain()
			o := c.e.newOutcome()
			c.e.greedy(&o)
			won, c.e.chain = o.Projects[h.p].Selected, chain
		})
		return won
	}
	for _, p := range c.losers {
		if c.stopped() {
			return
		}
		c.cheaper(p, greatest(c.steps(p), func(n int64) bool { return wins(hypothesis{p: p, cost: c.costOf(n)}) }))
		if c.e.rule.Utility != Cardinality {
			if n, ok := least(1, maxTotal, func(n int64) bool { return wins(hypothesis{p: p, score: n}) }); ok {
				score := c.e.points(n)
				c.found[p].Score = &score
			}
			continue
		}
		for _, span := range c.spans(p) {
			n, ok := least(span[0], span[1], func(n int64) bool { return wins(hypothesis{p: p, voters: n}) })
			if c.votes(p, n, ok); ok {
				break
			}
		}
	}
}

// spans are the numbers of further voters between which no other project falls
// below a threshold that is a share of the ballots. One that falls leaves the
// walk, and a dearer one may take its money: more voters may then do less.
func (c *changer) spans(p int32) [][2]int64 {
	starts, to := []int64{1}, int64(maxTotal)
	if t := c.e.rule.Threshold; t != nil && t.Share.Sign() > 0 {
		for q := range c.e.score {
			most := c.e.points(c.e.score[q]).Div(t.Share).Sub(Int(c.e.n)).Rat()
			if n := new(big.Int).Quo(most.Num(), most.Denom()); int32(q) != p && n.Sign() > 0 && n.IsInt64() {
				starts = append(starts, min(n.Int64(), maxTotal)+1)
			}
		}
	}
	if c.e.rule.Method != GreedyDensity && c.e.rule.Threshold == nil {
		to = slices.Max(c.e.score) + 1 // puts it first: more can do no more
	}
	slices.Sort(starts)
	var spans [][2]int64
	for i, from := range starts {
		end := to
		if i+1 < len(starts) {
			end = starts[i+1] - 1
		}
		if from <= end {
			spans = append(spans, [2]int64{from, end})
		}
	}
	return spans
}

// phragmen: until a project is bought the count is the one without it, so each
// round tells by itself whether the project would have been first in it, and
// have fitted. A lower cost or more supporters bring its moment forward, to
// rounds with more money left: what helps still helps if there is more of it.
// It also fits in every round before.
func (c *changer) phragmen() {
	k := newClock(c.e)
	o := c.e.newOutcome()
	best := make([]int64, len(c.e.cost)) // steps of the cost
	k.onRound = func(first []int32, left *big.Int) {
		for _, p := range c.losers {
			if o.shutOut(c.e.rival[p]) != "" || c.stopped() {
				continue
			}
			if to := c.steps(p); best[p] < to {
				n, ok := least(-to, -best[p]-1, func(n int64) bool {
					return k.goesFirst(hypothesis{p: p, cost: c.costOf(-n)}, first, left)
				})
				if ok {
					best[p] = -n
				}
			}
			to := int64(maxTotal)
			if v := c.found[p].Votes; v != nil {
				to = *v - 1
			}
			n, ok := least(1, to, func(n int64) bool { return k.goesFirst(hypothesis{p: p, voters: n}, first, left) })
			if ok {
				c.votes(p, n, true)
			}
		}
	}
	if err := k.count(c.ctx, &o); err != nil {
		c.err = err
	}
	for _, p := range c.losers {
		if c.e.votes[p] > 0 {
			c.cheaper(p, best[p])
			continue
		}
		// Nobody supports it: it is bought at the end, with all others that nobody
		// supports, if all of them fit. It is the sooner bought the cheaper it is.
		c.cheaper(p, greatest(c.steps(p), func(n int64) bool {
			return c.recount(hypothesis{p: p, cost: c.costOf(n)})
		}))
	}
}

// goesFirst: the project of the hypothesis is bought in this round, before
// first, with so much money left.
func (c *clock) goesFirst(h hypothesis, first []int32, left *big.Int) bool {
	e, fits := c.k.e, true
	cost := h.cost
	if cost == nil {
		cost = e.cost[h.p]
	}
	if cost.Cmp(left) > 0 || c.k.voters[h.p]+h.voters == 0 {
		return false
	}
	if len(first) == 0 || c.k.voters[first[0]] == 0 {
		return true
	}
	x := c.sum(h.p)
	x.Add(x, new(big.Int).Mul(new(big.Int).Sub(cost, c.k.cost[h.p]), c.lastDen()))
	x.Mul(x, big.NewInt(c.k.voters[first[0]]))
	y := c.sum(first[0])
	switch y.Mul(y, big.NewInt(c.k.voters[h.p]+h.voters)); x.Cmp(y) {
	case -1:
		return true
	case 1:
		return false
	}
	for _, q := range first {
		fits = fits && c.k.cost[q].Cmp(left) <= 0
	}
	before := false
	e.try(h, func() { before = e.chain.before(h.p, first[0]) < 0 })
	return fits && before
}

// recount tells whether the project of the hypothesis is funded.
func (c *changer) recount(h hypothesis) bool {
	in := c.e.in
	in.Projects = slices.Clone(in.Projects)
	if h.cost != nil {
		in.Projects[h.p].Cost = c.e.money(h.cost)
	}
	if h.voters > 0 {
		more := Ballot{Weight: h.voters, Projects: []int32{h.p}}
		if in.Form == Cumulative || in.Form == Scoring {
			more.Points = []int64{1}
		}
		in.Ballots = append(in.Ballots[:len(in.Ballots):len(in.Ballots)], more)
	}
	out, err := Run(c.ctx, c.e.rule, in)
	if err != nil {
		c.err = err
		return false
	}
	return out.Projects[h.p].Selected
}
