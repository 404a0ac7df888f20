package tally

import (
	"math"
	"math/big"
)

// purse is the state of one run of equal shares: everybody's money.
//
// # Why floats may filter
//
// Write b for the endowment, ε = 2⁻⁵³, and k for the purchases made so far. Money is kept as float64 per group; a group that has
// once paid all it had holds exactly 0 (it is "spent"), every other one a positive float. Claim: the float of a group that is not
// spent differs from its exact money b - Σ q_j·u_j by at most Δ = (4k+8)·ε·b.
//
//   - At the start the endowment is rounded once: error ≤ ε·b.
//   - A group that stays unspent pays q·u. The rate q comes from settle as a double with a checked relative error ≤ ε/4; taking hi adds
//     ≤ ε; the product rounds by ≤ ε: error ≤ 2.3·ε·q·u. All payments of a group sum to ≤ b, so this adds ≤ 2.3·ε·b over the whole run.
//   - Each subtraction rounds a result in [0, b]: ≤ ε·b a purchase, so ≤ k·ε·b.
//   - A float that comes out ≤ 0 though the exact money is positive is raised to 2⁻⁶⁰·b: still within ε·b of the exact value or nearer.
//
// Together ≤ (k+5)·ε·b; Δ leaves a factor of four for second-order terms.
//
// Lower bounds of rates. F(q) = Σ w·min(money, q·u) over the supporters of p is concave and increasing; the rate solves F(q) = c. Let F̃ be
// the same with the floats. Then |F - F̃| ≤ W·Δ, with W the voters of p who are not spent. refresh finds q̃ with F̃(q̃) ≤ c, up to the
// rounding of sums of N positive terms, (N+8)·2ε·c, and the unit sum U of the groups with money > q̃·u, which is the slope of F̃ to the
// left of q̃ at least. So F(q̃-d) ≤ c for d = (W·Δ + (N+8)·2ε·c)/U, and q̃-d is a lower bound of the rate. Money only falls, so it
// stays one for the rest of the run.
//
// Decisions. A project is dropped or kept on floats only if its supporters' money misses c by more than W·Δ + (N+8)·2ε·(W·b); else the
// integers decide. Who of the winner's supporters is spent is decided on floats only outside Δ (see settle); and the winner is the winner on
// floats only if its rate, known to 100 bits, is below all other lower bounds. Everything else, ties above all, is decided in integers.
type purse struct {
	k      *market
	start  *big.Int // endowment, scaled
	startd double
	slack  float64 // Δ

	cells  []cell
	low    []float64 // lower bound of each project's rate
	fresh  []int32   // round in which low was computed last
	alive  []int32   // candidates
	place  []int32   // of each project in bought, or -1
	bought []purchase
	spent  *big.Int // cost of bought, scaled

	counts []int64 // scratch of settle and money: how often each rate was paid
	unsure []int32 // scratch of settle
	den    []*big.Int
	num    []*big.Int
}

// cell keeps together what one look at a group needs.
type cell struct{ money, weight float64 }

// purchase records a price as integers: rate = (c(p) - all·b + Σ n_j·rate_j) / units, where the sum is over paid.
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
		k: k, cells: make([]cell, len(k.weight)), low: make([]float64, m), fresh: make([]int32, m), place: make([]int32, m),
		counts: make([]int64, m), spent: new(big.Int),
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
	u.setSlack()
	for p := range u.low {
		u.fresh[p], u.place[p], u.low[p] = -1, -1, 0
		if u.k.voters[p] > 0 && u.k.cost[p].Sign() > 0 {
			u.alive = append(u.alive, int32(p))
			// Everybody pays in full: as little as it can be. Costs and units are exact or rounded once, the quotient once.
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

// next buys the affordable project of least ρ, and returns it and those it was tied with, in the order of the chain; -1 if no project is
// affordable.
func (u *purse) next() (winner int32, tied []int32) {
	round := int32(len(u.bought))
	best := u.cheapest(round)
	if best < 0 {
		return -1, nil
	}
	won := u.settle(best)
	ceiling := u.key(best, won.rate.hi) * over
	for i := 0; i < len(u.alive); {
		p := u.alive[i]
		if p != best && u.key(p, u.low[p])*under <= ceiling {
			if u.fresh[p] != round && !u.refresh(p, round) {
				u.drop(i)
				continue
			}
			if u.key(p, u.low[p])*under <= ceiling {
				tied = append(tied, p)
			}
		}
		i++
	}
	if len(tied) > 0 {
		won, tied = u.judge(won, tied)
	}
	u.pay(won)
	return won.p, tied
}

// cheapest returns the candidate with the least lower bound after bringing the bounds up to date that matter.
func (u *purse) cheapest(round int32) int32 {
	for len(u.alive) > 0 {
		at, least := 0, math.Inf(1)
		for i, p := range u.alive {
			if key := u.key(p, u.low[p]); key < least {
				at, least = i, key
			}
		}
		p := u.alive[at]
		if u.fresh[p] == round {
			return p
		}
		if !u.refresh(p, round) {
			u.drop(at)
		}
	}
	return -1
}

func (u *purse) drop(i int) {
	last := len(u.alive) - 1
	u.alive[i] = u.alive[last]
	u.alive = u.alive[:last]
}

// refresh raises p's lower bound to what its supporters' money now allows; false if they cannot afford p any more.
func (u *purse) refresh(p, round int32) bool {
	groups, util := u.k.supporters(p)
	cost := u.k.costf[p]
	terms := float64(len(groups)+8) * 2 * eps
	have, voters := u.count(groups)
	doubt := voters*u.slack + terms*(voters*u.startd.hi+cost)
	if have < cost-doubt || have < cost+doubt && !u.affordable(p) {
		return false
	}
	u.fresh[p] = round
	rate := u.low[p]
	for {
		var sum, units float64
		if util == nil {
			sum, units = u.above(groups, rate)
		} else {
			sum, units = u.aboveEach(groups, util, rate)
		}
		if units == 0 {
			return true // all pay all they have, up to rounding: the old bound stays
		}
		next := (cost - sum) / units
		if next <= rate*(1+4*eps) {
			if d := (voters*u.slack + terms*cost) / units; rate-d > u.low[p] {
				u.low[p] = (rate - d) * under
			}
			return true
		}
		rate = next
	}
}

func (u *purse) count(groups []int32) (have, voters float64) {
	cells := u.cells
	for _, g := range groups {
		c := cells[g]
		have += c.weight * c.money
		if c.money > 0 {
			voters += c.weight
		}
	}
	return have, voters
}

func (u *purse) above(groups []int32, rate float64) (sum, units float64) {
	cells := u.cells
	for _, g := range groups {
		c := cells[g]
		if c.money > rate {
			units += c.weight
		} else {
			sum += c.weight * c.money
		}
	}
	return sum, units
}

func (u *purse) aboveEach(groups []int32, util []float64, rate float64) (sum, units float64) {
	for j, g := range groups {
		c := u.cells[g]
		if c.money > rate*util[j] {
			units += c.weight * util[j]
		} else {
			sum += c.weight * c.money
		}
	}
	return sum, units
}

// pay takes the price of a settled purchase from its supporters.
func (u *purse) pay(won purchase) {
	groups, util := u.k.supporters(won.p)
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
		c.money = left
	}
	u.place[won.p] = int32(len(u.bought))
	u.bought = append(u.bought, won)
	u.spent.Add(u.spent, u.k.cost[won.p])
	u.setSlack()
	for i, p := range u.alive {
		if p == won.p {
			u.drop(i)
			break
		}
	}
}
