// Package assisted is what people propose without writing it themselves: they
// tell a facilitator, who enters it for them, row by row from a spreadsheet if
// need be, and who gives them a code by which they claim it as their own.
package assisted

import (
	"context"
	"io"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

var channels = []proposal.Channel{proposal.Phone, proposal.Paper, proposal.Workshop}

// Lengths in characters.
const (
	maxName   = 80  // that of accounts
	maxReason = 300 // why a text that others see was changed
)

// Form is what a facilitator fills in for somebody.
type Form struct {
	Text    proposal.Text
	Channel proposal.Channel
	Consent proposal.Consent
	Name    string // as the author wants to be shown; empty: without a name
}

// Store keeps what was entered for others, beside the proposal itself.
type Store interface {
	// Enter calls build with the round and the database's clock, and stores the
	// proposals that it made, each with its first version, channel, consent,
	// claim code and, if it came from a sheet, the digest of its row. The round
	// is held in share mode, so that it cannot be frozen meanwhile; all of them
	// in one transaction, or none. Conflict if a row with that digest was
	// imported before; otherwise twice makes two.
	Enter(
		ctx context.Context,
		round string,
		build func(round.At) ([]Entry, proposal.Change, error),
	) ([]proposal.Proposal, error)
	// Amend calls change with the proposal, the round and the database's clock,
	// and stores what it made of the proposal, name and consent included, with
	// a version. The proposal is locked and its round held against a freeze;
	// all in one transaction. NotFound if the round has no such proposal. A
	// change without an action and with an audit entry replaces the claim code
	// only; an e-mail with the one before that still waits is not sent any more.
	Amend(
		ctx context.Context,
		round string,
		id int64,
		change func(round.At, *proposal.Proposal) (proposal.Change, ClaimCode, error),
	) (proposal.Proposal, error)
	// Claim finds the proposal by the keyed hash of a code and calls change
	// with it, the round, the database's clock and who claimed it before
	// (account 0: nobody); then the account is its author, and an e-mail with
	// the code that still waits is not sent. The proposal is locked and its
	// round held against a freeze; all in one transaction. NotFound if the
	// round has no such code. A Change without an action stores nothing.
	Claim(
		ctx context.Context,
		round string,
		code [32]byte,
		account int64,
		change func(r round.At, p *proposal.Proposal, before int64) (proposal.Change, error),
	) (proposal.Proposal, error)
	// ForgetClaimEmails gives up e-mails with codes that have waited since
	// before a moment, and forgets where they were to go. Any number of
	// instances may do so at once, and again.
	ForgetClaimEmails(ctx context.Context, before time.Time) error
}

// Rows recognises rows of a sheet.
type Rows interface {
	// ImportedRows tells which of these rows were imported before, and as which
	// proposals: one query without a lock.
	ImportedRows(ctx context.Context, digests [][32]byte) (map[[32]byte]int64, error)
	// Alike are, for each of these titles, the public proposal most like it
	// that is neither withdrawn nor rejected, if one is very like it: one query
	// without a lock.
	Alike(ctx context.Context, round string, titles []string) (map[int]Like, error)
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store      Store
	Rows       Rows
	Colleagues proposal.Colleagues
	Sealer     domain.Sealer // of addresses and codes at rest
	Pepper     []byte        // keys the hashes of claim codes
	Rand       io.Reader     // crypto/rand, or what a test replays
}

// Service is what facilitators do with proposals on behalf of their authors,
// until these claim them.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Entry is an assisted proposal as it is kept.
type Entry struct {
	proposal.Proposal
	ClaimCode
	Digest [32]byte // zero: not from a sheet
}

// ClaimCode is a claim code as it is kept, and the e-mail that carries it to
// the author, in the proposal's language.
type ClaimCode struct {
	Code    [32]byte // keyed hash
	Address []byte   // sealed; nil: no e-mail
	Secret  []byte   // the code, sealed, until the e-mail is settled
}

// clean notes what is wrong; for a submission it also has to be complete and
// consented to.
func (t Form) clean(r round.At, submit bool, at proposal.Access, problems *domain.Problems) Form {
	t.Text = t.Text.Clean(r.Settings, at.City, problems, "text.")
	if !submit && t.Text.Area == "" {
		problems.Add("text.area", "required", "")
	}
	t.Name = problems.Line("name", t.Name, maxName)
	known := false
	for _, c := range channels {
		known = known || c == t.Channel
	}
	if !known {
		problems.Add("channel", "unknown", "")
	}
	checkConsent(t.Consent, r.Now, at.TimeZone, problems)
	if submit {
		t.Text.Complete(r.Settings, problems, "text.")
		if t.Consent == (proposal.Consent{}) {
			problems.Add("consent", "required", "")
		}
	}
	return t
}

func checkConsent(c proposal.Consent, now time.Time, zone *time.Location, problems *domain.Problems) {
	switch {
	case c.How == "" && c.On.IsZero():
		return
	case c.How == "":
		problems.Add("consent", "required", "")
	case c.How != proposal.Spoken && c.How != proposal.Written:
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
func mayEnter(actor domain.Actor, r round.At, area string) error {
	switch {
	case area != "" && !actor.Facilitates(area):
		return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "area %s has another facilitator", area)
	case !r.TakesProposals(r.Now):
		return domain.Fail(domain.Closed, domain.CodePhase, "round %s takes no proposals now", r.ID)
	}
	return nil
}

// Enter keeps what the area's facilitator filled in for somebody, as a draft or
// submitted at once, and answers with the code by which the author claims it.
// The code exists in the answer alone, and in an e-mail to the author's address
// if there is one.
func (s *Service) Enter(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	t Form,
	address string,
	submit bool,
) (proposal.View, string, error) {
	if err := actor.Need(domain.Facilitator); err != nil {
		return proposal.View{}, "", err
	}
	colleagues, err := s.c.Colleagues.Colleagues(ctx, roundID)
	if err != nil {
		return proposal.View{}, "", err
	}
	var wrong domain.Problems
	code, claim, err := s.drawCode(&wrong, roundID, address)
	if err != nil {
		return proposal.View{}, "", err
	}
	var r round.At
	entered, err := s.c.Store.Enter(
		ctx,
		roundID,
		func(held round.At) ([]Entry, proposal.Change, error) {
			r = held
			if err := r.VisibleTo(actor); err != nil {
				return nil, proposal.Change{}, err
			}
			if err := mayEnter(actor, r, t.Text.Area); err != nil {
				return nil, proposal.Change{}, err
			}
			problems := slices.Clone(wrong)
			p := t.clean(r, submit, s.c.Access, &problems).proposal(r, actor, submit)
			p.Facilitator = proposal.Route(p, colleagues)
			c := proposal.Change{
				By:     proposal.PersonOf(actor),
				Action: proposal.ToDraft,
				Audit:  round.NewEntry(r.Round, actor, proposal.ToDraft, string(p.Channel), map[string]int64{"proposals": 1}),
			}
			if submit {
				c.Action = proposal.ToSubmit
			} else {
				p.Facilitator = proposal.Person{}
			}
			return []Entry{{Proposal: p, ClaimCode: claim}}, c, problems.Err()
		},
	)
	if err != nil {
		return proposal.View{}, "", err
	}
	return entered[0].For(actor, r), code, nil
}

// proposal is one made of the form.
func (t Form) proposal(r round.At, actor domain.Actor, submit bool) proposal.Proposal {
	p := proposal.Proposal{
		Round:      r.ID,
		State:      proposal.Draft,
		Version:    1,
		Text:       t.Text,
		Channel:    t.Channel,
		Author:     proposal.Person{Name: t.Name},
		Assistance: &proposal.Assistance{By: proposal.PersonOf(actor), Consent: t.Consent},
		UpdatedAt:  r.Now,
	}
	if submit {
		p.State, p.SubmittedAt = proposal.Submitted, r.Now
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
	t Form,
	reason string,
) (proposal.View, error) {
	return s.change(
		ctx,
		actor,
		roundID,
		id,
		proposal.ToAmend,
		func(r round.At, p *proposal.Proposal, c *proposal.Change) (ClaimCode, error) {
			var problems domain.Problems
			t.Channel = p.Channel
			t := t.clean(r, p.Public(), s.c.Access, &problems)
			c.Reason = problems.Line("reason", reason, maxReason)
			if p.Public() && c.Reason == "" {
				problems.Add("reason", "required", "")
			}
			if err := problems.Err(); err != nil {
				return ClaimCode{}, err
			}
			if !actor.Facilitates(t.Text.Area) {
				return ClaimCode{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"area %s has another facilitator",
					t.Text.Area,
				)
			}
			if err := p.Newest(version); err != nil {
				return ClaimCode{}, err
			}
			p.Text, p.Author.Name, p.Assistance.Consent = t.Text, t.Name, t.Consent
			c.Action = proposal.ToEdit
			return ClaimCode{}, nil
		},
	)
}

// List are the proposals of the actor's districts that were entered for
// others and are not claimed, drafts included, newest first.
func (s *Service) List(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	from int64,
	limit int,
) (proposal.Page, error) {
	if err := actor.Need(domain.Facilitator); err != nil {
		return proposal.Page{}, err
	}
	return s.c.Page(
		ctx,
		actor,
		roundID,
		proposal.List{Areas: append([]string{}, actor.Areas...), Assisted: true, From: from, Limit: limit},
	)
}

// change is change for what a facilitator does on behalf.
func (s *Service) change(ctx context.Context, actor domain.Actor, roundID string, id int64, action proposal.Action,
	do func(round.At, *proposal.Proposal, *proposal.Change) (ClaimCode, error),
) (proposal.View, error) {
	var r round.At
	p, err := s.c.Store.Amend(
		ctx,
		roundID,
		id,
		func(held round.At, p *proposal.Proposal) (c proposal.Change, claim ClaimCode, err error) {
			r = held
			if err := r.VisibleTo(actor); err != nil {
				return c, claim, err
			}
			if !p.VisibleTo(actor) {
				return c, claim, domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", id, r.ID)
			}
			if _, err := p.Permit(action, actor, r); err != nil {
				return c, claim, err
			}
			c.By = proposal.PersonOf(actor)
			if claim, err = do(r, p, &c); err == nil && c.Action != "" {
				p.Version++
				p.UpdatedAt = r.Now
			}
			return c, claim, err
		},
	)
	if err != nil {
		return proposal.View{}, err
	}
	return p.For(actor, r), nil
}
