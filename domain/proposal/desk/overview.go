package desk

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Overview is how a round's queue stands, in the districts that are looked at.
type Overview struct {
	Waiting      int // undecided
	Late         int // whose author let a deadline pass
	ToEstimate   int // undecided, sent to a division that has not answered
	Untranslated int
	Areas        []Share // by the most
	People       []Share // by the most; ID "" is nobody's
	Divisions    []Share // what is to be estimated
	Ages         []Age
	Days         []Day // today and those before it, the newest first
	Forecast     Forecast
}

// Share is how much lies with a district, a person or a division.
type Share struct {
	ID      string // a person's is her account
	Name    string // a person's
	Waiting int
	Late    int // beyond a question's deadline; a division's: beyond the estimate's
}

// Age is how much has waited so long.
type Age struct{ Days, Waiting int }

// Day is what came and was decided on a day of the city.
type Day struct {
	Day       time.Time
	Submitted int
	Decided   int // accepted or rejected; a decision that was corrected counts again
}

// Forecast is what is left at the end of vetting at the pace of the days before
// today that an overview tells of.
type Forecast struct {
	Ends    time.Time // of vetting
	PerDay  float64   // decided
	Days    int       // left, from today on
	Left    int
	Awaited bool // false: the end has passed, nothing is told
}

// OverviewDays are the days that an overview tells of, and Ages those after
// which it counts what waits.
const OverviewDays = 15

// Ages are the days after which an overview counts what still waits.
var Ages = []int{7, 14, 28, 56}

// Overviews counts how queues stand.
type Overviews interface {
	// Overview counts everything but the forecast, in these areas (nil: all).
	// Days are those of the zone that the store was given. Queries of one
	// snapshot, without a lock.
	Overview(ctx context.Context, round string, areas []string) (Overview, error)
}

// Overview is how the queue stands: a facilitator's districts, all for an
// official.
func (s *Service) Overview(ctx context.Context, actor domain.Actor, roundID string) (Overview, error) {
	if !actor.Is(domain.Facilitator) && !actor.Is(domain.Official) {
		return Overview{}, actor.Need(domain.Facilitator)
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return Overview{}, err
	}
	o, err := s.c.Overviews.Overview(ctx, roundID, actor.Districts())
	if err != nil {
		return Overview{}, err
	}
	o.Forecast = forecast(o, r)
	return o, nil
}

// forecast goes on at the pace of the days before today.
func forecast(o Overview, r round.At) Forecast {
	f := Forecast{Ends: r.Times.Vetting.Closes}
	before := o.Days
	if len(before) > 0 {
		before = before[1:]
	}
	decided := 0
	for _, d := range before {
		decided += d.Decided
	}
	if len(before) > 0 {
		f.PerDay = float64(decided) / float64(len(before))
	}
	if !f.Ends.After(r.Now) || r.Phase.Reached(round.Frozen) {
		return f
	}
	f.Awaited = true
	f.Days = int(f.Ends.Sub(r.Now)/(24*time.Hour)) + 1
	// In whole numbers, so that half a case is not left over by rounding.
	f.Left = max(0, o.Waiting-decided*f.Days/max(len(before), 1))
	return f
}
