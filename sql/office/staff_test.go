package office_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/post"
	"osbu/domain/round"
	"osbu/domain/staff"
)

// Who works for the city is known by what the provider said last; residents are
// not among them, and whoever has no role any more is gone.
func TestStaffAreListed(t *testing.T) {
	t.Parallel()
	_, store := open(t)
	ctx := context.Background()
	now := time.Now()
	signIn := func(key byte, name string, a account.Account) {
		t.Helper()
		a.Key, a.Name, a.Language = [32]byte{key}, name, domain.Finnish
		e := account.Entry{
			Token: [32]byte{key, byte(len(a.Roles)), byte(len(a.Areas))}, Sealed: []byte("x"),
			Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
		}
		if err := store.BeginSession(ctx, e, &a, now); err != nil {
			t.Fatal(err)
		}
	}
	signIn(1, "Stina", account.Account{
		Roles: []domain.Role{domain.Resident, domain.Facilitator}, Facilitator: true, Areas: []string{"southern"},
	})
	signIn(1, "Stina", account.Account{
		Roles:       []domain.Role{domain.Resident, domain.Facilitator, domain.Expert},
		Facilitator: true, Areas: []string{"southern", "western"}, Divisions: []string{"environment"},
	})
	signIn(2, "Aino", account.Account{Roles: []domain.Role{domain.Resident}})
	signIn(3, "Olli", account.Account{Roles: []domain.Role{domain.Resident, domain.Official}})
	service := staff.New(store)
	all := must(service.List(ctx, official))(t)
	if len(all) != 2 || all[0].Name != "Olli" || all[1].Name != "Stina" {
		t.Fatalf("got %+v, want Olli and Stina", all)
	}
	stina := all[1]
	if !slices.Equal(stina.Roles, []domain.Role{domain.Facilitator, domain.Expert}) ||
		!slices.Equal(stina.Areas, []string{"southern", "western"}) ||
		!slices.Equal(stina.Divisions, []string{"environment"}) || stina.SeenAt.IsZero() {
		t.Errorf("got %+v", stina)
	}
	signIn(3, "Olli", account.Account{Roles: []domain.Role{domain.Resident}})
	if all = must(service.List(ctx, official))(t); len(all) != 1 {
		t.Errorf("got %+v, want Stina alone", all)
	}
	if _, err := service.List(ctx, southern); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a facilitator: got %v", err)
	}
}

