package service

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
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

// ballotBox is a round that is voting, at whose one place an officer works, who
// has marked the rights of so many people as used on paper and declared so many
// sheets; then its time has ended.
type ballotBox struct {
	*world
	official, officer *client
	codes             []string
	place             string
}

func newBallotBox(t *testing.T, batches map[string]int) *ballotBox {
	t.Helper()
	w := newWorld(t)
	b := &ballotBox{world: w}
	w.at(t, "2026-01-10 12:00+02")
	b.official = w.official(t)
	b.officer = w.as(t, person{Name: "Olga Officer", Roles: []domain.Role{domain.Officer}})
	body, projects := byHand("r")
	b.official.ok("POST", "/api/v1/rounds", body, nil)
	b.official.ok("POST", "/api/v1/rounds/r/projects/import", projects, nil)
	b.codes = w.enrol(t, 9)
	w.take(t, b.official, "r", "propose", "vet", "freeze", "open")
	w.at(t, "2026-05-10 12:00+03")
	b.place = library(b.official, "r")
	b.officer.ok("PUT", b.place+"/request", nil, nil)
	var places []api.PollingPlace
	b.official.ok("GET", "/api/v1/rounds/r/places", nil, &places)
	b.official.ok("PUT", fmt.Sprint(b.place, "/officers/", (*places[0].Officers)[0].Account), nil, nil)
	// Five people vote on paper; none of them can vote once more.
	for _, code := range b.codes[:5] {
		var marked api.PaperMarkAnswer
		b.officer.ok("POST", b.place+"/paper-marks", api.PaperMark{IdentityCode: code, Document: "passport"}, &marked)
		if !slices.Equal(marked.Marked, []string{"main"}) {
			t.Fatalf("marked %+v", marked)
		}
	}
	day := openapi_types.Date{Time: time.Date(2026, 5, 10, 0, 0, 0, 0, time.UTC)}
	for _, name := range slices.Sorted(maps.Keys(batches)) {
		b.officer.ok("PUT", b.place+"/batches/"+name,
			api.BatchDeclaration{Day: day, Declared: batches[name], Paper: "main"}, nil)
	}
	return b
}

// closing is when its time has ended.
func (b *ballotBox) closing(t *testing.T) { b.at(t, "2026-05-17 12:00+03") }

func (b *ballotBox) leave(who *client, batch string) (l api.KeyingLeave) {
	who.ok("POST", "/api/v1/rounds/r/batches/"+batch+"/keying", nil, &l)
	return l
}

const keyedHead = "sarjanumero;numerot;syy\n"

// key hands in or tries what somebody keyed in; the box knows nobody.
func (b *ballotBox) key(t *testing.T, who *client, batch, rows string, confirm bool) (report api.KeyingReport) {
	t.Helper()
	b.anonymous(t).ok("POST", "/box/v1/rounds/r/batches/"+batch+"/sheets", api.KeyedBatch{
		Capability: b.leave(who, batch).Capability, Confirm: confirm,
		File: base64.StdEncoding.EncodeToString([]byte(keyedHead + rows)),
	}, &report)
	return report
}

func (b *ballotBox) compare(t *testing.T, capability, batch string) (report api.KeyingReport) {
	t.Helper()
	b.anonymous(t).ok("POST", "/box/v1/rounds/r/batches/"+batch+"/comparison",
		api.BatchComparison{Capability: capability}, &report)
	return report
}

func (b *ballotBox) mayseal(batch string) (l api.SealingLeave) {
	b.official.ok("POST", "/api/v1/rounds/r/batches/"+batch+"/sealing", nil, &l)
	return l
}

func (b *ballotBox) seal(t *testing.T, batch, why string, confirm bool) (
	report api.KeyingReport, status int, code string,
) {
	t.Helper()
	sealing := api.BatchSealing{Capability: b.mayseal(batch).Capability, Confirm: confirm}
	if why != "" {
		sealing.Explanation = &why
	}
	status, code = b.anonymous(t).post("/box/v1/rounds/r/batches/"+batch+"/seal", sealing, &report)
	return report, status, code
}

func (b *ballotBox) standing(who *client, batch string) (found api.PaperBatch) {
	var all []api.PaperBatch
	who.ok("GET", "/api/v1/rounds/r/batches", nil, &all)
	for _, one := range all {
		if one.Batch == batch {
			found = one
		}
	}
	return found
}

