package office_test

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/polling"
	"osbu/domain/roll"
	"osbu/domain/round"
)

var (
	olga  = domain.Actor{ID: 21, Roles: []domain.Role{domain.Resident, domain.Officer}} // works at the library
	oskar = domain.Actor{ID: 22, Roles: []domain.Role{domain.Resident, domain.Officer}} // at the school
)

// places are a poll with two voting places and their officers.
type places struct {
	*poll
	*polling.Service
	library, school, draft int64
	kiosk                  [32]byte // at the library
}

func newPlaces(t testing.TB) *places {
	t.Helper()
	ctx := context.Background()
	p := &places{poll: newPoll(t)}
	p.mustImport(people)
	p.Service = polling.New(polling.Config{
		Store: p.store, Rounds: p.store, Roll: p.poll.Service, Pepper: pepper, TimeZone: time.UTC, Rand: rand.Reader,
	})
	if _, err := p.Owner.ExecContext(ctx, `INSERT INTO account (id, key, identified, name, language) VALUES
		(21, sha256('21'), false, 'Olga Officer', 'fi'), (22, sha256('22'), false, 'Oskar Officer', 'sv'),
		(7, sha256('7'), false, 'Olli Official', 'fi')`); err != nil {
		t.Fatal(err)
	}
	for i, to := range []*int64{&p.library, &p.school, &p.draft} {
		state := []string{"published", "published", "draft"}[i]
		if err := p.Owner.QueryRowContext(ctx, `INSERT INTO event (round, state, version, kind, title, about, place, address,
			languages, access, access_note, seats, last_time, created_at, updated_at)
			VALUES (?, ?, 1, 'voting', '{"fi": "Äänestys", "sv": "Röstning"}', '{}', 'Talo', 'Katu 1', '{}', '{}', '{}', 0, 0,
			osbu_now(), osbu_now()) RETURNING id`, p.id, state).Scan(to); err != nil {
			t.Fatal(err)
		}
	}
	p.to(round.Voting)
	for place, officer := range map[int64]domain.Actor{p.library: olga, p.school: oskar} {
		if err := p.Ask(ctx, officer, p.id, place); err != nil {
			t.Fatal(err)
		}
		if err := p.Assign(ctx, chief, p.id, place, officer.ID, polling.Assigned); err != nil {
			t.Fatal(err)
		}
	}
	p.kiosk = p.enrolled(olga, p.library)
	return p
}

// enrolled is the secret of a fresh kiosk.
func (p *places) enrolled(officer domain.Actor, place int64) [32]byte {
	p.t.Helper()
	code, _, err := p.AddKiosk(context.Background(), officer, p.id, place, "Kiosk 1")
	if err != nil {
		p.t.Fatal(err)
	}
	secret, _, at, err := p.Enrol(context.Background(), p.id, code)
	if err != nil || at.ID != place {
		p.t.Fatalf("enrolled at %d: %v", at.ID, err)
	}
	return polling.KioskSecret(secret)
}

func (p *places) look(officer domain.Actor, place int64, identity string) (polling.Found, error) {
	return p.LookUp(context.Background(), officer, p.id, place, identity, "passport", true, "")
}

func (p *places) code(identity string) string {
	p.t.Helper()
	found, err := p.look(olga, p.library, identity)
	if err != nil || found.Code == "" {
		p.t.Fatalf("%+v, %v", found, err)
	}
	return found.Code
}

func (p *places) issue(code string, kiosk [32]byte, paper string, request []byte) error {
	_, err := p.Issue(context.Background(), roll.Voter{Code: code, Kiosk: kiosk}, p.id, paper, request, nil)
	return err
}

