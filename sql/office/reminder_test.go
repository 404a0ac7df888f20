package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain/post"
	"osbu/domain/reminder"
	"osbu/domain/round"
)

// Whoever asked is told once of each, when it has come; nobody of what came too
// late, who does not want it, or who has no confirmed address. Nothing is left
// of who asked.
func TestPeopleAreRemindedOfTheVote(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	v.SetClock(t, "2026-01-11T20:00:00Z")
	v.stage(t, "UPDATE round SET voting_opens = '2026-05-01 09:00+03', voting_closes = '2026-05-16 00:00+03' WHERE id = 'r'")
	closes := time.Date(2026, 5, 15, 21, 0, 0, 0, time.UTC)
	v.mailbox(t, aino)
	v.mailbox(t, eino, post.Reminders)
	ask := func(account int64, of ...reminder.Of) {
		t.Helper()
		err := v.store.AskReminders(ctx, "r", account, func(round.At) ([]reminder.Of, error) { return of, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	ask(aino.ID, reminder.Begins, reminder.Ends, reminder.Results)
	ask(eino.ID, reminder.Begins, reminder.Ends, reminder.Results)
	ask(western.ID, reminder.Begins) // has no mailbox
	ask(western.ID, reminder.Ends)   // instead
	tell := func(phase, moment string) string {
		t.Helper()
		v.SetClock(t, moment)
		if phase != "" {
			v.stage(t, fmt.Sprintf("UPDATE round SET phase = '%s', freeze_decision = 'x', confirm_decision = CASE WHEN '%[1]s' IN "+
				"('confirmed', 'delivering') THEN 'y' ELSE '' END, copies_destroyed = CASE WHEN '%[1]s' = 'delivering' THEN 'z' "+
				"ELSE '' END WHERE id = 'r'", phase))
		}
		if _, err := v.store.Remind(ctx, 9, "Europe/Helsinki", 100); err != nil {
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
			if l.Wanted {
				told = append(told, fmt.Sprintf("%d %s %s", l.To.Account, l.Notification, l.Round))
				if !l.Until.Equal(closes) {
					t.Errorf("%s ends %s", l.Notification, l.Until)
				}
			}
			if err := v.store.SettleEmail(ctx, l.ID, l.Tries, post.Sent); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct{ phase, moment, want string }{
		{"", "2026-04-30T12:00:00Z", ""},
		{"vetting", "2026-04-30T12:01:00Z", ""},
		{"frozen", "2026-05-01T12:00:00Z", ""}, // the time has come, but not the official
		{"voting", "2026-05-01T05:59:00Z", ""}, // and the other way about
		{"", "2026-05-01T06:00:00Z", fmt.Sprintf("%d vote_begins r", aino.ID)},
		{"", "2026-05-01T06:01:00Z", ""},
		{"", "2026-05-14T05:59:00Z", ""}, // the last day is the 15th
		{"", "2026-05-14T06:00:00Z", fmt.Sprintf("%d vote_ends r", aino.ID)},
		{"closed", "2026-05-16T06:00:00Z", ""},
		{"counted", "2026-05-16T06:01:00Z", ""},
		{"confirmed", "2026-05-16T06:02:00Z", ""},
		{"delivering", "2026-05-16T06:03:00Z", fmt.Sprintf("%d results_out r", aino.ID)},
		{"", "2026-05-16T06:04:00Z", ""},
	} {
		if got := tell(c.phase, c.moment); got != c.want {
			t.Errorf("%s %s: got %q want %q", c.phase, c.moment, got, c.want)
		}
	}
	var left int
	if err := v.Owner.QueryRow("SELECT count(*) FROM reminder").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d reminders are left: %v", left, err)
	}
	ask(aino.ID, reminder.Begins, reminder.Ends) // too late for both
	if got := tell("", "2026-05-17T06:00:00Z"); got != "" {
		t.Error(got)
	}
	if of, err := v.store.Reminders(ctx, "r", aino.ID); err != nil || len(of) != 0 {
		t.Error(of, err)
	}
}
