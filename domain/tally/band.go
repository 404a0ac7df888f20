package tally

import (
	"context"
	"math"
	"math/big"
	"slices"
)

// band is a run of equal shares for a whole range of endowments b+t, 0 ≤ t ≤
// reach, at once. As long as the same projects are bought in the same order and
// the same voters pay all they have, every rate and everybody's money is affine
// in t. So a group's money is kept as a line with a margin, money(t) ∈ m + s·t
// ± e, and groups that cross from paying in full to paying all within the range
// make the margin wider. Where the order of two projects, or whether one is
// affordable, changes within the range, the range is cut short before that.
// What is left is proved: all endowments in it buy the same. That skips the
// long stretches without a change that small currencies have, and it is no
// bisection: nothing is assumed about the endowments beyond the range.
//
// Margins grow with every rounding by slop, 8ε·(b+reach), which covers the
// three roundings of values no greater than b+reach that lead to a new m.
type band struct {
	s     *equalShares
	k     *market
	reach float64
	slop  float64
	steep float64 // greatest slope of any group so far
	hint  float64 // width of the last ceiling, relative to the rate
	cells []share
	group []int32
	util  []float64
	end   []int32
	low   []line // lower bound of each project's rate
	fresh []int32
	flat  []bool // nobody who supports the project pays less than in full: its rate is cost/units exactly
	units []float64
	loose []float64 // what rounding may have taken from low, times units
	alive []int32
	place []int32
	tied  []int32 // those that are cheapest now, whatever t
	round int32
	spent *big.Int
}

// share is a group's money.
type share struct{ m, s, e, weight float64 }

// line is a + b·t.
type line struct{ a, b float64 }

func (l line) at(t float64) float64 { return l.a + l.b*t }

// size bounds the terms of at, which it rounds.
func (l line) size(t float64) float64 { return math.Abs(l.a) + math.Abs(l.b)*t }

func newBand(s *equalShares) *band {
	k, m := s.market, len(s.market.cost)
	n := &band{
		s: s, k: k, cells: make([]share, len(k.weight)), group: make([]int32, len(k.group)), end: make([]int32, m),
		low: make([]line, m),
		fresh: make(
			[]int32,
			m,
		), flat: make([]bool, m), units: make([]float64, m), loose: make([]float64, m), place: make([]int32, m),
		spent: new(big.Int),
	}
	if k.util != nil {
		n.util = make([]float64, len(k.util))
	}
	return n
}

// run proves a verdict for the endowments of run i and as many of the following
// span-1 as it can; 0 if it cannot even for the first.
func (n *band) run(ctx context.Context, met tieLog, i, span int64) (verdict, int64) {
	start := n.s.endowment(i)
	step := toDouble(n.s.step).hi
	if start.Sign() == 0 {
		return verdict{}, 0
	}
	n.open(toDouble(start).hi, float64(span-1)*step)
	for ctx.Err() == nil {
		p, bought := n.next(step)
		if !bought {
			break
		}
		if p < 0 {
			return verdict{last: n.s.done(n.place, n.spent)}, n.steps(step)
		}
		met.note(n.k, i, int(n.round), n.tied)
		if n.spent.Cmp(n.s.pot) > 0 {
			return verdict{overspent: true}, n.steps(step)
		}
	}
	return verdict{}, 0
}

// steps is the number of endowments in the range.
func (n *band) steps(step float64) int64 { return int64(math.Round(n.reach/step)) + 1 }

func (n *band) open(start, reach float64) {
	n.reach, n.slop, n.steep, n.hint, n.round = reach, 8*eps*(start+reach), 1, 0, 0
	for g := range n.cells {
		n.cells[g] = share{start, 1, n.slop, float64(n.k.weight[g])}
	}
	copy(n.group, n.k.group)
	copy(n.util, n.k.util)
	copy(n.end, n.k.from[1:])
	n.alive = n.alive[:0]
	n.spent.SetInt64(0)
	for p := range n.low {
		n.fresh[p], n.place[p], n.low[p] = -1, -1, line{}
		if n.k.voters[p] > 0 && n.k.cost[p].Sign() > 0 && !n.k.shut[p] {
			n.alive = append(n.alive, int32(p))
			n.low[p].a = n.k.costf[p] / float64(n.k.units[p]) * under
		}
	}
}

