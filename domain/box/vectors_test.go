package box_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain/box"
)

var update = flag.Bool("update", false, "write testdata/vectors.json anew")

// vectors are read by the browser's unit test, too: what the box proves, the
// voter's browser must accept, and nothing else.
type vectors struct {
	LogKey      string                 `json:"log_key"`
	Leaves      []string               `json:"leaves"`
	Checkpoints []string               `json:"checkpoints"` // signed notes, of one leaf, of two, …
	Witness     string                 `json:"witness"`     // somebody's key who cosigns
	Cosigned    []string               `json:"cosigned"`    // the same checkpoints with his line, at the time 1000000000
	Inclusion   []inclusion            `json:"inclusion"`   // every leaf under every size
	Consistency []consistency          `json:"consistency"` // every size with every later one
	Receipts    map[string]box.Receipt `json:"receipts"`    // true ones
	Personal    box.Receipt            `json:"personal"`    // true, but under another manifest than leaf 0's
	Refused     map[string]box.Receipt `json:"refused"`     // by what is wrong with them
}

type inclusion struct {
	Index int64       `json:"index"`
	Size  int64       `json:"size"`
	Proof []tlog.Hash `json:"proof"`
}

type consistency struct {
	From  int64       `json:"from"`
	To    int64       `json:"to"`
	Proof []tlog.Hash `json:"proof"`
}

// Keys come from a fixed seed and Ed25519 is deterministic (RFC 8032): the file
// is the same whenever it is written.
func makeVectors(t *testing.T) vectors {
	const ballots = 9
	tr := newTree(t, ballots, 7)
	witness := newCosigner(t)
	v := vectors{LogKey: tr.key, Witness: witness.key, Refused: map[string]box.Receipt{}}
	for size := int64(1); size <= ballots+1; size++ {
		_, signed := tr.checkpoint(t, int(size))
		v.Cosigned = append(v.Cosigned, string(signed)+witness.line(t, signed))
		v.Leaves, v.Checkpoints = append(v.Leaves, tr.leaves[size-1].String()), append(v.Checkpoints, string(signed))
		for index := range size {
			path, err := tlog.ProveRecord(size, index, tr)
			if err != nil {
				t.Fatal(err)
			}
			v.Inclusion = append(v.Inclusion, inclusion{index, size, path})
		}
		for from := int64(1); from <= size; from++ {
			path, err := tlog.ProveTree(size, from, tr)
			if err != nil {
				t.Fatal(err)
			}
			v.Consistency = append(v.Consistency, consistency{from, size, path})
		}
	}
	v.Receipts = map[string]box.Receipt{
		"waits":      tr.waits(t, 3),
		"in the log": tr.receipt(t, 3, ballots+1),
		"last leaf":  tr.receipt(t, ballots, ballots+1),
		"witnessed":  tr.receipt(t, 1, 2),
	}
	shown := newTree(t, ballots, 7)
	shown.leaves[0].Manifest = [32]byte{8}
	v.Personal = shown.waits(t, 3)
	witnessed := v.Receipts["witnessed"]
	witnessed.Checkpoint += "— witness AAAAAAAA\n"
	v.Receipts["witnessed"] = witnessed
	for name, spoil := range map[string]func(*box.Receipt){
		"format":   func(r *box.Receipt) { r.Format = "osbu/receipt/v1" },
		"manifest": func(r *box.Receipt) { r.Manifest = strings.Repeat("0", 64) },
		"round":    func(r *box.Receipt) { r.Round = "r2" },
		"promise":  func(r *box.Receipt) { r.Promise = tr.promise(t, 4) },
		"signature": func(r *box.Receipt) {
			r.Promise = string(bytes.Replace([]byte(r.Promise), []byte("seq 1"), []byte("seq 2"), 1))
		},
		"leaf":       func(r *box.Receipt) { r.Leaf = tr.leaves[4].String() },
		"paper":      func(r *box.Receipt) { r.Leaf = tr.leaves[7].String() },
		"index":      func(r *box.Receipt) { r.Index++ },
		"beyond":     func(r *box.Receipt) { r.Index = ballots + 1 },
		"hash":       func(r *box.Receipt) { r.Proof[0][0] ^= 1 },
		"short":      func(r *box.Receipt) { r.Proof = r.Proof[1:] },
		"long":       func(r *box.Receipt) { r.Proof = append(r.Proof, tlog.Hash{}) },
		"size":       func(r *box.Receipt) { r.Checkpoint = v.Checkpoints[8] },
		"half":       func(r *box.Receipt) { r.Checkpoint = "" },
		"no promise": func(r *box.Receipt) { r.Promise = "" },
	} {
		r := tr.receipt(t, 3, ballots+1)
		spoil(&r)
		v.Refused[name] = r
	}
	return v
}

// cosigner is a witness who always signs at the same moment.
type cosigner struct {
	private ed25519.PrivateKey
	box.Witness
	key string
}

func newCosigner(t *testing.T) cosigner {
	t.Helper()
	seed := sha256.Sum256([]byte("witness.example"))
	private := ed25519.NewKeyFromSeed(seed[:])
	public, err := note.NewEd25519VerifierKey("witness.example", private.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	w, err := box.NewWitness(public)
	if err != nil {
		t.Fatal(err)
	}
	return cosigner{private, w, w.Key}
}

// line is his under a checkpoint (C2SP tlog-cosignature).
func (c cosigner) line(t *testing.T, signed []byte) string {
	t.Helper()
	const moment = 1_000_000_000
	text, _, _ := bytes.Cut(signed, []byte("\n\n"))
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s\n", moment, text)
	b := binary.BigEndian.AppendUint32(nil, c.KeyHash())
	b = append(binary.BigEndian.AppendUint64(b, moment), ed25519.Sign(c.private, []byte(message))...)
	line := "— " + c.Name() + " " + base64.StdEncoding.EncodeToString(b) + "\n"
	if _, err := note.Open(append(bytes.Clone(signed), line...), note.VerifierList(c)); err != nil {
		t.Fatal(err)
	}
	return line
}

func TestVectors(t *testing.T) {
	const file = "testdata/vectors.json"
	want, err := json.MarshalIndent(makeVectors(t), "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Fatalf("%s is not what this test makes: run it with -update, and the browser's tests", file)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for name, r := range v.Receipts {
		if err := r.Verify(v.LogKey); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := v.Personal.Verify(v.LogKey); err != nil {
		t.Errorf("personal: %v", err) // only whoever has the manifest sees it
	}
	for name, r := range v.Refused {
		if err := r.Verify(v.LogKey); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
