// Package city is what one city has otherwise than another: its name and its
// service's, its clock, the order of its languages, where it lies, and what a
// new round there begins with.
package city

import (
	"bytes"
	"embed"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/retention"
	"osbu/domain/round"
)

// City is one city's settings.
type City struct {
	Name         domain.Text // of the city, in every language
	Service      domain.Text // what the city calls this service, in every language
	Municipality string      // its code, three digits: whose residents vote
	TimeZone     *time.Location
	Languages    []domain.Language // all of them; the first is spoken where nothing else decides
	Middle       Point             // where a map without points stands
	Extent       domain.Extent     // where it lies: a point elsewhere is refused
	Logo         []byte            // SVG; none: the pages' own mark
	Font         []byte            // WOFF2; none: the pages' own font
	Presets      []round.Preset    // what a new round may begin with
	Contact      Contact           // whom people ask for help
	Law          Law               // what the law wants named
	Guides       Guides            // films that tell how to take part
	Helpers      []Helper          // who helps in person
	Retention    []retention.Rule  // what personal data go, and when
	Licence      string            // the address of that of all open data
}

// Contact is how people reach the city's help desk; one of the first three at
// least.
type Contact struct {
	Phone string      `json:"phone"`
	Email string      `json:"email"`
	Form  string      `json:"form"`  // an address, https
	Hours domain.Text `json:"hours"` // of the telephone; none: not told
}

// Point is a place in degrees (WGS 84).
type Point struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Extent is how a city's box is written, in degrees (WGS 84).
type Extent struct {
	South float64 `json:"south"`
	West  float64 `json:"west"`
	North float64 `json:"north"`
	East  float64 `json:"east"`
}

func (e Extent) valid() bool {
	return -90 <= e.South && e.South < e.North && e.North <= 90 && -180 <= e.West && e.West < e.East && e.East <= 180
}

// around is half a degree of latitude in every direction, 55 km.
func (p Point) around() domain.Extent {
	const far = 0.5
	wide := far / max(math.Cos(p.Latitude*math.Pi/180), far/180) // no more than all around, at the poles
	return domain.Extent{
		South: max(p.Latitude-far, -90), West: max(p.Longitude-wide, -180),
		North: min(p.Latitude+far, 90), East: min(p.Longitude+wide, 180),
	}
}

// Language is the one that is spoken where nothing else decides.
func (c City) Language() domain.Language { return c.Languages[0] }

// Settings makes a preset's settings anew for the city's own residents, or
// Invalid for one that the city does not offer.
func (c City) Settings(p round.Preset) (round.Settings, error) {
	if !slices.Contains(c.Presets, p) {
		return round.Settings{}, domain.Problems{{Path: "preset", Code: "unknown"}}.Err()
	}
	s, err := p.Settings()
	if err != nil {
		return s, err
	}
	s.Eligibility.Municipalities = []string{c.Municipality}
	return s, nil
}

//go:embed helsinki.json
var presets embed.FS

// Helsinki is what holds unless another city is set.
const Helsinki = "helsinki"

// Find is a city that this program knows by name.
func Find(name string) (c City, known bool) {
	if c, err := Read(presets, name+".json"); err == nil {
		return c, true
	}
	return City{}, false
}

// freely is the licence unless a city gives another: use it as you like, and
// say whose it is.
const freely = "https://creativecommons.org/licenses/by/4.0/"

// mostLogo is more bytes than a mark of 40 pixels needs, which every visitor
// loads.
const mostLogo = 64 << 10

// mostFont is more bytes than the letters of three languages need, which every
// visitor loads as well.
const mostFont = 256 << 10

// file is how a city is written; helsinki.json is an example.
type file struct {
	Name         domain.Text       `json:"name"`
	Service      domain.Text       `json:"service"`
	Municipality string            `json:"municipality"`
	TimeZone     string            `json:"time_zone"`
	Languages    []domain.Language `json:"languages"`
	Middle       *Point            `json:"middle"`
	Extent       *Extent           `json:"extent"`  // default: 55 km around the middle
	Logo         string            `json:"logo"`    // an SVG file beside this one
	Font         string            `json:"font"`    // a WOFF2 file beside this one
	Presets      []round.Preset    `json:"presets"` // default: whole-city
	Contact      Contact           `json:"contact"`
	Law          Law               `json:"law"`    // default: general words
	Guides       Guides            `json:"guides"` // default: none
	Helpers      []helperFile      `json:"helpers"`
	Retention    []retention.Rule  `json:"retention"` // default: retention.Standard
	Licence      string            `json:"licence"`   // default: CC BY 4.0
}

