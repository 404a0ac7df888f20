package handlers

import (
	"time"

	"osbu/domain"
)

// Policy is what HTTP does to an operation before its handler and around its
// answer. policies has one for every operation of the contract.
type Policy struct {
	Audience Audience
	Body     int           // most bytes; 0: it takes none
	Media    Media         // of the body
	Deadline time.Duration // 0: Config.RequestTimeout
	Pace     Pace
	Keeps    Keeps
	Crowd    Crowd
	Compress bool   // not what tells of a voter: its length must not depend on what is in it
	Caching  string // Cache-Control; empty: no-store; ByAnswer: the handler says it
	Together bool   // visitors who ask at the same time get one answer, for it is the same (together.go)
	Shared   bool   // pages of other sites may read the answer, without cookies
}

// Audience is who may call an operation at all; which round, district or
// proposal she may call it for, the service decides. Who is not among them is
// refused before the body is decoded, or read if it is large. Who is SignedIn
// has an account from then on; who only looks around and votes has none.
type Audience int

// The audiences. Voters are signed in or have a voting code; what is wrong with
// a code is told by the roll.
const (
	Anybody Audience = iota
	Voters
	SignedIn
	Herself // is signed in, and is given no account
	Staff
	Officers // and officials
	HelpDesk
	Officials
	Box // anybody; but writes never with a cookie, by which a ballot could be joined to a person
)

// admits is nil for an actor of the audience.
func (a Audience) admits(actor domain.Actor) error {
	switch {
	case (a == SignedIn || a == Herself) && actor.Anonymous():
		return actor.Need(domain.Resident)
	case a == Staff && !actor.Staff():
		return actor.Need(domain.Facilitator)
	case a == Officers && !actor.Polls():
		return actor.Need(domain.Officer)
	case a == HelpDesk:
		return actor.Need(domain.HelpDesk)
	case a == Officials:
		return actor.Need(domain.Official)
	}
	return nil
}

// Media is what a body may be.
type Media int

// The media. What a mail program sends to an address that ends its e-mails says
// nothing (RFC 8058 §3.2), and nobody reads it.
const (
	JSON Media = iota
	Octets
	Unread
)

// Pace is which limit of Limits holds an operation.
type Pace int

// The paces. Ballots have none.
const (
	BySession Pace = iota // one that is signed in; else by address
	ByCode                // a voting code, if there is one, and wrong codes by address; else as BySession
	ByClaim               // as BySession, and wrong claim codes by address
	BySignIn              // sign-ins, by address
	ByReceipt             // receipts, by address
	Unpaced
)

// Keeps is what an operation lets a person add to what is kept, and so which
// limit holds how much of it one person may; her bytes are counted, too.
type Keeps int

// What is kept.
const (
	Nothing Keeps = iota
	Proposals
	Texts
	Images
)

// Crowd is which limit holds how many are in hand at once.
type Crowd int

// The crowds.
const (
	NoCrowd Crowd = iota
	Casting
	Issuing
	Searching
)

// Most bytes of a body by what is in it. A character takes up to twelve bytes
// in JSON (\ud83d\ude00), so a text of 5,000 characters may take 60,000.
const (
	tokenBody  = 8 << 10 // a link's secret, a number that is to be signed
	ballotBody = 64 << 10
	textBody   = 1 << 20
	listBody   = 16 << 20 // thousands of projects or estimates; a sheet of 4 MiB in base64

	// strayBody is what is read of a body that nobody asked for, so that its
	// sender surely hears what is wrong.
	strayBody = 64 << 10
)

// What caches may do. The manifest never changes; a minute keeps a rehearsal
// that started over from being shadowed by an old one. Open data and calendars
// change slowly. Tiles and proofs never change, a checkpoint is followed by
// another one, and who looks a receipt up should leave no trace in a cache.
const (
	noStore = "no-store"
	seconds = "public, max-age=2"
	aMinute = "public, max-age=60"
	anHour  = "public, max-age=3600"
	forEver = "public, max-age=31536000, immutable"

	ByAnswer = "by answer"
)

// stepDeadline is for steps of a round: to close, count and publish a large
// city's vote takes its time, and begins anew if it is broken off.
const stepDeadline = 10 * time.Minute

// PolicyOf is an operation's, by its id in the contract.
func PolicyOf(operation string) (Policy, bool) {
	p, ok := policies[operation]
	return p, ok
}
