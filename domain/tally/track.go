package tally

import (
	"context"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// tracks follow every group's money through the purchases of a run, to tell
// what the supporters of each project that was not bought would have paid for
// it in each round, at the ρ of that round: min(money, ρ·u) each. A group's
// money changes only where it pays, and ρ only rises: between two payments it
// would have paid ρ·u in all rounds up to one, and all it had from there on. So
// one look at each group is enough, where a look at all supporters in every
// round would go through their money in disorder once per round.
type tracks struct {
	k   *market
	u   *purse
	rho []float64 // of each round
	row []int32   // of each project that was not bought, else -1
}

// offers are sums over supporters, by project that was not bought: units of
// those who would have paid ρ·u in a round, and the money of those who would
// have paid all. They are kept as differences from round to round.
type offers struct {
	rounds       int
	units, money []float64
}

func newOffers(rows, rounds int) offers {
	return offers{rounds, make([]float64, rows*(rounds+1)), make([]float64, rows*(rounds+1))}
}

// best is the most that is offered for a project in the first rounds.
func (o offers) best(row int, rho []float64, factor float64) float64 {
	at := row * (o.rounds + 1)
	most, units, money := 0.0, 0.0, 0.0
	for j, r := range rho {
		units += o.units[at+j]
		money += o.money[at+j]
		most = max(most, money+float64(r/factor*units))
	}
	return most
}

// follow goes through the groups in parts, the same whatever the number of
// workers, so that the sums are rounded alike.
func (t *tracks) follow(ctx context.Context, rows, workers int) (offers, error) {
	const parts = 8
	list := make([]offers, parts)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < parts && ctx.Err() == nil; i = next.Add(1) - 1 {
				n := int64(len(t.k.weight))
				list[i] = newOffers(rows, len(t.rho))
				t.part(list[i], int32(n*i/parts), int32(n*(i+1)/parts))
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return offers{}, err
	}
	for _, o := range list[1:] {
		for i := range o.units {
			list[0].units[i] += o.units[i]
			list[0].money[i] += o.money[i]
		}
	}
	return list[0], nil
}

// stretch is a time in which a group's money stays as it is: rounds from to to.
type stretch struct {
	from, to int
	money    float64
}

func (t *tracks) part(o offers, from, to int32) {
	var paid []term
	var track []stretch
	for g := from; g < to; g++ {
		paid = t.payments(g, paid[:0])
		track = t.track(paid, track[:0])
		weight := float64(t.k.weight[g])
		for edge := t.k.gfrom[g]; edge < t.k.gfrom[g+1]; edge++ {
			p := t.k.project[edge]
			if t.row[p] >= 0 {
				o.add(int(t.row[p]), track, t.rho, t.k.factor[p], weight, float64(t.k.unitOf(edge)))
			}
		}
	}
}

// payments are the purchases that group g supports, in order.
func (t *tracks) payments(g int32, paid []term) []term {
	for edge := t.k.gfrom[g]; edge < t.k.gfrom[g+1]; edge++ {
		if j := t.u.place[t.k.project[edge]]; j >= 0 {
			paid = append(paid, term{j, t.k.unitOf(edge)})
		}
	}
	slices.SortFunc(paid, func(a, b term) int { return int(a.j) - int(b.j) })
	return paid
}

func (t *tracks) track(paid []term, track []stretch) []stretch {
	money, from := t.u.startd.hi, 0
	none := money * 1e-12 // what rounding leaves of nothing
	for _, pay := range paid {
		track = append(track, stretch{from, int(pay.j), money})
		if money -= t.u.bought[pay.j].rate.hi * float64(pay.n); money <= none {
			return track
		}
		from = int(pay.j) + 1
	}
	return append(track, stretch{from, len(t.rho) - 1, money})
}

// add notes what a group would have paid for a project.
func (o offers) add(row int, track []stretch, rho []float64, factor, weight, unit float64) {
	at := row * (o.rounds + 1)
	for _, s := range track {
		enough := s.money * factor / unit // the ρ that takes all
		all := s.from + sort.SearchFloat64s(rho[s.from:s.to+1], enough)
		o.units[at+s.from] += weight * unit
		o.units[at+all] -= weight * unit
		o.money[at+all] += weight * s.money
		o.money[at+s.to+1] -= weight * s.money
	}
}
