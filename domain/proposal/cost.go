package proposal

import (
	"strconv"

	"osbu/domain"
)

// Cost is what a facilitator estimates, in cents: building costs between
// Minimum and Maximum, and Maintenance each year.
type Cost struct{ Minimum, Maximum, Maintenance domain.Cents }

// mostCents bounds maximum + maintenance: JSON numbers are exact up to 2⁵³−1
// (RFC 8259 §6), and so is every sum of a ballot in 63 bits.
const mostCents domain.Cents = 1<<53 - 1

// Reserved is what the count sets aside: maximum + maintenance, or the maximum
// alone, as the round's setting says.
func (c Cost) Reserved(maintenance bool) domain.Cents {
	if maintenance {
		return c.Maximum + c.Maintenance // Check keeps the sum below mostCents
	}
	return c.Maximum
}

// Check notes what is wrong under path ("cost" or "projects[3].cost").
func (c Cost) Check(problems *domain.Problems, path string) {
	if c.Minimum < 0 {
		problems.Add(path+".minimum", "too_small", "0")
	}
	switch {
	case c.Maximum < 1:
		problems.Add(path+".maximum", "too_small", "1")
	case c.Maximum < c.Minimum:
		problems.Add(path+".maximum", "too_small", strconv.FormatInt(int64(c.Minimum), 10))
	case c.Maximum > mostCents:
		problems.Add(path+".maximum", "too_large", strconv.FormatInt(int64(mostCents), 10))
	}
	if c.Maintenance < 0 {
		problems.Add(path+".maintenance", "too_small", "0")
	} else if sum, err := c.Maximum.Add(c.Maintenance); c.Maximum <= mostCents && (err != nil || sum > mostCents) {
		problems.Add(path+".maintenance", "too_large", strconv.FormatInt(int64(mostCents-c.Maximum), 10))
	}
}
