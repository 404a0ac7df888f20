package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// Open data are the same for everybody and name no people: a list of who
// proposed what is more than the pages tell, where one reads one at a time.
const openBatch = 500

// OpenCsv gives the proposals to spreadsheets.
func (s *Server) OpenCsv(ctx context.Context, req api.OpenCsvRequestObject) (api.OpenCsvResponseObject, error) {
	return s.openSheet(ctx, req.Round, req.Params, "text/csv; charset=utf-8; header=present", sheet.CSV)
}

// OpenXlsx is the same as a workbook.
func (s *Server) OpenXlsx(ctx context.Context, req api.OpenXlsxRequestObject) (api.OpenXlsxResponseObject, error) {
	return s.openSheet(
		ctx,
		req.Round,
		api.OpenCsvParams(req.Params),
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		sheet.XLSX,
	)
}

// openSheet has a row for each proposal, with decimals as the language writes
// them.
func (s *Server) openSheet(
	ctx context.Context,
	roundID string,
	q api.OpenCsvParams,
	kind string,
	format sheet.Format,
) (*openData, error) {
	d, err := s.openData(
		ctx,
		roundID,
		api.OpenJsonParams{Area: q.Area, Theme: q.Theme, State: q.State, Q: q.Q, IfNoneMatch: q.IfNoneMatch},
		openBatch,
	)
	language := cmp.Or(domain.Language(given(q.Language)), s.config.City.Language())
	d.key += "\n" + string(language)
	d.kind, d.write = kind, func(r round.Round) (writer, string) { return s.writeSheet(r, language, format) }
	return d, err
}

// OpenJson gives them to programs.
func (s *Server) OpenJson(ctx context.Context, req api.OpenJsonRequestObject) (api.OpenJsonResponseObject, error) {
	d, err := s.openData(ctx, req.Round, req.Params, openBatch)
	d.kind, d.write = fiber.MIMEApplicationJSON, func(r round.Round) (writer, string) {
		return jsonList("[", "]\n", func(p proposal.Proposal) any { return s.toOpen(r, p) })
	}
	return d, err
}

// OpenGeoJson gives those with a point to maps.
func (s *Server) OpenGeoJson(
	ctx context.Context,
	req api.OpenGeoJsonRequestObject,
) (api.OpenGeoJsonResponseObject, error) {
	d, err := s.openData(ctx, req.Round, api.OpenJsonParams(req.Params), openBatch)
	d.kind, d.write = "application/geo+json", func(r round.Round) (writer, string) {
		return jsonList(`{"type":"FeatureCollection","features":[`, "]}\n", func(p proposal.Proposal) any {
			if p.Text.Point == nil {
				return nil
			}
			return s.toFeature(r, p)
		})
	}
	return d, err
}

// openData is an answer that is still to be read. Handlers for all kinds share
// it; each sets its kind and how it is written.
func (s *Server) openData(ctx context.Context, roundID string, q api.OpenJsonParams, batch int) (*openData, error) {
	wanted := listOf(q.Area, q.State, nil)
	wanted.Theme, wanted.Words = given(q.Theme), given(q.Q)
	open, err := s.config.Proposals.Open(ctx, roundID, wanted, batch)
	key := strings.Join([]string{
		roundID, open.Tag, given(q.Area), given(q.Theme), string(given(q.State)), given(q.Q),
	}, "\n")
	return &openData{Open: open, timeout: s.config.RequestTimeout, exports: s.exports, key: key}, err
}

// writer writes some proposals; none means the end.
type writer func(w io.Writer, some []proposal.Proposal) error

type openData struct {
	proposal.Open
	kind    string
	key     string // of what is in it
	exports *exports
	timeout time.Duration
	write   func(round.Round) (write writer, head string)
}

func (d *openData) VisitOpenCsvResponse(c *fiber.Ctx) error     { return d.send(c) }
func (d *openData) VisitOpenXlsxResponse(c *fiber.Ctx) error    { return d.send(c) }
func (d *openData) VisitOpenJsonResponse(c *fiber.Ctx) error    { return d.send(c) }
func (d *openData) VisitOpenGeoJsonResponse(c *fiber.Ctx) error { return d.send(c) }

func (d *openData) headers(c *fiber.Ctx) {
	c.Set(fiber.HeaderETag, `W/"`+d.Tag+`"`)
	c.Vary(fiber.HeaderAcceptEncoding)
}

// send gives the export as it is kept, unpacked for those who do not take it
// packed.
func (d *openData) send(c *fiber.Ctx) error {
	d.headers(c)
	c.Set(fiber.HeaderContentType, d.kind)
	if c.Method() == fiber.MethodHead {
		return nil
	}
	packed, err := d.exports.get(c.UserContext(), d.kind+"\n"+d.key, d.all)
	if err != nil {
		return err
	}
	if encoding(c, "gzip") != "" {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(packed)
	}
	plain, err := d.exports.unpack(packed)
	if err != nil {
		return err
	}
	c.Context().SetBodyStream(plain, -1)
	return nil
}

