// Package discussion is what people say of public proposals, and what is
// reported and hidden of it.
package discussion

import (
	"cmp"
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Comment is what somebody says of a public proposal.
type Comment struct {
	ID       int64
	Proposal int64
	ReplyTo  int64           // the first comment of its thread; 0: it begins one
	Author   proposal.Person // by the account's present name
	Staff    bool            // wrote in office
	Text     string
	Language domain.Language
	At       time.Time
	Hidden   Fault  // why it is hidden; empty: everybody reads it
	Note     string // the moderator's to its author
	Reports  int    // not settled; the moderators' to know
	Reported bool   // by the one who reads
	// Of a list for moderators: the title of the proposal, and what the comment
	// is reported for.
	Title  string
	Faults []Fault
}

// Fault is what is wrong with a comment.
type Fault = proposal.Fault

// Lengths in characters.
const (
	maxComment       = 2000
	maxModeratorNote = 500
)

// CodePace refuses the comments of somebody who writes too many, in whatever
// language.
const CodePace domain.Code = "too_many_comments"

// Pace is so many in a period; none is no limit.
type Pace struct {
	Most int
	Per  time.Duration
}

// Action is what somebody does to a comment.
type Action string

// The actions.
const (
	ToErase  Action = "erase"
	ToReport Action = "report"
	ToHide   Action = "hide"
	ToKeep   Action = "keep"
)

// View is a comment as one actor sees it.
type View struct {
	Comment
	Mine bool
	May  []Action
}

// Store keeps comments and reports of them.
type Store interface {
	// AddComment calls build with the round, the database's clock, the proposal,
	// the comment that is answered (nil: none) and how many comments the author
	// wrote since the window began, and stores the comment. The proposal and its
	// round are held in share mode, so that neither changes meanwhile, and the
	// author's account is locked, so that two of her comments are counted one
	// after the other; all in one transaction. The one that is answered stays as
	// it is meanwhile. NotFound if the round has no such proposal, or the proposal
	// no such comment. Twice says it twice.
	AddComment(
		ctx context.Context,
		round string,
		proposal, author, replyTo int64,
		window time.Duration,
		build func(round.At, proposal.Proposal, *Comment, int) (Comment, error),
	) (Comment, error)
	// ChangeComment calls change with the comment, its proposal and the round,
	// and stores what it made of the comment, as the actor with that account.
	// The comment is locked; all in one transaction. NotFound if the round has
	// no such comment.
	ChangeComment(
		ctx context.Context,
		round string,
		id, account int64,
		change func(round.Round, proposal.Proposal, *Comment) (Change, error),
	) error
	// Comments are a proposal's after that ID, thread by thread and oldest
	// first: all of them, or those that are not hidden from the reader. One query
	// without a lock.
	Comments(ctx context.Context, proposal, reader int64, all bool, after int64, limit int) ([]Comment, error)
	// Reported are the comments of the areas (nil: all) with reports that are
	// not settled or, if hidden is set, those that are hidden; the oldest first,
	// with what they are reported for and the title of what they are about: one
	// query without a lock.
	Reported(ctx context.Context, round string, areas []string, hidden bool, limit int) ([]Comment, error)
	// ReportProposal calls permit with the proposal and its round, and stores
	// that the account finds it improper; once counts.
	ReportProposal(
		ctx context.Context,
		round string,
		id, account int64,
		fault Fault,
		permit func(round.Round, proposal.Proposal) error,
	) error
	// SettleProposal settles its reports.
	SettleProposal(ctx context.Context, round string, id int64) error
	// ReportedProposals are the proposals of the areas (nil: all) with reports
	// that are not settled, and what for; if hidden is set, those that are
	// hidden. The oldest first, in one query without a lock.
	ReportedProposals(
		ctx context.Context,
		round string,
		areas []string,
		hidden bool,
		limit int,
	) ([]ReportedProposal, error)
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store Store
	Pace  Pace // of one person's comments
}

// Service is what people say of public proposals.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Change says what was done besides hiding or showing.
type Change struct {
	Report Fault // by the actor; once counts
	Settle bool  // all reports
	Erase  bool
	Audit  *round.Entry
}

// seen is nil if the actor may read the comment: the hidden ones are their
// authors' and the moderators'.
func (c Comment) seen(actor domain.Actor, r round.Round, p proposal.Proposal) error {
	if p.OpenTo(actor, r) != nil || c.Hidden != "" && !c.mine(actor) && !p.ModeratedBy(actor) {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no comment %d in %s", c.ID, r.ID)
	}
	return nil
}

func (c Comment) mine(actor domain.Actor) bool { return !actor.Anonymous() && c.Author.ID == actor.ID }

// permit is nil if the actor may do it now. Moderation does not end with any
// phase.
func (c Comment) permit(action Action, actor domain.Actor, r round.Round, p proposal.Proposal) error {
	if err := actor.SignedIn(); err != nil {
		return err
	}
	if err := c.seen(actor, r, p); err != nil {
		return err
	}
	allowed, fits := false, true
	switch action {
	case ToErase:
		allowed = c.mine(actor)
	case ToReport:
		allowed, fits = !c.mine(actor), c.Hidden == ""
	case ToHide:
		allowed, fits = p.ModeratedBy(actor) && !c.mine(actor), c.Hidden == ""
	case ToKeep:
		allowed, fits = p.ModeratedBy(actor) && !c.mine(actor), c.Hidden != "" || c.Reports > 0
	}
	switch {
	case !allowed:
		return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "this actor may not %s comment %d", action, c.ID)
	case !fits:
		return domain.Fail(domain.Conflict, proposal.CodeState, "comment %d has been hidden or kept already", c.ID)
	}
	return nil
}

