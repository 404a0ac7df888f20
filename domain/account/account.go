// Package account knows who is signed in: the person as the identity provider
// describes her, her account, and her session.
package account

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"osbu/domain"
)

// Ref stands for a person on the roll: HMAC-SHA-256 under the pepper over the
// normalised identity code. Zero: no identity code is known.
type Ref [32]byte

// Zero tells whether no person is meant.
func (r Ref) Zero() bool { return r == Ref{} }

// Person is what the provider said of somebody who has just proved who she is.
// It lives for one call of SignIn.
type Person struct {
	Subject       string // the provider's issuer and sub: tells people without identity code apart
	IdentityCode  string // matched, hashed and forgotten; empty for staff and pupils
	Name          string
	Language      domain.Language
	Roles         []domain.Role
	Areas         []string // a facilitator's districts
	Divisions     []string // an expert's
	Municipality  string   // code, e.g. 091
	PostalCode    string
	Email         string
	EmailVerified bool // by the provider
	Protected     bool // the address is secret, so neither municipality nor postal code is kept
}

// Session is who acts now. Roles, areas and divisions are those that the
// provider gave at this sign-in, not at another one.
type Session struct {
	domain.Actor
	Ref          Ref
	Language     domain.Language
	Municipality string
	PostalCode   string // only suggests an area
	// Enrolled: she acts under her account in this session already, and what the
	// provider said at this sign-in is kept with it.
	Enrolled bool
}

const longestName = 80 // runes

var unnamed = map[domain.Language]string{
	domain.Finnish: "Asukas",
	domain.Swedish: "Invånare",
	domain.English: "Resident",
}

// Unnamed is what somebody is called who is not to be known by name.
func Unnamed(l domain.Language) string { return cmp.Or(unnamed[l], unnamed[domain.Finnish]) }

// displayName is how others see the person: staff by their full name, because
// they act in office; everybody else by given name and the initial of the
// family name, because a proposal is public and stays so; and nobody by name
// whose address is protected.
func displayName(p Person, staff bool) string {
	if p.Protected && !staff {
		return Unnamed(p.Language)
	}
	clean := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, p.Name)
	words := strings.Fields(clean)
	if !staff && len(words) > 1 {
		initial, _ := utf8.DecodeRuneInString(words[len(words)-1])
		words = []string{words[0], string(unicode.ToUpper(initial)) + "."}
	}
	name := []rune(strings.Join(words, " "))
	if len(name) > longestName {
		name = name[:longestName]
	}
	return string(name)
}
