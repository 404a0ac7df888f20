package record

import (
	"cmp"
	"math/big"
	"slices"

	"osbu/domain/ballot"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// stands tells of each area how many of the sheets may be wrong.
func stands(r round.Round, outcomes []Outcome, sheets int) ([]Stands, error) {
	all := make([]Stands, len(outcomes))
	for i, o := range outcomes {
		all[i].Area = o.Area
		if withholds(r.Settings.OpeningsFrom, o.Ballots) {
			continue
		}
		if n, known := withstands(o.Result, mostOf(formOf(r, o.Area), o.Result.Rule.Utility)); known {
			all[i].Sheets = new(min(n, sheets))
		}
	}
	return all, nil
}

// mostOf is the most that one ballot can give a project.
func mostOf(f ballot.Form, u tally.Utility) int64 {
	switch u {
	case tally.Points:
		return int64(cmp.Or(f.PointsEach, f.Points, 1))
	case tally.Borda, tally.Rank:
		return int64(max(f.Max, 1))
	default:
		return 1
	}
}

// withstands is how many sheets may be wrong in the worst way without another
// selection; ok is false where the rule is not one of which that can be said.
//
// A wrong sheet moves a project's score by at most each, so the lead of one
// over another by twice that. Take a project that is not funded: funded ones
// that lead it by more than 2·n·each are surely still walked before it. If
// those leave too little for it whatever else comes before, then it cannot be
// the first that is funded anew; if that holds for every such project, none is,
// and so all others fit as they did.
func withstands(o tally.Outcome, each int64) (n int, ok bool) {
	if o.Rule.Method != tally.Greedy || len(o.Rule.Exclusive) > 0 || o.Rule.Comparison != "" {
		return 0, false
	}
	var funded []tally.Result
	for _, p := range o.Projects {
		if p.Selected {
			funded = append(funded, p)
		}
	}
	slices.SortStableFunc(funded, func(a, b tally.Result) int { return b.Score.Cmp(a.Score) })
	// Without any ballot nothing would be funded.
	n = max(int(o.Voters)-1, 0)
	for _, p := range o.Projects {
		if p.Selected || p.Status == tally.Withdrawn {
			continue
		}
		left := o.Budget.Sub(p.Cost)
		for i := 0; left.Sign() >= 0; i++ {
			if i == len(funded) {
				return 0, true // it would fit: nobody voted
			}
			if left = left.Sub(funded[i].Cost); left.Sign() < 0 {
				lead := funded[i].Score.Sub(p.Score).Rat()
				n = min(n, fewerThan(lead.Quo(lead, new(big.Rat).SetInt64(2*each))))
			}
		}
	}
	return n, true
}

// fewerThan is the largest whole number below x, not below 0.
func fewerThan(x *big.Rat) int {
	if x.Sign() <= 0 {
		return 0
	}
	up := new(big.Int).Add(x.Num(), new(big.Int).Sub(x.Denom(), big.NewInt(1)))
	return int(up.Quo(up, x.Denom()).Int64() - 1)
}
