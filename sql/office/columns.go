package office

import (
	"osbu/domain"
	"osbu/domain/proposal"
)

// textColumns are the author's text, as proposal and proposal_version have it.
type textColumns struct {
	Title     string   `bun:"title"`
	What      string   `bun:"what"`
	Why       string   `bun:"why"`
	Place     string   `bun:"place"`
	Area      string   `bun:"area,nullzero"`
	Theme     string   `bun:"theme,nullzero"`
	Latitude  *float64 `bun:"latitude"`
	Longitude *float64 `bun:"longitude"`
	Language  string   `bun:"language"`
}

func columnsOf(t proposal.Text) textColumns {
	c := textColumns{
		Title:    t.Title,
		What:     t.What,
		Why:      t.Why,
		Place:    t.Place,
		Area:     t.Area,
		Theme:    t.Theme,
		Language: string(t.Language),
	}
	if t.Point != nil {
		c.Latitude, c.Longitude = &t.Point.Latitude, &t.Point.Longitude
	}
	return c
}

func pointOf(latitude, longitude *float64) *domain.Point {
	if latitude == nil || longitude == nil {
		return nil
	}
	return &domain.Point{Latitude: *latitude, Longitude: *longitude}
}

// costOf is the cost in three columns, or none.
func costOf(minimum, maximum, maintenance *int64) *proposal.Cost {
	if minimum == nil || maximum == nil || maintenance == nil {
		return nil
	}
	return &proposal.Cost{
		Minimum:     domain.Cents(*minimum),
		Maximum:     domain.Cents(*maximum),
		Maintenance: domain.Cents(*maintenance),
	}
}

// personRow is somebody as a query names her.
type personRow struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func personsOf(rows []personRow) []proposal.Person {
	persons := make([]proposal.Person, len(rows))
	for i, row := range rows {
		persons[i] = proposal.Person(row)
	}
	return persons
}

// wordsRow is how words in the other language are kept.
type wordsRow struct {
	Title string `json:"title"`
	What  string `json:"what"`
	Why   string `json:"why,omitempty"`
	Place string `json:"place,omitempty"`
}

func rowOfWords(w proposal.Words) *wordsRow {
	if w == (proposal.Words{}) {
		return nil
	}
	row := wordsRow(w)
	return &row
}

// marksRow are the languages in which staff wrote a proposal.
type marksRow map[domain.Language]proposal.Mark
