package domain

import "slices"

// Role is what a person may do in the office. Everybody signed in is a
// resident; staff roles come from the identity provider.
type Role string

// The roles (the observer needs no account). Which voting places an officer
// works at the officials say.
const (
	Resident    Role = "resident"
	Facilitator Role = "facilitator" // Stadiluotsi, in the actor's Areas
	Expert      Role = "expert"      // a city division
	Official    Role = "official"
	Officer     Role = "officer"   // works at voting places
	HelpDesk    Role = "help_desk" // answers people, and may look somebody up who asks
)

// Actor is who does something: always a parameter of a service, never hidden in
// a context. The zero Actor is an anonymous visitor.
type Actor struct {
	ID    int64  // account; 0 if anonymous, NoAccount if signed in without one
	Name  string // display name
	Roles []Role
	Areas []string // a facilitator's districts

	Divisions []string // an expert's
}

// NoAccount is the ID of somebody who is signed in and has no account, as
// people who only vote: whatever they write needs one.
const NoAccount int64 = -1

// Anonymous tells whether nobody is signed in.
func (a Actor) Anonymous() bool { return a.ID == 0 }

// SignedIn is nil if somebody is.
func (a Actor) SignedIn() error {
	if a.Anonymous() {
		return Fail(Unauthenticated, CodeSignIn, "sign in first")
	}
	return nil
}

// Districts are those that the actor works for; nil, which is all, for an
// official.
func (a Actor) Districts() []string {
	if a.Is(Official) {
		return nil
	}
	return append([]string{}, a.Areas...)
}

// Is tells whether the actor has the role.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

// Facilitates tells whether the actor is a facilitator of the area.
func (a Actor) Facilitates(area string) bool {
	return a.Is(Facilitator) && slices.Contains(a.Areas, area)
}

// Estimates tells whether the actor is an expert of the division.
func (a Actor) Estimates(division string) bool {
	return a.Is(Expert) && slices.Contains(a.Divisions, division)
}

// Staff tells whether the actor works for the city on what residents propose.
func (a Actor) Staff() bool { return a.Is(Facilitator) || a.Is(Expert) || a.Is(Official) }

// Polls tells whether the actor works on the vote at its places: at which of
// them an officer does, polling knows.
func (a Actor) Polls() bool { return a.Is(Officer) || a.Is(Official) }

// Need is nil if the actor has the role; otherwise Unauthenticated for a
// visitor and Forbidden for anybody else.
func (a Actor) Need(r Role) error {
	if err := a.SignedIn(); err != nil {
		return err
	}
	if !a.Is(r) {
		return Fail(Forbidden, CodeNotAllowed, "only the role %s may do this", r)
	}
	return nil
}
