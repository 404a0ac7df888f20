package city

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"osbu/domain"
	"osbu/domain/round"
)

func TestHelsinkiIsKnown(t *testing.T) {
	c, known := Find(Helsinki)
	if !known {
		t.Fatal("got no Helsinki")
	}
	if got, want := c.TimeZone.String(), "Europe/Helsinki"; got != want {
		t.Errorf("got time zone %s, want %s", got, want)
	}
	if got, want := c.Language(), domain.Finnish; got != want {
		t.Errorf("got language %s, want %s", got, want)
	}
	for _, p := range []round.Preset{round.Helsinki2026, round.Helsinki2021} {
		own, err := p.Settings()
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Settings(p)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(own) {
			t.Errorf("%s: got %v, %v, want %v", p, got, err, own)
		}
	}
	for _, name := range []string{"", "turku", "../city/helsinki", "helsinki.json"} {
		if _, known := Find(name); known {
			t.Errorf("got a city for %q, want none", name)
		}
	}
}

func TestReadAnotherCity(t *testing.T) {
	c, err := Read(os.DirFS("testdata"), "haparanda.json")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.TimeZone.String(), "Europe/Stockholm"; got != want {
		t.Errorf("got time zone %s, want %s", got, want)
	}
	if got, want := c.Language(), domain.Swedish; got != want {
		t.Errorf("got language %s, want %s", got, want)
	}
	if !strings.HasPrefix(string(c.Logo), "<svg") {
		t.Errorf("got logo %q, want the SVG file", c.Logo)
	}
	near, far := domain.Point{Latitude: 65.6, Longitude: 23.2}, domain.Point{Latitude: 60.17, Longitude: 24.94}
	if !c.Extent.Holds(near) || c.Extent.Holds(far) {
		t.Errorf("got the extent %v, want 55 km around the middle", c.Extent)
	}
	s, err := c.Settings(round.WholeCity)
	if want := []string{"583"}; err != nil || !slices.Equal(s.Eligibility.Municipalities, want) {
		t.Errorf("got voters of %v, %v, want of %v", s.Eligibility.Municipalities, err, want)
	}
	if _, err := c.Settings(round.Helsinki2026); domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v for another city's preset, want it refused", err)
	}
}

