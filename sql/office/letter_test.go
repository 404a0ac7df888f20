package office_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/round"
)

// A round's own words reach authors in their language, go along into a copy,
// and are taken back; the audit log has what they were.
func TestARoundsOwnLetters(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	letters := post.New(post.Config{Store: v.store})
	own := post.Letter{
		Notification: post.Submitted, Language: domain.Finnish, Subject: "Kiitos: {title}", Body: "Luemme sen.\n\n{link}",
	}
	keep := func(l post.Letter) {
		t.Helper()
		if err := letters.KeepLetter(ctx, official, "r", l); err != nil {
			t.Fatal(err)
		}
	}
	keep(own)
	if err := letters.KeepLetter(ctx, official, "r", own); domain.CodeOf(err) != domain.CodeEdited {
		t.Errorf("over a colleague's: got %v, want %s", err, domain.CodeEdited)
	}
	if err := letters.KeepLetter(ctx, official, "nowhere", own); domain.KindOf(err) != domain.NotFound {
		t.Errorf("of no round: got %v, want %s", err, domain.NotFound)
	}
	next := func() *post.Letter {
		t.Helper()
		v.submitted(t, aino, "southern")
		l, _, err := v.store.ClaimEmail(ctx, holds)
		if err != nil || l == nil || l.Notification != post.Submitted {
			t.Fatalf("%+v, %v", l, err)
		}
		if err := v.store.SettleEmail(ctx, l.ID, l.Tries, post.Sent); err != nil {
			t.Fatal(err)
		}
		return l.Letter
	}
	if got := next(); got == nil || got.Subject != own.Subject || got.Body != own.Body {
		t.Errorf("sent %+v, want %+v", got, own)
	}
	if err := v.store.CopyRound(ctx, "r", func(r round.Round) (round.Round, round.Entry, error) {
		r.ID, r.Phase = "copy", round.Draft
		return r, entry("copy", "create"), nil
	}); err != nil {
		t.Fatal(err)
	}
	if got := must(v.store.Letters(ctx, "copy"))(t); len(got) != 1 || got[0].Subject != own.Subject {
		t.Errorf("the copy has %+v", got)
	}
	if err := v.store.DeleteRound(ctx, "copy", func(round.Round) (round.Entry, error) {
		return entry("copy", "delete"), nil
	}); err != nil {
		t.Errorf("a draft with letters is not deleted: %v", err)
	}
	keep(post.Letter{Notification: post.Submitted, Language: domain.Finnish, Version: 1})
	if got := next(); got != nil {
		t.Errorf("sent %+v, want the standard text", got)
	}
	var logged []string
	for _, e := range must(v.store.Audit(ctx, "r", round.AuditFilter{}))(t) {
		if e.Action == "letter" {
			logged = append(logged, e.Details)
		}
	}
	if len(logged) != 2 || !strings.Contains(fmt.Sprint(logged), "Luemme sen.") {
		t.Errorf("the log says %q", logged)
	}
}
