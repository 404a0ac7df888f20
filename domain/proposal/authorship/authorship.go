// Package authorship is who writes a proposal with whom: the first author
// invites others by e-mail, and they join her, leave, or are parted with.
package authorship

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Invitation asks somebody by e-mail to join a proposal's authors.
type Invitation struct {
	ID       int64
	Round    string
	Proposal int64
	Title    string // of the proposal, as it stands
	By       proposal.Person
	Address  []byte // sealed
	At       time.Time
	Until    time.Time
	Over     bool // answered, ended, or the proposal is withdrawn
}

// NewInvitation is one as it is written: the e-mail carries the secret, and
// only its digest stays.
type NewInvitation struct {
	By      proposal.Person
	Address []byte // sealed
	Secret  []byte // sealed
	Digest  [32]byte
	Until   time.Time
}

// Bounds of invitations: how long one is good, how many authors can join, and
// how many e-mails of it one person can have sent in a day.
const (
	invitationTime   = 14 * 24 * time.Hour
	mostCoauthors    = 5
	mostInvitedInDay = 10
)

// Codes of refusals.
const (
	CodeInvitation domain.Code = "invitation_invalid"
	CodeCoauthors  domain.Code = "too_many_coauthors"
)

// Invitations keeps who is invited to join the authors of a proposal.
type Invitations interface {
	// AddInvitation calls build with the round, the database's clock, the
	// proposal, how many invitations to it are open and how many e-mails of
	// invitation the account had sent in the last 24 hours; it stores the
	// invitation and its e-mail. The account is locked, so that two of its
	// e-mails are counted one after the other, and so is the proposal; its
	// round is held against a freeze; all in one transaction. NotFound if the
	// round has no such proposal. Twice invites twice.
	AddInvitation(
		ctx context.Context,
		round string,
		proposal, by int64,
		build func(r round.At, p proposal.Proposal, open, recent int) (NewInvitation, error),
	) error
	// Invitations are a proposal's open ones, oldest first: one query without a
	// lock.
	Invitations(ctx context.Context, proposal int64) ([]Invitation, error)
	// EndInvitation ends an open one of the proposal, and its e-mail if that
	// still waits, in one transaction. One that is not open stays as it is.
	EndInvitation(ctx context.Context, proposal, invitation int64) error
	// ForgetInvitations ends those whose time is over, and forgets where they
	// went. Any number of instances may do so at once, and again.
	ForgetInvitations(ctx context.Context) error
}

// Answers keeps what people answer to invitations.
type Answers interface {
	// Invitation finds one by its token's digest, with the database's clock, or
	// NotFound: two queries without a lock.
	Invitation(ctx context.Context, digest [32]byte) (Invitation, time.Time, error)
	// AnswerInvitation calls decide with the invitation, its proposal, the
	// round and the database's clock; then the invitation is over, the account
	// is one of the authors if join says so, and the one who invited is told.
	// The proposal is locked; all in one transaction. NotFound if there is no
	// such invitation. One that is over is for decide to refuse.
	AnswerInvitation(
		ctx context.Context,
		digest [32]byte,
		account int64,
		decide func(r round.At, p proposal.Proposal, i Invitation) (join bool, err error),
	) error
}

// Store keeps who has joined the first author.
type Store interface {
	// RemoveAuthor takes an account from the authors of a proposal, unless
	// permit refuses; the first one cannot be taken. The proposal is locked;
	// all in one transaction. NotFound if the round has no such proposal.
	RemoveAuthor(
		ctx context.Context,
		round string,
		proposal, account int64,
		permit func(proposal.Proposal) error,
	) error
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store       Store
	Invitations Invitations
	Answers     Answers
	Sealer      domain.Sealer // of addresses and tokens at rest
	Rand        io.Reader     // crypto/rand, or what a test replays
}

// Service is who writes a proposal with whom.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// Authors is a proposal's, as they see themselves.
type Authors struct {
	First     proposal.Person
	Coauthors []proposal.Person
	Open      []OpenInvitation
	May       bool // invite one more
}

// OpenInvitation is one that waits; its address is shown to whoever wrote it
// there, and to nobody else.
type OpenInvitation struct {
	Invitation
	Address string
}

// invitable is nil while somebody can join the authors.
func invitable(p proposal.Proposal, r round.Round) error {
	switch {
	case !r.TakesVetting():
		return domain.Fail(
			domain.Closed,
			domain.CodePhase,
			"nobody joins the authors of a proposal in phase %s",
			r.Phase,
		)
	case p.State == proposal.Withdrawn:
		return domain.Fail(domain.Conflict, proposal.CodeState, "proposal %d is withdrawn", p.ID)
	}
	return nil
}

// Authors are a proposal's authors and open invitations, for one of them.
func (s *Service) Authors(ctx context.Context, actor domain.Actor, roundID string, id int64) (Authors, error) {
	r, p, err := s.c.Own(ctx, actor, roundID, id)
	if err != nil {
		return Authors{}, err
	}
	open, err := s.c.Invitations.Invitations(ctx, id)
	if err != nil {
		return Authors{}, err
	}
	a := Authors{First: p.Author, Coauthors: p.Coauthors, Open: make([]OpenInvitation, len(open))}
	for i, one := range open {
		a.Open[i].Invitation = one
		if one.By.ID == actor.ID {
			if a.Open[i].Address, err = post.OpenAddress(s.c.Sealer, one.Address); err != nil {
				return Authors{}, err
			}
		}
	}
	a.May = invitable(p, r) == nil && len(p.Coauthors)+len(open) < mostCoauthors
	return a, nil
}

