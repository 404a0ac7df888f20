package office_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/domain/round"
)

var library = roll.Batch{Label: "Library day", Place: "Oodi"}

func (p *poll) rights(paper string) roll.Turnout {
	p.t.Helper()
	papers, err := p.store.Turnout(context.Background(), p.id)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, turnout := range papers {
		if turnout.Paper == paper {
			return turnout
		}
	}
	p.t.Fatalf("no paper %s", paper)
	return roll.Turnout{}
}

// A code that nobody used is nobody: not a voter, and no reason to replace more
// credentials. One that is used is.
func TestUnusedCodesAreNobody(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	before := p.rights("koko")
	codes, err := p.IssueCodes(ctx, chief, p.id, library, 50)
	if err != nil {
		t.Fatal(err)
	}
	if after := p.rights("koko"); after != before {
		t.Errorf("50 codes made %+v of %+v", after, before)
	}
	st, err := p.store.State(ctx, p.id)
	if err != nil || st.Codes != 50 || st.Rights["koko"] != before.Rights {
		t.Errorf("the next step is shown %d codes and %v, %v", st.Codes, st.Rights, err)
	}
	p.to(round.Voting)
	request, _ := p.blinded()
	if _, err := p.Issue(ctx, roll.Voter{Code: codes[7]}, p.id, "koko", request, nil); err != nil {
		t.Fatal(err)
	}
	if used := p.rights("koko"); used.Rights != before.Rights+1 || used.Assisted != 1 || used.OnRoll != before.Rights {
		t.Errorf("a used code: %+v", used)
	}
	if other := p.rights("piiri"); other.Rights != before.Rights {
		t.Errorf("a paper that it was not used for: %+v", other)
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	codes, err := p.IssueCodes(ctx, chief, p.id, roll.Batch{Label: "  Library\tday ", Place: " Oodi "}, 2)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.IssueCodes(ctx, chief, p.id, library, 1)
	p.wantField(err, "label", "duplicate")
	_, err = p.IssueCodes(ctx, chief, p.id, roll.Batch{Label: " "}, 1)
	p.wantField(err, "label", "required")
	_, err = p.IssueCodes(ctx, chief, p.id, roll.Batch{Label: strings.Repeat("å", roll.MostLabel+1)}, 1)
	p.wantField(err, "label", "too_long")
	printed := 0
	if err := p.PrintCodes(ctx, "osbu codes", p.id, roll.Batch{Label: "Schools"}, roll.CodesPerRequest+1,
		func(string) error { printed++; return nil }); err != nil || printed != roll.CodesPerRequest+1 {
		t.Fatalf("%d printed, %v", printed, err)
	}

	p.to(round.Voting)
	used, lost := roll.Voter{Code: codes[0]}, roll.Voter{Code: codes[1]}
	request, _ := p.blinded()
	signature, err := p.Issue(ctx, used, p.id, "koko", request, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, actor := range []domain.Actor{{}, {ID: 1, Roles: []domain.Role{domain.Facilitator}}} {
		if err := p.VoidCodes(ctx, actor, p.id, 1, "a bag was lost"); domain.KindOf(err) != domain.Forbidden &&
			domain.KindOf(err) != domain.Unauthenticated {
			t.Errorf("%v: %v", actor.Roles, err)
		}
	}
	p.wantCode(p.VoidCodes(ctx, chief, p.id, 3, "a bag was lost"), domain.NotFound, domain.CodeNotFound)
	if err := p.VoidCodes(ctx, chief, p.id, 1, "a bag was lost"); err != nil {
		t.Fatal(err)
	}
	p.wantCode(p.VoidCodes(ctx, chief, p.id, 1, "a bag was lost"), domain.Conflict, roll.CodeVoid)

	_, err = p.Issue(ctx, lost, p.id, "koko", request, nil)
	p.wantCode(err, domain.Forbidden, roll.CodeNotEligible)
	if a, err := p.Ask(ctx, lost, p.id); err != nil || a.Refusal != roll.VoidCode || len(a.Papers) != 0 {
		t.Errorf("a void code is told %+v, %v", a, err)
	}
	if again, err := p.Issue(ctx, used, p.id, "koko", request, nil); err != nil || string(again) != string(signature) {
		t.Errorf("a lost answer is not given again: %v", err)
	}
	_, err = p.Issue(ctx, used, p.id, "piiri", request, nil)
	p.wantCode(err, domain.Forbidden, roll.CodeNotEligible)
	if _, err := p.store.Shuffle(ctx); err != nil {
		t.Errorf("rights spent before are not put back: %v", err)
	}
	if turnout := p.rights("koko"); turnout.Assisted != 1 || turnout.Rights != 1 {
		t.Errorf("what was cast is counted no more: %+v", turnout)
	}

	status, err := p.Status(ctx, chief, p.id)
	if err != nil || len(status.Batches) != 2 {
		t.Fatalf("%+v, %v", status, err)
	}
	first, schools := status.Batches[0], status.Batches[1]
	if first.Label != "Library day" || first.Place != "Oodi" || first.Made != 2 || first.Used != 1 || first.Day.IsZero() ||
		!first.Voided.Equal(first.Day) || schools.Number != 2 || schools.Made != printed || !schools.Voided.IsZero() {
		t.Errorf("%+v", status.Batches)
	}
	if made, used, void := status.Codes(); made != printed+2 || used != 1 || void != 1 {
		t.Errorf("%d made, %d used, %d void", made, used, void)
	}
	log := oldestFirst(t, p.store, p.id, 0)
	if last := log[len(log)-1]; last.Action != "void codes" || last.Reason != "a bag was lost" ||
		last.Actor != round.Signature(chief) || last.Details != `{"batch":1}` {
		t.Errorf("%+v", last)
	}
	p.to(round.Closed)
	p.wantCode(p.VoidCodes(ctx, chief, p.id, 2, "over"), domain.Closed, domain.CodePhase)
}

func refusedBy(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.ConstraintName
	}
	return ""
}

func (p *poll) wantField(err error, path, code string) {
	p.t.Helper()
	e, ok := errors.AsType[*domain.Error](err)
	if !ok || len(e.Fields) != 1 || e.Fields[0].Path != path || e.Fields[0].Code != code {
		p.t.Errorf("got %v, want %s %s", err, path, code)
	}
}

// The table refuses a void code whatever the server thinks of it, and never
// makes one good again.
func TestVoidCodesAreHeldByTheDatabase(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	if _, err := p.IssueCodes(ctx, chief, p.id, library, 1); err != nil {
		t.Fatal(err)
	}
	p.to(round.Voting)
	if err := p.VoidCodes(ctx, chief, p.id, 1, "left over"); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		`INSERT INTO spent_right (round, paper, person, channel, day, request_hash, blind_signature)
		SELECT round, 'koko', person, 'assisted', '2026-06-10', person, decode(repeat('00', 256), 'hex') FROM voting_code`: "spent_right_void_code",
		"UPDATE code_batch SET voided = NULL": "code_batch_void",
		"INSERT INTO voting_code (round, person) VALUES ('" + p.id + "', decode(repeat('01', 32), 'hex'))": "voting_code_purpose",
		"UPDATE code_batch SET label = 'other'": "42501",
		"DELETE FROM code_batch":                "42501",
	} {
		if _, err := p.ExecContext(ctx, query); err == nil || !strings.Contains(fmt.Sprintf("%v %s", err, refusedBy(err)), want) {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// A code is used before its batch is void, or never: no credential slips
// through, and none is lost.
func TestVoidingRacesWithVoters(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	codes, err := p.IssueCodes(ctx, chief, p.id, library, 24)
	if err != nil {
		t.Fatal(err)
	}
	p.to(round.Voting)
	var wg sync.WaitGroup
	given := make([]bool, len(codes))
	for i, code := range codes {
		request, _ := p.blinded()
		wg.Go(func() {
			_, err := p.Issue(ctx, roll.Voter{Code: code}, p.id, "koko", request, nil)
			given[i] = err == nil
			if err != nil && domain.CodeOf(err) != roll.CodeNotEligible {
				t.Error(err)
			}
		})
	}
	wg.Go(func() {
		if err := p.VoidCodes(ctx, chief, p.id, 1, "stolen"); err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	n := 0
	for _, ok := range given {
		if ok {
			n++
		}
	}
	if spent := p.rights("koko").Assisted; spent != n {
		t.Errorf("%d credentials were given, %d rights spent", n, spent)
	}
}
