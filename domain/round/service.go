package round

import (
	"context"
	"slices"
	"time"

	"osbu/domain"
)

// Store keeps rounds. Every change writes its audit entry in the same
// transaction.
type Store interface {
	// Rounds are all rounds, newest first, and the database's clock.
	Rounds(ctx context.Context) ([]Round, time.Time, error)
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (At, error)
	// CreateRound stores a new round in phase draft; Conflict round_exists if
	// the ID is taken.
	CreateRound(ctx context.Context, r Round, by Entry) error
	// CopyRound calls copied with the round from, which it holds so that its
	// settings stay as they are, and stores what it answers as CreateRound does,
	// with the desk of from (checklist, templates, divisions) and its letters. All
	// in one transaction. NotFound if there is no round from, Conflict
	// round_exists if the new ID is taken.
	CopyRound(ctx context.Context, from string, copied func(Round) (Round, Entry, error)) error
	// UpdateRound lets change decide under the round's lock, with the
	// database's clock, and stores what it made of the round.
	UpdateRound(
		ctx context.Context,
		id string,
		change func(r *Round, now time.Time) (Entry, error),
	) (At, error)
	// DeleteRound lets remove decide under the round's lock, and deletes the
	// round with its settings; its audit log stays, and goes on if another round
	// gets the same ID. All in one transaction. Conflict round_in_use if the
	// round has got a roll, codes, projects or events.
	DeleteRound(ctx context.Context, id string, remove func(Round) (Entry, error)) error
	AuditLog
}

// AuditLog shows what was done in a round.
type AuditLog interface {
	Chained
	// Audit is up to 500 entries of a narrowed log, the newest first; none for a
	// round that has none. One query without a lock.
	Audit(ctx context.Context, id string, wanted AuditFilter) ([]Entry, error)
	// AuditChoices are who did anything in a round, which actions there were, and
	// which parts of it were changed. Queries without a lock.
	AuditChoices(ctx context.Context, id string) (AuditChoices, error)
}

// Gate is the box's door.
type Gate interface {
	// Open lets ballots in from opens up to, and without, closes; again with
	// other times, it moves them.
	Open(ctx context.Context, id string, opens, closes time.Time) error
	// PromisedBy is the manifest's: when every ballot must be in the log. Zero
	// before the freeze.
	PromisedBy(ctx context.Context, id string) (time.Time, error)
	PublicLog
}

// Service sets rounds up; package record takes their steps.
type Service struct {
	store Store
	gate  Gate
}

// New makes the service.
func New(store Store, gate Gate) *Service { return &Service{store, gate} }

// List is every round the actor may see, newest first: drafts and rehearsals in
// draft only for officials.
func (s *Service) List(ctx context.Context, actor domain.Actor) ([]Round, time.Time, error) {
	all, now, err := s.store.Rounds(ctx)
	if err != nil {
		return nil, now, err
	}
	visible := make([]Round, 0, len(all))
	for _, r := range all {
		if r.VisibleTo(actor) == nil {
			visible = append(visible, r)
		}
	}
	return visible, now, nil
}

// Get is one round with the database's clock; a draft exists for officials
// only.
func (s *Service) Get(ctx context.Context, actor domain.Actor, id string) (At, error) {
	r, err := s.store.Round(ctx, id)
	if err == nil {
		err = r.VisibleTo(actor)
	}
	if err != nil {
		return At{Now: r.Now}, err
	}
	return r, nil
}

// Create starts a round in phase draft.
func (s *Service) Create(ctx context.Context, actor domain.Actor, r Round) (At, error) {
	if err := actor.Need(domain.Official); err != nil {
		return At{}, err
	}
	if err := r.checkNew(); err != nil {
		return At{}, err
	}
	if err := r.Settings.Check(); err != nil {
		return At{}, err
	}
	r.Phase = Draft
	if err := s.store.CreateRound(ctx, r, *NewEntry(r, actor, "create", "", changed{r.beginning()})); err != nil {
		return At{}, err
	}
	return s.store.Round(ctx, r.ID)
}

