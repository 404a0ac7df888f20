// Package tally counts participatory budgeting elections exactly and explains the outcome. It uses the standard library only and
// has no clock, no randomness, no files and no state.
//
//	in := tally.Instance{
//		Budget: tally.Int(1_868_353), // any unit: euros, or cents
//		Form:   tally.Approval,
//		Projects: []tally.Project{{ID: "101", Cost: tally.Int(35_000)}, {ID: "102", Cost: tally.Int(120_000)}},
//		Ballots:  []tally.Ballot{{Weight: 412, Projects: []int32{0, 1}}, {Weight: 90, Projects: []int32{1}}},
//	}
//	out, err := tally.Run(ctx, tally.Rule{Method: tally.Greedy, Seed: "published before the count"}, in)
//	if err != nil {
//		return err
//	}
//	fmt.Println(out.Selected, out.Cost, out.Ties)
package tally
