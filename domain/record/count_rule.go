package record

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"osbu/domain/ballot"
	"osbu/domain/pabulib"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// fillIn writes into an area's file what follows from its count: which projects
// are funded, the word that Pabulib has for the rule, and the rule itself.
func fillIn(f *pabulib.File, m round.Manifest, a round.ManifestArea, o Outcome) {
	for i, r := range o.Result.Projects {
		if r.Selected {
			f.Projects[i].Extra[slices.Index(f.ProjectColumns, pabulib.SelectedColumn)] = "1"
		}
	}
	at := slices.IndexFunc(f.Meta, func(e pabulib.Entry) bool { return e.Key == "rule" })
	f.Meta[at].Value = pabulibRule(o, m, a)
	last := len(f.Meta) - 1 // the comment
	f.Meta[last].Value = pabulib.Comment(append(f.Remarks(), ruleRemark(o.Result.Rule)))
	if len(o.Result.Selected) == len(f.Projects) {
		f.Meta = slices.Insert(f.Meta, last, pabulib.Entry{Key: "fully_funded", Value: "1"})
	}
}

// ruleRemark spells a rule out: Pabulib's words for rules leave much open.
func ruleRemark(r tally.Rule) string {
	text := "Counted by " + string(r.Method)
	for _, part := range [][2]string{
		{"utility", string(r.Utility)}, {"completion", string(r.Completion)}, {"comparison by", string(r.Comparison)},
	} {
		if part[1] != "" {
			text += ", " + part[0] + " " + part[1]
		}
	}
	if r.Utility == tally.Rank && r.Threshold != nil { // which META could state of votes or points only
		text += ", threshold " + r.Threshold.Score.String()
	}
	for _, group := range r.Exclusive {
		text += ", at most one of " + strings.Join(group, " and ")
	}
	ties := make([]string, len(r.Ties))
	for i, t := range r.Ties {
		ties[i] = string(t)
	}
	return fmt.Sprintf("%s. Ties by %s. Seed of the lot: %s.", text, strings.Join(ties, ", "), r.Seed)
}

// pabulibRule is the word of Pabulib's checker for a rule, where its rule of
// that name makes this outcome: a greedy rule that does not, is greedy-custom,
// any other unknown.
func pabulibRule(o Outcome, m round.Manifest, a round.ManifestArea) string {
	r := o.Result.Rule
	kind := paperOf(m, a.ID).Form.VoteKind()
	gone := slices.ContainsFunc(o.Result.Projects, func(p tally.Result) bool { return p.Status == tally.Withdrawn })
	switch r.Method {
	case tally.Greedy, tally.GreedyNoSkip, tally.GreedyThreshold:
		switch {
		case gone || kind == ballot.Ranking: // whose score the checker counts by the length of each ballot
		case len(r.Exclusive) > 0 && r.Method == tally.Greedy:
			return "greedy-exclusive"
		case walksInOrder(o.Result):
			return string(r.Method)
		}
		return "greedy-custom"
	case tally.GreedyDensity:
		return "greedy-custom"
	case tally.EqualShares:
		name := sharesName(r, o.Result.Iterations)
		if name != "" && kind == ballot.Picks && !gone && len(r.Exclusive) == 0 && o.Blank == 0 &&
			wholeEuros(m, a) && !lotsDecide(o.Result) {
			return name
		}
	}
	return "unknown"
}

// sharesName is Pabulib's word for a variant of equal shares. Its add1 begins
// with the pot shared out as it is and then takes whole euros, so a search that
// ends at once is not it.
func sharesName(r tally.Rule, runs int64) string {
	var name string
	switch {
	case r.Utility != tally.Cost:
		return ""
	case r.Completion == tally.None:
		name = "equalshares"
	case r.Completion == tally.Add1IntNoExhaust && runs > 2:
		name = "equalshares/add1"
	default:
		return ""
	}
	switch r.Comparison {
	case tally.NoComparison:
		return name
	case tally.Satisfaction:
		return name + "-comparison"
	default:
		return ""
	}
}

// walksInOrder tells whether the walk would select the same if equal projects
// had their turn in the order of the file, and leave nothing that another
// project fits, both of them in whole units of money.
func walksInOrder(out tally.Outcome) bool {
	order := slices.Clone(out.Projects)
	slices.SortStableFunc(order, func(a, b tally.Result) int { return b.Score.Cmp(a.Score) })
	left, stopped := out.Budget, false
	for _, p := range order {
		funds := !stopped && p.Status != tally.BelowMinimum && p.Cost.Cmp(left) <= 0
		if funds {
			left = left.Sub(p.Cost)
		} else if p.Status != tally.BelowMinimum && out.Rule.Method == tally.GreedyNoSkip {
			stopped = true
		}
		if funds != p.Selected {
			return false
		}
	}
	units := new(big.Int).Set(wholeUnits(out.Budget))
	for _, p := range order {
		if p.Selected {
			units.Sub(units, wholeUnits(p.Cost))
		}
	}
	return out.Rule.Method == tally.GreedyNoSkip || !slices.ContainsFunc(order, func(p tally.Result) bool {
		return !p.Selected && p.Status != tally.BelowMinimum && wholeUnits(p.Cost).Cmp(units) <= 0
	})
}

func wholeUnits(n tally.Number) *big.Int {
	r := n.Rat()
	return new(big.Int).Quo(r.Num(), r.Denom())
}

// wholeEuros: Pabulib's checker counts equal shares in whole units of money.
func wholeEuros(m round.Manifest, a round.ManifestArea) bool {
	for _, cost := range m.Costs(a.ID) {
		if cost%100 != 0 {
			return false
		}
	}
	return a.Pot%100 == 0
}

// lotsDecide: a tie of equal cost and votes, which Pabulib's checker cannot
// break; and a comparison may meet ties of the walk.
func lotsDecide(out tally.Outcome) bool {
	return slices.ContainsFunc(out.Ties, func(t tally.TieMet) bool {
		return t.By == tally.Lot || t.By == tally.ByID || t.Compared
	})
}
