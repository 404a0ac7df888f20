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
			[]string{
				"Finland", "Worldwide", "Poland", "Canada", "US", "FIN", "fi", "246", "poland", "Republic of Finland", "🇫🇮",
				"Côte d'Ivoire", "Korea, Republic of", "Bosnia and Herzegovina", "Czech Republic", "Czechia",
				"Bolivia, Plurinational State of", "Bolivia",
			},
			[]string{"Finnland", "Suomi", "Europe", "x", "", "worldwide", "UK", "SU", "DDR", "🇪🇺", "Fi|FIN", " Finland"},
		},
		{"language", Language, []string{"fi", "sv", "en", "pl", "FI"}, []string{"fin", "", "f", "xx"}},
		{"currency", Currency, []string{"EUR", "PLN", "HUF", "eur"}, []string{"euro", "", "€", "XEU1"}},
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
