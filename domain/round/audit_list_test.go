package round

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"osbu/domain"
)

// What an entry tells of is read out of whatever its details say.
func TestFactsOfDetails(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct{ action, details, want string }{
		"nothing": {"propose", `{}`, ""},
		"a change": {
			"settings", `{"changes":[{"field":"areas.a.pot","from":100,"to":250},{"field":"rehearsal","from":null,"to":true}]}`,
			"areas.a.pot: 100 → 250\nrehearsal: - → true",
		},
		"a decision":   {"accept", `{"proposal":1,"minimum":5}`, "minimum: - → 5\nproposal: - → 1"},
		"an area":      {"correct", `{"proposal":1,"area":["a","b"],"theme":["c","c"]}`, "area: a → b\nproposal: - → 1"},
		"a reopening":  {"reopen", `{"proposal":1,"from":"rejected"}`, "state: rejected → -\nproposal: - → 1"},
		"a hand-over":  {"assign_delivery", `{"project":1,"from":"x","to":"y"}`, "division: x → y\nproject: - → 1"},
		"lists":        {"merge", `{"proposals":{"joined":[1,2],"left":[3]}}`, "proposals: - → joined 1, 2; left 3"},
		"another text": {"odd", `no JSON`, ": - → no JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said := func(text *string) string {
				if text == nil {
					return "-"
				}
				return *text
			}
			var lines []string
			for _, f := range (Entry{Action: one.action, Details: one.details}).Facts() {
				lines = append(lines, f.Field+": "+said(f.From)+" → "+said(f.To))
			}
			if got := strings.Join(lines, "\n"); got != one.want {
				t.Errorf("got\n%s\nwant\n%s", got, one.want)
			}
		})
	}
}

// A row is in words, money in euros; what is too long for a cell goes on in the
// next row, whole.
func TestRowsOfAnEntry(t *testing.T) {
	t.Parallel()
	e := Entry{
		Seq: 3, At: time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC), Actor: "official 6", Name: "Olli", Action: "void codes",
		Reason: "=1", Details: `{"changes":[{"field":"areas.southern.pot","from":100,"to":12345}],"batch":7}`,
	}
	rows := e.rows(time.UTC, domain.Swedish)
	if len(rows) != 2 {
		t.Fatalf("got %d rows, want 2", len(rows))
	}
	want := "3|2026-06-01 09:00:00|official 6|Olli|Röstningskoder ogiltigförklarade|=1|Områden · southern · Pengar, euro|" +
		"1,00|123,45|" + hex.EncodeToString(e.Hash[:])
	if got := strings.Join(rows[0].Cells, "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	long := strings.Repeat("ä", longestFact)
	e.Details = `{"copies":"` + long + `"}`
	var all strings.Builder
	for _, row := range e.rows(time.UTC, domain.English) {
		if len(row.Cells[8]) > longestFact {
			t.Errorf("a cell of %d bytes", len(row.Cells[8]))
		}
		all.WriteString(row.Cells[8])
	}
	if all.String() != long {
		t.Errorf("got %d bytes, want %d", all.Len(), len(long))
	}
}
