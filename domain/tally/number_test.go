package tally_test

import (
	"testing"

	"osbu/domain/tally"
)

func TestNumbersAreDecimalsAndNothingElse(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "12": "12", "0012": "12", "400000.0": "400000", "2532645.83": "2532645.83", "-3.10": "-3.1",
	} {
		if n, err := tally.ParseDecimal(text); err != nil || n.String() != want {
			t.Errorf("%q: %s, %v", text, n, err)
		}
	}
	for _, text := range []string{
		"", "-", ".", ".5", "5.", "1e5", "NaN", "Inf", "+1", "1 000", "1,000,000", "1,5", "12,500", "1.2.3", "0x10", "1_000",
		"٣", "1/3", "12345678901234567890123456789012345678901",
	} {
		if n, err := tally.ParseDecimal(text); err == nil {
			t.Errorf("%q was read as %s", text, n)
		}
	}
	if got := tally.Frac(10, 4).String() + " " + tally.Frac(1, 3).
		String() + " " + (tally.Fraction{Number: tally.Frac(10, 4)}).String(); got != "2.5 1/3 5/2" {
		t.Errorf("got %s", got)
	}
}

// FuzzNumber: what is read is written and read again as the same number.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-12.50", "1270/3", "NaN", "1e9", "007"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var n, back tally.Number
		if n.UnmarshalText([]byte(text)) != nil {
			return
		}
		if err := back.UnmarshalText([]byte(n.String())); err != nil || back.Cmp(n) != 0 {
			t.Fatalf("%q became %s, then %s (%v)", text, n, back, err)
		}
	})
}
