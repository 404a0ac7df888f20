package desk

import (
	"context"
	"errors"

	"osbu/domain"
	"osbu/domain/proposal"
)

// Life is what is decided of one proposal.
type Life interface {
	Take(ctx context.Context, actor domain.Actor, round string, id int64) (proposal.View, error)
	Reject(
		ctx context.Context,
		actor domain.Actor,
		round string,
		id int64,
		reason proposal.Reason,
		text domain.Text,
	) (proposal.View, error)
	Accept(
		ctx context.Context,
		actor domain.Actor,
		round string,
		id int64,
		cost proposal.Cost,
		text domain.Text,
	) (proposal.View, error)
	Correct(
		ctx context.Context,
		actor domain.Actor,
		round string,
		id int64,
		version int,
		t proposal.Text,
		reason string,
	) (proposal.View, error)
}

// Bulk is one decision on many proposals. Accepting takes cost and public words
// from each one's published estimate.
type Bulk struct {
	Action    proposal.Action // ToTake, ToReject, ToAccept or ToCorrect
	Proposals []int64
	Reason    proposal.Reason // of a rejection
	Text      domain.Text     // of a rejection
	Theme     string          // of a correction
	Why       string          // likewise
}

// Outcome tells what became of one of many: Refusal is nil if it was done.
type Outcome struct {
	Proposal int64
	Refusal  *domain.Error
}

// CodeNoEstimate refuses to accept from an estimate what no division has
// estimated, found feasible and published.
const CodeNoEstimate domain.Code = "no_estimate"

// Decide decides on each of these proposals by itself (whoever may decide on
// it). What is refused is told with its reason, and holds none of the others
// up.
func (s *Service) Decide(ctx context.Context, actor domain.Actor, roundID string, b Bulk) ([]Outcome, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return nil, actor.Need(domain.Facilitator)
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	var problems domain.Problems
	ids := distinct(&problems, b.Proposals)
	switch b.Action {
	case proposal.ToTake, proposal.ToAccept:
	case proposal.ToReject:
		if !b.Reason.Known() {
			problems.Add("reason", "unknown", "")
		}
		problems.PublicBody("text", b.Text, proposal.MaxAnswer, domain.Finnish, domain.Swedish)
	case proposal.ToCorrect:
		proposal.Text{Theme: b.Theme}.CheckChoices(r.Settings, &problems, "")
		if b.Theme == "" {
			problems.Add("theme", "required", "")
		}
		if problems.Body("why", b.Why, proposal.MaxCorrection) == "" {
			problems.Add("why", "required", "")
		}
	default:
		problems.Add("action", "unknown", "")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	var estimates map[int64]proposal.Estimate
	if b.Action == proposal.ToAccept {
		if estimates, err = s.c.Estimates.Current(ctx, true, ids...); err != nil {
			return nil, err
		}
	}
	outcomes := make([]Outcome, len(ids))
	for i, id := range ids {
		err := s.decideOne(ctx, actor, roundID, id, b, estimates)
		var refusal *domain.Error
		if err != nil && (!errors.As(err, &refusal) || refusal.Kind == domain.Internal) {
			return nil, err
		}
		outcomes[i] = Outcome{id, refusal}
	}
	return outcomes, nil
}

func (s *Service) decideOne(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	b Bulk,
	estimates map[int64]proposal.Estimate,
) (err error) {
	switch b.Action {
	case proposal.ToTake:
		_, err = s.c.Life.Take(ctx, actor, roundID, id)
	case proposal.ToReject:
		_, err = s.c.Life.Reject(ctx, actor, roundID, id, b.Reason, b.Text)
	case proposal.ToAccept:
		e, ok := estimates[id]
		if !ok || e.Rejects() || e.Cost == nil {
			return domain.Fail(domain.Conflict, CodeNoEstimate, "proposal %d has no published estimate to accept by", id)
		}
		_, err = s.c.Life.Accept(ctx, actor, roundID, id, *e.Cost, e.Reasons)
	case proposal.ToCorrect:
		r, err := s.c.Round(ctx, actor, roundID)
		if err != nil {
			return err
		}
		p, err := s.c.Find(ctx, actor, r.Round, id)
		if err != nil {
			return err
		}
		text := p.Text
		text.Theme = b.Theme
		_, err = s.c.Life.Correct(ctx, actor, roundID, id, p.Version, text, b.Why)
		return err
	}
	return err
}
