package tally_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"osbu/domain/tally"
)

var shares = tally.Rule{Method: tally.EqualShares}

// Floats elect nobody here: n·(B/n) < B for many n.
func TestProjectThatCostsExactlyThePotIsAffordable(t *testing.T) {
	for n := int64(1); n < 3000; n++ {
		out := run(t, shares, poll(1_000_003, []int64{1_000_003}, []int64{n, 0}))
		if !slices.Equal(out.Selected, []string{"a"}) {
			t.Fatalf("%d voters who all want it: %v", n, out.Selected)
		}
	}
}

func TestProjectNamedTwiceCountsOnce(t *testing.T) {
	// a has two voters, b three; counting a's repetitions would elect a.
	in := poll(100, []int64{100, 100}, []int64{1, 0, 0, 0}, []int64{1, 0, 0}, []int64{3, 1})
	for _, rule := range []tally.Rule{{Method: tally.Greedy}, {Method: tally.EqualShares, Completion: tally.Add1IntUtil}} {
		out := run(t, rule, in)
		if !slices.Equal(out.Selected, []string{"b"}) || out.Projects[0].Votes != 2 {
			t.Errorf("%s: %v with %d votes for a", rule.Method, out.Selected, out.Projects[0].Votes)
		}
	}
}

func TestComparisonCountsVotersWithoutAnyWinnerAsNone(t *testing.T) {
	// Equal shares funds b and c, greedy a. The 4 voters of a get nothing from
	// equal shares: that is less than one, so they prefer greedy.
	in := poll(100, []int64{100, 30, 30}, []int64{4, 0}, []int64{3, 1, 2})
	for _, by := range []tally.Comparison{tally.Satisfaction, tally.ExclusionRatio} {
		rule := shares
		rule.Comparison = by
		out := run(t, rule, in)
		c := out.Comparison
		if c == nil || c.PreferOther != 4 || c.PreferFirst != 3 || !c.GreedyUsed ||
			!slices.Equal(out.Selected, []string{"a"}) ||
			out.Certificate != nil {
			t.Errorf("%s: %v %+v", by, out.Selected, c)
		}
	}
	in = poll(100, []int64{100, 30}, []int64{4, 0}, []int64{4, 1}) // a draw: equal shares stays
	rule := tally.Rule{Method: tally.EqualShares, Comparison: tally.Satisfaction, Ties: []tally.Tie{tally.ByID}}
	out := run(t, rule, in)
	if c := out.Comparison; c.GreedyUsed || c.PreferFirst != 4 || c.PreferOther != 4 ||
		!slices.Equal(out.Selected, []string{"b"}) {
		t.Errorf("a draw: %v %+v", out.Selected, c)
	}
}

// A project that nobody wants is no reason to hand out more money: of 100, 10
// voters buy a for 60 with their 10 each; b, at 90, does not fit the rest, and
// c, at 20, would fit but has no supporter.
func TestCompletionsStopWhenNothingSupportedFits(t *testing.T) {
	in := poll(100, []int64{60, 90, 20}, []int64{6, 0}, []int64{4, 1})
	for _, completion := range []tally.Completion{tally.Add1, tally.Add1Int, tally.Percent1} {
		rule := shares
		rule.Completion = completion
		out := run(t, rule, in)
		if !slices.Equal(out.Selected, []string{"a"}) || out.Iterations != 1 || out.VoterBudget.String() != "10" {
			t.Errorf("%s: got %v after %d runs with %s, want [a] after 1 with 10",
				completion, out.Selected, out.Iterations, out.VoterBudget)
		}
	}
}

func TestTieIsReportedWithWhatBrokeIt(t *testing.T) {
	in := poll(100, []int64{50, 50, 50}, []int64{2, 0, 1}, []int64{2, 2})
	rule := shares
	rule.Seed = "seed"
	out := run(t, rule, in)
	want := []string{"a", "b"}
	if slices.Compare(hash("seed", "b"), hash("seed", "a")) < 0 {
		slices.Reverse(want)
	}
	if len(out.Ties) == 0 || !slices.Contains(out.Ties[0].Projects, "a") || out.Ties[0].By != tally.Lot {
		t.Fatalf("%+v", out.Ties)
	}
	for _, tie := range out.Ties {
		if len(tie.Projects) == 2 && !slices.Equal(tie.Projects, want) {
			t.Errorf("%+v, want the lot to put %v", tie, want)
		}
	}
}

// Voters who form a group large enough for a project get it: n·c/B voters for p
// alone.
func TestGroupGetsItsShare(t *testing.T) {
	in := poll(1000, []int64{250, 900}, []int64{25, 0}, []int64{75, 1})
	out := run(t, shares, in)
	if !slices.Equal(out.Selected, []string{"a"}) {
		t.Errorf("a quarter of the voters wants a quarter of the pot: %v", out.Selected)
	}
}

