package tally_test

import (
	"crypto/sha256"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"osbu/domain/tally"
)

// poll is a small approval election: costs by id, and ballots as weight and
// picks.
func poll(budget int64, costs []int64, ballots ...[]int64) tally.Instance {
	in := tally.Instance{Budget: tally.Int(budget), Form: tally.Approval}
	for p, cost := range costs {
		in.Projects = append(in.Projects, tally.Project{ID: string(rune('a' + p)), Cost: tally.Int(cost)})
	}
	for _, b := range ballots {
		ballot := tally.Ballot{Weight: b[0]}
		for _, p := range b[1:] {
			ballot.Projects = append(ballot.Projects, int32(p))
		}
		in.Ballots = append(in.Ballots, ballot)
	}
	return in
}

func run(t *testing.T, rule tally.Rule, in tally.Instance) tally.Outcome {
	t.Helper()
	out, err := tally.Run(t.Context(), rule, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGreedyWalks(t *testing.T) {
	in := poll(100, []int64{60, 50, 40, 10}, []int64{5, 0}, []int64{4, 1}, []int64{3, 2}, []int64{2, 3})
	for _, c := range []struct {
		name string
		rule tally.Rule
		want string
	}{
		{"skips what does not fit, takes what costs exactly what is left", tally.Rule{Method: tally.Greedy}, `["a","c"]`},
		{"stops at the first that does not fit", tally.Rule{Method: tally.GreedyNoSkip}, `["a"]`},
		{"by votes per unit of cost", tally.Rule{Method: tally.GreedyDensity}, `["d","a"]`},
		{
			"threshold of votes",
			tally.Rule{Method: tally.GreedyThreshold, Threshold: &tally.Threshold{Score: tally.Int(4)}},
			`["a"]`,
		},
		{
			"threshold as a share of the ballots",
			tally.Rule{Method: tally.GreedyThreshold, Threshold: &tally.Threshold{Share: tally.Frac(3, 14)}},
			`["a","c"]`,
		},
		{
			"of conflicting projects the first",
			tally.Rule{Method: tally.Greedy, Exclusive: [][]string{{"a", "c"}}},
			`["a","d"]`,
		},
	} {
		got, err := json.Marshal(run(t, c.rule, in).Selected)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s %v, want %s", c.name, got, err, c.want)
		}
	}
}

func TestGreedyEdges(t *testing.T) {
	withdrawn := poll(100, []int64{60, 50}, []int64{5, 0}, []int64{4, 1})
	withdrawn.Projects[0].Withdrawn = true
	for _, c := range []struct {
		name string
		in   tally.Instance
		want []string
	}{
		{"nobody votes: nothing is funded", poll(100, []int64{60, 50}), []string{}},
		{"blank ballots only: whatever fits", poll(100, []int64{60, 50}, []int64{3}), []string{"b"}},
		{"more money than projects", poll(1000, []int64{60, 50}, []int64{1, 0}), []string{"a", "b"}},
		{"top project dearer than the pot", poll(55, []int64{60, 50}, []int64{2, 0}, []int64{1, 1}), []string{"b"}},
		{"withdrawn is passed over", withdrawn, []string{"b"}},
		{
			"a project named twice counts once", poll(60, []int64{60, 50}, []int64{1, 0, 0}, []int64{1, 1}, []int64{1, 1}),
			[]string{"b"},
		},
		{"no projects", poll(60, nil, []int64{1}), []string{}},
	} {
		out := run(t, tally.Rule{Method: tally.Greedy}, c.in)
		if !slices.Equal(out.Selected, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, out.Selected, c.want)
		}
	}
}

func TestTiesAreBrokenByTheChain(t *testing.T) {
	// a and b: as many votes, b cheaper; c and d: votes and cost alike, so the
	// lot decides.
	in := poll(90, []int64{60, 50, 40, 40}, []int64{5, 0, 1}, []int64{3, 2, 3})
	out := run(t, tally.Rule{Method: tally.Greedy, Seed: "2026"}, in)
	first, second := "c", "d"
	if slices.Compare(hash("2026", "d"), hash("2026", "c")) < 0 {
		first, second = second, first
	}
	if want := []string{"b", first}; !slices.Equal(out.Selected, want) {
		t.Fatalf("got %v, want %v", out.Selected, want)
	}
	want := []tally.TieMet{
		{Round: 1, Projects: []string{"b", "a"}, By: tally.LowestCost, Decisive: true},
		{Round: 3, Projects: []string{first, second}, By: tally.Lot, Decisive: true},
	}
	if !reflect.DeepEqual(out.Ties, want) {
		t.Errorf("got %+v, want %+v", out.Ties, want)
	}
	byID := run(t, tally.Rule{Method: tally.Greedy, Ties: []tally.Tie{tally.ByID}}, in)
	if want := []string{"a"}; !slices.Equal(byID.Selected, want) {
		t.Errorf("by id: got %v, want %v", byID.Selected, want)
	}
}

func hash(seed, id string) []byte {
	sum := sha256.Sum256([]byte(seed + "\x00" + id))
	return sum[:]
}

func TestRulesThatCannotBeCountedAreRefused(t *testing.T) {
	in := poll(10, []int64{5}, []int64{1, 0})
	for _, rule := range []tally.Rule{
		{},
		{Method: "guess"},
		{Method: tally.GreedyThreshold},
		{Method: tally.Greedy, Completion: tally.Add1},
		{Method: tally.Greedy, Utility: tally.Points},
		{Method: tally.EqualShares, Utility: tally.Borda},
		{Method: tally.EqualShares, Completion: "add2"},
		{Method: tally.Greedy, Ties: []tally.Tie{"age"}},
		{Method: tally.Greedy, Ties: []tally.Tie{tally.Lot, tally.Lot}},
		{Method: tally.Greedy, Exclusive: [][]string{{"a", "z"}}},
		{Method: tally.EqualShares, Exclusive: [][]string{{"a", "z"}}},
		{Method: tally.Greedy, Comparison: tally.Satisfaction},
		{Method: tally.GreedyThreshold, Threshold: &tally.Threshold{Share: tally.Int(2)}},
	} {
		if _, err := tally.Run(t.Context(), rule, in); err == nil {
			t.Errorf("%+v was counted", rule)
		}
	}
}

func TestRuleIsData(t *testing.T) {
	rule := tally.Rule{
		Method: tally.GreedyThreshold, Threshold: &tally.Threshold{Score: tally.Int(50), Share: tally.Frac(1, 3)},
		Exclusive: [][]string{{"a", "b"}}, Ties: tally.DefaultTies(), Seed: "x",
	}
	text, err := json.Marshal(rule)
	if err != nil {
		t.Fatal(err)
	}
	var back tally.Rule
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(text) {
		t.Errorf("%s became %s (%v)", text, again, err)
	}
}
