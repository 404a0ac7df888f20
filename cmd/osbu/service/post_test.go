package service

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"osbu/cmd/osbu-mailbox/catcher"
	"osbu/domain"
	"osbu/handlers/api"
)

// posting is a world with a mail server that catches its e-mails, and a round
// that takes proposals.
func posting(t *testing.T) (*world, *catcher.Catcher) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := catcher.New()
	go func() { _ = box.Serve(listener) }()
	t.Cleanup(func() { _ = box.Close() })
	w := newWorld(t, func(s *Settings) {
		s.SMTPURL, s.MailFrom = "smtp://"+listener.Addr().String(), "OmaStadi <omastadi@example.org>"
	})
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	return w, box
}

// deliver empties the outbox and gives what the mail server has got since.
func (w *world) deliver(t *testing.T, box *catcher.Catcher) []catcher.Email {
	t.Helper()
	before := len(box.Emails())
	for {
		more, err := w.post.SendOne(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			return box.Emails()[before:]
		}
	}
}

func subjects(emails []catcher.Email) (all []string) {
	for _, l := range emails {
		all = append(all, l.Subject)
	}
	return all
}

// A question on its way: from the step through the outbox and SMTP to the
// reader, in her language, with one click out.
func TestEmailsReachTheirReader(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	author := w.as(
		t,
		person{Name: "Astrid Asukas", Language: domain.Swedish, Email: "astrid@example.org", EmailVerified: true},
	)
	facilitator := w.facilitator(t, "southern")
	path := author.submitted(bench("Bänk, \"grön\"; ä 🌳"))
	facilitator.ok("POST", path+"/take", nil, nil)
	facilitator.ok("POST", path+"/ask", api.Question{Text: "Var?\n\n<script>alert(1)</script>"}, nil)
	emails := w.deliver(t, box)
	want := []string{
		`Vi har tagit emot ditt förslag: Bänk, "grön"; ä 🌳`,
		`Förslaget behandlas: Bänk, "grön"; ä 🌳`,
		`Stadslotsen frågar dig: Bänk, "grön"; ä 🌳`,
	}
	if !slices.Equal(subjects(emails), want) {
		t.Fatalf("%q", subjects(emails))
	}
	asked := emails[2]
	if asked.To != "astrid@example.org" || asked.Header.Get("From") != `"OmaStadi" <omastadi@example.org>` ||
		asked.Header.Get("Content-Language") != "sv" ||
		asked.Header.Get("Auto-Submitted") != "auto-generated" ||
		asked.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("%v", asked.Header)
	}
	if !strings.Contains(asked.Plain, "> Var?\n> \n> <script>alert(1)</script>\n") ||
		strings.Contains(asked.HTML, "<script") ||
		!strings.Contains(asked.HTML, "&lt;script&gt;") {
		t.Errorf("%s\n%s", asked.Plain, asked.HTML)
	}
	if !strings.Contains(asked.Plain, "29.1.2026 kl. 23.59") {
		t.Errorf("no deadline:\n%s", asked.Plain)
	}
	var public string
	w.anonymous(t).ok("GET", path, nil, &public)
	if strings.Contains(public, "answer_by") || strings.Contains(public, "astrid") {
		t.Errorf("%s", public)
	}

	// The mail program's one click: no session, any body, twice.
	click := strings.Trim(asked.Header.Get("List-Unsubscribe"), "<>")
	to, found := strings.CutPrefix(click, "http://"+w.settings.Addr)
	if !found {
		t.Fatalf("one click leads to %s", click)
	}
	visitor := w.anonymous(t)
	visitor.header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	for range 2 {
		var ended api.Unsubscribed
		if status, code := visitor.post(to, []byte("List-Unsubscribe=One-Click"), &ended); status != http.StatusOK ||
			ended.Kind != api.NotificationKindQuestions {
			t.Fatalf("%d %s %+v", status, code, ended)
		}
	}
	if status, code := visitor.post("/api/v1/unsubscription?token=AAAA", []byte("List-Unsubscribe=One-Click"),
		nil); status != http.StatusBadRequest ||
		code != "mail_link_invalid" {
		t.Errorf("%d %s", status, code)
	}
	visitor.header = nil
	response := visitor.send("GET", to, nil)
	_ = response.Body.Close()
	if place := response.Header.Get("Location"); response.StatusCode != http.StatusFound ||
		!strings.HasPrefix(place, "/sv/mail/stop#") {
		t.Errorf("a person who follows the link comes to %s", place)
	}
	author.ok("POST", path+"/submit", nil, nil)
	facilitator.ok("POST", path+"/take", nil, nil)
	facilitator.ok("POST", path+"/ask", api.Question{Text: "Hur hög?"}, nil)
	if got := subjects(w.deliver(t, box)); len(got) != 2 || strings.Contains(strings.Join(got, " "), "frågar") {
		t.Errorf("after she unsubscribed from questions: %q", got)
	}
	if strings.Contains(w.log.String(), "astrid@") || strings.Contains(w.log.String(), "token=") {
		t.Errorf("the log knows addresses:\n%s", w.log)
	}
	var kept string
	if err := w.office.Owner.QueryRow("SELECT string_agg(m::text || encode(m.address, 'escape'), ' ') FROM mailbox m").
		Scan(&kept); err != nil ||
		strings.Contains(kept, "astrid") {
		t.Errorf("the table knows addresses: %s %v", kept, err)
	}
}

