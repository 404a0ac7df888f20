package box_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/box"
)

// tree is a small log in memory: the manifest's leaf, then ballots, some of
// them on paper.
type tree struct {
	key    string
	signer note.Signer
	leaves []box.Leaf
	stored []tlog.Hash
}

func newTree(t testing.TB, ballots int, paper ...int) *tree {
	t.Helper()
	random := rand.NewChaCha8([32]byte{1})
	private, key, err := note.GenerateKey(random, box.Origin(id))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	tr := &tree{key: key, signer: signer}
	tr.add(t, box.Leaf{Type: box.ManifestLeaf, Manifest: [32]byte{7}})
	for i := range ballots {
		e := box.Entry{Nullifier: [32]byte{1, byte(i)}, Seq: 1, Commit: [32]byte{2, byte(i)}}
		if slices.Contains(paper, i+1) {
			e = box.Entry{Batch: "KALLIO1", Serial: "7QX0V3MZ", Commit: e.Commit}
		}
		tr.add(t, e.Leaf())
	}
	return tr
}

func (tr *tree) add(t testing.TB, l box.Leaf) {
	t.Helper()
	hashes, err := tlog.StoredHashes(int64(len(tr.leaves)), []byte(l.String()), tr)
	if err != nil {
		t.Fatal(err)
	}
	tr.leaves, tr.stored = append(tr.leaves, l), append(tr.stored, hashes...)
}

func (tr *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		hashes[i] = tr.stored[at]
	}
	return hashes, nil
}

func (tr *tree) checkpoint(t testing.TB, size int) (box.Checkpoint, []byte) {
	t.Helper()
	root, err := tlog.TreeHash(int64(size), tr)
	if err != nil {
		t.Fatal(err)
	}
	c := box.Checkpoint{Round: id, Size: int64(size), Root: root}
	signed, err := c.Sign(tr.signer)
	if err != nil {
		t.Fatal(err)
	}
	return c, signed
}

func (tr *tree) promise(t testing.TB, index int) string {
	t.Helper()
	l := tr.leaves[index]
	p := box.Promise{
		Round:     id,
		Manifest:  tr.leaves[0].Manifest,
		Nullifier: l.Nullifier,
		Seq:       l.Seq,
		Commit:    l.Commit,
		By:        time.Date(2026, 11, 1, 20, 0, 0, 0, time.UTC),
	}
	signed, err := note.Sign(&note.Note{Text: p.Text()}, tr.signer)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

// receipt is the one of a leaf under the checkpoint of a size.
func (tr *tree) receipt(t testing.TB, index, size int) box.Receipt {
	t.Helper()
	path, err := tlog.ProveRecord(int64(size), int64(index), tr)
	if err != nil {
		t.Fatal(err)
	}
	_, signed := tr.checkpoint(t, size)
	r := tr.waits(t, index)
	r.Leaf, r.Index, r.Proof, r.Checkpoint = tr.leaves[index].String(), int64(index), path, string(signed)
	return r
}

// waits is the receipt of a leaf's ballot before it is in the log.
func (tr *tree) waits(t testing.TB, index int) box.Receipt {
	t.Helper()
	return box.Receipt{
		Format: box.ReceiptFormat, Round: id, Manifest: hex.EncodeToString(tr.leaves[0].Manifest[:]), LogKey: tr.key,
		Promise: tr.promise(t, index),
	}
}

// Every ballot under every size of a small log; an independent implementation
// of RFC 6962 agrees on roots and on both kinds of proof.
func TestReceiptsOfEverySize(t *testing.T) {
	tr := newTree(t, 20)
	for size := 2; size <= len(tr.leaves); size++ {
		c, _ := tr.checkpoint(t, size)
		for index := 1; index < size; index++ {
			r := tr.receipt(t, index, size)
			text, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			read, err := box.ParseReceipt(text)
			if err == nil {
				err = read.Verify(tr.key)
			}
			if err != nil || read.Waits() {
				t.Fatalf("leaf %d of %d: %v", index, size, err)
			}
			err = proof.VerifyInclusion(
				rfc6962.DefaultHasher,
				uint64(index),
				uint64(size),
				rfc6962.DefaultHasher.HashLeaf([]byte(r.Leaf)),
				hashes(r.Proof),
				c.Root[:],
			)
			if err != nil {
				t.Fatalf("leaf %d of %d: %v", index, size, err)
			}
		}
		for before := 1; before <= size; before++ {
			path, err := tlog.ProveTree(int64(size), int64(before), tr)
			if err != nil {
				t.Fatal(err)
			}
			old, _ := tr.checkpoint(t, before)
			if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(before), uint64(size), hashes(path), old.Root[:],
				c.Root[:]); err != nil {
				t.Fatalf("from %d to %d: %v", before, size, err)
			}
		}
	}
}

func hashes(path []tlog.Hash) [][]byte {
	list := make([][]byte, len(path))
	for i, h := range path {
		list[i] = h[:]
	}
	return list
}

