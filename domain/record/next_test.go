package record_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/record"
	"osbu/domain/round"
)

// One official has the freeze before her; another changes what it fixes. The
// first one's freeze is refused, naming what is another now, and nothing is
// frozen.
func TestWhatIsFrozenIsWhatWasShown(t *testing.T) {
	for part, change := range map[string]func(*world){
		"areas":    func(w *world) { w.round.Settings.Areas[0].Pot = 0 },
		"voting":   func(w *world) { w.round.Times.Voting.Closes = w.round.Times.Voting.Closes.AddDate(0, 0, 1) },
		"name":     func(w *world) { w.round.Name.Fi = "Toinen" },
		"papers":   func(w *world) { w.round.Settings.Papers[0].Form.Max = 1 },
		"projects": func(w *world) { w.dearer = domain.Euros(1) },
	} {
		t.Run(part, func(t *testing.T) {
			w := newWorld(t)
			q := w.shown(t, round.Freeze)
			change(w)
			_, err := w.service(t).Take(t.Context(), official, "r", q)
			e, _ := errors.AsType[*domain.Error](err)
			if domain.CodeOf(err) != round.CodeStepChanged || len(e.Fields) != 1 || e.Fields[0].Path != part {
				t.Errorf("got %v, want that %s changed", err, part)
			}
			if w.round.Phase != round.Vetting || w.frozen != nil {
				t.Errorf("it stands %s", w.round.Phase)
			}
			if _, err := w.take(t, round.Freeze); err != nil {
				t.Errorf("shown again: %v", err)
			}
		})
	}
}

// What is odd needs a tick, each for itself.
func TestWarningsNeedATickEach(t *testing.T) {
	w := newWorld(t)
	q := w.shown(t, round.Freeze)
	if len(q.Accepted) < 2 {
		t.Fatalf("got %v, want more warnings", q.Accepted)
	}
	left := q.Accepted[0]
	q.Accepted = q.Accepted[1:]
	_, err := w.service(t).Take(t.Context(), official, "r", q)
	e, _ := errors.AsType[*domain.Error](err)
	if domain.CodeOf(err) != round.CodeStepWarned || len(e.Fields) != 1 || e.Fields[0].Limit != string(left) {
		t.Errorf("got %v, want that %s is not accepted", err, left)
	}
}

// What a ballot lacks in a language needs a word, in any of the three; asking a
// second official does, too.
func TestMissingTextsNeedAWord(t *testing.T) {
	for _, four := range []bool{false, true} {
		w := newWorld(t)
		w.round.Settings.FourEyes = four
		w.title, w.text = &domain.Text{Fi: "Penkki", En: "Bench"}, domain.Text{Fi: "Rannalle"}
		next, err := w.service(t).Next(t.Context(), official, "r")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(next.Missing), "[{sv 2 2} {en 0 2}]"; got != want {
			t.Fatalf("missing is %s, want %s", got, want)
		}
		take := func(word string) error {
			q := w.shown(t, round.Freeze)
			q.Missing = word
			if four {
				return w.service(t).Ask(t.Context(), official, "r", q)
			}
			_, err := w.service(t).Take(t.Context(), official, "r", q)
			return err
		}
		for _, word := range []string{"", "yes", "puuttu"} {
			err := take(word)
			e, _ := errors.AsType[*domain.Error](err)
			if domain.CodeOf(err) != record.CodeTextsMissing || len(e.Fields) != 2 || e.Fields[0].Path != "missing.sv" ||
				e.Fields[0].Limit != "4" || w.round.Phase != round.Vetting || w.round.Asked != nil {
				t.Fatalf("with %q: got %v, and the round stands %s", word, err, w.round.Phase)
			}
		}
		if err := take(" Saknas "); err != nil {
			t.Fatal(err)
		}
	}
}

// What the ballot does not promise wants no word.
func TestOnlyPromisedTextsAreMissing(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.Languages = []domain.Language{domain.Finnish}
	w.title, w.text = &domain.Text{Fi: "Penkki"}, domain.Text{Fi: "Rannalle"}
	next, err := w.service(t).Next(t.Context(), official, "r")
	if err != nil || len(next.Missing) > 0 {
		t.Fatalf("missing is %v, %v", next.Missing, err)
	}
	if _, err := w.service(t).Take(t.Context(), official, "r", w.shown(t, round.Freeze)); err != nil {
		t.Error(err)
	}
}

// A text that was translated meanwhile is another ballot than the one that was
// shown.
func TestMissingTextsAreThoseShown(t *testing.T) {
	w := newWorld(t)
	q := w.shown(t, round.Freeze)
	w.text = domain.Text{Fi: "Rannalle"}
	_, err := w.service(t).Take(t.Context(), official, "r", q)
	e, _ := errors.AsType[*domain.Error](err)
	if domain.CodeOf(err) != round.CodeStepChanged || len(e.Fields) != 1 || e.Fields[0].Path != "missing" {
		t.Errorf("got %v, want that the missing texts changed", err)
	}
}

