// Package estimate is what experts of the city's divisions say of proposals:
// whose task it is, whether it can be built and what it costs, one by one or by
// a spreadsheet that goes out and comes back.
package estimate

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/round"
)

var feasibilities = []proposal.Feasibility{proposal.Feasible, proposal.WithChanges, proposal.Infeasible}

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

// Submission is one judgement over the number of the estimate that the expert
// saw, 0 if there was none.
type Submission struct {
	Proposal int64
	Number   int
	proposal.Judgement
}

// Store keeps estimates.
type Store interface {
	// Estimate calls decide with the round, the database's clock, the proposals
	// sorted by ID as ids are, and their estimates so far; it stores what
	// decide made of the proposals, the estimates that it answers with,
	// versions and e-mails of those whose version moved, and the audit entry.
	// The proposals are locked in the order of their IDs and their round held
	// against a freeze; all in one transaction, or nothing. NotFound if the
	// round lacks one of them. A Change without an action stores nothing.
	Estimate(
		ctx context.Context,
		round string,
		ids []int64,
		decide func(
			round.At,
			[]proposal.Proposal,
			map[int64][]proposal.Estimate,
		) ([]NewEstimate, proposal.Change, error),
	) error
	// Estimates are these proposals' estimates, oldest first: one query without
	// a lock.
	Estimates(ctx context.Context, proposals ...int64) (map[int64][]proposal.Estimate, error)
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store   Store
	Current proposal.Estimates
	Desk    *desk.Service
}

// Service is what experts of the city's divisions say of proposals.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// NewEstimate is an estimate to add.
type NewEstimate struct {
	Proposal int64
	proposal.Estimate
}

