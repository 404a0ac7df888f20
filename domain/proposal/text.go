package proposal

import (
	"osbu/domain"
	"osbu/domain/round"
)

// Text is what the author writes, in one language. All of it is plain text in
// Unicode's normalization form C.
type Text struct {
	Title    string // one line
	What     string
	Why      string
	Area     string // empty in a draft that has not chosen
	Place    string // where, in words
	Point    *Point
	Theme    string
	Language domain.Language
}

// Point is a place on the map in degrees (WGS 84).
type Point struct{ Latitude, Longitude float64 }

// Lengths in characters (Unicode code points, after normalization), and the
// highest project number.
const (
	maxTitle   = 100
	maxProject = 300 // title of a ready project; the longest of forty real ballots (Pabulib) has 251
	maxText    = 5000
	maxPlace   = 500
	maxNumber  = 999_999
)

// clean gives the text as it is stored and notes what cannot be, with paths
// below prefix ("" or "text."). A draft may be incomplete.
func (t Text) clean(s round.Settings, problems *domain.Problems, prefix string) Text {
	t.Title = line(problems, prefix+"title", t.Title, maxTitle)
	t.What = body(problems, prefix+"what", t.What, maxText)
	t.Why = body(problems, prefix+"why", t.Why, maxText)
	t.Place = line(problems, prefix+"place", t.Place, maxPlace)
	t.checkChoices(s, problems, prefix)
	switch t.Language {
	case domain.Finnish, domain.Swedish, domain.English:
	case "":
		t.Language = domain.Finnish
	default:
		problems.Add(prefix+"language", "unknown", "")
	}
	if t.Point != nil &&
		!(-90 <= t.Point.Latitude && t.Point.Latitude <= 90 && -180 <= t.Point.Longitude && t.Point.Longitude <= 180) {
		problems.Add(prefix+"point", "bad_format", "WGS 84")
	}
	return t
}

// clean gives the words as they are stored and notes what cannot be, and what
// is missing, with paths below prefix.
func (w Words) clean(problems *domain.Problems, prefix string) Words {
	w.Title = line(problems, prefix+"title", w.Title, maxTitle)
	w.What = body(problems, prefix+"what", w.What, maxText)
	w.Why = body(problems, prefix+"why", w.Why, maxText)
	for _, need := range []struct{ path, value string }{{"title", w.Title}, {"what", w.What}} {
		if need.value == "" {
			problems.Add(prefix+need.path, "required", "")
		}
	}
	return w
}

// checkChoices notes an area or theme that the round does not have.
func (t Text) checkChoices(s round.Settings, problems *domain.Problems, prefix string) {
	if _, ok := s.Area(t.Area); t.Area != "" && !ok {
		problems.Add(prefix+"area", "unknown", "")
	}
	known := false
	for _, theme := range s.Themes {
		known = known || theme.ID == t.Theme
	}
	if t.Theme != "" && !known {
		problems.Add(prefix+"theme", "unknown", "")
	}
}

// complete notes what a submission still lacks.
func (t Text) complete(s round.Settings, problems *domain.Problems, prefix string) {
	for _, need := range []struct{ path, value string }{{"title", t.Title}, {"what", t.What}, {"area", t.Area}} {
		if need.value == "" {
			problems.Add(prefix+need.path, "required", "")
		}
	}
	if t.Theme == "" && len(s.Themes) > 0 {
		problems.Add(prefix+"theme", "required", "")
	}
}

// equal tells whether a save would change nothing.
func (t Text) equal(other Text) bool {
	samePoint := (t.Point == nil) == (other.Point == nil) && (t.Point == nil || *t.Point == *other.Point)
	t.Point, other.Point = nil, nil
	return samePoint && t == other
}

func line(problems *domain.Problems, path, s string, limit int) string {
	return problems.Line(path, s, limit)
}

func body(problems *domain.Problems, path, s string, limit int) string {
	return problems.Body(path, s, limit)
}

// public is a text for everybody in the city's languages; the languages in need
// must be there.
func public(
	problems *domain.Problems,
	path string,
	t domain.Text,
	limit int,
	clean func(*domain.Problems, string, string, int) string,
	need ...domain.Language,
) domain.Text {
	return problems.Public(path, t, func(path, s string) string { return clean(problems, path, s, limit) }, need...)
}
