package handlers

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// allDeliveries are all projects that are built, as everybody sees them.
func (s *Server) allDeliveries(ctx context.Context) ([]delivery.View, error) {
	page, err := s.config.Deliveries.List(ctx, domain.Actor{}, delivery.List{Limit: math.MaxInt32})
	return page.Projects, err
}

// OpenDeliveriesCsv gives them to spreadsheets.
func (s *Server) OpenDeliveriesCsv(
	ctx context.Context,
	_ api.OpenDeliveriesCsvRequestObject,
) (api.OpenDeliveriesCsvResponseObject, error) {
	text, err := s.deliveriesSheet(ctx, sheet.CSV)
	if err != nil {
		return nil, err
	}
	return api.OpenDeliveriesCsv200TextcsvResponse{Body: text, ContentLength: int64(text.Len())}, nil
}

// OpenDeliveriesXlsx is the same as a workbook.
func (s *Server) OpenDeliveriesXlsx(
	ctx context.Context,
	_ api.OpenDeliveriesXlsxRequestObject,
) (api.OpenDeliveriesXlsxResponseObject, error) {
	file, err := s.deliveriesSheet(ctx, sheet.XLSX)
	if err != nil {
		return nil, err
	}
	return api.OpenDeliveriesXlsx200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{
		Body: file, ContentLength: int64(file.Len()),
	}, nil
}

// deliveriesSheet has a row for each project.
func (s *Server) deliveriesSheet(ctx context.Context, format sheet.Format) (*bytes.Buffer, error) {
	all, err := s.allDeliveries(ctx)
	if err != nil {
		return nil, err
	}
	t := sheet.Table{Name: "deliveries", Counts: []int{1, 13}, Head: []string{
		"round", "project", "address", "title_fi", "title_sv", "area", "area_fi", "area_sv", "theme", "phase", "standing",
		"reason_fi", "reason_sv", "days_late", "late_phase", "division", "reserved_eur", "latitude", "longitude",
		"updated_at",
	}}
	for _, p := range delivery.Phases {
		t.Head = append(t.Head, string(p)+"_first", string(p)+"_promised", string(p)+"_actual")
	}
	for _, v := range all {
		latitude, longitude, late := "", "", ""
		if v.Point != nil {
			latitude = sheet.Decimal(strconv.FormatFloat(v.Point.Latitude, 'f', -1, 64), s.config.City.Language())
			longitude = sheet.Decimal(strconv.FormatFloat(v.Point.Longitude, 'f', -1, 64), s.config.City.Language())
		}
		if v.Late.Days > 0 {
			late = strconv.Itoa(v.Late.Days)
		}
		p := v.Project
		cells := []string{
			v.Round, strconv.Itoa(p.Number), s.deliveryPage(v), p.Title.Fi, p.Title.Sv, p.Area, p.AreaName.Fi, p.AreaName.Sv,
			p.Theme, string(v.Phase), string(v.Standing), v.Reason.Fi, v.Reason.Sv, late, string(v.Late.Phase), v.Division,
			sheet.Decimal(p.Reserved.String(), s.config.City.Language()), latitude, longitude,
			v.UpdatedAt.UTC().Format(time.RFC3339),
		}
		dates := map[delivery.Phase]delivery.Date{}
		for _, d := range v.Dates {
			dates[d.Phase] = d
		}
		for _, p := range delivery.Phases {
			cells = append(cells, dates[p].First, dates[p].Promised, dates[p].Actual)
		}
		t.Rows = append(t.Rows, sheet.Row{Cells: cells})
	}
	var text bytes.Buffer
	return &text, sheet.Write(&text, format, t)
}

