package proposal

import (
	"context"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

var toldBy = []Channel{Phone, Paper, Workshop}

// Lengths in characters.
const (
	maxName   = 80  // that of accounts
	maxReason = 300 // why a text that others see was changed
)

// Told is what somebody told a Stadiluotsi.
type Told struct {
	Text    Text
	Channel Channel
	Consent Permission
	Name    string // as the author wants to be shown; empty: without a name
}

// BehalfStore keeps what was entered for others, beside the proposal itself.
type BehalfStore interface {
	// Enter is AddProposal for proposals that were told: each is kept with its
	// channel, what Behalf says, its ticket and, if it came from a sheet, the
	// print of its row. All of them or none. Conflict if a row with that print
	// was imported before.
	Enter(
		ctx context.Context,
		round string,
		make func(round.Round, time.Time) ([]Entered, Change, error),
	) ([]Proposal, error)
	// Amend is ChangeProposal for one of them, with name and consent. A change
	// without an action and with an audit entry replaces the ticket only; a
	// letter with the one before that still waits is not sent any more.
	Amend(
		ctx context.Context,
		round string,
		id int64,
		change func(round.Round, time.Time, *Proposal) (Change, Ticket, error),
	) (Proposal, error)
	// Claim finds the proposal by the keyed hash of a code and lets change
	// decide under its lock, with its round held against a freeze and who
	// claimed it before (account 0: nobody); then the account is its author,
	// and a letter with the code that still waits is not sent. NotFound if the
	// round has no such code. A Change without an action stores nothing.
	Claim(
		ctx context.Context,
		round string,
		code [32]byte,
		account int64,
		change func(r round.Round, now time.Time, p *Proposal, before int64) (Change, error),
	) (Proposal, error)
	// ForgetTickets gives up letters with codes that have waited since before a
	// moment, and forgets where they were to go.
	ForgetTickets(ctx context.Context, before time.Time) error
	// Prints tells which of these rows were imported before, and as which
	// proposals: one query.
	Prints(ctx context.Context, prints [][32]byte) (map[[32]byte]int64, error)
	// Likes are, for each of these titles, the public proposal most like it
	// that is neither withdrawn nor rejected, if one is very like it: one
	// query.
	Likes(ctx context.Context, round string, titles []string) (map[int]Like, error)
}

// Entered is a proposal that was told, as it is kept.
type Entered struct {
	Proposal
	Ticket
	Print [32]byte // zero: not from a sheet
}

// Ticket is a claim code as it is kept, and the letter that carries it to the
// author, in the proposal's language.
type Ticket struct {
	Code    [32]byte // keyed hash
	Address []byte   // sealed; nil: no letter
	Secret  []byte   // the code, sealed, until the letter is settled
}

// clean notes what is wrong; for a submission it also has to be complete and
// consented to.
func (t Told) clean(r round.Round, now time.Time, submit bool, zone *time.Location, problems *domain.Problems) Told {
	t.Text = t.Text.Clean(r.Settings, problems, "text.")
	if !submit && t.Text.Area == "" {
		problems.Add("text.area", "required", "")
	}
	t.Name = problems.Line("name", t.Name, maxName)
	known := false
	for _, c := range toldBy {
		known = known || c == t.Channel
	}
	if !known {
		problems.Add("channel", "unknown", "")
	}
	t.Consent.check(now, zone, problems)
	if submit {
		t.Text.Complete(r.Settings, problems, "text.")
		if t.Consent == (Permission{}) {
			problems.Add("consent", "required", "")
		}
	}
	return t
}

func (c Permission) check(now time.Time, zone *time.Location, problems *domain.Problems) {
	switch {
	case c.How == "" && c.On.IsZero():
		return
	case c.How == "":
		problems.Add("consent", "required", "")
	case c.How != Spoken && c.How != Written:
		problems.Add("consent", "unknown", "")
	}
	year, month, day := now.In(zone).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	switch {
	case c.On.IsZero():
		problems.Add("given_on", "required", "")
	case c.On.After(today):
		problems.Add("given_on", "too_large", today.Format(time.DateOnly))
	case c.On.Before(today.AddDate(-1, 0, 0)):
		problems.Add("given_on", "too_small", today.AddDate(-1, 0, 0).Format(time.DateOnly))
	}
}

// mayEnter is nil if the actor may enter proposals of the area now.
func mayEnter(actor domain.Actor, r round.Round, now time.Time, area string) error {
	switch {
	case area != "" && !actor.Facilitates(area):
		return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "area %s has another Stadiluotsi", area)
	case !r.TakesProposals(now):
		return domain.Fail(domain.Closed, domain.CodePhase, "round %s takes no proposals now", r.ID)
	}
	return nil
}

