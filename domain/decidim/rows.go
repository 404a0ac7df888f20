package decidim

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/sheet"
)

// proposal takes a proposal in. What did not become a project, and was not
// withdrawn, did not come to the vote: that is what it is kept as.
func (r *reader) proposal(one row) {
	d, source, again := r.of(one, proposals)
	if d == nil || again {
		return
	}
	if one.cell("is_amend") == "true" {
		r.fault(one.fault("is_amend", "an amendment of another proposal; left out", false))
		return
	}
	title, body := one.text("title", line), one.text("body", plain)
	language := languageOf(title)
	if language == "" {
		r.fault(one.fault("title", "empty; left out", false))
		return
	}
	p := Proposal{Source: source, Old: clean(one.cell("url"))}
	if author := one.cell("author/name"); author != "" {
		if all := names(author); len(all) > 0 {
			author = all[0].In(domain.Finnish)
		}
		p.Author, _ = cut(line(author), maxName)
	}
	at := one.moment(r.TimeZone, "published_at", "created_at")
	if at.IsZero() {
		r.fault(one.fault("published_at", "no date; the beginning of its round is taken", true))
		at = d.first
	}
	p.Proposal = proposal.Proposal{
		Version: 1, Channel: proposal.Imported, SubmittedAt: at, UpdatedAt: at, State: proposal.Rejected,
		Author: proposal.Person{Name: p.Author},
	}
	p.Text = proposal.Text{Language: language}
	p.Text.Title = r.short(one, "title", in(title, language), maxTitle)
	p.Text.What = cmp.Or(r.short(one, "body", in(body, language), proposal.MaxText), p.Text.Title)
	p.Text.Place = r.short(one, "address", line(one.cell("address")), maxPlace)
	if language == domain.Finnish && title.Sv != "" {
		p.Swedish.Title, _ = cut(title.Sv, maxTitle)
		p.Swedish.What, _ = cut(body.Sv, proposal.MaxText)
	}
	p.Text.Area, p.Text.Theme = r.settle(d, one)
	p.Text.Point = r.point(one)
	if one.cell("withdrawn") == "true" || one.cell("state") == "withdrawn" {
		p.State = proposal.Withdrawn
	} else {
		p.Reason, p.Answer = proposal.Other, answer(one.text("answer", plain))
	}
	if p.Old != "" {
		d.byAddress[p.Old] = len(d.Proposals)
	}
	d.Proposals = append(d.Proposals, p)
}

// answer is a decision in the two languages that it needs: in the one that it
// has not, as it was in the other.
func answer(t domain.Text) domain.Text {
	if t == (domain.Text{}) {
		return domain.Text{
			Fi: "Ehdotus ei edennyt äänestykseen. Perustelu ei siirtynyt aiemmasta palvelusta.",
			Sv: "Förslaget gick inte vidare till omröstningen. Motiveringen följde inte med från den tidigare tjänsten.",
			En: "The proposal did not go on to the vote. The reason did not come along from the earlier service.",
		}
	}
	t.Fi, t.Sv = cmp.Or(t.Fi, t.In(domain.Finnish)), cmp.Or(t.Sv, t.In(domain.Swedish))
	return t
}

func (r *reader) project(one row) {
	d, source, again := r.of(one, projects)
	if d == nil || again {
		return
	}
	title := one.text("title", line)
	if languageOf(title) == "" {
		r.fault(one.fault("title", "empty; left out", false))
		return
	}
	cost, ok := sheet.Cents(one.cell("budget_amount"))
	if !ok || cost == 0 {
		r.fault(one.fault("budget_amount", "no amount of money; left out", false))
		return
	}
	p := Project{
		Source: source, Cost: cost, Title: r.texts(one, "title", title, maxTitle),
		Text:      r.texts(one, "description", one.text("description", plain), proposal.MaxText),
		Place:     domain.Text{Fi: r.short(one, "address", line(one.cell("address")), maxPlace)},
		Published: one.moment(r.TimeZone, "created_at"),
	}
	if p.Published.IsZero() {
		p.Published = d.first
	}
	if votes, ok := one.number("confirmed_votes"); ok {
		p.Votes = new(int(votes))
	} else {
		r.fault(one.fault("confirmed_votes", "no number; kept without its votes", true))
	}
	p.Area, p.Theme = r.settle(d, one)
	if old := clean(one.cell("url")); old != "" {
		p.Old = append(p.Old, old)
	}
	p.Of = d.find(one.cell("related_proposal_urls"))
	d.Projects = append(d.Projects, p)
}

