package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"osbu/domain"
	"osbu/domain/event"
	"osbu/domain/post"
)

// coming are those who come to an event, as the list at the door says it.
func coming(t *testing.T, s *event.Service, id int64) (line []string) {
	t.Helper()
	for _, p := range must(s.FileOf(context.Background(), southern, "r", id))(t).Participants {
		one := p.Name
		if p.WalkIn {
			one = "walk-in " + p.Name
		}
		if p.Waiting > 0 {
			one = fmt.Sprint(one, " waits ", p.Waiting)
		}
		line = append(line, one)
	}
	return line
}

func (v village) seatOf(t *testing.T, account int64) (id int64) {
	t.Helper()
	if err := v.Owner.QueryRowContext(context.Background(), "SELECT id FROM seat WHERE account = ?", account).
		Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// Whoever stands at the door is let in while there are seats, with a name or
// without; a name is gone when sign-ups are.
func TestWalkInsTakeFreeSeatsAndAreForgotten(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	e := v.announced(t, s, workshop(t, 4, 13))
	must(s.SignUp(ctx, aino, "r", e.ID))(t)
	v.SetClock(t, "2026-01-13 17:30+02")
	for _, wrong := range []struct {
		name   string
		people int
		want   domain.Code
	}{{"", 0, domain.CodeInvalid}, {"", 4, domain.CodeInvalid}, {"Oma\x00", 1, domain.CodeInvalid}} {
		if err := s.AddWalkIns(ctx, southern, "r", e.ID, wrong.name, wrong.people); domain.CodeOf(err) != wrong.want {
			t.Errorf("%d walk-ins with one seat taken of four: %v", wrong.people, err)
		}
	}
	for name, people := range map[string]int{" Ossi  Ovela ": 1, "": 2} {
		if err := s.AddWalkIns(ctx, southern, "r", e.ID, name, people); err != nil {
			t.Fatal(err)
		}
	}
	line := coming(t, s, e.ID)
	slices.Sort(line)
	is(t, line, "Aino A, walk-in , walk-in , walk-in Ossi Ovela")
	if err := s.AddWalkIns(ctx, southern, "r", e.ID, "", 1); domain.CodeOf(err) != event.CodeFull {
		t.Errorf("to a full event: %v", err)
	}
	if got := must(s.Get(ctx, anonymous, "r", e.ID))(t); got.Seated != 4 || got.WalkIns != 3 {
		t.Errorf("%+v", got)
	}
	for _, person := range []string{"waiting = true", "account = 1"} { // a walk-in with a name is nobody else
		if _, err := v.Owner.ExecContext(ctx, "UPDATE seat SET "+person+" WHERE name <> ''"); err == nil ||
			!strings.Contains(err.Error(), "seat_walk_in") {
			t.Errorf("%s of a walk-in: %v", person, err)
		}
	}
	v.SetClock(t, "2026-02-12 19:01+02")
	if err := s.AddWalkIns(ctx, southern, "r", e.ID, "Liian Myöhään", 1); domain.KindOf(err) != domain.Closed {
		t.Errorf("when nobody knows any more who came: %v", err)
	}
	must(s.Forget(ctx))(t)
	if line := coming(t, s, e.ID); len(line) != 0 {
		t.Errorf("kept: %q", line)
	}
}

// Where nobody signs up all can be counted, and the announcement can be edited
// after that.
func TestWalkInsWhereNobodySignsUp(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	e := v.announced(t, s, workshop(t, 0, 13))
	if err := s.AddWalkIns(ctx, southern, "r", e.ID, "", 100); err != nil {
		t.Fatal(err)
	}
	if err := s.AddWalkIns(ctx, southern, "r", e.ID, "", 101); domain.KindOf(err) != domain.Invalid {
		t.Errorf("101 at once: %v", err)
	}
	text := workshop(t, 0, 13)
	text.Times[0].Number = 1
	must(s.Edit(ctx, southern, "r", e.ID, 2, text))(t)
	text.Seats = 99
	if _, err := s.Edit(ctx, southern, "r", e.ID, 3, text); domain.KindOf(err) != domain.Invalid {
		t.Errorf("fewer seats than people: %v", err)
	}
	if _, err := v.ExecContext(ctx, "INSERT INTO seat (event, account, waiting) VALUES (?, ?, false)", e.ID,
		aino.ID); err == nil || !strings.Contains(err.Error(), "no seat left") {
		t.Errorf("the database lets somebody sign up where nobody does: %v", err)
	}
}

// Twice as many stand at the door as there are seats, at two desks.
func TestWalkInsHoldUnderConcurrency(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	s := v.calendar(t)
	e := v.announced(t, s, workshop(t, 10, 13))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			err := s.AddWalkIns(context.Background(), southern, "r", e.ID, "", 1)
			if err != nil && domain.CodeOf(err) != event.CodeFull {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(coming(t, s, e.ID)); n != 10 {
		t.Errorf("%d came in, there are 10 seats", n)
	}
}

// Whoever is taken off is told, and the first in the line moves up and is told,
// as when she had given her seat up herself.
func TestTakingSomebodyOff(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	for _, a := range []domain.Actor{aino, eino, expert} {
		v.mailbox(t, a)
	}
	v.mailbox(t, western, post.Events)
	e := v.announced(t, s, workshop(t, 1, 13))
	other := v.announced(t, s, workshop(t, 1, 14))
	for _, a := range []domain.Actor{aino, western, eino, expert} {
		must(s.SignUp(ctx, a, "r", e.ID))(t)
	}
	v.told(t)
	is(t, coming(t, s, e.ID), "Aino A, Ville Stadiluotsi waits 1, Eino E waits 2, Erkki Expert waits 3")
	if err := s.Remove(ctx, southern, "r", other.ID, v.seatOf(t, aino.ID)); domain.KindOf(err) != domain.NotFound {
		t.Errorf("from an event that she does not come to: %v", err)
	}
	if err := s.Remove(ctx, southern, "r", e.ID, v.seatOf(t, western.ID)); err != nil { // who waits, and wants no e-mails
		t.Fatal(err)
	}
	is(t, v.told(t), "(seat_taken events 1)")
	seat := v.seatOf(t, aino.ID)
	if err := s.Remove(ctx, southern, "r", e.ID, seat); err != nil {
		t.Fatal(err)
	}
	is(t, v.told(t), "seat_taken events 1, seat_freed events 1")
	is(t, coming(t, s, e.ID), "Eino E, Erkki Expert waits 1")
	if err := s.Remove(ctx, southern, "r", e.ID, seat); domain.KindOf(err) != domain.NotFound {
		t.Errorf("once more: %v", err)
	}
	must(s.SignUp(ctx, aino, "r", e.ID))(t)
	v.told(t)
	if err := s.Remove(ctx, southern, "r", e.ID, v.seatOf(t, aino.ID)); err != nil {
		t.Fatal(err)
	}
	must(s.SignUp(ctx, aino, "r", e.ID))(t)
	is(t, v.told(t), "(seat_taken events 1), queued events 1") // she is on the list again
	var logged []string
	for _, entry := range oldestFirst(t, v.store, "r", 0) {
		if entry.Action == "event.remove" {
			logged = append(logged, fmt.Sprint(entry.Actor, " ", entry.Details))
		}
	}
	is(t, logged, strings.Repeat(fmt.Sprintf(`facilitator 3 {"event":%d}, `, e.ID), 2)+
		fmt.Sprintf(`facilitator 3 {"event":%d}`, e.ID))
	v.SetClock(t, "2026-01-13 17:30+02")
	v.told(t)
	if err := s.Remove(ctx, southern, "r", e.ID, v.seatOf(t, eino.ID)); err != nil { // who did not come
		t.Fatal(err)
	}
	is(t, v.told(t), "seat_taken events 1") // nobody moves up to what has begun
	if err := s.AddWalkIns(ctx, southern, "r", e.ID, "Ossi", 1); err != nil {
		t.Fatal(err)
	}
	is(t, coming(t, s, e.ID), "walk-in Ossi, Erkki Expert waits 1, Aino A waits 2")
	v.SetClock(t, "2026-01-13 19:00+02")
	if err := s.Remove(ctx, southern, "r", e.ID, v.seatOf(t, aino.ID)); domain.KindOf(err) != domain.Closed {
		t.Errorf("told that she is off when it is over: %v", err)
	}
	file := must(s.FileOf(ctx, southern, "r", e.ID))(t)
	if err := s.Remove(ctx, southern, "r", e.ID, file.Participants[0].ID); err != nil { // counted wrongly
		t.Error(err)
	}
}
