package roll

import (
	"bytes"
	"context"
	"fmt"

	"osbu/domain"
	"osbu/domain/account"
)

// CodeRecoveryKept is the refusal of a second, different recovery for a right:
// the code that belongs to the first one stays good.
const CodeRecoveryKept domain.Code = "recovery_kept"

// MaxRecovery is how large a recovery may be, in bytes. osbu's own browser
// makes 652: nonce, key and blinding, tag.
const MaxRecovery = 1024

// A recovery is what a voter's browser knows between the credential and the
// ballot (its key, the message and what takes the blinding off), encrypted by
// that browser under a code that only the voter has
// (frontend/src/receipt/crypto/recovery.ts). Who loses the browser then signs
// in with another one, types the code, and goes on with the very same blinded
// request, to which the office has one answer.
//
// What the office then holds, until the close, beside the right's holder: bytes
// that are random to it, and the fact that this person made a code. It cannot
// read them: the code has 135 random bits and never leaves the browser. It
// cannot link them either, for key and message are inside; what goes to the box
// is neither in the bytes nor derived from anything the office sees. Whoever
// has both the bytes and the code could find the ballot, so the close destroys
// them all.

// Recoveries is where recoveries are kept.
type Recoveries interface {
	// KeepRecovery keeps a recovery beside the holder's spent right, if allow,
	// asked under a lock on the round, agrees. One that is there already stays;
	// kept is what lies there afterwards.
	KeepRecovery(
		ctx context.Context,
		round string,
		holder account.Ref,
		paper string,
		recovery []byte,
		allow func(State) error,
	) (kept []byte, err error)
	// Recovery is what was kept for the holder, nil if nothing was.
	Recovery(ctx context.Context, round string, holder account.Ref, paper string) ([]byte, error)
}

// Recovery gives a voter what her former browser left, nil if it left nothing.
// Only as long as the vote is open: afterwards it is destroyed, and could bring
// no ballot to the box.
func (s *Service) Recovery(ctx context.Context, v Voter, round, paper string) ([]byte, error) {
	b, err := s.bearer(ctx, v, round)
	if err != nil {
		return nil, err
	}
	st, err := s.rights.Holder(ctx, round, b.Ref)
	if err != nil {
		return nil, err
	}
	if err := known(b, st); err != nil {
		return nil, err
	}
	if _, ok := st.Round.Settings.Paper(paper); !ok {
		return nil, errPaper(paper)
	}
	if err := st.Round.TakesVotes(st.Now); err != nil {
		return nil, err
	}
	if right, _ := st.right(paper); !right.Replaced.IsZero() {
		return nil, errReplaced
	}
	return s.recoveries.Recovery(ctx, round, b.Ref, paper)
}

// keepRecovery adds a recovery to a right that was spent by this very request
// before: a voter may make her code as late as when the connection breaks on
// the way to the box.
func (s *Service) keepRecovery(
	ctx context.Context,
	round string,
	holder account.Ref,
	paper string,
	recovery []byte,
) error {
	kept, err := s.recoveries.KeepRecovery(
		ctx,
		round,
		holder,
		paper,
		recovery,
		func(st State) error { return st.Round.TakesVotes(st.Now) },
	)
	if err == nil && !bytes.Equal(kept, recovery) {
		err = domain.Fail(domain.Conflict, CodeRecoveryKept, "another recovery is kept for this right")
	}
	return err
}

// checkRecovery refuses what is too large to be one. Nil is none.
func checkRecovery(recovery []byte) error {
	if len(recovery) > MaxRecovery {
		return domain.Problems{{Path: "recovery", Code: "too_long", Limit: fmt.Sprint(MaxRecovery)}}.Err()
	}
	return nil
}
