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
			err := ballot.Ballot{Choices: c.choices}.Validate(c.form, costs, domain.Euros(100))
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
	good := ballot.Ballot{Round: "r", Paper: "p", Area: "a", Choices: []int{1, 2}}
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
	} {
		b := good
		spoil(&b)
		if text, err := b.Encode(); domain.CodeOf(err) != ballot.CodeInvalid {
			t.Errorf("%s: encoded as %q, error %v", name, text, err)
		}
	}
}

// Every ballot comes back from its bytes, and any change to it changes them.
func TestRoundTrip(t *testing.T) {
	ballots := rapid.Custom(func(t *rapid.T) ballot.Ballot {
		a := rapid.StringMatching(`[a-z0-9][a-z0-9-]{0,59}`)
		choices := rapid.SliceOfNDistinct(rapid.IntRange(1, ballot.MaxNumber), 0, 20, rapid.ID[int]).Draw(t, "choices")
		slices.Sort(choices)
		b := ballot.Ballot{
			Round:   a.Draw(t, "round"),
			Paper:   a.Draw(t, "paper"),
			Area:    a.Draw(t, "area"),
			Choices: choices,
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
	return a.Round == b.Round && a.Paper == b.Paper && a.Area == b.Area && slices.Equal(a.Choices, b.Choices) &&
		a.Salt == b.Salt
}

// What Decode accepts is canonical, whatever it is given; what it refuses it
// does not quote.
func FuzzDecode(f *testing.F) {
	b := ballot.Ballot{Round: "helsinki-2026", Paper: "main", Area: "etelainen", Choices: []int{3, 17, 204}}
	text, err := b.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(strings.Replace(string(text), " 3 17 204", "", 1)))
	f.Add([]byte(strings.Replace(string(text), " 3 ", " 03 ", 1)))
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