func TestAKioskCodeIsAKeyToAPersonsOwnRight(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	before := p.rights("koko").Rights
	code := p.code(adult)
	request, _ := p.blinded()

	// Good at this place's kiosks alone.
	p.wantCode(p.issue(code, [32]byte{}, "koko", request), domain.Unauthenticated, roll.CodeInvalid)
	p.wantCode(p.issue(code, p.enrolled(oskar, p.school), "koko", request), domain.Unauthenticated, roll.CodeInvalid)
	if answer, err := p.poll.Service.Ask(ctx, roll.Voter{Code: code, Kiosk: p.kiosk}, p.id); err != nil ||
		len(answer.Papers) != 2 || answer.SuggestedArea != "etelainen" {
		t.Fatalf("at the kiosk she may %+v, %v", answer, err)
	}
	if err := p.issue(code, p.kiosk, "koko", request); err != nil {
		t.Fatal(err)
	}
	// A lost answer is given again, to the same request and no other.
	if err := p.issue(code, p.kiosk, "koko", request); err != nil {
		t.Errorf("the same request again: %v", err)
	}
	other, _ := p.blinded()
	p.wantCode(p.issue(code, p.kiosk, "koko", other), domain.Conflict, roll.CodeConflict)

	// It was her own right: at home it is used, and she is counted once.
	_, err := p.Issue(ctx, person(t, adult), p.id, "koko", other, nil)
	p.wantCode(err, domain.Conflict, roll.CodeConflict)
	if got := p.rights("koko"); got.Rights != before || got.Assisted != 1 || got.OnRoll != before {
		t.Errorf("rights are %+v, and were %d", got, before)
	}
	answer, err := p.poll.Service.Ask(ctx, person(t, adult), p.id)
	if err != nil || answer.Papers[0].Channel != roll.Assisted || answer.Papers[1].Channel != "" {
		t.Errorf("she is told %+v, %v", answer, err)
	}
	if err := p.issue(code, p.kiosk, "piiri", small()); err != nil {
		t.Errorf("the other paper with the same code: %v", err)
	}
	found, err := p.look(oskar, p.school, adult)
	if err != nil || len(found.Left) != 0 || found.Code != "" || found.Refusal != "" {
		t.Errorf("another place is told %+v, %v", found, err)
	}

	// What happened before the ballot was in the box is made good in person.
	if _, err := p.Replace(ctx, chief, p.id, "koko", adult, "the kiosk lost power"); err != nil {
		t.Errorf("a replacement: %v", err)
	}
}

func TestAKioskCodeRunsOut(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	request, _ := p.blinded()
	late := p.code(adult)
	p.SetClock(t, "2026-06-10T12:15:00Z")
	p.wantCode(p.issue(late, p.kiosk, "koko", request), domain.Unauthenticated, roll.CodeInvalid)

	// Typed in time it lasts while she votes, and no longer.
	code := p.code(adult)
	ask := func() error {
		_, err := p.poll.Service.Ask(context.Background(), roll.Voter{Code: code, Kiosk: p.kiosk}, p.id)
		return err
	}
	p.SetClock(t, "2026-06-10T12:29:59Z")
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	p.SetClock(t, "2026-06-10T13:29:58Z")
	if err := ask(); err != nil {
		t.Errorf("an hour after she began: %v", err)
	}
	p.SetClock(t, "2026-06-10T13:30:00Z")
	p.wantCode(p.issue(code, p.kiosk, "koko", request), domain.Unauthenticated, roll.CodeInvalid)
	if n := p.count("SELECT count(*) FROM spent_right"); n != 0 {
		t.Errorf("%d rights were spent", n)
	}
	if _, err := p.store.Shuffle(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := p.count("SELECT count(*) FROM kiosk_code"); n != 0 {
		t.Errorf("%d codes that are over are kept", n)
	}
}

func TestACodeIsGivenOnceAtATime(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	request, _ := p.blinded()
	first := p.code(adult)
	_, err := p.look(oskar, p.school, adult)
	p.wantCode(err, domain.Conflict, polling.CodeGiven)
	second := p.code(adult) // the slip was lost
	p.wantCode(p.issue(first, p.kiosk, "koko", request), domain.Unauthenticated, roll.CodeInvalid)
	if err := p.issue(second, p.kiosk, "koko", request); err != nil {
		t.Error(err)
	}
}

// Fifty officers at two places, and the person herself at home, in one moment:
// one right is spent, once.
func TestFiftyOfficersRaceForOnePerson(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	schoolKiosk := p.enrolled(oskar, p.school)
	var all sync.WaitGroup
	var mu sync.Mutex
	issued, refused := 0, 0
	begin := make(chan struct{})
	for i := range 50 {
		officer, place, kiosk := olga, p.library, p.kiosk
		if i%2 == 1 {
			officer, place, kiosk = oskar, p.school, schoolKiosk
		}
		request, _ := p.blinded()
		all.Go(func() {
			<-begin
			found, err := p.look(officer, place, adult)
			if err == nil && found.Code != "" {
				err = p.issue(found.Code, kiosk, "koko", request)
			} else if err == nil {
				return // found used by then
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				issued++
			} else if code := domain.CodeOf(err); code == polling.CodeGiven || code == roll.CodeInvalid ||
				code == roll.CodeConflict {
				refused++
			} else {
				t.Errorf("a loser is told %v", err)
			}
		})
	}
	request, _ := p.blinded()
	all.Go(func() {
		<-begin
		if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil); err == nil {
			mu.Lock()
			issued++
			mu.Unlock()
		} else {
			p.wantCode(err, domain.Conflict, roll.CodeConflict)
		}
	})
	close(begin)
	all.Wait()
	if n := p.count("SELECT count(*) FROM spent_right WHERE paper = 'koko'"); n != 1 || issued != 1 {
		t.Errorf("%d rights were spent, %d credentials issued, %d told why not", n, issued, refused)
	}
	if n := p.count("SELECT count(*) FROM kiosk_code"); n > 1 {
		t.Errorf("%d codes at once", n)
	}
}

