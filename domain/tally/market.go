package tally

import (
	"math/big"
	"slices"
)

// market is an election laid out for equal shares: who would pay for what.
// Amounts of money are integers in units of 1/scale of the election's unit,
// chosen so that every endowment that the rule tries is one too.
//
// A voter's utility for a project she supports is u·f(p) with an integer u and
// f(p) = 1, or f(p) = c(p) for the utility cost. Instead of ρ the market works
// with the rate q = ρ·f(p): the price of one u. With the utilities cost and
// cardinality u is 1 and the rate is the largest payment for the project. The
// project of least ρ is bought, so rates are compared after division by f(p).
type market struct {
	e      *election
	scale  *big.Int
	cost   []*big.Int
	costf  []float64 // nearest
	factor []float64 // 1/f(p), nearest

	weight []int64 // voters of each group of equal ballots
	// Supporters of project p: group[from[p]:from[p+1]], with util alongside
	// (nil: all 1).
	from  []int32
	group []int32
	util  []float64
	// Projects of group g, the same edges the other way:
	// project[gfrom[g]:gfrom[g+1]], with worth alongside.
	gfrom   []int32
	project []int32
	worth   []int64

	voters []int64 // supporters of each project
	units  []int64 // sum of u over the supporters
	// the first project with the same cost and the same supporters: as long as
	// neither is bought nor shut out, they are tied
	twin []int32
	// supported projects without cost, which every run funds first, and the
	// projects that these shut out from the start
	free []int32
	shut []bool
}

// newMarket lays out the election. Grouping equal ballots costs more than a run
// over them, so it pays only for many runs.
func newMarket(e *election, scale *big.Int, grouped bool) *market {
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
	k.addBallots(grouped)
	k.findTwins()
	k.findFree()
	return k
}

func (k *market) findFree() {
	k.shut = make([]bool, len(k.cost))
	order := k.e.all()
	k.e.chain.sort(order)
	for _, p := range order {
		if k.e.cost[p].Sign() == 0 && k.voters[p] > 0 && !k.shut[p] {
			k.free = append(k.free, p)
			for _, q := range k.e.rival[p] {
				k.shut[q] = true
			}
		}
	}
}

// shutOut: a purchase or a project without cost shuts p out.
func (k *market) shutOut(p int32, place []int32) bool {
	return k.shut[p] || slices.ContainsFunc(k.e.rival[p], func(q int32) bool { return place[q] >= 0 })
}

// judge says why the projects were not funded that have no other status.
func (k *market) judge(o *Outcome) {
	for p := range o.Projects {
		r := &o.Projects[p]
		switch {
		case r.Status != "":
		case k.voters[p] == 0:
			r.Status = Unsupported
		default:
			if r.Status, r.Conflict = Unaffordable, o.shutOut(k.e.rival[p]); r.Conflict != "" {
				r.Status = Conflicting
			}
		}
	}
}

// separate tells that no voter supports two of the tied projects and that none
// of them conflict. Then no order of them can lead to another outcome: buying
// one changes neither the price of the others nor whether they may be bought,
// and no other project can come before them, for prices only rise. So all are
// bought, one after the other, and leave the same behind. (Under Phragmén they
// have the same moment in place of the same price; there the count may stop
// between them, which shows in that they fare differently.)
func (k *market) separate(tied []int32) bool {
	seen := make([]bool, len(k.weight))
	for i, p := range tied {
		groups, _ := k.supporters(p)
		for _, g := range groups {
			if seen[g] {
				return false
			}
			seen[g] = true
		}
		if slices.ContainsFunc(k.e.rival[p], func(q int32) bool { return slices.Contains(tied[i:], q) }) {
			return false
		}
	}
	return true
}

// addBallots reduces the ballots to what they are worth to this rule and builds
// both directions of the edges.
func (k *market) addBallots(grouped bool) {
	r := &reducer{k: k, mark: make([]int32, len(k.cost))}
	if !grouped {
		k.spread(len(k.e.in.Ballots), r.reduce)
	} else {
		groups := r.group()
		k.spread(len(groups), func(i int) (int64, []int32, []int64) {
			return groups[i].Weight, groups[i].Projects, groups[i].Points
		})
	}
	k.turn()
}

// reducer reads what ballots are worth to the rule.
type reducer struct {
	k       *market
	mark    []int32
	stamp   int32
	at      []int32
	project []int32
	worth   []int64
}

// uniform: every supported project has u = 1.
func (k *market) uniform() bool {
	return !slices.Contains([]Utility{Points, Borda, Rank}, k.e.rule.Utility)
}

