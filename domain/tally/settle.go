package tally

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// settle finds the rate of an affordable project as integers. Who pays in full
// and who pays all that is left is read off the floats and then proved: a
// division of the supporters is the right one exactly if the rate that follows
// from it is at least the money per unit of those who pay all, and at most that
// of those who pay in full. Where a group lies within Δ of the rate, the
// integers decide.
func (u *purse) settle(p int32) purchase {
	tolerance := 16 * eps
	for rate := u.low[p]; tolerance < 1; {
		won, proved := u.divide(p, rate, tolerance)
		if proved {
			return won
		}
		if won.units > 0 && won.rate.hi > rate*(1+0x1p-40) {
			rate = won.rate.hi // a step of Newton's method
		} else {
			tolerance *= 1 << 16
		}
	}
	won, proved := u.divide(p, 0, math.Inf(1))
	if !proved {
		panic("tally: an affordable project has no rate") // cannot happen: see compareUnsure
	}
	return won
}

// divide splits p's supporters at the rate: those within tolerance of it are
// compared exactly. It reports whether the split is proved.
func (u *purse) divide(p int32, rate, tolerance float64) (purchase, bool) {
	k := u.k
	won := purchase{p: p}
	richest, poorest := 0.0, math.Inf(1) // money per unit, of those who pay all and of those who pay in full
	sum, units, near := 0.0, 0.0, tolerance*rate+2*u.slack
	u.unsure, u.poor = u.unsure[:0], u.poor[:0]
	for edge := k.from[p]; edge < u.end[p]; edge++ {
		g := u.group[edge]
		c := u.cells[g]
		if c.money == 0 {
			continue
		}
		per, slack, unit := c.money, u.slack, 1.0
		if u.util != nil {
			unit = u.util[edge]
			per, slack = per/unit, slack/unit
			near = tolerance*rate + 2*slack
		}
		switch gap := per - rate; {
		case gap > near:
			units += c.weight * unit
			poorest = min(poorest, per-slack)
		case gap < -near:
			u.poor = append(u.poor, g)
			sum += c.money * c.weight
			richest = max(richest, per+slack)
		default: // all of them if the tolerance is infinite
			u.unsure = append(u.unsure, edge)
		}
	}
	won.units = int64(units) // exact: see maxTotal
	if won.units > 0 {
		if won.rate.hi = (k.costf[p] - sum) / float64(won.units); won.rate.hi > rate*(1+0x1p-40) && len(u.unsure) == 0 {
			return won, false // a step of Newton's method is due
		}
	}
	for _, g := range u.poor {
		won.all += k.weight[g]
		u.tell(g)
	}
	won.paid = u.told()
	if len(u.unsure) > 0 && !u.compareUnsure(&won) {
		return won, false
	}
	if won.units == 0 {
		return won, false
	}
	u.price(&won)
	return won, richest*over <= won.rate.hi && won.rate.hi <= poorest*under
}

// compareUnsure puts the unsure groups on their side of the rate, in the order
// of their exact money per unit: the poorest pay all until the rate that
// follows is within the means of the next.
func (u *purse) compareUnsure(won *purchase) bool {
	k := u.k
	u.catchUp()
	type means struct {
		edge  int32
		money *big.Int
		unit  int64
	}
	// Groups that paid for the same projects at the same units have the same
	// money: the integers are worked out once for each.
	known := map[string]*big.Int{}
	list := make([]means, len(u.unsure))
	var total int64
	for i, edge := range u.unsure {
		g := u.group[edge]
		terms := u.termsOf(g)
		name := fingerprint(terms)
		if known[name] == nil {
			known[name] = u.combine(1, terms)
		}
		list[i] = means{edge, known[name], 1}
		if u.util != nil {
			list[i].unit = int64(u.util[edge])
		}
		total += k.weight[g] * list[i].unit
	}
	slices.SortFunc(list, func(a, b means) int {
		if a.unit == b.unit {
			return cmp.Or(a.money.Cmp(b.money), cmp.Compare(a.edge, b.edge))
		}
		x, y := new(big.Int).Mul(a.money, big.NewInt(b.unit)), new(big.Int).Mul(b.money, big.NewInt(a.unit))
		return cmp.Or(x.Cmp(y), cmp.Compare(a.edge, b.edge))
	})
	num := u.numerator(*won)
	for _, t := range won.paid {
		u.counts[t.j] += t.n
	}
	defer func() { won.paid = u.told() }()
	left, right, weight := new(big.Int), new(big.Int), new(big.Int)
	for won.units += total; ; {
		if len(list) == 0 {
			return won.units > 0
		}
		next, g := list[0], u.group[list[0].edge]
		left.Mul(num, weight.SetInt64(next.unit))
		right.Mul(next.money, weight.SetInt64(won.units))
		if left.Cmp(right) <= 0 {
			return true
		}
		num.Sub(num, right.Mul(next.money, weight.SetInt64(k.weight[g])))
		won.units -= k.weight[g] * next.unit
		won.all += k.weight[g]
		u.tell(g)
		list = list[1:]
	}
}

