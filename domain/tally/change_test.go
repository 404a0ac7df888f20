package tally_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"osbu/domain/tally"
)

// wins counts by the definitions whether project p is funded when it has
// another cost, or further voters vote for it alone.
func wins(rule tally.Rule, in tally.Instance, p int, cost tally.Number, voters int64) bool {
	in.Projects = slices.Clone(in.Projects)
	in.Projects[p].Cost = cost
	if voters > 0 {
		b := tally.Ballot{Weight: voters, Projects: []int32{int32(p)}}
		if in.Form == tally.Cumulative || in.Form == tally.Scoring {
			b.Points = []int64{1}
		}
		in.Ballots = append(slices.Clone(in.Ballots), b)
	}
	selected, _, _ := newNaive(rule, in).count()
	return slices.Contains(selected, p)
}

// TestChangesAreTheLeast tries every cost and every number of voters by the
// definitions.
func TestChangesAreTheLeast(t *testing.T) {
	losers, changed := 0, 0
	for seed := range few(1200) {
		rng := rand.New(rand.NewPCG(seed, 11))
		in := random(rng)
		in.Budget = in.Budget.Div(tally.Int(100))
		for p := range in.Projects {
			in.Projects[p].Cost = in.Projects[p].Cost.Div(tally.Int(100))
		}
		rules := everyRule(in.Form)
		rule := rules[rng.IntN(len(rules))]
		if rng.IntN(2) == 0 {
			for rule.Method == tally.EqualShares && rule.Completion != tally.None && rule.Completion != tally.Utilitarian {
				rule = rules[rng.IntN(len(rules))]
			}
		}
		if rule.Threshold != nil && rng.IntN(2) == 0 {
			rule.Threshold = &tally.Threshold{Share: tally.Frac(1+rng.Int64N(4), 5)}
		}
		rule.Seed = "lot"
		rule.Exclusive = conflicts(rng, in)
		if rng.IntN(2) == 0 {
			rule.Ties = []tally.Tie{tally.ByID}
		}
		out, err := tally.Run(t.Context(), rule, in)
		if err != nil {
			t.Fatal(err)
		}
		x, err := tally.Explain(t.Context(), in, out)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for p, reason := range x.Projects {
			if lost := !in.Projects[p].Withdrawn && !out.Projects[p].Selected && out.Voters > 0; (reason.Change != nil) != lost {
				t.Fatalf("seed %d %s: change %v, lost %v", seed, reason.ID, reason.Change, lost)
			} else if !lost {
				continue
			}
			losers++
			if bad := checkChange(out.Rule, in, p, reason.Change); bad != "" {
				t.Fatalf("seed %d %+v\n%+v\nproject %s, funded %v: %s\n%+v", seed, rule, in, reason.ID, out.Selected, bad, *reason.Change)
			}
			changed++
		}
	}
	t.Logf("%d losing projects", losers)
	if changed < losers || losers < 100 {
		t.Fatalf("%d of %d losing projects checked", changed, losers)
	}
}

func checkChange(rule tally.Rule, in tally.Instance, p int, c *tally.Change) string {
	own := in.Projects[p].Cost
	grain := tally.Frac(1, 100)
	if c.Cost != nil && (c.Cost.Add(*c.Cheaper).Cmp(own) != 0 || !wins(rule, in, p, *c.Cost, 0)) {
		return "the cost does not help"
	}
	if c.CostLeast {
		floor := tally.Number{}
		if c.Cost != nil {
			floor = *c.Cost
		}
		for x := floor.Add(grain); x.Cmp(own) < 0; x = x.Add(grain) {
			if wins(rule, in, p, x, 0) {
				return fmt.Sprintf("a cost of %s helps", x)
			}
		}
	}
	most := in.Voters()
	if rule.Method != tally.EqualShares {
		most = 40
	}
	if c.Votes != nil && *c.Votes < 300 && !wins(rule, in, p, own, *c.Votes) {
		return "the votes do not help"
	}
	if c.VotesLeast {
		if c.Votes != nil {
			most = min(most, *c.Votes-1)
		}
		for n := int64(1); n <= most; n++ {
			if wins(rule, in, p, own, n) {
				return fmt.Sprintf("%d votes help", n)
			}
		}
	}
	return ""
}
