package ballot_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"osbu/domain"
	"osbu/domain/ballot"
)

func TestValidate(t *testing.T) {
	costs := map[int]domain.Cents{1: domain.Euros(10), 2: domain.Euros(20), 3: domain.Euros(70), 4: domain.Euros(71)}
	approval := ballot.Form{Kind: ballot.Approval, Min: 1, Max: 2}
	knapsack := ballot.Form{Kind: ballot.Knapsack, Min: 1, Max: 4, Blank: true}
	for _, c := range []struct {
		name    string
		form    ballot.Form
		choices []int
		code    domain.Code
		fields  []domain.Field
	}{
		{name: "fewest", form: approval, choices: []int{3}},
		{name: "most", form: approval, choices: []int{3, 4}},
		{
			name: "blank where not allowed", form: approval, code: ballot.CodeInvalid,
			fields: []domain.Field{{Path: "choices", Code: "too_few", Limit: "1"}},
		},
		{name: "blank where allowed", form: knapsack},
		{name: "blank when nothing need be picked", form: ballot.Form{Kind: ballot.Approval, Max: 3}},
		{
			name: "allowed blank is no leave for too few", form: ballot.Form{Kind: ballot.Approval, Min: 2, Max: 3, Blank: true},
			choices: []int{1},
			code:    ballot.CodeInvalid, fields: []domain.Field{{Path: "choices", Code: "too_few", Limit: "2"}},
		},
		{
			name: "too many", form: approval, choices: []int{1, 2, 3}, code: ballot.CodeInvalid,
			fields: []domain.Field{{Path: "choices", Code: "too_many", Limit: "2"}},
		},
		{
			name: "not in the area", form: approval, choices: []int{1, 9}, code: ballot.CodeInvalid,
			fields: []domain.Field{{Path: "choices[1]", Code: "unknown"}},
		},
		{name: "knapsack exactly full", form: knapsack, choices: []int{1, 2, 3}},
		{
			name: "knapsack one euro over", form: knapsack, choices: []int{1, 2, 4}, code: ballot.CodeOverPot,
			fields: []domain.Field{{Path: "choices", Code: "too_large", Limit: "10000"}},
		},
		{
			name: "cost does not limit an approval", form: ballot.Form{Kind: ballot.Approval, Min: 1, Max: 4},
			choices: []int{1, 2, 3, 4},
		},
		{
			name: "all faults at once", form: ballot.Form{Kind: ballot.Knapsack, Min: 1, Max: 2}, choices: []int{1, 2, 4, 9},
			code: ballot.CodeInvalid,
			fields: []domain.Field{
				{Path: "choices", Code: "too_many", Limit: "2"},
				{Path: "choices[3]", Code: "unknown"},
				{Path: "choices", Code: "too_large", Limit: "10000"},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := ballot.Ballot{Vote: ballot.Vote{Choices: c.choices}}.Validate(c.form, costs, domain.Euros(100))
			if c.code == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e, ok := errors.AsType[*domain.Error](err)
			if !ok || e.Kind != domain.Invalid || e.Code != c.code || !slices.Equal(e.Fields, c.fields) {
				t.Fatalf("got %v, want %s %v", err, c.code, c.fields)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	good := ballot.Ballot{Round: "r", Paper: "p", Area: "a", Vote: ballot.Vote{Choices: []int{1, 2}}}
	if _, err := good.Encode(); err != nil {
		t.Fatal(err)
	}
	many := make([]int, ballot.MaxChoices+1)
	for i := range many {
		many[i] = i + 1
	}
	for name, spoil := range map[string]func(*ballot.Ballot){
		"round with a newline": func(b *ballot.Ballot) { b.Round = "r\npaper q" },
		"no paper":             func(b *ballot.Ballot) { b.Paper = "" },
		"area in capitals":     func(b *ballot.Ballot) { b.Area = "A" },
		"unsorted":             func(b *ballot.Ballot) { b.Choices = []int{2, 1} },
		"twice the same":       func(b *ballot.Ballot) { b.Choices = []int{1, 1} },
		"zero":                 func(b *ballot.Ballot) { b.Choices = []int{0} },
		"too large a number":   func(b *ballot.Ballot) { b.Choices = []int{ballot.MaxNumber + 1} },
		"too many":             func(b *ballot.Ballot) { b.Choices = many },
		"unknown kind":         func(b *ballot.Ballot) { b.Kind = "scores" },
		"points of picks":      func(b *ballot.Ballot) { b.Points = []int{1, 1} },
		"points missing":       func(b *ballot.Ballot) { b.Kind, b.Points = ballot.Points, []int{1} },
		"no point":             func(b *ballot.Ballot) { b.Kind, b.Points = ballot.Points, []int{1, 0} },
		"too many points":      func(b *ballot.Ballot) { b.Kind, b.Points = ballot.Points, []int{1, ballot.MaxPoints + 1} },
		"too many with points": func(b *ballot.Ballot) { b.Kind, b.Choices, b.Points = ballot.Points, many[:501], many[:501] },
		"points unsorted": func(b *ballot.Ballot) {
			b.Kind, b.Choices, b.Points = ballot.Points, []int{2, 1}, []int{1, 1}
		},
		"ranked twice":     func(b *ballot.Ballot) { b.Kind, b.Choices = ballot.Ranking, []int{2, 1, 2} },
		"ranked with zero": func(b *ballot.Ballot) { b.Kind, b.Choices = ballot.Ranking, []int{2, 0} },
	} {
		b := good
		spoil(&b)
		if text, err := b.Encode(); domain.CodeOf(err) != ballot.CodeInvalid {
			t.Errorf("%s: encoded as %q, error %v", name, text, err)
		}
	}
}

func TestValidatePointsAndRankings(t *testing.T) {
	costs := map[int]domain.Cents{1: domain.Euros(10), 2: domain.Euros(20), 3: domain.Euros(70), 4: domain.Euros(71)}
	points := ballot.Form{Kind: ballot.Points, Min: 2, Max: 3, Points: 10, PointsEach: 6}
	all := points
	all.PointsAll = true
	given := func(choices, points []int) ballot.Vote {
		return ballot.Vote{Kind: ballot.Points, Choices: choices, Points: points}
	}
	ranking := ballot.Form{Kind: ballot.Ranking, Min: 2, Max: 3}
	ranked := func(choices ...int) ballot.Vote { return ballot.Vote{Kind: ballot.Ranking, Choices: choices} }
	blank := func(f ballot.Form) ballot.Form { f.Blank = true; return f }
	none := func(f ballot.Form) ballot.Form { f.Min = 0; return f }
	for _, c := range []struct {
		name   string
		form   ballot.Form
		vote   ballot.Vote
		faults domain.Problems
	}{
		{name: "some of the points", form: points, vote: given([]int{1, 2}, []int{6, 1})},
		{name: "all of them, dearer than the pot", form: all, vote: given([]int{1, 3, 4}, []int{3, 6, 1})},
		{"one point too many", points, given([]int{1, 2}, []int{5, 6}), domain.Problems{{Path: "points", Code: "too_large", Limit: "10"}}},
		{"too many for one", points, given([]int{1, 2}, []int{2, 7}), domain.Problems{{Path: "points[1]", Code: "too_large", Limit: "6"}}},
		{"one left", all, given([]int{1, 2}, []int{6, 3}), domain.Problems{{Path: "points", Code: "too_small", Limit: "10"}}},
		{"too few projects", points, given([]int{4}, []int{6}), domain.Problems{{Path: "choices", Code: "too_few", Limit: "2"}}},
		{"too many projects", points, given([]int{1, 2, 3, 4}, []int{1, 1, 1, 1}), domain.Problems{{Path: "choices", Code: "too_many", Limit: "3"}}},
		{"not in the area", points, given([]int{1, 9}, []int{1, 1}), domain.Problems{{Path: "choices[1]", Code: "unknown"}}},
		{name: "blank where allowed", form: blank(all), vote: given(nil, nil)},
		{name: "blank where nothing need be named", form: none(points), vote: given(nil, nil)},
		{"blank where all must be given", none(all), given(nil, nil), domain.Problems{{Path: "points", Code: "too_small", Limit: "10"}}},
		{"picks where points are given", points, ballot.Vote{Choices: []int{1, 2}}, domain.Problems{{Path: "choices", Code: "not_allowed", Limit: "points"}}},
		{name: "the worst first", form: ranking, vote: ranked(4, 1)},
		{name: "all places", form: ranking, vote: ranked(3, 4, 1)},
		{"too few places", ranking, ranked(3), domain.Problems{{Path: "choices", Code: "too_few", Limit: "2"}}},
		{"too many places", ranking, ranked(1, 2, 3, 4), domain.Problems{{Path: "choices", Code: "too_many", Limit: "3"}}},
		{"a ranking where picks are made", ballot.Form{Kind: ballot.Approval, Min: 1, Max: 3}, ranked(1), domain.Problems{{Path: "choices", Code: "not_allowed", Limit: "approval"}}},
		{"picks where a ranking is made", ranking, ballot.Vote{Choices: []int{1, 2}}, domain.Problems{{Path: "choices", Code: "not_allowed", Limit: "ranking"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.vote.Validate(c.form, costs, domain.Euros(100))
			var got domain.Problems
			if e, ok := errors.AsType[*domain.Error](err); ok {
				got = e.Fields
			} else if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, c.faults) {
				t.Fatalf("got %v, want %v", got, c.faults)
			}
			if blank := len(c.vote.Choices) == 0; blank && (err == nil) != c.form.TakesBlank() {
				t.Errorf("TakesBlank is %v, the blank ballot's error %v", c.form.TakesBlank(), err)
			}
		})
	}
}

func TestFormFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		form   ballot.Form
		faults domain.Problems
	}{
		{name: "approval", form: ballot.Form{Kind: ballot.Approval, Min: 1, Max: 5}},
		{name: "ranking", form: ballot.Form{Kind: ballot.Ranking, Max: 1000}},
		{name: "points", form: ballot.Form{Kind: ballot.Points, Min: 3, Max: 500, Points: 10, PointsEach: 10, PointsAll: true}},
		{"unknown", ballot.Form{Kind: "scores", Max: 1}, domain.Problems{{Path: "kind", Code: "unknown"}}},
		{"more than fewest", ballot.Form{Kind: ballot.Ranking, Min: 3, Max: 2}, domain.Problems{{Path: "max", Code: "too_small", Limit: "3"}}},
		{
			"points on a ranking",
			ballot.Form{Kind: ballot.Ranking, Max: 2, Points: 1, PointsEach: 1, PointsAll: true},
			domain.Problems{
				{Path: "points", Code: "not_allowed", Limit: "only with points"},
				{Path: "points_each", Code: "not_allowed", Limit: "only with points"},
				{Path: "points_all", Code: "not_allowed", Limit: "only with points"},
			},
		},
		{"more projects than can have points", ballot.Form{Kind: ballot.Points, Max: 501, Points: 9, PointsEach: 1}, domain.Problems{{Path: "max", Code: "too_large", Limit: "500"}}},
		{"fewer points than projects", ballot.Form{Kind: ballot.Points, Min: 3, Max: 3, Points: 2, PointsEach: 1}, domain.Problems{{Path: "points", Code: "too_small", Limit: "3"}}},
		{"too many points", ballot.Form{Kind: ballot.Points, Max: 3, Points: 100_001, PointsEach: 1}, domain.Problems{{Path: "points", Code: "too_large", Limit: "100000"}}},
		{"none for one", ballot.Form{Kind: ballot.Points, Max: 3, Points: 10}, domain.Problems{{Path: "points_each", Code: "too_small", Limit: "1"}}},
		{"more for one than there are", ballot.Form{Kind: ballot.Points, Max: 3, Points: 10, PointsEach: 11}, domain.Problems{{Path: "points_each", Code: "too_large", Limit: "10"}}},
		{"they could not all be given", ballot.Form{Kind: ballot.Points, Max: 3, Points: 10, PointsEach: 3, PointsAll: true}, domain.Problems{{Path: "points_each", Code: "too_small", Limit: "4"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.form.Faults(); !slices.Equal(got, c.faults) {
				t.Fatalf("got %v, want %v", got, c.faults)
			}
		})
	}
}

// Whoever keeps to a form without faults can fill it in, and Fewest is how few
// projects that takes.
func TestFewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := ballot.Form{
			Kind: ballot.Points, Min: rapid.IntRange(0, 6).Draw(t, "min"), Max: rapid.IntRange(0, 6).Draw(t, "max"),
			Points: rapid.IntRange(0, 12).Draw(t, "points"), PointsEach: rapid.IntRange(0, 6).Draw(t, "each"),
			PointsAll: rapid.Bool().Draw(t, "all"),
		}
		if len(f.Faults()) > 0 {
			return
		}
		costs := map[int]domain.Cents{1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0}
		fewest := 0
		for n := 1; n <= 6 && fewest == 0; n++ {
			v, left := ballot.Vote{Kind: ballot.Points}, f.Points
			for i := range n { // as many as may be, and one for each that follows
				give := max(min(f.PointsEach, left-(n-1-i)), 1)
				left -= give
				v.Choices, v.Points = append(v.Choices, i+1), append(v.Points, give)
			}
			if v.Validate(f, costs, 0) == nil {
				fewest = n
			}
		}
		if fewest != f.Fewest() {
			t.Fatalf("%+v: filled in with %d projects, Fewest is %d", f, fewest, f.Fewest())
		}
	})
}

