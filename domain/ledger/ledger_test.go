package ledger

import (
	"slices"
	"testing"
)

// What a year ends with the next begins with, also where nothing was booked.
func TestYears(t *testing.T) {
	got := Years([]Flow{
		{2027, Fund, -1000},
		{2027, Free, 200},
		{2027, Reserved, 800},
		{2029, Reserved, -500},
		{2029, Spent, 550},
		{2029, External, -100},
		{2029, Committed, 50},
		{2029, Free, -150},
		{2029, Returned, 150},
	})
	want := []Year{
		{Year: 2027, Pots: 1000, Closing: 1000},
		{Year: 2028, Opening: 1000, Closing: 1000},
		{Year: 2029, Opening: 1000, External: 100, Spent: 550, Returned: 150, Closing: 400},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for _, y := range got {
		if y.Opening+y.Pots+y.External-y.Spent-y.Maintenance-y.Returned-y.Carried != y.Closing {
			t.Errorf("%d does not add up: %+v", y.Year, y)
		}
	}
	if none := Years(nil); none != nil {
		t.Errorf("of nothing: %+v", none)
	}
}
