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
		do func(r round.At, place string, marked int) (*round.Entry, error)) error
	// AddKeyer lets do see the round, held, and whether the account works at one
	// of its places, and name a batch and the attempt to key it in; the account is
	// then the first or the second who does, or is it already. note tells the
	// audit log of somebody new. Conflict CodeKeyers if two others are.
	AddKeyer(ctx context.Context, round string, account int64,
		do func(r round.At, works bool) (batch string, attempt int, err error),
		note func(r round.Round) *round.Entry) (part int, err error)
	// Keyers are who keys a round's batches in, in all attempts.
	Keyers(ctx context.Context, round string) ([]Keyer, error)
	// NoteOnPaper lets do see the round, held, and keeps the entry that it makes,
	// if it makes one.
	NoteOnPaper(ctx context.Context, round string, do func(r round.At) (*round.Entry, error)) error
}

// Batches keeps batches (box.Service).
type Batches interface {
	DeclareBatch(ctx context.Context, round string, b box.PaperBatch) error
	PaperBatches(ctx context.Context, round string) ([]box.PaperBatch, error)
	PaperBatch(ctx context.Context, round, name string) (box.PaperBatch, error)
	LeaveOut(ctx context.Context, round, batch, explanation string) error
	ReopenBatch(ctx context.Context, round, batch string, attempt int) error
	KeyedSheets(ctx context.Context, round, batch string) ([]box.KeyedSheets, error)
}

// Keyer is one of the two who key a batch in.
type Keyer struct {
	Batch   string
	Attempt int
	Part    int // 1 or 2
	Account int64
	Name    string
}

