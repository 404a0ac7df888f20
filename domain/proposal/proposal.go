package proposal

import (
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Proposal is one resident's idea, or one of the city's own when the author's
// account is 0.
type Proposal struct {
	ID          int64
	Round       string
	State       State
	Version     int // counts every change from 1
	Text        Text
	Swedish     Words    // the same in Swedish, where it is in both languages
	English     Words    // and in English
	Translated  Marks    // in which of its languages staff wrote it
	Author      Person   // who began it; account 0: the city, or nobody yet
	Coauthors   []Person // who joined her, the longest with her first
	Images      []Image
	Comments    int         // that everybody reads
	Channel     Channel     // how it reached the city
	Assistance  *Assistance // nil unless a facilitator entered it
	Facilitator Person      // whose it is to handle, or who decided; account 0 if nobody's
	Question    string      // what the facilitator asked last
	AnswerBy    time.Time   // until when the author may answer it; zero: nothing is asked
	Reason      Reason      // of a rejection
	Answer      domain.Text // public text of the decision
	RejectedBy  int64       // account of whoever rejected it first; another one decides on the appeal
	Appeal      string      // the author's answer to the rejection; empty: none
	Cost        *Cost       // nil until accepted; of a reopened decision its cost, for staff
	Division    string      // to which it was sent; empty: none
	EstimateBy  time.Time   // until when the division estimates
	Estimation  Estimation
	Estimates   int       // how many there are, all divisions'
	Project     int       // number on the ballot; 0 if it is not there
	Listing     Listing   // its words on the ballot; empty if it is not there
	Hidden      Fault     // why a moderator hid it; empty: everybody reads it
	HiddenNote  string    // the moderator's, to its authors
	SubmittedAt time.Time // zero: nobody but the author knows of it
	UpdatedAt   time.Time
}

// Listing is a proposal as voters read it on the ballot: in the languages that
// each part has. The others are empty.
type Listing struct{ Title, Description, Place domain.Text }

// Person is an account with the name that is shown.
type Person struct {
	ID   int64
	Name string
}

// PersonOf is the actor as she is shown.
func PersonOf(a domain.Actor) Person { return Person{a.ID, a.Name} }

// State is where a proposal stands.
type State string

// The states; rules.go says how one leads to another.
const (
	Draft            State = "draft"
	Submitted        State = "submitted"
	InEvaluation     State = "in_evaluation"
	NeedsInformation State = "needs_information"
	Accepted         State = "accepted"
	Rejected         State = "rejected"
	Appealed         State = "appealed"
	Withdrawn        State = "withdrawn"
	OnBallot         State = "on_ballot"
	Merged           State = "merged" // into another one
	Split            State = "split"  // into several
	Selected         State = "selected"
	NotSelected      State = "not_selected"
)

// Undecided are the states in which a proposal waits for a decision; the ballot
// cannot be frozen over one.
var Undecided = []State{Submitted, InEvaluation, NeedsInformation, Appealed}

// Shown are the states that everybody may see, in the order of a proposal's
// life.
var Shown = []State{
	Submitted, InEvaluation, NeedsInformation, Accepted, Rejected, Appealed, OnBallot, Selected, NotSelected, Merged,
	Split, Withdrawn,
}

// Reason is why a proposal was rejected.
type Reason string

// The reasons.
const (
	NotCityCompetence Reason = "not_city_competence"
	Unlawful          Reason = "unlawful"
	NotOneOff         Reason = "not_one_off"
	OutsideArea       Reason = "outside_area"
	TooExpensive      Reason = "too_expensive"
	AlreadyPlanned    Reason = "already_planned"
	Duplicate         Reason = "duplicate"
	NotFeasible       Reason = "not_feasible"
	Other             Reason = "other"
)

var reasons = []Reason{
	NotCityCompetence,
	Unlawful,
	NotOneOff,
	OutsideArea,
	TooExpensive,
	AlreadyPlanned,
	Duplicate,
	NotFeasible,
	Other,
}

// Known tells whether it is one of the reasons.
func (r Reason) Known() bool { return slices.Contains(reasons, r) }

// Version is one change: who did what, when and why, and the text as it then
// stood, in Swedish, too, where it was in both languages.
type Version struct {
	Number int
	At     time.Time
	By     Person // account 0: the city
	Action Action
	State  State
	Reason string      // a rejection's code, the facilitator's question or the author's appeal
	Answer domain.Text // public text of a decision
	Text   Text

	Swedish Words
	English Words
}

// CodeState refuses what the state of a proposal does not allow.
const CodeState domain.Code = "proposal_state_forbids"

// Public tells whether others than the authors, who keeps it for them and, if
// it was hidden, its moderators and experts know of the proposal.
func (p Proposal) Public() bool { return !p.SubmittedAt.IsZero() && p.Hidden == "" }

// Mine tells whether the actor is one of its authors.
func (p Proposal) Mine(actor domain.Actor) bool { return !actor.Anonymous() && p.WrittenBy(actor.ID) }

// WrittenBy tells whether that account is one of its authors.
func (p Proposal) WrittenBy(account int64) bool {
	return p.Author.ID == account || slices.ContainsFunc(p.Coauthors, func(c Person) bool { return c.ID == account })
}

// VisibleTo tells whether the actor may know of the proposal.
func (p Proposal) VisibleTo(actor domain.Actor) bool {
	return p.Public() || p.Mine(actor) || p.KeptBy(actor) ||
		!p.SubmittedAt.IsZero() && (p.ModeratedBy(actor) || p.HasExpert(actor))
}

// View is a proposal as one actor sees it now.
type View struct {
	Proposal
	Mine     bool
	May      []Action
	Estimate *Estimate    // the latest: of those that are published, except in a queue
	Checks   int          // how many are answered; in a queue alone
	Reserved domain.Cents // what the count uses, of an accepted one
}

// For is the proposal as the actor sees it: question, deadline and appeal are
// the authors' and the staff's alone, where it was sent the staff's, and a
// consent the authors' and the area's facilitators'.
func (p Proposal) For(actor domain.Actor, r round.At) View {
	v := View{Proposal: p, Mine: p.Mine(actor), May: p.May(actor, r)}
	if p.Cost != nil {
		v.Reserved = p.Cost.Reserved(r.Settings.ReserveMaintenance)
	}
	v.Images = p.Shown(actor)
	if !v.Mine && !p.ModeratedBy(actor) {
		v.Hidden, v.HiddenNote = "", ""
	}
	if !v.Mine && !actor.Staff() {
		v.Question, v.AnswerBy, v.Appeal = "", time.Time{}, ""
	}
	if !actor.Staff() {
		if p.State == InEvaluation {
			v.Cost, v.Reserved = nil, 0 // of the decision that was reopened
		}
		v.Division, v.EstimateBy, v.Estimation, v.Estimates = "", time.Time{}, "", 0
	}
	if p.Assistance != nil && !v.Mine && !actor.Facilitates(p.Text.Area) && !actor.Is(domain.Official) {
		v.Assistance = &Assistance{By: p.Assistance.By, Claimed: p.Assistance.Claimed}
	}
	return v
}
