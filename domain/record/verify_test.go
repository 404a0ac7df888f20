package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
)

// testRecord is the record of a small round: the test's manifest, a handful of ballots, 9 rights spent.
func testRecord(t *testing.T, change func(m *round.Manifest, p *Published, inputs [][]byte)) []byte {
	t.Helper()
	private, public, err := note.GenerateKey(rand.NewChaCha8([32]byte{}), "osbu/r")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	seed := sha256.Sum256([]byte("lot"))
	m := testManifest()
	m.LogKey, m.LotCommitment = public, round.Commit(seed[:])
	var ballots []ballot.Ballot
	for _, c := range [][]int{{1, 2}, {1}, {2, 3}, {3, 12}, {}, {1, 3}} {
		ballots = append(ballots, ballot.Ballot{Round: "r", Paper: "p", Area: "a", Choices: c})
	}
	o, err := countArea(context.Background(), m, m.Areas[0], ballots, map[int]bool{12: true}, hex.EncodeToString(seed[:]))
	if err != nil {
		t.Fatal(err)
	}
	st := Standing{Round: round.Round{ID: "r", ConfirmDecision: "§ 2", Settings: round.Settings{Papers: []round.Paper{{ID: "p"}}}},
		Rights: map[string]int{"p": 20}, Spent: map[string]Spent{"p": {Online: 9}}}
	p, inputs := publication(st, []Outcome{o})
	if change != nil {
		change(&m, &p, inputs)
	}
	text, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	if err != nil {
		t.Fatal(err)
	}
	zip, err := bundle(signed, m.Closes, p, inputs)
	if err != nil {
		t.Fatal(err)
	}
	return zip
}

// A record made once stays a record that is confirmed: testdata/record.zip is one of testRecord, kept.
func TestVerifyConfirmsOldRecords(t *testing.T) {
	record, err := os.ReadFile("testdata/record.zip")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(context.Background(), record); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyConfirms(t *testing.T) {
	o, err := Verify(context.Background(), testRecord(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if o.Manifest.Round != "r" || o.Published.Areas[0].Ballots != 6 || o.Published.Areas[0].Blank != 1 {
		t.Fatalf("%+v", o.Published)
	}
}

// Any byte of the zip, be it of a title, a number, a signature or the zip's own bookkeeping, cannot be changed unnoticed.
func TestVerifyCatchesEveryChangedByte(t *testing.T) {
	record := testRecord(t, nil)
	random := rand.New(rand.NewPCG(1, 2))
	changed := make([]byte, len(record))
	for at := 0; at < len(record); at += 1 + random.IntN(5) {
		copy(changed, record)
		changed[at] ^= byte(1 + random.IntN(255))
		if _, err := Verify(context.Background(), changed); err == nil {
			t.Errorf("byte %d of %d changed from %q to %q, and nobody noticed", at, len(record), record[at], changed[at])
		}
	}
	if _, err := Verify(context.Background(), append(bytes.Clone(record), 0)); err == nil {
		t.Error("a byte was appended, and nobody noticed")
	}
	if _, err := Verify(context.Background(), record[:len(record)-1]); err == nil {
		t.Error("a byte was cut off, and nobody noticed")
	}
}

// Whoever makes a whole record of a lie is found out as well, by what does not fit together.
func TestVerifyNamesTheFault(t *testing.T) {
	for want, change := range map[string]func(*round.Manifest, *Published, [][]byte){
		"only 5 rights were spent":         func(_ *round.Manifest, p *Published, _ [][]byte) { p.Papers[0].Spent = 5 },
		"no decision confirmed":            func(_ *round.Manifest, p *Published, _ [][]byte) { p.Decision = "" },
		"not the file that outcome.json":   func(_ *round.Manifest, p *Published, _ [][]byte) { p.Areas[0].Input = strings.Repeat("0", 64) },
		"the lot's seed is not":            func(_ *round.Manifest, p *Published, _ [][]byte) { p.Areas[0].Lot = strings.Repeat("0", 64) },
		"gives another outcome":            func(_ *round.Manifest, p *Published, _ [][]byte) { p.Areas[0].Outcome.Selected[0] = "2" },
		"blank; outcome.json says 7":       func(_ *round.Manifest, p *Published, _ [][]byte) { p.Areas[0].Ballots = 7 },
		"not what the manifest":            func(m *round.Manifest, _ *Published, _ [][]byte) { m.Areas[0].Pot = domain.Euros(200) },
		"ballot \"3\"":                     func(m *round.Manifest, _ *Published, _ [][]byte) { m.Papers[0].Form.Max = 1 },
		"the areas are not the manifest's": func(m *round.Manifest, _ *Published, _ [][]byte) { m.Areas[0].ID = "b" },
		"of round \"r\", not":              func(m *round.Manifest, _ *Published, _ [][]byte) { m.Round = "s" },
	} {
		if _, err := Verify(context.Background(), testRecord(t, change)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
