package discussion

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// ReportedProposal is one that waits for a moderator, or was hidden.
type ReportedProposal struct {
	ID     int64
	Title  string
	Area   string
	State  proposal.State
	Faults []Fault // that it is reported for, one a report
	Hidden Fault   // why it is hidden; empty: everybody reads it
	Note   string  // the moderator's to its authors
}

// ReportProposal tells the moderators of a public proposal of somebody else's,
// once for each person.
func (s *Service) ReportProposal(ctx context.Context, actor domain.Actor, roundID string, id int64, fault Fault) error {
	if err := actor.SignedIn(); err != nil {
		return err
	}
	return s.c.Store.ReportProposal(
		ctx,
		roundID,
		id,
		actor.ID,
		fault,
		func(r round.Round, p proposal.Proposal) error {
			if err := p.OpenTo(actor, r); err != nil {
				return err
			}
			if p.Mine(actor) {
				return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "nobody reports her own proposal")
			}
			var problems domain.Problems
			fault.Check(&problems)
			return problems.Err()
		},
	)
}

// HideProposal takes a proposal with its texts, versions, images and discussion
// out of the public's sight, whatever the round's phase, but not off the
// ballot. Its authors go on seeing it, with the fault and the moderator's note,
// and are told by e-mail; followers are not.
func (s *Service) HideProposal(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	fault Fault,
	note string,
) (proposal.View, error) {
	v, err := s.c.Change(ctx, actor, roundID, id, proposal.ToHide,
		func(r round.At, p *proposal.Proposal, c *proposal.Change) error {
			var problems domain.Problems
			fault.Check(&problems)
			p.Hidden, p.HiddenNote = fault, problems.Body("note", note, maxModeratorNote)
			c.Reason = p.HiddenNote
			c.Audit = round.NewEntry(r.Round, actor, "hide_proposal", string(fault), map[string]int64{"proposal": id})
			return problems.Err()
		})
	if err != nil {
		return v, err
	}
	return v, s.c.Store.SettleProposal(ctx, roundID, id)
}

// KeepProposal settles a proposal's reports, and shows it again if it was
// hidden.
func (s *Service) KeepProposal(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
) (proposal.View, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return proposal.View{}, err
	}
	if err := actor.SignedIn(); err != nil {
		return proposal.View{}, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err != nil {
		return proposal.View{}, err
	}
	if !p.ModeratedBy(actor) || p.Mine(actor) {
		return proposal.View{}, domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "others moderate proposal %d", id)
	}
	v := p.For(actor, r)
	if p.Hidden != "" {
		v, err = s.c.Change(ctx, actor, roundID, id, proposal.ToShow,
			func(r round.At, p *proposal.Proposal, c *proposal.Change) error {
				p.Hidden, p.HiddenNote = "", ""
				c.Audit = round.NewEntry(r.Round, actor, "show_proposal", "", map[string]int64{"proposal": id})
				return nil
			})
		if err != nil {
			return v, err
		}
	}
	return v, s.c.Store.SettleProposal(ctx, roundID, id)
}

// ReportedProposals are those that wait for a moderator in the actor's
// districts, all of them for an official, or those that are hidden; at most a
// hundred, the oldest first.
func (s *Service) ReportedProposals(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	hidden bool,
) ([]ReportedProposal, error) {
	if !actor.Is(domain.Official) && !actor.Is(domain.Facilitator) {
		return nil, actor.Need(domain.Facilitator)
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	return s.c.Store.ReportedProposals(ctx, r.ID, actor.Districts(), hidden, mostReported)
}
