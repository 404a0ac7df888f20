package roll

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/round"
)

// Codes of refusals.
const (
	CodeNotEligible domain.Code = "voter_not_eligible"
	CodeConflict    domain.Code = "credential_conflict"
	CodeSpent       domain.Code = "right_spent"
)

// Channel is how a right was spent.
type Channel string

// The channels.
const (
	Online   Channel = "online"
	Assisted Channel = "assisted" // by a voting code, or at a kiosk
	Paper    Channel = "paper"
	Replaced Channel = "replacement" // by a voting code given for a lost credential: no right of its own
)

// Voter is who asks: a person signed in, or whoever holds a voting code. The
// code wins.
type Voter struct {
	SignedIn   bool
	Person     account.Ref // zero for somebody signed in without an identity code
	PostalCode string      // of the person signed in, if known: suggests an area
	Code       string      // as typed
	Kiosk      [32]byte    // SHA-256 of the secret of the kiosk where she stands; zero: at none
}

// Right is one holder's spent right to one paper.
type Right struct {
	Paper          string
	Channel        Channel
	Day            time.Time   // in the city's calendar, midnight UTC; no time of day is kept
	Request        [32]byte    // SHA-256 of the blinded message; zero on paper
	BlindSignature []byte      // nil on paper
	Recovery       []byte      // goes in with the right and is read by Recoveries alone; nil: none (recovery.go)
	Replaced       time.Time   // the day on which its lost credential was replaced, or zero
	Place          int64       // the voting place at which an officer helped to spend it; 0: none
	Kiosk          account.Ref // as it goes in, with a place: the kiosk code, which has to be good still
}

// State is what the office knows of a right-holder in a round at one moment.
type State struct {
	// Round has its ID, phase, voting window, eligibility and the papers' IDs;
	// the rest is left out, for this is read for every credential.
	Round round.Round
	Now   time.Time
	Entry *Entry // nil: not on the roll
	Code  bool   // a voting code of this round
	Void  bool   // a code whose batch is void: what is spent stays so, and nothing more can be
	Only  string // the one paper that the code is for, as a replacement; empty: all
	Spent []Right
}

func (s State) right(paper string) (Right, bool) {
	i := slices.IndexFunc(s.Spent, func(r Right) bool { return r.Paper == paper })
	if i < 0 {
		return Right{}, false
	}
	return s.Spent[i], true
}

// covers tells whether the holder has a right to the paper: a replacement's
// code to one only.
func (s State) covers(paper string) bool { return s.Only == "" || s.Only == paper }

// Issue signs a blinded message (RFC 9474 §4.3) for one voter and one paper,
// once. The same request again gets the same answer, for a lost one must not
// cost a vote: also after the close, since it is no new credential. Any other
// request is a Conflict.
//
// A recovery (recovery.go; nil: none) is kept in the transaction that spends
// the right, or, with a later try of the same request, beside it.
//
// The signature, milliseconds of arithmetic, is made before the transaction
// that spends the right, so that no lock is held meanwhile. Whoever loses the
// race to the primary key gets what the winner stored, and its own signature,
// which nobody has seen, is dropped.
func (s *Service) Issue(ctx context.Context, v Voter, round, paper string, blinded, recovery []byte) ([]byte, error) {
	if err := checkRecovery(recovery); err != nil {
		return nil, err
	}
	b, err := s.bearer(ctx, v, round)
	if err != nil {
		return nil, err
	}
	holder := b.Ref
	request := sha256.Sum256(blinded)
	before, err := s.rights.Holder(ctx, round, holder)
	if err != nil {
		return nil, err
	}
	if err := known(b, before); err != nil {
		return nil, err
	}
	if _, ok := before.Round.Settings.Paper(paper); !ok || !before.covers(paper) {
		return nil, errPaper(paper)
	}
	if stored, spent := before.right(paper); spent {
		if stored, err = s.settle(ctx, round, holder, stored); err != nil {
			return nil, err
		}
		return s.again(ctx, round, holder, stored, request, recovery)
	}
	if err := s.admit(before); err != nil {
		return nil, err
	}
	signature, err := s.keys.sign(ctx, round, paper, blinded)
	if err != nil {
		return nil, err
	}
	channel := Online
	switch {
	case before.Only != "":
		channel = Replaced
	case v.Code != "":
		channel = Assisted
	}
	stored, first, err := s.rights.Spend(
		ctx,
		round,
		holder,
		Right{
			Paper:          paper,
			Channel:        channel,
			Day:            dayIn(s.timeZone, before.Now),
			Request:        request,
			BlindSignature: signature,
			Recovery:       recovery,
			Place:          b.place,
			Kiosk:          b.kiosk,
		},
		s.admit,
	)
	if err != nil {
		return nil, err
	}
	if !first {
		return s.again(ctx, round, holder, stored, request, recovery)
	}
	s.mixing.spent()
	s.spent(round, paper, channel)
	return stored.answer(request)
}

// settle asks for a spent right in the way that spends one, so that it is
// durable when its signature is given away once more: the try that spent it may
// not have lived to see that.
func (s *Service) settle(ctx context.Context, round string, holder account.Ref, seen Right) (Right, error) {
	stored, _, err := s.rights.Spend(ctx, round, holder, Right{Paper: seen.Paper}, func(State) error {
		return errors.New(
			"a right that was spent is so no more: the database went back in time",
		) // unknown: she asks again
	})
	return stored, err
}

// again answers a request for a right that is spent.
func (s *Service) again(
	ctx context.Context,
	round string,
	holder account.Ref,
	stored Right,
	request [32]byte,
	recovery []byte,
) ([]byte, error) {
	signature, err := stored.answer(request)
	if err == nil && recovery != nil {
		err = s.keepRecovery(ctx, round, holder, stored.Paper, recovery)
	}
	if err != nil {
		return nil, err
	}
	return signature, nil
}

