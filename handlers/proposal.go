package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/handlers/api"
)

// Sizes of pages: a list's if the request does not say, and the queue's.
const (
	listPage  = 30
	queuePage = 100
)

// ListProposals answers with a page of the public proposals, of my own, or of
// those I follow.
func (s *Server) ListProposals(
	ctx context.Context,
	req api.ListProposalsRequestObject,
) (api.ListProposalsResponseObject, error) {
	q := req.Params
	wanted := listOf(q.Area, q.State, q.Before)
	wanted.Theme, wanted.Words, wanted.Limit = given(q.Theme), given(q.Q), listPage
	wanted.Sort, wanted.Offset = proposal.Sort(given(q.Order)), given(q.Offset)
	wanted.Descending = wanted.Sort == proposal.ByDiscussed
	if q.Limit != nil {
		wanted.Limit = *q.Limit
	}
	whose := proposal.Everybodys
	switch {
	case given(q.Mine):
		whose = proposal.Mine
	case given(q.Followed):
		whose = proposal.Followed
	}
	page, err := s.config.Proposals.List(ctx, actorFrom(ctx), req.Round, wanted, whose)
	if err != nil {
		return nil, err
	}
	return api.ListProposals200JSONResponse(toPage(page)), nil
}

// DraftProposal starts a draft.
func (s *Server) DraftProposal(
	ctx context.Context,
	req api.DraftProposalRequestObject,
) (api.DraftProposalResponseObject, error) {
	v, err := s.config.Proposals.Draft(ctx, actorFrom(ctx), req.Round, fromProposalText(*req.Body))
	if err != nil {
		return nil, err
	}
	return api.DraftProposal201JSONResponse(toProposal(v)), nil
}

