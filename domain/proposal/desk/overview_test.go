package desk

import (
	"testing"
	"time"

	"osbu/domain/round"
)

// What is left at the end follows the days before today, which is not over.
func TestForecast(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	days := make([]Day, OverviewDays)
	days[0].Decided = 100 // today
	days[1].Decided, days[5].Decided = 4, 3
	for name, one := range map[string]struct {
		waiting int
		closes  time.Time
		phase   round.Phase
		days    []Day
		want    Forecast
	}{
		"half a case a day": {20, now.Add(10 * 24 * time.Hour), round.Vetting, days, Forecast{PerDay: 0.5, Days: 11, Left: 15}},
		"all done":          {3, now.Add(10 * 24 * time.Hour), round.Vetting, days, Forecast{PerDay: 0.5, Days: 11}},
		"the last day":      {3, now.Add(time.Hour), round.Vetting, days, Forecast{PerDay: 0.5, Days: 1, Left: 3}},
		"nothing decided":   {3, now.Add(time.Hour), round.Vetting, nil, Forecast{Days: 1, Left: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := round.Round{Phase: one.phase, Times: round.Times{Vetting: round.Window{Closes: one.closes}}}
			one.want.Ends, one.want.Awaited = one.closes, true
			if got := forecast(Overview{Waiting: one.waiting, Days: one.days}, round.At{Round: r, Now: now}); got != one.want {
				t.Errorf("got %+v, want %+v", got, one.want)
			}
			r.Times.Vetting.Closes = now
			if got := forecast(Overview{Waiting: one.waiting, Days: one.days}, round.At{Round: r, Now: now}); got.Awaited {
				t.Errorf("past the end: got %+v", got)
			}
		})
	}
}
