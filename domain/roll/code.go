package roll

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/round"
)

// CodeInvalid is the refusal of a voting code that is misspelt, was never
// issued, or belongs to another round: which of them is not told.
const CodeInvalid domain.Code = "code_invalid"

// CodesPerRequest is how many codes are issued at a time.
const CodesPerRequest = 20_000

// codeGroups make 80 bits.
const codeGroups = 4

// referCode is the right-holder a code stands for in a round, or false if it
// cannot be one.
func referCode(pepper []byte, round, code string) (account.Ref, bool) {
	plain, ok := domain.ReadCode(code, codeGroups)
	if !ok {
		return account.Ref{}, false
	}
	return keyed(pepper, "osbu/voting-code/v1", round, plain), true
}

// MostLabel and MostPlace are how long what is said of a batch may be, in
// characters; the contract says the same.
const (
	MostLabel = 100
	MostPlace = 200
)

// CodeVoid is the refusal to void a batch once more.
const CodeVoid domain.Code = "already_void"

// Batch are voting codes that were made together.
type Batch struct {
	Number     int // from 1 in its round
	Label      string
	Place      string    // where they are handed out; empty: not said
	Day        time.Time // on which they were made, in the city's calendar, midnight UTC
	Voided     time.Time // the day on which those not used became void, or zero
	Made, Used int
}

// check is what may be said of a batch, as it is kept.
func (b Batch) check(p *domain.Problems) Batch {
	b.Label, b.Place = p.Line("label", b.Label, MostLabel), p.Line("place", b.Place, MostPlace)
	if b.Label == "" {
		p.Add("label", "required", "")
	}
	return b
}

// IssueCodes makes a batch of up to CodesPerRequest one-time voting codes of a
// round. They exist in the answer alone: the office keeps keyed hashes. Where
// the settings want four eyes: Conflict CodeSecondNeeded (AskCodes).
func (s *Service) IssueCodes(ctx context.Context, actor domain.Actor, id string, batch Batch, count int,
) ([]string, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	codes, _, err := s.makeCodes(ctx, round.Signature(actor), id, batch, count, nil)
	return codes, err
}

// PrintCodes makes a batch of any number of codes for the command of that name,
// and hands each to deliver once it is stored. Codes whose printing fails are
// worthless paper: nobody knows them, and nobody votes with them.
func (s *Service) PrintCodes(ctx context.Context, command, id string, batch Batch, count int,
	deliver func(code string) error,
) error {
	for left := count; ; {
		codes, number, err := s.makeCodes(ctx, command, id, batch, min(left, CodesPerRequest), nil)
		if err != nil {
			return err
		}
		for _, code := range codes {
			if err := deliver(code); err != nil {
				return fmt.Errorf("print a voting code: %w", err)
			}
		}
		batch.Number = number
		if left -= len(codes); left <= 0 {
			return nil
		}
	}
}

// makeCodes adds to the batch of that number; 0 makes a new one. Confirmed is
// the request that a second official confirms.
func (s *Service) makeCodes(ctx context.Context, by, id string, batch Batch, count int, confirmed *Asked,
) ([]string, int, error) {
	var p domain.Problems
	batch = batch.check(&p)
	checkCount(&p, count)
	if err := p.Err(); err != nil {
		return nil, 0, err
	}
	codes, refs := make([]string, count), make([]account.Ref, count)
	for i := range codes {
		var err error
		if codes[i], err = domain.DrawCode(s.rand, codeGroups); err != nil {
			return nil, 0, err
		}
		refs[i], _ = referCode(s.pepper, id, codes[i])
	}
	allow := func(r round.Round, waiting *Asked, now time.Time) (time.Time, error) {
		if err := seconded(r, waiting, confirmed); err != nil {
			return time.Time{}, err
		}
		return s.changeToday(round.At{Round: r, Now: now})
	}
	number, err := s.register.AddCodes(ctx, id, batch, refs, allow, func(number int) round.Entry {
		return round.Entry{Round: id, Actor: by, Action: "issue codes", Details: written(map[string]any{
			"batch": number, "label": batch.Label, "place": batch.Place, "count": count,
		})}
	})
	if err != nil {
		return nil, 0, err
	}
	return codes, number, nil
}

func checkCount(p *domain.Problems, count int) {
	switch {
	case count < 1:
		p.Add("count", "too_small", "1")
	case count > CodesPerRequest:
		p.Add("count", "too_large", strconv.Itoa(CodesPerRequest))
	}
}

// VoidCodes makes a batch void, for good: none of its codes that is not used
// can be. Those that are used stay counted.
func (s *Service) VoidCodes(ctx context.Context, actor domain.Actor, id string, number int, reason string) error {
	if err := actor.Need(domain.Official); err != nil {
		return err
	}
	entry := round.NewEntry(round.Round{ID: id}, actor, "void codes", reason, map[string]int{"batch": number})
	return s.register.VoidBatch(ctx, id, number, s.changeToday, *entry)
}

// changeToday is the day on which the roll of a round is changed.
func (s *Service) changeToday(r round.At) (time.Time, error) {
	return dayIn(s.timeZone, r.Now), rollTakesChanges(r.Round)
}

func written(details map[string]any) string {
	text, err := json.Marshal(details)
	if err != nil {
		panic(err) // plain values only
	}
	return string(text)
}
