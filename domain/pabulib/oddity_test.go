package pabulib

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"osbu/domain/tally"
)

// A voter who comes twice is found wherever the ids stop counting up, and ids
// that only stop are no fault.
func TestVotersThatComeTwice(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 41))
		text := strings.Builder{}
		text.WriteString("voter_id;vote")
		seen, twice := map[string]bool{}, ""
		last := 0
		for range rng.IntN(12) {
			if last++; rng.IntN(5) == 0 {
				last = rng.IntN(15)
			}
			id := strconv.Itoa(last)
			if rng.IntN(9) == 0 {
				id = "0" + id
			}
			if seen[id] && twice == "" {
				twice = id
			}
			seen[id] = true
			text.WriteString("\n" + id + ";1")
		}
		_, err := Parse(election(approval, "project_id;cost\n1;3", text.String()))
		if (err != nil) != (twice != "") || err != nil && !strings.Contains(err.Error(), strconv.Quote(twice)) {
			t.Fatalf("%s\ngot %v, want %q found", text.String(), err, twice)
		}
	}
}

// election builds a file's text from its three sections' lines.
func election(meta, projects, votes string) string {
	return "META\nkey;value\n" + meta + "\nPROJECTS\n" + projects + "\nVOTES\n" + votes + "\n"
}

const (
	approval   = "budget;1000\nvote_type;approval"
	cumulative = "budget;1000\nvote_type;cumulative"
	two        = "project_id;cost\n1;100\n2;200"
)

