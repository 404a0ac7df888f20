package box_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/box/boxtest"
	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// declare declares a batch of so many sheets of the paper "main".
func declare(t *testing.T, s server, name string, sheets int) {
	t.Helper()
	b := box.PaperBatch{
		Batch: name, Paper: "main", Place: "Kallio library", Day: "2026-10-24", Marked: sheets, Declared: sheets,
	}
	if err := s.DeclareBatch(background, id, b); err != nil {
		t.Fatal(err)
	}
}

// stack are so many sheets, every third of them for the area "south".
func stack(t *testing.T, e *boxtest.Election, batch string, n int) (sheets []box.PaperSheet) {
	t.Helper()
	for i := range n {
		if i%3 == 2 {
			sheets = append(sheets, e.Sheet(t, batch, "main", "south", 5))
		} else {
			sheets = append(sheets, e.Sheet(t, batch, "main", "north", 1, 3))
		}
	}
	return sheets
}

func agreed(n int) box.BatchCount { return box.BatchCount{Agreed: n} }

// entered are sheets as the box gives them out after the close.
func entered(sheets []box.PaperSheet) (entries []box.Entry) {
	for _, s := range sheets {
		entries = append(entries, box.Entry{Batch: s.Batch, Serial: s.Serial, Commit: s.Commit})
	}
	return entries
}

