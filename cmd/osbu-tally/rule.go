package main

import (
	"fmt"
	"slices"
	"strings"

	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

// chain is how ties are broken.
type chain struct {
	Ties []string `default:"cost,votes,lot,id" enum:"cost,votes,lot,id" help:"${ties}"`
	Seed string   `help:"Published seed of the lot."`
}

// ruleFlags state a rule.
type ruleFlags struct {
	Rule       string   `default:"greedy" enum:"${rule_enum}" help:"${rule}"`
	Utility    string   `default:"" enum:",cost,cardinality,points,borda,rank" help:"${utility}"`
	Completion string   `default:"" enum:"${completion_enum}" help:"${completion}"`
	Comparison string   `default:"" enum:",satisfaction,exclusion-ratio" help:"${comparison}"`
	Threshold  string   `help:"${threshold}"`
	Exclusive  []string `sep:"none" help:"${exclusive}"`
	chain      `embed:""`
}

func (f *ruleFlags) rule(file *pabulib.File, in tally.Instance) (tally.Rule, error) {
	r := tally.Rule{
		Method: tally.Method(f.Rule), Utility: tally.Utility(f.Utility), Completion: tally.Completion(f.Completion),
		Comparison: tally.Comparison(f.Comparison),
	}
	for _, group := range f.Exclusive {
		r.Exclusive = append(r.Exclusive, strings.Split(group, ","))
	}
	return f.chain.complete(r, f.Threshold, file, in)
}

// complete adds the chain and what the file itself says, and refuses rules that
// do not go with its ballots.
func (c *chain) complete(r tally.Rule, threshold string, file *pabulib.File, in tally.Instance) (tally.Rule, error) {
	for _, t := range c.Ties {
		r.Ties = append(r.Ties, tally.Tie(t))
	}
	r.Seed = c.Seed
	if r.Method == tally.GreedyThreshold || threshold != "" {
		t, err := thresholdOf(threshold, file)
		if err != nil {
			return r, usageError{err}
		}
		r.Threshold = t
	}
	if r.Method == tally.GreedyNoSkip { // a convention of the files of this rule
		for p := range in.Projects {
			if in.Projects[p].Cost.Cmp(tally.Int(pabulib.WithdrawnCost)) == 0 {
				in.Projects[p].Withdrawn = true
			}
		}
	}
	complete, err := r.Complete(in.Form)
	if err != nil {
		return r, usageError{err}
	}
	for _, group := range complete.Exclusive {
		for _, id := range group {
			if !slices.ContainsFunc(in.Projects, func(p tally.Project) bool { return p.ID == id }) {
				return r, usageError{fmt.Errorf("--exclusive: the file has no project %q", id)}
			}
		}
	}
	return complete, nil
}

func thresholdOf(text string, file *pabulib.File) (*tally.Threshold, error) {
	if text != "" {
		t, err := pabulib.ParseThreshold(text)
		if err != nil {
			return nil, fmt.Errorf("--threshold: %w", err)
		}
		return &t, nil
	}
	t, ok, err := file.Threshold()
	if err == nil && !ok {
		err = fmt.Errorf("greedy-threshold needs --threshold: the file has no min_project_score_threshold")
	}
	return &t, err
}

// parseRule reads METHOD[:UTILITY][:COMPLETION][:COMPARISON], the parts after
// the method in any order.
func parseRule(text string) (tally.Rule, error) {
	parts := strings.Split(text, ":")
	r := tally.Rule{Method: tally.Method(parts[0])}
	for _, part := range parts[1:] {
		switch {
		case slices.Contains([]tally.Utility{tally.Cost, tally.Cardinality, tally.Points, tally.Borda, tally.Rank},
			tally.Utility(part)) && r.Utility == "":
			r.Utility = tally.Utility(part)
		case slices.Contains([]tally.Comparison{tally.Satisfaction, tally.ExclusionRatio}, tally.Comparison(part)) &&
			r.Comparison == "":
			r.Comparison = tally.Comparison(part)
		case r.Completion == "":
			r.Completion = tally.Completion(part)
		default:
			return r, usageError{
				fmt.Errorf(
					"rule %q: what is %q? write METHOD:UTILITY:COMPLETION, for example equal-shares:cost:add1int",
					text,
					part,
				),
			}
		}
	}
	return r, nil
}