func TestFaultsAreRefusedWithTheirLine(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
	}{
		{"empty", "", "1: section META is missing"},
		{"no META", "PROJECTS\nproject_id;cost\n", "1: section PROJECTS comes where META belongs"},
		{"something before META", "hello\nMETA\n", "1: the file does not begin with META"},
		{"no VOTES", "META\nkey;value\n" + approval + "\nPROJECTS\n" + two + "\n", "8: section VOTES is missing"},
		{"no header", "META\nPROJECTS\n", "2: section META has no header line"},
		{
			"no header at the end", "META\nkey;value\n" + approval + "\nPROJECTS\n" + two + "\nVOTES\n",
			"9: section VOTES has no header line",
		},
		{"section twice", "META\nkey;value\nMETA\n", "3: section META comes twice"},
		{
			"key twice", election("budget;1000\nbudget;2000\nvote_type;approval", two, "voter_id;vote\na;1"),
			"4: META: budget comes twice",
		},
		{
			"column twice", election(approval, "project_id;cost;cost\n1;100;2", "voter_id;vote"),
			`6: section PROJECTS: column "cost" comes twice`,
		},
		{
			"column without a name", election(approval, "project_id;cost;\n1;100;", "voter_id;vote"),
			"6: section PROJECTS: column 3 has no name",
		},
		{
			"no cost column", election(approval, "project_id;name\n1;x", "voter_id;vote"),
			"6: section PROJECTS has no column cost",
		},
		{"no id column", election(approval, "id;cost\n1;5", "voter_id;vote"), "6: section PROJECTS has no column project_id"},
		{"no vote column", election(approval, two, "voter_id;votes\na;1"), "10: section VOTES has no column vote"},
		{"no points column", election(cumulative, two, "voter_id;vote\na;1"), "10: section VOTES has no column points"},
		{"no budget", election("vote_type;approval", two, "voter_id;vote"), "5: META has no budget"},
		{"absent budget", election("budget;None\nvote_type;approval", two, "voter_id;vote"), "3: META has no budget"},
		{"no vote_type", election("budget;5", two, "voter_id;vote"), "5: META has no vote_type"},
		{
			"unknown vote_type", election("budget;5\nvote_type;knapsack", two, "voter_id;vote"),
			`4: unknown vote_type "knapsack"`,
		},
		{
			"budget is words", election("budget;a lot\nvote_type;approval", two, "voter_id;vote"),
			`3: budget: "a lot" is not a decimal number`,
		},
		{"budget has an exponent", election("budget;1e6\nvote_type;approval", two, "voter_id;vote"), "3: budget:"},
		{"budget is infinite", election("budget;Inf\nvote_type;approval", two, "voter_id;vote"), "3: budget:"},
		{"negative budget", election("budget;-1\nvote_type;approval", two, "voter_id;vote"), "3: budget: -1 is negative"},
		{"cost is NaN", election(approval, "project_id;cost\n1;NaN", "voter_id;vote"), "7: cost:"},
		{"cost is absent", election(approval, "project_id;cost\n1;None", "voter_id;vote"), "7: cost:"},
		{"negative cost", election(approval, "project_id;cost\n1;-3", "voter_id;vote"), "7: cost: -3 is negative"},
		{"cost of thousands", election(approval, "project_id;cost\n1;1,000,000", "voter_id;vote"), "7: cost:"},
		{
			"cost with a comma before three digits", election(approval, "project_id;cost\n1;12,500", "voter_id;vote\na;1"),
			`7: cost: "12,500" may mean 12500 or 12.500: write it with a decimal point`,
		},
		{
			"budget with a comma before three digits", election("budget;300,000\nvote_type;approval", two, "voter_id;vote"),
			`3: budget: "300,000" may mean 300000 or 300.000`,
		},
		{
			"threshold with a comma before three digits",
			election(approval+"\nmin_project_score_threshold;1,500", two, "voter_id;vote"),
			`5: min_project_score_threshold: "1,500" may mean`,
		},
		{
			"threshold is words", election(approval+"\nmin_project_score_threshold;many", two, "voter_id;vote"),
			`5: min_project_score_threshold: "many" is not`,
		},
		{
			"points have an exponent", election(cumulative, two, "voter_id;vote;points\na;1;1e3"),
			`11: "1e3" is not a number of points`,
		},
		{
			"project twice", election(approval, "project_id;cost\n1;3\n2;4\n1;5", "voter_id;vote"),
			`9: project "1" is already project 1 of the file`,
		},
		{"project without id", election(approval, "project_id;cost\n;3", "voter_id;vote"), `7: "" cannot be a project id`},
		{
			"voter twice", election(approval, two, "voter_id;vote\na;1\nb;1\na;2"),
			`13: voter "a" has already cast ballot 1 of the file`,
		},
		{
			"unknown project", election(approval, two, "voter_id;vote\na;1,3"),
			`11: the ballot names project "3", which the file does not have`,
		},
		{"empty pick", election(approval, two, "voter_id;vote\na;1,"), `11: the ballot names project ""`},
		{"long row", election(approval, two, "voter_id;vote\na;1;2"), "11: the row has 3 cells, its header 2"},
		{
			"more points", election(cumulative, two, "voter_id;vote;points\na;1,2;3,4,5"),
			"11: the ballot names 2 projects and gives 3 points",
		},
		{
			"no points", election(cumulative, two, "voter_id;vote;points\na;1,2;"),
			"11: the ballot names 2 projects and gives 0 points",
		},
		{
			"points are words", election(cumulative, two, "voter_id;vote;points\na;1;many"),
			`11: "many" is not a number of points`,
		},
		{"negative points", election(cumulative, two, "voter_id;vote;points\na;1;-2"), "11: points are negative: -2"},
		{
			"choose-1 names two", election("budget;5\nvote_type;choose-1", two, "voter_id;vote\na;1,2"),
			"11: a choose-1 ballot names 2 projects",
		},
		{
			"choose-1 names none", election("budget;5\nvote_type;choose-1", two, "voter_id;vote\na;"),
			"11: a choose-1 ballot names 0 projects",
		},
		{"lone carriage return", election(approval, two, "voter_id;vote\na;1\rb;2"), "11: a carriage return inside a line"},
		{"not UTF-8", election(approval, "project_id;cost;name\n1;3;\xff", "voter_id;vote"), "7: the text is not UTF-8"},
	} {
		_, err := Parse(c.text)
		var fault *Fault
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s…", c.name, err, c.want)
		}
	}
}

