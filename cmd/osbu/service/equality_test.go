package service

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
)

// What the team sees of whom it reaches: numbers that add up, none of them
// small, for facilitators and officials only.
func TestEqualityAtAGlance(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	author, facilitator := w.as(t, person{Name: "Aino"}), w.facilitator(t, "southern")
	author.submitted(bench("Penkki"))
	contact := func(area string, channel api.ContactChannel, language api.ContactLanguage) {
		official.ok(
			"POST",
			"/api/v1/rounds/r/contacts",
			api.NewContact{Area: &area, Channel: channel, Topic: "idea", Language: language, Minutes: 10},
			nil,
		)
	}
	for range 12 {
		contact("southern", "phone", "fi")
		contact("western", "event", "sv")
		contact("northern", "event", "fi")
	}
	contact("southern", "event", "other")
	facilitator.announced(evening("Ilta", 0, 20))
	var all api.Equality
	facilitator.ok("GET", "/api/v1/rounds/r/equality", nil, &all)
	told := map[string]string{}
	for _, table := range all.Tables {
		for _, row := range append(table.Rows, table.Total) {
			line := ""
			for _, c := range append(row.Cells, row.Total) {
				line += " " + map[bool]string{true: "?", false: fmt.Sprint(value(c.Number))}[c.Number == nil]
			}
			if row.Minutes != nil && row.Minutes.Number != nil {
				line += fmt.Sprint(" ", *row.Minutes.Number, " min")
			}
			told[strings.Join([]string{string(table.Measure), string(table.By), row.Key}, " ")] = line
		}
		if table.Measure == "proposals" && (!table.Few || len(table.Rows) != 0) {
			t.Errorf("one proposal, by %s: %+v", table.By, table)
		}
	}
	for key, want := range map[string]string{
		"help area southern": " ? ? 13 130 min", "help area western": " ? ? 12 120 min",
		"help area northern": " 12 0 12 120 min", "help area central": " 0 0 0 0 min", "help area ": " 25 12 37 370 min",
		"help language other": " ? ? ?", "help language sv": " ? ? ?", "help language fi": " ? ? 24 240 min",
		"events area southern": " 1 1", "events area ": " 1 1",
	} {
		if told[key] != want {
			t.Errorf("%s:%s, want%s\n%q", key, told[key], want, told)
		}
	}
	var text string
	official.ok("GET", "/api/v1/rounds/r/equality.csv", nil, &text)
	rows := strictCSV(t, []byte(text))
	if len(rows) != 70 || !strings.Contains(text, `"help";"area";"total";"";"total";"37"`) ||
		strings.Contains(text, `"help";"area";"Eteläinen";"";"phone";"1"`) {
		t.Errorf("%d rows\n%s", len(rows), text)
	}
	for name, c := range map[string]*client{
		"visitor": w.anonymous(t), "resident": author,
		"expert": w.as(t, person{Name: "Erkki", Roles: []domain.Role{domain.Expert}}),
	} {
		want := http.StatusForbidden
		if name == "visitor" {
			want = http.StatusUnauthorized
		}
		for _, path := range []string{"", ".csv"} {
			if status, code := c.get("/api/v1/rounds/r/equality"+path, nil); status != want {
				t.Errorf("%s: %d %s", name, status, code)
			}
		}
	}
	official.createRound("later", "helsinki-2026")
	if status, _ := facilitator.get("/api/v1/rounds/later/equality", nil); status != http.StatusNotFound {
		t.Errorf("of a round in preparation: %d", status)
	}
}
