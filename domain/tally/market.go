package tally

import (
	"math/big"
)

// market is an election laid out for equal shares: who would pay for what. Amounts of money are integers in units of 1/scale of the
// election's unit, chosen so that every endowment that the rule tries is one too.
//
// A voter's utility for a project she supports is u·f(p) with an integer u and f(p) = 1, or f(p) = c(p) for the utility cost.
// Instead of ρ the market works with the rate q = ρ·f(p): the price of one u. With the utilities cost and cardinality u is 1 and the
// rate is the largest payment for the project. The project of least ρ is bought, so rates are compared after division by f(p).
type market struct {
	e      *election
	scale  *big.Int
	cost   []*big.Int
	costf  []float64 // nearest
	factor []float64 // 1/f(p), nearest

	weight []int64 // voters of each group of equal ballots
	// Supporters of project p: group[from[p]:from[p+1]], with util alongside (nil: all 1).
	from  []int32
	group []int32
	util  []float64
	// Projects of group g, the same edges the other way: project[gfrom[g]:gfrom[g+1]], with worth alongside.
	gfrom   []int32
	project []int32
	worth   []int64

	voters []int64 // supporters of each project
	units  []int64 // sum of u over the supporters
}

func newMarket(e *election, scale *big.Int) *market {
	m := len(e.in.Projects)
	k := &market{
		e: e, scale: scale, cost: make([]*big.Int, m), costf: make([]float64, m), factor: make([]float64, m),
		from: make([]int32, m+1), voters: make([]int64, m), units: make([]int64, m),
	}
	for p := range k.cost {
		k.cost[p] = new(big.Int).Mul(e.cost[p], scale)
		k.costf[p] = toDouble(k.cost[p]).hi
		k.factor[p] = 1
		if e.rule.Utility == Cost && k.costf[p] > 0 {
			k.factor[p] = 1 / k.costf[p]
		}
	}
	k.addBallots()
	return k
}

// addBallots groups the ballots by what they are worth to this rule and builds both directions of the edges.
func (k *market) addBallots() {
	in, m := &k.e.in, len(k.e.in.Projects)
	uniform := k.e.rule.Utility == Cost || k.e.rule.Utility == Cardinality
	grouper := NewGrouper(Cumulative, m)
	mark := make([]int32, m)
	var at, picks []int32
	var worth []int64
	for i := range in.Ballots {
		b := &in.Ballots[i]
		at = b.naming(mark, int32(i)+1, at[:0])
		picks, worth = picks[:0], worth[:0]
		for j, a := range at {
			if u := k.e.worth(b, j, int(a), len(at)); u > 0 && !in.Projects[b.Projects[a]].Withdrawn {
				picks, worth = append(picks, b.Projects[a]), append(worth, u)
			}
		}
		switch {
		case len(picks) == 0:
		case uniform:
			grouper.Add(b.Weight, picks, nil)
		default:
			grouper.Add(b.Weight, picks, worth)
		}
	}
	groups := grouper.Ballots()
	k.weight, k.gfrom = make([]int64, len(groups)), make([]int32, len(groups)+1)
	edges := 0
	for g := range groups {
		k.weight[g] = groups[g].Weight
		edges += len(groups[g].Projects)
		k.gfrom[g+1] = int32(edges)
		for _, p := range groups[g].Projects {
			k.from[p+1]++
		}
	}
	for p := range m {
		k.from[p+1] += k.from[p]
	}
	k.project, k.group = make([]int32, edges), make([]int32, edges)
	if !uniform {
		k.worth, k.util = make([]int64, edges), make([]float64, edges)
	}
	next := append([]int32(nil), k.from[:m]...)
	for g := range groups {
		copy(k.project[k.gfrom[g]:], groups[g].Projects)
		for j, p := range groups[g].Projects {
			u := int64(1)
			if !uniform {
				u = groups[g].Points[j]
				k.worth[int(k.gfrom[g])+j], k.util[next[p]] = u, float64(u)
			}
			k.group[next[p]] = int32(g)
			next[p]++
			k.voters[p] += groups[g].Weight
			k.units[p] += groups[g].Weight * u
		}
	}
}

// supporters returns the groups that support p, and their u (nil: all 1).
func (k *market) supporters(p int32) ([]int32, []float64) {
	a, b := k.from[p], k.from[p+1]
	if k.util == nil {
		return k.group[a:b], nil
	}
	return k.group[a:b], k.util[a:b]
}

// unitOf returns u of the j-th edge of the groups.
func (k *market) unitOf(edge int32) int64 {
	if k.worth == nil {
		return 1
	}
	return k.worth[edge]
}