// An address that the provider gives at a later sign-in than the one which made
// the account is taken over, too, when she first submits.
func TestEmailOfALaterSignIn(t *testing.T) {
	t.Parallel()
	w, _ := posting(t)
	her := person{Subject: "aino", Name: "Aino"}
	w.as(t, her).draft(bench("Penkki"))
	her.Email, her.EmailVerified = "aino@example.org", true
	c := w.as(t, her)
	c.submitted(bench("Toinen penkki"))
	var m api.Mailbox
	c.ok("GET", "/api/v1/mailbox", nil, &m)
	if m.Address == nil || *m.Address != "aino@example.org" || !m.Confirmed {
		t.Errorf("the mailbox is %+v", m)
	}
}

var confirmLink = regexp.MustCompile(`/mail/confirm#(\S+)`)

// An address that the provider does not vouch for, or that somebody types in,
// gets one e-mail before it is confirmed, and no other.
func TestAnAddressIsConfirmedByAEmail(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	author := w.as(t, person{Name: "Aino Asukas", Email: "aino@example.org"})
	var m api.Mailbox
	author.ok("GET", "/api/v1/mailbox", nil, &m)
	if m.Address != nil || *m.Suggested != "aino@example.org" || m.Confirmed || !m.Sends || m.Language != "fi" {
		t.Fatalf("%+v", m)
	}
	path := author.submitted(bench("Penkki"))
	first := w.deliver(t, box)
	if !slices.Equal(subjects(first), []string{"Vahvista sähköpostiosoitteesi"}) || first[0].To != "aino@example.org" ||
		first[0].Header.Get("List-Unsubscribe") != "" {
		t.Fatalf("%+v", first)
	}
	author.ok(
		"PUT",
		"/api/v1/mailbox",
		api.MailboxChange{Address: "toinen@example.org", Language: "en", Muted: []api.NotificationKind{}},
		&m,
	)
	second := w.deliver(t, box)
	if m.Confirmed || !slices.Equal(subjects(second), []string{"Confirm your e-mail address"}) ||
		second[0].To != "toinen@example.org" {
		t.Fatalf("%+v %+v", m, second)
	}
	visitor := w.anonymous(t)
	confirm := func(l catcher.Email) (int, string) {
		return visitor.post(
			"/api/v1/mailbox/confirmation",
			api.MailLink{Token: confirmLink.FindStringSubmatch(l.Plain)[1]},
			nil,
		)
	}
	if status, code := confirm(first[0]); status != http.StatusBadRequest || code != "mail_link_invalid" {
		t.Errorf("the link to the old address: %d %s", status, code)
	}
	w.at(t, "2026-01-17 12:00:01+02")
	if status, code := confirm(second[0]); status != http.StatusBadRequest || code != "mail_link_invalid" {
		t.Errorf("after two days: %d %s", status, code)
	}
	w.at(t, duringProposing)
	if status, _ := confirm(second[0]); status != http.StatusNoContent {
		t.Errorf("%d", status)
	}
	w.facilitator(t, "southern").ok("POST", path+"/take", nil, nil)
	if got := w.deliver(t, box); !slices.Equal(subjects(got), []string{"The proposal is being vetted: Penkki"}) ||
		got[0].To != "toinen@example.org" {
		t.Errorf("%+v", got)
	}
	author.ok("DELETE", "/api/v1/mailbox", nil, nil)
	author.ok("POST", path+"/withdraw", nil, nil)
	if got := w.deliver(t, box); len(got) != 0 {
		t.Errorf("%q", subjects(got))
	}
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		var body any
		if method == "PUT" {
			body = api.MailboxChange{Address: "a@example.org", Language: "fi", Muted: []api.NotificationKind{}}
		}
		if status, code := visitor.do(method, "/api/v1/mailbox", body, nil); status != http.StatusUnauthorized ||
			code != "sign_in_required" {
			t.Errorf("%s by a visitor: %d %s", method, status, code)
		}
	}
	if status, code, fields := author.fields("PUT", "/api/v1/mailbox",
		api.MailboxChange{
			Address: "a@example.org\r\nBcc: b@example.org", Language: "fi",
			Muted: []api.NotificationKind{},
		}); status != http.StatusBadRequest ||
		!slices.Equal(fields, []string{"address bad_format"}) {
		t.Errorf("%d %s %q", status, code, fields)
	}
}

