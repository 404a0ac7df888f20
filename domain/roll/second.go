package roll

import (
	"context"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Where the round's settings want four eyes, one official asks for a batch of
// codes (AskCodes), and another one makes it just so (ConfirmCodes) or refuses
// it (RefuseCodes). Whoever makes the codes is the one who is shown them.

// Asked is a batch of codes that waits for a second official.
type Asked struct {
	Batch

	Count int
	By    int64  // an account
	Name  string // as the account was called then
	At    time.Time
	Own   bool // asked by whoever reads this
}

// AskCodes asks another official to make a batch of codes. Conflict CodeEdited
// if one has been asked for already.
func (s *Service) AskCodes(ctx context.Context, actor domain.Actor, id string, batch Batch, count int) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	var p domain.Problems
	batch = batch.check(&p)
	checkCount(&p, count)
	if err := p.Err(); err != nil {
		return err
	}
	return s.register.ChangeAskedCodes(ctx, id, func(r round.Round, waiting *Asked, now time.Time,
	) (*Asked, round.Entry, error) {
		switch {
		case !r.Settings.FourEyes:
			return nil, round.Entry{}, domain.Problems{{Path: "count", Code: "not_allowed"}}.Err()
		case waiting != nil:
			return nil, round.Entry{}, domain.Fail(domain.Conflict, domain.CodeEdited,
				"%q has been asked for already", waiting.Label)
		}
		if err := rollTakesChanges(r); err != nil {
			return nil, round.Entry{}, err
		}
		asked := &Asked{Batch: batch, Count: count, By: actor.ID, Name: actor.Name, At: now}
		return asked, *round.NewEntry(r, actor, "ask_codes", "", asked.details()), nil
	})
}

// ConfirmCodes makes the batch that was asked for at this moment, as it was
// asked for. Forbidden CodeOwnRequest to whoever asked for it, Conflict
// CodeEdited if the request is there no more.
func (s *Service) ConfirmCodes(ctx context.Context, actor domain.Actor, id string, at time.Time) ([]string, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	if _, err := s.rounds.Round(ctx, id); err != nil {
		return nil, err
	}
	asked, err := s.register.AskedCodes(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := asked.is(at); err != nil {
		return nil, err
	}
	if asked.By == actor.ID {
		return nil, domain.Fail(domain.Forbidden, round.CodeOwnRequest,
			"another official confirms what %d asked for", actor.ID)
	}
	codes, _, err := s.makeCodes(ctx, round.Signature(actor), id, asked.Batch, asked.Count, asked)
	return codes, err
}

// RefuseCodes takes the request away that was made at this moment, with a
// reason. Whoever made it takes it back so.
func (s *Service) RefuseCodes(ctx context.Context, actor domain.Actor, id string, at time.Time, reason string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return domain.Problems{{Path: "reason", Code: "required"}}.Err()
	}
	return s.register.ChangeAskedCodes(ctx, id, func(r round.Round, waiting *Asked, _ time.Time,
	) (*Asked, round.Entry, error) {
		if err := waiting.is(at); err != nil {
			return nil, round.Entry{}, err
		}
		return nil, *round.NewEntry(r, actor, "refuse_codes", reason, waiting.details()), nil
	})
}

// is nil if this is the request that was made at this moment.
func (a *Asked) is(at time.Time) error {
	if a == nil || !a.At.Equal(at) {
		return domain.Fail(domain.Conflict, domain.CodeEdited, "what was asked for at %s is there no more", at)
	}
	return nil
}

// details are what the audit log says of a request.
func (a *Asked) details() map[string]string {
	return map[string]string{"label": a.Label, "place": a.Place, "count": strconv.Itoa(a.Count)}
}

// seconded is nil if codes of the round may be made alone, or if the request
// that is confirmed still waits.
func seconded(r round.Round, waiting, confirmed *Asked) error {
	switch {
	case !r.Settings.FourEyes:
		return nil
	case confirmed == nil:
		return domain.Fail(domain.Conflict, round.CodeSecondNeeded,
			"round %s wants four eyes: ask for the codes on the officials' page", r.ID)
	}
	return waiting.is(confirmed.At)
}