func TestReceiptThatWaits(t *testing.T) {
	tr := newTree(t, 3)
	r := tr.waits(t, 2)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "leaf") || strings.Contains(string(text), "proof") ||
		strings.Contains(string(text), "checkpoint") ||
		strings.Contains(string(text), "index") {
		t.Errorf("%s", text)
	}
	if !r.Waits() || r.Verify(tr.key) != nil {
		t.Errorf("%v", r.Verify(tr.key))
	}
}

func TestReceiptRefuses(t *testing.T) {
	tr, other := newTree(t, 9), newTree(t, 9)
	other.leaves[3].Commit = [32]byte{9}
	_, foreign := newTree(t, 8).checkpoint(t, 9)
	private, strange, err := note.GenerateKey(rand.NewChaCha8([32]byte{2}), box.Origin(id))
	if err != nil {
		t.Fatal(err)
	}
	if other.signer, err = note.NewSigner(private); err != nil {
		t.Fatal(err)
	}
	_, theirs := other.checkpoint(t, 10)
	for name, spoil := range map[string]func(*box.Receipt){
		"format":                  func(r *box.Receipt) { r.Format = "osbu/receipt/v1" },
		"another manifest":        func(r *box.Receipt) { r.Manifest = strings.Repeat("0", 64) },
		"manifest in capitals":    func(r *box.Receipt) { r.Manifest = strings.ToUpper(r.Manifest) + "A" },
		"no manifest":             func(r *box.Receipt) { r.Manifest = "" },
		"another round":           func(r *box.Receipt) { r.Round = "r2" },
		"another log key":         func(r *box.Receipt) { r.LogKey = strange },
		"no promise":              func(r *box.Receipt) { r.Promise = "" },
		"promise of another leaf": func(r *box.Receipt) { r.Promise = tr.promise(t, 4) },
		"promise by another key":  func(r *box.Receipt) { r.Promise = other.promise(t, 3) },
		"promise with a bit":      func(r *box.Receipt) { r.Promise = strings.Replace(r.Promise, "seq 1", "seq 2", 1) },
		"another leaf":            func(r *box.Receipt) { r.Leaf = tr.leaves[4].String() },
		"no leaf":                 func(r *box.Receipt) { r.Leaf = "" },
		"another index":           func(r *box.Receipt) { r.Index++ },
		"negative index":          func(r *box.Receipt) { r.Index = -3 },
		"no index":                func(r *box.Receipt) { r.Index = 0 },
		"index beyond the tree":   func(r *box.Receipt) { r.Index = 10 },
		"no proof":                func(r *box.Receipt) { r.Proof = nil },
		"a hash too many":         func(r *box.Receipt) { r.Proof = append(r.Proof, tlog.Hash{}) },
		"a hash too few":          func(r *box.Receipt) { r.Proof = r.Proof[1:] },
		"another hash":            func(r *box.Receipt) { r.Proof[0][0] ^= 1 },
		"no checkpoint":           func(r *box.Receipt) { r.Checkpoint = "" },
		"another checkpoint":      func(r *box.Receipt) { r.Checkpoint = string(foreign) },
		"checkpoint by nobody":    func(r *box.Receipt) { r.Checkpoint = string(theirs) },
		"checkpoint is a promise": func(r *box.Receipt) { r.Checkpoint = r.Promise },
	} {
		r := tr.receipt(t, 3, 10)
		spoil(&r)
		if err := r.Verify(tr.key); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	good := tr.receipt(t, 3, 10)
	if err := good.Verify(strange); err == nil {
		t.Error("accepted under a key that is not the log's")
	}
	if err := good.Verify("nonsense"); err == nil {
		t.Error("accepted under a key that is none")
	}
	text, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{
		"", "{}", "[]", "null", string(text) + "{}", string(text[:len(text)-1]),
		strings.Replace(string(text), `"leaf":`, `"LEAF":"ballot","leaf":`, 1),
		strings.Replace(string(text), `"leaf":`, `"Leaf":`, 1),
		strings.Replace(string(text), `"round":`, `"round":"s","round":`, 1),
		strings.Replace(string(text), `"round"`, `"area":"north","round"`, 1),
		strings.Replace(string(text), `"index":3`, `"index":"3"`, 1),
		strings.Replace(string(text), "receipt/v2", "receipt/v1", 1), strings.Repeat(" ", 1<<17) + string(text),
	} {
		if _, err := box.ParseReceipt([]byte(wrong)); err == nil {
			t.Errorf("read %.60q", wrong)
		}
	}
}

// A bit of every byte of a receipt's file: either it cannot be read, or it is
// refused, or it is still the same receipt.
func TestReceiptWithAByteChanged(t *testing.T) {
	tr := newTree(t, 5)
	good := tr.receipt(t, 3, 6)
	text, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		changed := bytes.Clone(text)
		changed[i] ^= 1 << (i % 8)
		r, err := box.ParseReceipt(changed)
		if err == nil && r.Verify(tr.key) == nil && fmt.Sprint(r) != fmt.Sprint(good) {
			t.Fatalf("byte %d: accepted %s", i, changed)
		}
	}
}

