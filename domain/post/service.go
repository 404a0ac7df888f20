package post

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"osbu/domain"
)

// Sealed is a mailbox as it is kept: nobody who reads the tables learns an
// address.
type Sealed struct {
	Account      int64
	Address      []byte // empty: none
	Confirmed    bool
	Language     domain.Language
	Muted        []Kind
	AtOnce       bool
	Suggested    []byte
	Confirmation int // e-mails of confirmation written during the last day
}

// Store keeps mailboxes and the outbox.
type Store interface {
	Letters
	// Mailbox is an account's mailbox with the newest suggestion of its
	// sessions; one that is not kept has no address and the account's language.
	Mailbox(ctx context.Context, account int64) (Sealed, error)
	// ChangeMailbox lets change decide under the mailbox's lock and keeps what
	// it made of it; confirm puts an e-mail of confirmation into the outbox.
	ChangeMailbox(
		ctx context.Context,
		account int64,
		change func(now time.Time, s *Sealed) (confirm bool, err error),
	) (Sealed, error)
	// ClaimEmail takes the e-mail that has been due longest and makes it due
	// again after hold of its number of tries (the last one for all further
	// tries), so that it is tried again if nobody settles it; nil if none is
	// due. Nobody else gets the same e-mail meanwhile.
	ClaimEmail(ctx context.Context, hold []time.Duration) (*Email, []byte, error)
	// Emails are at most so many e-mails of the last month, the newest first, and
	// how many of the round, or of all, are in each state. Two queries without a
	// lock.
	Emails(ctx context.Context, wanted Wanted, limit int) ([]Listed, map[State]int, error)
	// TellStaff writes an e-mail to each of those who work for the city for whom
	// something has come since the one before: once a working day, at the hour
	// by the time zone's clock, or at most every pause to who wants it at once.
	// Who stands in for her that day gets one, too, that tells of her work.
	// One statement; those whom somebody else tells at this moment are left to
	// her.
	TellStaff(ctx context.Context, hour int, zone string, pause time.Duration) error
	// TellAuthors writes an e-mail to each author on whose proposals others have
	// commented since the one before: once a day, after the hour by the time
	// zone's clock, if a comment is older than that. Each comment is in one e-mail
	// to each author. One statement; those whom
	// somebody else tells at this moment are left to her.
	TellAuthors(ctx context.Context, hour int, zone string) error
	// SettleEmail notes the outcome of a claimed e-mail; a claim that was
	// overtaken changes nothing.
	SettleEmail(ctx context.Context, id int64, tries int, o Outcome) error
	// ForgetEmails takes away e-mails that were settled EmailsKept ago, and
	// gives how many. Of one that tells of a proposal's last step the store
	// goes on knowing that it was written, so that nobody is told twice;
	// e-mails about events go with the event's seats.
	ForgetEmails(ctx context.Context) (int64, error)
}

// EmailsKept is how long it is known of an e-mail that it was sent, or why not.
const EmailsKept = 30 * 24 * time.Hour

// Mailer brings an e-mail to its receiver's server. Refusal: never again;
// another error: later.
type Mailer interface {
	Send(ctx context.Context, m Message) error
}

// Refusal is a mailer's word that an e-mail cannot be delivered. It holds
// neither address nor the server's own words, which may quote it.
type Refusal struct{ Status int }

func (r Refusal) Error() string {
	return fmt.Sprintf("the receiver's server refuses with %d", r.Status)
}

// Message is an e-mail as it is sent.
type Message struct {
	ID          string // Message-ID without brackets: the same at every try
	To          string
	Written     time.Time
	Language    domain.Language
	Subject     string
	Plain, HTML string
	Unsubscribe string // address for one click (RFC 8058); empty: none
}

// Config wires the service.
type Config struct {
	Store    Store
	Mailer   Mailer // nil: no e-mail is sent
	Sealer   domain.Sealer
	Site     string // how people reach the site, without a slash at the end
	Host     string // of message IDs
	TimeZone *time.Location
	Help     string // how the help desk is reached, in no language
	// Report hears of each e-mail that was tried: its number, notification and
	// outcome, empty with an error for a try that failed. Never an address.
	Report func(id int64, m Notification, tries int, o Outcome, err error)
}

// Service keeps mailboxes and sends e-mails.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Sends tells whether e-mails are sent at all.
func (s *Service) Sends() bool { return s.c.Mailer != nil }

// What is sealed, and for what.
const (
	sealAddress        = "e-mail address"
	sealConfirmation   = "confirmation of an e-mail address"
	sealUnsubscription = "end of a kind of e-mails"
	sealSecret         = "secret of an e-mail" //nolint:gosec // what is sealed, not a secret
)

// Limits of confirmation: how long its link is good, and how many e-mails of it
// an account can have sent in a day.
const (
	confirmTime = 48 * time.Hour
	mostConfirm = 5
)

// SealAddress seals what the provider gives as somebody's address; nothing if
// it is none.
func SealAddress(sealer domain.Sealer, address string) []byte {
	var problems domain.Problems
	if address = CheckAddress(&problems, address); len(problems) > 0 {
		return nil
	}
	return sealer.Seal([]byte(address), sealAddress)
}

// OpenAddress is the address that was sealed; empty if there is none.
func OpenAddress(sealer domain.Sealer, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	plain, err := sealer.Unseal(sealed, sealAddress)
	return string(plain), err
}

// SealSecret seals what an e-mail's link will carry, until the e-mail is gone.
func SealSecret(sealer domain.Sealer, secret []byte) []byte { return sealer.Seal(secret, sealSecret) }