// find are the proposals at these addresses.
func (d *draft) find(addresses string) (all []int) {
	for _, address := range list(addresses) {
		if at, known := d.byAddress[clean(address)]; known && !slices.Contains(all, at) {
			all = append(all, at)
		}
	}
	return all
}

// result is matched with the project of the same proposals, or else of the same
// title.
func (r *reader) result(one row) {
	d, source, again := r.of(one, results)
	if d == nil || again {
		return
	}
	if parent := one.cell("parent/id"); parent != "" {
		r.fault(one.fault("parent/id", "a part of result "+parent+", whose progress is taken; left out", false))
		return
	}
	title, of := one.text("title", line), d.find(one.cell("proposal_urls"))
	at := slices.IndexFunc(d.Projects, func(p Project) bool {
		return p.Result == nil && slices.ContainsFunc(p.Of, func(i int) bool { return slices.Contains(of, i) })
	})
	if at < 0 {
		at = slices.IndexFunc(d.Projects, func(p Project) bool { return p.Result == nil && alike(p.Title, title) })
	}
	if at < 0 {
		r.fault(one.fault("proposal_urls", "no project of the vote has these proposals or this title; left out", false))
		return
	}
	p := &d.Projects[at]
	p.Result = &Result{
		Source: source, Status: one.text("status/name", line),
		Start: one.day(r.TimeZone, "start_date"), End: one.day(r.TimeZone, "end_date"),
	}
	if n, err := strconv.ParseFloat(cmp.Or(one.cell("progress"), "0"), 64); err == nil && 0 <= n && n <= 100 {
		p.Result.Progress = int(n)
	} else {
		r.fault(one.fault("progress", "no percentage; 0 is taken", true))
	}
	d.spent[p.Area] += p.Cost
	if old := clean(one.cell("url")); old != "" {
		p.Old = append(p.Old, old)
	}
}

// alike tells whether two titles are the same in any language.
func alike(a, b domain.Text) bool {
	same := func(a, b string) bool { return a != "" && sheet.Fold(a) == sheet.Fold(b) }
	return same(a.Fi, b.Fi) || same(a.Sv, b.Sv) || same(a.En, b.En)
}

// point is where a row lies; none if that is not in the city.
func (r *reader) point(one row) *domain.Point {
	if one.cell("latitude") == "" || one.cell("longitude") == "" {
		return nil
	}
	latitude, errA := strconv.ParseFloat(one.cell("latitude"), 64)
	longitude, errB := strconv.ParseFloat(one.cell("longitude"), 64)
	p := domain.Point{Latitude: latitude, Longitude: longitude}
	if errA != nil || errB != nil || !r.City.Holds(p) {
		r.fault(one.fault("latitude", "no place in the city; kept without it", true))
		return nil
	}
	return &p
}

func (r *reader) short(one row, column, s string, most int) string {
	s, longer := cut(s, most)
	if longer {
		r.fault(one.fault(column, fmt.Sprintf("longer than %d characters; its end is cut off", most), true))
	}
	return s
}

func (r *reader) texts(one row, column string, t domain.Text, most int) domain.Text {
	t.Fi, t.Sv, t.En = r.short(one, column, t.Fi, most), r.short(one, column, t.Sv, most), r.short(one, column, t.En, most)
	return t
}

// languageOf is the first language that a text is in; empty: none.
func languageOf(t domain.Text) domain.Language {
	switch {
	case t.Fi != "":
		return domain.Finnish
	case t.Sv != "":
		return domain.Swedish
	case t.En != "":
		return domain.English
	}
	return ""
}

func in(t domain.Text, l domain.Language) string {
	return map[domain.Language]string{domain.Finnish: t.Fi, domain.Swedish: t.Sv, domain.English: t.En}[l]
}
