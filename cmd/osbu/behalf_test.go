package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"osbu/domain/sheet"
	"osbu/handlers"
	"osbu/handlers/api"
)

func toldBench(submit bool) api.NewTold {
	return api.NewTold{Submit: submit, Told: api.ToldText{
		Text: bench("Penkki"), Channel: api.ToldTextChannelPhone, Name: pointer("Helvi"),
		Consent: &api.Consent{How: api.Spoken, GivenOn: "2026-01-14"},
	}}
}

// A proposal told by phone, from the Stadiluotsi's form to its author's own edit; and a sheet of paper proposals.
func TestToldProposals(t *testing.T) {
	w, official := proposing(t)
	south, resident, visitor := w.facilitator(t, "southern"), w.as(t, person{Name: "Helvi Hakala"}), w.anonymous(t)
	var slip api.Slip
	south.ok("POST", "/api/v1/rounds/r/told", toldBench(true), &slip)
	path := fmt.Sprint("/api/v1/rounds/r/proposals/", slip.Proposal.Id)
	var p api.Proposal
	visitor.ok("GET", path, nil, &p)
	if p.Channel != api.ProposalChannelPhone || p.Author != "Helvi" || p.Told == nil || p.Told.Claimed || p.Told.Consent != nil {
		t.Errorf("%+v", p)
	}
	south.ok("GET", path, nil, &p)
	if p.Told.Consent == nil || !strings.Contains(may(p), "amend") || !strings.Contains(may(p), "reissue") {
		t.Errorf("%+v", p)
	}
	change := api.ToldChange{Told: toldBench(true).Told, Version: p.Version, Reason: pointer("Soitti uudelleen")}
	change.Told.Text.Title = pointer("Penkki ja varjo")
	south.ok("PUT", path+"/told", change, &p)
	south.ok("POST", path+"/claim-code", nil, &slip)
	var page api.ProposalPage
	south.ok("GET", "/api/v1/rounds/r/told", nil, &page)
	if page.Total != 1 {
		t.Errorf("%+v", page)
	}
	claim := api.ClaimRequest{Code: strings.ToLower(slip.Code)}
	for who, c := range map[string]struct {
		*client
		want string
	}{"visitor": {visitor, "401 sign_in_required"}, "who entered it": {south, "403 not_allowed"}} {
		if status, code := c.post("/api/v1/rounds/r/claims", claim, nil); fmt.Sprint(status, " ", code) != c.want {
			t.Errorf("%s: %d %s", who, status, code)
		}
	}
	resident.ok("POST", "/api/v1/rounds/r/claims", claim, &p)
	if !p.Mine || p.Author != "Helvi H." || !p.Told.Claimed {
		t.Errorf("%+v", p)
	}
	resident.ok("PUT", path, api.ProposalEdit{Version: p.Version, Text: bench("Oma penkki")}, nil)
	if status, code := w.as(t, person{Name: "Kalle"}).post("/api/v1/rounds/r/claims", claim, nil); code != "claimed_already" || status != http.StatusConflict {
		t.Errorf("%d %s", status, code)
	}

	response := south.send("GET", "/api/v1/rounds/r/told/template.xlsx?language=sv", nil)
	defer response.Body.Close()
	template, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(response.Header.Get("Content-Type"), "spreadsheetml") {
		t.Fatalf("%d %v", response.StatusCode, err)
	}
	if _, err := sheet.Read(template, sheet.Limits{}); err != nil {
		t.Error(err)
	}
	file := base64.StdEncoding.EncodeToString([]byte("Title;What is proposed;Area;Theme;How consent was given;Day of consent\nKiikku;Kiikku pihaan;southern;parks;in writing;14.1.2026\n"))
	var report api.ToldReport
	south.ok("POST", "/api/v1/rounds/r/told/import", api.ToldImport{File: file}, &report)
	if report.Done || len(report.Rows) != 1 || report.Rows[0].Fate != api.Made {
		t.Errorf("%+v", report)
	}
	south.ok("POST", "/api/v1/rounds/r/told/import", api.ToldImport{File: file, Confirm: true}, &report)
	if !report.Done || report.Rows[0].Code == nil {
		t.Errorf("%+v", report)
	}
	w.as(t, person{Name: "Irja"}).ok("POST", "/api/v1/rounds/r/claims", api.ClaimRequest{Code: *report.Rows[0].Code}, nil)
	if status, code := south.post("/api/v1/rounds/r/told/import", api.ToldImport{File: "//4="}, nil); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest || code != "sheet_encoding" {
		t.Errorf("%d %s", status, code)
	}

	for name, c := range map[string]*client{"visitor": visitor, "resident": resident, "official": official, "another district": w.facilitator(t, "western")} {
		for _, r := range []struct {
			method, path string
			body         any
		}{
			{"GET", "/api/v1/rounds/r/told", nil},
			{"POST", "/api/v1/rounds/r/told", toldBench(false)},
			{"GET", "/api/v1/rounds/r/told/template.xlsx", nil},
			{"POST", "/api/v1/rounds/r/told/import", api.ToldImport{File: file, Confirm: true}},
			{"PUT", path + "/told", change},
			{"POST", path + "/claim-code", nil},
		} {
			status, code := c.do(r.method, r.path, r.body, nil)
			if name == "another district" && (r.method == "GET" || strings.HasSuffix(r.path, "/import")) { // of hers there is nothing
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

// Guessing claim codes is stopped by address.
func TestWrongClaimCodesAreCounted(t *testing.T) {
	w := newWorld(t, func(s *settings) {
		s.LimitWrongCode = handlers.Rate{N: 3, Per: time.Minute}
		s.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	w.at(t, duringProposing)
	o := w.official(t)
	o.createRound("r", "helsinki-2026")
	o.step("r", "propose")
	var slip api.Slip
	w.facilitator(t, "southern").ok("POST", "/api/v1/rounds/r/told", toldBench(true), &slip)
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
	if status, code := claim("192.0.2.1", slip.Code); status != http.StatusTooManyRequests {
		t.Errorf("%d %s", status, code)
	}
	if status, code := claim("192.0.2.2", slip.Code); status != http.StatusOK {
		t.Errorf("%d %s", status, code)
	}
}