// Enter keeps what somebody told the area's Stadiluotsi, as a draft or
// submitted at once, and answers with the code by which the author claims it.
// The code exists in the answer alone, and in a letter to the author's address
// if there is one.
func (s *Service) Enter(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	t Told,
	address string,
	submit bool,
) (View, string, error) {
	if err := actor.Need(domain.Facilitator); err != nil {
		return View{}, "", err
	}
	colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
	if err != nil {
		return View{}, "", err
	}
	var wrong domain.Problems
	code, ticket, err := s.drawTicket(&wrong, roundID, address)
	if err != nil {
		return View{}, "", err
	}
	var r round.Round
	var now time.Time
	entered, err := s.c.Behalf.Enter(ctx, roundID, func(held round.Round, at time.Time) ([]Entered, Change, error) {
		r, now = held, at
		if err := Visible(r, actor); err != nil {
			return nil, Change{}, err
		}
		if err := mayEnter(actor, r, now, t.Text.Area); err != nil {
			return nil, Change{}, err
		}
		problems := slices.Clone(wrong)
		p := t.clean(r, now, submit, s.c.TimeZone, &problems).proposal(r, now, actor, submit)
		p.Facilitator = Route(p, colleagues)
		c := Change{
			By:     PersonOf(actor),
			Action: ToDraft,
			Audit:  round.NewEntry(r, actor, ToDraft, string(p.Channel), map[string]int64{"proposals": 1}),
		}
		if submit {
			c.Action = ToSubmit
		} else {
			p.Facilitator = Person{}
		}
		return []Entered{{Proposal: p, Ticket: ticket}}, c, problems.Err()
	})
	if err != nil {
		return View{}, "", err
	}
	return entered[0].For(actor, r, now), code, nil
}

// proposal is one made of what was told.
func (t Told) proposal(r round.Round, now time.Time, actor domain.Actor, submit bool) Proposal {
	p := Proposal{
		Round: r.ID, State: Draft, Version: 1, Text: t.Text, Channel: t.Channel, Author: Person{Name: t.Name},
		Behalf: &Behalf{By: PersonOf(actor), Consent: t.Consent}, UpdatedAt: now,
	}
	if submit {
		p.State, p.SubmittedAt = Submitted, now
	}
	return p
}

// Amend saves what the author told since, over the version that was edited:
// text, name and consent, but not how it reached the city. Once others see the
// proposal a reason is needed, and the consent stays.
func (s *Service) Amend(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	version int,
	t Told,
	reason string,
) (View, error) {
	return s.scribble(
		ctx,
		actor,
		roundID,
		id,
		ToAmend,
		func(r round.Round, now time.Time, p *Proposal, c *Change) (Ticket, error) {
			var problems domain.Problems
			t.Channel = p.Channel
			t := t.clean(r, now, p.Public(), s.c.TimeZone, &problems)
			c.Reason = problems.Line("reason", reason, maxReason)
			if p.Public() && c.Reason == "" {
				problems.Add("reason", "required", "")
			}
			if err := problems.Err(); err != nil {
				return Ticket{}, err
			}
			if !actor.Facilitates(t.Text.Area) {
				return Ticket{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"area %s has another Stadiluotsi",
					t.Text.Area,
				)
			}
			if version != p.Version {
				return Ticket{}, domain.Fail(
					domain.Conflict,
					CodeEdited,
					"version %d was edited, the newest is %d",
					version,
					p.Version,
				)
			}
			p.Text, p.Author.Name, p.Behalf.Consent = t.Text, t.Name, t.Consent
			c.Action = ToEdit
			return Ticket{}, nil
		},
	)
}

// EnteredList are the proposals of the actor's districts that were entered for
// others and are not claimed, drafts included, newest first.
func (s *Service) EnteredList(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	from int64,
	limit int,
) (Page, error) {
	if err := actor.Need(domain.Facilitator); err != nil {
		return Page{}, err
	}
	return s.c.Page(
		ctx,
		actor,
		roundID,
		List{Areas: append([]string{}, actor.Areas...), Told: true, From: from, Limit: limit},
	)
}

// scribble is change for what a Stadiluotsi does on behalf.
func (s *Service) scribble(ctx context.Context, actor domain.Actor, roundID string, id int64, action Action,
	do func(round.Round, time.Time, *Proposal, *Change) (Ticket, error),
) (View, error) {
	var r round.Round
	var now time.Time
	p, err := s.c.Behalf.Amend(
		ctx,
		roundID,
		id,
		func(held round.Round, at time.Time, p *Proposal) (c Change, ticket Ticket, err error) {
			r, now = held, at
			if err := Visible(r, actor); err != nil {
				return c, ticket, err
			}
			if !p.VisibleTo(actor) {
				return c, ticket, domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", id, r.ID)
			}
			if _, err := p.Permit(action, actor, r, now); err != nil {
				return c, ticket, err
			}
			c.By = PersonOf(actor)
			if ticket, err = do(r, now, p, &c); err == nil && c.Action != "" {
				p.Version++
				p.UpdatedAt = now
			}
			return c, ticket, err
		},
	)
	if err != nil {
		return View{}, err
	}
	return p.For(actor, r, now), nil
}
