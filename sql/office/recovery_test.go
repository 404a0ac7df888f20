package office_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/sql/office"
)

var (
	leftByHer  = bytes.Repeat([]byte{7}, 652)
	leftByHim  = bytes.Repeat([]byte{8}, 652)
	tooMuch    = make([]byte, roll.MaxRecovery+1)
	noRecovery []byte
)

func (p *poll) wantRecovery(v roll.Voter, paper string, want []byte) {
	p.t.Helper()
	got, err := p.Recovery(context.Background(), v, p.id, paper)
	if err != nil || !bytes.Equal(got, want) {
		p.t.Errorf("recovery: %d bytes, %v; want %d", len(got), err, len(want))
	}
}

func TestRecoveryIsKeptOncePerRight(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	request, _ := p.blinded()
	signature, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, leftByHer)
	if err != nil {
		t.Fatal(err)
	}
	p.wantRecovery(person(t, adult), "koko", leftByHer)
	p.wantRecovery(person(t, adult), "piiri", nil)
	p.wantRecovery(person(t, hidden), "koko", nil) // another person's

	for name, again := range map[string][]byte{"the same": leftByHer, "none": nil} {
		if got, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, again); err != nil ||
			!bytes.Equal(got, signature) {
			t.Errorf("the same request with %s recovery: %v", name, err)
		}
	}
	_, err = p.Issue(ctx, person(t, adult), p.id, "koko", request, leftByHim)
	p.wantCode(err, domain.Conflict, roll.CodeRecoveryKept)
	other, _ := p.blinded()
	_, err = p.Issue(ctx, person(t, adult), p.id, "koko", other, leftByHim)
	p.wantCode(err, domain.Conflict, roll.CodeConflict)
	p.wantRecovery(person(t, adult), "koko", leftByHer)

	// Made only when the connection broke: beside the right that was spent by
	// this request.
	if _, err := p.Issue(ctx, person(t, hidden), p.id, "koko", other, nil); err != nil {
		t.Fatal(err)
	}
	_, err = p.Issue(ctx, person(t, hidden), p.id, "koko", request, leftByHim)
	p.wantCode(err, domain.Conflict, roll.CodeConflict)
	p.wantRecovery(person(t, hidden), "koko", nil)
	if _, err := p.Issue(ctx, person(t, hidden), p.id, "koko", other, leftByHim); err != nil {
		t.Fatal(err)
	}
	p.wantRecovery(person(t, hidden), "koko", leftByHim)
}

func TestRecoveryOfACodeHolderAndOfAChangedIdentity(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	codes, err := p.IssueCodes(ctx, chief, p.id, library, 1)
	if err != nil {
		t.Fatal(err)
	}
	p.to(round.Voting)
	request, _ := p.blinded()
	for _, v := range []roll.Voter{{Code: codes[0]}, person(t, adult)} {
		if _, err := p.Issue(ctx, v, p.id, "koko", request, leftByHer); err != nil {
			t.Fatal(err)
		}
		p.wantRecovery(v, "koko", leftByHer)
	}
	p.mustImport(header + recoded + ",091,etelainen,0," + adult + "\n")
	p.wantRecovery(person(t, recoded), "koko", leftByHer)
}

