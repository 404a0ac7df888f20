package merge

import (
	"context"

	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Store keeps merges.
type Store interface {
	// AddMerge calls plan with the round, the database's clock and these
	// proposals, and stores the merge with a version of each of them. The
	// proposals are locked in the order of their IDs and their round held
	// against a freeze; all in one transaction. NotFound if the round lacks one
	// of them; Conflict if one is in another merge that is under way.
	AddMerge(
		ctx context.Context,
		round string,
		ids []int64,
		plan func(round.At, []Candidate) (Merge, Change, error),
	) (Merge, error)
	// ChangeMerge calls change with the round, the database's clock, the merge
	// and its members and parts by ID, and stores what it made of all of them.
	// The merge and then the proposals, in the order of their IDs, are locked,
	// and their round held against a freeze; all in one transaction. NotFound
	// if the round has no such merge.
	ChangeMerge(
		ctx context.Context,
		round string,
		id int64,
		change func(round.At, *Merge, map[int64]*Candidate) (Change, error),
	) (Merge, error)
	// Merges are those that the proposal is or was a member or part of, the
	// newest first: a fixed number of queries without a lock.
	Merges(ctx context.Context, round string, proposal int64) ([]Merge, error)
	// OpenMerges are those under way with all their proposals in these areas
	// (nil: all), the oldest first: a fixed number of queries without a lock.
	OpenMerges(ctx context.Context, round string, areas []string) ([]Merge, error)
}

// Links knows proposals by what leads to them.
type Links interface {
	// Links are proposals as links, by ID: one query without a lock.
	Links(ctx context.Context, ids []int64) (map[int64]Link, error)
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store     Store
	Links     Links
	Conflicts Conflicts
}

// Service is what joins proposals to each other.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Change is what a step of a merge does to its proposals.
type Change struct {
	By      proposal.Person
	Changes map[int64]proposal.Change // of the candidates that changed
	Made    []proposal.Proposal       // one for each part, with Making
	Making  proposal.Change
	Audit   *round.Entry
}

// Candidate is a proposal under its lock.
type Candidate struct {
	proposal.Proposal
	Busy bool // in another merge that is under way
}
