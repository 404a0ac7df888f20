package service

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"osbu/cmd/osbu-mailbox/catcher"
	"osbu/domain"
	"osbu/handlers/api"
)

var invitationLink = regexp.MustCompile(`/invitation#(\S+)`)

// tokenOf is what the link of the only e-mail carries.
func tokenOf(t *testing.T, emails []catcher.Email) string {
	t.Helper()
	if len(emails) != 1 || !invitationLink.MatchString(emails[0].Plain) {
		t.Fatalf("%q", subjects(emails))
	}
	return invitationLink.FindStringSubmatch(emails[0].Plain)[1]
}

// Two people write one proposal: one invites, the other accepts, both are told
// of every step, and either ends it.
func TestTwoAuthors(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	aino := w.as(
		t,
		person{Name: "Aino Asukas", Language: domain.Swedish, Email: "aino@example.org", EmailVerified: true},
	)
	eino := w.as(t, person{Name: "Eino Naapuri", Email: "eino@example.org", EmailVerified: true})
	matti := w.as(t, person{Name: "Matti Muu", Email: "matti@example.org", EmailVerified: true})
	visitor, facilitator := w.anonymous(t), w.facilitator(t, "southern")
	path := aino.draft(bench("Penkki"))
	aino.ok("POST", path+"/invitations", api.NewInvitation{Address: "kutsuttu@example.org"}, nil)
	emails := w.deliver(t, box)
	token := tokenOf(t, emails)
	if l := emails[0]; l.To != "kutsuttu@example.org" ||
		l.Subject != "Aino A. bjuder in dig att göra ett förslag tillsammans: Penkki" ||
		l.Header.Get("List-Unsubscribe") != "" {
		t.Errorf("%+v", l)
	}
	var kept string
	err := w.office.Owner.QueryRow("SELECT string_agg(o::text || encode(coalesce(o.secret, ''), 'escape'), ' ') || " +
		"(SELECT string_agg(i::text || encode(i.digest, 'escape') || encode(i.address, 'escape'), ' ') FROM invitation i) " +
		"FROM outbox o").
		Scan(&kept)
	if err != nil || strings.Contains(kept, "kutsuttu") || strings.Contains(kept, token) {
		t.Errorf("the tables know the address or the token: %s %v", kept, err)
	}

	// The address is shown to the one who wrote it there.
	var authors api.Authors
	aino.ok("GET", path+"/authors", nil, &authors)
	if len(authors.Authors) != 1 || !authors.MayInvite || len(authors.Invitations) != 1 ||
		authors.Invitations[0].Address != "kutsuttu@example.org" {
		t.Fatalf("%+v", authors)
	}
	if status, _ := eino.get(path, nil); status != http.StatusNotFound {
		t.Fatalf("an invited person sees the draft before she has answered: %d", status)
	}

	// Whoever holds the link and is signed in accepts, once.
	answer := api.InvitationAnswer{Token: token, Accept: true}
	if status, code := visitor.post("/api/v1/invitation/answer", answer, nil); status != http.StatusUnauthorized ||
		code != "sign_in_required" {
		t.Errorf("%d %s", status, code)
	}
	if status, code := visitor.post("/api/v1/invitation", api.MailLink{Token: token},
		nil); status != http.StatusUnauthorized ||
		code != "sign_in_required" {
		t.Errorf("%d %s", status, code)
	}
	if status, code := aino.post("/api/v1/invitation/answer", answer, nil); status != http.StatusConflict ||
		code != "proposal_state_forbids" {
		t.Errorf("the author herself: %d %s", status, code)
	}
	var i api.Invitation
	eino.ok("POST", "/api/v1/invitation", api.MailLink{Token: token}, &i)
	if i.By != "Aino A." || i.Title != "Penkki" || i.Round != "r" {
		t.Errorf("%+v", i)
	}
	eino.ok("POST", "/api/v1/invitation/answer", answer, nil)
	for _, c := range []*client{eino, matti, aino} {
		for _, path := range []string{"/api/v1/invitation", "/api/v1/invitation/answer"} {
			var body any = answer
			if path == "/api/v1/invitation" {
				body = api.MailLink{Token: token}
			}
			if status, code := c.post(path, body, nil); status != http.StatusBadRequest ||
				code != "invitation_invalid" {
				t.Errorf("a second time: %d %s", status, code)
			}
		}
	}

	// Both edit; both are told; nobody else sees an address.
	var p api.Proposal
	eino.ok("GET", path, nil, &p)
	if !p.Mine || may(p) != "edit submit" || !slices.Equal(p.Coauthors, []string{"Eino N."}) {
		t.Fatalf("%+v %s", p, may(p))
	}
	eino.ok("PUT", path, api.ProposalEdit{Version: p.Version, Text: bench("Pitkä penkki")}, &p)
	if status, code := eino.post(path+"/withdraw", nil, nil); status != http.StatusForbidden || code != "not_allowed" {
		t.Errorf("who joined takes it back: %d %s", status, code)
	}
	w.deliver(t, box)
	eino.ok("POST", path+"/submit", nil, nil)
	facilitator.ok("POST", path+"/take", nil, nil)
	var told []string
	for _, l := range w.deliver(t, box) {
		told = append(told, l.To+": "+l.Subject)
	}
	slices.Sort(told)
	if !slices.Equal(told, []string{
		"aino@example.org: Förslaget behandlas: Pitkä penkki", "aino@example.org: Vi har tagit emot ditt förslag: Pitkä " +
			"penkki",
		"eino@example.org: Ehdotuksesi on vastaanotettu: Pitkä penkki",
		"eino@example.org: Ehdotusta käsitellään: Pitkä penkki",
	}) {
		t.Errorf("%q", told)
	}
	var page api.ProposalPage
	eino.ok("GET", "/api/v1/rounds/r/proposals?mine=true", nil, &page)
	if page.Total != 1 {
		t.Errorf("hers: %d", page.Total)
	}
	var public string
	visitor.ok("GET", path, nil, &public)
	if strings.Contains(public, "example.org") || !strings.Contains(public, `"coauthors":["Eino N."]`) {
		t.Errorf("%s", public)
	}
	if status, code := matti.get(path+"/authors", nil); status != http.StatusForbidden || code != "not_allowed" {
		t.Errorf("another's list: %d %s", status, code)
	}

	// Who joined leaves; what is left is the first author's.
	aino.ok("GET", path+"/authors", nil, &authors)
	if len(authors.Authors) != 2 || len(authors.Invitations) != 0 || !authors.Authors[1].MayRemove ||
		authors.Authors[0].MayRemove {
		t.Fatalf("%+v", authors)
	}
	first, joined := authors.Authors[0], authors.Authors[1]
	if status, code := eino.delete(path+"/authors/"+id(first.Id), nil); status != http.StatusNotFound ||
		code != "not_found" {
		t.Errorf("who joined removes the first: %d %s", status, code)
	}
	if status, code := matti.delete(path+"/authors/"+id(joined.Id), nil); status != http.StatusForbidden ||
		code != "not_allowed" {
		t.Errorf("another removes her: %d %s", status, code)
	}
	eino.ok("DELETE", path+"/authors/"+id(joined.Id), nil, nil)
	eino.ok("GET", path, nil, &p)
	if p.Mine || len(p.Coauthors) != 0 {
		t.Errorf("%+v", p)
	}
	if strings.Contains(w.log.String(), "example.org") || strings.Contains(w.log.String(), token) {
		t.Errorf("the log knows addresses or tokens:\n%s", w.log)
	}
}

