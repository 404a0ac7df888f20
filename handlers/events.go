package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/event"
	"osbu/domain/post"
	"osbu/handlers/api"
)

// ListEvents answers with what is on.
func (s *Server) ListEvents(
	ctx context.Context,
	req api.ListEventsRequestObject,
) (api.ListEventsResponseObject, error) {
	q := req.Params
	limit := 100
	if q.Limit != nil {
		limit = *q.Limit
	}
	page, err := s.config.Events.Calendar(
		ctx,
		actorFrom(ctx),
		req.Round,
		event.Month(given(q.Month)),
		eventList(q.Area, q.Kind, q.Spoken),
		limit,
	)
	if err != nil {
		return nil, err
	}
	return api.ListEvents200JSONResponse{
		Events: list(
			page.Events,
			toEvent,
		), Month: unlessZero(string(page.Month)), Earlier: unlessZero(string(page.Earlier)),
		Later: unlessZero(string(page.Later)),
		More:  page.More,
	}, nil
}

// ListDeskEvents answers with those that I arrange.
func (s *Server) ListDeskEvents(
	ctx context.Context,
	req api.ListDeskEventsRequestObject,
) (api.ListDeskEventsResponseObject, error) {
	views, err := s.config.Events.Desk(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.ListDeskEvents200JSONResponse(list(views, toEvent)), nil
}

// DraftEvent begins one.
func (s *Server) DraftEvent(
	ctx context.Context,
	req api.DraftEventRequestObject,
) (api.DraftEventResponseObject, error) {
	v, err := s.config.Events.Draft(ctx, actorFrom(ctx), req.Round, fromEventText(*req.Body))
	if err != nil {
		return nil, err
	}
	return api.DraftEvent201JSONResponse(toEvent(v)), nil
}

// GetEvent answers with one.
func (s *Server) GetEvent(ctx context.Context, req api.GetEventRequestObject) (api.GetEventResponseObject, error) {
	v, err := s.config.Events.Get(ctx, actorFrom(ctx), req.Round, req.Event)
	if err != nil {
		return nil, err
	}
	return api.GetEvent200JSONResponse(toEvent(v)), nil
}

// EditEvent changes the announcement.
func (s *Server) EditEvent(ctx context.Context, req api.EditEventRequestObject) (api.EditEventResponseObject, error) {
	v, err := s.config.Events.Edit(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Event,
		req.Body.Version,
		fromEventText(req.Body.Text),
	)
	if err != nil {
		return nil, err
	}
	return api.EditEvent200JSONResponse(toEvent(v)), nil
}

// DiscardEvent throws a draft away.
func (s *Server) DiscardEvent(
	ctx context.Context,
	req api.DiscardEventRequestObject,
) (api.DiscardEventResponseObject, error) {
	if err := s.config.Events.Discard(ctx, actorFrom(ctx), req.Round, req.Event); err != nil {
		return nil, err
	}
	return api.DiscardEvent204Response{}, nil
}

// PublishEvent announces one.
func (s *Server) PublishEvent(
	ctx context.Context,
	req api.PublishEventRequestObject,
) (api.PublishEventResponseObject, error) {
	v, err := s.config.Events.Publish(ctx, actorFrom(ctx), req.Round, req.Event)
	if err != nil {
		return nil, err
	}
	return api.PublishEvent200JSONResponse(toEvent(v)), nil
}

// CancelEvent calls one off.
func (s *Server) CancelEvent(
	ctx context.Context,
	req api.CancelEventRequestObject,
) (api.CancelEventResponseObject, error) {
	v, err := s.config.Events.Cancel(ctx, actorFrom(ctx), req.Round, req.Event, fromPublicText(req.Body.Reason))
	if err != nil {
		return nil, err
	}
	return api.CancelEvent200JSONResponse(toEvent(v)), nil
}

// PublishSummary says what came of one.
func (s *Server) PublishSummary(ctx context.Context,
	req api.PublishSummaryRequestObject,
) (api.PublishSummaryResponseObject, error) {
	var summary domain.Text
	if req.Body.Summary != nil {
		summary = fromPublicText(*req.Body.Summary)
	}
	v, err := s.config.Events.Tell(ctx, actorFrom(ctx), req.Round, req.Event, req.Body.Version, summary,
		req.Body.Proposals)
	if err != nil {
		return nil, err
	}
	return api.PublishSummary200JSONResponse(toEvent(v)), nil
}

// TakeSeat signs me up.
func (s *Server) TakeSeat(ctx context.Context, req api.TakeSeatRequestObject) (api.TakeSeatResponseObject, error) {
	v, err := s.config.Events.SignUp(ctx, actorFrom(ctx), req.Round, req.Event)
	if err != nil {
		return nil, err
	}
	return api.TakeSeat200JSONResponse(toEvent(v)), nil
}

// LeaveSeat gives my seat back.
func (s *Server) LeaveSeat(ctx context.Context, req api.LeaveSeatRequestObject) (api.LeaveSeatResponseObject, error) {
	v, err := s.config.Events.Leave(ctx, actorFrom(ctx), req.Round, req.Event)
	if err != nil {
		return nil, err
	}
	return api.LeaveSeat200JSONResponse(toEvent(v)), nil
}

// GetEventCase answers with what arrangers see.
func (s *Server) GetEventCase(
	ctx context.Context,
	req api.GetEventCaseRequestObject,
) (api.GetEventCaseResponseObject, error) {
	f, err := s.config.Events.FileOf(ctx, actorFrom(ctx), req.Round, req.Event)
	if err != nil {
		return nil, err
	}
	return api.GetEventCase200JSONResponse{
		Participants: list(f.Participants, func(p event.Participant) api.EventParticipant {
			return api.EventParticipant{Id: p.ID, Name: p.Name, Waiting: p.Waiting, WalkIn: p.WalkIn}
		}),
		Notes: list(f.Notes, func(n event.Note) api.EventNote {
			note := api.EventNote{Id: n.ID, At: n.At, By: n.By, Text: n.Text}
			if n.Proposal.ID != 0 {
				note.Proposal = new(toLink(n.Proposal))
			}
			return note
		}),
	}, nil
}

// PreviewEventEdit answers with whom a change would tell what.
func (s *Server) PreviewEventEdit(
	ctx context.Context,
	req api.PreviewEventEditRequestObject,
) (api.PreviewEventEditResponseObject, error) {
	m, err := s.config.Events.Preview(ctx, actorFrom(ctx), req.Round, req.Event, req.Body.Version,
		fromEventText(req.Body.Text))
	if err != nil {
		return nil, err
	}
	return api.PreviewEventEdit200JSONResponse{
		People: m.People,
		Letters: list(m.Letters, func(l post.Letter) api.EventLetter {
			return api.EventLetter{Language: api.Language(l.Language), Subject: l.Subject, Text: l.Body}
		}),
	}, nil
}

// AddWalkIns enters people who came without having signed up.
func (s *Server) AddWalkIns(
	ctx context.Context,
	req api.AddWalkInsRequestObject,
) (api.AddWalkInsResponseObject, error) {
	if err := s.config.Events.AddWalkIns(ctx, actorFrom(ctx), req.Round, req.Event, given(req.Body.Name),
		req.Body.People); err != nil {
		return nil, err
	}
	return api.AddWalkIns204Response{}, nil
}

// RemoveParticipant takes somebody off.
func (s *Server) RemoveParticipant(
	ctx context.Context,
	req api.RemoveParticipantRequestObject,
) (api.RemoveParticipantResponseObject, error) {
	if err := s.config.Events.Remove(ctx, actorFrom(ctx), req.Round, req.Event, req.Participant); err != nil {
		return nil, err
	}
	return api.RemoveParticipant204Response{}, nil
}

// AddEventNote adds a note.
func (s *Server) AddEventNote(
	ctx context.Context,
	req api.AddEventNoteRequestObject,
) (api.AddEventNoteResponseObject, error) {
	if err := s.config.Events.AddNote(ctx, actorFrom(ctx), req.Round, req.Event, req.Body.Text,
		given(req.Body.Proposal)); err != nil {
		return nil, err
	}
	return api.AddEventNote204Response{}, nil
}

func eventList(area *string, kind *api.EventKind, spoken *api.SpokenLanguage) event.List {
	l := event.List{Kind: event.Kind(given(kind)), Spoken: event.Language(given(spoken))}
	if given(area) != "" {
		l.Areas = []string{*area}
	}
	return l
}

func toEvent(v event.View) api.Event {
	e := api.Event{
		Id: v.ID, Round: v.Round, State: api.EventState(v.State), Version: v.Version, Text: toEventText(v.Text),
		Taken: v.Seated, Waiting: v.Waiting, Open: v.Open,
		UpdatedAt: v.UpdatedAt, May: list(v.May, func(a event.Action) api.EventAction { return api.EventAction(a) }),
		Proposals: unlessEmpty(list(v.Proposals, toLink)),
	}
	if v.Reason != (domain.Text{}) {
		e.Reason = new(toPublicText(v.Reason))
	}
	if v.Summary != (domain.Text{}) {
		e.Summary = new(toPublicText(v.Summary))
	}
	if v.Mine != nil {
		e.Mine = new(toSeat(*v.Mine))
	}
	return e
}

func toSeat(seat event.Seat) api.EventSeat {
	return api.EventSeat{Name: seat.Name, Waiting: seat.Waiting}
}

func toLink(l event.Link) api.ProposalLink { return api.ProposalLink{Id: l.ID, Title: l.Title} }

func toEventText(t event.Text) api.EventText {
	text := api.EventText{
		Kind: api.EventKind(
			t.Kind,
		), Area: unlessZero(t.Area), Title: toShortText(t.Title), About: toShortText(t.About), Place: t.Place,
		Address: t.Address,
		Times: list(t.Times, func(one event.Time) api.EventTime {
			return api.EventTime{Number: &one.Number, Begins: one.Begins, Ends: one.Ends}
		}),
		Languages:  list(t.Languages, func(l event.Language) api.SpokenLanguage { return api.SpokenLanguage(l) }),
		Access:     list(t.Access, func(a event.Access) api.EventAccess { return api.EventAccess(a) }),
		AccessNote: toShortText(t.AccessNote), Seats: t.Seats,
	}
	if t.Point != nil {
		text.Point = &api.Point{Latitude: t.Point.Latitude, Longitude: t.Point.Longitude}
	}
	return text
}

func fromEventText(t api.EventText) event.Text {
	text := event.Text{
		Kind: event.Kind(
			t.Kind,
		), Area: given(t.Area), Title: fromShortText(t.Title), About: fromShortText(t.About), Place: t.Place,
		Address: t.Address,
		Times: list(t.Times, func(one api.EventTime) event.Time {
			return event.Time{Number: given(one.Number), Begins: one.Begins, Ends: one.Ends}
		}),
		Languages:  list(t.Languages, func(l api.SpokenLanguage) event.Language { return event.Language(l) }),
		Access:     list(t.Access, func(a api.EventAccess) event.Access { return event.Access(a) }),
		AccessNote: fromShortText(t.AccessNote), Seats: t.Seats,
	}
	if t.Point != nil {
		text.Point = &domain.Point{Latitude: t.Point.Latitude, Longitude: t.Point.Longitude}
	}
	return text
}

func toShortText(t domain.Text) api.ShortText {
	return api.ShortText{Fi: unlessZero(t.Fi), Sv: unlessZero(t.Sv), En: unlessZero(t.En)}
}

func fromShortText(t api.ShortText) domain.Text {
	return domain.Text{Fi: given(t.Fi), Sv: given(t.Sv), En: given(t.En)}
}
