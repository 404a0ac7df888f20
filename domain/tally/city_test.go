package tally_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

// Cities publish their winners in their files. Where a file names a rule of
// ours, and no exact tie decides, the winners are the same.
func TestWinnersAreThoseOfTheCities(t *testing.T) {
	files, _ := filepath.Glob(shared + "/*.pb")
	if len(files) == 0 {
		t.Logf("%s is not there: only testdata is counted", shared)
	}
	more, _ := filepath.Glob("../pabulib/testdata/*.pb")
	compared := 0
	for _, name := range append(files, more...) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := pabulib.Parse(string(text))
		if err != nil {
			t.Fatal(err)
		}
		in, err := f.Instance()
		if err != nil {
			t.Fatal(err)
		}
		codes := f.Column("selected")
		city, known := cityRule(f)
		if codes == nil || !known {
			continue
		}
		var want []string
		for p, code := range codes {
			if code == "1" {
				want = append(want, in.Projects[p].ID)
			}
		}
		out := run(t, city, in)
		if slices.ContainsFunc(out.Ties, func(tie tally.TieMet) bool { return tie.Decisive }) {
			continue
		}
		got := slices.Sorted(slices.Values(out.Selected))
		if want = slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
			t.Errorf("%s by %+v:\n got %v\nwant %v", filepath.Base(name), city, got, want)
		}
		compared++
	}
	if compared == 0 {
		t.Error("no city's winners were compared")
	}
	t.Logf("%d cities", compared)
}

// cityRule is the rule that a file names, as far as it says all of it.
// Wieliczka's add1 has no exhaustive stop.
func cityRule(f *pabulib.File) (tally.Rule, bool) {
	name, _ := f.Lookup("rule")
	score, _ := f.Lookup("min_project_score_threshold")
	threshold, _ := tally.ParseDecimal(strings.TrimSpace(score))
	switch name {
	case "greedy":
		return tally.Rule{Method: tally.Greedy}, true
	case "greedy-no-skip":
		return tally.Rule{Method: tally.GreedyNoSkip}, true
	case "greedy-threshold":
		return tally.Rule{Method: tally.GreedyThreshold, Threshold: &tally.Threshold{Score: threshold}}, true
	case "equalshares/add1":
		return tally.Rule{Method: tally.EqualShares, Completion: tally.Add1}, true
	case "equalshares/add1-comparison":
		return tally.Rule{
			Method:     tally.EqualShares,
			Completion: tally.Add1IntNoExhaust,
			Comparison: tally.Satisfaction,
		}, true
	}
	return tally.Rule{}, false
}