// Read takes a city from a JSON file. Its error has a line for everything that
// is wrong.
func Read(dir fs.FS, name string) (City, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return City{}, err
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return City{}, fmt.Errorf("%s: not a city's JSON: %w", name, err)
	}
	c := City{
		Name: f.Name, Service: f.Service, Municipality: f.Municipality, Languages: f.Languages, Presets: f.Presets,
		Contact: f.Contact, Law: f.Law, Guides: f.Guides,
	}
	if len(c.Presets) == 0 {
		c.Presets = []round.Preset{round.WholeCity}
	}
	var problems []error
	wrong := func(field, format string, args ...any) {
		problems = append(problems, fmt.Errorf("%s: %s: %s", name, field, fmt.Sprintf(format, args...)))
	}
	if !inAll(f.Name) {
		wrong("name", "want it in fi, sv and en")
	}
	if !inAll(f.Service) {
		wrong("service", "want it in fi, sv and en")
	}
	if !isMunicipality(f.Municipality) {
		wrong("municipality", "want a code of three digits, such as 091")
	}
	// An empty name would be UTC, and Local the machine's.
	if c.TimeZone, err = time.LoadLocation(f.TimeZone); err != nil || !strings.Contains(f.TimeZone, "/") {
		wrong("time_zone", "want a name of the IANA zone database, such as Europe/Helsinki")
	}
	if got := slices.Sorted(slices.Values(f.Languages)); !slices.Equal(got, []domain.Language{"en", "fi", "sv"}) {
		wrong("languages", "want fi, sv and en in the city's order, each once")
	}
	if f.Middle == nil || !f.Middle.valid() {
		wrong("middle", "want latitude and longitude in degrees")
	} else {
		c.Middle, c.Extent = *f.Middle, f.Middle.around()
	}
	if f.Extent != nil {
		c.Extent = domain.Extent(*f.Extent)
		if !f.Extent.valid() || !c.Extent.Holds(domain.Point(c.Middle)) {
			wrong("extent", "want south, west, north and east in degrees, around the middle")
		}
	}
	for _, p := range c.Presets {
		if _, err := p.Settings(); err != nil {
			wrong("presets", "%q is none of %v", p, round.Presets())
		}
	}
	for _, problem := range f.Contact.problems() {
		wrong("contact", "%s", problem)
	}
	for _, problem := range f.Law.problems() {
		wrong("law", "%s", problem)
	}
	if c.Retention = f.Retention; c.Retention == nil {
		c.Retention = retention.Standard()
	}
	for _, problem := range retention.Problems(c.Retention) {
		wrong("retention", "%s", problem)
	}
	if c.Licence = f.Licence; c.Licence == "" {
		c.Licence = freely
	}
	if !isHTTPS(c.Licence) {
		wrong("licence", "want the address of a licence, https://…")
	}
	for _, problem := range f.Guides.problems() {
		wrong("guides", "%s", problem)
	}
	if len(f.Helpers) > mostHelpers {
		wrong("helpers", "want at most %d", mostHelpers)
	}
	for _, one := range f.Helpers {
		h, problems := one.read(dir, name)
		for _, problem := range problems {
			wrong("helpers", "%s", problem)
		}
		c.Helpers = append(c.Helpers, h)
	}
	if f.Logo != "" {
		if c.Logo, err = readLogo(dir, path.Join(path.Dir(name), f.Logo)); err != nil {
			wrong("logo", "%v", err)
		}
	}
	if f.Font != "" {
		if c.Font, err = readFont(dir, path.Join(path.Dir(name), f.Font)); err != nil {
			wrong("font", "%v", err)
		}
	}
	return c, errors.Join(problems...)
}

func inAll(t domain.Text) bool { return t.Fi != "" && t.Sv != "" && t.En != "" }

var (
	phone = regexp.MustCompile(`^\+?[0-9][0-9 -]{4,20}$`)
	email = regexp.MustCompile(`^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$`)
)

// String is all of it on one line, in no language.
func (c Contact) String() string {
	ways := slices.DeleteFunc([]string{c.Phone, c.Email, c.Form}, func(way string) bool { return way == "" })
	return strings.Join(ways, " · ")
}

func (c Contact) problems() (found []string) {
	if c.Phone+c.Email+c.Form == "" {
		found = append(found, "want a phone number, an e-mail address or a form: the pages tell people to ask for help")
	}
	if c.Phone != "" && !phone.MatchString(c.Phone) {
		found = append(found, "want a phone number, such as +358 9 310 11111")
	}
	if c.Email != "" && !email.MatchString(c.Email) {
		found = append(found, "want an e-mail address")
	}
	if c.Form != "" && !isHTTPS(c.Form) {
		found = append(found, "want the form's address, https://…")
	}
	if c.Hours != (domain.Text{}) && !inAll(c.Hours) {
		found = append(found, "want the hours in fi, sv and en, or none")
	}
	return found
}

func isMunicipality(code string) bool {
	return len(code) == 3 && strings.Trim(code, "0123456789") == ""
}

func (p Point) valid() bool {
	return p.Latitude >= -90 && p.Latitude <= 90 && p.Longitude >= -180 && p.Longitude <= 180
}

// readLogo takes an SVG file. It is shown as an image, in which no script runs.
func readLogo(dir fs.FS, name string) ([]byte, error) {
	logo, err := readMost(dir, name, mostLogo)
	if err != nil {
		return nil, err
	}
	var root struct {
		XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	}
	if err := xml.Unmarshal(logo, &root); err != nil {
		return nil, fmt.Errorf("%s: want an SVG file: %w", name, err)
	}
	return logo, nil
}

// readFont takes a WOFF2 file, which begins with its signature (WOFF2 §4.1).
func readFont(dir fs.FS, name string) ([]byte, error) {
	font, err := readMost(dir, name, mostFont)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(font, []byte("wOF2")) {
		return nil, fmt.Errorf("%s: want a WOFF2 file", name)
	}
	return font, nil
}

func readMost(dir fs.FS, name string, most int) ([]byte, error) {
	data, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil, err
	}
	if len(data) > most {
		return nil, fmt.Errorf("%s has %d bytes, want at most %d", name, len(data), most)
	}
	return data, nil
}
