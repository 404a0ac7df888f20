package round

import "slices"

// reserved are the words that pages and addresses have for themselves beside a
// round's; a round of such a name could not be opened.
var reserved = []string{
	"about", "account", "archive", "areas", "assisted", "audit", "ballot", "batches", "certificate", "check", "city",
	"claim", "comments", "comparison", "contacts", "data", "decision", "delivery", "desk", "emails", "en", "enquiry",
	"equality", "events", "fi", "fund", "handbook", "help-desk", "identify", "import", "invitation", "kiosk",
	"ledger", "letters", "list", "mail", "map", "merge", "mine", "naming", "new", "numbers", "office", "overview",
	"people", "places", "polling", "presets", "press", "proposals", "propose", "questions", "record", "recover",
	"replacement", "results", "rights", "roll", "rounds", "settings", "sheet", "split", "statistics", "sv", "times",
	"told", "translations", "vote",
}

// Reserved tells whether a round cannot have this ID although it is an address.
func Reserved(id string) bool { return slices.Contains(reserved, id) }

// IsAddress tells whether an ID can be part of an address: 1–60 lower-case
// letters, digits and hyphens, no hyphen first.
func IsAddress(id string) bool {
	if len(id) < 1 || len(id) > 60 || id[0] == '-' {
		return false
	}
	for _, c := range []byte(id) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}
