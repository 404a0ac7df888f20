package roll

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Status is the roll in numbers.
type Status struct {
	Entries     int
	Protected   int
	WithoutArea int // protected people included
	CodesIssued int
	CodesUsed   int
	ImportedAt  time.Time // zero: never
	Papers      []Turnout
}

// Turnout is one paper's rights: all of them (one per person on the roll and per code), and those spent, by channel.
type Turnout struct {
	Paper                     string
	Rights                    int
	Online, Assisted, OnPaper int
}

// turnoutAt is a turnout and when it was counted.
type turnoutAt struct {
	at     time.Time
	papers []Turnout
}

// Status is for officials.
func (s *Service) Status(ctx context.Context, actor domain.Actor, id string) (Status, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Status{}, err
	}
	return s.Count(ctx, id)
}

// Count is Status for a command, whose user is whoever has the database.
func (s *Service) Count(ctx context.Context, id string) (Status, error) {
	if _, _, err := s.rounds.Round(ctx, id); err != nil {
		return Status{}, err
	}
	return s.register.Status(ctx, id)
}

// Turnout is public from the first phase after draft on, by paper in their order. It is at most Config.TurnoutAge old:
// counting half a million entries for every visitor would be a gift to whoever wants us busy.
func (s *Service) Turnout(ctx context.Context, id string) ([]Turnout, error) {
	r, _, err := s.rounds.Round(ctx, id)
	if err != nil {
		return nil, err
	}
	if r.Phase == round.Draft {
		return nil, domain.Fail(domain.NotFound, domain.CodeNotFound, "no round %s", id)
	}
	s.turnout.Lock()
	defer s.turnout.Unlock()
	if known, ok := s.turnout.of[id]; ok && s.now().Sub(known.at) < s.turnoutAge {
		return known.papers, nil
	}
	status, err := s.register.Status(ctx, id)
	if err != nil {
		return nil, err
	}
	s.turnout.of[id] = turnoutAt{s.now(), status.Papers}
	return status.Papers, nil
}
