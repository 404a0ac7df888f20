package merge

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Store keeps merges.
type Store interface {
	// AddMerge calls plan with the round, the database's clock and these
	// proposals, and stores the merge with a version of each of them. The
	// proposals are locked in the order of their IDs and their round held
	// against a freeze; all in one transaction. NotFound if the round lacks one
	// of them; Conflict if one is in another merge that is under way.
	AddMerge(
		ctx context.Context,
		round string,
		ids []int64,
		plan func(round.Round, time.Time, []Candidate) (Merge, MergeChange, error),
	) (Merge, error)
	// ChangeMerge calls change with the round, the database's clock, the merge
	// and its members and parts by ID, and stores what it made of all of them.
	// The merge and then the proposals, in the order of their IDs, are locked,
	// and their round held against a freeze; all in one transaction. NotFound
	// if the round has no such merge.
	ChangeMerge(
		ctx context.Context,
		round string,
		id int64,
		change func(round.Round, time.Time, *Merge, map[int64]*Candidate) (MergeChange, error),
	) (Merge, error)
	// Merges are those that the proposal is or was a member or part of, the
	// newest first: a fixed number of queries without a lock.
	Merges(ctx context.Context, round string, proposal int64) ([]Merge, error)
	// OpenMerges are those under way with all their proposals in these areas
	// (nil: all), the oldest first: a fixed number of queries without a lock.
	OpenMerges(ctx context.Context, round string, areas []string) ([]Merge, error)
}

// Links knows proposals by what leads to them.
type Links interface {
	// Links are proposals as links, by ID: one query without a lock.
	Links(ctx context.Context, ids []int64) (map[int64]Link, error)
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store     Store
	Links     Links
	Conflicts Conflicts
}

// Service is what joins proposals to each other.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Candidate is a proposal under its lock.
type Candidate struct {
	proposal.Proposal
	Busy bool // in another merge that is under way
}

// authorsOf are all who can be asked.
func authorsOf(p proposal.Proposal) []proposal.Person {
	if p.Author.ID == 0 {
		return p.Coauthors
	}
	return append([]proposal.Person{p.Author}, p.Coauthors...)
}

// MergeChange is what a step of a merge does to its proposals.
type MergeChange struct {
	By      proposal.Person
	Changes map[int64]proposal.Change // of the candidates that changed
	Made    []proposal.Proposal       // one for each part, with Making
	Making  proposal.Change
	Audit   *round.Entry
}

// Plan is a merge that a facilitator has in mind.
type Plan struct {
	Kind      MergeKind
	Proposals []int64
	Into      int64 // one of them; 0: into a new one, the only part
	Parts     []Part
	Word      string
	AnswerBy  time.Time // zero: as for a question
}

