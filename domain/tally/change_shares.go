package tally

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// equalShares: until a project is bought a run is the run without it, so each
// purchase tells by itself whether the project would have been bought in its
// place. A lower cost lowers ρ, so what helps still helps if there is more of
// it. More voters lower everybody's money as well, with which anything may
// change: their numbers are tried one after the other.
//
// A completion that looks for an endowment, and the comparison step, turn on
// the whole outcome. There the endowment that was chosen gives an estimate, and
// counts with it have the last word.
func (c *changer) equalShares() {
	q := newProbe(c)
	single := c.e.rule.Comparison == NoComparison &&
		(c.e.rule.Completion == None || c.e.rule.Completion == Utilitarian)
	best := c.cheapest(q)
	c.free()
	for _, p := range c.losers {
		if single {
			c.cheaper(p, best[p])
		} else if n := c.confirm(best[p], 1, func(n int64) bool {
			return c.recount(hypothesis{p: p, cost: c.costOf(n)})
		}); n > 0 {
			c.cheaper(p, n)
			c.found[p].CostLeast = false
		}
	}
	if c.e.rule.Utility != Cost && c.e.rule.Utility != Cardinality {
		return
	}
	if single {
		c.moreVoters(q)
		return
	}
	for _, p := range c.losers {
		guess, _ := c.fewVoters(q, p, 1)
		if n := c.confirm(guess, c.e.n, func(n int64) bool { return c.recount(hypothesis{p: p, voters: n}) }); n > 0 {
			c.votes(p, n, true)
			c.found[p].VotesLeast = false
		}
	}
}

// free settles the losing projects without cost. Nobody supports them, or
// others without cost that they conflict with come before them in the chain of
// ties: more votes bring them forward, and the endowment does not matter.
func (c *changer) free() {
	c.losers = slices.DeleteFunc(c.losers, func(p int32) bool {
		if c.e.cost[p].Sign() > 0 {
			return false
		}
		if c.cheaper(p, 0); c.e.rule.Utility == Cost || c.e.rule.Utility == Cardinality {
			n, ok := least(1, c.e.n, func(n int64) bool { return !c.stopped() && c.recount(hypothesis{p: p, voters: n}) })
			c.votes(p, n, ok)
			c.found[p].VotesLeast = c.e.rule.Comparison == NoComparison
		}
		return true
	})
}

// confirm looks for a number for which ok holds, from a guess (0: none) step by
// step wider towards an end; 0 if it finds none.
func (c *changer) confirm(guess, end int64, ok func(int64) bool) int64 {
	const tries = 6
	gap := int64(1)
	for i, n := 0, guess; n > 0 && i < tries && !c.stopped(); i++ {
		if ok(n) {
			return n
		}
		gap = max(2*gap, guess/64)
		if n += gap * int64(cmp.Compare(end, guess)); n == guess || (n < end) != (guess < end) {
			break
		}
	}
	if !c.stopped() && ok(end) {
		return end
	}
	return 0
}

// cheapest returns the greatest cost in steps at which each losing project is
// bought at the endowment of the outcome.
func (c *changer) cheapest(q *probe) []int64 {
	best := make([]int64, len(c.e.cost))
	q.run(0, func(won *purchase) bool {
		for _, p := range c.losers {
			if q.k.shutOut(p, q.u.place) {
				continue
			}
			n, ok := least(-c.steps(p), -best[p]-1, func(n int64) bool {
				return q.wins(hypothesis{p: p, cost: c.costOf(-n)}, won)
			})
			if ok {
				best[p] = -n
			}
		}
		return !c.stopped()
	})
	if w := q.walk(); w != nil {
		for _, p := range c.losers {
			best[p] = max(best[p], greatest(c.steps(p), func(n int64) bool {
				return w.wins(hypothesis{p: p, cost: c.costOf(n)})
			}))
		}
	}
	return best
}

// How many runs are made to prove that no fewer voters would have done: as many
// as look at so many picks of ballots together.
const (
	provingPicks = 400_000_000
	provingRuns  = 200 // at least
)

// moreVoters tries one number of further voters after the other, for all losing
// projects at once.
func (c *changer) moreVoters(q *probe) {
	runs := max(provingPicks/int64(len(q.k.project)+1), provingRuns)
	open := slices.Clone(c.losers)
	from := map[int32]int64{}
	for _, p := range open {
		from[p] = q.fewest(p)
	}
	for n := int64(1); len(open) > 0 && n <= c.e.n && !c.stopped(); n++ {
		skip := int64(math.MaxInt64)
		for _, p := range open {
			skip = min(skip, from[p])
		}
		if n = max(n, skip); n > c.e.n {
			break
		}
		if runs--; runs < 0 {
			for _, p := range open {
				if found, ok := c.fewVoters(q, p, max(n, from[p])); ok {
					c.votes(p, found, true)
				}
				c.found[p].VotesLeast = false
			}
			return
		}
		won := q.tryVoters(open, from, n)
		open = slices.DeleteFunc(open, func(p int32) bool {
			if won[p] {
				c.votes(p, n, true)
			}
			return won[p]
		})
	}
	for _, p := range open {
		c.votes(p, 0, false)
	}
}