func TestOnlyOfficersOfThePlaceLookPeopleUp(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	for name, who := range map[string]struct {
		actor domain.Actor
		place int64
		kind  domain.Kind
	}{
		"nobody":                {anonymous, p.library, domain.Unauthenticated},
		"a resident":            {domain.Actor{ID: 3, Roles: []domain.Role{domain.Resident}}, p.library, domain.Forbidden},
		"a facilitator":         {southern, p.library, domain.Forbidden},
		"of another place":      {olga, p.school, domain.Forbidden},
		"at no place":           {olga, 999, domain.NotFound},
		"at one not announced":  {chief, p.draft, domain.NotFound},
		"official, at no place": {chief, 999, domain.NotFound},
	} {
		if _, err := p.look(who.actor, who.place, adult); domain.KindOf(err) != who.kind {
			t.Errorf("%s looks somebody up: %v", name, err)
		}
		if _, err := p.mark(who.actor, who.place, adult); domain.KindOf(err) != who.kind {
			t.Errorf("%s marks a right as paper: %v", name, err)
		}
		if err := p.undo(who.actor, who.place, adult); domain.KindOf(err) != who.kind {
			t.Errorf("%s takes a mark back: %v", name, err)
		}
		if _, _, err := p.AddKiosk(ctx, who.actor, p.id, who.place, "x"); domain.KindOf(err) != who.kind {
			t.Errorf("%s sets up a kiosk: %v", name, err)
		}
	}
	p.wantCode(p.Ask(ctx, chief, p.id, p.library), domain.Forbidden, domain.CodeNotAllowed)
	if n := p.count("SELECT count(*) FROM look_up"); n != 0 {
		t.Errorf("%d look-ups were made", n)
	}
	if _, err := p.look(olga, p.library, "131052-308A"); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a mistyped identity code: %v", err)
	}
	for identity, want := range map[string]roll.Reason{
		foreigner: roll.OtherMunicipality, turns13: roll.TooYoung, recoded: roll.NotOnRoll,
	} {
		if found, err := p.look(olga, p.library, identity); err != nil || found.Refusal != want || found.Code != "" {
			t.Errorf("%s: %+v, %v", want, found, err)
		}
	}
	if n := p.count("SELECT count(*) FROM look_up WHERE account = 21 AND day = '2026-06-10' AND NOT code"); n != 3 {
		t.Errorf("%d traces, want 3", n)
	}
	list, err := p.Places(ctx, olga, p.id)
	if err != nil || len(list) != 2 || !list[0].Mine || list[0].Spent == nil || list[0].Officers != nil ||
		list[1].Mine || list[1].Spent != nil || list[1].Kiosks != nil {
		t.Errorf("she sees %+v, %v", list, err)
	}

	// Taken off, she does nothing there any more.
	if err := p.Assign(ctx, chief, p.id, p.library, olga.ID, polling.Nobody); err != nil {
		t.Fatal(err)
	}
	_, err = p.look(olga, p.library, adult)
	p.wantCode(err, domain.Forbidden, domain.CodeNotAllowed)

	// Nor does anybody when no votes are taken.
	for _, moment := range []string{"2026-06-15T17:00:00Z", "2026-05-31T12:00:00Z"} {
		p.SetClock(t, moment)
		if _, err := p.mark(oskar, p.school, adult); domain.KindOf(err) != domain.Closed {
			t.Errorf("marked as paper: %v", err)
		}
		if err := p.undo(oskar, p.school, adult); domain.KindOf(err) != domain.Closed {
			t.Errorf("a mark taken back: %v", err)
		}
		if _, err = p.look(oskar, p.school, adult); domain.KindOf(err) != domain.Closed {
			t.Errorf("at %s: %v", moment, err)
		}
	}
}