// Propose asks the authors of proposals in the facilitator's districts for
// their consent to a merge.
func (s *Service) Propose(ctx context.Context, actor domain.Actor, roundID string, plan Plan) (MergeView, error) {
	r, _, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return MergeView{}, err
	}
	var problems domain.Problems
	plan.clean(r.Settings, &problems)
	if err := problems.Err(); err != nil {
		return MergeView{}, err
	}
	m, err := s.c.Store.AddMerge(
		ctx,
		roundID,
		plan.Proposals,
		func(held round.Round, now time.Time, found []Candidate) (Merge, MergeChange, error) {
			if err := proposal.Visible(held, actor); err != nil {
				return Merge{}, MergeChange{}, err
			}
			r = held
			m := Merge{
				Round:   held.ID,
				Kind:    plan.Kind,
				Stage:   Asked,
				Parts:   plan.Parts,
				Word:    plan.Word,
				By:      proposal.PersonOf(actor),
				AskedAt: now,
			}
			c := MergeChange{By: proposal.PersonOf(actor), Changes: map[int64]proposal.Change{}}
			asking := proposal.NewChange(actor, plan.Kind.asking())
			asking.Reason = plan.Word
			for i := range found {
				p := &found[i]
				if !p.VisibleTo(actor) {
					return m, c, domain.Fail(
						domain.NotFound,
						domain.CodeNotFound,
						"no proposal %d in %s",
						p.ID,
						held.ID,
					)
				}
				if _, err := p.Permit(plan.Kind.action(), actor, held, now); err != nil {
					return m, c, err
				}
				if p.Busy {
					return m, c, errMergeOpen
				}
				member := Member{
					Proposal: p.ID,
					Area:     p.Text.Area,
					Title:    p.Text.Title,
					Language: p.Text.Language,
					State:    p.State,
					Standing: Waits,
				}
				for _, author := range authorsOf(p.Proposal) {
					member.Consents = append(member.Consents, Consent{Author: author})
				}
				if len(authorsOf(p.Proposal)) == 0 {
					member.Consents = []Consent{{Author: c.By, Answer: Agrees, Basis: OnBehalf, At: now}}
				}
				m.Members = append(m.Members, member)
				p.Version++
				p.UpdatedAt = now
				c.Changes[p.ID] = asking
			}
			for _, part := range plan.Parts {
				if part.Made && !actor.Facilitates(part.Text.Area) {
					return m, c, domain.Fail(
						domain.Forbidden,
						domain.CodeNotAllowed,
						"area %s has another Stadiluotsi",
						part.Text.Area,
					)
				}
			}
			m.AnswerBy = s.c.Deadline(
				now,
				plan.AnswerBy,
				held.Times.Vetting.Closes,
				"answer_by",
				usualAnswerDays,
				mostConsentDays,
				&problems,
			)
			if err := problems.Err(); err != nil {
				return m, c, err
			}
			c.Audit = round.NewEntry(held, actor, plan.Kind.asking(), "", map[string]any{"proposals": plan.Proposals})
			return m, c, nil
		},
	)
	if err != nil {
		return MergeView{}, err
	}
	return m.For(actor, r), nil
}

var errMergeOpen = domain.Fail(
	domain.Conflict,
	CodeMergeOpen,
	"one of these proposals is in another merge that is under way",
)

func (k MergeKind) action() proposal.Action {
	if k == Splitting {
		return proposal.ToSplit
	}
	return proposal.ToMerge
}

func (k MergeKind) asking() proposal.Action {
	if k == Splitting {
		return proposal.ToAskSplit
	}
	return proposal.ToAskMerge
}

// clean notes what is wrong with the plan and gives its texts as they are
// stored.
func (p *Plan) clean(s round.Settings, problems *domain.Problems) {
	p.Word = problems.Body("word", p.Word, maxWord)
	slices.Sort(p.Proposals)
	fewest, most, parts := 2, mostMembers, 1
	switch p.Kind {
	case Merging:
		if p.Into != 0 {
			parts = 0
		}
	case Splitting:
		fewest, most, parts = 1, 1, max(2, min(len(p.Parts), mostMembers))
		if p.Into != 0 {
			problems.Add("into", "not_allowed", string(Splitting))
		}
	default:
		problems.Add("kind", "unknown", "")
	}
	switch {
	case len(p.Proposals) < fewest:
		problems.Add("proposals", "too_few", strconv.Itoa(fewest))
	case len(p.Proposals) > most:
		problems.Add("proposals", "too_many", strconv.Itoa(most))
	case len(slices.Compact(slices.Clone(p.Proposals))) < len(p.Proposals):
		problems.Add("proposals", "duplicate", "")
	}
	if p.Into != 0 && !slices.Contains(p.Proposals, p.Into) {
		problems.Add("into", "unknown", "")
	}
	switch {
	case len(p.Parts) < parts:
		problems.Add("parts", "too_few", strconv.Itoa(parts))
	case len(p.Parts) > parts:
		problems.Add("parts", "too_many", strconv.Itoa(parts))
	}
	for i := range p.Parts {
		part := &p.Parts[i]
		at := fmt.Sprintf("parts[%d].", i)
		part.Proposal, part.Made, part.Text.Language = 0, true, domain.Finnish
		part.Text = part.Text.Clean(s, problems, at+"text.")
		part.Text.Complete(s, problems, at+"text.")
		part.Swedish = part.Swedish.Clean(problems, at+"swedish.")
	}
	if p.Into != 0 && len(p.Parts) == 0 {
		p.Parts = []Part{{Proposal: p.Into}}
	}
}

