package office_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/helpdesk"
	"osbu/domain/round"
)

// aDesk is a poll in which votes are taken, with two people at the help desk.
type aDesk struct {
	*poll
	*helpdesk.Service
}

var (
	tuija = domain.Actor{ID: 31, Roles: []domain.Role{domain.Resident, domain.HelpDesk}}
	tero  = domain.Actor{ID: 32, Roles: []domain.Role{domain.Resident, domain.HelpDesk}}
)

func newHelpDesk(t testing.TB) *aDesk {
	t.Helper()
	d := &aDesk{poll: newPoll(t)}
	where, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	d.mustImport(people)
	d.Service = helpdesk.New(helpdesk.Config{Store: d.store, Roll: d.poll.Service, TimeZone: where})
	if _, err := d.Owner.ExecContext(context.Background(), `INSERT INTO account (id, key, identified, name, language)
		VALUES (31, sha256('31'), false, 'Tuija Tuki', 'fi'), (32, sha256('32'), false, 'Tero Tuki', 'sv')`); err != nil {
		t.Fatal(err)
	}
	d.to(round.Voting)
	return d
}

// looked is how many look-ups by the account are kept.
func (d *aDesk) looked(by domain.Actor) int {
	return d.count("SELECT count(*) FROM desk_look_up WHERE round = ? AND account = ?", d.id, by.ID)
}

// fill keeps n look-ups by the account on the day, each of somebody else.
func (d *aDesk) fill(by domain.Actor, n int, day string) {
	d.t.Helper()
	if _, err := d.Owner.ExecContext(context.Background(), `INSERT INTO desk_look_up (round, account, day, person, reason)
		SELECT ?, ?, ?::date, 'other ' || ? || ' ' || n, 'asked' FROM generate_series(1, ?) n`,
		d.id, by.ID, day, by.ID, n); err != nil {
		d.t.Fatal(err)
	}
}

// together lets every look-up begin at one time, and says how many were
// answered. Each other one must be refused because the day's are used up.
func (d *aDesk) together(n int, by func(i int) domain.Actor, code func(i int) string) (answered int) {
	d.t.Helper()
	failed := make([]error, n)
	begin := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-begin
			_, failed[i] = d.LookUp(context.Background(), by(i), d.id, code(i), helpdesk.Asked, "Soitti")
		})
	}
	close(begin)
	all.Wait()
	for _, err := range failed {
		if err == nil {
			answered++
			continue
		}
		d.wantCode(err, domain.Conflict, helpdesk.CodeUsedUp)
	}
	return answered
}

// codeOf is the n-th identity code of the test range, of grown-up people.
func codeOf(n int) string {
	digits := 10150*1000 + 900 + n // 010150 and the number
	return fmt.Sprintf("010150-%03d%c", 900+n, "0123456789ABCDEFHJKLMNPRSTUVWXY"[digits%31])
}

// One account looks up so many people in a day and not one more, also when
// twelve look-ups come at once; a colleague's are counted apart, and so is each
// day, which begins at midnight in Helsinki.
func TestLookUpsOfAnAccountEndAtTheLimit(t *testing.T) {
	t.Parallel()
	d := newHelpDesk(t)
	const left, at = 5, 12
	d.fill(tuija, helpdesk.MostByOne-left, "2026-06-10")
	d.fill(tero, helpdesk.MostByOne, "2026-06-09")
	entries := d.count("SELECT count(*) FROM audit WHERE action = ?", helpdesk.ActionLookUp)
	by := func(a domain.Actor) func(int) domain.Actor { return func(int) domain.Actor { return a } }

	if got := d.together(at, by(tuija), codeOf); got != left {
		t.Errorf("%d of %d look-ups at once were answered, want the %d that were left", got, at, left)
	}
	if got := d.looked(tuija); got != helpdesk.MostByOne {
		t.Errorf("%d look-ups are kept, want %d", got, helpdesk.MostByOne)
	}
	if got := d.count("SELECT count(*) FROM audit WHERE action = ?", helpdesk.ActionLookUp) - entries; got != left {
		t.Errorf("%d look-ups stand in the audit log, want %d", got, left)
	}
	if got := d.together(1, by(tuija), func(int) string { return codeOf(at) }); got != 0 {
		t.Error("one more is answered afterwards")
	}
	if got := d.together(at, by(tero), codeOf); got != at {
		t.Errorf("%d of %d look-ups of a colleague were answered", got, at)
	}
	d.SetClock(t, "2026-06-10T20:59:59Z")
	if got := d.together(1, by(tuija), func(int) string { return codeOf(at) }); got != 0 {
		t.Error("one more is answered a second before midnight")
	}
	d.SetClock(t, "2026-06-10T21:00:00Z")
	if got := d.together(at, by(tuija), codeOf); got != at {
		t.Errorf("%d of %d look-ups of the next day were answered", got, at)
	}
}

// Nobody is looked up more often in a day than so, whoever asks at once.
func TestLookUpsOfAPersonEndAtTheLimit(t *testing.T) {
	t.Parallel()
	d := newHelpDesk(t)
	either := func(i int) domain.Actor { return []domain.Actor{tuija, tero}[i%2] }
	if got := d.together(12, either, func(int) string { return codeOf(0) }); got != helpdesk.MostOfPerson {
		t.Errorf("she was looked up %d times, want %d", got, helpdesk.MostOfPerson)
	}
	if got := d.looked(tuija) + d.looked(tero); got != helpdesk.MostOfPerson {
		t.Errorf("%d look-ups are kept, want %d", got, helpdesk.MostOfPerson)
	}
	if got := d.together(12, either, func(i int) string { return codeOf(1 + i) }); got != 12 {
		t.Errorf("%d of 12 others were looked up", got)
	}
}
