package round

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"osbu/domain"
	"osbu/domain/ballot"
)

// Check is nil if a round can be run with these settings; otherwise it names
// every fault by its path, such as settings.areas[2].pot.
func (s Settings) Check() error {
	var p domain.Problems
	areas := map[string]bool{}
	pots := make([]domain.Cents, 0, len(s.Areas))
	for i, a := range s.Areas {
		at := "areas[" + strconv.Itoa(i) + "]."
		checkID(&p, at+"id", a.ID, areas)
		checkText(&p, at+"name.fi", a.Name.Fi)
		if a.Pot < 0 {
			p.Add(at+"pot", "too_small", "0")
		}
		pots = append(pots, a.Pot)
		if a.Rule != nil {
			a.Rule.check(&p, at+"rule.")
		}
	}
	checkLanguages(&p, s.Languages)
	if len(s.Areas) == 0 {
		p.Add("areas", "too_few", "1")
	}
	if _, err := domain.Sum(pots...); err != nil {
		p.Add("areas", "too_large", "pots")
	}
	papers := map[string]bool{}
	covered := map[string]bool{}
	for i, one := range s.Papers {
		at := "papers[" + strconv.Itoa(i) + "]."
		checkID(&p, at+"id", one.ID, papers)
		checkText(&p, at+"name.fi", one.Name.Fi)
		if len(one.Areas) == 0 {
			p.Add(at+"areas", "too_few", "1")
		}
		for j, a := range one.Areas {
			switch {
			case !areas[a]:
				p.Add(fmt.Sprintf("%sareas[%d]", at, j), "unknown", "")
			case slices.Contains(one.Areas[:j], a):
				p.Add(fmt.Sprintf("%sareas[%d]", at, j), "duplicate", "")
			case covered[a]:
				p.Add(fmt.Sprintf("%sareas[%d]", at, j), "not_allowed", "one paper an area")
			}
			covered[a] = true
		}
		for _, f := range one.Form.Faults() { // the box takes no manifest with any, so they must be told before the freeze
			p.Add(at+"form."+f.Path, f.Code, f.Limit)
		}
	}
	if len(s.Papers) == 0 {
		p.Add("papers", "too_few", "1")
	}
	for i, a := range s.Areas {
		if !covered[a.ID] {
			p.Add("areas["+strconv.Itoa(i)+"].id", "not_allowed", "no paper for it")
		}
	}
	themes := map[string]bool{}
	for i, t := range s.Themes {
		checkID(&p, "themes["+strconv.Itoa(i)+"].id", t.ID, themes)
		checkText(&p, "themes["+strconv.Itoa(i)+"].name.fi", t.Name.Fi)
	}
	s.Rule.check(&p, "rule.")
	s.checkForms(&p)
	if s.Eligibility.Age < 0 || s.Eligibility.Age > 100 {
		p.Add("eligibility.age", "too_large", "100")
	}
	if s.Eligibility.Moment != AtVoting && s.Eligibility.Moment != InCalendarYear {
		p.Add("eligibility.moment", "unknown", "")
	}
	if !s.FinalBallots {
		p.Add("final_ballots", "not_allowed", "re-voting is not offered yet")
	}
	if s.OpeningsFrom < 0 {
		p.Add("openings_from", "too_small", "0")
	}
	if s.OpeningsFrom > mostOpenings {
		p.Add("openings_from", "too_large", strconv.Itoa(mostOpenings))
	}
	p = append(p, s.Sealing.faults("sealing.")...)
	for i := range p {
		p[i].Path = "settings." + p[i].Path
	}
	return p.Err()
}

// mostOpenings bounds Settings.OpeningsFrom: more would hide a borough's
// ballots from everybody, which is no longer a small area's protection.
const mostOpenings = 1000

// Years in which a round can be. Beyond them a slip of the pen is likelier, and
// not all of Go's years are PostgreSQL's.
const (
	firstYear = 2000
	lastYear  = 2100
)

// Check is nil if the windows follow each other.
func (t Times) Check() error {
	var p domain.Problems
	for _, w := range []struct {
		name string
		Window
	}{{"proposing", t.Proposing}, {"vetting", t.Vetting}, {"voting", t.Voting}} {
		switch {
		case w.Opens.Year() < firstYear:
			p.Add("times."+w.name+".opens", "too_early", strconv.Itoa(firstYear))
		case w.Closes.Year() > lastYear:
			p.Add("times."+w.name+".closes", "too_late", strconv.Itoa(lastYear))
		case !w.Opens.Before(w.Closes):
			p.Add("times."+w.name+".closes", "not_after_opening", "")
		}
	}
	if t.Vetting.Opens.Before(t.Proposing.Opens) {
		p.Add("times.vetting.opens", "before_proposing", "")
	}
	if t.Voting.Opens.Before(t.Vetting.Closes) {
		p.Add("times.voting.opens", "before_vetting_ends", "")
	}
	return p.Err()
}