// AnswerMerge is an author's yes, or no with a word, for all her proposals in
// the merge; once.
func (s *Service) AnswerMerge(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	answer Answer,
	word string,
) (MergeView, error) {
	return s.changeMerge(
		ctx,
		actor,
		roundID,
		id,
		ToAnswer,
		func(_ round.Round, now time.Time, m *Merge, _ map[int64]*Candidate) (MergeChange, error) {
			if !m.pending(actor) {
				return MergeChange{}, domain.Fail(
					domain.Conflict,
					CodeMergeAnswered,
					"the actor has answered merge %d",
					id,
				)
			}
			var problems domain.Problems
			word := problems.Body("word", word, maxWord)
			if answer != Agrees && answer != Refuses {
				problems.Add("answer", "unknown", "")
			}
			for i := range m.Members {
				for j := range m.Members[i].Consents {
					if c := &m.Members[i].Consents[j]; c.Author.ID == actor.ID && c.Answer == "" {
						c.Answer, c.Word, c.Basis, c.At = answer, word, Own, now
					}
				}
			}
			return MergeChange{By: proposal.PersonOf(actor)}, problems.Err()
		},
	)
}

// Complete does what was asked, when all have answered or the deadline has
// passed. A proposal whose author said no stays out and goes on alone, and so
// does one that was decided meanwhile. Of those whose author was silent the
// facilitator decides, with a word: those in include go in.
func (s *Service) Complete(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	include []int64,
	word string,
) (MergeView, error) {
	return s.changeMerge(
		ctx,
		actor,
		roundID,
		id,
		ToComplete,
		func(r round.Round, now time.Time, m *Merge, held map[int64]*Candidate) (MergeChange, error) {
			if now.Before(m.AnswerBy) &&
				slices.ContainsFunc(
					m.Members,
					func(member Member) bool { return member.silent() && member.stays(held) },
				) {
				return MergeChange{}, domain.Fail(
					domain.Conflict,
					CodeMergeWaits,
					"not all authors have answered merge %d, and they may until %s",
					id,
					m.AnswerBy.UTC().Format(time.RFC3339),
				)
			}
			var problems domain.Problems
			m.Decided = problems.Body("word", word, maxWord)
			m.hear(now, include, held, &problems)
			if err := problems.Err(); err != nil {
				return MergeChange{}, err
			}
			stays := slices.DeleteFunc(slices.Clone(m.Members), func(member Member) bool { return !member.stays(held) })
			into := m.into()
			if len(stays) < 2 && m.Kind == Merging || len(stays) < 1 ||
				into != 0 && !slices.ContainsFunc(stays, func(member Member) bool { return member.Proposal == into }) {
				return MergeChange{}, domain.Fail(
					domain.Conflict,
					CodeMergeRefused,
					"too few proposals are left for merge %d",
					id,
				)
			}
			c := MergeChange{By: proposal.PersonOf(actor), Changes: map[int64]proposal.Change{}}
			m.settle(now, held, &c)
			if into == 0 {
				m.make(actor, r, now, held, &c)
			}
			m.Stage, m.SettledAt = Done, now
			c.Audit = round.NewEntry(r, actor, m.Kind.action(), "", m.told())
			return c, nil
		},
	)
}

// hear takes the silence of authors for what the facilitator decides.
func (m *Merge) hear(now time.Time, include []int64, held map[int64]*Candidate, problems *domain.Problems) {
	decided := map[int64]bool{}
	for i := range m.Members {
		member := &m.Members[i]
		decided[member.Proposal] = member.silent() && member.stays(held)
		for j := range member.Consents {
			if c := &member.Consents[j]; c.Answer == "" {
				c.Answer, c.Basis, c.At = Refuses, Silence, now
				if decided[member.Proposal] && slices.Contains(include, member.Proposal) {
					c.Answer = Agrees
				}
			}
		}
		if decided[member.Proposal] && m.Decided == "" &&
			!slices.Contains(*problems, domain.Field{Path: "word", Code: "required"}) {
			problems.Add("word", "required", "")
		}
	}
	for i, id := range include {
		if !decided[id] {
			problems.Add(fmt.Sprintf("include[%d]", i), "not_allowed", "only of silent authors")
		}
	}
}