// verified closes, counts and publishes the vote, and checks its record.
func (b *ballotBox) verified(t *testing.T) record.Confirmed {
	t.Helper()
	b.take(t, b.official, "r", "close", "count", "confirm", "publish")
	var published []byte
	if status, code := b.anonymous(t).get("/api/v1/rounds/r/record", &published); status != http.StatusOK {
		t.Fatal(status, code)
	}
	verified, err := record.Verify(context.Background(), bytes.NewReader(published), record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return verified
}

const fiveSheets = "AB12-0001;1 2;\nAB12-0002;1;\nAB12-0003;3;\nAB12-0004;1, 3;mark outside a box\n" +
	"AB12-0005;;several areas\n"

// Votes on paper over HTTP, from the place to the record: rights are marked,
// the stack is declared, two people key it in when the time to vote has ended,
// each apart from the other, and the vote is not closed before. What they say
// differently one of them keys again; what they agree on is counted, and the
// record accounts for every sheet.
func TestVotesOnPaperFromThePlaceToTheRecord(t *testing.T) {
	t.Parallel()
	b := newBallotBox(t, map[string]int{"KALLIO1": 5})
	again := b.as(t, person{Subject: b.codes[0], Name: "Testi Henkilö", IdentityCode: b.codes[0], Language: "fi"})
	again.wantCredential(b.issued(t, "r", "main"), "main", http.StatusConflict, "right_spent")
	const batch = "/api/v1/rounds/r/batches/KALLIO1"
	if status, code := b.official.post(batch+"/keying", nil, nil); code != "keying_not_yet" {
		t.Errorf("keyed in while people vote: %d %s", status, code)
	}
	b.closing(t)
	if status, code := b.official.post("/api/v1/rounds/r/steps", b.official.shown("r", "close"), nil); status !=
		http.StatusConflict {
		t.Errorf("closed with a batch that is open: %d %s", status, code)
	}

	for name, tc := range map[string]struct{ old, new string }{
		"a number of nobody": {"0002;1;", "0002;99;"},
		"two areas":          {"0002;1;", "0002;1 4;"},
		"the same serial":    {"0003;3", "0002;1"},
	} {
		if got := b.key(t, b.officer, "KALLIO1", strings.Replace(fiveSheets, tc.old, tc.new, 1), true); got.Done ||
			got.HandedIn || len(got.Faults) != 1 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := b.key(t, b.officer, "KALLIO1", fiveSheets, false); got.Done || got.HandedIn || len(got.Faults) > 0 {
		t.Fatalf("tried: %+v", got)
	}
	if got := b.key(t, b.officer, "KALLIO1", fiveSheets, true); !got.Done || got.Keyed != "once" || got.Agreed != 0 {
		t.Fatalf("handed in: %+v", got)
	}
	if got := b.compare(t, b.leave(b.official, "KALLIO1").Capability, "KALLIO1"); got.HandedIn ||
		len(got.Differences) > 0 ||
		got.Agreed+got.Decided+got.Uncounted > 0 {
		t.Errorf("the second sees of the first: %+v", got)
	}
	third := b.as(t, person{Name: "Kolmas", Roles: []domain.Role{domain.Official}})
	if status, code := third.post(batch+"/keying", nil, nil); status != http.StatusConflict || code != "keying_by_others" {
		t.Errorf("a third keys in: %d %s", status, code)
	}
	// The second begins at the bottom of the stack, misreads one, and misses one.
	second := strings.Join(reversed(strings.SplitAfter(strings.TrimSuffix(fiveSheets, "\n"), "\n")), "")
	misread := strings.NewReplacer("0002;1;", "0002;2;", "AB12-0003;3;\n", "").Replace(second)
	if got := b.key(t, b.official, "KALLIO1", misread, true); !got.Done || got.Keyed != "differ" ||
		len(got.Differences) != 2 {
		t.Fatalf("handed in by the second: %+v", got)
	}
	if got, status, code := b.seal(t, "KALLIO1", "x", true); status != http.StatusOK || got.Done ||
		got.Keyed != "differ" ||
		len(got.Differences) > 0 {
		t.Errorf("put into the log although they differ: %d %s %+v", status, code, got)
	}
	if got := b.standing(b.officer, "KALLIO1"); *got.Keyed != "differ" || *got.Mine != 1 || !*got.HandedIn ||
		got.First != nil {
		t.Errorf("%+v", got)
	}
	if got := b.key(t, b.official, "KALLIO1", "AB12-0002;1;\nAB12-0003;3;\n", true); !got.Done || got.Keyed != "agreed" ||
		got.Agreed != 3 || got.Decided != 1 || got.Uncounted != 1 || got.Missing != 0 || got.Difference != 0 {
		t.Fatalf("keyed again: %+v", got)
	}
	if got, _, _ := b.seal(t, "KALLIO1", "", false); got.Done || got.Agreed != 3 {
		t.Errorf("only asked: %+v", got)
	}
	for range 2 { // the answer was lost
		if got, status, code := b.seal(t, "KALLIO1", "", true); !got.Done || got.Agreed != 3 || got.Decided != 1 {
			t.Fatalf("put into the log: %d %s %+v", status, code, got)
		}
	}
	if got, status, code := b.seal(t, "KALLIO1", "otherwise", true); status != http.StatusConflict ||
		code != "paper_batch_settled" {
		t.Errorf("once more, otherwise: %d %s %+v", status, code, got)
	}
	if status, code := b.officer.post(batch+"/keying", nil, nil); status != http.StatusConflict {
		t.Errorf("a sealed batch is keyed in: %d %s", status, code)
	}
	var kept int
	if err := b.box.Owner.NewRaw("SELECT count(*) FROM keyed").Scan(t.Context(), &kept); err != nil || kept != 0 {
		t.Errorf("%d of what was keyed in outlive the batch's sealing: %v", kept, err)
	}

	verified := b.verified(t)
	paper := verified.Published.Papers[0]
	if len(verified.Batches) != 1 || paper.OnPaper != 5 || paper.Sheets != 4 || paper.Ballots != 4 {
		t.Errorf("the record tells of %+v and %+v", verified.Batches, paper)
	}
	if area := verified.Published.Areas[0]; area.Ballots != 4 || area.Sheets != 4 {
		t.Errorf("area 0 has %+v", area)
	}
	for _, code := range b.codes[:5] {
		if strings.Contains(b.log.String(), code) {
			t.Error("the log tells who voted on paper")
		}
	}
}

// The place declared 200 sheets and 199 were keyed in; far fewer rights were
// marked. Nothing goes into the log before somebody has said why, and everybody
// reads it.
func TestFewerSheetsThanWereDeclared(t *testing.T) {
	t.Parallel()
	b := newBallotBox(t, map[string]int{"KALLIO1": 200})
	b.closing(t)
	var rows strings.Builder
	for i := range 199 {
		fmt.Fprintf(&rows, "AB12-%04d;1 2;\n", i)
	}
	for _, who := range []*client{b.officer, b.official} {
		if got := b.key(t, who, "KALLIO1", rows.String(), true); !got.Done {
			t.Fatalf("%+v", got)
		}
	}
	if _, status, code := b.seal(t, "KALLIO1", "", true); status != http.StatusBadRequest {
		t.Errorf("without a word: %d %s", status, code)
	}
	if got, status, code := b.seal(t, "KALLIO1", "Yksi oli laskettu kahdesti.", true); !got.Done || got.Missing != 1 ||
		got.Agreed != 199 || got.Difference != -195 {
		t.Errorf("%d %s %+v", status, code, got)
	}
}

// A sheet that lies in two batches counts once: whoever keys the second one in
// is told at its line, and if both were keyed in before either was sealed, the
// second is not, and is keyed in anew without it.
func TestOneSheetInTwoBatches(t *testing.T) {
	t.Parallel()
	b := newBallotBox(t, map[string]int{"A": 3, "B": 2, "C": 1})
	b.closing(t)
	sheets := map[string]string{
		"A": "AB12-0001;1;\nAB12-0002;1;\nAB12-0003;3;\n", "B": "AB12-0004;1;\nAB12-0003;3;\n", "C": "AB12-0001;1;\n",
	}
	both := func(batch string) {
		t.Helper()
		for _, who := range []*client{b.officer, b.official} {
			if got := b.key(t, who, batch, sheets[batch], true); !got.Done {
				t.Fatalf("%s: %+v", batch, got)
			}
		}
	}
	both("A")
	both("B")
	if got, status, code := b.seal(t, "A", "Kolme lippua, viisi merkintää.", true); !got.Done {
		t.Fatalf("%d %s %+v", status, code, got)
	}
	if got := b.key(t, b.officer, "C", sheets["C"], true); got.Done || len(got.Faults) != 1 ||
		got.Faults[0].Code != "used" ||
		got.Faults[0].Line != 2 {
		t.Errorf("the second batch's sheet: %+v", got)
	}
	if _, status, code := b.seal(t, "B", "x", true); status != http.StatusConflict || code != "paper_serial_used" {
		t.Errorf("sealed with a sheet that counts already: %d %s", status, code)
	}
	const batch = "/api/v1/rounds/r/batches/"
	old := b.leave(b.officer, "B")
	b.official.ok("POST", batch+"B/reopening", api.BatchReopening{Attempt: 1, Reason: "Lippu on nipussa A."}, nil)
	if status, code := b.anonymous(t).post("/box/v1/rounds/r/batches/B/comparison",
		api.BatchComparison{Capability: old.Capability}, nil); code != "keying_reopened" {
		t.Errorf("by an earlier leave: %d %s", status, code)
	}
	sheets["B"] = "AB12-0004;1;\n"
	both("B")
	if got, status, code := b.seal(t, "B", "Yksi lippu oli nipun A.", true); !got.Done {
		t.Fatalf("%d %s %+v", status, code, got)
	}
	b.official.ok("POST", batch+"C/left-out", api.BatchLeftOut{Reason: "Lippu oli nipun A."}, nil)
	if paper := b.verified(t).Published.Papers[0]; paper.Sheets != 4 {
		t.Errorf("%+v", paper)
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