// shuffled splits and mixes the ballots, which must not change anything.
func shuffled(rng *rand.Rand, in tally.Instance) tally.Instance {
	var ballots []tally.Ballot
	for _, b := range in.Ballots {
		for range b.Weight {
			c := tally.Ballot{Weight: 1, Projects: slices.Clone(b.Projects), Points: slices.Clone(b.Points)}
			if in.Form == tally.Approval {
				rng.Shuffle(
					len(c.Projects),
					func(i, j int) { c.Projects[i], c.Projects[j] = c.Projects[j], c.Projects[i] },
				)
			}
			ballots = append(ballots, c)
		}
	}
	rng.Shuffle(len(ballots), func(i, j int) { ballots[i], ballots[j] = ballots[j], ballots[i] })
	in.Ballots = ballots
	return in
}

// scaled multiplies costs and pot.
func scaled(in tally.Instance, by tally.Number) tally.Instance {
	in.Budget = in.Budget.Mul(by)
	in.Projects = slices.Clone(in.Projects)
	for p := range in.Projects {
		in.Projects[p].Cost = in.Projects[p].Cost.Mul(by)
	}
	return in
}

func TestWhatMustNotMatterDoesNot(t *testing.T) {
	for seed := range few(150) {
		rng := rand.New(rand.NewPCG(seed, 11))
		in := random(rng)
		for _, rule := range everyRule(in.Form) {
			want := run(t, rule, in)
			if got := run(t, rule, shuffled(rng, in)); text(t, got) != text(t, want) {
				t.Fatalf(
					"seed %d %+v: order or grouping of the ballots changes the outcome:\n%s\n%s",
					seed,
					rule,
					text(t, got),
					text(t, want),
				)
			}
			one, err := tally.Run(t.Context(), rule, in, tally.Workers(1))
			if err != nil || text(t, one) != text(t, want) {
				t.Fatalf("seed %d %+v: the number of workers changes the outcome (%v)", seed, rule, err)
			}
			if c := rule.Completion; c == tally.Add1 || c == tally.Add1Int || c == tally.Add1IntUtil ||
				c == tally.Add1IntNoExhaust {
				continue // their step has a unit
			}
			if got := run(t, rule, scaled(in, tally.Frac(7, 3))); !slices.Equal(got.Selected, want.Selected) {
				t.Fatalf("seed %d %+v: the unit of money changes the outcome", seed, rule)
			}
		}
	}
}

