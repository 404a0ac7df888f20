package box

import (
	"context"

	"osbu/domain/round"
)

// Vouch adds an audit leaf for each head that the log does not hold yet
// (round.PublicLog), and with them a checkpoint: at a step's time, which is
// public, and never with ballots.
func (s *Service) Vouch(
	ctx context.Context,
	id string,
	heads func(context.Context) ([]round.Head, error),
) error {
	r, err := s.reading(ctx, id)
	if err != nil {
		return err
	}
	// A crash after the commit loses nothing; before it, whoever vouches next
	// finds the head missing and adds it.
	return s.Store.Vouch(ctx, id, func(b Batch) (Extension, error) {
		held, err := headsOf(b.Audits)
		if err != nil {
			return Extension{}, err
		}
		all, err := heads(ctx)
		if err != nil {
			return Extension{}, err
		}
		missing, err := round.Missing(id, held, all)
		if err != nil || len(missing) == 0 {
			return Extension{}, err
		}
		before, tree, err := r.edge(ctx, b)
		if err != nil {
			return Extension{}, err
		}
		leaves := r.first(before)
		for _, h := range missing {
			leaves = append(leaves, Leaf{Type: AuditLeaf, Audit: h})
		}
		return r.grown(before, tree, leaves)
	})
}

// Heads are those of the office's audit log that the log holds; none before the
// freeze.
func (s *Service) Heads(ctx context.Context, id string) ([]round.Head, error) {
	lines, err := s.Store.Audits(ctx, id)
	if err != nil {
		return nil, err
	}
	return headsOf(lines)
}

func headsOf(lines []string) ([]round.Head, error) {
	heads := make([]round.Head, len(lines))
	for i, line := range lines {
		l, err := ParseLeaf(line)
		if err != nil {
			return nil, err
		}
		heads[i] = l.Audit
	}
	return heads, nil
}

// ended tells whether this can only be the last leaf of a log that takes no
// more ballots.
func (l Leaf) ended() bool {
	return l.Type == CloseLeaf ||
		l.Type == AuditLeaf && (l.Audit.Step == round.Correct || l.Audit.Step.Into().Reached(round.Closed))
}