// cut shortens the range to whole steps up to t; false if nothing is left.
func (n *band) cut(t, step float64) bool {
	if !(t >= 0) {
		return false
	}
	n.reach = math.Min(n.reach, math.Floor(t*(1-1e-9)/step)*step)
	return true
}

// next buys the project that is cheapest for all t in the range, after cutting
// it where need be; -1 if none is affordable; false if the order is not clear
// even at t = 0.
func (n *band) next(step float64) (int32, bool) {
	best := int32(-1)
	for len(n.alive) > 0 {
		at, least := 0, math.Inf(1)
		for i, p := range n.alive {
			if key := n.low[p].a * n.k.factor[p]; key < least {
				at, least = i, key
			}
		}
		p := n.alive[at]
		if n.fresh[p] == n.round {
			best = p
			break
		}
		switch keep, certain := n.refresh(p, step); {
		case !certain:
			return 0, false
		case !keep:
			n.drop(at)
		}
	}
	if best < 0 {
		return -1, true
	}
	n.tied = append(n.tied[:0], best)
	high, ok := n.ceiling(best)
	if !ok {
		return 0, false
	}
	for i := 0; i < len(n.alive); {
		q := n.alive[i]
		if q == best || n.above(q, best, high, n.reach) && n.above(q, best, high, 0) {
			i++
			continue
		}
		if n.fresh[q] != n.round {
			switch keep, certain := n.refresh(q, step); {
			case !certain:
				return 0, false
			case !keep:
				n.drop(i)
			}
			continue
		}
		if n.still(q, best) {
			order := n.exactly(q, best) // what the integers say holds for the whole range
			switch {
			case order < 0:
				n.tied = append(n.tied[:0], q)
			case order == 0 && !slices.Contains(n.tied, q):
				n.tied = append(n.tied, q)
			}
			if rank := n.k.e.chain.rank; order < 0 || order == 0 && rank[q] < rank[best] {
				best = q
				if high, ok = n.ceiling(best); !ok {
					return 0, false
				}
				i = 0
				continue
			}
			i++
			continue
		}
		if !n.above(q, best, high, 0) {
			return 0, false
		}
		f, g := n.k.factor[q], n.k.factor[best]
		gap, slope := n.low[q].a*f*under-high.a*g*over, n.low[q].b*f-high.b*g
		if !n.cut(gap/-slope, step) || !n.above(q, best, high, n.reach) && !n.cut(n.reach-step, step) ||
			!n.above(q, best, high, n.reach) {
			return 0, false
		}
	}
	n.pay(best, high)
	return best, true
}

// above: at t, q is surely dearer than best.
func (n *band) above(q, best int32, high line, t float64) bool {
	low := n.low[q]
	return n.k.factor[q]*(low.at(t)-8*eps*low.size(t)) > n.k.factor[best]*(high.at(t)+8*eps*high.size(t))*over
}

// still: nothing in the range changes how p and q compare.
func (n *band) still(p, q int32) bool {
	if n.k.twin[p] == n.k.twin[q] {
		return true
	}
	if !n.flat[q] {
		return false
	}
	_, ok := n.ceiling(p)
	return ok && n.flat[p]
}

// exactly compares two projects by ρ; twins have the same, that of flat ones is
// cost/units.
func (n *band) exactly(p, q int32) int {
	if n.k.twin[p] == n.k.twin[q] {
		return 0
	}
	x := new(big.Int).Mul(n.k.cost[p], big.NewInt(int64(n.units[q])))
	y := new(big.Int).Mul(n.k.cost[q], big.NewInt(int64(n.units[p])))
	if n.k.e.rule.Utility == Cost {
		x.Mul(x, n.k.cost[q])
		y.Mul(y, n.k.cost[p])
	}
	return x.Cmp(y)
}

