package paper

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
)

// onPaper has the areas north (1, 2, 3, 4, 5, 6) and south (7), of which a
// sheet names 1 to 5 projects of one.
func onPaper() frozen {
	costs := func(numbers ...int) map[int]domain.Cents {
		all := map[int]domain.Cents{}
		for _, n := range numbers {
			all[n] = 100
		}
		return all
	}
	on := frozen{
		paper: round.ManifestPaper{ID: "main", Form: ballot.Form{Kind: ballot.Approval, Min: 1, Max: 5}},
		areas: map[int]string{}, pots: map[string]domain.Cents{"north": 1000, "south": 1000},
		costs: map[string]map[int]domain.Cents{"north": costs(1, 2, 3, 4, 5, 6), "south": costs(7)},
	}
	for area, numbers := range on.costs {
		for number := range numbers {
			on.areas[number] = area
		}
	}
	return on
}

const head = "Sarjanumero;Numerot;Syy\n"

func TestASheetIsTakenOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		row     string
		choices string
		reason  string
		codes   []string
	}{
		"as it is":              {"0123-4567;3 1;", "1 3", "", nil},
		"commas, small letters": {"abcd-efgh;3, 1;", "1 3", "", nil},
		"six projects":          {"0123-4567;1 2 3 4 5 6;", "1 2 3 4 5 6", "", []string{"too_many"}},
		"six, rejected":         {"0123-4567;;liian monta", "", "too_many", nil},
		"six, five count":       {"0123-4567;1 2 3 4 5;too many", "1 2 3 4 5", "too_many", nil},
		"two areas":             {"0123-4567;1 7;", "1 7", "", []string{"several_areas"}},
		"two areas, rejected":   {"0123-4567;;flera områden", "", "several_areas", nil},
		"an unknown number":     {"0123-4567;1 99;", "1 99", "", []string{"unknown"}},
		"the same twice":        {"0123-4567;1 1;", "1 1", "", []string{"bad_format"}},
		"no number":             {"0123-4567;x;", "", "", []string{"bad_format"}},
		"nothing":               {"0123-4567;;", "", "", []string{"required"}},
		"blank":                 {"0123-4567;;tyhjä", "", "blank", nil},
		"a reason of its own":   {"0123-4567;;no idea", "", "", []string{"unknown"}},
		"of nothing but a withdrawn project": {
			"0123-4567;;withdrawn project", "", "withdrawn_project", nil,
		},
		"of one beside others": {"0123-4567;1 2;peruttu hanke", "1 2", "withdrawn_project", nil},
		"no serial":            {"0123;1;", "1", "", []string{"bad_format"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var faults []Fault
			keyed, err := onPaper().read([]byte(head+c.row+"\n"), &faults)
			if err != nil || len(keyed) != 1 {
				t.Fatalf("%+v, %v", keyed, err)
			}
			var codes []string
			for _, f := range faults {
				if f.Line != 2 || f.Head == "" {
					t.Errorf("fault %+v", f)
				}
				codes = append(codes, f.Code)
			}
			if keyed[0].Choices != c.choices || keyed[0].Reason != c.reason || !reflect.DeepEqual(codes, c.codes) {
				t.Errorf("got %q %q %q, want %q %q %q", keyed[0].Choices, keyed[0].Reason, codes, c.choices, c.reason, c.codes)
			}
		})
	}
}

func TestTheSameSheetTwiceInAFile(t *testing.T) {
	t.Parallel()
	var faults []Fault
	if _, err := onPaper().read([]byte(head+"0123-4567;1;\nO123-4567;2;\n"), &faults); err != nil ||
		len(faults) != 1 || faults[0].Code != "duplicate" || faults[0].Line != 3 {
		t.Errorf("%+v, %v", faults, err)
	}
}

// keyed reads a file that has no fault.
func keyed(t *testing.T, rows string) []Keyed {
	t.Helper()
	var faults []Fault
	sheets, err := onPaper().read([]byte(head+rows), &faults)
	if err != nil || len(faults) > 0 {
		t.Fatalf("%+v, %v", faults, err)
	}
	return sheets
}

// hand gives in what one of the two keyed in, as the box would keep it.
func (e *entries) hand(t *testing.T, part int, rows string) (faults []Fault) {
	t.Helper()
	k, err := e.next(part, keyed(t, rows), &faults)
	if err != nil {
		t.Fatal(err)
	}
	if k.Part = part; len(faults) == 0 {
		e.add(k)
	}
	return faults
}

const (
	oneSays   = "AAAA-AAA1;1 2;\nAAAA-AAA2;3;\nAAAA-AAA3;;blank\nAAAA-AAA4;4;\nAAAA-AAA5;5;too many\n"
	otherSays = "AAAA-AAA6;1;\nAAAA-AAA5;5;too many\nAAAA-AAA3;;unreadable\nAAAA-AAA2;2;\nAAAA-AAA1;2 1;\n"
)

