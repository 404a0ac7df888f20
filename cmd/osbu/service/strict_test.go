package service

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// What is given to other programs is read here as strictly as its standard
// allows: a reader that forgives would let pass what another one refuses.

// strictCSV reads RFC 4180 with a byte order mark and semicolons: every line
// ends in CRLF, every field is quoted, every row has as many.
func strictCSV(t *testing.T, text []byte) [][]string {
	t.Helper()
	rest, marked := bytes.CutPrefix(text, []byte("\ufeff"))
	if !marked {
		t.Fatalf("got no byte order mark in %.40q", text)
	}
	reader := csv.NewReader(bytes.NewReader(rest))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatalf("got %v in %s", err, text)
	}
	var again bytes.Buffer
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				again.WriteByte(';')
			}
			again.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		again.WriteString("\r\n")
	}
	if again.String() != string(rest) {
		t.Errorf("got  %q\nwant %q", rest, again.String())
	}
	return rows
}

// strictGeoJSON reads a FeatureCollection of points as RFC 7946 has it.
func strictGeoJSON(t *testing.T, text []byte) {
	t.Helper()
	only := func(what string, object map[string]any, members ...string) {
		t.Helper()
		for name := range object {
			if !slices.Contains(members, name) {
				t.Errorf("%s has the member %q, want %v", what, name, members)
			}
		}
		for _, name := range members {
			if _, there := object[name]; !there {
				t.Errorf("%s has no member %q", what, name)
			}
		}
	}
	var collection map[string]any
	if err := json.Unmarshal(text, &collection); err != nil {
		t.Fatalf("got %v in %s", err, text)
	}
	only("the collection", collection, "type", "features")
	if collection["type"] != "FeatureCollection" {
		t.Errorf("got type %v, want FeatureCollection", collection["type"])
	}
	features, _ := collection["features"].([]any)
	seen := map[any]bool{}
	for i, one := range features {
		feature, _ := one.(map[string]any)
		what := fmt.Sprintf("feature %d", i+1)
		only(what, feature, "type", "id", "geometry", "properties")
		geometry, _ := feature["geometry"].(map[string]any)
		only(what+"'s geometry", geometry, "type", "coordinates")
		if _, object := feature["properties"].(map[string]any); !object || feature["type"] != "Feature" ||
			geometry["type"] != "Point" || seen[feature["id"]] {
			t.Errorf("%s: got %v, want a Feature of a Point with properties and an id of its own", what, feature)
		}
		seen[feature["id"]] = true
		position, _ := geometry["coordinates"].([]any)
		if len(position) != 2 {
			t.Errorf("%s: got position %v, want longitude and latitude", what, position)
			continue
		}
		longitude, _ := position[0].(float64)
		latitude, _ := position[1].(float64)
		if longitude < 24 || longitude > 26 || latitude < 59 || latitude > 61 {
			t.Errorf("%s: got %v, want longitude before latitude (§3.1.1)", what, position)
		}
	}
}