func TestReadSaysAllThatIsWrong(t *testing.T) {
	const good = `{"name": {"fi": "A", "sv": "A", "en": "A"}, "service": {"fi": "B", "sv": "B", "en": "B"},
		"municipality": "583", "time_zone": "Europe/Stockholm", "languages": ["sv", "fi", "en"], "middle": {"latitude": 0, "longitude": 0},
		"contact": {"phone": "09 310 11111"}}`
	for name, test := range map[string]struct {
		city string
		want []string
	}{
		"nothing is given":    {`{}`, []string{"name", "service", "municipality", "time_zone", "languages", "middle", "contact"}},
		"a name is missing":   {strings.Replace(good, `"sv": "A"`, `"sv": ""`, 1), []string{"name"}},
		"no such zone":        {strings.Replace(good, "Stockholm", "Haparanda", 1), []string{"time_zone"}},
		"the machine's zone":  {strings.Replace(good, "Europe/Stockholm", "Local", 1), []string{"time_zone"}},
		"a language twice":    {strings.Replace(good, `"sv", "fi"`, `"sv", "sv"`, 1), []string{"languages"}},
		"an unknown language": {strings.Replace(good, `"fi", "en"]`, `"fi", "et"]`, 1), []string{"languages"}},
		"a code of letters":   {strings.Replace(good, "583", "58a", 1), []string{"municipality"}},
		"off the globe":       {strings.Replace(good, `"latitude": 0`, `"latitude": 91`, 1), []string{"middle"}},
		"a box elsewhere": {
			strings.Replace(good, `"middle"`, `"extent": {"south": 1, "west": 1, "north": 2, "east": 2}, "middle"`, 1),
			[]string{"extent"},
		},
		"a box upside down": {
			strings.Replace(good, `"middle"`, `"extent": {"south": 1, "west": -1, "north": -1, "east": 1}, "middle"`, 1),
			[]string{"extent"},
		},
		"an unknown preset": {
			strings.Replace(good, `"middle"`, `"presets": ["turku-2026"], "middle"`, 1),
			[]string{"presets"},
		},
		"no logo there":          {strings.Replace(good, `"middle"`, `"logo": "none.svg", "middle"`, 1), []string{"logo"}},
		"a logo of pixels":       {strings.Replace(good, `"middle"`, `"logo": "logo.png", "middle"`, 1), []string{"logo"}},
		"a logo too large":       {strings.Replace(good, `"middle"`, `"logo": "large.svg", "middle"`, 1), []string{"logo"}},
		"no font there":          {strings.Replace(good, `"middle"`, `"font": "none.woff2", "middle"`, 1), []string{"font"}},
		"a font of another kind": {strings.Replace(good, `"middle"`, `"font": "logo.svg", "middle"`, 1), []string{"font"}},
		"a font too large":       {strings.Replace(good, `"middle"`, `"font": "large.woff2", "middle"`, 1), []string{"font"}},
		"the font is a good one": {strings.Replace(good, `"middle"`, `"font": "font.woff2", "middle"`, 1), nil},
		"nobody to ask":          {strings.Replace(good, `"phone": "09 310 11111"`, ``, 1), []string{"contact"}},
		"words for a number":     {strings.Replace(good, `09 310 11111`, `call us`, 1), []string{"contact"}},
		"no e-mail address":      {strings.Replace(good, `"phone"`, `"email": "help", "phone"`, 1), []string{"contact"}},
		"a form of scripts":      {strings.Replace(good, `"phone"`, `"form": "javascript:1", "phone"`, 1), []string{"contact"}},
		"hours in one language":  {strings.Replace(good, `"phone"`, `"hours": {"fi": "9–15"}, "phone"`, 1), []string{"contact"}},
		"the law's words in one language": {
			strings.Replace(good, `"middle"`, `"law": {"controller": {"fi": "A"}, "basis": {"sv": "B"}}, "middle"`, 1),
			[]string{"law", "law"},
		},
		"licence": {
			strings.Replace(good, `"middle"`, `"licence": "CC0", "middle"`, 1), []string{"licence"},
		},
		"retention": {
			strings.Replace(good, `"middle"`, `"retention": [{"data": "roll", "days": 1}], "middle"`, 1),
			[]string{"retention", "retention", "retention", "retention", "retention", "retention"},
		},
		"an officer whom nobody reaches": {
			strings.Replace(good, `"middle"`, `"law": {"officer": {"email": "him"}}, "middle"`, 1), []string{"law"},
		},
		"a supervisor without a name": {
			strings.Replace(good, `"middle"`, `"law": {"supervisor": {"phone": "09 310 11111"}}, "middle"`, 1),
			[]string{"law"},
		},
		"a film of scripts": {
			strings.Replace(good, `"middle"`, `"guides": {"signed": "javascript:1"}, "middle"`, 1), []string{"guides"},
		},
		"films and the law": {
			strings.Replace(good, `"middle"`, `"guides": {"film": "https://a.example/b"}, "law": {"officer": {"email": "a@b.example"}}, "middle"`, 1),
			nil,
		},
		"a helper of nowhere": {
			strings.Replace(good, `"middle"`, `"helpers": [{"name": "A", "phone": "09 310 11111"}], "middle"`, 1), []string{"helpers"},
		},
		"a helper whom nobody reaches": {
			strings.Replace(good, `"middle"`, `"helpers": [{"name": "A", "where": {"fi": "B", "sv": "B", "en": "B"}}], "middle"`, 1),
			[]string{"helpers"},
		},
		"a helper's face as a drawing": {
			strings.Replace(good, `"middle"`, `"helpers": [{"name": "A", "where": {"fi": "B", "sv": "B", "en": "B"}, "phone": "09 310 11111", "photo": "logo.svg"}], "middle"`, 1),
			[]string{"helpers"},
		},
		"a misspelt field":       {strings.Replace(good, `"middle"`, `"midle"`, 1), []string{"not a city's JSON"}},
		"no JSON":                {`name: Haparanda`, []string{"not a city's JSON"}},
		"nothing is wrong":       {good, nil},
		"the logo is a good one": {strings.Replace(good, `"middle"`, `"logo": "logo.svg", "middle"`, 1), nil},
	} {
		t.Run(name, func(t *testing.T) {
			const svg = `<svg xmlns="http://www.w3.org/2000/svg">%s</svg>`
			_, err := Read(fstest.MapFS{
				"city.json":   {Data: []byte(test.city)},
				"logo.svg":    {Data: fmt.Appendf(nil, svg, "")},
				"large.svg":   {Data: fmt.Appendf(nil, svg, strings.Repeat(" ", mostLogo))},
				"logo.png":    {Data: []byte("\x89PNG\r\n")},
				"font.woff2":  {Data: []byte("wOF2")},
				"large.woff2": {Data: append([]byte("wOF2"), make([]byte, mostFont)...)},
			}, "city.json")
			var got []string
			if err != nil {
				for line := range strings.Lines(err.Error()) {
					got = append(got, strings.Split(strings.TrimSpace(line), ": ")[1])
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got problems with %v (%v), want with %v", got, err, test.want)
			}
		})
	}
}