// Each oddity of a ballot is found, and where.
func TestOdditiesOfABallot(t *testing.T) {
	for want, spoil := range map[string]func(*world){
		"": func(*world) {},
		"pot_empty [a] []project_over_pot [a] [1 2]": func(w *world) { w.round.Settings.Areas[0].Pot = 0 },
		"project_over_pot [a] [1]":                   func(w *world) { w.round.Settings.Areas[0].Pot = domain.Euros(55) },
		"no_age_limit [] []":                         func(w *world) { w.round.Settings.Eligibility.Age = 0 },
		"funds_without_votes [a] []": func(w *world) {
			w.round.Settings.Rule = round.Rule{
				Rule:             "greedy",
				RespectConflicts: true,
			}
		},
		"conflicts_ignored [] [1 2]": func(w *world) {
			w.round.Settings.Rule.RespectConflicts = false
			w.conflicts = []round.ManifestConflict{{Projects: []int{1, 2}}}
		},
		"voting_past [] []":      func(w *world) { w.now = w.round.Times.Voting.Closes },
		"swedish_missing [a] []": func(w *world) { w.round.Settings.Areas[0].Name.Sv = "" },
		"english_missing [a] []": func(w *world) {
			w.round.Settings.Languages = []domain.Language{domain.English}
			w.round.Settings.Areas[0].Name.Sv, w.round.Settings.Areas[0].Name.En = "", ""
		},
	} {
		t.Run(want, func(t *testing.T) {
			w := newWorld(t)
			all := domain.Text{Fi: "A", Sv: "A", En: "A"}
			w.title, w.now = &all, w.round.Times.Voting.Opens
			w.round.Settings.Areas[0].Name, w.round.Settings.Papers[0].Name = all, all
			w.round.Settings.Eligibility.Age = 13
			w.round.Settings.Rule = round.Rule{Rule: "greedy-threshold", Threshold: 1, RespectConflicts: true}
			spoil(w)
			next, err := w.service(t).Next(t.Context(), official, "r")
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, f := range next.Warnings {
				got += fmt.Sprint(f.Code, " ", f.Areas, " ", f.Projects)
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// Under a knapsack nobody could choose what is dearer than the pot: it blocks
// the freeze, whatever is ticked.
func TestWhatNobodyCouldChooseBlocks(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.Papers[0].Form = ballot.Form{Kind: ballot.Knapsack, Min: 1, Max: 2}
	w.round.Settings.Areas[0].Pot = domain.Euros(55)
	next, err := w.service(t).Next(t.Context(), official, "r")
	if err != nil {
		t.Fatal(err)
	}
	if b := next.Blockers; len(b) != 1 || b[0].Code != record.Unchoosable || !slices.Equal(b[0].Projects, []int{1}) {
		t.Errorf("got %v, want project 1 unchoosable", b)
	}
	if _, err := w.take(t, round.Freeze); domain.CodeOf(err) != round.CodeBlocked {
		t.Errorf("got %v, want it blocked", err)
	}
	w.round.Settings.Areas[0].Pot = domain.Euros(40)
	if next, err = w.service(t).Next(t.Context(), official, "r"); err != nil || len(next.Blockers) != 2 ||
		next.Blockers[0].Code != record.PotTooSmall {
		t.Errorf("got %v, %v, want a pot too small for any ballot", next.Blockers, err)
	}
}

// A vote that is closed early says when it was.
func TestClosingEarlyIsToldInTheTimes(t *testing.T) {
	w := newWorld(t)
	for _, step := range []round.Step{round.Freeze, round.Open} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	w.now = w.round.Times.Voting.Opens.AddDate(0, 0, 1)
	q := w.shown(t, round.Close)
	q.Reason = "a flood"
	r, err := w.service(t).Take(t.Context(), official, "r", q)
	if err != nil || !r.Times.Voting.Closes.Equal(w.now) {
		t.Errorf("got %s, %v, want %s", r.Times.Voting.Closes, err, w.now)
	}
}

// A decision's number has a digit in it.
func TestDecisionsHaveNumbers(t *testing.T) {
	w := newWorld(t)
	for decision, want := range map[string]string{"": "decision required", "väärä numero": "decision bad_format"} {
		q := w.shown(t, round.Freeze)
		q.Decision = decision
		_, err := w.service(t).Take(t.Context(), official, "r", q)
		e, _ := errors.AsType[*domain.Error](err)
		if e == nil || len(e.Fields) != 1 || e.Fields[0].Path+" "+e.Fields[0].Code != want {
			t.Errorf("%q: got %v, want %s", decision, err, want)
		}
	}
}