// fewVoters finds a number of further voters that is enough, by doubling and
// then by halves: fewer may be, too.
func (c *changer) fewVoters(q *probe, p int32, from int64) (int64, bool) {
	ok := func(n int64) bool { return !c.stopped() && q.tryVoters([]int32{p}, nil, n)[p] }
	low := max(from, q.fewest(p))
	for gap := int64(1); low <= c.e.n; gap *= 2 {
		high := min(low+gap, c.e.n)
		if n, found := least(low, high, ok); found || high == c.e.n {
			return n, found
		}
		low = high + 1
	}
	return 0, false
}

// probe runs equal shares as the outcome had it, and with more voters, and asks
// before each purchase who would have come before it.
type probe struct {
	c      *changer
	k      *market
	u      *purse
	start  *big.Int // endowment of the outcome, scaled
	scale  *big.Int
	single map[int32]int32 // group of those who support a project alone
	// What bounds the payments for a project in this run, for so many further
	// voters: its supporters' money when they were last looked at, and a tangent
	// of the concave function that a rate brings in. Money only falls.
	most    []float64
	tangent []line
}

func newProbe(c *changer) *probe {
	e := *c.e
	if e.rule.Utility == Cost || e.rule.Utility == Cardinality {
		e.in.Ballots = slices.Clone(e.in.Ballots)
		for _, p := range c.losers { // nobody yet, but a place for further voters
			e.in.Ballots = append(e.in.Ballots, Ballot{Projects: []int32{p}})
		}
	}
	budget := new(big.Rat).Mul(c.out.VoterBudget.view(), toRat(e.unit))
	q := &probe{
		c: c, k: newMarket(&e, budget.Denom(), true), start: budget.Num(), scale: budget.Denom(),
		single: map[int32]int32{}, most: make([]float64, len(e.cost)), tangent: make([]line, len(e.cost)),
	}
	for g := range q.k.weight {
		if from := q.k.gfrom[g]; q.k.gfrom[g+1] == from+1 {
			q.single[q.k.project[from]] = int32(g)
		}
	}
	q.u = newPurse(q.k)
	return q
}

// fewest is a number of further voters below which the supporters of p cannot
// have its cost together; greater than all voters if they never can.
func (q *probe) fewest(p int32) int64 {
	e := q.c.e
	if e.rule.Completion == Utilitarian || e.rule.Completion == Add1IntUtil {
		return 1 // it may be bought without their money
	}
	// (supporters + x)·money ≥ cost·(n + x), with money what all have together
	money := new(big.Int).Mul(q.start, big.NewInt(e.n))
	cost := new(big.Int).Mul(e.cost[p], q.scale)
	short := new(big.Int).Mul(cost, big.NewInt(e.n))
	short.Sub(short, new(big.Int).Mul(money, big.NewInt(q.k.voters[p])))
	spare := money.Sub(money, cost)
	switch {
	case short.Sign() <= 0:
		return 1
	case spare.Sign() <= 0:
		return e.n + 1
	}
	short.Add(short, new(big.Int).Sub(spare, one))
	return min(short.Quo(short, spare).Int64(), e.n+1)
}

// run makes the run with so many further voters who support nothing that is
// bought; ask is asked before each purchase and, with nil, after the last, and
// tells whether to go on.
func (q *probe) run(voters int64, ask func(won *purchase) bool) {
	e, k, u := q.c.e, q.k, q.u
	n := big.NewInt(e.n)
	k.scale = new(big.Int).Mul(q.scale, new(big.Int).Add(n, big.NewInt(voters)))
	for p := range k.cost {
		k.setCost(int32(p), new(big.Int).Mul(e.cost[p], k.scale))
	}
	u.open(new(big.Int).Mul(q.start, n))
	for p := range q.most {
		q.most[p] = float64(k.voters[p]+voters) * u.startd.hi
		q.tangent[p] = line{0, float64(k.units[p] + voters)}
	}
	on := true
	u.onPrice = func(won purchase) { on = ask(&won) }
	for on {
		if p, _ := u.next(); p < 0 {
			ask(nil)
			break
		}
	}
	u.onPrice = nil
}

func (k *market) setCost(p int32, cost *big.Int) {
	k.cost[p], k.costf[p], k.factor[p] = cost, toDouble(cost).hi, 1
	if k.e.rule.Utility == Cost && k.costf[p] > 0 {
		k.factor[p] = 1 / k.costf[p]
	}
}

// tryVoters tells which of the projects are funded if there are n further
// voters for it; from leaves out those who cannot be.
func (q *probe) tryVoters(open []int32, from map[int32]int64, n int64) map[int32]bool {
	won := map[int32]bool{}
	q.run(n, func(next *purchase) bool {
		for _, p := range open {
			if !won[p] && from[p] <= n && !q.k.shutOut(p, q.u.place) {
				won[p] = next != nil && next.p == p || q.wins(hypothesis{p: p, voters: n}, next)
			}
		}
		return !q.c.stopped() && slices.ContainsFunc(open, func(p int32) bool { return !won[p] })
	})
	if w := q.walk(); w != nil {
		for _, p := range open {
			won[p] = won[p] || w.wins(hypothesis{p: p, voters: n})
		}
	}
	return won
}

