package record_test

import (
	"context"
	"slices"
	"testing"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/record"
	"osbu/domain/round"
)

// onPaper adds a sheet to the box.
func (w *world) onPaper(t *testing.T, serial string) {
	t.Helper()
	b := ballot.Ballot{Round: "r", Paper: "p", Area: "a", Vote: ballot.Vote{Choices: []int{2}}, Salt: [32]byte{9}}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	w.ballots = append(w.ballots, box.Entry{
		Round: "r", Paper: "p", Batch: "A", Serial: serial, Commit: ballot.Commitment(text), Ballot: text,
		Index: int64(len(w.ballots) + 1),
	})
}

// The vote stays open until each batch is settled, whatever the reason, and
// each right that was marked as spent on paper is some batch's, or a reason is
// given.
func TestCloseWaitsForPaper(t *testing.T) {
	w := newWorld(t)
	w.spent["p"] = record.Spent{Online: 4, Assisted: 1, OnPaper: 2}
	for _, step := range []round.Step{round.Freeze, round.Open} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	batch := box.PaperBatch{
		Batch: "A", Paper: "p", Place: "Kallio", Day: "2026-05-14", State: box.BatchDeclared, Marked: 2, Declared: 2,
	}
	unsettled, one := []box.PaperBatch{batch}, []box.PaperBatch{batch}
	one[0].Marked, one[0].State = 1, box.BatchSealed
	for _, c := range []struct {
		batches []box.PaperBatch
		want    record.Blocker
	}{{nil, record.PaperUnaccounted}, {unsettled, record.PaperOpen}, {one, record.PaperUnaccounted}} {
		w.batches = c.batches
		next, err := w.service(t).Next(context.Background(), official, "r")
		if err != nil || !slices.ContainsFunc(next.Blockers, func(f record.Finding[record.Blocker]) bool {
			return f.Code == c.want && slices.Equal(f.Papers, []string{"p"})
		}) {
			t.Errorf("got %+v, %v, want %s", next.Blockers, err, c.want)
		}
		q := w.shown(t, round.Close)
		if c.want == record.PaperOpen {
			q.Reason = "we are in a hurry"
		}
		if _, err := w.service(t).Take(context.Background(), official, "r", q); domain.CodeOf(err) != round.CodeBlocked ||
			w.closed || w.round.Phase != round.Voting {
			t.Errorf("%s: %v, the box closed: %v, the round %s", c.want, err, w.closed, w.round.Phase)
		}
	}
	batch.State, batch.Agreed, batch.Uncounted = box.BatchSealed, 1, map[string]int{"unreadable": 1}
	w.batches = []box.PaperBatch{batch}
	w.onPaper(t, "00000001")
	for _, step := range []round.Step{round.Close, round.Count} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	if o := w.outcomes[0]; o.Ballots != 6 || o.Sheets != 1 || o.Result.Projects[1].Votes != 3 {
		t.Errorf("%d ballots, %d of them on paper; %+v", o.Ballots, o.Sheets, o.Result.Projects)
	}
}

// What no batch answers for is one of its own then, without sheets and with the
// reason; also when a power cut comes between any two of its steps.
func TestCloseAccountsForPaper(t *testing.T) {
	for onPaper, want := range map[int]int{3: 2, 0: -1} {
		for _, after := range []bool{false, true} {
			for failAt := 1; ; failAt++ {
				w := newWorld(t)
				w.spent["p"] = record.Spent{Online: 4, Assisted: 1, OnPaper: onPaper}
				for _, step := range []round.Step{round.Freeze, round.Open} {
					if _, err := w.take(t, step); err != nil {
						t.Fatal(err)
					}
				}
				w.batches = []box.PaperBatch{{Batch: "A", Paper: "p", State: box.BatchSealed, Marked: 1}}
				q := w.shown(t, round.Close)
				q.Reason = "Two left with\ntheir sheets."
				w.calls, w.failAt, w.after = 0, failAt, after
				_, err := w.service(t).Take(context.Background(), official, "r", q)
				cut := w.calls >= failAt
				if w.calls, w.failAt = 0, 0; cut {
					if w.round.Phase == round.Voting {
						q = w.shown(t, round.Close)
						q.Reason = "Two left with their sheets."
					}
					_, err = w.service(t).Take(context.Background(), official, "r", q)
				}
				if err != nil || !w.closed || len(w.batches) != 2 {
					t.Fatalf("%d on paper, cut at %d (after: %v): %v, closed: %v, %+v", onPaper, failAt, after, err, w.closed, w.batches)
				}
				if b := w.batches[1]; b.Marked != want || b.Declared != 0 || b.State != box.BatchLeftOut || b.Batch != "UNACCOUNTEDA" ||
					b.Explanation != "Two left with their sheets." {
					t.Errorf("%+v", b)
				}
				if !cut {
					break
				}
			}
		}
	}
}

