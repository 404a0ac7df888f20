package iso

import "testing"

func TestCodesAreThoseOfTheStandards(t *testing.T) {
	for _, c := range []struct {
		what  string
		known func(string) bool
		good  []string
		bad   []string
	}{
		{
			"country", Country,
			[]string{"Finland", "Worldwide", "Poland", "Canada", "US", "FIN"},
			[]string{"Finnland", "Suomi", "Europe", "x"},
		},
		{"language", Language, []string{"fi", "sv", "en", "pl"}, []string{"fin", "FI", "", "f"}},
		{"currency", Currency, []string{"EUR", "PLN", "HUF"}, []string{"euro", "eur", "", "€"}},
	} {
		for _, value := range c.good {
			if !c.known(value) {
				t.Errorf("%s %q is not known", c.what, value)
			}
		}
		for _, value := range c.bad {
			if c.known(value) {
				t.Errorf("%s %q is known", c.what, value)
			}
		}
	}
}
