package proposal

import (
	"cmp"
	"context"
	"slices"

	"osbu/domain"
	"osbu/domain/round"
)

// OpenTo is nil for a proposal that everybody sees. To its author a draft is
// one in the wrong state; to others it is not there.
func (p Proposal) OpenTo(actor domain.Actor, r round.Round) error {
	switch {
	case r.VisibleTo(actor) != nil || !p.VisibleTo(actor):
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", p.ID, r.ID)
	case !p.Public():
		return domain.Fail(domain.Conflict, CodeState, "proposal %d is %s: only its author sees it", p.ID, p.State)
	}
	return nil
}

// ModeratedBy tells whether the actor may hide what is said and shown beside
// the proposal: the area's facilitator, and officials.
func (p Proposal) ModeratedBy(actor domain.Actor) bool {
	return actor.Is(domain.Official) || actor.Facilitates(p.Text.Area)
}

// HasExpert tells whether the actor is an expert of the division that has the
// proposal, and none of its authors.
func (p Proposal) HasExpert(actor domain.Actor) bool {
	return p.Division != "" && actor.Estimates(p.Division) && !p.Mine(actor)
}

// WorksOn is nil if the actor may look into what staff keep of the area: its
// facilitators and officials write there.
func WorksOn(actor domain.Actor, area string) error {
	switch {
	case actor.Anonymous():
		return actor.SignedIn()
	case actor.Facilitates(area), actor.Is(domain.Official):
		return nil
	}
	return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "the desk of %s is its facilitator's", area)
}

// Colleagues knows who can be given work.
type Colleagues interface {
	// Colleagues are all facilitators by name, with their work in the round:
	// one query without a lock.
	Colleagues(ctx context.Context, round string) ([]Colleague, error)
}

// Colleague is a facilitator, as of her latest sign-in, with the number of
// undecided proposals of the round that are hers.
type Colleague struct {
	Person
	Areas   []string
	Waiting int
}

// Route picks who handles a new proposal: the facilitator of its area with the
// least work, but none of its authors; nobody if there is none.
func Route(p Proposal, colleagues []Colleague) Person {
	var free []Colleague
	for _, c := range colleagues {
		if slices.Contains(c.Areas, p.Text.Area) && !p.WrittenBy(c.ID) {
			free = append(free, c)
		}
	}
	if len(free) == 0 {
		return Person{}
	}
	return slices.MinFunc(free, func(a, b Colleague) int {
		return cmp.Or(cmp.Compare(a.Waiting, b.Waiting), cmp.Compare(a.ID, b.ID))
	}).Person
}

// Newest is nil if nobody has changed the proposal since that version;
// Conflict, domain.CodeEdited, if somebody has.
func (p Proposal) Newest(version int) error {
	if version == p.Version {
		return nil
	}
	return domain.Fail(
		domain.Conflict,
		domain.CodeEdited,
		"version %d was edited, the newest is %d",
		version,
		p.Version,
	)
}
