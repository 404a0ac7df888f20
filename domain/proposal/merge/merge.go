// Package merge is what joins proposals to each other: several become one, one
// becomes several, and of some only one can be carried out.
package merge

import (
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Merge makes one proposal of several, or several of one. It begins with asking
// the authors and can be undone until the freeze. What it is made of stays:
// text, versions, authors, supporters, followers, comments and address.
type Merge struct {
	ID        int64
	Round     string
	Kind      Kind
	Stage     Stage
	Members   []Member // by proposal
	Parts     []Part
	Message   string          // the facilitator's, to the authors
	By        proposal.Person // who asked
	AskedAt   time.Time
	AnswerBy  time.Time
	SettledAt time.Time   // when the stage was reached; zero while it is under way
	Decided   string      // the facilitator's reason about those who did not answer in time
	Undone    domain.Text // why
}

// Kind is which of the two it is.
type Kind string

// The kinds.
const (
	Merging   Kind = "merge"
	Splitting Kind = "split"
)

// Stage is how far a merge has come: asked → done → undone, or asked → dropped.
type Stage string

// The stages.
const (
	Asked   Stage = "asked"
	Done    Stage = "done"
	Undone  Stage = "undone"
	Dropped Stage = "dropped"
)

// Member is a proposal that a merge is to be made of.
type Member struct {
	Proposal   int64
	Area       string
	Title      string
	Language   domain.Language
	State      proposal.State // now
	Membership Membership
	Before     proposal.State // where it stood when it went into the merge; an undoing puts it back there
	Consents   []Consent
}

// Membership is a member's part in the merge.
type Membership string

// The memberships.
const (
	Waiting  Membership = "waiting"  // until the merge is completed
	Joined   Membership = "joined"   // into the merge
	Absorbed Membership = "absorbed" // the others went into it
	Left     Membership = "left"     // went on alone: its author said no or did not answer, or it was decided meanwhile
	Restored Membership = "restored" // the merge was undone
)

// Answer is what an author says to a merge.
type Answer string

// The answers.
const (
	Agrees  Answer = "yes"
	Refuses Answer = "no"
)

// Consent is an author's answer, or what stands for it.
type Consent struct {
	Author  proposal.Person
	Answer  Answer // empty: none yet
	Message string
	Basis   Basis
	At      time.Time
}

// Basis says who gave a consent.
type Basis string

// The bases.
const (
	Own      Basis = "author"
	Assisted Basis = "assisted" // the facilitator's who asked: the proposal has no author who could be asked
	Silence  Basis = "silence"  // the facilitator's who completed the merge, after the deadline
)

// Part is a proposal that a merge makes, or for a merging into one of its
// members that one.
type Part struct {
	Proposal int64         // 0 until it is made
	Made     bool          // by the merge
	Text     proposal.Text // in Finnish
	Swedish  proposal.Words
}

// Link leads to a proposal that a merge joins with another one.
type Link struct {
	Proposal int64
	Title    string
	Language domain.Language
	State    proposal.State
	Authors  []string
}

// Ties are what joins a proposal to others.
type Ties struct {
	Into      []Link // the one that it was merged into
	MadeOf    []Link
	SplitInto []Link
	SplitFrom []Link
	Undone    *domain.Text // why the merge that made it was undone
	Merge     *View        // one that is under way, for whoever has a say in it
	Latest    *View        // the latest that was done or undone, for staff
	Conflicts []Conflict
}

// View is a merge as one actor sees it: an author sees her own answer
// only.
type View struct {
	Merge
	May []Action
}

// Action is what somebody does about a merge that is under way or done.
type Action string

// The actions.
const (
	ToAnswer   Action = "answer"
	ToComplete Action = "complete"
	ToDrop     Action = "drop"
	ToUnmake   Action = "undo"
)

// Codes of refusals.
const (
	CodeOpen     domain.Code = "merge_under_way"
	CodeSettled  domain.Code = "merge_settled"
	CodeAnswered domain.Code = "merge_answered"
	CodeWaits    domain.Code = "merge_waits"
	CodeRefused  domain.Code = "merge_refused"
	CodeBuiltOn  domain.Code = "merge_built_on"
)

// Bounds of a merge: how many proposals, how many days there are to answer if
// the facilitator does not say and at most, and lengths in characters.
const (
	usualAnswerDays = 14
	mostConsentDays = 60

	mostMembers = 10
	maxMessage  = 2000
	maxUndone   = 5000 // why it was undone
)

// into is the proposal that a merging leads to, 0 until it is made.
func (m Merge) into() int64 {
	if m.Kind == Merging && len(m.Parts) == 1 {
		return m.Parts[0].Proposal
	}
	return 0
}

// asks tells whether the actor is one of the authors who are asked.
func (m Merge) asks(actor domain.Actor) bool {
	for _, member := range m.Members {
		for _, c := range member.Consents {
			if c.Author.ID == actor.ID && c.Basis != Assisted && !actor.Anonymous() {
				return true
			}
		}
	}
	return false
}

// pending tells whether the actor has not answered yet.
func (m Merge) pending(actor domain.Actor) bool {
	for _, member := range m.Members {
		for _, c := range member.Consents {
			if c.Author.ID == actor.ID && c.Answer == "" {
				return true
			}
		}
	}
	return false
}

// leads tells whether the actor is the facilitator of all the areas that the
// merge is about, and none of its proposals is her own.
func (m Merge) leads(actor domain.Actor) bool {
	for _, member := range m.Members {
		if !actor.Facilitates(member.Area) {
			return false
		}
	}
	for _, part := range m.Parts {
		if part.Made && !actor.Facilitates(part.Text.Area) {
			return false
		}
	}
	return !m.asks(actor)
}

// For is the merge as the actor sees it.
func (m Merge) For(actor domain.Actor, r round.Round) View {
	v := View{Merge: m, May: []Action{}}
	open := r.TakesVetting()
	if open && m.Stage == Asked && m.asks(actor) && m.pending(actor) {
		v.May = append(v.May, ToAnswer)
	}
	if open && m.Stage == Asked && m.leads(actor) {
		v.May = append(v.May, ToComplete, ToDrop)
	}
	if open && m.Stage == Done && m.leads(actor) {
		v.May = append(v.May, ToUnmake)
	}
	if actor.Staff() && !m.asks(actor) {
		return v
	}
	v.Decided = ""
	v.Members = make([]Member, len(m.Members))
	for i, member := range m.Members {
		own := []Consent{}
		for _, c := range member.Consents {
			if c.Author.ID == actor.ID {
				own = append(own, c)
			}
		}
		member.Consents = own
		v.Members[i] = member
	}
	return v
}

// authorsOf are all who can be asked.
func authorsOf(p proposal.Proposal) []proposal.Person {
	if p.Author.ID == 0 {
		return p.Coauthors
	}
	return append([]proposal.Person{p.Author}, p.Coauthors...)
}
