package delivery

import (
	"context"

	"osbu/domain"
	"osbu/domain/disclosure"
	"osbu/domain/round"
)

// When a project is finished residents say once whether it was worth it.

// Answer is what a resident says.
type Answer string

// The answers.
const (
	WorthYes    Answer = "yes"
	WorthPartly Answer = "partly"
	WorthNo     Answer = "no"
)

// Answers are all in their order.
var Answers = []Answer{WorthYes, WorthPartly, WorthNo}

// CodeAnswered: the actor has said so already.
const CodeAnswered domain.Code = "already_answered"

// Worth is what residents say of a finished project; answers that are few are
// counted together, and fewer than five in all are not told.
type Worth struct {
	Open bool // for the actor's answer, or for that of whoever signs in
	Mine Answer
	disclosure.Table
}

// Judgements keep answers.
type Judgements interface {
	// Worth counts the answers of a project, and tells that of the account (0:
	// nobody's): one query.
	Worth(ctx context.Context, proposal, account int64) (counts map[Answer]int, mine Answer, err error)
	// Judge keeps an answer. Conflict CodeAnswered if the account has given one,
	// Closed if nobody is asked now. One statement.
	Judge(ctx context.Context, proposal, account int64, answer Answer) error
}

// finished tells whether residents may say whether it was worth it.
func (d Delivery) finished() bool { return d.Phase.Reached(Done) && d.Standing != Cancelled }

// worth is what residents say of a project; nil if it is not finished.
func (s *Service) worth(ctx context.Context, actor domain.Actor, r round.Round, d Delivery) (*Worth, error) {
	if !d.finished() {
		return nil, nil //nolint:nilnil // nobody is asked
	}
	counts, mine, err := s.c.Judgements.Worth(ctx, d.Proposal, actor.ID)
	if err != nil {
		return nil, err
	}
	const row = "project"
	var all []disclosure.Count
	var columns []string
	for _, a := range Answers {
		columns = append(columns, string(a))
		all = append(all, disclosure.Count{Row: row, Column: string(a), N: counts[a]})
	}
	return &Worth{
		Open: r.Phase == round.Delivering && mine == "", Mine: mine,
		Table: disclosure.Guard(disclosure.Tabulate(all, []string{row}, columns, false)),
	}, nil
}

// Judge says whether a finished project was worth it (residents, once).
func (s *Service) Judge(
	ctx context.Context, actor domain.Actor, roundID string, number int, answer Answer,
) (Story, error) {
	if err := actor.SignedIn(); err != nil {
		return Story{}, err
	}
	story, err := s.Get(ctx, actor, roundID, number)
	if err != nil {
		return Story{}, err
	}
	if story.Worth == nil {
		return Story{}, domain.Fail(domain.Closed, domain.CodePhase, "project %d is not finished", number)
	}
	if err := s.c.Judgements.Judge(ctx, story.Proposal, actor.ID, answer); err != nil {
		return Story{}, err
	}
	return s.Get(ctx, actor, roundID, number)
}