func errPaper(paper string) error {
	return domain.Fail(domain.NotFound, domain.CodeNotFound, "no paper %s", paper)
}

// answer is the stored signature for the request it was made for.
func (r Right) answer(request [32]byte) ([]byte, error) {
	switch {
	case r.Channel == Paper:
		return nil, domain.Fail(domain.Conflict, CodeSpent, "this right was used on paper")
	case !r.Replaced.IsZero():
		return nil, errReplaced
	case r.Request != request:
		return nil, domain.Fail(domain.Conflict, CodeConflict, "another credential was issued for this right")
	}
	return r.BlindSignature, nil
}

// bearer is whose rights are asked for. At a kiosk nobody is signed in.
func (s *Service) bearer(ctx context.Context, v Voter, round string) (b bearer, err error) {
	switch {
	case v.Code != "":
		if code, ok := s.referKioskCode(round, v.Code); ok && v.Kiosk != [32]byte{} {
			b.kiosk = code
			b.Ref, b.place, err = s.kioskCodes.KioskHolder(ctx, round, code, v.Kiosk)
			if domain.KindOf(err) == domain.NotFound {
				err = errCode()
			}
			return b, err
		}
		b.Ref, b.code = referCode(s.pepper, round, v.Code)
		if !b.code {
			return b, errCode()
		}
		return b, nil
	case !v.SignedIn || v.Kiosk != [32]byte{}:
		return b, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in, or give a voting code")
	}
	b.Ref = v.Person // a zero reference is on no roll
	return b, nil
}

func errCode() error {
	return domain.Fail(domain.Unauthenticated, CodeInvalid, "no such voting code in this round")
}

// known refuses a code of no use here, and a round that is still a draft.
func known(b bearer, st State) error {
	switch {
	case st.Round.Phase == round.Draft:
		return round.Unknown(st.Round.ID)
	case b.code && !st.Code:
		return errCode()
	}
	return nil
}

// admit is the whole rule of who gets a credential now: the vote is open, and
// the holder is a code or an eligible person.
func (s *Service) admit(st State) error {
	if err := st.Round.TakesVotes(st.Now); err != nil {
		if st.Round.Phase.Reached(round.Closed) {
			s.Forget(st.Round.ID)
		}
		return err
	}
	if reason, first := s.judge(st, st.Now); reason != "" {
		e := domain.Fail(domain.Forbidden, CodeNotEligible, "%s", reason)
		if !first.IsZero() {
			e.Detail = fmt.Sprintf("%s until %s", reason, first.Format(time.DateOnly))
		}
		return e
	}
	return nil
}

// judge is refusal for any holder.
func (s *Service) judge(st State, moment time.Time) (Reason, time.Time) {
	switch {
	case st.Void:
		return VoidCode, time.Time{}
	case st.Code:
		return "", time.Time{}
	case st.Entry == nil:
		return NotOnRoll, time.Time{}
	}
	return refusal(st.Round.Settings.Eligibility, st.Round.Times.Voting.Opens, s.timeZone, *st.Entry, moment)
}

// Answer says whether a voter may vote, and what has become of each right.
type Answer struct {
	Refusal       Reason    // empty: eligible
	OldEnoughOn   time.Time // with TooYoung
	SuggestedArea string
	Papers        []PaperRight
}

// PaperRight is a paper the voter may cast, or has had a credential for.
type PaperRight struct {
	Paper    string
	Channel  Channel   // empty: not spent
	Day      time.Time // on which it was spent
	Replaced time.Time // the day on which a lost credential was replaced, or zero
}

// Ask tells a voter what she may do. Before the opening the answer is for the
// opening, after the close for the last moment of the vote.
func (s *Service) Ask(ctx context.Context, v Voter, id string) (Answer, error) {
	b, err := s.bearer(ctx, v, id)
	if err != nil {
		return Answer{}, err
	}
	st, err := s.rights.Holder(ctx, id, b.Ref)
	if err != nil {
		return Answer{}, err
	}
	if err := known(b, st); err != nil {
		return Answer{}, err
	}
	moment, window := st.Now, st.Round.Times.Voting
	if moment.Before(window.Opens) {
		moment = window.Opens
	}
	if !moment.Before(window.Closes) {
		moment = window.Closes.Add(-time.Nanosecond)
	}
	var a Answer
	a.Refusal, a.OldEnoughOn = s.judge(st, moment)
	if v.Code == "" && v.Person == (account.Ref{}) {
		a.Refusal = NoIdentity
	}
	for _, p := range st.Round.Settings.Papers {
		right, spent := st.right(p.ID)
		if spent || a.Refusal == "" && st.covers(p.ID) {
			a.Papers = append(a.Papers, PaperRight{p.ID, right.Channel, right.Day, right.Replaced})
		}
	}
	if a.Refusal == "" && !st.Code {
		a.SuggestedArea, err = s.suggest(ctx, id, *st.Entry, v.PostalCode)
	}
	return a, err
}

// suggest is the area on the roll, or the one the postal code lies in; nothing
// for protected people. It binds nobody.
func (s *Service) suggest(ctx context.Context, id string, e Entry, postalCode string) (string, error) {
	if e.Protected || e.Area != "" || postalCode == "" {
		return e.Area, nil
	}
	r, err := s.rounds.Round(ctx, id)
	if err != nil {
		return "", err
	}
	for _, a := range r.Settings.Areas {
		if slices.Contains(a.PostalCodes, postalCode) {
			return a.ID, nil
		}
	}
	return "", nil
}
