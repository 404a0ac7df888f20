package staff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// StandIn is a colleague who gets the e-mails about somebody's work, too, while
// she is away: from the first day to the last. She may do what she may do
// anyway.
type StandIn struct {
	Account  int64 // of the colleague
	Name     string
	From, To time.Time // days, at midnight UTC
}

// longest bounds an absence.
const longest = 366 * 24 * time.Hour

// StandFor says who stands in for a member of staff, instead of whom that was
// before (officials). It is in the audit log of every round that is under way.
func (s *Service) StandFor(ctx context.Context, actor domain.Actor, account int64, in StandIn) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	return s.store.ChangeStandIn(ctx, account, func(all []Member, today time.Time) (*StandIn, round.Entry, error) {
		away := find(all, account)
		if away == nil {
			return nil, round.Entry{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no member of staff %d", account)
		}
		var problems domain.Problems
		switch other := find(all, in.Account); {
		case other == nil:
			problems.Add("stand_in", "unknown", "")
		case account == in.Account, !slices.ContainsFunc(other.Roles, func(r domain.Role) bool {
			return slices.Contains(away.Roles, r)
		}):
			problems.Add("stand_in", "not_allowed", "")
		}
		switch {
		case in.To.Before(in.From):
			problems.Add("to", "too_small", in.From.Format(time.DateOnly))
		case in.To.Before(today):
			problems.Add("to", "in_past", "")
		case in.To.Sub(in.From) > longest:
			problems.Add("to", "too_large", in.From.Add(longest).Format(time.DateOnly))
		}
		if err := problems.Err(); err != nil {
			return nil, round.Entry{}, err
		}
		return &in, entry(actor, account, away.StandIn, &in), nil
	})
}

// StandDown ends it; without a stand-in nothing changes (officials).
func (s *Service) StandDown(ctx context.Context, actor domain.Actor, account int64) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	return s.store.ChangeStandIn(ctx, account, func(all []Member, _ time.Time) (*StandIn, round.Entry, error) {
		away := find(all, account)
		if away == nil {
			return nil, round.Entry{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no member of staff %d", account)
		}
		return nil, entry(actor, account, away.StandIn, nil), nil
	})
}

// entry is one for a round's log that the store fills in. It names accounts, as
// the log does everywhere.
func entry(actor domain.Actor, account int64, before, after *StandIn) round.Entry {
	fact := func(in *StandIn) []round.Fact {
		if in == nil {
			return nil
		}
		return []round.Fact{{
			Path: fmt.Sprintf("stand_in.%d", account),
			Value: strings.Join(
				[]string{fmt.Sprint(in.Account), in.From.Format(time.DateOnly), in.To.Format(time.DateOnly)}, " ",
			),
		}}
	}
	changes := map[string]any{"changes": round.Changes(fact(before), fact(after))}
	return *round.NewEntry(round.Round{}, actor, "stand_in", "", changes)
}

func find(all []Member, account int64) *Member {
	i := slices.IndexFunc(all, func(m Member) bool { return m.Account == account })
	if i < 0 {
		return nil
	}
	return &all[i]
}
