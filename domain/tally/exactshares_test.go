package tally_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"osbu/domain/tally"
)

// sharing is one run of exact equal shares by its definition: what was bought,
// by how many.
type sharing struct {
	bought, payers []int
}

func (s sharing) String() string { return fmt.Sprint(s.bought, s.payers) }

// exactShares is one run with so much money for each voter.
func (v *naive) exactShares(endowment *big.Rat) (s sharing) {
	s.bought = v.free()
	money := make([]*big.Rat, len(v.voters))
	for i := range money {
		money[i] = endowment
	}
	for {
		best, most := -1, 0
		worth := new(big.Rat)
		var payers []int
		for p := range v.in.Projects {
			if slices.Contains(s.bought, p) || v.shutOut(p, s.bought) || v.cost(p).Sign() == 0 {
				continue
			}
			for k := len(v.supporters(p)); k > 0; k-- {
				price := new(big.Rat).Quo(v.cost(p), big.NewRat(int64(k), 1))
				var able []int
				for _, i := range v.supporters(p) {
					if money[i].Cmp(price) >= 0 {
						able = append(able, i)
					}
				}
				if len(able) < k {
					continue
				}
				w := big.NewRat(int64(k), 1)
				if v.rule.Utility == tally.Cardinality {
					w.Quo(w, v.cost(p))
				}
				if c := w.Cmp(worth); best < 0 || c > 0 || c == 0 && v.rank[p] < v.rank[best] {
					best, most, worth, payers = p, k, w, able
				}
				break
			}
		}
		if best < 0 {
			return s
		}
		s.bought, s.payers = append(s.bought, best), append(s.payers, most)
		price := new(big.Rat).Quo(v.cost(best), big.NewRat(int64(most), 1))
		for _, i := range payers {
			money[i] = new(big.Rat).Sub(money[i], price)
		}
	}
}

// free are the supported projects without cost, which come first.
func (v *naive) free() (bought []int) {
	var free []int
	for p := range v.in.Projects {
		if v.cost(p).Sign() == 0 && len(v.supporters(p)) > 0 {
			free = append(free, p)
		}
	}
	slices.SortFunc(free, func(a, b int) int { return v.rank[a] - v.rank[b] })
	for _, p := range free {
		if !v.shutOut(p, bought) {
			bought = append(bought, p)
		}
	}
	return bought
}

// countExactShares raises the money, for add-opt, as add-opt says it did; that
// nothing was left out between is for TestAddOptLeavesNothingOut.
func (v *naive) countExactShares() (selected []int) {
	start := new(big.Rat).Quo(v.in.Budget.Rat(), big.NewRat(v.n, 1))
	selected = v.exactShares(start).bought
	switch v.rule.Completion {
	case tally.Utilitarian:
		return v.greedy(selected)
	case tally.AddOpt, tally.AddOptSkip:
		for {
			next := v.nextMoney(start)
			if v.rule.Completion == tally.AddOptSkip {
				next = v.nextProject(start)
			}
			if next == nil {
				return selected
			}
			start = next
			more := v.exactShares(start).bought
			if v.total(more).Cmp(v.in.Budget.Rat()) > 0 {
				return selected
			}
			selected = more
		}
	}
	return selected
}

