package tally

import (
	"math"
	"math/big"
	"slices"
)

// purse is the state of one run of equal shares: everybody's money.
//
// # Why floats may filter
//
// Write b for the endowment, ε = 2⁻⁵³, and k for the purchases made so far.
// Money is kept as float64 per group; a group that has once paid all it had
// holds exactly 0 (it is "spent"), every other one a positive float. Claim: the
// float of a group that is not spent differs from its exact money b - Σ q_j·u_j
// by at most Δ = (4k+8)·ε·b.
//
//   - At the start the endowment is rounded once: error ≤ ε·b.
//   - A group that stays unspent pays q·u. The rate q comes from settle as a
//     double with a checked relative error ≤ ε/4; taking hi adds
//     ≤ ε; the product rounds by ≤ ε: error ≤ 2.3·ε·q·u. All payments of a
//     group sum to ≤ b, so this adds ≤ 2.3·ε·b over the whole run.
//   - Each subtraction rounds a result in [0, b]: ≤ ε·b a purchase, so ≤ k·ε·b.
//   - A float that comes out ≤ 0 though the exact money is positive is raised
//     to 2⁻⁶⁰·b: still within ε·b of the exact value or nearer.
//
// Together ≤ (k+5)·ε·b; Δ leaves a factor of four for second-order terms.
//
// Lower bounds of rates. F(q) = Σ w·min(money, q·u) over the supporters of p is
// concave and increasing; the rate solves F(q) = c. Let F̃ be the same with the
// floats. Then |F - F̃| ≤ W·Δ, with W the voters of p. The tangent of F̃ at any
// place lies above F̃. With S the money of the groups that have at most q̃·u,
// and U the units of the others, it is S + U·q, and refresh takes its root q̂ =
// (c-S)/U. Rounding shifts the computed S, a sum of at most N positive terms,
// and c-S by less than (N+8)·2ε·(S+c) together, U is exact. So F(q̂-d) ≤ c for
// d = (W·Δ + (N+8)·2ε·(S+c))/U, and q̂-d is a lower bound of the rate. Money
// only falls, so it stays one for the rest of the run.
//
// Decisions. A project is dropped or kept on floats only if its supporters'
// money misses c by more than W·Δ + (N+8)·2ε·(W·b); else the integers decide.
// Who of the winner's supporters is spent is decided on floats only outside Δ
// (see settle); and the winner is the winner on floats only if its rate, known
// to 100 bits, is below all other lower bounds. Everything else, ties above
// all, is decided in integers.
type purse struct {
	k      *market
	start  *big.Int // endowment, scaled
	startd double
	slack  float64 // Δ

	cells []cell
	// Unspent supporters of project p: group[from[p]:end[p]] with util
	// alongside, a copy that shrinks.
	group []int32
	util  []float64
	end   []int32

	low    []float64 // lower bound of each project's rate
	seen   []int32   // round in which low was raised last
	fresh  []int32   // round in which low was raised as far as it goes
	alive  []int32   // candidates
	place  []int32   // of each project in bought, or -1
	bought []purchase
	spent  *big.Int // cost of bought, scaled

	onPrice func(purchase)                        // nil but when a run is explained; before anyone pays
	onPay   func(g int32, paid float64, all bool) // nil but when a run is explained

	counts []int64 // scratch of settle and money: how often each rate was paid
	unsure []int32 // scratch of settle: edges
	poor   []int32 // scratch of settle: groups
	den    []*big.Int
	num    []*big.Int
}

// cell keeps together what one look at a group needs.
type cell struct{ money, weight float64 }

// purchase records a price as integers: rate = (c(p) - all·b + Σ n_j·rate_j) /
// units, where the sum is over paid.
type purchase struct {
	p     int32
	all   int64 // voters who pay all they have left
	paid  []term
	units int64 // utility units of those who pay in full
	rate  double
	doubt float64 // bound of the error of rate
}

// term: n units were paid at the rate of purchase j by those who are now spent.
type term struct {
	j int32
	n int64
}

