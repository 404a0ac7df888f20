package proposal

import (
	"context"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/round"
)

// List says which proposals, from where on, and how many.
type List struct {
	Areas      []string // nil: all
	Theme      string
	States     []State    // nil: all
	Words      string     // search
	Author     int64      // that account's, private ones included; 0: public ones
	Follower   int64      // those that this account follows
	TakenBy    int64      // facilitator's account
	Free       bool       // nobody's
	Older      int        // submitted at least so many days ago; 0: whenever
	Assisted   bool       // entered for others and not claimed, drafts included
	Late       bool       // beyond the deadline of a question or, in divisions' queues, of an estimate
	Divisions  []string   // to one of which it was sent; nil: wherever it is
	Estimation Estimation // empty: any
	ID         int64      // just this one, public or not
	IDs        []int64    // only these; nil: all
	Ascending  bool       // by ID; otherwise newest first
	From       int64      // the last ID of the page before
	Sort       Sort       // instead of by ID; then Offset, and not From, says where the page begins
	Day        string     // whose order is ByDay's, as 2006-01-02 in the city's zone
	Descending bool       // sorted the other way round; what has no value stays last
	Offset     int        // how many come before the page
	Answered   *bool      // only those whose author has answered a question, or was asked none; nil: any
	// Untranslated: only those in one of the city's languages that can be
	// translated now, on the ballot by its own words.
	Untranslated bool
	Named        bool // the words may be part of the name of who began it, too
	Hidden       bool // hidden ones, too, which are their moderators' and experts'
	Everywhere   bool // at the desk: also where the actor works on nothing, as everybody sees it
	Limit        int
}

// Sort is by what a list is sorted; among equals the oldest comes first.
type Sort string

// What residents sort by.
const (
	ByDay       Sort = "day"       // projects first, in the order in which the vote shows them
	ByDiscussed Sort = "discussed" // by the number of comments that everybody reads
)

// What the desk sorts by.
const (
	ByAge      Sort = "age" // since the submission
	ByNumber   Sort = "number"
	ByTitle    Sort = "title"
	ByArea     Sort = "area"  // in the order of the round's settings
	ByTheme    Sort = "theme" // likewise
	ByState    Sort = "state" // in the order of a proposal's life
	ByDeadline Sort = "deadline"
	ByHandler  Sort = "handler"
	ByEstimate Sort = "estimate" // the maximum of the latest
	ByChecks   Sort = "checks"   // how many are answered
)

// Search finds proposals by what they say, and tells whether a list is still
// the one that was read.
type Search interface {
	// Similar are at most three public proposals, neither withdrawn nor
	// rejected, whose titles or texts share most of the words, the likest
	// first: one query without a lock.
	Similar(ctx context.Context, round, words string) ([]Proposal, error)
	// Fingerprint is another one whenever a proposal that matches comes, goes,
	// changes, or gets another number on the ballot: one query without a lock.
	Fingerprint(ctx context.Context, round string, list List) (string, error)
}

// Config wires the service.
type Config struct {
	Access
	Search     Search
	Colleagues Colleagues
	Estimates  Estimates
}

// Service is the life of proposals, from a draft to the decision.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Draft starts a proposal that only its author sees.
func (s *Service) Draft(ctx context.Context, actor domain.Actor, roundID string, t Text) (View, error) {
	var r round.At
	p, err := s.c.Store.AddProposal(ctx, roundID, func(held round.At) (Proposal, Change, error) {
		r = held
		if err := r.VisibleTo(actor); err != nil {
			return Proposal{}, Change{}, err
		}
		if err := actor.SignedIn(); err != nil {
			return Proposal{}, Change{}, err
		}
		if !r.TakesProposals(r.Now) {
			return Proposal{}, Change{}, domain.Fail(
				domain.Closed,
				domain.CodePhase,
				"round %s takes no proposals now",
				r.ID,
			)
		}
		var problems domain.Problems
		p := Proposal{
			Round:     r.ID,
			State:     Draft,
			Version:   1,
			Text:      t.Clean(r.Settings, s.c.City, &problems, ""),
			Author:    PersonOf(actor),
			Channel:   Online,
			UpdatedAt: r.Now,
		}
		return p, NewChange(actor, ToDraft), problems.Err()
	})
	if err != nil {
		return View{}, err
	}
	return p.For(actor, r), nil
}

