package round

import (
	"slices"
	"time"

	"osbu/domain"
)

// Phase is where a round stands.
type Phase string

// The phases in their order; a round goes one forward at a time, and the
// database refuses anything else.
const (
	Draft      Phase = "draft"
	Proposing  Phase = "proposing"
	Vetting    Phase = "vetting"
	Frozen     Phase = "frozen"
	Voting     Phase = "voting"
	Closed     Phase = "closed"
	Counted    Phase = "counted"
	Confirmed  Phase = "confirmed"
	Delivering Phase = "delivering"
	Archived   Phase = "archived"
)

var phases = []Phase{Draft, Proposing, Vetting, Frozen, Voting, Closed, Counted, Confirmed, Delivering, Archived}

// Reached tells whether the round stands at p or later.
func (p Phase) Reached(other Phase) bool {
	return slices.Index(phases, p) >= slices.Index(phases, other)
}

// Step is what an official does to go one phase forward.
type Step string

// The steps, each into the phase beside it.
const (
	Propose Step = "propose" // proposing
	Vet     Step = "vet"     // vetting
	Freeze  Step = "freeze"  // frozen
	Open    Step = "open"    // voting
	Close   Step = "close"   // closed
	Count   Step = "count"   // counted
	Confirm Step = "confirm" // confirmed
	Publish Step = "publish" // delivering
	Archive Step = "archive" // archived
)

var steps = []Step{Propose, Vet, Freeze, Open, Close, Count, Confirm, Publish, Archive}

// Into is the phase a step leads to, empty if there is no such step.
func (s Step) Into() Phase {
	if i := slices.Index(steps, s); i >= 0 {
		return phases[i+1]
	}
	return ""
}

// Next is the step out of a phase, empty at the end.
func (p Phase) Next() Step {
	if i := slices.Index(phases, p); i >= 0 && i < len(steps) {
		return steps[i]
	}
	return ""
}

// VisibleTo is nil if the actor may know of the round: a draft is there for
// officials only. Of no actor (the zero value) it asks whether everybody may.
func (r Round) VisibleTo(actor domain.Actor) error {
	if r.Phase == Draft && !actor.Is(domain.Official) {
		return Unknown(r.ID)
	}
	return nil
}

// VotedHere is nil if everybody may know of the round and its vote is this
// service's.
func (r Round) VotedHere() error {
	if r.Elsewhere() {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "another service held round %s", r.ID)
	}
	return r.VisibleTo(domain.Actor{})
}

// Unknown is said of a round that does not exist, and of a draft.
func Unknown(id string) error {
	return domain.Fail(domain.NotFound, domain.CodeNotFound, "no round %s", id)
}

// TakesProposals tells whether residents may draft and submit now.
func (r Round) TakesProposals(now time.Time) bool {
	return r.Phase == Proposing && r.Times.Proposing.Has(now)
}

// TakesVetting tells whether facilitators may decide: from the first proposal
// until the freeze, whatever the vetting window says to residents.
func (r Round) TakesVetting() bool { return r.Phase == Proposing || r.Phase == Vetting }

// TakesVotes is nil if credentials and ballots are accepted now; otherwise
// Closed, telling before from after.
func (r Round) TakesVotes(now time.Time) error {
	switch {
	case r.Phase.Reached(Closed) || r.Phase == Voting && !now.Before(r.Times.Voting.Closes):
		return domain.Fail(
			domain.Closed,
			CodeVotingClosed,
			"the vote of %s closed at %s",
			r.ID,
			r.Times.Voting.Closes.Format(time.RFC3339),
		)
	case r.Phase != Voting || now.Before(r.Times.Voting.Opens):
		return domain.Fail(
			domain.Closed,
			CodeVotingNotOpen,
			"the vote of %s opens at %s",
			r.ID,
			r.Times.Voting.Opens.Format(time.RFC3339),
		)
	}
	return nil
}

// Codes of refusals by phase, clock and what others did.
const (
	CodeVotingNotOpen domain.Code = "voting_not_open"
	CodeVotingClosed  domain.Code = "voting_closed"
	CodeFrozen        domain.Code = "rule_frozen"
	CodeExists        domain.Code = "round_exists"
	CodeBlocked       domain.Code = "step_blocked"
	CodeDecision      domain.Code = "decision_required"
	CodeStepChanged   domain.Code = "step_changed"  // what was shown is not what it is now
	CodeStepWarned    domain.Code = "step_warned"   // a warning was not accepted
	CodeSecondNeeded  domain.Code = "second_needed" // another official confirms the step
	CodeOwnRequest    domain.Code = "own_request"   // nobody confirms what she asked for herself
	// CodeInUse: a draft that something already belongs to is not deleted.
	CodeInUse domain.Code = "round_in_use"
)
