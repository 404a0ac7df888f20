package play

import (
	"context"
	"os"
	"reflect"
	"strings"
	"testing"

	"osbu/domain/ballot"
)

const head = `META
key;value
description;Test
country;Finland
unit;Testi
instance;2026
num_projects;3
num_votes;3
rule;greedy
date_begin;2026
date_end;2026
`

const projects = `PROJECTS
project_id;cost;name
b;60.50;Bench
a;40;Alley
c;50;
VOTES
voter_id;vote
`

func picks(all ...[]int) []ballot.Vote {
	votes := make([]ballot.Vote, len(all))
	for i, choices := range all {
		votes[i].Choices = choices
	}
	return votes
}

func TestReadElection(t *testing.T) {
	for _, c := range []struct {
		name, meta, votes string
		form              ballot.Form
		ballots           []ballot.Vote
	}{
		{
			"approval by the file", "budget;100\nvote_type;approval\nmin_length;2\nmax_length;3\n", "1;c,b\n2;a,b,c\n3;b,a\n",
			ballot.Form{Kind: "approval", Min: 2, Max: 3},
			picks([]int{1, 3}, []int{1, 2, 3}, []int{1, 2}),
		},
		{
			"as the ballots need", "budget;100\nvote_type;approval\nmin_length;2\nmax_length;1\n", "1;c,c\n2;a,b\n3;\n",
			ballot.Form{Kind: "approval", Min: 1, Max: 2, Blank: true},
			picks([]int{3}, []int{1, 2}, []int{}),
		},
		{
			"choose one", "budget;100\nvote_type;choose-1\nmax_length;1\n", "1;c\n2;a\n3;a\n",
			ballot.Form{Kind: "approval", Min: 1, Max: 1},
			picks([]int{3}, []int{2}, []int{2}),
		},
		{
			"knapsack", "budget;100.5\nvote_type;approval\nmax_sum_cost;100.5\n", "1;a,b\n2;a,c\n3;b\n",
			ballot.Form{Kind: "knapsack", Min: 1, Max: 2},
			picks([]int{1, 2}, []int{2, 3}, []int{1}),
		},
		{
			"no knapsack, for a ballot breaks it", "budget;100\nvote_type;approval\nmax_sum_cost;100\n", "1;a,b\n2;a,c\n3;b\n",
			ballot.Form{Kind: "approval", Min: 1, Max: 2},
			picks([]int{1, 2}, []int{2, 3}, []int{1}),
		},
		{
			"points, as many as the ballots need",
			"budget;100\nvote_type;cumulative\nmax_length;3\nmax_sum_points;5\n", "1;c,b;3,3\n2;a,b,c;1,0,0\n",
			ballot.Form{Kind: "points", Min: 1, Max: 3, Points: 6, PointsEach: 3},
			[]ballot.Vote{
				{Kind: "points", Choices: []int{1, 3}, Points: []int{3, 3}}, {Kind: "points", Choices: []int{2}, Points: []int{1}},
			},
		},
		{
			"a ranking with more places than projects", "budget;100\nvote_type;ordinal\nmin_length;1\nmax_length;5\n",
			"1;c,a\n2;b\n",
			ballot.Form{Kind: "ranking", Min: 1, Max: 3},
			[]ballot.Vote{{Kind: "ranking", Choices: []int{3, 2}}, {Kind: "ranking", Choices: []int{1}}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			projects := projects
			if c.form.Kind == ballot.Points {
				projects = strings.Replace(projects, "voter_id;vote", "voter_id;vote;points", 1)
			}
			e, err := ReadElection(strings.NewReader(head + c.meta + projects + c.votes))
			if err != nil {
				t.Fatal(err)
			}
			if e.Form != c.form || !reflect.DeepEqual(e.Ballots, c.ballots) {
				t.Errorf("%+v %v", e.Form, e.Ballots)
			}
			want := []Project{{"b", "Bench", 6050}, {"a", "Alley", 4000}, {"c", "c", 5000}}
			if !reflect.DeepEqual(e.Projects, want) {
				t.Errorf("%+v", e.Projects)
			}
		})
	}
}

func TestReadElectionRefuses(t *testing.T) {
	good := head + "budget;100\nvote_type;approval\n" + projects + "1;a\n2;a\n3;b\n"
	for name, c := range map[string]struct{ from, to, says string }{
		"scoring":             {"vote_type;approval", "vote_type;scoring", "points"},
		"half cents":          {"60.50", "60.505", "whole cents"},
		"costs nothing":       {"a;40", "a;0", "more than 0"},
		"fractions of budget": {"budget;100", "budget;100.001", "budget"},
		"no ballots":          {"1;a\n2;a\n3;b\n", "", "nothing to play"},
	} {
		if _, err := ReadElection(strings.NewReader(strings.Replace(good, c.from, c.to, 1))); err == nil ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Numbers instead of the file's ids change who wins no more than a tie's last
// link may.
func TestExpected(t *testing.T) {
	f, err := os.Open("../../../domain/pabulib/testdata/Netherlands_Assen_2024.pb")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	e, err := ReadElection(f)
	if err != nil {
		t.Fatal(err)
	}
	o, err := e.expected(context.Background(), "00ff")
	if err != nil {
		t.Fatal(err)
	}
	votes := map[int]int64{}
	for _, b := range e.Ballots {
		for _, n := range b.Choices {
			votes[n]++
		}
	}
	for i, p := range o.Projects {
		if p.Votes != votes[i+1] {
			t.Errorf("project %s: %d votes, counted by hand %d", p.ID, p.Votes, votes[i+1])
		}
	}
	if len(o.Selected) == 0 || o.Cost.Cmp(o.Budget) > 0 {
		t.Errorf("selected %v for %s of %s", o.Selected, o.Cost, o.Budget)
	}
}

func TestBeyond(t *testing.T) {
	cast := picks([]int{1}, []int{1}, []int{2, 3}, nil)
	for _, c := range []struct {
		published     []ballot.Vote
		lost, doubled int
	}{
		{picks(nil, []int{2, 3}, []int{1}, []int{1}), 0, 0},
		{picks(nil, []int{2, 3}, []int{1}), 1, 0},
		{picks(nil, []int{2, 3}, []int{1}, []int{1}, []int{1}), 0, 1},
		{picks([]int{2}, []int{2, 3}, []int{1}, []int{1}), 1, 1},
		{nil, 4, 0},
	} {
		if lost, doubled := beyond(cast, c.published), beyond(c.published, cast); lost != c.lost ||
			doubled != c.doubled {
			t.Errorf("%v: lost %d, doubled %d", c.published, lost, doubled)
		}
	}
}
