package tally

import (
	"math"
	"math/big"
)

// double is an unevaluated sum hi + lo of two float64s with |lo| ≤ ulp(hi)/2:
// about 106 bits. The operations are the error-free transformations of Dekker
// (1971) and Knuth, as in Hida, Li and Bailey, "Algorithms for quad-double
// precision floating point arithmetic" (2001). Each has a relative error below
// epsDouble. The explicit float64 conversions forbid fusing.
type double struct{ hi, lo float64 }

const (
	eps       = 0x1p-53  // unit roundoff of float64
	epsDouble = 0x1p-100 // generous: the sources give 2^-104 to 2^-102
)

func twoSum(a, b float64) double {
	s := float64(a + b)
	t := float64(s - a)
	return double{s, float64(a-float64(s-t)) + float64(b-t)}
}

func quickTwoSum(a, b float64) double {
	s := float64(a + b)
	return double{s, float64(b - float64(s-a))}
}

func twoProduct(a, b float64) double {
	p := float64(a * b)
	return double{p, math.FMA(a, b, -p)}
}

func (a double) add(b double) double {
	s, t := twoSum(a.hi, b.hi), twoSum(a.lo, b.lo)
	s.lo += t.hi
	s = quickTwoSum(s.hi, s.lo)
	s.lo += t.lo
	return quickTwoSum(s.hi, s.lo)
}

func (a double) neg() double { return double{-a.hi, -a.lo} }

// times multiplies by an integer that float64 holds exactly.
func (a double) times(n float64) double {
	p := twoProduct(a.hi, n)
	p.lo += float64(a.lo * n)
	return quickTwoSum(p.hi, p.lo)
}

// over divides by a positive integer that float64 holds exactly.
func (a double) over(n float64) double {
	q1 := a.hi / n
	r := a.add(twoProduct(q1, n).neg())
	q2 := r.hi / n
	r = r.add(twoProduct(q2, n).neg())
	q3 := r.hi / n
	return quickTwoSum(q1, q2).add(double{q3, 0})
}

// toDouble rounds an integer.
func toDouble(n *big.Int) double {
	if n.BitLen() <= 53 {
		return double{float64(n.Int64()), 0}
	}
	hi, _ := new(big.Float).SetInt(n).Float64()
	back, _ := big.NewFloat(hi).Int(nil)
	lo, _ := new(big.Float).SetInt(back.Sub(n, back)).Float64()
	return quickTwoSum(hi, lo)
}

// quotient rounds a/b.
func quotient(a, b *big.Int) double {
	const precision = 128
	q := new(big.Float).SetPrec(precision).SetInt(a)
	q.Quo(q, new(big.Float).SetPrec(precision).SetInt(b))
	hi, _ := q.Float64()
	lo, _ := q.Sub(q, big.NewFloat(hi)).Float64()
	return quickTwoSum(hi, lo)
}
