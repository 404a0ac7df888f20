package record

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"osbu/domain/tally"
)

// So many sheets may say anything else at all, or vanish, and the same projects
// are funded.
func TestWithstands(t *testing.T) {
	t.Parallel()
	bound := 0
	rapid.Check(t, func(t *rapid.T) {
		in := tally.Instance{Form: tally.Approval, Budget: tally.Int(100)}
		projects := rapid.IntRange(1, 5).Draw(t, "projects")
		for p := range projects {
			in.Projects = append(in.Projects, tally.Project{
				ID: fmt.Sprint(p), Cost: tally.Int(rapid.Int64Range(1, 90).Draw(t, "cost")),
			})
		}
		vote := func() (picks []int32) {
			for p := range projects {
				// Some are liked far more, so that leads are wide.
				if rapid.IntRange(0, projects).Draw(t, "likes") > p {
					picks = append(picks, int32(p))
				}
			}
			return picks
		}
		for range rapid.IntRange(1, 25).Draw(t, "ballots") {
			in.Ballots = append(in.Ballots, tally.Ballot{Projects: vote(), Weight: 1})
		}
		count := func() tally.Outcome {
			o, err := tally.Run(context.Background(), tally.Rule{Method: tally.Greedy}, in)
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		before := count()
		n, ok := withstands(before, 1)
		if !ok || n < 0 || n >= len(in.Ballots) {
			t.Fatalf("%d of %d ballots, %v", n, len(in.Ballots), ok)
		}
		bound = max(bound, n)
		// The worst: every wrong sheet speaks for what is not funded, and no longer
		// for what is; or anything else.
		worst := rapid.Bool().Draw(t, "worst")
		for i := range n {
			if b := &in.Ballots[i]; worst {
				b.Projects = nil
				for p := range projects {
					if !before.Projects[p].Selected {
						b.Projects = append(b.Projects, int32(p))
					}
				}
			} else {
				b.Projects = vote()
			}
		}
		after := count()
		for p := range projects {
			if before.Projects[p].Selected != after.Projects[p].Selected {
				t.Fatalf("%d wrong ballots change project %d:\n%+v\n%+v", n, p, before.Projects, after.Projects)
			}
		}
	})
	if bound < 3 {
		t.Errorf("no outcome withstands more than %d", bound)
	}
}

// Of other rules nothing is known, and points move more than votes.
func TestWithstandsOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	o := tally.Outcome{Rule: tally.Rule{Method: tally.Greedy}, Budget: tally.Int(10), Voters: 50, Projects: []tally.Result{
		{ID: "1", Score: tally.Int(30), Cost: tally.Int(8), Selected: true},
		{ID: "2", Score: tally.Int(10), Cost: tally.Int(5)},
		{ID: "3", Score: tally.Int(40), Cost: tally.Int(11)}, // never fits
	}}
	if n, ok := withstands(o, 1); n != 9 || !ok { // a lead of 20, which 10 sheets could even out
		t.Errorf("%d, %v", n, ok)
	}
	if n, ok := withstands(o, 3); n != 3 || !ok {
		t.Errorf("of points: %d, %v", n, ok)
	}
	for _, rule := range []tally.Rule{
		{Method: tally.EqualShares}, {Method: tally.Greedy, Exclusive: [][]string{{"1", "2"}}}, {Method: tally.GreedyNoSkip},
	} {
		o.Rule = rule
		if n, ok := withstands(o, 1); ok {
			t.Errorf("%+v: %d", rule, n)
		}
	}
}