// Mailbox is the actor's own.
func (s *Service) Mailbox(ctx context.Context, actor domain.Actor) (Mailbox, error) {
	if err := actor.SignedIn(); err != nil {
		return Mailbox{}, err
	}
	kept, err := s.c.Store.Mailbox(ctx, actor.ID)
	if err != nil {
		return Mailbox{}, err
	}
	return s.open(kept)
}

// Keep sets the actor's address, language and kinds that she can do without.
// Staff choose whether they hear of their work at once or once a day; nil keeps
// that. Another address is confirmed by an e-mail to it before anything else
// goes there; the same one again, while it is not confirmed, sends the e-mail
// anew.
func (s *Service) Keep(
	ctx context.Context,
	actor domain.Actor,
	address string,
	language domain.Language,
	muted []Kind,
	atOnce *bool,
) (Mailbox, error) {
	if err := actor.SignedIn(); err != nil {
		return Mailbox{}, err
	}
	var problems domain.Problems
	address = CheckAddress(&problems, address)
	if !slices.Contains([]domain.Language{domain.Finnish, domain.Swedish, domain.English}, language) {
		problems.Add("language", "unknown", "")
	}
	for i, k := range muted {
		switch {
		case !slices.Contains(Kinds, k):
			problems.Add(fmt.Sprintf("muted[%d]", i), "unknown", "")
		case slices.Contains(muted[:i], k):
			problems.Add(fmt.Sprintf("muted[%d]", i), "duplicate", "")
		}
	}
	if err := problems.Err(); err != nil {
		return Mailbox{}, err
	}
	kept, err := s.c.Store.ChangeMailbox(ctx, actor.ID, func(_ time.Time, kept *Sealed) (bool, error) {
		old, err := s.open(*kept)
		if err != nil {
			return false, err
		}
		kept.Language, kept.Muted = language, muted
		if atOnce != nil {
			kept.AtOnce = *atOnce
		}
		if old.Address == address && old.Confirmed {
			return false, nil
		}
		if kept.Confirmation >= mostConfirm {
			return false, domain.Fail(
				domain.Busy,
				CodeTooMany,
				"%d e-mails of confirmation in a day are enough",
				mostConfirm,
			)
		}
		kept.Address, kept.Confirmed = s.c.Sealer.Seal([]byte(address), sealAddress), false
		return true, nil
	})
	if err != nil {
		return Mailbox{}, err
	}
	return s.open(kept)
}

// Forget removes the actor's address: no e-mail goes out any more.
func (s *Service) Forget(ctx context.Context, actor domain.Actor) error {
	if err := actor.SignedIn(); err != nil {
		return err
	}
	_, err := s.c.Store.ChangeMailbox(ctx, actor.ID, func(_ time.Time, kept *Sealed) (bool, error) {
		kept.Address, kept.Confirmed = nil, false
		return false, nil
	})
	return err
}

// confirmation and unsubscription are what links in e-mails carry, sealed: they
// can be neither guessed nor read.
type confirmation struct {
	Account int64
	Address string
	Until   time.Time
}

type unsubscription struct {
	Account int64
	Kind    Kind
}

// Confirm confirms an address by the link that was sent to it; no sign-in, for
// the e-mail may be read on another device.
func (s *Service) Confirm(ctx context.Context, token string) error {
	var t confirmation
	if err := s.readLink(token, sealConfirmation, &t); err != nil {
		return err
	}
	_, err := s.c.Store.ChangeMailbox(ctx, t.Account, func(now time.Time, kept *Sealed) (bool, error) {
		box, err := s.open(*kept)
		if err == nil && (box.Address != t.Address || now.After(t.Until)) {
			err = errLink
		}
		kept.Confirmed = true
		return false, err
	})
	return err
}

// Unsubscribe ends a kind of e-mails by the link in any of them; no sign-in.
// Once more changes nothing.
func (s *Service) Unsubscribe(ctx context.Context, token string) (Kind, error) {
	var t unsubscription
	if err := s.readLink(token, sealUnsubscription, &t); err != nil {
		return "", err
	}
	_, err := s.c.Store.ChangeMailbox(ctx, t.Account, func(_ time.Time, kept *Sealed) (bool, error) {
		if !slices.Contains(kept.Muted, t.Kind) {
			kept.Muted = append(kept.Muted, t.Kind)
		}
		return false, nil
	})
	return t.Kind, err
}

var errLink = domain.Fail(domain.Invalid, CodeLink, "this link is not valid, or not any more")

func (s *Service) link(v any, seal string) string {
	plain, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain fields
	}
	return base64.RawURLEncoding.EncodeToString(s.c.Sealer.Seal(plain, seal))
}

func (s *Service) readLink(token, seal string, out any) error {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(sealed) == 0 {
		return errLink
	}
	plain, err := s.c.Sealer.Unseal(sealed, seal)
	if err != nil || json.Unmarshal(plain, out) != nil {
		return errLink
	}
	return nil
}

func (s *Service) open(kept Sealed) (Mailbox, error) {
	m := Mailbox{
		Account: kept.Account, Confirmed: kept.Confirmed, Language: kept.Language, Muted: kept.Muted,
		AtOnce: kept.AtOnce,
	}
	for _, part := range []struct {
		sealed []byte
		plain  *string
	}{{kept.Address, &m.Address}, {kept.Suggested, &m.Suggested}} {
		plain, err := OpenAddress(s.c.Sealer, part.sealed)
		if err != nil {
			return Mailbox{}, err
		}
		*part.plain = plain
	}
	return m, nil
}
