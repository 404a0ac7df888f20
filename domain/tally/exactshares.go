package tally

import (
	"context"
	"encoding/binary"
	"math/big"
	"math/bits"
	"slices"
)

// exactShares is Exact Equal Shares of Kraiczy, Robinson and Elkind,
// "Streamlining Equal Shares" (2025), arXiv 2502.11797. Every voter gets the
// same money b. All who pay for a project pay the same; nobody pays the rest of
// what she has. A project p may be bought by k of its supporters if each of
// them has c(p)/k, and the more the better: k(p) is the greatest such number.
// The project of the most utility for its price, u(p)·k(p)/c(p), is bought,
// until none may be. Supported projects without cost come first, and a purchase
// shuts out the projects that conflict with it, as under equalShares.
//
// The completion add-opt starts at B/n and raises b to the least at which the
// run changes: at which one of its purchases would have more payers, or another
// project would be bought before one of them or after the last. Add-opt-skip
// looks at the projects that the run has not bought only: far fewer runs, and
// possibly another outcome. Both stop as Add1IntNoExhaust does: when a run
// costs more than the budget, the one before it is the outcome.
type exactShares struct {
	e       *election
	market  *market
	options options
	words   int // of a group's set of purchases
}

func newExactShares(e *election, options options) *exactShares {
	s := &exactShares{e: e, options: options, words: (len(e.in.Projects) + 63) / 64}
	s.market = newMarket(e, one, s.raises())
	return s
}

// raises tells whether the rule tries more money than B/n.
func (s *exactShares) raises() bool {
	return s.e.rule.Completion == AddOpt || s.e.rule.Completion == AddOptSkip
}

// EqualShare explains a project under exact equal shares. Amounts are in the
// budget's unit.
type EqualShare struct {
	// Of a bought project: what each of its payers paid, rounded to hundredths,
	// and how many they were.
	Price  *Number `json:"price,omitempty"`
	Payers int64   `json:"payers,omitempty"`
	// Of any other: how much more money every voter would have to have for it to
	// be bought, the least that is enough, rounded up to hundredths.
	More *Number `json:"more,omitempty"`
}

// exactRun is one run. Money is kept as floats; what they leave open is decided
// in rationals, which follow from what each group has paid for.
type exactRun struct {
	s       *exactShares
	start   *big.Rat // in units of 1/unit
	startf  float64
	money   []float64 // of each group, nearly
	paid    []uint64  // words for each group: the purchases that it paid for
	bought  []equalPurchase
	place   []int32 // of each project among bought, -1
	most    []int64 // how many may pay for each project; falls only
	spent   *big.Int
	decided map[string]*big.Rat // money by what was paid for
}

// equalPurchase of a project by so many voters, each at this price.
type equalPurchase struct {
	p      int32
	payers int64
	price  *big.Rat
	near   float64
}

func (s *exactShares) open(start *big.Rat) *exactRun {
	k := s.market
	r := &exactRun{
		s: s, start: start, money: make([]float64, len(k.weight)), paid: make([]uint64, s.words*len(k.weight)),
		place: make([]int32, len(k.cost)), most: slices.Clone(k.voters), spent: new(big.Int),
		decided: map[string]*big.Rat{},
	}
	r.startf, _ = start.Float64()
	for g := range r.money {
		r.money[g] = r.startf
	}
	for p := range r.place {
		r.place[p] = -1
		if k.cost[p].Sign() == 0 {
			r.most[p] = 0 // bought already, or never
		}
	}
	return r
}

// slack bounds the error of a group's money, and of a price beside it: each of
// the purchases so far rounds twice.
func (r *exactRun) slack(near float64) float64 {
	return float64(2*len(r.bought)+8) * eps * (r.startf + near)
}

// rest is what group g had before purchase t, exactly.
func (r *exactRun) rest(g int32, t int) *big.Rat {
	set := make([]byte, 0, 8*r.s.words)
	for w, word := range r.paid[int(g)*r.s.words : (int(g)+1)*r.s.words] {
		if from := 64 * w; t < from+64 {
			word &= 1<<max(t-from, 0) - 1
		}
		set = binary.LittleEndian.AppendUint64(set, word)
	}
	if known := r.decided[string(set)]; known != nil {
		return known
	}
	money := new(big.Rat).Set(r.start)
	for w := range r.s.words {
		for word := binary.LittleEndian.Uint64(set[8*w:]); word != 0; word &= word - 1 {
			money.Sub(money, r.bought[64*w+bits.TrailingZeros64(word)].price)
		}
	}
	r.decided[string(set)] = money
	return money
}

