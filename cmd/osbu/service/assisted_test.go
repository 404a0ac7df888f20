package service

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain/sheet"
	"osbu/handlers"
	"osbu/handlers/api"
)

func assistedBench(submit bool) api.NewAssisted {
	return api.NewAssisted{Submit: submit, Assisted: api.AssistedText{
		Text: bench("Penkki"), Channel: api.AssistedTextChannelPhone, Name: pointer("Helvi"),
		Consent: &api.Consent{How: api.Spoken, GivenOn: "2026-01-14"},
	}}
}

// A proposal told by phone, from the facilitator's form to its author's own
// edit; and a sheet of paper proposals.
func TestToldProposals(t *testing.T) {
	t.Parallel()
	w, official := proposing(t)
	south, resident, visitor := w.facilitator(t, "southern"), w.as(t, person{Name: "Helvi Hakala"}), w.anonymous(t)
	var letter api.ClaimLetter
	south.ok("POST", "/api/v1/rounds/r/assisted", assistedBench(true), &letter)
	path := fmt.Sprint("/api/v1/rounds/r/proposals/", letter.Proposal.Id)
	var p api.Proposal
	visitor.ok("GET", path, nil, &p)
	if p.Channel != api.ProposalChannelPhone || p.Author != "Helvi" || p.Assisted == nil || p.Assisted.Claimed ||
		p.Assisted.Consent != nil {
		t.Errorf("%+v", p)
	}
	south.ok("GET", path, nil, &p)
	if p.Assisted.Consent == nil || !strings.Contains(may(p), "amend") || !strings.Contains(may(p), "reissue") {
		t.Errorf("%+v", p)
	}
	change := api.AssistedChange{
		Assisted: assistedBench(true).Assisted, Version: p.Version,
		Reason: pointer("Soitti uudelleen"),
	}
	change.Assisted.Text.Title = pointer("Penkki ja varjo")
	south.ok("PUT", path+"/assisted", change, &p)
	south.ok("POST", path+"/claim-code", api.NewClaimLetter{}, &letter)
	var page api.ProposalPage
	south.ok("GET", "/api/v1/rounds/r/assisted", nil, &page)
	if page.Total != 1 {
		t.Errorf("%+v", page)
	}
	claim := api.ClaimRequest{Code: strings.ToLower(letter.Code)}
	for who, c := range map[string]struct {
		*client
		want string
	}{"visitor": {visitor, "401 sign_in_required"}, "who entered it": {south, "403 not_allowed"}} {
		if status, code := c.post("/api/v1/rounds/r/claims", claim, nil); fmt.Sprint(status, " ", code) != c.want {
			t.Errorf("%s: %d %s", who, status, code)
		}
	}
	resident.ok("POST", "/api/v1/rounds/r/claims", claim, &p)
	if !p.Mine || p.Author != "Helvi H." || !p.Assisted.Claimed {
		t.Errorf("%+v", p)
	}
	resident.ok("PUT", path, api.ProposalEdit{Version: p.Version, Text: bench("Oma penkki")}, nil)
	if status, code := w.as(t, person{Name: "Kalle"}).
		post("/api/v1/rounds/r/claims", claim, nil); code != "claimed_already" ||
		status != http.StatusConflict {
		t.Errorf("%d %s", status, code)
	}

	response := south.send("GET", "/api/v1/rounds/r/assisted/template.xlsx?language=sv", nil)
	defer response.Body.Close()
	template, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK ||
		!strings.Contains(response.Header.Get("Content-Type"), "spreadsheetml") {
		t.Fatalf("%d %v", response.StatusCode, err)
	}
	if _, err := sheet.Read(template, sheet.Limits{}); err != nil {
		t.Error(err)
	}
	file := base64.StdEncoding.EncodeToString(
		[]byte(
			"Title;What is proposed;Area;Theme;How consent was given;Day of consent\nKiikku;Kiikku pihaan;southern;parks;in " +
				"writing;14.1.2026\n",
		),
	)
	var report api.AssistedReport
	south.ok("POST", "/api/v1/rounds/r/assisted/import", api.AssistedImport{File: file}, &report)
	if report.Done || len(report.Rows) != 1 || report.Rows[0].Status != api.Made {
		t.Errorf("%+v", report)
	}
	south.ok("POST", "/api/v1/rounds/r/assisted/import", api.AssistedImport{File: file, Confirm: true}, &report)
	if !report.Done || report.Rows[0].Code == nil {
		t.Errorf("%+v", report)
	}
	w.as(t, person{Name: "Irja"}).
		ok("POST", "/api/v1/rounds/r/claims", api.ClaimRequest{Code: *report.Rows[0].Code}, nil)
	if status, code := south.post("/api/v1/rounds/r/assisted/import", api.AssistedImport{File: "gQ=="},
		nil); status != http.StatusUnprocessableEntity &&
		status != http.StatusBadRequest ||
		code != "sheet_encoding" {
		t.Errorf("%d %s", status, code)
	}

	for name, c := range map[string]*client{
		"visitor": visitor, "resident": resident, "official": official,
		"another district": w.facilitator(t, "western"),
	} {
		for _, r := range []struct {
			method, path string
			body         any
		}{
			{"GET", "/api/v1/rounds/r/assisted", nil},
			{"POST", "/api/v1/rounds/r/assisted", assistedBench(false)},
			{"GET", "/api/v1/rounds/r/assisted/template.xlsx", nil},
			{"POST", "/api/v1/rounds/r/assisted/import", api.AssistedImport{File: file, Confirm: true}},
			{"PUT", path + "/assisted", change},
			{"POST", path + "/claim-code", api.NewClaimLetter{}},
		} {
			status, code := c.do(r.method, r.path, r.body, nil)
			if name == "another district" &&
				(r.method == "GET" || strings.HasSuffix(r.path, "/import")) { // of hers there is nothing
				continue
			}
			if status != http.StatusUnauthorized && status != http.StatusForbidden {
				t.Errorf("%s %s %s: %d %s", name, r.method, r.path, status, code)
			}
		}
	}
	if resident.ok("GET", path, nil, &p); p.Version != 4 {
		t.Errorf("%+v", p)
	}
}

