package polling

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/roll"
)

// Found is what an officer is told of a person.
type Found struct {
	roll.Finding

	Code  string    // to vote with at this place's kiosks; empty: none was asked for, or none is of use
	Until time.Time // the code's, to be typed by then
}

// LookUp finds somebody on the roll by the identity code that the officer reads
// from her document; it is matched and thrown away. give asks for a kiosk code
// in the same breath, if a right is left. Who looks leaves a trace. Closed
// while no votes are taken; CodeGiven if another place's code for her is good
// still.
func (s *Service) LookUp(ctx context.Context, actor domain.Actor, id string, place int64, identityCode string,
	document Document, give bool, help What,
) (found Found, err error) {
	if err := s.admit(ctx, actor, id, place); err != nil {
		return found, err
	}
	holder, err := s.c.Roll.Refer(identityCode)
	if err != nil {
		return found, err
	}
	code, ref, err := s.c.Roll.DrawKioskCode(id)
	if err != nil {
		return found, err
	}
	err = s.c.Store.LookUp(ctx, id, place, actor.ID, holder, func(w Working, st roll.State) (Trace, error) {
		found = Found{}
		if err := w.permit(actor); err != nil {
			return Trace{}, err
		}
		if err := w.Round.TakesVotes(w.Now); err != nil {
			return Trace{}, err
		}
		found.Finding = s.c.Roll.Find(st)
		t := Trace{
			Day: s.day(w.Now), Person: s.c.Roll.Trace(id, holder), Document: document, Found: found.word(), Help: help,
		}
		if give && len(found.Left) > 0 {
			found.Code, found.Until = code, w.Now.Add(roll.LastsToKiosk)
			t.Code, t.Until = ref, found.Until
		}
		return t, nil
	})
	if err != nil {
		return Found{}, err
	}
	return found, nil
}

// word is what the trace says was found.
func (f Found) word() string {
	switch {
	case f.Refusal != "":
		return string(f.Refusal)
	case len(f.Left) == 0:
		return "used"
	}
	return "may_vote"
}

// day is the moment's in the city's calendar, as midnight UTC.
func (s *Service) day(now time.Time) time.Time {
	year, month, day := now.In(s.c.TimeZone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Given refuses a code while another one is good.
func Given() error {
	return domain.Fail(domain.Conflict, CodeGiven,
		"another place gave this person a code a moment ago: it has to be used, or to run out, first")
}