// share is what each of so many pays for p, exactly and nearly.
func (r *exactRun) share(p int32, sharers int64) (price *big.Rat, near float64) {
	price = new(big.Rat).SetFrac(r.s.market.cost[p], big.NewInt(sharers))
	near, _ = price.Float64()
	return price, near
}

// has tells whether each voter of g has the price now.
func (r *exactRun) has(g int32, price *big.Rat, near, slack float64) bool {
	money := r.money[g]
	return money > near+slack || money >= near-slack && r.rest(g, len(r.bought)).Cmp(price) >= 0
}

// able counts the supporters of p who have its price if so many share it.
func (r *exactRun) able(p int32, sharers int64) (n int64) {
	price, near := r.share(p, sharers)
	slack := r.slack(near)
	groups, _ := r.s.market.supporters(p)
	for _, g := range groups {
		if r.has(g, price, near, slack) {
			n += r.s.market.weight[g]
		}
	}
	return n
}

// payers is the greatest number of supporters that can share the cost of p
// equally; 0 if none can. Fewer sharers have a higher price, which fewer have:
// the number that have the price of all is a bound for those that can share it.
func (r *exactRun) payers(p int32) int64 {
	for r.most[p] > 0 {
		n := r.able(p, r.most[p])
		if n >= r.most[p] {
			break
		}
		r.most[p] = n
	}
	return r.most[p]
}

// compare tells which of two projects, bought by so many, has the more utility
// for its price.
func (s *exactShares) compare(p int32, payers int64, q int32, others int64) int {
	x, y := big.NewInt(payers), big.NewInt(others)
	if s.e.rule.Utility != Cost {
		x.Mul(x, s.market.cost[q])
		y.Mul(y, s.market.cost[p])
	}
	return x.Cmp(y)
}

// first returns the projects that may be bought next, tied; none at the end.
func (r *exactRun) first() (tied []int32) {
	s := r.s
	var open []int32
	for p := range r.place {
		if r.place[p] < 0 && r.most[p] > 0 && !s.market.shutOut(int32(p), r.place) {
			open = append(open, int32(p))
		}
	}
	slices.SortFunc(open, func(p, q int32) int { return s.compare(q, r.most[q], p, r.most[p]) })
	for _, p := range open {
		if len(tied) > 0 && s.compare(p, r.most[p], tied[0], r.most[tied[0]]) < 0 {
			break // from here on even the bounds are worse
		}
		n := r.payers(p)
		if n == 0 {
			continue
		}
		c := 1
		if len(tied) > 0 {
			c = s.compare(p, n, tied[0], r.most[tied[0]])
		}
		switch {
		case c > 0:
			tied = append(tied[:0], p)
		case c == 0:
			tied = append(tied, p)
		}
	}
	s.e.chain.sort(tied)
	return tied
}

// buy lets all pay for p who share its cost.
func (r *exactRun) buy(p int32) {
	price, near := r.share(p, r.most[p])
	slack, t := r.slack(near), len(r.bought)
	groups, _ := r.s.market.supporters(p)
	for _, g := range groups {
		if r.has(g, price, near, slack) {
			r.money[g] -= near
			r.paid[int(g)*r.s.words+t/64] |= 1 << (t % 64)
		}
	}
	r.place[p], r.bought = int32(t), append(r.bought, equalPurchase{p, r.most[p], price, near})
	r.spent.Add(r.spent, r.s.market.cost[p])
}