// Copy starts a round in phase draft with the desk of another: its checklist,
// templates and divisions. The settings are settings or, if that is nil, the
// other's as well, but for groups of projects that exclude each other: they
// name projects of that round. What happened in it stays there: proposals,
// projects, the roll, decisions.
func (s *Service) Copy(
	ctx context.Context,
	actor domain.Actor,
	from string,
	r Round,
	settings *Settings,
) (At, error) {
	if err := actor.Need(domain.Official); err != nil {
		return At{}, err
	}
	if err := r.checkNew(); err != nil {
		return At{}, err
	}
	if settings != nil {
		if err := settings.Check(); err != nil {
			return At{}, err
		}
	}
	err := s.store.CopyRound(ctx, from, func(other Round) (Round, Entry, error) {
		r.Phase = Draft
		switch {
		case settings != nil:
			r.Settings = *settings
		case r.Rehearsal:
			r.Settings = other.Settings.forAnother().ForRehearsal()
		case other.Rehearsal:
			r.Settings = other.Settings.forAnother().afterRehearsal()
		default:
			r.Settings = other.Settings.forAnother()
		}
		// A rule may have been tightened since the other round was made.
		if err := r.Settings.Check(); err != nil {
			return Round{}, Entry{}, err
		}
		return r, *NewEntry(r, actor, "create", "", copied{changed{r.beginning()}, other.ID}), nil
	})
	if err != nil {
		return At{}, err
	}
	return s.store.Round(ctx, r.ID)
}

// copied are the details of a round that was made as a copy.
type copied struct {
	changed

	Copy string `json:"copy"`
}

// beginning is everything that a new round says, for the audit log.
func (r Round) beginning() []FactChange {
	return Changes(nil, slices.Concat(r.NameFacts(), r.Times.Facts(), r.Settings.Facts()))
}

// checkNew is nil if a round can have this address, name and times.
func (r Round) checkNew() error {
	var p domain.Problems
	switch {
	case !IsAddress(r.ID):
		p.Add("id", "bad_format", "a-z 0-9 -")
	case Reserved(r.ID):
		p.Add("id", "reserved", r.ID)
	}
	r.checkName(&p)
	if err := p.Err(); err != nil {
		return err
	}
	return r.Times.Check()
}

// Delete takes a draft away with its settings. The audit log stays.
func (s *Service) Delete(ctx context.Context, actor domain.Actor, id string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	return s.store.DeleteRound(ctx, id, func(r Round) (Entry, error) {
		if r.Phase != Draft {
			return Entry{}, domain.Fail(domain.Closed, domain.CodePhase, "round %s is no draft any more", r.ID)
		}
		return *NewEntry(r, actor, "delete", "", changed{Changes(r.NameFacts(), nil)}), nil
	})
}

// Naming is what a round is called, and whether it is a rehearsal.
type Naming struct {
	Name      domain.Text
	Rehearsal bool
}

// Rename changes what the round is called, and whether it is a rehearsal, until
// the freeze. Version is NameFacts' as they were read: if somebody changed them
// since, Conflict CodeEdited.
func (s *Service) Rename(
	ctx context.Context,
	actor domain.Actor,
	id string,
	to Naming,
	version, reason string,
) (At, error) {
	var p domain.Problems
	Round{Name: to.Name}.checkName(&p)
	return s.change(ctx, actor, id, p.Err(), func(r *Round) (Entry, error) {
		old := r.NameFacts()
		if err := Since(version, old, domain.CodeEdited); err != nil {
			return Entry{}, err
		}
		r.Name, r.Rehearsal = to.Name, to.Rehearsal
		return *NewEntry(*r, actor, "rename", reason, changed{Changes(old, r.NameFacts())}), nil
	})
}