func (m Member) silent() bool {
	return slices.ContainsFunc(m.Consents, func(c Consent) bool { return c.Answer == "" })
}

// stays tells whether the member may still go in: no author has said no, and it
// was not decided meanwhile.
func (m Member) stays(held map[int64]*Candidate) bool {
	return !slices.ContainsFunc(m.Consents, func(c Consent) bool { return c.Answer == Refuses }) &&
		held[m.Proposal].Mergeable()
}

// settle gives every member its standing.
func (m *Merge) settle(now time.Time, held map[int64]*Candidate, c *MergeChange) {
	for i := range m.Members {
		member, p := &m.Members[i], held[m.Members[i].Proposal]
		member.Before = p.State
		var done proposal.Change
		switch {
		case !member.stays(held):
			member.Standing, done = Out, proposal.Change{By: c.By, Action: proposal.ToGoOn, Letter: post.WentOn}
			if !p.Mergeable() {
				continue // it has gone its own way, and its author knows
			}
		case p.ID == m.into():
			member.Standing, done = Kept, proposal.Change{By: c.By, Action: proposal.ToMerge, Letter: post.TookIn}
		case m.Kind == Splitting:
			member.Standing, p.State, done = Gone, proposal.Split, proposal.Change{By: c.By, Action: proposal.ToSplit, Letter: post.Split}
		default:
			member.Standing, p.State, done = Gone, proposal.Merged, proposal.Change{By: c.By, Action: proposal.ToMerge, Letter: post.Merged}
		}
		member.State = p.State
		p.Version++
		p.UpdatedAt = now
		c.Changes[p.ID] = done
	}
}

// make gives every part its proposal: in evaluation, and the facilitator's to
// go on with. It is the city's text, which nobody of its authors takes back
// alone; they are those of what it is made of.
func (m *Merge) make(actor domain.Actor, r round.Round, now time.Time, held map[int64]*Candidate, c *MergeChange) {
	var authors []proposal.Person
	for _, member := range m.Members {
		for _, author := range authorsOf(held[member.Proposal].Proposal) {
			if member.Standing == Gone &&
				!slices.ContainsFunc(authors, func(p proposal.Person) bool { return p.ID == author.ID }) {
				authors = append(authors, author)
			}
		}
	}
	c.Making = proposal.Change{By: c.By, Action: m.Kind.action()}
	for _, part := range m.Parts {
		c.Made = append(c.Made, proposal.Proposal{
			Round: r.ID, State: proposal.InEvaluation, Version: 1, Text: part.Text, Swedish: part.Swedish, Coauthors: authors,
			Facilitator: proposal.PersonOf(actor), SubmittedAt: now, UpdatedAt: now,
		})
	}
}

// told is what the audit log hears of a merge.
func (m Merge) told() map[string]any {
	standing := map[Standing][]int64{}
	for _, member := range m.Members {
		standing[member.Standing] = append(standing[member.Standing], member.Proposal)
	}
	return map[string]any{"merge": m.ID, "kind": m.Kind, "proposals": standing}
}

// Drop ends the asking; every proposal goes on alone.
func (s *Service) Drop(ctx context.Context, actor domain.Actor, roundID string, id int64) (MergeView, error) {
	return s.changeMerge(
		ctx,
		actor,
		roundID,
		id,
		ToDrop,
		func(r round.Round, now time.Time, m *Merge, held map[int64]*Candidate) (MergeChange, error) {
			c := MergeChange{By: proposal.PersonOf(actor), Changes: map[int64]proposal.Change{}}
			for i := range m.Members {
				member, p := &m.Members[i], held[m.Members[i].Proposal]
				member.Standing, member.Before = Out, p.State
				if p.Mergeable() {
					p.Version++
					p.UpdatedAt = now
					c.Changes[p.ID] = proposal.Change{By: c.By, Action: proposal.ToGoOn, Letter: post.WentOn}
				}
			}
			m.Stage, m.SettledAt = Dropped, now
			c.Audit = round.NewEntry(r, actor, proposal.ToGoOn, "", m.told())
			return c, nil
		},
	)
}

