package office_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"osbu/domain"
	"osbu/domain/polling"
	"osbu/domain/roll"
	"osbu/domain/round"
)

func (p *places) mark(officer domain.Actor, place int64, identity string, papers ...string) (polling.Marked, error) {
	return p.MarkPaper(context.Background(), officer, p.id, place, identity, "passport", papers)
}

func (p *places) undo(officer domain.Actor, place int64, identity string, papers ...string) error {
	return p.UndoPaper(context.Background(), officer, p.id, place, identity, "passport", papers, polling.Spoiled)
}

func (p *places) mustMark(identity string, papers ...string) {
	p.t.Helper()
	marked, err := p.mark(olga, p.library, identity, papers...)
	if err != nil || len(marked.Papers) == 0 {
		p.t.Fatalf("%+v, %v", marked, err)
	}
}

func TestARightIsMarkedAsPaper(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	code := p.code(adult)
	marked, err := p.mark(olga, p.library, adult, "koko")
	if err != nil || !slices.Equal(marked.Papers, []string{"koko"}) || !slices.Equal(marked.Left, []string{"piiri"}) {
		t.Fatalf("%+v, %v", marked, err)
	}
	request, _ := p.blinded()
	_, err = p.Issue(ctx, person(t, adult), p.id, "koko", request, nil)
	p.wantCode(err, domain.Conflict, roll.CodeSpent)
	if err := p.issue(code, p.kiosk, "piiri", small()); err != nil {
		t.Errorf("the other paper at the kiosk: %v", err)
	}
	// She is told how it was used; another place is told no more than that it was.
	answer, err := p.poll.Service.Ask(ctx, person(t, adult), p.id)
	if err != nil || answer.Papers[0].Channel != roll.Paper || answer.Papers[1].Channel != roll.Assisted {
		t.Errorf("she is told %+v, %v", answer, err)
	}
	marked, err = p.mark(oskar, p.school, adult)
	if err != nil || len(marked.Papers) != 0 || len(marked.Left) != 0 || marked.Refusal != "" {
		t.Errorf("the school is told %+v, %v", marked, err)
	}
	if got := p.rights("koko"); got.OnPaper != 1 {
		t.Errorf("rights are %+v", got)
	}
	_, err = p.mark(olga, p.library, adult, "none")
	p.wantCode(err, domain.NotFound, domain.CodeNotFound)
	_, err = p.mark(oskar, p.library, adult)
	p.wantCode(err, domain.Forbidden, domain.CodeNotAllowed)
	if marked, err := p.mark(olga, p.library, "010190-900P"); err != nil || marked.Refusal != roll.NotOnRoll {
		t.Errorf("a stranger: %+v, %v", marked, err)
	}
}

func TestWithAllRightsOnPaperTheKioskCodeIsGone(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	code := p.code(adult)
	p.mustMark(adult)
	request, _ := p.blinded()
	p.wantCode(p.issue(code, p.kiosk, "koko", request), domain.Unauthenticated, roll.CodeInvalid)
}

func TestAMarkIsTakenBackWhileTheSheetIsInHerHands(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	p.wantCode(p.undo(olga, p.library, adult), domain.Conflict, polling.CodeNotMarked)
	p.mustMark(adult)
	p.wantCode(p.undo(oskar, p.school, adult), domain.Conflict, polling.CodeNotMarked)
	p.wantCode(p.undo(oskar, p.library, adult), domain.Forbidden, domain.CodeNotAllowed)
	if err := p.undo(olga, p.library, adult, "koko"); err != nil {
		t.Fatal(err)
	}
	// One that is undone and one that is not: neither is.
	p.wantCode(p.undo(olga, p.library, adult, "piiri", "koko"), domain.Conflict, polling.CodeNotMarked)
	p.mustMark(adult, "koko")
	if got := p.rights("koko"); got.OnPaper != 1 {
		t.Errorf("rights are %+v", got)
	}
	if err := p.undo(olga, p.library, adult); err != nil {
		t.Fatal(err)
	}
	request, _ := p.blinded()
	if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil); err != nil {
		t.Errorf("voting at home after that: %v", err)
	}
	// What was spent in another way is never given back.
	p.wantCode(p.undo(olga, p.library, adult), domain.Conflict, polling.CodeNotMarked)
	p.wantCode(p.undo(olga, p.library, adult, "koko"), domain.Conflict, polling.CodeNotMarked)
	if _, err := p.DB.DB.ExecContext(ctx, "DELETE FROM spent_right"); err == nil {
		t.Error("the server's role deletes rights")
	}

	places, err := p.Places(ctx, olga, p.id)
	if err != nil {
		t.Fatal(err)
	}
	counted := map[polling.What]int{}
	for _, place := range places {
		for _, hour := range place.Hours {
			counted[hour.What] += hour.N
		}
	}
	if counted[polling.OnPaper] != 3 || counted[polling.Spoiled] != 3 {
		t.Errorf("counted %v", counted)
	}
	var traces int
	if err := p.Owner.QueryRowContext(ctx, "SELECT count(*) FROM look_up WHERE found = 'undone' AND reason = 'spoiled'").
		Scan(&traces); err != nil || traces != 2 {
		t.Errorf("%d traces, %v", traces, err)
	}
}

