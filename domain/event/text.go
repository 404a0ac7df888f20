package event

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Bounds: lengths in characters (Unicode code points, after normalization).
const (
	maxTitle   = 100
	maxAbout   = 5000
	maxPlace   = 200
	maxNote    = 1000
	maxJotting = 2000
	mostTimes  = 60 // an early vote's days, twice over
	mostSeats  = 5000
	longest    = 24 * time.Hour
)

// clean gives the text as it is stored and notes what cannot be. A draft needs
// no more than a kind.
func (t Text) clean(s round.Settings, city domain.Extent, problems *domain.Problems, prefix string) Text {
	if !slices.Contains(kinds, t.Kind) {
		problems.Add(prefix+"kind", "unknown", "")
	}
	if _, known := s.Area(t.Area); t.Area != "" && !known {
		problems.Add(prefix+"area", "unknown", "")
	}
	t.Title = problems.PublicLine(prefix+"title", t.Title, maxTitle)
	t.About = problems.PublicBody(prefix+"about", t.About, maxAbout)
	t.AccessNote = problems.PublicBody(prefix+"access_note", t.AccessNote, maxNote)
	t.Place = problems.Line(prefix+"place", t.Place, maxPlace)
	t.Address = problems.Line(prefix+"address", t.Address, maxPlace)
	t.Point.Check(city, problems, prefix+"point")
	t.Languages = choices(problems, prefix+"languages", t.Languages, languages)
	t.Access = choices(problems, prefix+"access", t.Access, accesses)
	t.checkTimes(problems, prefix+"times")
	switch {
	case t.Seats < 0:
		problems.Add(prefix+"seats", "too_small", "0")
	case t.Seats > mostSeats:
		problems.Add(prefix+"seats", "too_large", strconv.Itoa(mostSeats))
	case t.Seats > 0 && t.Kind == Voting:
		problems.Add(prefix+"seats", "not_allowed", string(Voting)) // one votes at a place without an appointment
	}
	return t
}

// choices are those of a fixed list, each once and in the list's order.
func choices[T ~string](problems *domain.Problems, path string, chosen, known []T) []T {
	for i, c := range chosen {
		switch {
		case !slices.Contains(known, c):
			problems.Add(fmt.Sprintf("%s[%d]", path, i), "unknown", "")
		case slices.Contains(chosen[:i], c):
			problems.Add(fmt.Sprintf("%s[%d]", path, i), "duplicate", "")
		}
	}
	return slices.DeleteFunc(slices.Clone(known), func(k T) bool { return !slices.Contains(chosen, k) })
}

func (t Text) checkTimes(problems *domain.Problems, path string) {
	if len(t.Times) > mostTimes {
		problems.Add(path, "too_many", strconv.Itoa(mostTimes))
	}
	for i, one := range t.Times {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case !one.Ends.After(one.Begins):
			problems.Add(at+".ends", "too_small", one.Begins.UTC().Format(time.RFC3339))
		case one.Ends.Sub(one.Begins) > longest:
			problems.Add(at+".ends", "too_large", one.Begins.Add(longest).UTC().Format(time.RFC3339))
		}
		for _, other := range t.Times[:i] {
			if one.Begins.Before(other.Ends) && other.Begins.Before(one.Ends) {
				problems.Add(at+".begins", "duplicate", "")
				break
			}
		}
	}
}

// complete notes what a publication still lacks.
func (t Text) complete(problems *domain.Problems, prefix string) {
	for _, need := range []struct{ path, value string }{
		{"title.fi", t.Title.Fi},
		{"title.sv", t.Title.Sv},
		{"about.fi", t.About.Fi},
		{"about.sv", t.About.Sv},
		{"place", t.Place},
		{"address", t.Address},
	} {
		if need.value == "" {
			problems.Add(prefix+need.path, "required", "")
		}
	}
	if (t.AccessNote.Fi == "") != (t.AccessNote.Sv == "") { // in both of the city's languages, or in none
		missing := "access_note.fi"
		if t.AccessNote.Sv == "" {
			missing = "access_note.sv"
		}
		problems.Add(prefix+missing, "required", "")
	}
	if len(t.Times) == 0 {
		problems.Add(prefix+"times", "too_few", "1")
	}
	if len(t.Languages) == 0 {
		problems.Add(prefix+"languages", "too_few", "1")
	}
}

// number gives each time its number: those that were there keep theirs, new
// ones get one that no time of this event ever had, counted from last.
func (t *Text) number(before []Time, last int, problems *domain.Problems, path string) int {
	t.Times = slices.Clone(t.Times)
	seen := map[int]bool{}
	for i := range t.Times {
		one := &t.Times[i]
		if one.Number == 0 {
			last++
			one.Number = last
			continue
		}
		if seen[one.Number] || !slices.ContainsFunc(before, func(b Time) bool { return b.Number == one.Number }) {
			problems.Add(fmt.Sprintf("%s[%d].number", path, i), "unknown", "")
		}
		seen[one.Number] = true
	}
	slices.SortFunc(t.Times, earlier)
	return last
}

// moved tells whether those who are coming have to know: another time or place.
func (t Text) moved(from Text) bool {
	same := func(a, b Time) bool { return a.Begins.Equal(b.Begins) && a.Ends.Equal(b.Ends) }
	return t.Place != from.Place || t.Address != from.Address || !slices.EqualFunc(t.Times, from.Times, same)
}
