package box

import (
	"crypto/sha256"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// promise signs that the entry is in the box and will be in the log, with the round's log key. The text under the signature, in ASCII:
//
//	osbu/promise/v1
//	log osbu/helsinki-2026
//	nullifier 5d3d…  SHA-256 of the voter's public key, hexadecimal
//	seq 1
//	commit 3b7b…     SHA-256 of the ballot, hexadecimal
//	by 2026-11-01T20:00:00Z
//
// "by" is the manifest's promised_by: from then on a ballot that is not in the log proves that the promise was broken. There is no other time in it, so
// that the same ballot has the same promise (Ed25519 is deterministic, RFC 8032), and the promise does not tell when somebody voted.
func (r *reading) promise(e Entry) ([]byte, error) {
	text := fmt.Sprintf("osbu/promise/v1\nlog %s\nnullifier %x\nseq %d\ncommit %x\nby %s\n",
		Origin(e.Round), sha256.Sum256(e.Nullifier[:]), e.Seq, e.Commit, r.manifest.PromisedBy.UTC().Format(time.RFC3339))
	signed, err := note.Sign(&note.Note{Text: text}, r.signer)
	if err != nil {
		return nil, fmt.Errorf("sign the promise: %w", err)
	}
	return signed, nil
}
