// Package iso knows the names and codes that META of a Pabulib file may hold.
// It stands apart from pabulib because its tables are large, and only who
// checks files needs them.
package iso

import (
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"osbu/domain/pabulib"
)

// Codes are those of ISO 3166, 639-1 and 4217.
func Codes() pabulib.Codes {
	return pabulib.Codes{Country: Country, Language: Language, Currency: Currency}
}

// Country tells whether value is the English name of a country, its code, or
// Worldwide.
func Country(value string) bool {
	if r, err := language.ParseRegion(value); value == "Worldwide" || err == nil && r.IsCountry() {
		return true
	}
	names := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			r, err := language.ParseRegion(string([]rune{a, b}))
			if err == nil && r.IsCountry() && strings.EqualFold(names.Name(r), value) {
				return true
			}
		}
	}
	return false
}

// Language tells whether value is a code of two small letters.
func Language(value string) bool {
	b, err := language.ParseBase(value)
	return len(value) == 2 && err == nil && b.String() == value
}

// Currency tells whether value is a code of three capitals.
func Currency(value string) bool {
	u, err := currency.ParseISO(value)
	return err == nil && u.String() == value
}