// run buys until nothing may be bought, or until the pot is overspent; note is
// told of the projects that are tied for each purchase.
func (s *exactShares) run(ctx context.Context, start *big.Rat, note func(t int, tied []int32)) (*exactRun, error) {
	r := s.open(start)
	for r.spent.Cmp(s.e.pot) <= 0 {
		tied := r.first()
		if len(tied) == 0 {
			break
		}
		if len(tied) > 1 {
			note(len(r.bought), tied)
		}
		r.buy(tied[0])
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// moment is a way in which the run may change: that k supporters of p have its
// price before purchase t.
type moment struct {
	p    int32
	k    int64
	t    int
	near float64 // how much more each voter must have
}

// beats is how many have to share p for it to be bought at t in place of what
// was: more than paid then if it was p itself, and one after the last purchase.
func (r *exactRun) beats(p int32, t int) int64 {
	switch {
	case t < 0:
		return r.s.market.voters[p] + 1
	case t == len(r.bought):
		return 1
	case r.bought[t].p == p:
		return r.bought[t].payers + 1
	}
	was := r.bought[t]
	least := big.NewInt(was.payers) // the least k with k·u(p)/c(p) at least as much
	rest := new(big.Int)
	if r.s.e.rule.Utility != Cost {
		least.Mul(least, r.s.market.cost[p])
		least.QuoRem(least, r.s.market.cost[was.p], rest)
		if rest.Sign() > 0 {
			least.Add(least, one)
		}
	}
	if !least.IsInt64() {
		return r.s.market.voters[p] + 1
	}
	k := least.Int64()
	if r.s.compare(p, k, was.p, was.payers) == 0 && r.s.e.chain.rank[p] > r.s.e.chain.rank[was.p] {
		k++
	}
	return k
}

// more is the least by which the money of all voters has to grow for the run to
// change, or for a project to be bought that was not; nil if it never does.
func (r *exactRun) more(ctx context.Context) (*big.Rat, error) {
	var closest []moment
	slack := 4 * r.slack(slices.Max(r.s.market.costf))
	for p := range r.place {
		if r.s.e.rule.Completion == AddOptSkip && r.place[p] >= 0 {
			continue
		}
		if r.s.market.voters[p] == 0 || r.s.market.cost[p].Sign() == 0 || r.s.market.shut[p] {
			continue
		}
		closest = r.moments(int32(p), closest, slack)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	var least *big.Rat
	for _, m := range closest {
		if exact := r.exactly(m); least == nil || exact.Cmp(least) < 0 {
			least = exact
		}
	}
	return least, nil
}

// member of a project's supporters: a group, and what it has.
type member struct {
	money  float64
	weight int64
	group  int32
}

// moments adds to the closest so far those of p, and drops what can no longer
// be the closest.
func (r *exactRun) moments(p int32, closest []moment, slack float64) []moment {
	k := r.s.market
	groups, _ := k.supporters(p)
	have := make([]member, len(groups))
	for i, g := range groups {
		have[i] = member{r.money[g], k.weight[g], g}
	}
	last := len(r.bought)
	if t := r.place[p]; t >= 0 {
		last = int(t)
	}
	for t := len(r.bought); t >= 0; t-- {
		if t < len(r.bought) {
			for i := range have {
				if r.paid[int(have[i].group)*r.s.words+t/64]>>(t%64)&1 == 1 {
					have[i].money += r.bought[t].near
				}
			}
		}
		// Shut out by an earlier purchase, p is not looked at.
		earlier := func(q int32) bool { return r.place[q] >= 0 && int(r.place[q]) < t }
		if t > last || slices.ContainsFunc(k.e.rival[p], earlier) {
			continue
		}
		from, to := r.beats(p, t), min(r.beats(p, t-1)-1, k.voters[p])
		if from > to {
			continue
		}
		if len(closest) > 0 && k.costf[p]/float64(to)-r.startf > closest[0].near+slack {
			continue
		}
		sorted := slices.Clone(have)
		slices.SortFunc(sorted, func(a, b member) int {
			switch {
			case a.money > b.money:
				return -1
			case a.money < b.money:
				return 1
			}
			return 0
		})
		closest = within(closest, p, t, from, to, k.costf[p], sorted, slack)
	}
	return closest
}

// within goes through the numbers of sharers from from to to.
func within(closest []moment, p int32, t int, from, to int64, cost float64, sorted []member, slack float64) []moment {
	before := int64(0)
	for _, m := range sorted {
		// The price falls with every sharer, and all of a group have the same.
		n := min(before+m.weight, to)
		if n >= from && n > before {
			near := cost/float64(n) - m.money
			switch {
			case len(closest) > 0 && near > closest[0].near+slack:
			case len(closest) > 0 && near < closest[0].near-slack:
				closest = append(closest[:0], moment{p, n, t, near})
			default:
				closest = append(closest, moment{p, n, t, near})
				if near < closest[0].near {
					closest[0], closest[len(closest)-1] = closest[len(closest)-1], closest[0]
				}
			}
		}
		if before += m.weight; before >= to {
			break
		}
	}
	return closest
}

// closest is the moment of a project that was not bought.
func (r *exactRun) closest(p int32) moment {
	moments := r.moments(p, nil, 4*r.slack(r.s.market.costf[p]))
	return slices.MinFunc(moments, func(a, b moment) int { return r.exactly(a).Cmp(r.exactly(b)) })
}

// exactly is how much more each voter must have: the price less what the k-th
// richest supporter has.
func (r *exactRun) exactly(m moment) *big.Rat {
	k := r.s.market
	groups, _ := k.supporters(m.p)
	type holder struct {
		money  *big.Rat
		weight int64
	}
	all := make([]holder, len(groups))
	for i, g := range groups {
		all[i] = holder{r.rest(g, m.t), k.weight[g]}
	}
	slices.SortFunc(all, func(a, b holder) int { return b.money.Cmp(a.money) })
	price, _ := r.share(m.p, m.k)
	n := int64(0)
	for _, h := range all {
		if n += h.weight; n >= m.k {
			return price.Sub(price, h.money)
		}
	}
	panic("more sharers than supporters")
}

// count looks for the run that is the outcome.
func (s *exactShares) count(ctx context.Context, o *Outcome) error {
	start := new(big.Rat).SetFrac(s.e.pot, big.NewInt(s.e.n))
	var chosen *exactRun
	var met [][]tie
	for runs := int64(1); ; runs++ {
		var ties [][]tie
		next, err := s.run(ctx, start, func(t int, tied []int32) {
			ties = append(ties, s.e.met(len(s.market.free)+t+1, slices.Clone(tied)))
		})
		if err != nil {
			return err
		}
		o.Iterations = runs
		if next.spent.Cmp(s.e.pot) > 0 {
			break
		}
		chosen, met = next, ties
		if !s.raises() {
			break
		}
		more, err := next.more(ctx)
		if err != nil {
			return err
		}
		if more == nil {
			break
		}
		start = new(big.Rat).Add(start, more)
		s.options.progress(Progress{Runs: runs, VoterBudget: Number{start}.Div(Number{toRat(s.e.unit)})})
	}
	for _, p := range s.market.free {
		o.buy(p)
	}
	for _, ties := range met {
		s.e.tell(o, ties, func(part []int32) bool { return !s.market.separate(part) })
	}
	for _, b := range chosen.bought {
		o.buy(b.p)
	}
	chosen.explain(o)
	return nil
}

// explain says what each purchase cost whom, and what the supporters of the
// others have left.
func (r *exactRun) explain(o *Outcome) {
	s := r.s
	unit := Number{toRat(s.e.unit)}
	hundredths := func(x *big.Rat, up float64) Number { return rounded(Number{x}.Div(unit).view(), 100, up) }
	budget := Fraction{Number{r.start}.Div(unit)}
	o.VoterBudget = &budget
	for _, b := range r.bought {
		price := hundredths(b.price, 0.5)
		o.Projects[b.p].Equal = &EqualShare{Price: &price, Payers: b.payers}
	}
	s.market.judge(o)
	for p := range o.Projects {
		if o.Projects[p].Status != Unaffordable {
			continue
		}
		more := r.exactly(r.closest(int32(p)))
		up := hundredths(more, 0)
		if up.Mul(unit).Cmp(Number{more}) < 0 {
			up = up.Add(Frac(1, 100))
		}
		o.Projects[p].Equal = &EqualShare{More: &up}
	}
}

func (e *election) exactShares(ctx context.Context, o *Outcome, options options) error {
	if err := newExactShares(e, options).count(ctx, o); err != nil {
		return err
	}
	if e.rule.Completion == Utilitarian {
		e.complete(o)
	}
	return nil
}
