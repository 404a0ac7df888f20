package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/event"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/sql/office"
)

var helsinki = must(time.LoadLocation("Europe/Helsinki"))

// calendarOf is the service over the village's store.
func (v village) calendar(t *testing.T) *event.Service {
	t.Helper()
	return event.New(event.Config{Rounds: v.store, Store: v.store, Seats: v.store, Notes: v.store, TimeZone: helsinki(t)})
}

// hours are times on days of January 2026, from 17 to 19 in Helsinki.
func hours(t *testing.T, days ...int) (times []event.Time) {
	t.Helper()
	for _, d := range days {
		begins := time.Date(2026, 1, d, 17, 0, 0, 0, helsinki(t))
		times = append(times, event.Time{Begins: begins, Ends: begins.Add(2 * time.Hour)})
	}
	return times
}

func workshop(t *testing.T, seats int, days ...int) event.Text {
	t.Helper()
	return event.Text{
		Kind: event.Workshop, Area: "southern", Title: domain.Text{Fi: "Työpaja", Sv: "Verkstad"},
		About: domain.Text{Fi: "Ideoidaan yhdessä", Sv: "Vi hittar på"},
		Place: "Rikhardinkadun kirjasto", Address: "Rikhardinkatu 3", Times: hours(t, days...),
		Languages: []event.Language{"fi", "sv"},
		Access:    []event.Access{"induction_loop", "step_free"}, Seats: seats,
	}
}

func (v village) announced(t *testing.T, s *event.Service, text event.Text) event.View {
	t.Helper()
	ctx := context.Background()
	id := must(s.Draft(ctx, southern, "r", text))(t).ID
	return must(s.Publish(ctx, southern, "r", id))(t)
}

