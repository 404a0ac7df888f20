package ballot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"osbu/domain"
)

// Vote is what a ballot says of projects.
type Vote struct {
	Kind    string // Picks, Points or Ranking
	Choices []int  // numbers of projects, each once, ascending, or of a ranking the best first; none: a blank ballot
	Points  []int  // of Points alone: what each of Choices is given
}

// Picks is the kind of vote in which every choice is worth the same: on papers
// of the forms Approval and Knapsack.
const Picks = ""

// What the canonical bytes can hold.
const (
	MaxChoices = 1000
	MaxNumber  = 999_999 // of a project
	MaxPoints  = 100_000 // for one project, and in all
	// MaxPointed is how many projects can have points: with them, too, the
	// longest ballot stays below MostPadded.
	MaxPointed = 500
)

// word begins the line of a ballot's text that has the vote.
func (v Vote) word() string {
	if v.Kind == Picks {
		return "choices"
	}
	return v.Kind
}

// Append writes the vote as texts have it: a space before each choice, and of
// points a colon and what it is given after it. A blank one has nothing.
func (v Vote) Append(to []byte) []byte {
	for i, c := range v.Choices {
		to = strconv.AppendInt(append(to, ' '), int64(c), 10)
		if v.Kind == Points {
			to = strconv.AppendInt(append(to, ':'), int64(v.Points[i]), 10)
		}
	}
	return to
}

// ParseVote reads what Append has written, and more: whoever wants one spelling
// alone writes it again and compares.
func ParseVote(kind, text string) (Vote, error) {
	v := Vote{Kind: kind}
	if text == "" {
		return v, nil
	}
	bad := func() (Vote, error) {
		return Vote{}, domain.Fail(domain.Invalid, CodeInvalid, "%s are not canonical", v.word())
	}
	words := strings.Split(text, " ")
	if words[0] != "" || len(words) > MaxChoices+1 {
		return bad()
	}
	v.Choices = make([]int, 0, len(words)-1)
	for _, word := range words[1:] {
		number, points, _ := strings.Cut(word, ":")
		n, err := strconv.Atoi(number)
		if err != nil {
			return bad()
		}
		v.Choices = append(v.Choices, n)
		if kind == Points {
			if n, err = strconv.Atoi(points); err != nil {
				return bad()
			}
			v.Points = append(v.Points, n)
		}
	}
	return v, nil
}

func (v Vote) check() error {
	most := MaxChoices
	switch v.Kind {
	case Picks, Ranking:
		if len(v.Points) > 0 {
			return domain.Fail(domain.Invalid, CodeInvalid, "points, and none are given")
		}
	case Points:
		most = MaxPointed
		if len(v.Points) != len(v.Choices) {
			return domain.Fail(domain.Invalid, CodeInvalid, "not each choice has its points")
		}
		for _, n := range v.Points {
			if n < 1 || n > MaxPoints {
				return domain.Fail(domain.Invalid, CodeInvalid, "points are not from 1 to %d", MaxPoints)
			}
		}
	default:
		return domain.Fail(domain.Invalid, CodeInvalid, "unknown kind of vote")
	}
	if len(v.Choices) > most {
		return domain.Fail(domain.Invalid, CodeInvalid, "more than %d choices", most)
	}
	numbers := v.Choices
	if v.Kind == Ranking {
		numbers = slices.Sorted(slices.Values(v.Choices))
	}
	before := 0
	for _, c := range numbers {
		if c <= before || c > MaxNumber {
			return domain.Fail(
				domain.Invalid,
				CodeInvalid,
				"choices are not different numbers from 1 to %d in their order",
				MaxNumber,
			)
		}
		before = c
	}
	return nil
}

// Compare orders votes: by their choices, number by number, a shorter list
// first, then likewise by their points.
func (v Vote) Compare(w Vote) int {
	return cmp.Or(slices.Compare(v.Choices, w.Choices), slices.Compare(v.Points, w.Points))
}
