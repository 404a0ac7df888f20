package tally

import (
	"context"
	"math/big"
)

// equalShares is the method of equal shares of Peters, Pierczyński and Skowron,
// "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS
// 2021), arXiv 2008.13276. Every voter gets the same money b. A project is
// affordable if its supporters have its cost; having it exactly is enough. Its
// ρ is the least number for which payments min(money, ρ·u) of all supporters
// add up to its cost. The affordable project of least ρ is bought, until none
// is affordable. Supported projects without cost come first. A purchase shuts
// out the projects that conflict with it: they leave the count, and nobody pays
// for them.
type equalShares struct {
	e       *election
	market  *market
	start   *big.Int // endowment of the first run, scaled
	step    *big.Int // added from run to run, nil if there is one run only
	pot     *big.Int // scaled
	exhaust bool     // a run that leaves nothing to fund is the last
	options options
}

func newEqualShares(e *election, options options) *equalShares {
	n := big.NewInt(e.n)
	s := &equalShares{e: e, options: options, exhaust: true}
	scale := n
	switch e.rule.Completion {
	case Add1:
		s.start, s.step = new(big.Int).Set(e.pot), new(big.Int).Mul(n, e.unit)
	case Add1Int, Add1IntUtil, Add1IntNoExhaust:
		scale = one
		s.start = new(big.Int).Quo(e.pot, new(big.Int).Mul(n, e.unit)) // ⌊B/n⌋ in whole units of money
		s.start.Mul(s.start, e.unit)
		s.step = new(big.Int).Set(e.unit)
		s.exhaust = e.rule.Completion != Add1IntNoExhaust
	case Percent1:
		scale = new(big.Int).Mul(n, big.NewInt(100))
		s.start, s.step = new(big.Int).Mul(e.pot, big.NewInt(100)), new(big.Int).Set(e.pot)
	default:
		s.start = new(big.Int).Set(e.pot)
	}
	s.market = newMarket(e, scale, s.step != nil)
	s.pot = new(big.Int).Mul(e.pot, scale)
	return s
}

// endowment of run i, scaled.
func (s *equalShares) endowment(i int64) *big.Int {
	b := new(big.Int).Set(s.start)
	if s.step != nil {
		b.Add(b, new(big.Int).Mul(s.step, big.NewInt(i)))
	}
	return b
}

// verdict is what a run means for the search.
type verdict struct {
	overspent bool // costs more than the pot; the run was cut short
	last      bool // nothing that may follow is better
}

// run buys until nothing is affordable, or until the pot is overspent.
func (s *equalShares) run(ctx context.Context, u *purse, met tieLog, i int64) (verdict, error) {
	u.open(s.endowment(i))
	for {
		p, tied := u.next()
		if p < 0 {
			break
		}
		met.note(s.market, i, len(u.bought), tied)
		if u.spent.Cmp(s.pot) > 0 {
			return verdict{overspent: true}, nil
		}
		if err := ctx.Err(); err != nil {
			return verdict{}, err
		}
	}
	return verdict{last: s.step == nil || s.done(u.place, u.spent)}, nil
}

// done tells whether the run ends the search: everything supported is bought or
// shut out, or, for completions that stop so, nothing else that is supported
// fits what is left of the pot. A project that nobody supports would be bought
// by no endowment: that it still fits is no reason to go on.
func (s *equalShares) done(place []int32, spent *big.Int) bool {
	left := new(big.Int).Sub(s.pot, spent)
	all, full := true, true
	for p := range s.market.cost {
		if place[p] >= 0 || s.e.in.Projects[p].Withdrawn || s.market.cost[p].Sign() == 0 {
			continue
		}
		if s.market.voters[p] == 0 || s.market.shutOut(int32(p), place) {
			continue
		}
		all = false
		if s.market.cost[p].Cmp(left) <= 0 {
			full = false
		}
	}
	return all || s.exhaust && full
}

// replay repeats the run that decided, and explains it in o.
func (s *equalShares) replay(ctx context.Context, f found, o *Outcome) error {
	chosen := f.chosen
	s.fund(o)
	told := map[string]bool{}
	u := newPurse(s.market)
	u.open(s.endowment(chosen))
	l := newLedger(s, u, o.Projects)
	for l.drop(); ; {
		p, tied := u.next()
		if p < 0 {
			break
		}
		if tied != nil {
			ties := s.e.met(len(s.market.free)+len(u.bought), tied)
			s.e.tell(o, ties, func(part []int32) bool { return !s.market.separate(part) })
			told[nameOf(tied)] = true
		}
		l.bought(u.bought[len(u.bought)-1])
		s.options.progress(Progress{Runs: f.runs, VoterBudget: s.voterBudget(chosen), Bought: len(u.bought)})
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	s.tellThrownAway(o, f.met, chosen, f.runs-1, told)
	o.Certificate = s.certify(u, chosen)
	for _, b := range u.bought {
		o.buy(b.p)
	}
	return l.support(ctx)
}

// fund takes the projects without cost, which need no money: where they shut
// each other out, by the chain.
func (s *equalShares) fund(o *Outcome) {
	var order []int32
	for p := range s.e.cost {
		if s.e.cost[p].Sign() == 0 && s.market.voters[p] > 0 {
			order = append(order, int32(p))
		}
	}
	s.e.chain.sort(order)
	if len(order) > len(s.market.free) {
		s.e.tell(o, s.e.walked(1, order), func([]int32) bool { return false })
	}
	for _, p := range s.market.free {
		o.buy(p)
	}
}

// certify states the prices of the run.
func (s *equalShares) certify(u *purse, chosen int64) *Certificate {
	c := &Certificate{Endowment: Fraction{s.voterBudget(chosen)}, Prices: []Price{}}
	u.catchUp()
	units := Number{toRat(s.market.scale)}.Mul(Number{toRat(s.e.unit)})
	for j, b := range u.bought {
		rate := Number{new(big.Rat).SetFrac(u.num[j], u.den[j])}
		c.Prices = append(c.Prices, Price{s.e.in.Projects[b.p].ID, Fraction{rate.Div(units)}})
	}
	return c
}

func (e *election) equalShares(ctx context.Context, o *Outcome, options options) error {
	s := newEqualShares(e, options)
	f, err := s.search(ctx)
	if err != nil {
		return err
	}
	if err := s.replay(ctx, f, o); err != nil {
		return err
	}
	budget := Fraction{s.voterBudget(f.chosen)}
	o.Iterations, o.VoterBudget = f.runs, &budget
	s.market.judge(o)
	if e.rule.Completion == Utilitarian || e.rule.Completion == Add1IntUtil {
		e.complete(o)
	}
	if e.rule.Comparison != NoComparison {
		e.compareWithGreedy(o)
	}
	return nil
}

// complete spends what is left by greedy over the rest.
func (e *election) complete(o *Outcome) {
	left := new(big.Int).Set(e.pot)
	var rest []int32
	for p := range o.Projects {
		if o.Projects[p].Selected {
			left.Sub(left, e.cost[p])
		} else {
			rest = append(rest, int32(p))
		}
	}
	e.walk(o, Greedy, rest, left)
}
