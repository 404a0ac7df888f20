package office_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

func newRound(id string) round.Round {
	settings, err := round.Helsinki2026.Settings()
	if err != nil {
		panic(err)
	}
	day := func(d int) time.Time { return time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC).AddDate(0, 0, d) }
	return round.Round{
		ID: id, Name: domain.Text{Fi: "Kierros; \"lainaus\"", Sv: "Omgång"}, Phase: round.Draft, Settings: settings,
		Times: round.Times{
			Proposing: round.Window{Opens: day(0), Closes: day(30)},
			Vetting:   round.Window{Opens: day(30), Closes: day(60)},
			Voting:    round.Window{Opens: day(70), Closes: day(84)},
		},
	}
}

func entry(id, action string) round.Entry {
	return round.Entry{Round: id, Actor: "official 1", Action: action, Reason: "because; ä\n\"", Details: `{"a": 1}`}
}

func open(t *testing.T) (*testdb.DB, *office.Store) {
	d := testdb.New(t, office.Migrations(), office.Role)
	return d, office.New(d.DB, helsinki(t))
}

func TestRoundComesBackAsItWasStored(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	ctx := context.Background()
	d.SetClock(t, "2026-02-01T00:00:00Z")
	want := newRound("kierros-1")
	if err := store.CreateRound(ctx, want, entry(want.ID, "create")); err != nil {
		t.Fatal(err)
	}
	got, err := store.Round(ctx, want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Now.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)) {
		t.Fatalf("clock says %s", got.Now)
	}
	got.Times = utc(got.Times)
	if !reflect.DeepEqual(got.Round, want) {
		t.Fatalf("got  %+v\nwant %+v", got.Round, want)
	}
	if err := store.CreateRound(ctx, want, entry(want.ID, "create")); domain.CodeOf(err) != round.CodeExists {
		t.Fatalf("a second round of the same address: %v", err)
	}
	if _, err := store.Round(ctx, "none"); domain.KindOf(err) != domain.NotFound {
		t.Fatal(err)
	}
}

func utc(t round.Times) round.Times {
	for _, w := range []*round.Window{&t.Proposing, &t.Vetting, &t.Voting} {
		w.Opens, w.Closes = w.Opens.UTC(), w.Closes.UTC()
	}
	return t
}

func TestSettingsAreReplacedBeforeTheFreeze(t *testing.T) {
	t.Parallel()
	_, store := open(t)
	ctx := context.Background()
	r := newRound("r")
	if err := store.CreateRound(ctx, r, entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	next, err := round.Helsinki2021.Settings()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.UpdateRound(ctx, "r", func(r *round.Round, _ time.Time) (round.Entry, error) {
		r.Settings = next
		return entry("r", "settings"), nil
	}); err != nil {
		t.Fatal(err)
	}
	got, err := store.Round(ctx, "r")
	if err != nil {
		t.Fatal(err)
	}
	for i := range next.Areas {
		next.Areas[i].PostalCodes = append([]string{}, next.Areas[i].PostalCodes...)
	}
	if !reflect.DeepEqual(got.Settings, next) {
		t.Fatalf("got  %+v\nwant %+v", got.Settings, next)
	}
}

// goTo moves a round forward phase by phase.
func goTo(t *testing.T, d bun.IDB, id string, phases ...string) {
	t.Helper()
	for _, p := range phases {
		if _, err := d.ExecContext(context.Background(),
			"UPDATE round SET phase = ?, freeze_decision = CASE WHEN ? = 'frozen' THEN '§ 1' ELSE freeze_decision END WHERE "+
				"id = ?", p, p, id); err != nil {
			t.Fatal(err)
		}
	}
}

// From the freeze on the database refuses changes by the production role
// itself, whatever the program does.
func TestTheDatabaseKeepsAFrozenRound(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	ctx := context.Background()
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	goTo(t, d, "r", "proposing", "vetting")
	if _, err := d.ExecContext(ctx, "UPDATE area SET pot = pot + 1 WHERE id = 'southern'"); err != nil {
		t.Fatalf("before the freeze: %v", err)
	}
	goTo(t, d, "r", "frozen", "voting")
	for _, q := range []string{
		"UPDATE area SET pot = pot + 1 WHERE id = 'southern'",
		"DELETE FROM area WHERE id = 'southern'",
		"INSERT INTO area (round, id, position, name, pot, population, citywide, postal_codes) VALUES ('r', 'new', 9, " +
			"'{}', 1, 0, false, '{}')",
		"UPDATE paper SET max = 6",
		"DELETE FROM paper",
		"DELETE FROM theme",
		`UPDATE round SET rule = '{"rule": "phragmen"}'`,
		"UPDATE round SET age = 12",
		"UPDATE round SET rehearsal = true",
		"UPDATE round SET municipalities = '{}'",
		"UPDATE round SET reserve_maintenance = false",
		"UPDATE round SET openings_from = 0",
		"UPDATE round SET languages = '{fi}'",
		"UPDATE round SET freeze_decision = '§ 2'",
		"UPDATE round SET phase = 'vetting'",
		"UPDATE round SET phase = 'counted'",
		"UPDATE round SET phase = 'archived'",
		"DELETE FROM round",
		"UPDATE audit SET reason = 'another'",
		"DELETE FROM audit",
		"TRUNCATE audit",
		"ALTER TABLE area DISABLE TRIGGER ALL",
		"DROP TRIGGER area_frozen ON area",
	} {
		if _, err := d.ExecContext(ctx, q); err == nil {
			t.Errorf("accepted: %s", q)
		}
	}
	if _, err := d.ExecContext(ctx, "UPDATE round SET voting_closes = voting_closes + interval '1 day'"); err != nil {
		t.Errorf("the closing time may move while voting: %v", err)
	}
	goTo(t, d, "r", "closed")
	if _, err := d.ExecContext(ctx, "UPDATE round SET voting_closes = voting_closes + interval '1 day'"); err == nil {
		t.Error("the closing time moved after the close")
	}
}

// The production role adds and reads, and changes what the program has a reason
// to change; nothing else, whatever the program does.
func TestRoleMayNot(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	ctx := context.Background()
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"UPDATE round SET id = 'other'", "UPDATE round SET created_at = now()", "TRUNCATE round CASCADE",
		"UPDATE account SET key = key", "UPDATE account SET identified = true", "DELETE FROM account",
		"UPDATE account SET id = 1", "UPDATE session SET token = token", "UPDATE session SET sealed = ''",
		"UPDATE session SET ends = now()",
		"UPDATE roll SET person = person", "UPDATE roll SET round = 'other'", "DELETE FROM roll_alias",
		"UPDATE roll_alias SET ref = ref",
		"UPDATE proposal SET round = 'other'", "UPDATE proposal SET author = 1", "UPDATE proposal SET author_name = 'Eino'",
		"DELETE FROM proposal",
		"UPDATE proposal_version SET reason = ''", "DELETE FROM proposal_version", "UPDATE project SET maximum = 1",
		"UPDATE project SET proposal = 1",
		"UPDATE voting_code SET person = person", "DELETE FROM voting_code", "UPDATE frozen SET lot = ''",
		"DELETE FROM frozen",
		"UPDATE outcome SET ballots = 0", "DELETE FROM outcome", "UPDATE piece SET bytes = '\\x00'", "DELETE FROM piece",
		"UPDATE published SET size = 1", "DELETE FROM published", "CREATE TABLE mine ()",
	} {
		if _, err := d.ExecContext(ctx, q); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", q, err)
		}
	}
	voting := newRound("sudden")
	voting.Phase, voting.FreezeDecision = round.Voting, "§ 1"
	if err := store.CreateRound(ctx, voting, entry("sudden", "create")); domain.CodeOf(err) != domain.CodePhase {
		t.Errorf("a round that begins in its vote: %v", err)
	}
}