// all writes the whole, with a deadline of its own: others than who asked first
// may wait for it.
func (d *openData) all(w io.Writer) error {
	ctx, cancel := context.WithTimeout(context.Background(), d.timeout)
	defer cancel()
	write, head := d.write(d.Round)
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	for {
		some, err := d.Next(ctx)
		if err != nil {
			return err
		}
		if err := write(w, some); err != nil || len(some) == 0 {
			return err
		}
	}
}

// jsonList writes a list between head and tail, without what turns out nil.
func jsonList(head, tail string, convert func(proposal.Proposal) any) (writer, string) {
	comma := ""
	return func(w io.Writer, some []proposal.Proposal) error {
		for _, p := range some {
			v := convert(p)
			if v == nil {
				continue
			}
			text, err := json.Marshal(v)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s\n%s", comma, text); err != nil {
				return err
			}
			comma = ","
		}
		if len(some) > 0 {
			return nil
		}
		_, err := io.WriteString(w, "\n"+tail)
		return err
	}, head
}

var sheetHead = []string{
	"id", "address", "state", "area", "area_fi", "area_sv", "theme", "theme_fi", "theme_sv", "title", "what", "why",
	"place", "latitude", "longitude",
	"language", "submitted_at", "updated_at", "project", "cost_minimum_eur", "cost_maximum_eur", "maintenance_eur_a_year",
	"rejection", "answer_fi", "answer_sv", "answer_en",
}

// writeSheet is for people with a spreadsheet. Programs take JSON.
func (s *Server) writeSheet(r round.Round, language domain.Language, format sheet.Format) (writer, string) {
	areas, themes := map[string]domain.Text{}, map[string]domain.Text{}
	for _, a := range r.Settings.Areas {
		areas[a.ID] = a.Name
	}
	for _, t := range r.Settings.Themes {
		themes[t.ID] = t.Name
	}
	decimal := func(number string) string { return sheet.Decimal(number, language) }
	table := sheet.Table{
		Name: "proposals", Head: sheetHead,
		Long:   []int{10, 11, 23, 24, 25}, // what, why, the answers
		Counts: []int{0, 18},              // numbers of proposals and projects
	}
	return func(w io.Writer, some []proposal.Proposal) error {
		for _, p := range some {
			t := p.Text
			area, theme := areas[t.Area], themes[t.Theme]
			number, latitude, longitude, minimum, maximum, maintenance := "", "", "", "", "", ""
			if p.Project != 0 {
				number = strconv.Itoa(p.Project)
			}
			if t.Point != nil {
				latitude = decimal(strconv.FormatFloat(t.Point.Latitude, 'f', -1, 64))
				longitude = decimal(strconv.FormatFloat(t.Point.Longitude, 'f', -1, 64))
			}
			if p.Cost != nil {
				minimum, maximum = decimal(p.Cost.Minimum.String()), decimal(p.Cost.Maximum.String())
				maintenance = decimal(p.Cost.Maintenance.String())
			}
			submitted, updated := p.SubmittedAt.UTC().Format(time.RFC3339), p.UpdatedAt.UTC().Format(time.RFC3339)
			table.Rows = append(table.Rows, sheet.Row{Cells: []string{
				strconv.FormatInt(p.ID, 10), s.pageOf(p), string(p.State), t.Area, area.Fi, area.Sv, t.Theme, theme.Fi, theme.Sv,
				t.Title, t.What, t.Why, t.Place, latitude, longitude, string(t.Language), submitted, updated,
				number, minimum, maximum, maintenance, string(p.Reason), p.Answer.Fi, p.Answer.Sv, p.Answer.En,
			}})
		}
		if len(some) > 0 {
			return nil
		}
		return sheet.Write(w, format, table)
	}, ""
}

// pageOf is a proposal's stable address: in no language, so that everybody who
// follows it reads the page in her own.
func (s *Server) pageOf(p proposal.Proposal) string {
	return fmt.Sprintf("%s/rounds/%s/proposals/%d", s.origin(), p.Round, p.ID)
}

func (s *Server) toOpen(r round.Round, p proposal.Proposal) api.OpenProposal {
	v := toProposal(p.For(domain.Actor{}, round.At{Round: r, Now: p.UpdatedAt}))
	return api.OpenProposal{
		Id: v.Id, Address: s.pageOf(p), State: v.State, Text: v.Text, Rejection: v.Rejection, Answer: v.Answer, Cost: v.Cost,
		Project: v.Project, Listing: v.Listing, ReservedCost: v.ReservedCost,
		SubmittedAt: v.SubmittedAt, UpdatedAt: v.UpdatedAt,
	}
}

func (s *Server) toFeature(_ round.Round, p proposal.Proposal) api.Feature {
	f := api.Feature{Type: api.FeatureTypeFeature, Id: p.ID}
	f.Geometry.Type = api.FeatureGeometryTypePoint
	f.Geometry.Coordinates = []float64{p.Text.Point.Longitude, p.Text.Point.Latitude}
	f.Properties.Address, f.Properties.Title, f.Properties.State = s.pageOf(p), p.Text.Title, api.ProposalState(p.State)
	f.Properties.Area, f.Properties.Theme, f.Properties.Language = unlessZero(
		p.Text.Area,
	), unlessZero(
		p.Text.Theme,
	), api.Language(
		p.Text.Language,
	)
	f.Properties.ListedTitle = toPartial(p.Listing.Title)
	return f
}
