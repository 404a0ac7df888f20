package tally

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// fine makes an election whose money comes in steps that are small beside its
// prices, with ties and twins.
func fine(rng *rand.Rand) Instance {
	m, n := 2+rng.IntN(8), 1+rng.IntN(40)
	twins := rng.IntN(3) == 0
	in := Instance{Form: Approval, Budget: Int(int64(n) * (500 + rng.Int64N(1500)))}
	if rng.IntN(3) == 0 {
		in.Form = Cumulative
	}
	for p := range m {
		cost := 1 + rng.Int64N(int64(n)*1000)
		if p > 0 && rng.IntN(4) == 0 {
			cost = in.Projects[rng.IntN(p)].Cost.Rat().Num().Int64()
		}
		in.Projects = append(in.Projects, Project{ID: fmt.Sprint(p), Cost: Int(cost)})
	}
	for range n {
		b := Ballot{Weight: 1 + rng.Int64N(3)}
		for _, p := range rng.Perm(m)[:rng.IntN(m+1)] {
			b.Projects = append(b.Projects, int32(p))
			if in.Form == Cumulative {
				b.Points = append(b.Points, 1+rng.Int64N(5))
			}
		}
		if twins { // whoever supports the first project supports the last one too, and no one else does
			b = b.without(int32(m - 1))
			if at := slices.Index(b.Projects, 0); at >= 0 {
				b.Projects = append(b.Projects, int32(m-1))
				if in.Form == Cumulative {
					b.Points = append(b.Points, b.Points[at])
				}
			}
		}
		in.Ballots = append(in.Ballots, b)
	}
	if twins {
		in.Projects[m-1].Cost = in.Projects[0].Cost
	}
	return in
}

func (b Ballot) without(p int32) Ballot {
	at := slices.Index(b.Projects, p)
	if at >= 0 {
		b.Projects = slices.Delete(b.Projects, at, at+1)
		if b.Points != nil {
			b.Points = slices.Delete(b.Points, at, at+1)
		}
	}
	return b
}

func (u *purse) order() (list []int32) {
	for _, b := range u.bought {
		list = append(list, b.p)
	}
	return list
}

func (n *band) order() []int32 {
	list := make([]int32, n.round)
	for p, j := range n.place {
		if j >= 0 {
			list[j] = int32(p)
		}
	}
	return list
}

func TestBandsHoldForEveryEndowmentInThem(t *testing.T) {
	tried, held := int64(0), int64(0)
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 7))
		in := fine(rng)
		rule := Rule{
			Method:     EqualShares,
			Completion: []Completion{Add1, Add1Int, Add1IntNoExhaust, Percent1}[rng.IntN(4)],
		}
		if rng.IntN(2) == 0 {
			rule.Utility = Cardinality
		}
		rule, err := rule.Complete(in.Form)
		if err != nil {
			t.Fatal(err)
		}
		s := newEqualShares(newElection(rule, in), newOptions(nil))
		n, u := newBand(s), newPurse(s.market)
		for i := int64(0); i < 400; {
			found, span := n.run(t.Context(), tieLog{}, i, 1+rng.Int64N(100))
			tried++
			for k := range span {
				held++
				want, err := s.run(t.Context(), u, tieLog{}, i+k)
				if err != nil {
					t.Fatal(err)
				}
				if found != want || !slices.Equal(n.order(), u.order()) {
					t.Fatalf("seed %d: a band from %d over %d runs ends %+v with %v, but run %d ends %+v with %v",
						seed, i, span, found, n.order(), i+k, want, u.order())
				}
			}
			i += max(span, 1)
		}
	}
	t.Logf("%d bands over %d endowments", tried, held)
	if held < 4*tried {
		t.Errorf("bands are too short to be worth it: %d for %d endowments", tried, held)
	}
}
