package proposal

import (
	"context"
	"time"

	"osbu/domain"
)

// Estimation is how far the division that a proposal was sent to has come with
// it.
type Estimation string

// The estimations; empty: the proposal was sent nowhere.
const (
	Waiting     Estimation = "waiting"     // for an estimate
	Unpublished Estimation = "unpublished" // there is one, for colleagues only
	Given       Estimation = "given"
)

// Estimate is what a division's expert says of a proposal. Estimates are only
// ever added: the latest one holds.
type Estimate struct {
	Number       int // of the proposal's estimates, from 1
	At           time.Time
	By           Person // for colleagues; the public learns the division
	Division     string
	DivisionName domain.Text // as it was called then
	Judgement
}

// Judgement is what the expert decides on.
type Judgement struct {
	Competence  Competence
	Forward     string // the division that gets the proposal instead
	Feasibility Feasibility
	Class       string      // of costs; empty: minimum and maximum are the expert's own
	Cost        *Cost       // whole euros; nil where there is nothing to build
	Reasons     domain.Text // public
	Note        string      // for colleagues
	Published   bool
}

// Competence is whose task it is.
type Competence string

// The competences.
const (
	Citys   Competence = "city"
	NotOurs Competence = "not_city"
	Forward Competence = "forward" // another division's
)

// Feasibility is whether it can be built.
type Feasibility string

// The feasibilities; empty where the task is not this division's.
const (
	Feasible    Feasibility = "feasible"
	WithChanges Feasibility = "with_changes"
	Infeasible  Feasibility = "not_feasible"
)

// Missing are the city's languages that the reasons lack: a translation that
// somebody has to see to.
func (j Judgement) Missing() (missing []domain.Language) {
	if j.Reasons == (domain.Text{}) {
		return nil
	}
	if j.Reasons.Fi == "" {
		missing = append(missing, domain.Finnish)
	}
	if j.Reasons.Sv == "" {
		missing = append(missing, domain.Swedish)
	}
	return missing
}

// Rejects tells whether the city cannot carry it out.
func (j Judgement) Rejects() bool { return j.Competence == NotOurs || j.Feasibility == Infeasible }

// Public is the estimate as everybody may see it.
func (e Estimate) Public() Estimate {
	e.By, e.Note = Person{}, ""
	return e
}

// Estimates knows what divisions have said of proposals.
type Estimates interface {
	// Current is the latest estimate of each of these proposals, or of the
	// published ones only: one query without a lock.
	Current(ctx context.Context, published bool, proposals ...int64) (map[int64]Estimate, error)
}
