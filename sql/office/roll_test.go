package office_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/cloudflare/circl/blindsign/blindrsa"
	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/ballot"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/sql/db"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

var pepper = []byte("a pepper for tests")

const (
	adult     = "131052-308T"
	turns13   = "110613A901B" // 13 on 11 June 2026
	foreigner = "010180-9004"
	hidden    = "020280-901L"
	recoded   = "030380-9023" // the adult's, after the change
)

const header = "identity_code,municipality,area,protected,previous_identity_code\n"

var people = header +
	adult + ",091,etelainen,0,\n" +
	turns13 + ",091,lantinen,0,\n" +
	foreigner + ",049,,0,\n" +
	hidden + ",091,lantinen,1,\n"

// poll is a round with two papers, its office, and a count of the rights that
// the service says were spent.
type poll struct {
	*testdb.DB
	t     testing.TB
	store *office.Store
	*roll.Service
	id     string
	public *rsa.PublicKey // of paper "koko"
	mu     sync.Mutex
	spent  map[string]int
}

// unwrapped gives every round one key.
type unwrapped struct{ sealer domain.Sealer }

func (u unwrapped) Make(string) (domain.Sealer, error) { return u.sealer, nil }
func (u unwrapped) Find(string) (domain.Sealer, error) { return u.sealer, nil }
func (u unwrapped) Destroy(string) error               { return nil }

var chief = domain.Actor{ID: 7, Roles: []domain.Role{domain.Official}}

func newPoll(t testing.TB) *poll { return newPollIn(t, "Europe/Helsinki") }

func newPollIn(t testing.TB, zone string) *poll {
	t.Helper()
	d := testdb.New(t, office.Migrations(), office.Role)
	where, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	store := office.New(d.DB, where)
	sealer, err := domain.NewSealer(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	p := &poll{DB: d, t: t, store: store, id: "kierros-1", spent: map[string]int{}}
	p.Service = roll.New(roll.Config{
		Rounds: store, Rights: store, Register: store, Uploads: store, KioskCodes: store, Recoveries: store,
		Replacements:     store,
		ReplacementShare: 0.001,
		Wrapping:         unwrapped{sealer}, Pepper: pepper, TimeZone: where, Rand: rand.Reader,
		Spent: func(round, paper string, channel roll.Channel) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.spent[paper+" "+string(channel)]++
		},
	})
	r := newRound(p.id)
	r.Settings.Areas = []round.Area{
		{ID: "etelainen", Name: domain.Text{Fi: "Eteläinen"}, PostalCodes: []string{"00100"}},
		{ID: "lantinen", Name: domain.Text{Fi: "Läntinen"}, PostalCodes: []string{"00300"}},
	}
	form := ballot.Form{Kind: ballot.Approval, Min: 1, Max: 5}
	r.Settings.Papers = []round.Paper{
		{ID: "koko", Name: domain.Text{Fi: "Koko"}, Areas: []string{"etelainen", "lantinen"}, Form: form},
		{ID: "piiri", Name: domain.Text{Fi: "Piiri"}, Areas: []string{"etelainen"}, Form: form},
	}
	r.Times.Voting = round.Window{
		Opens:  time.Date(2026, 6, 1, 5, 0, 0, 0, time.UTC),
		Closes: time.Date(2026, 6, 15, 17, 0, 0, 0, time.UTC),
	}
	p.SetClock(t, "2026-06-10T12:00:00Z")
	if err := store.CreateRound(context.Background(), r, entry(p.id, "create")); err != nil {
		t.Fatal(err)
	}
	issuers, err := roll.NewIssuers(rand.Reader, sealer, p.id, []string{"koko", "piiri"})
	if err != nil {
		t.Fatal(err)
	}
	if err := office.InsertIssuers(context.Background(), d.DB, p.id, issuers); err != nil {
		t.Fatal(err)
	}
	key, err := x509.ParsePKIXPublicKey(issuers[0].Public)
	if err != nil {
		t.Fatal(err)
	}
	p.public = key.(*rsa.PublicKey)
	return p
}

