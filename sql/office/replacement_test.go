package office_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/domain/round"
)

// lookUps are the entries that looking a person up has left, each as "action,
// refusal if any".
func (p *poll) lookUps() (all []string) {
	p.t.Helper()
	log := oldestFirst(p.t, p.store, p.id, 0)
	for _, e := range log {
		for _, code := range []string{adult, hidden, turns13, "131052", "308T"} {
			if strings.Contains(e.Details+e.Reason, code) {
				p.t.Errorf("the audit log holds an identity code: %+v", e)
			}
		}
		if e.Action != "replace credential" && e.Action != "refuse replacement" {
			continue
		}
		if e.Reason != "phone drowned" || e.Actor != round.Signature(chief) {
			p.t.Errorf("%+v", e)
		}
		_, refused, _ := strings.Cut(e.Details, `"refused":"`)
		refused, _, _ = strings.Cut(refused, `"`)
		all = append(all, strings.TrimSpace(e.Action+" "+refused))
	}
	return all
}

func (p *poll) replace(code, paper string) (string, error) {
	return p.Replace(context.Background(), chief, p.id, paper, code, "phone drowned")
}

// One lost credential is replaced, once: the code gives one more for the same
// paper alone, and whatever was left of the lost browser is too late.
func TestReplacement(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	lost, _ := p.blinded()
	if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", lost, []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	code, err := p.replace(" "+strings.ToLower(adult)+" ", "koko")
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Issue(ctx, person(t, adult), p.id, "koko", lost, nil)
	p.wantCode(err, domain.Conflict, roll.CodeReplaced)
	_, err = p.Recovery(ctx, person(t, adult), p.id, "koko")
	p.wantCode(err, domain.Conflict, roll.CodeReplaced)

	holder := roll.Voter{Code: code}
	if a, err := p.Ask(ctx, holder, p.id); err != nil || len(a.Papers) != 1 || a.Papers[0].Paper != "koko" ||
		a.Papers[0].Channel != "" {
		t.Errorf("%+v, %v", a, err)
	}
	request, check := p.blinded()
	_, err = p.Issue(ctx, holder, p.id, "piiri", request, nil)
	p.wantCode(err, domain.NotFound, domain.CodeNotFound)
	signature, err := p.Issue(ctx, holder, p.id, "koko", request, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := check(signature); err != nil {
		t.Error(err)
	}
	again, _ := p.blinded()
	_, err = p.Issue(ctx, holder, p.id, "koko", again, nil)
	p.wantCode(err, domain.Conflict, roll.CodeConflict)
	if p.spent["koko replacement"] != 1 {
		t.Errorf("spent: %v", p.spent)
	}
	a, err := p.Ask(ctx, person(t, adult), p.id)
	if err != nil || a.Papers[0].Channel != roll.Online || a.Papers[0].Replaced.IsZero() || a.Papers[1].Channel != "" {
		t.Errorf("%+v, %v", a, err)
	}
	// A person once more counts as one, and her code as no right that somebody
	// might use.
	papers, err := p.store.Turnout(ctx, p.id)
	want := roll.Turnout{Paper: "koko", Rights: 3, Online: 1, Replacements: 1, Replaced: 1, OnRoll: 3}
	if err != nil || papers[0] != want || papers[0].Spent() != 1 || papers[0].Credentials() != 2 {
		t.Errorf("%+v, %v", papers, err)
	}
	if status, err := p.Status(ctx, chief, p.id); err != nil || len(status.Batches) != 0 {
		t.Errorf("%+v, %v", status, err)
	}
}

func TestReplacementRefusals(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	for _, actor := range []domain.Actor{
		{},
		{ID: 2, Roles: []domain.Role{domain.Resident}},
		{ID: 3, Roles: []domain.Role{domain.Facilitator}},
		{ID: 4, Roles: []domain.Role{domain.Expert}},
	} {
		if _, err := p.Replace(ctx, actor, p.id, "koko", adult, "phone drowned"); domain.KindOf(
			err,
		) != domain.Forbidden &&
			domain.KindOf(err) != domain.Unauthenticated {
			t.Errorf("%v: %v", actor.Roles, err)
		}
	}
	if _, err := p.Replace(ctx, chief, p.id, "koko", "131052-308A", "phone drowned"); domain.KindOf(
		err,
	) != domain.Invalid {
		t.Errorf("a mistyped identity code: %v", err)
	}
	_, err := p.Replace(ctx, chief, "no-round", "koko", adult, "phone drowned")
	p.wantCode(err, domain.NotFound, domain.CodeNotFound)
	if looked := p.lookUps(); len(looked) != 0 {
		t.Errorf("nobody was looked up: %v", looked)
	}
	want := []string{}
	refuse := func(identity, paper string, kind domain.Kind, code domain.Code) {
		t.Helper()
		_, err := p.replace(identity, paper)
		p.wantCode(err, kind, code)
		want = append(want, "refuse replacement "+string(code))
	}
	spend := func(identity, channel string) {
		t.Helper()
		ref := person(t, identity).Person
		hash := sha256.Sum256(ref[:])
		var request, signature any = hash[:], make([]byte, 256)
		if channel == "paper" {
			request, signature = nil, nil
		}
		_, err := p.Owner.ExecContext(
			ctx,
			"INSERT INTO spent_right VALUES (?, 'koko', ?, ?, '2026-06-10', ?, ?)",
			p.id,
			ref[:],
			channel,
			request,
			signature,
		)
		if err != nil {
			t.Fatal(err)
		}
	}
	refuse(adult, "koko", domain.Conflict, roll.CodeNotSpent)
	refuse(recoded, "koko", domain.Conflict, roll.CodeNoPerson) // who could not vote as usual either
	spend(adult, "online")
	refuse(adult, "piiri", domain.Conflict, roll.CodeNotSpent)
	refuse(adult, "third", domain.NotFound, domain.CodeNotFound)
	spend(hidden, "paper")
	refuse(hidden, "koko", domain.Conflict, roll.CodeOffline)
	spend(turns13, "assisted")
	refuse(turns13, "koko", domain.Conflict, roll.CodeOffline)

	// A changed identity code is no second person.
	p.mustImport(strings.Replace(people, adult+",091,etelainen,0,", recoded+",091,etelainen,0,"+adult, 1))
	if _, err := p.replace(recoded, "koko"); err != nil {
		t.Fatal(err)
	}
	want = append(want, "replace credential")
	refuse(adult, "koko", domain.Conflict, roll.CodeReplaced)

	p.SetClock(t, "2026-06-15T17:00:00Z")
	refuse(adult, "koko", domain.Closed, round.CodeVotingClosed)
	p.SetClock(t, "2026-05-31T17:00:00Z")
	refuse(adult, "koko", domain.Closed, round.CodeVotingNotOpen)
	p.SetClock(t, "2026-06-10T12:00:00Z")
	p.to(round.Closed)
	refuse(adult, "koko", domain.Closed, round.CodeVotingClosed)
	if looked := p.lookUps(); fmt.Sprint(looked) != fmt.Sprint(want) {
		t.Errorf("the audit log tells of\n%v, want\n%v", looked, want)
	}
	for _, query := range []string{
		"UPDATE replacement SET day = '2026-06-11'", "DELETE FROM replacement",
		"TRUNCATE replacement", "UPDATE voting_code SET paper = NULL",
	} {
		if _, err := p.ExecContext(ctx, query); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// At the cap, and one person eight times at once: exactly one code.
func TestReplacementsUnderTheCap(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	request, _ := p.blinded()
	if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil); err != nil {
		t.Fatal(err)
	}
	_, err := p.Owner.ExecContext(
		ctx,
		"INSERT INTO replacement SELECT ?, 'koko', sha256(n::text::bytea), '2026-06-10' FROM generate_series(1, ?) n",
		p.id,
		roll.LeastReplacements-1,
	)
	if err != nil {
		t.Fatal(err)
	}
	var given atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := p.replace(adult, "koko")
			switch {
			case err == nil:
				given.Add(1)
			case domain.CodeOf(err) != roll.CodeCap: // which says nothing of her
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if given.Load() != 1 || p.count("SELECT count(*) FROM replacement") != roll.LeastReplacements {
		t.Errorf("%d given", given.Load())
	}
	other, _ := p.blinded()
	if _, err := p.Issue(ctx, person(t, hidden), p.id, "koko", other, nil); err != nil {
		t.Fatal(err)
	}
	_, err = p.replace(hidden, "koko")
	p.wantCode(err, domain.Conflict, roll.CodeCap)
	for rights, want := range map[int]int{0: 5, 4000: 5, 5001: 6, 580_194: 581} {
		if most := p.MostReplacements(rights); most != want {
			t.Errorf("of %d rights %d may be replaced, want %d", rights, most, want)
		}
	}
}

// Looking people up is rationed: once enough were looked up in a day, or all
// replacements are given, the same is said of everybody, whether she has voted
// or not. The log tells by a keyed reference who was looked up.
func TestLookingPeopleUpIsRationed(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	p.mustImport(people)
	p.to(round.Voting)
	p.SetClock(t, "2026-06-10T12:00:00Z")
	request, _ := p.blinded()
	if _, err := p.Issue(t.Context(), person(t, adult), p.id, "koko", request, nil); err != nil {
		t.Fatal(err)
	}
	for range roll.LeastLookUps {
		_, err := p.replace(hidden, "koko")
		p.wantCode(err, domain.Conflict, roll.CodeNotSpent)
	}
	for _, who := range []string{hidden, adult, recoded} {
		_, err := p.replace(who, "koko")
		p.wantCode(err, domain.Conflict, roll.CodeDay)
	}
	p.SetClock(t, "2026-06-11T12:00:00Z")
	if _, err := p.replace(adult, "koko"); err != nil {
		t.Errorf("the next day: got %v, want it replaced", err)
	}
	traces := map[string]int{}
	rows, err := p.Owner.QueryContext(t.Context(), "SELECT details::json->>'person' FROM audit WHERE action IN (?, ?)",
		roll.ActionReplace, roll.ActionRefuse)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var trace string
		if err := rows.Scan(&trace); err != nil {
			t.Fatal(err)
		}
		if len(trace) != 16 {
			t.Errorf("got trace %q, want 16 digits", trace)
		}
		traces[trace]++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(traces) != 3 {
		t.Errorf("got %v, want one trace a person", traces)
	}
	if ref := person(t, adult).Person; traces[hex.EncodeToString(ref[:8])] > 0 {
		t.Error("got the roll's own reference in the log")
	}
}
