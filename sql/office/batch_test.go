package office_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/box"
	papers "osbu/domain/paper"
	"osbu/domain/round"
)

// stacks are a box that takes declarations and nothing else.
type stacks struct {
	papers.Batches

	all []box.PaperBatch
}

func (b *stacks) PaperBatches(context.Context, string) ([]box.PaperBatch, error) { return b.all, nil }

func (b *stacks) DeclareBatch(_ context.Context, _ string, batch box.PaperBatch) error {
	for i, old := range b.all {
		if old.Batch == batch.Batch {
			b.all[i] = batch
			return nil
		}
	}
	b.all = append(b.all, batch)
	return nil
}

func (b *stacks) PaperBatch(_ context.Context, _, name string) (box.PaperBatch, error) {
	for _, one := range b.all {
		if one.Batch == name {
			return one, nil
		}
	}
	return box.PaperBatch{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no batch %s", name)
}

func (b *stacks) KeyedSheets(context.Context, string, string) ([]box.KeyedSheets, error) {
	return nil, nil
}

func (b *stacks) ReopenBatch(_ context.Context, _, name string, _ int) error {
	for i := range b.all {
		if b.all[i].Batch == name {
			b.all[i].Attempt++
		}
	}
	return nil
}

func (b *stacks) LeaveOut(context.Context, string, string, string) error { return nil }

// The place's batches answer together for the rights that were marked there
// that day; who works elsewhere declares none, and nobody keys while people
// vote.
func TestAPlacesOfficersDeclareItsBatches(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	b := &stacks{}
	sealer, err := domain.NewSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	s := papers.New(papers.Config{Places: p.Service, Store: p.store, Batches: b, Sealer: sealer, Now: time.Now})
	p.mustMark(adult, "koko")
	p.mustMark(hidden, "koko")
	var day time.Time
	if err := p.Owner.QueryRowContext(ctx, "SELECT day FROM spent_right LIMIT 1").Scan(&day); err != nil {
		t.Fatal(err)
	}
	declare := func(actor domain.Actor, place int64, name string, on time.Time, sheets int) error {
		return s.Declare(ctx, actor, p.id, place, papers.Declaration{Batch: name, Paper: "koko", Day: on, Seal: "S 1", Declared: sheets})
	}
	p.wantCode(declare(oskar, p.library, "B1", day, 2), domain.Forbidden, domain.CodeNotAllowed)
	p.wantCode(declare(chief, 999, "B1", day, 2), domain.NotFound, domain.CodeNotFound)
	for _, step := range []error{
		declare(olga, p.library, "B1", day, 1), declare(olga, p.library, "B2", day, 1),
		declare(olga, p.library, "B1", day, 2), declare(olga, p.library, "B3", day.AddDate(0, 0, 1), 0),
		declare(oskar, p.school, "C1", day, 0),
	} {
		if step != nil {
			t.Fatal(step)
		}
	}
	marked := 0
	for _, batch := range b.all {
		marked += batch.Marked
	}
	if marked != p.rights("koko").OnPaper || len(b.all) != 4 || b.all[0].Declared != 2 || b.all[0].Place == "" {
		t.Errorf("batches %+v answer for %d", b.all, marked)
	}
	var told int
	if err := p.Owner.QueryRowContext(ctx, "SELECT count(*) FROM audit WHERE action = 'declare batch'").
		Scan(&told); err != nil || told != 5 {
		t.Errorf("the audit log tells of %d, %v", told, err)
	}
	p.wantCode(s.LeaveOut(ctx, olga, p.id, "B1", "lost"), domain.Forbidden, domain.CodeNotAllowed)
	p.wantCode(s.LeaveOut(ctx, chief, p.id, "B1", " "), domain.Invalid, domain.CodeInvalid)
	if err := s.LeaveOut(ctx, chief, p.id, "B1", "lost"); err != nil {
		t.Error(err)
	}
	for _, who := range []domain.Actor{olga, chief} {
		_, err = s.Allow(ctx, who, p.id, "B1")
		p.wantCode(err, domain.Closed, papers.CodeNotYet)
	}
	_, err = s.AllowSealing(ctx, olga, p.id, "B1")
	p.wantCode(err, domain.Forbidden, domain.CodeNotAllowed)
	_, err = s.AllowSealing(ctx, chief, p.id, "B1")
	p.wantCode(err, domain.Closed, papers.CodeNotYet)
	p.wantCode(s.Reopen(ctx, olga, p.id, "B1", 1, "x"), domain.Forbidden, domain.CodeNotAllowed)
	p.wantCode(s.Reopen(ctx, chief, p.id, "B1", 1, " "), domain.Invalid, domain.CodeInvalid)
	_, err = s.Key(ctx, p.id, "B1", "forged", papers.Key{})
	p.wantCode(err, domain.NotFound, domain.CodeNotFound)
	_, err = s.Batches(ctx, domain.Actor{ID: 3, Roles: []domain.Role{domain.Resident}}, p.id)
	p.wantCode(err, domain.Forbidden, domain.CodeNotAllowed)

	// One that comes late is declared until the vote is closed; one that is found
	// after that is in no record.
	p.SetClock(t, "2026-06-16T12:00:00Z")
	if err := declare(olga, p.library, "LATE", day, 3); err != nil {
		t.Errorf("a batch that comes late: %v", err)
	}
	p.to(round.Closed)
	p.wantCode(declare(olga, p.library, "FOUND", day, 3), domain.Closed, domain.CodePhase)
	p.wantCode(s.LeaveOut(ctx, chief, p.id, "LATE", "found again"), domain.Closed, domain.CodePhase)
	if len(b.all) != 5 {
		t.Errorf("batches %+v", b.all)
	}
}

// Two people key a batch in, and never the same one twice: each keeps her part,
// a third is refused, whoever works at no place of the round has none.
// Reopened, it is keyed in by two who may be others.
func TestTwoDifferentPeopleKeyABatchIn(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	b := &stacks{all: []box.PaperBatch{{Batch: "B1", Paper: "koko", State: box.BatchDeclared, Attempt: 1}}}
	sealer, err := domain.NewSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	s := papers.New(papers.Config{Places: p.Service, Store: p.store, Batches: b, Sealer: sealer, Now: time.Now})
	p.SetClock(t, "2027-01-01T00:00:00Z") // the time to vote has ended
	third := domain.Actor{ID: 23, Roles: []domain.Role{domain.Resident, domain.Officer}}
	_, err = s.Allow(ctx, third, p.id, "B1")
	p.wantCode(err, domain.Forbidden, domain.CodeNotAllowed)
	part := func(who domain.Actor) int {
		t.Helper()
		l, err := s.Allow(ctx, who, p.id, "B1")
		if err != nil {
			t.Fatal(err)
		}
		return l.Part
	}
	var wg sync.WaitGroup
	for range 4 { // many clicks
		for _, who := range []domain.Actor{olga, oskar} {
			wg.Go(func() { _, _ = s.Allow(ctx, who, p.id, "B1") })
		}
	}
	wg.Wait()
	first, second := part(olga), part(oskar)
	if first+second != 3 || part(olga) != first {
		t.Errorf("parts %d and %d", first, second)
	}
	_, err = s.Allow(ctx, chief, p.id, "B1")
	p.wantCode(err, domain.Conflict, papers.CodeKeyers)
	all, err := s.Batches(ctx, olga, p.id)
	if err != nil || all[0].Mine != first || all[0].First != "" || all[0].Keyed != papers.KeyedNot {
		t.Errorf("%+v, %v", all, err)
	}
	all, err = s.Batches(ctx, chief, p.id)
	if err != nil || all[0].Mine != 0 || all[0].First == "" || all[0].Second == "" || all[0].First == all[0].Second {
		t.Errorf("%+v, %v", all, err)
	}
	p.wantCode(s.Reopen(ctx, chief, p.id, "B1", 2, "Olga is ill."), domain.Conflict, box.CodeReopened)
	if err := s.Reopen(ctx, chief, p.id, "B1", 1, "Olga is ill."); err != nil {
		t.Fatal(err)
	}
	if got := part(chief); got != 1 {
		t.Errorf("part %d of another attempt", got)
	}
	var told int
	if err := p.Owner.QueryRowContext(ctx, "SELECT count(*) FROM audit WHERE action IN ('key batch', 'reopen batch')").
		Scan(&told); err != nil || told != 4 {
		t.Errorf("the audit log tells of %d, %v", told, err)
	}
	for _, q := range []string{
		"UPDATE keyer SET account = 7", "DELETE FROM keyer",
		"INSERT INTO keyer (round, batch, attempt, part, account) SELECT round, batch, 2, 2, account FROM keyer WHERE attempt = 2",
	} {
		if _, err := p.ExecContext(ctx, q); err == nil {
			t.Errorf("the role may do: %s", q)
		}
	}
}