// to takes the round forward.
func (p *poll) to(phase round.Phase) {
	p.t.Helper()
	for {
		r, err := p.store.Round(context.Background(), p.id)
		if err != nil {
			p.t.Fatal(err)
		}
		if r.Phase == phase {
			return
		}
		if _, err := p.Owner.ExecContext(context.Background(), "UPDATE round SET phase = ?, freeze_decision = 'HEL 1' "+
			"WHERE id = ?", string(r.Phase.Next().Into()), p.id); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *poll) importFile(file string) (roll.Change, error) {
	return p.Import(
		context.Background(),
		roll.Import{Round: p.id, File: strings.NewReader(file), Command: "osbu roll import", RemoveUpTo: 10_000},
	)
}

func (p *poll) mustImport(file string) roll.Change {
	p.t.Helper()
	c, err := p.importFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

func person(t *testing.T, code string) roll.Voter {
	ref, err := roll.Refer(pepper, code)
	if err != nil {
		t.Fatal(err)
	}
	return roll.Voter{SignedIn: true, Person: ref}
}

// blinded is what a browser sends, and what it needs to check the answer.
func (p *poll) blinded() ([]byte, func(signature []byte) error) {
	p.t.Helper()
	client, err := blindrsa.NewClient(blindrsa.SHA384PSSRandomized, p.public)
	if err != nil {
		p.t.Fatal(err)
	}
	message, err := client.Prepare(rand.Reader, []byte("credential"))
	if err != nil {
		p.t.Fatal(err)
	}
	request, state, err := client.Blind(rand.Reader, message)
	if err != nil {
		p.t.Fatal(err)
	}
	return request, func(signature []byte) error {
		plain, err := client.Finalize(state, signature)
		if err != nil {
			return err
		}
		return client.Verify(message, plain)
	}
}

// small is a request that each paper's key signs: what was blinded by one key
// is below another's modulus by luck alone.
func small() []byte { return append(make([]byte, 255), 2) }

func (p *poll) count(query string, args ...any) (n int) {
	p.t.Helper()
	if err := p.Owner.NewRaw(query, args...).Scan(context.Background(), &n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

func (p *poll) wantCode(err error, kind domain.Kind, code domain.Code) {
	p.t.Helper()
	if domain.KindOf(err) != kind || domain.CodeOf(err) != code {
		p.t.Errorf("got %v, want %s %s", err, kind, code)
	}
}

func TestCredentialOncePerPersonAndPaper(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	request, check := p.blinded()
	signature, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := check(signature); err != nil {
		t.Fatalf("the browser refuses the signature: %v", err)
	}
	again, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil)
	if err != nil || !bytes.Equal(again, signature) {
		t.Fatalf("the same request got another answer: %v", err)
	}
	other, _ := p.blinded()
	_, err = p.Issue(ctx, person(t, adult), p.id, "koko", other, nil)
	p.wantCode(err, domain.Conflict, roll.CodeConflict)
	if _, err := p.Issue(ctx, person(t, hidden), p.id, "koko", other, nil); err != nil {
		t.Errorf("a protected address: %v", err)
	}
	if n := p.count("SELECT count(*) FROM spent_right WHERE day = '2026-06-10' AND channel = 'online'"); n != 2 ||
		p.spent["koko online"] != 2 {
		t.Errorf("%d rights are spent, %v were told of", n, p.spent)
	}
	// After the close the lost answer is still there, and nothing new.
	p.to(round.Closed)
	if err := office.DestroyIssuers(ctx, p.DB.DB, p.id); err != nil {
		t.Fatal(err)
	}
	if again, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil); err != nil ||
		!bytes.Equal(again, signature) {
		t.Errorf("lost answer after the close: %v", err)
	}
	_, err = p.Issue(ctx, person(t, turns13), p.id, "koko", request, nil)
	p.wantCode(err, domain.Closed, round.CodeVotingClosed)
}

func TestCredentialRefusals(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	request, _ := p.blinded()
	issue := func(v roll.Voter, paper string) error {
		_, err := p.Issue(ctx, v, p.id, paper, request, nil)
		return err
	}
	p.mustImport(people)
	p.wantCode(issue(person(t, adult), "koko"), domain.NotFound, domain.CodeNotFound) // a draft is nobody's business
	p.to(round.Frozen)
	p.wantCode(issue(person(t, adult), "koko"), domain.Closed, round.CodeVotingNotOpen)
	p.to(round.Voting)
	p.SetClock(t, "2026-06-01T04:59:59.999Z")
	p.wantCode(issue(person(t, adult), "koko"), domain.Closed, round.CodeVotingNotOpen)
	p.SetClock(t, "2026-06-15T17:00:00Z")
	p.wantCode(issue(person(t, adult), "koko"), domain.Closed, round.CodeVotingClosed)
	p.SetClock(t, "2026-06-10T20:59:59.999Z") // a moment before midnight in Helsinki
	p.wantCode(issue(roll.Voter{}, "koko"), domain.Unauthenticated, domain.CodeSignIn)
	p.wantCode(issue(roll.Voter{SignedIn: true}, "koko"), domain.Forbidden, roll.CodeNotEligible)
	p.wantCode(issue(person(t, recoded), "koko"), domain.Forbidden, roll.CodeNotEligible)
	p.wantCode(issue(person(t, foreigner), "koko"), domain.Forbidden, roll.CodeNotEligible)
	p.wantCode(issue(person(t, turns13), "koko"), domain.Forbidden, roll.CodeNotEligible)
	p.wantCode(issue(person(t, adult), "kolmas"), domain.NotFound, domain.CodeNotFound)
	p.wantCode(issue(roll.Voter{Code: "0000-0000-0000-0000"}, "koko"), domain.Unauthenticated, roll.CodeInvalid)
	p.wantCode(issue(roll.Voter{Code: "?"}, "koko"), domain.Unauthenticated, roll.CodeInvalid)
	if _, err := p.Issue(ctx, person(t, adult), "kierros-2", "koko", request, nil); domain.KindOf(
		err,
	) != domain.NotFound {
		t.Errorf("another round: %v", err)
	}
	for name, bad := range map[string][]byte{
		"empty": nil, "short": request[1:], "long": append([]byte{0}, request...), "the modulus": p.public.N.Bytes(),
		"too large": bytes.Repeat([]byte{0xff}, 256),
	} {
		if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", bad, nil); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := p.count("SELECT count(*) FROM spent_right"); n != 0 {
		t.Errorf("refusals spent %d rights", n)
	}
	p.SetClock(t, "2026-06-10T21:00:00Z")
	if err := issue(person(t, turns13), "koko"); err != nil {
		t.Errorf("on her birthday: %v", err)
	}
	if n := p.count("SELECT count(*) FROM spent_right WHERE day = '2026-06-11'"); n != 1 {
		t.Error("the day is not Helsinki's")
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people + codeless)
	p.to(round.Frozen)
	p.SetClock(t, "2026-05-01T12:00:00Z")
	ask := func(v roll.Voter) string {
		a, err := p.Ask(ctx, v, p.id)
		if err != nil {
			return string(domain.CodeOf(err))
		}
		first := ""
		if !a.OldEnoughOn.IsZero() {
			first = a.OldEnoughOn.Format(time.DateOnly)
		}
		said := []string{}
		for _, p := range a.Papers {
			text := p.Paper + " " + string(p.Channel)
			if !p.Day.IsZero() {
				text += " " + p.Day.Format(time.DateOnly)
			}
			said = append(said, "{"+text+"}")
		}
		return fmt.Sprint(a.Refusal, first, a.SuggestedArea, said)
	}
	at := func(v roll.Voter, postalCode string) roll.Voter { v.PostalCode = postalCode; return v }
	for _, c := range []struct {
		who  string
		v    roll.Voter
		want string
	}{
		{"adult", person(t, adult), "etelainen[{koko } {piiri }]"},
		{"the roll knows better than the postal code", at(person(t, adult), "00300"), "etelainen[{koko } {piiri }]"},
		{"twelve at the opening", person(t, turns13), "too_young2026-06-11[]"},
		{"lives elsewhere", person(t, foreigner), "other_municipality[]"},
		{"protected address", at(person(t, hidden), "00300"), "[{koko } {piiri }]"},
		{"no area, but a postal code", at(person(t, noArea), "00300"), "lantinen[{koko } {piiri }]"},
		{"no address at all", person(t, noArea), "[{koko } {piiri }]"},
		{"not on the roll", person(t, recoded), "not_on_roll[]"},
		{"no identity code", roll.Voter{SignedIn: true}, "no_identity[]"},
		{"nobody", roll.Voter{}, "sign_in_required"},
		{"a code never issued", roll.Voter{Code: "0000-0000-0000-0000"}, "code_invalid"},
	} {
		if got := ask(c.v); got != c.want {
			t.Errorf("%s: %s, want %s", c.who, got, c.want)
		}
	}
	p.to(round.Voting)
	p.SetClock(t, "2026-06-14T12:00:00Z")
	request, _ := p.blinded()
	if _, err := p.Issue(ctx, person(t, turns13), p.id, "koko", request, nil); err != nil {
		t.Fatal(err)
	}
	if got := ask(person(t, turns13)); got != "lantinen[{koko online 2026-06-14} {piiri }]" {
		t.Error(got)
	}
	// Struck off the roll, she still sees that a credential was issued in her
	// name.
	p.mustImport(header + adult + ",091,,0,\n")
	if got := ask(person(t, turns13)); got != "not_on_roll[{koko online 2026-06-14}]" {
		t.Error(got)
	}
	p.SetClock(t, "2026-07-01T00:00:00Z")
	if got := ask(person(t, adult)); got != "[{koko } {piiri }]" {
		t.Error(got)
	}
}

const noArea = "040480-903K"

var codeless = noArea + ",091,,0,\n"

// Two browsers of the same person, each tried twice, all at once: one request
// wins, its two tries get the same answer, the others a Conflict.
func TestRaceForOneRight(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	p.mustImport(people)
	p.to(round.Voting)
	const voters = 12
	var wg sync.WaitGroup
	requests := make([][]byte, voters)
	answers := make([][2][]byte, voters)
	for i := range requests {
		requests[i], _ = p.blinded()
		for try := range 2 {
			wg.Go(func() {
				signature, err := p.Issue(context.Background(), person(t, adult), p.id, "koko", requests[i], nil)
				if err != nil && domain.CodeOf(err) != roll.CodeConflict {
					t.Error(err)
				}
				answers[i][try] = signature
			})
		}
	}
	wg.Wait()
	winners := 0
	for _, a := range answers {
		if a[0] != nil {
			winners++
		}
		if !bytes.Equal(a[0], a[1]) {
			t.Error("a double click got two answers")
		}
	}
	if n := p.count("SELECT count(*) FROM spent_right"); n != 1 || winners != 1 || p.spent["koko online"] != 1 {
		t.Fatalf("%d rights, %d winners, told of %v", n, winners, p.spent)
	}
}

// The close waits for a credential that is being stored, and one that comes to
// the lock after the close is refused.
func TestCloseInMidFlight(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	v := person(t, adult)
	inside, closed := make(chan struct{}), make(chan error, 1)
	right := roll.Right{
		Paper:          "koko",
		Channel:        roll.Online,
		Day:            time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC),
		BlindSignature: make([]byte, 256),
	}
	go func() {
		<-inside
		_, err := p.Owner.ExecContext(ctx, "UPDATE round SET phase = 'closed' WHERE id = ?", p.id)
		closed <- err
	}()
	_, first, err := p.store.Spend(ctx, p.id, v.Person, right, func(st roll.State) error {
		close(inside)
		for p.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE round%' "+
			"AND datname = current_database()") == 0 {
			if len(closed) > 0 {
				t.Error("the close did not wait")
				return nil
			}
		}
		return nil
	})
	if err != nil || !first {
		t.Fatal(first, err)
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	_, _, err = p.store.Spend(ctx, p.id, person(t, hidden).Person, right, func(st roll.State) error {
		if st.Round.Phase != round.Closed {
			t.Errorf("sees phase %s", st.Round.Phase)
		}
		return refused
	})
	if !errors.Is(err, refused) || p.count("SELECT count(*) FROM spent_right") != 1 {
		t.Fatal(err)
	}
}

func TestVotingCodes(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	if _, err := p.IssueCodes(ctx, domain.Actor{}, p.id, library, 1); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("a visitor: %v", err)
	}
	for _, role := range []domain.Role{domain.Resident, domain.Facilitator, domain.Expert} {
		if _, err := p.IssueCodes(ctx, domain.Actor{ID: 1, Roles: []domain.Role{role}}, p.id, library, 1); domain.KindOf(
			err,
		) != domain.Forbidden {
			t.Errorf("a %s: %v", role, err)
		}
	}
	for _, n := range []int{-1, 0, roll.CodesPerRequest + 1} {
		if _, err := p.IssueCodes(ctx, chief, p.id, library, n); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%d codes: %v", n, err)
		}
	}
	if _, err := p.IssueCodes(ctx, chief, "no-such", library, 1); domain.KindOf(err) != domain.NotFound {
		t.Errorf("no such round: %v", err)
	}
	codes, err := p.IssueCodes(ctx, chief, p.id, library, 2)
	if err != nil {
		t.Fatal(err)
	}
	p.to(round.Voting)
	request, check := p.blinded()
	v := roll.Voter{Code: strings.ToLower(strings.ReplaceAll(codes[0], "-", " "))}
	signature, err := p.Issue(ctx, v, p.id, "koko", request, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := check(signature); err != nil {
		t.Fatal(err)
	}
	other, _ := p.blinded()
	_, err = p.Issue(ctx, v, p.id, "koko", other, nil)
	p.wantCode(err, domain.Conflict, roll.CodeConflict)
	if _, err := p.Issue(ctx, v, p.id, "piiri", small(), nil); err != nil {
		t.Errorf("the other paper: %v", err)
	}
	second := newRound("kierros-2")
	second.Times.Voting = round.Window{
		Opens:  time.Date(2026, 6, 1, 5, 0, 0, 0, time.UTC),
		Closes: time.Date(2026, 6, 15, 17, 0, 0, 0, time.UTC),
	}
	if err := p.store.CreateRound(ctx, second, entry(second.ID, "create")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Owner.ExecContext(ctx, "UPDATE round SET phase = 'proposing' WHERE id = 'kierros-2'"); err != nil {
		t.Fatal(err)
	}
	_, err = p.Ask(ctx, roll.Voter{Code: codes[0]}, second.ID)
	p.wantCode(err, domain.Unauthenticated, roll.CodeInvalid)
	status, err := p.Status(ctx, chief, p.id)
	if err != nil {
		t.Fatal(err)
	}
	if made, used, _ := status.Codes(); made != 2 || used != 1 || len(status.Papers) != 2 ||
		status.Papers[0] != (roll.Turnout{Paper: "koko", Rights: 1, Assisted: 1}) {
		t.Errorf("%+v", status)
	}
	audit := oldestFirst(t, p.store, p.id, 0)
	if last := audit[len(audit)-1]; last.Action != "issue codes" || last.Details != `{"batch":1,"count":2,"label":"Library day","place":"Oodi"}` ||
		last.Actor != round.Signature(chief) {
		t.Errorf("%+v", last)
	}
	p.to(round.Closed)
	_, err = p.IssueCodes(ctx, chief, p.id, library, 1)
	p.wantCode(err, domain.Closed, domain.CodePhase)
}

func TestStatusAndTurnout(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	if _, err := p.Status(ctx, domain.Actor{}, p.id); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("a visitor: %v", err)
	}
	if _, err := p.Status(ctx, domain.Actor{ID: 1, Roles: []domain.Role{domain.Facilitator}}, p.id); domain.KindOf(
		err,
	) != domain.Forbidden {
		t.Errorf("a facilitator: %v", err)
	}
	st, err := p.Status(ctx, chief, p.id)
	if err != nil || st.Entries != 4 || st.Protected != 1 || st.WithoutArea != 2 || st.ImportedAt.IsZero() {
		t.Errorf("%+v, %v", st, err)
	}
	papers, err := p.store.Turnout(ctx, p.id)
	if err != nil || len(papers) != 2 ||
		papers[1] != (roll.Turnout{Paper: "piiri", Rights: 3, OnRoll: 3}) { // the foreigner may not vote
		t.Errorf("%+v, %v", papers, err)
	}
}

