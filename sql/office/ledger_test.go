package office_test

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/ledger"
)

func accounts(t *testing.T) (village, *ledger.Service) {
	t.Helper()
	v, _ := delivering(t)
	v.SetClock(t, "2027-06-01T00:00:00Z")
	return v, ledger.New(ledger.Config{Rounds: v.store, Store: v.store, TimeZone: time.UTC})
}

// booking is one of a form and a paper of its own.
func booking(kind ledger.Kind, project int, cents domain.Cents) ledger.Booking {
	paper := rand.Text()
	return ledger.Booking{
		Kind: kind, Day: "2027-05-31", Project: project, Cents: cents, Reason: domain.Text{Fi: "Lasku", Sv: "Faktura"},
		Decision: "§ " + paper, Voucher: paper, Request: paper, Area: "southern",
	}
}

// addsUp demands that every area's accounts are its pot, to the cent.
func addsUp(t interface{ Fatalf(string, ...any) }, l ledger.Ledger) {
	for _, a := range l.Areas {
		var sum domain.Cents
		for account, cents := range a.Balances {
			if account != ledger.Fund {
				sum += cents
			}
		}
		if sum != a.Pot || a.Balances[ledger.Fund] != -a.Pot {
			t.Fatalf("%s has %s of a pot of %s: %+v", a.ID, sum, a.Pot, a.Balances)
		}
	}
}

