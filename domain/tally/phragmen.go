package tally

import (
	"context"
	"math/big"
	"slices"
)

// phragmen is the sequential method of Phragmén for participatory budgeting:
// Los, Christoff and Grossi, "Proportional Budget Allocations: Towards a
// Systematization" (IJCAI 2022). Projects dearer than the pot are left out.
// Voters earn money at the same pace; a project is bought at the moment t(p) =
// (c(p) + loads of its supporters)/|supporters| when they can pay it, and their
// loads become t(p). Of the projects that are first at the same moment, if any
// does not fit the money left, the count stops. Projects nobody supports never
// get their moment; when only those are left and all of them fit, they are
// bought. A purchase shuts out the projects that conflict with it: they leave
// the count, and nobody pays for them.
//
// A load is one of the moments so far, so the sum of loads of a project's
// supporters is an integer combination of them: exact in integers.
func (e *election) phragmen(ctx context.Context, o *Outcome) error {
	return newClock(e).count(ctx, o)
}

func newClock(e *election) *clock {
	k := newMarket(e, one, false)
	return &clock{k: k, at: make([]int32, len(k.weight)), load: make([][]int64, len(k.cost))}
}

func (c *clock) count(ctx context.Context, o *Outcome) error {
	k, e := c.k, c.k.e
	left := new(big.Int).Set(e.pot)
	var open []int32
	for p := range k.cost {
		switch {
		case e.in.Projects[p].Withdrawn:
		case k.cost[p].Cmp(left) > 0:
			o.Projects[p].Status = DoesNotFit
		default:
			open = append(open, int32(p))
		}
	}
	for len(open) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		first := c.first(open)
		e.chain.sort(first)
		if c.onRound != nil {
			c.onRound(first, left)
		}
		if len(first) > 1 {
			e.tell(o, e.met(len(o.Selected)+1, first), func(part []int32) bool { return !k.separate(part) })
		}
		for _, p := range first {
			if k.cost[p].Cmp(left) > 0 {
				o.Projects[p].Status = DoesNotFit
				e.stop(o, open)
				return nil
			}
		}
		p := first[0]
		left.Sub(left, k.cost[p])
		o.buy(p)
		if k.voters[p] > 0 {
			num, den := c.moment(p)
			at := Fraction{Number{new(big.Rat).SetFrac(num, new(big.Int).Mul(den, e.unit))}}
			o.Projects[p].Moment = &at
			c.pass(p)
		}
		for _, q := range e.rival[p] {
			if r := &o.Projects[q]; r.Status == "" {
				r.Status, r.Conflict = Conflicting, o.Projects[p].ID
			}
		}
		open = slices.DeleteFunc(open, func(q int32) bool { return o.Projects[q].Status != "" })
	}
	if c.onRound != nil {
		c.onRound(nil, left)
	}
	return nil
}

func (e *election) stop(o *Outcome, open []int32) {
	for _, p := range open {
		if r := &o.Projects[p]; r.Status == "" {
			r.Status = AfterStop
		}
	}
}

// clock holds the moments of purchase as num[j]/den[j], where den is the
// product of the supporters' numbers so far.
type clock struct {
	k    *market
	num  []*big.Int
	den  []*big.Int
	near []float64
	by   []int64   // supporters of the j-th purchase
	who  []int32   // what it was
	at   []int32   // of each group: 1 + the purchase whose moment is its load, 0 for load 0
	load [][]int64 // load[p][j]: supporters of p whose load is moment j

	// nil but when a count is explained: before every purchase with the projects
	// that are first, in the order of the chain, and the money left, and with
	// none of them when nothing is left to be bought
	onRound func(first []int32, left *big.Int)
	taken   [][]float64 // taken[p][j]: what purchase j took from supporters of p; nil but when a count is explained
}

// first returns the projects of least t. All sums are of positive numbers, so
// floats err by less than 2(j+4)ε relative; what is closer is decided in
// integers.
func (c *clock) first(open []int32) []int32 {
	var best []int32
	var bestNear float64
	for _, p := range open {
		if c.k.voters[p] == 0 {
			continue
		}
		near := c.nearly(p)
		slack := bestNear * float64(len(c.num)+8) * 8 * eps
		switch {
		case best == nil || near < bestNear-slack:
			best, bestNear = append(best[:0], p), near
		case near > bestNear+slack:
		default:
			switch c.compare(p, best[0]) {
			case -1:
				best, bestNear = append(best[:0], p), near
			case 0:
				best = append(best, p)
			}
		}
	}
	if best == nil { // nobody supports what is left: all moments are never
		best = slices.Clone(open)
	}
	return best
}

func (c *clock) nearly(p int32) float64 {
	sum := c.k.costf[p]
	for j, n := range c.load[p] {
		if n > 0 {
			sum += float64(n) * c.near[j]
		}
	}
	return sum / float64(c.k.voters[p])
}

// sum returns the numerator of c(p) + loads over the last den.
func (c *clock) sum(p int32) *big.Int {
	sum, t := new(big.Int), new(big.Int)
	for j := range c.num {
		sum.Mul(sum, t.SetInt64(c.by[j]))
		if j < len(c.load[p]) && c.load[p][j] > 0 {
			sum.Add(sum, t.Mul(t.SetInt64(c.load[p][j]), c.num[j]))
		}
	}
	return sum.Add(sum, t.Mul(c.k.cost[p], c.lastDen()))
}

func (c *clock) lastDen() *big.Int {
	if len(c.den) == 0 {
		return one
	}
	return c.den[len(c.den)-1]
}

func (c *clock) moment(p int32) (num, den *big.Int) {
	return c.sum(p), new(big.Int).Mul(c.lastDen(), big.NewInt(c.k.voters[p]))
}

func (c *clock) compare(p, q int32) int {
	x, y := c.sum(p), c.sum(q)
	return x.Mul(x, big.NewInt(c.k.voters[q])).Cmp(y.Mul(y, big.NewInt(c.k.voters[p])))
}

// pass gives the supporters of p their new load.
func (c *clock) pass(p int32) {
	num, den := c.moment(p)
	j := len(c.num)
	c.num, c.den, c.by, c.who = append(c.num, num), append(c.den, den), append(c.by, c.k.voters[p]), append(c.who, p)
	c.near = append(c.near, quotient(num, den).hi)
	groups, _ := c.k.supporters(p)
	for _, g := range groups {
		for _, q := range c.k.project[c.k.gfrom[g]:c.k.gfrom[g+1]] {
			for len(c.load[q]) <= j {
				c.load[q] = append(c.load[q], 0)
			}
			paid := c.near[j]
			if old := c.at[g]; old > 0 {
				c.load[q][old-1] -= c.k.weight[g]
				paid -= c.near[old-1]
			}
			c.load[q][j] += c.k.weight[g]
			if c.taken != nil {
				for len(c.taken[q]) <= j {
					c.taken[q] = append(c.taken[q], 0)
				}
				c.taken[q][j] += paid * float64(c.k.weight[g])
			}
		}
		c.at[g] = int32(j) + 1
	}
}