// checkName notes what a round's name lacks: it is shown in both languages of
// the city's residents wherever the round is.
func (r Round) checkName(p *domain.Problems) {
	checkText(p, "name.fi", strings.TrimSpace(r.Name.Fi))
	checkText(p, "name.sv", strings.TrimSpace(r.Name.Sv))
}

func checkID(p *domain.Problems, at, id string, seen map[string]bool) {
	switch {
	case !IsAddress(id):
		p.Add(at, "bad_format", "a-z 0-9 -")
	case seen[id]:
		p.Add(at, "duplicate", "")
	}
	seen[id] = true
}

func checkText(p *domain.Problems, at, text string) {
	if text == "" {
		p.Add(at, "required", "")
	}
}

// checkForms notes rules that cannot count what a paper of their areas holds:
// frozen, it could never be counted.
func (s Settings) checkForms(p *domain.Problems) {
	noted := map[domain.Field]bool{}
	for i, a := range s.Areas {
		rule, at := s.Rule, "rule."
		if a.Rule != nil {
			rule, at = *a.Rule, "areas["+strconv.Itoa(i)+"].rule."
		}
		for _, paper := range s.Papers {
			f, ok := rule.bears(paper.Form)
			if f.Path = at + f.Path; ok || noted[f] || !slices.Contains(paper.Areas, a.ID) {
				continue
			}
			noted[f] = true
			p.Add(f.Path, f.Code, f.Limit)
		}
	}
}

// Suits is nil if the rule is one, and can count ballots of the form.
func (r Rule) Suits(form ballot.Form) error {
	var p domain.Problems
	r.check(&p, "rule.")
	if f, ok := r.bears(form); !ok {
		p.Add("rule."+f.Path, f.Code, f.Limit)
	}
	return p.Err()
}

// bears tells whether the rule can count ballots of a form, and if not, what of
// it stands against that.
func (r Rule) bears(form ballot.Form) (domain.Field, bool) {
	kind := form.VoteKind()
	refuse := func(path, limit string) (domain.Field, bool) {
		return domain.Field{Path: path, Code: "not_of_form", Limit: limit}, false
	}
	switch {
	case r.Rule == "phragmen" && kind != ballot.Picks:
		return refuse("rule", "only with approval or knapsack ballots")
	case r.Utility == "points" && kind != ballot.Points:
		return refuse("utility", "only with points ballots")
	case (r.Utility == "borda" || r.Utility == "rank") && kind != ballot.Ranking:
		return refuse("utility", "only with ranking ballots")
	case r.ThresholdPercent != 0 && kind != ballot.Picks: // of what: a ballot may give a project many points
		return refuse("threshold_percent", "only with approval or knapsack ballots")
	}
	return domain.Field{}, true
}

func (r Rule) check(p *domain.Problems, at string) {
	shares := r.Rule == "equal-shares"
	for _, f := range []struct {
		name, value string
		allowed     []string
		applies     bool
	}{
		{"rule", r.Rule, []string{
			"greedy", "greedy-density", "greedy-no-skip", "greedy-threshold", "equal-shares",
			"phragmen",
		}, true},
		{"utility", r.Utility, []string{"cost", "cardinality", "points", "borda", "rank"}, shares},
		{
			"completion", r.Completion,
			[]string{"none", "utilitarian", "add1", "add1int", "add1int-utilitarian", "add1int-noex", "pct1"},
			shares,
		},
		{"comparison", r.Comparison, []string{"satisfaction", "exclusion-ratio"}, shares},
	} {
		switch {
		case f.value == "" && f.name != "rule":
		case !f.applies:
			p.Add(at+f.name, "not_allowed", "only with equal-shares")
		case !slices.Contains(f.allowed, f.value):
			p.Add(at+f.name, "unknown", "")
		}
	}
	if r.Threshold < 0 {
		p.Add(at+"threshold", "too_small", "0")
	}
	if r.ThresholdPercent < 0 {
		p.Add(at+"threshold_percent", "too_small", "0")
	}
	if r.ThresholdPercent > 100 {
		p.Add(at+"threshold_percent", "too_large", "100")
	}
	if r.Threshold != 0 && r.Rule != "greedy-threshold" {
		p.Add(at+"threshold", "not_allowed", "only with greedy-threshold")
	}
	if r.ThresholdPercent != 0 && (r.Rule != "greedy-threshold" || r.Threshold != 0) {
		p.Add(at+"threshold_percent", "not_allowed", "only with greedy-threshold, instead of threshold")
	}
	for i, group := range r.Exclusive {
		if len(group) < 2 {
			p.Add(fmt.Sprintf("%sexclusive[%d]", at, i), "too_few", "2")
		}
	}
}
