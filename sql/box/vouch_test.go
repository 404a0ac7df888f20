package box_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/round"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// steps are heads of an audit log, the first n.
func steps(n int) func(context.Context) ([]round.Head, error) {
	var heads []round.Head
	for i, s := range []round.Step{
		round.Freeze, round.MoveTimes, round.Open, round.MoveTimes, round.MoveTimes, round.Close, round.Count, round.Confirm,
		round.Correct, round.Correct, round.Publish, round.Correct, round.Archive,
	} {
		heads = append(heads, round.Head{Step: s, Hash: [32]byte{byte(i + 1)}})
	}
	return func(context.Context) ([]round.Head, error) { return heads[:n], nil }
}

// The log holds every step once, before and after the close, however many vouch
// for it at once; ballots that wait are left where they are, and receipts stay
// as they were at the close.
func TestVouch(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	if err := s.Vouch(background, id, steps(1)); domain.KindOf(err) != domain.NotFound {
		t.Errorf("before the freeze: %v", err)
	}
	voting(t, d, s, id)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := s.Vouch(background, id, steps(3)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	entries := put(t, s, id, 3)
	if err := s.Vouch(background, id, steps(5)); err != nil {
		t.Fatal(err)
	}
	if got := kinds(leaves(t, s, id)); got != "manifest freeze times open times times" {
		t.Errorf("while ballots wait: %s", got)
	}
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	before, err := s.Receipt(background, id, entries[0].Commit)
	if err != nil {
		t.Fatal(err)
	}
	for n := 5; n <= 13; n++ {
		for range 2 {
			if err := s.Vouch(background, id, steps(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	const want = "manifest freeze times open times times ballot ballot ballot close close count confirm correction correction publish correction archive"
	if got := kinds(leaves(t, s, id)); got != want {
		t.Errorf("got  %s, want %s", got, want)
	}
	if got := leaves(t, s, id)[9]; got != "close 3" {
		t.Errorf("the close says %q", got)
	}
	if err := s.Close(background, id); err != nil { // once more changes nothing
		t.Fatal(err)
	}
	if n := len(leaves(t, s, id)); n != 18 {
		t.Errorf("%d leaves after a second close", n)
	}
	after, err := s.Receipt(background, id, entries[0].Commit)
	if err != nil || after.Checkpoint != before.Checkpoint {
		t.Errorf("the receipt has changed: %v", err)
	}
	if err := after.Verify(after.LogKey); err != nil {
		t.Error(err)
	}
	heads, err := s.Heads(background, id)
	wanted, _ := steps(13)(background)
	if err != nil || !slices.Equal(heads, wanted) {
		t.Errorf("%v, %v", heads, err)
	}
}

// An audit log that is not the one vouched for adds nothing.
func TestVouchForAnotherLog(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	if err := s.Vouch(background, id, steps(3)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]round.Head) []round.Head{
		"another hash": func(h []round.Head) []round.Head { h[1].Hash[31]++; return h },
		"another step": func(h []round.Head) []round.Head { h[1].Step = round.Open; return h },
		"cut off":      func(h []round.Head) []round.Head { return h[:2] },
		"one left out": func(h []round.Head) []round.Head { return slices.Delete(h, 1, 2) },
		"none":         func([]round.Head) []round.Head { return nil },
	} {
		err := s.Vouch(background, id, func(ctx context.Context) ([]round.Head, error) {
			heads, err := steps(5)(ctx)
			return change(slices.Clone(heads)), err
		})
		if domain.CodeOf(err) != round.CodeAudit {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := kinds(leaves(t, s, id)); got != "manifest freeze times open" {
		t.Errorf("the log is %s", got)
	}
}

// kinds are the types of leaves, of audit leaves the step.
func kinds(lines []string) string {
	words := make([]string, len(lines))
	for i, line := range lines {
		w := strings.Fields(line)
		if words[i] = w[0]; w[0] == string(box.AuditLeaf) {
			words[i] = w[1]
		}
	}
	return strings.Join(words, " ")
}

// Whatever the program says, steps stand in their order, each once but for
// moved times, and on their side of the close.
func TestStrayStep(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	voting(t, d, s, id)
	if err := s.Vouch(background, id, steps(3)); err != nil { // freeze, times, open
		t.Fatal(err)
	}
	refuse := func(size int, want string, words ...string) {
		t.Helper()
		lines := make([]string, len(words))
		nobody, none := make([]string, len(words)), make([]string, len(words))
		for i, w := range words {
			lines[i], nobody[i], none[i] = "'audit "+w+"'", "NULL::bytea", "0"
		}
		q := fmt.Sprintf(
			"SELECT extend_log('r1', %d, ARRAY[%s], ARRAY[%s], ARRAY[%s], '{}', '{}', '{}', E'osbu\\n%d\\n')",
			size, strings.Join(lines, ","), strings.Join(nobody, ","), strings.Join(none, ","), size+len(words),
		)
		if _, err := d.ExecContext(background, q); err == nil || constraint(err) != want {
			t.Errorf("%v: %v, want %s", words, err, want)
		}
	}
	hash := " " + strings.Repeat("a", 64)
	refuse(4, "leaf_line", "vet"+hash)
	refuse(4, "leaf_line", "times"+hash[:64])
	refuse(4, "leaf_line", "times"+strings.ToUpper(hash))
	refuse(4, "leaf_step", "open"+hash)
	refuse(4, "leaf_step", "times"+hash, "freeze"+hash)
	refuse(4, "leaf_step_close", "close"+hash)
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	refuse(5, "leaf_step_close", "times"+hash)
	refuse(5, "leaf_step_order", "count"+hash)
	refuse(5, "leaf_step_order", "close"+hash, "confirm"+hash)
	refuse(5, "leaf_step_order", "close"+hash, "correction"+hash)
	refuse(5, "leaf_step_order", "close"+hash, "count"+hash, "correction"+hash, "confirm"+hash)
	refuse(5, "leaf_step_order", "close"+hash, "count"+hash, "confirm"+hash, "correction"+hash, "archive"+hash)
	if err := s.Vouch(background, id, steps(3)); err != nil {
		t.Errorf("the log is stopped: %v", err)
	}
}
