package tally_test

import (
	"cmp"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"osbu/domain/tally"
)

// naive counts by the definitions alone: one voter at a time, rationals only,
// nothing remembered from round to round.
type naive struct {
	in     tally.Instance
	rule   tally.Rule
	voters []map[int]*big.Rat // utility of each supported project, cost counted as cost
	names  []map[int]bool     // projects named
	n      int64
	rank   []int
	rivals map[[2]int]bool
}

func newNaive(rule tally.Rule, in tally.Instance) *naive {
	rule, err := rule.Complete(in.Form)
	if err != nil {
		panic(err)
	}
	v := &naive{in: in, rule: rule}
	places := in.Ranks
	for _, b := range in.Ballots {
		places = max(places, len(b.Projects))
	}
	for _, b := range in.Ballots {
		utility, names := map[int]*big.Rat{}, map[int]bool{}
		var picks []int32
		for k, p := range b.Projects {
			if names[int(p)] {
				continue
			}
			names[int(p)] = true
			picks = append(picks, p)
			u := big.NewRat(1, 1)
			switch rule.Utility {
			case tally.Cost:
				u = in.Projects[p].Cost.Rat()
				if u.Sign() == 0 {
					u = big.NewRat(1, 1) // supported, whatever it is worth
				}
			case tally.Points:
				u = big.NewRat(b.Points[k], 1)
			}
			if b.Points != nil && b.Points[k] == 0 {
				u = new(big.Rat)
			}
			utility[int(p)] = u
		}
		if rule.Utility == tally.Borda {
			for k, p := range picks {
				utility[int(p)] = big.NewRat(int64(len(picks)-k-1), 1)
			}
		}
		if rule.Utility == tally.Rank {
			for k, p := range picks {
				utility[int(p)] = big.NewRat(int64(places-k), 1)
			}
		}
		for p, u := range utility {
			if u.Sign() == 0 || in.Projects[p].Withdrawn {
				delete(utility, p)
			}
		}
		for range b.Weight {
			v.voters, v.names = append(v.voters, utility), append(v.names, names)
		}
	}
	v.n = int64(len(v.voters))
	v.rivals = map[[2]int]bool{}
	for _, group := range rule.Exclusive {
		for p := range in.Projects {
			for q := range in.Projects {
				if p != q && slices.Contains(group, in.Projects[p].ID) && slices.Contains(group, in.Projects[q].ID) {
					v.rivals[[2]int{p, q}] = true
				}
			}
		}
	}
	order := make([]int, len(in.Projects))
	for p := range order {
		order[p] = p
	}
	slices.SortFunc(order, v.before)
	v.rank = make([]int, len(order))
	for place, p := range order {
		v.rank[p] = place
	}
	return v
}

// shutOut: one of those bought conflicts with p.
func (v *naive) shutOut(p int, bought []int) bool {
	return slices.ContainsFunc(bought, func(q int) bool { return v.rivals[[2]int{p, q}] })
}

func (v *naive) votes(p int) (n int) {
	for _, names := range v.names {
		if names[p] {
			n++
		}
	}
	return n
}

