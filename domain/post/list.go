package post

import (
	"context"
	"slices"
	"time"

	"osbu/domain"
)

// State is where an e-mail stands, for whoever looks after them.
type State string

// The states.
const (
	IsWaiting  State = "waiting"  // for its time, or to be sent
	IsTried    State = "tried"    // could not be delivered yet, and is tried again
	IsSent     State = "sent"     //
	IsUnwanted State = "unwanted" // its reader did not want it any more
	IsBounced  State = "bounced"  // refused for good, or given up
)

// States are all of them.
var States = []State{IsWaiting, IsTried, IsSent, IsUnwanted, IsBounced}

// Listed is an e-mail as officials see it: what it was about, and never to
// whom.
type Listed struct {
	ID           int64
	Notification Notification
	Subject      string // as readers of that language see it, without names
	Kind         Kind
	State        State
	Round        string // empty: of none
	Proposal     int64
	Event        int64
	WrittenAt    time.Time
	DueAt        time.Time // of one that waits
	SettledAt    time.Time
	Tries        int
}

// Wanted narrows the list.
type Wanted struct {
	Round string // empty: of all, and of none
	State State  // empty: all
	From  int64  // the last ID of the page before; 0: the newest
}

// List is a page of the e-mails of the last month, the newest first.
type List struct {
	Emails []Listed
	Counts map[State]int // of the round, whatever the state
	Next   int64         // 0 on the last page
}

// listed is how many e-mails a page has.
const listed = 100

// List is what became of e-mails (officials).
func (s *Service) List(ctx context.Context, actor domain.Actor, l domain.Language, wanted Wanted) (List, error) {
	if err := actor.Need(domain.Official); err != nil {
		return List{}, err
	}
	emails, counts, err := s.c.Store.Emails(ctx, wanted, listed+1)
	if err != nil {
		return List{}, err
	}
	if l == "" {
		l = domain.Finnish
	}
	page := List{Emails: emails, Counts: counts}
	if len(emails) > listed {
		page.Emails, page.Next = emails[:listed], emails[listed-1].ID
	}
	names := map[Notification]string{}
	for i := range page.Emails {
		e := &page.Emails[i]
		name, known := names[e.Notification]
		if !known && slices.Contains(Notifications, e.Notification) {
			if name, err = s.subject(l, e.Notification); err != nil {
				return List{}, err
			}
			names[e.Notification] = name
		}
		e.Subject = name
	}
	return page, nil
}

// subject is that of a notification with gaps where it speaks of one person's
// affairs.
func (s *Service) subject(l domain.Language, n Notification) (string, error) {
	const gap = "…"
	m, err := s.write(Email{
		Notification: n, Kind: n.Kind(), To: Mailbox{Language: l}, Secret: SealSecret(s.c.Sealer, []byte(gap)),
		Subject: Subject{
			Title: gap, Facilitator: gap, By: gap, Words: "other", RoundName: domain.Text{Fi: gap},
			Named: domain.Text{Fi: gap},
		},
	})
	return m.Subject, err
}
