// Package helpdesk lets those who answer people by phone, chat or at a counter
// see what somebody may do in a vote, and leaves a trace that she is shown.
package helpdesk

import (
	"context"
	"regexp"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/roll"
	"osbu/domain/round"
)

// Reason is why somebody is looked up, as she is told.
type Reason string

// The reasons.
const (
	Asked    Reason = "asked"     // she asks herself
	AskedFor Reason = "asked_for" // somebody asks for her
	Fault    Reason = "fault"     // she told of a fault
)

var reasons = []Reason{Asked, AskedFor, Fault}

// Whoever looks somebody up again and again learns when a right of hers came
// into use, and who looks up many learns who takes part: both are rationed.
const (
	MostOfPerson = 3   // look-ups of one person in a day of a round
	MostByOne    = 100 // look-ups by one account in a day of a round
)

// CodeUsedUp refuses a look-up beyond these.
const CodeUsedUp domain.Code = "look_ups_used_up"

// ActionLookUp is what the audit log calls one.
const ActionLookUp = "look up"

// Looking is what a look-up depends on, under a lock.
type Looking struct {
	roll.State

	OfPerson int // look-ups of her so far, on that day
	ByOne    int // and by whoever looks
}

// Trace is what stays of a look-up beside the audit log: on which day who was
// looked up, by an account, and why; never what was found. Whom it was stands
// here alone, without an hour, and the hour stands in the audit log alone,
// without whom: so nobody who reads both learns when somebody was voting.
type Trace struct {
	Day    time.Time // in the city's calendar, midnight UTC
	Person string    // as roll.Service.Trace names her
	Reason Reason
}

// Past is a look-up as the person is told of it.
type Past struct {
	Round  string
	Name   domain.Text
	Day    time.Time
	Role   domain.Role // HelpDesk, or Officer at a voting place
	Reason Reason      // of HelpDesk
}

// Store keeps the traces.
type Store interface {
	// LookUpPerson lets decide with what the roll says of the holder and how many
	// were looked up on the day, one look-up after the other, and keeps its trace
	// and entry; nothing if it refuses. All in one transaction. NotFound if there
	// is no such round.
	LookUpPerson(
		ctx context.Context,
		round string,
		by int64,
		holder account.Ref,
		person string,
		day func(now time.Time) time.Time,
		decide func(Looking) (Trace, round.Entry, error),
	) error
	// PastLookUps are those of a person, by officers too, once a day, role and
	// reason, the latest day first; person says how a round's traces name her. Two
	// queries without a lock.
	PastLookUps(ctx context.Context, person func(round string) string) ([]Past, error)
}

// Roll knows people by reference.
type Roll interface {
	// Refer is the person of an identity code, or Invalid at the field of that
	// name.
	Refer(identityCode string) (account.Ref, error)
	// Trace stands for a person in a round's traces.
	Trace(round string, holder account.Ref) string
	// Find says what she may do now.
	Find(st roll.State) roll.Finding
}

// Config wires the service.
type Config struct {
	Store    Store
	Roll     Roll
	TimeZone *time.Location // in which a day begins
}

// Service looks people up.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

const maxWords = 300

// anIdentityCode is what may be one, also with spaces in it.
var anIdentityCode = regexp.MustCompile(`(?i)[0-9]{6}\s?[-+A-FU-Y]\s?[0-9]{3}\s?[0-9A-Y]`)

// LookUp finds whoever has the identity code, which is matched and thrown away
// (the help desk). The answer says no more than an officer at a voting place is
// told: neither channel nor place nor day of a right in use. Only while votes
// are taken: afterwards there is nobody left to help, and nothing that anybody
// need know.
func (s *Service) LookUp(
	ctx context.Context,
	actor domain.Actor,
	id, identityCode string,
	reason Reason,
	words string,
) (found roll.Finding, err error) {
	if err := actor.Need(domain.HelpDesk); err != nil {
		return found, err
	}
	var problems domain.Problems
	if !slices.Contains(reasons, reason) {
		problems.Add("reason", "unknown", "")
	}
	switch words = problems.Line("words", words, maxWords); {
	case words == "":
		problems.Add("words", "required", "")
	case anIdentityCode.MatchString(words):
		problems.Add("words", "has_identity_code", "")
	}
	if err := problems.Err(); err != nil {
		return found, err
	}
	holder, err := s.c.Roll.Refer(identityCode)
	if err != nil {
		return found, err
	}
	person := s.c.Roll.Trace(id, holder)
	err = s.c.Store.LookUpPerson(ctx, id, actor.ID, holder, person, s.day, func(l Looking) (Trace, round.Entry, error) {
		found = roll.Finding{}
		switch err := l.Round.TakesVotes(l.Now); {
		case err != nil:
			return Trace{}, round.Entry{}, err
		case l.ByOne >= MostByOne:
			return Trace{}, round.Entry{}, domain.Fail(domain.Conflict, CodeUsedUp, "%d look-ups in a day are enough", MostByOne)
		case l.OfPerson >= MostOfPerson:
			return Trace{}, round.Entry{}, domain.Fail(
				domain.Conflict, CodeUsedUp, "%d look-ups of one person in a day are enough", MostOfPerson,
			)
		}
		found = s.c.Roll.Find(l.State)
		entry := round.NewEntry(round.Round{ID: id}, actor, ActionLookUp, words, map[string]string{"reason": string(reason)})
		return Trace{Day: s.day(l.Now), Person: person, Reason: reason}, *entry, nil
	})
	if err != nil {
		return roll.Finding{}, err
	}
	return found, nil
}

// Mine are the look-ups of whoever is signed in; none without an identity code.
func (s *Service) Mine(ctx context.Context, session account.Session) ([]Past, error) {
	if err := session.SignedIn(); err != nil {
		return nil, err
	}
	if session.Ref == (account.Ref{}) {
		return nil, nil
	}
	return s.c.Store.PastLookUps(ctx, func(id string) string { return s.c.Roll.Trace(id, session.Ref) })
}

// day is the moment's in the city's calendar, as midnight UTC.
func (s *Service) day(now time.Time) time.Time {
	year, month, day := now.In(s.c.TimeZone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