// The code goes by e-mail, in the proposal's language, to an address that
// nobody reads here and that goes with the e-mail.
func TestClaimCodesByEmail(t *testing.T) {
	t.Parallel()
	w, box := posting(t)
	south, helvi := w.facilitator(t, "southern"), w.as(t, person{Name: "Helvi Hakala"})
	told := assistedBench(true)
	told.Assisted.Text.Language = pointer(api.LanguageSv)
	told.Address = pointer(" helvi@example.org ")
	unanswered := func() (kept int, known bool) {
		t.Helper()
		err := w.office.Owner.QueryRow(`SELECT count(*) FILTER (WHERE o.address IS NOT NULL OR o.secret IS NOT NULL),
			coalesce(bool_or(o::text || encode(coalesce(o.address, ''), 'escape') || encode(coalesce(o.secret, ''), 'escape')
			LIKE '%helvi%'), false) FROM outbox o`).Scan(&kept, &known)
		if err != nil {
			t.Fatal(err)
		}
		return kept, known
	}
	var letter api.ClaimLetter
	south.ok("POST", "/api/v1/rounds/r/assisted", told, &letter)
	path := fmt.Sprint("/api/v1/rounds/r/proposals/", letter.Proposal.Id)
	if kept, known := unanswered(); kept != 1 || known {
		t.Errorf("%d e-mails wait; the address stands there in clear: %t", kept, known)
	}
	for name, c := range map[string]*client{
		"who entered it": south, "visitor": w.anonymous(t), "resident": helvi,
		"official": w.official(t),
	} {
		for _, at := range []string{path, path + "/versions", "/api/v1/rounds/r/proposals"} {
			var seen json.RawMessage
			c.ok("GET", at, nil, &seen)
			if strings.Contains(string(seen), "helvi@") {
				t.Errorf("%s reads the address at %s", name, at)
			}
		}
	}
	emails := w.deliver(t, box)
	if len(emails) != 1 || emails[0].To != "helvi@example.org" ||
		emails[0].Subject != "Ditt förslag har antecknats: Penkki" ||
		emails[0].Header.Get("List-Unsubscribe") != "" ||
		!strings.Contains(emails[0].Plain, "Kod: "+letter.Code) ||
		!strings.Contains(emails[0].Plain, "/sv/rounds/r/claim#"+letter.Code) {
		t.Fatalf("%+v", emails)
	}
	if kept, _ := unanswered(); kept != 0 {
		t.Error("the address stays when the e-mail has gone")
	}

	// Another letter voids the code on its way; only the new one is sent, and
	// none without an address.
	again := func(address string) api.ClaimLetter {
		t.Helper()
		var s api.ClaimLetter
		south.ok("POST", path+"/claim-code", api.NewClaimLetter{Address: pointer(address)}, &s)
		return s
	}
	again("vanha@example.org")
	newest := again("uusi@example.org")
	if emails = w.deliver(t, box); len(emails) != 1 || emails[0].To != "uusi@example.org" ||
		!strings.Contains(emails[0].Plain, newest.Code) {
		t.Fatalf("%+v", emails)
	}
	again("")
	if kept, _ := unanswered(); kept != 0 || len(w.deliver(t, box)) != 0 {
		t.Error("an e-mail goes to nobody")
	}
	for _, wrong := range []string{"no address", "a@b", "a@example.org, b@example.org"} {
		if status, code, fields := south.fields("POST", path+"/claim-code",
			api.NewClaimLetter{Address: &wrong}); status != http.StatusBadRequest ||
			!slices.Equal(fields, []string{"address bad_format"}) {
			t.Errorf("%s: %d %s %q", wrong, status, code, fields)
		}
	}

	// What is claimed meanwhile needs no e-mail, nor what was withdrawn, nor
	// one that no server took for two weeks.
	newest = again("helvi@example.org")
	helvi.ok("POST", "/api/v1/rounds/r/claims", api.ClaimRequest{Code: newest.Code}, nil)
	if kept, _ := unanswered(); kept != 0 {
		t.Error("the address stays when the proposal is claimed")
	}
	south.ok("POST", "/api/v1/rounds/r/assisted", told, &letter)
	south.ok("POST", fmt.Sprint("/api/v1/rounds/r/proposals/", letter.Proposal.Id, "/withdraw"), nil, nil)
	if got := w.deliver(t, box); len(got) != 0 {
		t.Errorf("%q", subjects(got))
	}
	file := base64.StdEncoding.EncodeToString(
		[]byte(
			"Title;What is proposed;Area;Theme;How consent was given;Day of consent;E-mail to which the code is " +
				"sent\nKiikku;Kiikku pihaan;southern;parks;in writing;14.1.2026;irja@example.org\n",
		),
	)
	var report api.AssistedReport
	south.ok("POST", "/api/v1/rounds/r/assisted/import", api.AssistedImport{File: file, Confirm: true}, &report)
	if kept, _ := unanswered(); !report.Done || kept != 1 {
		t.Errorf("%+v", report)
	}
	w.at(t, "2026-01-30 12:00:00+02")
	if err := w.assisted.ForgetClaimEmails(t.Context(), w.clock.now()); err != nil {
		t.Fatal(err)
	}
	if kept, _ := unanswered(); kept != 0 {
		t.Error("the address of an e-mail that nobody took stays")
	}
	south.ok("POST", "/api/v1/rounds/r/assisted/import", api.AssistedImport{File: base64.StdEncoding.EncodeToString([]byte(
		"Title;What is proposed;Area;Theme;How consent was given;Day of consent;E-mail to which the code is " +
			"sent\nLiuku;Liuku pihaan;southern;parks;in writing;14.1.2026;irja\n",
	))}, &report)
	if len(report.Rows) != 1 || report.Rows[0].Status != api.Faulty || *report.Rows[0].Faults[0].Column != "G" ||
		report.Rows[0].Faults[0].Code != "bad_format" {
		t.Errorf("%+v", report)
	}
	w.at(t, "2026-03-15 12:00:00+02")
	var named int
	if _, err := w.office.Owner.Exec("SELECT forget_emails()"); err != nil {
		t.Fatal(err)
	}
	if err := w.office.Owner.QueryRow("SELECT count(email) FROM assisted").Scan(&named); err != nil || named != 0 {
		t.Errorf("%d e-mails are named after they have gone: %v", named, err)
	}
}

// Guessing claim codes is slowed down by address; a right one passes.
func TestWrongClaimCodesAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) {
		s.LimitWrongCode = handlers.Rate{N: 3, Per: time.Minute}
		s.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	var letter api.ClaimLetter
	w.facilitator(t, "southern").ok("POST", "/api/v1/rounds/r/assisted", assistedBench(true), &letter)
	c := w.as(t, person{Name: "Arvaaja"})
	claim := func(address, code string) (int, string) {
		c.header = http.Header{"X-Forwarded-For": {address}}
		return c.post("/api/v1/rounds/r/claims", api.ClaimRequest{Code: code}, nil)
	}
	for i := range 3 {
		if _, code := claim("192.0.2.1", fmt.Sprintf("0000-0000-000%d", i)); code != "claim_code_invalid" {
			t.Fatal(code)
		}
	}
	if status, code := claim("192.0.2.1", "0000-0000-0009"); status != http.StatusTooManyRequests {
		t.Errorf("one more: %d %s", status, code)
	}
	if status, code := claim("192.0.2.1", letter.Code); status != http.StatusOK {
		t.Errorf("the right one: %d %s", status, code)
	}
}
