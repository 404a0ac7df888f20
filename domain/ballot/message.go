package ballot

import (
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/hex"
	"strconv"
)

// CredentialMessage is what the office signs blindly, 48 bytes: the SHA-384 of
// this text in ASCII, each line ended by one newline, with the voter's Ed25519
// public key (the nullifier) in lower-case hexadecimal:
//
//	osbu/credential/v1
//	round helsinki-2026
//	paper main
//	key 29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7
//
// RSABSSA-SHA384-PSS-Randomized (RFC 9474 §4) puts a 32-byte randomizer before
// the message; the credential is the RSA-PSS signature over randomizer ||
// message.
func CredentialMessage(round, paper string, key ed25519.PublicKey) []byte {
	digest := sha512.Sum384(
		[]byte("osbu/credential/v1\nround " + round + "\npaper " + paper + "\nkey " + hex.EncodeToString(key) + "\n"),
	)
	return digest[:]
}

// CastMessage is what the voter's key signs, this text in ASCII, each line
// ended by one newline, with the commitment in lower-case hexadecimal:
//
//	osbu/cast/v1
//	commit 3b7b5b14b27f73fe17a452969fef379c313cd3544f39c58ae05e3e5ef1f0ac98
//	seq 1
func CastMessage(commit [32]byte, seq int) []byte {
	return []byte("osbu/cast/v1\ncommit " + hex.EncodeToString(commit[:]) + "\nseq " + strconv.Itoa(seq) + "\n")
}
