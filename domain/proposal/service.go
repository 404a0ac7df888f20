package proposal

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/round"
)

// Rounds knows the rounds.
type Rounds interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.Round, time.Time, error)
}

// Store keeps proposals. A change and its version are stored together or not at
// all.
type Store interface {
	// AddProposal lets make decide, with the round held against a freeze and
	// the database's clock, and stores what it made with its first version.
	AddProposal(
		ctx context.Context,
		round string,
		make func(round.Round, time.Time) (Proposal, Change, error),
	) (Proposal, error)
	// ChangeProposal lets change decide under the proposal's lock, with the
	// round held against a freeze and the database's clock; stores what it made
	// of the proposal with a version, and takes the project off the ballot if
	// Project became 0. A Change without an action stores nothing. NotFound if
	// the round has no such proposal.
	ChangeProposal(
		ctx context.Context,
		round string,
		id int64,
		change func(round.Round, time.Time, *Proposal) (Change, error),
	) (Proposal, error)
	// Proposals are those that match, in the order of the list or, where words
	// are searched, the best first, and how many match on all pages: a few
	// queries, however many rows.
	Proposals(ctx context.Context, round string, list List) ([]Proposal, int, error)
	// Fingerprint is another one whenever a proposal that matches comes, goes,
	// changes, or gets another number on the ballot.
	Fingerprint(ctx context.Context, round string, list List) (string, error)
	// Similar are at most three public proposals, neither withdrawn nor
	// rejected, whose titles or texts share most of the words, the likest
	// first.
	Similar(ctx context.Context, round, words string) ([]Proposal, error)
	// Versions are a proposal's versions, oldest first.
	Versions(ctx context.Context, id int64) ([]Version, error)
}

// BallotStore keeps the projects.
type BallotStore interface {
	// Projects are the round's projects by number; of one area, or of all for
	// "".
	Projects(ctx context.Context, round, area string) ([]Project, error)
	// Project is one project, or NotFound.
	Project(ctx context.Context, round string, number int) (Project, error)
	// ChangeBallot lets change decide under the round's lock and stores what it
	// made of the projects: new ones (with their proposals, if they have none),
	// other numbers, and removed ones, whose proposals become accepted again.
	// It answers with all projects by number.
	ChangeBallot(
		ctx context.Context,
		round string,
		change func(round.Round, time.Time, *Ballot) (Change, error),
	) ([]Project, error)
}

// Change says who did what, and why; staff's decisions are in the round's audit
// log too.
type Change struct {
	By     Person
	Action Action
	Reason string
	Answer domain.Text // public text of a decision
	// Letter is what the author is told of, and of what kind that is; empty:
	// nothing. RemindAt is when she is reminded of a question.
	Letter   post.Matter
	RemindAt time.Time
	Audit    *round.Entry
}

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
	Told       bool       // entered for others and not claimed, drafts included
	Late       bool       // asked for information or, in divisions' queues, waiting for an estimate, and the deadline has passed
	Divisions  []string   // to one of which it was sent; nil: wherever it is
	Estimation Estimation // empty: any
	ID         int64      // just this one, public or not
	IDs        []int64    // only these; nil: all
	Ascending  bool       // by ID; otherwise newest first
	From       int64      // the last ID of the page before
	Limit      int
}

// Config wires the service.
type Config struct {
	Rounds Rounds
	Store  Store
	Ballot BallotStore
	Desk   DeskStore

	Estimates EstimateStore
	Zone      *time.Location // where the day of the projects' order begins

	Coauthors CoauthorStore
	Enquiries EnquiryStore
	Images    ImageStore
	Files     Files // nil: no images are taken
	Sealer    domain.Sealer
	Behalf    BehalfStore
	Pepper    []byte    // keys the hashes of claim codes
	Rand      io.Reader // crypto/rand, or what a test replays
	Merges    MergeStore
	Conflicts ConflictStore

	Interest   InterestStore
	Comments   CommentStore
	Supporters Showing // empty: after the vote
	Pace       Pace    // of one person's comments
}

// Service is what residents, facilitators and officials do with proposals and
// projects.
type Service struct {
	c        Config
	decoding chan struct{} // holds one: pictures are decoded one at a time
}

// New makes the service.
func New(c Config) *Service { return &Service{c, make(chan struct{}, 1)} }

