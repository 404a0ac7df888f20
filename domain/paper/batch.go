// Package paper is what people do about votes on paper once they have been
// cast: officers declare stacks of sheets (batches), two people key each batch
// in, and officials put it into the log or leave it out, and say why. Who does
// it the office knows; what the sheets say goes to the box alone, by a
// capability that names nobody.
package paper

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/round"
)

// Places tells who works where.
type Places interface {
	// Admit is nil if the actor works at the place now.
	Admit(ctx context.Context, actor domain.Actor, round string, place int64) error
}

// Store is the office's part.
type Store interface {
	// Declare lets do see a place and how many rights were marked as paper there
	// for the paper on that day, with the round held, and keeps the entry that it
	// makes in the audit log. NotFound without the round or the place.
	Declare(ctx context.Context, round string, place int64, paper string, day time.Time,
		do func(r round.Round, now time.Time, place string, marked int) (*round.Entry, error)) error
	// NoteOnPaper lets do see the round, held, and keeps the entry that it makes.
	NoteOnPaper(ctx context.Context, round string, do func(r round.Round, now time.Time) (*round.Entry, error)) error
}

// Batches keeps batches (box.Service).
type Batches interface {
	DeclareBatch(ctx context.Context, round string, b box.PaperBatch) error
	PaperBatches(ctx context.Context, round string) ([]box.PaperBatch, error)
	PaperBatch(ctx context.Context, round, name string) (box.PaperBatch, error)
	LeaveOut(ctx context.Context, round, batch, explanation string) error
}

// Box is where sheets go (box.Service).
type Box interface {
	Frozen(ctx context.Context, round string) (round.Manifest, error)
	SealBatch(ctx context.Context, round, batch string, sheets []box.PaperSheet, count box.BatchCount) error
}

// Declaration is what the officers of a place say of a batch.
type Declaration struct {
	Batch    string // its name
	Paper    string
	Day      time.Time // midnight UTC
	Seal     string    // number of the seal of the box in which it is brought
	Declared int       // sheets, as they counted them
}

const mostSeal = 60

// Declare tells of a stack of sheets of one paper, of one place and day, or
// mends what was told of it until it is settled. It answers for those rights
// marked there that no other batch answers for. What was declared, and by whom,
// stands in the round's audit log.
func (s *Service) Declare(ctx context.Context, actor domain.Actor, id string, place int64, d Declaration) error {
	if err := s.c.Places.Admit(ctx, actor, id, place); err != nil {
		return err
	}
	var p domain.Problems
	d.Seal = p.Line("seal", d.Seal, mostSeal)
	if err := p.Err(); err != nil {
		return err
	}
	return s.c.Store.Declare(ctx, id, place, d.Paper, d.Day, func(r round.Round, _ time.Time, name string, marked int) (
		*round.Entry, error,
	) {
		if err := voting(r); err != nil {
			return nil, err
		}
		others, err := s.c.Batches.PaperBatches(ctx, id)
		if err != nil {
			return nil, err
		}
		b := box.PaperBatch{
			Batch: d.Batch, Paper: d.Paper, Place: name, Day: d.Day.Format(time.DateOnly), Declared: d.Declared, Marked: marked,
		}
		for _, other := range others {
			if other.Batch != b.Batch && other.Paper == b.Paper && other.Place == b.Place && other.Day == b.Day {
				b.Marked -= other.Marked
			}
		}
		b.Marked = max(b.Marked, 0)
		// A crash after this leaves a batch that the audit log does not tell of:
		// declaring it again makes that good.
		if err := s.c.Batches.DeclareBatch(ctx, id, b); err != nil {
			return nil, err
		}
		return round.NewEntry(r, actor, "declare batch", "", map[string]any{
			"batch": b.Batch, "paper": b.Paper, "place": place, "day": b.Day, "seal": d.Seal, "declared": b.Declared,
			"marked": b.Marked,
		}), nil
	})
}

// voting refuses a round whose vote has not begun, or is closed.
func voting(r round.Round) error {
	err := r.VisibleTo(domain.Actor{})
	if err == nil && r.Phase != round.Voting {
		err = domain.Fail(domain.Closed, domain.CodePhase, "the vote of %s is not going on", r.ID)
	}
	return err
}

// Batches are a round's, for those who work at its places and officials.
func (s *Service) Batches(ctx context.Context, actor domain.Actor, id string) ([]box.PaperBatch, error) {
	if !actor.Polls() {
		return nil, actor.Need(domain.Officer)
	}
	return s.c.Batches.PaperBatches(ctx, id)
}

// LeaveOut settles a batch of which no sheet counts; everybody reads why.
func (s *Service) LeaveOut(ctx context.Context, actor domain.Actor, id, batch, reason string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	var p domain.Problems
	if reason = p.Line("reason", reason, mostReason); reason == "" {
		p.Add("reason", "required", "")
	}
	if err := p.Err(); err != nil {
		return err
	}
	return s.c.Store.NoteOnPaper(ctx, id, func(r round.Round, _ time.Time) (*round.Entry, error) {
		if err := voting(r); err != nil {
			return nil, err
		}
		if err := s.c.Batches.LeaveOut(ctx, id, batch, reason); err != nil {
			return nil, err
		}
		return round.NewEntry(r, actor, "leave out batch", reason, map[string]string{"batch": batch}), nil
	})
}

const mostReason = 1000

// CodeNotYet refuses to key while votes may still be cast.
const CodeNotYet domain.Code = "keying_not_yet"

// Allow gives whoever is signed in as an official a capability to key a batch
// in: not before the vote's time has ended, so that nobody sees partial sums.
// Who asked for it stands in the audit log; the capability names nobody.
func (s *Service) Allow(ctx context.Context, actor domain.Actor, id, batch string) (capability string, until time.Time,
	err error,
) {
	if err := actor.Need(domain.Official); err != nil {
		return "", until, err
	}
	err = s.c.Store.NoteOnPaper(ctx, id, func(r round.Round, now time.Time) (*round.Entry, error) {
		if err := voting(r); err != nil {
			return nil, err
		}
		if now.Before(r.Times.Voting.Closes) {
			return nil, domain.Fail(domain.Closed, CodeNotYet, "sheets are keyed in when the time to vote has ended")
		}
		b, err := s.c.Batches.PaperBatch(ctx, id, batch)
		if err != nil {
			return nil, err
		}
		if b.State != box.BatchDeclared {
			return nil, domain.Fail(domain.Conflict, box.CodeBatch, "batch %s is settled", batch)
		}
		until = s.c.Now().Add(lasts)
		capability = s.seal(id, batch, until)
		return round.NewEntry(r, actor, "key batch", "", map[string]string{"batch": batch}), nil
	})
	return capability, until, err
}
