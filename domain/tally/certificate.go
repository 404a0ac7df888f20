package tally

import (
	"fmt"
	"math/big"
	"slices"
	"sync"
)

// Certificate is the price system of an outcome of equal shares: what every
// voter had, and what one unit of utility cost in each purchase (one vote, one
// point, one Borda point). With it anyone sees that nobody was charged more
// than she had, for nothing she did not support, and that nothing more could be
// bought: Check does so, without any of the code that found the prices.
type Certificate struct {
	Endowment Fraction `json:"endowment"`
	Prices    []Price  `json:"prices"` // in order of purchase; projects without cost and completions have none
}

// Price of one unit of a project: a supporter pays Rate for each, or all she
// has left.
type Price struct {
	ID   string   `json:"id"`
	Rate Fraction `json:"rate"`
}

// Check verifies, in integers: payments are non-negative, made by supporters
// only and sum to at most the endowment for each voter; every bought project is
// paid exactly; and no other supported project is affordable from what its
// supporters have left.
func (c Certificate) Check(rule Rule, in Instance) error {
	rule, err := rule.Complete(in.Form)
	if err != nil {
		return err
	}
	b, err := newBooks(c, rule, in)
	if err != nil {
		return err
	}
	const shards = 2
	parts := make([]*accounts, shards)
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() {
			n := len(in.Ballots)
			parts[i] = b.settle(in.Ballots[i*n/shards : (i+1)*n/shards])
		})
	}
	wg.Wait()
	sum := parts[0]
	for _, part := range parts[1:] {
		for p := range sum.money {
			sum.money[p].Add(sum.money[p], part.money[p])
			sum.voters[p] += part.voters[p]
		}
	}
	return b.judge(sum)
}

// books are the prices as integers over one denominator.
type books struct {
	in        Instance
	e         *election // for the worth of picks only
	endowment *big.Int
	cost      []*big.Int
	rate      []*big.Int // nil for projects without a price
	place     []int
}

func newBooks(c Certificate, rule Rule, in Instance) (*books, error) {
	m := len(in.Projects)
	b := &books{
		in:    in,
		e:     newElection(rule, in),
		cost:  make([]*big.Int, m),
		rate:  make([]*big.Int, m),
		place: make([]int, m),
	}
	index := make(map[string]int, m)
	for p := range in.Projects {
		index[in.Projects[p].ID] = p
	}
	den := new(big.Int).Set(c.Endowment.view().Denom())
	grow := func(r *big.Rat) {
		g := new(big.Int).GCD(nil, nil, den, r.Denom())
		den.Mul(den, g.Quo(r.Denom(), g))
	}
	for p := range in.Projects {
		grow(in.Projects[p].Cost.view())
	}
	for _, price := range c.Prices {
		grow(price.Rate.view())
	}
	scale := func(r *big.Rat) *big.Int {
		q := new(big.Int).Quo(den, r.Denom())
		return q.Mul(q, r.Num())
	}
	b.endowment = scale(c.Endowment.view())
	if b.endowment.Sign() < 0 {
		return nil, fmt.Errorf("certificate: the endowment is negative")
	}
	for p := range in.Projects {
		b.cost[p] = scale(in.Projects[p].Cost.view())
	}
	for j, price := range c.Prices {
		p, ok := index[price.ID]
		if !ok || b.rate[p] != nil || in.Projects[p].Withdrawn || price.Rate.Sign() < 0 {
			return nil, fmt.Errorf(
				"certificate: price %d, of project %q, is of no project, of one that is priced already or withdrawn, or negative",
				j+1,
				price.ID,
			)
		}
		b.rate[p], b.place[p] = scale(price.Rate.view()), j
	}
	return b, nil
}

// accounts are sums per project: what was paid for it if it has a price, else
// what its supporters have left.
type accounts struct {
	money  []*big.Int
	voters []int64
}

func (b *books) settle(ballots []Ballot) *accounts {
	m := len(b.in.Projects)
	a := &accounts{money: make([]*big.Int, m), voters: make([]int64, m)}
	for p := range a.money {
		a.money[p] = new(big.Int)
	}
	mark := make([]int32, m)
	var at []int32
	var priced, rest []pair
	left, due, weight := new(big.Int), new(big.Int), new(big.Int)
	for i := range ballots {
		ballot := &ballots[i]
		at = ballot.naming(mark, int32(i)+1, at[:0])
		priced, rest = priced[:0], rest[:0]
		for k, n := range at {
			p := ballot.Projects[n]
			switch worth := b.e.worth(ballot, k, int(n), len(at)); {
			case worth <= 0:
			case b.rate[p] != nil:
				priced = append(priced, pair{p, worth})
			default:
				rest = append(rest, pair{p, worth})
			}
		}
		slices.SortFunc(priced, func(x, y pair) int { return b.place[x.pick] - b.place[y.pick] })
		left.Set(b.endowment)
		weight.SetInt64(ballot.Weight)
		for _, x := range priced {
			due.Set(b.rate[x.pick])
			if x.point != 1 {
				due.Mul(due, big.NewInt(x.point))
			}
			if due.Cmp(left) > 0 {
				due.Set(left)
			}
			left.Sub(left, due)
			if ballot.Weight != 1 {
				due.Mul(due, weight)
			}
			a.money[x.pick].Add(a.money[x.pick], due)
			a.voters[x.pick] += ballot.Weight
		}
		if ballot.Weight != 1 {
			left.Mul(left, weight)
		}
		for _, x := range rest {
			a.money[x.pick].Add(a.money[x.pick], left)
			a.voters[x.pick] += ballot.Weight
		}
	}
	return a
}

func (b *books) judge(a *accounts) error {
	shut := func(p int) bool { // by a purchase, or by a project that needed no money
		return slices.ContainsFunc(b.e.rival[p], func(q int32) bool {
			return b.rate[q] != nil || b.cost[q].Sign() == 0 && a.voters[q] > 0
		})
	}
	for p := range b.in.Projects {
		id := b.in.Projects[p].ID
		switch {
		case b.rate[p] != nil && slices.ContainsFunc(b.e.rival[p], func(q int32) bool { return b.rate[q] != nil }):
			return fmt.Errorf("certificate: project %q has a price, and so has one that it conflicts with", id)
		case b.rate[p] != nil && a.money[p].Cmp(b.cost[p]) != 0:
			return fmt.Errorf("certificate: the payments for project %q are not its cost", id)
		case b.rate[p] == nil && a.voters[p] > 0 && b.cost[p].Sign() > 0 && !b.in.Projects[p].Withdrawn && !shut(p) &&
			a.money[p].Cmp(b.cost[p]) >= 0:
			return fmt.Errorf("certificate: the supporters of project %q could still buy it", id)
		}
	}
	return nil
}