// Edit saves the author's text over the version that she edited, and for a
// proposal in both languages its Swedish words; nil keeps them. A save that
// changes nothing makes no version.
func (s *Service) Edit(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	version int,
	t Text,
	swedish *Words,
) (View, error) {
	return s.c.Change(ctx, actor, roundID, id, ToEdit, func(r round.At, p *Proposal, c *Change) error {
		var problems domain.Problems
		t, words := t.Clean(r.Settings, s.c.City, &problems, "text."), p.Swedish
		switch {
		case words != Words{}:
			t.Language = p.Text.Language // the other of the two is kept apart
			if swedish != nil {
				words = swedish.Clean(&problems, "swedish.")
			}
		case swedish != nil:
			problems.Add("swedish", "not_allowed", "")
		}
		if p.State != Draft {
			t.Complete(r.Settings, &problems, "text.")
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if p.Text.equal(t) && p.Swedish == words {
			c.Action = ""
			return nil
		}
		if err := p.Newest(version); err != nil {
			return err
		}
		before := *p
		p.Text, p.Swedish = t, words
		p.rewritten(before)
		return nil
	})
}

// Submit hands the draft, or the answer to a question, to the facilitators; a
// draft to the one of its area who has the least to do.
func (s *Service) Submit(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
	if err != nil {
		return View{}, err
	}
	return s.c.Change(
		ctx,
		actor,
		roundID,
		id,
		ToSubmit,
		func(r round.At, p *Proposal, c *Change) error {
			switch p.State {
			case NeedsInformation:
				c.Notification, p.AnswerBy = post.Replied, time.Time{}
			case Draft:
				p.Facilitator = Route(*p, colleagues)
			}
			var problems domain.Problems
			if p.KeptBy(actor) && p.Assistance.Consent == (Consent{}) {
				problems.Add("consent", "required", "")
			}
			p.Text.Clean(r.Settings, s.c.City, &problems, "") // an area or theme may have gone since
			p.Text.Complete(r.Settings, &problems, "")
			p.described(&problems)
			return problems.Err()
		},
	)
}

// Withdraw takes the proposal back.
func (s *Service) Withdraw(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	return s.c.Change(
		ctx,
		actor,
		roundID,
		id,
		ToWithdraw,
		func(r round.At, p *Proposal, c *Change) error {
			if !p.Public() {
				c.Notification = ""
			}
			if !r.Phase.Reached(round.Frozen) {
				p.Project = 0
			}
			return nil
		},
	)
}

// Get is one proposal; one that the actor may not see does not exist.
func (s *Service) Get(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return View{}, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err != nil {
		return View{}, err
	}
	return s.withEstimates(ctx, p.For(actor, r))
}

// withEstimates adds the published estimate.
func (s *Service) withEstimates(ctx context.Context, v View) (View, error) {
	current, err := s.c.Estimates.Current(ctx, true, v.ID)
	if err != nil {
		return View{}, err
	}
	if e, ok := current[v.ID]; ok {
		public := e.Public()
		v.Estimate = &public
	}
	return v, nil
}

// Versions are every version, oldest first: to others than the authors those
// since the submission; the question, the appeal and which expert estimated to
// staff alone.
func (s *Service) Versions(ctx context.Context, actor domain.Actor, roundID string, id int64) ([]Version, error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err != nil {
		return nil, err
	}
	all, err := s.c.Store.Versions(ctx, id)
	if err != nil {
		return all, err
	}
	if !p.Mine(actor) && !p.ModeratedBy(actor) {
		p.unsaid(all)
	}
	visible := make([]Version, 0, len(all))
	for _, v := range all {
		if v.Action == ToEstimate && !actor.Staff() {
			v.By = Person{}
		}
		if p.Mine(actor) {
			visible = append(visible, v)
			continue
		}
		if v.State == Draft {
			continue
		}
		inner := []Action{ToAsk, ToAppeal, ToAskMerge, ToAskSplit, ToEdit, ToCorrect, ToHide}
		if slices.Contains(inner, v.Action) && !actor.Staff() {
			v.Reason = ""
		}
		visible = append(visible, v)
	}
	return visible, nil
}

// Whose tells which list is meant.
type Whose string

// The lists: everybody's, the actor's own with drafts, and what she follows.
const (
	Everybodys Whose = ""
	Mine       Whose = "mine"
	Followed   Whose = "followed"
)

// List is a page of proposals, the newest first, or the best where words are
// searched.
func (s *Service) List(ctx context.Context, actor domain.Actor, roundID string, list List, whose Whose) (Page, error) {
	if whose != Everybodys && actor.Anonymous() {
		return Page{}, actor.SignedIn()
	}
	list.Author, list.Follower, list.Ascending = 0, 0, false
	switch whose {
	case Mine:
		list.Author = actor.ID
	case Followed:
		list.Follower = actor.ID
	}
	return s.c.Page(ctx, actor, roundID, list)
}
