package office_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/roll"
	"osbu/domain/round"
)

// A request for a second official is told to all others at once, also to
// those who want no e-mails about their work, and to nobody once it is there no
// more; codes are made by another official, once, and the
// database refuses them without a request.
func TestASecondOfficialIsTold(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing", "vetting")
	ctx := context.Background()
	second := domain.Actor{ID: western.ID, Name: western.Name, Roles: []domain.Role{domain.Official}}
	for _, a := range []domain.Actor{southern, second, expert, official, colleague} {
		var muted []post.Kind
		if a.ID == colleague.ID {
			muted = []post.Kind{post.Work}
		}
		v.mailbox(t, a, muted...)
		role := "official"
		if a.ID == southern.ID {
			role = "facilitator"
		}
		v.stage(t, fmt.Sprintf("INSERT INTO staff (account, roles, areas, divisions) VALUES (%d, '{%s}', '{}', '{}')",
			a.ID, role))
	}
	sent := func() string {
		t.Helper()
		var told []string
		for {
			l, _, err := v.store.ClaimEmail(ctx, holds)
			if err != nil {
				t.Fatal(err)
			}
			if l == nil {
				slices.Sort(told)
				return strings.Join(told, ", ")
			}
			told = append(told, fmt.Sprint(l.Notification, " ", l.To.Account, " ", l.Wanted, " ", l.Round, " ", l.By, " ",
				l.Words, " ", l.Count))
		}
	}
	change := func(with func(*round.Round, time.Time)) {
		t.Helper()
		_, err := v.store.UpdateRound(ctx, "r", func(r *round.Round, now time.Time) (round.Entry, error) {
			with(r, now)
			return entry("r", "settings"), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	change(func(r *round.Round, _ time.Time) { r.Settings.FourEyes = true })

	// A step.
	change(func(r *round.Round, now time.Time) {
		r.Asked = &round.Asked{Step: round.Freeze, By: official.ID, Name: official.Name, At: now, Request: []byte("{}")}
	})
	change(func(*round.Round, time.Time) {}) // another change of the round tells nobody again
	if got, want := sent(), fmt.Sprintf("second_step %d true r %[4]s freeze 0, second_step %[2]d true r %[4]s freeze 0, "+
		"second_step %[3]d true r %[4]s freeze 0", second.ID, expert.ID, colleague.ID, official.Name); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	change(func(r *round.Round, now time.Time) {
		r.Asked = &round.Asked{Step: round.Freeze, By: second.ID, Name: second.Name, At: now.Add(1), Request: []byte("{}")}
	})
	change(func(r *round.Round, _ time.Time) { r.Asked = nil })
	if got := sent(); strings.Contains(got, "true") {
		t.Errorf("told of a request that was taken back: %s", got)
	}

	// Codes.
	rolls := roll.New(roll.Config{
		Rounds: v.store, Register: v.store, Pepper: pepper, TimeZone: time.UTC,
		Rand: bytes.NewReader(bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7}, 1000)),
	})
	code := func(what string, err error, want domain.Code) {
		t.Helper()
		if domain.CodeOf(err) != want {
			t.Errorf("%s: got %v, want %s", what, err, want)
		}
	}
	_, err := rolls.IssueCodes(ctx, official, "r", library, 1)
	code("alone", err, round.CodeSecondNeeded)
	code("by the command", rolls.PrintCodes(ctx, "osbu codes", "r", library, 1, nil), round.CodeSecondNeeded)
	code("without a name", rolls.AskCodes(ctx, official, "r", roll.Batch{}, 1), domain.CodeInvalid)
	code("too many", rolls.AskCodes(ctx, official, "r", library, roll.CodesPerRequest+1), domain.CodeInvalid)
	_, err = v.ExecContext(ctx, `INSERT INTO code_batch (round, number, label, place, day)
		VALUES ('r', 1, 'x', '', '2026-01-01')`)
	if err == nil || !strings.Contains(err.Error(), "a second official makes the codes") {
		t.Errorf("the database made codes alone: %v", err)
	}
	for name, other := range map[string]domain.Actor{"facilitator": southern, "resident": aino} {
		code(name+" asks", rolls.AskCodes(ctx, other, "r", library, 3), domain.CodeNotAllowed)
		_, err := rolls.ConfirmCodes(ctx, other, "r", time.Now())
		code(name+" confirms", err, domain.CodeNotAllowed)
		code(name+" refuses", rolls.RefuseCodes(ctx, other, "r", time.Now(), "no"), domain.CodeNotAllowed)
	}
	_, err = rolls.ConfirmCodes(ctx, second, "r", time.Now())
	code("what nobody asked for", err, domain.CodeEdited)
	ask := func() time.Time {
		t.Helper()
		if err := rolls.AskCodes(ctx, official, "r", library, 3); err != nil {
			t.Fatal(err)
		}
		asked, err := v.store.AskedCodes(ctx, "r")
		if err != nil || asked == nil || asked.Label != library.Label || asked.Place != library.Place || asked.Count != 3 {
			t.Fatalf("%+v, %v", asked, err)
		}
		return asked.At
	}
	for _, whose := range []domain.Actor{second, official} { // refused, and taken back
		at := ask()
		code("asking twice", rolls.AskCodes(ctx, second, "r", library, 3), domain.CodeEdited)
		_, err = rolls.ConfirmCodes(ctx, official, "r", at)
		code("her own", err, round.CodeOwnRequest)
		_, err = rolls.ConfirmCodes(ctx, second, "r", at.Add(time.Second))
		code("another request", err, domain.CodeEdited)
		_, err = rolls.IssueCodes(ctx, second, "r", library, 1)
		code("alone, though asked for", err, round.CodeSecondNeeded)
		code("without a reason", rolls.RefuseCodes(ctx, whose, "r", at, " "), domain.CodeInvalid)
		if err := rolls.RefuseCodes(ctx, whose, "r", at, "not yet"); err != nil {
			t.Fatal(err)
		}
		_, err = rolls.ConfirmCodes(ctx, second, "r", at)
		code("what was refused", err, domain.CodeEdited)
	}
	if got := sent(); strings.Contains(got, "true") {
		t.Errorf("told of codes that nobody asks for any more: %s", got)
	}
	at := ask()
	if got, want := sent(), fmt.Sprintf("second_codes %d true r %[4]s Library day 3, second_codes %[2]d true r %[4]s "+
		"Library day 3, second_codes %[3]d true r %[4]s Library day 3", second.ID, expert.ID, colleague.ID,
		official.Name); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}

	// Two officials confirm at once: one of them makes the batch.
	var wg sync.WaitGroup
	made, errs := make([][]string, 2), make([]error, 2)
	for i, a := range []domain.Actor{second, {ID: expert.ID, Roles: []domain.Role{domain.Official}}} {
		one := roll.New(roll.Config{
			Rounds: v.store, Register: v.store, Pepper: pepper, TimeZone: time.UTC,
			Rand: bytes.NewReader(bytes.Repeat([]byte{byte(i), 9, 11, 13, 17}, 1000)),
		})
		wg.Go(func() { made[i], errs[i] = one.ConfirmCodes(ctx, a, "r", at) })
	}
	wg.Wait()
	if len(made[0])+len(made[1]) != 3 || (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("made %d and %d: %v", len(made[0]), len(made[1]), errs)
	}
	for _, err := range errs {
		if err != nil {
			code("the slower one", err, domain.CodeEdited)
		}
	}
	if asked, err := v.store.AskedCodes(ctx, "r"); asked != nil || err != nil {
		t.Errorf("%+v still waits, %v", asked, err)
	}
}
