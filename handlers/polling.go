package handlers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain/event"
	"osbu/domain/polling"
	"osbu/domain/roll"
	"osbu/handlers/api"
)

// ListPlaces lists voting places for officers and officials.
func (s *Server) ListPlaces(ctx context.Context, r api.ListPlacesRequestObject) (api.ListPlacesResponseObject, error) {
	places, err := s.config.Polling.Places(ctx, actorFrom(ctx), r.Round)
	if err != nil {
		return nil, err
	}
	return api.ListPlaces200JSONResponse(list(places, toPollingPlace)), nil
}

// AskPlace says that I work there.
func (s *Server) AskPlace(ctx context.Context, r api.AskPlaceRequestObject) (api.AskPlaceResponseObject, error) {
	if err := s.config.Polling.Ask(ctx, actorFrom(ctx), r.Round, r.Event); err != nil {
		return nil, err
	}
	return api.AskPlace204Response{}, nil
}

// AssignOfficer agrees to an officer who has asked.
func (s *Server) AssignOfficer(
	ctx context.Context,
	r api.AssignOfficerRequestObject,
) (api.AssignOfficerResponseObject, error) {
	err := s.config.Polling.Assign(ctx, actorFrom(ctx), r.Round, r.Event, r.Officer, polling.Assigned)
	if err != nil {
		return nil, err
	}
	return api.AssignOfficer204Response{}, nil
}

// RemoveOfficer takes her off.
func (s *Server) RemoveOfficer(
	ctx context.Context,
	r api.RemoveOfficerRequestObject,
) (api.RemoveOfficerResponseObject, error) {
	err := s.config.Polling.Assign(ctx, actorFrom(ctx), r.Round, r.Event, r.Officer, polling.Nobody)
	if err != nil {
		return nil, err
	}
	return api.RemoveOfficer204Response{}, nil
}

// LookUpVoter finds somebody on the roll.
func (s *Server) LookUpVoter(
	ctx context.Context,
	r api.LookUpVoterRequestObject,
) (api.LookUpVoterResponseObject, error) {
	found, err := s.config.Polling.LookUp(ctx, actorFrom(ctx), r.Round, r.Event, r.Body.IdentityCode,
		polling.Document(r.Body.Document), r.Body.GiveCode, polling.What(given(r.Body.Help)))
	if err != nil {
		return nil, err
	}
	answer := api.LookUpVoter200JSONResponse{Left: append([]string{}, found.Left...), Code: unlessZero(found.Code)}
	if found.Refusal != "" {
		answer.Refusal = new(api.Refusal(found.Refusal))
	}
	if !found.OldEnoughOn.IsZero() {
		answer.OldEnoughOn = &openapi_types.Date{Time: found.OldEnoughOn}
	}
	if found.Code != "" {
		answer.Until = &found.Until
	}
	return answer, nil
}

// MarkPaper marks rights as used on paper.
func (s *Server) MarkPaper(ctx context.Context, r api.MarkPaperRequestObject) (api.MarkPaperResponseObject, error) {
	marked, err := s.config.Polling.MarkPaper(ctx, actorFrom(ctx), r.Round, r.Event, r.Body.IdentityCode,
		polling.Document(r.Body.Document), given(r.Body.Papers))
	if err != nil {
		return nil, err
	}
	answer := api.MarkPaper200JSONResponse{
		Marked: append([]string{}, marked.Papers...), Left: append([]string{}, marked.Left...),
	}
	if marked.Refusal != "" {
		answer.Refusal = new(api.Refusal(marked.Refusal))
	}
	if !marked.OldEnoughOn.IsZero() {
		answer.OldEnoughOn = &openapi_types.Date{Time: marked.OldEnoughOn}
	}
	return answer, nil
}