func newPurse(k *market) *purse {
	m := len(k.cost)
	u := &purse{
		k: k, cells: make([]cell, len(k.weight)), group: make([]int32, len(k.group)), end: make([]int32, m),
		low: make([]float64, m), fresh: make([]int32, m), seen: make([]int32, m), place: make([]int32, m),
		counts: make([]int64, m), spent: new(big.Int),
	}
	if k.util != nil {
		u.util = make([]float64, len(k.util))
	}
	for g := range u.cells {
		u.cells[g].weight = float64(k.weight[g])
	}
	return u
}

// open begins a run in which every voter has start.
func (u *purse) open(start *big.Int) {
	u.start, u.startd = start, toDouble(start)
	for g := range u.cells {
		u.cells[g].money = u.startd.hi
	}
	if start.Sign() == 0 {
		for g := range u.cells {
			u.cells[g].money = 0
		}
	}
	u.bought, u.alive, u.num, u.den = u.bought[:0], u.alive[:0], u.num[:0], u.den[:0]
	u.spent.SetInt64(0)
	copy(u.group, u.k.group)
	copy(u.util, u.k.util)
	copy(u.end, u.k.from[1:])
	u.setSlack()
	for p := range u.low {
		u.fresh[p], u.seen[p], u.place[p], u.low[p] = -1, -1, -1, 0
		if u.k.voters[p] > 0 && u.k.cost[p].Sign() > 0 && !u.k.shut[p] {
			u.alive = append(u.alive, int32(p))
			// Everybody pays in full: as little as it can be. Costs and units
			// are exact or rounded once, the quotient once.
			u.low[p] = u.k.costf[p] / float64(u.k.units[p]) * (1 - 4*eps)
		}
	}
}

func (u *purse) setSlack() { u.slack = float64(4*len(u.bought)+8) * eps * u.startd.hi }

// key is ρ from a rate: what projects are compared by. It rounds twice.
func (u *purse) key(p int32, rate float64) float64 { return rate * u.k.factor[p] }

const (
	under = 1 - 8*eps // makes a rounded lower bound one again
	over  = 1 + 8*eps
)

// next buys the affordable project of least ρ, and returns it and those it was
// tied with, in the order of the chain; -1 if no project is affordable.
func (u *purse) next() (winner int32, tied []int32) {
	round := int32(len(u.bought))
	won, found := u.cheapest(round)
	if !found {
		return -1, nil
	}
	best, ceiling := won.p, u.key(won.p, won.rate.hi)*over
	for i := 0; i < len(u.alive); {
		switch p := u.alive[i]; {
		case p == best || u.key(p, u.low[p])*under > ceiling:
			i++
		case u.fresh[p] == round:
			tied = append(tied, p)
			i++
		case !u.refresh(p, round):
			u.drop(i)
		}
	}
	if len(tied) > 0 {
		won, tied = u.judge(won, tied)
	}
	if u.onPrice != nil {
		u.onPrice(won)
	}
	u.pay(won)
	return won.p, tied
}

// cheapest settles the candidate of the least lower bound, after raising the
// bounds that matter.
func (u *purse) cheapest(round int32) (won purchase, found bool) {
	for won.p = -1; len(u.alive) > 0; {
		at, least := 0, math.Inf(1)
		for i, p := range u.alive {
			if key := u.key(p, u.low[p]); key < least {
				at, least = i, key
			}
		}
		switch p := u.alive[at]; {
		case p == won.p:
			return won, true
		case u.seen[p] == round:
			won = u.settle(p)
			u.low[p], u.fresh[p] = max(u.low[p], won.rate.hi*under), round
		case !u.refresh(p, round):
			u.drop(at)
		}
	}
	return won, false
}

func (u *purse) drop(i int) {
	last := len(u.alive) - 1
	u.alive[i] = u.alive[last]
	u.alive = u.alive[:last]
}

