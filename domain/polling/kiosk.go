package polling

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"osbu/domain"
	"osbu/domain/account"
)

// enrolmentLasts is how long an officer has to type a kiosk's code; enrolment
// codes are of three groups, 60 bits.
const (
	enrolmentLasts  = 15 * time.Minute
	enrolmentGroups = 3
	mostName        = 60
)

// AddKiosk gives a code that makes the browser in which it is typed a kiosk of
// the place, until midnight. It is in the answer alone.
func (s *Service) AddKiosk(ctx context.Context, actor domain.Actor, id string, place int64, name string) (
	code string, until time.Time, err error,
) {
	if err := s.admit(ctx, actor, id, place); err != nil {
		return "", until, err
	}
	var p domain.Problems
	if name = p.Line("name", name, mostName); name == "" {
		p.Add("name", "required", "")
	}
	if err := p.Err(); err != nil {
		return "", until, err
	}
	if code, err = domain.DrawCode(s.c.Rand, enrolmentGroups); err != nil {
		return "", until, err
	}
	ref, _ := s.referEnrolment(id, code)
	_, err = s.c.Store.AddKiosk(ctx, id, place, actor.ID, name, ref, func(w Working) (time.Time, time.Time, error) {
		until = w.Now.Add(enrolmentLasts)
		if err := w.permit(actor); err != nil {
			return until, until, err
		}
		return until, s.midnight(w.Now), w.open()
	})
	if err != nil {
		return "", until, err
	}
	return code, until, nil
}

// Enrol makes the browser that typed an officer's code a kiosk, whose secret is
// in the answer alone. CodeEnrolment if the code is none, or no more.
func (s *Service) Enrol(ctx context.Context, id, code string) (secret string, k Kiosk, place Place, err error) {
	refusal := domain.Fail(domain.Invalid, CodeEnrolment, "no such code for a kiosk, or no more: ask for another one")
	ref, ok := s.referEnrolment(id, code)
	if !ok {
		return "", k, place, refusal
	}
	bytes := make([]byte, 32)
	if _, err := io.ReadFull(s.c.Rand, bytes); err != nil {
		return "", k, place, fmt.Errorf("kiosk: %w", err)
	}
	secret = base64.RawURLEncoding.EncodeToString(bytes)
	k, place, err = s.c.Store.EnrolKiosk(ctx, id, ref, KioskSecret(secret))
	if domain.KindOf(err) == domain.NotFound {
		err = refusal
	}
	if err != nil {
		return "", k, place, err
	}
	return secret, k, place, nil
}

// Kiosk is what the browser with this secret is, or NotFound.
func (s *Service) Kiosk(ctx context.Context, id string, secret [32]byte) (Kiosk, Place, error) {
	return s.c.Store.KioskOf(ctx, id, secret)
}

// RevokeKiosk ends a kiosk at once: no code is taken there any more.
func (s *Service) RevokeKiosk(ctx context.Context, actor domain.Actor, id string, place, kiosk int64) error {
	if err := needOfficer(actor); err != nil {
		return err
	}
	return s.c.Store.RevokeKiosk(ctx, id, place, actor.ID, kiosk, func(w Working) error { return w.permit(actor) })
}

// KioskSecret is what of a kiosk's secret is kept.
func KioskSecret(secret string) [32]byte { return sha256.Sum256([]byte("osbu/kiosk/v1\x00" + secret)) }

func (s *Service) referEnrolment(round, code string) (ref account.Ref, ok bool) {
	plain, ok := domain.ReadCode(code, enrolmentGroups)
	mac := hmac.New(sha256.New, s.c.Pepper)
	_, _ = io.WriteString(mac, "osbu/kiosk-enrolment/v1\x00"+round+"\x00"+plain)
	mac.Sum(ref[:0])
	return ref, ok
}

// midnight is the end of the day by the city's calendar.
func (s *Service) midnight(now time.Time) time.Time {
	year, month, day := now.In(s.c.TimeZone).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, s.c.TimeZone)
}
