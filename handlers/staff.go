package handlers

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/staff"
	"osbu/handlers/api"
)

// ListStaff answers with who works for the city.
func (s *Server) ListStaff(ctx context.Context, _ api.ListStaffRequestObject) (api.ListStaffResponseObject, error) {
	members, err := s.config.Staff.List(ctx, actorFrom(ctx))
	if err != nil {
		return nil, err
	}
	claims := s.config.SignIn.Claims
	return api.ListStaff200JSONResponse{
		Claims: api.StaffClaims{Roles: claims.Roles, Areas: claims.Areas, Divisions: claims.Divisions},
		People: list(members, func(m staff.Member) api.StaffMember {
			var in *api.StandIn
			if i := m.StandIn; i != nil {
				in = &api.StandIn{
					Account: i.Account, Name: i.Name, From: i.From.Format(time.DateOnly), To: i.To.Format(time.DateOnly),
				}
			}
			return api.StaffMember{
				StandIn: in,
				Account: m.Account, Name: m.Name,
				Roles: list(m.Roles, func(r domain.Role) api.Role { return api.Role(r) }),
				Areas: list(m.Areas, same), Divisions: list(m.Divisions, same), SeenAt: m.SeenAt,
				Places: list(m.Places, func(p staff.Place) api.StaffPlace {
					return api.StaffPlace{Round: p.Round, Event: p.Event, Title: toText(p.Title), Assigned: p.Assigned}
				}),
			}
		}),
	}, nil
}

// SetStandIn says who gets the e-mails about somebody's work while she is away.
func (s *Server) SetStandIn(
	ctx context.Context, req api.SetStandInRequestObject,
) (api.SetStandInResponseObject, error) {
	in := staff.StandIn{Account: req.Body.StandIn, From: req.Body.From.Time, To: req.Body.To.Time}
	if err := s.config.Staff.StandFor(ctx, actorFrom(ctx), req.Account, in); err != nil {
		return nil, err
	}
	return api.SetStandIn204Response{}, nil
}

// EndStandIn ends it.
func (s *Server) EndStandIn(
	ctx context.Context, req api.EndStandInRequestObject,
) (api.EndStandInResponseObject, error) {
	if err := s.config.Staff.StandDown(ctx, actorFrom(ctx), req.Account); err != nil {
		return nil, err
	}
	return api.EndStandIn204Response{}, nil
}

// ListEmails answers with what became of e-mails.
func (s *Server) ListEmails(
	ctx context.Context, req api.ListEmailsRequestObject,
) (api.ListEmailsResponseObject, error) {
	q := req.Params
	found, err := s.config.Post.List(ctx, actorFrom(ctx), domain.Language(given(q.Language)), post.Wanted{
		Round: given(q.Round), State: post.State(given(q.State)), From: given(q.From),
	})
	if err != nil {
		return nil, err
	}
	return api.ListEmails200JSONResponse{
		Emails: list(found.Emails, func(e post.Listed) api.ListedEmail {
			return api.ListedEmail{
				Id: e.ID, Notification: string(e.Notification), Subject: e.Subject, State: api.EmailState(e.State),
				Round: unlessZero(e.Round), Proposal: unlessZero(e.Proposal), Event: unlessZero(e.Event),
				WrittenAt: e.WrittenAt, DueAt: unlessZero(e.DueAt), SettledAt: unlessZero(e.SettledAt), Tries: e.Tries,
			}
		}),
		Counts: list(post.States, func(state post.State) api.EmailCount {
			return api.EmailCount{State: api.EmailState(state), Count: found.Counts[state]}
		}),
		Next: unlessZero(found.Next),
	}, nil
}

// ListLetters answers with the e-mails that a round can put in its own words.
func (s *Server) ListLetters(
	ctx context.Context,
	req api.ListLettersRequestObject,
) (api.ListLettersResponseObject, error) {
	all, err := s.config.Post.Templates(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.ListLetters200JSONResponse(list(all, func(t post.Template) api.LetterTemplate {
		out := api.LetterTemplate{
			Notification: string(t.Notification), Language: api.Language(t.Language), Subject: t.Subject, Body: t.Body,
			Version: t.Version, StandardSubject: t.Standard.Subject, StandardBody: t.Standard.Body,
		}
		for _, v := range t.Variables {
			out.Variables = append(out.Variables, struct {
				Name   string `json:"name"`
				Needed bool   `json:"needed"`
			}{v.Name, v.Needed})
		}
		return out
	})), nil
}

func fromLetter(b api.LetterChange) post.Letter {
	return post.Letter{
		Notification: post.Notification(b.Notification), Language: domain.Language(b.Language), Subject: b.Subject,
		Body: b.Body, Version: b.Version,
	}
}

// KeepLetter puts an e-mail in the round's own words.
func (s *Server) KeepLetter(
	ctx context.Context, req api.KeepLetterRequestObject,
) (api.KeepLetterResponseObject, error) {
	if err := s.config.Post.KeepLetter(ctx, actorFrom(ctx), req.Round, fromLetter(*req.Body)); err != nil {
		return nil, err
	}
	return api.KeepLetter204Response{}, nil
}

// PreviewLetter shows an e-mail with made-up affairs.
func (s *Server) PreviewLetter(
	ctx context.Context,
	req api.PreviewLetterRequestObject,
) (api.PreviewLetterResponseObject, error) {
	if err := actorFrom(ctx).Need(domain.Official); err != nil {
		return nil, err
	}
	r, err := s.config.Rounds.Get(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	m, err := s.config.Post.Preview(ctx, actorFrom(ctx), r.Name, fromLetter(*req.Body))
	if err != nil {
		return nil, err
	}
	return api.PreviewLetter200JSONResponse{Subject: m.Subject, Text: m.Plain}, nil
}