func TestAuditLogIsChained(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	ctx := context.Background()
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := store.UpdateRound(ctx, "r",
				func(*round.Round, time.Time) (round.Entry, error) { return entry("r", "times"), nil }); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	log := oldestFirst(t, store, "r", 0)
	if len(log) != 9 {
		t.Fatalf("%d entries", len(log))
	}
	if err := round.Chain([32]byte{}, 0, log); err != nil {
		t.Fatal(err)
	}
	if first := oldestFirst(t, store, "r", 5); len(first) != 4 || round.Chain([32]byte{}, 0, first) != nil {
		t.Errorf("before entry 5: %d entries", len(first))
	}
	if _, err := d.Owner.ExecContext(ctx, "UPDATE audit SET reason = 'another' WHERE seq = 5"); err != nil {
		t.Fatal(err)
	}
	if err := round.Chain([32]byte{}, 0, oldestFirst(t, store, "r", 0)); err == nil {
		t.Fatal("a changed entry was not noticed")
	}
}

// oldestFirst is a round's log in the order of its chain, which it is not read
// in.
func oldestFirst(t testing.TB, store *office.Store, id string, before int64) []round.Entry {
	t.Helper()
	log, err := store.Audit(context.Background(), id, round.AuditFilter{Before: before})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(log)
	return log
}

// A draft goes with its settings while nothing else belongs to it. Its log
// stays, and goes on when another round gets the address.
func TestADraftIsDeleted(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	ctx := context.Background()
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ExecContext(ctx,
		"INSERT INTO desk (round, checklist, templates) VALUES ('r', '[]', '[]')"); err != nil {
		t.Fatal(err)
	}
	remove := func(round.Round) (round.Entry, error) { return entry("r", "delete"), nil }
	if err := store.DeleteRound(ctx, "r", remove); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Round(ctx, "r"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("the draft is there: %v", err)
	}
	if err := store.CreateRound(ctx, newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	log := oldestFirst(t, store, "r", 0)
	if len(log) != 3 || round.Chain([32]byte{}, 0, log) != nil {
		t.Errorf("the log has %d entries", len(log))
	}
	goTo(t, d, "r", "proposing")
	if err := store.DeleteRound(ctx, "r", remove); domain.CodeOf(err) != domain.CodePhase {
		t.Errorf("a round that is no draft: %v", err)
	}
}
