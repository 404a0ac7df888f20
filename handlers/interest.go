package handlers

import (
	"context"

	"osbu/domain/proposal/interest"
	"osbu/handlers/api"
)

// GetInterest tells whether I support and follow a proposal.
func (s *Server) GetInterest(
	ctx context.Context,
	req api.GetInterestRequestObject,
) (api.GetInterestResponseObject, error) {
	i, err := s.config.Interest.Of(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.GetInterest200JSONResponse(toInterest(i)), nil
}

// SupportProposal begins my support.
func (s *Server) SupportProposal(
	ctx context.Context,
	req api.SupportProposalRequestObject,
) (api.SupportProposalResponseObject, error) {
	i, err := s.config.Interest.Set(ctx, actorFrom(ctx), req.Round, req.Proposal, interest.Support, true)
	if err != nil {
		return nil, err
	}
	return api.SupportProposal200JSONResponse(toInterest(i)), nil
}

// UnsupportProposal ends it.
func (s *Server) UnsupportProposal(
	ctx context.Context,
	req api.UnsupportProposalRequestObject,
) (api.UnsupportProposalResponseObject, error) {
	i, err := s.config.Interest.Set(ctx, actorFrom(ctx), req.Round, req.Proposal, interest.Support, false)
	if err != nil {
		return nil, err
	}
	return api.UnsupportProposal200JSONResponse(toInterest(i)), nil
}

// FollowProposal lets me hear of its steps.
func (s *Server) FollowProposal(
	ctx context.Context,
	req api.FollowProposalRequestObject,
) (api.FollowProposalResponseObject, error) {
	i, err := s.config.Interest.Set(ctx, actorFrom(ctx), req.Round, req.Proposal, interest.Follow, true)
	if err != nil {
		return nil, err
	}
	return api.FollowProposal200JSONResponse(toInterest(i)), nil
}

// UnfollowProposal ends it.
func (s *Server) UnfollowProposal(
	ctx context.Context,
	req api.UnfollowProposalRequestObject,
) (api.UnfollowProposalResponseObject, error) {
	i, err := s.config.Interest.Set(ctx, actorFrom(ctx), req.Round, req.Proposal, interest.Follow, false)
	if err != nil {
		return nil, err
	}
	return api.UnfollowProposal200JSONResponse(toInterest(i)), nil
}

// ListSimilar answers with proposals like the one that is being written.
func (s *Server) ListSimilar(
	ctx context.Context,
	req api.ListSimilarRequestObject,
) (api.ListSimilarResponseObject, error) {
	found, err := s.config.Proposals.Similar(ctx, actorFrom(ctx), req.Round, given(req.Params.Text))
	if err != nil {
		return nil, err
	}
	return api.ListSimilar200JSONResponse(list(found, toProposal)), nil
}

func toInterest(i interest.Interest) api.Interest {
	return api.Interest{Supports: i.Supports, Follows: i.Follows, Supporters: i.Supporters}
}
