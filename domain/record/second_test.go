package record_test

import (
	"slices"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/record"
	"osbu/domain/round"
)

// Where the settings want four eyes, the great steps are asked for by one
// official and taken by another; all others are taken alone.
func TestGreatStepsNeedTwoOfficials(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.FourEyes = true
	s, ctx := w.service(t), t.Context()
	second := domain.Actor{ID: 8, Name: "Toini", Roles: []domain.Role{domain.Official}}
	refused := func(step round.Step, what string, want domain.Code, err error) {
		t.Helper()
		if domain.CodeOf(err) != want {
			t.Errorf("%s: %s: got %v, want %s", step, what, err, want)
		}
	}
	for _, step := range []round.Step{
		round.Freeze, round.Open, round.Close, round.Count, round.Confirm, round.Publish, round.Archive,
	} {
		q := w.shown(t, step)
		if !w.round.NeedsSecond(step) {
			refused(step, "asking for it", domain.CodeInvalid, s.Ask(ctx, official, "r", q))
			if _, err := w.take(t, step); err != nil {
				t.Fatalf("%s: %v", step, err)
			}
			continue
		}
		before := w.round.Phase
		_, err := w.take(t, step)
		refused(step, "alone", round.CodeSecondNeeded, err)
		stale := q
		stale.Version = "seen"
		refused(step, "of something else", round.CodeStepChanged, s.Ask(ctx, official, "r", stale))
		for name, other := range map[string]domain.Actor{
			"facilitator": {ID: 9, Roles: []domain.Role{domain.Facilitator}}, "resident": {ID: 10},
		} {
			refused(step, name+" asks", domain.CodeNotAllowed, s.Ask(ctx, other, "r", q))
			_, err := s.Confirm(ctx, other, "r", w.now)
			refused(step, name+" confirms", domain.CodeNotAllowed, err)
			refused(step, name+" refuses", domain.CodeNotAllowed, s.Refuse(ctx, other, "r", w.now, "no"))
		}
		_, err = s.Confirm(ctx, second, "r", w.now)
		refused(step, "what nobody asked for", domain.CodeEdited, err)

		for _, whose := range []domain.Actor{second, official} { // refused, and taken back
			if err := s.Ask(ctx, official, "r", q); err != nil {
				t.Fatalf("%s: %v", step, err)
			}
			refused(step, "asking twice", domain.CodeEdited, s.Ask(ctx, second, "r", q))
			_, err = s.Confirm(ctx, official, "r", w.now)
			refused(step, "her own", round.CodeOwnRequest, err)
			_, err = s.Confirm(ctx, second, "r", w.now.Add(time.Second))
			refused(step, "another request", domain.CodeEdited, err)
			_, err = w.take(t, step)
			refused(step, "alone, though asked for", round.CodeSecondNeeded, err)
			refused(step, "without a reason", domain.CodeInvalid, s.Refuse(ctx, whose, "r", w.now, " "))
			if err := s.Refuse(ctx, whose, "r", w.now, "not yet"); err != nil {
				t.Fatalf("%s: %v", step, err)
			}
			_, err = s.Confirm(ctx, second, "r", w.now)
			refused(step, "what was refused", domain.CodeEdited, err)
		}
		if w.round.Phase != before || w.closed != before.Reached(round.Closed) {
			t.Fatalf("%s: something happened: %s, closed %t", step, w.round.Phase, w.closed)
		}
		if err := s.Ask(ctx, official, "r", q); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		next, err := s.Next(ctx, second, "r")
		if err != nil || next.Asked == nil || next.Asked.Own || next.Asked.Decision != q.Decision {
			t.Fatalf("%s: the second official sees %+v, %v", step, next.Asked, err)
		}
		r, err := s.Confirm(ctx, second, "r", next.Asked.At)
		if err != nil || r.Phase != step.Into() || w.round.Asked != nil {
			t.Fatalf("%s: %s, asked %v: %v", step, r.Phase, w.round.Asked, err)
		}
	}
	want := []string{"ask_second", "refuse_second", "ask_second", "refuse_second", "ask_second", "freeze", "open"}
	if len(w.actions) < len(want) || !slices.Equal(w.actions[:len(want)], want) {
		t.Errorf("the audit log says %v", w.actions)
	}
}

