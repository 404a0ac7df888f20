package polling

import (
	"context"
	"slices"

	"osbu/domain"
	"osbu/domain/roll"
)

// Marked is what an officer is told who gives out sheets of paper.
type Marked struct {
	roll.Finding

	Papers []string // whose right is marked now: she gets a sheet of each
}

// MarkPaper finds somebody on the roll as LookUp does and marks her rights as
// used on paper: those to the papers that are named, or with none named all
// that are left. From then on she votes with these sheets and no other way. Of
// two officers at once, at whatever places, one is told that it was used.
func (s *Service) MarkPaper(ctx context.Context, actor domain.Actor, id string, place int64, identityCode string,
	document Document, papers []string,
) (marked Marked, err error) {
	if err := s.admit(ctx, actor, id, place); err != nil {
		return marked, err
	}
	holder, err := s.c.Roll.Refer(identityCode)
	if err != nil {
		return marked, err
	}
	done, err := s.c.Store.MarkPaper(ctx, id, place, actor.ID, holder, func(w Working, st roll.State) (
		Trace, []string, error,
	) {
		marked = Marked{}
		if err := w.givesPaper(actor, papers); err != nil {
			return Trace{}, nil, err
		}
		marked.Finding = s.c.Roll.Find(st)
		take := marked.Left
		if len(papers) > 0 {
			take = slices.DeleteFunc(slices.Clone(take), func(paper string) bool { return !slices.Contains(papers, paper) })
		}
		t := Trace{
			Day: s.day(w.Now), Person: s.c.Roll.Trace(id, holder), Document: document,
			Found: Found{Finding: marked.Finding}.word(),
		}
		if len(take) > 0 {
			t.Found = "marked"
		} else if marked.Refusal == "" {
			t.Found = "used"
		}
		return t, take, nil
	})
	if err != nil {
		return Marked{}, err
	}
	marked.Papers = done
	marked.Left = slices.DeleteFunc(marked.Left, func(paper string) bool { return slices.Contains(done, paper) })
	s.c.Roll.MarkedOnPaper(id, done)
	return marked, nil
}

// UndoPaper takes marks back while the sheet is still in the voter's hands: it
// was spoiled and she gets another one, or she hands it back, or it was marked
// for somebody else. Only where it was marked, and on that day.
func (s *Service) UndoPaper(ctx context.Context, actor domain.Actor, id string, place int64, identityCode string,
	document Document, papers []string, reason What,
) error {
	if err := s.admit(ctx, actor, id, place); err != nil {
		return err
	}
	holder, err := s.c.Roll.Refer(identityCode)
	if err != nil {
		return err
	}
	return s.c.Store.UndoPaper(ctx, id, place, actor.ID, holder, func(w Working, st roll.State) (
		Trace, []string, error,
	) {
		if err := w.givesPaper(actor, papers); err != nil {
			return Trace{}, nil, err
		}
		today, take := s.day(w.Now), slices.Clone(papers)
		if len(take) == 0 {
			for _, right := range st.Spent {
				if right.Channel == roll.Paper && right.Place == place && right.Day.Equal(today) {
					take = append(take, right.Paper)
				}
			}
		}
		if len(take) == 0 {
			return Trace{}, nil, NotMarked()
		}
		return Trace{
			Day: today, Person: s.c.Roll.Trace(id, holder), Document: document, Found: "undone", Reason: reason,
		}, take, nil
	})
}

// NotMarked refuses to take back a mark that is not this place's of today. How
// else the right was used is not told.
func NotMarked() error {
	return domain.Fail(domain.Conflict, CodeNotMarked, "nothing was marked as paper for this person here today")
}

// givesPaper is nil if the actor may mark rights to these papers now, or take
// marks back.
func (w Working) givesPaper(actor domain.Actor, papers []string) error {
	if err := w.permit(actor); err != nil {
		return err
	}
	if err := w.Round.TakesVotes(w.Now); err != nil {
		return err
	}
	for _, paper := range papers {
		if _, ok := w.Round.Settings.Paper(paper); !ok {
			return domain.Fail(domain.NotFound, domain.CodeNotFound, "no paper %s", paper)
		}
	}
	return nil
}