// refresh takes one step of Newton's method towards p's rate, in a new round
// from a guess, else from the lower bound: F̃ is concave, so a tangent anywhere
// leads to a lower bound. A step that does not raise the bound marks it fresh.
// False: p's supporters cannot afford it any more.
func (u *purse) refresh(p, round int32) bool {
	rate := u.low[p]
	if u.seen[p] != round {
		rate = u.guess(p)
	}
	u.seen[p] = round
	cost, voters := u.k.costf[p], float64(u.k.voters[p])
	have, sum, units := u.split(p, rate)
	terms := float64(u.end[p]-u.k.from[p]+8) * 2 * eps
	doubt := voters*u.slack + terms*(voters*u.startd.hi+cost)
	if have < cost+doubt && (have < cost-doubt || !u.affordable(p)) {
		return false
	}
	if units > 0 {
		d := (voters*u.slack + terms*(sum+cost)) / units
		if next := ((cost-sum)/units - d) * under; next > u.low[p]+d {
			u.low[p] = next
			return true
		}
	}
	if rate == u.low[p] { // no step leads further, up to rounding
		u.fresh[p] = round
	}
	return true
}

// guess looks for p's rate among a sample of its supporters. It may be wrong:
// only the number of steps depends on it.
func (u *purse) guess(p int32) float64 {
	const stride = 16
	from, end := u.k.from[p], u.end[p]
	low := u.low[p]
	if end-from < 64*stride {
		return low
	}
	share := u.k.costf[p] / stride
	for rate := low; ; {
		var sum, units float64
		for edge := from; edge < end; edge += stride {
			c, unit := u.cells[u.group[edge]], 1.0
			if u.util != nil {
				unit = u.util[edge]
			}
			if c.money > rate*unit {
				units += c.weight * unit
			} else {
				sum += c.weight * c.money
			}
		}
		if units == 0 {
			return low
		}
		next := (share - sum) / units
		if next <= rate*1.001 {
			return max(rate, low)
		}
		rate = next
	}
}

// split sums the money of p's supporters: all of it, that of those who have at
// most the rate for each unit, and the units of the others. It forgets those
// who are spent. Which side a group is on is as good as random, so the sums are
// masked instead of branched.
func (u *purse) split(p int32, rate float64) (have, sum, units float64) {
	from := u.k.from[p]
	groups, cells := u.group[from:u.end[p]], u.cells
	kept := 0
	if u.util != nil {
		util := u.util[from:u.end[p]]
		for j, g := range groups {
			c := cells[g]
			if c.money == 0 {
				continue
			}
			unit := util[j]
			groups[kept], util[kept] = g, unit
			kept++
			money := c.money * c.weight
			have += money
			richer := math.Float64bits(rate*unit-c.money) >> 63 // 1 if money > rate·unit
			sum += math.Float64frombits(math.Float64bits(money) & (richer - 1))
			units += math.Float64frombits(math.Float64bits(c.weight*unit) & -richer)
		}
		u.end[p] = from + int32(kept)
		return have, sum, units
	}
	for _, g := range groups {
		c := cells[g]
		groups[kept] = g
		if c.money != 0 {
			kept++
		}
		money := c.money * c.weight
		have += money
		richer := math.Float64bits(rate-c.money) >> 63
		sum += math.Float64frombits(math.Float64bits(money) & (richer - 1))
		units += math.Float64frombits(math.Float64bits(c.weight) & -richer)
	}
	u.end[p] = from + int32(kept)
	return have, sum, units
}

// pay takes the price of a settled purchase from its supporters.
func (u *purse) pay(won purchase) {
	from, end := u.k.from[won.p], u.end[won.p]
	groups, util := u.group[from:end], []float64(nil)
	if u.util != nil {
		util = u.util[from:end]
	}
	rate, floor := won.rate.hi, 0x1p-60*u.startd.hi
	for j, g := range groups {
		c := &u.cells[g]
		if c.money == 0 {
			continue
		}
		unit := 1.0
		if util != nil {
			unit = util[j]
		}
		price := rate * unit
		left := c.money - price
		switch {
		case left > u.slack+4*eps*price:
		case left < -(u.slack+4*eps*price) || u.exhausts(won, g, int64(unit)):
			left = 0
		default:
			left = max(left, floor)
		}
		if u.onPay != nil {
			u.onPay(g, c.money-left, left == 0)
		}
		c.money = left
	}
	u.place[won.p] = int32(len(u.bought))
	u.bought = append(u.bought, won)
	u.spent.Add(u.spent, u.k.cost[won.p])
	u.setSlack()
	for i := 0; i < len(u.alive); {
		if p := u.alive[i]; p == won.p || slices.Contains(u.k.e.rival[p], won.p) {
			u.drop(i)
		} else {
			i++
		}
	}
}