// GetProposal answers with one proposal.
func (s *Server) GetProposal(
	ctx context.Context,
	req api.GetProposalRequestObject,
) (api.GetProposalResponseObject, error) {
	v, err := s.config.Proposals.Get(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.GetProposal200JSONResponse(toProposal(v)), nil
}

// EditProposal saves the author's text.
func (s *Server) EditProposal(
	ctx context.Context,
	req api.EditProposalRequestObject,
) (api.EditProposalResponseObject, error) {
	var swedish *proposal.Words
	if w := req.Body.Swedish; w != nil {
		swedish = new(fromWords(*w))
	}
	v, err := s.config.Proposals.Edit(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		req.Body.Version,
		fromProposalText(req.Body.Text),
		swedish,
	)
	if err != nil {
		return nil, err
	}
	return api.EditProposal200JSONResponse(toProposal(v)), nil
}

// ListProposalVersions answers with what happened to a proposal.
func (s *Server) ListProposalVersions(
	ctx context.Context,
	req api.ListProposalVersionsRequestObject,
) (api.ListProposalVersionsResponseObject, error) {
	versions, err := s.config.Proposals.Versions(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.ListProposalVersions200JSONResponse(list(versions, toVersion)), nil
}

// SubmitProposal hands a draft or an answer in.
func (s *Server) SubmitProposal(
	ctx context.Context,
	req api.SubmitProposalRequestObject,
) (api.SubmitProposalResponseObject, error) {
	v, err := s.config.Proposals.Submit(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.SubmitProposal200JSONResponse(toProposal(v)), nil
}

// WithdrawProposal takes a proposal back.
func (s *Server) WithdrawProposal(
	ctx context.Context,
	req api.WithdrawProposalRequestObject,
) (api.WithdrawProposalResponseObject, error) {
	v, err := s.config.Proposals.Withdraw(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.WithdrawProposal200JSONResponse(toProposal(v)), nil
}

// listOf reads what lists and the queue have in common.
func listOf(area *string, state *api.ProposalState, from *int64) proposal.List {
	l := proposal.List{From: given(from)}
	if area != nil && *area != "" {
		l.Areas = []string{*area}
	}
	if state != nil && *state != "" {
		l.States = []proposal.State{proposal.State(*state)}
	}
	return l
}

func toPage(p proposal.Page) api.ProposalPage {
	return api.ProposalPage{Proposals: list(p.Proposals, toProposal), Total: p.Total, Next: unlessZero(p.Next)}
}

func toProposal(v proposal.View) api.Proposal {
	p := api.Proposal{
		Id: v.ID, Round: v.Round, State: api.ProposalState(v.State), Version: v.Version, Text: toProposalText(v.Text),
		Author: v.Author.Name, Channel: api.ProposalChannel(v.Channel), Assisted: toAssisted(v.Assistance), Mine: v.Mine,
		Facilitator: unlessZero(v.Facilitator.Name), Question: unlessZero(v.Question), AnswerBy: unlessZero(v.AnswerBy),
		Appeal: unlessZero(v.Appeal),
		Division: unlessZero(
			v.Division,
		), EstimateBy: unlessZero(v.EstimateBy), Estimation: unlessZero(api.Estimation(v.Estimation)),
		Estimates: unlessZero(v.Estimates), Checks: unlessZero(v.Checks),
		Comments: unlessZero(v.Comments),
		Project:  unlessZero(v.Project), UpdatedAt: v.UpdatedAt,
		Coauthors: list(v.Coauthors, func(p proposal.Person) string { return p.Name }), Images: list(v.Images, toImage),
		May: list(v.May, func(a proposal.Action) api.ProposalAction { return api.ProposalAction(a) }),
	}
	p.Hidden, p.HiddenNote = unlessZero(api.Fault(v.Hidden)), unlessZero(v.HiddenNote)
	if !v.SubmittedAt.IsZero() {
		p.SubmittedAt = &v.SubmittedAt
	}
	if v.Estimate != nil {
		p.Estimate = new(toEstimate(*v.Estimate))
	}
	if v.Cost != nil {
		p.Cost, p.ReservedCost = new(toCost(*v.Cost)), new(int64(v.Reserved))
	}
	if v.Swedish != (proposal.Words{}) {
		p.Swedish = new(toWords(v.Swedish))
	}
	if v.English != (proposal.Words{}) {
		p.English = new(toWords(v.English))
	}
	p.Listing = toListing(v.Proposal)
	switch text := toPublicText(v.Answer); {
	case v.Reason != "":
		p.Rejection = &api.Rejection{Reason: api.ReasonCode(v.Reason), Text: text}
	case v.Answer != domain.Text{}:
		p.Answer = &text
	}
	return p
}

// toListing is nil off the ballot.
func toListing(p proposal.Proposal) *api.Listing {
	if p.Project == 0 {
		return nil
	}
	l := p.Listing
	return &api.Listing{Title: toText(l.Title), Description: toPartial(l.Description), Place: toPartial(l.Place)}
}

func toVersion(v proposal.Version) api.ProposalVersion {
	version := api.ProposalVersion{
		Version: v.Number, At: v.At, By: v.By.Name, Action: api.ProposalVersionAction(v.Action),
		State:  api.ProposalState(v.State),
		Reason: unlessZero(v.Reason), Text: toProposalText(v.Text),
	}
	if v.Answer != (domain.Text{}) {
		version.Answer = new(toPublicText(v.Answer))
	}
	if v.Swedish != (proposal.Words{}) {
		version.Swedish = new(toWords(v.Swedish))
	}
	if v.English != (proposal.Words{}) {
		version.English = new(toWords(v.English))
	}
	return version
}

func toProposalText(t proposal.Text) api.ProposalText {
	return api.ProposalText{
		Title: unlessZero(
			t.Title,
		), What: unlessZero(t.What), Why: unlessZero(t.Why), Area: unlessZero(t.Area), Place: unlessZero(t.Place),
		Theme: unlessZero(t.Theme), Language: unlessZero(api.Language(t.Language)), Point: toPoint(t.Point),
	}
}

func fromProposalText(t api.ProposalText) proposal.Text {
	text := proposal.Text{
		Title: given(t.Title), What: given(t.What), Why: given(t.Why), Area: given(t.Area), Place: given(t.Place),
		Theme: given(t.Theme), Language: domain.Language(given(t.Language)),
	}
	if t.Point != nil {
		text.Point = &domain.Point{Latitude: t.Point.Latitude, Longitude: t.Point.Longitude}
	}
	return text
}

func toPoint(p *domain.Point) *api.Point {
	if p == nil {
		return nil
	}
	return &api.Point{Latitude: p.Latitude, Longitude: p.Longitude}
}
