package post

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// carryTime bounds one try. It is less than the shortest hold, so that nobody
// else tries the same e-mail at the same time.
const sendTime = 30 * time.Second

// holds is how long an e-mail waits after each try, if that one does not settle
// it. An e-mail that could not be delivered for two days is given up.
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

// SendOne sends the e-mail that has been due longest, and tells whether
// there was one.
//
// An e-mail is claimed before it is sent and settled after. If the process
// dies between its being sent and being settled, nobody can know whether it
// arrived, and it is sent again when its hold is over: with the same
// Message-ID, by which mail programs know it for the same e-mail. That is the
// one case in which an e-mail can come twice.
func (s *Service) SendOne(ctx context.Context) (bool, error) {
	if !s.Sends() {
		return false, nil
	}
	l, address, err := s.c.Store.ClaimEmail(ctx, holds)
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
	send, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	err = s.c.Mailer.Send(send, m)
	switch _, refused := errors.AsType[Refusal](err); {
	case err == nil:
		return true, s.settle(context.WithoutCancel(ctx), *l, Sent)
	case refused:
		s.c.Report(l.ID, l.Notification, l.Tries, Refused, err)
		return true, s.c.Store.SettleEmail(ctx, l.ID, l.Tries, Refused)
	case l.Tries >= len(holds):
		s.c.Report(l.ID, l.Notification, l.Tries, GivenUp, err)
		return true, s.c.Store.SettleEmail(ctx, l.ID, l.Tries, GivenUp)
	}
	s.c.Report(l.ID, l.Notification, l.Tries, "", err)
	return true, nil
}

// When staff hear of their work: early on working days, or a while after
// something came, so that much of it is told together.
const (
	staffHour  = 7
	staffPause = 15 * time.Minute
)

// authorsHour is when authors hear of comments, once a day, by the city's
// clock.
const authorsHour = 8

// TellAuthors writes e-mails about comments on people's own proposals.
func (s *Service) TellAuthors(ctx context.Context) error {
	return s.c.Store.TellAuthors(ctx, authorsHour, s.c.TimeZone.String())
}

// TellStaff writes e-mails about what waits for those who work for the city.
func (s *Service) TellStaff(ctx context.Context) error {
	return s.c.Store.TellStaff(ctx, staffHour, s.c.TimeZone.String(), staffPause)
}

func (s *Service) settle(ctx context.Context, l Email, o Outcome) error {
	s.c.Report(l.ID, l.Notification, l.Tries, o, nil)
	return s.c.Store.SettleEmail(ctx, l.ID, l.Tries, o)
}

// ForgetEmails takes away what was settled long ago, and gives how many
// e-mails.
func (s *Service) ForgetEmails(ctx context.Context) (int64, error) {
	return s.c.Store.ForgetEmails(ctx)
}

// messageID is the same at every try (RFC 5322 §3.6.4).
func (s *Service) messageID(l Email) string {
	return fmt.Sprintf("email.%d.%d@%s", l.ID, l.WrittenAt.Unix(), s.c.Host)
}
