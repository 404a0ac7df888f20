// Package polling is the vote at its places: libraries, schools, service
// centres, and a tablet at home. Officers look people up on the roll and give
// each the key to her own right at a kiosk; what she chooses there the box
// alone sees. One person has one right, whatever she comes by: the roll holds
// that.
//
// A place is an event of the kind voting: facilitators and officials announce
// it like any other, and residents find it in the calendar and on the map.
package polling

import (
	"context"
	"io"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/event"
	"osbu/domain/roll"
	"osbu/domain/round"
)

// Place is where people vote.
type Place struct {
	ID      int64 // the event's
	Title   domain.Text
	Name    string // of the house
	Address string
	Times   []event.Time // in their order
	// Of an officer: whether she has asked to work here, and whether an official
	// has agreed.
	Asked, Mine bool
	// For those who work here and officials alone.
	Officers []Officer // the latter only
	Kiosks   []Kiosk   // that are not over
	Hours    []Hour
	Spent    map[roll.Channel]int // rights, by channel
}

// Officer works at a place, or has asked to.
type Officer struct {
	Account  int64
	Name     string
	Assigned bool
}

// Kiosk is a browser at a place.
type Kiosk struct {
	ID       int64
	Name     string
	Enrolled bool // false: its code was given and not typed yet
	Ends     time.Time
}

// What is counted at a place by the hour. Help is what the officer says of the
// person to whom she gives a code.
type What string

// What is counted.
const (
	LookUps         What = "look_up"
	Codes           What = "code"
	AtKiosk         What = "kiosk" // credentials
	HelpOfficer     What = "help_officer"
	HelpOwn         What = "help_own" // somebody of her own choice
	HelpInterpreter What = "help_interpreter"
	OnPaper         What = "paper"    // rights marked, those that were undone included
	Spoiled         What = "spoiled"  // marks undone, for the sheet was spoiled
	Returned        What = "returned" // for she hands it back, and votes otherwise
	Mistake         What = "mistake"  // for it was marked for somebody else
)

// Hour is how often something was done at a place in an hour.
type Hour struct {
	Begins time.Time // a whole hour
	What   What
	N      int
}

// Document is by what somebody showed who she is. Its number is nowhere.
type Document string

// Codes of refusals.
const (
	// CodeGiven: somebody at another place, or beside me, has just given a code
	// to this person, and it is good still.
	CodeGiven domain.Code = "code_given"
	// CodeEnrolment: the officer's code for a kiosk is misspelt, used or over.
	CodeEnrolment domain.Code = "enrolment_invalid"
	// CodeNotMarked: no right of hers was marked as paper here today.
	CodeNotMarked domain.Code = "not_marked"
)

// Working is a place and who asks, read under locks.
type Working struct {
	Round    round.Round
	Now      time.Time
	Known    bool // the round has this place, announced and not called off
	Assigned bool // to the account that asks
}

