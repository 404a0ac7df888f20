package record

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"

	"osbu/domain/ballot"
	"osbu/domain/box"
)

// opening is a line of ballots/AREA.txt: a ballot, and all that proves that it
// may be counted. README.md says what is in it; round, paper and area are the
// record's and the file's.
type opening struct {
	index      int64  // of the ballot's leaf
	batch      string // of a ballot on paper, with its serial: all down to digest is nil then
	serial     string
	key        ed25519.PublicKey
	seq        int
	randomizer []byte
	credential []byte
	signature  []byte
	sealed     []byte // what the voter sent; nil in a round whose ballots were not sealed, and in withheld/AREA.txt
	digest     []byte // SHA-256 of that; nil if ballots were not sealed
	salt       [32]byte
	vote       ballot.Vote
	void       ballot.Void // in void/PAPER.txt, instead of salt and choices
}

// Lengths in bytes.
const (
	keyLength        = ed25519.PublicKeySize
	randomizerLength = 32
	credentialLength = 256
	signatureLength  = ed25519.SignatureSize
	saltLength       = 32
	digestLength     = sha256.Size
)

// longestOpening in bytes, with room for every number a ballot can hold, and
// for it sealed, in base64.
const longestOpening = 1024 + 8*ballot.MaxChoices + (ballot.MostPadded+ballot.SealedOverhead+2)/3*4

// newOpening is the opening of a ballot from the box, and the file that it
// belongs in.
func newOpening(index int64, b *readBallot, sealed bool) (file string, o opening) {
	o = opening{
		index: index, key: b.Nullifier[:], seq: b.Seq, randomizer: b.Randomizer, credential: b.Credential,
		signature: b.Signature, salt: b.ballot.Salt, vote: b.ballot.Vote, void: b.void, batch: b.Batch, serial: b.Serial,
	}
	if sealed && !o.onPaper() {
		o.sealed = b.Ballot
	}
	if b.void != "" {
		return voidFile(b.Paper), o
	}
	return openingsFile(b.ballot.Area), o
}

// onPaper tells whether the ballot was cast on paper.
func (o opening) onPaper() bool { return o.serial != "" }

// paperWord stands where others have their key, which is never this word.
const paperWord = "paper"

// paperWords are how many words of a line say which sheet it is.
const paperWords = 4

// proofWords are how many words of a line prove that the ballot may be counted
// and do not tell what it says. What is sealed, the word after them, does once
// the key is known: of that only the digest proves.
const proofWords = 6

// appendTo writes the line, with its newline.
func (o opening) appendTo(line []byte) []byte {
	line = o.appendProof(line)
	if o.sealed != nil {
		line = appendBase64(line, o.sealed)
	}
	if o.void != "" {
		return append(append(append(line, ' '), o.void...), '\n')
	}
	line = appendBase64(line, o.salt[:])
	return append(o.vote.Append(line), '\n')
}

// appendProof writes the line's first words.
func (o opening) appendProof(line []byte) []byte {
	line = strconv.AppendInt(line, o.index, 10)
	if o.onPaper() {
		return fmt.Appendf(line, " %s %s %s", paperWord, o.batch, o.serial)
	}
	line = appendBase64(line, o.key)
	line = strconv.AppendInt(append(line, ' '), int64(o.seq), 10)
	for _, field := range [][]byte{o.randomizer, o.credential, o.signature} {
		line = appendBase64(line, field)
	}
	return line
}

// proofOf is a line without salt and choices, as withheld/AREA.txt has it; of
// what was sealed it has the digest.
func proofOf(line []byte, sealed bool) []byte {
	words := bytes.SplitN(bytes.TrimSuffix(line, []byte("\n")), []byte(" "), proofWords+2)
	if paperLine(words) {
		return append(bytes.Join(words[:min(paperWords, len(words))], []byte(" ")), '\n')
	}
	proof := bytes.Join(words[:min(proofWords, len(words))], []byte(" "))
	if sealed && len(words) > proofWords {
		text, _ := base64.StdEncoding.DecodeString(string(words[proofWords])) // of a line that was written or read
		digest := sha256.Sum256(text)
		proof = appendBase64(proof, digest[:])
	}
	return append(proof, '\n')
}

// paperLine tells whether a line's words are of a ballot on paper.
func paperLine(words [][]byte) bool { return len(words) > 1 && string(words[1]) == paperWord }

func appendBase64(line, field []byte) []byte {
	return base64.StdEncoding.AppendEncode(append(line, ' '), field)
}