// A mark that is taken back, or made, between the close's first look and the
// moment from which none can be is accounted for, or keeps the vote open; and
// then places work on. After the close the batches answer for exactly the
// rights that the record counts.
func TestCloseCountsPaperThatStandsStill(t *testing.T) {
	for name, c := range map[string]struct {
		onPaper int
		reason  string
	}{
		"undone, no reason": {1, ""}, "undone": {1, "A sheet came back."},
		"marked, no reason": {3, ""}, "marked": {3, "A sheet is missing."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.spent["p"] = record.Spent{Online: 4, Assisted: 1, OnPaper: 2}
			w.batches = []box.PaperBatch{{Batch: "A", Paper: "p", State: box.BatchSealed, Marked: 2}}
			for _, step := range []round.Step{round.Freeze, round.Open} {
				if _, err := w.take(t, step); err != nil {
					t.Fatal(err)
				}
			}
			q := w.shown(t, round.Close)
			q.Reason = c.reason
			w.stopping = func() {
				spent := w.spent["p"]
				spent.OnPaper = c.onPaper
				w.spent["p"] = spent
			}
			_, err := w.service(t).Take(context.Background(), official, "r", q)
			if c.reason == "" {
				if domain.CodeOf(err) != round.CodeBlocked || w.closed || w.paperStopped || len(w.batches) > 1 {
					t.Errorf("%v, closed: %v, paper stopped: %v, %+v", err, w.closed, w.paperStopped, w.batches)
				}
				return
			}
			sum := 0
			for _, b := range w.batches {
				sum += b.Marked
			}
			if err != nil || !w.closed || !w.paperStopped || sum != c.onPaper {
				t.Errorf("%v, closed: %v, paper stopped: %v, batches answer for %d, want %d", err, w.closed, w.paperStopped, sum,
					c.onPaper)
			}
		})
	}
}

// Whatever fails before the box closes, places work on; what fails afterwards
// leaves them stopped, also when an official tries again and is refused.
func TestPaperIsStoppedFromTheCloseOn(t *testing.T) {
	for failAt := 1; ; failAt++ {
		w := newWorld(t)
		w.spent["p"] = record.Spent{Online: 4, Assisted: 1}
		for _, step := range []round.Step{round.Freeze, round.Open} {
			if _, err := w.take(t, step); err != nil {
				t.Fatal(err)
			}
		}
		q := w.shown(t, round.Close)
		w.calls, w.failAt, w.after = 0, failAt, true
		_, err := w.service(t).Take(context.Background(), official, "r", q)
		if w.calls < failAt {
			break
		}
		if w.closed && !w.paperStopped {
			t.Errorf("cut at %d: the box is closed, and places mark rights: %v", failAt, err)
		}
		if w.closed && w.round.Phase == round.Voting {
			w.calls, w.failAt = 0, 0
			w.batches = []box.PaperBatch{{Batch: "LATE", Paper: "p", State: box.BatchDeclared}}
			if _, err := w.service(t).Take(context.Background(), official, "r", w.shown(t, round.Close)); err == nil ||
				!w.paperStopped {
				t.Errorf("cut at %d and refused: %v, paper stopped: %v", failAt, err, w.paperStopped)
			}
		}
	}
}

// More sheets than rights that were spent on paper stop the count, whatever the
// credentials.
func TestMoreSheetsThanRightsAreNotCounted(t *testing.T) {
	w := newWorld(t)
	w.spent["p"] = record.Spent{Online: 40, OnPaper: 1}
	w.batches = []box.PaperBatch{{Batch: "A", Paper: "p", State: box.BatchSealed, Marked: 1}}
	w.onPaper(t, "00000001")
	w.onPaper(t, "00000002")
	for _, step := range []round.Step{round.Freeze, round.Open, round.Close} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.take(t, round.Count); domain.CodeOf(err) != round.CodeBlocked || len(w.outcomes) > 0 {
		t.Errorf("two sheets of one right: %v", err)
	}
}
