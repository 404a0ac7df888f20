package proposal

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/round"
)

var feasibilities = []Feasibility{Feasible, WithChanges, Infeasible}

// Class is a range of costs that an expert may name instead of a minimum and a
// maximum, in cents.
type Class struct {
	ID               string
	Minimum, Maximum domain.Cents
}

// Classes are the classes of costs, the same in every round: estimates of
// different divisions can be compared.
func Classes() []Class {
	return []Class{
		{"a", 0, domain.Euros(10_000)},
		{"b", domain.Euros(10_000), domain.Euros(50_000)},
		{"c", domain.Euros(50_000), domain.Euros(100_000)},
		{"d", domain.Euros(100_000), domain.Euros(250_000)},
		{"e", domain.Euros(250_000), domain.Euros(500_000)},
		{"f", domain.Euros(500_000), domain.Euros(1_000_000)},
	}
}

// mostEstimates are given at once: a spreadsheet's rows.
const mostEstimates = 2000

// Lengths in characters.
const (
	maxReasons      = 5000
	maxEstimateNote = 2000
)

// Said is one judgement over the number of the estimate that the expert saw, 0
// if there was none.
type Said struct {
	Proposal int64
	Number   int
	Judgement
}

// EstimateStore keeps estimates.
type EstimateStore interface {
	// Estimate lets decide judge under the proposals' locks, with the round
	// held against a freeze and the database's clock: it changes the proposals,
	// sorted by ID as ids are, and answers with the estimates to add. All is
	// stored or nothing: versions and letters of those whose version moved, and
	// the audit entry. A Change without an action stores nothing. NotFound if
	// the round lacks one of them.
	Estimate(
		ctx context.Context,
		round string,
		ids []int64,
		decide func(round.Round, time.Time, []Proposal, map[int64][]Estimate) ([]NewEstimate, Change, error),
	) error
	// Estimates are these proposals' estimates, oldest first: one query.
	Estimates(ctx context.Context, proposals ...int64) (map[int64][]Estimate, error)
	// Current is the latest estimate of each of these proposals, or of the
	// published ones only.
	Current(ctx context.Context, published bool, proposals ...int64) (map[int64]Estimate, error)
}

// NewEstimate is an estimate to add.
type NewEstimate struct {
	Proposal int64
	Estimate
}

// Changed names what differs from another judgement, as paths of the contract.
func (j Judgement) Changed(from Judgement) (paths []string) {
	own, other := j.cost(), from.cost()
	for _, c := range []struct {
		path    string
		differs bool
	}{
		{"competence", j.Competence != from.Competence},
		{"forward", j.Forward != from.Forward},
		{"feasibility", j.Feasibility != from.Feasibility},
		{"class", j.Class != from.Class},
		{"cost.minimum", own.Minimum != other.Minimum},
		{"cost.maximum", own.Maximum != other.Maximum},
		{"cost.maintenance", own.Maintenance != other.Maintenance},
		{"reasons.fi", j.Reasons.Fi != from.Reasons.Fi},
		{"reasons.sv", j.Reasons.Sv != from.Reasons.Sv},
		{"reasons.en", j.Reasons.En != from.Reasons.En},
		{"note", j.Note != from.Note},
		{"published", j.Published != from.Published},
	} {
		if c.differs {
			paths = append(paths, c.path)
		}
	}
	return paths
}

// cost is the cost, or no cost.
func (j Judgement) cost() Cost {
	if j.Cost == nil {
		return Cost{}
	}
	return *j.Cost
}

