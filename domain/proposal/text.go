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
	Point    *domain.Point
	Theme    string
	Language domain.Language
}

// Lengths in characters (Unicode code points, after normalization).
const (
	maxTitle = 100
	MaxText  = 5000 // of what is proposed, and of why
	maxPlace = 500
)

// Clean gives the text as it is stored and notes what cannot be, with paths
// below prefix ("" or "text."). A draft may be incomplete.
func (t Text) Clean(s round.Settings, city domain.Extent, problems *domain.Problems, prefix string) Text {
	t.Title = problems.Line(prefix+"title", t.Title, maxTitle)
	t.What = problems.Body(prefix+"what", t.What, MaxText)
	t.Why = problems.Body(prefix+"why", t.Why, MaxText)
	t.Place = problems.Line(prefix+"place", t.Place, maxPlace)
	t.CheckChoices(s, problems, prefix)
	switch t.Language {
	case domain.Finnish, domain.Swedish, domain.English:
	case "":
		t.Language = domain.Finnish
	default:
		problems.Add(prefix+"language", "unknown", "")
	}
	t.Point.Check(city, problems, prefix+"point")
	return t
}

// CheckChoices notes an area or theme that the round does not have.
func (t Text) CheckChoices(s round.Settings, problems *domain.Problems, prefix string) {
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

// Complete notes what a submission still lacks.
func (t Text) Complete(s round.Settings, problems *domain.Problems, prefix string) {
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

// Words are a title, text and place in the other of the city's languages.
type Words struct{ Title, What, Why, Place string }

// Clean gives the words as they are stored and notes what cannot be, and what
// is missing, with paths below prefix.
func (w Words) Clean(problems *domain.Problems, prefix string) Words {
	w.Title = problems.Line(prefix+"title", w.Title, maxTitle)
	w.What = problems.Body(prefix+"what", w.What, MaxText)
	w.Why = problems.Body(prefix+"why", w.Why, MaxText)
	w.Place = problems.Line(prefix+"place", w.Place, maxPlace)
	for _, need := range []struct{ path, value string }{{"title", w.Title}, {"what", w.What}} {
		if need.value == "" {
			problems.Add(prefix+need.path, "required", "")
		}
	}
	return w
}
