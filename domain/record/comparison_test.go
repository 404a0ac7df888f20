package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/record"
	"osbu/domain/round"
)

var colleague = domain.Actor{ID: 8, Roles: []domain.Role{domain.Official}}

// published is a round with three sheets, each of which names project 2 of area
// a, whose record is published.
func published(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.spent["p"] = record.Spent{Online: 4, Assisted: 1, OnPaper: 3}
	w.batches = []box.PaperBatch{{
		Batch: "A", Paper: "p", Place: "Kallio", Day: "2026-05-14", State: box.BatchSealed, Marked: 3, Declared: 3,
		BatchCount: box.BatchCount{Agreed: 3},
	}}
	for i := range 3 {
		w.onPaper(t, fmt.Sprintf("0000000%d", i+1))
	}
	for _, step := range []round.Step{
		round.Freeze, round.Open, round.Close, round.Count, round.Confirm, round.Publish,
	} {
		if _, err := w.take(t, step); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	return w
}

func sheetNamed(serial string) record.SheetName { return record.SheetName{Batch: "A", Serial: serial} }

// What is drawn is what anybody draws from the record; what was seen is held
// against it, and shown to everybody when another official publishes it.
func TestSheetsAreComparedWithTheRecord(t *testing.T) {
	w := published(t)
	s, ctx := w.service(t), context.Background()
	all := func(who domain.Actor) []record.Comparison {
		t.Helper()
		all, err := s.SheetComparisons(ctx, who, "r")
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	two, err := s.DrawComparison(ctx, official, "r", "dice 4 6 1", 2)
	if err != nil || two.Number != 1 || two.Of != 3 || len(two.Sheets) != 2 {
		t.Fatalf("%+v, %v", two, err)
	}
	left := slices.DeleteFunc(
		[]record.SheetName{sheetNamed("00000001"), sheetNamed("00000002"), sheetNamed("00000003")},
		func(n record.SheetName) bool { return slices.Contains(two.Sheets, n) },
	)
	last := record.SheetKey("dice 4 6 1", left[0].Batch, left[0].Serial)
	for _, n := range two.Sheets {
		if key := record.SheetKey("dice 4 6 1", n.Batch, n.Serial); bytes.Compare(key[:], last[:]) > 0 {
			t.Errorf("%+v is drawn before %+v", n, left[0])
		}
	}
	if again, err := s.DrawComparison(ctx, colleague, "r", "dice 4 6 1", 2); err != nil || again.Number != 1 {
		t.Errorf("the same once more: %+v, %v", again, err)
	}
	c, err := s.DrawComparison(ctx, official, "r", "dice 2 2 2", 99)
	if err != nil || c.Number != 2 || len(c.Sheets) != 3 {
		t.Fatalf("%+v, %v", c, err)
	}

	seen := []record.SeenSheet{
		{SheetName: sheetNamed("00000002"), Seen: "1 2"},
		{SheetName: sheetNamed("00000001"), Seen: "02"},
		{SheetName: sheetNamed("00000003"), Missing: true},
	}
	if c, err = s.SaveComparison(ctx, official, "r", 2, seen); err != nil {
		t.Fatal(err)
	}
	f := c.Found
	if f == nil || f.Alike != 1 || f.Unseen != 0 || f.Estimated != 2 || !c.Own || c.Version != 3 ||
		!slices.Equal(f.Missing, []record.SheetName{sheetNamed("00000003")}) ||
		!slices.Equal(f.Other, []record.OtherSheet{{sheetNamed("00000002"), "1 2", "2"}}) {
		t.Errorf("%+v of %+v", f, c)
	}
	// Project 2 has 5 of the 8 votes, project 1 has 3, and they do not both fit:
	// one wrong sheet may make them equal, none is surely too few.
	if len(f.Areas) != 1 || f.Areas[0].Area != "a" || f.Areas[0].Sheets == nil || *f.Areas[0].Sheets != 0 {
		t.Errorf("%+v", f.Areas)
	}
	if got := all(domain.Actor{}); len(got) != 2 || got[1].Found != nil || got[1].Version != 0 ||
		len(got[1].Sheets) != 3 {
		t.Errorf("the public sees %+v", got)
	}
	if got := all(colleague); got[1].Found == nil || got[1].Own || got[1].Version != 3 {
		t.Errorf("a colleague sees %+v", got)
	}

	if _, err := s.PublishComparison(ctx, official, "r", 2, 3); domain.CodeOf(err) != round.CodeOwnRequest {
		t.Errorf("published by who saved it: %v", err)
	}
	if c, err = s.SaveComparison(ctx, official, "r", 2, seen[:2]); err != nil || c.Found.Unseen != 1 || c.Version != 4 {
		t.Fatalf("saved again: %+v, %v", c, err)
	}
	for name, call := range map[string]func() error{
		"what is no more":      func() error { _, err := s.PublishComparison(ctx, colleague, "r", 2, 3); return err },
		"what nobody compared": func() error { _, err := s.PublishComparison(ctx, colleague, "r", 1, 1); return err },
	} {
		if err := call(); domain.CodeOf(err) != domain.CodeEdited {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 2 { // the answer was lost
		if c, err = s.PublishComparison(ctx, colleague, "r", 2, 4); err != nil || c.Published.IsZero() {
			t.Fatalf("%+v, %v", c, err)
		}
	}
	if len(w.compared) != 5 {
		t.Errorf("%d entries: %+v", len(w.compared), w.compared)
	}
	if _, err := s.SaveComparison(ctx, official, "r", 2, seen); domain.CodeOf(err) != domain.CodeEdited {
		t.Errorf("changed when it is published: %v", err)
	}
	if got := all(domain.Actor{}); got[1].Found == nil || got[1].Found.Alike != 1 || got[0].Found != nil ||
		got[1].Version != 0 {
		t.Errorf("the public sees %+v", got)
	}
}

func TestComparisonsAreRefused(t *testing.T) {
	w := published(t)
	ctx := context.Background()
	resident := domain.Actor{ID: 9}
	officer := domain.Actor{ID: 10, Roles: []domain.Role{domain.Officer}}
	s := w.service(t)
	c, err := s.DrawComparison(ctx, official, "r", "x", 2)
	if err != nil {
		t.Fatal(err)
	}
	for who, want := range map[*domain.Actor]domain.Kind{
		{}: domain.Unauthenticated, &resident: domain.Forbidden, &officer: domain.Forbidden,
	} {
		_, drawn := s.DrawComparison(ctx, *who, "r", "x", 1)
		_, saved := s.SaveComparison(ctx, *who, "r", 1, nil)
		_, shown := s.PublishComparison(ctx, *who, "r", 1, 1)
		for _, err := range []error{drawn, saved, shown} {
			if domain.KindOf(err) != want {
				t.Errorf("%+v: %v", *who, err)
			}
		}
	}
	undrawn := "00000001"
	for _, serial := range []string{"00000002", "00000003"} {
		if !slices.Contains(c.Sheets, sheetNamed(serial)) {
			undrawn = serial
		}
	}
	for name, tc := range map[string]struct {
		seen []record.SeenSheet
		code string
	}{
		"a sheet that was not drawn": {[]record.SeenSheet{{SheetName: sheetNamed(undrawn)}}, "unknown"},
		"a sheet of nobody":          {[]record.SeenSheet{{SheetName: sheetNamed("ZZZZZZZZ")}}, "unknown"},
		"a word":                     {[]record.SeenSheet{{SheetName: c.Sheets[0], Seen: "x"}}, "bad_format"},
		"twice":                      {[]record.SeenSheet{{SheetName: c.Sheets[0]}, {SheetName: c.Sheets[0]}}, "duplicate"},
		"nothing":                    {nil, "required"},
	} {
		_, err := s.SaveComparison(ctx, official, "r", 1, tc.seen)
		if e, ok := errors.AsType[*domain.Error](err); !ok || e.Kind != domain.Invalid || len(e.Fields) != 1 ||
			e.Fields[0].Code != tc.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.SaveComparison(ctx, official, "r", 9, nil); domain.KindOf(err) != domain.NotFound {
		t.Errorf("one that nobody began: %v", err)
	}
	if _, err := s.DrawComparison(ctx, official, "r", " ", 1); domain.KindOf(err) != domain.Invalid {
		t.Errorf("without a seed: %v", err)
	}
	w.round.Phase = round.Confirmed
	if _, err := s.DrawComparison(ctx, official, "r", "y", 1); domain.CodeOf(err) != record.CodeNotPublic {
		t.Errorf("before the record is public: %v", err)
	}
	w.round.Phase, w.ballots = round.Delivering, w.ballots[:5]
	if _, err := s.DrawComparison(ctx, official, "r", "y", 1); domain.CodeOf(err) != record.CodeNoSheets {
		t.Errorf("without paper: %v", err)
	}
	if len(w.compared) != 1 {
		t.Errorf("%d entries: %+v", len(w.compared), w.compared)
	}
}

// Of few ballots no choices are told, so nothing is compared with them.
func TestWithheldSheetsAreNotCompared(t *testing.T) {
	w := published(t)
	w.round.Settings.OpeningsFrom = 99
	s := w.service(t)
	c, err := s.DrawComparison(context.Background(), official, "r", "x", 2)
	if err != nil || len(c.Withheld) != 2 {
		t.Fatalf("%+v, %v", c, err)
	}
	_, err = s.SaveComparison(context.Background(), official, "r", 1,
		[]record.SeenSheet{{SheetName: c.Sheets[0], Seen: "1"}})
	if e, ok := errors.AsType[*domain.Error](err); !ok || len(e.Fields) != 1 || e.Fields[0].Code != "not_allowed" {
		t.Errorf("%v", err)
	}
}
