package handlers

import (
	"slices"
	"testing"

	"osbu/domain"
)

func TestLevelsSuffice(t *testing.T) {
	resident := []domain.Role{domain.Resident}
	official := []domain.Role{domain.Resident, domain.Official}
	for _, c := range []struct {
		name   string
		levels Levels
		roles  []domain.Role
		acr    string
		want   domain.Code
	}{
		{"none is demanded", Levels{}, official, "", ""},
		{"staff's, a resident without", Levels{Staff: []string{"high"}}, resident, "", ""},
		{"staff's, an official without", Levels{Staff: []string{"high"}}, official, "", codeWeak},
		{"staff's, an official with another", Levels{Staff: []string{"high"}}, official, "low", codeWeak},
		{"staff's, an official with it", Levels{Staff: []string{"high", "higher"}}, official, "higher", ""},
		{"all's, a resident without", Levels{Everybody: []string{"low"}}, resident, "", codeWeak},
		{"all's, a resident with it", Levels{Everybody: []string{"low"}}, resident, "low", ""},
		{"both, an official with all's", Levels{[]string{"low", "high"}, []string{"high"}}, official, "low", codeWeak},
		{"both, an official with staff's", Levels{[]string{"low", "high"}, []string{"high"}}, official, "high", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := domain.CodeOf(c.levels.suffice(c.roles, c.acr)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The provider is asked for staff's levels where staff are on their way in.
func TestLevelsAreAskedFor(t *testing.T) {
	both := Levels{[]string{"low"}, []string{"high"}}
	for path, want := range map[string][]string{
		"/": {"low"}, "/sv/kierros": {"low"}, "/deskless": {"low"}, "/desk": {"high"}, "/office/rounds/r": {"high"}, "/polling/r/1": {"high"},
	} {
		if got := both.wanted(path); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
	if got := (Levels{Everybody: []string{"low"}}).wanted("/desk"); !slices.Equal(got, []string{"low"}) {
		t.Errorf("without staff's: got %v, want those of all", got)
	}
}
