package domain_test

import (
	"testing"

	"osbu/domain"
)

// A code is read however a keyboard, a word processor or a phone writes it.
func TestReadCode(t *testing.T) {
	t.Parallel()
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
