package tally

import (
	"crypto/sha256"
	"math/big"
)

// election is an instance made ready for counting under one rule.
type election struct {
	in    Instance
	rule  Rule
	n     int64
	unit  *big.Int   // costs and budget below are integers in units of 1/unit
	cost  []*big.Int // scaled
	pot   *big.Int   // scaled
	votes []int64    // ballots that name the project
	score []int64    // sum of the rule's utility, cost counted as 1
	chain chain
	lots  [][sha256.Size]byte // of the projects, nil if the rule draws none
	rival [][]int32           // projects that each conflicts with, maybe repeated
	ranks int                 // picks that a ballot has room for
}

func newElection(rule Rule, in Instance) *election { return newElectionIn(rule, in, 1) }

// newElectionIn makes the unit a multiple of 1/parts of the instance's money,
// too.
func newElectionIn(rule Rule, in Instance, parts int64) *election {
	m := len(in.Projects)
	e := &election{
		in: in, rule: rule, n: in.Voters(), unit: big.NewInt(parts), pot: new(big.Int),
		cost: make([]*big.Int, m), votes: make([]int64, m), score: make([]int64, m),
	}
	grow := func(n Number) { // unit = least common multiple of the denominators
		d := n.view().Denom()
		g := new(big.Int).GCD(nil, nil, e.unit, d)
		e.unit.Mul(e.unit, new(big.Int).Quo(d, g))
	}
	grow(in.Budget)
	for p := range in.Projects {
		grow(in.Projects[p].Cost)
	}
	scale := func(n Number) *big.Int {
		r := n.view()
		q := new(big.Int).Quo(e.unit, r.Denom())
		return q.Mul(q, r.Num())
	}
	e.pot = scale(in.Budget)
	for p := range in.Projects {
		e.cost[p] = scale(in.Projects[p].Cost)
	}
	e.addScores()
	e.chain, e.rival = e.newChain(), e.rivals()
	return e
}

func (e *election) addScores() {
	mark := make([]int32, len(e.in.Projects))
	var picks []int32
	e.ranks = e.in.Ranks
	for i := range e.in.Ballots {
		e.ranks = max(e.ranks, len(e.in.Ballots[i].Projects))
	}
	for i := range e.in.Ballots {
		b := &e.in.Ballots[i]
		picks = b.naming(mark, int32(i)+1, picks[:0])
		for k, at := range picks {
			p := b.Projects[at]
			e.votes[p] += b.Weight
			e.score[p] += b.Weight * e.worth(b, k, int(at), len(picks))
		}
	}
}

// worth is the utility of the k-th distinct pick, at position at, of a ballot
// with n distinct picks; utility cost counts as 1.
func (e *election) worth(b *Ballot, k, at, n int) int64 {
	switch e.rule.Utility {
	case Points:
		return b.Points[at]
	case Borda:
		return int64(n - k - 1)
	case Rank:
		return int64(e.ranks - k)
	}
	if b.Points != nil && b.Points[at] <= 0 {
		return 0
	}
	return 1
}

func (e *election) all() []int32 {
	order := make([]int32, len(e.in.Projects))
	for p := range order {
		order[p] = int32(p)
	}
	return order
}

func (e *election) ids(projects []int32) []string {
	ids := make([]string, len(projects))
	for i, p := range projects {
		ids[i] = e.in.Projects[p].ID
	}
	return ids
}

// money turns a scaled amount back.
func (e *election) money(scaled *big.Int) Number {
	return Number{new(big.Rat).SetFrac(scaled, e.unit)}
}
