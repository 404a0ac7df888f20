package merge

import (
	"context"
	"fmt"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

var errOpen = domain.Fail(
	domain.Conflict,
	CodeOpen,
	"one of these proposals is in another merge that is under way",
)

// Answer is an author's yes, or no with a message, for all her proposals in
// the merge; once.
func (s *Service) Answer(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	answer Answer,
	message string,
) (View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		ToAnswer,
		func(r round.At, m *Merge, _ map[int64]*Candidate) (Change, error) {
			if !m.pending(actor) {
				return Change{}, domain.Fail(
					domain.Conflict,
					CodeAnswered,
					"the actor has answered merge %d",
					id,
				)
			}
			var problems domain.Problems
			message := problems.Body("message", message, maxMessage)
			if answer != Agrees && answer != Refuses {
				problems.Add("answer", "unknown", "")
			}
			for i := range m.Members {
				for j := range m.Members[i].Consents {
					if c := &m.Members[i].Consents[j]; c.Author.ID == actor.ID && c.Answer == "" {
						c.Answer, c.Message, c.Basis, c.At = answer, message, Own, r.Now
					}
				}
			}
			return Change{By: proposal.PersonOf(actor)}, problems.Err()
		},
	)
}

// Complete does what was asked, when all have answered or the deadline has
// passed. A proposal whose author said no stays out and goes on alone, and so
// does one that was decided meanwhile. Of those whose author was silent the
// facilitator decides, with a reason: those in include go in.
func (s *Service) Complete(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	include []int64,
	reason string,
) (View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		ToComplete,
		func(r round.At, m *Merge, held map[int64]*Candidate) (Change, error) {
			if r.Now.Before(m.AnswerBy) &&
				slices.ContainsFunc(
					m.Members,
					func(member Member) bool { return member.silent() && member.stays(held) },
				) {
				return Change{}, domain.Fail(
					domain.Conflict,
					CodeWaits,
					"not all authors have answered merge %d, and they may until %s",
					id,
					m.AnswerBy.UTC().Format(time.RFC3339),
				)
			}
			var problems domain.Problems
			m.Decided = problems.Body("reason", reason, maxMessage)
			m.hear(r.Now, include, held, &problems)
			if err := problems.Err(); err != nil {
				return Change{}, err
			}
			stays := slices.DeleteFunc(slices.Clone(m.Members), func(member Member) bool { return !member.stays(held) })
			into := m.into()
			if len(stays) < 2 && m.Kind == Merging || len(stays) < 1 ||
				into != 0 && !slices.ContainsFunc(stays, func(member Member) bool { return member.Proposal == into }) {
				return Change{}, domain.Fail(
					domain.Conflict,
					CodeRefused,
					"too few proposals are left for merge %d",
					id,
				)
			}
			c := Change{By: proposal.PersonOf(actor), Changes: map[int64]proposal.Change{}}
			m.settle(r.Now, held, &c)
			if into == 0 {
				m.make(actor, r, held, &c)
			}
			m.Stage, m.SettledAt = Done, r.Now
			c.Audit = round.NewEntry(r.Round, actor, m.Kind.action(), "", m.audited())
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
			!slices.Contains(*problems, domain.Field{Path: "reason", Code: "required"}) {
			problems.Add("reason", "required", "")
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

// settle gives every member its membership.
func (m *Merge) settle(now time.Time, held map[int64]*Candidate, c *Change) {
	for i := range m.Members {
		member, p := &m.Members[i], held[m.Members[i].Proposal]
		member.Before = p.State
		var done proposal.Change
		switch {
		case !member.stays(held):
			member.Membership, done = Left, proposal.Change{By: c.By, Action: proposal.ToGoOn, Notification: post.WentOn}
			if !p.Mergeable() {
				continue // it has gone its own way, and its author knows
			}
		case p.ID == m.into():
			member.Membership, done = Absorbed, proposal.Change{By: c.By, Action: proposal.ToMerge, Notification: post.TookIn}
		case m.Kind == Splitting:
			member.Membership, p.State, done = Joined, proposal.Split, proposal.Change{
				By:           c.By,
				Action:       proposal.ToSplit,
				Notification: post.Split,
			}
		default:
			member.Membership, p.State, done = Joined, proposal.Merged, proposal.Change{
				By:           c.By,
				Action:       proposal.ToMerge,
				Notification: post.Merged,
			}
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
func (m *Merge) make(actor domain.Actor, r round.At, held map[int64]*Candidate, c *Change) {
	var authors []proposal.Person
	for _, member := range m.Members {
		for _, author := range authorsOf(held[member.Proposal].Proposal) {
			if member.Membership == Joined &&
				!slices.ContainsFunc(authors, func(p proposal.Person) bool { return p.ID == author.ID }) {
				authors = append(authors, author)
			}
		}
	}
	c.Making = proposal.Change{By: c.By, Action: m.Kind.action()}
	for _, part := range m.Parts {
		c.Made = append(c.Made, proposal.Proposal{
			Round:       r.ID,
			State:       proposal.InEvaluation,
			Version:     1,
			Text:        part.Text,
			Swedish:     part.Swedish,
			Coauthors:   authors,
			Facilitator: proposal.PersonOf(actor),
			SubmittedAt: r.Now,
			UpdatedAt:   r.Now,
		})
	}
}

// audited is what the audit log hears of a merge.
func (m Merge) audited() map[string]any {
	members := map[Membership][]int64{}
	for _, member := range m.Members {
		members[member.Membership] = append(members[member.Membership], member.Proposal)
	}
	return map[string]any{"merge": m.ID, "kind": m.Kind, "proposals": members}
}

// Drop ends the asking; every proposal goes on alone.
func (s *Service) Drop(ctx context.Context, actor domain.Actor, roundID string, id int64) (View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		ToDrop,
		func(r round.At, m *Merge, held map[int64]*Candidate) (Change, error) {
			c := Change{By: proposal.PersonOf(actor), Changes: map[int64]proposal.Change{}}
			for i := range m.Members {
				member, p := &m.Members[i], held[m.Members[i].Proposal]
				member.Membership, member.Before = Left, p.State
				if p.Mergeable() {
					p.Version++
					p.UpdatedAt = r.Now
					c.Changes[p.ID] = proposal.Change{By: c.By, Action: proposal.ToGoOn, Notification: post.WentOn}
				}
			}
			m.Stage, m.SettledAt = Dropped, r.Now
			c.Audit = round.NewEntry(r.Round, actor, proposal.ToGoOn, "", m.audited())
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
) (View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		ToUnmake,
		func(r round.At, m *Merge, held map[int64]*Candidate) (Change, error) {
			c := Change{By: proposal.PersonOf(actor), Changes: map[int64]proposal.Change{}}
			var problems domain.Problems
			text := problems.PublicBody("text", text, maxUndone, domain.Finnish, domain.Swedish)
			if err := problems.Err(); err != nil {
				return c, err
			}
			step := func(p *Candidate, to proposal.State, notification post.Notification) {
				p.State, p.AnswerBy = to, time.Time{}
				p.Version++
				p.UpdatedAt = r.Now
				c.Changes[p.ID] = proposal.Change{By: c.By, Action: proposal.ToUndo, Answer: text, Notification: notification}
			}
			told := post.Unmade
			for _, part := range m.Parts {
				p := held[part.Proposal]
				switch {
				case p.Busy:
					return c, errOpen
				case p.State == proposal.Merged || p.State == proposal.Split || part.Made && p.State == proposal.OnBallot:
					return c, domain.Fail(
						domain.Conflict,
						CodeBuiltOn,
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
				switch p := held[member.Proposal]; member.Membership {
				case Joined:
					step(p, member.Before, told)
					member.Membership = Restored
				case Absorbed:
					step(p, p.State, post.Unmade)
					member.Membership = Restored
				}
				member.State = held[member.Proposal].State
			}
			m.Stage, m.SettledAt, m.Undone = Undone, r.Now, text
			c.Audit = round.NewEntry(r.Round, actor, proposal.ToUndo, "", m.audited())
			return c, nil
		},
	)
}

// change lets change decide, if the actor may do that about the merge now.
func (s *Service) change(ctx context.Context, actor domain.Actor, roundID string, id int64, action Action,
	change func(round.At, *Merge, map[int64]*Candidate) (Change, error),
) (View, error) {
	if err := actor.SignedIn(); err != nil {
		return View{}, err
	}
	var r round.Round
	m, err := s.c.Store.ChangeMerge(
		ctx,
		roundID,
		id,
		func(held round.At, m *Merge, found map[int64]*Candidate) (Change, error) {
			if err := held.VisibleTo(actor); err != nil {
				return Change{}, err
			}
			r = held.Round
			allowed, stage := m.leads(actor), Asked
			switch action {
			case ToAnswer:
				allowed = m.asks(actor)
			case ToUnmake:
				stage = Done
			}
			switch {
			case !allowed:
				return Change{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"this actor may not %s merge %d",
					action,
					id,
				)
			case !held.TakesVetting():
				return Change{}, domain.Fail(
					domain.Closed,
					domain.CodePhase,
					"proposals of %s are not merged or split in phase %s",
					held.ID,
					held.Phase,
				)
			case m.Stage != stage:
				return Change{}, domain.Fail(domain.Conflict, CodeSettled, "merge %d is %s", id, m.Stage)
			}
			return change(held, m, found)
		},
	)
	if err != nil {
		return View{}, err
	}
	return m.For(actor, r), nil
}
