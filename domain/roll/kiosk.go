package roll

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/account"
)

// A kiosk code is a key to somebody's right, and no right of its own: an
// officer gives it to a person whom she has found on the roll, and it is good
// at the kiosks of one place. What is spent with it is the person's own right,
// as assisted at that place, and the credential is as blind as ever. Nothing
// but the minutes for which a code is good joins it to the person.

// kioskGroups make 60 bits, which live for minutes.
const kioskGroups = 3

// KioskCodes finds whose key a kiosk code is.
type KioskCodes interface {
	// KioskHolder is the person whose code this is, and the place where it is
	// good: if the kiosk of that secret stands there by the database's clock,
	// else NotFound. The first time gives it until LastsAtKiosk from now.
	KioskHolder(ctx context.Context, round string, code account.Ref, kiosk [32]byte) (
		holder account.Ref, place int64, err error)
}

// How long a kiosk code is good: until it is typed at a kiosk, and from then
// on, for choosing takes time.
const (
	LastsToKiosk = 15 * time.Minute
	LastsAtKiosk = 60 * time.Minute
)

// DrawKioskCode draws a code for a round: as people type it, and the reference
// by which it is kept.
func (s *Service) DrawKioskCode(round string) (string, account.Ref, error) {
	code, err := domain.DrawCode(s.rand, kioskGroups)
	if err != nil {
		return "", account.Ref{}, err
	}
	ref, _ := s.referKioskCode(round, code)
	return code, ref, nil
}

func (s *Service) referKioskCode(round, code string) (account.Ref, bool) {
	plain, ok := domain.ReadCode(code, kioskGroups)
	if !ok {
		return account.Ref{}, false
	}
	return keyed(s.pepper, "osbu/kiosk-code/v1", round, plain), true
}

// bearer is whose rights are asked for, and by what.
type bearer struct {
	account.Ref

	code  bool        // an anonymous voting code, a right of its own
	place int64       // a kiosk code is good there; 0: none was given
	kiosk account.Ref // that code
}

// Finding is what a look-up of a person at a voting place tells.
type Finding struct {
	Refusal     Reason    // empty: on the roll, and may vote
	OldEnoughOn time.Time // with TooYoung
	Papers      []string  // all of the round; none with a refusal
	Left        []string  // those whose right is not spent; how the others were is not told
}

// Find says what somebody may do at a voting place now. Neither channel nor
// place of a right that was spent is told.
func (s *Service) Find(st State) (f Finding) {
	f.Refusal, f.OldEnoughOn = s.judge(st, st.Now)
	if f.Refusal != "" {
		return f
	}
	for _, p := range st.Round.Settings.Papers {
		f.Papers = append(f.Papers, p.ID)
		if _, spent := st.right(p.ID); !spent {
			f.Left = append(f.Left, p.ID)
		}
	}
	return f
}

// Refer is the person of an identity code, or Invalid at the field of that
// name.
func (s *Service) Refer(identityCode string) (account.Ref, error) {
	holder, err := Refer(s.pepper, identityCode)
	if err != nil {
		return holder, domain.Problems{{Path: "identity_code", Code: "bad_format"}}.Err()
	}
	return holder, nil
}

// Trace stands for a person in what officers leave of their look-ups.
func (s *Service) Trace(round string, holder account.Ref) string { return s.trace(round, holder) }

// MarkedOnPaper is told of rights that an officer marked as paper.
func (s *Service) MarkedOnPaper(round string, papers []string) {
	for _, paper := range papers {
		s.mixing.spent()
		s.spent(round, paper, Paper)
	}
}

// ErrKioskCode refuses a kiosk code that is good no more.
func ErrKioskCode() error { return errCode() }
