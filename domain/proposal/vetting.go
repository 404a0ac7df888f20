package proposal

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Take begins the evaluation, or goes on with it when no answer comes (the
// area's Stadiluotsi, as for all of vetting).
func (s *Service) Take(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	return s.change(ctx, actor, roundID, id, ToTake, func(_ round.Round, p *Proposal, _ *Change) error {
		p.Facilitator, p.AnswerBy = PersonOf(actor), time.Time{}
		return nil
	})
}

// Until when an author answers a question, if the facilitator does not say, and
// how long before that she is reminded.
const (
	answerDays     = 14
	mostAnswerDays = 60
	remindBefore   = 3 * 24 * time.Hour
)

// Ask asks the author for information until a moment, or two weeks for the zero
// one; only she and staff see the question. When nothing came until then, a
// person decides what follows.
func (s *Service) Ask(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	question string,
	until time.Time,
) (View, error) {
	return s.changeAt(ctx, actor, roundID, id, ToAsk, func(r round.Round, now time.Time, p *Proposal, c *Change) error {
		var problems domain.Problems
		p.Question = body(&problems, "text", question, maxText)
		if p.Question == "" {
			problems.Add("text", "required", "")
		}
		p.AnswerBy = s.until(now, until, r.Times.Vetting.Closes, "answer_by", answerDays, mostAnswerDays, &problems)
		c.Reason, c.RemindAt = p.Question, p.AnswerBy.Add(-min(remindBefore, p.AnswerBy.Sub(now)/2))
		return problems.Err()
	})
}

// Reject ends the evaluation with a reason code and a public text in Finnish
// and Swedish.
func (s *Service) Reject(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	reason Reason,
	text domain.Text,
) (View, error) {
	return s.change(ctx, actor, roundID, id, ToReject, func(r round.Round, p *Proposal, c *Change) error {
		var problems domain.Problems
		if !slices.Contains(reasons, reason) {
			problems.Add("reason", "unknown", "")
		}
		p.Answer = public(&problems, "text", text, maxText, body, domain.Finnish, domain.Swedish)
		if p.State != Appealed {
			p.RejectedBy = actor.ID
		}
		p.Reason, p.Facilitator = reason, PersonOf(actor)
		c.Reason, c.Answer = string(reason), p.Answer
		c.Audit = decision(r, actor, ToReject, string(reason), map[string]int64{"proposal": id})
		return problems.Err()
	})
}

// Accept ends the evaluation with a cost, and a public text if there is
// something to say.
func (s *Service) Accept(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	cost Cost,
	text domain.Text,
) (View, error) {
	return s.change(ctx, actor, roundID, id, ToAccept, func(r round.Round, p *Proposal, c *Change) error {
		var problems domain.Problems
		cost.check(&problems, "cost")
		if text == (domain.Text{}) {
			p.Answer = text
		} else {
			p.Answer = public(&problems, "text", text, maxText, body, domain.Finnish, domain.Swedish)
		}
		p.Cost, p.Reason, p.Facilitator = &cost, "", PersonOf(actor)
		c.Answer = p.Answer
		c.Audit = decision(r, actor, ToAccept, "", map[string]int64{
			"proposal": id,
			"minimum":  int64(cost.Minimum), "maximum": int64(cost.Maximum), "maintenance": int64(cost.Maintenance),
		})
		return problems.Err()
	})
}

// Appeal answers a rejection, once; another person decides on it.
func (s *Service) Appeal(ctx context.Context, actor domain.Actor, roundID string, id int64, text string) (View, error) {
	return s.change(ctx, actor, roundID, id, ToAppeal, func(_ round.Round, p *Proposal, c *Change) error {
		var problems domain.Problems
		p.Appeal = body(&problems, "text", text, maxText)
		if p.Appeal == "" {
			problems.Add("text", "required", "")
		}
		c.Reason = p.Appeal
		return problems.Err()
	})
}

// until is a deadline: the one given, at most so many days from now, or the end
// of the last of the usual days, but not after the vetting.
func (s *Service) until(
	now, given, closes time.Time,
	path string,
	usual, most int,
	problems *domain.Problems,
) time.Time {
	if given.IsZero() {
		year, month, day := now.In(s.c.Zone).Date()
		until := time.Date(year, month, day+usual, 23, 59, 0, 0, s.c.Zone)
		if closes.After(now) && closes.Before(until) {
			return closes
		}
		return until
	}
	switch {
	case !given.After(now):
		problems.Add(path, "too_small", now.UTC().Format(time.RFC3339))
	case given.After(now.AddDate(0, 0, most)):
		problems.Add(path, "too_large", strconv.Itoa(most))
	}
	return given
}

// decision is the audit entry of a staff's step.
func decision(r round.Round, actor domain.Actor, action Action, reason string, details any) *round.Entry {
	text, err := json.Marshal(details)
	if err != nil {
		panic(err) // numbers and addresses only
	}
	return &round.Entry{
		Round:   r.ID,
		Actor:   round.Signature(actor),
		Action:  string(action),
		Reason:  reason,
		Details: string(text),
	}
}
