package service

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

const deliveriesPath = "/api/v1/rounds/r/deliveries/"

// southernAlone are the settings of a round with one area.
func southernAlone() *api.RoundSettings {
	return &api.RoundSettings{
		Rule:        api.Rule{Rule: "greedy"},
		Eligibility: api.Eligibility{Moment: "voting", Municipalities: []string{}}, FinalBallots: true, OpeningsFrom: 1,
		Themes: []api.Theme{{Id: "parks", Name: api.Text{Fi: "Puistot"}}},
		Areas: []api.Area{{
			Id: "southern", Name: api.Text{Fi: "Eteläinen", Sv: pointer("Södra")}, Pot: 100_000_00, PostalCodes: []string{},
		}},
		Papers: []api.Paper{{
			Id: "main", Name: api.Text{Fi: "Lippu"}, Areas: []string{"southern"},
			Form: api.Form{Kind: "approval", Min: 1, Max: 3},
		}},
	}
}

// delivering is a round of one area, whose two projects are funded and whose
// result is published: Aino's, which the environment division estimated, and
// one of the city's.
func delivering(t *testing.T, vary ...func(*Settings)) (w *world, official *client) {
	t.Helper()
	w = newWorld(t, vary...)
	official = w.official(t)
	w.delivers(t, official, "r")
	return w, official
}

// delivers takes such a round to its published result.
func (w *world) delivers(t *testing.T, official *client, id string) {
	t.Helper()
	w.at(t, duringProposing)
	body := newRound(id, "")
	body.Preset = nil
	body.Settings = southernAlone()
	official.ok("POST", "/api/v1/rounds", body, nil)
	official.step(id, "propose")
	official.step(id, "vet")
	official.ok("POST", "/api/v1/rounds/"+id+"/projects/import", api.ProjectImport{Projects: []api.ImportedProject{
		{
			Title: api.Text{Fi: "Penkki", Sv: pointer("Bänk")}, Area: "southern", Theme: pointer("parks"),
			Cost: api.Cost{Minimum: 100, Maximum: 40_000_00},
		},
		{Title: api.Text{Fi: "<b>Laituri</b>"}, Area: "southern", Cost: api.Cost{Maximum: 50_000_00}},
	}}, nil)
	var issued api.Codes
	official.ok("POST", "/api/v1/rounds/"+id+"/codes", api.CodesRequest{Count: 3, Label: "x"}, &issued)
	official.step(id, "freeze")
	official.step(id, "open")
	w.at(t, "2026-05-06 12:00+03")
	w.fill(t, id, []string{"southern"}, issued.Codes)
	w.at(t, "2026-05-17 12:00+03")
	for _, step := range []api.Step{"close", "count", "confirm", "publish"} {
		official.step(id, step)
	}
}

func report(version int, phase api.DeliveryPhase) api.NewDeliveryReport {
	return api.NewDeliveryReport{
		Version: version, Phase: phase, Standing: api.DeliveryStanding("on_course"),
		Documents: []api.DeliveryDocument{}, Dates: []api.NewDeliveryDate{},
	}
}