func TestOdditiesAreAcceptedAloud(t *testing.T) {
	for _, c := range []struct {
		name, text, warning string // a part of the only warning beside those about META; "" for none
	}{
		{"CRLF and BOM", "\ufeff" + strings.ReplaceAll(election(approval, two, "voter_id;vote\na;1"), "\n", "\r\n"), ""},
		{
			"lower-case sections",
			strings.NewReplacer("META", "meta", "VOTES", "Votes").Replace(election(approval, two, "voter_id;vote\na;1")), "",
		},
		{"no line end at the end", strings.TrimSpace(election(approval, two, "voter_id;vote\na;1")), ""},
		{"blank lines at the end", election(approval, two, "voter_id;vote\na;1") + "\n\n", ""},
		{"blank line inside", election(approval, two, "voter_id;vote\n\na;1"), "blank line"},
		{"empty vote", election(approval, two, "voter_id;vote\na;"), ""},
		{"short row", election(approval, "project_id;cost;name\n1;100", "voter_id;vote\na;1"), ""},
		{
			"columns in any order", election(approval, "cost;project_id\n100;1", "voter_id;vote\na;1"),
			"project_id is not the first",
		},
		{"unknown columns", election(approval, "project_id;cost;colour\n1;100;red", "voter_id;vote;mood\na;1;good"), ""},
		{"decimal cost", election("budget;2532645.83\nvote_type;approval", "project_id;cost\n1;400000.0",
			"voter_id;vote\na;1"), ""},
		{
			"comma decimal", election(approval, "project_id;cost\n1;400,5", "voter_id;vote\na;1"),
			"a comma is read as a decimal point",
		},
		{"cost above the budget", election(approval, "project_id;cost\n1;4000", "voter_id;vote\na;1"), ""},
		{"blanks around commas", election(approval, two, "voter_id;vote\na;1, 2"), "blanks around the commas"},
		{"twice on a ballot", election(approval, two, "voter_id;vote\na;1,2,1"), "names a project twice"},
		{"target", election(approval, "project_id;cost;target\n1;100;all", "voter_id;vote\na;1"), "beneficiaries"},
		{"too many picks", election(approval+"\nmax_length;1", two, "voter_id;vote\na;1,2"), "more projects than max_length"},
		{"too few picks", election(approval+"\nmin_length;2", two, "voter_id;vote\na;1"), "fewer projects than min_length"},
		{"too many points", election(cumulative+"\nmax_sum_points;5", two, "voter_id;vote;points\na;1,2;4,2"), "sum outside"},
		{"rising points", election(cumulative, two, "voter_id;vote;points\na;1,2;2,4"), "do not fall"},
		{"ballot dearer than allowed", election(approval+"\nmax_sum_cost;250", two, "voter_id;vote\na;1,2"), "cost outside"},
		{
			"wrong number of votes", election(approval+"\nnum_votes;3", two, "voter_id;vote\na;1"),
			"META says num_votes 3, the file has 1",
		},
		{
			"wrong count", election(approval, "project_id;cost;votes\n1;100;2", "voter_id;vote\na;1"),
			`project "1": column votes says 2, the ballots make 1`,
		},
		{
			"wrong score", election(cumulative, "project_id;cost;score\n1;100;2.5", "voter_id;vote;points\na;1;0.5"),
			`project "1": column score says 2.5, the ballots make 0.5`,
		},
		{
			"count in words", election(approval, "project_id;cost;votes\n1;100;two", "voter_id;vote\na;1"),
			`project "1": column votes says two, the ballots make 1`,
		},
		{
			"length with a comma before three digits", election(approval+"\nmax_length;5,000", two, "voter_id;vote\na;1"),
			`META: max_length: "5,000" may mean 5000 or 5.000`,
		},
		{
			"half a length", election(approval+"\nmin_length;0.5", two, "voter_id;vote\na;1"),
			`META: min_length: "0.5" is not a number of things`,
		},
		{
			"limit in words", election(approval+"\nmax_sum_cost;all", two, "voter_id;vote\na;1"),
			`META: max_sum_cost: "all" is not a decimal number; it is passed over`,
		},
		{
			"number of votes in words", election(approval+"\nnum_votes;some", two, "voter_id;vote\na;1"),
			`META: num_votes: "some" is not`,
		},
		{
			"count with repetitions", election(approval, "project_id;cost;votes\n1;100;2", "voter_id;vote\na;1,1"),
			"names a project twice",
		},
		{"points as floats", election(cumulative, two, "voter_id;vote;points\na;1,2;6.0,1.0"), ""},
		{
			"stray quote", election(approval, "project_id;cost;name\n1;100;\"a\"b\n2;200;\"c", "voter_id;vote\na;1"),
			"stray quote",
		},
	} {
		f, err := Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, w := range f.Warnings {
			if !strings.HasPrefix(w.Text, "META has no") {
				got = append(got, w.Text)
			}
		}
		if c.warning == "" && len(got) > 0 ||
			c.warning != "" && (len(got) != 1 || !strings.Contains(got[0], c.warning)) {
			t.Errorf("%s: warnings %q, want %q", c.name, got, c.warning)
		}
		if len(f.Votes) != 1 {
			t.Errorf("%s: %d ballots", c.name, len(f.Votes))
		}
	}
}

// The line of a wrong column is the project's.
func TestWrongColumnsAreNamedByTheirLine(t *testing.T) {
	f, err := Parse(election(approval, "project_id;cost;votes\n1;10;1\n2;20;9", "voter_id;vote\na;1"))
	if err != nil {
		t.Fatal(err)
	}
	want := Warning{8, `project "2": column votes says 9, the ballots make 0`, 1, true}
	if !slices.Contains(f.Warnings, want) {
		t.Errorf("got %+v, want %+v among them", f.Warnings, want)
	}
}

