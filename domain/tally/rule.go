package tally

import (
	"fmt"
	"slices"
)

// Method is the family of a rule.
type Method string

// The methods. Each is spelled out at the function that runs it.
const (
	Greedy          Method = "greedy"           // by score, skip what does not fit: what most cities do
	GreedyDensity   Method = "greedy-density"   // by score per unit of cost, skip what does not fit
	GreedyNoSkip    Method = "greedy-no-skip"   // by score, stop at the first that does not fit
	GreedyThreshold Method = "greedy-threshold" // greedy over the projects that reach a minimum
	EqualShares     Method = "equal-shares"
	Phragmen        Method = "phragmen"
	ExactShares     Method = "exact-equal-shares" // equal shares in which all payers pay the same
)

// Utility says what a supported project is worth to a voter under equal shares,
// and what greedy methods add up to a score.
type Utility string

// The utilities. Of the pick at position k, from 0, of a ranking: Borda of n
// picks is n-k-1, so the last pick is worth nothing, and its voter is no
// supporter of it; Rank is m-k where a ballot has room for m picks
// (Instance.Ranks), so a first place is worth the same however many follow.
const (
	Cost        Utility = "cost"
	Cardinality Utility = "cardinality"
	Points      Utility = "points"
	Borda       Utility = "borda"
	Rank        Utility = "rank"
)

// Completion says what equal shares does with the money that its first run
// leaves. Start of the voters' money, step and stop are part of the name,
// because different tools mean different rules by "add1". With B the budget, n
// the voters and k = 0, 1, 2, …:
type Completion string

// The completions. "Stops" means: if a run costs more than B, the previous
// outcome is the outcome; if no project that is supported and has a cost still
// fits in what a run leaves, that run is the outcome. Unit of the 1 that is
// added: one whole unit of the instance's money (a euro, not a cent).
const (
	None             Completion = "none"                // one run with B/n
	Utilitarian      Completion = "utilitarian"         // then greedy by score over the rest
	Add1             Completion = "add1"                // runs with B/n + k, stops
	Add1Int          Completion = "add1int"             // runs with ⌊B/n⌋ + k, stops
	Add1IntUtil      Completion = "add1int-utilitarian" // then greedy by score over the rest
	Add1IntNoExhaust Completion = "add1int-noex"        // runs with ⌊B/n⌋ + k until the next would cost more than B
	Percent1         Completion = "pct1"                // runs with B(1 + k/100)/n, stops
	// Exact equal shares knows none, utilitarian and these: runs with B/n, then
	// with the least that changes the run, or the least with which a project that
	// was not bought would be, until the next would cost more than B.
	AddOpt     Completion = "add-opt"
	AddOptSkip Completion = "add-opt-skip"
)

// Comparison is the last step of equal shares in Wieliczka: if more voters
// strictly prefer the outcome of greedy, that one is used. A voter without any
// funded pick has satisfaction 0.
type Comparison string

// The comparisons; empty is no comparison.
const (
	NoComparison   Comparison = ""
	Satisfaction   Comparison = "satisfaction"    // by the number of the voter's funded picks
	ExclusionRatio Comparison = "exclusion-ratio" // by whether any of the voter's picks is funded
)

// Tie is one link of the chain that breaks exact ties.
type Tie string

// The links of the chain.
const (
	LowestCost Tie = "cost"
	MostVotes  Tie = "votes"
	Lot        Tie = "lot" // see LotKey
	ByID       Tie = "id"  // smallest by code points: "10" before "9"
)

// Rule is a counting rule as data: everything that, with an instance,
// determines the outcome.
type Rule struct {
	Method     Method     `json:"method"`
	Utility    Utility    `json:"utility,omitempty"`    // empty: the form's own, see Complete
	Completion Completion `json:"completion,omitempty"` // equal shares only; empty: none
	Comparison Comparison `json:"comparison,omitempty"` // equal shares only
	Threshold  *Threshold `json:"threshold,omitempty"`  // greedy-threshold only
	// Exclusive lists groups of conflicting projects: of each group at most one
	// is funded. Whatever the method: once a project is funded, those it
	// conflicts with are shut out: they are no longer considered, and their
	// supporters keep their money for others.
	Exclusive [][]string `json:"exclusive,omitempty"`
	Ties      []Tie      `json:"ties"` // empty: DefaultTies; ids are always the last link
	Seed      string     `json:"seed"` // of the lot
}

// Threshold is what a project needs before it may be funded: a score, a share
// of the ballots (1/10), or both.
type Threshold struct {
	Score Number `json:"score"`
	Share Number `json:"share"`
}

// DefaultTies returns the chain lowest cost, most votes, lot, id.
func DefaultTies() []Tie { return []Tie{LowestCost, MostVotes, Lot, ByID} }