func (n *band) drop(i int) {
	last := len(n.alive) - 1
	n.alive[i] = n.alive[last]
	n.alive = n.alive[:last]
}

// refresh brings p's lower bound to where Newton's method ends in the middle of
// the range. Any split of the supporters into those who pay all and those who
// pay in full gives a lower bound for every t, see purse. keep: they can afford
// p in the whole range, else in none of it; certain: one of the two is sure,
// after cutting the range if need be.
func (n *band) refresh(p int32, step float64) (keep, certain bool) {
	n.fresh[p] = n.round
	cost := n.k.costf[p]
	rate := n.guess(p)
	for steps := 0; ; steps++ {
		sum := n.split(p, rate)
		if steps == 0 {
			terms := float64(n.end[p]-n.k.from[p]+8) * 2 * eps
			margin := sum.margin + terms*(sum.have+n.slopes(p)+cost)
			low, high := line{sum.have - margin - cost, sum.slope}, line{sum.have + margin - cost, sum.slope}
			for low.at(0) < 0 || low.at(n.reach) < 0 {
				if high.at(0) < 0 && high.at(n.reach) < 0 {
					return false, true
				}
				edge := low
				if low.at(0) < 0 {
					edge = high
				}
				if low.at(0) < 0 && high.at(0) >= 0 || n.reach == 0 ||
					!n.cut(math.Min(edge.a/-edge.b, n.reach-step), step) {
					return false, false
				}
			}
		}
		if sum.units == 0 {
			if low := n.low[p].at(n.reach / 2); steps == 0 && rate > low {
				rate = low // the guess was too high
				continue
			}
			return false, false
		}
		next := n.bound(p, sum)
		if mid := next.at(n.reach / 2); steps < 50 && math.Abs(mid-rate) > 1e-12*rate {
			rate = mid
			continue
		}
		return true, true
	}
}

// guess looks for p's rate in the middle of the range among a sample of its
// supporters. Only the number of steps depends on it.
func (n *band) guess(p int32) float64 {
	const stride = 16
	from, end, mid := n.k.from[p], n.end[p], n.reach/2
	low := n.low[p].at(mid)
	if end-from < 64*stride {
		return low
	}
	share := n.k.costf[p] / stride
	for rate := low; ; {
		var poor, units float64
		for edge := from; edge < end; edge += stride {
			c, unit := n.cells[n.group[edge]], 1.0
			if n.util != nil {
				unit = n.util[edge]
			}
			if m := c.m + c.s*mid; m > rate*unit {
				units += c.weight * unit
			} else {
				poor += c.weight * m
			}
		}
		if units == 0 {
			return low
		}
		next := (share - poor) / units
		if next <= rate*1.001 {
			return max(rate, low)
		}
		rate = next
	}
}

// bound sets p's lower bound to the one that follows from a split of its
// supporters.
func (n *band) bound(p int32, sum sums) line {
	cost, terms := n.k.costf[p], float64(n.end[p]-n.k.from[p]+8)*2*eps
	n.loose[p] = terms * (sum.poor + n.slopes(p) + cost)
	n.units[p] = sum.units
	n.low[p] = line{(cost - sum.poor - sum.poorMargin - n.loose[p]) / sum.units, -sum.poorSlope / sum.units}
	return n.low[p]
}

// slopes bounds how much of the money of p's supporters may come from their
// lines' slopes.
func (n *band) slopes(p int32) float64 { return n.steep * float64(n.k.voters[p]) * n.reach }

// sums over the supporters of a project: of all, and of those who pay all at a
// rate.
type sums struct {
	have, slope, margin         float64
	poor, poorSlope, poorMargin float64
	units                       float64
}

