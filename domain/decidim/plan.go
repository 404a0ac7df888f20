package decidim

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// Lengths in characters, of the texts that are kept.
const (
	maxTitle = 300
	maxName  = 80
	maxPlace = 500
)

// AreaOf says what one of Decidim's scopes or taxonomies is here.
type AreaOf struct {
	ID  string       // its address; empty: made of its name
	Pot domain.Cents // 0: what was spent
}

// Options say what Decidim's open data leave open.
type Options struct {
	TimeZone *time.Location
	City     domain.Extent
	// Areas are which scopes and taxonomies are areas. Empty: every scope is one,
	// and so is a row's only taxonomy.
	Areas map[int64]AreaOf
}

// ReadAreas reads a table of areas: the number of a scope or taxonomy in
// Decidim, the address of the area here, and its pot in euros.
func ReadAreas(data []byte) (map[int64]AreaOf, error) {
	t, err := sheet.Read(data, sheet.Limits{},
		sheet.Field{Path: "id", Name: domain.Text{Fi: "tunnus", Sv: "id", En: "id"}, Need: true},
		sheet.Field{Path: "area", Name: domain.Text{Fi: "alue", Sv: "område", En: "area"}},
		sheet.Field{Path: "pot", Name: domain.Text{Fi: "rahat", Sv: "pengar", En: "pot"}})
	if err != nil {
		return nil, err
	}
	areas := map[int64]AreaOf{}
	for _, r := range t.Rows {
		id, err := strconv.ParseInt(strings.TrimSpace(t.Cell(r, "id")), 10, 64)
		if err != nil {
			return nil, domain.Fail(domain.Invalid, domain.CodeInvalid, "row %d: id is no whole number", r.Line)
		}
		a := AreaOf{ID: addressOf(t.Cell(r, "area"))}
		if pot := t.Cell(r, "pot"); pot != "" {
			var ok bool
			if a.Pot, ok = sheet.Cents(pot); !ok {
				return nil, domain.Fail(domain.Invalid, domain.CodeInvalid, "row %d: pot is no amount in euros", r.Line)
			}
		}
		areas[id] = a
	}
	return areas, nil
}

// Read reads the zip of Decidim's open data, of either generation: until 0.28
// with scopes and categories, after that with taxonomies.
func Read(archive io.ReaderAt, size int64, o Options) (Export, error) {
	tables, e, err := open(archive, size)
	if err != nil {
		return e, err
	}
	r := &reader{Options: o, export: e, rounds: map[string]*draft{}}
	r.each(tables[processes], r.process)
	r.each(tables[proposals], r.proposal)
	r.each(tables[projects], r.project)
	r.each(tables[results], r.result)
	for _, slug := range slices.Sorted(maps.Keys(r.rounds)) {
		done, ok, err := r.finish(r.rounds[slug])
		if err != nil {
			return e, err
		}
		if ok {
			r.export.Rounds = append(r.export.Rounds, done)
		}
	}
	slices.SortStableFunc(r.export.Rounds, func(a, b Round) int {
		return a.Times.Voting.Closes.Compare(b.Times.Voting.Closes)
	})
	return r.export, nil
}

type reader struct {
	Options
	export Export
	rounds map[string]*draft
}

// draft is a round while its rows are read.
type draft struct {
	Round
	from, to    time.Time        // as its process tells; zero: it does not
	first, last time.Time        // of all moments that its rows tell
	byAddress   map[string]int   // its proposals
	bySource    map[string]int64 // what was read: a row comes once
	spent       map[string]domain.Cents
}

func (r *reader) each(tables []*table, take func(row)) {
	for _, t := range tables {
		for _, one := range t.rows {
			take(one)
		}
	}
}

func (r *reader) fault(f Fault) { r.export.Faults = append(r.export.Faults, f) }