// Every ballot comes back from its bytes, and any change to it changes them.
func TestRoundTrip(t *testing.T) {
	ballots := rapid.Custom(func(t *rapid.T) ballot.Ballot {
		a := rapid.StringMatching(`[a-z0-9][a-z0-9-]{0,59}`)
		choices := rapid.SliceOfNDistinct(rapid.IntRange(1, ballot.MaxNumber), 0, 20, rapid.ID[int]).Draw(t, "choices")
		b := ballot.Ballot{
			Round: a.Draw(t, "round"),
			Paper: a.Draw(t, "paper"),
			Area:  a.Draw(t, "area"),
			Vote:  ballot.Vote{Kind: rapid.SampledFrom([]string{ballot.Picks, ballot.Points, ballot.Ranking}).Draw(t, "kind")},
		}
		switch b.Choices = choices; b.Kind {
		case ballot.Points:
			for range choices {
				b.Points = append(b.Points, rapid.IntRange(1, ballot.MaxPoints).Draw(t, "points"))
			}
			slices.Sort(choices)
		case ballot.Picks:
			slices.Sort(choices)
		}
		copy(b.Salt[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "salt"))
		return b
	})
	rapid.Check(t, func(t *rapid.T) {
		b, other := ballots.Draw(t, "ballot"), ballots.Draw(t, "other")
		text, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ballot.Decode(text)
		if err != nil || !same(back, b) {
			t.Fatalf("%+v came back as %+v, %v", b, back, err)
		}
		if othersText, err := other.Encode(); err != nil || bytes.Equal(othersText, text) != same(b, other) {
			t.Fatalf("%+v and %+v share bytes, %v", b, other, err)
		}
	})
}

