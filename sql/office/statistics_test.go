package office_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"osbu/domain"
	"osbu/domain/disclosure"
	"osbu/domain/equality"
	"osbu/domain/round"
	"osbu/domain/statistics"
)

// The turnout of a round with two papers: those who may vote and whose area may
// be told are counted where they live, all others are unknown, and no sum
// differs from what is public. It is counted once the vote is closed, and stays
// when the roll goes.
func TestTurnoutOfARound(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	// In the south 40 people of 16 and 60 of 40, in the west 30 of 80; 20 with a
	// protected address, 10 without one; 5 of another municipality, 5 who are too
	// young. Every second of those who may voted online, and every tenth on paper;
	// the other paper was cast by nobody.
	if _, err := p.Owner.ExecContext(ctx, `
		INSERT INTO roll (round, person, born, municipality, area, protected)
		SELECT 'kierros-1', sha256(int4send(n)), date '2026-06-15' - make_interval(years => CASE
				WHEN n <= 40 THEN 16 WHEN n <= 100 THEN 40 WHEN n <= 130 THEN 80 WHEN n <= 165 THEN 30 ELSE 5 END),
			CASE WHEN n BETWEEN 161 AND 165 THEN '049' ELSE '091' END,
			CASE WHEN n <= 100 THEN 'etelainen' WHEN n <= 130 OR n > 160 THEN 'lantinen' END, n BETWEEN 131 AND 150
		FROM generate_series(1, 170) n`); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Owner.ExecContext(ctx, `
		INSERT INTO spent_right (round, paper, person, channel, day, request_hash, blind_signature)
		SELECT 'kierros-1', 'koko', sha256(int4send(n)), CASE WHEN n % 2 = 0 THEN 'online' ELSE 'paper' END, '2026-06-10',
			CASE WHEN n % 2 = 0 THEN sha256('') END, CASE WHEN n % 2 = 0 THEN decode(repeat('00', 256), 'hex') END
		FROM generate_series(1, 160) n WHERE n % 2 = 0 OR n % 5 = 0`); err != nil {
		t.Fatal(err)
	}
	s := statistics.New(p.store, equality.New(p.store))
	_, err := s.Get(ctx, p.id)
	p.wantCode(err, domain.NotFound, domain.CodeNotFound)
	p.to(round.Voting)
	_, err = s.Get(ctx, p.id)
	p.wantCode(err, domain.Closed, domain.CodePhase)
	if err := s.Keep(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.store.KeepTurnout(ctx, p.id, nil); err == nil {
		t.Error("the database let a turnout be kept while the vote goes on")
	}
	p.to(round.Closed)
	voters, err := p.store.Voters(ctx, p.id, statistics.Bands(round.Eligibility{Age: 13}))
	if err != nil {
		t.Fatal(err)
	}
	p.whileShuffled(t, func() {
		during, err := p.store.Voters(ctx, p.id, statistics.Bands(round.Eligibility{Age: 13}))
		if err != nil || !slices.Equal(during, voters) {
			t.Errorf("while rights were shuffled: got %v (%v), want %v", during, err, voters)
		}
	})
	known := map[string]int{}
	for _, v := range voters {
		known[v.Paper] += v.N
	}
	if all := p.count("SELECT count_people('kierros-1', 'Europe/Helsinki')"); known["koko"] != 130 ||
		known["piiri"] != 130 || all != 160 {
		t.Errorf("got %v of %d, want 130 of 160 for each paper", known, all)
	}
	if err := s.Keep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Owner.ExecContext(ctx, "DELETE FROM roll"); err != nil {
		t.Fatal(err)
	}
	all, err := s.Get(ctx, p.id)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, paper := range all.Papers {
		for _, table := range []disclosure.Table{paper.Areas, paper.Ages} {
			for _, row := range append(slices.Clone(table.Rows), table.Total) {
				line := paper.Paper + " " + row.Key
				if row.Unknown {
					line += "+"
				}
				for _, c := range append(slices.Clone(row.Cells), row.Total) {
					line += map[bool]string{true: " ?", false: fmt.Sprint(" ", c.N)}[c.Hidden]
				}
				if row.Total.N > 0 {
					got = append(got, line)
				}
			}
		}
	}
	want := []string{
		"koko etelainen 60 40 100", "koko lantinen 18 12 30", "koko unknown 18 12 30", "koko  96 64 160",
		"koko 0 24 16 40", "koko 35 36 24 60", "koko 75 18 12 30", "koko unknown 18 12 30", "koko  96 64 160",
		"piiri etelainen 0 100 100", "piiri lantinen 0 30 30", "piiri unknown 0 30 30", "piiri  0 160 160",
		"piiri 0 0 40 40", "piiri 35 0 60 60", "piiri 75 0 30 30", "piiri unknown 0 30 30", "piiri  0 160 160",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// whileShuffled has read begin while the rights are being written anew, and
// ends that once read waits for it.
func (p *poll) whileShuffled(t *testing.T, read func()) {
	t.Helper()
	ctx := context.Background()
	tx, err := p.Owner.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "SELECT shuffle_rights()"); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		read()
	}()
	for p.count("SELECT count(*) FROM pg_locks WHERE relation = 'spent_right'::regclass AND NOT granted") == 0 {
		select {
		case <-done:
			t.Fatal("it did not wait for the shuffle")
		default:
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	<-done
}