// Invite asks somebody to join the authors, by an e-mail with a link that is
// good once and for two weeks.
func (s *Service) Invite(ctx context.Context, actor domain.Actor, roundID string, id int64, address string) error {
	if _, _, err := s.c.Own(ctx, actor, roundID, id); err != nil {
		return err
	}
	var problems domain.Problems
	address = post.CheckAddress(&problems, address)
	if err := problems.Err(); err != nil {
		return err
	}
	token := make([]byte, 32)
	if _, err := io.ReadFull(s.c.Rand, token); err != nil {
		return err
	}
	return s.c.Invitations.AddInvitation(
		ctx,
		roundID,
		id,
		actor.ID,
		func(r round.At, p proposal.Proposal, open, recent int) (NewInvitation, error) {
			if !p.Mine(actor) {
				return NewInvitation{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"proposal %d has other authors",
					id,
				)
			}
			if err := invitable(p, r.Round); err != nil {
				return NewInvitation{}, err
			}
			switch {
			case len(p.Coauthors)+open >= mostCoauthors:
				return NewInvitation{}, domain.Fail(
					domain.Conflict,
					CodeCoauthors,
					"at most %d join the first author",
					mostCoauthors,
				)
			case recent >= mostInvitedInDay:
				return NewInvitation{}, domain.Fail(
					domain.Busy,
					post.CodeTooMany,
					"%d e-mails of invitation in a day are enough",
					mostInvitedInDay,
				)
			}
			return NewInvitation{
				By:      proposal.PersonOf(actor),
				Address: post.SealAddress(s.c.Sealer, address),
				Secret:  post.SealSecret(s.c.Sealer, token),
				Digest:  sha256.Sum256(token),
				Until:   r.Now.Add(invitationTime),
			}, nil
		},
	)
}

// EndInvitation takes one back (any of the authors).
func (s *Service) EndInvitation(ctx context.Context, actor domain.Actor, roundID string, id, invitation int64) error {
	if _, _, err := s.c.Own(ctx, actor, roundID, id); err != nil {
		return err
	}
	return s.c.Invitations.EndInvitation(ctx, id, invitation)
}

// Invited is what somebody who is signed in is invited to. Only the link in the
// e-mail leads there.
func (s *Service) Invited(ctx context.Context, actor domain.Actor, token string) (Invitation, error) {
	digest, err := digestOf(actor, token)
	if err != nil {
		return Invitation{}, err
	}
	i, now, err := s.c.Answers.Invitation(ctx, digest)
	if err != nil || i.Over || now.After(i.Until) {
		return Invitation{}, noInvitation(err)
	}
	return i, nil
}

// AnswerInvitation accepts or declines, once. Whoever accepts is one of the
// authors from then on.
func (s *Service) AnswerInvitation(
	ctx context.Context,
	actor domain.Actor,
	token string,
	accept bool,
) (Invitation, error) {
	digest, err := digestOf(actor, token)
	if err != nil {
		return Invitation{}, err
	}
	var answered Invitation
	err = s.c.Answers.AnswerInvitation(
		ctx,
		digest,
		actor.ID,
		func(r round.At, p proposal.Proposal, i Invitation) (bool, error) {
			answered = i
			switch {
			case i.Over || r.Now.After(i.Until):
				return false, noInvitation(nil)
			case !accept:
				return false, nil
			case p.Mine(actor):
				return false, domain.Fail(
					domain.Conflict,
					proposal.CodeState,
					"the actor is an author of proposal %d already",
					p.ID,
				)
			case len(p.Coauthors) >= mostCoauthors:
				return false, domain.Fail(
					domain.Conflict,
					CodeCoauthors,
					"at most %d join the first author",
					mostCoauthors,
				)
			}
			return true, invitable(p, r.Round)
		},
	)
	if domain.KindOf(err) == domain.NotFound {
		err = noInvitation(err)
	}
	return answered, err
}

// digestOf is what is kept of the token that somebody who is signed in brings.
func digestOf(actor domain.Actor, token string) ([32]byte, error) {
	if err := actor.SignedIn(); err != nil {
		return [32]byte{}, err
	}
	secret, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(secret) == 0 {
		return [32]byte{}, noInvitation(nil)
	}
	return sha256.Sum256(secret), nil
}

// noInvitation says the same of a token that never was, one that was used, and
// one whose time is over.
func noInvitation(err error) error {
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return err
	}
	return domain.Fail(domain.Invalid, CodeInvitation, "this invitation is not valid, or not any more")
}

// Remove ends somebody's part in a proposal: who joined leaves, or the
// first author parts with her. At any time.
func (s *Service) Remove(ctx context.Context, actor domain.Actor, roundID string, id, account int64) error {
	if _, _, err := s.c.Own(ctx, actor, roundID, id); err != nil {
		return err
	}
	return s.c.Store.RemoveAuthor(ctx, roundID, id, account, func(p proposal.Proposal) error {
		switch {
		case !slices.ContainsFunc(p.Coauthors, func(c proposal.Person) bool { return c.ID == account }):
			return domain.Fail(
				domain.NotFound,
				domain.CodeNotFound,
				"account %d has not joined proposal %d",
				account,
				id,
			)
		case actor.ID != account && actor.ID != p.Author.ID:
			return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "only the first author parts with others")
		}
		return nil
	})
}

// ForgetInvitations ends invitations whose time is over, and forgets the
// addresses they went to.
func (s *Service) ForgetInvitations(ctx context.Context) error {
	return s.c.Invitations.ForgetInvitations(ctx)
}
