// Package tally counts participatory budgeting elections exactly and explains
// the outcome. It uses the standard library only and has no clock, no
// randomness, no files and no state.
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
//
// An election is an Instance, a rule is data (Rule), and Run makes the Outcome.
// From the outside in:
//
//   - number, instance, rule, outcome: what goes in and comes out. tie: the
//     chain that breaks exact ties, and the lot (LotKey).
//   - greedy: what most cities do. phragmen: sequential Phragmén.
//   - equalshares: the method of equal shares. market lays the ballots out for
//     it, purse is one run, and says why floats may filter;
//     settle finds prices in integers; double carries them.
//   - exactshares: exact equal shares, in which all payers pay the same, and
//     its completions.
//   - search: the completions that raise the voters' money until the rule
//     stops. band proves many amounts at once.
//   - explain and certificate: who paid what, why the others lost, and prices
//     that anyone can check. track: how near the others came, in one look at
//     each ballot. compare: two outcomes side by side.
//   - reason: the outcome told project by project. change: what would have made
//     a losing project win.
//   - group: equal ballots as one with a weight.
//
// All decisions are exact: the outcome is the one that rational arithmetic
// gives. Amounts in explanations are rounded, and say so.
package tally
