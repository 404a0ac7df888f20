package record

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/pabulib"
	"osbu/domain/pabulib/iso"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// helsinki is its summer time, as a manifest gives it.
var helsinki = time.FixedZone("", 3*60*60)

func testManifest() round.Manifest {
	return round.Manifest{
		Format: round.ManifestFormat, Round: "r", Name: domain.Text{Fi: "Kierros"},
		Opens: time.Date(2026, 5, 2, 1, 0, 0, 0, helsinki), Closes: time.Date(2026, 5, 14, 20, 0, 0, 0, helsinki),
		Areas: []round.ManifestArea{
			{ID: "a", Name: domain.Text{Fi: "Alue"}, Pot: domain.Euros(100), Rule: round.Rule{Rule: "greedy"}},
		},
		Papers: []round.ManifestPaper{
			{ID: "p", Areas: []string{"a"}, Form: ballot.Form{Kind: ballot.Approval, Min: 1, Max: 3, Blank: true}},
		},
		Projects: []round.ManifestProject{
			{
				Number: 1,
				Area:   "a",
				Title:  domain.Text{Fi: "Penkki; \"iso\"\nja\tpöytä, \u202eRTL 🌳"},
				Cost:   domain.Euros(60),
			},
			{Number: 2, Area: "a", Title: domain.Text{Fi: "Puu"}, Cost: domain.Euros(50)},
			{Number: 3, Area: "a", Title: domain.Text{Fi: "Polku"}, Cost: domain.Euros(40)},
			{Number: 12, Area: "a", Title: domain.Text{Fi: "Silta"}, Cost: domain.Euros(101)},
		},
	}
}

// picks are ballots that name these projects.
func picks(all ...[]int) []ballot.Vote {
	votes := make([]ballot.Vote, len(all))
	for i, choices := range all {
		votes[i].Choices = choices
	}
	return votes
}