func TestLinesAreSplitAtSemicolons(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
		odd  bool
	}{
		{``, []string{""}, false},
		{`a;b`, []string{"a", "b"}, false},
		{`;`, []string{"", ""}, false},
		{`"a;b";c`, []string{"a;b", "c"}, false},
		{`"say ""hi""";c`, []string{`say "hi"`, "c"}, false},
		{`"";`, []string{"", ""}, false},
		{`say "hi";c`, []string{`say "hi"`, "c"}, false},
		{`"a"b;c`, []string{"ab", "c"}, true},
		{`"a"b"c;d`, []string{`ab"c`, "d"}, true},
		{`"open;c`, []string{`"open`, "c"}, true},
		{`"a""`, []string{`"a""`}, true},
	} {
		got, odd := splitLine(c.line, nil)
		if !slices.Equal(got, c.want) || odd != c.odd {
			t.Errorf("%s: got %q %v, want %q %v", c.line, got, odd, c.want, c.odd)
		}
	}
}

// One stray quote in a title makes readers of CSV swallow every ballot after it
// without a word.
func TestStrayQuoteSwallowsNoBallot(t *testing.T) {
	votes := "voter_id;vote"
	for i := range 1000 {
		votes += fmt.Sprintf("\n%d;1", i)
	}
	f, err := Parse(election(approval, "project_id;cost;name\n1;100;\"Green\n2;200;Blue", votes))
	if err != nil || len(f.Votes) != 1000 || len(f.Projects) != 2 || f.Column("name")[0] != `"Green` {
		t.Fatalf("%v %+v", err, f)
	}
	if text := written(t, f); !strings.Contains(text, `1;100;"""Green"`) {
		t.Errorf("the quote is not written back: %.300s", text)
	}
}

func TestPointsKeepTheirDecimals(t *testing.T) {
	f, err := Parse(election(cumulative, two, "voter_id;vote;points\na;1,2;3,1\nb;1,2;2.5,0.25\nc;2;7.10"))
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]int64{{300, 100}, {250, 25}, {710}}; f.PointDecimals != 2 ||
		!reflect.DeepEqual([][]int64{f.Votes[0].Points, f.Votes[1].Points, f.Votes[2].Points}, want) {
		t.Fatalf("%d %+v", f.PointDecimals, f.Votes)
	}
	if text := written(t, f); !strings.HasSuffix(text, "a;1,2;3,1\nb;1,2;2.5,0.25\nc;2;7.1\n") {
		t.Errorf("written %q", text)
	}
}

func TestWhatCannotBeReadBackIsNotWritten(t *testing.T) {
	good := func() *File {
		return &File{
			Meta: []Entry{{"budget", "10"}, {"vote_type", "approval"}}, ProjectColumns: []string{"name"},
			Projects: []Project{
				{ID: "1", Cost: tally.Int(3), Extra: []string{"a; \"b\""}},
			}, Votes: []Vote{{Voter: "v", Picks: []int32{0}}},
		}
	}
	f := good()
	again, err := Parse(written(t, f))
	if err != nil || !same(f, again) {
		t.Fatalf("%v %+v", err, again)
	}
	for name, spoil := range map[string]func(f *File){
		"line break in a title": func(f *File) { f.Projects[0].Extra[0] = "a\nb" },
		"comma in an id":        func(f *File) { f.Projects[0].ID = "1,2" },
		"blank id":              func(f *File) { f.Projects[0].ID = " 1" },
		"unknown pick":          func(f *File) { f.Votes[0].Picks[0] = 1 },
		"cells and columns":     func(f *File) { f.Projects[0].Extra = nil },
		"cost is no decimal":    func(f *File) { f.Projects[0].Cost = tally.Frac(1, 3) },
		"no budget":             func(f *File) { f.Meta = f.Meta[1:] },
		"two votes of a voter":  func(f *File) { f.Votes = append(f.Votes, f.Votes[0]) },
		"points in approval":    func(f *File) { f.Votes[0].Points = []int64{1} },
		"reserved column":       func(f *File) { f.VoteColumns, f.Votes[0].Extra = []string{"vote"}, []string{"x"} },
		"needless decimals":     func(f *File) { f.PointDecimals = 2 },
	} {
		f := good()
		spoil(f)
		if err := Write(&strings.Builder{}, f); err == nil {
			t.Errorf("%s: was written", name)
		}
	}
}
