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
	Ballots  [][]int // numbers, ascending
	instance tally.Instance
}

// Project is a project of the file.
type Project struct {
	ID, Title string
	Cost      int64 // cents
}

// ReadElection reads a .pb file with approval or choose-1 ballots; any other
// kind is an error, for the platform has no such paper.
func ReadElection(r io.Reader) (*Election, error) {
	f, err := pabulib.Read(r)
	if err != nil {
		return nil, err
	}
	in, err := f.Instance()
	if err != nil {
		return nil, err
	}
	if in.Form != tally.Approval && in.Form != tally.ChooseOne {
		return nil, fmt.Errorf("vote_type %s: only approval and choose-1 ballots can be cast on a paper", in.Form)
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
	for _, v := range f.Votes {
		numbers := make([]int, len(v.Picks))
		for i, p := range v.Picks {
			numbers[i] = int(p) + 1
		}
		slices.Sort(numbers)
		e.Ballots = append(e.Ballots, slices.Compact(numbers)) // a project named twice counts once
	}
	e.Form = e.form(f)
	return e, nil
}

// Again is the same election with a multiple of its voters.
func (e *Election) Again(times int) *Election {
	more := *e
	more.Ballots, more.instance.Ballots = slices.Repeat(e.Ballots, times), slices.Repeat(e.instance.Ballots, times)
	return &more
}

// form is what the file says a ballot may be, widened where its ballots are
// otherwise: knapsack if it limits their cost to the budget, else approval.
func (e *Election) form(f *pabulib.File) ballot.Form {
	form := ballot.Form{Kind: ballot.Approval, Min: 1}
	if n, ok := whole(f, "min_length"); ok {
		form.Min = n
	}
	if n, ok := whole(f, "max_length"); ok {
		form.Max = n
	}
	fit := true
	for _, b := range e.Ballots {
		form.Max = max(form.Max, len(b))
		if len(b) == 0 {
			form.Blank = true
		} else {
			form.Min = min(form.Min, len(b))
		}
		var cost int64
		for _, n := range b {
			cost += e.Projects[n-1].Cost
		}
		fit = fit && cost <= e.Pot
	}
	form.Max = max(min(form.Max, len(e.Projects)), 1)
	form.Min = min(form.Min, form.Max)
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
