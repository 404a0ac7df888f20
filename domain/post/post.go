// Package post is the city's post: letters by e-mail that tell people what
// became of their proposals, and the mailboxes they go to. A letter is put into
// the outbox in the transaction of the step that it tells of, and carried after
// the commit.
package post

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"osbu/domain"
)

// Matter is what a letter is about; each has a template in letters/.
type Matter string

// The matters.
const (
	Submitted   Matter = "submitted"
	Replied     Matter = "replied" // to a question
	Withdrawn   Matter = "withdrawn"
	Taken       Matter = "taken"
	Asked       Matter = "asked"
	Reminded    Matter = "reminded" // of a question, before its deadline
	Rejected    Matter = "rejected"
	Appealed    Matter = "appealed"
	Estimated   Matter = "estimated" // by a division's experts
	Accepted    Matter = "accepted"
	Placed      Matter = "placed"
	Removed     Matter = "removed"
	Selected    Matter = "selected"
	NotSelected Matter = "not_selected"
	MergeAsked  Matter = "merge_asked" // for consent
	SplitAsked  Matter = "split_asked"
	Merged      Matter = "merged"  // into another one
	TookIn      Matter = "took_in" // others that were merged into it
	Split       Matter = "split"
	WentOn      Matter = "went_on"  // alone, after its authors were asked
	Unmade      Matter = "unmade"   // a merge was undone
	Confirm     Matter = "confirm"  // of an address, by its owner
	Invite      Matter = "invite"   // to join the authors
	Entered     Matter = "entered"  // for somebody, who claims it with the code
	Joined      Matter = "joined"   // one who was invited
	Declined    Matter = "declined" // one who was invited
	Helped      Matter = "helped"   // a Stadiluotsi answered what somebody asked

	EventSoon      Matter = "event_soon"
	EventMoved     Matter = "event_moved"
	EventCancelled Matter = "event_cancelled"
	SeatFreed      Matter = "seat_freed" // for somebody who waited
)

// Matters are all of them.
var Matters = []Matter{
	Submitted, Replied, Withdrawn, Taken, Asked, Reminded, Rejected, Appealed, Estimated, Accepted, Placed, Removed, Selected, NotSelected, Confirm,
	EventSoon, EventMoved, EventCancelled, SeatFreed, Invite, Entered, Joined, Declined, Helped,
	MergeAsked, SplitAsked, Merged, TookIn, Split, WentOn, Unmade,
}

// Kind sorts letters; a person can do without any of them.
type Kind string

// The kinds.
const (
	Questions Kind = "questions" // to an author, and reminders
	Decisions Kind = "decisions" // on an author's proposals
	Progress  Kind = "progress"  // every other step of an author's proposals
	Followed  Kind = "followed"  // steps of others' proposals
	Events    Kind = "events"    // that somebody signed up for
)

// Kinds are all of them.
var Kinds = []Kind{Questions, Decisions, Progress, Followed, Events}

// Kind is that of a letter to an author; a confirmation has none, for it is
// asked for, nor what goes to people without a mailbox here, which comes once.
func (m Matter) Kind() Kind {
	switch m {
	case Asked, Reminded, Helped, MergeAsked, SplitAsked:
		return Questions
	case Rejected, Accepted, Selected, NotSelected, Merged, Split, Unmade:
		return Decisions
	case EventSoon, EventMoved, EventCancelled, SeatFreed:
		return Events
	case Confirm, Invite, Entered:
		return ""
	}
	return Progress
}

// Public tells whether followers hear of it too: what passes between the author
// and the city is theirs alone.
func (m Matter) Public() bool {
	return slices.Contains(
		[]Matter{
			Withdrawn,
			Taken,
			Estimated,
			Rejected,
			Accepted,
			Placed,
			Removed,
			Selected,
			NotSelected,
			Merged,
			TookIn,
			Split,
			Unmade,
		},
		m,
	)
}

// Mailbox is where somebody's letters go. Letters go to a confirmed address
// only.
type Mailbox struct {
	Account   int64
	Address   string // empty: none
	Confirmed bool
	Language  domain.Language
	Muted     []Kind
	Suggested string // the provider's word at this sign-in
}

// Letter is one that is due.
type Letter struct {
	ID        int64
	Tries     int // this one included
	To        Mailbox
	Matter    Matter
	Kind      Kind
	WrittenAt time.Time
	Wanted    bool   // still so: the address stands, the kind is not muted, a question still waits
	Secret    []byte // sealed; what the link of an invitation or a claim carries
	Subject          // zero for a confirmation
}

// Subject is the proposal or event that a letter is about, as it stands when
// the letter is carried; Words and Answer are those of the step.
type Subject struct {
	Round       string
	RoundName   domain.Text
	Proposal    int64
	Title       string
	Facilitator string
	By          string // who invites, answers what was asked, or entered it
	Reply       string // to Words, which the reader asked
	Words       string // the question, or a rejection's reason code
	Answer      domain.Text
	Until       time.Time // of a question or an invitation
	Final       bool      // a rejection after an appeal
	Others      []string  // titles: of those that it is asked to be merged with, or that it was merged into, joined by, or split into

	Event  int64
	Named  domain.Text // the event
	Place  string      // with its address
	Begins time.Time
}

// Outcome is what became of a letter.
type Outcome string

// The outcomes. A letter without one waits for its next try.
const (
	Sent     Outcome = "sent"
	Unwanted Outcome = "unwanted" // not wanted any more when its time came
	Refused  Outcome = "refused"  // for good, by the receiver's server
	GivenUp  Outcome = "given_up" // after the last try
)

// Codes of refusals.
const (
	CodeLink    domain.Code = "mail_link_invalid"
	CodeTooMany domain.Code = "too_many_requests"
)

const longestAddress = 254 // octets, RFC 5321 §4.5.3.1.3

// CheckAddress gives the address as it is kept, or notes what is wrong. Letters
// outside ASCII would need every server on the way to know RFC 6531.
func CheckAddress(problems *domain.Problems, address string) string {
	address = strings.TrimSpace(address)
	parsed, err := mail.ParseAddress(address)
	_, host, _ := strings.Cut(address, "@")
	ascii := !strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' })
	switch {
	case address == "":
		problems.Add("address", "required", "")
	case len(address) > longestAddress:
		problems.Add("address", "too_long", "254")
	case err != nil || parsed.Address != address || !ascii || !strings.Contains(host, ".") || strings.ContainsAny(address, `"<>()[]\,;:`):
		problems.Add("address", "bad_format", "name@example.org")
	}
	return address
}