func TestRecoveryRefusals(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	request, _ := p.blinded()
	want := func(v roll.Voter, round, paper string, kind domain.Kind, code domain.Code) {
		t.Helper()
		_, err := p.Recovery(ctx, v, round, paper)
		p.wantCode(err, kind, code)
	}
	want(person(t, adult), p.id, "koko", domain.NotFound, domain.CodeNotFound) // a draft
	p.to(round.Frozen)
	want(person(t, adult), p.id, "koko", domain.Closed, round.CodeVotingNotOpen)
	p.to(round.Voting)
	want(roll.Voter{}, p.id, "koko", domain.Unauthenticated, domain.CodeSignIn)
	want(roll.Voter{Code: "?"}, p.id, "koko", domain.Unauthenticated, roll.CodeInvalid)
	want(roll.Voter{Code: "0000-0000-0000-0000"}, p.id, "koko", domain.Unauthenticated, roll.CodeInvalid)
	want(person(t, adult), p.id, "kolmas", domain.NotFound, domain.CodeNotFound)
	want(person(t, adult), "kierros-2", "koko", domain.NotFound, domain.CodeNotFound)
	p.wantRecovery(roll.Voter{SignedIn: true}, "koko", nil) // no identity code, nobody's

	_, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, tooMuch)
	p.wantCode(err, domain.Invalid, domain.CodeInvalid)
	_, err = p.Issue(ctx, person(t, turns13), p.id, "koko", request, leftByHer)
	p.wantCode(err, domain.Forbidden, roll.CodeNotEligible)
	if n := p.count("SELECT (SELECT count(*) FROM spent_right) + (SELECT count(*) FROM recovery)"); n != 0 {
		t.Fatalf("refusals left %d rows", n)
	}
	if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, noRecovery); err != nil {
		t.Fatal(err)
	}
	p.SetClock(t, "2026-06-15T17:00:00Z")
	_, err = p.Issue(ctx, person(t, adult), p.id, "koko", request, leftByHer)
	p.wantCode(err, domain.Closed, round.CodeVotingClosed)
	want(person(t, adult), p.id, "koko", domain.Closed, round.CodeVotingClosed)
}

// Two tabs with two recoveries for one request: one is kept, and the other is
// told.
func TestRaceForOneRecovery(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	request, _ := p.blinded()
	left := [][]byte{leftByHer, leftByHim}
	errs := make([]error, len(left))
	var wg sync.WaitGroup
	for i := range left {
		wg.Go(func() { _, errs[i] = p.Issue(ctx, person(t, adult), p.id, "koko", request, left[i]) })
	}
	wg.Wait()
	kept, err := p.Recovery(ctx, person(t, adult), p.id, "koko")
	if err != nil {
		t.Fatal(err)
	}
	for i := range left {
		if bytes.Equal(kept, left[i]) != (errs[i] == nil) {
			t.Errorf("recovery %d: %v", i, errs[i])
		}
	}
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("%v", errs)
	}
}

// The server's role can neither change nor take away a recovery, nor leave one
// where no credential was issued; the close leaves nothing in the file.
func TestRecoveriesAreDestroyedAtTheClose(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(people)
	p.to(round.Voting)
	request, _ := p.blinded()
	if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, leftByHer); err != nil {
		t.Fatal(err)
	}
	if _, err := p.ExecContext(ctx, "INSERT INTO spent_right (round, paper, person, channel, day) VALUES ('kierros-1', "+
		"'piiri', sha256('x'), 'paper', '2026-06-10')"); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"UPDATE recovery SET sealed = ''", "DELETE FROM recovery", "TRUNCATE recovery",
		"INSERT INTO recovery SELECT round, 'piiri', person, sealed FROM recovery",
		"INSERT INTO recovery SELECT round, 'piiri', sha256('x'), sealed FROM recovery",
	} {
		if _, err := p.ExecContext(ctx, q); err == nil {
			t.Errorf("%s went through", q)
		}
	}
	if err := office.DestroyRecoveries(ctx, p.DB.DB, p.id); err == nil ||
		!strings.Contains(err.Error(), "is not closed") {
		t.Errorf("destroyed while the vote is open: %v", err)
	}
	p.to(round.Closed)
	if err := office.DestroyRecoveries(ctx, p.DB.DB, "another"); err != nil ||
		p.count("SELECT count(*) FROM recovery") != 1 {
		t.Errorf("another round's close: %v", err)
	}
	if err := office.DestroyRecoveries(ctx, p.DB.DB, p.id); err != nil ||
		p.count("SELECT pg_relation_size('recovery')::int") != 0 {
		t.Errorf("still in the file: %v", err)
	}
}