func (v *naive) before(a, b int) int {
	A, B := v.in.Projects[a], v.in.Projects[b]
	for _, t := range v.rule.Ties {
		c := 0
		switch t {
		case tally.LowestCost:
			c = A.Cost.Cmp(B.Cost)
		case tally.MostVotes:
			c = cmp.Compare(v.votes(b), v.votes(a))
		case tally.Lot:
			c = slices.Compare(hash(v.rule.Seed, A.ID), hash(v.rule.Seed, B.ID))
		case tally.ByID:
			c = cmp.Compare(A.ID, B.ID)
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func (v *naive) cost(p int) *big.Rat { return v.in.Projects[p].Cost.Rat() }

func (v *naive) supporters(p int) (list []int) {
	for i, u := range v.voters {
		if u[p] != nil {
			list = append(list, i)
		}
	}
	return list
}

func (v *naive) total(selected []int) *big.Rat {
	sum := new(big.Rat)
	for _, p := range selected {
		sum.Add(sum, v.cost(p))
	}
	return sum
}

// equalShares is one run.
func (v *naive) equalShares(endowment *big.Rat) (bought []int) {
	bought = v.free()
	money := make([]*big.Rat, len(v.voters))
	for i := range money {
		money[i] = endowment
	}
	for {
		best, bestRho := -1, new(big.Rat)
		for p := range v.in.Projects {
			if slices.Contains(bought, p) || v.shutOut(p, bought) {
				continue
			}
			rho, ok := v.rho(p, money)
			if !ok {
				continue
			}
			if c := rho.Cmp(bestRho); best < 0 || c < 0 || c == 0 && v.rank[p] < v.rank[best] {
				best, bestRho = p, rho
			}
		}
		if best < 0 {
			return bought
		}
		bought = append(bought, best)
		for _, i := range v.supporters(best) {
			money[i] = new(big.Rat).Sub(money[i], least(money[i], new(big.Rat).Mul(bestRho, v.voters[i][best])))
		}
	}
}

func least(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

// rho tries every ratio money/utility as the place where payments stop being
// equal.
func (v *naive) rho(p int, money []*big.Rat) (*big.Rat, bool) {
	list := v.supporters(p)
	have := new(big.Rat)
	for _, i := range list {
		have.Add(have, money[i])
	}
	if len(list) == 0 || have.Cmp(v.cost(p)) < 0 {
		return nil, false
	}
	ratio := func(i int) *big.Rat { return new(big.Rat).Quo(money[i], v.voters[i][p]) }
	slices.SortFunc(list, func(a, b int) int { return ratio(a).Cmp(ratio(b)) })
	rest, units := v.cost(p), new(big.Rat)
	for _, i := range list {
		units.Add(units, v.voters[i][p])
	}
	for _, i := range list {
		rho := new(big.Rat).Quo(rest, units)
		if rho.Cmp(ratio(i)) <= 0 {
			return rho, true
		}
		rest.Sub(rest, money[i])
		units.Sub(units, v.voters[i][p])
	}
	panic("affordable but no rho")
}

func (v *naive) exhaustive(bought []int) bool {
	left := v.in.Budget.Rat()
	left.Sub(left, v.total(bought))
	for p := range v.in.Projects {
		open := !slices.Contains(bought, p) && v.cost(p).Sign() > 0 && len(v.supporters(p)) > 0 &&
			!v.in.Projects[p].Withdrawn && !v.shutOut(p, bought)
		if open && v.cost(p).Cmp(left) <= 0 {
			return false
		}
	}
	return true
}

func (v *naive) allSupported(bought []int) bool {
	for p := range v.in.Projects {
		if len(v.supporters(p)) > 0 && !slices.Contains(bought, p) && !v.shutOut(p, bought) {
			return false
		}
	}
	return true
}

func (v *naive) count() (selected []int, iterations int64, endowment *big.Rat) {
	if v.n == 0 {
		return nil, 0, nil
	}
	switch v.rule.Method {
	case tally.EqualShares:
	case tally.Phragmen:
		return v.phragmen(), 0, nil
	default:
		return v.greedy(nil), 0, nil
	}
	n, pot := big.NewRat(v.n, 1), v.in.Budget.Rat()
	start, step := new(big.Rat).Quo(pot, n), big.NewRat(1, 1)
	switch v.rule.Completion {
	case tally.None, tally.Utilitarian:
		selected = v.equalShares(start)
		if v.rule.Completion == tally.Utilitarian {
			selected = v.greedy(selected)
		}
		return selected, 1, start
	case tally.Add1Int, tally.Add1IntUtil, tally.Add1IntNoExhaust:
		start = new(big.Rat).SetInt(new(big.Int).Quo(start.Num(), start.Denom()))
	case tally.Percent1:
		step = new(big.Rat).Quo(start, big.NewRat(100, 1))
	}
	var previous []int
	for k := int64(0); ; k++ {
		b := new(big.Rat).Add(start, new(big.Rat).Mul(step, big.NewRat(k, 1)))
		next := v.equalShares(b)
		if v.total(next).Cmp(pot) > 0 {
			selected, iterations, endowment = previous, k+1, b.Sub(b, step)
			break
		}
		if v.rule.Completion != tally.Add1IntNoExhaust && v.exhaustive(next) ||
			v.allSupported(next) {
			selected, iterations, endowment = next, k+1, b
			break
		}
		previous = next
	}
	if v.rule.Completion == tally.Add1IntUtil {
		selected = v.greedy(selected)
	}
	return selected, iterations, endowment
}

func (v *naive) score(p int) *big.Rat {
	sum := new(big.Rat)
	for _, i := range v.supporters(p) {
		if v.rule.Utility == tally.Cost {
			sum.Add(sum, big.NewRat(1, 1))
		} else {
			sum.Add(sum, v.voters[i][p])
		}
	}
	return sum
}

func (v *naive) greedy(selected []int) []int {
	left := v.in.Budget.Rat()
	left.Sub(left, v.total(selected))
	var order []int
	for p := range v.in.Projects {
		if !slices.Contains(selected, p) && !v.in.Projects[p].Withdrawn {
			order = append(order, p)
		}
	}
	value := v.score
	if v.rule.Method == tally.GreedyDensity {
		value = func(p int) *big.Rat {
			if s := v.score(p); s.Sign() == 0 || v.cost(p).Sign() == 0 {
				return s.Mul(s, big.NewRat(1<<60, 1)) // any supported project without cost comes before all others
			} else {
				return s.Quo(s, v.cost(p))
			}
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := value(a), value(b)
		if v.rule.Method == tally.GreedyDensity && x.Cmp(big.NewRat(1<<50, 1)) > 0 && y.Cmp(big.NewRat(1<<50, 1)) > 0 {
			return v.rank[a] - v.rank[b]
		}
		return cmp.Or(y.Cmp(x), v.rank[a]-v.rank[b])
	})
	for _, p := range order {
		switch {
		case v.rule.Method == tally.GreedyThreshold && v.score(p).Cmp(v.rule.Threshold.Score.Rat()) < 0:
		case v.rule.Method == tally.GreedyThreshold &&
			v.score(p).Cmp(v.rule.Threshold.Share.Mul(tally.Int(v.n)).Rat()) < 0:
		case v.shutOut(p, selected):
		case v.cost(p).Cmp(left) <= 0:
			selected = append(selected, p)
			left.Sub(left, v.cost(p))
		case v.rule.Method == tally.GreedyNoSkip:
			return selected
		}
	}
	return selected
}

func (v *naive) phragmen() (selected []int) {
	left, load := v.in.Budget.Rat(), make([]*big.Rat, len(v.voters))
	for i := range load {
		load[i] = new(big.Rat)
	}
	var open []int
	for p := range v.in.Projects {
		if v.cost(p).Cmp(left) <= 0 && !v.in.Projects[p].Withdrawn {
			open = append(open, p)
		}
	}
	for len(open) > 0 {
		var first []int
		var least *big.Rat // nil is never
		for _, p := range open {
			list := v.supporters(p)
			var t *big.Rat
			if len(list) > 0 {
				t = v.cost(p)
				for _, i := range list {
					t.Add(t, load[i])
				}
				t.Quo(t, big.NewRat(int64(len(list)), 1))
			}
			switch {
			case len(first) == 0, t != nil && (least == nil || t.Cmp(least) < 0):
				first, least = []int{p}, t
			case t == nil && least == nil, t != nil && least != nil && t.Cmp(least) == 0:
				first = append(first, p)
			}
		}
		for _, p := range first {
			if v.cost(p).Cmp(left) > 0 {
				return selected
			}
		}
		slices.SortFunc(first, func(a, b int) int { return v.rank[a] - v.rank[b] })
		p := first[0]
		selected = append(selected, p)
		left.Sub(left, v.cost(p))
		for _, i := range v.supporters(p) {
			load[i] = least
		}
		open = slices.DeleteFunc(open, func(q int) bool { return q == p || v.rivals[[2]int{q, p}] })
	}
	return selected
}

// random makes a small election full of ties, zeros and exact affordability.
func random(rng *rand.Rand) tally.Instance {
	m := 1 + rng.IntN(7)
	forms := []tally.Form{
		tally.Approval,
		tally.Approval,
		tally.Cumulative,
		tally.Scoring,
		tally.Ordinal,
		tally.ChooseOne,
	}
	in := tally.Instance{Form: forms[rng.IntN(len(forms))]}
	most := []int64{2, 4, 9, 30}[rng.IntN(4)]
	decimals := rng.IntN(5) == 0
	for p := range m {
		cost := tally.Int(1 + rng.Int64N(most))
		if decimals {
			cost = cost.Div(tally.Int(4))
		}
		if rng.IntN(12) == 0 {
			cost = tally.Int(0)
		}
		in.Projects = append(
			in.Projects,
			tally.Project{ID: fmt.Sprint(p * p), Cost: cost, Withdrawn: rng.IntN(25) == 0},
		)
	}
	for range rng.IntN(9) {
		b := tally.Ballot{Weight: 1 + rng.Int64N(3)*rng.Int64N(2)}
		if in.Form == tally.ChooseOne {
			b.Projects = []int32{rng.Int32N(int32(m))}
		} else {
			for _, p := range rng.Perm(m)[:rng.IntN(m+1)] {
				b.Projects = append(b.Projects, int32(p))
				if rng.IntN(15) == 0 {
					b.Projects = append(b.Projects, int32(rng.IntN(m)))
				}
			}
		}
		if in.Form == tally.Cumulative || in.Form == tally.Scoring {
			top := []int64{2, 3, 100, 1_000_003}[rng.IntN(4)]
			for range b.Projects {
				b.Points = append(b.Points, rng.Int64N(top))
			}
		}
		in.Ballots = append(in.Ballots, b)
	}
	if in.Form == tally.Ordinal {
		in.Ranks = rng.IntN(2 * m)
	}
	in.Budget = tally.Int(rng.Int64N(2 + most*int64(m)*2/3))
	return in
}

// conflicts makes up to three groups of projects that exclude each other.
func conflicts(rng *rand.Rand, in tally.Instance) (groups [][]string) {
	m := len(in.Projects)
	for range rng.IntN(4) {
		var group []string
		for _, p := range rng.Perm(m)[:min(m, 2+rng.IntN(2))] {
			group = append(group, in.Projects[p].ID)
		}
		groups = append(groups, group)
	}
	return groups
}

func everyRule(form tally.Form) (rules []tally.Rule) {
	utilities := []tally.Utility{tally.Cost, tally.Cardinality}
	switch form {
	case tally.Cumulative, tally.Scoring:
		utilities = append(utilities, tally.Points)
	case tally.Ordinal:
		utilities = append(utilities, tally.Borda, tally.Rank)
	default:
		rules = append(rules, tally.Rule{Method: tally.Phragmen})
	}
	for _, u := range utilities {
		for _, c := range []tally.Completion{
			tally.None, tally.Utilitarian, tally.Add1, tally.Add1Int, tally.Add1IntUtil, tally.Add1IntNoExhaust, tally.Percent1,
		} {
			rules = append(rules, tally.Rule{Method: tally.EqualShares, Utility: u, Completion: c})
		}
	}
	rules = append(
		rules,
		tally.Rule{Method: tally.Greedy},
		tally.Rule{Method: tally.GreedyDensity},
		tally.Rule{Method: tally.GreedyNoSkip},
		tally.Rule{Method: tally.GreedyThreshold, Threshold: &tally.Threshold{Score: tally.Int(2)}},
	)
	return rules
}

func TestOutcomesEqualTheDefinitions(t *testing.T) {
	runs := 0
	for seed := range few(1500) {
		rng := rand.New(rand.NewPCG(seed, 3))
		in := random(rng)
		for i, rule := range everyRule(in.Form) {
			rule.Seed = "lot"
			if i%2 == 0 {
				rule.Ties = []tally.Tie{tally.ByID}
			}
			rule.Exclusive = conflicts(rng, in)
			v := newNaive(rule, in)
			selected, iterations, endowment := v.count()
			out, err := tally.Run(t.Context(), rule, in)
			if err != nil {
				t.Fatalf("seed %d %+v: %v", seed, rule, err)
			}
			runs++
			if out.Certificate != nil {
				if err := out.Certificate.Check(rule, in); err != nil {
					t.Fatalf("seed %d %+v\n%+v\n%v", seed, rule, in, err)
				}
			}
			want := []string{}
			for _, p := range selected {
				want = append(want, in.Projects[p].ID)
			}
			if !slices.Equal(out.Selected, want) {
				t.Fatalf("seed %d %+v\n%+v\n got %v\nwant %v", seed, rule, in, out.Selected, want)
			}
			if endowment != nil && (out.Iterations != iterations || out.VoterBudget.String() != endowment.RatString()) {
				t.Fatalf(
					"seed %d %+v: %d runs to %s, want %d to %s",
					seed,
					rule,
					out.Iterations,
					out.VoterBudget,
					iterations,
					endowment.RatString(),
				)
			}
		}
	}
	t.Logf("%d outcomes", runs)
}