// The request is looked at again under the round's lock: what is taken back at
// this moment does not happen.
func TestARequestIsTakenBackAtTheLastMoment(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.FourEyes, w.round.Phase = true, round.Counted
	s := w.service(t)
	if err := s.Ask(t.Context(), official, "r", w.shown(t, round.Confirm)); err != nil {
		t.Fatal(err)
	}
	w.manifest = []byte("there")
	w.during = func() { w.round.Asked = nil }
	second := domain.Actor{ID: 8, Roles: []domain.Role{domain.Official}}
	if _, err := s.Confirm(t.Context(), second, "r", w.now); domain.CodeOf(err) != domain.CodeEdited ||
		w.round.Phase != round.Counted {
		t.Errorf("%v, and the round is %s", err, w.round.Phase)
	}
}

// Before the box is closed, which cannot be undone, the request is confirmed
// for good: taken back before, nothing is closed; taken back after, it is
// closed all the same, also after a crash in between.
func TestACloseIsTakenBackMidway(t *testing.T) {
	second := domain.Actor{ID: 8, Name: "Toini", Roles: []domain.Role{domain.Official}}
	asked := func() (*world, *record.Service) {
		t.Helper()
		w := newWorld(t)
		for _, step := range []round.Step{round.Freeze, round.Open} {
			if _, err := w.take(t, step); err != nil {
				t.Fatal(err)
			}
		}
		w.round.Settings.FourEyes = true
		s := w.service(t)
		if err := s.Ask(t.Context(), official, "r", w.shown(t, round.Close)); err != nil {
			t.Fatal(err)
		}
		return w, s
	}

	w, s := asked()
	w.during = func() { w.round.Asked = nil }
	if _, err := s.Confirm(t.Context(), second, "r", w.now); domain.CodeOf(err) != domain.CodeEdited || w.closed ||
		w.round.Phase != round.Voting {
		t.Errorf("taken back before: %v; the box is closed: %t, the round is %s", err, w.closed, w.round.Phase)
	}

	w, s = asked()
	w.closing = func() {
		if err := s.Refuse(t.Context(), official, "r", w.now, "not yet"); domain.CodeOf(err) != domain.CodeEdited {
			t.Errorf("taken back while the box is being closed: %v", err)
		}
	}
	if _, err := s.Confirm(t.Context(), second, "r", w.now); err != nil || !w.closed || w.round.Phase != round.Closed {
		t.Errorf("taken back after: %v; the box is closed: %t, the round is %s", err, w.closed, w.round.Phase)
	}

	clean, s := asked()
	clean.calls = 0
	if _, err := s.Confirm(t.Context(), second, "r", clean.now); err != nil {
		t.Fatal(err)
	}
	for at := 1; at <= clean.calls; at++ {
		for _, after := range []bool{false, true} {
			broken, s := asked()
			broken.calls, broken.failAt, broken.after = 0, at, after
			if _, err := s.Confirm(t.Context(), second, "r", broken.now); err == nil {
				t.Errorf("nobody noticed that call %d failed", at)
			}
			broken.failAt = 0
			if broken.round.Phase == round.Voting {
				if _, err := s.Confirm(t.Context(), second, "r", broken.now); err != nil {
					t.Errorf("after a crash at call %d (after it: %t): %v", at, after, err)
				}
			}
			if !broken.closed || broken.round.Phase != round.Closed {
				t.Errorf("after a crash at call %d (after it: %t) the box is closed: %t, the round is %s",
					at, after, broken.closed, broken.round.Phase)
			}
		}
	}
}
