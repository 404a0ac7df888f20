package service

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain/round"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/handlers/api"
)

// A vote from its opening to its close, watched by two servers: what is issued,
// what is in the box, day by day, and the alarm when the two do not fit.
func TestNumbersOfAVote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *Settings) { s.ReleaseEvery = time.Minute })
	ctx := context.Background()
	w.at(t, "2026-01-10 12:00+02")
	visitor, official := w.anonymous(t), w.official(t)
	body, projects := byHand("r")
	official.post("/api/v1/rounds", body, nil)
	official.post("/api/v1/rounds/r/projects/import", projects, nil)
	var codes api.Codes
	if status, code := official.post("/api/v1/rounds/r/codes", api.CodesRequest{Count: 9, Label: "codes"},
		&codes); status != http.StatusCreated {
		t.Fatal(status, code)
	}
	const path = "/api/v1/rounds/r/numbers"
	wantRefusal := func(status int, code string) {
		t.Helper()
		for _, address := range []string{path, path + ".csv"} {
			if got, problem := visitor.get(address, nil); got != status || problem != code {
				t.Errorf("%s: %d %s, want %d %s", address, got, problem, status, code)
			}
		}
	}
	wantRefusal(http.StatusNotFound, "not_found")
	w.take(t, official, "r", "propose", "vet", "freeze")
	wantRefusal(http.StatusConflict, "voting_not_open")
	w.take(t, official, "r", "open")

	watch := func(moment string) {
		t.Helper()
		w.at(t, moment)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := w.records.Watch(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
	}
	numbers := func() (n api.Numbers) {
		t.Helper()
		if status, code := visitor.get(path, &n); status != http.StatusOK {
			t.Fatal(status, code)
		}
		return n
	}
	e := w.issued(t, "r", "main")
	vote := func(codes []string, ballots int) {
		t.Helper()
		for _, code := range codes {
			w.withCode(t, code).wantCredential(e, "main", http.StatusOK, "")
		}
		for range ballots {
			w.append(t, ctx, ballot.Ballot{Round: "r", Paper: "main", Area: "area-0", Vote: ballot.Vote{Choices: []int{1}}})
		}
	}
	watch("2026-05-01 12:00+03") // the vote opens on the 2nd: nothing to keep yet
	watch("2026-05-02 08:00+03")
	vote(codes.Codes[:3], 2)
	watch("2026-05-02 23:59:59+03")
	watch("2026-05-03 00:00+03")
	vote(codes.Codes[3:4], 2)
	watch("2026-05-03 00:01+03")
	watch("2026-05-06 07:30+03") // nobody looked for two days

	want := api.PaperNumbers{Paper: "main", Rights: 4, Assisted: 4, Credentials: 4, Ballots: 4}
	minute := time.Date(2026, 5, 6, 4, 30, 0, 0, time.UTC)
	w.clock.pass(minute.Add(10 * time.Second).Sub(w.clock.now()))
	n := numbers()
	if next := n.Release.At; n.Release.Least != w.settings.ReleaseMin || next == nil ||
		!next.Equal(minute.Add(time.Minute)) {
		t.Errorf("the next release: got %+v, want at %s, of %d", n.Release, minute.Add(time.Minute), w.settings.ReleaseMin)
	}
	if n.MostReplacements != 5 || !slices.Equal(n.Papers, []api.PaperNumbers{want}) {
		t.Errorf("%+v", n)
	}
	var days []string
	for _, d := range n.Days {
		p := d.Papers[0]
		days = append(
			days,
			fmt.Sprintf("%s %s %d-%d=%d", d.Day, d.At.UTC().Format("15:04"), p.Credentials, p.Ballots, p.Missing),
		)
	}
	if said := strings.Join(days, ", "); said != "2026-05-02 05:00 0-0=0, 2026-05-03 21:00 3-2=1, 2026-05-06 04:30 4-4=0" {
		t.Error(said)
	}
	var text string
	visitor.get(path+".csv", &text)
	rows := strictCSV(t, []byte(text))
	if len(rows) != 5 ||
		strings.Join(rows[2], " ") != "2026-05-03 2026-05-02T21:00:00Z main 3 0 3 0 0 3 2 1" ||
		strings.Join(rows[4], " ") != "now 2026-05-06T04:30:00Z main 4 0 4 0 0 4 4 0" {
		t.Errorf("got %s", text)
	}
	if strings.Contains(w.log.String(), "ALARM") {
		t.Error("an alarm for nothing")
	}

	// Two ballots that nobody was entitled to. For a minute visitors are shown
	// what was counted last; then everybody sees the alarm, and the log has it
	// once.
	vote(nil, 2)
	if n := numbers(); n.Papers[0] != want {
		t.Errorf("counted again for every visitor: %+v", n.Papers)
	}
	w.clock.pass(time.Minute)
	want.Ballots, want.Missing, want.Alarm = 6, -2, true
	if n := numbers(); n.Papers[0] != want {
		t.Errorf("%+v", n.Papers)
	}
	watch("2026-05-06 07:31+03")
	if strings.Count(w.log.String(), "ALARM: more ballots than credentials") != 1 {
		t.Errorf("the log: %s", w.log.String())
	}
	metrics := w.readMetrics(t)
	for _, line := range []string{
		`osbu_numbers_excess{paper="main",round="r"} 2`,
		`osbu_numbers_credentials{paper="main",round="r"} 4`, `osbu_numbers_ballots{paper="main",round="r"} 6`,
	} {
		if !strings.Contains(metrics, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}

	// After the close the last numbers are kept once.
	vote(codes.Codes[4:7], 0)
	w.at(t, "2026-05-17 12:00+03")
	w.take(t, official, "r", "close")
	for _, moment := range []string{"2026-05-17 12:01+03", "2026-05-18 00:00+03", "2026-05-19 00:00+03"} {
		watch(moment)
	}
	w.clock.pass(time.Minute)
	if n := numbers(); len(n.Days) != 4 || n.Days[3].Day.String() != "2026-05-17" ||
		n.Days[3].Papers[0].Credentials != 7 {
		t.Errorf("%+v", n.Days)
	}
	if n := numbers(); n.Release.At != nil {
		t.Errorf("got a release at %s after the close, want none", n.Release.At)
	}
}

// take takes steps as an official.
func (w *world) take(t *testing.T, c *client, id string, steps ...api.Step) {
	t.Helper()
	for _, step := range steps {
		if status, code := c.post("/api/v1/rounds/"+id+"/steps", c.shown(id, step), nil); status != http.StatusOK {
			t.Fatalf("%s: %d %s", step, status, code)
		}
	}
}

// issued is an election whose round took the real steps.
func (w *world) issued(t *testing.T, id, paper string) *election {
	t.Helper()
	var public []byte
	if err := w.office.Owner.QueryRowContext(context.Background(),
		"SELECT public FROM issuer WHERE round = ? AND paper = ?", id, paper).Scan(&public); err != nil {
		t.Fatal(err)
	}
	key, err := x509.ParsePKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return &election{world: w, id: id, public: key.(*rsa.PublicKey)}
}

// A credential was issued in my name: on which day, how, and whether it was
// replaced; also when all is over, and of nobody else.
func TestCredentialInMyName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.election(t, "r2", "helsinki-2021")
	mine := func(p person) (said string) {
		t.Helper()
		var r api.Rights
		if status, code := w.as(t, p).get("/api/v1/rounds/r2/rights", &r); status != http.StatusOK {
			t.Fatal(status, code)
		}
		for _, right := range r.Papers {
			said += right.Paper
			if right.Spent {
				said += " " + string(*right.Channel) + " " + right.Day.String()
			}
			if right.ReplacedOn != nil {
				said += " replaced " + right.ReplacedOn.String()
			}
			said += ", "
		}
		return strings.TrimSuffix(said, ", ")
	}
	w.at(t, "2026-05-10 23:59+03")
	request, _ := e.request(t)
	if _, status, code := w.as(t, adult).credential("r2", "district", request); status != http.StatusOK {
		t.Fatal(status, code)
	}
	const path = "/api/v1/rounds/r2/papers/district/replacements"
	lost := api.ReplacementRequest{IdentityCode: adult.IdentityCode, Reason: "phone drowned"}
	for name, c := range map[string]*client{
		"visitor": w.anonymous(t), "resident": w.as(t, adult), "facilitator": w.facilitator(t, "central"),
		"expert": w.as(t, person{Name: "Eija Expert", Roles: []domain.Role{domain.Expert}}),
	} {
		refused, refusal := http.StatusForbidden, "not_allowed"
		if name == "visitor" {
			refused, refusal = http.StatusUnauthorized, "sign_in_required"
		}
		if status, code := c.post(path, lost, nil); status != refused || code != refusal {
			t.Errorf("replacement by a %s: %d %s", name, status, code)
		}
	}
	official := w.official(t)
	mistyped := api.ReplacementRequest{IdentityCode: "131052-308A", Reason: "phone drowned"}
	if status, code, fields := official.fields(http.MethodPost, path, mistyped); status != http.StatusBadRequest ||
		code != "invalid_request" ||
		!slices.Equal(fields, []string{"identity_code bad_format"}) {
		t.Errorf("mistyped: %d %s %v", status, code, fields)
	}
	if status, code := official.post(path,
		api.ReplacementRequest{IdentityCode: hidden.IdentityCode, Reason: "wrong person"},
		nil); status != http.StatusConflict ||
		code != "right_not_spent" {
		t.Errorf("nothing spent: %d %s", status, code)
	}
	w.at(t, "2026-05-11 00:00+03")
	var given api.ReplacementCode
	if status, code := official.post(path, lost, &given); status != http.StatusCreated {
		t.Fatal(status, code)
	}
	if _, status, code := w.as(t, adult).credential("r2", "district", request); status != http.StatusConflict ||
		code != "already_replaced" {
		t.Errorf("the lost browser, found: %d %s", status, code)
	}
	w.withCode(t, given.Code).wantCredential(e, "district", http.StatusOK, "")
	var coded api.Rights
	if w.withCode(t, given.Code).get("/api/v1/rounds/r2/rights", &coded); len(coded.Papers) != 1 ||
		*coded.Papers[0].Channel != "replacement" {
		t.Errorf("the code's holder: %+v", coded.Papers)
	}
	w.to(t, "r2", "closed")
	w.at(t, "2026-06-10 12:00+03")
	if said := mine(adult); said != "district online 2026-05-10 replaced 2026-05-11, whole-city" {
		t.Errorf("adult: %s", said)
	}
	if said := mine(hidden); said != "district, whole-city" {
		t.Errorf("her neighbour: %s", said)
	}
	log, err := w.rounds.Audit(
		context.Background(),
		domain.Actor{ID: 1, Roles: []domain.Role{domain.Official}},
		"r2",
		round.AuditFilter{},
	)
	if err != nil {
		t.Fatal(err)
	}
	var tried []string
	for _, entry := range log[:2] { // the newest first
		tried = append(tried, entry.Action+": "+entry.Reason)
	}
	if strings.Join(tried, ", ") != "replace credential: phone drowned, refuse replacement: wrong person" {
		t.Error(tried)
	}
	for _, secret := range []string{adult.IdentityCode, "131052", given.Code} {
		if strings.Contains(fmt.Sprint(log)+w.log.String(), secret) {
			t.Errorf("log or audit log hold %s", secret)
		}
	}
}