// Box is where sheets go (box.Service).
type Box interface {
	Frozen(ctx context.Context, round string) (round.Manifest, error)
	KeySheets(ctx context.Context, round string, k box.KeyedSheets) error
	Logged(ctx context.Context, round string, serials []string) ([]string, error)
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
	return s.c.Store.Declare(ctx, id, place, d.Paper, d.Day, func(r round.At, name string, marked int) (
		*round.Entry, error,
	) {
		if err := voting(r.Round); err != nil {
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
		return round.NewEntry(r.Round, actor, "declare batch", "", map[string]any{
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

// Standing is where a batch stands.
type Standing struct {
	box.PaperBatch

	Keyed         Progress // of an open one
	First, Second string   // who key it in; for officials
	Mine          int      // the actor's part in the current attempt; 0: none
	Handed        bool     // and she has handed her sheets in
}

// Batches are a round's, for those who work at its places and officials.
func (s *Service) Batches(ctx context.Context, actor domain.Actor, id string) ([]Standing, error) {
	if !actor.Polls() {
		return nil, actor.Need(domain.Officer)
	}
	batches, err := s.c.Batches.PaperBatches(ctx, id)
	if err != nil || len(batches) == 0 {
		return nil, err
	}
	keyed, err := s.c.Batches.KeyedSheets(ctx, id, "")
	if err != nil {
		return nil, err
	}
	keyers, err := s.c.Store.Keyers(ctx, id)
	if err != nil {
		return nil, err
	}
	all := make([]Standing, len(batches))
	for i, b := range batches {
		one := Standing{PaperBatch: b}
		var of entries
		for _, k := range keyed {
			if k.Batch == b.Batch {
				of.add(k)
			}
		}
		if b.State == box.BatchDeclared {
			one.Keyed = of.progress()
		}
		for _, k := range keyers {
			if k.Batch != b.Batch || k.Attempt != b.Attempt {
				continue
			}
			if k.Account == actor.ID {
				one.Mine = k.Part
			}
			switch {
			case !actor.Is(domain.Official):
			case k.Part == 1:
				one.First = k.Name
			default:
				one.Second = k.Name
			}
		}
		one.Handed = one.Mine > 0 && of[one.Mine-1] != nil
		all[i] = one
	}
	return all, nil
}

// LeaveOut settles a batch of which no sheet counts; everybody reads why.
func (s *Service) LeaveOut(ctx context.Context, actor domain.Actor, id, batch, reason string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.c.Store.NoteOnPaper(ctx, id, func(r round.At) (*round.Entry, error) {
		if err := voting(r.Round); err != nil {
			return nil, err
		}
		if err := s.c.Batches.LeaveOut(ctx, id, batch, reason); err != nil {
			return nil, err
		}
		return round.NewEntry(r.Round, actor, "leave out batch", reason, map[string]string{"batch": batch}), nil
	})
}

const mostReason = 1000

// Codes of refusals.
const (
	// CodeNotYet refuses to key while votes may still be cast.
	CodeNotYet domain.Code = "keying_not_yet"
	// CodeKeyers refuses a third person who wants to key a batch in.
	CodeKeyers domain.Code = "keying_by_others"
	// CodeHanded refuses to hand sheets in once more, before the other one has or
	// when both agree.
	CodeHanded domain.Code = "keying_handed_in"
)

// Leave is what lets somebody key a batch in, or put it into the log: it names
// nobody.
type Leave struct {
	Capability string
	Until      time.Time
	Part       int // 1 or 2: the first or the second who keys it in
}

// Allow gives an officer who works at one of the round's places, or an
// official, a capability to key a batch in: not before the vote's time has
// ended, so that nobody sees partial sums. Two different people do; each has a
// part of her own, and keeps it. Who they are stands in the audit log.
func (s *Service) Allow(ctx context.Context, actor domain.Actor, id, batch string) (l Leave, err error) {
	if !actor.Polls() {
		return l, actor.Need(domain.Officer)
	}
	var attempt int
	l.Part, err = s.c.Store.AddKeyer(ctx, id, actor.ID, func(r round.At, works bool) (
		string, int, error,
	) {
		if !works && !actor.Is(domain.Official) {
			return "", 0, domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "you are assigned to no place of the round")
		}
		if err := voting(r.Round); err != nil {
			return "", 0, err
		}
		b, err := s.open(ctx, r, batch)
		attempt = b.Attempt
		return batch, attempt, err
	}, func(r round.Round) *round.Entry {
		return round.NewEntry(r, actor, "key batch", "", map[string]any{"batch": batch, "attempt": attempt})
	})
	if err != nil {
		return Leave{}, err
	}
	l.Until = s.c.Now().Add(lasts)
	l.Capability = s.seal(capability{round: id, batch: batch, attempt: attempt, part: l.Part, until: l.Until})
	return l, nil
}

// open is a batch that can be keyed in now.
func (s *Service) open(ctx context.Context, r round.At, batch string) (b box.PaperBatch, err error) {
	if r.Now.Before(r.Times.Voting.Closes) {
		return b, domain.Fail(domain.Closed, CodeNotYet, "sheets are keyed in when the time to vote has ended")
	}
	b, err = s.c.Batches.PaperBatch(ctx, r.ID, batch)
	if err == nil && b.State != box.BatchDeclared {
		err = domain.Fail(domain.Conflict, box.CodeBatch, "batch %s is settled", batch)
	}
	return b, err
}

// AllowSealing gives an official a capability to put a batch into the log. That
// it is there already is told by Seal, whose answer may have been lost.
func (s *Service) AllowSealing(ctx context.Context, actor domain.Actor, id, batch string) (l Leave, err error) {
	if err := actor.Need(domain.Official); err != nil {
		return l, err
	}
	err = s.c.Store.NoteOnPaper(ctx, id, func(r round.At) (*round.Entry, error) {
		if err := voting(r.Round); err != nil {
			return nil, err
		}
		if b, err := s.c.Batches.PaperBatch(ctx, id, batch); err == nil && b.State == box.BatchSealed {
			return nil, nil
		}
		if _, err := s.open(ctx, r, batch); err != nil {
			return nil, err
		}
		return round.NewEntry(r.Round, actor, "seal batch", "", map[string]string{"batch": batch}), nil
	})
	if err != nil {
		return Leave{}, err
	}
	l.Until = s.c.Now().Add(lasts)
	l.Capability = s.seal(capability{round: id, batch: batch, until: l.Until})
	return l, nil
}

// Reopen lets a batch that is not settled be keyed in anew, by two who may be
// others. What was keyed in before stays with the box until the batch is
// settled, and does not count. attempt is the one that the official saw.
func (s *Service) Reopen(ctx context.Context, actor domain.Actor, id, batch string, attempt int, reason string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.c.Store.NoteOnPaper(ctx, id, func(r round.At) (*round.Entry, error) {
		if err := voting(r.Round); err != nil {
			return nil, err
		}
		b, err := s.open(ctx, r, batch)
		if err != nil {
			return nil, err
		}
		if b.Attempt != attempt {
			return nil, domain.Fail(domain.Conflict, box.CodeReopened, "batch %s is being keyed in anew", batch)
		}
		// A crash after this leaves an attempt of which the audit log does not tell
		// why it began; who keys it in it does tell.
		if err := s.c.Batches.ReopenBatch(ctx, id, batch, attempt); err != nil {
			return nil, err
		}
		details := map[string]any{"batch": batch, "attempt": attempt + 1}
		return round.NewEntry(r.Round, actor, "reopen batch", reason, details), nil
	})
}

func needReason(reason string) (string, error) {
	var p domain.Problems
	if reason = p.Line("reason", reason, mostReason); reason == "" {
		p.Add("reason", "required", "")
	}
	return reason, p.Err()
}