// Draft starts a proposal that only its author sees.
func (s *Service) Draft(ctx context.Context, actor domain.Actor, roundID string, t Text) (View, error) {
	return s.add(ctx, actor, roundID, func(r round.Round, now time.Time) (Proposal, Change, error) {
		if actor.Anonymous() {
			return Proposal{}, Change{}, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in first")
		}
		if !r.TakesProposals(now) {
			return Proposal{}, Change{}, domain.Fail(
				domain.Closed,
				domain.CodePhase,
				"round %s takes no proposals now",
				r.ID,
			)
		}
		var problems domain.Problems
		t := t.clean(r.Settings, &problems, "")
		return Proposal{
				Round:     r.ID,
				State:     Draft,
				Version:   1,
				Text:      t,
				Author:    PersonOf(actor),
				Channel:   Online,
				UpdatedAt: now,
			},
			Change{
				By:     PersonOf(actor),
				Action: ToDraft,
			}, problems.Err()
	})
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
	return s.change(ctx, actor, roundID, id, ToEdit, func(r round.Round, p *Proposal, c *Change) error {
		var problems domain.Problems
		t, words := t.clean(r.Settings, &problems, "text."), p.Swedish
		switch {
		case words != Words{}:
			t.Language = p.Text.Language // the other of the two is kept apart
			if swedish != nil {
				words = swedish.clean(&problems, "swedish.")
			}
		case swedish != nil:
			problems.Add("swedish", "not_allowed", "")
		}
		if p.State != Draft {
			t.complete(r.Settings, &problems, "text.")
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if p.Text.equal(t) && p.Swedish == words {
			c.Action = ""
			return nil
		}
		if version != p.Version {
			return domain.Fail(
				domain.Conflict,
				CodeEdited,
				"version %d was edited, the newest is %d",
				version,
				p.Version,
			)
		}
		p.Text, p.Swedish = t, words
		return nil
	})
}

// Submit hands the draft, or the answer to a question, to the facilitators; a
// draft to the one of its area who has the least to do.
func (s *Service) Submit(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	colleagues, err := s.c.Desk.Colleagues(ctx, roundID)
	if err != nil {
		return View{}, err
	}
	return s.change(ctx, actor, roundID, id, ToSubmit, func(r round.Round, p *Proposal, c *Change) error {
		switch p.State {
		case NeedsInformation:
			c.Letter, p.AnswerBy = post.Replied, time.Time{}
		case Draft:
			p.Facilitator = route(*p, colleagues)
		}
		var problems domain.Problems
		if p.Scribe(actor) && p.Behalf.Consent == (Permission{}) {
			problems.Add("consent", "required", "")
		}
		p.Text.clean(r.Settings, &problems, "") // an area or theme may have gone since
		p.Text.complete(r.Settings, &problems, "")
		p.described(&problems)
		return problems.Err()
	})
}

// Withdraw takes the proposal back.
func (s *Service) Withdraw(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	return s.change(ctx, actor, roundID, id, ToWithdraw, func(r round.Round, p *Proposal, c *Change) error {
		if !p.Public() {
			c.Letter = ""
		}
		if !r.Phase.Reached(round.Frozen) {
			p.Project = 0
		}
		return nil
	})
}

// Get is one proposal; one that the actor may not see does not exist.
func (s *Service) Get(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	r, now, err := s.round(ctx, actor, roundID)
	if err != nil {
		return View{}, err
	}
	p, err := s.find(ctx, actor, r, id)
	if err != nil {
		return View{}, err
	}
	return s.withEstimates(ctx, p.For(actor, r, now))
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
	r, _, err := s.round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	p, err := s.find(ctx, actor, r, id)
	if err != nil {
		return nil, err
	}
	all, err := s.c.Store.Versions(ctx, id)
	if err != nil {
		return all, err
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
		if slices.Contains([]Action{ToAsk, ToAppeal, ToAskMerge, ToAskSplit, ToEdit}, v.Action) && !actor.Staff() {
			v.Reason = ""
		}
		visible = append(visible, v)
	}
	return visible, nil
}

// Page is a part of a list.
type Page struct {
	Proposals []View
	Total     int   // on all pages
	Next      int64 // 0 on the last page
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
		return Page{}, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in to see your proposals")
	}
	list.Author, list.Follower, list.Ascending = 0, 0, false
	switch whose {
	case Mine:
		list.Author = actor.ID
	case Followed:
		list.Follower = actor.ID
	}
	return s.page(ctx, actor, roundID, list)
}

