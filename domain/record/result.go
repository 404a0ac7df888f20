package record

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// Refusals to show what is not public yet.
const (
	CodeHidden    domain.Code = "results_hidden"
	CodeNotPublic domain.Code = "record_not_public"
)

// Results are what the results page shows.
type Results struct {
	Round     round.Round
	Published bool
	Areas     []AreaResult
	Void      Voids // sealed ballots that do not count
	// Corrections of the number of the decision that confirmed the result.
	Corrections []Correction
}

// AreaResult is an area's outcome in the order of the count.
type AreaResult struct {
	Area     round.Area
	Spent    domain.Cents
	Ballots  int
	Blank    int
	Withheld bool // fewer ballots than Settings.OpeningsFrom: the .pb file is not published
	// hex SHA-256 of the area's .pb file; empty if it is withheld, because few
	// ballots could be guessed from it
	Digest   string
	Pointed  bool // the rule counts points, a ranking's too, and not votes
	Rule     round.Rule
	Projects []ProjectResult
	Ties     []Tie
}

// ProjectResult says how a project fared. Left is the money that was left when
// its turn came, Missing what a project that did not fit lacked, Conflict the
// funded project that shut this one out.
type ProjectResult struct {
	Project   Project
	Votes     int
	Untold    bool  // the votes are withheld, and 0 here
	Points    int64 // what its ballots gave it in all; where AreaResult.Pointed
	Selected  bool
	Left      domain.Cents
	Missing   domain.Cents
	Conflict  int
	Withdrawn bool
}

// Tie is a tie between projects that the count met, and what broke it.
type Tie struct {
	Projects []int
	By       tally.Tie
}

// Results are hidden from everybody until the count, and from the public until
// they are published.
func (s *Service) Results(ctx context.Context, actor domain.Actor, id string) (Results, error) {
	st, err := s.Office.State(ctx, id)
	if err != nil {
		return Results{}, err
	}
	published, err := seen(st.Round, actor)
	if err != nil {
		return Results{}, err
	}
	if st.Round.Elsewhere() {
		return elsewhere(st, published), nil
	}
	outcomes, err := s.Office.Outcomes(ctx, id)
	if err != nil {
		return Results{}, err
	}
	byNumber := map[int]Project{}
	for _, p := range st.Projects {
		byNumber[p.Number] = p
	}
	opened, err := s.Office.Opened(ctx, id)
	if err != nil {
		return Results{}, err
	}
	corrections, err := s.corrections(ctx, st.Round)
	if err != nil {
		return Results{}, err
	}
	results := Results{Round: st.Round, Published: published, Void: opened.Void, Corrections: corrections}
	for _, o := range outcomes {
		area, _ := st.Round.Settings.Area(o.Area)
		a, err := explain(area, st.Round.Settings.OpeningsFrom, o, byNumber)
		if err != nil {
			return Results{}, err
		}
		results.Areas = append(results.Areas, a)
	}
	return results, nil
}

// elsewhere are the results of a round as the service told them that held it:
// what was selected, the most votes first. How it was counted is not known
// here.
func elsewhere(st State, published bool) Results {
	results := Results{Round: st.Round, Published: published}
	for _, area := range st.Round.Settings.Areas {
		a := AreaResult{Area: area, Rule: st.Round.Settings.RuleOf(area)}
		for _, p := range st.Projects {
			if p.Area != area.ID {
				continue
			}
			r := ProjectResult{Project: p, Untold: p.Votes == nil, Selected: p.Selected}
			if p.Votes != nil {
				r.Votes = *p.Votes
			}
			if p.Selected {
				a.Spent += p.Cost
			}
			a.Projects = append(a.Projects, r)
		}
		slices.SortStableFunc(a.Projects, func(x, y ProjectResult) int { return cmp.Compare(y.Votes, x.Votes) })
		results.Areas = append(results.Areas, a)
	}
	return results
}

func explain(area round.Area, openingsFrom int, o Outcome, byNumber map[int]Project) (AreaResult, error) {
	spent, err := Cents(o.Result.Cost)
	if err != nil {
		return AreaResult{}, err
	}
	a := AreaResult{
		Area:     area,
		Spent:    spent,
		Ballots:  o.Ballots,
		Blank:    o.Blank,
		Withheld: withholds(openingsFrom, o.Ballots),
		Rule:     o.Rule,
		Pointed:  slices.Contains([]tally.Utility{tally.Points, tally.Borda, tally.Rank}, o.Result.Rule.Utility),
	}
	if a.Withheld {
		o.Result = withheld(o.Result)
	} else {
		a.Digest = o.Digest()
	}
	inOrder := slices.Clone(o.Result.Projects)
	slices.SortStableFunc(inOrder, func(x, y tally.Result) int { return cmp.Compare(place(x), place(y)) })
	for _, p := range inOrder {
		n, err := number(p.ID)
		if err != nil {
			return AreaResult{}, err
		}
		r := ProjectResult{
			Project:   byNumber[n],
			Votes:     int(p.Votes),
			Untold:    p.VotesWithheld,
			Selected:  p.Selected,
			Withdrawn: p.Status == tally.Withdrawn,
		}
		if a.Pointed && !r.Untold {
			r.Points = p.Score.Rat().Num().Int64() // points are whole
		}
		if p.Walk != nil {
			if r.Left, err = Cents(p.Walk.Left); err != nil {
				return AreaResult{}, err
			}
			if p.Status == tally.DoesNotFit {
				r.Missing = r.Project.Cost - r.Left
			}
		}
		if p.Status == tally.Conflicting {
			if r.Conflict, err = number(p.Conflict); err != nil {
				return AreaResult{}, err
			}
		}
		a.Projects = append(a.Projects, r)
	}
	for _, t := range o.Result.Ties {
		tie := Tie{By: t.By}
		for _, id := range t.Projects {
			n, err := number(id)
			if err != nil {
				return AreaResult{}, err
			}
			tie.Projects = append(tie.Projects, n)
		}
		a.Ties = append(a.Ties, tie)
	}
	return a, nil
}

// place orders projects as the count took them: a walk's place, else the order
// of purchase, else what is funded before the rest.
func place(r tally.Result) int {
	switch {
	case r.Walk != nil:
		return r.Walk.Place
	case r.Round > 0:
		return r.Round
	case r.Selected:
		return math.MaxInt - 1
	default:
		return math.MaxInt
	}
}

func number(id string) (int, error) {
	n, err := strconv.Atoi(id)
	if err != nil {
		return 0, fmt.Errorf("project %q of an outcome has no number", id)
	}
	return n, nil
}

// Cents is an amount of euros; a stored outcome never has a fraction of a cent
// in costs and money left.
func Cents(n tally.Number) (domain.Cents, error) {
	c := n.Mul(tally.Int(100)).Rat()
	if !c.IsInt() || !c.Num().IsInt64() {
		return 0, fmt.Errorf("amount %s is not in whole cents", n)
	}
	return domain.Cents(c.Num().Int64()), nil
}
