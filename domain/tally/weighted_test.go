package tally_test

import (
	"math/big"
	"slices"

	"osbu/domain/tally"
)

// bloc is naive for voters in blocs: weights too large to go through one voter
// at a time. One run with B/n, approval ballots.
type bloc struct {
	in     tally.Instance
	weight []*big.Rat
	by     func(p int) *big.Rat // ρ = rate/by(p)
}

func weighted(rule tally.Rule, in tally.Instance) *bloc {
	b := &bloc{in: in, by: func(int) *big.Rat { return big.NewRat(1, 1) }}
	if rule.Utility == tally.Cost {
		b.by = func(p int) *big.Rat { return in.Projects[p].Cost.Rat() }
	}
	for _, ballot := range in.Ballots {
		b.weight = append(b.weight, big.NewRat(ballot.Weight, 1))
	}
	return b
}

func (b *bloc) equalShares() (bought []int) {
	money := make([]*big.Rat, len(b.weight))
	for i := range money {
		money[i] = new(big.Rat).Quo(b.in.Budget.Rat(), big.NewRat(b.in.Voters(), 1))
	}
	for {
		best, bestRate, bestRho := -1, new(big.Rat), new(big.Rat)
		for p := range b.in.Projects {
			if slices.Contains(bought, p) {
				continue
			}
			if rate, ok := b.rate(p, money); ok {
				rho := new(big.Rat).Quo(rate, b.by(p))
				c := rho.Cmp(bestRho)
				if best < 0 || c < 0 || c == 0 && b.in.Projects[p].ID < b.in.Projects[best].ID {
					best, bestRate, bestRho = p, rate, rho
				}
			}
		}
		if best < 0 {
			return bought
		}
		bought = append(bought, best)
		for i := range money {
			if slices.Contains(b.in.Ballots[i].Projects, int32(best)) {
				money[i] = new(big.Rat).Sub(money[i], least(money[i], bestRate))
			}
		}
	}
}

func (b *bloc) rate(p int, money []*big.Rat) (*big.Rat, bool) {
	var list []int
	rest, units, have := b.in.Projects[p].Cost.Rat(), new(big.Rat), new(big.Rat)
	for i := range money {
		if slices.Contains(b.in.Ballots[i].Projects, int32(p)) {
			list = append(list, i)
			units.Add(units, b.weight[i])
			have.Add(have, new(big.Rat).Mul(b.weight[i], money[i]))
		}
	}
	if len(list) == 0 || have.Cmp(rest) < 0 {
		return nil, false
	}
	slices.SortFunc(list, func(x, y int) int { return money[x].Cmp(money[y]) })
	for _, i := range list {
		if rate := new(big.Rat).Quo(rest, units); rate.Cmp(money[i]) <= 0 {
			return rate, true
		}
		rest.Sub(rest, new(big.Rat).Mul(b.weight[i], money[i]))
		units.Sub(units, b.weight[i])
	}
	panic("affordable but no rate")
}