// Changed names what differs between two judgements, as paths of the contract.
func Changed(j, from proposal.Judgement) (paths []string) {
	own, other := costOf(j), costOf(from)
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

// costOf is the cost, or no cost.
func costOf(j proposal.Judgement) proposal.Cost {
	if j.Cost == nil {
		return proposal.Cost{}
	}
	return *j.Cost
}

// clean gives the judgement as it is kept and notes below path what is wrong
// with it.
func clean(
	j proposal.Judgement,
	problems *domain.Problems,
	path, division string,
	divisions []desk.Division,
) proposal.Judgement {
	need := []domain.Language{}
	if j.Published || j.Rejects() {
		need = append(need, domain.Finnish, domain.Swedish)
	}
	j.Reasons = problems.PublicBody(path+"reasons", j.Reasons, maxReasons, need...)
	j.Note = problems.Body(path+"note", j.Note, maxEstimateNote)
	switch j.Competence {
	case proposal.Citys:
		if !slices.Contains(feasibilities, j.Feasibility) {
			problems.Add(path+"feasibility", "required", "")
		}
	case proposal.Forward:
		switch {
		case j.Forward == division:
			problems.Add(path+"forward", "not_allowed", division)
		case !slices.ContainsFunc(divisions, func(one desk.Division) bool { return one.ID == j.Forward }):
			problems.Add(path+"forward", "unknown", "")
		}
		if j.Reasons == (domain.Text{}) && j.Note == "" {
			problems.Add(path+"note", "required", "")
		}
		if j.Published {
			problems.Add(path+"published", "not_allowed", string(proposal.Forward))
		}
	case proposal.NotOurs:
	default:
		problems.Add(path+"competence", "unknown", "")
	}
	if j.Competence != proposal.Forward && j.Forward != "" {
		problems.Add(path+"forward", "not_allowed", string(j.Competence))
	}
	if j.Competence != proposal.Citys && j.Feasibility != "" {
		problems.Add(path+"feasibility", "not_allowed", string(j.Competence))
	}
	cleanCost(&j, problems, path)
	return j
}

// cleanCost checks the cost, which what can be built has and nothing else; a
// class stands for its range.
func cleanCost(j *proposal.Judgement, problems *domain.Problems, path string) {
	buildable := j.Feasibility == proposal.Feasible || j.Feasibility == proposal.WithChanges
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
// answers with how many estimates were added. Conflict, domain.CodeEdited,
// naming what changed, if somebody has given another one since the number that
// was seen.
func (s *Service) Estimate(
	ctx context.Context,
	actor domain.Actor,
	roundID, division string,
	said []Submission,
) (added int, err error) {
	d, err := s.expertsDesk(ctx, actor, roundID, division)
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
		said[i].Judgement = clean(said[i].Judgement, &problems, path, division, d.Divisions)
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
	name := d.Divisions[slices.IndexFunc(d.Divisions, func(one desk.Division) bool { return one.ID == division })].Name
	err = s.c.Store.Estimate(
		ctx,
		roundID,
		ids,
		func(
			r round.At,
			proposals []proposal.Proposal,
			history map[int64][]proposal.Estimate,
		) ([]NewEstimate, proposal.Change, error) {
			var fresh []NewEstimate
			var estimated []int64
			for i := range proposals {
				p, one := &proposals[i], said[at[proposals[i].ID]]
				before := history[p.ID]
				if repeats(one.Judgement, division, *p, before) {
					continue
				}
				if p.Division != division {
					return nil, proposal.Change{}, domain.Fail(
						domain.Forbidden,
						domain.CodeNotAllowed,
						"proposal %d was not sent to %s",
						p.ID,
						division,
					)
				}
				if _, err := p.Permit(proposal.ToEstimate, actor, r); err != nil {
					return nil, proposal.Change{}, err
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
						proposal.Estimate{
							Number:       p.Estimates + 1,
							At:           r.Now,
							By:           proposal.PersonOf(actor),
							Division:     division,
							DivisionName: name,
							Judgement:    one.Judgement,
						},
					},
				)
				estimated = append(estimated, p.ID)
				s.settle(p, one.Judgement, r)
			}
			if len(problems) > 0 {
				return nil, proposal.Change{}, &domain.Error{
					Kind:   domain.Conflict,
					Code:   domain.CodeEdited,
					Detail: "estimates were changed meanwhile",
					Fields: problems,
				}
			}
			added = len(fresh)
			if added == 0 {
				return nil, proposal.Change{}, nil
			}
			return fresh, proposal.Change{
				By:           proposal.PersonOf(actor),
				Action:       proposal.ToEstimate,
				Notification: post.Estimated,
				Audit: round.NewEntry(
					r.Round,
					actor,
					proposal.ToEstimate,
					"",
					map[string]any{"division": division, "proposals": estimated},
				),
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
func (s *Service) settle(p *proposal.Proposal, j proposal.Judgement, r round.At) {
	p.Estimates++
	switch {
	case j.Competence == proposal.Forward:
		var none domain.Problems
		p.Division, p.Estimation = j.Forward, proposal.Waiting
		p.EstimateBy = s.c.Deadline(
			r.Now,
			time.Time{},
			r.Times.Vetting.Closes,
			"",
			desk.EstimateDays,
			desk.MostEstimateDays,
			&none,
		)
	case j.Published:
		p.Estimation, p.Version, p.UpdatedAt = proposal.Given, p.Version+1, r.Now
	default:
		p.Estimation = proposal.Unpublished
	}
}

// repeats tells whether the division has said just this already, and nobody has
// asked it again: a retry changes nothing.
func repeats(j proposal.Judgement, division string, p proposal.Proposal, history []proposal.Estimate) bool {
	latest, ok := last(history)
	if !ok || latest.Division != division || len(Changed(j, latest.Judgement)) > 0 {
		return false
	}
	if latest.Competence == proposal.Forward {
		return p.Division == latest.Forward
	}
	return p.Division == division && p.Estimation != proposal.Waiting
}

func last(all []proposal.Estimate) (proposal.Estimate, bool) {
	if len(all) == 0 {
		return proposal.Estimate{}, false
	}
	return all[len(all)-1], true
}

// changedSince names what the latest estimate changed of the one that was seen;
// the number alone if they say the same.
func changedSince(all []proposal.Estimate, seen int) []string {
	latest, _ := last(all)
	var before proposal.Judgement
	if i := slices.IndexFunc(all, func(e proposal.Estimate) bool { return e.Number == seen }); i >= 0 {
		before = all[i].Judgement
	}
	if paths := Changed(latest.Judgement, before); len(paths) > 0 && seen < latest.Number {
		return paths
	}
	return []string{"number"}
}

// expertsDesk is the desk for an expert of the division.
func (s *Service) expertsDesk(ctx context.Context, actor domain.Actor, roundID, division string) (desk.Desk, error) {
	if err := actor.Need(domain.Expert); err != nil {
		return desk.Desk{}, err
	}
	d, _, err := s.c.Desk.Get(ctx, actor, roundID)
	if err != nil {
		return d, err
	}
	if !actor.Estimates(division) ||
		!slices.ContainsFunc(d.Divisions, func(one desk.Division) bool { return one.ID == division }) {
		return d, domain.Fail(
			domain.Forbidden,
			domain.CodeNotAllowed,
			"division %q has other experts",
			strings.ToValidUTF8(division, ""),
		)
	}
	return d, nil
}

// List are a proposal's estimates, oldest first, with names and notes
// (its division's experts, the area's facilitators, officials).
func (s *Service) List(ctx context.Context, actor domain.Actor, roundID string, id int64) ([]proposal.Estimate, error) {
	if _, _, err := s.c.Desk.Find(ctx, actor, roundID, id, true); err != nil {
		return nil, err
	}
	all, err := s.c.Store.Estimates(ctx, id)
	return all[id], err
}
