package ballot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"osbu/domain"
)

// Ballot is a paper filled in. It names no person; the salt keeps its
// commitment from being guessed.
type Ballot struct {
	Round string
	Paper string
	Area  string
	Vote
	Salt [32]byte
}

// CodeInvalid refuses bytes that are no canonical ballot, and choices that
// break the form.
const CodeInvalid domain.Code = "ballot_invalid"

// The versions of the text: the first for picks, the second for points and
// rankings.
const (
	heading  = "osbu/ballot/v1\n"
	heading2 = "osbu/ballot/v2\n"
)

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
// "choices" alone. The salt is 32 bytes in lower-case hexadecimal.
//
// Version 2 has the heading osbu/ballot/v2 and instead of the choices one of
//
//	points 3:4 17:1 204:5
//	ranking 17 204 3
//
// Points: projects as choices, but at most MaxPointed, each with a colon and
// what it is given, from 1 to MaxPoints, written like the numbers. Ranking: as
// choices, but the best first. Encode is an Invalid error if the ballot does
// not fit that; it does not sort.
func (b Ballot) Encode() ([]byte, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if b.Kind == Picks {
		out.WriteString(heading)
	} else {
		out.WriteString(heading2)
	}
	out.WriteString("round " + b.Round + "\n")
	out.WriteString("paper " + b.Paper + "\n")
	out.WriteString("area " + b.Area + "\n")
	out.WriteString(b.word())
	out.Write(b.Append(nil))
	out.WriteString("\nsalt " + hex.EncodeToString(b.Salt[:]) + "\n")
	return out.Bytes(), nil
}

// Decode reads canonical bytes and refuses all others, so that encoding what
// was decoded gives the same bytes. The error tells nothing of the choices.
func Decode(text []byte) (Ballot, error) {
	first, rest, _ := strings.Cut(string(text), "\n")
	lines := strings.SplitAfter(rest, "\n")
	if first+"\n" != heading && first+"\n" != heading2 || len(lines) != 6 || lines[5] != "" {
		return Ballot{}, domain.Fail(domain.Invalid, CodeInvalid, "not the lines of a ballot's text")
	}
	var b Ballot
	var salt string
	for _, kind := range []string{Points, Ranking} {
		if strings.HasPrefix(lines[3], kind) {
			b.Kind = kind
		}
	}
	said := b.word()
	for i, field := range []struct {
		name string
		into *string
	}{{"round ", &b.Round}, {"paper ", &b.Paper}, {"area ", &b.Area}, {b.word(), &said}, {"salt ", &salt}} {
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
	var err error
	if b.Vote, err = ParseVote(b.Kind, said); err != nil {
		return Ballot{}, err
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

func (b Ballot) check() error {
	for _, a := range []struct{ name, value string }{{"round", b.Round}, {"paper", b.Paper}, {"area", b.Area}} {
		if !address.MatchString(a.value) {
			return domain.Fail(domain.Invalid, CodeInvalid, "%s is no address", a.name)
		}
	}
	return b.Vote.check()
}

// Commitment is the SHA-256 of a ballot's canonical bytes: it binds the ballot
// and, thanks to the salt, hides it.
func Commitment(canonical []byte) [sha256.Size]byte { return sha256.Sum256(canonical) }
