package roll

import (
	"context"
	"encoding/hex"
	"math"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/round"
)

// A replacement is for a voter whose browser was lost between credential and
// ballot, without a recovery code: her right is spent, and the credential can
// be unblinded by nobody. The office cannot see whether a ballot was cast with
// it, so it must believe her. What it believes is bounded: an official sees her
// in person, once a person and paper, under a cap for the round; the count is
// public, and every attempt is in the audit log.

// Codes of refusals.
const (
	CodeNotSpent domain.Code = "right_not_spent" // it can still be used as it is
	CodeNoPerson domain.Code = "person_not_on_roll"
	CodeOffline  domain.Code = "right_not_online" // spent on paper: no browser of hers was lost
	CodeReplaced domain.Code = "already_replaced"
	CodeCap      domain.Code = "replacements_used_up"
	CodeDay      domain.Code = "replacements_used_up_today"
)

// errReplaced answers whoever comes back with a lost browser or its recovery
// code after the replacement.
var errReplaced = domain.Fail(domain.Conflict, CodeReplaced, "the credential of this right was replaced in person")

// LeastReplacements is the cap of a small round: a share of few is none.
const LeastReplacements = 5

// LeastLookUps is how many people officials may look up in a day of a small
// round, whatever becomes of it; in a large one a fifth of the cap. Whoever
// looks somebody up learns whether she has voted, so it is rationed like what
// it is for.
const LeastLookUps = 20

// Replacing is what a replacement depends on, under locks.
type Replacing struct {
	State
	Given  int // replacements in the round so far
	Looked int // people looked up today for one, also in vain
	People int // on the roll who may vote; a code is no browser's, and raises no cap
}

// What the audit log calls a replacement, and a look-up in vain.
const (
	ActionReplace = "replace credential"
	ActionRefuse  = "refuse replacement"
)

// Replacement is what is stored if it is given.
type Replacement struct {
	Paper string
	Day   time.Time   // in the city's calendar, midnight UTC
	Code  account.Ref // of the voting code, good for this paper alone
}

// Replacements gives new credentials for lost ones.
type Replacements interface {
	// GiveReplacement lets decide, under locks that let nobody else give one in
	// this round at the same time, say what to store, or refuse. Either way the
	// entry is kept, for whoever looks somebody up leaves a trace. A refusal is
	// returned as it is.
	GiveReplacement(
		ctx context.Context,
		round string,
		holder account.Ref,
		decide func(Replacing) (Replacement, round.Entry, error),
	) error
}

// MostReplacements is the cap in a round in which so many people on the roll
// may vote.
func (s *Service) MostReplacements(people int) int {
	return max(LeastReplacements, int(math.Ceil(float64(people)*s.replacementShare)))
}

// Replace gives a person who stands before an official, by the identity code
// that the official reads from her document, one new voting code for one paper
// whose right was spent online, or at a kiosk that failed before the ballot was
// in the box. The identity code is matched and thrown away;
// the voting code is in the answer alone. The person's right stays spent, and
// is answered no more, not even for the same request or with the recovery code:
// should the lost browser be found it is too late for it.
func (s *Service) Replace(
	ctx context.Context,
	actor domain.Actor,
	id, paper, identityCode, reason string,
) (code string, err error) {
	if err := actor.Need(domain.Official); err != nil {
		return "", err
	}
	holder, err := Refer(s.pepper, identityCode)
	if err != nil {
		return "", domain.Problems{{Path: "identity_code", Code: "bad_format"}}.Err()
	}
	if code, err = domain.DrawCode(s.rand, codeGroups); err != nil {
		return "", err
	}
	ref, _ := referCode(s.pepper, id, code)
	err = s.replacements.GiveReplacement(ctx, id, holder, func(r Replacing) (Replacement, round.Entry, error) {
		refusal := s.refuseReplacement(r, paper)
		details := map[string]any{"paper": paper, "given": r.Given, "person": s.trace(id, holder)}
		action := ActionReplace
		if refusal != nil {
			action, details["refused"] = ActionRefuse, domain.CodeOf(refusal)
		}
		entry := round.NewEntry(round.Round{ID: id}, actor, action, reason, details)
		return Replacement{Paper: paper, Day: dayIn(s.timeZone, r.Now), Code: ref}, *entry, refusal
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

// MostLookUps is how many people may be looked up in a day of a round in which
// so many people on the roll may vote.
func (s *Service) MostLookUps(people int) int {
	return max(LeastLookUps, s.MostReplacements(people)/5)
}

// trace stands for the person in the audit log: the same for the same person in
// a round, and another one in each round. An auditor who has the pepper, or the
// city for somebody who asks, finds out who was looked up; nobody who reads the
// log does.
func (s *Service) trace(id string, holder account.Ref) string {
	ref := keyed(s.pepper, "osbu/look-up/v1", id, hex.EncodeToString(holder[:]))
	return hex.EncodeToString(ref[:8])
}

// refuseReplacement looks at what is nobody's in particular first: at the cap,
// and once enough people were looked up, nothing is learnt of anybody.
func (s *Service) refuseReplacement(r Replacing, paper string) error {
	if _, ok := r.Round.Settings.Paper(paper); !ok {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no paper %s", paper)
	}
	if err := r.Round.TakesVotes(r.Now); err != nil {
		return err
	}
	switch {
	case r.Given >= s.MostReplacements(r.People):
		return domain.Fail(
			domain.Conflict,
			CodeCap,
			"%d replacements were given in this round, the most there may be",
			r.Given,
		)
	case r.Looked >= s.MostLookUps(r.People):
		return domain.Fail(
			domain.Conflict,
			CodeDay,
			"%d people were looked up today, the most in a day: come back tomorrow",
			r.Looked,
		)
	}
	right, spent := r.right(paper)
	switch {
	case !spent && r.Entry == nil:
		return domain.Fail(domain.Conflict, CodeNoPerson, "this person is not on the roll, so there is nothing to replace")
	case !spent:
		return domain.Fail(
			domain.Conflict,
			CodeNotSpent,
			"no credential was issued for this right: there is nothing to replace",
		)
	case right.Channel != Online && (right.Channel != Assisted || right.Place == 0):
		return domain.Fail(
			domain.Conflict,
			CodeOffline,
			"only a right that was spent online or at a kiosk is replaced, not one spent by %s",
			right.Channel,
		)
	case !right.Replaced.IsZero():
		return domain.Fail(
			domain.Conflict,
			CodeReplaced,
			"this right was replaced already, on %s",
			right.Replaced.Format(time.DateOnly),
		)
	}
	return nil
}