// UndoPaper takes marks back.
func (s *Server) UndoPaper(ctx context.Context, r api.UndoPaperRequestObject) (api.UndoPaperResponseObject, error) {
	err := s.config.Polling.UndoPaper(ctx, actorFrom(ctx), r.Round, r.Event, r.Body.IdentityCode,
		polling.Document(r.Body.Document), given(r.Body.Papers), polling.What(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	return api.UndoPaper204Response{}, nil
}

// GetCertificate shows a place's account of its sheets.
func (s *Server) GetCertificate(
	ctx context.Context,
	r api.GetCertificateRequestObject,
) (api.GetCertificateResponseObject, error) {
	t, all, err := s.config.Polling.Certificate(ctx, actorFrom(ctx), r.Round, r.Event)
	if err != nil {
		return nil, err
	}
	return api.GetCertificate200JSONResponse{
		Marked: t.Marked, Spoiled: t.Spoiled, Returned: t.Returned, Mistake: t.Mistake,
		Certificates: list(all, func(c polling.Certificate) api.Certificate {
			return api.Certificate{
				Number: c.Number, Day: openapi_types.Date{Time: c.Day}, Marked: c.Marked, Undone: c.Undone, Sheets: c.Sheets,
				TakenAway: c.TakenAway, Difference: c.Difference(), Reason: unlessZero(c.Reason), First: c.First,
				Second: unlessZero(c.Second),
			}
		}),
	}, nil
}

// AddCertificate signs a place's account first.
func (s *Server) AddCertificate(
	ctx context.Context,
	r api.AddCertificateRequestObject,
) (api.AddCertificateResponseObject, error) {
	if err := s.config.Polling.Certify(ctx, actorFrom(ctx), r.Round, r.Event, polling.Certificate{
		Marked: r.Body.Marked, Undone: r.Body.Undone, Sheets: r.Body.Sheets, TakenAway: r.Body.TakenAway,
		Reason: given(r.Body.Reason),
	}); err != nil {
		return nil, err
	}
	return api.AddCertificate204Response{}, nil
}

// SignCertificate signs it second.
func (s *Server) SignCertificate(
	ctx context.Context,
	r api.SignCertificateRequestObject,
) (api.SignCertificateResponseObject, error) {
	err := s.config.Polling.CountersignCertificate(ctx, actorFrom(ctx), r.Round, r.Event, r.Number)
	if err != nil {
		return nil, err
	}
	return api.SignCertificate204Response{}, nil
}

// AddKiosk gives a code that makes a browser a kiosk.
func (s *Server) AddKiosk(ctx context.Context, r api.AddKioskRequestObject) (api.AddKioskResponseObject, error) {
	code, until, err := s.config.Polling.AddKiosk(ctx, actorFrom(ctx), r.Round, r.Event, r.Body.Name)
	if err != nil {
		return nil, err
	}
	return api.AddKiosk201JSONResponse{Code: code, Until: until}, nil
}

// RevokeKiosk ends one.
func (s *Server) RevokeKiosk(
	ctx context.Context,
	r api.RevokeKioskRequestObject,
) (api.RevokeKioskResponseObject, error) {
	if err := s.config.Polling.RevokeKiosk(ctx, actorFrom(ctx), r.Round, r.Event, r.Kiosk); err != nil {
		return nil, err
	}
	return api.RevokeKiosk204Response{}, nil
}

// GetKiosk tells whether this browser is one.
func (s *Server) GetKiosk(ctx context.Context, r api.GetKioskRequestObject) (api.GetKioskResponseObject, error) {
	k, place, err := s.config.Polling.Kiosk(ctx, r.Round, visitFrom(ctx).kiosk)
	if err != nil {
		return nil, err
	}
	return api.GetKiosk200JSONResponse(toKiosk(k, place)), nil
}

// StartKiosk makes this browser one.
func (s *Server) StartKiosk(ctx context.Context, r api.StartKioskRequestObject) (api.StartKioskResponseObject, error) {
	secret, k, place, err := s.config.Polling.Enrol(ctx, r.Round, r.Body.Code)
	if err != nil {
		return nil, err
	}
	cookie := s.cookie(kioskCookie, secret, sessionPath)
	cookie.SessionOnly, cookie.Expires = false, k.Ends
	return startedKiosk{api.StartKiosk200JSONResponse(toKiosk(k, place)), cookie}, nil
}

// LeaveKiosk makes it forget that.
func (s *Server) LeaveKiosk(context.Context, api.LeaveKioskRequestObject) (api.LeaveKioskResponseObject, error) {
	return leftKiosk{cookie: s.forget(kioskCookie, sessionPath)}, nil
}

type startedKiosk struct {
	api.StartKiosk200JSONResponse
	cookie *fiber.Cookie
}

// VisitStartKioskResponse implements the generated interface.
func (r startedKiosk) VisitStartKioskResponse(c *fiber.Ctx) error {
	c.Cookie(r.cookie)
	return r.StartKiosk200JSONResponse.VisitStartKioskResponse(c)
}

type leftKiosk struct {
	api.LeaveKiosk204Response
	cookie *fiber.Cookie
}

// VisitLeaveKioskResponse implements the generated interface.
func (r leftKiosk) VisitLeaveKioskResponse(c *fiber.Ctx) error {
	c.Cookie(r.cookie)
	return r.LeaveKiosk204Response.VisitLeaveKioskResponse(c)
}

func toKiosk(k polling.Kiosk, p polling.Place) api.Kiosk {
	return api.Kiosk{Name: k.Name, Title: toShortText(p.Title), Place: p.Name, Ends: k.Ends}
}

func toPollingPlace(p polling.Place) api.PollingPlace {
	place := api.PollingPlace{
		Id: p.ID, Title: toShortText(p.Title), Place: p.Name, Address: p.Address, Asked: p.Asked, Mine: p.Mine,
		Times: list(p.Times, func(t event.Time) api.EventTime { return api.EventTime{Begins: t.Begins, Ends: t.Ends} }),
		Officers: unlessEmpty(list(p.Officers, func(o polling.Officer) api.PollingOfficer {
			return api.PollingOfficer{Account: o.Account, Name: o.Name, Assigned: o.Assigned}
		})),
	}
	if p.Spent == nil {
		return place
	}
	place.Assisted, place.Paper = new(p.Spent[roll.Assisted]), new(p.Spent[roll.Paper])
	place.Kiosks = new(list(p.Kiosks, func(k polling.Kiosk) api.PollingKiosk {
		return api.PollingKiosk{Id: k.ID, Name: k.Name, Enrolled: k.Enrolled, Ends: k.Ends}
	}))
	place.Hours = new(list(p.Hours, func(h polling.Hour) api.PollingHour {
		return api.PollingHour{Begins: h.Begins.In(time.UTC), What: api.PollingHourWhat(h.What), N: h.N}
	}))
	return place
}
