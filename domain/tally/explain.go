package tally

import (
	"context"
	"math"
	"math/big"
	"slices"
)

// Shares explains a project under equal shares. Amounts are in the budget's
// unit, rounded to hundredths; the exact prices are in the Certificate.
type Shares struct {
	// Of a bought project: the most that any supporter paid for it, how many
	// paid their full share and how many paid less because it was all they had
	// left. EffectiveVotes is cost/price: those who pay part of a share count
	// as that part of a vote.
	Price          *Number `json:"price,omitempty"`
	Full           int64   `json:"paid_in_full,omitempty"`
	Partly         int64   `json:"paid_all_they_had,omitempty"`
	EffectiveVotes *Number `json:"effective_votes,omitempty"`
	// Of any other: after Lost purchases its supporters no longer had its cost
	// (0: they never had). Behind is their money then, rounded down, Missing
	// the rest of the cost, and Taken what earlier purchases took from its
	// supporters, the greatest first.
	Lost    *int    `json:"lost_after,omitempty"`
	Behind  *Number `json:"behind,omitempty"`
	Missing *Number `json:"missing,omitempty"`
	Taken   []Taken `json:"taken,omitempty"`
	// Support is the effective support in percent, rounded down to tenths: the
	// greatest part of its cost that its supporters would have paid in any
	// round at the ρ of that round, for a project that was shut out in any round
	// until then. A bought project has 100, any other less.
	Support Number `json:"effective_support"`
}

// Taken is what the purchase of a project took from the supporters of another.
type Taken struct {
	ID     string `json:"id"`
	Amount Number `json:"amount"`
}

// ledger follows a run of equal shares to explain it. Its floats never decide
// anything.
type ledger struct {
	s       *equalShares
	u       *purse
	results []Result
	behind  []float64   // money of each project's supporters
	taken   [][]float64 // taken[p][j]: what purchase j took from supporters of p
	price   float64     // most paid in this round
	full    int64
	partly  int64
}

func newLedger(s *equalShares, u *purse, results []Result) *ledger {
	m := len(results)
	l := &ledger{s: s, u: u, results: results, behind: make([]float64, m), taken: make([][]float64, m)}
	for p := range m {
		if s.market.voters[p] > 0 && s.market.cost[p].Sign() > 0 {
			l.behind[p] = float64(s.market.voters[p]) * u.startd.hi
			results[p].Shares = &Shares{}
		}
	}
	u.onPay = l.pays
	return l
}

// pays books one group's payment.
func (l *ledger) pays(g int32, paid float64, all bool) {
	k := l.s.market
	l.price = max(l.price, paid)
	if all {
		l.partly += k.weight[g]
	} else {
		l.full += k.weight[g]
	}
	amount := float64(paid * float64(k.weight[g]))
	j := len(l.u.bought)
	for _, p := range k.project[k.gfrom[g]:k.gfrom[g+1]] {
		l.behind[p] -= amount
		if l.taken[p] == nil {
			l.taken[p] = make([]float64, j+1, j+8)
		}
		for len(l.taken[p]) <= j {
			l.taken[p] = append(l.taken[p], 0)
		}
		l.taken[p][j] += amount
	}
}

// bought books the purchase that was just made.
func (l *ledger) bought(won purchase) {
	price := l.hundredths(l.price)
	cost := l.results[won.p].Cost
	votes := cost
	if exact := l.amount(l.price); exact.Sign() > 0 {
		votes = rounded(new(big.Rat).Quo(cost.view(), exact.view()), 10, 0.5)
	}
	l.results[won.p].Shares = &Shares{
		Price:          &price,
		Full:           l.full,
		Partly:         l.partly,
		EffectiveVotes: &votes,
		Support:        Int(100),
	}
	l.price, l.full, l.partly = 0, 0, 0
	l.drop()
}

// drop notes which projects have just become unaffordable.
func (l *ledger) drop() {
	k := l.s.market
	for p := range l.results {
		s := l.results[p].Shares
		if s == nil || s.Lost != nil || l.u.place[p] >= 0 || k.shutOut(int32(p), l.u.place) {
			continue
		}
		if near := k.costf[p] * 1e-6; l.behind[p] > k.costf[p]+near ||
			l.behind[p] > k.costf[p]-near && l.u.affordable(int32(p)) {
			continue
		}
		lost := len(l.u.bought)
		num, den := l.u.money(int32(p))
		have := Number{
			new(big.Rat).SetFrac(num, den),
		}.Div(Number{toRat(l.s.market.scale)}).
			Div(Number{toRat(l.s.e.unit)})
		behind := rounded(have.view(), 100, 0)
		missing := l.results[p].Cost.Sub(behind)
		s.Lost, s.Behind, s.Missing = &lost, &behind, &missing
		for j, amount := range l.taken[p] {
			if n := l.hundredths(amount); n.Sign() > 0 {
				s.Taken = append(s.Taken, Taken{l.results[l.u.bought[j].p].ID, n})
			}
		}
		slices.SortStableFunc(s.Taken, func(a, b Taken) int { return b.Amount.Cmp(a.Amount) })
	}
}

// support works out the effective support of the projects that were not bought.
func (l *ledger) support(ctx context.Context) error {
	k, u := l.s.market, l.u
	t := tracks{k: k, u: u, row: make([]int32, len(k.cost))}
	for _, won := range u.bought {
		t.rho = append(t.rho, won.rate.hi*k.factor[won.p])
	}
	var open []int32
	for p := range int32(len(l.results)) {
		if t.row[p] = -1; l.results[p].Shares != nil && u.place[p] < 0 {
			t.row[p] = int32(len(open))
			open = append(open, p)
		}
	}
	offers, err := t.follow(ctx, len(open), l.s.options.workers)
	if err != nil {
		return err
	}
	for row, p := range open {
		best := 0.0
		switch {
		case k.shut[p]:
		case len(t.rho) == 0:
			best = l.behind[p] / k.costf[p]
		default:
			best = offers.best(row, t.rho[:l.rounds(p)], k.factor[p]) / k.costf[p]
		}
		l.results[p].Shares.Support = Frac(int64(math.Floor(min(best*1000, 999))), 10)
	}
	return nil
}

// rounds is the number of purchases until a rival of p was bought, this one
// too.
func (l *ledger) rounds(p int32) int {
	n := len(l.u.bought)
	for _, q := range l.s.market.e.rival[p] {
		if j := l.u.place[q]; j >= 0 {
			n = min(n, int(j)+1)
		}
	}
	return n
}

// amount turns a scaled float into units of money.
func (l *ledger) amount(scaled float64) Number {
	r := new(big.Rat)
	r.SetFloat64(scaled)
	r.Quo(r, toRat(l.s.market.scale))
	return Number{r.Quo(r, toRat(l.s.e.unit))}
}

func (l *ledger) hundredths(scaled float64) Number { return rounded(l.amount(scaled).view(), 100, 0.5) }

// rounded returns ⌊r·parts + up⌋/parts.
func rounded(r *big.Rat, parts int64, up float64) Number {
	x := new(big.Rat).Mul(r, new(big.Rat).SetInt64(parts))
	x.Add(x, new(big.Rat).SetFloat64(up))
	return Number{new(big.Rat).SetFrac(new(big.Int).Div(x.Num(), x.Denom()), big.NewInt(parts))}
}
