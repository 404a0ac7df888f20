package round_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"osbu/domain"
	"osbu/domain/round"
)

func TestSplitIsExactAndNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.IntRange(0, 1_000_000), 1, 12).Draw(t, "weights")
		weights[0]++
		total := domain.Euros(rapid.Int64Range(0, 10_000_000_000).Draw(t, "euros"))
		pots, err := round.Split(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := domain.Sum(pots...)
		if err != nil || sum != total {
			t.Fatalf("pots add up to %s of %s (%v)", sum, total, err)
		}
		all := 0
		for _, w := range weights {
			all += w
		}
		for i, p := range pots {
			quota := new(
				big.Rat,
			).SetFrac(new(big.Int).Mul(big.NewInt(int64(total/100)), big.NewInt(int64(weights[i]))), big.NewInt(int64(all)))
			off := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(p/100)), quota)
			if p%100 != 0 || off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("pot %s is not within a euro of its quota %s", p, quota)
			}
		}
	})
}

// 100 euros among 3, 3 and 1: quotas 42.857, 42.857, 14.286; the two euros left
// go to the two largest remainders.
func TestSplitByLargestRemainder(t *testing.T) {
	pots, err := round.Split(domain.Euros(100), []int{3, 3, 1})
	if err != nil {
		t.Fatal(err)
	}
	if pots[0] != domain.Euros(43) || pots[1] != domain.Euros(43) || pots[2] != domain.Euros(14) {
		t.Fatal(pots)
	}
}

func TestSplitRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		total   domain.Cents
		weights []int
	}{
		"cents":      {101, []int{1}},
		"negative":   {-100, []int{1}},
		"no weights": {100, []int{0, 0}},
		"below zero": {100, []int{2, -1}},
	} {
		if _, err := round.Split(c.total, c.weights); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAllotGivesAFifthToTheWholeCity(t *testing.T) {
	s := round.Settings{
		Areas: []round.Area{{ID: "a", Population: 1}, {ID: "b", Population: 3}, {ID: "city", Citywide: true}},
	}
	if err := s.Allot(domain.Euros(1000)); err != nil {
		t.Fatal(err)
	}
	if s.Areas[0].Pot != domain.Euros(200) || s.Areas[1].Pot != domain.Euros(600) ||
		s.Areas[2].Pot != domain.Euros(200) {
		t.Fatal(s.Areas)
	}
}
