package service

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain"
	"osbu/domain/record"
	"osbu/handlers/api"
)

// Votes on paper over HTTP, from the place to the record: rights are marked,
// the stack is declared, two people key it in when the time to vote has ended,
// and the vote is not closed before. What they say differently is told, and
// nothing of it is kept; what they agree on is counted, and the record accounts
// for every sheet.
func TestVotesOnPaperFromThePlaceToTheRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.at(t, "2026-01-10 12:00+02")
	official := w.official(t)
	officer := w.as(t, person{Name: "Olga Officer", Roles: []domain.Role{domain.Officer}})
	body, projects := byHand("r")
	official.ok("POST", "/api/v1/rounds", body, nil)
	official.ok("POST", "/api/v1/rounds/r/projects/import", projects, nil)
	codes := w.enrol(t, 9)
	w.take(t, official, "r", "propose", "vet", "freeze", "open")
	w.at(t, "2026-05-10 12:00+03")
	place := library(official, "r")
	officer.ok("PUT", place+"/request", nil, nil)
	var places []api.PollingPlace
	official.ok("GET", "/api/v1/rounds/r/places", nil, &places)
	official.ok("PUT", fmt.Sprint(place, "/officers/", (*places[0].Officers)[0].Account), nil, nil)

	// Five people vote on paper; none of them can vote once more.
	for _, code := range codes[:5] {
		var marked api.PaperMarkAnswer
		officer.ok("POST", place+"/paper-marks", api.PaperMark{IdentityCode: code, Document: "passport"}, &marked)
		if !slices.Equal(marked.Marked, []string{"main"}) {
			t.Fatalf("marked %+v", marked)
		}
	}
	again := w.as(t, person{Subject: codes[0], Name: "Testi Henkilö", IdentityCode: codes[0], Language: "fi"})
	again.wantCredential(w.issued(t, "r", "main"), "main", http.StatusConflict, "right_spent")

	day := openapi_types.Date{Time: time.Date(2026, 5, 10, 0, 0, 0, 0, time.UTC)}
	const batch = "/api/v1/rounds/r/batches/KALLIO1"
	officer.ok("PUT", place+"/batches/KALLIO1", api.BatchDeclaration{Day: day, Declared: 5, Paper: "main"}, nil)
	if status, code := official.post(batch+"/keying", nil, nil); code != "keying_not_yet" {
		t.Errorf("keyed in while people vote: %d %s", status, code)
	}
	w.at(t, "2026-05-17 12:00+03")
	if status, code := official.post("/api/v1/rounds/r/steps", official.shown("r", "close"), nil); status !=
		http.StatusConflict {
		t.Errorf("closed with a batch that is open: %d %s", status, code)
	}
	if status, code := officer.post(batch+"/keying", nil, nil); status != http.StatusForbidden {
		t.Errorf("an officer keys in: %d %s", status, code)
	}
	var leave api.KeyingLeave
	official.ok("POST", batch+"/keying", nil, &leave)

	box := w.anonymous(t)
	key := func(first, second string, confirm bool) (report api.KeyingReport) {
		t.Helper()
		file := func(rows string) string {
			return base64.StdEncoding.EncodeToString([]byte("sarjanumero;numerot;syy\n" + rows))
		}
		box.ok("POST", "/box/v1/rounds/r/batches/KALLIO1/sheets", api.KeyedBatch{
			Capability: leave.Capability, First: file(first), Second: file(second), Confirm: confirm,
		}, &report)
		return report
	}
	const first = "AB12-0001;1 2;\nAB12-0002;1;\nAB12-0003;3;\nAB12-0004;1, 3;mark outside a box\n" +
		"AB12-0005;;several areas\n"
	for name, tc := range map[string]struct {
		second              string
		faults, differences int
	}{
		"another number":     {strings.Replace(first, "0002;1;", "0002;2;", 1), 0, 1},
		"a sheet is missing": {strings.Replace(first, "AB12-0003;3;\n", "", 1), 0, 1},
		"a number of nobody": {strings.Replace(first, "0002;1;", "0002;99;", 1), 1, 1},
		"two areas":          {strings.Replace(first, "0002;1;", "0002;1 4;", 1), 1, 1},
		"the same serial":    {strings.Replace(first, "0003;3", "0002;1", 1), 1, 1},
	} {
		got := key(first, tc.second, true)
		if got.Done || len(got.Faults) != tc.faults || len(got.Differences) < tc.differences {
			t.Errorf("%s: %+v", name, got)
		}
	}
	second := strings.Join(reversed(strings.SplitAfter(strings.TrimSuffix(first, "\n"), "\n")), "")
	if got := key(first, second, false); got.Done || got.Agreed != 3 || got.Decided != 1 || got.Uncounted != 1 ||
		got.Missing != 0 || got.Difference != 0 || len(got.Faults)+len(got.Differences) > 0 {
		t.Fatalf("tried: %+v", got)
	}
	if got := key(first, second, true); !got.Done {
		t.Fatalf("put into the log: %+v", got)
	}
	if status, code := official.post(batch+"/keying", nil, nil); status != http.StatusConflict {
		t.Errorf("a sealed batch is keyed in: %d %s", status, code)
	}

	w.take(t, official, "r", "close", "count", "confirm", "publish")
	var published []byte
	if status, code := w.anonymous(t).get("/api/v1/rounds/r/record", &published); status != http.StatusOK {
		t.Fatal(status, code)
	}
	verified, err := record.Verify(context.Background(), bytes.NewReader(published), record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	paper := verified.Published.Papers[0]
	if len(verified.Batches) != 1 || paper.OnPaper != 5 || paper.Sheets != 4 || paper.Ballots != 4 {
		t.Errorf("the record tells of %+v and %+v", verified.Batches, paper)
	}
	if area := verified.Published.Areas[0]; area.Ballots != 4 || area.Sheets != 4 {
		t.Errorf("area 0 has %+v", area)
	}
	for _, code := range codes[:5] {
		if strings.Contains(w.log.String(), code) {
			t.Error("the log tells who voted on paper")
		}
	}
}

// reversed are lines from the last to the first, each with its end.
func reversed(lines []string) []string {
	for i, line := range lines {
		lines[i] = strings.TrimSuffix(line, "\n") + "\n"
	}
	slices.Reverse(lines)
	return lines
}