func same(a, b ballot.Ballot) bool {
	return a.Round == b.Round && a.Paper == b.Paper && a.Area == b.Area && a.Kind == b.Kind && a.Compare(b.Vote) == 0 &&
		a.Salt == b.Salt
}

// What Decode accepts is canonical, whatever it is given; what it refuses it
// does not quote.
func FuzzDecode(f *testing.F) {
	b := ballot.Ballot{Round: "helsinki-2026", Paper: "main", Area: "etelainen", Vote: ballot.Vote{Choices: []int{3, 17, 204}}}
	text, err := b.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(strings.Replace(string(text), " 3 17 204", "", 1)))
	f.Add([]byte(strings.Replace(string(text), " 3 ", " 03 ", 1)))
	f.Add([]byte(strings.NewReplacer("v1", "v2", "choices 3 17 204", "points 3:4 17:1 204:5").Replace(string(text))))
	f.Add([]byte(strings.NewReplacer("v1", "v2", "choices 3 17 204", "ranking 17 204 3").Replace(string(text))))
	f.Add([]byte("osbu/ballot/v1\nround \npaper \narea \nchoices \nsalt \n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := ballot.Decode(text)
		if err != nil {
			if domain.CodeOf(err) != ballot.CodeInvalid {
				t.Fatal(err)
			}
			return
		}
		again, err := b.Encode()
		if err != nil || !bytes.Equal(again, text) {
			t.Fatalf("%q was accepted, but its ballot encodes as %q, %v", text, again, err)
		}
	})
}
