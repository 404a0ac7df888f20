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
	Ties []string `default:"cost,votes,lot,id" enum:"cost,votes,lot,id" help:"How exact ties are broken, one after the other: lowest cost, most votes, lot (smallest SHA-256 of seed, a zero byte, id), smallest id by code points."`
	Seed string   `help:"Published seed of the lot."`
}

// ruleFlags state a rule.
type ruleFlags struct {
	Rule       string   `default:"greedy" enum:"greedy,greedy-density,greedy-no-skip,greedy-threshold,equal-shares,phragmen" help:"greedy: by votes, skip what does not fit. greedy-density: by votes per unit of cost. greedy-no-skip: stop at the first that does not fit. greedy-threshold: greedy over those that reach --threshold. equal-shares, phragmen: proportional."`
	Utility    string   `default:"" enum:",cost,cardinality,points,borda" help:"What a project is worth to its supporters: cost, cardinality (1), points or borda (of n picks the first is worth n-1, the last 0). Default: points for cumulative and scoring ballots, borda for ordinal ones, else cost under equal shares and votes under greedy rules."`
	Completion string   `default:"" enum:",none,utilitarian,add1,add1int,add1int-utilitarian,add1int-noex,pct1" help:"What equal shares does with money left: none; utilitarian: greedy over the rest; add1: every voter gets B/n, then 1 more and so on, until nothing more fits or the pot is overspent; add1int: the same from B/n rounded down; add1int-utilitarian: then greedy; add1int-noex: until the pot is overspent; pct1: 1 % more and so on."`
	Comparison string   `default:"" enum:",satisfaction,exclusion-ratio" help:"Use greedy's outcome instead of that of equal shares if more voters prefer it, by satisfaction (funded picks) or exclusion-ratio (any funded pick)."`
	Threshold  string   `help:"Votes (or score) that a project needs, or a share of the ballots: 50, 10%. Default: the file's min_project_score_threshold."`
	Exclusive  []string `sep:"none" help:"Conflicting projects, of which one at most is funded: --exclusive 459,1687,2150. Repeatable."`
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
	if text == "" {
		var ok bool
		if text, ok = file.Lookup("min_project_score_threshold"); !ok {
			return nil, fmt.Errorf("greedy-threshold needs --threshold: the file has no min_project_score_threshold")
		}
	}
	percent, share := strings.CutSuffix(text, "%")
	n, err := tally.ParseDecimal(strings.TrimSpace(percent))
	if err != nil {
		return nil, fmt.Errorf("--threshold: %w", err)
	}
	if share {
		return &tally.Threshold{Share: n.Div(tally.Int(100))}, nil
	}
	return &tally.Threshold{Score: n}, nil
}

// parseRule reads METHOD[:UTILITY][:COMPLETION][:COMPARISON], the parts after
// the method in any order.
func parseRule(text string) (tally.Rule, error) {
	parts := strings.Split(text, ":")
	r := tally.Rule{Method: tally.Method(parts[0])}
	for _, part := range parts[1:] {
		switch {
		case slices.Contains([]tally.Utility{tally.Cost, tally.Cardinality, tally.Points, tally.Borda}, tally.Utility(part)) && r.Utility == "":
			r.Utility = tally.Utility(part)
		case slices.Contains([]tally.Comparison{tally.Satisfaction, tally.ExclusionRatio}, tally.Comparison(part)) && r.Comparison == "":
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
