package project

import (
	"context"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Store keeps the projects.
type Store interface {
	// Projects are the round's projects by number; of one area, or of all for
	// "". One query without a lock.
	Projects(ctx context.Context, round, area string) ([]Project, error)
	// Project is one project, or NotFound: one query without a lock.
	Project(ctx context.Context, round string, number int) (Project, error)
	// ChangeBallot calls change with the round, the database's clock and the
	// ballot, and stores what it made of the projects: new ones (with their
	// proposals, if they have none), other numbers, and removed ones, whose
	// proposals become accepted again. It answers with all projects by number.
	// The round is locked, so that one after the other changes the ballot; all
	// in one transaction. NotFound if there is no such round.
	ChangeBallot(
		ctx context.Context,
		round string,
		change func(round.At, *Ballot) (proposal.Change, error),
	) ([]Project, error)
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store Store
}

// Service is what people vote on.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Day is the ballot's projects as they are shown today.
type Day struct {
	Projects []Project
	Phase    round.Phase
	Left     time.Duration // until another order is drawn
}

// Today are the ballot's projects, of one area or of all for "", in today's
// order.
func (s *Service) Today(ctx context.Context, actor domain.Actor, roundID, area string) (Day, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return Day{}, err
	}
	projects, err := s.c.Store.Projects(ctx, r.ID, area)
	if err != nil {
		return Day{}, err
	}
	shuffle(projects, r.Now, s.c.TimeZone)
	year, month, day := r.Now.In(s.c.TimeZone).Date()
	return Day{projects, r.Phase, time.Date(year, month, day+1, 0, 0, 0, 0, s.c.TimeZone).Sub(r.Now)}, nil
}

// Get is one project by its number.
func (s *Service) Get(ctx context.Context, actor domain.Actor, roundID string, number int) (Project, error) {
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return Project{}, err
	}
	return s.c.Store.Project(ctx, roundID, number)
}

// Ballot is every project by number, and the version that Place, Remove and
// Number want (officials).
func (s *Service) Ballot(ctx context.Context, actor domain.Actor, roundID string) ([]Project, string, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, "", err
	}
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return nil, "", err
	}
	projects, err := s.c.Store.Projects(ctx, roundID, "")
	return projects, round.Version(Ballot{Projects: projects}.facts()), err
}

// Place puts accepted proposals on the ballot with the next free numbers; none
// named means all of them. Version is the Ballot's as it was read: Conflict
// CodeEdited if somebody changed it since. Like everything below it is for
// officials, before the freeze, and answers with all projects by number.
func (s *Service) Place(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	proposals []int64,
	version string,
) ([]Project, error) {
	return s.changeBallot(ctx, actor, roundID, proposal.ToPlace, func(_ round.Round, b *Ballot) error {
		if err := round.Since(version, b.facts(), domain.CodeEdited); err != nil {
			return err
		}
		return b.place(proposals)
	})
}

// Remove takes a project off the ballot; its proposal is accepted again.
// Version is the Ballot's as it was read: if somebody changed it since, the
// number may be another project's, and it is Conflict CodeEdited.
func (s *Service) Remove(ctx context.Context, actor domain.Actor, roundID string, number int, version string) error {
	_, err := s.changeBallot(ctx, actor, roundID, proposal.ToRemove, func(_ round.Round, b *Ballot) error {
		if err := round.Since(version, b.facts(), domain.CodeEdited); err != nil {
			return err
		}
		return b.remove(number)
	})
	return err
}

// RemoveAll takes several projects off the ballot, all or none. Version as with
// Remove.
func (s *Service) RemoveAll(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	numbers []int,
	version string,
) ([]Project, error) {
	return s.changeBallot(ctx, actor, roundID, proposal.ToRemove, func(_ round.Round, b *Ballot) error {
		if err := round.Since(version, b.facts(), domain.CodeEdited); err != nil {
			return err
		}
		return b.removeAll(numbers)
	})
}

// Import puts ready projects on the ballot, each as an accepted proposal by the
// city; all or nothing.
func (s *Service) Import(ctx context.Context, actor domain.Actor, roundID string, ready []Project) ([]Project, error) {
	return s.changeBallot(
		ctx,
		actor,
		roundID,
		proposal.ToImport,
		func(r round.Round, b *Ballot) error { return b.add(r, s.c.City, ready) },
	)
}

// Number gives the numbers anew from 1, area by area, by title. Version as with
// Remove.
func (s *Service) Number(ctx context.Context, actor domain.Actor, roundID, version string) ([]Project, error) {
	return s.changeBallot(ctx, actor, roundID, proposal.ToNumber, func(r round.Round, b *Ballot) error {
		if err := round.Since(version, b.facts(), domain.CodeEdited); err != nil {
			return err
		}
		b.number(r.Settings)
		return nil
	})
}

func (s *Service) changeBallot(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	action proposal.Action,
	do func(round.Round, *Ballot) error,
) ([]Project, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	return s.c.Store.ChangeBallot(ctx, roundID, func(r round.At, b *Ballot) (proposal.Change, error) {
		if r.Phase.Reached(round.Frozen) {
			return proposal.Change{}, domain.Fail(
				domain.Closed,
				domain.CodePhase,
				"the ballot of %s was frozen by %s",
				r.ID,
				r.FreezeDecision,
			)
		}
		before := slices.Clone(b.Projects)
		if err := do(r.Round, b); err != nil {
			return proposal.Change{}, err
		}
		c := proposal.NewChange(actor, action)
		c.Audit = round.NewEntry(r.Round, actor, action, "", moved(before, b.Projects))
		return c, nil
	})
}

// moved are, for the audit log, the numbers that became another proposal's (0:
// imported) or nobody's.
func moved(before, after []Project) any {
	return map[string]any{"changes": round.Changes(numbered(before), numbered(after))}
}

func numbered(projects []Project) []round.Fact {
	facts := make([]round.Fact, len(projects))
	for i, p := range projects {
		facts[i] = round.Fact{Path: "ballot." + strconv.Itoa(p.Number), Value: p.Proposal}
	}
	return facts
}
