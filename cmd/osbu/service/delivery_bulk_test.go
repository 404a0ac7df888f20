package service

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

const deliverySheet = "/api/v1/rounds/r/delivery-sheet"

// rowsOf say what a sheet does, a line each.
func rowsOf(made api.DeliveryImported) (lines []string) {
	for _, r := range made.Rows {
		line := fmt.Sprint(r.Line, " ", r.Status, " ", value(r.Project))
		for _, f := range r.Facts {
			line += fmt.Sprintf(" %s:%s>%s", f.What, f.Before, f.After)
		}
		for _, f := range r.Faults {
			line += fmt.Sprintf(" %s%s!%s %s", value(f.Column), f.Head, f.Code, value(f.Limit))
		}
		lines = append(lines, line)
	}
	return lines
}

// An official fills in a sheet: she sees row by row what it would do, then it
// is done, and the same sheet does nothing when it comes again. Then the
// programming tool's export finds its projects by their ids there.
func TestDeliveriesFromASheet(t *testing.T) {
	t.Parallel()
	w, official := delivering(t)
	try := func(file, digest string) (made api.DeliveryImported) {
		t.Helper()
		body := api.DeliveryImport{File: []byte(file)}
		if digest != "" {
			body.Digest = &digest
		}
		official.ok("POST", deliverySheet, body, &made)
		return made
	}
	wants := func(made api.DeliveryImported, want ...string) {
		t.Helper()
		if got := rowsOf(made); !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	const ours = "Hankkeen numero;Ohjelmointityökalun tunnus;Vaihe;Rakentaminen: luvattu;Maksettu yhteensä, euroa;Muuta\n" +
		"1;4711;Suunnittelu;1.6.2027;12 000,50;x\n2;;;;0;\n"
	made := try(ours, "")
	wants(made, "2 change 1 external:>4711 phase:codevelopment>planning actual.planning:>2026-05-17 "+
		"promised.building:>2027-06-01 paid:0>1200050", "3 unchanged 2")
	if made.Done || !slices.Equal(made.Ignored, []string{"Muuta"}) {
		t.Errorf("tried: %+v", made)
	}
	var story api.DeliveryStory
	official.ok("GET", deliveriesPath+"1", nil, &story)
	if story.Project.Version != 1 {
		t.Errorf("the try changed something: %+v", story)
	}
	if made = try(ours, made.Digest); !made.Done {
		t.Errorf("not done: %+v", made)
	}
	official.ok("GET", deliveriesPath+"1", nil, &story)
	if story.Project.Version != 2 || story.Project.Phase != "planning" {
		t.Errorf("done: %+v", story)
	}
	var l api.Ledger
	official.ok("GET", "/api/v1/rounds/r/ledger", nil, &l)
	if b := l.Projects[0].Balances; b.Spent != 12_000_50 || b.Committed != 0 || len(l.Entries) != 3 {
		t.Errorf("the accounts: %+v", l)
	}
	again := try(ours, "")
	wants(again, "2 unchanged 1", "3 unchanged 2")
	again = try(ours, again.Digest)
	official.ok("GET", deliveriesPath+"1", nil, &story)
	if again.Done || story.Project.Version != 2 {
		t.Errorf("the same sheet again: %+v, %+v", again, story)
	}

	// The tool's own words, in a workbook, with a project that is not ours.
	var export bytes.Buffer
	if err := sheet.Write(&export, sheet.XLSX, sheet.Table{
		Head: []string{"hkrId", "name", "phase", "estConstructionStart", "estConstructionEnd", "realizedCost"},
		Rows: []sheet.Row{
			{Cells: []string{"4711", "Penkki", "7. Rakentaminen", "01.05.2026", "31.08.2027", "15000"}},
			{Cells: []string{"9999", "Katu", "construction", "", "", "1000000"}},
		},
	}); err != nil {
		t.Fatal(err)
	}
	made = try(export.String(), "")
	wants(made, "2 change 1 phase:planning>building promised.building:2027-06-01>2026-05-01 actual.building:>2026-05-17 "+
		"promised.done:>2027-08-31 paid:1200050>1500000", "3 unmatched 0 AhkrId!unknown ")
	if made = try(export.String(), made.Digest); !made.Done {
		t.Errorf("not done: %+v", made)
	}
	// Finished, as the tool has it, does not end the warranty.
	made = try("hkrId;phase\n4711;warrantyPeriod\n", "")
	try("hkrId;phase\n4711;warrantyPeriod\n", made.Digest)
	wants(try("hkrId;phase\n4711;completed\n", ""), "2 unchanged 1")

	// What cannot be is told by row and column, and then nothing is changed.
	const wrong = "project;site;external;phase;promised.done;actual.building;paid\n" +
		"1;;;;31.13.2027;;1\n2;;4711;;;;\n2;;;Jossain;;1.1.2026;99999\n9;;;;;;\n;;;;;;5\n2;3;;;;;\n1;;;;;;\n2;;;;;;\n"
	made = try(wrong, "")
	wants(made,
		"2 error 1 Epromised.done!bad_format 31.12.2027 Gpaid!too_small 15000\u00a0€",
		"3 error 2 Cexternal!duplicate ",
		"4 error 2 Dphase!unknown  Factual.building!not_allowed  Gpaid!too_large 50000\u00a0€",
		"5 error 9 Aproject!unknown ", "6 error 0 Aproject!required ", "7 error 2 Aproject!unknown ",
		"8 error 1 Aproject!duplicate 2", "9 error 2 Aproject!duplicate 4")
	for name, c := range map[string]struct {
		client *client
		body   api.DeliveryImport
		status int
		code   string
	}{
		"visitor":      {w.anonymous(t), api.DeliveryImport{File: []byte(ours)}, 401, "sign_in_required"},
		"expert":       {w.expert(t, "environment"), api.DeliveryImport{File: []byte(ours)}, 403, "not_allowed"},
		"with faults":  {official, api.DeliveryImport{File: []byte(wrong), Digest: &made.Digest}, 400, "invalid_request"},
		"never shown":  {official, api.DeliveryImport{File: []byte(ours), Digest: pointer("0")}, 409, "import_changed"},
		"other sheets": {official, api.DeliveryImport{File: []byte("a;b\n1;2\n")}, 400, ""},
	} {
		status, code := c.client.do("POST", deliverySheet, c.body, nil)
		if status != c.status || c.code != "" && code != c.code {
			t.Errorf("%s: got %d %s, want %d %s", name, status, code, c.status, c.code)
		}
	}
	var after api.Ledger
	official.ok("GET", "/api/v1/rounds/r/ledger", nil, &after)
	if after.Projects[0].Balances.Spent != 15_000_00 || len(after.Entries) != 5 {
		t.Errorf("a sheet with faults has changed the accounts: %+v", after.Projects)
	}

	// What is downloaded changes nothing when it comes back.
	for _, format := range []string{"csv", "xlsx"} {
		var file string
		official.ok("GET", deliverySheet+"?format="+format+"&language=sv", nil, &file)
		for _, line := range rowsOf(try(file, "")) {
			if !strings.Contains(line, " unchanged ") {
				t.Errorf("%s: %s", format, line)
			}
		}
	}
	if status, code := w.as(t, person{Name: "Erkki", Roles: []domain.Role{domain.Expert}}).
		get(deliverySheet+"?format=csv", nil); status != http.StatusForbidden {
		t.Errorf("an expert's sheet: %d %s", status, code)
	}
}
