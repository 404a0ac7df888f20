package main

import "github.com/alecthomas/kong"

// help is what does not fit into the tags of flags.
func help() kong.Vars {
	return kong.Vars{
		"ties": "How exact ties are broken, one after the other: lowest cost, most " +
			"votes, lot (smallest SHA-256 of seed, a zero byte, id), smallest id by " +
			"code points.",
		"rule": "greedy: by votes, skip what does not fit. greedy-density: by votes per " +
			"unit of cost. greedy-no-skip: stop at the first that does not fit. " +
			"greedy-threshold: greedy over those that reach --threshold. " +
			"equal-shares, phragmen: proportional. exact-equal-shares: proportional, " +
			"and all who pay for a project pay the same.",
		"rule_enum": "greedy,greedy-density,greedy-no-skip,greedy-threshold,equal-shares,exact-equal-shares,phragmen",
		"utility": "What a project is worth to its supporters: cost, cardinality (1), " +
			"points, borda (of n picks the first is worth n-1, the last 0) or rank (the " +
			"first is worth as much as a ballot has places, META's max_length). " +
			"Default: points for cumulative and scoring ballots, borda for ordinal " +
			"ones, else cost under equal shares and votes under greedy rules.",
		"completion": "What equal shares does with money left: none; utilitarian: greedy over " +
			"the rest; add1: every voter gets B/n, then 1 more and so on, until " +
			"nothing more that anybody supports fits, or the pot is overspent; " +
			"add1int: the same from B/n rounded down; add1int-utilitarian: then " +
			"greedy; add1int-noex: until the pot is overspent; pct1: from B/n, each " +
			"time 1 % of it more, with the stops of add1. exact-equal-shares knows " +
			"none, utilitarian, add-opt: from B/n, each time the least that changes " +
			"the run, until the pot is overspent; add-opt-skip: each time the least " +
			"that buys another project.",
		"completion_enum": ",none,utilitarian,add1,add1int,add1int-utilitarian,add1int-noex,pct1,add-opt,add-opt-skip",
		"comparison": "Use greedy's outcome instead of that of equal shares if more voters " +
			"prefer it, by satisfaction (funded picks) or exclusion-ratio (any " +
			"funded pick).",
		"threshold": "Votes (or score) that a project needs, or a share of the ballots: 50, " +
			"10%. Default: the file's min_project_score_threshold.",
		"exclusive": "Conflicting projects, of which one at most is funded: --exclusive " +
			"459,1687,2150. Repeatable.",
		"first": "A rule as METHOD[:UTILITY][:COMPLETION], for example greedy or " +
			"equal-shares:cost:add1int-utilitarian.",
	}
}
