package tally

import (
	"hash/maphash"
	"slices"
)

// Grouper collects equal ballots into weighted ones. Order of the picks matters
// in ordinal ballots only; repetitions never do. The grouped ballots come out
// in the order of their first appearance.
type Grouper struct {
	form    Form
	seed    maphash.Seed // decides about speed only
	mark    []int32
	stamp   int32
	table   []int32 // open addressing, index + 1 into ballots
	ballots []Ballot
	hashes  []uint64
	at      []int32
	picks   arena[int32]
	points  arena[int64]
	pick    []int32
	point   []int64
	pairs   []pair
}

type pair struct {
	pick  int32
	point int64
}

// NewGrouper makes a grouper of ballots over so many projects.
func NewGrouper(form Form, projects int) *Grouper {
	return &Grouper{form: form, seed: maphash.MakeSeed(), mark: make([]int32, projects), table: make([]int32, 1<<10)}
}

// Add counts weight ballots; it copies picks and points.
func (g *Grouper) Add(weight int64, picks []int32, points []int64) {
	if g.stamp++; g.stamp < 0 {
		clear(g.mark)
		g.stamp = 1
	}
	b := Ballot{Projects: picks, Points: points}
	g.at = b.naming(g.mark, g.stamp, g.at[:0])
	g.pick, g.point = g.pick[:0], g.point[:0]
	switch {
	case points != nil:
		g.pairs = g.pairs[:0]
		for _, k := range g.at {
			g.pairs = append(g.pairs, pair{picks[k], points[k]})
		}
		slices.SortFunc(g.pairs, func(a, b pair) int { return int(a.pick) - int(b.pick) })
		for _, x := range g.pairs {
			g.pick, g.point = append(g.pick, x.pick), append(g.point, x.point)
		}
	default:
		for _, k := range g.at {
			g.pick = append(g.pick, picks[k])
		}
		if g.form != Ordinal {
			slices.Sort(g.pick)
		}
	}
	hash := g.hash()
	slot := hash & uint64(len(g.table)-1)
	for ; g.table[slot] != 0; slot = (slot + 1) & uint64(len(g.table)-1) {
		i := g.table[slot] - 1
		old := &g.ballots[i]
		if g.hashes[i] == hash && slices.Equal(old.Projects, g.pick) && slices.Equal(old.Points, g.point) {
			old.Weight += weight
			return
		}
	}
	next := Ballot{Weight: weight, Projects: g.picks.keep(g.pick)}
	if points != nil {
		next.Points = g.points.keep(g.point)
	}
	g.ballots, g.hashes = append(g.ballots, next), append(g.hashes, hash)
	g.table[slot] = int32(len(g.ballots))
	if 2*len(g.ballots) > len(g.table) {
		g.grow()
	}
}

func (g *Grouper) hash() uint64 {
	h := uint64(14695981039346656037)
	for _, p := range g.pick {
		h = (h ^ uint64(p)) * 1099511628211
	}
	for _, p := range g.point {
		h = (h ^ uint64(p)) * 1099511628211
	}
	return maphash.Comparable(g.seed, h)
}

func (g *Grouper) grow() {
	g.table = make([]int32, 4*len(g.table))
	for i, hash := range g.hashes {
		slot := hash & uint64(len(g.table)-1)
		for g.table[slot] != 0 {
			slot = (slot + 1) & uint64(len(g.table)-1)
		}
		g.table[slot] = int32(i) + 1
	}
}

// Ballots returns what was collected; the grouper must not be used afterwards.
func (g *Grouper) Ballots() []Ballot { return g.ballots }

// arena hands out slices cut from large blocks, so that a million short slices
// are not a million allocations.
type arena[T any] struct{ block []T }

func (a *arena[T]) keep(values []T) []T {
	if len(values) > cap(a.block)-len(a.block) {
		a.block = make([]T, 0, max(1<<14, len(values)))
	}
	from := len(a.block)
	a.block = append(a.block, values...)
	return a.block[from:len(a.block):len(a.block)]
}