// clean gives the judgement as it is kept and notes below path what is wrong
// with it.
func (j Judgement) clean(problems *domain.Problems, path, division string, divisions []Division) Judgement {
	need := []domain.Language{}
	if j.Published || j.Rejects() {
		need = append(need, domain.Finnish, domain.Swedish)
	}
	j.Reasons = problems.PublicBody(path+"reasons", j.Reasons, maxReasons, need...)
	j.Note = problems.Body(path+"note", j.Note, maxEstimateNote)
	switch j.Competence {
	case Citys:
		if !slices.Contains(feasibilities, j.Feasibility) {
			problems.Add(path+"feasibility", "required", "")
		}
	case Forward:
		switch {
		case j.Forward == division:
			problems.Add(path+"forward", "not_allowed", division)
		case !slices.ContainsFunc(divisions, func(d Division) bool { return d.ID == j.Forward }):
			problems.Add(path+"forward", "unknown", "")
		}
		if j.Reasons == (domain.Text{}) && j.Note == "" {
			problems.Add(path+"note", "required", "")
		}
		if j.Published {
			problems.Add(path+"published", "not_allowed", string(Forward))
		}
	case NotOurs:
	default:
		problems.Add(path+"competence", "unknown", "")
	}
	if j.Competence != Forward && j.Forward != "" {
		problems.Add(path+"forward", "not_allowed", string(j.Competence))
	}
	if j.Competence != Citys && j.Feasibility != "" {
		problems.Add(path+"feasibility", "not_allowed", string(j.Competence))
	}
	j.cleanCost(problems, path)
	return j
}

// cleanCost checks the cost, which what can be built has and nothing else; a
// class stands for its range.
func (j *Judgement) cleanCost(problems *domain.Problems, path string) {
	buildable := j.Feasibility == Feasible || j.Feasibility == WithChanges
	switch {
	case !buildable:
		if j.Cost != nil || j.Class != "" {
			problems.Add(path+"cost", "not_allowed", "")
		}
		return
	case j.Cost == nil:
		problems.Add(path+"cost", "required", "")
		return
	}
	cost := *j.Cost
	if j.Class != "" {
		classes := Classes()
		i := slices.IndexFunc(classes, func(c Class) bool { return c.ID == j.Class })
		if i < 0 {
			problems.Add(path+"class", "unknown", "")
			return
		}
		cost.Minimum, cost.Maximum = classes[i].Minimum, classes[i].Maximum
	}
	cost.Check(problems, path+"cost")
	for _, c := range []struct {
		path   string
		amount domain.Cents
	}{{"minimum", cost.Minimum}, {"maximum", cost.Maximum}, {"maintenance", cost.Maintenance}} {
		if c.amount%100 != 0 {
			problems.Add(path+"cost."+c.path, "bad_format", "1 €")
		}
	}
	j.Cost = &cost
}

// Estimate adds what an expert of the division says of proposals that the
// division has, all of it or nothing; what says nothing new is left out. It
// answers with how many estimates were added. Conflict, CodeEdited, naming what
// changed, if somebody has given another one since the number that was seen.
func (s *Service) Estimate(
	ctx context.Context,
	actor domain.Actor,
	roundID, division string,
	said []Said,
) (added int, err error) {
	desk, err := s.expertsDesk(ctx, actor, roundID, division)
	if err != nil {
		return 0, err
	}
	var problems domain.Problems
	switch {
	case len(said) == 0:
		problems.Add("estimates", "too_few", "1")
	case len(said) > mostEstimates:
		problems.Add("estimates", "too_many", strconv.Itoa(mostEstimates))
	}
	said = slices.Clone(said)
	at := map[int64]int{}
	ids := make([]int64, 0, len(said))
	for i := range said {
		path := fmt.Sprintf("estimates[%d].", i)
		said[i].Judgement = said[i].clean(&problems, path, division, desk.Divisions)
		if _, twice := at[said[i].Proposal]; twice {
			problems.Add(path+"proposal", "duplicate", "")
		}
		at[said[i].Proposal] = i
		ids = append(ids, said[i].Proposal)
	}
	if err := problems.Err(); err != nil {
		return 0, err
	}
	slices.Sort(ids)
	name := desk.Divisions[slices.IndexFunc(desk.Divisions, func(d Division) bool { return d.ID == division })].Name
	err = s.c.Estimates.Estimate(
		ctx,
		roundID,
		ids,
		func(r round.Round, now time.Time, proposals []Proposal, history map[int64][]Estimate) ([]NewEstimate, Change, error) {
			var fresh []NewEstimate
			var changed []int64
			for i := range proposals {
				p, one := &proposals[i], said[at[proposals[i].ID]]
				before := history[p.ID]
				if one.said(division, *p, before) {
					continue
				}
				if p.Division != division {
					return nil, Change{}, domain.Fail(
						domain.Forbidden,
						domain.CodeNotAllowed,
						"proposal %d was not sent to %s",
						p.ID,
						division,
					)
				}
				if _, err := p.Permit(ToEstimate, actor, r, now); err != nil {
					return nil, Change{}, err
				}
				if one.Number != p.Estimates {
					for _, path := range changedSince(before, one.Number) {
						problems.Add(fmt.Sprintf("estimates[%d].%s", at[p.ID], path), "changed", "")
					}
					continue
				}
				fresh = append(
					fresh,
					NewEstimate{
						p.ID,
						Estimate{
							Number:       p.Estimates + 1,
							At:           now,
							By:           PersonOf(actor),
							Division:     division,
							DivisionName: name,
							Judgement:    one.Judgement,
						},
					},
				)
				changed = append(changed, p.ID)
				s.settle(p, one.Judgement, r, now)
			}
			if len(problems) > 0 {
				return nil, Change{}, &domain.Error{
					Kind:   domain.Conflict,
					Code:   CodeEdited,
					Detail: "estimates were changed meanwhile",
					Fields: problems,
				}
			}
			added = len(fresh)
			if added == 0 {
				return nil, Change{}, nil
			}
			return fresh, Change{
				By: PersonOf(actor), Action: ToEstimate, Letter: post.Estimated,
				Audit: round.NewEntry(r, actor, ToEstimate, "", map[string]any{"division": division, "proposals": changed}),
			}, nil
		},
	)
	if err != nil {
		return 0, err
	}
	return added, nil
}