func TestInvitationsEnd(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	aino := w.as(t, person{Name: "Aino Asukas", Email: "aino@example.org", EmailVerified: true})
	eino := w.as(t, person{Name: "Eino Naapuri"})
	path := aino.submitted(bench("Penkki"))
	w.deliver(t, box)
	invite := func(address string) string {
		t.Helper()
		aino.ok("POST", path+"/invitations", api.NewInvitation{Address: address}, nil)
		return tokenOf(t, w.deliver(t, box))
	}
	refused := func(why, token string) {
		t.Helper()
		for _, accept := range []bool{true, false} {
			if status, code := eino.post("/api/v1/invitation/answer", api.InvitationAnswer{Token: token, Accept: accept},
				nil); status != http.StatusBadRequest ||
				code != "invitation_invalid" {
				t.Errorf("%s: %d %s", why, status, code)
			}
		}
	}
	for _, made := range []string{"x", "AAAA", strings.Repeat("A", 43), "%%%"} {
		refused("made up", made)
	}

	// Taken back, before and after the e-mail went.
	aino.ok("POST", path+"/invitations", api.NewInvitation{Address: "a@example.org"}, nil)
	var authors api.Authors
	aino.ok("GET", path+"/authors", nil, &authors)
	aino.ok("DELETE", path+"/invitations/"+id(authors.Invitations[0].Id), nil, nil)
	if got := w.deliver(t, box); len(got) != 0 {
		t.Errorf("an e-mail of what was taken back: %q", subjects(got))
	}
	token := invite("b@example.org")
	aino.ok("GET", path+"/authors", nil, &authors)
	if status, code := eino.delete(path+"/invitations/"+id(authors.Invitations[0].Id),
		nil); status != http.StatusForbidden ||
		code != "not_allowed" {
		t.Errorf("another ends it: %d %s", status, code)
	}
	aino.ok("DELETE", path+"/invitations/"+id(authors.Invitations[0].Id), nil, nil)
	refused("taken back", token)

	// Declined: the one who asked is told.
	token = invite("c@example.org")
	eino.ok("POST", "/api/v1/invitation/answer", api.InvitationAnswer{Token: token}, nil)
	if got := subjects(w.deliver(t, box)); !slices.Equal(got, []string{"Kutsuusi vastattiin kieltävästi: Penkki"}) {
		t.Errorf("%q", got)
	}
	refused("declined", token)

	// Over after two weeks, and forgotten.
	token = invite("d@example.org")
	w.at(t, "2026-01-29 12:00:01+02")
	refused("its time is over", token)
	if err := w.authorship.ForgetInvitations(t.Context()); err != nil {
		t.Fatal(err)
	}
	var kept int
	if err := w.office.Owner.QueryRow("SELECT count(*) FROM invitation WHERE address IS NOT NULL OR outcome IS NULL").
		Scan(&kept); err != nil ||
		kept != 0 {
		t.Errorf("%d addresses are kept: %v", kept, err)
	}

	// Not more than five, nor a flood of e-mails, nor to what is no address,
	// nor when it is too late.
	for _, wrong := range []string{"no address", "a@b", "a@example.org, b@example.org", "ä@example.org"} {
		if status, code, fields := aino.fields("POST", path+"/invitations",
			api.NewInvitation{Address: wrong}); status != http.StatusBadRequest ||
			!slices.Equal(fields, []string{"address bad_format"}) {
			t.Errorf("%s: %d %s %q", wrong, status, code, fields)
		}
	}
	var last string
	for range 5 {
		last = invite("e@example.org")
	}
	if status, code := aino.post(path+"/invitations", api.NewInvitation{Address: "f@example.org"},
		nil); status != http.StatusConflict ||
		code != "too_many_coauthors" {
		t.Errorf("the sixth: %d %s", status, code)
	}
	other := aino.draft(bench("Pöytä"))
	for range 5 {
		aino.ok("POST", other+"/invitations", api.NewInvitation{Address: "g@example.org"}, nil)
	}
	third := aino.draft(bench("Tuoli"))
	if status, code := aino.post(third+"/invitations", api.NewInvitation{Address: "h@example.org"},
		nil); status != http.StatusTooManyRequests ||
		code != "too_many_requests" {
		t.Errorf("the eleventh in a day: %d %s", status, code)
	}
	aino.ok("POST", path+"/withdraw", nil, nil)
	if status, code := eino.post("/api/v1/invitation/answer", api.InvitationAnswer{Token: last, Accept: true},
		nil); status != http.StatusBadRequest ||
		code != "invitation_invalid" {
		t.Errorf("to what was withdrawn: %d %s", status, code)
	}
}
