package round

import (
	"time"

	"osbu/domain"
)

// movable tells what keeps the windows from being moved: from the freeze on
// only the vote's, from its opening on only its closing, and never into the
// past or beyond what was promised (zero: nothing yet).
func movable(old, next Times, phase Phase, now, promised time.Time) error {
	var p domain.Problems
	if phase.Reached(Frozen) {
		for name, w := range map[string][2]Window{
			"proposing": {old.Proposing, next.Proposing},
			"vetting":   {old.Vetting, next.Vetting},
		} {
			if !w[0].Equal(w[1]) {
				p.Add("times."+name, "frozen", "")
			}
		}
	}
	if phase == Voting && !now.Before(old.Voting.Opens) && !old.Voting.Opens.Equal(next.Voting.Opens) {
		p.Add("times.voting.opens", "has_opened", "")
	}
	if phase == Voting && !next.Voting.Closes.After(now) && !next.Voting.Closes.Equal(old.Voting.Closes) {
		p.Add("times.voting.closes", "in_past", "")
	}
	if !promised.IsZero() && next.Voting.Closes.After(promised) {
		p.Add("times.voting.closes", "after_promise", promised.Format(time.RFC3339))
	}
	return p.Err()
}

// Equal tells whether both windows open and close at the same moments.
func (w Window) Equal(o Window) bool { return w.Opens.Equal(o.Opens) && w.Closes.Equal(o.Closes) }
