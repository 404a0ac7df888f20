package tally

import (
	"fmt"
	"math"
)

// Form says what a ballot holds.
type Form string

// The forms of ballots, in Pabulib's words.
const (
	Approval   Form = "approval"
	ChooseOne  Form = "choose-1"
	Cumulative Form = "cumulative" // points that add up to a limit
	Scoring    Form = "scoring"    // points for each project by itself
	Ordinal    Form = "ordinal"    // the best first
)

// Instance is one election: a pot, projects and ballots.
type Instance struct {
	Budget   Number
	Form     Form
	Projects []Project
	Ballots  []Ballot
	// PointDecimals: points are counted in units of 10^-PointDecimals (0 in
	// practice).
	PointDecimals int
	// Ranks is how many picks an ordinal ballot has room for, at least as many as
	// any has; 0: as many as the longest.
	Ranks int
}

// Project is one line of the ballot paper. A withdrawn project keeps its place
// and its votes, and is never funded.
type Project struct {
	ID        string
	Cost      Number
	Withdrawn bool
}

// Ballot is what Weight voters have cast alike: indices into Instance.Projects,
// for ordinal ballots the best first; for cumulative and scoring ballots Points
// has one entry per pick. A project named twice counts once, at its first
// place.
type Ballot struct {
	Weight   int64
	Projects []int32
	Points   []int64
}

// Voters returns the number of ballots, weights counted.
func (in Instance) Voters() int64 {
	var n int64
	for i := range in.Ballots {
		n += in.Ballots[i].Weight
	}
	return n
}

// maxTotal bounds voters and points so that every sum of them is exact in int64
// and in float64.
const maxTotal = 1 << 50

// Validate says what is wrong with the instance, nil if nothing is.
func (in Instance) Validate() error {
	switch in.Form {
	case Approval, ChooseOne, Cumulative, Scoring, Ordinal:
	default:
		return fmt.Errorf("unknown form of ballots %q", in.Form)
	}
	if in.Budget.Sign() < 0 {
		return fmt.Errorf("budget %s is negative", in.Budget)
	}
	if len(in.Projects) > math.MaxInt32 || len(in.Ballots) > math.MaxInt32 {
		return fmt.Errorf("too many projects or ballots")
	}
	seen := make(map[string]bool, len(in.Projects))
	for i := range in.Projects {
		p := &in.Projects[i]
		switch {
		case p.ID == "":
			return fmt.Errorf("project %d of %d has no id", i+1, len(in.Projects))
		case seen[p.ID]:
			return fmt.Errorf("project %q is listed twice", p.ID)
		case p.Cost.Sign() < 0:
			return fmt.Errorf("project %q: cost %s is negative", p.ID, p.Cost)
		}
		seen[p.ID] = true
	}
	return in.validateBallots()
}

func (in Instance) validateBallots() error {
	points := in.Form == Cumulative || in.Form == Scoring
	var voters, total int64
	for i := range in.Ballots {
		b := &in.Ballots[i]
		if b.Weight <= 0 || b.Weight > maxTotal-voters {
			return fmt.Errorf("ballot %d: weight %d is not a positive number of voters", i+1, b.Weight)
		}
		voters += b.Weight
		if points && len(b.Points) != len(b.Projects) {
			return fmt.Errorf("ballot %d: %d picks but %d points", i+1, len(b.Projects), len(b.Points))
		}
		if !points && len(b.Points) > 0 {
			return fmt.Errorf("ballot %d: %s ballots have no points", i+1, in.Form)
		}
		for _, p := range b.Projects {
			if p < 0 || int(p) >= len(in.Projects) {
				return fmt.Errorf("ballot %d: no project has index %d", i+1, p)
			}
		}
		for _, pt := range b.Points {
			if pt < 0 && in.Form == Cumulative {
				return fmt.Errorf("ballot %d: points are negative", i+1)
			}
			a := pt
			if a < 0 {
				a = -a
			}
			if a < 0 || a > maxTotal/b.Weight || a*b.Weight > maxTotal-total {
				return fmt.Errorf("ballot %d: points are too large to be summed", i+1)
			}
			total += a * b.Weight
		}
	}
	return nil
}

// naming returns the picks of a ballot without repetitions, in order, as
// positions in b.Projects.
func (b *Ballot) naming(mark []int32, stamp int32, to []int32) []int32 {
	for k, p := range b.Projects {
		if mark[p] != stamp {
			mark[p] = stamp
			to = append(to, int32(k))
		}
	}
	return to
}
