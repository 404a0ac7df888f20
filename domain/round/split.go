package round

import (
	"cmp"
	"slices"
	"strconv"

	"osbu/domain"
)

// Split divides total among areas by weight (population) in whole euros by
// largest remainder (Hare quota): each gets its quota rounded down, and the
// euros left over go one each to the largest remainders, the earlier area first
// where these are equal. The pots add up to total exactly. Total must be whole
// euros and not negative; the weights must not be negative nor all zero.
func Split(total domain.Cents, weights []int) ([]domain.Cents, error) {
	var problems domain.Problems
	if total < 0 || total%100 != 0 {
		problems.Add("total", "bad_format", "whole euros")
	}
	var sum int64
	for i, w := range weights {
		if w < 0 {
			problems.Add("areas["+strconv.Itoa(i)+"].population", "too_small", "0")
		}
		sum += int64(w)
	}
	if sum <= 0 {
		problems.Add("areas", "required", "population")
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	euros := total / 100
	pots := make([]domain.Cents, len(weights))
	remainders := make([]int64, len(weights))
	order := make([]int, len(weights))
	left := euros
	for i, w := range weights {
		pots[i], remainders[i] = euros.Share(int64(w), sum)
		left -= pots[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for _, i := range order[:left] {
		pots[i]++
	}
	for i := range pots {
		pots[i] *= 100
	}
	return pots, nil
}

// citywideShare is the part of the money that areas of the whole city get
// together: one fifth, as in Helsinki 2020–21.
const citywideShare = 5

// Allot fills in the pots of all areas from one total: citywide areas share one
// fifth of it equally, the others the rest by population.
func (s *Settings) Allot(total domain.Cents) error {
	var weights []int
	citywide := 0
	for _, a := range s.Areas {
		if a.Citywide {
			citywide++
		} else {
			weights = append(weights, a.Population)
		}
	}
	var wide domain.Cents
	switch {
	case citywide == len(s.Areas):
		wide = total
	case citywide > 0:
		wide = total / 100 / citywideShare * 100
	}
	widePots, err := splitEqually(wide, citywide)
	if err != nil {
		return err
	}
	var local []domain.Cents
	if len(weights) > 0 {
		if local, err = Split(total-wide, weights); err != nil {
			return err
		}
	}
	for i := range s.Areas {
		from := &local
		if s.Areas[i].Citywide {
			from = &widePots
		}
		s.Areas[i].Pot, *from = (*from)[0], (*from)[1:]
	}
	return nil
}

func splitEqually(total domain.Cents, n int) ([]domain.Cents, error) {
	if n == 0 {
		return nil, nil
	}
	return Split(total, slices.Repeat([]int{1}, n))
}