// A batch's sheets go into the log in random order, beside ballots that wait;
// the box gives them out after the close with what was keyed in, and counts
// them apart from what came with credentials.
func TestSealBatch(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	q := sequencer(s.Service)
	tick(t, q)
	ballots := put(t, s, id, 3)
	declare(t, s, "KALLIO1", 300)
	sheets := stack(t, e, "KALLIO1", 300)
	if err := s.SealBatch(background, id, "KALLIO1", sheets, agreed(300)); err != nil {
		t.Fatal(err)
	}
	order := make([]string, 0, len(sheets))
	for _, l := range leaves(t, s, id)[1:] {
		order = append(order, strings.Fields(l)[2])
	}
	keyed := make([]string, len(sheets))
	for i, sheet := range sheets {
		keyed[i] = sheet.Serial
	}
	if slices.Equal(order, keyed) || slices.Equal(slices.Sorted(slices.Values(order)), order) {
		t.Error("the sheets lie in the log in the order of keying, or of their serials")
	}
	// The answer was lost: the same once more changes nothing.
	size := checkpoint(t, s, id).Size
	if err := s.SealBatch(background, id, "KALLIO1", sheets, agreed(300)); err != nil || checkpoint(t, s, id).Size != size {
		t.Errorf("once more: %v, %d leaves, not %d", err, checkpoint(t, s, id).Size, size)
	}
	tick(t, q)
	if cast, err := s.CastByPaper(background, id); err != nil || cast["main"] != 3 {
		t.Errorf("%v, %v: want the ballots that came with a credential", cast, err)
	}
	if _, err := s.Receipt(background, id, sheets[0].Commit); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a sheet has a receipt: %v", err)
	}
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	whole(t, s, id, append(ballots, entered(sheets)...), true)
	payloads := map[string]string{}
	lines := leaves(t, s, id)
	err := s.Ballots(background, id, func(e box.Entry) error {
		if lines[e.Index] != e.Leaf().String() {
			t.Errorf("leaf %d is %q, the entry's is %q", e.Index, lines[e.Index], e.Leaf())
		}
		if e.OnPaper() {
			payloads[e.Serial] = string(e.Ballot)
			if e.Paper != "main" || e.Batch != "KALLIO1" || e.Credential != nil {
				t.Errorf("%+v", e)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, sheet := range sheets {
		if payloads[sheet.Serial] != string(sheet.Payload) {
			t.Fatalf("sheet %s came out otherwise than it was keyed in", sheet.Serial)
		}
	}
}

// What does not count is told with the batch, and the log stays as it is if
// nothing does.
func TestBatchAccount(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	tick(t, sequencer(s.Service))
	declare(t, s, "B", 5)
	declare(t, s, "A", 1)
	declare(t, s, "C", 7)
	count := box.BatchCount{
		Agreed: 1, Decided: map[string]int{"mark_outside": 1}, Uncounted: map[string]int{"unreadable": 1, "too_many": 1},
		Spoiled: 0, TakenAway: 1, Explanation: "One sheet was taken away; it was declared by mistake.",
	}
	if err := s.SealBatch(background, id, "B", stack(t, e, "B", 2), count); err != nil {
		t.Fatal(err)
	}
	none := box.BatchCount{Uncounted: map[string]int{"other_round": 1}}
	size := checkpoint(t, s, id).Size
	for range 2 {
		if err := s.SealBatch(background, id, "A", nil, none); err != nil {
			t.Fatal(err)
		}
		if err := s.LeaveOut(background, id, "C", "The box was lost on its way."); err != nil {
			t.Fatal(err)
		}
	}
	if now := checkpoint(t, s, id).Size; now != size {
		t.Errorf("the log grew from %d to %d leaves by nothing", size, now)
	}
	all, err := s.PaperBatches(background, id)
	if err != nil || len(all) != 3 {
		t.Fatalf("%+v, %v", all, err)
	}
	if b := all[1]; b.State != box.BatchSealed || b.Counted() != 2 || b.Missing() != 1 || b.Difference() != -1 ||
		b.Uncounted["too_many"] != 1 || b.Place != "Kallio library" || b.Day != "2026-10-24" {
		t.Errorf("%+v", b)
	}
	if b := all[2]; b.Batch != "C" || b.State != box.BatchLeftOut || b.Missing() != 7 || b.Explanation == "" {
		t.Errorf("%+v", b)
	}
}

func TestSealBatchRefuses(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	tick(t, sequencer(s.Service))
	declare(t, s, "A", 2)
	declare(t, s, "B", 2)
	first, second := stack(t, e, "A", 2), stack(t, e, "B", 2)
	if err := s.SealBatch(background, id, "A", first, agreed(2)); err != nil {
		t.Fatal(err)
	}
	size := checkpoint(t, s, id).Size
	// The same sheet was keyed in with another batch, too.
	again := e.Sheet(t, "B", "main", "north", 2)
	again.Serial = first[0].Serial
	six := e.Sheet(t, "B", "main", "north", 1, 2, 3, 4)
	two := e.Sheet(t, "B", "main", "north", 1, 5)
	unknown := e.Sheet(t, "B", "main", "north", 77)
	city := e.Sheet(t, "B", "city", "whole", 8)
	changed := second[0]
	changed.Payload = second[1].Payload
	for name, c := range map[string]struct {
		batch  string
		sheets []box.PaperSheet
		count  box.BatchCount
		kind   domain.Kind
		code   domain.Code
	}{
		"a serial of another batch": {"B", []box.PaperSheet{again, second[0]}, agreed(2), domain.Conflict, box.CodeSerial},
		"a sheet twice":             {"B", []box.PaperSheet{second[0], second[0]}, agreed(2), domain.Invalid, ""},
		"another batch's sheet":     {"B", []box.PaperSheet{first[0], second[0]}, agreed(2), domain.Invalid, ""},
		"too many picks":            {"B", []box.PaperSheet{six, second[0]}, agreed(2), domain.Invalid, ""},
		"two areas":                 {"B", []box.PaperSheet{two, second[0]}, agreed(2), domain.Invalid, ""},
		"an unknown number":         {"B", []box.PaperSheet{unknown, second[0]}, agreed(2), domain.Invalid, ""},
		"another paper's sheet":     {"B", []box.PaperSheet{city, second[0]}, agreed(2), domain.Invalid, ""},
		"another ballot":            {"B", []box.PaperSheet{changed, second[1]}, agreed(2), domain.Invalid, ""},
		"fewer than are counted":    {"B", second[:1], agreed(2), domain.Invalid, ""},
		"a difference unexplained":  {"B", second[:1], agreed(1), domain.Invalid, ""},
		"settled":                   {"A", first[:1], box.BatchCount{Agreed: 1, Explanation: "x"}, domain.Conflict, box.CodeBatch},
		"unknown":                   {"Z", nil, agreed(0), domain.NotFound, ""},
	} {
		err := s.SealBatch(background, id, c.batch, c.sheets, c.count)
		if domain.KindOf(err) != c.kind || c.code != "" && domain.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %v %s", name, err, c.kind, c.code)
		}
	}
	if b, err := s.PaperBatches(background, id); err != nil || b[1].State != box.BatchDeclared {
		t.Errorf("%+v, %v", b, err)
	}
	if now := checkpoint(t, s, id).Size; now != size {
		t.Errorf("refusals made the log grow from %d to %d leaves", size, now)
	}
	if err := s.SealBatch(background, id, "B", second, agreed(2)); err != nil {
		t.Error(err)
	}
}

// The vote cannot be closed while a batch is open, and none is declared or
// settled after it.
func TestCloseWaitsForBatches(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	tick(t, sequencer(s.Service))
	declare(t, s, "A", 1)
	declare(t, s, "B", 1)
	if err := s.Close(background, id); domain.CodeOf(err) != box.CodeBatchOpen {
		t.Errorf("closed: %v", err)
	}
	sheets := stack(t, e, "A", 1)
	if err := s.SealBatch(background, id, "A", sheets, agreed(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(background, id); domain.CodeOf(err) != box.CodeBatchOpen {
		t.Errorf("closed: %v", err)
	}
	if err := s.LeaveOut(background, id, "B", "It burned."); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(background, id); err != nil {
			t.Fatal(err)
		}
	}
	late := box.PaperBatch{Batch: "LATE", Paper: "main", Place: "A cellar", Day: "2026-10-24", Declared: 1, Marked: 1}
	if err := s.DeclareBatch(background, id, late); domain.KindOf(err) != domain.Closed {
		t.Errorf("a batch found after the close: %v", err)
	}
	whole(t, s, id, entered(sheets), true)
}

// Many officials press the same button while ballots come in and are logged:
// each sheet is in the log once.
func TestSealBatchRaces(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 100, 10)
	e := voting(t, d, s, id)
	tick(t, sequencer(s.Service))
	var sheets []box.PaperSheet
	stacks := map[string][]box.PaperSheet{}
	for i := range 4 {
		name := fmt.Sprintf("B%d", i)
		declare(t, s, name, 20)
		stacks[name] = stack(t, e, name, 20)
		sheets = append(sheets, stacks[name]...)
	}
	// One sheet was put into a fifth batch as well: either counts, and not both.
	declare(t, s, "TWICE", 1)
	twice := e.Sheet(t, "TWICE", "main", "north", 4)
	twice.Serial = sheets[0].Serial
	var lost sync.Map
	var wg sync.WaitGroup
	for range 3 {
		for name, of := range stacks {
			wg.Go(func() {
				if err := s.SealBatch(background, id, name, of, agreed(20)); err != nil {
					lost.Store(name, err)
				}
			})
		}
		wg.Go(func() {
			if err := s.SealBatch(background, id, "TWICE", []box.PaperSheet{twice}, agreed(1)); err != nil {
				lost.Store("TWICE", err)
			}
		})
	}
	ballots := make([]box.Entry, 0, 20)
	q := sequencer(s.Service)
	for range 20 {
		ballots = append(ballots, put(t, s, id, 1)...)
		tick(t, q)
	}
	wg.Wait()
	counted := ballots
	for name, of := range stacks {
		if err, failed := lost.Load(name); !failed {
			counted = append(counted, entered(of)...)
		} else if name != "B0" || domain.CodeOf(err.(error)) != box.CodeSerial {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err, failed := lost.Load("TWICE"); !failed {
		counted = append(counted, entered([]box.PaperSheet{twice})...)
	} else if domain.CodeOf(err.(error)) != box.CodeSerial {
		t.Error(err)
	}
	if len(counted) != 20+80 && len(counted) != 20+61 {
		t.Errorf("%d ballots and sheets, want all but those of one batch", len(counted))
	}
	for _, b := range []string{"B0", "TWICE"} {
		if _, failed := lost.Load(b); failed {
			if err := s.LeaveOut(background, id, b, "A sheet of it is in another batch."); err != nil {
				t.Error(err)
			}
		}
	}
	if err := s.Close(background, id); err != nil {
		t.Fatal(err)
	}
	whole(t, s, id, counted, true)
}

// The role writes no sheet but by seal_batch, and that none but those of an
// open batch that counts so many.
func TestStraySheet(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, store.Migrations(), store.Role)
	s := serve(t, d, 10, 10)
	e := voting(t, d, s, id)
	tick(t, sequencer(s.Service))
	declare(t, s, "A", 1)
	sheet := e.Sheet(t, "A", "main", "north", 1)
	line := entered([]box.PaperSheet{sheet})[0].Leaf().String()
	seal := func(batch, line, payload string, counted int) string {
		return fmt.Sprintf(`SELECT seal_batch('r1', '%s', 1, ARRAY['%s'], ARRAY['%s'], ARRAY['\x%x'::bytea], ARRAY['\x%x'::bytea],
			'{}', '{}', '{}', E'osbu\n2\n', %d, '{}', '{}', 0, 0, '')`, batch, line, sheet.Serial, sheet.Commit, payload, counted)
	}
	for name, c := range map[string]struct{ query, want string }{
		"another ballot":    {seal("A", line, "osbu/ballot/v1", 1), "leaf_line"},
		"another line":      {seal("A", strings.Replace(line, "A ", "B ", 1), string(sheet.Payload), 1), "leaf_line"},
		"no such batch":     {seal("B", line, string(sheet.Payload), 1), "paper_batch_known"},
		"another number":    {seal("A", line, string(sheet.Payload), 2), "paper_batch_count"},
		"by the other way":  {fmt.Sprintf(`SELECT extend_log('r1', 1, ARRAY['%s'], ARRAY[NULL::bytea], ARRAY[0], '{}', '{}', '{}', E'osbu\n2\n')`, line), "leaf_line"},
		"left out for none": {"SELECT leave_out_batch('r1', 'A', '')", "paper_batch_explained"},
	} {
		if _, err := d.ExecContext(background, c.query); err == nil || constraint(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for _, q := range []string{
		"INSERT INTO paper_batch (round, batch, paper, place, day, marked, declared) VALUES ('r1', 'X', 'main', 'x', now(), 0, 0)",
		"UPDATE paper_batch SET state = 'left_out', explanation = 'x'", "DELETE FROM paper_batch",
		"SELECT open_batch('r1', 'A')", "SELECT end_extension('r1', 1, 2, '{}', '{}', '{}', '', '{}', '{}', '{}')",
	} {
		if _, err := d.ExecContext(background, q); err == nil {
			t.Errorf("the role may do: %s", q)
		}
	}
	d.SetClock(t, boxtest.Closes.Format(time.RFC3339))
	if err := s.SealBatch(background, id, "A", []box.PaperSheet{sheet}, agreed(1)); err != nil {
		t.Error(err) // as it is meant: after the vote's time, before the close
	}
}
