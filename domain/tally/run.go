package tally

import (
	"context"
	"fmt"
)

// Run counts the instance under the rule. It is pure and deterministic: the
// same rule and instance give the same outcome, whatever the number of
// processors and the order and grouping of the ballots. It returns the
// context's error when that ends first.
func Run(ctx context.Context, rule Rule, in Instance, opts ...Option) (Outcome, error) {
	if err := in.Validate(); err != nil {
		return Outcome{}, err
	}
	rule, err := rule.Complete(in.Form)
	if err != nil {
		return Outcome{}, err
	}
	if err := in.checkConflicts(rule); err != nil {
		return Outcome{}, err
	}
	if err := ctx.Err(); err != nil {
		return Outcome{}, err
	}
	e := newElection(rule, in)
	o := e.newOutcome()
	switch {
	case e.n == 0:
		for p := range o.Projects {
			if o.Projects[p].Status == "" {
				o.Projects[p].Status = NoBallots
			}
		}
	case rule.Method == EqualShares:
		err = e.equalShares(ctx, &o, newOptions(opts))
	case rule.Method == ExactShares:
		err = e.exactShares(ctx, &o, newOptions(opts))
	case rule.Method == Phragmen:
		err = e.phragmen(ctx, &o)
	default:
		e.greedy(&o)
	}
	if err != nil {
		return Outcome{}, err
	}
	e.finish(&o)
	return o, nil
}

func (in Instance) checkConflicts(rule Rule) error {
	known := make(map[string]bool, len(in.Projects))
	for i := range in.Projects {
		known[in.Projects[i].ID] = true
	}
	for _, group := range rule.Exclusive {
		for _, id := range group {
			if !known[id] {
				return fmt.Errorf("conflicting project %q is not in the election", id)
			}
		}
	}
	return nil
}