// of is the round that a row belongs to; nil, with a fault, if it does not
// tell. twice tells whether the row was read before.
func (r *reader) of(one row, kind string) (d *draft, source int64, again bool) {
	source, ok := one.number("id")
	if !ok {
		r.fault(one.fault("id", "no whole number; left out", false))
		return nil, 0, false
	}
	slug, component := slugOf(cmp.Or(one.cell("url"), one.cell("participatory_space/url")))
	if slug == "" {
		r.fault(one.fault("url", "no address of a participatory process; left out", false))
		return nil, 0, false
	}
	d = r.round(slug)
	key := kind + strconv.FormatInt(source, 10)
	if _, again = d.bySource[key]; again {
		r.fault(one.fault("id", "was there before; left out", false))
	}
	d.bySource[key] = source
	if component != "" {
		d.Old[component] = map[string]string{proposals: "/proposals", projects: "/results", results: "/results"}[kind]
	}
	for _, column := range []string{"published_at", "created_at"} {
		d.saw(one.moment(r.TimeZone, column))
	}
	return d, source, again
}

func (r *reader) round(slug string) *draft {
	d := r.rounds[slug]
	if d == nil {
		d = &draft{byAddress: map[string]int{}, bySource: map[string]int64{}, spent: map[string]domain.Cents{}}
		d.Slug, d.ID, d.Source = slug, addressOf(slug), round.Decidim
		d.Name = domain.Text{Fi: slug}
		d.Phase = round.Delivering
		d.Old = map[string]string{"/processes/" + slug: ""}
		r.rounds[slug] = d
	}
	return d
}

func (d *draft) saw(t time.Time) {
	if t.IsZero() {
		return
	}
	if d.first.IsZero() || t.Before(d.first) {
		d.first = t
	}
	if t.After(d.last) {
		d.last = t
	}
}

func (r *reader) process(one row) {
	slug := cmp.Or(one.cell("slug"), func() string { s, _ := slugOf(one.cell("url")); return s }())
	if slug == "" {
		r.fault(one.fault("slug", "empty; left out", false))
		return
	}
	d := r.round(slug)
	if name := one.text("title", line); name != (domain.Text{}) {
		if name.Fi == "" {
			name.Fi = name.In(domain.Finnish)
		}
		d.Name = name
	}
	d.from, d.to = one.moment(r.TimeZone, "start_date"), one.moment(r.TimeZone, "end_date")
}

// place is an area or a theme that a row names.
type place struct {
	id   int64
	name domain.Text
}

// places are what a row says of where it belongs and of its theme.
func (r *reader) places(one row) (area, theme *place, fault string) {
	if !one.has("taxonomies/id") {
		if id, ok := one.number("scope/id"); ok {
			area = &place{id, one.text("scope/name", line)}
		}
		if id, ok := one.number("category/id"); ok {
			theme = &place{id, one.text("category/name", line)}
		}
		if area != nil && len(r.Areas) > 0 {
			if _, known := r.Areas[area.id]; !known {
				return nil, theme, fmt.Sprintf("scope %d is none of the areas that were given; "+
					"taken as the whole city's", area.id)
			}
		}
		return area, theme, ""
	}
	ids, called := list(one.cell("taxonomies/id")), names(one.cell("taxonomies/name"))
	for i, cell := range ids {
		id, err := strconv.ParseInt(cell, 10, 64)
		if err != nil {
			continue
		}
		p := &place{id: id}
		if i < len(called) {
			p.name = called[i]
		}
		switch _, known := r.Areas[id]; {
		case area == nil && (known || len(r.Areas) == 0 && len(ids) == 1):
			area = p
		case theme == nil && !known:
			theme = p
		}
	}
	if area == nil && len(ids) > 0 {
		fault = "none of these taxonomies is known to be an area; taken as the whole city's. Say by --areas which are"
	}
	return area, theme, fault
}

// wholeCity is the area of what belongs to none.
const wholeCity = "koko-kaupunki"

