package office_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"osbu/domain"
	"osbu/domain/equality"
	"osbu/domain/retention"
	"osbu/domain/round"
	"osbu/domain/statistics"
)

// What a city has no use for goes when its days are over, and not before: how
// many voted stays, and so does all that the audit log says. Nothing goes of
// another round.
func TestPersonalDataGoByTheTable(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	for _, code := range []string{adult, hidden} {
		request, _ := p.blinded()
		if _, err := p.Issue(ctx, person(t, code), p.id, "koko", request, nil); err != nil {
			t.Fatal(err)
		}
	}
	p.to(round.Closed)
	before, err := p.store.Turnout(ctx, p.id)
	if err != nil {
		t.Fatal(err)
	}
	p.deliver()
	p.SetClock(t, "2026-07-01T12:00:00Z")
	if _, err := p.Owner.ExecContext(ctx,
		"INSERT INTO audit (round, actor, action, reason, details) VALUES (?, '', 'publish', '', '{}')", p.id); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Owner.ExecContext(ctx, `WITH who AS (INSERT INTO account (key, identified, name, language)
			VALUES (sha256('keyer'), false, 'Olga', 'fi') RETURNING id)
		INSERT INTO keyer (round, batch, attempt, part, account) SELECT ?, 'A', 1, 1, id FROM who`, p.id); err != nil {
		t.Fatal(err)
	}
	told := map[retention.Data]int64{}
	rules := retention.Standard()
	service := retention.New(p.store, rules, func(data retention.Data, n int64) { told[data] += n })
	left := func() string {
		return fmt.Sprint(p.count("SELECT count(*) FROM roll"), p.count("SELECT count(*) FROM spent_right"),
			p.count("SELECT count(*) FROM forgotten"))
	}
	run := func(moment, want string) {
		t.Helper()
		p.SetClock(t, moment)
		if err := service.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if got := left(); got != want {
			t.Errorf("at %s: got %s, want %s", moment, got, want)
		}
	}
	run("2026-09-29T11:59:59Z", "4 2 0") // 90 days are not over
	p.SetClock(t, "2026-09-29T12:00:01Z")
	if err := service.Run(ctx); domain.KindOf(err) != domain.Conflict || left() != "4 2 2" {
		t.Errorf("before the turnout was kept: %v, left %s", err, left())
	}
	if err := statistics.New(p.store, equality.New(p.store)).Keep(ctx); err != nil {
		t.Fatal(err)
	}
	run("2026-09-29T12:00:02Z", "0 0 4")
	run("2026-09-29T12:00:03Z", "0 0 4")
	run("2028-07-02T12:00:00Z", "0 0 6")
	if told[retention.Roll] != 4 || told[retention.Rights] != 2 || told[retention.Notes] != 0 ||
		told[retention.Keyers] != 1 || p.count("SELECT count(*) FROM keyer") != 0 {
		t.Errorf("told %v", told)
	}
	after, err := p.store.Turnout(ctx, p.id)
	if err != nil || !slices.Equal(after, before) || after[0].Spent() != 2 {
		t.Errorf("turnout: got %+v (%v), want %+v", after, err, before)
	}
	var entries []string
	err = p.Owner.NewRaw("SELECT details FROM audit WHERE action = 'forget' ORDER BY seq").Scan(ctx, &entries)
	if err != nil || !slices.Contains(entries, `{"data":"roll","number":4}`) || len(entries) != 6 {
		t.Errorf("the audit log: %q (%v)", entries, err)
	}
}

// The database holds the days of an appeal, whatever the settings say, and lets
// nobody take away what is of use.
func TestDataOfUseStay(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.deliver()
	note := func(r round.Round, n int64) round.Entry { return round.Entry{Round: r.ID, Action: "forget"} }
	_, err := p.store.Forget(ctx, p.id, retention.Roll, note)
	p.wantCode(err, domain.Closed, domain.CodePhase) // nothing was published
	if _, err := p.Owner.ExecContext(ctx,
		"INSERT INTO audit (round, actor, action, reason, details) VALUES (?, '', 'publish', '', '{}')", p.id); err != nil {
		t.Fatal(err)
	}
	_, err = p.store.Forget(ctx, p.id, retention.Roll, note)
	p.wantCode(err, domain.Closed, domain.CodePhase)
	for _, query := range []string{
		"DELETE FROM spent_right", "DELETE FROM look_up", "DELETE FROM keyer", "DELETE FROM enquiry",
		"INSERT INTO forgotten (round, data, day, n) VALUES ('kierros-1', 'roll', now(), 1)", "DELETE FROM turnout",
	} {
		if _, err := p.DB.ExecContext(ctx, query); err == nil {
			t.Errorf("the server's role may: %s", query)
		}
	}
	if n := p.count("SELECT count(*) FROM roll"); n != 4 {
		t.Errorf("%d people are left of 4", n)
	}
}

// deliver publishes the result, as far as data about people go by it.
func (p *poll) deliver() {
	p.t.Helper()
	p.to(round.Counted)
	if _, err := p.Owner.ExecContext(context.Background(), "UPDATE round SET phase = 'confirmed', "+
		"confirm_decision = 'HEL 2' WHERE id = ?", p.id); err != nil {
		p.t.Fatal(err)
	}
	if _, err := p.Owner.ExecContext(context.Background(), "UPDATE round SET phase = 'delivering', "+
		"copies_destroyed = 'yes' WHERE id = ?", p.id); err != nil {
		p.t.Fatal(err)
	}
}
