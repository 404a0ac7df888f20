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
		index: index, key: e.Nullifier[:], seq: e.Seq, randomizer: e.Randomizer, credential: e.Credential, signature: e.Signature,
		salt: b.Salt, choices: b.Choices,
	}, nil
}

// appendTo writes the line, with its newline.
func (o opening) appendTo(line []byte) []byte {
	line = strconv.AppendInt(line, o.index, 10)
	line = appendBase64(line, o.key)
	line = strconv.AppendInt(append(line, ' '), int64(o.seq), 10)
	for _, field := range [][]byte{o.randomizer, o.credential, o.signature, o.salt[:]} {
		line = appendBase64(line, field)
	}
	for _, c := range o.choices {
		line = strconv.AppendInt(append(line, ' '), int64(c), 10)
	}
	return append(line, '\n')
}

func appendBase64(line, field []byte) []byte {
	return base64.StdEncoding.AppendEncode(append(line, ' '), field)
}

// parseOpening reads a line exactly as appendTo writes it, and no other
// spelling.
func parseOpening(line []byte) (o opening, err error) {
	words := bytes.Split(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
	if len(words) < 7 {
		return opening{}, fmt.Errorf("%d words, want 7 and the choices", len(words))
	}
	if o.index, err = strconv.ParseInt(string(words[0]), 10, 64); err != nil {
		return opening{}, errors.New("the index is no number")
	}
	if o.seq, err = strconv.Atoi(string(words[2])); err != nil {
		return opening{}, errors.New("the seq is no number")
	}
	var salt []byte
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
		{"salt", words[6], saltLength, &salt},
	} {
		if *f.into, err = base64.StdEncoding.AppendDecode(make([]byte, 0, f.length+3), f.word); err != nil ||
			len(*f.into) != f.length {
			return opening{}, fmt.Errorf("the %s is not %d bytes in base64", f.name, f.length)
		}
	}
	o.salt = [32]byte(salt)
	o.choices = make([]int, 0, len(words)-7)
	for _, word := range words[7:] {
		n, err := strconv.Atoi(string(word))
		if err != nil {
			return opening{}, errors.New("a choice is no number")
		}
		o.choices = append(o.choices, n)
	}
	if !bytes.Equal(o.appendTo(make([]byte, 0, len(line))), line) { // 01, +1, base64 with stray bits
		return opening{}, errors.New("not written as an opening is")
	}
	return o, nil
}
