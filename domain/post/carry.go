package post

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// carryTime bounds one try. It is less than the shortest hold, so that nobody
// else tries the same letter at the same time.
const carryTime = 30 * time.Second

// holds is how long a letter waits after each try, if that one does not settle
// it. A letter that could not be delivered for two days is given up.
var holds = []time.Duration{
	time.Minute,
	5 * time.Minute,
	15 * time.Minute,
	time.Hour,
	4 * time.Hour,
	12 * time.Hour,
	24 * time.Hour,
	24 * time.Hour,
}

// CarryOne carries the letter that has been due longest, and tells whether
// there was one.
//
// A letter is claimed before it is carried and settled after. If the process
// dies between its being carried and being settled, nobody can know whether it
// arrived, and it is carried again when its hold is over: with the same
// Message-ID, by which mail programs know it for the same letter. That is the
// one case in which a letter can come twice.
func (s *Service) CarryOne(ctx context.Context) (bool, error) {
	if !s.Sends() {
		return false, nil
	}
	l, address, err := s.c.Store.ClaimLetter(ctx, holds)
	if err != nil || l == nil {
		return false, err
	}
	if !l.Wanted {
		return true, s.settle(ctx, *l, Unwanted)
	}
	box, err := s.open(
		Sealed{Account: l.To.Account, Address: address, Confirmed: l.To.Confirmed, Language: l.To.Language},
	)
	if err != nil {
		return true, err
	}
	l.To = box
	m, err := s.write(*l)
	if err != nil {
		return true, err
	}
	carry, cancel := context.WithTimeout(context.WithoutCancel(ctx), carryTime)
	defer cancel()
	err = s.c.Carrier.Carry(carry, m)
	switch _, refused := errors.AsType[Refusal](err); {
	case err == nil:
		return true, s.settle(context.WithoutCancel(ctx), *l, Sent)
	case refused:
		s.c.Report(l.ID, l.Matter, l.Tries, Refused, err)
		return true, s.c.Store.SettleLetter(ctx, l.ID, l.Tries, Refused)
	case l.Tries >= len(holds):
		s.c.Report(l.ID, l.Matter, l.Tries, GivenUp, err)
		return true, s.c.Store.SettleLetter(ctx, l.ID, l.Tries, GivenUp)
	}
	s.c.Report(l.ID, l.Matter, l.Tries, "", err)
	return true, nil
}

func (s *Service) settle(ctx context.Context, l Letter, o Outcome) error {
	s.c.Report(l.ID, l.Matter, l.Tries, o, nil)
	return s.c.Store.SettleLetter(ctx, l.ID, l.Tries, o)
}

// ForgetLetters takes away what was settled long ago, and gives how many
// letters.
func (s *Service) ForgetLetters(ctx context.Context) (int64, error) {
	return s.c.Store.ForgetLetters(ctx)
}

// messageID is the same at every try (RFC 5322 §3.6.4).
func (s *Service) messageID(l Letter) string {
	return fmt.Sprintf("letter.%d.%d@%s", l.ID, l.WrittenAt.Unix(), s.c.Host)
}
