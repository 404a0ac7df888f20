package domain

import (
	"math/big"
	"math/bits"
	"strconv"
)

// Cents is an amount of euro cents. Arithmetic goes through the checked
// methods: an overflow is a lost pot.
type Cents int64

// Euros makes whole euros; it panics beyond ±92 quadrillion, which no constant
// in a program should reach.
func Euros(n int64) Cents {
	c := Cents(n) * 100
	if int64(c)/100 != n {
		panic("domain: amount overflows")
	}
	return c
}

// Add is a + b, or an Invalid error if the sum does not fit in 63 bits.
func (a Cents) Add(b Cents) (Cents, error) {
	s := a + b
	if (a >= 0) == (b >= 0) && (s >= 0) != (a >= 0) {
		return 0, Fail(Invalid, CodeInvalid, "amount overflows")
	}
	return s, nil
}

// Sum adds all amounts.
func Sum(amounts ...Cents) (total Cents, err error) {
	for _, a := range amounts {
		if total, err = total.Add(a); err != nil {
			return 0, err
		}
	}
	return total, nil
}

// Share is a × part ÷ whole rounded down, exact for non-negative a and 0 ≤ part
// ≤ whole, whole > 0.
func (a Cents) Share(part, whole int64) (share Cents, remainder int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(part)) //nolint:gosec // neither is negative
	q, r := bits.Div64(hi, lo, uint64(whole))     //nolint:gosec // positive
	return Cents(q), int64(r)                     //nolint:gosec // the share is at most a, the remainder below whole
}

// String is euros, exact: "1868353", or with two decimals where there are
// cents: "1868353.50".
func (a Cents) String() string {
	if a%100 == 0 {
		return strconv.FormatInt(int64(a)/100, 10)
	}
	return big.NewRat(int64(a), 100).FloatString(2)
}
