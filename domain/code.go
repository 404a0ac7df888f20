package domain

import (
	"fmt"
	"io"
	"strings"
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

var lenient = strings.NewReplacer(" ", "", "-", "", "–", "", "O", "0", "I", "1", "L", "1")

// ReadCode is a code without what does not matter: case, spaces and hyphens; o,
// i and l are read as 0, 1 and 1. False if it cannot be one.
func ReadCode(typed string, groups int) (string, bool) {
	plain := lenient.Replace(strings.ToUpper(typed))
	return plain, len(plain) == 4*groups && strings.Trim(plain, codeLetters) == ""
}
