package box_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"

	"osbu/domain/box"
)

const (
	d1 = "5d3d0000000000000000000000000000000000000000000000000000000000ff"
	d2 = "3b7b0000000000000000000000000000000000000000000000000000000000ee"
)

func bytesOf(t *testing.T, digest string) (d [32]byte) {
	t.Helper()
	if _, err := hex.Decode(d[:], []byte(digest)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLeaf(t *testing.T) {
	for line, want := range map[string]box.Leaf{
		"manifest " + d1:               {Type: box.ManifestLeaf, Manifest: bytesOf(t, d1)},
		"ballot " + d1 + " 1 " + d2:    {Type: box.BallotLeaf, Nullifier: bytesOf(t, d1), Seq: 1, Commit: bytesOf(t, d2)},
		"ballot " + d1 + " 12 " + d2:   {Type: box.BallotLeaf, Nullifier: bytesOf(t, d1), Seq: 12, Commit: bytesOf(t, d2)},
		"paper KALLIO1 7QX0V3MZ " + d2: {Type: box.PaperLeaf, Batch: "KALLIO1", Serial: "7QX0V3MZ", Commit: bytesOf(t, d2)},
		"close 0":                      {Type: box.CloseLeaf},
		"close 90494":                  {Type: box.CloseLeaf, Ballots: 90494},
	} {
		l, err := box.ParseLeaf(line)
		if err != nil || l != want || l.String() != line {
			t.Errorf("%q: %+v (%q), %v", line, l, l.String(), err)
		}
		if [32]byte(l.Hash()) != [32]byte(rfc6962.DefaultHasher.HashLeaf([]byte(line))) {
			t.Errorf("%q: not RFC 6962's hash", line)
		}
	}
}

func TestLeafRefuses(t *testing.T) {
	for _, line := range []string{
		"", " ", "manifest", "manifest ", "manifest " + d1 + " ", "manifest  " + d1, " manifest " + d1,
		"manifest " + d1 + "\n", "manifest " + d1[2:], "manifest " + d1 + "00",
		"manifest " + strings.ToUpper(d1), "Manifest " + d1, "manifest " + strings.Repeat("g", 64),
		"ballot " + d1 + " 1", "ballot " + d1 + " 0 " + d2, "ballot " + d1 + " -1 " + d2, "ballot " + d1 + " +1 " + d2,
		"ballot " + d1 + " 01 " + d2, "ballot " + d1 + " x " + d2,
		"ballot " + d1 + " 99999999999999999999 " + d2, "ballot " + d1 + " 1 " + d2 + " 1",
		"ballot " + strings.ToUpper(d1) + " 1 " + d2, "ballot " + d1 + "\t1 " + d2,
		"close", "close -1", "close 01", "close +1", "close 1 1", "close 1\n", "close 99999999999999999999",
		"paper 1 2 " + d1, "close\x001", "paper", "paper KALLIO1 7QX0V3MZ", "paper KALLIO1 7QX0V3MZ " + d1[2:],
		"paper kallio1 7QX0V3MZ " + d1, "paper KALLIO1234567 7QX0V3MZ " + d1, "paper  7QX0V3MZ " + d1,
		"paper KALLIO1 7QX0V3M " + d1, "paper KALLIO1 7QX0V3MU " + d1, "paper KALLIO1 7qx0v3mz " + d1,
		"paper KALLIO1 7QX0V3MZ " + strings.ToUpper(d1), "paper KALLIO1 7QX0V3MZ " + d1 + " 1",
		"paper KALLIO1 7QX0V3MI " + d1, "paper KALLIO1 7QX0V3ML " + d1, "paper KALLIO1 7QX0V3MO " + d1,
	} {
		if l, err := box.ParseLeaf(line); err == nil || l != (box.Leaf{}) {
			t.Errorf("%q was read as %+v, %v", line, l, err)
		}
	}
}

func TestLeafOfEntry(t *testing.T) {
	e := box.Entry{Nullifier: [32]byte{1}, Seq: 1, Commit: [32]byte{2}}
	if l := e.Leaf(); l.Type != box.BallotLeaf || l.Nullifier != sha256.Sum256(e.Nullifier[:]) || l.Seq != 1 ||
		l.Commit != e.Commit {
		t.Errorf("%+v", l)
	}
}

func TestLeafOfSheet(t *testing.T) {
	e := box.Entry{Batch: "A", Serial: "7QX0V3MZ", Commit: [32]byte{2}}
	if l := e.Leaf(); l != (box.Leaf{Type: box.PaperLeaf, Batch: "A", Serial: "7QX0V3MZ", Commit: e.Commit}) {
		t.Errorf("%+v", l)
	}
}

func FuzzParseLeaf(f *testing.F) {
	for _, line := range []string{
		"manifest " + d1, "ballot " + d1 + " 1 " + d2, "close 12", "close 012", "ballot",
		"paper KALLIO1 7QX0V3MZ " + d1, "\xff",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		l, err := box.ParseLeaf(line)
		if err != nil {
			return
		}
		if again, err := box.ParseLeaf(l.String()); err != nil || again != l || l.String() != line {
			t.Errorf("%q is %+v, then %+v, %v", line, l, again, err)
		}
	})
}
