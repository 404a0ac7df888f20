package play

import (
	"cmp"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"

	"osbu/domain/ballot"
	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

// Election is a .pb file as a round plays it: one citywide area, one paper,
// projects numbered from 1 in the file's order.
type Election struct {
	Name     string
	Pot      int64 // cents of the file's currency, whatever it is
	Form     ballot.Form
	Projects []Project
	Ballots  []ballot.Vote
	instance tally.Instance
}

// Project is a project of the file.
type Project struct {
	ID, Title string
	Cost      int64 // cents
}

// ReadElection reads a .pb file. Scoring ballots are an error, for the platform
// has no such paper, and so are parts of points.
func ReadElection(r io.Reader) (*Election, error) {
	f, err := pabulib.Read(r)
	if err != nil {
		return nil, err
	}
	in, err := f.Instance()
	if err != nil {
		return nil, err
	}
	if in.Form == tally.Scoring || in.PointDecimals > 0 {
		return nil, fmt.Errorf("vote_type %s, %d decimals of points: such ballots cannot be cast on a paper", in.Form,
			in.PointDecimals)
	}
	if len(f.Votes) == 0 || len(f.Projects) == 0 {
		return nil, fmt.Errorf("%d ballots and %d projects: nothing to play", len(f.Votes), len(f.Projects))
	}
	name, _ := f.Lookup("description")
	e := &Election{Name: cmp.Or(name, "Rehearsal"), instance: in}
	if e.Pot, err = cents(in.Budget); err != nil {
		return nil, fmt.Errorf("budget: %w", err)
	}
	titles := f.Column("name")
	for i, p := range f.Projects {
		one := Project{ID: p.ID, Title: p.ID}
		if titles != nil && titles[i] != "" {
			one.Title = titles[i]
		}
		if one.Cost, err = cents(p.Cost); err != nil || one.Cost == 0 {
			return nil, fmt.Errorf(
				"project %s: cost %s cannot be a cost on the ballot: %w",
				p.ID,
				p.Cost,
				cmp.Or(err, fmt.Errorf("it must be more than 0")),
			)
		}
		e.Projects = append(e.Projects, one)
	}
	e.instance.Ballots = slices.Clone(in.Ballots)
	for i := range e.instance.Ballots {
		b := &e.instance.Ballots[i]
		*b = named(*b)
		e.Ballots = append(e.Ballots, voteOf(in.Form, *b))
	}
	e.Form = e.form(f)
	e.instance.Ranks = e.Form.Max
	return e, nil
}

// named leaves out what a ballot names a second time, which counts once, and
// what it gives no points.
func named(b tally.Ballot) tally.Ballot {
	kept := tally.Ballot{Weight: b.Weight}
	for i, p := range b.Projects {
		if slices.Contains(kept.Projects, p) || b.Points != nil && b.Points[i] == 0 {
			continue
		}
		kept.Projects = append(kept.Projects, p)
		if b.Points != nil {
			kept.Points = append(kept.Points, b.Points[i])
		}
	}
	return kept
}

// voteOf is a ballot of the file as the paper has it.
func voteOf(form tally.Form, b tally.Ballot) ballot.Vote {
	v := ballot.Vote{Choices: make([]int, len(b.Projects))}
	points := map[int]int{}
	for i, p := range b.Projects {
		v.Choices[i] = int(p) + 1
		if b.Points != nil {
			points[int(p)+1] = int(b.Points[i])
		}
	}
	switch form {
	case tally.Ordinal:
		v.Kind = ballot.Ranking
		return v
	case tally.Cumulative:
		v.Kind = ballot.Points
	}
	slices.Sort(v.Choices)
	if v.Kind == ballot.Points {
		for _, c := range v.Choices {
			v.Points = append(v.Points, points[c])
		}
	}
	return v
}

// Again is the same election with a multiple of its voters.
func (e *Election) Again(times int) *Election {
	more := *e
	more.Ballots, more.instance.Ballots = slices.Repeat(e.Ballots, times), slices.Repeat(e.instance.Ballots, times)
	return &more
}

// Of is the same election with so many voters, who cast its ballots over and
// over.
func (e *Election) Of(voters int) *Election {
	more := e.Again((voters + len(e.Ballots) - 1) / len(e.Ballots))
	more.Ballots, more.instance.Ballots = more.Ballots[:voters], more.instance.Ballots[:voters]
	return more
}

// form is what the file says a ballot may be, widened where its ballots are
// otherwise: of approvals knapsack if it limits their cost to the budget.
func (e *Election) form(f *pabulib.File) ballot.Form {
	form := ballot.Form{Kind: ballot.Approval, Min: 1}
	switch e.instance.Form {
	case tally.Cumulative:
		form.Kind = ballot.Points
		form.Points, _ = whole(f, "max_sum_points")
		form.PointsEach, _ = whole(f, "max_points")
	case tally.Ordinal:
		form.Kind = ballot.Ranking
	}
	if n, ok := whole(f, "min_length"); ok {
		form.Min = n
	}
	if n, ok := whole(f, "max_length"); ok {
		form.Max = n
	}
	fit := true
	for _, b := range e.Ballots {
		form.Max = max(form.Max, len(b.Choices))
		if len(b.Choices) == 0 {
			form.Blank = true
		} else {
			form.Min = min(form.Min, len(b.Choices))
		}
		var cost int64
		for _, n := range b.Choices {
			cost += e.Projects[n-1].Cost
		}
		sum := 0
		for _, n := range b.Points {
			form.PointsEach = max(form.PointsEach, n)
			sum += n
		}
		form.Points = max(form.Points, sum)
		fit = fit && cost <= e.Pot
	}
	form.Max = max(min(form.Max, len(e.Projects)), 1)
	form.Min = min(form.Min, form.Max)
	if form.Kind != ballot.Approval {
		return form
	}
	if limit, ok := f.Limit("max_sum_cost"); ok && fit && limit.Cmp(e.instance.Budget) == 0 {
		form.Kind = ballot.Knapsack
	}
	return form
}

func whole(f *pabulib.File, key string) (int, bool) {
	value, ok := f.Lookup(key)
	n, err := strconv.Atoi(value)
	return n, ok && err == nil
}

func cents(n tally.Number) (int64, error) {
	c := new(big.Rat).Mul(n.Rat(), big.NewRat(100, 1))
	if !c.IsInt() || !c.Num().IsInt64() {
		return 0, fmt.Errorf("%s is no amount of whole cents", n)
	}
	return c.Num().Int64(), nil
}
