package sheet

import (
	"testing"

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