func count(t *testing.T, m round.Manifest, withdrawn map[int]bool, choices ...[]int) Outcome {
	t.Helper()
	o, err := countArea(context.Background(), m, m.Areas[0], areaVotes{online: picks(choices...)}, withdrawn, "00ff")
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func selected(o Outcome) string { return strings.Join(o.Result.Selected, " ") }

// 12 is dearer than the pot, 1 is bought, 2 does not fit the 40 left, 3 costs
// exactly what is left.
func TestCountSkipsWhatDoesNotFit(t *testing.T) {
	o := count(t, testManifest(), nil, []int{1, 2, 12}, []int{1, 2, 12}, []int{1, 12}, []int{12}, []int{3})
	if selected(o) != "1 3" {
		t.Fatalf("selected %s", selected(o))
	}
	byNumber := map[int]Project{}
	for _, p := range testManifest().Projects {
		byNumber[p.Number] = Project{Number: p.Number, Cost: p.Cost}
	}
	a, err := explain(round.Area{ID: "a", Pot: domain.Euros(100)}, 0, o, byNumber)
	if err != nil {
		t.Fatal(err)
	}
	if a.Spent != domain.Euros(100) || a.Projects[0].Project.Number != 12 || a.Projects[0].Missing != domain.Euros(1) {
		t.Fatalf("%+v", a)
	}
	if two := a.Projects[2]; two.Project.Number != 2 || two.Left != domain.Euros(40) ||
		two.Missing != domain.Euros(10) ||
		two.Votes != 2 {
		t.Fatalf("%+v", two)
	}
}

// Pabulib's own checker finds no error in what is published, under any rule and
// whatever is tied, blank, withdrawn or in conflict; and counting the file
// again gives the same.
func TestPublishedFilesAreLawful(t *testing.T) {
	rules := []round.Rule{
		{Rule: "greedy"},
		{Rule: "greedy-no-skip"},
		{Rule: "greedy-threshold", Threshold: 2},
		{Rule: "greedy-density"},
		{Rule: "greedy-threshold", ThresholdPercent: 30},
		{Rule: "phragmen"},
		{Rule: "greedy", RespectConflicts: true},
		{Rule: "equal-shares"},
		{Rule: "equal-shares", Completion: "add1int-noex"},
		{Rule: "equal-shares", Completion: "add1int"},
		{Rule: "equal-shares", Comparison: "satisfaction"},
		{Rule: "equal-shares", Utility: "cardinality"},
		{Rule: "equal-shares", Completion: "add1int-noex", Comparison: "satisfaction"},
		{Rule: "equal-shares", Completion: "utilitarian", RespectConflicts: true},
	}
	names := map[string]int{}
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 5))
		m, gone := testManifest(), map[int]bool{}
		m.Projects, m.Papers[0].Form.Max = nil, 9
		m.Areas[0].Rule = rules[rng.IntN(len(rules))]
		m.ReservedCost = "maximum+maintenance"
		m.Conflicts = []round.ManifestConflict{{Projects: []int{1, 2}}}
		total, most := domain.Cents(0), domain.Cents(0)
		for n := range 3 + rng.IntN(5) {
			cost := domain.Euros(1 + rng.Int64N(9))
			if seed%5 == 0 {
				cost += 50
			}
			total, most = total+cost, max(most, cost)
			p := round.ManifestProject{Number: n + 1, Area: "a", Title: domain.Text{Fi: "Puu"}, Cost: cost}
			m.Projects = append(m.Projects, p)
			gone[n+1] = rng.IntN(15) == 0
		}
		m.Areas[0].Pot = max(most, total*domain.Cents(1+rng.Int64N(9))/10/100*100+domain.Cents(seed%5/4*50))
		if m.Areas[0].Pot >= total-domain.Euros(int64(len(m.Projects))) {
			continue // all fits, in whole units: whoever then funds less has an error
		}
		form := &m.Papers[0].Form
		if r := m.Areas[0].Rule; r.Rule != "phragmen" && r.ThresholdPercent == 0 {
			form.Kind = []string{ballot.Approval, ballot.Points, ballot.Ranking}[rng.IntN(3)]
		}
		if form.Kind == ballot.Points {
			form.Points, form.PointsEach = 24, 5
		}
		var votes []ballot.Vote
		for range 1 + rng.IntN(9) {
			v := ballot.Vote{Kind: form.VoteKind()}
			for p := range m.Projects {
				if rng.IntN(3) == 0 {
					v.Choices = append(v.Choices, p+1)
					if form.Kind == ballot.Points {
						v.Points = append(v.Points, 1+rng.IntN(3))
					}
				}
			}
			if form.Kind == ballot.Ranking {
				rng.Shuffle(len(v.Choices), func(i, j int) { v.Choices[i], v.Choices[j] = v.Choices[j], v.Choices[i] })
			}
			votes = append(votes, v)
		}
		o, err := countArea(t.Context(), m, m.Areas[0], areaVotes{online: votes}, gone, "00ff")
		if err != nil {
			t.Fatal(err)
		}
		f, err := pabulib.Parse(string(o.Input))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range pabulib.Check(string(o.Input), iso.Codes()) {
			if found.Error {
				t.Fatalf("seed %d: %+v\n%s", seed, found, o.Input)
			}
		}
		in, err := f.Instance()
		if err != nil {
			t.Fatal(err)
		}
		again, err := tally.Run(t.Context(), o.Result.Rule, in)
		if err != nil || !slices.Equal(again.Selected, o.Result.Selected) || again.Voters != o.Result.Voters {
			t.Fatalf("seed %d: counted again %v of %d, %v; want %v of %d\n%s",
				seed, again.Selected, again.Voters, err, o.Result.Selected, o.Result.Voters, o.Input)
		}
		name, _ := f.Lookup("rule")
		names[name]++
	}
	for _, name := range []string{
		"greedy", "greedy-no-skip", "greedy-threshold", "greedy-custom", "greedy-exclusive", "equalshares",
		"equalshares/add1", "unknown",
	} {
		if names[name] == 0 {
			t.Errorf("no file has the rule %s: %v", name, names)
		}
	}
}

func TestCountOfNobody(t *testing.T) {
	o := count(t, testManifest(), nil)
	if len(o.Result.Selected) != 0 || o.Ballots != 0 {
		t.Fatalf("%+v", o.Result)
	}
}

func TestBlankBallotsCountAsCast(t *testing.T) {
	o := count(t, testManifest(), nil, []int{}, []int{2}, nil)
	if o.Ballots != 3 || o.Blank != 2 || selected(o) != "2 3" {
		t.Fatalf("%d ballots, %d blank, selected %s", o.Ballots, o.Blank, selected(o))
	}
}

func TestWithdrawnProjectKeepsItsVotesAndIsNotFunded(t *testing.T) {
	o := count(t, testManifest(), map[int]bool{1: true}, []int{1}, []int{1}, []int{2})
	if selected(o) != "2 3" || o.Result.Projects[0].Votes != 2 {
		t.Fatalf("%+v", o.Result)
	}
}

// Two projects tied at the budget line: the cheaper goes first although its
// number is greater.
func TestTieAtTheBudgetLineGoesToTheLowestCost(t *testing.T) {
	m := testManifest()
	m.Projects = m.Projects[:2]
	o := count(t, m, nil, []int{1, 2}, []int{1, 2})
	if selected(o) != "2" || len(o.Result.Ties) != 1 {
		t.Fatalf("%+v", o.Result)
	}
}

