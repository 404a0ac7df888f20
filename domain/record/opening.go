package record

import (
	"bytes"
	"crypto/ed25519"
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
	index      int64 // of the ballot's leaf
	key        ed25519.PublicKey
	seq        int
	randomizer []byte
	credential []byte
	signature  []byte
	salt       [32]byte
	choices    []int
}

// Lengths in bytes.
const (
	keyLength        = ed25519.PublicKeySize
	randomizerLength = 32
	credentialLength = 256
	signatureLength  = ed25519.SignatureSize
	saltLength       = 32
)

// longestOpening in bytes, with room for every number a ballot can hold.
const longestOpening = 1024 + 8*ballot.MaxChoices

// newOpening is the opening of a ballot from the box, and the area whose file
// it belongs in.
func newOpening(index int64, e box.Entry) (area string, o opening, err error) {
	b, err := ballot.Decode(e.Ballot)
	if err != nil {
		return "", opening{}, fmt.Errorf("ballot of leaf %d: %w", index, err)
	}
	return b.Area, opening{
		index: index, key: e.Nullifier[:], seq: e.Seq, randomizer: e.Randomizer, credential: e.Credential,
		signature: e.Signature,
		salt:      b.Salt, choices: b.Choices,
	}, nil
}

// proofWords are how many words of a line prove that the ballot may be counted
// and do not tell what it says.
const proofWords = 6

// appendTo writes the line, with its newline.
func (o opening) appendTo(line []byte) []byte {
	line = appendBase64(o.appendProof(line), o.salt[:])
	for _, c := range o.choices {
		line = strconv.AppendInt(append(line, ' '), int64(c), 10)
	}
	return append(line, '\n')
}

// appendProof writes the line's first words.
func (o opening) appendProof(line []byte) []byte {
	line = strconv.AppendInt(line, o.index, 10)
	line = appendBase64(line, o.key)
	line = strconv.AppendInt(append(line, ' '), int64(o.seq), 10)
	for _, field := range [][]byte{o.randomizer, o.credential, o.signature} {
		line = appendBase64(line, field)
	}
	return line
}

// proofOf is a line without salt and choices, as withheld/AREA.txt has it.
func proofOf(line []byte) []byte {
	words := bytes.SplitN(bytes.TrimSuffix(line, []byte("\n")), []byte(" "), proofWords+1)
	return append(bytes.Join(words[:min(proofWords, len(words))], []byte(" ")), '\n')
}

func appendBase64(line, field []byte) []byte {
	return base64.StdEncoding.AppendEncode(append(line, ' '), field)
}

// parseOpening reads a line exactly as appendTo writes it, and no other
// spelling.
func parseOpening(line []byte) (o opening, err error) {
	words := bytes.Split(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
	if len(words) <= proofWords {
		return opening{}, fmt.Errorf("%d words, want %d and the choices", len(words), proofWords+1)
	}
	if err := o.readProof(words); err != nil {
		return opening{}, err
	}
	var salt []byte
	if err := readBase64(&salt, "salt", words[proofWords], saltLength); err != nil {
		return opening{}, err
	}
	o.salt = [32]byte(salt)
	o.choices = make([]int, 0, len(words)-proofWords-1)
	for _, word := range words[proofWords+1:] {
		n, err := strconv.Atoi(string(word))
		if err != nil {
			return opening{}, errors.New("a choice is no number")
		}
		o.choices = append(o.choices, n)
	}
	return o, spelled(o.appendTo(make([]byte, 0, len(line))), line)
}

// parseProof reads a line of withheld/AREA.txt.
func parseProof(line []byte) (o opening, err error) {
	words := bytes.Split(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
	if len(words) != proofWords {
		return opening{}, fmt.Errorf("%d words, want %d", len(words), proofWords)
	}
	if err := o.readProof(words); err != nil {
		return opening{}, err
	}
	return o, spelled(append(o.appendProof(make([]byte, 0, len(line))), '\n'), line)
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
