package pabulib

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"osbu/domain/tally"
)

// numeral is a number of a file as text. Its grammar is that of every number
// that is read here, be it money, points, a length, a limit or a count:
//
//	NUMERAL = [ "-" ] DIGITS [ ( "." | "," ) DIGITS ]
//
// at most 40 digits in all. A comma is a decimal point, as in files of
// pabutools, but not before exactly three digits: 12,500 is twelve and a half
// to one reader and twelve thousand five hundred to another, so it is refused.
type numeral struct {
	negative        bool
	whole, fraction string
	comma           bool
}

const maxDigits = 40

func parseNumeral(text string) (n numeral, err error) {
	rest, negative := strings.CutPrefix(text, "-")
	n.negative = negative
	n.whole, rest = digits(rest)
	parted := rest != "" && (rest[0] == '.' || rest[0] == ',')
	if parted {
		n.comma = rest[0] == ','
		n.fraction, rest = digits(rest[1:])
	}
	switch {
	case n.whole == "" || parted && n.fraction == "" || rest != "":
		return n, fmt.Errorf("%.50q is not a decimal number", text)
	case len(n.whole)+len(n.fraction) > maxDigits:
		return n, fmt.Errorf("%.50q has more than %d digits", text, maxDigits)
	case n.comma && len(n.fraction) == 3:
		return n, fmt.Errorf("%q may mean %s%s or %s.%s: write it with a decimal point, or without the comma",
			text, n.whole, n.fraction, n.whole, n.fraction)
	}
	return n, nil
}

// digits cuts the digits that text begins with.
func digits(text string) (head, rest string) {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return text[:n], text[n:]
}

// exact is the number's value.
func (n numeral) exact() tally.Number {
	value, _ := new(big.Int).SetString(n.whole+n.fraction, 10)
	if n.negative {
		value.Neg(value)
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(n.fraction))), nil)
	return tally.FromRat(new(big.Rat).SetFrac(value, unit))
}

// fixed is the number's value as value * 10^-places, without trailing zeros
// after the point; false if it has more than 15 digits.
func (n numeral) fixed() (d decimal, ok bool) {
	fraction := strings.TrimRight(n.fraction, "0")
	if len(n.whole)+len(fraction) > 15 {
		return decimal{}, false
	}
	d.places = len(fraction)
	for _, part := range [2]string{n.whole, fraction} {
		for i := 0; i < len(part); i++ {
			d.value = d.value*10 + int64(part[i]-'0')
		}
	}
	if n.negative {
		d.value = -d.value
	}
	return d, true
}

// amount reads money, which is not negative.
func amount(what, text string) (tally.Number, error) {
	n, err := parseNumeral(text)
	if err != nil {
		return tally.Number{}, fmt.Errorf("%s: %w", what, err)
	}
	value := n.exact()
	if value.Sign() < 0 {
		return value, fmt.Errorf("%s: %s is negative", what, text)
	}
	return value, nil
}

// errAbsent: META does not have the key.
var errAbsent = errors.New("absent")

// number reads a number of META.
func (f *File) number(key string) (tally.Number, error) {
	text, ok := f.Lookup(key)
	if !ok {
		return tally.Number{}, errAbsent
	}
	n, err := parseNumeral(text)
	if err != nil {
		return tally.Number{}, fmt.Errorf("%s: %w", key, err)
	}
	return n.exact(), nil
}

// whole reads a number of things from META; 3.0 is one, too.
func (f *File) whole(key string) (int, error) {
	n, err := f.number(key)
	if err != nil {
		return 0, err
	}
	if r := n.Rat(); !r.IsInt() || r.Sign() < 0 || r.Cmp(big.NewRat(1e9, 1)) > 0 {
		text, _ := f.Lookup(key)
		return 0, fmt.Errorf("%s: %.50q is not a number of things", key, text)
	}
	return int(n.Rat().Num().Int64()), nil
}

// Limit is a number of META beside the budget, such as max_sum_cost; false if
// it is absent or cannot be read, of which reading has warned.
func (f *File) Limit(key string) (tally.Number, bool) {
	n, err := f.number(key)
	return n, err == nil
}

// thresholdKey says what a project needs under the rule greedy-threshold.
const thresholdKey = "min_project_score_threshold"

// Threshold is min_project_score_threshold: a score, or a share of the ballots
// ("10%"). false if META has none.
func (f *File) Threshold() (t tally.Threshold, ok bool, err error) {
	text, ok := f.Lookup(thresholdKey)
	if !ok {
		return t, false, nil
	}
	t, err = ParseThreshold(text)
	if err != nil {
		return t, true, fmt.Errorf("%s: %w", thresholdKey, err)
	}
	return t, true, nil
}

// ParseThreshold reads a score ("50") or a share of the ballots ("10%").
func ParseThreshold(text string) (tally.Threshold, error) {
	percent, share := strings.CutSuffix(text, "%")
	n, err := parseNumeral(strings.TrimSpace(percent))
	switch {
	case err != nil:
		return tally.Threshold{}, err
	case share:
		return tally.Threshold{Share: n.exact().Div(tally.Int(100))}, nil
	default:
		return tally.Threshold{Score: n.exact()}, nil
	}
}

// limitKeys are the numbers of META that ballots are held against. They change
// no outcome, so one that cannot be read is passed over aloud.
var (
	lengthKeys = []string{"min_length", "max_length", "num_projects", "num_votes"}
	limitKeys  = []string{
		"min_sum_points", "max_sum_points", "min_points", "max_points", "min_sum_cost", "max_sum_cost",
	}
)

// checkNumber holds a line of META that has just been read against the grammar.
func (p *parser) checkNumber(key string) error {
	var err error
	switch {
	case key == "budget":
		_, err = p.file.Budget()
	case key == thresholdKey:
		_, _, err = p.file.Threshold()
	case slices.Contains(lengthKeys, key):
		_, err = p.file.whole(key)
	case slices.Contains(limitKeys, key):
		_, err = p.file.number(key)
	default:
		return nil
	}
	switch text, _ := p.file.Lookup(key); {
	case errors.Is(err, errAbsent):
	case err != nil && (key == "budget" || key == thresholdKey):
		return p.fault("%s", err)
	case err != nil:
		p.warn("META: " + err.Error() + "; it is passed over")
	case strings.Contains(text, ","):
		p.warn(commaRead)
	}
	return nil
}

const commaRead = "a comma is read as a decimal point"
