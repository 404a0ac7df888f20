package record

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// Vectors for whoever writes a verifier of his own: testdata/README.md says
// what they are. They are written anew with
//
//	rm -r domain/record/testdata/refused && go test ./domain/record -update

// vector is a record that must be refused, with the first fault in the order of
// README.md: NAME.json beside NAME.zip and, where the fault is there,
// NAME.part.zip.
type vector struct {
	Part  string `json:"part,omitempty"`
	File  string `json:"file,omitempty"`
	Line  int    `json:"line,omitempty"`
	Byte  *int64 `json:"byte,omitempty"`
	Fault string `json:"fault"`
}

func vectorOf(err error) vector {
	f, ok := errors.AsType[*Fault](err)
	if !ok {
		return vector{Fault: err.Error()}
	}
	v := vector{Part: f.Part, File: f.File, Line: f.Line, Fault: f.Text}
	if f.Byte != nowhere {
		v.Byte = &f.Byte
	}
	return v
}

const vectorsDir = "testdata/refused/"

// largestVector keeps the vectors small files.
const largestVector = 40 << 10

var noWord = regexp.MustCompile(`[^a-z0-9]+`)

// keep writes a record that was refused as a vector, if asked to.
func keep(t testing.TB, record, part []byte, err error) {
	t.Helper()
	if !*update || errors.Is(err, context.Canceled) || len(record) > largestVector {
		return
	}
	v := vectorOf(err)
	words := strings.Trim(noWord.ReplaceAllString(strings.ToLower(v.File+" "+v.Fault), "-"), "-")
	name := vectorsDir + strings.Trim(words[:min(len(words), 70)], "-")
	// Of those with the same fault one, and whatever the order of the tests the
	// same one.
	if other, err := os.ReadFile(name + ".zip"); err == nil && bytes.Compare(other, record) <= 0 {
		return
	}
	text, failed := json.MarshalIndent(v, "", "  ")
	if failed != nil {
		t.Fatal(failed)
	}
	files := map[string][]byte{name + ".zip": record, name + ".json": append(text, '\n')}
	if part != nil {
		files[name+".part.zip"] = part
	}
	if err := os.MkdirAll(vectorsDir, 0o750); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRefusedVectors(t *testing.T) {
	if *update {
		t.Log("written, not read")
		return
	}
	names, err := filepath.Glob(vectorsDir + "*.json")
	if err != nil || len(names) < 80 {
		t.Fatalf("%d vectors, want 80 or more (%v)", len(names), err)
	}
	for _, name := range names {
		name = strings.TrimSuffix(name, ".json")
		t.Run(filepath.Base(name), func(t *testing.T) {
			load := func(end string) []byte {
				text, err := os.ReadFile(name + end)
				if err != nil && end != ".part.zip" {
					t.Fatal(err)
				}
				return text
			}
			var want vector
			if err := json.Unmarshal(load(".json"), &want); err != nil {
				t.Fatal(err)
			}
			o := Options{}
			if part := load(".part.zip"); part != nil {
				o.Auditors = bytes.NewReader(part)
			}
			_, err := Verify(t.Context(), bytes.NewReader(load(".zip")), o)
			if err == nil {
				t.Fatalf("it was confirmed, want %+v", want)
			}
			if got := vectorOf(err); fmt.Sprint(got.Part, got.File, got.Line, got.Fault) != fmt.Sprint(want.Part, want.File,
				want.Line, want.Fault) ||
				(got.Byte == nil) != (want.Byte == nil) || got.Byte != nil && *got.Byte != *want.Byte {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

// rulesSample has an area for each counting rule, all with the ballots of
// README.md's worked examples and a lot between two more projects.
func rulesSample(t testing.TB) *sample {
	t.Helper()
	s := newSample(t, 7)
	s.gone = nil
	m := &s.manifest
	rules := []round.Rule{
		{Rule: "greedy"},
		{Rule: "greedy-no-skip"},
		{Rule: "greedy-density"},
		{Rule: "greedy-threshold", Threshold: 2},
		{Rule: "greedy-threshold", ThresholdPercent: 40},
		{Rule: "phragmen"},
		{Rule: "equal-shares", Utility: "cardinality"},
		{Rule: "equal-shares", Comparison: "satisfaction"},
		{Rule: "equal-shares", Comparison: "exclusion-ratio"},
		{Rule: "equal-shares", Completion: "add1", RespectConflicts: true},
		{Rule: "phragmen", RespectConflicts: true},
	}
	for _, c := range []string{"none", "utilitarian", "add1", "add1int", "add1int-utilitarian", "add1int-noex", "pct1"} {
		rules = append(rules, round.Rule{Rule: "equal-shares", Completion: c})
	}
	conflicts := len(rules) + 1
	rules = append(rules, round.Rule{Rule: "greedy"}, round.Rule{Rule: "greedy-no-skip", RespectConflicts: true})
	m.Areas, m.Projects = nil, nil
	m.Papers = m.Papers[:1]
	m.Papers[0].Areas, m.Papers[0].Form = nil, ballot.Form{Kind: ballot.Approval, Min: 1, Max: 5}
	for i, r := range rules {
		id := fmt.Sprintf("%02d-%s", i, strings.Trim(r.Rule+"-"+r.Completion, "-"))
		first := 10 * (i + 1)
		if i == conflicts-1 {
			r.Exclusive = [][]int{{first, first + 1}}
		}
		m.Areas = append(m.Areas, round.ManifestArea{ID: id, Name: domain.Text{Fi: id}, Pot: domain.Euros(90), Rule: r})
		m.Papers[0].Areas = append(m.Papers[0].Areas, id)
		for n, cost := range []int64{3000, 3500, 4000, 1250, 1250} {
			m.Projects = append(m.Projects, round.ManifestProject{
				Number: first + n, Area: id, Title: domain.Text{Fi: fmt.Sprintf("Hanke <%d> & \"co\"; %d", n, i)},
				Cost: domain.Cents(cost),
			})
		}
	}
	last := 10 * len(rules)
	m.Conflicts = []round.ManifestConflict{{Projects: []int{last, last + 2}, Reason: domain.Text{Fi: "Sama paikka"}}}
	for i, a := range m.Areas {
		first := 10 * (i + 1)
		for _, picks := range [][]int{{0}, {0, 1}, {1}, {2}, {3, 4}} {
			choices := make([]int, len(picks))
			for k, p := range picks {
				choices[k] = first + p
			}
			s.cast(t, a.ID, choices...)
		}
	}
	s.spent = map[string]Spent{"p": {Online: len(s.ballots)}}
	s.rights = map[string]int{"p": 100}
	return s.logged(t, int64(len(s.ballots))+2)
}

// formsSample has areas of points and of rankings, with the ballots of
// README.md's worked examples, each cast so many times: counted greedily, by
// equal shares, and withheld.
func formsSample(t testing.TB, times int) *sample {
	t.Helper()
	s := newSample(t, 9)
	s.gone = nil
	m := &s.manifest
	m.Areas, m.Projects, m.OpeningsFrom = nil, nil, 4*times
	m.Papers[0].Areas, m.Papers[0].Form = nil, pointsForm
	m.Papers[1].Areas, m.Papers[1].Form = nil, rankingForm
	for i, c := range []struct {
		area  string
		paper int
		rule  round.Rule
		votes []ballot.Vote
	}{
		{"points-greedy", 0, round.Rule{Rule: "greedy-threshold", Threshold: 2}, pointVotes},
		{"points-shares", 0, round.Rule{Rule: "equal-shares", Completion: "add1", RespectConflicts: true}, pointVotes},
		{"points-few", 0, round.Rule{Rule: "greedy"}, pointVotes[1:4]},
		{"ranking-greedy", 1, round.Rule{Rule: "greedy"}, rankingVotes},
		{"ranking-shares", 1, round.Rule{Rule: "equal-shares", Utility: "borda"}, rankingVotes},
		{"ranking-few", 1, round.Rule{Rule: "greedy"}, rankingVotes[:3]},
	} {
		m.Areas = append(m.Areas, round.ManifestArea{
			ID: c.area, Name: domain.Text{Fi: c.area}, Pot: domain.Euros(90), Rule: c.rule,
		})
		m.Papers[c.paper].Areas = append(m.Papers[c.paper].Areas, c.area)
		for n, cost := range []int64{30, 35, 40} {
			m.Projects = append(m.Projects, round.ManifestProject{
				Number: 22 + 10*i + n, Area: c.area, Title: domain.Text{Fi: fmt.Sprint("Hanke ", n)}, Cost: domain.Euros(cost),
			})
		}
	}
	papers := map[string]Spent{"p": {}, "q": {}}
	for i, a := range m.Areas {
		votes := [][]ballot.Vote{pointVotes, pointVotes, pointVotes[1:4], rankingVotes, rankingVotes, rankingVotes[:3]}[i]
		for _, v := range slices.Repeat(votes, times) {
			v.Choices = slices.Clone(v.Choices)
			for k := range v.Choices {
				v.Choices[k] += 10 * i
			}
			s.castVote(t, a.ID, v)
			spent := papers[paperOf(*m, a.ID).ID]
			spent.Online++
			papers[paperOf(*m, a.ID).ID] = spent
		}
	}
	s.spent, s.rights = papers, map[string]int{"p": 30 * times, "q": 30 * times}
	return s.logged(t, int64(len(s.ballots))+2)
}

// The forms and ballots of README.md's worked examples of points and rankings.
var (
	pointsForm  = ballot.Form{Kind: ballot.Points, Min: 1, Max: 3, Blank: true, Points: 10, PointsEach: 6}
	rankingForm = ballot.Form{Kind: ballot.Ranking, Min: 1, Max: 3}
	pointVotes  = []ballot.Vote{
		{Kind: ballot.Points, Choices: []int{22, 23}, Points: []int{6, 4}},
		{Kind: ballot.Points, Choices: []int{22, 23}, Points: []int{1, 5}},
		{Kind: ballot.Points, Choices: []int{23}, Points: []int{6}},
		{Kind: ballot.Points, Choices: []int{22, 24}, Points: []int{4, 6}},
		{Kind: ballot.Points},
	}
	rankingVotes = []ballot.Vote{
		{Kind: ballot.Ranking, Choices: []int{22, 23}},
		{Kind: ballot.Ranking, Choices: []int{23, 22, 24}},
		{Kind: ballot.Ranking, Choices: []int{24}},
		{Kind: ballot.Ranking, Choices: []int{23}},
	}
)

// What a record says of points and rankings that it withholds must be possible.
func TestWithheldScores(t *testing.T) {
	for want, lie := range map[string]func([]Outcome){
		"project 42 has a score of 90 of 10 votes": func(o []Outcome) { o[2].Result.Projects[0].Score = tally.Int(90) },
		"project 42 has 9 points of 10 votes":      func(o []Outcome) { o[2].Result.Projects[0].Score = tally.Int(9) },
		"project 72 has a score of 31 of 10 votes": func(o []Outcome) { o[5].Result.Projects[0].Score = tally.Int(31) },
	} {
		s := formsSample(t, 5)
		s.counted = lie
		if got := refused(t, s.record(t)); !strings.Contains(got, want) {
			t.Errorf("want %q\n got %q", want, got)
		}
	}
	s := formsSample(t, 5)
	s.counted = func(o []Outcome) { o[2].Result.Projects[0].Score = tally.Int(30) } // possible, and another count
	if got := refused(t, s.record(t)); !strings.Contains(got, "counting it again gives another outcome") {
		t.Error(got)
	}
}

// A project that is left out of a withheld outcome is missed, whatever the
// form.
func TestWithheldOutcomeHasEveryProject(t *testing.T) {
	for _, at := range []int{2, 5} { // of points, of a ranking
		s := formsSample(t, 1)
		s.publish = func(p *Published) { p.Areas[at].Outcome.Projects = p.Areas[at].Outcome.Projects[:2] }
		if got := refused(t, s.record(t)); !strings.Contains(got, "counting it again gives another outcome") {
			t.Errorf("area %d: got %q, want another outcome", at, got)
		}
	}
}

// The good records: one area for each rule, nobody who voted, and one by
// another key.
func TestGoodVectors(t *testing.T) {
	empty := newSample(t, 8)
	empty.spent, empty.rights = map[string]Spent{}, map[string]int{"p": 1, "q": 1}
	empty.logged(t, 1, 2)
	for name, s := range map[string]*sample{
		"rules.zip": rulesSample(t), "forms.zip": formsSample(t, 1), "nobody.zip": empty, "stranger.zip": smallSample(t, 2),
		"paper.zip": paperSample(t, 1),
	} {
		record := s.record(t)
		if *update {
			if err := os.WriteFile("testdata/"+name, record, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, record) {
			t.Errorf("%s: the record is written otherwise than it was", name)
		}
		if _, err := verify(t, kept); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// README.md's worked examples are what the rules make.
func TestWorkedExamples(t *testing.T) {
	s := smallSample(t, 1)
	a, _ := s.manifest.Area("c")
	ballots := picks([]int{22}, []int{22, 23}, []int{23}, []int{24})
	for _, c := range []struct {
		rule       round.Rule
		selected   string
		iterations int64
		budget     string
	}{
		{round.Rule{Rule: "equal-shares"}, "22", 1, "45/2"},
		{round.Rule{Rule: "equal-shares", Completion: "utilitarian"}, "22 23", 1, "45/2"},
		{round.Rule{Rule: "equal-shares", Completion: "add1"}, "22 23", 4, "51/2"},
		{round.Rule{Rule: "equal-shares", Completion: "add1int"}, "22 23", 4, "25"},
		{round.Rule{Rule: "equal-shares", Completion: "add1int-noex"}, "22 23", 19, "39"},
		{round.Rule{Rule: "equal-shares", Completion: "pct1"}, "22 23", 13, "126/5"},
		{round.Rule{Rule: "equal-shares", Comparison: "satisfaction"}, "22 23", 1, "45/2"},
		{round.Rule{Rule: "greedy"}, "22 23", 0, "-"},
		{round.Rule{Rule: "greedy-threshold", ThresholdPercent: 40}, "22 23", 0, "-"},
		{round.Rule{Rule: "phragmen"}, "22 23", 0, "-"},
	} {
		a.Rule = c.rule
		o, err := countArea(t.Context(), s.manifest, a, areaVotes{online: ballots}, nil, strings.Repeat("0", 64))
		if err != nil {
			t.Fatal(err)
		}
		budget := "-"
		if o.Result.VoterBudget != nil {
			budget = o.Result.VoterBudget.String()
		}
		if got := strings.Join(o.Result.Selected, " "); got != c.selected || o.Result.Iterations != c.iterations ||
			budget != c.budget {
			t.Errorf("%+v: got %s, %d, %s, want %s, %d, %s", c.rule, got, o.Result.Iterations, budget, c.selected, c.iterations,
				c.budget)
		}
		if c.rule.Rule == "phragmen" && o.Result.Projects[1].Moment.String() != "25" ||
			c.rule.ThresholdPercent > 0 && o.Result.Projects[2].Status != tally.BelowMinimum {
			t.Errorf("%+v: %+v", c.rule, o.Result.Projects)
		}
	}
}

// So are those of points and rankings.
func TestWorkedExamplesOfForms(t *testing.T) {
	s := smallSample(t, 1)
	a, _ := s.manifest.Area("c")
	for _, c := range []struct {
		form     ballot.Form
		votes    []ballot.Vote
		rule     round.Rule
		selected string
		scores   string
	}{
		{pointsForm, pointVotes, round.Rule{Rule: "greedy"}, "23 22", "11 15 6"},
		{pointsForm, pointVotes, round.Rule{Rule: "equal-shares"}, "23 22", "11 15 6"},
		{pointsForm, pointVotes, round.Rule{Rule: "greedy-threshold", Threshold: 12}, "23", "11 15 6"},
		{rankingForm, rankingVotes, round.Rule{Rule: "greedy"}, "23 22", "5 8 4"},
		{rankingForm, rankingVotes, round.Rule{Rule: "equal-shares"}, "23", "5 8 4"},
		{rankingForm, rankingVotes, round.Rule{Rule: "equal-shares", Utility: "borda"}, "22", "2 2 0"},
	} {
		a.Rule = c.rule
		s.manifest.Papers[1].Form = c.form
		o, err := countArea(t.Context(), s.manifest, a, areaVotes{online: c.votes}, nil, strings.Repeat("0", 64))
		if err != nil {
			t.Fatal(err)
		}
		var scores []string
		for _, p := range o.Result.Projects {
			scores = append(scores, p.Score.String())
		}
		if got := strings.Join(o.Result.Selected, " "); got != c.selected || strings.Join(scores, " ") != c.scores {
			t.Errorf("%s, %+v: got %s (%v), want %s (%s)", c.form.Kind, c.rule, got, scores, c.selected, c.scores)
		}
	}
}
