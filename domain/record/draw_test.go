package record

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
)

// Everybody with the seed draws the same ballots, with other seeds all of them
// come up, and none that does not count.
func TestDraw(t *testing.T) {
	s := withheldSample(t, 1)
	s.again(t, 0, 2, 1)
	s.outdone = make([]bool, len(s.ballots))
	s.outdone[0] = true
	record := s.logged(t, 1, 16).record(t)
	draw := func(seed string, size int) []Drawn {
		t.Helper()
		drawn, c, err := Draw(t.Context(), bytes.NewReader(record), Options{}, seed, size)
		if err != nil || c.Leaves != 22 {
			t.Fatal(c.Leaves, err)
		}
		return drawn
	}
	if got, again := fmt.Sprint(draw("dice 4 6 1", 3)), fmt.Sprint(draw("dice 4 6 1", 3)); got != again {
		t.Errorf("drawn %s, then %s", got, again)
	}
	all := draw("", 99)
	if len(all) != 13 || slices.ContainsFunc(all, func(d Drawn) bool { return d.Index == 1 }) {
		t.Errorf("%d ballots count, want the 13 but the outdone one: %+v", len(all), all)
	}
	seen := map[int64]bool{}
	for i := range 40 {
		drawn := draw(fmt.Sprint(i), 2)
		if len(drawn) != 2 || drawn[0].Index >= drawn[1].Index {
			t.Fatalf("%+v", drawn)
		}
		for _, d := range drawn {
			seen[d.Index] = true
			if d.Withheld != (d.Area != "a") || d.Withheld && d.Vote.Choices != nil {
				t.Errorf("%+v", d)
			}
		}
	}
	if len(seen) != 13 {
		t.Errorf("%d of 13 ballots came up in 40 draws of 2", len(seen))
	}
	record[len(record)/2] ^= 1
	if _, _, err := Draw(t.Context(), bytes.NewReader(record), Options{}, "", 1); err == nil {
		t.Error("ballots were drawn from a record with a fault")
	}
}

// Sheets of paper are drawn alone, and by a rule that anybody can repeat.
func TestDrawSheets(t *testing.T) {
	s := paperSample(t, 1)
	record := bytes.NewReader(s.record(t))
	seen := map[string]bool{}
	for _, seed := range []string{"1 2 3", "6 6 6", "4", "5", "7", "8", "9"} {
		drawn, _, err := DrawSheets(t.Context(), record, Options{}, seed, 2)
		if err != nil || len(drawn) != 2 {
			t.Fatalf("%+v, %v", drawn, err)
		}
		in := map[string]bool{}
		last := [32]byte{}
		for _, d := range drawn {
			in[d.Serial], seen[d.Serial] = true, true
			if k := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s %s", seed, d.Batch, d.Serial)); bytes.Compare(k[:], last[:]) > 0 {
				last = k
			}
		}
		for _, e := range s.ballots {
			k := SheetKey(seed, e.Batch, e.Serial)
			if e.OnPaper() && !in[e.Serial] && bytes.Compare(k[:], last[:]) < 0 {
				t.Errorf("%q: sheet %s was not drawn, though its key is smaller", seed, e.Serial)
			}
		}
	}
	if all, _, err := DrawSheets(t.Context(), record, Options{}, "x", 100); err != nil || len(all) != 6 || len(seen) < 4 {
		t.Errorf("%d sheets, %d of them drawn by some seed, %v", len(all), len(seen), err)
	}
}
