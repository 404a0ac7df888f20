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

// numbers is nil if the papers' numbers fit together, no paper has more ballots
// than credentials, or more sheets than rights that were spent on paper, and
// every one of these is some batch's.
func (v *verifying) numbers() error {
	ballots, sheets := map[string]int{}, map[string]int{}
	for _, a := range v.Published.Areas {
		ballots[paperOf(v.Manifest, a.Area).ID] += a.Ballots
		sheets[paperOf(v.Manifest, a.Area).ID] += a.Sheets
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
			{"sheets", p.Sheets},
			{"void", p.Void},
		}); err != nil {
			return err
		}
		wrong := func(field, format string, args ...any) error {
			return v.wrong(at+field, "paper %s: %s", p.Paper, fmt.Sprintf(format, args...))
		}
		cast := p.Ballots - p.Sheets + p.Void // with a credential
		switch s := (Spent{p.Online, p.Assisted, p.OnPaper, p.Replaced}); {
		case s.Rights() > p.Rights:
			return wrong("rights", "%d rights were spent, but there were only %d", s.Rights(), p.Rights)
		case s.Credentials() != p.Credentials:
			return wrong("credentials", "%d credentials, but online, assisted and replaced are %d", p.Credentials,
				s.Credentials())
		case ballots[p.Paper] != p.Ballots:
			return wrong("ballots", "%d ballots, but its areas have %d", p.Ballots, ballots[p.Paper])
		case sheets[p.Paper] != p.Sheets:
			return wrong("sheets", "%d sheets of paper, but its areas have %d", p.Sheets, sheets[p.Paper])
		case p.Sheets > p.OnPaper:
			return wrong("sheets", "%d sheets of paper, but only %d rights were spent on paper", p.Sheets, p.OnPaper)
		case cast > p.Credentials:
			return wrong("ballots", "%d ballots, but only %d credentials were issued", cast, p.Credentials)
		case p.Difference != p.Credentials-cast:
			return wrong("difference", "%d credentials and %d ballots do not differ by %d", p.Credentials, cast,
				p.Difference)
		}
	}
	return v.marked()
}
