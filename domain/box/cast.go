package box

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"

	"osbu/domain"
	"osbu/domain/ballot"
)

// Cast is a filled-in paper, and the proof that somebody on the roll may cast
// it.
type Cast struct {
	Round, Paper string
	Key          ed25519.PublicKey // the nullifier
	Randomizer   []byte            // 32 bytes
	Credential   []byte            // 256 bytes
	Ballot       []byte            // canonical bytes; in a sealed round those that ballot.SealingKey.Seal makes of them
	Commit       []byte            // of a sealed ballot: SHA-256 of its canonical bytes; else empty
	Seq          int
	Signature    []byte // 64 bytes
}

// Cast puts a ballot in the box and answers, once it is durable, with a promise
// (a C2SP signed note, see promise.go). The same ballot again gets the same
// promise; another one under the same key is a Conflict. Of several faults the
// first in the order below is told. An error that is no *domain.Error means
// unknown: send the same bytes again.
//
// Where the time goes, by the profile of a server that takes all it can (4,600
// ballots a second on two cores that it shares with PostgreSQL and the load;
// 280 µs of a core for each): verifying the voter's signature 27 %, the
// credential 18 % (a third of that is crypto/rsa preparing the public key
// anew), signing the promise 14 %; reading and checking the request 10 %; the
// rest is HTTP, waiting for the batch and garbage. So the standard library's
// cryptography is what a ballot costs, and nothing of it may be left out: more
// ballots a second are more cores.
func (s *Service) Cast(ctx context.Context, c Cast) (promise []byte, err error) {
	r, err := s.reading(ctx, c.Round)
	if err != nil {
		return nil, err
	}
	p, ok := r.papers[c.Paper]
	if !ok {
		return nil, domain.Problems{{Path: "paper", Code: "unknown"}}.Err()
	}
	if c.Seq != 1 { // a confirmed ballot is final
		return nil, domain.Problems{{Path: "seq", Code: "too_large", Limit: "1"}}.Err()
	}

	// Somebody on the roll may cast this paper: the office's blind signature
	// over the voter's key.
	if !p.verifies(r.manifest.Round, c) {
		return nil, domain.Fail(
			domain.Forbidden,
			CodeCredential,
			"the credential is not by the issuer of this round and paper for this key",
		)
	}

	// It is the holder of that key who casts this very ballot.
	commit, message, err := p.said(c)
	if err != nil {
		return nil, err
	}
	if !ed25519.Verify(c.Key, message, c.Signature) {
		return nil, domain.Fail(
			domain.Invalid,
			CodeSignature,
			"the signature is not by the key over this ballot and seq",
		)
	}
	if err := p.takes(r.manifest.Round, c); err != nil {
		return nil, err
	}

	// Whether the vote is open is decided last, by the database while it keeps
	// the ballot. Round and paper are the manifest's strings and the byte
	// slices the caller's: none lies in a request's buffer.
	e := Entry{
		Round: r.manifest.Round, Paper: p.id, Nullifier: [32]byte(c.Key), Seq: c.Seq, Commit: commit,
		Randomizer: c.Randomizer, Credential: c.Credential, Signature: c.Signature, Ballot: c.Ballot,
	}
	if err := s.Intake.Append(ctx, e); err != nil {
		return nil, err
	}
	// A crash here loses nothing: the ballot is in the box, and the voter who
	// asks again gets this same promise.
	return r.sign(r.promised(e))
}

// said is what the voter committed to, and the message that her key signs.
func (p paper) said(c Cast) (commit [32]byte, message []byte, err error) {
	if p.padded == 0 {
		if len(c.Commit) > 0 {
			return commit, nil, domain.Problems{{Path: "commit", Code: "not_allowed", Limit: "ballots are not sealed"}}.Err()
		}
		commit = ballot.Commitment(c.Ballot)
		return commit, ballot.CastMessage(commit, c.Seq), nil
	}
	if len(c.Commit) != len(commit) {
		return commit, nil, domain.Problems{{Path: "commit", Code: "required"}}.Err()
	}
	commit = [32]byte(c.Commit)
	return commit, ballot.SealedCastMessage(commit, sha256.Sum256(c.Ballot), c.Seq), nil
}

// takes is nil if the ballot is one of this paper, and obeys its form. Of a
// sealed ballot nobody knows before the close: its length must be every one's.
func (p paper) takes(round string, c Cast) error {
	if p.padded > 0 {
		if n := p.padded + ballot.SealedOverhead; len(c.Ballot) != n {
			return domain.Fail(domain.Invalid, ballot.CodeInvalid, "a sealed ballot of this paper has %d bytes", n)
		}
		return nil
	}
	return p.obeyed(round, c.Ballot)
}

// obeyed is nil if these are the bytes of a ballot of this paper that obeys its
// form.
func (p paper) obeyed(round string, canonical []byte) error {
	b, err := ballot.Decode(canonical)
	if err != nil {
		return err
	}
	a, ok := p.areas[b.Area]
	if b.Round != round || b.Paper != p.id || !ok {
		return domain.Fail(domain.Invalid, ballot.CodeInvalid, "the ballot is of another round, paper or area")
	}
	return b.Validate(p.form, a.costs, a.pot)
}

// verifies checks the credential: RSASSA-PSS with SHA-384 and a 48-byte salt
// over randomizer || message (RFC 9474 §4 and §5,
// RSABSSA-SHA384-PSS-Randomized).
func (p paper) verifies(round string, c Cast) bool {
	if len(c.Key) != ed25519.PublicKeySize || len(c.Randomizer) != 32 {
		return false
	}
	prepared := append(append(make([]byte, 0, 80), c.Randomizer...), ballot.CredentialMessage(round, p.id, c.Key)...)
	digest := sha512.Sum384(prepared)
	return rsa.VerifyPSS(p.issuer, crypto.SHA384, digest[:], c.Credential, &rsa.PSSOptions{SaltLength: 48}) == nil
}
