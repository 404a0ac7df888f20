package box

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// SignRecord signs, with the round's log key, that an outcome.json of this
// SHA-256 is the record's: all else in the record is signed already, or follows
// from it (domain/record/README.md). The same digest has the same signature.
// The text of the C2SP signed note, in ASCII:
//
//	osbu/record/v1
//	log osbu/helsinki-2026
//	outcome 5d3d…  SHA-256 of outcome.json, hexadecimal
func (s *Service) SignRecord(ctx context.Context, id string, outcome [32]byte) ([]byte, error) {
	r, err := s.reading(ctx, id)
	if err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: RecordText(id, outcome)}, r.signer)
	if err != nil {
		return nil, fmt.Errorf("sign the record: %w", err)
	}
	return signed, nil
}

// RecordText is what SignRecord signs.
func RecordText(round string, outcome [32]byte) string {
	return fmt.Sprintf("osbu/record/v1\nlog %s\noutcome %x\n", Origin(round), outcome)
}
