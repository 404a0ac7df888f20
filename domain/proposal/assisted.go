package proposal

import (
	"time"

	"osbu/domain"
)

// Channel is how a proposal reached the city.
type Channel string

// The channels. Phone, Paper and Workshop go through a facilitator.
const (
	Online   Channel = "online"
	Phone    Channel = "phone"
	Paper    Channel = "paper"
	Workshop Channel = "workshop"
	Imported Channel = "imported" // from the service that held its round
)

// Assistance is what is known of a proposal that a facilitator entered for
// somebody.
type Assistance struct {
	By      Person // who entered it
	Consent Consent
	Claimed bool // its author has signed in and taken it over
}

// Consent is how and on which day the author agreed that the city enters the
// proposal and shows it; zero: not yet.
type Consent struct {
	How Manner
	On  time.Time // midnight UTC
}

// Manner is how somebody agreed.
type Manner string

// The ways.
const (
	Spoken  Manner = "spoken"
	Written Manner = "written"
)

// KeptBy tells whether the actor keeps the proposal for its author: a
// facilitator of its area, until it is claimed.
func (p Proposal) KeptBy(a domain.Actor) bool {
	return p.Assistance != nil && !p.Assistance.Claimed && a.Facilitates(p.Text.Area)
}