// reduce returns the i-th ballot's weight, the projects that it is worth
// anything for, and u of each (nil: all 1). The slices are good until the next
// call.
func (r *reducer) reduce(i int) (weight int64, project []int32, worth []int64) {
	if r.stamp++; r.stamp < 0 {
		clear(r.mark)
		r.stamp = 1
	}
	b := &r.k.e.in.Ballots[i]
	r.at, r.project, r.worth = b.naming(r.mark, r.stamp, r.at[:0]), r.project[:0], r.worth[:0]
	uniform := r.k.uniform()
	for j, a := range r.at {
		p := b.Projects[a]
		u := r.k.e.worth(b, j, int(a), len(r.at))
		if u <= 0 || r.k.e.in.Projects[p].Withdrawn {
			continue
		}
		r.project = append(r.project, p)
		if !uniform {
			r.worth = append(r.worth, u)
		}
	}
	if uniform {
		return b.Weight, r.project, nil
	}
	return b.Weight, r.project, r.worth
}

// group makes one ballot of those that are worth the same.
func (r *reducer) group() []Ballot {
	grouper := NewGrouper(Cumulative, len(r.mark))
	for i := range r.k.e.in.Ballots {
		if weight, project, worth := r.reduce(i); len(project) > 0 {
			grouper.Add(weight, project, worth)
		}
	}
	return grouper.Ballots()
}

// spread lays n ballots out as groups, those of the same least named project
// side by side. A run looks at the supporters of one project after the other:
// where these lie close together their money comes into the processor's cache
// by whole lines, and with millions of ballots that is most of the time.
// Ballots that share a seldom named project mostly share others, too, such as
// those of a district. They are read twice in their own order, and written to
// as many places as there are projects: reading them in the order of the groups
// took seven times as long with ten million.
func (k *market) spread(n int, read func(i int) (weight int64, project []int32, worth []int64)) {
	votes := k.e.votes
	least := make([]int32, n) // 1 + the project, 0: it does not matter, -1: worth nothing
	group, edge := make([]int32, len(votes)+2), make([]int, len(votes)+2)
	for i := range least {
		_, project, _ := read(i)
		if len(project) == 0 {
			least[i] = -1
			continue
		}
		if n >= clusterFrom {
			q := project[0]
			for _, p := range project[1:] {
				if votes[p] < votes[q] || votes[p] == votes[q] && p < q {
					q = p
				}
			}
			least[i] = q + 1
		}
		group[least[i]+1]++
		edge[least[i]+1] += len(project)
	}
	for p := range len(votes) + 1 {
		group[p+1] += group[p]
		edge[p+1] += edge[p]
	}
	groups, edges := group[len(votes)+1], edge[len(votes)+1]
	k.weight, k.gfrom, k.project = make([]int64, groups), make([]int32, groups+1), make([]int32, edges)
	if !k.uniform() {
		k.worth = make([]int64, edges)
	}
	k.gfrom[groups] = int32(edges)
	for i, q := range least {
		if q < 0 {
			continue
		}
		weight, project, worth := read(i)
		g, from := group[q], edge[q]
		k.weight[g], k.gfrom[g] = weight, int32(from)
		copy(k.project[from:], project)
		copy(k.worth[min(from, len(k.worth)):], worth)
		group[q]++
		edge[q] += len(project)
	}
}

// clusterFrom: the money of fewer groups fits the cache anyway.
const clusterFrom = 1 << 15

// turn builds the edges by project from those by group.
func (k *market) turn() {
	m := len(k.cost)
	for _, p := range k.project {
		k.from[p+1]++
	}
	for p := range m {
		k.from[p+1] += k.from[p]
	}
	k.group = make([]int32, len(k.project))
	if k.worth != nil {
		k.util = make([]float64, len(k.project))
	}
	next := append([]int32(nil), k.from[:m]...)
	for g, weight := range k.weight {
		for edge := k.gfrom[g]; edge < k.gfrom[g+1]; edge++ {
			p, u := k.project[edge], k.unitOf(edge)
			if k.util != nil {
				k.util[next[p]] = float64(u)
			}
			k.group[next[p]] = int32(g)
			next[p]++
			k.voters[p] += weight
			k.units[p] += weight * u
		}
	}
}

func (k *market) findTwins() {
	k.twin = make([]int32, len(k.cost))
	seen := map[[2]int64][]int32{} // by what is quick to compare
	for p := range k.twin {
		k.twin[p] = int32(p)
		groups, util := k.supporters(int32(p))
		name := [2]int64{k.voters[p], k.units[p]}
		for _, q := range seen[name] {
			others, worth := k.supporters(q)
			if k.cost[p].Cmp(k.cost[q]) == 0 && slices.Equal(groups, others) && slices.Equal(util, worth) {
				k.twin[p] = q
				break
			}
		}
		seen[name] = append(seen[name], int32(p))
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
