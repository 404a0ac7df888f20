package handlers

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/handlers/api"
)

// deliveriesShown is how many a page of the list has unless it is said.
const deliveriesShown = 20

// ListDeliveries answers with a page of the public list.
func (s *Server) ListDeliveries(
	ctx context.Context,
	req api.ListDeliveriesRequestObject,
) (api.ListDeliveriesResponseObject, error) {
	q := req.Params
	page, err := s.config.Deliveries.List(ctx, actorFrom(ctx), delivery.List{
		Round: given(q.Round), Area: given(q.Area), Theme: given(q.Theme), Division: given(q.Division),
		Phase:    delivery.Phase(given(q.Phase)),
		Standing: delivery.Standing(given(q.Standing)), Late: given(q.Late), Words: given(q.Q), From: given(q.From),
		Limit: cmp.Or(given(q.Limit), deliveriesShown),
	})
	if err != nil {
		return nil, err
	}
	return api.ListDeliveries200JSONResponse{
		Projects: list(page.Projects, toDelivery), Total: page.Total, Next: unlessZero(page.Next),
		Summary: toDeliverySummary(page.Summary),
	}, nil
}

// ListMyDeliveries answers with those that a division builds.
func (s *Server) ListMyDeliveries(
	ctx context.Context,
	_ api.ListMyDeliveriesRequestObject,
) (api.ListMyDeliveriesResponseObject, error) {
	mine, err := s.config.Deliveries.Mine(ctx, actorFrom(ctx))
	if err != nil {
		return nil, err
	}
	return api.ListMyDeliveries200JSONResponse(list(mine, toDelivery)), nil
}

// GetDelivery answers with one project.
func (s *Server) GetDelivery(
	ctx context.Context,
	req api.GetDeliveryRequestObject,
) (api.GetDeliveryResponseObject, error) {
	story, err := s.config.Deliveries.Get(ctx, actorFrom(ctx), req.Round, req.Project)
	if err != nil {
		return nil, err
	}
	return api.GetDelivery200JSONResponse(toDeliveryStory(story)), nil
}

// AddDeliverySite adds a place.
func (s *Server) AddDeliverySite(
	ctx context.Context,
	req api.AddDeliverySiteRequestObject,
) (api.AddDeliverySiteResponseObject, error) {
	site := delivery.Site{Name: fromPublicText(req.Body.Name)}
	if p := req.Body.Point; p != nil {
		site.Point = &domain.Point{Latitude: p.Latitude, Longitude: p.Longitude}
	}
	story, err := s.config.Deliveries.AddSite(ctx, actorFrom(ctx), req.Round, req.Project, site)
	if err != nil {
		return nil, err
	}
	return api.AddDeliverySite200JSONResponse(toDeliveryStory(story)), nil
}

// ReportDelivery takes a report.
func (s *Server) ReportDelivery(
	ctx context.Context,
	req api.ReportDeliveryRequestObject,
) (api.ReportDeliveryResponseObject, error) {
	b := req.Body
	report := delivery.Report{
		Phase: delivery.Phase(b.Phase), Standing: delivery.Standing(b.Standing), Reason: fromShortText(given(b.Reason)),
		Contact: fromShortText(given(b.Contact)), Difference: fromShortText(given(b.Difference)),
		News: fromShortText(given(b.News)),
		Documents: list(b.Documents, func(d api.DeliveryDocument) delivery.Document {
			return delivery.Document{Title: fromPublicText(d.Title), Address: d.Address}
		}),
		Dates: list(b.Dates, func(d api.NewDeliveryDate) delivery.Date {
			return delivery.Date{Phase: delivery.Phase(d.Phase), Promised: given(d.Promised), Actual: given(d.Actual)}
		}),
	}
	story, err := s.config.Deliveries.Report(
		ctx, actorFrom(ctx), req.Round, req.Project, req.Site, b.Version, report,
	)
	if err != nil {
		return nil, err
	}
	return api.ReportDelivery200JSONResponse(toDeliveryStory(story)), nil
}

// AssignDelivery hands it to a division.
func (s *Server) AssignDelivery(
	ctx context.Context,
	req api.AssignDeliveryRequestObject,
) (api.AssignDeliveryResponseObject, error) {
	story, err := s.config.Deliveries.Assign(
		ctx, actorFrom(ctx), req.Round, req.Project, req.Site, req.Body.Version, req.Body.Division,
	)
	if err != nil {
		return nil, err
	}
	return api.AssignDelivery200JSONResponse(toDeliveryStory(story)), nil
}

// EraseDeliveryNews takes news away.
func (s *Server) EraseDeliveryNews(
	ctx context.Context,
	req api.EraseDeliveryNewsRequestObject,
) (api.EraseDeliveryNewsResponseObject, error) {
	story, err := s.config.Deliveries.EraseNews(ctx, actorFrom(ctx), req.Round, req.Project, req.Site, req.Report)
	if err != nil {
		return nil, err
	}
	return api.EraseDeliveryNews200JSONResponse(toDeliveryStory(story)), nil
}

