package proposal

import (
	"context"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Comment is what somebody says of a public proposal.
type Comment struct {
	ID       int64
	Proposal int64
	Author   Person // by the account's present name
	Staff    bool   // wrote in office
	Text     string
	Language domain.Language
	At       time.Time
	Hidden   Fault  // why it is hidden; empty: everybody reads it
	Note     string // the moderator's to its author
	Reports  int    // not settled; the moderators' to know
	Reported bool   // by the one who reads
}

// Fault is what is wrong with a comment, in the words of those who report it
// and of those who hide it.
type Fault string

// The faults.
const (
	Offensive    Fault = "offensive"
	PersonalData Fault = "personal_data"
	Advertising  Fault = "advertising"
	OffTopic     Fault = "off_topic"
	OtherFault   Fault = "other"
)

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

// CommentAction is what somebody does to a comment.
type CommentAction string

// The actions.
const (
	ToErase  CommentAction = "erase"
	ToReport CommentAction = "report"
	ToHide   CommentAction = "hide"
	ToKeep   CommentAction = "keep"
)

// CommentView is a comment as one actor sees it.
type CommentView struct {
	Comment
	Mine bool
	May  []CommentAction
}

// CommentStore keeps comments and reports of them.
type CommentStore interface {
	// AddComment lets make decide, with the round held against a freeze and the
	// proposal and the number of comments that the author wrote since the
	// window began; two at once are counted one after the other. NotFound if
	// the round has no such proposal.
	AddComment(
		ctx context.Context,
		round string,
		proposal, author int64,
		window time.Duration,
		make func(round.Round, time.Time, Proposal, int) (Comment, error),
	) (Comment, error)
	// ChangeComment lets change decide under the comment's lock and stores what
	// it made of it, as the actor with that account. NotFound if the round has
	// no such comment.
	ChangeComment(
		ctx context.Context,
		round string,
		id, account int64,
		change func(round.Round, Proposal, *Comment) (CommentChange, error),
	) error
	// Comments are a proposal's after that ID, oldest first: all of them, or
	// those that are not hidden from the reader.
	Comments(ctx context.Context, proposal, reader int64, all bool, after int64, limit int) ([]Comment, error)
	// Reported are the comments of the areas (nil: all) with reports that are
	// not settled, the oldest first.
	Reported(ctx context.Context, round string, areas []string, limit int) ([]Comment, error)
}

// CommentChange says what was done besides hiding or showing.
type CommentChange struct {
	Report Fault // by the actor; once counts
	Settle bool  // all reports
	Erase  bool
	Audit  *round.Entry
}

// seen is nil if the actor may read the comment: the hidden ones are their
// authors' and the moderators'.
func (c Comment) seen(actor domain.Actor, r round.Round, p Proposal) error {
	if p.OpenTo(actor, r) != nil || c.Hidden != "" && !c.mine(actor) && !p.ModeratedBy(actor) {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no comment %d in %s", c.ID, r.ID)
	}
	return nil
}

func (c Comment) mine(actor domain.Actor) bool { return !actor.Anonymous() && c.Author.ID == actor.ID }

// permit is nil if the actor may do it now. Moderation does not end with any
// phase.
func (c Comment) permit(action CommentAction, actor domain.Actor, r round.Round, p Proposal) error {
	if actor.Anonymous() {
		return domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in first")
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
		return domain.Fail(domain.Conflict, CodeState, "comment %d has been hidden or kept already", c.ID)
	}
	return nil
}

// For is the comment as the actor sees it.
func (c Comment) For(actor domain.Actor, r round.Round, p Proposal) CommentView {
	v := CommentView{Comment: c, Mine: c.mine(actor), May: []CommentAction{}}
	for _, action := range []CommentAction{ToErase, ToReport, ToHide, ToKeep} {
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
// rests: what people choose from stands still, and no thread pulls at it.
func (p Proposal) takesComments(r round.Round) bool { return r.TakesVetting() && p.State != Withdrawn }

// Discussion is a page of a proposal's comments.
type Discussion struct {
	Comments []CommentView
	Open     bool  // for more
	Next     int64 // 0 on the last page
}

// Discussion is what people say of a public proposal, oldest first, after a
// comment's ID.
func (s *Service) Discussion(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id, after int64,
	limit int,
) (Discussion, error) {
	r, _, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return Discussion{}, err
	}
	p, err := s.c.Find(ctx, actor, r, id)
	if err != nil {
		return Discussion{}, err
	}
	d := Discussion{Comments: []CommentView{}, Open: p.Public() && p.takesComments(r)}
	if !p.Public() {
		return d, nil
	}
	found, err := s.c.Comments.Comments(
		ctx,
		id,
		actor.ID,
		p.ModeratedBy(actor),
		after,
		limit+1,
	) // one more tells whether there is a next page
	if err != nil {
		return Discussion{}, err
	}
	for i, c := range found {
		if i == limit {
			d.Next = found[i-1].ID
			break
		}
		d.Comments = append(d.Comments, c.For(actor, r, p))
	}
	return d, nil
}

// Comment adds to the discussion.
func (s *Service) Comment(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	text string,
	language domain.Language,
) (CommentView, error) {
	if actor.Anonymous() {
		return CommentView{}, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in to comment")
	}
	var r round.Round
	var p Proposal
	c, err := s.c.Comments.AddComment(
		ctx,
		roundID,
		id,
		actor.ID,
		s.c.Pace.Per,
		func(held round.Round, now time.Time, of Proposal, recent int) (Comment, error) {
			r, p = held, of
			if err := p.OpenTo(actor, r); err != nil {
				return Comment{}, err
			}
			if !p.takesComments(r) {
				return Comment{}, domain.Fail(domain.Closed, domain.CodePhase, "proposal %d takes no comments now", id)
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
				Author:   PersonOf(actor),
				Staff:    actor.Staff(),
				Text:     text,
				Language: language,
				At:       now,
			}, nil
		},
	)
	if err != nil {
		return CommentView{}, err
	}
	return c.For(actor, r, p), nil
}
