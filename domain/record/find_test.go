package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/box"
)

// promised is the receipt of a ballot that still waits for its batch.
func (s *sample) promised(t testing.TB, e box.Entry) box.Receipt {
	t.Helper()
	p := box.Promise{
		Round:     "r",
		Manifest:  sha256.Sum256(s.note(t)),
		Nullifier: sha256.Sum256(e.Nullifier[:]),
		Seq:       e.Seq,
		Commit:    e.Commit,
		By:        s.manifest.PromisedBy,
	}
	signed, err := note.Sign(&note.Note{Text: p.Text()}, s.signer)
	if err != nil {
		t.Fatal(err)
	}
	return box.Receipt{
		Format: box.ReceiptFormat, Round: "r", Manifest: hex.EncodeToString(p.Manifest[:]), LogKey: s.manifest.LogKey,
		Promise: string(signed),
	}
}

// receipt is that of the i-th ballot, with the checkpoint of one of the sizes.
func (s *sample) receipt(t testing.TB, i, size int) box.Receipt {
	t.Helper()
	r := s.promised(t, s.ballots[i])
	r.Leaf, r.Index, r.Checkpoint = s.leaves[i+1], int64(i+1), string(s.notes[size])
	var err error
	if r.Proof, err = tlog.ProveRecord(s.sizes[size], r.Index, hashesOf(t, s.leaves)); err != nil {
		t.Fatal(err)
	}
	return r
}

// personalSample is another manifest under the same log key, with another
// issuer: what a hostile server might show to somebody alone.
func personalSample(t testing.TB) *sample {
	t.Helper()
	s := smallSample(t, 1)
	s.manifest.Papers[0].Issuer = s.manifest.Papers[1].Issuer
	return s.logged(t, s.sizes...)
}

func TestFind(t *testing.T) {
	s := smallSample(t, 1)
	record := s.record(t)
	late := smallSample(t, 1)
	late.cast(t, "a", 1)
	other := smallSample(t, 1) // another log under the same key, shown to somebody alone
	other.ballots[5], other.ballots[2] = other.ballots[2], other.ballots[5]
	other.logged(t, other.sizes...)
	foreign := smallSample(t, 2)
	personal := personalSample(t)
	for name, c := range map[string]struct {
		receipt box.Receipt
		index   int64
		want    string
	}{
		"in the log":                 {s.receipt(t, 3, 2), 4, ""},
		"the last, in the whole log": {s.receipt(t, 12, 3), 13, ""},
		"promised, and kept":         {s.promised(t, s.ballots[7]), 8, ""},
		"promised, and not kept": {
			late.promised(t, late.ballots[13]), 0,
			"the promise that it would be there by 2026-05-15T17:00:00Z was broken",
		},
		"of a log shown to her alone": {other.receipt(t, 6, 2), 0, "was shown another log than the one that is published"},
		"of a manifest shown to her alone": {
			personal.receipt(t, 3, 2), 0,
			"manifest: the receipt names another one than this record has: its holder was shown another ballot",
		},
		"promised under a manifest shown to her alone": {
			personal.promised(t, s.ballots[7]), 0, "manifest: the receipt names another one",
		},
		"of another round": {
			foreign.receipt(t, 3, 2), 0,
			"the receipt is not of this record: log_key: not the round's",
		},
		"of a leaf that is not hers": {
			func() box.Receipt { r := s.receipt(t, 3, 2); r.Leaf = s.leaves[2]; return r }(), 0,
			"leaf: not the one that was promised",
		},
		"with the index of another's ": {
			func() box.Receipt { r := s.receipt(t, 3, 2); r.Index = 2; return r }(), 0,
			"proof: it does not lead",
		},
	} {
		found, err := Find(t.Context(), bytes.NewReader(record), c.receipt)
		switch {
		case c.want == "" && (err != nil || found.Index != c.index || found.Leaves != 21 || found.Outdone):
			t.Errorf("%s: %+v, %v", name, found, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	s.leaves[3] = s.leaves[2]
	if _, err := Find(t.Context(), bytes.NewReader(s.signed(t).record(t)), s.promised(t, s.ballots[7])); err == nil ||
		!strings.HasPrefix(err.Error(), "log/leaves.txt:4: a second ballot") {
		t.Errorf("in a log with a fault: %v", err)
	}
}

// The receipt of a ballot that the voter replaced says so.
func TestFindAnOutdoneBallot(t *testing.T) {
	s := smallSample(t, 1)
	s.again(t, 1, 2, 21)
	s.logged(t, 1, 4, 9, 16)
	for i, want := range map[int]bool{1: true, 13: false} {
		if found, err := Find(t.Context(), bytes.NewReader(s.record(t)), s.receipt(t, i, 3)); err != nil ||
			found.Outdone != want {
			t.Errorf("ballot %d: %+v, %v", i, found, err)
		}
	}
}

var update = flag.Bool("update", false, "write testdata anew")

// What was published once stays confirmed, by every later release. testdata
// holds samples of the day when the format was made; whoever changes the format
// on purpose writes them anew with
//
//	go test ./domain/record -run TestOldRecordsAreConfirmed -update
//
// The scripts of cmd/osbu-verify check the same files.
func TestOldRecordsAreConfirmed(t *testing.T) {
	if *update {
		writeOldRecords(t)
	}
	load := func(name string) []byte {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if _, err := verify(t, load("record.zip")); err != nil {
		t.Error(err)
	}
	if c, err := verify(t, load("withheld.zip")); err != nil || len(c.Unchecked) != 2 {
		t.Errorf("%v %v", c.Unchecked, err)
	}
	if c, err := verifyWith(t, load("withheld.zip"), load("auditors.zip")); err != nil || len(c.Unchecked) != 0 {
		t.Errorf("%v %v", c.Unchecked, err)
	}
	personal, err := box.ParseReceipt(load("personal.json"))
	if err == nil {
		_, err = Find(t.Context(), bytes.NewReader(load("record.zip")), personal)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "manifest: ") {
		t.Errorf("personal.json: %v", err)
	}
	for name, index := range map[string]int64{"receipt.json": 4, "promise.json": 8} {
		r, err := box.ParseReceipt(load(name))
		if err != nil {
			t.Fatal(err)
		}
		if found, err := Find(t.Context(), bytes.NewReader(load("record.zip")), r); err != nil || found.Index != index {
			t.Errorf("%s: %+v %v", name, found, err)
		}
	}
}

func writeOldRecords(t *testing.T) {
	t.Helper()
	s, few := smallSample(t, 1), smallSample(t, 1)
	few.manifest.OpeningsFrom = 5
	few.logged(t, few.sizes...)
	late := smallSample(t, 1)
	late.cast(t, "a", 1)
	twice := smallSample(t, 1)
	twice.again(t, 1, 2, 21)
	twice.logged(t, 1, 4, 9, 16)
	twice.outdone = make([]bool, len(twice.ballots))
	twice.outdone[1] = true
	indented := func(r box.Receipt) []byte {
		text, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		return append(text, '\n')
	}
	for name, text := range map[string][]byte{
		"record.zip": s.record(t), "withheld.zip": few.record(t), "auditors.zip": few.part(t),
		"outdone.zip": twice.record(t), "outdone.json": indented(twice.receipt(t, 1, 3)),
		"receipt.json": indented(s.receipt(t, 3, 2)), "promise.json": indented(s.promised(t, s.ballots[7])),
		"personal.json": indented(personalSample(t).promised(t, s.ballots[7])),
		"broken.json":   indented(late.promised(t, late.ballots[13])),
	} {
		if err := os.WriteFile("testdata/"+name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
