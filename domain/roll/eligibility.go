package roll

import (
	"slices"
	"time"

	"osbu/domain/round"
)

// Reason is why somebody may not vote in a round.
type Reason string

// The reasons, an enum in the contract. The empty reason: may vote.
const (
	NotOnRoll         Reason = "not_on_roll"
	TooYoung          Reason = "too_young"
	OtherMunicipality Reason = "other_municipality"
	VoidCode          Reason = "void_code"
	NoIdentity        Reason = "no_identity" // signed in without an identity code: staff match such a person to the roll
)

// Entry is a person on the roll. No address is no obstacle: whoever has no area
// chooses freely.
type Entry struct {
	Born         time.Time // the day, midnight UTC
	Municipality string    // three digits, Helsinki is 091
	Area         string    // suggested to the voter; empty without an address and for protected people
	Protected    bool      // a protected address (Population Information Act 661/2009 §36): nothing about where is kept
}

// firstDay is when somebody reaches an age: on the birthday, and on 28 February
// of a common year if born on 29 February, for a period of years ends on the
// last day of its month where the day itself is missing (Act on the Calculation
// of Statutory Time Limits 150/1930 §3).
func firstDay(born time.Time, age int) time.Time {
	day := time.Date(born.Year()+age, born.Month(), born.Day(), 0, 0, 0, 0, time.UTC)
	if day.Month() != born.Month() {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// dayIn is the calendar day of a moment, as midnight UTC.
func dayIn(where *time.Location, moment time.Time) time.Time {
	year, month, day := moment.In(where).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// refusal judges an entry at a moment. With TooYoung comes the first day on
// which the age is reached, or, where the calendar year decides, the first day
// of that year. The vote's opening says which calendar year counts.
func refusal(
	rule round.Eligibility,
	opens time.Time,
	timeZone *time.Location,
	e Entry,
	moment time.Time,
) (Reason, time.Time) {
	if len(rule.Municipalities) > 0 && !slices.Contains(rule.Municipalities, e.Municipality) {
		return OtherMunicipality, time.Time{}
	}
	first, today := firstDay(e.Born, rule.Age), dayIn(timeZone, moment)
	if rule.Moment == round.InCalendarYear {
		first = time.Date(e.Born.Year()+rule.Age, time.January, 1, 0, 0, 0, 0, time.UTC)
		today = dayIn(timeZone, opens)
	}
	if today.Before(first) {
		return TooYoung, first
	}
	return "", time.Time{}
}
