package tally

import (
	"fmt"
	"math/big"
	"strings"
)

// Number is an exact rational number: a cost, a budget, a price. It is
// immutable, and the zero value is 0. As text it is a decimal when it has a
// finite one ("2532645.83"), else a fraction in lowest terms ("1270/3").
type Number struct{ rat *big.Rat }

// Int returns n.
func Int(n int64) Number { return Number{new(big.Rat).SetInt64(n)} }

// Frac returns a/b; b must not be 0.
func Frac(a, b int64) Number { return Number{big.NewRat(a, b)} }

// FromRat returns a copy of r as a Number.
func FromRat(r *big.Rat) Number { return Number{new(big.Rat).Set(r)} }

// maxDigits keeps a hostile text from becoming a number that takes minutes to
// multiply.
const maxDigits = 40

// ParseDecimal reads an optional minus, digits, and at most one point before
// further digits. Commas, exponents, NaN, infinities, plus signs and digit
// grouping are errors: money is never a guess.
func ParseDecimal(text string) (Number, error) {
	digits, points := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '-' && i == 0:
		case c == '.' && digits > 0 && i+1 < len(text):
			points++
		default:
			return Number{}, fmt.Errorf("%.50q is not a decimal number", text)
		}
	}
	if digits == 0 || points > 1 {
		return Number{}, fmt.Errorf("%.50q is not a decimal number", text)
	}
	if digits > maxDigits {
		return Number{}, fmt.Errorf("%.50q has more than %d digits", text, maxDigits)
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return Number{}, fmt.Errorf("%.50q is not a decimal number", text)
	}
	return Number{r}, nil
}

// Rat returns a copy that the caller may change.
func (n Number) Rat() *big.Rat {
	if n.rat == nil {
		return new(big.Rat)
	}
	return new(big.Rat).Set(n.rat)
}

// view returns the value without a copy; it must not be changed.
func (n Number) view() *big.Rat {
	if n.rat == nil {
		return new(big.Rat)
	}
	return n.rat
}

// Sign returns -1, 0 or 1.
func (n Number) Sign() int { return n.view().Sign() }

// Cmp compares n and m as -1, 0 or 1.
func (n Number) Cmp(m Number) int { return n.view().Cmp(m.view()) }

// Add returns n + m.
func (n Number) Add(m Number) Number { return Number{new(big.Rat).Add(n.view(), m.view())} }

// Sub returns n - m.
func (n Number) Sub(m Number) Number { return Number{new(big.Rat).Sub(n.view(), m.view())} }

// Mul returns n * m.
func (n Number) Mul(m Number) Number { return Number{new(big.Rat).Mul(n.view(), m.view())} }

// Div returns n / m; m must not be 0.
func (n Number) Div(m Number) Number { return Number{new(big.Rat).Quo(n.view(), m.view())} }

// Float returns the nearest float64, for bars and axes only.
func (n Number) Float() float64 { f, _ := n.view().Float64(); return f }

// String returns the shortest exact text.
func (n Number) String() string {
	r := n.view()
	if r.IsInt() {
		return r.Num().String()
	}
	if places, finite := r.FloatPrec(); finite {
		return r.FloatString(places)
	}
	return r.String()
}

// MarshalText writes String.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (n *Number) UnmarshalText(text []byte) error {
	a, b, fraction := strings.Cut(string(text), "/")
	if !fraction {
		got, err := ParseDecimal(a)
		if err == nil {
			*n = got
		}
		return err
	}
	num, okA := new(big.Int).SetString(a, 10)
	den, okB := new(big.Int).SetString(b, 10)
	if !okA || !okB || den.Sign() <= 0 {
		return fmt.Errorf("%.50q is not a fraction", text)
	}
	*n = Number{new(big.Rat).SetFrac(num, den)}
	return nil
}

func toRat(n *big.Int) *big.Rat { return new(big.Rat).SetInt(n) }

// Fraction is a Number that is always written as a fraction in lowest terms, or
// as an integer.
type Fraction struct{ Number }

// String returns "847/2" where Number has "423.5".
func (f Fraction) String() string { return f.view().RatString() }

// MarshalText writes String.
func (f Fraction) MarshalText() ([]byte, error) { return []byte(f.String()), nil }
