package roll

import (
	"crypto/rand"
	"regexp"
	"strings"
	"testing"

	"osbu/domain"
)

func TestCodesAreReadLeniently(t *testing.T) {
	want, ok := referCode(pepper, "r", "0123-4567-89AB-01J1")
	if !ok {
		t.Fatal("no code")
	}
	for _, typed := range []string{
		"0123456789AB01J1", "o123 4567 89ab oiji", "O123-4567-89AB-0LJL",
		" 0123 – 4567 – 89ab – 01jI ",
	} {
		if got, ok := referCode(pepper, "r", typed); !ok || got != want {
			t.Errorf("%q is another code", typed)
		}
	}
	for _, typed := range []string{
		"", "0123-4567-89AB-01J", "0123-4567-89AB-01J11", "0123-4567-89AB-01JU",
		"0123-4567-89AB-01J*", "0123-4567-89AB-01JÄ", strings.Repeat("0", 4000),
	} {
		if _, ok := referCode(pepper, "r", typed); ok {
			t.Errorf("%.20q is taken for a code", typed)
		}
	}
	if other, _ := referCode(pepper, "s", "0123-4567-89AB-01J1"); other == want {
		t.Error("a code is the same right-holder in two rounds")
	}
}

func TestNewCodesComeBack(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)
	seen := map[string]bool{}
	for range 1000 {
		code, err := domain.DrawCode(rand.Reader, codeGroups)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := referCode(pepper, "r", code); !ok || !shape.MatchString(code) || seen[code] {
			t.Fatalf("bad code %s", code)
		}
		seen[code] = true
	}
	if _, err := domain.DrawCode(strings.NewReader("too short"), codeGroups); err == nil {
		t.Error("a code without randomness")
	}
}
