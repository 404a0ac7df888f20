package roll

import (
	"context"
	"time"

	"osbu/domain"
)

// Status is the roll in numbers.
type Status struct {
	Entries     int
	Protected   int
	WithoutArea int       // protected people included
	Batches     []Batch   // of voting codes, by number
	Asked       *Asked    // a batch that waits for a second official; nil: none
	ImportedAt  time.Time // zero: never
	Papers      []Turnout
}

// Codes sums up the batches: how many were made, how many of them were used,
// and how many cannot be any more.
func (s Status) Codes() (made, used, void int) {
	for _, b := range s.Batches {
		made, used = made+b.Made, used+b.Used
		if !b.Voided.IsZero() {
			void += b.Made - b.Used
		}
	}
	return made, used, void
}

// Turnout is one paper's rights.
type Turnout struct {
	Paper string
	// Rights is how many may cast the paper: people on the roll who are
	// eligible before the vote closes, and voting codes once they are used.
	Rights                    int
	Online, Assisted, OnPaper int // rights spent, by channel
	Replacements              int // given for a right spent online: each is one more credential, once its code is used
	Replaced                  int // replacements whose credential was issued
	// OnRoll is how many of those who may cast the paper are on the roll. It is
	// counted, and not kept with a day's numbers.
	OnRoll int
}

// Spent is how many rights were spent, by whatever channel.
func (t Turnout) Spent() int { return t.Online + t.Assisted + t.OnPaper }

// Credentials is how many were signed. No more ballots can honestly be in the
// box.
func (t Turnout) Credentials() int { return t.Online + t.Assisted + t.Replaced }

// Status is for officials.
func (s *Service) Status(ctx context.Context, actor domain.Actor, id string) (Status, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Status{}, err
	}
	status, err := s.Count(ctx, id)
	if status.Asked != nil {
		status.Asked.Own = status.Asked.By == actor.ID
	}
	return status, err
}

// Count is Status for a command, whose user is whoever has the database.
func (s *Service) Count(ctx context.Context, id string) (Status, error) {
	if _, err := s.rounds.Round(ctx, id); err != nil {
		return Status{}, err
	}
	return s.register.Status(ctx, id)
}
