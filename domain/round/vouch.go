package round

import (
	"context"
	"fmt"

	"osbu/domain"
)

// A round's audit log lies in the office's database, and whoever owns that can
// write it anew, chain and all. So at each step from the freeze on its head
// goes into the round's public log, which can only grow, and which the record
// and the witnesses have too.

// Head is a step, and the hash of its entry: the head of the audit log after
// it.
type Head struct {
	Step Step
	Hash [32]byte
}

// MoveTimes is the step of moving a round's times; it leads into no phase.
const MoveTimes Step = "times"

// Correct is the step of correcting what the confirmation says, the decision's
// number; it leads into no phase.
const Correct Step = "correction"

// LoggedSteps are those that the public log vouches for.
var LoggedSteps = []Step{Freeze, MoveTimes, Open, Close, Count, Confirm, Correct, Publish, Archive}

// CodeAudit: the audit log is not the one that the public log vouches for.
const CodeAudit domain.Code = "audit_rewritten"

// Chained reads a round's audit log.
type Chained interface {
	// Heads are the steps from the freeze on, the first first; none before.
	Heads(ctx context.Context, id string) ([]Head, error)
	// Entries gives every entry to each, the first first, without names of
	// accounts, and stops at its error.
	Entries(ctx context.Context, id string, each func(Entry) error) error
}

// PublicLog is where heads of the audit log stand for everybody.
type PublicLog interface {
	// Vouch adds an audit leaf for each head that the log does not hold yet, in
	// one transaction, in which heads is called under the log's lock: whatever
	// is committed before is seen, and two calls add no head twice. Once more
	// changes nothing.
	//
	//	NotFound           the round has no manifest there yet
	//	Conflict CodeAudit the log holds another head, or more of them
	Vouch(ctx context.Context, id string, heads func(context.Context) ([]Head, error)) error
	// Heads are those that the log holds, the first first.
	Heads(ctx context.Context, id string) ([]Head, error)
}

// Vouch has the public log hold every step of a round that was taken. A step
// and its leaf lie in two databases, so a crash between them leaves a step
// without a leaf: the step taken again, the next one, or the service's own
// round of Vouch adds it. Before the manifest is in the log there is nothing to
// do.
func Vouch(ctx context.Context, office Chained, log PublicLog, id string) error {
	err := log.Vouch(ctx, id, func(ctx context.Context) ([]Head, error) { return office.Heads(ctx, id) })
	if domain.KindOf(err) == domain.NotFound {
		return nil
	}
	return err
}

// Missing are the heads that a log does not hold yet. It is Conflict CodeAudit
// if those that it holds are not the first of them.
func Missing(id string, held, heads []Head) ([]Head, error) {
	for i, h := range held {
		if i >= len(heads) || heads[i] != h {
			return nil, domain.Fail(domain.Conflict, CodeAudit,
				"the audit log of round %s is not the one that its public log vouches for: step %d there is %s %x", id, i+1,
				h.Step, h.Hash)
		}
	}
	return heads[len(held):], nil
}

// AuditCheck is what a check of a round's audit log has found.
type AuditCheck struct {
	Entries int64 // that follow from one another
	Broken  int64 // the first entry that does not; 0: none
	Steps   int   // that the public log vouches for, and that are the audit log's
	Differs bool  // the public log vouches for another step after them
}

// CheckAudit recomputes the chain from its first entry, and holds the steps
// against the public log (officials).
func (s *Service) CheckAudit(ctx context.Context, actor domain.Actor, id string) (AuditCheck, error) {
	if err := actor.Need(domain.Official); err != nil {
		return AuditCheck{}, err
	}
	if _, err := s.store.Round(ctx, id); err != nil {
		return AuditCheck{}, err
	}
	held, err := s.gate.Heads(ctx, id)
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return AuditCheck{}, err
	}
	var c AuditCheck
	var previous [32]byte
	err = s.store.Entries(ctx, id, func(e Entry) error {
		if c.Broken == 0 && Chain(previous, c.Entries, []Entry{e}) != nil {
			c.Broken = c.Entries + 1
		}
		if c.Broken == 0 {
			c.Entries, previous = c.Entries+1, e.Hash
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	heads, err := s.store.Heads(ctx, id)
	if err != nil {
		return c, err
	}
	for c.Steps < len(held) && c.Steps < len(heads) && held[c.Steps] == heads[c.Steps] {
		c.Steps++
	}
	c.Differs = c.Steps < len(held)
	return c, nil
}

// Vouch adds to the public logs what a crash has left out, of every round.
func (s *Service) Vouch(ctx context.Context) error {
	all, _, err := s.store.Rounds(ctx)
	if err != nil {
		return err
	}
	for _, r := range all {
		if !r.Phase.Reached(Frozen) {
			continue
		}
		if err := Vouch(ctx, s.store, s.gate, r.ID); err != nil {
			return fmt.Errorf("the audit log of round %s: %w", r.ID, err)
		}
	}
	return nil
}