func TestLifeOfAnEvent(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	bare := must(s.Draft(ctx, southern, "r", event.Text{Kind: event.Evening, Area: "southern"}))(t)
	if _, err := s.Publish(ctx, southern, "r", bare.ID); domain.KindOf(err) != domain.Invalid ||
		!strings.Contains(err.Error(), "title.sv: required") {
		t.Errorf("an empty announcement: %v", err)
	}
	if err := s.Discard(ctx, southern, "r", bare.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(ctx, southern, "r", bare.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("discarded: %v", err)
	}
	text := workshop(t, 0, 20, 13)
	text.Title.Fi, text.AccessNote = "Työ\r\npaja\t<b>", domain.Text{Fi: "Ovi on raskas", Sv: "Dörren är tung"}
	e := must(s.Draft(ctx, southern, "r", text))(t)
	if e.Text.Title.Fi != "Työ paja <b>" ||
		!slices.Equal(e.Text.Access, []event.Access{"step_free", "induction_loop"}) ||
		e.Begins().Day() != 13 ||
		e.Text.Times[0].Number != 2 {
		t.Fatalf("%+v", e.Text)
	}
	e = must(s.Publish(ctx, southern, "r", e.ID))(t)
	before := e.Text.Times
	text.Times = []event.Time{{Number: 2, Begins: before[0].Begins.Add(time.Hour), Ends: before[0].Ends.Add(time.Hour)}}
	text.Times = append(text.Times, hours(t, 27)...)
	if _, err := s.Edit(ctx, southern, "r", e.ID, 1, text); domain.CodeOf(err) != domain.CodeEdited {
		t.Errorf("an old version: %v", err)
	}
	if e = must(s.Edit(ctx, official, "r", e.ID, 2, text))(t); e.Version != 3 || e.Text.Times[0].Number != 2 ||
		e.Text.Times[1].Number != 3 {
		t.Fatalf("a number was used again or lost: %+v", e.Text.Times)
	}
	for _, wrong := range []int{1, 99} { // gone, and never there
		text.Times[1].Number = wrong
		if _, err := s.Edit(ctx, southern, "r", e.ID, 3, text); domain.KindOf(err) != domain.Invalid {
			t.Errorf("time %d: %v", wrong, err)
		}
	}
	if _, err := s.Cancel(ctx, southern, "r", e.ID, domain.Text{Fi: "Sairaus"}); domain.KindOf(err) != domain.Invalid {
		t.Errorf("cancelled in one language: %v", err)
	}
	e = must(s.Cancel(ctx, southern, "r", e.ID, domain.Text{Fi: "Sairaus", Sv: "Sjukdom"}))(t)
	for action, do := range map[string]func() error{
		"edit":    func() error { _, err := s.Edit(ctx, southern, "r", e.ID, e.Version, workshop(t, 0, 20)); return err },
		"publish": func() error { _, err := s.Publish(ctx, southern, "r", e.ID); return err },
		"discard": func() error { return s.Discard(ctx, southern, "r", e.ID) },
	} {
		if err := do(); domain.CodeOf(err) != event.CodeState {
			t.Errorf("%s of a cancelled event: %v", action, err)
		}
	}
	if page := must(s.Calendar(ctx, anonymous, "r", "", event.List{}, 10))(t); len(page.Events) != 1 ||
		page.Events[0].State != event.Cancelled ||
		page.Events[0].Reason.Sv != "Sjukdom" {
		t.Errorf("a cancelled event is not shown: %+v", page)
	}
	var steps []string
	for _, entry := range oldestFirst(t, v.store, "r", 0) {
		if strings.HasPrefix(entry.Action, "event.") {
			steps = append(steps, entry.Action+" "+entry.Actor)
		}
	}
	is(t, steps, "event.publish facilitator 3, event.cancel facilitator 3")
	over := workshop(t, 0, 5)
	id := must(s.Draft(ctx, southern, "r", over))(t).ID
	if _, err := s.Publish(ctx, southern, "r", id); domain.KindOf(err) != domain.Invalid {
		t.Errorf("announced when it is over: %v", err)
	}
	if _, err := v.ExecContext(ctx, "DELETE FROM event WHERE id = ?", e.ID); err == nil ||
		!strings.Contains(err.Error(), "was announced") {
		t.Errorf("the role deletes what was announced: %v", err)
	}
}

// Who may do what: the district's facilitator and officials; a draft is nobody
// else's, and an archived round is over.
func TestWhoArrangesEvents(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	id := must(s.Draft(ctx, southern, "r", workshop(t, 5, 13)))(t).ID
	citywide := workshop(t, 0, 13)
	citywide.Area = ""
	if _, err := s.Draft(ctx, southern, "r", citywide); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("for the whole city: %v", err)
	}
	must(s.Draft(ctx, official, "r", citywide))(t)
	for _, c := range []struct {
		actor      domain.Actor
		draft, get domain.Kind
	}{
		{anonymous, domain.Unauthenticated, domain.NotFound},
		{aino, domain.Forbidden, domain.NotFound},
		{western, domain.Forbidden, domain.NotFound},
		{expert, domain.Forbidden, domain.NotFound},
		{colleague, "", ""},
		{official, "", ""},
	} {
		check := func(name string, err error, want domain.Kind) {
			t.Helper()
			if (err == nil) != (want == "") || err != nil && domain.KindOf(err) != want {
				t.Errorf("%s of %s: %v, want %s", name, c.actor.Name, err, want)
			}
		}
		_, err := s.Draft(ctx, c.actor, "r", workshop(t, 5, 13))
		check("draft", err, c.draft)
		_, err = s.Get(ctx, c.actor, "r", id)
		check("get", err, c.get)
		_, err = s.Edit(ctx, c.actor, "r", id, 9, workshop(t, 5, 13))
		if c.get != "" {
			check("edit", err, c.get)
			_, err = s.Publish(ctx, c.actor, "r", id)
			check("publish", err, c.get)
			check("discard", s.Discard(ctx, c.actor, "r", id), c.get)
			_, err = s.FileOf(ctx, c.actor, "r", id)
			check("file", err, c.get)
			_, err = s.SignUp(ctx, c.actor, "r", id)
			check(
				"sign-up",
				err,
				map[bool]domain.Kind{true: domain.Unauthenticated, false: domain.NotFound}[c.actor.Anonymous()],
			)
		}
	}
	must(s.Publish(ctx, southern, "r", id))(t)
	must(s.SignUp(ctx, aino, "r", id))(t)
	if err := s.AddNote(ctx, colleague, "r", id, "Tila on varattu", 0); err != nil {
		t.Error(err)
	}
	for _, actor := range []domain.Actor{anonymous, aino, western, expert} {
		want := domain.Forbidden
		if actor.Anonymous() {
			want = domain.Unauthenticated
		}
		_, file := s.FileOf(ctx, actor, "r", id)
		_, edit := s.Edit(ctx, actor, "r", id, 2, workshop(t, 5, 13))
		_, cancel := s.Cancel(ctx, actor, "r", id, domain.Text{Fi: "Ei", Sv: "Nej"})
		_, tell := s.Tell(ctx, actor, "r", id, 2, domain.Text{}, nil)
		for name, err := range map[string]error{
			"file": file, "edit": edit, "cancel": cancel, "tell": tell,
			"note":    s.AddNote(ctx, actor, "r", id, "x", 0),
			"walk-in": s.AddWalkIns(ctx, actor, "r", id, "", 1),
			"removal": s.Remove(ctx, actor, "r", id, 1),
			"preview": func() error { _, err := s.Preview(ctx, actor, "r", id, 2, workshop(t, 5, 13)); return err }(),
		} {
			if domain.KindOf(err) != want || err == nil {
				t.Errorf("%s by %s: %v", name, actor.Name, err)
			}
		}
	}
	moved := workshop(t, 5, 13)
	moved.Area = "western"
	if _, err := s.Edit(ctx, southern, "r", id, 2, moved); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("given away to another district: %v", err)
	}
	if file := must(s.FileOf(ctx, southern, "r", id))(t); len(file.Participants) != 1 ||
		file.Participants[0].Name != "Aino A" ||
		len(file.Notes) != 1 ||
		file.Notes[0].By != "Kaisa Stadiluotsi" {
		t.Errorf("%+v", file)
	}
	for _, c := range []struct {
		actor domain.Actor
		want  int
		// those of her district, whoever made them; a draft for the whole city is the
		// officials'
	}{{southern, 3}, {western, 0}, {official, 4}} {
		if got := len(must(s.Desk(ctx, c.actor, "r"))(t)); got != c.want {
			t.Errorf("%s arranges %d, want %d", c.actor.Name, got, c.want)
		}
	}
	if _, err := s.Desk(ctx, aino, "r"); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a resident's desk: %v", err)
	}
	v.stage(t, "UPDATE round SET phase = 'archived', freeze_decision = '§ 1', confirm_decision = '§ 2', copies_destroyed = '§ 3'")
	_, edit := s.Edit(ctx, southern, "r", id, 2, workshop(t, 5, 13))
	_, take := s.SignUp(ctx, eino, "r", id)
	for name, err := range map[string]error{"edit": edit, "sign-up": take, "note": s.AddNote(ctx, southern, "r", id, "x", 0)} {
		if domain.KindOf(err) != domain.Closed {
			t.Errorf("%s in an archived round: %v", name, err)
		}
	}
	v.stage(t, "UPDATE round SET phase = 'draft'")
	if _, err := s.Get(ctx, aino, "r", id); domain.KindOf(err) != domain.NotFound {
		t.Errorf("in a round that nobody knows of: %v", err)
	}
}

