package tally_test

import (
	"context"
	"fmt"

	"osbu/domain/tally"
)

func ExampleRun() {
	in := tally.Instance{
		Budget: tally.Int(100_000), // any unit: euros, or cents
		Form:   tally.Approval,
		Projects: []tally.Project{
			{ID: "101", Cost: tally.Int(35_000)},
			{ID: "102", Cost: tally.Int(120_000)},
			{ID: "103", Cost: tally.Int(60_000)},
		},
		Ballots: []tally.Ballot{{Weight: 412, Projects: []int32{0, 1}}, {Weight: 90, Projects: []int32{1, 2}}},
	}
	out, err := tally.Run(
		context.Background(),
		tally.Rule{Method: tally.Greedy, Seed: "published before the count"},
		in,
	)
	if err != nil {
		panic(err)
	}
	fmt.Println(out.Selected, out.Cost, out.Projects[1].Status, out.Funded)
	// Output: [101 103] 95000 does not fit [0 502]
}
