package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/discussion"
	"osbu/handlers/api"
)

// commentPage is how many comments are read at once.
const commentPage = 50

// ListComments answers with a page of a proposal's discussion.
func (s *Server) ListComments(
	ctx context.Context,
	req api.ListCommentsRequestObject,
) (api.ListCommentsResponseObject, error) {
	d, err := s.config.Discussion.Read(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		given(req.Params.After),
		commentPage,
	)
	if err != nil {
		return nil, err
	}
	return api.ListComments200JSONResponse{
		Comments: list(d.Comments, toComment),
		Open:     d.Open,
		Next:     unlessZero(d.Next),
	}, nil
}

// AddComment adds to it.
func (s *Server) AddComment(
	ctx context.Context,
	req api.AddCommentRequestObject,
) (api.AddCommentResponseObject, error) {
	v, err := s.config.Discussion.Comment(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		given(req.Body.ReplyTo),
		req.Body.Text,
		domain.Language(req.Body.Language),
	)
	if err != nil {
		return nil, err
	}
	return api.AddComment201JSONResponse(toComment(v)), nil
}

// EraseComment takes my own away.
func (s *Server) EraseComment(
	ctx context.Context,
	req api.EraseCommentRequestObject,
) (api.EraseCommentResponseObject, error) {
	if err := s.config.Discussion.Erase(ctx, actorFrom(ctx), req.Round, req.Comment); err != nil {
		return nil, err
	}
	return api.EraseComment204Response{}, nil
}

// ReportComment tells the moderators of one.
func (s *Server) ReportComment(
	ctx context.Context,
	req api.ReportCommentRequestObject,
) (api.ReportCommentResponseObject, error) {
	if err := s.config.Discussion.Report(ctx, actorFrom(ctx), req.Round, req.Comment,
		discussion.Fault(req.Body.Reason)); err != nil {
		return nil, err
	}
	return api.ReportComment204Response{}, nil
}

// ListReported answers with those that wait for a moderator.
func (s *Server) ListReported(
	ctx context.Context,
	req api.ListReportedRequestObject,
) (api.ListReportedResponseObject, error) {
	found, err := s.config.Discussion.Reported(ctx, actorFrom(ctx), req.Round, given(req.Params.Hidden))
	if err != nil {
		return nil, err
	}
	return api.ListReported200JSONResponse(list(found, toComment)), nil
}

// HideComment hides one with a reason.
func (s *Server) HideComment(
	ctx context.Context,
	req api.HideCommentRequestObject,
) (api.HideCommentResponseObject, error) {
	v, err := s.config.Discussion.Hide(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Comment,
		discussion.Fault(req.Body.Reason),
		given(req.Body.Note),
	)
	if err != nil {
		return nil, err
	}
	return api.HideComment200JSONResponse(toComment(v)), nil
}

// KeepComment settles its reports, or shows it again.
func (s *Server) KeepComment(
	ctx context.Context,
	req api.KeepCommentRequestObject,
) (api.KeepCommentResponseObject, error) {
	v, err := s.config.Discussion.Keep(ctx, actorFrom(ctx), req.Round, req.Comment)
	if err != nil {
		return nil, err
	}
	return api.KeepComment200JSONResponse(toComment(v)), nil
}

// ListReportedProposals answers with those that wait for a moderator, or are
// hidden.
func (s *Server) ListReportedProposals(
	ctx context.Context,
	req api.ListReportedProposalsRequestObject,
) (api.ListReportedProposalsResponseObject, error) {
	found, err := s.config.Discussion.ReportedProposals(ctx, actorFrom(ctx), req.Round, given(req.Params.Hidden))
	if err != nil {
		return nil, err
	}
	return api.ListReportedProposals200JSONResponse(list(found, func(p discussion.ReportedProposal) api.ReportedProposal {
		return api.ReportedProposal{
			Id: p.ID, Title: p.Title, Area: p.Area, State: api.ProposalState(p.State),
			Faults: list(p.Faults, func(f proposal.Fault) api.Fault { return api.Fault(f) }),
			Hidden: unlessZero(api.Fault(p.Hidden)), Note: unlessZero(p.Note),
		}
	})), nil
}

// ReportProposal tells the moderators of one.
func (s *Server) ReportProposal(
	ctx context.Context,
	req api.ReportProposalRequestObject,
) (api.ReportProposalResponseObject, error) {
	if err := s.config.Discussion.ReportProposal(ctx, actorFrom(ctx), req.Round, req.Proposal,
		proposal.Fault(req.Body.Reason)); err != nil {
		return nil, err
	}
	return api.ReportProposal204Response{}, nil
}

// HideProposal hides one with a reason.
func (s *Server) HideProposal(
	ctx context.Context,
	req api.HideProposalRequestObject,
) (api.HideProposalResponseObject, error) {
	v, err := s.config.Discussion.HideProposal(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		proposal.Fault(req.Body.Reason),
		given(req.Body.Note),
	)
	if err != nil {
		return nil, err
	}
	return api.HideProposal200JSONResponse(toProposal(v)), nil
}

// KeepProposal settles its reports, or shows it again.
func (s *Server) KeepProposal(
	ctx context.Context,
	req api.KeepProposalRequestObject,
) (api.KeepProposalResponseObject, error) {
	v, err := s.config.Discussion.KeepProposal(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.KeepProposal200JSONResponse(toProposal(v)), nil
}

func toComment(v discussion.View) api.Comment {
	return api.Comment{
		Id: v.ID, Proposal: v.Proposal, ReplyTo: unlessZero(v.ReplyTo),
		Author: v.Author.Name, Mine: v.Mine, Staff: v.Staff, Text: v.Text,
		Language: api.Language(v.Language), At: v.At,
		Hidden: unlessZero(
			api.Fault(v.Hidden),
		), Note: unlessZero(v.Note), Reported: v.Reported, Title: unlessZero(v.Title),
		Faults:  unlessEmpty(list(v.Faults, func(f proposal.Fault) api.Fault { return api.Fault(f) })),
		Reports: unlessZero(v.Reports),
		May:     list(v.May, func(a discussion.Action) api.CommentAction { return api.CommentAction(a) }),
	}
}