// Complete fills what the rule leaves to the form of the ballots, so that a
// result can state it, and says what is wrong.
func (r Rule) Complete(form Form) (Rule, error) {
	if len(r.Ties) == 0 {
		r.Ties = DefaultTies()
	}
	for i, t := range r.Ties {
		if !slices.Contains([]Tie{LowestCost, MostVotes, Lot, ByID}, t) {
			return r, fmt.Errorf("unknown way to break ties %q (cost, votes, lot, id)", t)
		}
		if slices.Contains(r.Ties[:i], t) {
			return r, fmt.Errorf("ties are broken by %q twice", t)
		}
	}
	if !slices.Contains(r.Ties, ByID) {
		r.Ties = append(slices.Clone(r.Ties), ByID)
	}
	switch r.Method {
	case Greedy, GreedyDensity, GreedyNoSkip, GreedyThreshold:
	case EqualShares, ExactShares:
		if r.Completion == "" {
			r.Completion = None
		}
	case Phragmen:
		if form != Approval && form != ChooseOne {
			return r, fmt.Errorf("phragmen counts approval and choose-1 ballots, not %s ones", form)
		}
		if r.Utility != "" {
			return r, fmt.Errorf("phragmen knows no utility")
		}
	default:
		return r, fmt.Errorf("unknown rule %q", r.Method)
	}
	if err := r.checkParts(); err != nil {
		return r, err
	}
	return r.completeUtility(form)
}

func (r Rule) checkParts() error {
	if !slices.Contains(
		[]Completion{"", None, Utilitarian, Add1, Add1Int, Add1IntUtil, Add1IntNoExhaust, Percent1, AddOpt, AddOptSkip},
		r.Completion,
	) {
		return fmt.Errorf("unknown completion %q", r.Completion)
	}
	if !slices.Contains([]Comparison{NoComparison, Satisfaction, ExclusionRatio}, r.Comparison) {
		return fmt.Errorf("unknown comparison %q", r.Comparison)
	}
	switch {
	case r.Method == ExactShares && !slices.Contains([]Completion{None, Utilitarian, AddOpt, AddOptSkip}, r.Completion):
		return fmt.Errorf("%s knows the completions none, utilitarian, add-opt and add-opt-skip", r.Method)
	case r.Method == EqualShares && (r.Completion == AddOpt || r.Completion == AddOptSkip):
		return fmt.Errorf("%s completes exact-equal-shares, not %s", r.Completion, r.Method)
	case r.Method != EqualShares && r.Method != ExactShares && r.Completion != "":
		return fmt.Errorf("%s knows no completion", r.Method)
	case r.Method != EqualShares && r.Comparison != "":
		return fmt.Errorf("%s knows no comparison step", r.Method)
	case r.Method != GreedyThreshold && r.Threshold != nil:
		return fmt.Errorf("%s knows no threshold", r.Method)
	case r.Method == GreedyThreshold && r.Threshold == nil:
		return fmt.Errorf("greedy-threshold needs a threshold")
	case r.Threshold != nil &&
		(r.Threshold.Score.Sign() < 0 || r.Threshold.Share.Sign() < 0 || r.Threshold.Share.Cmp(Int(1)) > 0):
		return fmt.Errorf("threshold: a score is at least 0, a share of the ballots lies between 0 and 1")
	}
	return nil
}

func (r Rule) completeUtility(form Form) (Rule, error) {
	points, ordinal := form == Cumulative || form == Scoring, form == Ordinal
	if r.Method == ExactShares && !slices.Contains([]Utility{"", Cost, Cardinality}, r.Utility) {
		return r, fmt.Errorf("exact-equal-shares knows the utilities cost and cardinality, not %s", r.Utility)
	}
	if r.Utility == "" && r.Method != Phragmen {
		switch {
		case r.Method == ExactShares:
			r.Utility = Cost
		case points:
			r.Utility = Points
		case ordinal:
			r.Utility = Borda
		case r.Method == EqualShares:
			r.Utility = Cost
		default:
			r.Utility = Cardinality
		}
	}
	switch r.Utility {
	case "", Cardinality:
	case Cost:
		if r.Method != EqualShares && r.Method != ExactShares {
			return r, fmt.Errorf("%s knows the utilities cardinality, points, borda and rank", r.Method)
		}
	case Points:
		if !points {
			return r, fmt.Errorf("utility points needs cumulative or scoring ballots, not %s ones", form)
		}
	case Borda, Rank:
		if !ordinal {
			return r, fmt.Errorf("utility %s needs ordinal ballots, not %s ones", r.Utility, form)
		}
	default:
		return r, fmt.Errorf("unknown utility %q (cost, cardinality, points, borda, rank)", r.Utility)
	}
	return r, nil
}