// OpenDeliveriesGeoJson gives places to maps: a point for each project that has
// one, and for each of its sites.
func (s *Server) OpenDeliveriesGeoJson(
	ctx context.Context,
	_ api.OpenDeliveriesGeoJsonRequestObject,
) (api.OpenDeliveriesGeoJsonResponseObject, error) {
	all, err := s.allDeliveries(ctx)
	if err != nil {
		return nil, err
	}
	features := []map[string]any{}
	for _, v := range all {
		for _, place := range append([]delivery.View{v}, v.Sites...) {
			if place.Point == nil {
				continue
			}
			features = append(features, map[string]any{
				"type": "Feature", "id": fmt.Sprintf("%s-%d-%d", v.Round, v.Project.Number, place.Site),
				"geometry": map[string]any{
					"type": "Point", "coordinates": []float64{place.Point.Longitude, place.Point.Latitude},
				},
				"properties": map[string]any{
					"round": v.Round, "project": v.Project.Number, "site": place.Site, "address": s.deliveryPage(v),
					"title": toText(v.Project.Title), "site_name": toPartial(place.Name), "area": v.Project.Area,
					"theme": v.Project.Theme, "phase": place.Phase, "standing": place.Standing, "days_late": place.Late.Days,
					"updated_at": place.UpdatedAt.UTC().Format(time.RFC3339),
				},
			})
		}
	}
	return api.OpenDeliveriesGeoJson200ApplicationGeoPlusJSONResponse{
		"type": "FeatureCollection", "features": features,
	}, nil
}

// projectStatuses are the phases in the words of OC4IDS (its codelist
// projectStatus).
var projectStatuses = map[delivery.Phase]string{
	delivery.Codevelopment: "identification", delivery.Planning: "preparation", delivery.Procurement: "preparation",
	delivery.Building: "implementation", delivery.Done: "completion", delivery.Warranty: "completion",
}

// OpenDeliveriesOc4ids gives them to programs that know the standard
// (standard.open-contracting.org/infrastructure/0.9.5). A prefix of ours is
// registered nowhere, so identifiers begin with the address of the site.
func (s *Server) OpenDeliveriesOc4ids(
	ctx context.Context,
	_ api.OpenDeliveriesOc4idsRequestObject,
) (api.OpenDeliveriesOc4idsResponseObject, error) {
	all, err := s.allDeliveries(ctx)
	if err != nil {
		return nil, err
	}
	published, language := time.Unix(0, 0), s.config.City.Language()
	projects := make([]map[string]any, len(all))
	for i, v := range all {
		if v.UpdatedAt.After(published) {
			published = v.UpdatedAt
		}
		status := projectStatuses[v.Phase]
		if v.Standing == delivery.Cancelled {
			status = "cancelled"
		}
		milestones := []map[string]any{}
		for _, d := range v.Dates {
			m := map[string]any{"id": string(d.Phase), "title": string(d.Phase), "type": "delivery", "status": "scheduled"}
			if d.Promised != "" {
				m["dueDate"] = d.Promised + "T00:00:00Z"
			}
			if d.Actual != "" {
				m["dateMet"], m["status"] = d.Actual+"T00:00:00Z", "met"
			}
			milestones = append(milestones, m)
		}
		project := map[string]any{
			"id": fmt.Sprintf("%s-%s-%d", s.config.PublicURL.Hostname(), v.Round, v.Project.Number), "status": status,
			"updated": v.UpdatedAt.UTC().Format(time.RFC3339), "title": v.Project.Title.In(language),
			"budget": map[string]any{"amount": map[string]any{
				"amount": float64(v.Project.Reserved) / 100, "currency": "EUR",
			}},
			"milestones": milestones,
			"documents": []map[string]any{{
				"id": "page", "documentType": "projectScope", "url": s.deliveryPage(v), "format": "text/html",
			}},
		}
		if v.Point != nil {
			project["locations"] = []map[string]any{{"id": "1", "geometry": map[string]any{
				"type": "Point", "coordinates": []float64{v.Point.Longitude, v.Point.Latitude},
			}}}
		}
		projects[i] = project
	}
	return api.OpenDeliveriesOc4ids200JSONResponse{
		"uri": s.origin() + "/api/v1/deliveries.oc4ids.json", "version": "0.9",
		"publishedDate": published.UTC().Format(time.RFC3339),
		"publisher":     map[string]any{"name": s.config.City.Service.In(language)}, "projects": projects,
	}, nil
}

// deliveryPage is a project's stable address, in no language.
func (s *Server) deliveryPage(v delivery.View) string {
	return s.projectPage(v.Round, v.Project.Number)
}

func (s *Server) projectPage(roundID string, number int) string {
	return fmt.Sprintf("%s/rounds/%s/delivery/%d", s.origin(), roundID, number)
}
