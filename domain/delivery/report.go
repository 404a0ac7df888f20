package delivery

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
)

// Bounds of what is written: characters, and how many documents and sites there
// are.
const (
	maxName       = 200
	maxReason     = 2000
	maxContact    = 200
	maxDifference = 3000
	maxNews       = 3000
	maxTitle      = 200
	maxAddress    = 500
	mostDocuments = 30
	mostSites     = 200
)

// clean is the report as it is kept after the one before, by the day that it is
// in the city. What is not reported stays: the division, the contact, promises
// once given.
func (r Report) clean(before Report, today string, problems *domain.Problems) Report {
	both := []domain.Language{domain.Finnish, domain.Swedish}
	if r.Phase.place() < 0 {
		problems.Add("phase", "unknown", "")
	}
	if !slices.Contains(standings, r.Standing) {
		problems.Add("standing", "unknown", "")
	}
	if r.Standing == OnCourse {
		r.Reason = domain.Text{}
	} else {
		r.Reason = problems.PublicBody("reason", r.Reason, maxReason, both...)
	}
	r.Contact = written(problems.PublicLine, "contact", r.Contact, maxContact)
	r.Difference = written(problems.PublicBody, "difference", r.Difference, maxDifference)
	r.News = written(problems.PublicBody, "news", r.News, maxNews)
	r.Division = before.Division
	r.Documents = cleanDocuments(r.Documents, problems)
	r.Dates = r.dates(before, today, problems)
	return r
}

// written is a text in both of the city's languages, or none at all.
func written(
	clean func(string, domain.Text, int, ...domain.Language) domain.Text,
	path string,
	t domain.Text,
	limit int,
) domain.Text {
	if strings.TrimSpace(t.Fi+t.Sv+t.En) == "" {
		return domain.Text{}
	}
	return clean(path, t, limit, domain.Finnish, domain.Swedish)
}

func cleanDocuments(documents []Document, problems *domain.Problems) []Document {
	if len(documents) > mostDocuments {
		problems.Add("documents", "too_many", strconv.Itoa(mostDocuments))
	}
	documents = slices.Clone(documents)
	for i := range documents {
		d, path := &documents[i], fmt.Sprintf("documents[%d]", i)
		d.Title = problems.PublicLine(path+".title", d.Title, maxTitle, domain.Finnish, domain.Swedish)
		d.Address = problems.Line(path+".address", d.Address, maxAddress)
		if at, err := url.Parse(d.Address); err != nil || at.Scheme != "https" || at.Host == "" || at.User != nil {
			problems.Add(path+".address", "bad_format", "https://")
		}
	}
	return documents
}

// dates joins what is reported to what was. A phase that is reached now began
// today, unless another day is given; nothing that lies ahead has begun.
func (r Report) dates(before Report, today string, problems *domain.Problems) []Date {
	all := map[Phase]Date{}
	for _, d := range before.Dates {
		all[d.Phase] = d
	}
	seen := map[Phase]bool{}
	for i, d := range r.Dates {
		path := fmt.Sprintf("dates[%d].", i)
		if d.Phase.place() < 0 || seen[d.Phase] {
			problems.Add(path+"phase", "unknown", "")
			continue
		}
		seen[d.Phase] = true
		old := all[d.Phase]
		for _, day := range []struct{ path, day string }{{"promised", d.Promised}, {"actual", d.Actual}} {
			if _, err := time.Parse(time.DateOnly, day.day); err != nil && day.day != "" {
				problems.Add(path+day.path, "bad_format", time.DateOnly)
			}
		}
		if d.Promised == "" && old.Promised != "" {
			problems.Add(path+"promised", "required", "")
		}
		if d.Actual > today {
			problems.Add(path+"actual", "too_large", today)
		}
		if d.Actual != "" && !r.Phase.Reached(d.Phase) {
			problems.Add(path+"actual", "not_allowed", "")
		}
		d.First = old.First
		if d.First == "" {
			d.First = d.Promised
		}
		all[d.Phase] = d
	}
	if now := all[r.Phase]; now.Actual == "" && before.Phase != r.Phase && r.Phase.place() >= 0 {
		now.Phase, now.Actual = r.Phase, today
		all[r.Phase] = now
	}
	var joined []Date
	for _, p := range Phases {
		d := all[p]
		if !r.Phase.Reached(p) { // it was reported by mistake
			d.Actual = ""
		}
		if d.Promised != "" || d.Actual != "" {
			joined = append(joined, d)
		}
	}
	return joined
}

// ChangedDates are those that are others now than before.
func ChangedDates(before, after []Date) []Date {
	var changed []Date
	for _, d := range after {
		if !slices.Contains(before, d) {
			changed = append(changed, d)
		}
	}
	return changed
}
