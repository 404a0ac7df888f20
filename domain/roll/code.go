package roll

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

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

// IssueCodes makes up to CodesPerRequest one-time voting codes of a round. They
// exist in the answer alone: the office keeps keyed hashes.
func (s *Service) IssueCodes(ctx context.Context, actor domain.Actor, id string, count int) ([]string, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	return s.makeCodes(ctx, round.Signature(actor), id, count)
}

// PrintCodes makes any number of codes for the command of that name, and hands
// each to deliver once it is stored. Codes whose printing fails are worthless
// paper: nobody knows them, and they count as rights that were not used.
func (s *Service) PrintCodes(ctx context.Context, command, id string, count int,
	deliver func(code string) error,
) error {
	for left := count; ; {
		codes, err := s.makeCodes(ctx, command, id, min(left, CodesPerRequest))
		if err != nil {
			return err
		}
		for _, code := range codes {
			if err := deliver(code); err != nil {
				return fmt.Errorf("print a voting code: %w", err)
			}
		}
		if left -= len(codes); left <= 0 {
			return nil
		}
	}
}

func (s *Service) makeCodes(ctx context.Context, by, id string, count int) ([]string, error) {
	if count < 1 {
		return nil, domain.Problems{{Path: "count", Code: "too_small", Limit: "1"}}.Err()
	}
	if count > CodesPerRequest {
		return nil, domain.Problems{{Path: "count", Code: "too_large", Limit: strconv.Itoa(CodesPerRequest)}}.Err()
	}
	codes, refs := make([]string, count), make([]account.Ref, count)
	for i := range codes {
		var err error
		if codes[i], err = domain.DrawCode(s.rand, codeGroups); err != nil {
			return nil, err
		}
		refs[i], _ = referCode(s.pepper, id, codes[i])
	}
	details, err := json.Marshal(map[string]int{"count": count})
	if err != nil {
		return nil, err
	}
	entry := round.Entry{Round: id, Actor: by, Action: "issue codes", Details: string(details)}
	return codes, s.register.AddCodes(ctx, id, refs, rollTakesChanges, entry)
}
