package round

import (
	"context"
	"time"

	"osbu/domain"
)

// Store keeps rounds. Every change writes its audit entry in the same
// transaction.
type Store interface {
	// Rounds are all rounds, newest first, and the database's clock.
	Rounds(ctx context.Context) ([]Round, time.Time, error)
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (Round, time.Time, error)
	// CreateRound stores a new round in phase draft; Conflict round_exists if
	// the ID is taken.
	CreateRound(ctx context.Context, r Round, by Entry) error
	// UpdateRound lets change decide under the round's lock, with the
	// database's clock, and stores what it made of the round.
	UpdateRound(
		ctx context.Context,
		id string,
		change func(r *Round, now time.Time) (Entry, error),
	) (Round, time.Time, error)
	// Audit is up to 500 entries after a sequence number.
	Audit(ctx context.Context, id string, after int64) ([]Entry, error)
}

// Gate is the box's door.
type Gate interface {
	// Open lets ballots in from opens up to, and without, closes; again with
	// other times, it moves them.
	Open(ctx context.Context, id string, opens, closes time.Time) error
	// PromisedBy is the manifest's: when every ballot must be in the log. Zero
	// before the freeze.
	PromisedBy(ctx context.Context, id string) (time.Time, error)
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
		if r.Phase != Draft || actor.Is(domain.Official) {
			visible = append(visible, r)
		}
	}
	return visible, now, nil
}

// Get is one round with the database's clock; a draft exists for officials
// only.
func (s *Service) Get(ctx context.Context, actor domain.Actor, id string) (Round, time.Time, error) {
	r, now, err := s.store.Round(ctx, id)
	if err == nil && r.Phase == Draft && !actor.Is(domain.Official) {
		return Round{}, now, domain.Fail(domain.NotFound, domain.CodeNotFound, "no round %s", id)
	}
	return r, now, err
}

// Create starts a round in phase draft.
func (s *Service) Create(ctx context.Context, actor domain.Actor, r Round) (Round, time.Time, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Round{}, time.Time{}, err
	}
	if !IsAddress(r.ID) {
		return Round{}, time.Time{}, domain.Problems{{Path: "id", Code: "bad_format", Limit: "a-z 0-9 -"}}.Err()
	}
	if err := r.Times.Check(); err != nil {
		return Round{}, time.Time{}, err
	}
	if err := r.Settings.Check(); err != nil {
		return Round{}, time.Time{}, err
	}
	r.Phase = Draft
	if err := s.store.CreateRound(ctx, r, *NewEntry(r, actor, "create", "", map[string]any{})); err != nil {
		return Round{}, time.Time{}, err
	}
	return s.store.Round(ctx, r.ID)
}

// ChangeSettings replaces the settings until the freeze.
func (s *Service) ChangeSettings(
	ctx context.Context,
	actor domain.Actor,
	id string,
	settings Settings,
	reason string,
) (Round, time.Time, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Round{}, time.Time{}, err
	}
	if err := settings.Check(); err != nil {
		return Round{}, time.Time{}, err
	}
	return s.store.UpdateRound(ctx, id, func(r *Round, _ time.Time) (Entry, error) {
		if r.Phase.Reached(Frozen) {
			return Entry{}, domain.Fail(domain.Closed, CodeFrozen, "round %s was frozen by %s", r.ID, r.FreezeDecision)
		}
		details := movedSettings(r.Settings, settings)
		r.Settings = settings
		return *NewEntry(*r, actor, "settings", reason, details), nil
	})
}

// MoveTimes moves windows that have not ended. What has passed stays: an
// opening that was is not moved, and nothing may be moved into the past. The
// close stays before the time by which the box promises that every ballot is in
// the log: promises are signed and cannot be moved. The office decides first,
// then the box is told; a crash between the two is mended by giving the same
// times again. Two officials may move them at once, and their words reach the
// box in the other order: so it is told until it was told what the office says.
func (s *Service) MoveTimes(
	ctx context.Context,
	actor domain.Actor,
	id string,
	times Times,
	reason string,
) (Round, time.Time, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Round{}, time.Time{}, err
	}
	if err := times.Check(); err != nil {
		return Round{}, time.Time{}, err
	}
	promised, err := s.gate.PromisedBy(ctx, id)
	if err != nil {
		return Round{}, time.Time{}, err
	}
	r, now, err := s.store.UpdateRound(ctx, id, func(r *Round, now time.Time) (Entry, error) {
		if r.Phase.Reached(Closed) {
			return Entry{}, domain.Fail(domain.Closed, CodeVotingClosed, "the vote of %s is closed", r.ID)
		}
		if err := movable(r.Times, times, r.Phase, now, promised); err != nil {
			return Entry{}, err
		}
		details := map[string]Times{"from": r.Times, "to": times}
		r.Times = times
		return *NewEntry(*r, actor, "times", reason, details), nil
	})
	for err == nil && r.Phase == Voting {
		told := r.Times.Voting
		if err = s.gate.Open(ctx, id, told.Opens, told.Closes); err != nil {
			break
		}
		if r, now, err = s.store.Round(ctx, id); err == nil && r.Times.Voting.Equal(told) {
			break
		}
	}
	return r, now, err
}

// Audit is the round's log from an entry on (officials).
func (s *Service) Audit(ctx context.Context, actor domain.Actor, id string, after int64) ([]Entry, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	if _, _, err := s.store.Round(ctx, id); err != nil {
		return nil, err
	}
	return s.store.Audit(ctx, id, after)
}
