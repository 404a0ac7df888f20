// Package event is where people meet: workshops, residents' evenings and places
// to vote, when and where they are, and who has a seat.
package event

import (
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Event is one that a facilitator or an official arranges, at one place and one
// or more times.
type Event struct {
	ID        int64
	Round     string
	State     State
	Version   int // counts every change from 1; calendars call it the sequence (RFC 5545 §3.8.7.4)
	Text      Text
	Reason    domain.Text // why it is cancelled
	Summary   domain.Text // what came of it, for everybody
	Proposals []Link      // that were made or spoken of there, in the order of their numbers; on a single event only
	Next      time.Time   // begin of the time that a list found it by; in it only
	Seated    int         // people with a seat
	WalkIns   int         // of those, who came without having signed up
	Waiting   int         // people who wait for one
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Text is what is announced.
type Text struct {
	Kind       Kind
	Area       string // empty: the whole city
	Title      domain.Text
	About      domain.Text
	Place      string
	Address    string
	Point      *domain.Point
	Times      []Time // in their order
	Languages  []Language
	Access     []Access
	AccessNote domain.Text
	Seats      int // that people can sign up for; 0: one just comes
}

// Time is from when until when. Its number is its own for ever, so that a
// calendar knows it again when it moves.
type Time struct {
	Number       int
	Begins, Ends time.Time
}

// Link is a public proposal.
type Link struct {
	ID    int64
	Title string
}

// Kind is what people come for.
type Kind string

// The kinds.
const (
	Workshop Kind = "workshop"
	Evening  Kind = "evening" // a residents' evening
	Voting   Kind = "voting"  // a place to vote at
	Other    Kind = "other"
)

var kinds = []Kind{Workshop, Evening, Voting, Other}

// State is where an event stands.
type State string

// The states. A cancelled event stays where people look for it.
const (
	Draft     State = "draft"
	Published State = "published"
	Cancelled State = "cancelled"
)

// Access is something without which some cannot come.
type Access string

var accesses = []Access{
	"step_free",
	"toilet",
	"parking",
	"induction_loop",
	"sign_language",
	"speech_to_text",
	"quiet_space",
}

// Language is one that is spoken there (ISO 639-1): those of the voter guide.
type Language string

var languages = []Language{"fi", "sv", "en", "ru", "et", "fr", "so", "es", "tr", "zh", "fa", "ar"}

// Codes of refusals.
const (
	CodeState domain.Code = "event_state_forbids"
	CodeFull  domain.Code = "event_full"
)

// arranges tells whether the actor may make and change events of the area; of
// the whole city ("") officials alone.
func arranges(actor domain.Actor, area string) bool {
	return actor.Is(domain.Official) || area != "" && actor.Facilitates(area)
}

// Begins is the first of its times.
func (e Event) Begins() time.Time { return slices.MinFunc(e.Text.Times, earlier).Begins }

// Ends is the end of the last of its times.
func (e Event) Ends() time.Time {
	return slices.MaxFunc(e.Text.Times, func(a, b Time) int { return a.Ends.Compare(b.Ends) }).Ends
}

func earlier(a, b Time) int { return a.Begins.Compare(b.Begins) }

// takesSeats tells whether people may sign up and leave: for a published event
// with seats, until it begins.
func (e Event) takesSeats(r round.At) bool {
	return e.State == Published && e.Text.Seats > 0 && r.Now.Before(e.Begins()) && r.Phase != round.Archived
}

// Seat is what somebody has who signed up.
type Seat struct {
	Name    string // as the account is shown now
	Waiting int    // her turn in the line, from 1; 0: she has a seat
}

// View is an event as one actor sees it now.
type View struct {
	Event
	Open bool     // for sign-ups
	Mine *Seat    // nil: the actor has not signed up
	May  []Action // as an arranger
}

// Action is what an arranger does.
type Action string

// The actions.
const (
	ToDraft   Action = "draft"
	ToEdit    Action = "edit"
	ToPublish Action = "publish"
	ToCancel  Action = "cancel"
	ToDiscard Action = "discard" // a draft
	ToTell    Action = "tell"    // what came of it
	ToAdmit   Action = "admit"   // who walks in, and take people off
)

// may lists what the actor may do with the event: nothing in an archived round.
func (e Event) may(actor domain.Actor, r round.Round) []Action {
	if !arranges(actor, e.Text.Area) || r.Phase == round.Archived {
		return []Action{}
	}
	switch e.State {
	case Draft:
		return []Action{ToEdit, ToPublish, ToDiscard}
	case Published:
		return []Action{ToEdit, ToCancel, ToTell, ToAdmit}
	}
	return []Action{ToTell}
}

// permit says why not what may does not list: first who, then when, then the
// event's state.
func (e Event) permit(action Action, actor domain.Actor, r round.Round) error {
	switch {
	case actor.Anonymous():
		return actor.SignedIn()
	case !arranges(actor, e.Text.Area):
		return domain.Fail(
			domain.Forbidden,
			domain.CodeNotAllowed,
			"events of %q are arranged by its Stadiluotsit and officials",
			e.Text.Area,
		)
	case r.Phase == round.Archived:
		return domain.Fail(domain.Closed, domain.CodePhase, "round %s is archived", r.ID)
	case !slices.Contains(e.may(actor, r), action):
		return domain.Fail(domain.Conflict, CodeState, "event %d is %s: it takes no %s", e.ID, e.State, action)
	}
	return nil
}

// visible is nil if the actor may know of the event: of a draft those who may
// arrange it, of anything in a draft round officials.
func (e Event) visible(actor domain.Actor, r round.Round) error {
	if r.VisibleTo(actor) != nil || e.State == Draft && !arranges(actor, e.Text.Area) {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no event %d in %s", e.ID, r.ID)
	}
	return nil
}
