package handlers

import (
	"context"

	"osbu/domain/proposal/authorship"
	"osbu/handlers/api"
)

// ListAuthors answers with who writes a proposal.
func (s *Server) ListAuthors(
	ctx context.Context,
	req api.ListAuthorsRequestObject,
) (api.ListAuthorsResponseObject, error) {
	actor := actorFrom(ctx)
	a, err := s.config.Authorship.Authors(ctx, actor, req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	answer := api.ListAuthors200JSONResponse{
		MayInvite:   a.May,
		Authors:     []api.Author{},
		Invitations: list(a.Open, toOpenInvitation),
	}
	if a.First.ID != 0 {
		answer.Authors = append(
			answer.Authors,
			api.Author{Id: a.First.ID, Name: a.First.Name, Me: a.First.ID == actor.ID},
		)
	}
	for _, c := range a.Coauthors {
		me := c.ID == actor.ID
		answer.Authors = append(
			answer.Authors,
			api.Author{Id: c.ID, Name: c.Name, Me: me, MayRemove: me || a.First.ID == actor.ID},
		)
	}
	return answer, nil
}

// RemoveAuthor ends somebody's part.
func (s *Server) RemoveAuthor(
	ctx context.Context,
	req api.RemoveAuthorRequestObject,
) (api.RemoveAuthorResponseObject, error) {
	if err := s.config.Authorship.Remove(ctx, actorFrom(ctx), req.Round, req.Proposal, req.Account); err != nil {
		return nil, err
	}
	return api.RemoveAuthor204Response{}, nil
}

// InviteAuthor writes an e-mail of invitation.
func (s *Server) InviteAuthor(
	ctx context.Context,
	req api.InviteAuthorRequestObject,
) (api.InviteAuthorResponseObject, error) {
	if err := s.config.Authorship.Invite(ctx, actorFrom(ctx), req.Round, req.Proposal, req.Body.Address); err != nil {
		return nil, err
	}
	return api.InviteAuthor204Response{}, nil
}

// EndInvitation takes an invitation back.
func (s *Server) EndInvitation(
	ctx context.Context,
	req api.EndInvitationRequestObject,
) (api.EndInvitationResponseObject, error) {
	if err := s.config.Authorship.EndInvitation(ctx, actorFrom(ctx), req.Round, req.Proposal, req.Invitation); err != nil {
		return nil, err
	}
	return api.EndInvitation204Response{}, nil
}

// GetInvitation tells what a link invites to.
func (s *Server) GetInvitation(
	ctx context.Context,
	req api.GetInvitationRequestObject,
) (api.GetInvitationResponseObject, error) {
	i, err := s.config.Authorship.Invited(ctx, actorFrom(ctx), req.Body.Token)
	if err != nil {
		return nil, err
	}
	return api.GetInvitation200JSONResponse(toInvitation(i)), nil
}

// AnswerInvitation accepts or declines.
func (s *Server) AnswerInvitation(
	ctx context.Context,
	req api.AnswerInvitationRequestObject,
) (api.AnswerInvitationResponseObject, error) {
	i, err := s.config.Authorship.AnswerInvitation(ctx, actorFrom(ctx), req.Body.Token, req.Body.Accept)
	if err != nil {
		return nil, err
	}
	return api.AnswerInvitation200JSONResponse(toInvitation(i)), nil
}

func toInvitation(i authorship.Invitation) api.Invitation {
	return api.Invitation{Round: i.Round, Proposal: i.Proposal, Title: i.Title, By: i.By.Name, Until: i.Until}
}

func toOpenInvitation(i authorship.OpenInvitation) api.OpenInvitation {
	return api.OpenInvitation{Id: i.ID, By: i.By.Name, Address: i.Address, At: i.At, Until: i.Until}
}