// The file's limits are the form's, whatever was cast, and its threshold is in
// votes, so that any tool counts it alike.
func TestFileStatesItsLimits(t *testing.T) {
	for _, c := range []struct {
		name    string
		percent int
		kind    string
		want    map[string]string
	}{
		{
			"approval", 0, ballot.Approval,
			map[string]string{"min_length": "0", "max_length": "3", "max_sum_cost": "", "min_project_score_threshold": ""},
		},
		{"knapsack", 0, ballot.Knapsack, map[string]string{"min_length": "0", "max_length": "3", "max_sum_cost": "100"}},
		{"a share of three ballots", 40, ballot.Approval, map[string]string{"min_project_score_threshold": "2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := testManifest()
			m.Papers[0].Form.Kind = c.kind
			if c.percent > 0 {
				m.Areas[0].Rule = round.Rule{Rule: "greedy-threshold", ThresholdPercent: c.percent}
			}
			o := count(t, m, nil, []int{1}, []int{1}, []int{2})
			f, err := pabulib.Parse(string(o.Input))
			if err != nil {
				t.Fatal(err)
			}
			for key, want := range c.want {
				if got, _ := f.Lookup(key); got != want {
					t.Errorf("%s: got %q, want %q", key, got, want)
				}
			}
			if threshold, ok, err := f.Threshold(); err != nil || ok != (c.percent > 0) {
				t.Errorf("threshold %+v, %v", threshold, err)
			}
			if c.percent > 0 && (o.Result.Projects[0].Status != tally.Bought ||
				o.Result.Projects[1].Status != tally.BelowMinimum) {
				t.Errorf("%+v", o.Result.Projects)
			}
		})
	}
}

// The file says nothing of the order of casting, and reads back as it was
// counted, whatever the titles hold.
func TestFileIsTheSameForEveryOrderOfCasting(t *testing.T) {
	a := count(t, testManifest(), nil, []int{1, 2}, []int{3}, []int{})
	b := count(t, testManifest(), nil, []int{}, []int{1, 2}, []int{3})
	if a.Digest() != b.Digest() {
		t.Fatalf("%s\n%s", a.Input, b.Input)
	}
	f, err := pabulib.Parse(string(a.Input))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Warnings) != 0 {
		t.Errorf("our own file has oddities: %+v", f.Warnings)
	}
	if got := f.Column("name")[0]; got != "Penkki; \"iso\" ja pöytä, \u202eRTL 🌳" {
		t.Errorf("title came back as %q", got)
	}
	if begin, _ := f.Lookup("date_begin"); begin != "02.05.2026" {
		t.Errorf("a vote that opens at 1 a.m. in Helsinki on 2 May begins %s", begin)
	}
}

func TestAnotherRuleForAnArea(t *testing.T) {
	m := testManifest()
	m.Areas[0].Rule = round.Rule{Rule: "equal-shares", Completion: "add1int-utilitarian"}
	o := count(t, m, nil, []int{1, 2}, []int{3}, []int{3, 2})
	if o.Result.Rule.Method != "equal-shares" || len(o.Result.Selected) == 0 {
		t.Fatalf("%+v", o.Result)
	}
}

// Whatever rule a round may be frozen with can be counted after the vote.
func TestEveryRuleThatMayBeFrozenCanBeCounted(t *testing.T) {
	settings := round.Settings{
		Areas: []round.Area{
			{ID: "a", Name: domain.Text{Fi: "A"}},
		}, FinalBallots: true, Eligibility: round.Eligibility{Moment: round.AtVoting},
		Papers: []round.Paper{
			{
				ID:    "p",
				Name:  domain.Text{Fi: "P"},
				Areas: []string{"a"},
				Form:  ballot.Form{Kind: ballot.Approval, Min: 1, Max: 3},
			},
		},
	}
	forms := []ballot.Form{
		{Kind: ballot.Approval, Min: 1, Max: 3},
		{Kind: ballot.Points, Max: 3, Points: 3, PointsEach: 3},
		{Kind: ballot.Ranking, Min: 1, Max: 3},
	}
	countable := 0
	for _, rule := range []string{
		"greedy", "greedy-density", "greedy-no-skip", "greedy-threshold", "equal-shares",
		"phragmen",
	} {
		for _, utility := range []string{"", "cost", "cardinality", "points", "borda", "rank"} {
			for _, completion := range []string{
				"", "none", "utilitarian", "add1", "add1int", "add1int-utilitarian",
				"add1int-noex", "pct1",
			} {
				settings.Rule = round.Rule{Rule: rule, Utility: utility, Completion: completion}
				for _, form := range forms {
					settings.Papers[0].Form = form
					_, err := countingRule(settings.Rule, form, nil, nil, "00")
					switch refused := settings.Check(); {
					case refused == nil && err != nil:
						t.Errorf("%+v of %s: %v", settings.Rule, form.Kind, err)
					case refused == nil:
						countable++
					case err == nil && (utility == "" || rule == "equal-shares"):
						t.Errorf("%+v of %s can be counted, and is refused: %v", settings.Rule, form.Kind, refused)
					}
				}
			}
		}
	}
	if countable != 5+3*8+4+4*8+4+5*8 {
		t.Errorf("%d rules may be frozen", countable)
	}
}

