package roll

import (
	"testing"
	"time"
	_ "time/tzdata"

	"osbu/domain/round"
)

func helsinki(t testing.TB) *time.Location {
	where, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return where
}

func TestAge(t *testing.T) {
	thirteen := round.Eligibility{Age: 13, Moment: round.AtVoting, Municipalities: []string{"091"}}
	twelveThatYear := round.Eligibility{Age: 12, Moment: round.InCalendarYear}
	for _, c := range []struct {
		why    string
		rule   round.Eligibility
		opens  string
		born   string
		moment string
		want   Reason
		first  string
	}{
		{
			"the last moment before the birthday, winter time", thirteen, "2026-11-01T00:00:00Z", "2013-11-10",
			"2026-11-09T21:59:59Z", TooYoung, "2026-11-10",
		},
		{
			"midnight in Helsinki, still yesterday in UTC", thirteen, "2026-11-01T00:00:00Z", "2013-11-10",
			"2026-11-09T22:00:00Z", "", "",
		},
		{
			"the last moment before the birthday, summer time", thirteen, "2026-05-01T00:00:00Z", "2013-05-10",
			"2026-05-09T20:59:59Z", TooYoung, "2026-05-10",
		},
		{"midnight in summer", thirteen, "2026-05-01T00:00:00Z", "2013-05-10", "2026-05-09T21:00:00Z", "", ""},
		{
			"the day the clocks go back begins in summer time", thirteen, "2026-10-01T00:00:00Z", "2013-10-25",
			"2026-10-24T21:00:00Z", "", "",
		},
		{
			"the day after begins in winter time", thirteen, "2026-10-01T00:00:00Z", "2013-10-26", "2026-10-25T21:30:00Z",
			TooYoung, "2026-10-26",
		},
		{"and then", thirteen, "2026-10-01T00:00:00Z", "2013-10-26", "2026-10-25T22:00:00Z", "", ""},
		{
			"born on 29 February, common year: not on the 27th", thirteen, "2025-02-01T00:00:00Z", "2012-02-29",
			"2025-02-27T21:59:59Z", TooYoung, "2025-02-28",
		},
		{"but on the 28th", thirteen, "2025-02-01T00:00:00Z", "2012-02-29", "2025-02-27T22:00:00Z", "", ""},
		{
			"born on 29 February, leap year: not on the 28th",
			round.Eligibility{Age: 16, Moment: round.AtVoting},
			"2028-02-01T00:00:00Z", "2012-02-29", "2028-02-28T12:00:00Z", TooYoung, "2028-02-29",
		},
		{
			"but on the 29th",
			round.Eligibility{Age: 16, Moment: round.AtVoting},
			"2028-02-01T00:00:00Z", "2012-02-29",
			"2028-02-29T12:00:00Z", "", "",
		},
		{"born on 28 February", thirteen, "2025-02-01T00:00:00Z", "2012-02-28", "2025-02-28T00:00:00Z", "", ""},
		{
			"twelve on the last day of the year", twelveThatYear, "2026-10-01T00:00:00Z", "2014-12-31", "2026-10-02T00:00:00Z",
			"", "",
		},
		{
			"twelve on the first day of the next", twelveThatYear, "2026-10-01T00:00:00Z", "2015-01-01", "2026-10-02T00:00:00Z",
			TooYoung, "2027-01-01",
		},
		{
			"opens in the new year by Helsinki's clock", twelveThatYear, "2025-12-31T22:00:00Z", "2014-06-01",
			"2025-12-31T22:00:00Z", "", "",
		},
		{
			"opens in the old year by Helsinki's clock", twelveThatYear, "2025-12-31T21:59:59Z", "2014-06-01",
			"2026-01-02T00:00:00Z", TooYoung, "2026-01-01",
		},
	} {
		at := func(text string) time.Time {
			moment, err := time.Parse(time.RFC3339, text)
			if err != nil {
				t.Fatal(err)
			}
			return moment
		}
		born, err := time.Parse(time.DateOnly, c.born)
		if err != nil {
			t.Fatal(err)
		}
		reason, first := refusal(c.rule, at(c.opens), helsinki(t), Entry{Born: born, Municipality: "091"}, at(c.moment))
		said := ""
		if !first.IsZero() {
			said = first.Format(time.DateOnly)
		}
		if reason != c.want || said != c.first {
			t.Errorf("%s: %q from %q, want %q from %q", c.why, reason, said, c.want, c.first)
		}
	}
}

func TestMunicipality(t *testing.T) {
	adult := Entry{Born: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), Municipality: "049"}
	now := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	rule := round.Eligibility{Age: 13, Moment: round.AtVoting, Municipalities: []string{"091"}}
	if got, _ := refusal(rule, now, helsinki(t), adult, now); got != OtherMunicipality {
		t.Errorf("Espoo: %q", got)
	}
	rule.Municipalities = append(rule.Municipalities, "049")
	if got, _ := refusal(rule, now, helsinki(t), adult, now); got != "" {
		t.Errorf("Espoo is welcome: %q", got)
	}
	rule.Municipalities = nil
	if got, _ := refusal(rule, now, helsinki(t), adult, now); got != "" {
		t.Errorf("anyone on the roll: %q", got)
	}
}