// Yesterday's mark and one of a vote that is over stay.
func TestAMarkStaysFromTheNextDayOn(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	p.mustMark(adult)
	if _, err := p.Owner.ExecContext(context.Background(), "UPDATE spent_right SET day = day - 1"); err != nil {
		t.Fatal(err)
	}
	p.wantCode(p.undo(olga, p.library, adult), domain.Conflict, polling.CodeNotMarked)
	p.wantCode(p.undo(olga, p.library, adult, "koko"), domain.Conflict, polling.CodeNotMarked)
}

// Officers at two places and the person herself, all at once: one right.
func TestOfOfficersAndTheVoterOneSpendsTheRight(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	request, _ := p.blinded()
	var wait sync.WaitGroup
	var mu sync.Mutex
	won := 0
	count := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		won += n
	}
	for i := range 20 {
		officer, place := olga, p.library
		if i%2 == 1 {
			officer, place = oskar, p.school
		}
		wait.Go(func() {
			marked, err := p.mark(officer, place, adult, "koko")
			if err != nil {
				t.Error(err)
			}
			count(len(marked.Papers))
		})
	}
	wait.Go(func() {
		if _, err := p.Issue(context.Background(), person(t, adult), p.id, "koko", request, nil); err == nil {
			count(1)
		}
	})
	wait.Wait()
	if got := p.rights("koko"); won != 1 || got.OnPaper+got.Online != 1 {
		t.Errorf("%d won, rights %+v", won, got)
	}
}

// The close stops paper before it counts: nobody marks a right from then on, or
// takes a mark back, whoever was at it is waited for, and what is counted
// stays.
func TestTheClosePutsAnEndToPaper(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	p.mustMark(adult, "koko")
	p.wantStop(true)
	p.wantStop(false)
	_, err := p.mark(olga, p.library, hidden, "koko")
	p.wantCode(err, domain.Closed, round.CodeVotingClosed)
	p.wantCode(p.undo(olga, p.library, adult, "koko"), domain.Closed, round.CodeVotingClosed)
	if err := p.store.ResumePaper(ctx, p.id); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		var wg sync.WaitGroup
		for _, do := range []func(){
			func() { _ = p.undo(olga, p.library, adult, "koko") },
			func() { _, _ = p.mark(olga, p.library, adult, "koko") },
			func() { _, _ = p.mark(oskar, p.school, hidden, "koko") },
			func() { _ = p.undo(oskar, p.school, hidden, "koko") },
		} {
			wg.Go(do)
		}
		p.wantStop(true)
		counted := p.rights("koko").OnPaper
		wg.Wait()
		if now := p.rights("koko").OnPaper; now != counted {
			t.Fatalf("%d rights were spent on paper when it was stopped, and %d afterwards", counted, now)
		}
		if err := p.store.ResumePaper(ctx, p.id); err != nil {
			t.Fatal(err)
		}
	}
}

func (p *places) wantStop(fresh bool) {
	p.t.Helper()
	if stopped, err := p.store.StopPaper(context.Background(), p.id); err != nil || stopped != fresh {
		p.t.Fatalf("stopped anew: %v, %v, want %v", stopped, err, fresh)
	}
}
