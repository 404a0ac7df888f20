package box

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// Promise says that a ballot is in the box and will be in the log, signed with
// the round's log key (C2SP signed-note). Its text, in ASCII:
//
//	osbu/promise/v2
//	log osbu/helsinki-2026
//	manifest 5f0c…   SHA-256 of the signed manifest, as in leaf 0, hexadecimal
//	nullifier 5d3d…  SHA-256 of the voter's public key, hexadecimal
//	seq 1
//	commit 3b7b…     SHA-256 of the ballot, hexadecimal
//	by 2026-11-01T20:00:00Z
//
// The manifest is the one that the ballot was checked against: whoever was
// shown another one holds the proof of it. "by" is the manifest's promised_by:
// from then on a ballot that is not in the log proves that the promise was
// broken. There is no other time in it, so that the same ballot has the same
// promise (Ed25519 is deterministic, RFC 8032), and the promise does not tell
// when somebody voted.
type Promise struct {
	Round     string
	Manifest  [32]byte // SHA-256 of the signed note
	Nullifier [32]byte // its SHA-256
	Seq       int
	Commit    [32]byte
	By        time.Time
}

// Text is what is signed.
func (p Promise) Text() string {
	return fmt.Sprintf("osbu/promise/v2\nlog %s\nmanifest %x\nnullifier %x\nseq %d\ncommit %x\nby %s\n",
		Origin(p.Round), p.Manifest, p.Nullifier, p.Seq, p.Commit, p.By.UTC().Format(time.RFC3339))
}

// Leaf is the one that the promise promises.
func (p Promise) Leaf() Leaf {
	return Leaf{Type: BallotLeaf, Nullifier: p.Nullifier, Seq: p.Seq, Commit: p.Commit}
}

// OpenPromise checks the log key's signature and reads the text, which must be
// exactly as Text writes it.
func OpenPromise(signed []byte, key string) (Promise, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return Promise{}, fmt.Errorf("log key: %w", err)
	}
	text, err := openNote(signed, verifier)
	if err != nil {
		return Promise{}, fmt.Errorf("promise: %w", err)
	}
	var p Promise
	var origin, manifest, nullifier, commit, by string
	if _, err := fmt.Sscanf(
		text,
		"osbu/promise/v2\nlog %s\nmanifest %s\nnullifier %s\nseq %d\ncommit %s\nby %s\n",
		&origin, &manifest, &nullifier, &p.Seq, &commit, &by,
	); err != nil {
		return Promise{}, errors.New("promise: not written as a promise is")
	}
	p.Round, _ = strings.CutPrefix(origin, Origin(""))
	for _, d := range []struct {
		text string
		into *[32]byte
	}{{manifest, &p.Manifest}, {nullifier, &p.Nullifier}, {commit, &p.Commit}} {
		if *d.into, err = digest(d.text); err != nil {
			return Promise{}, errors.New("promise: not written as a promise is")
		}
	}
	p.By, err = time.Parse(time.RFC3339, by)
	if err != nil || p.Text() != text || Origin(p.Round) != verifier.Name() {
		return Promise{}, errors.New("promise: not written as a promise is")
	}
	return p, nil
}

// promised are the facts of the promise for an entry.
func (r *reading) promised(e Entry) Promise {
	return Promise{
		Round:     e.Round,
		Manifest:  r.digest,
		Nullifier: sha256.Sum256(e.Nullifier[:]),
		Seq:       e.Seq,
		Commit:    e.Commit,
		By:        r.manifest.PromisedBy,
	}
}

// sign signs a promise.
func (r *reading) sign(p Promise) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: p.Text()}, r.signer)
	if err != nil {
		return nil, fmt.Errorf("sign the promise: %w", err)
	}
	return signed, nil
}