// split divides p's supporters by their money in the middle of the range, and
// forgets the spent.
func (n *band) split(p int32, rate float64) sums {
	from, mid := n.k.from[p], n.reach/2
	groups, cells, kept := n.group[from:n.end[p]], n.cells, 0
	var have, slope, margin, poor, poorSlope, poorMargin, units float64 // a struct would be kept in memory
	for j, g := range groups {
		c := cells[g]
		if c.weight == 0 {
			continue
		}
		unit := 1.0
		if n.util != nil {
			unit = n.util[int(from)+j]
			n.util[int(from)+kept] = unit
		}
		groups[kept] = g
		kept++
		m, s, e := c.weight*c.m, c.weight*c.s, c.weight*c.e
		if c.m+c.s*mid > rate*unit {
			have += m
			slope += s
			margin += e
			units += c.weight * unit
		} else {
			poor += m
			poorSlope += s
			poorMargin += e
		}
	}
	n.end[p] = from + int32(kept)
	return sums{have + poor, slope + poorSlope, margin + poorMargin, poor, poorSlope, poorMargin, units}
}

// ceiling raises p's lower bound to an upper one: by how much payments at the
// bound may fall short of the cost, divided by the units of those who pay in
// full for sure. Both bounds must come from the same split.
func (n *band) ceiling(p int32) (line, bool) {
	from, reach := n.k.from[p], n.reach
	rate := n.low[p].at(reach / 2)
	sum := n.split(p, rate)
	if sum.units == 0 {
		return line{}, false
	}
	low := n.bound(p, sum)
	width := max(64*eps, 2*n.hint) * rate
	for tries := 0; tries < 40; tries++ {
		var short, units float64
		flat := true
		for j, g := range n.group[from:n.end[p]] {
			c := &n.cells[g]
			if c.weight == 0 {
				continue
			}
			unit := 1.0
			if n.util != nil {
				unit = n.util[int(from)+j]
			}
			// What the group has beyond the price, at both ends.
			x, y := c.m-low.a*unit, c.m+c.s*reach-low.at(reach)*unit
			if c.m+c.s*(reach/2) > rate*unit {
				if least := math.Min(x, y) - c.e - n.slop; least > width*unit {
					units += c.weight * unit
				} else {
					flat = false
					short += c.weight * math.Max(0, -least)
				}
			} else {
				flat = false
				short += c.weight * (2*c.e + math.Max(0, math.Max(x, y)+c.e+n.slop))
			}
		}
		if units == 0 {
			return line{}, false
		}
		terms := float64(n.end[p]-from+8) * 8 * eps
		need := (short + 4*n.loose[p] + terms*low.size(reach)*units) / units * over
		if need <= width { // a narrower one would need no more
			n.flat[p], n.hint = flat, need/rate
			return line{low.a + need, low.b}, true
		}
		width = 2 * need
	}
	return line{}, false
}

// pay takes the price, somewhere between the bounds, from p's supporters.
func (n *band) pay(p int32, high line) {
	low, from := n.low[p], n.k.from[p]
	half := (high.a - low.a) / 2
	price := line{low.a + half, low.b}
	for j, g := range n.group[from:n.end[p]] {
		c := &n.cells[g]
		if c.weight == 0 {
			continue
		}
		unit := 1.0
		if n.util != nil {
			unit = n.util[int(from)+j]
		}
		left := share{c.m - price.a*unit, c.s - price.b*unit, c.e + half*unit*over + n.slop, c.weight}
		left.e += 4 * eps * (math.Abs(left.s) + math.Abs(price.b)*unit) * n.reach
		x, y := left.m, left.m+left.s*n.reach
		switch {
		case math.Min(x, y) > left.e:
		case math.Max(x, y) <= -left.e:
			left.weight = 0 // spent, whatever t
		default: // between 0 and the line through what may be left at both ends
			x, y = math.Max(0, x+left.e), math.Max(0, y+left.e)
			left.m, left.s, left.e = x/2, 0, math.Max(x, y)/2+n.slop
			if n.reach > 0 {
				left.s = (y - x) / 2 / n.reach
			}
		}
		n.steep = max(n.steep, math.Abs(left.s))
		*c = left
	}
	n.place[p] = n.round
	n.round++
	n.spent.Add(n.spent, n.k.cost[p])
	for i := 0; i < len(n.alive); {
		if q := n.alive[i]; q == p || slices.Contains(n.k.e.rival[q], p) {
			n.drop(i)
		} else {
			i++
		}
	}
}
