package box

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ReceiptFormat is the format's name and version.
const ReceiptFormat = "osbu/receipt/v2"

// Receipt shows that a ballot is in the box without what it says: neither
// choices, paper nor area. It is the JSON that the box answers a commit with,
// and the file that a voter keeps. While the ballot waits for its batch there
// is only the promise; then also its leaf, the leaf's index, the inclusion
// proof (RFC 6962 §2.1.1, each hash in base64, from the leaf's sibling up) and
// the checkpoint that it leads to.
type Receipt struct {
	Format     string      `json:"format"`
	Round      string      `json:"round"`
	Manifest   string      `json:"manifest"` // SHA-256 of the signed manifest, hexadecimal, as in leaf 0 and the promise
	LogKey     string      `json:"log_key"`  // note verifier key (C2SP signed-note), as the manifest has it
	Promise    string      `json:"promise"`  // signed note, see Promise
	Leaf       string      `json:"leaf,omitempty"`
	Index      int64       `json:"index,omitempty"` // never 0: that is the manifest's leaf
	Proof      []tlog.Hash `json:"proof,omitempty"` // never empty: a tree with a ballot has two leaves or more
	Checkpoint string      `json:"checkpoint,omitempty"`
}

// Waits tells that the receipt has nothing but the promise yet.
func (r Receipt) Waits() bool {
	return r.Leaf == "" && r.Index == 0 && len(r.Proof) == 0 && r.Checkpoint == ""
}

// largestReceipt in bytes; a real one has about 2,000, and a few hundred more
// for each witness.
const largestReceipt = 64 << 10

// ParseReceipt reads a receipt's file. Whether it is true is for Verify.
func ParseReceipt(text []byte) (Receipt, error) {
	if len(text) > largestReceipt {
		return Receipt{}, fmt.Errorf("receipt: %d bytes, want at most %d", len(text), largestReceipt)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var r Receipt
	if err := d.Decode(&r); err != nil {
		return Receipt{}, fmt.Errorf("receipt: byte %d: %w", d.InputOffset(), misread(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Receipt{}, fmt.Errorf("receipt: byte %d: something follows it", d.InputOffset())
	}
	if err := exactFields(text); err != nil {
		return Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	if r.Format != ReceiptFormat {
		return Receipt{}, fmt.Errorf("receipt: format %.40q, want %q", r.Format, ReceiptFormat)
	}
	return r, nil
}

// misread says in plain words what is wrong with a receipt's JSON.
func misread(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s is no %s", wrong.Field, wrong.Type.Kind())
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("a receipt has no field %s", name)
	}
	return errors.New("no JSON object")
}

// exactFields is nil if each of the receipt's fields is there once and spelled
// exactly: encoding/json takes "Leaf" for "leaf", and the last of two.
func exactFields(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		switch field, _ := name.(string); {
		case !slices.Contains(receiptFields, field):
			return fmt.Errorf("byte %d: a receipt has no field %q", d.InputOffset(), field)
		case seen[field]:
			return fmt.Errorf("byte %d: the field %q is there twice", d.InputOffset(), field)
		default:
			seen[field] = true
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
	}
	return nil
}

var receiptFields = []string{
	"format", "round", "manifest", "log_key", "promise", "leaf", "index", "proof", "checkpoint",
}

// Verify checks everything that the receipt says against the log key, which
// must come from somewhere else: the manifest. Whether the manifest that the
// receipt names is the round's is for whoever has that. Of a receipt that Waits
// only the promise can be checked; it is to be kept until the promise's time
// and asked for again.
func (r Receipt) Verify(key string) error {
	if r.Format != ReceiptFormat {
		return fmt.Errorf("format %.40q, want %q", r.Format, ReceiptFormat)
	}
	if r.LogKey != key {
		return errors.New("log_key: not the round's")
	}
	verifier, err := note.NewVerifier(key)
	if err != nil || verifier.Name() != Origin(r.Round) {
		return errors.New("log_key: not a key of the receipt's round")
	}
	promise, err := OpenPromise([]byte(r.Promise), key)
	if err != nil {
		return err
	}
	if r.Manifest != hex.EncodeToString(promise.Manifest[:]) {
		return errors.New("manifest: not the one that the promise names")
	}
	if r.Waits() {
		return nil
	}
	leaf := promise.Leaf()
	if r.Leaf != leaf.String() {
		return errors.New("leaf: not the one that was promised")
	}
	c, err := OpenCheckpoint([]byte(r.Checkpoint), key)
	if err != nil {
		return err
	}
	if r.Index < 1 || r.Index >= c.Size {
		return fmt.Errorf("index: %d in a log of %d leaves", r.Index, c.Size)
	}
	if err := tlog.CheckRecord(r.Proof, c.Size, c.Root, r.Index, leaf.Hash()); err != nil {
		return fmt.Errorf("proof: it does not lead from the leaf to the checkpoint: %w", err)
	}
	return nil
}
