package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal/desk"
)

// What waits for whom is counted, and told in one e-mail: early on a working
// day, or a while after it came; never twice, never to who does not want it,
// and not of what is nobody's news.
func TestStaffAreToldOfTheirWork(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	v.SetClock(t, "2026-01-11T20:00:00Z") // a Sunday
	for _, a := range []domain.Actor{southern, western, expert, official} {
		v.mailbox(t, a)
		var roles []string
		for _, r := range a.Roles {
			if r != domain.Resident {
				roles = append(roles, string(r))
			}
		}
		v.stage(t, fmt.Sprintf("INSERT INTO staff (account, roles, areas, divisions) VALUES (%d, '{%s}', '{%s}', '{%s}')",
			a.ID, strings.Join(roles, ","), strings.Join(a.Areas, ","), strings.Join(a.Divisions, ",")))
	}
	v.stage(t, fmt.Sprintf("UPDATE mailbox SET at_once = true WHERE account = %d", official.ID))
	tell := func(moment string) string {
		t.Helper()
		v.SetClock(t, moment)
		if err := v.store.TellStaff(ctx, 7, "Europe/Helsinki", 15*time.Minute); err != nil {
			t.Fatal(err)
		}
		var told []string
		for {
			l, _, err := v.store.ClaimEmail(ctx, []time.Duration{time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			if l == nil {
				slices.Sort(told)
				return strings.Join(told, " ")
			}
			if l.Notification == post.Desk && l.Wanted {
				told = append(told, fmt.Sprint(l.To.Account, l.Waiting))
			}
			if err := v.store.SettleEmail(ctx, l.ID, l.Tries, post.Sent); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := tell("2026-01-11T20:01:00Z"); got != "" {
		t.Errorf("nothing has come: %s", got)
	}
	v.SetClock(t, "2026-01-11T20:10:00Z")
	sent := v.submitted(t, aino, "southern")
	v.submitted(t, aino, "western")
	if err := v.Refer(ctx, southern, "r", desk.Referral{Proposals: []int64{sent}, Division: "environment"}); err != nil {
		t.Fatal(err)
	}
	v.submitted(t, aino, "southern")
	for _, c := range []struct{ moment, want string }{
		{"2026-01-11T20:11:00Z", ""}, // too soon after the last look, and night
		{"2026-01-11T20:20:00Z", "6 [{new 2 2}]"},
		{"2026-01-11T20:40:00Z", ""}, // of the same again
		{"2026-01-12T04:59:00Z", ""}, // before seven in Helsinki
		{"2026-01-12T05:00:00Z", "3 [{new 1 1}] 4 [{new 1 1}] 5 [{to_estimate 1 1}]"},
		{"2026-01-12T09:00:00Z", ""},
	} {
		if got := tell(c.moment); got != c.want {
			t.Errorf("%s: got %q, want %q", c.moment, got, c.want)
		}
	}
	// The next day only who has news; how much waits in all is said, too.
	v.submitted(t, eino, "southern")
	v.stage(t, fmt.Sprintf("UPDATE mailbox SET muted = '{work}' WHERE account = %d", official.ID))
	if got, want := tell("2026-01-13T05:30:00Z"), "3 [{new 2 1}]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	work := func(a domain.Actor) string {
		return fmt.Sprint(must(v.Work(ctx, a, "r"))(t))
	}
	for _, c := range []struct {
		actor domain.Actor
		want  string
	}{{southern, "[{new 2}]"}, {western, "[{new 1}]"}, {expert, "[{to_estimate 1}]"}, {official, "[{new 3}]"}} {
		if got := work(c.actor); got != c.want {
			t.Errorf("%s: got %s, want %s", c.actor.Name, got, c.want)
		}
	}
	v.SetClock(t, "2026-02-09T05:00:00Z") // four weeks later
	if got, want := work(expert), "[{estimate_late 1}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := v.Work(ctx, aino, "r"); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a resident: %v", err)
	}
}