// For is the comment as the actor sees it.
func (c Comment) For(actor domain.Actor, r round.Round, p proposal.Proposal) View {
	v := View{Comment: c, Mine: c.mine(actor), May: []Action{}}
	for _, action := range []Action{ToErase, ToReport, ToHide, ToKeep} {
		if c.permit(action, actor, r, p) == nil && !(action == ToReport && c.Reported) {
			v.May = append(v.May, action)
		}
	}
	if !p.ModeratedBy(actor) {
		v.Reports = 0
	}
	return v
}

// takesComments: from the submission until the freeze. Then the discussion
// rests: what people choose from stands still, and no thread pulls at it. Of
// what is funded they ask and answer again while it is being built.
func takesComments(p proposal.Proposal, r round.Round) bool {
	return r.TakesVetting() && p.State != proposal.Withdrawn ||
		r.Phase == round.Delivering && p.State == proposal.Selected
}

// Page is a page of a proposal's comments.
type Page struct {
	Comments []View
	Open     bool  // for more
	Next     int64 // 0 on the last page
}

// Read is what people say of a public proposal, after a comment's ID: the
// oldest thread first, and in it the oldest first.
func (s *Service) Read(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id, after int64,
	limit int,
) (Page, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return Page{}, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err != nil {
		return Page{}, err
	}
	d := Page{Comments: []View{}, Open: p.Public() && takesComments(p, r.Round)}
	if !p.Public() {
		return d, nil
	}
	found, err := s.c.Store.Comments(
		ctx,
		id,
		actor.ID,
		p.ModeratedBy(actor),
		after,
		limit+1,
	) // one more tells whether there is a next page
	if err != nil {
		return Page{}, err
	}
	for i, c := range found {
		if i == limit {
			d.Next = found[i-1].ID
			break
		}
		d.Comments = append(d.Comments, c.For(actor, r.Round, p))
	}
	return d, nil
}

// Comment adds to the discussion: a comment of its own, or an answer to one (0:
// none). An answer to an answer stands beside it: threads have two levels.
func (s *Service) Comment(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id, replyTo int64,
	text string,
	language domain.Language,
) (View, error) {
	if err := actor.SignedIn(); err != nil {
		return View{}, err
	}
	var r round.Round
	var p proposal.Proposal
	c, err := s.c.Store.AddComment(
		ctx,
		roundID,
		id,
		actor.ID,
		replyTo,
		s.c.Pace.Per,
		func(held round.At, of proposal.Proposal, to *Comment, recent int) (Comment, error) {
			r, p = held.Round, of
			if err := p.OpenTo(actor, r); err != nil {
				return Comment{}, err
			}
			if !takesComments(p, r) {
				return Comment{}, domain.Fail(domain.Closed, domain.CodePhase, "proposal %d takes no comments now", id)
			}
			thread := int64(0)
			if to != nil {
				if err := to.seen(actor, r, p); err != nil {
					return Comment{}, err
				}
				thread = cmp.Or(to.ReplyTo, to.ID)
			}
			var problems domain.Problems
			text := problems.Body("text", text, maxComment)
			if text == "" {
				problems.Add("text", "required", "")
			}
			if err := problems.Err(); err != nil {
				return Comment{}, err
			}
			if s.c.Pace.Most > 0 && recent >= s.c.Pace.Most {
				return Comment{}, domain.Fail(
					domain.Conflict,
					CodePace,
					"at most %d comments in %s: come back later",
					s.c.Pace.Most,
					s.c.Pace.Per,
				)
			}
			return Comment{
				Proposal: id,
				ReplyTo:  thread,
				Author:   proposal.PersonOf(actor),
				Staff:    actor.Staff(),
				Text:     text,
				Language: language,
				At:       held.Now,
			}, nil
		},
	)
	if err != nil {
		return View{}, err
	}
	return c.For(actor, r, p), nil
}
