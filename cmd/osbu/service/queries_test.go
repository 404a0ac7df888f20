package service

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/uptrace/bun"

	"osbu/handlers/api"
)

// queries counts what the office's database is asked.
type queries struct{ n atomic.Int64 }

func (q *queries) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	q.n.Add(1)
	return ctx
}
func (q *queries) AfterQuery(context.Context, *bun.QueryEvent) {}

// Every list asks the database as often for a few rows as for many: nowhere a
// query per row.
func TestNoListAsksPerRow(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	var asked queries
	w.office.DB.DB = w.office.DB.DB.WithQueryHook(&asked)
	facilitator, visitor := w.facilitator(t, "southern"), w.anonymous(t)
	var people [2]*client
	for i := range people {
		people[i] = w.as(t, person{Name: fmt.Sprint("Aino ", i)})
	}
	aino, eino := people[0], people[1]
	first, meeting, version := "", "", 1
	more := func(n int) {
		for i := range n {
			path := aino.submitted(bench(fmt.Sprint("Penkki ja valaistus ", i)))
			if first == "" {
				first, meeting = path, facilitator.announced(evening("Ilta", 50, 20))
			}
			version++
			aino.ok(
				"PUT",
				first,
				api.ProposalEdit{Version: version, Text: bench(fmt.Sprint("Penkki ja valaistus ", version))},
				nil,
			)
			for _, tie := range []string{"/support", "/follow"} {
				eino.ok("PUT", path+tie, nil, nil)
			}
			var c api.Comment
			eino.ok("POST", first+"/comments", api.NewComment{Text: fmt.Sprint("Hyvä ", i), Language: "fi"}, &c)
			aino.ok(
				"POST",
				fmt.Sprint("/api/v1/rounds/r/comments/", c.Id, "/report"),
				map[string]string{"reason": "other"},
				nil,
			)
			facilitator.ok("POST", first+"/case/notes", map[string]string{"text": fmt.Sprint("Muista ", i)}, nil)
			facilitator.ok(
				"POST",
				"/api/v1/rounds/r/contacts",
				map[string]any{"area": "southern", "channel": "phone", "topic": "idea", "language": "fi", "minutes": 5},
				nil,
			)
			facilitator.announced(evening(fmt.Sprint("Ilta ", i), 50, 20, 21))
			w.as(t, person{Name: fmt.Sprint("Osallistuja ", i)}).ok("PUT", meeting+"/seat", nil, nil)
			facilitator.ok("POST", meeting+"/case/notes", map[string]string{"text": "Paljon väkeä"}, nil)
		}
	}
	lists := []struct {
		who  *client
		path string
	}{
		{visitor, "/api/v1/rounds/r/proposals"},
		{aino, "/api/v1/rounds/r/proposals?mine=true"},
		{eino, "/api/v1/rounds/r/proposals?followed=true"},
		{visitor, "/api/v1/rounds/r/proposals?q=penkit"},
		{visitor, "/api/v1/rounds/r/proposals?q=valastus"},
		{eino, "/api/v1/rounds/r/similar?text=penkki+valaistus"},
		{visitor, "/api/v1/rounds/r/proposals.csv"},
		{visitor, "/api/v1/rounds/r/proposals.xlsx"},
		{visitor, "/api/v1/rounds/r/proposals.json"},
		{visitor, "/api/v1/rounds/r/proposals.geojson"},
		{visitor, "/api/v1/rounds/r/proposals.atom"},
		{facilitator, "/api/v1/rounds/r/queue"},
		{facilitator, "/api/v1/rounds/r/queue?q=penkki"},
		{facilitator, "/api/v1/rounds/r/contacts"},
		{facilitator, "{proposal}/case"},
		{visitor, "{proposal}/versions"},
		{visitor, "{proposal}/comments"},
		{facilitator, "/api/v1/rounds/r/comments"},
		{visitor, "{proposal}/interest"},
		{visitor, "/api/v1/rounds/r/events"},
		{visitor, "/api/v1/rounds/r/events.ics"},
		{facilitator, "/api/v1/rounds/r/desk/events"},
		{facilitator, "{event}/case"},
		{official, "/api/v1/rounds"},
		{official, "/api/v1/rounds/r/audit"},
		{official, "/api/v1/rounds/r/projects"},
	}
	count := func() (counts []int64, sizes []int) {
		for _, l := range lists {
			before, text := asked.n.Load(), ""
			l.who.ok("GET", strings.NewReplacer("{proposal}", first, "{event}", meeting).Replace(l.path), nil, &text)
			counts, sizes = append(counts, asked.n.Load()-before), append(sizes, len(text))
		}
		return counts, sizes
	}
	more(2)
	few, small := count()
	more(6)
	many, large := count()
	for i, l := range lists {
		if few[i] == 0 || few[i] != many[i] {
			t.Errorf("%s: %d queries for a few rows, %d for more", l.path, few[i], many[i])
		}
		if large[i] <= small[i] && !strings.HasSuffix(l.path, "/interest") && !strings.HasSuffix(l.path, "/rounds") &&
			!strings.HasSuffix(l.path, "/projects") &&
			!strings.Contains(l.path, "similar") {
			t.Errorf("%s has no more rows than before: %d bytes, then %d", l.path, small[i], large[i])
		}
	}
}