// tell counts what group g has paid for.
func (u *purse) tell(g int32) {
	k := u.k
	for edge := k.gfrom[g]; edge < k.gfrom[g+1]; edge++ {
		if j := u.place[k.project[edge]]; j >= 0 {
			u.counts[j] += k.weight[g] * k.unitOf(edge)
		}
	}
}

// told collects the counts and clears them.
func (u *purse) told() []term {
	var terms []term
	for j, n := range u.counts[:len(u.bought)] {
		if n != 0 {
			terms = append(terms, term{int32(j), n})
			u.counts[j] = 0
		}
	}
	return terms
}

// termsOf returns what one voter of an unspent group has paid for.
func (u *purse) termsOf(g int32) []term {
	var terms []term
	k := u.k
	for edge := k.gfrom[g]; edge < k.gfrom[g+1]; edge++ {
		if j := u.place[k.project[edge]]; j >= 0 {
			terms = append(terms, term{j, k.unitOf(edge)})
		}
	}
	slices.SortFunc(terms, func(a, b term) int { return int(a.j) - int(b.j) })
	return terms
}

func fingerprint(terms []term) string {
	name := make([]byte, 0, 12*len(terms))
	for _, t := range terms {
		for s := 0; s < 32; s += 8 {
			name = append(name, byte(t.j>>s))
		}
		for s := 0; s < 64; s += 8 {
			name = append(name, byte(t.n>>s))
		}
	}
	return string(name)
}

// price works out the rate as a double with a relative error below ε/4; where
// cancellation eats more, from the integers.
func (u *purse) price(won *purchase) {
	sum := toDouble(u.k.cost[won.p]).add(u.startd.times(float64(won.all)).neg())
	size := u.k.costf[won.p] + u.startd.hi*float64(won.all)
	inherited := 0.0
	for _, t := range won.paid {
		rate := u.bought[t.j].rate
		sum = sum.add(rate.times(float64(t.n)))
		size += rate.hi * float64(t.n)
		inherited += u.bought[t.j].doubt * float64(t.n)
	}
	won.rate = sum.over(float64(won.units))
	won.doubt = (size*epsDouble*float64(len(won.paid)+4) + inherited) / float64(won.units) * (1 + 1e-9)
	if won.doubt <= won.rate.hi*(eps/4) {
		return
	}
	u.catchUp()
	den := big.NewInt(won.units)
	won.rate = quotient(u.numerator(*won), den.Mul(den, u.lastDen()))
	won.doubt = won.rate.hi * epsDouble
}

// catchUp works out the rates of all purchases as num/den; den is the product
// of the units so far, so that they have a common one.
func (u *purse) catchUp() {
	for j := len(u.num); j < len(u.bought); j++ {
		b := &u.bought[j]
		num := u.numerator(*b)
		den := new(big.Int).Mul(u.lastDen(), big.NewInt(b.units))
		u.num, u.den = append(u.num, num), append(u.den, den)
	}
}

var one = big.NewInt(1)

// lastDen is the common denominator of the rates worked out so far.
func (u *purse) lastDen() *big.Int {
	if len(u.den) == 0 {
		return one
	}
	return u.den[len(u.den)-1]
}