// settle moves the proposal on: to another division, whose clock then runs, or
// a version further when something was published.
func (s *Service) settle(p *Proposal, j Judgement, r round.Round, now time.Time) {
	p.Estimates++
	switch {
	case j.Competence == Forward:
		var none domain.Problems
		p.Division, p.Estimation = j.Forward, Waiting
		p.EstimateBy = s.c.Deadline(now, time.Time{}, r.Times.Vetting.Closes, "", estimateDays, mostEstimateDays, &none)
	case j.Published:
		p.Estimation, p.Version, p.UpdatedAt = Given, p.Version+1, now
	default:
		p.Estimation = Unpublished
	}
}

// said tells whether the division has said just this already, and nobody has
// asked it again: a retry changes nothing.
func (j Judgement) said(division string, p Proposal, history []Estimate) bool {
	latest, ok := last(history)
	if !ok || latest.Division != division || len(j.Changed(latest.Judgement)) > 0 {
		return false
	}
	if latest.Competence == Forward {
		return p.Division == latest.Forward
	}
	return p.Division == division && p.Estimation != Waiting
}

func last(all []Estimate) (Estimate, bool) {
	if len(all) == 0 {
		return Estimate{}, false
	}
	return all[len(all)-1], true
}

// changedSince names what the latest estimate changed of the one that was seen;
// the number alone if they say the same.
func changedSince(all []Estimate, seen int) []string {
	latest, _ := last(all)
	var before Judgement
	if i := slices.IndexFunc(all, func(e Estimate) bool { return e.Number == seen }); i >= 0 {
		before = all[i].Judgement
	}
	if paths := latest.Changed(before); len(paths) > 0 && seen < latest.Number {
		return paths
	}
	return []string{"number"}
}

// expertsDesk is the desk for an expert of the division.
func (s *Service) expertsDesk(ctx context.Context, actor domain.Actor, roundID, division string) (Desk, error) {
	if err := actor.Need(domain.Expert); err != nil {
		return Desk{}, err
	}
	desk, _, err := s.DeskOf(ctx, actor, roundID)
	if err != nil {
		return desk, err
	}
	if !actor.Estimates(division) ||
		!slices.ContainsFunc(desk.Divisions, func(d Division) bool { return d.ID == division }) {
		return desk, domain.Fail(
			domain.Forbidden,
			domain.CodeNotAllowed,
			"division %q has other experts",
			strings.ToValidUTF8(division, ""),
		)
	}
	return desk, nil
}

// EstimatesOf are a proposal's estimates, oldest first, with names and notes
// (its division's experts, the area's Stadiluotsit, officials).
func (s *Service) EstimatesOf(ctx context.Context, actor domain.Actor, roundID string, id int64) ([]Estimate, error) {
	if _, _, err := s.casework(ctx, actor, roundID, id, true); err != nil {
		return nil, err
	}
	all, err := s.c.Estimates.Estimates(ctx, id)
	return all[id], err
}