// settle gives a row its area and theme in the round, which are made if they
// are new.
func (r *reader) settle(d *draft, one row) (area, theme string) {
	where, about, fault := r.places(one)
	if fault != "" {
		column := "taxonomies/id"
		if !one.has(column) {
			column = "scope/id"
		}
		r.fault(one.fault(column, fault, true))
	}
	s := &d.Settings
	if where == nil {
		area = wholeCity
		if _, there := s.Area(area); !there {
			s.Areas = append(s.Areas, round.Area{
				ID: area, Name: domain.Text{Fi: "Koko kaupunki", Sv: "Hela staden", En: "Whole city"}, Citywide: true,
			})
		}
	} else {
		number := strconv.FormatInt(where.id, 10)
		name := named(where.name, "Alue "+number)
		area = cmp.Or(r.Areas[where.id].ID, addressOf(name.Fi), "alue-"+number)
		if _, there := s.Area(area); !there {
			s.Areas = append(s.Areas, round.Area{ID: area, Name: name, Pot: r.Areas[where.id].Pot})
		}
	}
	if about == nil {
		return area, ""
	}
	number := strconv.FormatInt(about.id, 10)
	name := named(about.name, "Aihe "+number)
	theme = cmp.Or(addressOf(name.Fi), "aihe-"+number)
	if !slices.ContainsFunc(s.Themes, func(t round.Theme) bool { return t.ID == theme }) {
		s.Themes = append(s.Themes, round.Theme{ID: theme, Name: name})
	}
	return area, theme
}

func named(t domain.Text, otherwise string) domain.Text {
	if t.Fi == "" {
		t.Fi = cmp.Or(t.In(domain.Finnish), otherwise)
	}
	return t
}

// finish makes a round of what was read; false if there is nothing to keep.
func (r *reader) finish(d *draft) (Round, bool, error) {
	whole := Fault{File: "processes/" + d.Slug}
	if len(d.Proposals)+len(d.Projects) == 0 {
		whole.Reason = "has neither proposals nor projects; left out"
		r.fault(whole)
		return Round{}, false, nil
	}
	if !d.from.IsZero() {
		d.first = d.from
	}
	if !d.to.IsZero() {
		d.last = d.to
	}
	if d.first.IsZero() {
		whole.Reason = "none of its rows tells a date, so that nobody knows when it was; left out"
		r.fault(whole)
		return Round{}, false, nil
	}
	if len(d.Projects) > 0 && d.Selected() == 0 {
		whole.Reason, whole.Kept = "no result belongs to any of its projects, so that none of them is kept as selected", true
		r.fault(whole)
	}
	// A round needs windows that follow each other. Decidim's open data tell when
	// a process began and ended; nothing is shown of the rest.
	if !d.last.After(d.first) {
		d.last = d.first.AddDate(0, 0, 1)
	}
	third := d.last.Sub(d.first) / 3
	a, b := d.first.Add(third), d.first.Add(2*third)
	d.Times = round.Times{
		Proposing: round.Window{Opens: d.first, Closes: a}, Vetting: round.Window{Opens: a, Closes: b},
		Voting: round.Window{Opens: b, Closes: d.last},
	}
	s := &d.Settings
	s.Rule = round.Rule{Rule: "greedy"} // never asked: the votes were counted there
	s.Eligibility = round.Eligibility{Moment: round.AtVoting}
	s.FinalBallots = true
	ids := make([]string, len(s.Areas))
	for i := range s.Areas {
		ids[i] = s.Areas[i].ID
		s.Areas[i].Pot = max(s.Areas[i].Pot, d.spent[ids[i]])
	}
	s.Papers = []round.Paper{{
		ID: "ballot", Name: domain.Text{Fi: "Äänestyslippu", Sv: "Röstsedel", En: "Voting paper"}, Areas: ids,
		Form: ballot.Form{Kind: ballot.Approval, Min: 1, Max: max(1, len(d.Projects))},
	}}
	r.join(d)
	var err error
	d.Digest, err = d.digest()
	return d.Round, true, err
}

// join settles what became of each proposal.
func (r *reader) join(d *draft) {
	for i := range d.Projects {
		p := &d.Projects[i]
		p.Number = i + 1
		p.Of = slices.DeleteFunc(p.Of, func(at int) bool {
			taken := d.Proposals[at].Project != 0 || d.Proposals[at].State == proposal.Withdrawn
			return taken
		})
		for _, at := range p.Of {
			one := &d.Proposals[at]
			one.Project = p.Number
			one.Reason, one.Answer = "", domain.Text{}
			one.State = proposal.Merged
		}
		if len(p.Of) != 1 {
			continue
		}
		one := &d.Proposals[p.Of[0]]
		one.State = proposal.NotSelected
		if p.Result != nil {
			one.State = proposal.Selected
		}
		one.Cost = &proposal.Cost{Minimum: p.Cost, Maximum: p.Cost}
	}
}