// Undo puts every proposal back where it stood before the merge, and withdraws
// what the merge made: that keeps its address, its comments and the reason,
// which is public, in Finnish and Swedish. Nothing may have been built on it
// meanwhile.
func (s *Service) Undo(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	text domain.Text,
) (MergeView, error) {
	return s.changeMerge(
		ctx,
		actor,
		roundID,
		id,
		ToUnmake,
		func(r round.Round, now time.Time, m *Merge, held map[int64]*Candidate) (MergeChange, error) {
			c := MergeChange{By: proposal.PersonOf(actor), Changes: map[int64]proposal.Change{}}
			var problems domain.Problems
			text := problems.PublicBody("text", text, maxUndone, domain.Finnish, domain.Swedish)
			if err := problems.Err(); err != nil {
				return c, err
			}
			step := func(p *Candidate, to proposal.State, letter post.Notification) {
				p.State, p.AnswerBy = to, time.Time{}
				p.Version++
				p.UpdatedAt = now
				c.Changes[p.ID] = proposal.Change{By: c.By, Action: proposal.ToUndo, Answer: text, Letter: letter}
			}
			told := post.Unmade
			for _, part := range m.Parts {
				p := held[part.Proposal]
				switch {
				case p.Busy:
					return c, errMergeOpen
				case p.State == proposal.Merged || p.State == proposal.Split || part.Made && p.State == proposal.OnBallot:
					return c, domain.Fail(
						domain.Conflict,
						CodeMergeBuiltOn,
						"proposal %d is %s: what was built on merge %d is undone first",
						p.ID,
						p.State,
						id,
					)
				case part.Made && p.State != proposal.Withdrawn && m.Kind == Merging:
					step(p, proposal.Withdrawn, post.Unmade) // all authors and followers hear of it here
					told = ""
				case part.Made && p.State != proposal.Withdrawn:
					step(p, proposal.Withdrawn, "")
				}
			}
			for i := range m.Members {
				member := &m.Members[i]
				switch p := held[member.Proposal]; member.Standing {
				case Gone:
					step(p, member.Before, told)
					member.Standing = Back
				case Kept:
					step(p, p.State, post.Unmade)
					member.Standing = Back
				}
				member.State = held[member.Proposal].State
			}
			m.Stage, m.SettledAt, m.Undone = Undone, now, text
			c.Audit = round.NewEntry(r, actor, proposal.ToUndo, "", m.told())
			return c, nil
		},
	)
}

// changeMerge lets change decide, if the actor may do that about the merge now.
func (s *Service) changeMerge(ctx context.Context, actor domain.Actor, roundID string, id int64, action MergeAction,
	change func(round.Round, time.Time, *Merge, map[int64]*Candidate) (MergeChange, error),
) (MergeView, error) {
	if actor.Anonymous() {
		return MergeView{}, domain.Fail(domain.Unauthenticated, domain.CodeSignIn, "sign in first")
	}
	var r round.Round
	m, err := s.c.Store.ChangeMerge(
		ctx,
		roundID,
		id,
		func(held round.Round, now time.Time, m *Merge, found map[int64]*Candidate) (MergeChange, error) {
			if err := proposal.Visible(held, actor); err != nil {
				return MergeChange{}, err
			}
			r = held
			allowed, stage := m.leads(actor), Asked
			switch action {
			case ToAnswer:
				allowed = m.asks(actor)
			case ToUnmake:
				stage = Done
			}
			switch {
			case !allowed:
				return MergeChange{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"this actor may not %s merge %d",
					action,
					id,
				)
			case !held.TakesVetting():
				return MergeChange{}, domain.Fail(
					domain.Closed,
					domain.CodePhase,
					"proposals of %s are not merged or split in phase %s",
					held.ID,
					held.Phase,
				)
			case m.Stage != stage:
				return MergeChange{}, domain.Fail(domain.Conflict, CodeMergeSettled, "merge %d is %s", id, m.Stage)
			}
			return change(held, now, m, found)
		},
	)
	if err != nil {
		return MergeView{}, err
	}
	return m.For(actor, r), nil
}