func toDeliveryStory(story delivery.Story) api.DeliveryStory {
	out := api.DeliveryStory{
		Project: toDelivery(story.View), Sites: list(story.Sites, toDelivery), Reports: list(story.Reports, toDeliveryReport),
		Divisions: []api.DeliveryDivision{},
		Shared: list(story.Shared, func(o delivery.Shared) api.DeliveryShared {
			return api.DeliveryShared{
				Site: o.Site, Round: o.Round, RoundName: toText(o.RoundName), Project: o.Number, Title: toText(o.Title),
				Paid: int64(o.Paid),
			}
		}),
	}
	for _, id := range slices.Sorted(maps.Keys(story.Divisions)) {
		out.Divisions = append(out.Divisions, api.DeliveryDivision{Id: id, Name: toText(story.Divisions[id])})
	}
	if w := story.Worth; w != nil {
		out.Worth = &api.DeliveryWorth{Open: w.Open, Mine: unlessZero(api.WorthAnswer(w.Mine)), Few: w.Few}
		out.Worth.Answers = []api.WorthCount{}
		for i, names := range w.Columns {
			out.Worth.Answers = append(out.Worth.Answers, api.WorthCount{
				Number:  w.Total.Cells[i].N,
				Answers: list(names, func(a string) api.WorthAnswer { return api.WorthAnswer(a) }),
			})
		}
	}
	return out
}

// JudgeDelivery keeps whether a finished project was worth it.
func (s *Server) JudgeDelivery(
	ctx context.Context,
	req api.JudgeDeliveryRequestObject,
) (api.JudgeDeliveryResponseObject, error) {
	story, err := s.config.Deliveries.Judge(
		ctx, actorFrom(ctx), req.Round, req.Project, delivery.Answer(req.Body.Answer),
	)
	if err != nil {
		return nil, err
	}
	return api.JudgeDelivery200JSONResponse(toDeliveryStory(story)), nil
}

func toDelivery(v delivery.View) api.Delivery {
	return api.Delivery{
		Round: v.Round, RoundName: toText(v.Project.RoundName), Project: v.Project.Number, Proposal: v.Proposal,
		Site: v.Site, Version: v.Version, Title: toText(v.Project.Title), Name: toPartial(v.Name), Area: v.Project.Area,
		AreaName: toText(v.Project.AreaName), Theme: unlessZero(v.Project.Theme),
		ThemeName: toPartial(v.Project.ThemeName), Point: toPoint(v.Point), Phase: api.DeliveryPhase(v.Phase),
		Standing: api.DeliveryStanding(v.Standing), Reason: toPartial(v.Reason), Division: v.Division,
		Contact: toPartial(v.Contact), Difference: toPartial(v.Difference),
		Documents: list(v.Documents, func(d delivery.Document) api.DeliveryDocument {
			return api.DeliveryDocument{Title: toPublicText(d.Title), Address: d.Address}
		}),
		Dates: list(v.Dates, toDeliveryDate), Late: toDeliveryLate(v.Late), ReservedCost: int64(v.Project.Reserved),
		UpdatedAt: v.UpdatedAt, Due: v.Due, May: v.May,
		Image: toFirstImage(v.Project.Image), Sites: list(v.Sites, toDeliveryBrief),
	}
}

func toDeliveryBrief(v delivery.View) api.DeliveryBrief {
	return api.DeliveryBrief{
		Site: v.Site, Name: toText(v.Name), Point: toPoint(v.Point), Phase: api.DeliveryPhase(v.Phase),
		Standing: api.DeliveryStanding(v.Standing), Late: toDeliveryLate(v.Late),
	}
}

func toDeliveryDate(d delivery.Date) api.DeliveryDate {
	return api.DeliveryDate{
		Phase: api.DeliveryPhase(d.Phase), First: unlessZero(d.First), Promised: unlessZero(d.Promised),
		Actual: unlessZero(d.Actual),
	}
}

func toDeliveryLate(l delivery.Late) *api.DeliveryLate {
	if l.Days == 0 {
		return nil
	}
	return &api.DeliveryLate{Days: l.Days, Phase: api.DeliveryPhase(l.Phase)}
}

func toDeliveryReport(p delivery.Past) api.DeliveryReport {
	return api.DeliveryReport{
		Site: p.Site, Version: p.Version, At: p.At, Action: api.DeliveryReportAction(p.Action),
		Phase: api.DeliveryPhase(p.Phase), Standing: api.DeliveryStanding(p.Standing), Reason: toPartial(p.Reason),
		Division: p.Division, News: toPartial(p.News), Dates: list(p.Dates, toDeliveryDate), Erased: p.Erased,
	}
}
