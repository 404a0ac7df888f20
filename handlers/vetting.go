package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/handlers/api"
)

// TakeProposal takes a proposal into evaluation.
func (s *Server) TakeProposal(
	ctx context.Context,
	req api.TakeProposalRequestObject,
) (api.TakeProposalResponseObject, error) {
	v, err := s.config.Proposals.Take(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.TakeProposal200JSONResponse(toProposal(v)), nil
}

// AskProposal asks the author for information.
func (s *Server) AskProposal(
	ctx context.Context,
	req api.AskProposalRequestObject,
) (api.AskProposalResponseObject, error) {
	v, err := s.config.Proposals.Ask(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		req.Body.Text,
		given(req.Body.AnswerBy),
	)
	if err != nil {
		return nil, err
	}
	return api.AskProposal200JSONResponse(toProposal(v)), nil
}

// RejectProposal rejects with a reason and a public text.
func (s *Server) RejectProposal(
	ctx context.Context,
	req api.RejectProposalRequestObject,
) (api.RejectProposalResponseObject, error) {
	v, err := s.config.Proposals.Reject(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		proposal.Reason(req.Body.Reason),
		fromPublicText(req.Body.Text),
	)
	if err != nil {
		return nil, err
	}
	return api.RejectProposal200JSONResponse(toProposal(v)), nil
}

// AcceptProposal accepts with a cost.
func (s *Server) AcceptProposal(
	ctx context.Context,
	req api.AcceptProposalRequestObject,
) (api.AcceptProposalResponseObject, error) {
	v, err := s.config.Proposals.Accept(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		fromCost(req.Body.Cost),
		fromPublicText(given(req.Body.Text)),
	)
	if err != nil {
		return nil, err
	}
	return api.AcceptProposal200JSONResponse(toProposal(v)), nil
}

// AppealProposal answers a rejection.
func (s *Server) AppealProposal(
	ctx context.Context,
	req api.AppealProposalRequestObject,
) (api.AppealProposalResponseObject, error) {
	v, err := s.config.Proposals.Appeal(ctx, actorFrom(ctx), req.Round, req.Proposal, req.Body.Text)
	if err != nil {
		return nil, err
	}
	return api.AppealProposal200JSONResponse(toProposal(v)), nil
}

// ReopenProposal takes a decision back.
func (s *Server) ReopenProposal(
	ctx context.Context,
	req api.ReopenProposalRequestObject,
) (api.ReopenProposalResponseObject, error) {
	v, err := s.config.Proposals.Reopen(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		fromPublicText(req.Body.Text),
	)
	if err != nil {
		return nil, err
	}
	return api.ReopenProposal200JSONResponse(toProposal(v)), nil
}

// CorrectProposal puts a proposal under evaluation right.
func (s *Server) CorrectProposal(
	ctx context.Context,
	req api.CorrectProposalRequestObject,
) (api.CorrectProposalResponseObject, error) {
	v, err := s.config.Proposals.Correct(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		req.Body.Version,
		fromProposalText(req.Body.Text),
		req.Body.Reason,
	)
	if err != nil {
		return nil, err
	}
	return api.CorrectProposal200JSONResponse(toProposal(v)), nil
}

// TranslateProposal saves what a proposal says in another language.
func (s *Server) TranslateProposal(
	ctx context.Context,
	req api.TranslateProposalRequestObject,
) (api.TranslateProposalResponseObject, error) {
	v, err := s.config.Proposals.Translate(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		req.Body.Version,
		proposal.Translation{
			Language: domain.Language(req.Body.Language),
			Words:    fromTranslated(given(req.Body.Words)),
			Answer:   given(req.Body.Answer),
		},
	)
	if err != nil {
		return nil, err
	}
	return api.TranslateProposal200JSONResponse(toProposal(v)), nil
}

func toPublicText(t domain.Text) api.PublicText {
	return api.PublicText{Fi: t.Fi, Sv: t.Sv, En: unlessZero(t.En)}
}

func fromPublicText(t api.PublicText) domain.Text {
	return domain.Text{Fi: t.Fi, Sv: t.Sv, En: given(t.En)}
}

func toCost(c proposal.Cost) api.Cost {
	return api.Cost{Minimum: int64(c.Minimum), Maximum: int64(c.Maximum), Maintenance: int64(c.Maintenance)}
}

func fromCost(c api.Cost) proposal.Cost {
	return proposal.Cost{
		Minimum:     domain.Cents(c.Minimum),
		Maximum:     domain.Cents(c.Maximum),
		Maintenance: domain.Cents(c.Maintenance),
	}
}