func text(t *testing.T, out tally.Outcome) string {
	t.Helper()
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOutcomesAreFeasibleCertifiedAndExplained(t *testing.T) {
	for seed := range few(1500) {
		in := random(rand.New(rand.NewPCG(seed, 13)))
		for _, rule := range everyRule(in.Form) {
			out := run(t, rule, in)
			if out.Cost.Cmp(out.Budget) > 0 {
				t.Fatalf("seed %d %+v: costs %s of %s", seed, rule, out.Cost, out.Budget)
			}
			if rule.Method != tally.EqualShares || len(in.Ballots) == 0 {
				continue
			}
			if err := out.Certificate.Check(out.Rule, in); err != nil {
				t.Fatalf("seed %d %+v: %v", seed, rule, err)
			}
			for _, r := range out.Projects {
				s := r.Shares
				switch {
				case s == nil:
					if r.Status != tally.Bought && r.Status != tally.Unsupported && r.Status != tally.Withdrawn &&
						r.Walk == nil {
						t.Fatalf("seed %d %+v: %q is not explained: %s", seed, rule, r.ID, r.Status)
					}
				case s.Price != nil:
					if !r.Selected || s.Full+s.Partly == 0 || s.Support.Cmp(tally.Int(100)) != 0 {
						t.Fatalf("seed %d %+v: %q: %+v", seed, rule, r.ID, s)
					}
				case s.Lost == nil || s.Missing.Sign() <= 0 || s.Missing.Add(*s.Behind).Cmp(r.Cost) != 0 ||
					s.Support.Cmp(tally.Int(100)) >= 0:
					t.Fatalf("seed %d %+v: %q: %+v", seed, rule, r.ID, s)
				}
			}
		}
	}
}

func TestFalseCertificatesAreRefused(t *testing.T) {
	in := poll(100, []int64{50, 30, 200}, []int64{3, 0}, []int64{2, 0, 1}, []int64{2, 2})
	out := run(t, shares, in)
	if err := out.Certificate.Check(out.Rule, in); err != nil || len(out.Certificate.Prices) == 0 {
		t.Fatalf("%v %+v", err, out.Certificate)
	}
	change := func(name, want string, edit func(c *tally.Certificate)) {
		c := *out.Certificate
		c.Prices = slices.Clone(c.Prices)
		edit(&c)
		if err := c.Check(out.Rule, in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	change("a higher price", "are not its cost", func(c *tally.Certificate) {
		c.Prices[0].Rate = tally.Fraction{Number: c.Prices[0].Rate.Add(tally.Frac(1, 1_000_000_007))}
	})
	change(
		"a purchase left out",
		"could still buy it",
		func(c *tally.Certificate) { c.Prices = c.Prices[:len(c.Prices)-1] },
	)
	change(
		"more money than there was",
		"could still buy it",
		func(c *tally.Certificate) { c.Endowment = tally.Fraction{Number: tally.Int(100)} },
	)
	change(
		"a project bought twice",
		"priced already",
		func(c *tally.Certificate) { c.Prices = append(c.Prices, c.Prices[0]) },
	)
	change("an unknown project", "is of no project", func(c *tally.Certificate) { c.Prices[0].ID = "z" })
	change(
		"a negative price",
		"negative",
		func(c *tally.Certificate) { c.Prices[0].Rate = tally.Fraction{Number: tally.Int(-1)} },
	)
}

// The bound at purse is attacked with elections in which decisions hang on
// differences of 10^-16 and less: weights and costs of very different size,
// projects that are affordable to the last unit or miss it by one, and rates
// that differ in the last digits.
func TestBoundOfTheFilterHolds(t *testing.T) {
	differ := 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 17))
		in := tally.Instance{Form: tally.Approval}
		m := 2 + rng.IntN(6)
		scale := []int64{1_000_000_007, 1 << 40, 999_999_999_989}[rng.IntN(3)]
		for range 1 + rng.IntN(7) {
			b := tally.Ballot{Weight: []int64{1, 2, 3, 1000, 999_983, 1 << 30}[rng.IntN(6)]}
			for _, p := range rng.Perm(m)[:1+rng.IntN(m)] {
				b.Projects = append(b.Projects, int32(p))
			}
			in.Ballots = append(in.Ballots, b)
		}
		n := in.Voters()
		votes := make([]int64, m)
		for _, b := range in.Ballots {
			for _, p := range b.Projects {
				votes[p] += b.Weight
			}
		}
		// Everybody has scale: a project of cost votes·scale takes it all,
		// votes·scale/2 half of it, ± 1.
		in.Budget = tally.FromRat(new(big.Rat).SetInt(new(big.Int).Mul(big.NewInt(n), big.NewInt(scale))))
		for p := range m {
			c := new(big.Int).Mul(big.NewInt(votes[p]+boolInt(votes[p] == 0)), big.NewInt(scale/(1+rng.Int64N(4))))
			c.Add(c, big.NewInt(rng.Int64N(3)-1))
			in.Projects = append(
				in.Projects,
				tally.Project{ID: fmt.Sprint(p), Cost: tally.FromRat(new(big.Rat).SetInt(c))},
			)
		}
		for _, utility := range []tally.Utility{tally.Cost, tally.Cardinality} {
			rule := tally.Rule{Method: tally.EqualShares, Utility: utility, Ties: []tally.Tie{tally.ByID}}
			want := []string{}
			for _, p := range weighted(rule, in).equalShares() {
				want = append(want, in.Projects[p].ID)
			}
			if got := run(t, rule, in).Selected; !slices.Equal(got, want) {
				t.Fatalf("seed %d %s: got %v, want %v\n%+v", seed, utility, got, want, in)
			}
			if floats, few := textbookNames(in); few && utility == tally.Cost && !slices.Equal(floats, want) {
				differ++
			}
		}
	}
	t.Logf("plain floats get %d elections wrong", differ)
	if differ < 30 {
		t.Errorf("the attack is harmless: plain floats get only %d elections wrong", differ)
	}
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func textbookNames(in tally.Instance) (_ []string, few bool) {
	each := tally.Instance{Budget: in.Budget, Projects: in.Projects}
	names := []string{}
	if in.Voters() > 5000 { // too many for one voter at a time
		return nil, false
	}
	for _, b := range in.Ballots {
		for range b.Weight {
			each.Ballots = append(each.Ballots, tally.Ballot{Weight: 1, Projects: b.Projects})
		}
	}
	for _, p := range textbook(each, in.Budget.Float()/float64(in.Voters())) {
		names = append(names, in.Projects[p].ID)
	}
	return names, true
}

func TestCountEndsWithItsContext(t *testing.T) {
	in := poll(1000, []int64{900, 50}, []int64{1, 0}, []int64{1, 1}) // the voter of a has 500 and gets 1 more a run
	ctx, cancel := context.WithCancel(t.Context())
	rule := tally.Rule{Method: tally.EqualShares, Completion: tally.Add1Int}
	_, err := tally.Run(ctx, rule, in, tally.OnProgress(func(at tally.Progress) {
		if at.Runs > 2 {
			cancel()
		}
	}))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
