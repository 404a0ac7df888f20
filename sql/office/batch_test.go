package office_test

import (
	"context"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/box"
	papers "osbu/domain/paper"
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
	_, _, err = s.Allow(ctx, olga, p.id, "B1")
	p.wantCode(err, domain.Forbidden, domain.CodeNotAllowed)
	_, _, err = s.Allow(ctx, chief, p.id, "B1")
	p.wantCode(err, domain.Closed, papers.CodeNotYet)
	_, err = s.Key(ctx, p.id, "B1", "forged", papers.Key{})
	p.wantCode(err, domain.NotFound, domain.CodeNotFound)
	_, err = s.Batches(ctx, domain.Actor{ID: 3, Roles: []domain.Role{domain.Resident}}, p.id)
	p.wantCode(err, domain.Forbidden, domain.CodeNotAllowed)
}
