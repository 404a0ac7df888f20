// Package iso knows the names and codes that META of a Pabulib file may hold.
// It stands apart from pabulib because its tables are large, and only who
// checks files needs them.
package iso

import (
	_ "embed"
	"strings"
	"sync"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"osbu/domain/pabulib"
)

// Codes are those of ISO 3166, 639-1 and 4217, in capitals or not: so the
// official checker takes them.
func Codes() pabulib.Codes {
	return pabulib.Codes{Country: Country, Language: Language, Currency: Currency}
}

// countries is ISO 3166-1, a line for each: its codes of two and three letters
// and of three digits, its names, and its official name. The names are those
// that the official checker knows: "Korea, Republic of" and "South Korea", but
// no other that is in use.
//
//go:embed countries.txt
var countries string

// known are all of these in small letters, and the flags.
var known = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(countries) {
		words := strings.Split(strings.TrimSpace(strings.ToLower(line)), "|")
		for _, word := range words {
			all[word] = true
		}
		const regionalA = '\U0001F1E6' // a flag is the code of two letters in regional indicators
		all[string([]rune{regionalA + rune(words[0][0]-'a'), regionalA + rune(words[0][1]-'a')})] = true
	}
	return all
})

// Country tells whether value is an English name of a country, its code or its
// flag, or Worldwide.
func Country(value string) bool { return value == "Worldwide" || known()[strings.ToLower(value)] }

// Language tells whether value is a code of two letters.
func Language(value string) bool {
	b, err := language.ParseBase(value)
	return len(value) == 2 && err == nil && strings.EqualFold(b.String(), value)
}

// Currency tells whether value is a code of three letters.
func Currency(value string) bool {
	u, err := currency.ParseISO(value)
	return len(value) == 3 && err == nil && strings.EqualFold(u.String(), value)
}
