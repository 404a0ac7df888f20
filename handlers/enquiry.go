package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/proposal/enquiry"
	"osbu/handlers/api"
)

// ListEnquiries answers with what I asked, or what people ask me.
func (s *Server) ListEnquiries(
	ctx context.Context,
	req api.ListEnquiriesRequestObject,
) (api.ListEnquiriesResponseObject, error) {
	read := s.config.Enquiries.List
	if given(req.Params.Mine) {
		read = s.config.Enquiries.Mine
	}
	found, err := read(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.ListEnquiries200JSONResponse(list(found, toEnquiry)), nil
}

// Enquire asks the facilitator.
func (s *Server) Enquire(ctx context.Context, req api.EnquireRequestObject) (api.EnquireResponseObject, error) {
	b := req.Body
	e, err := s.config.Enquiries.Enquire(ctx, actorFrom(ctx), req.Round, enquiry.Enquiry{
		Text: b.Text, Language: domain.Language(b.Language), Proposal: given(b.Proposal), Area: given(b.Area),
	})
	if err != nil {
		return nil, err
	}
	return api.Enquire201JSONResponse(toEnquiry(e)), nil
}

// AnswerEnquiry answers a question.
func (s *Server) AnswerEnquiry(
	ctx context.Context,
	req api.AnswerEnquiryRequestObject,
) (api.AnswerEnquiryResponseObject, error) {
	e, err := s.config.Enquiries.Answer(ctx, actorFrom(ctx), req.Round, req.Enquiry, req.Body.Text)
	if err != nil {
		return nil, err
	}
	return api.AnswerEnquiry200JSONResponse(toEnquiry(e)), nil
}

func toEnquiry(e enquiry.Enquiry) api.Enquiry {
	answer := api.Enquiry{
		Id: e.ID, Area: unlessZero(e.Area), Proposal: unlessZero(e.Proposal), By: e.By.Name, At: e.At,
		Language: api.Language(e.Language), Text: e.Text,
		Answer: unlessZero(e.Answer), AnsweredBy: unlessZero(e.AnsweredBy.Name), AnsweredAt: unlessZero(e.AnsweredAt),
	}
	if e.Proposal != 0 {
		answer.Draft = new(toProposalText(e.Draft))
	}
	return answer
}