// From the pot to the last cent: what the publication opens, and each thing
// that can be booked.
func TestLedgerOfARound(t *testing.T) {
	v, s := accounts(t)
	ctx := context.Background()
	l := must(s.Get(ctx, anonymous, "r"))(t)
	addsUp(t, l)
	if len(l.Projects) != 2 || l.Projects[0].Estimate != 230 || l.Projects[0].Balances[ledger.Reserved] != 230 || l.May {
		t.Fatalf("%+v", l.Projects)
	}
	for _, b := range []ledger.Booking{
		booking(ledger.Commit, 1, 200), booking(ledger.Spend, 1, 150), booking(ledger.Release, 1, 20),
		booking(ledger.Maintain, 1, 10), booking(ledger.Add, 1, 500), booking(ledger.Unreserve, 1, 40),
		booking(ledger.Reserve, 2, 30), booking(ledger.Return, 0, 100), booking(ledger.Carry, 0, 7),
	} {
		l = must(s.Book(ctx, official, "r", b))(t)
		addsUp(t, l)
	}
	move := booking(ledger.Move, 1, 400)
	move.To = 2
	l = must(s.Book(ctx, official, "r", move))(t)
	addsUp(t, l)
	one, two := l.Projects[0].Balances, l.Projects[1].Balances
	if one[ledger.Reserved] != 100 || one[ledger.Committed] != 30 || one[ledger.Spent] != 150 ||
		one[ledger.External] != -500 || two[ledger.Reserved] != 660 {
		t.Errorf("%+v\n%+v", one, two)
	}
	for name, b := range map[string]ledger.Booking{
		"more than is reserved":  booking(ledger.Commit, 1, 101),
		"more than is committed": booking(ledger.Spend, 1, 31),
		"more than is free":      booking(ledger.Return, 0, 100_000_000_00),
	} {
		if _, err := s.Book(ctx, official, "r", b); domain.CodeOf(err) != ledger.CodeCovered {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := booking(ledger.Move, 1, 0)
	bad.Day, bad.Decision, bad.Reason.Sv, bad.To = "2027-06-02", "", "", 1
	_, err := s.Book(ctx, official, "r", bad)
	for _, want := range []string{"cents: too_small", "day: too_large", "reason.sv: required", "decision: required", "to: unknown"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
	if _, err := s.Book(ctx, expert, "r", booking(ledger.Spend, 1, 1)); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("an expert books: %v", err)
	}

	// Taken back by its reversal, once.
	spend := l.Entries[len(l.Entries)-3]
	if spend.Kind != ledger.Spend {
		t.Fatalf("%+v", spend)
	}
	why := domain.Text{Fi: "Väärä lasku", Sv: "Fel faktura"}
	l = must(s.Reverse(ctx, official, "r", spend.ID, why))(t)
	addsUp(t, l)
	if l.Projects[0].Balances[ledger.Spent] != 0 || l.Projects[0].Balances[ledger.Committed] != 180 {
		t.Errorf("%+v", l.Projects[0].Balances)
	}
	for _, id := range []int64{spend.ID, l.Entries[0].ID, 1} { // again, a reversal, the opening
		if _, err := s.Reverse(ctx, official, "r", id, why); domain.CodeOf(err) != ledger.CodeReversed {
			t.Errorf("entry %d is reversed: %v", id, err)
		}
	}
	years, rounds, err := s.TheFund(ctx)
	if err != nil || len(rounds) != 1 || len(years) != 2 || years[0].Year != 2026 || years[1].Opening != years[0].Pots ||
		years[1].External != 500 || years[1].Returned != 100 || years[1].Carried != 7 {
		t.Errorf("%+v %+v %v", years, rounds, err)
	}
	v.stage(t, "UPDATE round SET phase = 'archived' WHERE id = 'r'")
	if _, err := s.Book(ctx, official, "r", booking(ledger.Commit, 1, 1)); domain.KindOf(err) != domain.Closed {
		t.Errorf("in an archived round: %v", err)
	}
}

// A form that is posted twice and a receipt that is typed twice are booked
// once, until the entry is reversed.
func TestNothingIsBookedTwice(t *testing.T) {
	v, s := accounts(t)
	ctx := context.Background()
	must(s.Book(ctx, official, "r", booking(ledger.Commit, 1, 200)))(t)
	must(s.Book(ctx, official, "r", booking(ledger.Commit, 2, 100)))(t)
	spend := booking(ledger.Spend, 1, 60)
	spend.Voucher = "T-4711"
	move := booking(ledger.Return, 0, 5)
	move.Decision, move.Voucher = "Kslk § 7", ""
	spent := func(want domain.Cents) ledger.Ledger {
		t.Helper()
		l := must(s.Get(ctx, anonymous, "r"))(t)
		addsUp(t, l)
		if got := l.Projects[0].Balances[ledger.Spent]; got != want {
			t.Errorf("%s is spent, want %s", got, want)
		}
		return l
	}
	first := must(s.Book(ctx, official, "r", spend))(t)
	again := must(s.Book(ctx, official, "r", spend))(t)
	if len(again.Entries) != len(first.Entries) || first.Entries[0].Voucher != "T-4711" {
		t.Errorf("the same form, posted again, booked: %+v", again.Entries[0])
	}
	spent(60)
	other := spend
	other.Cents = 61
	typed := spend
	typed.Request, typed.Day, typed.Voucher = rand.Text(), "2027-05-30", "t-4711 "
	typed.Cents = 50
	must(s.Book(ctx, official, "r", move))(t)
	decided := move
	decided.Request = rand.Text()
	for name, b := range map[string]ledger.Booking{
		"another amount by the same form": other, "the receipt typed again": typed, "the decision typed again": decided,
	} {
		if _, err := s.Book(ctx, official, "r", b); domain.CodeOf(err) != ledger.CodeOnce || domain.KindOf(err) != domain.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := spent(60)
	if l.Areas[0].Balances[ledger.Returned] != 5 {
		t.Errorf("%+v", l.Areas[0].Balances)
	}

	// One receipt may be of two projects, and is booked anew once it was reversed.
	two := typed
	two.Project, two.Request = 2, rand.Text()
	must(s.Book(ctx, official, "r", two))(t)
	must(s.Reverse(ctx, official, "r", first.Entries[0].ID, domain.Text{Fi: "Virhe", Sv: "Fel"}))(t)
	must(s.Book(ctx, official, "r", typed))(t)
	spent(50)

	// Nor by two officials in the same moment.
	var wg sync.WaitGroup
	var booked atomic.Int32
	for range 8 {
		b := booking(ledger.Spend, 1, 10)
		b.Voucher = "T-4712"
		wg.Go(func() {
			if _, err := s.Book(ctx, official, "r", b); err == nil {
				booked.Add(1)
			} else if domain.CodeOf(err) != ledger.CodeOnce {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if booked.Load() != 1 {
		t.Errorf("booked %d times", booked.Load())
	}
	spent(60)
	bare := booking(ledger.Maintain, 1, 1)
	bare.Voucher = ""
	if _, err := s.Book(ctx, official, "r", bare); err == nil || !strings.Contains(err.Error(), "voucher: required") {
		t.Errorf("without a receipt: %v", err)
	}
	if _, err := v.ExecContext(ctx, "UPDATE ledger_entry SET voucher = 'x'"); err == nil {
		t.Error("a receipt's number is changed")
	}
}

// What the production role cannot do, whatever the program tries.
func TestTheDatabaseKeepsTheLedger(t *testing.T) {
	v, s := accounts(t)
	ctx := context.Background()
	must(s.Book(ctx, official, "r", booking(ledger.Commit, 1, 100)))(t)
	try := func(kind, decision string, reverses any, count int, lines ...string) error {
		return v.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			var id int64
			err := tx.QueryRowContext(ctx, `INSERT INTO ledger_entry (round, day, kind, reason, decision, reverses, lines)
				VALUES ('r', '2027-01-01', ?, '{"fi": "x", "sv": "x"}', ?, ?, ?) RETURNING id`,
				kind, decision, reverses, count).Scan(&id)
			for i, line := range lines {
				if err == nil {
					_, err = tx.ExecContext(ctx, fmt.Sprintf(
						"INSERT INTO ledger_line (entry, line, round, account, area, proposal, cents) VALUES (%d, %d, 'r', %s)", id, i, line))
				}
			}
			return err
		})
	}
	for want, err := range map[string]error{
		"ledger_balanced":   try("commit", "", nil, 2, "'reserved', 'southern', 1, -10", "'committed', 'southern', 1, 9"),
		"ledger_whole":      try("commit", "", nil, 3, "'reserved', 'southern', 1, -10", "'committed', 'southern', 1, 10"),
		"ledger_fund":       try("commit", "", nil, 2, "'fund', 'southern', NULL, -10", "'free', 'southern', NULL, 10"),
		"ledger_covered":    try("commit", "", nil, 2, "'reserved', 'southern', 1, -1000", "'committed', 'southern', 1, 1000"),
		"ledger_of_area":    try("commit", "", nil, 2, "'reserved', 'western', 1, -1", "'committed', 'western', 1, 1"),
		"ledger_entry_open": try("open", "", nil, 2, "'fund', 'southern', NULL, -10", "'free', 'southern', NULL, 10"),
		"ledger_entry_decided": try(
			"return", "", nil, 2, "'free', 'southern', NULL, -1", "'returned', 'southern', NULL, 1"),
		"ledger_reversal": try("reverse", "", 2, 2, "'reserved', 'southern', 1, 99", "'committed', 'southern', 1, -99"),
		"ledger_entry_reversal": try(
			"reverse", "", nil, 2, "'reserved', 'southern', 1, 99", "'committed', 'southern', 1, -99"),
		"ledger_line_of_project": try("commit", "", nil, 2, "'reserved', 'southern', NULL, -1", "'committed', 'southern', 1, 1"),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	for _, q := range []string{
		"UPDATE ledger_entry SET decision = '§ 9'", "DELETE FROM ledger_entry", "UPDATE ledger_line SET cents = 1",
		"DELETE FROM ledger_line",
		"INSERT INTO ledger_line (entry, line, round, account, area, proposal, cents) VALUES (2, 9, 'r', 'spent', 'southern', 1, 1)",
	} {
		if _, err := v.ExecContext(ctx, q); err == nil {
			t.Errorf("accepted %s", q)
		}
	}
	addsUp(t, must(s.Get(ctx, anonymous, "r"))(t))
}

// Many at once never spend the same money.
func TestRaceOfBookings(t *testing.T) {
	_, s := accounts(t)
	ctx := context.Background()
	var wg sync.WaitGroup
	var mu sync.Mutex
	booked, other := 0, []error{}
	for range 8 {
		wg.Go(func() {
			_, err := s.Book(ctx, official, "r", booking(ledger.Commit, 1, 100))
			mu.Lock()
			defer mu.Unlock()
			switch domain.CodeOf(err) {
			case "":
				booked++
			case ledger.CodeCovered:
			default:
				other = append(other, err)
			}
		})
	}
	wg.Wait()
	if booked != 2 || len(other) > 0 { // of 230
		t.Errorf("%d were booked; %v", booked, other)
	}
}

// Whatever is tried in whatever order, no cent is lost or made.
func TestNoCentIsLost(t *testing.T) {
	_, s := accounts(t)
	ctx := context.Background()
	kinds := []ledger.Kind{
		ledger.Commit, ledger.Release, ledger.Spend, ledger.Maintain, ledger.Unreserve, ledger.Reserve, ledger.Move,
		ledger.Return, ledger.Carry, ledger.Add,
	}
	random := mathrand.New(mathrand.NewPCG(1, 2))
	for range 60 {
		b := booking(kinds[random.IntN(len(kinds))], 1+random.IntN(2), domain.Cents(1+random.IntN(120)))
		b.To = 3 - b.Project
		l, err := s.Book(ctx, official, "r", b)
		if err == nil && random.IntN(3) == 0 {
			l, err = s.Reverse(ctx, official, "r", l.Entries[0].ID, b.Reason)
		}
		if err != nil {
			if domain.CodeOf(err) != ledger.CodeCovered {
				t.Fatalf("%+v: %v", b, err)
			}
			continue
		}
		addsUp(t, l)
	}
}
