package assisted

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Codes of refusals: a claim code that is misspelt, was never given, was
// replaced, or belongs to another round (which of them is not told); and one by
// which somebody else has claimed.
const (
	CodeClaim   domain.Code = "claim_code_invalid"
	CodeClaimed domain.Code = "claimed_already"
)

// claimGroups make 60 bits. A guess has to be made here, at a limited pace:
// only keyed hashes are kept.
const claimGroups = 3

// claimEmailTime is how long an e-mail with a code waits at most, for a mail
// server that does not answer; the code that was printed is good without it.
const claimEmailTime = 14 * 24 * time.Hour

// drawCode draws a code; it goes by e-mail, too, if there is an address. It
// notes what is wrong with that: who may not do it is told so before.
func (s *Service) drawCode(problems *domain.Problems, roundID, address string) (string, ClaimCode, error) {
	var t ClaimCode
	if address = strings.TrimSpace(address); address != "" {
		address = post.CheckAddress(problems, address)
	}
	code, err := domain.DrawCode(s.c.Rand, claimGroups)
	if err != nil {
		return "", t, err
	}
	t.Code, _ = s.hashCode(roundID, code)
	if address != "" {
		t.Address, t.Secret = post.SealAddress(s.c.Sealer, address), post.SealSecret(s.c.Sealer, []byte(code))
	}
	return code, t, nil
}

// hashCode is HMAC-SHA-256 under the pepper, or false for what cannot be a
// code.
func (s *Service) hashCode(roundID, code string) (hash [32]byte, ok bool) {
	plain, ok := domain.ReadCode(code, claimGroups)
	if !ok {
		return hash, false
	}
	mac := hmac.New(sha256.New, s.c.Pepper)
	_, _ = mac.Write([]byte(strings.Join([]string{"osbu/claim-code/v1", roundID, plain}, "\x00")))
	mac.Sum(hash[:0])
	return hash, true
}

// NewCode draws a code for a proposal of the round that is taken over from
// another service. Its hash alone is to be kept.
func (s *Service) NewCode(roundID string) (code string, hash [32]byte, err error) {
	code, claim, err := s.drawCode(nil, roundID, "")
	return code, claim.Code, err
}

// Reissue gives the proposal another code (the area's facilitator, until it is
// claimed), which goes to the address if there is one; the one before is void.
func (s *Service) Reissue(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	address string,
) (proposal.View, string, error) {
	var problems domain.Problems
	code, claim, err := s.drawCode(&problems, roundID, address)
	if err != nil {
		return proposal.View{}, "", err
	}
	v, err := s.change(
		ctx,
		actor,
		roundID,
		id,
		proposal.ToReissue,
		func(r round.At, p *proposal.Proposal, c *proposal.Change) (ClaimCode, error) {
			c.Audit = round.NewEntry(r.Round, actor, proposal.ToReissue, "", map[string]int64{"proposal": p.ID})
			return claim, problems.Err()
		},
	)
	if err != nil {
		return proposal.View{}, "", err
	}
	return v, code, nil
}

// Claim makes the actor the author of the proposal that was entered for her, by
// its code, until the freeze, or at any time where another service held the
// round. Once more by the same person changes nothing.
func (s *Service) Claim(ctx context.Context, actor domain.Actor, roundID, code string) (proposal.View, error) {
	if err := actor.SignedIn(); err != nil {
		return proposal.View{}, err
	}
	wrong := domain.Fail(domain.Invalid, CodeClaim, "no proposal in %s has this code", roundID)
	if _, err := s.c.Round(ctx, actor, roundID); err != nil {
		return proposal.View{}, err
	}
	hash, ok := s.hashCode(roundID, code)
	if !ok {
		return proposal.View{}, wrong
	}
	var r round.At
	p, err := s.c.Store.Claim(
		ctx,
		roundID,
		hash,
		actor.ID,
		func(held round.At, p *proposal.Proposal, before int64) (proposal.Change, error) {
			r = held
			switch {
			case before == actor.ID:
				return proposal.Change{}, nil
			case before != 0:
				return proposal.Change{}, domain.Fail(
					domain.Conflict,
					CodeClaimed,
					"proposal %d has been claimed",
					p.ID,
				)
			case p.Assistance.By.ID == actor.ID:
				return proposal.Change{}, domain.Fail(
					domain.Forbidden,
					domain.CodeNotAllowed,
					"whoever entered proposal %d is not its author",
					p.ID,
				)
			case !r.TakesVetting() && !r.Elsewhere():
				return proposal.Change{}, domain.Fail(
					domain.Closed,
					domain.CodePhase,
					"nobody claims proposals in phase %s",
					r.Phase,
				)
			case p.State == proposal.Withdrawn:
				return proposal.Change{}, domain.Fail(
					domain.Conflict,
					proposal.CodeState,
					"proposal %d is withdrawn",
					p.ID,
				)
			}
			p.Author, p.Assistance.Claimed = proposal.PersonOf(actor), true
			if p.Facilitator.ID == actor.ID { // nobody decides in her own cause
				p.Facilitator = proposal.Person{}
			}
			p.Version++
			p.UpdatedAt = r.Now
			return proposal.Change{By: proposal.PersonOf(actor), Action: proposal.ToClaim}, nil
		},
	)
	if domain.KindOf(err) == domain.NotFound {
		return proposal.View{}, wrong
	}
	if err != nil {
		return proposal.View{}, err
	}
	return p.For(actor, r), nil
}

// ForgetClaimEmails gives up e-mails with claim codes that no mail server has
// taken in time, and forgets their codes and addresses.
func (s *Service) ForgetClaimEmails(ctx context.Context, now time.Time) error {
	return s.c.Store.ForgetClaimEmails(ctx, now.Add(-claimEmailTime))
}