// parseOpening reads a line exactly as appendTo writes it, and no other
// spelling. sealed is how many bytes a sealed ballot has; 0: they are not
// sealed. kind is that of the paper's votes.
func parseOpening(line []byte, sealed int, kind string) (o opening, err error) {
	words := bytes.SplitN(bytes.TrimSuffix(line, []byte("\n")), []byte(" "), 3)
	want := wordsOf(words, &sealed)
	words = bytes.SplitN(bytes.TrimSuffix(line, []byte("\n")), []byte(" "), want+2)
	if len(words) <= want {
		return opening{}, fmt.Errorf("%d words, want %d and the choices", len(words), want+1)
	}
	if err := o.readProof(words); err != nil {
		return opening{}, err
	}
	if sealed > 0 {
		if err := o.readSealed(words[proofWords], sealed); err != nil {
			return opening{}, err
		}
	}
	var salt []byte
	if err := readBase64(&salt, "salt", words[want], saltLength); err != nil {
		return opening{}, err
	}
	o.salt = [32]byte(salt)
	said := ""
	if len(words) > want+1 {
		said = " " + string(words[want+1])
	}
	if o.vote, err = ballot.ParseVote(kind, said); err != nil {
		return opening{}, plain(err)
	}
	return o, spelled(o.appendTo(make([]byte, 0, len(line))), line)
}

// wordsOf is how many words stand before salt and choices. What is on paper was
// never sealed.
func wordsOf(words [][]byte, sealed *int) int {
	switch {
	case paperLine(words):
		*sealed = 0
		return paperWords
	case *sealed > 0:
		return proofWords + 1
	default:
		return proofWords
	}
}

// parseProof reads a line of withheld/AREA.txt.
func parseProof(line []byte, sealed int, _ string) (o opening, err error) {
	words := bytes.Split(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
	want := wordsOf(words, &sealed)
	if len(words) != want {
		return opening{}, fmt.Errorf("%d words, want %d", len(words), want)
	}
	if err := o.readProof(words); err != nil {
		return opening{}, err
	}
	again := o.appendProof(make([]byte, 0, len(line)))
	if sealed > 0 {
		if err := readBase64(&o.digest, "digest of what is sealed", words[proofWords], digestLength); err != nil {
			return opening{}, err
		}
		again = appendBase64(again, o.digest)
	}
	return o, spelled(append(again, '\n'), line)
}

// parseVoid reads a line of void/PAPER.txt.
func parseVoid(line []byte, sealed int) (o opening, err error) {
	words := bytes.Split(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
	if len(words) != proofWords+2 || paperLine(words) {
		return opening{}, fmt.Errorf("%d words, want %d", len(words), proofWords+2)
	}
	if err := o.readProof(words); err != nil {
		return opening{}, err
	}
	if err := o.readSealed(words[proofWords], sealed); err != nil {
		return opening{}, err
	}
	if o.void = ballot.Void(words[proofWords+1]); o.void == "" {
		return opening{}, errors.New("no reason says why the ballot is void")
	}
	return o, spelled(o.appendTo(make([]byte, 0, len(line))), line)
}

func (o *opening) readSealed(word []byte, length int) error {
	if err := readBase64(&o.sealed, "sealed ballot", word, length); err != nil {
		return err
	}
	digest := sha256.Sum256(o.sealed)
	o.digest = digest[:]
	return nil
}

// message is what the voter's key must have signed.
func (o opening) message(commit [32]byte) []byte {
	if o.digest == nil {
		return ballot.CastMessage(commit, o.seq)
	}
	return ballot.SealedCastMessage(commit, [32]byte(o.digest), o.seq)
}

// spelled is nil if a line is written as it was read: not 01, +1, or base64
// with stray bits.
func spelled(again, line []byte) error {
	if !bytes.Equal(again, line) {
		return errors.New("not written as an opening is: a number with a sign or zeros in front, or base64 with stray bits")
	}
	return nil
}

// readProof reads the first words of a line.
func (o *opening) readProof(words [][]byte) (err error) {
	if o.index, err = strconv.ParseInt(string(words[0]), 10, 64); err != nil {
		return errors.New("the index is no number")
	}
	if paperLine(words) {
		o.batch, o.serial = string(words[2]), string(words[3])
		return box.NameSheet(o.batch, o.serial)
	}
	if o.seq, err = strconv.Atoi(string(words[2])); err != nil {
		return errors.New("the seq is no number")
	}
	for _, f := range []struct {
		name   string
		word   []byte
		length int
		into   *[]byte
	}{
		{"key", words[1], keyLength, (*[]byte)(&o.key)},
		{"randomizer", words[3], randomizerLength, &o.randomizer},
		{"credential", words[4], credentialLength, &o.credential},
		{"signature", words[5], signatureLength, &o.signature},
	} {
		if err := readBase64(f.into, f.name, f.word, f.length); err != nil {
			return err
		}
	}
	return nil
}

func readBase64(into *[]byte, name string, word []byte, length int) (err error) {
	*into, err = base64.StdEncoding.AppendDecode(make([]byte, 0, length+3), word)
	if err != nil || len(*into) != length {
		return fmt.Errorf("the %s is not %d bytes in base64", name, length)
	}
	return nil
}
