package handlers

import (
	"context"
	"net/url"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/handlers/api"
)

// GetMailbox answers with where my e-mails go.
func (s *Server) GetMailbox(ctx context.Context, _ api.GetMailboxRequestObject) (api.GetMailboxResponseObject, error) {
	m, err := s.config.Post.Mailbox(ctx, actorFrom(ctx))
	if err != nil {
		return nil, err
	}
	return api.GetMailbox200JSONResponse(s.toMailbox(m)), nil
}

// UpdateMailbox sets where my e-mails go.
func (s *Server) UpdateMailbox(
	ctx context.Context,
	req api.UpdateMailboxRequestObject,
) (api.UpdateMailboxResponseObject, error) {
	muted := list(req.Body.Muted, func(k api.NotificationKind) post.Kind { return post.Kind(k) })
	language := domain.Language(req.Body.Language)
	m, err := s.config.Post.Keep(ctx, actorFrom(ctx), req.Body.Address, language, muted, req.Body.AtOnce)
	if err != nil {
		return nil, err
	}
	return api.UpdateMailbox200JSONResponse(s.toMailbox(m)), nil
}

// ForgetMailbox removes my address.
func (s *Server) ForgetMailbox(
	ctx context.Context,
	_ api.ForgetMailboxRequestObject,
) (api.ForgetMailboxResponseObject, error) {
	if err := s.config.Post.Forget(ctx, actorFrom(ctx)); err != nil {
		return nil, err
	}
	return api.ForgetMailbox204Response{}, nil
}

// ConfirmMailbox confirms an address by its link.
func (s *Server) ConfirmMailbox(
	ctx context.Context,
	req api.ConfirmMailboxRequestObject,
) (api.ConfirmMailboxResponseObject, error) {
	if err := s.config.Post.Confirm(ctx, req.Body.Token); err != nil {
		return nil, err
	}
	return api.ConfirmMailbox204Response{}, nil
}

// AskUnsubscription leads to the page that asks once more. The token goes
// behind the #, which no server sees and no log keeps.
func (s *Server) AskUnsubscription(
	_ context.Context,
	req api.AskUnsubscriptionRequestObject,
) (api.AskUnsubscriptionResponseObject, error) {
	language := api.LanguageFi
	if req.Params.Language != nil {
		language = *req.Params.Language
	}
	return redirect{to: "/" + string(language) + "/mail/stop#" + url.QueryEscape(given(req.Params.Token))}, nil
}

// Unsubscribe ends a kind of e-mails.
func (s *Server) Unsubscribe(
	ctx context.Context,
	req api.UnsubscribeRequestObject,
) (api.UnsubscribeResponseObject, error) {
	kind, err := s.config.Post.Unsubscribe(ctx, given(req.Params.Token))
	if err != nil {
		return nil, err
	}
	return api.Unsubscribe200JSONResponse{Kind: api.NotificationKind(kind)}, nil
}

func (s *Server) toMailbox(m post.Mailbox) api.Mailbox {
	return api.Mailbox{
		Address: unlessZero(
			m.Address,
		), Suggested: unlessZero(m.Suggested), Confirmed: m.Confirmed, Language: api.Language(m.Language),
		Muted: list(
			m.Muted,
			func(k post.Kind) api.NotificationKind { return api.NotificationKind(k) },
		), AtOnce: m.AtOnce, Sends: s.config.Post.Sends(),
	}
}
