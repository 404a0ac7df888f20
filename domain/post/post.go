// Package post is the city's post: e-mails that tell people what became of
// their proposals, and the mailboxes they go to. An e-mail is put into the
// outbox in the transaction of the step that it tells of, and sent after the
// commit.
package post

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"osbu/domain"
)

// Notification is what an e-mail is about; each has a template in emails/.
type Notification string

// The notifications.
const (
	Submitted   Notification = "submitted"
	Replied     Notification = "replied" // to a question
	Withdrawn   Notification = "withdrawn"
	Taken       Notification = "taken"
	Asked       Notification = "asked"
	Reminded    Notification = "reminded" // of a question, before its deadline
	Rejected    Notification = "rejected"
	Appealed    Notification = "appealed"
	Estimated   Notification = "estimated" // by a division's experts
	Accepted    Notification = "accepted"
	Reopened    Notification = "reopened"  // the decision
	Corrected   Notification = "corrected" // the text, by staff
	Hidden      Notification = "hidden"    // from the public, by a moderator
	Shown       Notification = "shown"     // again
	Placed      Notification = "placed"
	Removed     Notification = "removed"
	Selected    Notification = "selected"
	NotSelected Notification = "not_selected"
	MergeAsked  Notification = "merge_asked" // for consent
	SplitAsked  Notification = "split_asked"
	Merged      Notification = "merged"  // into another one
	TookIn      Notification = "took_in" // others that were merged into it
	Split       Notification = "split"
	WentOn      Notification = "went_on"      // alone, after its authors were asked
	Unmade      Notification = "unmade"       // a merge was undone
	Confirm     Notification = "confirm"      // of an address, by its owner
	Invite      Notification = "invite"       // to join the authors
	Entered     Notification = "entered"      // for somebody, who claims it with the code
	Joined      Notification = "joined"       // one who was invited
	Declined    Notification = "declined"     // one who was invited
	Helped      Notification = "helped"       // a facilitator answered what somebody asked
	Delivered   Notification = "delivered"    // something new of a project that is being built
	Desk        Notification = "desk"         // what waits for somebody who works for the city
	Commented   Notification = "commented"    // a day's comments on an author's proposals
	SecondStep  Notification = "second_step"  // that waits for a second official
	SecondCodes Notification = "second_codes" // likewise voting codes

	VoteBegins Notification = "vote_begins"
	VoteEnds   Notification = "vote_ends"
	ResultsOut Notification = "results_out"

	SignedUp       Notification = "signed_up" // for an event
	Queued         Notification = "queued"    // for one that is full
	EventSoon      Notification = "event_soon"
	EventMoved     Notification = "event_moved"
	EventCancelled Notification = "event_cancelled"
	SeatFreed      Notification = "seat_freed" // for somebody who waited
	SeatTaken      Notification = "seat_taken" // back, by who arranges the event
)

// Notifications are all of them.
var Notifications = []Notification{
	Submitted, Replied, Withdrawn, Taken, Asked, Reminded, Rejected, Appealed, Estimated, Accepted, Reopened,
	Corrected, Hidden, Shown, Placed, Removed, Selected, NotSelected, Confirm, Commented, VoteBegins, VoteEnds, ResultsOut,
	SignedUp, Queued, EventSoon, EventMoved, EventCancelled, SeatFreed, SeatTaken, Invite, Entered, Joined, Declined,
	Helped,
	Delivered, Desk, SecondStep, SecondCodes,
	MergeAsked, SplitAsked, Merged, TookIn, Split, WentOn, Unmade,
}

// Kind sorts e-mails; a person can do without any of them.
type Kind string

// The kinds.
const (
	Questions Kind = "questions" // to an author, and reminders
	Decisions Kind = "decisions" // on an author's proposals
	Progress  Kind = "progress"  // every other step of an author's proposals
	Followed  Kind = "followed"  // steps of others' proposals
	Events    Kind = "events"    // that somebody signed up for
	Work      Kind = "work"      // that waits for staff
	Comments  Kind = "comments"  // on an author's proposals
	Reminders Kind = "reminders" // of the vote, that somebody asked for
)

