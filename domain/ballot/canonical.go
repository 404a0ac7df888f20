package ballot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"osbu/domain"
)

// Ballot is a paper filled in. It names no person; the salt keeps its
// commitment from being guessed.
type Ballot struct {
	Round   string
	Paper   string
	Area    string
	Choices []int // numbers of projects, ascending, each once; none: a blank ballot
	Salt    [32]byte
}

// What the canonical bytes can hold.
const (
	MaxChoices = 1000
	MaxNumber  = 999_999 // of a project
)

// CodeInvalid refuses bytes that are no canonical ballot, and choices that
// break the form.
const CodeInvalid domain.Code = "ballot_invalid"

const heading = "osbu/ballot/v1\n"

var address = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)

// Encode gives the ballot's canonical bytes: exactly one text for every ballot,
// so that one commitment means one ballot. In ASCII, each line ended by one
// newline:
//
//	osbu/ballot/v1
//	round helsinki-2026
//	paper main
//	area etelainen
//	choices 3 17 204
//	salt 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
//
// Round, paper and area are addresses ([a-z0-9][a-z0-9-]{0,59}). Choices are
// decimal numbers from 1 to MaxNumber without leading zeros, ascending, none
// twice, at most MaxChoices, each after one space; a blank ballot's line is
// "choices" alone. The salt is 32 bytes in lower-case hexadecimal. Encode is an
// Invalid error if the ballot does not fit that; it does not sort.
func (b Ballot) Encode() ([]byte, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(heading)
	out.WriteString("round " + b.Round + "\n")
	out.WriteString("paper " + b.Paper + "\n")
	out.WriteString("area " + b.Area + "\n")
	out.WriteString("choices")
	for _, c := range b.Choices {
		out.WriteString(" " + strconv.Itoa(c))
	}
	out.WriteString("\nsalt " + hex.EncodeToString(b.Salt[:]) + "\n")
	return out.Bytes(), nil
}

// Decode reads canonical bytes and refuses all others, so that encoding what
// was decoded gives the same bytes. The error tells nothing of the choices.
func Decode(text []byte) (Ballot, error) {
	rest, ok := strings.CutPrefix(string(text), heading)
	lines := strings.SplitAfter(rest, "\n")
	if !ok || len(lines) != 6 || lines[5] != "" {
		return Ballot{}, domain.Fail(domain.Invalid, CodeInvalid, "not the lines of %s", strings.TrimSpace(heading))
	}
	var b Ballot
	var choices, salt string
	for i, field := range []struct {
		name string
		into *string
	}{{"round ", &b.Round}, {"paper ", &b.Paper}, {"area ", &b.Area}, {"choices", &choices}, {"salt ", &salt}} {
		value, ok := strings.CutPrefix(strings.TrimSuffix(lines[i], "\n"), field.name)
		if !ok {
			return Ballot{}, domain.Fail(
				domain.Invalid,
				CodeInvalid,
				"line %d is not %q",
				i+2,
				strings.TrimSpace(field.name),
			)
		}
		*field.into = value
	}
	if b.Choices, ok = numbers(choices); !ok {
		return Ballot{}, domain.Fail(domain.Invalid, CodeInvalid, "choices are not canonical")
	}
	if n, err := hex.Decode(b.Salt[:], []byte(salt[:min(len(salt), 64)])); err != nil || n != 32 {
		return Ballot{}, domain.Fail(domain.Invalid, CodeInvalid, "salt is not 32 bytes in hexadecimal")
	}
	again, err := b.Encode()
	if err != nil {
		return Ballot{}, err
	}
	if !bytes.Equal(again, text) {
		return Ballot{}, domain.Fail(domain.Invalid, CodeInvalid, "not the canonical bytes")
	}
	return b, nil
}

// numbers reads " 3 17 204".
func numbers(text string) ([]int, bool) {
	if text == "" {
		return nil, true
	}
	words := strings.Split(text, " ")
	if words[0] != "" || len(words) > MaxChoices+1 {
		return nil, false
	}
	choices := make([]int, 0, len(words)-1)
	for _, word := range words[1:] {
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil, false
		}
		choices = append(choices, n)
	}
	return choices, true
}

func (b Ballot) check() error {
	for _, a := range []struct{ name, value string }{{"round", b.Round}, {"paper", b.Paper}, {"area", b.Area}} {
		if !address.MatchString(a.value) {
			return domain.Fail(domain.Invalid, CodeInvalid, "%s is no address", a.name)
		}
	}
	before := 0
	for _, c := range b.Choices {
		if c <= before || c > MaxNumber {
			return domain.Fail(
				domain.Invalid,
				CodeInvalid,
				"choices are not different numbers from 1 to %d in ascending order",
				MaxNumber,
			)
		}
		before = c
	}
	if len(b.Choices) > MaxChoices {
		return domain.Fail(domain.Invalid, CodeInvalid, "more than %d choices", MaxChoices)
	}
	return nil
}

// Commitment is the SHA-256 of a ballot's canonical bytes: it binds the ballot
// and, thanks to the salt, hides it.
func Commitment(canonical []byte) [sha256.Size]byte { return sha256.Sum256(canonical) }
