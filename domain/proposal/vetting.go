package proposal

import (
	"context"
	"encoding/json"
	"slices"

	"osbu/domain"
	"osbu/domain/round"
)

// Take begins the evaluation, or goes on with it when no answer comes (the area's Stadiluotsi, as for all of vetting).
func (s *Service) Take(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	return s.change(ctx, actor, roundID, id, ToTake, func(_ round.Round, p *Proposal, _ *Change) error {
		p.Facilitator = PersonOf(actor)
		return nil
	})
}

// Ask asks the author for information; only she and staff see the question.
func (s *Service) Ask(ctx context.Context, actor domain.Actor, roundID string, id int64, question string) (View, error) {
	return s.change(ctx, actor, roundID, id, ToAsk, func(_ round.Round, p *Proposal, c *Change) error {
		var problems domain.Problems
		p.Question = body(&problems, "text", question, maxText)
		if p.Question == "" {
			problems.Add("text", "required", "")
		}
		c.Reason = p.Question
		return problems.Err()
	})
}

// Reject ends the evaluation with a reason code and a public text in Finnish and Swedish.
func (s *Service) Reject(ctx context.Context, actor domain.Actor, roundID string, id int64, reason Reason, text domain.Text) (View, error) {
	return s.change(ctx, actor, roundID, id, ToReject, func(r round.Round, p *Proposal, c *Change) error {
		var problems domain.Problems
		if !slices.Contains(reasons, reason) {
			problems.Add("reason", "unknown", "")
		}
		p.Answer = public(&problems, "text", text, maxText, body, domain.Finnish, domain.Swedish)
		p.Reason = reason
		c.Reason = string(reason)
		c.Audit = decision(r, actor, ToReject, string(reason), map[string]int64{"proposal": id})
		return problems.Err()
	})
}

// Accept ends the evaluation with a cost, and a public text if there is something to say.
func (s *Service) Accept(ctx context.Context, actor domain.Actor, roundID string, id int64, cost Cost, text domain.Text) (View, error) {
	return s.change(ctx, actor, roundID, id, ToAccept, func(r round.Round, p *Proposal, c *Change) error {
		var problems domain.Problems
		cost.check(&problems, "cost")
		if text == (domain.Text{}) {
			p.Answer = text
		} else {
			p.Answer = public(&problems, "text", text, maxText, body, domain.Finnish, domain.Swedish)
		}
		p.Cost = &cost
		c.Audit = decision(r, actor, ToAccept, "", map[string]int64{"proposal": id,
			"minimum": int64(cost.Minimum), "maximum": int64(cost.Maximum), "maintenance": int64(cost.Maintenance)})
		return problems.Err()
	})
}

// decision is the audit entry of a staff's step.
func decision(r round.Round, actor domain.Actor, action Action, reason string, details any) *round.Entry {
	text, err := json.Marshal(details)
	if err != nil {
		panic(err) // numbers only
	}
	return &round.Entry{Round: r.ID, Actor: round.Signature(actor), Action: string(action), Reason: reason, Details: string(text)}
}