// Who may vote before the vote closes is counted as it is decided of each
// person: to the day, over leap years, for either moment, by the city's
// calendar.
func TestRightsAreCountedAsTheyAreGiven(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Europe/Helsinki", "Europe/Stockholm"} {
		t.Run(zone, func(t *testing.T) { countRights(t, newPollIn(t, zone)) })
	}
}

func countRights(t *testing.T, p *poll) {
	t.Helper()
	ctx := context.Background()
	ref := func(n int) (ref account.Ref) { ref[0], ref[1] = byte(n), 1; return ref }
	n := 0
	for _, day := range []string{
		"2013-12-31", "2014-01-01", "2014-06-29", "2014-06-30", "2014-07-01", "2015-02-28", "2015-03-01", "2015-12-31",
		"2016-01-01",
		"2016-02-28", "2016-02-29", "2016-03-01", "2016-12-31", "2017-01-01",
	} {
		for _, municipality := range []string{"091", "049"} {
			person := ref(n)
			n++
			if _, err := p.Owner.ExecContext(ctx, "INSERT INTO roll VALUES (?, ?, ?, ?, NULL, false)", p.id, person[:], day,
				municipality); err != nil {
				t.Fatal(err)
			}
		}
	}
	p.to(round.Proposing)
	p.SetClock(t, "2030-01-01T12:00:00Z") // then everybody is told of the last moment
	for _, moment := range []round.Moment{round.AtVoting, round.InCalendarYear} {
		for _, closes := range []string{
			"2026-06-30T20:59:59Z", "2026-06-30T21:00:00Z", "2026-06-30T21:00:01Z", "2026-06-30T22:00:01Z",
			"2026-12-31T22:00:00Z", "2027-02-28T12:00:00Z",
			"2027-02-28T22:00:01Z", "2028-02-28T12:00:00Z", "2028-02-29T12:00:00Z",
		} {
			end, err := time.Parse(time.RFC3339, closes)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.store.UpdateRound(ctx, p.id, func(r *round.Round, _ time.Time) (round.Entry, error) {
				r.Settings.Eligibility = round.Eligibility{Age: 12, Moment: moment, Municipalities: []string{"091", "092"}}
				r.Times.Voting = round.Window{Opens: end.AddDate(0, 0, -3), Closes: end}
				return entry(p.id, "change"), nil
			}); err != nil {
				t.Fatal(err)
			}
			may := 0
			for i := range n {
				a, err := p.Ask(ctx, roll.Voter{SignedIn: true, Person: ref(i)}, p.id)
				if err != nil {
					t.Fatal(err)
				}
				if a.Refusal == "" {
					may++
				}
			}
			papers, err := p.store.Turnout(ctx, p.id)
			if err != nil || papers[0].Rights != may || may == 0 || may == n {
				t.Errorf(
					"%s, until %s: %d of %d may vote, %d rights are counted, %v",
					moment,
					closes,
					may,
					n,
					papers[0].Rights,
					err,
				)
			}
		}
	}
}