// A server that is down, busy or unsure gets the e-mail again later, under the
// same Message-ID; one that refuses the receiver does not.
func TestEmailsAreTriedAgain(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	author := w.as(t, person{Name: "Aino Asukas", Email: "aino@example.org", EmailVerified: true})
	author.submitted(bench("Penkki"))
	fail := func(code int, atTheEnd bool) {
		box.SetAnswer(func(_ string, late bool) error {
			if late != atTheEnd {
				return nil
			}
			return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: "no aino@example.org here"}
		})
	}
	fail(450, false) // before anything is handed over
	if got := w.deliver(t, box); len(got) != 0 {
		t.Fatal("it came")
	}
	w.at(t, "2026-01-15 12:00:59+02")
	if more, err := w.post.SendOne(context.Background()); more || err != nil {
		t.Fatal("tried again at once")
	}
	w.at(t, "2026-01-15 12:01+02")
	fail(451, true) // it was stored, but we are told that it was not: as after a crash, nobody here can know
	first := w.deliver(t, box)
	box.SetAnswer(nil)
	w.at(t, "2026-01-15 12:06+02")
	second := w.deliver(t, box)
	if len(first) != 1 || len(second) != 1 || first[0].Header.Get("Message-Id") == "" ||
		first[0].Header.Get("Message-Id") != second[0].Header.Get("Message-Id") ||
		first[0].Header.Get("Date") != second[0].Header.Get("Date") {
		t.Fatalf("%+v\n%+v", first, second)
	}
	if got := w.deliver(t, box); len(got) != 0 {
		t.Fatal("sent, and sent again")
	}
	author.submitted(bench("Pöytä"))
	fail(550, false)
	w.deliver(t, box)
	box.SetAnswer(nil)
	w.at(t, "2026-01-16 12:00+02")
	if got := w.deliver(t, box); len(got) != 0 {
		t.Error("a refused e-mail was tried again")
	}
	if strings.Contains(w.log.String(), "aino@") {
		t.Errorf("the log knows what the mail server said:\n%s", w.log)
	}
}

// E-mails go out while the server runs.
func TestEmailsAreSentInTheBackground(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	box.SetAnswer(func(_ string, late bool) error {
		if late {
			stop()
		}
		return nil
	})
	w.as(t, person{Name: "Aino Asukas", Email: "aino@example.org", EmailVerified: true}).submitted(bench("Penkki"))
	w.worker(t, "send").keep(ctx, newLog(0), func(string, time.Time) {})
	if got := len(box.Emails()); got != 1 {
		t.Errorf("got %d e-mails, want the one that was being sent when the work ended", got)
	}
}

func TestMailSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ url, from, wrong string }{
		{"", "", ""},
		{"smtp://user:p%40ss@mail.example.org:587", "OmaStadi <a@example.org>", ""},
		{"smtps://mail.example.org", "a@example.org", ""},
		{"http://mail.example.org", "a@example.org", "OSBU_SMTP_URL"},
		{"smtp://", "a@example.org", "OSBU_SMTP_URL"},
		{"smtp://user:secret@mail.example.org:99999999", "a@example.org", "OSBU_SMTP_URL"},
		{"smtp://mail.example.org", "", "OSBU_MAIL_FROM"},
		{"smtp://mail.example.org", "nobody", "OSBU_MAIL_FROM"},
	} {
		_, err := ReadSettings([]string{"OSBU_SMTP_URL=" + c.url, "OSBU_MAIL_FROM=" + c.from})
		if (err == nil) != (c.wrong == "") ||
			err != nil && (!strings.Contains(err.Error(), c.wrong) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v", c.url, err)
		}
	}
	for address, plain := range map[string]bool{
		"127.0.0.1": true, "::1": true, "localhost": true,
		"mail.example.org": false, "10.0.0.1": false,
	} {
		if isThisMachine(address) != plain {
			t.Errorf("%s without encryption: %t", address, !plain)
		}
	}
	if u, err := url.Parse("smtp://user:p%40ss@mail.example.org:587"); err != nil {
		t.Error(u, err)
	}
}
