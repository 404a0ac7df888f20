package service

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"osbu/domain/round"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

const openPath = "/api/v1/rounds/r/proposals."

func TestOpenData(t *testing.T) {
	t.Parallel()
	// nasty are titles that try to be more than text, as CSV shows them.
	nasty := map[string]string{
		`=HYPERLINK("http://evil.example";"Penkki")`: `'=HYPERLINK("http://evil.example";"Penkki")`,
		"+358 1; puhelin":           "'+358 1; puhelin",
		"-1+2":                      "'-1+2",
		"@SUM(A1)":                  "'@SUM(A1)",
		"<script>alert(1)</script>": "<script>alert(1)</script>",
		`]]></title><script>alert("x")</script>&amp;`: `]]></title><script>alert("x")</script>&amp;`,
		`Puita, "pensaita"; kukkia 🌳 حديقة`:           `Puita, "pensaita"; kukkia 🌳 حديقة`,
		"＝1+1": "'＝1+1",
	}
	titles := slices.Sorted(maps.Keys(nasty))
	w, _ := proposing(t)
	author := w.as(t, person{Name: "Salla Salainen"})
	for title := range nasty {
		text := bench(title)
		text.What = pointer("@eka\n=toka;\"kolmas\"")
		author.submitted(text)
	}
	without := bench("Ilman pistettä")
	without.Point = nil
	author.submitted(without)
	author.draft(bench("Luonnos"))
	visitor := w.anonymous(t)

	var text []byte
	visitor.ok("GET", openPath+"csv", nil, &text)
	if !bytes.HasPrefix(text, []byte("\xef\xbb\xbf\"id\";\"address\";\"state\";")) ||
		bytes.Contains(text, []byte("Salla")) ||
		bytes.Contains(text, []byte("Luonnos")) {
		t.Errorf("%s", text)
	}
	rows := strictCSV(t, text)
	if len(rows) != 2+len(nasty) {
		t.Fatalf("%d rows", len(rows))
	}
	at := func(column string) int { return slices.Index(rows[0], column) }
	for _, row := range rows[2:] { // the newest is the one without a point
		for title, want := range nasty {
			if row[at("title")] == want {
				delete(nasty, title)
			}
		}
		if row[at("what")] != "'@eka\n'=toka;\"kolmas\"" || row[at("latitude")] != "60,153" ||
			row[at("area_sv")] != "Södra" ||
			row[at("state")] != "submitted" {
			t.Errorf("%q", row)
		}
	}
	if len(nasty) != 0 {
		t.Errorf("not as wanted in the CSV: %q", nasty)
	}

	// The workbook has the same rows, and what was written comes back.
	visitor.ok("GET", openPath+"xlsx?language=fi", nil, &text)
	table, err := sheet.Read(text, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Rows) != len(rows)-1 || !slices.Equal(table.Head, rows[0]) {
		t.Errorf("the workbook has %d rows, the CSV %d, and the head %q", len(table.Rows), len(rows)-1, table.Head)
	}
	var found []string
	for _, row := range table.Rows[1:] {
		found = append(found, row.Cells[at("title")])
		if row.Cells[at("latitude")] != "60,153" {
			t.Errorf("got %q", row.Cells)
		}
	}
	slices.Sort(found)
	if !slices.Equal(found, titles) {
		t.Errorf("got the titles %q, want %q", found, titles)
	}

	var list []api.OpenProposal
	visitor.ok("GET", openPath+"json?theme=parks", nil, &list)
	var places api.FeatureCollection
	visitor.ok("GET", openPath+"geojson", nil, &places)
	if len(list) != len(rows)-1 || len(places.Features) != len(rows)-2 ||
		places.Features[0].Geometry.Coordinates[1] != 60.153 ||
		list[0].Address != fmt.Sprintf("%s/rounds/r/proposals/%d", w.url, list[0].Id) {
		t.Errorf("%+v\n%+v", list, places)
	}
	visitor.ok("GET", openPath+"geojson", nil, &text)
	strictGeoJSON(t, text)
	visitor.ok("GET", openPath+"json?area=western", nil, &list)
	visitor.ok("GET", openPath+"geojson?q=olematon", nil, &places)
	if len(list) != 0 || len(places.Features) != 0 || places.Features == nil {
		t.Errorf("%+v %+v", list, places)
	}

	var feed struct {
		ID      string `xml:"id"`
		Entries []struct {
			Title string `xml:"title"`
			Link  struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	visitor.ok("GET", openPath+"atom", nil, &text)
	strictAtom(t, text)
	if err := xml.Unmarshal(text, &feed); err != nil || len(feed.Entries) != len(rows)-1 ||
		bytes.Contains(text, []byte("<script>")) ||
		bytes.Contains(text, []byte("Salla")) {
		t.Errorf("%v in %s", err, text)
	}
	if !strings.HasPrefix(feed.Entries[0].Link.Href, w.url+"/rounds/r/proposals/") {
		t.Errorf("%+v", feed.Entries[0])
	}
	visitor.ok("GET", openPath+`atom?q=%22%3Cscript%3E%22`, nil, &text)
	if bytes.Contains(text, []byte("<script>")) || !bytes.Contains(text, []byte("%22%3Cscript%3E%22")) {
		t.Errorf("reflected: %s", text)
	}
}

func TestOpenDataIsCached(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	author, facilitator := w.as(t, person{Name: "Aino"}), w.facilitator(t, "southern")
	path := author.submitted(bench("Penkki"))
	visitor := w.anonymous(t)
	type answer struct {
		status int
		http.Header
	}
	read := func(c *client, kind, held string) (answer, string) {
		t.Helper()
		c.header = http.Header{"If-None-Match": {held}, "Accept-Encoding": {"gzip"}}
		response := c.send("GET", openPath+kind, nil)
		defer func() { _ = response.Body.Close() }()
		body := io.Reader(response.Body)
		if response.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(response.Body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return answer{response.StatusCode, response.Header}, string(text)
	}
	for _, kind := range []string{"csv", "json", "geojson", "atom"} {
		first, text := read(visitor, kind, "")
		tag := first.Get("ETag")
		if first.status != http.StatusOK || tag == "" || first.Get("Cache-Control") != "public, max-age=60" ||
			!strings.Contains(text, "Penkki") ||
			first.Get("Access-Control-Allow-Origin") != "*" ||
			first.Get("Set-Cookie") != "" ||
			first.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v %s", kind, first.status, first.Header, text)
		}
		again, text := read(author, kind, tag)
		if again.status != http.StatusNotModified || text != "" || again.Get("ETag") != tag {
			t.Errorf("%s for its author, who has it: %d %q", kind, again.status, text)
		}
		facilitator.header = nil
		switch kind { // each sees another change
		case "csv":
			facilitator.ok("POST", path+"/take", nil, nil)
		case "json":
			facilitator.ok("POST", path+"/accept", api.Acceptance{Cost: api.Cost{Maximum: 1234_50}}, nil)
		case "geojson":
			official.ok("POST", "/api/v1/rounds/r/projects", official.placement("r"), nil)
		case "atom":
			author.header = nil
			author.ok("POST", path+"/withdraw", nil, nil)
		}
		if changed, text := read(visitor, kind, tag); changed.status != http.StatusOK || text == "" {
			t.Errorf("%s after a change: %d", kind, changed.status)
		}
	}
	_, text := read(visitor, "csv", "")
	if !strings.Contains(text, `;"1234,50";`) || !strings.Contains(text, `;"withdrawn";`) {
		t.Error(text)
	}
	official.header = nil
	official.createRound("later", "helsinki-2026")
	for _, c := range []*client{visitor, official} { // open to all or to none
		c.header = nil
		if status, code := c.get("/api/v1/rounds/later/proposals.json", nil); status != 404 || code != "not_found" {
			t.Errorf("a round in preparation: %d %s", status, code)
		}
	}
}

// Ten batches and a bit are one list.
func TestOpenDataIsReadInBatches(t *testing.T) {
	t.Parallel()
	w, _ := proposing(t)
	id := w.as(t, person{Name: "Aino"}).submitted(bench("Penkki"))
	_, err := w.office.Owner.Exec(
		`INSERT INTO proposal (round, state, version, author_name, facilitator_name, title, what, why, place, area, language,
			question, reason, submitted_at, updated_at, words)
		SELECT round, state, version, '', '', 'Penkki ' || n, repeat('ä', 300), '', '', area, language, '', '', submitted_at,
		updated_at, 'penkki'
		FROM proposal, generate_series(1, 1234) n WHERE id = split_part(?, '/', 7)::bigint`,
		id,
	)
	if err != nil {
		t.Fatal(err)
	}
	var list []api.OpenProposal
	w.anonymous(t).ok("GET", openPath+"json", nil, &list)
	seen := map[int64]bool{}
	for _, p := range list {
		seen[p.Id] = true
	}
	if len(list) != 1235 || len(seen) != 1235 {
		t.Errorf("%d, %d different", len(list), len(seen))
	}
	// What breaks in the middle does not look whole.
	response := w.anonymous(t).send("GET", openPath+"csv", nil)
	defer func() { _ = response.Body.Close() }()
	if _, err := w.office.Owner.Exec("ALTER TABLE proposal RENAME COLUMN what TO that"); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err == nil && strings.Count(string(text), "\r\n") < 1236 {
		t.Errorf("%d lines and no error", strings.Count(string(text), "\r\n"))
	}
	head := w.anonymous(t).send("HEAD", openPath+"json", nil)
	if none, err := io.ReadAll(head.Body); err != nil || len(none) != 0 || head.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %d %q %v", head.StatusCode, none, err)
	}
	_ = head.Body.Close()
}

func TestCommentsOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.LimitComment.N = 3 })
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	author, kerttu := w.as(t, person{Name: "Aino Asukas"}), w.as(t, person{Name: "Kerttu Salainen", Protected: true})
	south, visitor := w.facilitator(t, "southern"), w.anonymous(t)
	path := author.submitted(bench("Penkki"))
	script := `<img src=x onerror=alert(1)> {{constructor}} javascript:alert(1)`
	var said api.Comment
	kerttu.ok("POST", path+"/comments", api.NewComment{Text: script, Language: "fi"}, &said)
	if said.Author != "Asukas" || !said.Mine || said.Staff || said.Text != script {
		t.Errorf("%+v", said)
	}
	south.ok("POST", path+"/comments", api.NewComment{Text: "Selvitän", Language: "fi"}, nil)
	one := fmt.Sprint("/api/v1/rounds/r/comments/", said.Id)
	author.ok("POST", one+"/report", api.CommentReport{Reason: "advertising"}, nil)
	var waiting []api.Comment
	south.ok("GET", "/api/v1/rounds/r/comments", nil, &waiting)
	if len(waiting) != 1 || *waiting[0].Reports != 1 || waiting[0].Proposal != said.Proposal {
		t.Errorf("%+v", waiting)
	}
	south.ok("POST", one+"/hide", api.Hiding{Reason: "advertising", Note: pointer("Ei mainoksia")}, nil)
	var d api.Discussion
	visitor.ok("GET", path+"/comments", nil, &d)
	if len(d.Comments) != 1 || !d.Comments[0].Staff || d.Comments[0].Author != "Stina Stadiluotsi" || !d.Open {
		t.Errorf("%+v", d)
	}
	kerttu.ok("GET", path+"/comments", nil, &d)
	if len(d.Comments) != 2 || *d.Comments[0].Hidden != "advertising" || *d.Comments[0].Note != "Ei mainoksia" {
		t.Errorf("%+v", d)
	}
	south.ok("POST", one+"/keep", nil, nil)
	kerttu.ok("DELETE", one, nil, nil)
	for range 3 {
		kerttu.ok("POST", path+"/comments", api.NewComment{Text: "Taas", Language: "sv"}, nil)
	}
	for name, c := range map[string]struct {
		client *client
		method string
		path   string
		body   any
		status int
		code   string
	}{
		"too many": {
			kerttu, "POST", path + "/comments",
			api.NewComment{Text: "Liikaa", Language: "fi"},
			429,
			"too_many_comments",
		},
		"visitor": {
			visitor, "POST", path + "/comments",
			api.NewComment{Text: "x", Language: "fi"},
			401,
			"sign_in_required",
		},
		"answer to nothing": {
			author, "POST", path + "/comments",
			api.NewComment{Text: "x", Language: "fi", ReplyTo: new(int64(999))},
			404,
			"not_found",
		},
		"in no language": {
			author, "POST", path + "/comments",
			api.NewComment{Text: "x", Language: "xx"},
			400,
			"invalid_request",
		},
		"gone":                  {author, "POST", one + "/report", api.CommentReport{Reason: "other"}, 404, "not_found"},
		"resident's moderation": {author, "GET", "/api/v1/rounds/r/comments", nil, 403, "not_allowed"},
		"my own support":        {author, "PUT", path + "/support", nil, 403, "not_allowed"},
		"visitor's support":     {visitor, "PUT", path + "/support", nil, 401, "sign_in_required"},
		"visitor's follow":      {visitor, "DELETE", path + "/follow", nil, 401, "sign_in_required"},
		"visitor's list":        {visitor, "GET", "/api/v1/rounds/r/proposals?followed=true", nil, 401, "sign_in_required"},
	} {
		if status, code := c.client.do(c.method, c.path, c.body, nil); status != c.status || code != c.code {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	var i api.Interest
	kerttu.ok("PUT", path+"/support", nil, &i)
	kerttu.ok("PUT", path+"/follow", nil, &i)
	var page api.ProposalPage
	kerttu.ok("GET", "/api/v1/rounds/r/proposals?followed=true", nil, &page)
	if !i.Supports || !i.Follows || i.Supporters != nil || page.Total != 1 {
		t.Errorf("%+v %d", i, page.Total)
	}
	kerttu.ok("DELETE", path+"/support", nil, nil)
	kerttu.ok("DELETE", path+"/follow", nil, nil)
	visitor.ok("GET", path+"/interest", nil, &i)
	var similar []api.Proposal
	visitor.ok("GET", "/api/v1/rounds/r/similar?text=penkkej%C3%A4", nil, &similar)
	if i.Supports || i.Follows || len(similar) != 1 {
		t.Errorf("%+v %+v", i, similar)
	}
	if log := w.log.String(); strings.Contains(log, "Kerttu") || strings.Contains(log, "onerror") {
		t.Error(log)
	}
	// Of what was withdrawn nothing more is told.
	kerttu.ok("PUT", path+"/follow", nil, nil)
	author.ok("POST", path+"/withdraw", nil, nil)
	for _, tie := range []string{"/follow", "/support"} {
		if status, code := kerttu.do("PUT", path+tie, nil, nil); status != 409 || code != "proposal_state_forbids" {
			t.Errorf("%s of a withdrawn proposal: got %d %s, want 409 proposal_state_forbids", tie, status, code)
		}
	}
	kerttu.ok("DELETE", path+"/follow", nil, &i)
	if i.Follows {
		t.Error("got a follower who has stopped, want none")
	}
}

func TestMapIsASetting(t *testing.T) {
	t.Parallel()
	plain := newWorld(t)
	var text string
	plain.anonymous(t).ok("GET", "/api/v1/map", nil, &text)
	if strings.TrimSpace(text) != `{"areas":[]}` {
		t.Errorf("without a setting: %s", text)
	}
	s, err := ReadSettings(
		[]string{
			"OSBU_MAP_TILES=https://tiles.example.org/{z}/{x}/{y}.png?k=1",
			"OSBU_MAP_CREDIT=© Kaupunki",
			"OSBU_MAP_AREAS=../demo/areas.geojson",
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(
		t,
		func(own *Settings) { own.MapTiles, own.MapCredit, own.MapAreas = s.MapTiles, s.MapCredit, s.MapAreas },
	)
	var m api.Map
	w.anonymous(t).ok("GET", "/api/v1/map", nil, &m)
	if *m.Tiles != "https://tiles.example.org/{z}/{x}/{y}.png?k=1" || *m.Credit != "© Kaupunki" {
		t.Errorf("%+v", m)
	}
	preset, err := round.Preset("helsinki-2026").Settings()
	if err != nil {
		t.Fatal(err)
	}
	var drawn, areas []string
	for _, a := range m.Areas {
		drawn = append(drawn, a.Area)
	}
	for _, a := range preset.Areas {
		areas = append(areas, a.ID)
	}
	if !slices.Equal(drawn, areas) {
		t.Errorf("the demo's map has %v, its round %v", drawn, areas)
	}
}