// Of two projects in conflict only the first in the count is funded; a group's
// project of another area means nothing here.
func TestConflictingProjects(t *testing.T) {
	m := testManifest()
	m.Areas[0].Rule = round.Rule{Rule: "greedy", Exclusive: [][]int{{1, 3, 77}, {2, 78}}}
	o := count(t, m, nil, []int{1, 3}, []int{1}, []int{3})
	if selected(o) != "3 2" ||
		o.Result.Projects[0].Status != tally.Conflicting { // 1 and 3 have two votes each, and 3 costs less
		t.Fatalf("selected %s", selected(o))
	}
	if flags(o.Result.Rule) != " --rule greedy --utility cardinality --seed 00ff --exclusive 1,3" {
		t.Fatal(flags(o.Result.Rule))
	}
}

// A noted conflict shuts out the second project only where the rule respects
// conflicts, and the explanation names the first.
func TestNotedConflicts(t *testing.T) {
	m := testManifest()
	m.Conflicts = []round.ManifestConflict{
		{Projects: []int{1, 3}, Reason: domain.Text{Fi: "Sama paikka", Sv: "Samma plats"}},
	}
	if o := count(t, m, nil, []int{1, 3}, []int{1}, []int{3}); selected(o) != "3 1" {
		t.Fatalf("without the rule: %s", selected(o))
	}
	m.Areas[0].Rule.RespectConflicts = true
	m.Areas[0].Rule.Exclusive = [][]int{{2, 12}}
	o := count(t, m, nil, []int{1, 3}, []int{1}, []int{3})
	if selected(o) != "3 2" ||
		flags(o.Result.Rule) != " --rule greedy --utility cardinality --seed 00ff --exclusive 2,12 --exclusive 1,3" {
		t.Fatalf("%s %s", selected(o), flags(o.Result.Rule))
	}
	byNumber := map[int]Project{}
	for _, p := range m.Projects {
		byNumber[p.Number] = Project{Number: p.Number, Cost: p.Cost}
	}
	a, err := explain(round.Area{ID: "a", Pot: domain.Euros(100)}, 0, o, byNumber)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range a.Projects {
		if want := map[int]int{1: 3, 12: 2}[p.Project.Number]; p.Conflict != want {
			t.Errorf("%d was left out for %d, want %d", p.Project.Number, p.Conflict, want)
		}
	}
	if len(m.Areas[0].Rule.Exclusive) != 1 {
		t.Error("the manifest's rule was changed")
	}
}

// Half of the ballots are needed: 2 has them, 1 and 3 do not.
func TestThresholdByShareOfTheBallots(t *testing.T) {
	m := testManifest()
	m.Areas[0].Rule = round.Rule{Rule: "greedy-threshold", ThresholdPercent: 50}
	o := count(t, m, nil, []int{2}, []int{2, 3}, []int{1}, []int{12})
	if selected(o) != "2" {
		t.Fatalf("selected %s", selected(o))
	}
	if !strings.HasSuffix(flags(o.Result.Rule), " --threshold 50%") {
		t.Fatal(flags(o.Result.Rule))
	}
}

// More voters prefer greedy's outcome, so it is taken: three approve 1 alone,
// which equal shares cannot fund.
func TestComparisonStep(t *testing.T) {
	m := testManifest()
	m.Areas[0].Pot = domain.Euros(60)
	ballots := [][]int{{1}, {1}, {1}, {3}, {3}}
	m.Areas[0].Rule = round.Rule{Rule: "equal-shares", Completion: "add1"}
	plain := count(t, m, nil, ballots...)
	m.Areas[0].Rule.Comparison = "satisfaction"
	compared := count(t, m, nil, ballots...)
	if selected(plain) == "1" || selected(compared) != "1" {
		t.Fatalf("without %q, with %q", selected(plain), selected(compared))
	}
}