// Store keeps places' officers, kiosks, codes and certificates.
type Store interface {
	Certificates
	// At is a place and whether the account works there; NotFound without the
	// round.
	At(ctx context.Context, round string, place, account int64) (Working, error)
	// Places are a round's, announced and not called off, by their first time.
	// Asked and Mine are of the account.
	Places(ctx context.Context, round string, account int64) ([]Place, error)
	// Inside fills in what only those who work at a place see; officers too if
	// asked for.
	Inside(ctx context.Context, place *Place, officers bool) error
	// ChangeOfficer lets allow decide, with the round held, and then keeps the
	// officer's row as it says: asked, assigned, or none. Once more changes
	// nothing.
	ChangeOfficer(ctx context.Context, round string, place, account int64, to Standing,
		allow func(Working) (*round.Entry, error)) error
	// AddKiosk lets allow decide and keeps a kiosk that nobody has enrolled yet.
	AddKiosk(ctx context.Context, round string, place, account int64, name string, enrolment account.Ref,
		allow func(Working) (until, ends time.Time, err error)) (Kiosk, error)
	// EnrolKiosk turns a code that is good by the database's clock into a kiosk
	// with this secret, once; NotFound if there is none such in the round.
	EnrolKiosk(ctx context.Context, round string, enrolment account.Ref, secret [32]byte) (Kiosk, Place, error)
	// KioskOf is the kiosk of a secret, if it is one now; else NotFound.
	KioskOf(ctx context.Context, round string, secret [32]byte) (Kiosk, Place, error)
	// RevokeKiosk lets allow decide and ends it; NotFound if the place has none
	// such.
	RevokeKiosk(ctx context.Context, round string, place, account, kiosk int64, allow func(Working) error) error
	// LookUp lets decide see the place and the person's state, under locks on
	// the round and her entry, and say what is left of it; and whether to give
	// a code. One that is given replaces the person's, if that is over, or this
	// account's place gave it; else CodeGiven. Either way the trace is kept.
	LookUp(ctx context.Context, round string, place, account int64, holder account.Ref,
		decide func(Working, roll.State) (Trace, error)) error
	// MarkPaper is as LookUp, and spends the rights to the papers that decide
	// names as paper at this place: those that nobody spent in the meantime, of
	// which it answers with the names. With all that are left marked, the
	// person's kiosk code is forgotten. The trace is kept either way.
	MarkPaper(ctx context.Context, round string, place, account int64, holder account.Ref,
		decide func(Working, roll.State) (Trace, []string, error)) (marked []string, err error)
	// UndoPaper is as LookUp, and gives back the rights to the papers that
	// decide names, if they were marked as paper at this place on the trace's
	// day; CodeNotMarked if one was not, and then none is given back.
	UndoPaper(ctx context.Context, round string, place, account int64, holder account.Ref,
		decide func(Working, roll.State) (Trace, []string, error)) error
}

// Standing is what an officer is at a place.
type Standing string

// The standings.
const (
	Nobody   Standing = ""
	Asked    Standing = "asked"
	Assigned Standing = "assigned"
)

// Trace is what is left of a look-up, and the code that is given, if one is.
type Trace struct {
	Day      time.Time // in the city's calendar, midnight UTC
	Person   string
	Document Document
	Found    string
	Help     What // empty: none
	Reason   What // of a mark that is undone
	Code     account.Ref
	Until    time.Time // the code's; zero: none is given
}

// Config wires the service.
type Config struct {
	Store    Store
	Rounds   roll.Rounds
	Roll     *roll.Service
	Pepper   []byte // keys the hashes of kiosks' codes
	TimeZone *time.Location
	Rand     io.Reader
}

// Service is what officers and kiosks do.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// needOfficer is nil for an actor who may work at places at all.
func needOfficer(actor domain.Actor) error {
	if actor.Polls() {
		return nil
	}
	return actor.Need(domain.Officer)
}

// admit is nil if the actor works at the place now. What she sent is looked at
// afterwards.
func (s *Service) admit(ctx context.Context, actor domain.Actor, id string, place int64) error {
	if err := needOfficer(actor); err != nil {
		return err
	}
	w, err := s.c.Store.At(ctx, id, place, actor.ID)
	if err != nil {
		return err
	}
	return w.permit(actor)
}

// permit is nil if the actor works at the place: an officer who was assigned to
// it, or an official.
func (w Working) permit(actor domain.Actor) error {
	switch {
	case w.Round.Phase == round.Draft:
		return round.Unknown(w.Round.ID)
	case !w.Known:
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no such voting place in %s", w.Round.ID)
	case !w.Assigned && !actor.Is(domain.Official):
		return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "you are not assigned to this voting place")
	}
	return nil
}

// Admit is nil if the actor works at the place now.
func (s *Service) Admit(ctx context.Context, actor domain.Actor, round string, place int64) error {
	return s.admit(ctx, actor, round, place)
}