// Who stands in for a colleague is told of her work on the days of her absence,
// beside her, also if she has no mailbox; the audit log tells who said so.
func TestWhoStandsInIsTold(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.SetClock(t, "2026-01-11T20:00:00Z") // a Sunday
	for _, a := range []domain.Actor{western, colleague, expert, official} {
		var roles []string
		for _, r := range a.Roles[1:] {
			roles = append(roles, string(r))
		}
		v.stage(t, fmt.Sprintf("INSERT INTO staff (account, roles, areas, divisions) VALUES (%d, '{%s}', '{%s}', '{%s}')",
			a.ID, strings.Join(roles, ","), strings.Join(a.Areas, ","), strings.Join(a.Divisions, ",")))
	}
	v.mailbox(t, colleague)
	service := staff.New(v.store)
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	in := func(account int64, from, to int) staff.StandIn {
		return staff.StandIn{Account: account, From: day(from), To: day(to)}
	}
	for name, c := range map[string]struct {
		actor domain.Actor
		away  int64
		in    staff.StandIn
		want  string
	}{
		"herself":               {official, western.ID, in(western.ID, 12, 13), "stand_in not_allowed"},
		"of no common role":     {official, western.ID, in(expert.ID, 12, 13), "stand_in not_allowed"},
		"nobody of the staff":   {official, western.ID, in(aino.ID, 12, 13), "stand_in unknown"},
		"an end before":         {official, western.ID, in(colleague.ID, 13, 12), "to too_small"},
		"what is over":          {official, western.ID, in(colleague.ID, 9, 10), "to in_past"},
		"too long":              {official, western.ID, staff.StandIn{Account: colleague.ID, From: day(1), To: day(800)}, "to too_large"},
		"for nobody":            {official, aino.ID, in(colleague.ID, 12, 13), "not found"},
		"by a facilitator":      {western, western.ID, in(colleague.ID, 12, 13), "forbidden"},
		"by nobody":             {anonymous, western.ID, in(colleague.ID, 12, 13), "unauthenticated"},
		"ended by a resident":   {aino, western.ID, staff.StandIn{}, "forbidden"},
		"ended, for a resident": {official, aino.ID, staff.StandIn{}, "not found"},
	} {
		var err error
		if c.in == (staff.StandIn{}) {
			err = service.StandDown(ctx, c.actor, c.away)
		} else {
			err = service.StandFor(ctx, c.actor, c.away, c.in)
		}
		got := string(domain.KindOf(err))
		if e, ok := errors.AsType[*domain.Error](err); ok && len(e.Fields) > 0 {
			got = e.Fields[0].Path + " " + e.Fields[0].Code
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	if err := service.StandFor(ctx, official, western.ID, in(colleague.ID, 12, 13)); err != nil {
		t.Fatal(err)
	}
	all := must(service.List(ctx, official))(t)
	i := slices.IndexFunc(all, func(m staff.Member) bool { return m.Account == western.ID })
	if got := all[i].StandIn; got == nil || got.Name != colleague.Name || !got.From.Equal(day(12)) ||
		!got.To.Equal(day(13)) {
		t.Errorf("the list says %+v", got)
	}
	v.SetClock(t, "2026-01-11T21:00:00Z")
	v.submitted(t, aino, "western")
	tell := func(moment string) (told []string) {
		t.Helper()
		v.SetClock(t, moment)
		if err := v.store.TellStaff(ctx, 7, "Europe/Helsinki", 15*time.Minute); err != nil {
			t.Fatal(err)
		}
		for {
			l, _, err := v.store.ClaimEmail(ctx, []time.Duration{time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			if l == nil {
				return told
			}
			if l.Notification == post.Desk && l.Wanted {
				told = append(told, fmt.Sprint(l.To.Account, " for ", l.Absent, l.Waiting))
			}
			if err := v.store.SettleEmail(ctx, l.ID, l.Tries, post.Sent); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, want := fmt.Sprint(tell("2026-01-12T05:30:00Z")), "[7 for Ville Stadiluotsi[{new 1 1}]]"; got != want {
		t.Errorf("on the first day: got %s, want %s", got, want)
	}
	v.mailbox(t, western)
	v.SetClock(t, "2026-01-12T12:00:00Z")
	v.submitted(t, aino, "western")
	got := tell("2026-01-13T05:30:00Z")
	slices.Sort(got)
	if want := "[4 for [{new 2 1}] 7 for Ville Stadiluotsi[{new 2 1}]]"; fmt.Sprint(got) != want {
		t.Errorf("on the last: got %s, want %s", got, want)
	}
	v.SetClock(t, "2026-01-13T12:00:00Z")
	v.submitted(t, aino, "western")
	if got, want := fmt.Sprint(tell("2026-01-14T05:30:00Z")), "[4 for [{new 3 1}]]"; got != want {
		t.Errorf("back again: got %s, want %s", got, want)
	}
	for range 2 { // the second time there is nobody
		if err := service.StandDown(ctx, official, western.ID); err != nil {
			t.Fatal(err)
		}
	}
	var logged []string
	for _, e := range must(v.store.Audit(ctx, "r", round.AuditFilter{}))(t) {
		if e.Action == "stand_in" {
			logged = append(logged, e.Actor+" "+e.Details)
		}
	}
	if len(logged) != 2 || !strings.Contains(logged[1], "7 2026-01-12 2026-01-13") {
		t.Errorf("the log says %q", logged)
	}
}

// Officials see what became of e-mails, by round and state.
func TestEmailsAreListed(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	id := v.submitted(t, aino, "southern")
	must(v.Take(ctx, southern, "r", id))(t)
	list := func(wanted post.Wanted, limit int) string {
		t.Helper()
		found, counts, err := v.store.Emails(ctx, wanted, limit)
		if err != nil {
			t.Fatal(err)
		}
		all := make([]string, len(found))
		for i, e := range found {
			all[i] = fmt.Sprint(e.Notification, " ", e.State, " ", e.Round, " ", e.Proposal == id, " ", e.Tries)
		}
		return fmt.Sprint(strings.Join(all, ", "), "; ", counts)
	}
	claim := func() *post.Email {
		t.Helper()
		l, _, err := v.store.ClaimEmail(ctx, holds)
		if err != nil || l == nil {
			t.Fatalf("%v, %v", l, err)
		}
		return l
	}
	first := claim()
	if got, want := list(post.Wanted{Round: "r"}, 9),
		"taken waiting r true 0, submitted tried r true 1; map[tried:1 waiting:1]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := v.store.SettleEmail(ctx, first.ID, first.Tries, post.Refused); err != nil {
		t.Fatal(err)
	}
	second := claim()
	if err := v.store.SettleEmail(ctx, second.ID, second.Tries, post.Sent); err != nil {
		t.Fatal(err)
	}
	for wanted, want := range map[post.Wanted]string{
		{}:                                   "taken sent r true 1, submitted bounced r true 1; map[bounced:1 sent:1]",
		{State: post.IsBounced}:              "submitted bounced r true 1; map[bounced:1 sent:1]",
		{From: second.ID}:                    "submitted bounced r true 1; map[bounced:1 sent:1]",
		{Round: "another"}:                   "; map[]",
		{Round: "r", State: post.IsUnwanted}: "; map[bounced:1 sent:1]",
	} {
		if got := list(wanted, 9); got != want {
			t.Errorf("%+v: got  %s\nwant %s", wanted, got, want)
		}
	}
}
