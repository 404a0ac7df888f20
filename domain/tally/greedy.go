package tally

import (
	"cmp"
	"math/big"
	"slices"
)

// greedy walks the projects once, the highest score first (greedy-density: the
// highest score per unit of cost, a supported project without cost before all
// others), and funds what fits the money left. A project without votes is
// walked last, and funded if it fits: set a threshold of one vote where that is
// not wanted. Without any ballot nothing is funded.
func (e *election) greedy(o *Outcome) {
	e.walk(o, e.rule.Method, e.all(), new(big.Int).Set(e.pot))
}

// walk is greedy over some projects with some money; utilitarian completion
// walks what equal shares left.
func (e *election) walk(o *Outcome, method Method, projects []int32, left *big.Int) {
	compare := func(a, b int32) int { return cmp.Compare(e.score[b], e.score[a]) }
	if method == GreedyDensity {
		compare = e.denser
	}
	slices.SortFunc(projects, func(a, b int32) int {
		return cmp.Or(compare(a, b), cmp.Compare(e.chain.rank[a], e.chain.rank[b]))
	})
	place, stopped, open := 0, false, make([]int32, 0, len(projects))
	for _, p := range projects {
		r := &o.Projects[p]
		switch {
		case e.in.Projects[p].Withdrawn:
		case method == GreedyThreshold && e.belowMinimum(r):
			r.Status = BelowMinimum
		default:
			open = append(open, p)
		}
	}
	for i := 0; i < len(open); {
		j := i + 1
		for j < len(open) && compare(open[i], open[j]) == 0 {
			j++
		}
		var ties []tie
		wasStopped := stopped
		if j > i+1 {
			ties = e.walked(place+1, open[i:j])
		}
		for ; i < j; i++ {
			place++
			p, r := open[i], &o.Projects[open[i]]
			r.Walk = &Walk{Place: place, Left: e.money(left)}
			shut := o.shutOut(e.rival[p])
			switch {
			case stopped:
				r.Status = AfterStop
			case shut != "":
				r.Status, r.Conflict = Conflicting, shut
			case e.cost[p].Cmp(left) > 0:
				r.Status, stopped = DoesNotFit, method == GreedyNoSkip
			default:
				left.Sub(left, e.cost[p])
				o.buy(p)
			}
		}
		// Where the walk stopped at one of them, another might have fitted; else
		// it is decisive if they fared differently, which is judged at the end.
		e.tell(o, ties, func([]int32) bool { return stopped && !wasStopped })
	}
}

// denser compares score/cost without dividing: a before b is -1.
func (e *election) denser(a, b int32) int {
	free := func(p int32) int {
		if e.cost[p].Sign() == 0 && e.score[p] > 0 {
			return 1
		}
		return 0
	}
	if free(a)+free(b) > 0 {
		return cmp.Compare(free(b), free(a))
	}
	x := new(big.Int).Mul(big.NewInt(e.score[b]), e.cost[a])
	y := new(big.Int).Mul(big.NewInt(e.score[a]), e.cost[b])
	if e.cost[a].Sign() == 0 || e.cost[b].Sign() == 0 { // unsupported and free: density 0
		return cmp.Compare(min(e.score[b], 1), min(e.score[a], 1))
	}
	return x.Cmp(y)
}

func (e *election) belowMinimum(r *Result) bool {
	t := e.rule.Threshold
	return r.Score.Cmp(t.Score) < 0 || r.Score.Cmp(t.Share.Mul(Int(e.n))) < 0
}

// rivals lists for each project those it conflicts with.
func (e *election) rivals() [][]int32 {
	rival := make([][]int32, len(e.in.Projects))
	if len(e.rule.Exclusive) == 0 {
		return rival
	}
	index := make(map[string]int32, len(e.in.Projects))
	for p := range e.in.Projects {
		index[e.in.Projects[p].ID] = int32(p)
	}
	for _, group := range e.rule.Exclusive {
		for _, a := range group {
			for _, b := range group {
				if a != b {
					rival[index[a]] = append(rival[index[a]], index[b])
				}
			}
		}
	}
	return rival
}