// ChangeSettings replaces the settings until the freeze. Version is that of the
// settings' Facts as they were read: if somebody changed them since, Conflict
// CodeEdited, which names the parts that are others now.
func (s *Service) ChangeSettings(
	ctx context.Context,
	actor domain.Actor,
	id string,
	settings Settings,
	version, reason string,
) (At, error) {
	return s.change(ctx, actor, id, settings.Check(), func(r *Round) (Entry, error) {
		old := r.Settings.Facts()
		if err := Since(version, old, domain.CodeEdited); err != nil {
			return Entry{}, err
		}
		// Whoever wants to act alone would otherwise switch it off first.
		if r.Settings.FourEyes && !settings.FourEyes && r.Phase != Draft {
			return Entry{}, domain.Problems{{Path: "settings.four_eyes", Code: "not_allowed", Limit: string(Draft)}}.Err()
		}
		r.Settings = settings
		return *NewEntry(*r, actor, "settings", reason, changed{Changes(old, settings.Facts())}), nil
	})
}

// change lets an official change a round that is not frozen, unless what she
// gave is wrong, and answers with the round as it was stored.
func (s *Service) change(
	ctx context.Context,
	actor domain.Actor,
	id string,
	wrong error,
	change func(*Round) (Entry, error),
) (At, error) {
	if err := actor.Need(domain.Official); err != nil {
		return At{}, err
	}
	if wrong != nil {
		return At{}, wrong
	}
	_, err := s.store.UpdateRound(ctx, id, func(r *Round, _ time.Time) (Entry, error) {
		if r.Phase.Reached(Frozen) {
			return Entry{}, domain.Fail(domain.Closed, CodeFrozen, "round %s was frozen by %s", r.ID, r.FreezeDecision)
		}
		return change(r)
	})
	if err != nil {
		return At{}, err
	}
	return s.store.Round(ctx, id)
}

// MoveTimes moves windows that have not ended. What has passed stays: an
// opening that was is not moved, and nothing may be moved into the past. The
// close stays before the time by which the box promises that every ballot is in
// the log: promises are signed and cannot be moved. The office decides first,
// then the box is told, and the public log gets the step; a crash between is
// mended by giving the same times again. Two officials may move them one after
// the other, and their words reach the box in the other order: so it is told
// until it was told what the office says. Version is that of the times' Facts
// as they were read: if somebody moved them since, Conflict CodeEdited.
func (s *Service) MoveTimes(
	ctx context.Context,
	actor domain.Actor,
	id string,
	times Times,
	version, reason string,
) (At, error) {
	if err := actor.Need(domain.Official); err != nil {
		return At{}, err
	}
	if err := times.Check(); err != nil {
		return At{}, err
	}
	promised, err := s.gate.PromisedBy(ctx, id)
	if err != nil {
		return At{}, err
	}
	_, err = s.store.UpdateRound(ctx, id, func(r *Round, now time.Time) (Entry, error) {
		if r.Phase.Reached(Closed) {
			return Entry{}, domain.Fail(domain.Closed, CodeVotingClosed, "the vote of %s is closed", r.ID)
		}
		old := r.Times.Facts()
		if err := Since(version, old, domain.CodeEdited); err != nil {
			return Entry{}, err
		}
		if err := movable(r.Times, times, r.Phase, now, promised); err != nil {
			return Entry{}, err
		}
		r.Times = times
		return *NewEntry(*r, actor, MoveTimes, reason, changed{Changes(old, times.Facts())}), nil
	})
	if err != nil {
		return At{}, err
	}
	if err := Vouch(ctx, s.store, s.gate, id); err != nil {
		return At{}, err
	}
	r, err := s.store.Round(ctx, id)
	for err == nil && r.Phase == Voting {
		told := r.Times.Voting
		if err = s.gate.Open(ctx, id, told.Opens, told.Closes); err != nil {
			break
		}
		if r, err = s.store.Round(ctx, id); err == nil && r.Times.Voting.Equal(told) {
			break
		}
	}
	return r, err
}