// combine returns the numerator of all·b - Σ n_j·rate_j over lastDen: what so
// many voters have left who paid that.
func (u *purse) combine(all int64, paid []term) *big.Int {
	sum := new(big.Int)
	next, factor := 0, new(big.Int)
	for j := range u.num {
		if sum.Sign() != 0 {
			sum.Mul(sum, factor.SetInt64(u.bought[j].units))
		}
		if next < len(paid) && int(paid[next].j) == j {
			sum.Sub(sum, factor.Mul(factor.SetInt64(paid[next].n), u.num[j]))
			next++
		}
	}
	if all == 0 {
		return sum
	}
	factor.Mul(factor.SetInt64(all), u.start)
	return sum.Add(sum, factor.Mul(factor, u.lastDen()))
}

// numerator of a purchase's rate over lastDen·units.
func (u *purse) numerator(b purchase) *big.Int {
	left := new(big.Int).Mul(u.k.cost[b.p], u.lastDen())
	return left.Sub(left, u.combine(b.all, b.paid))
}

// affordable decides in integers whether the supporters of p have its cost.
func (u *purse) affordable(p int32) bool {
	have, den := u.money(p)
	return have.Cmp(new(big.Int).Mul(u.k.cost[p], den)) >= 0
}

// money returns what the supporters of p have, scaled, as num/den.
func (u *purse) money(p int32) (num, den *big.Int) {
	u.catchUp()
	var all int64
	for _, g := range u.group[u.k.from[p]:u.end[p]] {
		if u.cells[g].money > 0 {
			all += u.k.weight[g]
			u.tell(g)
		}
	}
	return u.combine(all, u.told()), u.lastDen()
}

// exhausts decides in integers whether one voter of g has at most the price
// that she has to pay for won.
func (u *purse) exhausts(won purchase, g int32, unit int64) bool {
	u.catchUp()
	have := u.combine(1, u.termsOf(g))
	price := u.numerator(won)
	return have.Mul(have, big.NewInt(won.units)).Cmp(price.Mul(price, big.NewInt(unit))) <= 0
}

// judge finds the project of least ρ among won and those whose bounds do not
// rule them out, and the ties.
func (u *purse) judge(won purchase, others []int32) (purchase, []int32) {
	best := []purchase{won}
	for _, p := range others {
		rival := u.settle(p)
		switch u.compare(rival, best[0]) {
		case -1:
			best = append(best[:0], rival)
		case 0:
			best = append(best, rival)
		}
	}
	rank := u.k.e.chain.rank
	slices.SortFunc(best, func(a, b purchase) int { return cmp.Compare(rank[a.p], rank[b.p]) })
	if len(best) == 1 {
		return best[0], nil
	}
	tied := make([]int32, len(best))
	for i := range best {
		tied[i] = best[i].p
	}
	return best[0], tied
}

// compare compares ρ exactly.
func (u *purse) compare(a, b purchase) int {
	byCost := u.k.e.rule.Utility == Cost
	if a.all == b.all && a.units == b.units && slices.Equal(a.paid, b.paid) && u.k.cost[a.p].Cmp(u.k.cost[b.p]) == 0 {
		return 0
	}
	var x, y *big.Int
	if a.all == 0 && b.all == 0 {
		x, y = new(big.Int).Set(u.k.cost[a.p]), new(big.Int).Set(u.k.cost[b.p])
	} else {
		gap := a.rate.hi*u.k.factor[a.p] - b.rate.hi*u.k.factor[b.p]
		if size := a.rate.hi * u.k.factor[a.p] * 32 * eps; gap > size || gap < -size {
			return cmp.Compare(gap, 0)
		}
		u.catchUp()
		x, y = u.numerator(a), u.numerator(b)
	}
	x.Mul(x, big.NewInt(b.units))
	y.Mul(y, big.NewInt(a.units))
	if byCost {
		x.Mul(x, u.k.cost[b.p])
		y.Mul(y, u.k.cost[a.p])
	}
	return x.Cmp(y)
}