// From the publication to the ribbon: what everybody reads, who may say what,
// and that lateness shows without anybody saying it.
func TestDeliveriesOverHTTP(t *testing.T) {
	w, official := delivering(t)
	visitor, resident := w.anonymous(t), w.as(t, person{Name: "Aino"})
	facilitator, expert := w.facilitator(t, "southern"), w.expert(t, "environment")
	var page api.DeliveryPage
	visitor.ok("GET", "/api/v1/deliveries", nil, &page)
	if page.Total != 2 || page.Summary.All != 2 || page.Summary.Late != 0 || page.Projects[0].May {
		t.Fatalf("%+v", page)
	}
	var story api.DeliveryStory
	official.ok("PUT", deliveriesPath+"1/sites/0/division",
		api.DeliveryAssignment{Version: 1, Division: "environment"}, &story)
	if story.Project.Division != "environment" || story.Project.Version != 2 || len(story.Divisions) == 0 {
		t.Fatalf("%+v", story.Project)
	}
	planned := report(2, "planning")
	planned.Dates = []api.NewDeliveryDate{{Phase: "building", Promised: pointer("2026-08-01")}}
	planned.News = &api.ShortText{Fi: pointer("<script>alert(1)</script>"), Sv: pointer("Vi ritar")}
	planned.Documents = []api.DeliveryDocument{{
		Title: api.PublicText{Fi: "Suunnitelma", Sv: "Plan"}, Address: "https://example.org/plan.pdf",
	}}
	expert.ok("PUT", deliveriesPath+"1/sites/0", planned, &story)
	if !story.Project.May || len(story.Reports) != 3 || story.Project.Late != nil {
		t.Fatalf("%+v", story)
	}
	w.at(t, "2026-08-11 00:30+03") // in the city; in UTC it is the day before
	visitor.ok("GET", "/api/v1/deliveries?late=true", nil, &page)
	if page.Total != 1 || page.Projects[0].Late.Days != 10 || page.Projects[0].Late.Phase != "building" ||
		page.Summary.Late != 1 || page.Summary.All != 2 {
		t.Errorf("%+v", page)
	}
	for query, total := range map[string]int{
		"phase=planning": 1, "area=southern": 2, "area=western": 0, "theme=parks": 1, "round=r": 2, "round=other": 0,
		"q=PENKKI": 1, "standing=paused": 0, "limit=1": 2, "from=5": 2,
	} {
		if visitor.ok("GET", "/api/v1/deliveries?"+query, nil, &page); page.Total != total {
			t.Errorf("%s: %d", query, page.Total)
		}
	}
	var sheet []byte
	visitor.ok("GET", "/api/v1/deliveries.csv", nil, &sheet)
	if rows := strictCSV(t, sheet); len(rows) != 3 || rows[1][13] != "10" || rows[1][14] != "building" {
		t.Errorf("%q", rows)
	}
	var open struct {
		Version  string
		Projects []struct {
			ID, Status, Title string
			Milestones        []struct{ ID, Status, DueDate string }
			Budget            struct{ Amount struct{ Amount float64 } }
		}
	}
	visitor.ok("GET", "/api/v1/deliveries.oc4ids.json", nil, &open)
	if p := open.Projects[0]; len(open.Projects) != 2 || p.Status != "preparation" || p.Budget.Amount.Amount != 40000 ||
		len(p.Milestones) != 2 || p.Milestones[1].DueDate != "2026-08-01T00:00:00Z" || p.Milestones[1].Status != "scheduled" {
		t.Errorf("%+v", open)
	}
	var mine []api.Delivery
	expert.ok("GET", "/api/v1/deliveries/mine", nil, &mine)
	if len(mine) != 1 || !mine[0].Due {
		t.Errorf("%+v", mine)
	}
	official.ok("POST", deliveriesPath+"1/sites", api.NewDeliverySite{
		Name: api.PublicText{Fi: "Ranta", Sv: "Strand"}, Point: &api.Point{Latitude: 60.17, Longitude: 24.94},
	}, &story)
	if len(story.Sites) != 1 || story.Sites[0].Phase != "planning" {
		t.Errorf("%+v", story.Sites)
	}
	readDeliveries(t, w.url, visitor, "<script>alert(1)</script>", "#report-0-3")
	paused := report(3, "planning")
	paused.Standing = "paused"
	for name, c := range map[string]struct {
		client *client
		method string
		path   string
		body   any
		status int
		code   string
	}{
		"visitor's report":        {visitor, "PUT", "1/sites/0", planned, 401, "sign_in_required"},
		"resident's report":       {resident, "PUT", "1/sites/0", planned, 403, "not_allowed"},
		"facilitator's report":    {facilitator, "PUT", "1/sites/0", planned, 403, "not_allowed"},
		"another division's":      {w.expert(t, "culture"), "PUT", "1/sites/0", planned, 403, "not_allowed"},
		"expert of nothing":       {w.expert(t), "PUT", "2/sites/0", report(1, "planning"), 403, "not_allowed"},
		"an older version":        {expert, "PUT", "1/sites/0", report(1, "planning"), 409, "edited_meanwhile"},
		"paused without a reason": {expert, "PUT", "1/sites/0", paused, 400, "invalid_request"},
		"no such site":            {expert, "PUT", "1/sites/7", report(1, "planning"), 404, "not_found"},
		"no such project":         {official, "PUT", "99/sites/0", report(1, "planning"), 404, "not_found"},
		"an expert's assignment":  {expert, "PUT", "1/sites/0/division", api.DeliveryAssignment{Version: 3, Division: "culture"}, 403, "not_allowed"},
		"no such division":        {official, "PUT", "1/sites/0/division", api.DeliveryAssignment{Version: 3, Division: "x"}, 400, "invalid_request"},
		"an expert's erasure":     {expert, "DELETE", "1/sites/0/reports/3/news", nil, 403, "not_allowed"},
		"news that is not there":  {official, "DELETE", "1/sites/0/reports/1/news", nil, 404, "not_found"},
		"nothing there":           {visitor, "GET", "99", nil, 404, "not_found"},
	} {
		if status, code := c.client.do(c.method, deliveriesPath+c.path, c.body, nil); status != c.status || code != c.code {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	for name, c := range map[string]*client{"visitor": visitor, "resident": resident, "facilitator": facilitator} {
		want := map[bool]int{true: http.StatusUnauthorized, false: http.StatusForbidden}[name == "visitor"]
		if status, code := c.get("/api/v1/deliveries/mine", nil); status != want {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	official.ok("DELETE", deliveriesPath+"1/sites/0/reports/3/news", nil, &story)
	readDeliveries(t, w.url, visitor)
	var text string
	visitor.ok("GET", deliveriesPath+"1", nil, &text)
	if strings.Contains(text, "alert") || strings.Contains(text, "Erkki") || strings.Contains(text, "Olli") {
		t.Errorf("everybody sees %s", text)
	}
	done := report(3, "done")
	story = api.DeliveryStory{}
	expert.ok("PUT", deliveriesPath+"1/sites/0", done, &story)
	if d := story.Project.Dates; fmt.Sprint(value(d[len(d)-1].Actual)) != "2026-08-11" || story.Project.Late != nil {
		t.Errorf("%+v", story.Project)
	}
	if status, _ := w.as(t, person{Name: "Oona", Roles: []domain.Role{domain.Official}}).get(
		"/api/v1/rounds/other/deliveries/1", nil); status != http.StatusNotFound {
		t.Errorf("of no round: %d", status)
	}
}

// readDeliveries reads the open data for maps, spreadsheets, feed readers and
// calendars, strictly; of the one entry of the feed, if there is any, it wants
// the text and how its address ends.
func readDeliveries(t *testing.T, address string, visitor *client, entry ...string) {
	t.Helper()
	var file []byte
	visitor.ok("GET", "/api/v1/deliveries.xlsx", nil, &file)
	table, err := sheet.Read(file, sheet.Limits{})
	if err != nil || len(table.Rows) != 2 || table.Rows[0].Cells[13] != "10" || table.Rows[0].Cells[16] != "40000" {
		t.Errorf("%v %v", err, table.Rows)
	}
	var places []byte
	visitor.ok("GET", "/api/v1/deliveries.geojson", nil, &places)
	var read struct {
		Features []struct {
			ID         string
			Geometry   struct{ Coordinates []float64 }
			Properties struct {
				SiteName struct{ Fi string } `json:"site_name"`
				DaysLate int                 `json:"days_late"`
				Address  string
			}
		}
	}
	if err := json.Unmarshal(places, &read); err != nil || len(read.Features) != 1 {
		t.Fatalf("%v %s", err, places)
	}
	if f := read.Features[0]; f.ID != "r-1-1" || f.Geometry.Coordinates[1] != 60.17 || f.Properties.DaysLate != 0 ||
		f.Properties.SiteName.Fi != "Ranta" || f.Properties.Address != address+"/rounds/r/delivery/1" {
		t.Errorf("%+v", f)
	}
	var feed []byte
	visitor.ok("GET", "/api/v1/deliveries.atom?area=southern", nil, &feed)
	strictAtom(t, feed)
	var atom struct {
		Entries []struct {
			ID      string `xml:"id"`
			Summary string `xml:"summary"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(feed, &atom); err != nil || len(atom.Entries) != min(len(entry), 1) {
		t.Fatalf("%v %s", err, feed)
	}
	if len(entry) > 0 && (atom.Entries[0].Summary != entry[0] || !strings.HasSuffix(atom.Entries[0].ID, entry[1])) {
		t.Errorf("%+v", atom)
	}
	visitor.ok("GET", "/api/v1/deliveries.atom?area=western", nil, &feed)
	strictAtom(t, feed)
	if strings.Contains(string(feed), "<entry") {
		t.Errorf("%s", feed)
	}
	var days []byte
	visitor.ok("GET", "/api/v1/deliveries.ics?language=sv", nil, &days)
	strictCalendar(t, days)
	for _, line := range []string{
		"\r\nDTSTART;VALUE=DATE:20260801\r\nDTEND;VALUE=DATE:20260802\r\n", "\r\nSUMMARY:Bänk: byggandet börjar\r\n",
		"\r\nSTATUS:TENTATIVE\r\n",
	} {
		if !strings.Contains(string(days), line) {
			t.Errorf("no %q in %s", line, days)
		}
	}
}