func TestCheckpoint(t *testing.T) {
	tr := newTree(t, 4)
	c, signed := tr.checkpoint(t, 5)
	if got, err := box.OpenCheckpoint(signed, tr.key); err != nil || got != c {
		t.Errorf("%+v, %v", got, err)
	}
	if lines := strings.Split(string(signed), "\n"); lines[0] != "osbu/r1" || lines[1] != "5" ||
		lines[2] != c.Root.String() ||
		lines[3] != "" ||
		!strings.HasPrefix(lines[4], "— osbu/r1 ") ||
		len(lines) != 6 {
		t.Errorf("%q", signed)
	}
	sign := func(text string) []byte {
		signed, err := note.Sign(&note.Note{Text: text}, tr.signer)
		if err != nil {
			t.Fatal(err)
		}
		return signed
	}
	root := c.Root.String()
	for _, text := range []string{
		"osbu/r1\n05\n" + root + "\n", "osbu/r1\n+5\n" + root + "\n", "osbu/r1\n-5\n" + root + "\n",
		"osbu/r1\n0\n" + root + "\n", "osbu/r1\n18446744073709551615\n" + root + "\n",
		"osbu/r2\n5\n" + root + "\n", "r1\n5\n" + root + "\n", "osbu/r1\n5\n" + root[:40] + "\n",
		"osbu/r1\n5\n" + root + "\nextension\n", "osbu/r1\n5\n", "osbu/r1\n",
		"osbu/r1\n5\n" + root[:42] + "9=\n", // bits that base64 does not use
	} {
		if c, err := box.OpenCheckpoint(sign(text), tr.key); err == nil {
			t.Errorf("%q was read as %+v", text, c)
		}
	}
	if _, err := box.OpenCheckpoint([]byte(c.Text()), tr.key); err == nil {
		t.Error("read without a signature")
	}
	const witness = "— witness AAAAAAAA\n"
	if _, err := box.OpenCheckpoint(append(bytes.Clone(signed), witness...), tr.key); err != nil {
		t.Errorf("with somebody else's signature: %v", err)
	}
	for _, wrong := range []string{
		witness[:len(witness)-3] + "B\n", witness + witness,
		string(signed[bytes.Index(signed, []byte("\n\n"))+2:]),
	} {
		if _, err := box.OpenCheckpoint(append(bytes.Clone(signed), wrong...), tr.key); err == nil {
			t.Errorf("read with %q", wrong)
		}
	}
	if _, err := box.OpenCheckpoint([]byte(strings.Replace(string(signed), "\n\n", "\n\n"+witness, 1)),
		tr.key); err == nil {
		t.Error("read with somebody else's signature first")
	}
}

func TestPromiseRefuses(t *testing.T) {
	tr := newTree(t, 1)
	good := tr.promise(t, 1)
	p, err := box.OpenPromise([]byte(good), tr.key)
	if err != nil || p.Leaf() != tr.leaves[1] {
		t.Fatalf("%+v, %v", p, err)
	}
	text := p.Text()
	for _, wrong := range []string{
		"", strings.Replace(text, "v2", "v1", 1), strings.Replace(text, "manifest ", "", 1),
		strings.Replace(text, "manifest 07", "manifest 7", 1), strings.Replace(text, "osbu/r1", "osbu/r2", 1),
		strings.Replace(text, "seq 1", "seq 01", 1), strings.Replace(text, "seq 1", "seq +1", 1),
		strings.Replace(text, "Z\n", "+00:00\n", 1), strings.Replace(text, "Z\n", ".0Z\n", 1), text + "more\n",
		strings.Replace(text, "commit ", "commit  ", 1), strings.ToUpper(text),
		strings.Replace(text, "2026-11-01", "2026-13-01", 1),
	} {
		signed, err := note.Sign(&note.Note{Text: wrong + "\n"}, tr.signer)
		if strings.HasSuffix(wrong, "\n") {
			signed, err = note.Sign(&note.Note{Text: wrong}, tr.signer)
		}
		if err != nil {
			t.Fatal(err)
		}
		if p, err := box.OpenPromise(signed, tr.key); err == nil {
			t.Errorf("%q was read as %+v", wrong, p)
		}
	}
}

func FuzzOpenCheckpoint(f *testing.F) {
	tr := newTree(f, 3)
	_, signed := tr.checkpoint(f, 4)
	f.Add(signed)
	f.Add([]byte("osbu/r1\n4\n\n\n— osbu/r1 AAAA\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := box.OpenCheckpoint(b, tr.key)
		if err == nil && !strings.HasPrefix(string(b), c.Text()) {
			t.Errorf("%q was read as %+v", b, c)
		}
	})
}

func FuzzParseReceipt(f *testing.F) {
	tr := newTree(f, 3)
	text, err := json.Marshal(tr.receipt(f, 2, 4))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"format":"osbu/receipt/v2"}`))
	f.Add([]byte(`{"format":"osbu/receipt/v2","proof":[null,"AA=="],"index":-1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := box.ParseReceipt(b)
		if err != nil {
			return
		}
		if r.Verify(tr.key) == nil && !strings.Contains(r.Promise, "osbu/promise/v2\nlog osbu/r1\n") {
			t.Errorf("accepted %q", b)
		}
	})
}