// nextMoney is the least money above b with which the run is another, found
// among all sums that could be: what one voter must have so that she can share
// a project after having paid for others. nil if none changes it.
func (v *naive) nextMoney(b *big.Rat) (next *big.Rat) {
	was := v.exactShares(b)
	// What somebody has paid before, in any run: every sum of the shares of this
	// run's purchases.
	sums := []*big.Rat{new(big.Rat)}
	for j, p := range was.bought[len(was.bought)-len(was.payers):] {
		price := new(big.Rat).Quo(v.cost(p), big.NewRat(int64(was.payers[j]), 1))
		for _, s := range sums[:len(sums):len(sums)] {
			sums = append(sums, new(big.Rat).Add(s, price))
		}
	}
	var candidates []*big.Rat
	for p := range v.in.Projects {
		for k := range len(v.supporters(p)) {
			price := new(big.Rat).Quo(v.cost(p), big.NewRat(int64(k+1), 1))
			for _, s := range sums {
				if c := new(big.Rat).Add(s, price); c.Cmp(b) > 0 {
					candidates = append(candidates, c)
				}
			}
		}
	}
	slices.SortFunc(candidates, func(x, y *big.Rat) int { return x.Cmp(y) })
	candidates = slices.CompactFunc(candidates, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
	for _, c := range candidates {
		if v.exactShares(c).String() != was.String() {
			return c
		}
	}
	return nil
}

// nextProject is the least money above b with which a project that the run did
// not buy would be bought in place of one that it did, or after the last, by
// any number of those who would then have its price: the run goes on as it did
// until there, only that everybody has more. nil if there is none.
func (v *naive) nextProject(b *big.Rat) (next *big.Rat) {
	was := v.exactShares(b)
	free := len(was.bought) - len(was.payers)
	paid := make([]*big.Rat, len(v.voters)) // until purchase t
	for i := range paid {
		paid[i] = new(big.Rat)
	}
	worth := func(p, k int) *big.Rat {
		w := big.NewRat(int64(k), 1)
		if v.rule.Utility == tally.Cardinality {
			w.Quo(w, v.cost(p))
		}
		return w
	}
	for t := 0; ; t++ {
		for p := range v.in.Projects {
			if slices.Contains(was.bought, p) || v.shutOut(p, was.bought[:free+t]) || v.cost(p).Sign() == 0 {
				continue
			}
			for k := 1; k <= len(v.supporters(p)); k++ {
				if t < len(was.payers) {
					q := was.bought[free+t]
					c := worth(p, k).Cmp(worth(q, was.payers[t]))
					if c < 0 || c == 0 && v.rank[p] > v.rank[q] {
						continue
					}
				}
				var spent []*big.Rat // the k that have paid least
				for _, i := range v.supporters(p) {
					spent = append(spent, paid[i])
				}
				slices.SortFunc(spent, func(x, y *big.Rat) int { return x.Cmp(y) })
				need := new(big.Rat).Quo(v.cost(p), big.NewRat(int64(k), 1))
				if need.Add(need, spent[k-1]); need.Cmp(b) > 0 && (next == nil || need.Cmp(next) < 0) {
					next = need
				}
			}
		}
		if t == len(was.payers) {
			return next
		}
		p := was.bought[free+t]
		price := new(big.Rat).Quo(v.cost(p), big.NewRat(int64(was.payers[t]), 1))
		for _, i := range v.supporters(p) {
			if new(big.Rat).Add(paid[i], price).Cmp(b) <= 0 {
				paid[i] = new(big.Rat).Add(paid[i], price)
			}
		}
	}
}

func TestExactSharesEqualTheDefinition(t *testing.T) {
	t.Parallel()
	outcomes, raised := 0, int64(0)
	for seed := range few(1200) {
		rng := rand.New(rand.NewPCG(seed, 17))
		in := random(rng)
		for i, utility := range []tally.Utility{tally.Cost, tally.Cardinality} {
			for _, completion := range []tally.Completion{tally.None, tally.Utilitarian, tally.AddOpt, tally.AddOptSkip} {
				rule := tally.Rule{Method: tally.ExactShares, Utility: utility, Completion: completion, Seed: "lot"}
				if i%2 == 0 {
					rule.Ties = []tally.Tie{tally.ByID}
				}
				rule.Exclusive = conflicts(rng, in)
				v := newNaive(rule, in)
				want := []string{}
				if v.n > 0 {
					for _, p := range v.countExactShares() {
						want = append(want, in.Projects[p].ID)
					}
				}
				out, err := tally.Run(t.Context(), rule, in)
				if err != nil {
					t.Fatalf("seed %d %+v: %v", seed, rule, err)
				}
				if !slices.Equal(out.Selected, want) {
					t.Fatalf("seed %d %+v\n%+v\n got %v\nwant %v", seed, rule, in, out.Selected, want)
				}
				outcomes, raised = outcomes+1, raised+max(out.Iterations, 1)-1
			}
		}
	}
	if raised == 0 {
		t.Error("add-opt never raised the money: this test sees nothing of it")
	}
	t.Logf("%d outcomes, money raised %d times", outcomes, raised)
}

// Payers pay the same, each at most what she has, and k voters that have the
// price of a project that was not bought are always fewer than k.
func TestExactSharesByHand(t *testing.T) {
	t.Parallel()
	project := func(id string, cost int64) tally.Project { return tally.Project{ID: id, Cost: tally.Int(cost)} }
	// Ten voters with 10 each. Nine want the school's yard (63: 7 each), six of
	// them and the tenth the pond (35: 5 each if seven share it). After the yard
	// the six have 3 left, too little for that. The bench (12) is shared by four
	// who have 3.
	in := tally.Instance{
		Form: tally.Approval, Budget: tally.Int(100),
		Projects: []tally.Project{project("yard", 63), project("pond", 35), project("bench", 12)},
		Ballots: []tally.Ballot{
			{Weight: 4, Projects: []int32{0, 1, 2}},
			{Weight: 2, Projects: []int32{0, 1}},
			{Weight: 3, Projects: []int32{0}},
			{Weight: 1, Projects: []int32{1}},
		},
	}
	for completion, want := range map[tally.Completion]struct {
		selected []string
		budget   string
		runs     int64
	}{
		tally.None: {[]string{"yard", "bench"}, "10", 1},
		// The pond's seven sharers need 7 + 5 for both: with 12 each they have that,
		// and nothing is left for the bench. With 15 each all three would be bought,
		// for 110.
		tally.AddOpt:      {[]string{"yard", "pond"}, "12", 3},
		tally.Utilitarian: {[]string{"yard", "bench"}, "10", 1},
	} {
		out, err := tally.Run(t.Context(), tally.Rule{Method: tally.ExactShares, Completion: completion}, in)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(out.Selected, want.selected) || out.VoterBudget.String() != want.budget ||
			out.Iterations != want.runs {
			t.Errorf("%s: got %v with %s in %d runs, want %+v", completion, out.Selected, out.VoterBudget, out.Iterations, want)
		}
		if s := out.Projects[0].Equal; s.Price.Cmp(tally.Int(7)) != 0 || s.Payers != 9 {
			t.Errorf("%s: the yard costs %+v", completion, s)
		}
		if s := out.Projects[1].Equal; completion == tally.None && (s.More == nil || s.More.Cmp(tally.Int(2)) != 0) {
			t.Errorf("for the pond everybody needs 2 more, not %+v", s)
		}
		x, err := tally.Explain(t.Context(), in, out)
		if err != nil {
			t.Fatal(err)
		}
		if r := x.Projects[0]; r.Price == nil || r.Price.Cmp(tally.Int(7)) != 0 || r.Paid != 9 {
			t.Errorf("%s: the yard is explained by %+v", completion, r)
		}
		for _, r := range x.Projects {
			if r.Change != nil {
				t.Errorf("%s: %+v would have made %s win: nobody has worked that out", completion, r.Change, r.ID)
			}
		}
	}
}

func TestExactSharesKnowNoOtherUtility(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule tally.Rule
		form tally.Form
	}{
		{tally.Rule{Method: tally.ExactShares, Utility: tally.Points}, tally.Cumulative},
		{tally.Rule{Method: tally.ExactShares, Utility: tally.Borda}, tally.Ordinal},
		{tally.Rule{Method: tally.ExactShares, Completion: tally.Add1}, tally.Approval},
		{tally.Rule{Method: tally.ExactShares, Comparison: tally.Satisfaction}, tally.Approval},
		{tally.Rule{Method: tally.EqualShares, Completion: tally.AddOpt}, tally.Approval},
		{tally.Rule{Method: tally.EqualShares, Completion: tally.AddOptSkip}, tally.Approval},
		{tally.Rule{Method: tally.Phragmen, Completion: tally.AddOpt}, tally.Approval},
	} {
		if _, err := c.rule.Complete(c.form); err == nil {
			t.Errorf("%+v is taken for %s ballots", c.rule, c.form)
		}
	}
}
