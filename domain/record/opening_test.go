package record

import (
	"bytes"
	"strings"
	"testing"

	"osbu/domain/ballot"
)

// Whatever is read as an opening is written as it was read: no ballot has two
// spellings.
func FuzzOpening(f *testing.F) {
	s := smallSample(f, 1)
	for i, e := range s.ballots {
		_, o := newOpening(int64(i+1), s.read(f, e), false)
		line := o.appendTo(nil)
		f.Add(line)
		f.Add(bytes.Replace(line, []byte(" "), []byte("  "), 1))
		f.Add(bytes.TrimSuffix(line, []byte("\n")))
		f.Add([]byte(strings.ToLower(string(line))))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		o, err := parseOpening(line, 0, ballot.Picks)
		if err == nil && !bytes.Equal(o.appendTo(nil), line) {
			t.Errorf("%q was read, and is written as %q", line, o.appendTo(nil))
		}
	})
}

// A ballot of the most choices fits on a line.
func TestLongestOpening(t *testing.T) {
	s := newSample(t, 1)
	s.seal(t)
	s.manifest.Papers[0].Padded = ballot.MostPadded
	choices := make([]int, 1000)
	for i := range choices {
		choices[i] = 999_000 + i
	}
	s.cast(t, "a", choices...)
	longest := ballot.Ballot{Vote: ballot.Vote{Choices: choices}}
	_, o := newOpening(1_000_000_000, &readBallot{Entry: s.ballots[0], ballot: longest}, true)
	line := o.appendTo(nil)
	again, err := parseOpening(line, ballot.MostPadded+ballot.SealedOverhead, ballot.Picks)
	if err != nil || len(line) > longestOpening || len(again.vote.Choices) != 1000 {
		t.Errorf("%d bytes, %v", len(line), err)
	}
}
