package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/merge"
	"osbu/handlers/api"
)

// GetTies answers with what joins a proposal to others.
func (s *Server) GetTies(ctx context.Context, req api.GetTiesRequestObject) (api.GetTiesResponseObject, error) {
	actor := actorFrom(ctx)
	t, err := s.config.Merges.Ties(ctx, actor, req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	ties := api.GetTies200JSONResponse{
		Into: list(
			t.Into,
			toTied,
		), MadeOf: list(t.MadeOf, toTied), SplitInto: list(t.SplitInto, toTied), SplitFrom: list(t.SplitFrom, toTied),
		Conflicts: list(t.Conflicts, toConflict),
	}
	if t.Undone != nil {
		ties.Undone = new(toPublicText(*t.Undone))
	}
	if t.Merge != nil {
		ties.Merge = new(toMerge(*t.Merge, actor))
	}
	if t.Latest != nil {
		ties.Latest = new(toMerge(*t.Latest, actor))
	}
	return ties, nil
}

// ListMerges answers with what is under way in my districts.
func (s *Server) ListMerges(
	ctx context.Context,
	req api.ListMergesRequestObject,
) (api.ListMergesResponseObject, error) {
	actor := actorFrom(ctx)
	merges, err := s.config.Merges.List(ctx, actor, req.Round)
	if err != nil {
		return nil, err
	}
	return api.ListMerges200JSONResponse(
		list(merges, func(v merge.View) api.Merge { return toMerge(v, actor) }),
	), nil
}

// ProposeMerge asks the authors.
func (s *Server) ProposeMerge(
	ctx context.Context,
	req api.ProposeMergeRequestObject,
) (api.ProposeMergeResponseObject, error) {
	actor := actorFrom(ctx)
	v, err := s.config.Merges.Propose(ctx, actor, req.Round, merge.Plan{
		Kind: merge.Kind(
			req.Body.Kind,
		), Proposals: req.Body.Proposals, Into: given(req.Body.Into), Message: given(req.Body.Message),
		AnswerBy: given(req.Body.AnswerBy),
		Parts: list(given(req.Body.Parts), func(p api.NewPart) merge.Part {
			return merge.Part{
				Text:    fromProposalText(p.Text),
				Swedish: fromWords(p.Swedish),
			}
		}),
	})
	if err != nil {
		return nil, err
	}
	return api.ProposeMerge201JSONResponse(toMerge(v, actor)), nil
}

// AnswerMerge is an author's answer.
func (s *Server) AnswerMerge(
	ctx context.Context,
	req api.AnswerMergeRequestObject,
) (api.AnswerMergeResponseObject, error) {
	actor := actorFrom(ctx)
	v, err := s.config.Merges.Answer(
		ctx,
		actor,
		req.Round,
		req.Merge,
		merge.Answer(req.Body.Answer),
		given(req.Body.Message),
	)
	if err != nil {
		return nil, err
	}
	return api.AnswerMerge200JSONResponse(toMerge(v, actor)), nil
}

// CompleteMerge does what was asked.
func (s *Server) CompleteMerge(
	ctx context.Context,
	req api.CompleteMergeRequestObject,
) (api.CompleteMergeResponseObject, error) {
	actor := actorFrom(ctx)
	v, err := s.config.Merges.Complete(
		ctx,
		actor,
		req.Round,
		req.Merge,
		given(req.Body.Include),
		given(req.Body.Reason),
	)
	if err != nil {
		return nil, err
	}
	return api.CompleteMerge200JSONResponse(toMerge(v, actor)), nil
}

// DropMerge gives it up.
func (s *Server) DropMerge(ctx context.Context, req api.DropMergeRequestObject) (api.DropMergeResponseObject, error) {
	actor := actorFrom(ctx)
	v, err := s.config.Merges.Drop(ctx, actor, req.Round, req.Merge)
	if err != nil {
		return nil, err
	}
	return api.DropMerge200JSONResponse(toMerge(v, actor)), nil
}

// UndoMerge puts everything back.
func (s *Server) UndoMerge(ctx context.Context, req api.UndoMergeRequestObject) (api.UndoMergeResponseObject, error) {
	actor := actorFrom(ctx)
	v, err := s.config.Merges.Undo(ctx, actor, req.Round, req.Merge, fromPublicText(req.Body.Text))
	if err != nil {
		return nil, err
	}
	return api.UndoMerge200JSONResponse(toMerge(v, actor)), nil
}

// AddConflict notes what cannot be carried out together.
func (s *Server) AddConflict(
	ctx context.Context,
	req api.AddConflictRequestObject,
) (api.AddConflictResponseObject, error) {
	c, err := s.config.Merges.AddConflict(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Body.Proposals,
		fromPublicText(req.Body.Reason),
	)
	if err != nil {
		return nil, err
	}
	return api.AddConflict201JSONResponse(toConflict(c)), nil
}

// LiftConflict takes it away.
func (s *Server) LiftConflict(
	ctx context.Context,
	req api.LiftConflictRequestObject,
) (api.LiftConflictResponseObject, error) {
	if err := s.config.Merges.LiftConflict(ctx, actorFrom(ctx), req.Round, req.Conflict); err != nil {
		return nil, err
	}
	return api.LiftConflict204Response{}, nil
}

func toMerge(v merge.View, actor domain.Actor) api.Merge {
	m := api.Merge{
		Id: v.ID, Kind: api.MergeKind(v.Kind), Stage: api.MergeStage(v.Stage), Message: unlessZero(v.Message), By: v.By.Name,
		AskedAt: v.AskedAt, AnswerBy: v.AnswerBy,
		SettledAt: unlessZero(v.SettledAt), Decided: unlessZero(v.Decided),
		Members: list(v.Members, func(member merge.Member) api.MergeMember {
			return api.MergeMember{
				Proposal: member.Proposal, Title: member.Title, Language: api.Language(member.Language),
				State:      api.ProposalState(member.State),
				Membership: api.MergeMemberMembership(member.Membership),
				Consents: list(member.Consents, func(c merge.Consent) api.MergeConsent {
					return api.MergeConsent{
						Author: c.Author.Name, Mine: c.Author.ID == actor.ID, Answer: unlessZero(api.MergeConsentAnswer(c.Answer)),
						Message: unlessZero(c.Message),
						Basis:   unlessZero(api.MergeConsentBasis(c.Basis)), At: unlessZero(c.At),
					}
				}),
			}
		}),
		Parts: list(v.Parts, func(p merge.Part) api.MergePart {
			part := api.MergePart{Proposal: unlessZero(p.Proposal), Made: p.Made}
			if p.Made {
				part.Text, part.Swedish = new(toProposalText(p.Text)), new(toWords(p.Swedish))
			}
			return part
		}),
		May: list(v.May, func(a merge.Action) api.MergeAction { return api.MergeAction(a) }),
	}
	if v.Undone != (domain.Text{}) {
		m.Undone = new(toPublicText(v.Undone))
	}
	return m
}

func toWords(w proposal.Words) api.Words {
	return api.Words{Title: w.Title, What: w.What, Why: unlessZero(w.Why), Place: unlessZero(w.Place)}
}

func fromWords(w api.Words) proposal.Words {
	return proposal.Words{Title: w.Title, What: w.What, Why: given(w.Why), Place: given(w.Place)}
}

func toTied(l merge.Link) api.TiedProposal {
	return api.TiedProposal{
		Proposal: l.Proposal,
		Title:    l.Title,
		Language: api.Language(l.Language),
		State:    api.ProposalState(l.State),
		Authors:  append([]string{}, l.Authors...),
	}
}

func toConflict(c merge.Conflict) api.AddedConflict {
	return api.AddedConflict{
		Id:        c.ID,
		Proposals: list(c.Proposals, toTied),
		Reason:    toPublicText(c.Reason),
		By:        c.By.Name,
		At:        c.At,
		MayLift:   c.May,
	}
}