// strictAtom reads a feed and checks what RFC 4287 demands of it.
func strictAtom(t *testing.T, text []byte) {
	t.Helper()
	type link struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	type common struct {
		ID      []string `xml:"http://www.w3.org/2005/Atom id"`
		Title   []string `xml:"http://www.w3.org/2005/Atom title"`
		Updated []string `xml:"http://www.w3.org/2005/Atom updated"`
		Links   []link   `xml:"http://www.w3.org/2005/Atom link"`
		Other   []struct {
			XMLName xml.Name
		} `xml:",any"`
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		common
		Authors []string `xml:"http://www.w3.org/2005/Atom author>name"`
		Entries []struct {
			common
			Published  []string `xml:"http://www.w3.org/2005/Atom published"`
			Summary    []string `xml:"http://www.w3.org/2005/Atom summary"`
			Categories []struct {
				Term string `xml:"term,attr"`
			} `xml:"http://www.w3.org/2005/Atom category"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal(text, &feed); err != nil {
		t.Fatalf("got %v in %s", err, text)
	}
	if len(feed.Authors) != 1 || feed.Authors[0] == "" {
		t.Errorf("got the authors %q, want one for all entries (§4.1.1)", feed.Authors)
	}
	seen := map[string]bool{}
	check := func(what string, c common) {
		t.Helper()
		if len(c.ID) != 1 || len(c.Title) != 1 || len(c.Updated) != 1 || len(c.Other) > 0 {
			t.Fatalf("%s: got %+v, want one id, title and updated and no unknown element", what, c)
		}
		if id, err := url.Parse(c.ID[0]); err != nil || !id.IsAbs() || seen[c.ID[0]] {
			t.Errorf("%s: got id %q, want an absolute one of its own (§4.2.6)", what, c.ID[0])
		}
		seen[c.ID[0]] = true
		if _, err := time.Parse(time.RFC3339, c.Updated[0]); err != nil {
			t.Errorf("%s: got updated %q (§3.3)", what, c.Updated[0])
		}
		alternates := map[string]int{}
		for _, l := range c.Links {
			if l.Href == "" {
				t.Errorf("%s: a link without address", what)
			}
			if l.Rel == "alternate" {
				alternates[l.Type]++
			}
		}
		if alternates["text/html"] != 1 || len(alternates) != 1 {
			t.Errorf("%s: got links %+v, want one alternate (§4.1.1, §4.1.2)", what, c.Links)
		}
	}
	check("the feed", feed.common)
	for i, e := range feed.Entries {
		what := fmt.Sprintf("entry %d", i+1)
		check(what, e.common)
		if len(e.Published) > 1 || len(e.Summary) > 1 {
			t.Errorf("%s: got %+v, want published and summary once at most", what, e)
		}
		for _, category := range e.Categories {
			if category.Term == "" {
				t.Errorf("%s: a category without term (§4.2.2.1)", what)
			}
		}
	}
}

// strictCalendar checks what RFC 5545 demands of a calendar's properties, of
// which RFC 7986 adds some.
func strictCalendar(t *testing.T, text []byte) {
	t.Helper()
	once := map[string][]string{
		"VCALENDAR": {"PRODID", "VERSION"}, // §3.6
		"VEVENT":    {"UID", "DTSTAMP", "DTSTART"},
	}
	known := map[string][]string{
		"VCALENDAR": {
			"PRODID", "VERSION", "METHOD", "CALSCALE", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "REFRESH-INTERVAL",
			"X-PUBLISHED-TTL", "LAST-MODIFIED", "URL", "UID", "DESCRIPTION", "SOURCE", "COLOR", "X-WR-CALDESC",
		},
		"VEVENT": {
			"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "URL", "STATUS",
			"SEQUENCE", "CATEGORIES", "CREATED", "LAST-MODIFIED", "TRANSP", "CLASS", "COMMENT",
		},
	}
	var open []string
	var counts []map[string]int
	unfolded := strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n ", ""), "\r\n")
	for line := range strings.SplitSeq(unfolded, "\r\n") {
		head, value, parted := strings.Cut(line, ":")
		name, _, _ := strings.Cut(head, ";")
		switch {
		case !parted:
			t.Errorf("got the line %q, want name and value (§3.1)", line)
		case name == "BEGIN":
			open, counts = append(open, value), append(counts, map[string]int{})
		case len(open) == 0:
			t.Fatalf("got %q outside of any component", line)
		case name == "END":
			inner := open[len(open)-1]
			for _, needed := range once[inner] {
				if counts[len(counts)-1][needed] != 1 {
					t.Errorf("%s has %s %d times, want once", inner, needed, counts[len(counts)-1][needed])
				}
			}
			if inner != value {
				t.Errorf("got END:%s, want END:%s", value, inner)
			}
			open, counts = open[:len(open)-1], counts[:len(counts)-1]
		default:
			inner := open[len(open)-1]
			if counts[len(counts)-1][name]++; counts[len(counts)-1][name] > 1 && name != "CATEGORIES" && name != "COMMENT" {
				t.Errorf("%s has %s twice", inner, name)
			}
			if !slices.Contains(known[inner], name) {
				t.Errorf("%s has the property %s, which is not known there", inner, name)
			}
		}
	}
	if len(open) > 0 {
		t.Errorf("got no END of %v", open)
	}
}
