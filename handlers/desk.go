package handlers

import (
	"bytes"
	"cmp"
	"context"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/proposal/estimate"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// AssignProposals hands proposals to a colleague.
func (s *Server) AssignProposals(
	ctx context.Context,
	req api.AssignProposalsRequestObject,
) (api.AssignProposalsResponseObject, error) {
	if err := s.config.Desk.Assign(ctx, actorFrom(ctx), req.Round, req.Body.Proposals, req.Body.To,
		given(req.Body.Note)); err != nil {
		return nil, err
	}
	return api.AssignProposals204Response{}, nil
}

// GetDesk answers with checklist, templates and colleagues.
func (s *Server) GetDesk(ctx context.Context, req api.GetDeskRequestObject) (api.GetDeskResponseObject, error) {
	d, colleagues, err := s.config.Desk.Get(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetDesk200JSONResponse{
		Version: d.Version(),
		Checklist: list(
			d.Checklist,
			func(c desk.Check) api.DeskCheck { return api.DeskCheck{Id: c.ID, Text: toPublicText(c.Text)} },
		),
		Templates: list(d.Templates, func(t desk.Template) api.Template {
			return api.Template{Reason: api.ReasonCode(t.Reason), Text: toPublicText(t.Text)}
		}),
		Divisions: list(
			d.Divisions,
			func(d desk.Division) api.Division { return api.Division{Id: d.ID, Name: toPublicText(d.Name)} },
		),
		Classes: list(estimate.Classes(), func(c estimate.Class) api.CostClass {
			return api.CostClass{Id: c.ID, Minimum: int64(c.Minimum), Maximum: int64(c.Maximum)}
		}),
		Colleagues: list(colleagues, func(c proposal.Colleague) api.Colleague {
			return api.Colleague{Id: c.ID, Name: c.Name, Areas: c.Areas, Waiting: c.Waiting}
		}),
	}, nil
}

// UpdateDesk sets checklist, templates and divisions.
func (s *Server) UpdateDesk(ctx context.Context, req api.UpdateDeskRequestObject) (api.UpdateDeskResponseObject,
	error,
) {
	d := desk.Desk{
		Checklist: list(
			req.Body.Checklist,
			func(c api.DeskCheck) desk.Check { return desk.Check{ID: c.Id, Text: fromPublicText(c.Text)} },
		),
		Templates: list(req.Body.Templates, func(t api.Template) desk.Template {
			return desk.Template{Reason: proposal.Reason(t.Reason), Text: fromPublicText(t.Text)}
		}),
		Divisions: list(req.Body.Divisions, func(d api.Division) desk.Division {
			return desk.Division{ID: d.Id, Name: fromPublicText(d.Name)}
		}),
	}
	if err := s.config.Desk.Update(ctx, actorFrom(ctx), req.Round, req.Body.Version, d); err != nil {
		return nil, err
	}
	return api.UpdateDesk204Response{}, nil
}

// ListContacts answers with the latest occasions of help.
func (s *Server) ListContacts(
	ctx context.Context,
	req api.ListContactsRequestObject,
) (api.ListContactsResponseObject, error) {
	contacts, err := s.config.Desk.Contacts(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.ListContacts200JSONResponse(list(contacts, toContact)), nil
}

// ExportContacts answers with the contact log as a file.
func (s *Server) ExportContacts(
	ctx context.Context,
	req api.ExportContactsRequestObject,
) (api.ExportContactsResponseObject, error) {
	file, err := s.config.Desk.ExportContacts(ctx, actorFrom(ctx), req.Round, sheet.Format(req.Params.Format),
		domain.Language(given(req.Params.Language)))
	if err != nil {
		return nil, err
	}
	return api.ExportContacts200ApplicationoctetStreamResponse{
		Body:          bytes.NewReader(file),
		ContentLength: int64(len(file)),
	}, nil
}

// LogContact notes an occasion of help.
func (s *Server) LogContact(
	ctx context.Context,
	req api.LogContactRequestObject,
) (api.LogContactResponseObject, error) {
	c := desk.Contact{
		Area: given(
			req.Body.Area,
		), Proposal: given(req.Body.Proposal), Channel: desk.Channel(req.Body.Channel), Topic: desk.Topic(req.Body.Topic),
		Language: string(req.Body.Language), Minutes: req.Body.Minutes,
	}
	if err := s.config.Desk.AddContact(ctx, actorFrom(ctx), req.Round, c); err != nil {
		return nil, err
	}
	return api.LogContact204Response{}, nil
}

// GetCase answers with what staff keep of a proposal.
func (s *Server) GetCase(ctx context.Context, req api.GetCaseRequestObject) (api.GetCaseResponseObject, error) {
	f, err := s.config.Desk.Case(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.GetCase200JSONResponse{
		Notes: list(f.Notes, func(n desk.Note) api.CaseNote {
			return api.CaseNote{
				Id:       n.ID,
				At:       n.At,
				By:       n.By.Name,
				Text:     n.Text,
				Assigned: n.Assigned,
				To:       unlessZero(n.To.Name),
				Division: unlessZero(n.Division),
				ErasedBy: unlessZero(n.ErasedBy),
			}
		}),
		Marks: list(f.Answers, func(m desk.CheckAnswer) api.CheckAnswer {
			return api.CheckAnswer{Check: m.Check, Verdict: api.Verdict(m.Verdict), Note: m.Note, By: m.By.Name, At: m.At}
		}),
		Contacts: list(f.Contacts, toContact),
	}, nil
}

// AddNote adds a note for colleagues.
func (s *Server) AddNote(ctx context.Context, req api.AddNoteRequestObject) (api.AddNoteResponseObject, error) {
	if err := s.config.Desk.AddNote(ctx, actorFrom(ctx), req.Round, req.Proposal, req.Body.Text); err != nil {
		return nil, err
	}
	return api.AddNote204Response{}, nil
}

// StrikeContact strikes out a contact that was noted by mistake.
func (s *Server) StrikeContact(
	ctx context.Context,
	req api.StrikeContactRequestObject,
) (api.StrikeContactResponseObject, error) {
	if err := s.config.Desk.StrikeContact(ctx, actorFrom(ctx), req.Round, req.Contact); err != nil {
		return nil, err
	}
	return api.StrikeContact204Response{}, nil
}

// EraseNote erases a note's text.
func (s *Server) EraseNote(ctx context.Context, req api.EraseNoteRequestObject) (api.EraseNoteResponseObject, error) {
	if err := s.config.Desk.EraseNote(ctx, actorFrom(ctx), req.Round, req.Proposal, req.Note); err != nil {
		return nil, err
	}
	return api.EraseNote204Response{}, nil
}

// AnswerCheck answers one check.
func (s *Server) AnswerCheck(ctx context.Context, req api.AnswerCheckRequestObject) (api.AnswerCheckResponseObject,
	error,
) {
	err := s.config.Desk.AnswerCheck(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		req.Body.Check,
		desk.Verdict(req.Body.Verdict),
		given(req.Body.Note),
	)
	if err != nil {
		return nil, err
	}
	return api.AnswerCheck204Response{}, nil
}

func toContact(c desk.Contact) api.Contact {
	return api.Contact{
		Id: c.ID, At: c.At, By: c.By.Name, Area: c.Area, Proposal: unlessZero(c.Proposal),
		Channel: api.ContactChannel(c.Channel), Topic: api.ContactTopic(c.Topic),
		Language: api.ContactLanguage(c.Language), Minutes: c.Minutes, StruckBy: unlessZero(c.StruckBy),
	}
}

// ListQueue answers with a page of the proposals that wait for a decision.
func (s *Server) ListQueue(ctx context.Context, req api.ListQueueRequestObject) (api.ListQueueResponseObject, error) {
	wanted := queueOf(req.Params)
	wanted.Offset, wanted.Limit = given(req.Params.Offset), cmp.Or(given(req.Params.Limit), queuePage)
	page, err := s.config.Desk.Queue(ctx, actorFrom(ctx), req.Round, wanted, given(req.Params.TakenByMe))
	if err != nil {
		return nil, err
	}
	return api.ListQueue200JSONResponse(toPage(page)), nil
}

// ExportQueue answers with the queue as a sheet.
func (s *Server) ExportQueue(
	ctx context.Context,
	req api.ExportQueueRequestObject,
) (api.ExportQueueResponseObject, error) {
	q := req.Params
	wanted := queueOf(api.ListQueueParams{
		Area: q.Area, Everywhere: q.Everywhere, State: q.State, AnyState: q.AnyState, Theme: q.Theme, Free: q.Free,
		Late: q.Late, Untranslated: q.Untranslated, Answered: q.Answered, Division: q.Division, Estimation: q.Estimation,
		Q: q.Q, Sort: q.Sort, Descending: q.Descending, TakenBy: q.TakenBy, Older: q.Older,
	})
	file, err := s.config.Desk.Export(ctx, actorFrom(ctx), req.Round, wanted, given(q.TakenByMe), sheet.Format(q.Format),
		domain.Language(given(q.Language)))
	if err != nil {
		return nil, err
	}
	return api.ExportQueue200ApplicationoctetStreamResponse{
		Body:          bytes.NewReader(file),
		ContentLength: int64(len(file)),
	}, nil
}

// queueOf is what the parameters ask for, but for the page.
func queueOf(q api.ListQueueParams) proposal.List {
	wanted := listOf(q.Area, q.State, nil)
	if given(q.AnyState) {
		wanted.States = proposal.Shown
	}
	wanted.Answered, wanted.Untranslated = q.Answered, given(q.Untranslated)
	wanted.Everywhere, wanted.Theme = given(q.Everywhere), given(q.Theme)
	wanted.Sort, wanted.Descending = proposal.Sort(given(q.Sort)), given(q.Descending)
	wanted.Free, wanted.Late, wanted.Words = given(q.Free), given(q.Late), given(q.Q)
	wanted.TakenBy, wanted.Older = given(q.TakenBy), given(q.Older)
	if division := given(q.Division); division != "" {
		wanted.Divisions = []string{division}
	}
	wanted.Estimation = proposal.Estimation(given(q.Estimation))
	return wanted
}

// DecideProposals decides the same on many proposals.
func (s *Server) DecideProposals(
	ctx context.Context,
	req api.DecideProposalsRequestObject,
) (api.DecideProposalsResponseObject, error) {
	b := desk.Bulk{
		Action: proposal.Action(req.Body.Action), Proposals: req.Body.Proposals,
		Reason: proposal.Reason(given(req.Body.Reason)), Theme: given(req.Body.Theme), Why: given(req.Body.Why),
	}
	if req.Body.Text != nil {
		b.Text = fromPublicText(*req.Body.Text)
	}
	outcomes, err := s.config.Desk.Decide(ctx, actorFrom(ctx), req.Round, b)
	if err != nil {
		return nil, err
	}
	return api.DecideProposals200JSONResponse(list(outcomes, func(o desk.Outcome) api.BulkOutcome {
		outcome := api.BulkOutcome{Proposal: o.Proposal}
		if o.Refusal != nil {
			outcome.Refused = new(api.ProblemCode(o.Refusal.Code))
		}
		return outcome
	})), nil
}

// ListQueueFilters answers with the kept views of the queue.
func (s *Server) ListQueueFilters(
	ctx context.Context,
	req api.ListQueueFiltersRequestObject,
) (api.ListQueueFiltersResponseObject, error) {
	filters, err := s.config.Desk.ListFilters(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.ListQueueFilters200JSONResponse(list(filters, func(f desk.Filter) api.QueueFilter {
		return api.QueueFilter{Id: f.ID, Name: f.Name, Query: f.Query, Shared: f.Shared}
	})), nil
}

// KeepQueueFilter keeps a view of the queue.
func (s *Server) KeepQueueFilter(
	ctx context.Context,
	req api.KeepQueueFilterRequestObject,
) (api.KeepQueueFilterResponseObject, error) {
	f := desk.Filter{Name: req.Body.Name, Query: req.Body.Query, Shared: req.Body.Shared}
	if err := s.config.Desk.KeepFilter(ctx, actorFrom(ctx), req.Round, f); err != nil {
		return nil, err
	}
	return api.KeepQueueFilter204Response{}, nil
}

// DropQueueFilter deletes a kept view of the queue.
func (s *Server) DropQueueFilter(
	ctx context.Context,
	req api.DropQueueFilterRequestObject,
) (api.DropQueueFilterResponseObject, error) {
	err := s.config.Desk.DropFilter(ctx, actorFrom(ctx), req.Round, req.Filter, given(req.Params.Shared))
	if err != nil {
		return nil, err
	}
	return api.DropQueueFilter204Response{}, nil
}

// GetDeskWork answers with how much waits for the actor.
func (s *Server) GetDeskWork(
	ctx context.Context,
	req api.GetDeskWorkRequestObject,
) (api.GetDeskWorkResponseObject, error) {
	work, err := s.config.Desk.Work(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetDeskWork200JSONResponse(list(work, func(w desk.Waiting) api.DeskWork {
		return api.DeskWork{Kind: api.DeskWorkKind(w.Kind), Count: w.Count}
	})), nil
}

// GetDeskOverview answers with how the queue stands.
func (s *Server) GetDeskOverview(
	ctx context.Context,
	req api.GetDeskOverviewRequestObject,
) (api.GetDeskOverviewResponseObject, error) {
	o, err := s.config.Desk.Overview(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	share := func(one desk.Share) api.DeskShare {
		return api.DeskShare{Id: one.ID, Name: unlessZero(one.Name), Waiting: one.Waiting, Late: one.Late}
	}
	answer := api.GetDeskOverview200JSONResponse{
		Waiting: o.Waiting, Late: o.Late, ToEstimate: o.ToEstimate, Untranslated: o.Untranslated,
		Areas: list(o.Areas, share), People: list(o.People, share), Divisions: list(o.Divisions, share),
		Ages: list(o.Ages, func(a desk.Age) api.DeskAge { return api.DeskAge{Days: a.Days, Waiting: a.Waiting} }),
		Days: list(o.Days, func(d desk.Day) api.DeskDay {
			return api.DeskDay{
				Day: openapi_types.Date{Time: d.Day}, Submitted: d.Submitted, Decided: d.Decided,
			}
		}),
	}
	if f := o.Forecast; f.Awaited {
		answer.Forecast = &api.DeskForecast{Ends: f.Ends, PerDay: float32(f.PerDay), Days: f.Days, Left: f.Left}
	}
	return answer, nil
}
