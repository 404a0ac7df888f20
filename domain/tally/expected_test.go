package tally_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

// shared is the folder of real elections and recorded outcomes that is not part
// of the repository.
const shared = "../../../shared/data/pabulib"

// expected is a recorded outcome, computed by two other exact implementations
// that agree.
type expected struct {
	Selected   []string `json:"selected"`
	Cost       string   `json:"cost"`
	Iterations int      `json:"iterations"`
	Final      string   `json:"final_voter_budget"`
}

// ruleOf turns the name of a recorded run into a rule.
func ruleOf(tb testing.TB, name string) tally.Rule {
	r := tally.Rule{Ties: []tally.Tie{tally.ByID}}
	switch name {
	case "greedy_score":
		r.Method = tally.Greedy
		return r
	case "greedy_density":
		r.Method = tally.GreedyDensity
		return r
	case "phragmen":
		r.Method = tally.Phragmen
		return r
	}
	r.Method = tally.EqualShares
	parts := strings.SplitN(name, "_", 3)
	if parts[0] != "mes" {
		tb.Fatalf("unknown recorded run %q", name)
	}
	r.Utility = map[string]tally.Utility{
		"cost": tally.Cost, "card": tally.Cardinality, "additive": tally.Points,
		"borda": tally.Borda,
	}[parts[1]]
	r.Completion = tally.None
	if len(parts) == 3 {
		r.Completion = map[string]tally.Completion{
			"u": tally.Utilitarian, "add1": tally.Add1, "add1int": tally.Add1Int, "add1int_u": tally.Add1IntUtil,
			"add1int_noex": tally.Add1IntNoExhaust, "pct1": tally.Percent1,
		}[parts[2]]
	}
	return r
}

func instance(tb testing.TB, file string) tally.Instance {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	f, err := pabulib.Parse(string(text))
	if err != nil {
		tb.Fatalf("%s:%v", file, err)
	}
	in, err := f.Instance()
	if err != nil {
		tb.Fatal(err)
	}
	return in
}

// recorded returns the files with recorded outcomes: those of testdata and,
// where they lie beside the checkout, all shared ones.
func recorded(tb testing.TB) map[string]string {
	files := map[string]string{}
	dirs := []string{"testdata", shared}
	if underRace {
		dirs = dirs[:1]
	}
	for _, dir := range dirs {
		names, _ := filepath.Glob(dir + "/expected/*.json")
		if len(names) == 0 {
			tb.Logf("%s is not there: only testdata is counted", dir)
		}
		for _, name := range names {
			pb := filepath.Join(dir, strings.TrimSuffix(filepath.Base(name), ".json")+".pb")
			if dir == "testdata" {
				pb = filepath.Join("../pabulib/testdata", filepath.Base(pb))
			}
			files[name] = pb
		}
	}
	if len(files) == 0 {
		tb.Fatal("no recorded outcomes")
	}
	return files
}

func TestOutcomesEqualTheRecordedOnes(t *testing.T) {
	runs := 0
	for record, pb := range recorded(t) {
		text, err := os.ReadFile(record)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct{ Runs map[string]expected }
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		in := instance(t, pb)
		for name, want := range doc.Runs {
			if want.Selected == nil { // the recorders gave up after two minutes
				continue
			}
			out, err := tally.Run(t.Context(), ruleOf(t, name), in)
			if err != nil {
				t.Errorf("%s %s: %v", pb, name, err)
				continue
			}
			runs++
			got := out.Selected
			if name == "phragmen" { // recorded in order of ids, ours is in order of purchase
				got = slices.Sorted(slices.Values(got))
			}
			if !slices.Equal(got, want.Selected) {
				t.Errorf("%s %s:\n got %v\nwant %v", pb, name, got, want.Selected)
			}
			if out.Cost.String() != want.Cost {
				t.Errorf("%s %s: cost %s, want %s", pb, name, out.Cost, want.Cost)
			}
			if want.Iterations > 0 &&
				(out.Iterations != int64(want.Iterations) || out.VoterBudget.String() != want.Final) {
				t.Errorf(
					"%s %s: %d runs to %s, want %d to %s",
					pb,
					name,
					out.Iterations,
					out.VoterBudget,
					want.Iterations,
					want.Final,
				)
			}
		}
	}
	t.Logf("%d recorded runs", runs)
}