func (r Report) serials() (all []string) {
	for _, d := range r.Differences {
		all = append(all, d.Serial)
	}
	return all
}

// The second's order is another; what differs is one that is read otherwise,
// one whose reason is another, and one that each lacks. Only the two are told;
// whoever puts the batch into the log is told the numbers alone.
func TestDifferencesShowOnlyWhenBothHaveHandedIn(t *testing.T) {
	t.Parallel()
	a := asked{on: onPaper(), may: capability{part: 1}}
	a.batch.Declared, a.batch.Marked = 6, 6
	var r Report
	a.entries.hand(t, 1, oneSays)
	if a.tell(&r); r.Keyed != KeyedOnce || !r.Handed || len(r.Differences) > 0 || r.Agreed > 0 {
		t.Errorf("of the first alone: %+v", r)
	}
	a.entries.hand(t, 2, otherSays)
	r = Report{}
	a.tell(&r)
	if want := []string{"AAAAAAA2", "AAAAAAA3", "AAAAAAA4", "AAAAAAA6"}; !reflect.DeepEqual(r.serials(), want) {
		t.Errorf("got %q, want %q", r.serials(), want)
	}
	if d := r.Differences; d[0].First.Choices != "3" || d[0].Second.Choices != "2" || d[2].Second != nil ||
		d[3].First != nil {
		t.Errorf("%+v", d)
	}
	if r.Keyed != KeyedApart || r.Agreed != 1 || r.Decided["too_many"] != 1 || len(r.Uncounted) > 0 || r.Missing != 4 {
		t.Errorf("%+v", r)
	}
	a.may.part, r = 0, Report{}
	if a.tell(&r); len(r.Differences) > 0 || r.Handed || r.Agreed != 1 {
		t.Errorf("to an official: %+v", r)
	}
}

// Either says once more what they differ in: what she leaves out is none of
// hers, what they agree on stands.
func TestOneOfTwoKeysAgainWhatTheyDifferIn(t *testing.T) {
	t.Parallel()
	var e entries
	e.hand(t, 1, oneSays)
	var faults []Fault
	if _, err := e.next(1, keyed(t, "AAAA-AAA1;1;\n"), &faults); domain.CodeOf(err) != CodeHanded {
		t.Errorf("something else, before the other one has handed in: %v", err)
	}
	e.hand(t, 2, otherSays)
	if got := e.hand(t, 2, "AAAA-AAA1;1 2;\nAAAA-AAA5;5;\nAAAA-AAA2;3;\n"); len(got) != 1 || got[0].Code != faultAgreed ||
		got[0].Line != 3 {
		t.Errorf("another word on what they agree on: %+v", got)
	}
	// The second was wrong in AAA2 and AAA3, and AAA6 is AAA4 misread.
	if got := e.hand(t, 2, "AAAA-AAA2;3;\nAAAA-AAA3;;blank\nAAAA-AAA4;4;\n"); len(got) > 0 || e.progress() != KeyedAlike ||
		e[1].Version != 2 {
		t.Errorf("%+v, %s: %+v", got, e.progress(), e[1])
	}
	if _, err := e.next(1, keyed(t, "AAAA-AAA1;1;\n"), &faults); domain.CodeOf(err) != CodeHanded {
		t.Errorf("something else, when both agree: %v", err)
	}
	const last = "AAAA-AAA5;5;too many\n"
	for _, rows := range []string{oneSays, last + strings.Replace(oneSays, last, "", 1)} {
		if k, err := e.next(1, keyed(t, rows), &faults); err != nil || k.Version != 1 {
			t.Errorf("the same once more: %+v, %v", k, err)
		}
	}
}

// What the box keeps tells no order of keying, and is read as it was keyed in,
// whatever the form.
func TestLinesAreInTheOrderOfTheirSerials(t *testing.T) {
	t.Parallel()
	var e entries
	e.hand(t, 1, otherSays)
	if !slices.IsSorted(e[0].Sheets) {
		t.Errorf("%q", e[0].Sheets)
	}
	for _, form := range []ballot.Form{
		{Kind: ballot.Points, Min: 1, Max: 3, Points: 5, PointsEach: 4}, {Kind: ballot.Ranking, Min: 1, Max: 3},
	} {
		on, cell := onPaper(), "3:4 1:1"
		if on.paper.Form = form; form.Kind == ballot.Ranking {
			cell = "3 1"
		}
		var faults []Fault
		sheets, err := on.read([]byte(head+"AAAA-AAA1;"+cell+";mark outside a box\n"), &faults)
		if err != nil || len(faults) > 0 {
			t.Fatalf("%+v, %v", faults, err)
		}
		sheets[0].Line = 0
		if got := on.lines(&box.KeyedSheets{Sheets: toLines(sheets)}); !reflect.DeepEqual(got, sheets) {
			t.Errorf("%+v, want %+v", got, sheets)
		}
	}
}