// The role of the server may spend a right, and never take it back or change
// it; a second one the table refuses.
func TestRightsCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	request, _ := p.blinded()
	if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"UPDATE spent_right SET channel = 'assisted'", "DELETE FROM spent_right", "TRUNCATE spent_right",
		"DELETE FROM voting_code", "DELETE FROM issuer", "UPDATE issuer SET sealed = ''",
		"INSERT INTO spent_right SELECT round, paper, person, 'paper', day, NULL, NULL FROM spent_right",
		"INSERT INTO spent_right (round, paper, person, channel, day) VALUES ('kierros-1', 'piiri', sha256('x'), " +
			"'online', '2026-06-10')",
	} {
		if _, err := p.ExecContext(ctx, q); err == nil {
			t.Errorf("%s went through", q)
		}
	}
}

// After the shuffle no column, not even a hidden one, tells the order in which
// rights were spent; and destroyed keys are gone from the table's file.
func TestShuffleAndDestroy(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	const n = 200
	for i := range n {
		if _, err := p.ExecContext(ctx, `INSERT INTO spent_right
			VALUES (?, 'koko', sha256(?), 'online', '2026-06-10', sha256(?), ?)`,
			p.id, []byte{byte(i)}, []byte{byte(i), 1}, make([]byte, 256)); err != nil {
			t.Fatal(err)
		}
	}
	order := func() (persons []string) {
		if err := p.NewRaw("SELECT encode(person, 'hex') FROM spent_right ORDER BY ctid").Scan(ctx, &persons); err != nil {
			t.Fatal(err)
		}
		return persons
	}
	before := order()
	for _, phase := range []round.Phase{round.Draft, round.Voting} {
		p.to(phase)
		if err := office.DestroyIssuers(ctx, p.DB.DB, p.id); err == nil ||
			!strings.Contains(err.Error(), "is not closed") {
			t.Errorf("keys destroyed in %s: %v", phase, err)
		}
	}
	p.to(round.Closed)
	err := db.InTx(ctx, p.DB.DB, func(ctx context.Context, tx bun.Tx) error {
		if err := office.DestroyIssuers(ctx, tx, p.id); err != nil {
			return err
		}
		rows, err := office.ShuffleRights(ctx, tx)
		if rows != n {
			t.Errorf("%d rights were mixed, want %d", rows, n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	after := order()
	if len(after) != n || p.count("SELECT count(DISTINCT xmin::text) FROM spent_right") != 1 {
		t.Fatalf("%d rows", len(after))
	}
	same := 0
	for i := range after {
		if before[i] == after[i] {
			same++
		}
	}
	if same > n/10 {
		t.Errorf("%d of %d rows are where they were", same, n)
	}
	if p.count("SELECT count(*) FROM issuer") != 0 || p.count("SELECT pg_relation_size('issuer')::int") != 0 {
		t.Error("issuer keys are still in the file")
	}
	if _, err := p.store.Issuer(ctx, p.id, "koko"); domain.KindOf(err) != domain.NotFound {
		t.Error(err)
	}
}

func TestIssuersAreMadeOnce(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	err := office.InsertIssuers(
		context.Background(),
		p.DB.DB,
		p.id,
		[]roll.Issuer{{Paper: "koko", Public: []byte{1}, Sealed: []byte{1}}},
	)
	p.wantCode(err, domain.Conflict, domain.CodePhase)
}