// Kinds are all of them.
var Kinds = []Kind{Questions, Decisions, Progress, Followed, Events, Work, Comments, Reminders}

// Kind is that of an e-mail to an author; a confirmation has none, for it is
// asked for, nor what goes to people without a mailbox here, which comes once,
// nor what a second official has to confirm: a step waits for her, whatever she
// can do without.
func (m Notification) Kind() Kind {
	switch m {
	case Asked, Reminded, Helped, MergeAsked, SplitAsked:
		return Questions
	case Rejected, Accepted, Reopened, Hidden, Shown, Selected, NotSelected, Merged, Split, Unmade:
		return Decisions
	case Commented:
		return Comments
	case VoteBegins, VoteEnds, ResultsOut:
		return Reminders
	case SignedUp, Queued, EventSoon, EventMoved, EventCancelled, SeatFreed, SeatTaken:
		return Events
	case Desk:
		return Work
	case Confirm, Invite, Entered, SecondStep, SecondCodes:
		return ""
	}
	return Progress
}

// Public tells whether followers hear of it too: what passes between the author
// and the city is theirs alone.
func (m Notification) Public() bool {
	return slices.Contains(
		[]Notification{
			Withdrawn,
			Taken,
			Estimated,
			Rejected,
			Accepted,
			Reopened,
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

// Mailbox is where somebody's e-mails go. E-mails go to a confirmed address
// only.
type Mailbox struct {
	Account   int64
	Address   string // empty: none
	Confirmed bool
	Language  domain.Language
	Muted     []Kind
	AtOnce    bool   // e-mails about work in office; otherwise once a day
	Suggested string // the provider's word at this sign-in
}

// Email is one that is due.
type Email struct {
	ID           int64
	Tries        int // this one included
	To           Mailbox
	Notification Notification
	Kind         Kind
	WrittenAt    time.Time
	Wanted       bool    // still so: the address stands, the kind is not muted, a question still waits
	Secret       []byte  // sealed; what the link of an invitation or a claim carries
	Letter       *Letter // the round's own words; nil: the standard text
	Subject              // zero for a confirmation
}

// Subject is the proposal or event that an e-mail is about, as it stands when
// the e-mail is sent; Words and Answer are those of the step.
type Subject struct {
	Round       string
	RoundName   domain.Text
	Proposal    int64
	Title       string
	Facilitator string
	By          string // who invites, answers what was asked, or entered it
	Reply       string // to Words, which the reader asked
	Words       string // the question, a rejection's reason code, a step, or what a batch of codes is called
	Answer      domain.Text
	Until       time.Time // of a question or an invitation
	Final       bool      // a rejection after an appeal
	// titles: of those that it is asked to be merged with, or that it was merged
	// into, joined by, or split into
	Others []string

	Absent    string      // for whom a reader stands in; empty: for nobody
	Waiting   []Waiting   // for staff
	Discussed []Discussed // for their authors
	Count     int         // of voting codes that are asked for

	Event  int64
	Named  domain.Text // the event
	Place  string      // with its address
	Begins time.Time
}

// Waiting is how much of one kind waits for somebody who works for the city,
// and how much of it is new since the e-mail before. The kinds are those of the
// database's work_of.
type Waiting struct {
	Kind  string
	All   int
	Fresh int
}

// Discussed is a proposal on which others have commented since the e-mail
// before.
type Discussed struct {
	Round    string
	Proposal int64
	Title    string
	Comments int
}

// Outcome is what became of an e-mail.
type Outcome string

// The outcomes. An e-mail without one waits for its next try.
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
	case err != nil || parsed.Address != address || !ascii || !strings.Contains(host, ".") ||
		strings.ContainsAny(address, `"<>()[]\,;:`):
		problems.Add("address", "bad_format", "name@example.org")
	}
	return address
}
