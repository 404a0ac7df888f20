package domain

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// codeLetters are Douglas Crockford's base 32: no I, L, O and U, so that a code
// survives handwriting and the telephone.
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// DrawCode draws a code that people type by hand: so many groups of four, five
// bits a character, as XXXX-XXXX-XXXX.
func DrawCode(rand io.Reader, groups int) (string, error) {
	bits := make([]byte, 4*groups)
	if _, err := io.ReadFull(rand, bits); err != nil {
		return "", fmt.Errorf("draw a code: %w", err)
	}
	var code strings.Builder
	for i, b := range bits {
		if i > 0 && i%4 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(codeLetters[b%32])
	}
	return code.String(), nil
}

// checkLetters are how many letters a check code has: of 5 bits each, 60.
const checkLetters = 12

// CheckCode is a digest's first 60 bits for people to compare by eye or by
// telephone, as XXXX-XXXX-XXXX in the letters of codeLetters. Who wants another
// text with the same code has to try 2^60 of them: programs compare digests.
func CheckCode(digest [32]byte) string {
	bits := binary.BigEndian.Uint64(digest[:])
	var code strings.Builder
	for i := range checkLetters {
		if i > 0 && i%4 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(codeLetters[bits>>(64-5*(i+1))&31])
	}
	return code.String()
}

// lookalikes are read as the digits that they are mistaken for.
var lookalikes = strings.NewReplacer("O", "0", "I", "1", "L", "1")

// ReadCode is a code as DrawCode drew it, without its hyphens: of what was
// typed or pasted all that is neither letter nor digit is dropped (spaces and
// hyphens of any kind, a final full stop), case does not matter, forms that
// look alike are one (Unicode's NFKC: full width letters), and o, i and l are
// read as 0, 1 and 1. False if it cannot be one.
func ReadCode(typed string, groups int) (string, bool) {
	plain := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFKC.String(typed))
	plain = lookalikes.Replace(strings.ToUpper(plain))
	return plain, len(plain) == 4*groups && strings.Trim(plain, codeLetters) == ""
}