// Twice as many as there are seats come at once: each seat is taken once, and
// the others wait in a line without gaps. When all leave at once, all who
// waited and stayed move up.
func TestSeatsHoldUnderConcurrency(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	const seats = 10
	e := v.announced(t, s, workshop(t, seats, 13))
	people := make([]domain.Actor, 2*seats)
	for i := range people {
		people[i] = domain.Actor{
			ID:    int64(100 + i),
			Name:  fmt.Sprint("Asukas ", i),
			Roles: []domain.Role{domain.Resident},
		}
		v.stage(
			t,
			"INSERT INTO account (id, key, identified, name, language) VALUES (?, "+
				"sha256(?::text::bytea), true, ?, 'fi')",
			people[i].ID,
			people[i].Name,
			people[i].Name,
		)
	}
	together := func(do func(domain.Actor) error) {
		t.Helper()
		var all sync.WaitGroup
		for _, p := range people {
			for range 2 { // a double click each
				all.Go(func() {
					if err := do(p); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
	}
	together(func(p domain.Actor) error { _, err := s.SignUp(ctx, p, "r", e.ID); return err })
	file := must(s.FileOf(ctx, southern, "r", e.ID))(t)
	var line []int
	for _, seat := range file.Participants {
		line = append(line, seat.Waiting)
	}
	if want := append(make([]int, seats), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10); !slices.Equal(line, want) {
		t.Fatalf("%v", line)
	}
	if _, err := v.ExecContext(ctx, "UPDATE seat SET waiting = false WHERE waiting"); err == nil ||
		!strings.Contains(err.Error(), "no seat left") {
		t.Errorf("the database lets in more than there are seats: %v", err)
	}
	stay := people[len(people)-1]
	together(func(p domain.Actor) error {
		if p.ID == stay.ID {
			return nil
		}
		_, err := s.Leave(ctx, p, "r", e.ID)
		return err
	})
	if got := must(s.Get(ctx, stay, "r", e.ID))(t); got.Seated != 1 || got.Waiting != 0 || got.Mine == nil ||
		got.Mine.Waiting != 0 {
		t.Errorf("%+v", got)
	}
}

// told is the outbox, all of which is then sent.
func (v village) told(t *testing.T) []string {
	t.Helper()
	all := v.outbox(t)
	v.stage(t, "UPDATE outbox SET settled_at = osbu_now(), outcome = 'sent' WHERE tries > 0")
	return all
}

// The first in the line moves up when a seat is given back or added, and hears
// of it; reminders go the day before by the city's clock, follow the event, and
// do not go to those who left.
func TestWhoSignedUpIsTold(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	for _, a := range []domain.Actor{aino, eino, expert} {
		v.mailbox(t, a)
	}
	v.mailbox(t, western, post.Events)
	e := v.announced(t, s, workshop(t, 1, 13))
	for i, a := range []domain.Actor{aino, western, eino, expert} {
		if got := must(s.SignUp(ctx, a, "r", e.ID))(t); got.Mine == nil || got.Mine.Waiting != i {
			t.Fatalf("%s: %+v", a.Name, got.Mine)
		}
	}
	is(t, v.told(t), "signed_up events 1, (queued events 1), queued events 1, queued events 1") // Ville wants no e-mails
	fewer := workshop(t, 0, 13)
	if _, err := s.Edit(ctx, southern, "r", e.ID, 2, fewer); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a seat that is taken was taken away: %v", err)
	}
	must(s.Leave(ctx, aino, "r", e.ID))(t)
	is(t, v.told(t), "") // Ville moved up, and wants no e-mails
	must(
		s.Edit(
			ctx,
			southern,
			"r",
			e.ID,
			2,
			func() event.Text { w := workshop(t, 2, 13); w.Times[0].Number = 1; return w }(),
		),
	)(
		t,
	)
	is(t, v.told(t), "seat_freed events 1")
	v.SetClock(t, "2026-01-12 16:59+02")
	is(t, v.told(t), "")
	v.SetClock(t, "2026-01-12 17:00+02")
	is(
		t,
		v.told(t),
		"(event_soon events 1), (event_soon events 1), event_soon events 1, (event_soon events 1)",
	) // left, muted, there, waiting
	later := workshop(t, 2, 15)
	later.Times[0].Number = 1
	must(s.Edit(ctx, southern, "r", e.ID, 3, later))(t)
	is(t, v.told(t), "")
	later.Place = "Toinen talo"
	must(s.Edit(ctx, southern, "r", e.ID, 4, later))(t)
	later.Place = "Kolmas talo"
	must(s.Edit(ctx, southern, "r", e.ID, 5, later))(t)
	v.SetClock(t, "2026-01-12 17:02+02")
	is(t, v.told(t), "(event_moved events 1), (event_moved events 1), (event_moved events 1), (event_moved events 1), "+
		"event_moved events 1, event_moved events 1") // three changes, one e-mail each
	must(s.Cancel(ctx, southern, "r", e.ID, domain.Text{Fi: "Sairaus", Sv: "Sjukdom"}))(t)
	is(t, v.told(t), "event_cancelled events 1, event_cancelled events 1")
	if _, err := s.SignUp(ctx, aino, "r", e.ID); domain.KindOf(err) != domain.Closed {
		t.Errorf("to a cancelled event: %v", err)
	}
}

// What the e-mail says is read when it is sent; and a month after the event
// nobody knows any more who came.
func TestSeatsAreForgotten(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	v.mailbox(t, aino)
	e := v.announced(t, s, workshop(t, 3, 13))
	must(s.SignUp(ctx, aino, "r", e.ID))(t)
	v.SetClock(t, "2026-01-12 18:00+02")
	l, _, err := v.store.ClaimEmail(ctx, holds)
	if err != nil || l == nil || l.Event != e.ID || l.Named.Sv != "Verkstad" ||
		l.Place != "Rikhardinkadun kirjasto, Rikhardinkatu 3" ||
		!l.Begins.Equal(e.Begins()) ||
		l.Round != "r" {
		t.Fatalf("%+v %v", l, err)
	}
	v.SetClock(t, "2026-01-13 17:00+02")
	for name, do := range map[string]func(context.Context, domain.Actor, string, int64) (event.View,
		error){"sign-up": s.SignUp, "leaving": s.Leave} {
		if _, err := do(ctx, aino, "r", e.ID); domain.KindOf(err) != domain.Closed {
			t.Errorf("%s once it has begun: %v", name, err)
		}
	}
	left := func() (n int) {
		if err := v.Owner.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM seat) + (SELECT count(*) FROM outbox WHERE "+
			"event IS NOT NULL)").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	v.SetClock(t, "2026-02-12 18:59+02")
	if n := must(s.Forget(ctx))(t); n != 0 || left() != 3 {
		t.Errorf("forgot %d too early, %d left", n, left())
	}
	v.SetClock(t, "2026-02-12 19:01+02")
	if n := must(s.Forget(ctx))(t); n != 1 || left() != 0 {
		t.Errorf("forgot %d, %d left", n, left())
	}
}

// A month is the city's: from local midnight to local midnight, also when the
// clock changes in it.
func TestMonthsOfTheCalendar(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	at := func(title, begins, ends string, area string, kind event.Kind, spoken ...event.Language) {
		t.Helper()
		text := workshop(t, 0)
		text.Title.Fi, text.Kind, text.Area, text.Languages = title, kind, area, spoken
		for _, moment := range [][2]string{{begins, ends}} {
			text.Times = append(
				text.Times,
				event.Time{
					Begins: must(time.Parse(time.RFC3339, moment[0]))(t),
					Ends:   must(time.Parse(time.RFC3339, moment[1]))(t),
				},
			)
		}
		id := must(s.Draft(ctx, official, "r", text))(t).ID
		must(s.Publish(ctx, official, "r", id))(t)
	}
	at(
		"over the change",
		"2026-03-29T00:30:00Z",
		"2026-03-29T01:30:00Z",
		"southern",
		event.Evening,
		"fi",
	) // 2.30 to 4.30, one hour long
	at("last of March", "2026-03-31T20:00:00Z", "2026-03-31T20:59:00Z", "southern", event.Workshop, "sv")
	at("first of April", "2026-03-31T21:00:00Z", "2026-03-31T22:00:00Z", "western", event.Workshop, "fi", "so")
	at("for all", "2026-01-20T10:00:00Z", "2026-01-20T11:00:00Z", "", event.Voting, "fi")
	titles := func(month event.Month, list event.List) (all []string) {
		t.Helper()
		page := must(s.Calendar(ctx, anonymous, "r", month, list, 10))(t)
		for _, e := range page.Events {
			all = append(all, e.Text.Title.Fi)
		}
		return append(all, fmt.Sprintf("%s<%s>%s", page.Earlier, page.Month, page.Later))
	}
	is(t, titles("2026-03", event.List{}), "over the change, last of March, 2026-01<2026-03>2026-04")
	is(t, titles("2026-04", event.List{}), "first of April, 2026-03<2026-04>")
	is(t, titles("2026-03", event.List{Spoken: "sv"}), "last of March, <2026-03>")
	is(t, titles("", event.List{Areas: []string{"western"}}), "for all, first of April, <>")
	is(t, titles("", event.List{Kind: event.Workshop}), "last of March, first of April, <>")
	v.SetClock(t, "2026-04-01T00:30:00+03")
	is(t, titles("", event.List{}), "first of April, 2026-04<>") // it began before now, and goes on
	if _, feed, err := s.Feed(ctx, "r", event.List{}); err != nil || len(feed) != 3 {
		t.Errorf("%d in the feed: %v", len(feed), err)
	}
	for _, wrong := range []event.Month{"2026-13", "2026", "x"} {
		if _, err := s.Calendar(ctx, anonymous, "r", wrong, event.List{}, 10); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// What came of it leads to public proposals of the round, and to no others.
func TestOutcomeOfAnEvent(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	s := v.calendar(t)
	e := v.announced(t, s, workshop(t, 0, 13))
	public := v.submitted(t, aino, "southern")
	private := must(v.Draft(ctx, aino, "r", proposal.Text{Title: "Salainen"}))(t).ID
	for _, ids := range [][]int64{{private}, {public, private}, {99999}} {
		if _, err := s.Tell(ctx, southern, "r", e.ID, e.Version, domain.Text{}, ids); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%v: %v", ids, err)
		}
	}
	if err := s.AddNote(ctx, southern, "r", e.ID, "Hyvä", private); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a note about somebody's draft: %v", err)
	}
	if err := s.AddNote(ctx, southern, "r", e.ID, "Puhuttiin penkistä", public); err != nil {
		t.Fatal(err)
	}
	outcome := domain.Text{Fi: "Syntyi ehdotus", Sv: "Ett förslag"}
	told := must(s.Tell(ctx, southern, "r", e.ID, e.Version, outcome, []int64{public, public}))(t)
	if _, err := s.Tell(ctx, colleague, "r", e.ID, e.Version, domain.Text{}, nil); domain.CodeOf(err) != domain.CodeEdited {
		t.Errorf("over what a colleague told meanwhile: got %v, want %s", err, domain.CodeEdited)
	}
	if got := must(s.Get(ctx, anonymous, "r", e.ID))(t); len(got.Proposals) != 1 ||
		got.Proposals[0].Title != "Penkki" ||
		got.Summary.Sv != "Ett förslag" {
		t.Errorf("%+v", got)
	}
	if f := must(s.FileOf(ctx, southern, "r", e.ID))(t); len(f.Notes) != 1 || f.Notes[0].Proposal.Title != "Penkki" {
		t.Errorf("%+v", f)
	}
	must(s.Tell(ctx, southern, "r", e.ID, told.Version, domain.Text{}, nil))(t)
	if got := must(s.Get(ctx, anonymous, "r", e.ID))(t); len(got.Proposals) != 0 || got.Summary.Fi != "" {
		t.Errorf("%+v", got)
	}
}

// As many queries for one event as for many.
func TestCalendarIsReadInAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	counted := &queries{}
	v.DB.DB.DB = v.DB.DB.DB.WithQueryHook(counted)
	v.store = office.New(v.DB.DB, helsinki(t))
	s := v.calendar(t)
	ask := func() int {
		counted.n = 0
		must(s.Calendar(ctx, aino, "r", "", event.List{}, 100))(t)
		return counted.n
	}
	sign := func(days ...int) {
		e := v.announced(t, s, workshop(t, 5, days...))
		must(s.SignUp(ctx, aino, "r", e.ID))(t)
	}
	sign(13)
	one := ask()
	for i := range 9 {
		sign(14+i, 25)
	}
	if many := ask(); one != many || one == 0 {
		t.Errorf("%d queries for one event, %d for ten", one, many)
	}
}
