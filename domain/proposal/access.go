package proposal

import (
	"context"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Rounds knows the rounds.
type Rounds interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
}

// Store keeps proposals and their versions.
type Store interface {
	// AddProposal calls build with the round and the database's clock, and
	// stores the proposal and its first version. The round is held in share
	// mode, so that it cannot be frozen meanwhile; all in one transaction. What
	// build refuses is stored nowhere. Twice makes two.
	AddProposal(
		ctx context.Context,
		round string,
		build func(round.At) (Proposal, Change, error),
	) (Proposal, error)
	// ChangeProposal calls change with the proposal, the round and the
	// database's clock, and stores what it made of the proposal, with a version
	// and the e-mails that tell of it; a project whose number became 0 leaves
	// the ballot, and a translation is in its project, too. The proposal is locked
	// and its round held against a freeze; all in one transaction. NotFound if the
	// round has no such proposal. A Change without an action stores nothing.
	ChangeProposal(
		ctx context.Context,
		round string,
		id int64,
		change func(round.At, *Proposal) (Change, error),
	) (Proposal, error)
	// Proposals are those that match, in the order of the list or, where words
	// are searched, the best first, and how many match on all pages: a few
	// queries without a lock, however many rows.
	Proposals(ctx context.Context, round string, list List) ([]Proposal, int, error)
	// Versions are a proposal's versions, oldest first: one query.
	Versions(ctx context.Context, id int64) ([]Version, error)
}

// Access is how every feature reaches the rounds and their proposals, as one
// actor may see them.
type Access struct {
	Rounds   Rounds
	Store    Store
	City     domain.Extent  // where proposals can have their point
	TimeZone *time.Location // in which days begin and end
}

// Round is the round and the database's clock; a draft of a round exists for
// officials only.
func (a Access) Round(ctx context.Context, actor domain.Actor, id string) (round.At, error) {
	r, err := a.Rounds.Round(ctx, id)
	if err == nil {
		err = r.VisibleTo(actor)
	}
	return r, err
}

// Find is the proposal, or NotFound if the actor may not know of it.
func (a Access) Find(ctx context.Context, actor domain.Actor, r round.Round, id int64) (Proposal, error) {
	found, _, err := a.Store.Proposals(ctx, r.ID, List{ID: id, Limit: 1})
	if err != nil {
		return Proposal{}, err
	}
	if len(found) == 0 || !found[0].VisibleTo(actor) {
		return Proposal{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", id, r.ID)
	}
	return found[0], nil
}

// Own finds a proposal that the actor is an author of. Others' are Forbidden,
// and drafts of others do not exist.
func (a Access) Own(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
) (round.Round, Proposal, error) {
	r, err := a.Round(ctx, actor, roundID)
	if err != nil {
		return r.Round, Proposal{}, err
	}
	if err := actor.SignedIn(); err != nil {
		return r.Round, Proposal{}, err
	}
	p, err := a.Find(ctx, actor, r.Round, id)
	if err == nil && !p.Mine(actor) {
		err = domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "proposal %d has other authors", id)
	}
	return r.Round, p, err
}

// Page is a part of a list.
type Page struct {
	Proposals []View
	Total     int   // on all pages
	Next      int64 // 0 on the last page
}

// Page is the part of the list that begins after list.From, as the actor sees
// it.
func (a Access) Page(ctx context.Context, actor domain.Actor, roundID string, list List) (Page, error) {
	r, err := a.Round(ctx, actor, roundID)
	if err != nil {
		return Page{}, err
	}
	list.Day = r.Now.In(a.TimeZone).Format(time.DateOnly)
	wanted := list.Limit
	list.Limit++ // one more tells whether there is a next page
	found, total, err := a.Store.Proposals(ctx, r.ID, list)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: total, Proposals: make([]View, 0, min(wanted, len(found)))}
	for i, p := range found {
		if i == wanted {
			page.Next = found[i-1].ID
			if list.Sort != "" {
				page.Next = int64(list.Offset + wanted)
			}
			break
		}
		page.Proposals = append(page.Proposals, p.For(actor, r))
	}
	return page, nil
}

// Change finds the rule that permits the action and applies it; do may refuse,
// and fills in what the action brings along. If do takes the action out of the
// change, nothing is stored.
func (a Access) Change(ctx context.Context, actor domain.Actor, roundID string, id int64, action Action,
	do func(round.At, *Proposal, *Change) error,
) (View, error) {
	var r round.At
	p, err := a.Store.ChangeProposal(
		ctx,
		roundID,
		id,
		func(held round.At, p *Proposal) (Change, error) {
			if err := held.VisibleTo(actor); err != nil {
				return Change{}, err
			}
			if !p.VisibleTo(actor) {
				return Change{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", id, held.ID)
			}
			r = held
			to, err := p.Permit(action, actor, held)
			if err != nil {
				return Change{}, err
			}
			c := NewChange(actor, action)
			if err := do(held, p, &c); err != nil || c.Action == "" {
				return c, err
			}
			p.State = to
			if p.State == Submitted && p.SubmittedAt.IsZero() {
				p.SubmittedAt = held.Now
			}
			p.Version++
			p.UpdatedAt = held.Now
			return c, nil
		},
	)
	if err != nil {
		return View{}, err
	}
	return p.For(actor, r), nil
}

// Deadline is the moment given, at most so many days from now, or else the end
// of the last of the usual days, but not after the vetting closes. It notes
// under path what is wrong with the moment given.
func (a Access) Deadline(
	now, given, closes time.Time,
	path string,
	usual, most int,
	problems *domain.Problems,
) time.Time {
	if given.IsZero() {
		year, month, day := now.In(a.TimeZone).Date()
		until := time.Date(year, month, day+usual, 23, 59, 0, 0, a.TimeZone)
		if closes.After(now) && closes.Before(until) {
			return closes
		}
		return until
	}
	switch {
	case !given.After(now):
		problems.Add(path, "too_small", now.UTC().Format(time.RFC3339))
	case given.After(now.AddDate(0, 0, most)):
		problems.Add(path, "too_large", strconv.Itoa(most))
	}
	return given
}
