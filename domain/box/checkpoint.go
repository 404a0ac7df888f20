package box

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is what a round's log says of itself: so many leaves, and the root
// of the tree over them (RFC 6962 §2.1; x/mod's tlog). It is published as a
// signed note (C2SP signed-note) with the text of C2SP tlog-checkpoint, by the
// round's log key:
//
//	osbu/helsinki-2026                             the log's origin, which is the key's name, too
//	1234                                           size: how many leaves, decimal
//	CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   root: base64
//
//	— osbu/helsinki-2026 Az3grlg…                  the log's signature, perhaps followed by
//	                                               witnesses' (C2SP tlog-cosignature)
//
// It has no extension lines and no time: a checkpoint does not tell when its
// last ballot came in.
type Checkpoint struct {
	Round string
	Size  int64
	Root  tlog.Hash
}

// Text is what is signed.
func (c Checkpoint) Text() string {
	size := uint64(c.Size) //nolint:gosec // a count
	return string(log.Checkpoint{Origin: Origin(c.Round), Size: size, Hash: c.Root[:]}.Marshal())
}

// Sign makes the signed note.
func (c Checkpoint) Sign(signer note.Signer) ([]byte, error) {
	signed, err := note.Sign(&note.Note{Text: c.Text()}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign the checkpoint: %w", err)
	}
	return signed, nil
}

// OpenCheckpoint checks the log key's signature (a note verifier key) and reads
// the text, which must be exactly as Text writes it. It must be the first;
// others' are not checked.
func OpenCheckpoint(signed []byte, key string) (Checkpoint, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("log key: %w", err)
	}
	text, err := openNote(signed, verifier)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	var read log.Checkpoint
	if _, err := read.Unmarshal([]byte(text)); err != nil {
		return Checkpoint{}, err
	}
	round, ok := strings.CutPrefix(read.Origin, Origin(""))
	if !ok || read.Origin != verifier.Name() || read.Size == 0 || read.Size > math.MaxInt64 ||
		len(read.Hash) != tlog.HashSize {
		return Checkpoint{}, errors.New("checkpoint: not one of this round's log")
	}
	c := Checkpoint{Round: round, Size: int64(read.Size), Root: tlog.Hash(read.Hash)}
	if c.Text() != text {
		return Checkpoint{}, errors.New("checkpoint: not written as a checkpoint is")
	}
	return c, nil
}

// openNote checks a note whose first signature must be the verifier's, and
// gives its text. Signatures by others are not looked at beyond their shape.
// x/mod's note lets base64 have stray bits at its end and skips a signature
// that comes twice; here a note has one spelling, so that no byte of it can be
// changed unseen.
func openNote(signed []byte, verifier note.Verifier) (text string, err error) {
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	again := n.Text + "\n"
	for _, s := range append(n.Sigs, n.UnverifiedSigs...) {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return "", fmt.Errorf("signature by %.60q: %w", s.Name, err)
		}
		again += "— " + s.Name + " " + s.Base64 + "\n"
	}
	if again != string(signed) {
		return "", errors.New("its signatures are not written as a note's are, the log's first")
	}
	return n.Text, nil
}
