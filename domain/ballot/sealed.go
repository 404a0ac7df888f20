package ballot

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"osbu/domain"
)

// SealedOverhead is how many bytes longer a sealed ballot is than a padded one:
// the encapsulated key, 32, comes first, the tag, 16, last.
const SealedOverhead = 48

// MostPadded bounds what ballots of a paper may be padded to: the longest
// canonical ballot has 7,300 bytes, of picks as of points.
const MostPadded = 8192

// CodeOpeningKey refuses a key that opens no ballot of the round.
const CodeOpeningKey domain.Code = "opening_key_invalid"

// HPKE as RFC 9180 has it: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// AES-128-GCM, mode base.
func kem() hpke.KEM { return hpke.DHKEM(ecdh.X25519()) }

// SealingKey is the public half of a round's key pair: voters seal with it.
type SealingKey struct{ key hpke.PublicKey }

// NewSealingKey reads a public key of 32 bytes.
func NewSealingKey(public []byte) (SealingKey, error) {
	key, err := kem().NewPublicKey(public)
	if err != nil {
		return SealingKey{}, domain.Fail(domain.Invalid, CodeOpeningKey, "no X25519 public key of 32 bytes")
	}
	return SealingKey{key}, nil
}

// OpeningKey is the private half, which trustees hold until the close.
type OpeningKey struct{ key hpke.PrivateKey }

// GenerateOpeningKey makes a round's key pair.
func GenerateOpeningKey() (OpeningKey, error) {
	key, err := kem().GenerateKey()
	return OpeningKey{key}, err
}

// NewOpeningKey reads a private key of 32 bytes, and refuses it if its public
// half is another than the one given.
func NewOpeningKey(private, public []byte) (OpeningKey, error) {
	key, err := kem().NewPrivateKey(private)
	if err != nil {
		return OpeningKey{}, domain.Fail(domain.Invalid, CodeOpeningKey, "no X25519 private key of 32 bytes")
	}
	if !bytes.Equal(key.PublicKey().Bytes(), public) {
		return OpeningKey{}, domain.Fail(domain.Invalid, CodeOpeningKey, "not the key that the ballots were sealed for")
	}
	return OpeningKey{key}, nil
}

// Public is the half that seals, 32 bytes.
func (k OpeningKey) Public() []byte { return k.key.PublicKey().Bytes() }

// Bytes are the private key's 32, clamped (RFC 7748): every key has one
// spelling.
func (k OpeningKey) Bytes() ([]byte, error) { return k.key.Bytes() }

// sealingInfo binds what is sealed to its round and paper; what is sealed for a
// voter's key, the additional data, opens for no other.
func sealingInfo(round, paper string) []byte {
	return []byte("osbu/sealed/v1\nround " + round + "\npaper " + paper + "\n")
}

// Seal pads a ballot's bytes with zeros to the paper's length and seals them
// (HPKE, info as sealingInfo, additional data the voter's public key): the
// encapsulated key, then the ciphertext. Which choices a ballot holds then
// cannot be told from its length either.
func (k SealingKey) Seal(round, paper string, voter ed25519.PublicKey, canonical []byte, padded int) ([]byte, error) {
	if len(canonical) > padded {
		return nil, domain.Fail(domain.Invalid, CodeInvalid, "the ballot is longer than those of its paper may be")
	}
	return k.SealBytes(round, paper, voter, append(slices.Clone(canonical), make([]byte, padded-len(canonical))...))
}

// SealBytes seals any bytes: a test text at the freeze, or in a test what is no
// ballot.
func (k SealingKey) SealBytes(round, paper string, voter ed25519.PublicKey, text []byte) ([]byte, error) {
	enc, sender, err := hpke.NewSender(k.key, hpke.HKDFSHA256(), hpke.AES128GCM(), sealingInfo(round, paper))
	if err != nil {
		return nil, err
	}
	sealed, err := sender.Seal(voter, text)
	return append(enc, sealed...), err
}

// Void says why a sealed ballot does not count; empty: it does. Its words are
// part of the published record. Whichever of them comes first in this order is
// the reason.
type Void string

// The reasons.
const (
	Unopened    Void = "unopened"   // the key does not open it, for this round, paper and voter's key
	Uncommitted Void = "commitment" // what it holds is not what was committed to
	Unreadable  Void = "unreadable" // that is no ballot's canonical bytes
	Foreign     Void = "foreign"    // it is of another round, paper or area
	Unformed    Void = "form"       // its choices break the form
)

// Open gives the canonical bytes that were sealed, without the padding, or says
// why there are none. Whether they are a ballot of the paper is for the caller.
func (k OpeningKey) Open(round, paper string, voter ed25519.PublicKey, sealed []byte, commit [32]byte) ([]byte, Void) {
	padded, err := k.OpenBytes(round, paper, voter, sealed)
	if err != nil {
		return nil, Unopened
	}
	canonical := bytes.TrimRight(padded, "\x00")
	if Commitment(canonical) != commit {
		return nil, Uncommitted
	}
	return canonical, ""
}

// OpenBytes gives what SealBytes sealed.
func (k OpeningKey) OpenBytes(round, paper string, voter ed25519.PublicKey, sealed []byte) ([]byte, error) {
	if len(sealed) < SealedOverhead {
		return nil, domain.Fail(domain.Invalid, CodeOpeningKey, "%d bytes are not sealed ones", len(sealed))
	}
	r, err := hpke.NewRecipient(sealed[:32], k.key, hpke.HKDFSHA256(), hpke.AES128GCM(), sealingInfo(round, paper))
	if err != nil {
		return nil, err
	}
	return r.Open(voter, sealed[32:])
}

// SealedCastMessage is what the voter's key signs in a sealed round, this text
// in ASCII, each line ended by one newline; sealed is the SHA-256 of the sealed
// bytes:
//
//	osbu/cast/v2
//	commit 3b7b5b14b27f73fe17a452969fef379c313cd3544f39c58ae05e3e5ef1f0ac98
//	sealed 5d3d…
//	seq 1
func SealedCastMessage(commit, sealed [sha256.Size]byte, seq int) []byte {
	return []byte("osbu/cast/v2\ncommit " + hex.EncodeToString(commit[:]) + "\nsealed " + hex.EncodeToString(sealed[:]) +
		"\nseq " + strconv.Itoa(seq) + "\n")
}

// Longest is how many bytes the longest canonical ballot of a paper has:
// numbers are those of the projects that can be chosen, by area. Of points it
// is at most so long, as if every project could be given the most that one can.
func Longest(round, paper string, form Form, numbers map[string][]int) int {
	blank := Vote{Kind: form.VoteKind()}
	each := 0
	if form.Kind == Points {
		each = len(":") + len(strconv.Itoa(form.PointsEach))
	}
	longest := 0
	for area, projects := range numbers {
		digits := make([]int, len(projects))
		for i, n := range projects {
			digits[i] = 1 + len(strconv.Itoa(n)) + each
		}
		slices.SortFunc(digits, func(a, b int) int { return b - a })
		n := len("area \n") + len(area)
		for _, d := range digits[:min(form.Max, len(digits))] {
			n += d
		}
		longest = max(longest, n)
	}
	words := len(heading) + len("round \npaper \n\nsalt \n") + len(blank.word())
	return words + len(round) + len(paper) + 2*len(Ballot{}.Salt) + longest
}
