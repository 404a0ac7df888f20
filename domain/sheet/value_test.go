package sheet

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"osbu/domain"
)

// Amounts are whole euros, however people and programs write them; what may
// mean two things is none.
func TestEuros(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]int64{
		"0": 0, "12000": 12_000, "12 000": 12_000, "12 000 €": 12_000, "12\u00a0000\u00a0€": 12_000, "12\u202f000": 12_000,
		"1 250 000 euroa": 1_250_000, "12000,00": 12_000,
		"12000.00": 12_000, "12 000,00 EUR": 12_000, "500€": 500, "1.250.000": 1_250_000, "5,0": 5,
	} {
		if got, ok := Euros(cell); !ok || got != domain.Euros(want) {
			t.Errorf("%q: got %d, %v, want %d", cell, got, ok, domain.Euros(want))
		}
	}
	for _, cell := range []string{
		"12000,50", "12.000", "12,000", "12 00", "1.2.2026", "2026-02-01", "1.2e4", "-5",
		"n. 5000", "5000-8000", "=1+1", "€", "1234567890123", "12 0000", "½", "１２", "1.25.000", "+Inf", "0x10",
	} {
		if got, ok := Euros(cell); ok {
			t.Errorf("%q: got %d, want none", cell, got)
		}
	}
}

// The cells of sheets and the fields of forms are read alike.
func TestNumbersAreReadAlike(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/numbers.json")
	if err != nil {
		t.Fatal(err)
	}
	var shared struct {
		Hundredths map[string]int64
		None       []string
	}
	if err := json.Unmarshal(text, &shared); err != nil {
		t.Fatal(err)
	}
	for cell, want := range shared.Hundredths {
		if got, ok := hundredths(cell); !ok || got != want {
			t.Errorf("%q: got %d, %v, want %d", cell, got, ok, want)
		}
		whole := want%100 == 0
		for _, euros := range []string{cell, cell + " €", cell + "\u00a0euroa", "€ " + cell} {
			if got, ok := Euros(euros); ok != whole || ok && got != domain.Cents(want) {
				t.Errorf("%q: got %d, %v, want %d, %v", euros, got, ok, want, whole)
			}
		}
	}
	for _, cell := range shared.None {
		if got, ok := hundredths(cell); ok {
			t.Errorf("%q: got %d, want none", cell, got)
		}
	}
}

// Whatever somebody writes reads with exactly the digits that stand in it, or
// not at all.
func TestNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	only := func(from string) func(rune) rune {
		return func(r rune) rune {
			if strings.ContainsRune(from, r) {
				return r
			}
			return -1
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		signs := []rune("0123456789  ..,,-+e€x\u00a0\u202f½１")
		cell := rapid.StringOfN(rapid.SampledFrom(signs), 1, 12, -1).Draw(t, "cell")
		n, ok := hundredths(cell)
		if !ok {
			return
		}
		digits := strings.Map(only("0123456789"), cell)
		got := strconv.FormatInt(n, 10)
		short := strings.TrimLeft(strings.TrimRight(digits, "0"), "0")
		if strings.TrimRight(got, "0") != short && got != "0" {
			t.Fatalf("%q: got %s, which has other digits", cell, got)
		}
		if strings.Map(only("+e€x½１"), cell) != "" {
			t.Fatalf("%q: got %s, want none", cell, got)
		}
	})
}

// An amount reads as it was meant, in every way of writing it.
func TestAmountsInEveryWriting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		euros := rapid.Int64Range(0, 999_999_999).Draw(t, "euros")
		by := rapid.SampledFrom([]string{"", " ", "\u00a0", "\u202f", "."}).Draw(t, "by")
		decimals := rapid.SampledFrom([]string{"", ",00", ",0", ",-"}).Draw(t, "decimals")
		unit := rapid.SampledFrom([]string{"", " €", "€", "\u00a0eur", " euroa"}).Draw(t, "unit")
		digits := strconv.FormatInt(euros, 10)
		text, groups := "", 0
		for len(digits) > 3 {
			digits, text = digits[:len(digits)-3], by+digits[len(digits)-3:]+text
			groups++
		}
		text = digits + text + decimals + unit
		lone := by == "." && groups == 1 && decimals == ""
		switch got, ok := Euros(text); {
		case ok == lone:
			t.Fatalf("%q: got %v, want %v", text, ok, !lone)
		case ok && got != domain.Euros(euros):
			t.Fatalf("%q: got %d, want %d", text, got, domain.Euros(euros))
		}
	})
}
