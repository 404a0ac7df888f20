package event

import (
	"context"

	"osbu/domain"
	"osbu/domain/post"
)

// Letters shows what e-mails say before they are sent.
type Letters interface {
	// Shown is what an e-mail of the notification would say of the subject, in
	// Finnish, Swedish and English, in the round's own words where it has some.
	// Nothing is written.
	Shown(ctx context.Context, n post.Notification, about post.Subject) ([]post.Letter, error)
}

// Moved is whom a change would tell what.
type Moved struct {
	People  int           // who signed up, those who wait as well; 0: nobody is told
	Letters []post.Letter // in Finnish, Swedish and English; none if nobody is told
}

// Preview is what an edit would tell whom, over the version that was edited; it
// refuses what Edit refuses, and changes nothing.
func (s *Service) Preview(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	version int,
	t Text,
) (Moved, error) {
	r, e, err := s.find(ctx, actor, roundID, id)
	if err != nil {
		return Moved{}, err
	}
	if err := e.permit(ToEdit, actor, r.Round); err != nil {
		return Moved{}, err
	}
	// New times get no number that is kept: which one is free does not matter.
	last := 0
	for _, one := range e.Text.Times {
		last = max(last, one.Number)
	}
	c, err := s.edit(actor, r.Round, &e, &last, version, t)
	m := Moved{People: e.Seated + e.Waiting - e.WalkIns}
	if err != nil || c.Notify == "" || m.People == 0 {
		return Moved{}, err
	}
	m.Letters, err = s.c.Letters.Shown(ctx, c.Notify, post.Subject{
		Round: r.ID, RoundName: r.Name, Event: e.ID, Named: e.Text.Title,
		Place: e.Text.Place + ", " + e.Text.Address, Begins: e.Begins(),
	})
	return m, err
}