func TestAKioskIsOneForADay(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	code, _, err := p.AddKiosk(ctx, olga, p.id, p.library, "Kiosk 2")
	if err != nil {
		t.Fatal(err)
	}
	secret, _, _, err := p.Enrol(ctx, p.id, code)
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, err = p.Enrol(ctx, p.id, code)
	p.wantCode(err, domain.Invalid, polling.CodeEnrolment) // once
	_, _, _, err = p.Enrol(ctx, p.id, "AAAA-BBBB-CCCC")
	p.wantCode(err, domain.Invalid, polling.CodeEnrolment)
	k, at, err := p.Kiosk(ctx, p.id, polling.KioskSecret(secret))
	if err != nil || at.ID != p.library || !k.Ends.Equal(time.Date(2026, 6, 11, 0, 0, 0, 0, time.UTC)) {
		t.Fatalf("the kiosk is %+v at %+v, %v", k, at, err)
	}

	// Another place's officer does not end it, her own does; carried home it is of
	// no use from that moment.
	if err := p.RevokeKiosk(ctx, oskar, p.id, p.school, k.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("another place's officer: %v", err)
	}
	person := p.code(adult)
	if err := p.RevokeKiosk(ctx, olga, p.id, p.library, k.ID); err != nil {
		t.Fatal(err)
	}
	request, _ := p.blinded()
	p.wantCode(p.issue(person, polling.KioskSecret(secret), "koko", request), domain.Unauthenticated, roll.CodeInvalid)
	if _, _, err := p.Kiosk(ctx, p.id, polling.KioskSecret(secret)); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a revoked kiosk: %v", err)
	}

	// The code to enrol one runs out, and at midnight every kiosk is over.
	if code, _, err = p.AddKiosk(ctx, olga, p.id, p.library, "Kiosk 3"); err != nil {
		t.Fatal(err)
	}
	p.SetClock(t, "2026-06-10T12:15:00Z")
	_, _, _, err = p.Enrol(ctx, p.id, code)
	p.wantCode(err, domain.Invalid, polling.CodeEnrolment)
	p.SetClock(t, "2026-06-11T00:00:00Z")
	if _, _, err := p.Kiosk(ctx, p.id, p.kiosk); domain.KindOf(err) != domain.NotFound {
		t.Errorf("yesterday's kiosk: %v", err)
	}
}

// What officers leave of their look-ups tells nothing of an order once it is
// written anew with the rights: whoever copied both databases could otherwise
// lay the last of them beside the last ballots.
func TestLookUpsHaveNoOrder(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	var came []string
	for i := range 24 {
		identity := []string{adult, foreigner, hidden, turns13}[i%4]
		if _, err := p.look(olga, p.library, identity); err != nil {
			t.Fatal(err)
		}
	}
	order := func() (ids []string) {
		t.Helper()
		if err := p.Owner.NewRaw("SELECT id::text FROM look_up ORDER BY ctid").Scan(ctx, &ids); err != nil {
			t.Fatal(err)
		}
		return ids
	}
	came = order()
	if _, err := p.store.Shuffle(ctx); err != nil {
		t.Fatal(err)
	}
	after := order()
	if slices.Equal(came, after) {
		t.Error("look-ups lie in the order in which they were made") // by chance once in 24!
	}
	slices.Sort(came)
	slices.Sort(after)
	if !slices.Equal(came, after) {
		t.Error("other look-ups than before")
	}
	for _, table := range []string{"look_up", "kiosk_code"} {
		if n := p.count("SELECT count(DISTINCT xmin::text) FROM " + table); n != 1 {
			t.Errorf("the rows of %s come from %d transactions, which tell when", table, n)
		}
	}
	if n := p.count("SELECT count(*) FROM kiosk_code"); n != 2 {
		t.Errorf("%d codes that are good are kept, want those of two people", n)
	}
}
