package estimate

import (
	"testing"

	"osbu/domain"
	"osbu/domain/proposal/desk"
	"osbu/domain/sheet"
)

// A class is offered with its euros, and read by these or by its letter alone.
func TestClassesOfASheet(t *testing.T) {
	classes := optionsOf(desk.Desk{})["class"]
	if got, want := classes[5].Name.Sv, "f: 500\u00a0000–1\u00a0000\u00a0000 €"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for cell, want := range map[string]string{
		"f": "f", "F": "f", "f: 500 000–1 000 000 €": "f", "b: €10,000–€50,000": "b", "a: 0-10 000 €": "a", "g": "",
	} {
		var problems domain.Problems
		if got := sheet.Choose(&problems, "class", classes, cell); got != want {
			t.Errorf("%q: got %q, want %q", cell, got, want)
		}
	}
}
