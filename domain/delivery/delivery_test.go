package delivery

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"osbu/domain"
)

// Whether a project is late follows from its promises alone, and moving a
// promise hides nothing.
func TestLate(t *testing.T) {
	const today = "2027-06-10"
	for _, c := range []struct {
		name string
		Report
		want Late
	}{
		{"nothing is promised", Report{Phase: Planning}, Late{}},
		{
			"the day has not come",
			Report{Phase: Planning, Dates: []Date{{Building, "2027-06-10", "2027-06-10", ""}}},
			Late{},
		},
		{
			"the day has gone by",
			Report{Phase: Planning, Dates: []Date{{Building, "2027-06-09", "2027-06-09", ""}}},
			Late{1, Building},
		},
		{
			"the promise was moved, and has not come",
			Report{Phase: Planning, Dates: []Date{{Done, "2027-09-01", "2027-10-01", ""}}},
			Late{30, Done},
		},
		{
			"the promise was moved, and has gone by",
			Report{Phase: Building, Dates: []Date{{Done, "2027-05-01", "2027-06-01", ""}}},
			Late{40, Done},
		},
		{
			"an earlier phase was late, and the next is in time",
			Report{Phase: Building, Dates: []Date{
				{Building, "2027-01-01", "2027-03-01", "2027-03-01"}, {Done, "2027-09-01", "2027-09-01", ""},
			}},
			Late{},
		},
		{
			"the furthest behind counts",
			Report{Phase: Planning, Dates: []Date{
				{Procurement, "2027-06-01", "2027-06-01", ""}, {Done, "2027-09-01", "2027-12-01", ""},
			}},
			Late{91, Done},
		},
		{
			"done late",
			Report{Phase: Warranty, Dates: []Date{
				{Done, "2027-05-01", "2027-06-01", "2027-05-11"}, {Warranty, "2027-05-01", "2027-05-01", "2027-06-01"},
			}},
			Late{10, Done},
		},
		{"done early", Report{Phase: Done, Dates: []Date{{Done, "2027-05-01", "2027-05-01", "2027-04-01"}}}, Late{}},
		{
			"promised earlier than at first",
			Report{Phase: Building, Dates: []Date{{Done, "2027-09-01", "2027-08-01", ""}}},
			Late{},
		},
		{
			"paused is late all the same",
			Report{Phase: Planning, Standing: Paused, Dates: []Date{{Building, "2027-06-09", "2027-06-09", ""}}},
			Late{1, Building},
		},
		{
			"cancelled",
			Report{Phase: Planning, Standing: Cancelled, Dates: []Date{{Building, "2026-06-09", "2026-06-09", ""}}},
			Late{},
		},
	} {
		if got := c.Late(today); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// A reached phase began today unless it is said when; a first promise stays; a
// phase reported by mistake is taken back.
func TestDatesOfAReport(t *testing.T) {
	const today = "2027-06-10"
	before := Report{Phase: Planning, Standing: OnCourse, Dates: []Date{
		{Planning, "2027-05-01", "2027-05-01", "2027-05-02"}, {Done, "2027-12-01", "2028-01-01", ""},
	}}
	for _, c := range []struct {
		name string
		to   Report
		want []Date
	}{
		{
			"the next phase",
			Report{Phase: Procurement},
			[]Date{before.Dates[0], {Procurement, "", "", today}, before.Dates[1]},
		},
		{
			"on another day",
			Report{Phase: Procurement, Dates: []Date{{Phase: Procurement, Actual: "2027-06-01"}}},
			[]Date{before.Dates[0], {Procurement, "", "", "2027-06-01"}, before.Dates[1]},
		},
		{
			"another promise",
			Report{Phase: Planning, Dates: []Date{{Phase: Done, Promised: "2028-03-01"}}},
			[]Date{before.Dates[0], {Done, "2027-12-01", "2028-03-01", ""}},
		},
		{
			"a new promise",
			Report{Phase: Planning, Dates: []Date{{Phase: Building, Promised: "2027-10-01"}}},
			[]Date{before.Dates[0], {Building, "2027-10-01", "2027-10-01", ""}, before.Dates[1]},
		},
		{
			"back",
			Report{Phase: Codevelopment},
			[]Date{{Codevelopment, "", "", today}, {Planning, "2027-05-01", "2027-05-01", ""}, before.Dates[1]},
		},
	} {
		var problems domain.Problems
		c.to.Standing = OnCourse
		got := c.to.clean(before, today, &problems)
		if err := problems.Err(); err != nil || !slices.Equal(got.Dates, c.want) {
			t.Errorf("%s: got %+v, %v, want %+v", c.name, got.Dates, err, c.want)
		}
	}
}

func TestAReportNamesEveryFault(t *testing.T) {
	before := Report{Phase: Planning, Division: "parks", Dates: []Date{{Done, "2027-12-01", "2027-12-01", ""}}}
	bad := Report{
		Phase: "dreaming", Standing: Paused, Reason: domain.Text{Fi: "Odottaa"}, News: domain.Text{Sv: "Nytt"},
		Documents: []Document{
			{Title: domain.Text{Fi: "Suunnitelma", Sv: "Plan"}, Address: "http://example.org"},
			{Title: domain.Text{Fi: "Suunnitelma"}, Address: "https://example.org/plan.pdf"},
		},
		Dates: []Date{
			{Phase: Done},
			{Phase: Done, Promised: "2027-12-24"},
			{Phase: Planning, Promised: "31.12.2027"},
			{Phase: Codevelopment, Actual: "2027-06-11"},
		},
	}
	var problems domain.Problems
	kept := bad.clean(before, "2027-06-10", &problems)
	var e *domain.Error
	if !errors.As(problems.Err(), &e) {
		t.Fatal("nothing was wrong")
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Path+" "+f.Code)
	}
	want := []string{
		"phase unknown", "reason.sv required", "news.fi required", "documents[0].address bad_format",
		"documents[1].title.sv required", "dates[0].promised required", "dates[1].phase unknown",
		"dates[2].promised bad_format", "dates[3].actual too_large", "dates[3].actual not_allowed",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if kept.Division != "parks" {
		t.Errorf("a report handed it to %q", kept.Division)
	}
}
