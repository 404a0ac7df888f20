package record

import "fmt"

// field is one of outcome.json that counts something.
type field struct {
	name  string
	value int
}

// within is nil if no count of an object of outcome.json is below 0 or above
// what sums have room for.
func (v *verifying) within(at string, counts []field) error {
	for _, c := range counts {
		if c.value < 0 || c.value > largestCount {
			return v.wrong(at+c.name, "%s is %d, want 0 to %d", c.name, c.value, largestCount)
		}
	}
	return nil
}

// numbers is nil if the papers' numbers fit together, and no paper has more
// ballots than credentials.
func (v *verifying) numbers() error {
	ballots := map[string]int{}
	for _, a := range v.Published.Areas {
		ballots[paperOf(v.Manifest, a.Area).ID] += a.Ballots
	}
	for i, p := range v.Published.Papers {
		at := fmt.Sprintf("papers/%d/", i)
		if err := v.within(at, []field{
			{"rights", p.Rights},
			{"online", p.Online},
			{"assisted", p.Assisted},
			{"on_paper", p.OnPaper},
			{"replaced", p.Replaced},
			{"credentials", p.Credentials},
			{"ballots", p.Ballots},
			{"void", p.Void},
		}); err != nil {
			return err
		}
		wrong := func(field, format string, args ...any) error {
			return v.wrong(at+field, "paper %s: %s", p.Paper, fmt.Sprintf(format, args...))
		}
		switch s := (Spent{p.Online, p.Assisted, p.OnPaper, p.Replaced}); {
		case s.Rights() > p.Rights:
			return wrong("rights", "%d rights were spent, but there were only %d", s.Rights(), p.Rights)
		case s.Credentials() != p.Credentials:
			return wrong("credentials", "%d credentials, but online, assisted and replaced are %d", p.Credentials,
				s.Credentials())
		case ballots[p.Paper] != p.Ballots:
			return wrong("ballots", "%d ballots, but its areas have %d", p.Ballots, ballots[p.Paper])
		case p.Ballots+p.Void > p.Credentials:
			return wrong("ballots", "%d ballots, but only %d credentials were issued", p.Ballots+p.Void, p.Credentials)
		case p.Difference != p.Credentials-p.Ballots-p.Void:
			return wrong("difference", "%d credentials and %d ballots do not differ by %d", p.Credentials, p.Ballots+p.Void,
				p.Difference)
		}
	}
	return nil
}
