package service

import (
	"net/http"
	"strings"
	"testing"

	"osbu/handlers/api"
)

// The contact log leaves as its page shows it: a facilitator's districts, an
// official's all, in the language that was asked for.
func TestContactLogForASpreadsheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	stina := w.facilitator(t, "southern")
	for _, area := range []string{"southern", "western"} {
		o.ok("POST", "/api/v1/rounds/r/contacts",
			api.NewContact{Area: &area, Channel: "phone", Topic: "cost", Language: "other", Minutes: 25}, nil)
	}
	const path = "/api/v1/rounds/r/contact-log?format=csv&language=sv"
	var file string
	stina.ok("GET", path, nil, &file)
	lines := strings.Split(strings.TrimSpace(file), "\r\n")
	want := `"Södra";"";"telefon";"kostnader";"annat språk";"25";"Olli Official";""`
	if len(lines) != 2 || !strings.HasSuffix(lines[1], want) {
		t.Errorf("a facilitator is given %q", file)
	}
	o.ok("GET", path, nil, &file)
	if strings.Count(file, "\r\n") != 3 {
		t.Errorf("an official is given %q", file)
	}
	var book []byte
	o.ok("GET", "/api/v1/rounds/r/contact-log?format=xlsx", nil, &book)
	if !strings.HasPrefix(string(book), "PK") {
		t.Error("the workbook is none")
	}
	if status, code := w.as(t, person{Name: "Eino"}).get(path, nil); status != http.StatusForbidden || code != "not_allowed" {
		t.Errorf("a resident: %d %s", status, code)
	}
}
