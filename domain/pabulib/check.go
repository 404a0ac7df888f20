package pabulib

import (
	"fmt"
	"math/big"

	"osbu/domain/tally"
)

// mandatory META keys, by the format's description. Without budget and
// vote_type nothing can be counted; the others are missed aloud.
var mandatory = []string{
	"description", "country", "unit", "instance", "num_projects", "num_votes", "budget", "vote_type", "rule", "date_begin",
	"date_end",
}

// limits are what META says a ballot may hold; nil is no limit.
type limits struct {
	minLength, maxLength int
	maxRank              int64
	minSum, maxSum       *big.Rat // points
	minPoints, maxPoints *big.Rat
	minCost, maxCost     *big.Rat
}

func (f *File) limits() limits {
	l := limits{maxLength: -1}
	if n, err := f.whole("min_length"); err == nil {
		l.minLength = n
	}
	if n, err := f.whole("max_length"); err == nil {
		l.maxLength, l.maxRank = n, int64(n)
	}
	rat := func(key string) *big.Rat {
		if n, ok := f.Limit(key); ok {
			return n.Rat()
		}
		return nil
	}
	l.minSum, l.maxSum = rat("min_sum_points"), rat("max_sum_points")
	l.minPoints, l.maxPoints = rat("min_points"), rat("max_points")
	l.minCost, l.maxCost = rat("min_sum_cost"), rat("max_sum_cost")
	return l
}

// judge warns of what a ballot has against META, and counts it.
func (p *parser) judge(vote *Vote) {
	v := &p.votes
	stamp, distinct := int32(len(p.file.Votes)), 0
	for k, pick := range vote.Picks {
		if v.mark[pick] != stamp {
			v.mark[pick] = stamp
			distinct++
		}
		v.naming[pick]++
		switch {
		case vote.Points != nil:
			v.score[pick] += vote.Points[k]
		case v.form == tally.Ordinal:
			v.score[pick] += v.limits.maxRank - int64(k)
		default:
			v.score[pick]++
		}
	}
	if distinct < len(vote.Picks) {
		p.warn("a ballot names a project twice: it counts once")
	}
	if distinct < v.limits.minLength {
		p.warnToo("a ballot names fewer projects than min_length")
	}
	if v.limits.maxLength >= 0 && distinct > v.limits.maxLength {
		p.warnToo("a ballot names more projects than max_length")
	}
	if vote.Points != nil {
		p.judgePoints(vote.Points)
	}
	if v.form == tally.Approval && (v.limits.minCost != nil || v.limits.maxCost != nil) {
		p.judgeCost(vote.Picks)
	}
}

func (p *parser) judgePoints(points []int64) {
	l := &p.votes.limits
	unit := pow10(p.file.PointDecimals)
	var sum int64
	for k, n := range points {
		sum += n
		if k > 0 && points[k-1] < n {
			p.warnToo("the points of a ballot do not fall from pick to pick")
		}
		if outside(n, unit, l.minPoints, l.maxPoints) {
			p.warnToo("a ballot gives points outside min_points and max_points")
		}
	}
	if outside(sum, unit, l.minSum, l.maxSum) {
		p.warnToo("the points of a ballot sum outside min_sum_points and max_sum_points")
	}
}

func (p *parser) judgeCost(picks []int32) {
	sum := new(big.Rat)
	for _, pick := range picks {
		sum.Add(sum, p.file.Projects[pick].Cost.Rat())
	}
	l := &p.votes.limits
	if l.minCost != nil && sum.Cmp(l.minCost) < 0 || l.maxCost != nil && sum.Cmp(l.maxCost) > 0 {
		p.warnToo("the projects of a ballot cost outside min_sum_cost and max_sum_cost")
	}
}

func outside(n, unit int64, low, high *big.Rat) bool {
	if low == nil && high == nil {
		return false
	}
	r := big.NewRat(n, unit)
	return low != nil && r.Cmp(low) < 0 || high != nil && r.Cmp(high) > 0
}

// check warns of what the whole file has against itself.
func (p *parser) check() {
	f, v := p.file, &p.votes
	for _, key := range mandatory {
		if _, ok := f.Lookup(key); !ok {
			p.warnToo("META has no " + key)
		}
	}
	p.compare("num_projects", len(f.Projects))
	p.compare("num_votes", len(f.Votes))
	p.compareColumn("votes", v.naming, 1)
	if v.form != tally.Ordinal || v.limits.maxLength > 0 {
		p.compareColumn("score", v.score, pow10(f.PointDecimals))
	}
}

func (p *parser) compare(key string, counted int) {
	if said, ok := p.file.Limit(key); ok && said.Cmp(tally.Int(int64(counted))) != 0 {
		p.warnToo(fmt.Sprintf("META says %s %s, the file has %d", key, said, counted))
	}
}

// compareColumn holds a column of PROJECTS against what the ballots make.
func (p *parser) compareColumn(name string, counted []int64, unit int64) {
	for q, cell := range p.file.Column(name) {
		has := tally.Frac(counted[q], unit)
		n, err := parseNumeral(cell)
		if cell == "" || err == nil && n.exact().Cmp(has) == 0 {
			continue
		}
		p.warnAt(p.projectLines[q], fmt.Sprintf("project %.50q: column %s says %.50s, the ballots make %s",
			p.file.Projects[q].ID, name, cell, has), true)
	}
}