// Queue is a page of the proposals waiting for a decision, oldest first: a
// Stadiluotsi's districts; what was sent to an expert's divisions, with the
// latest estimates; everything for officials. A state other than the undecided
// ones may be asked for.
func (s *Service) Queue(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	list List,
	takenByMe bool,
) (Page, error) {
	if !actor.Staff() {
		return Page{}, actor.Need(domain.Facilitator)
	}
	switch {
	case actor.Is(domain.Official):
	case actor.Is(domain.Expert) && (len(list.Divisions) > 0 || !actor.Is(domain.Facilitator)):
		if len(list.Divisions) == 0 {
			list.Divisions = append([]string{}, actor.Divisions...)
		}
		for _, division := range list.Divisions {
			if !actor.Estimates(division) {
				return Page{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"division %q has other experts",
					strings.ToValidUTF8(division, ""),
				)
			}
		}
	default:
		if len(list.Areas) == 0 {
			list.Areas = append([]string{}, actor.Areas...)
		}
		for _, area := range list.Areas {
			if !actor.Facilitates(area) {
				return Page{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"area %s has another Stadiluotsi",
					area,
				)
			}
		}
	}
	if list.States == nil {
		list.States = Undecided
	}
	if takenByMe {
		list.TakenBy = actor.ID
	}
	list.Ascending = true
	page, err := s.page(ctx, actor, roundID, list)
	if err != nil || list.Divisions == nil {
		return page, err
	}
	ids := make([]int64, len(page.Proposals))
	for i, v := range page.Proposals {
		ids[i] = v.ID
	}
	current, err := s.c.Estimates.Current(ctx, false, ids...)
	for i := range page.Proposals {
		if e, ok := current[page.Proposals[i].ID]; ok {
			page.Proposals[i].Estimate = &e
		}
	}
	return page, err
}

func (s *Service) page(ctx context.Context, actor domain.Actor, roundID string, list List) (Page, error) {
	r, now, err := s.round(ctx, actor, roundID)
	if err != nil {
		return Page{}, err
	}
	wanted := list.Limit
	list.Limit++ // one more tells whether there is a next page
	found, total, err := s.c.Store.Proposals(ctx, r.ID, list)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: total, Proposals: make([]View, 0, min(wanted, len(found)))}
	for i, p := range found {
		if i == wanted {
			page.Next = found[i-1].ID
			break
		}
		page.Proposals = append(page.Proposals, p.For(actor, r, now))
	}
	return page, nil
}

// round is the round; a draft of one exists for officials only.
func (s *Service) round(ctx context.Context, actor domain.Actor, id string) (round.Round, time.Time, error) {
	r, now, err := s.c.Rounds.Round(ctx, id)
	if err == nil {
		err = visible(r, actor)
	}
	return r, now, err
}

func visible(r round.Round, actor domain.Actor) error {
	if r.Phase == round.Draft && !actor.Is(domain.Official) {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no round %s", r.ID)
	}
	return nil
}

func (s *Service) find(ctx context.Context, actor domain.Actor, r round.Round, id int64) (Proposal, error) {
	found, _, err := s.c.Store.Proposals(ctx, r.ID, List{ID: id, Limit: 1})
	if err != nil {
		return Proposal{}, err
	}
	if len(found) == 0 || !found[0].VisibleTo(actor) {
		return Proposal{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", id, r.ID)
	}
	return found[0], nil
}

func (s *Service) add(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	make func(round.Round, time.Time) (Proposal, Change, error),
) (v View, err error) {
	var r round.Round
	var now time.Time
	p, err := s.c.Store.AddProposal(ctx, roundID, func(held round.Round, at time.Time) (Proposal, Change, error) {
		if err := visible(held, actor); err != nil {
			return Proposal{}, Change{}, err
		}
		r, now = held, at
		return make(held, at)
	})
	if err != nil {
		return View{}, err
	}
	return p.For(actor, r, now), nil
}

// change finds the rule that permits the action and applies it; do may refuse,
// and fills in what the action brings along.
func (s *Service) change(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	action Action,
	do func(round.Round, *Proposal, *Change) error,
) (View, error) {
	return s.changeAt(
		ctx,
		actor,
		roundID,
		id,
		action,
		func(r round.Round, _ time.Time, p *Proposal, c *Change) error { return do(r, p, c) },
	)
}

// changeAt is change for those who ask for the database's clock.
func (s *Service) changeAt(ctx context.Context, actor domain.Actor, roundID string, id int64, action Action,
	do func(round.Round, time.Time, *Proposal, *Change) error,
) (View, error) {
	var r round.Round
	var now time.Time
	p, err := s.c.Store.ChangeProposal(
		ctx,
		roundID,
		id,
		func(held round.Round, at time.Time, p *Proposal) (Change, error) {
			if err := visible(held, actor); err != nil {
				return Change{}, err
			}
			if !p.VisibleTo(actor) {
				return Change{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", id, held.ID)
			}
			r, now = held, at
			rule, err := p.permit(action, actor, held, at)
			if err != nil {
				return Change{}, err
			}
			c := Change{By: PersonOf(actor), Action: action, Letter: letters[action]}
			if err := do(held, at, p, &c); err != nil || c.Action == "" {
				return c, err
			}
			if rule.to != "" {
				p.State = rule.to
			}
			if p.State == Submitted && p.SubmittedAt.IsZero() {
				p.SubmittedAt = at
			}
			p.Version++
			p.UpdatedAt = at
			return c, nil
		},
	)
	if err != nil {
		return View{}, err
	}
	return p.For(actor, r, now), nil
}
