package paper

import (
	"reflect"
	"testing"

	"osbu/domain"
	"osbu/domain/ballot"
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
		"no serial":             {"0123;1;", "1", "", []string{"bad_format"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var faults []Fault
			keyed, err := onPaper().read([]byte(head+c.row+"\n"), true, &faults)
			if err != nil || len(keyed) != 1 {
				t.Fatalf("%+v, %v", keyed, err)
			}
			var codes []string
			for _, f := range faults {
				if !f.Second || f.Line != 2 || f.Head == "" {
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
	if _, err := onPaper().read([]byte(head+"0123-4567;1;\nO123-4567;2;\n"), false, &faults); err != nil ||
		len(faults) != 1 || faults[0].Code != "duplicate" || faults[0].Line != 3 {
		t.Errorf("%+v, %v", faults, err)
	}
}

// The second's order is another; what differs is one that is read otherwise,
// one whose reason is another, and one that each file lacks.
func TestDifferencesOfTwoFiles(t *testing.T) {
	t.Parallel()
	on := onPaper()
	var faults []Fault
	first, err := on.read([]byte(head+"AAAA-AAA1;1 2;\nAAAA-AAA2;3;\nAAAA-AAA3;;blank\nAAAA-AAA4;4;\nAAAA-AAA5;5;too many\n"),
		false, &faults)
	if err != nil {
		t.Fatal(err)
	}
	second, err := on.read([]byte(head+"AAAA-AAA6;1;\nAAAA-AAA5;5;too many\nAAAA-AAA3;;unreadable\nAAAA-AAA2;2;\nAAAA-AAA1;2 1;\n"),
		true, &faults)
	if err != nil || len(faults) > 0 {
		t.Fatalf("%+v, %v", faults, err)
	}
	var r Report
	r.compare(first, second)
	var serials []string
	for _, d := range r.Differences {
		serials = append(serials, d.Serial)
	}
	if want := []string{"AAAAAAA2", "AAAAAAA3", "AAAAAAA4", "AAAAAAA6"}; !reflect.DeepEqual(serials, want) {
		t.Errorf("got %q, want %q", serials, want)
	}
	count := r.count(first, Key{TakenAway: 1})
	if count.Agreed != 3 || count.Decided["too_many"] != 1 || count.Uncounted["blank"] != 1 || count.TakenAway != 1 {
		t.Errorf("%+v", count)
	}
}
