package service

import (
	"net/http"
	"strings"
	"testing"
)

// The ballot leaves with every project for officials, and for nobody else.
func TestBallotForASpreadsheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.official(t)
	round, projects := byHand("r")
	o.ok("POST", "/api/v1/rounds", round, nil)
	o.ok("POST", "/api/v1/rounds/r/projects/import", projects, nil)
	const path = "/api/v1/rounds/r/ballot/export?format=csv&language=sv"
	var file string
	o.ok("GET", path, nil, &file)
	rows := strings.Count(file, "\r\n")
	if rows != 1+len(projects.Projects) || !strings.Contains(file, `"Rubrik, svenska"`) {
		t.Errorf("%d projects leave as %q", len(projects.Projects), file)
	}
	var book []byte
	o.ok("GET", "/api/v1/rounds/r/ballot/export?format=xlsx", nil, &book)
	if !strings.HasPrefix(string(book), "PK") {
		t.Error("the workbook is none")
	}
	for name, c := range map[string]*client{
		"a resident": w.as(t, person{Name: "Eino"}), "a facilitator": w.facilitator(t, "southern"),
	} {
		if status, code := c.get(path, nil); status != http.StatusForbidden || code != "not_allowed" {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
}