// wins tells whether the project of the hypothesis would be bought before won,
// or at all if won is nil.
func (q *probe) wins(h hypothesis, won *purchase) (before bool) {
	k, u := q.k, q.u
	if k.voters[h.p]+h.voters == 0 {
		return false
	}
	was := market{cost: []*big.Int{k.cost[h.p]}, voters: []int64{k.voters[h.p], k.units[h.p]}}
	low, g := u.low[h.p], q.single[h.p]
	if h.cost != nil {
		k.setCost(h.p, new(big.Int).Mul(h.cost, k.scale))
	}
	if h.voters > 0 {
		k.voters[h.p], k.units[h.p] = k.voters[h.p]+h.voters, k.units[h.p]+h.voters
		k.weight[g] += h.voters
		u.cells[g].weight = float64(k.weight[g])
	}
	u.low[h.p] = 0
	q.c.e.try(h, func() { before = q.beats(h.p, won) })
	if h.cost != nil {
		k.setCost(h.p, was.cost[0])
	}
	if h.voters > 0 {
		k.voters[h.p], k.units[h.p] = was.voters[0], was.voters[1]
		k.weight[g] -= h.voters
		u.cells[g].weight = float64(k.weight[g])
	}
	u.low[h.p] = low
	return before
}

// beats decides on floats only where they are further apart than they err; see
// purse.
func (q *probe) beats(p int32, won *purchase) bool {
	k, u := q.k, q.u
	cost, voters, rate := k.costf[p], float64(k.voters[p]), math.Inf(1)
	doubt := voters*u.slack + float64(u.end[p]-k.from[p]+8)*2*eps*(voters*u.startd.hi+cost)
	if won != nil {
		rate = won.rate.hi * k.factor[won.p] / k.factor[p]
		if q.tangent[p].at(rate) < cost*(1-1e-9)-2*doubt {
			return false
		}
	}
	if q.most[p] < cost-2*doubt {
		return false
	}
	have, sum, units := u.split(p, rate)
	if q.most[p] = have; won != nil {
		q.tangent[p] = line{sum, units}
	}
	switch {
	case have < cost-doubt, won != nil && sum+float64(rate*units) < cost*(1-1e-9)-2*doubt:
		return false
	case have < cost+doubt && !u.affordable(p):
		return false
	case won == nil:
		return true
	}
	own := u.settle(p)
	if c := u.compare(own, *won); c != 0 {
		return c < 0
	}
	return q.c.e.chain.before(p, won.p) < 0
}

// walk is the greedy walk over what a run has left, if the rule has one.
type walk struct {
	e     *election
	order []int32    // not funded before the walk
	left  []*big.Int // before each turn, and at the end
	turn  []int      // when each project was funded: -1 before the walk, len(order) never
}

func (q *probe) walk() *walk {
	e := q.c.e
	if e.rule.Completion != Utilitarian && e.rule.Completion != Add1IntUtil {
		return nil
	}
	w := &walk{e: e, turn: make([]int, len(e.cost))}
	left := new(big.Int).Set(e.pot)
	for p := range e.cost {
		switch {
		case q.u.place[p] >= 0 || slices.Contains(q.k.free, int32(p)):
			w.turn[p] = -1
			left.Sub(left, e.cost[p])
		case !e.in.Projects[p].Withdrawn:
			w.order = append(w.order, int32(p))
		}
	}
	slices.SortFunc(w.order, w.compare)
	for p := range w.turn {
		if w.turn[p] == 0 {
			w.turn[p] = len(w.order)
		}
	}
	for i, p := range w.order {
		w.left = append(w.left, new(big.Int).Set(left))
		if e.cost[p].Cmp(left) <= 0 && !w.shut(p, i) {
			w.turn[p] = i
			left.Sub(left, e.cost[p])
		}
	}
	w.left = append(w.left, left)
	return w
}

func (w *walk) compare(a, b int32) int {
	return cmp.Or(cmp.Compare(w.e.score[b], w.e.score[a]), w.e.chain.before(a, b))
}

// shut: a project funded before the turn conflicts with p.
func (w *walk) shut(p int32, turn int) bool {
	return slices.ContainsFunc(w.e.rival[p], func(q int32) bool { return w.turn[q] < turn })
}

// wins tells whether the project of the hypothesis is funded in the walk.
func (w *walk) wins(h hypothesis) (won bool) {
	if w.turn[h.p] < len(w.order) {
		return true // it is anyway, and would be no later
	}
	w.e.try(h, func() {
		turn := slices.IndexFunc(w.order, func(q int32) bool { return q != h.p && w.compare(h.p, q) < 0 })
		if turn < 0 {
			turn = len(w.order)
		}
		won = w.e.cost[h.p].Cmp(w.left[turn]) <= 0 && !w.shut(h.p, turn)
	})
	return won
}
