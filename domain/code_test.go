package domain_test

import (
	"encoding/hex"
	"testing"

	"osbu/domain"
)

// A check code is the digest's first bits, in letters that survive the
// telephone: the browser makes the same (frontend/src/receipt/crypto).
func TestCheckCode(t *testing.T) {
	for digest, want := range map[string]string{
		"0000000000000000": "0000-0000-0000",
		"ffffffffffffffff": "ZZZZ-ZZZZ-ZZZZ",
		"0123456789abcdef": "04HM-ASW9-NF6Y",
		"f7ffffffffffffff": "YZZZ-ZZZZ-ZZZZ",
	} {
		var d [32]byte
		if _, err := hex.Decode(d[:], []byte(digest)); err != nil {
			t.Fatal(err)
		}
		if got := domain.CheckCode(d); got != want {
			t.Errorf("%s: got %s, want %s", digest, got, want)
		}
		if _, ok := domain.ReadCode(domain.CheckCode(d), 3); !ok {
			t.Errorf("%s cannot be read", domain.CheckCode(d))
		}
	}
}

// A code is read however a keyboard, a word processor or a phone writes it.
func TestReadCode(t *testing.T) {
	const want = "0123ABCD10YZ"
	for name, typed := range map[string]string{
		"as printed":           "0123-ABCD-10YZ",
		"small letters":        "o123 abcd iOyz",
		"no-break spaces":      "0123\u00a0ABCD\u202f10YZ",
		"no-break hyphens":     "0123\u2011ABCD\u201110YZ",
		"dashes":               "0123—ABCD–10YZ",
		"a minus sign":         "0123\u2212ABCD\u221210YZ",
		"a final full stop":    " 0123-ABCD-10YZ. ",
		"quotation marks":      "”0123-ABCD-10YZ”",
		"a line break":         "0123-ABCD-\r\n10YZ",
		"full width":           "０１２３－ＡＢＣＤ－１０ＹＺ",
		"what cannot be seen":  "\ufeff0123-ABCD\u200b-10YZ\u00ad",
		"nothing between them": "0123abcdl0yz",
	} {
		if got, ok := domain.ReadCode(typed, 3); !ok || got != want {
			t.Errorf("%s: got %q, %v, want %q", name, got, ok, want)
		}
	}
	for _, typed := range []string{
		"", "0123-ABCD", "0123-ABCD-10YZ-0000", "0123-ABCD-10YU", "0123-ABCD-10YÄ",
		"0123-ABCD-10Y٣",
	} {
		if got, ok := domain.ReadCode(typed, 3); ok {
			t.Errorf("%q: got %q, want none", typed, got)
		}
	}
}
