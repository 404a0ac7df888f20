package discussion

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Report tells the moderators of a comment, once for each person.
func (s *Service) Report(ctx context.Context, actor domain.Actor, roundID string, id int64, fault Fault) error {
	_, err := s.changeComment(
		ctx,
		actor,
		roundID,
		id,
		ToReport,
		func(_ round.Round, _ proposal.Proposal, _ *Comment) (Change, error) {
			var problems domain.Problems
			fault.Check(&problems)
			return Change{Report: fault}, problems.Err()
		},
	)
	return err
}

// Hide takes a comment out of the public's sight. Its author goes on seeing it,
// with the fault and the moderator's note.
func (s *Service) Hide(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	fault Fault,
	note string,
) (View, error) {
	return s.changeComment(
		ctx,
		actor,
		roundID,
		id,
		ToHide,
		func(r round.Round, p proposal.Proposal, c *Comment) (Change, error) {
			var problems domain.Problems
			fault.Check(&problems)
			c.Hidden, c.Note = fault, problems.Body("note", note, maxModeratorNote)
			return Change{Settle: true, Audit: moderation(r, actor, ToHide, fault, p, *c)}, problems.Err()
		},
	)
}

// Keep settles the reports of a comment, and shows it again if it was hidden.
func (s *Service) Keep(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	return s.changeComment(
		ctx,
		actor,
		roundID,
		id,
		ToKeep,
		func(r round.Round, p proposal.Proposal, c *Comment) (Change, error) {
			c.Hidden, c.Note = "", ""
			return Change{Settle: true, Audit: moderation(r, actor, ToKeep, "", p, *c)}, nil
		},
	)
}

// Erase takes the author's own comment away for good.
func (s *Service) Erase(ctx context.Context, actor domain.Actor, roundID string, id int64) error {
	_, err := s.changeComment(
		ctx,
		actor,
		roundID,
		id,
		ToErase,
		func(round.Round, proposal.Proposal, *Comment) (Change, error) {
			return Change{Erase: true}, nil
		},
	)
	return err
}

// mostReported is how many reported comments a moderator is shown at once.
const mostReported = 100

// Reported are the comments that wait for a moderator in the actor's districts,
// all of them for an official, or those that are hidden; the oldest first, at
// most a hundred.
func (s *Service) Reported(ctx context.Context, actor domain.Actor, roundID string, hidden bool) ([]View, error) {
	if !actor.Is(domain.Official) && !actor.Is(domain.Facilitator) {
		return nil, actor.Need(domain.Facilitator)
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	areas := actor.Districts()
	found, err := s.c.Store.Reported(ctx, r.ID, areas, hidden, mostReported)
	if err != nil {
		return nil, err
	}
	views := make([]View, len(found))
	for i, c := range found {
		views[i] = View{Comment: c, Mine: c.mine(actor), May: []Action{}}
		if !views[i].Mine {
			views[i].May = []Action{ToHide, ToKeep}
			if c.Hidden != "" {
				views[i].May = []Action{ToKeep}
			}
		}
	}
	return views, nil
}

func (s *Service) changeComment(ctx context.Context, actor domain.Actor, roundID string, id int64, action Action,
	do func(round.Round, proposal.Proposal, *Comment) (Change, error),
) (v View, err error) {
	err = s.c.Store.ChangeComment(
		ctx,
		roundID,
		id,
		actor.ID,
		func(r round.Round, p proposal.Proposal, c *Comment) (Change, error) {
			if err := c.permit(action, actor, r, p); err != nil {
				return Change{}, err
			}
			change, err := do(r, p, c)
			if change.Settle {
				c.Reports = 0
			}
			v = c.For(actor, r, p)
			return change, err
		},
	)
	return v, err
}

func moderation(
	r round.Round,
	actor domain.Actor,
	action Action,
	fault Fault,
	p proposal.Proposal,
	c Comment,
) *round.Entry {
	return round.NewEntry(
		r,
		actor,
		string(action)+"_comment",
		string(fault),
		map[string]int64{"proposal": p.ID, "comment": c.ID},
	)
}
