package box

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// Statement is what the round's log key vouches for in the record beside the
// manifest and the checkpoints, which it signs one by one: SHA-256 digests of
// four of its files.
type Statement struct {
	Checkpoints [32]byte // log/checkpoints.txt: which checkpoints there were, and who cosigned them
	Witnesses   [32]byte // log/witnesses.txt
	Batches     [32]byte // paper/batches.txt: what became of each sheet of paper
	Outcome     [32]byte // outcome.json
}

// SignRecord signs with the round's log key that these are the record's files:
// all else in the record is signed already, or follows from it
// (domain/record/README.md). The same statement has the same signature. The
// text of the C2SP signed note, in ASCII:
//
//	osbu/record/v3
//	log osbu/helsinki-2026
//	checkpoints 0b1c…  SHA-256 of log/checkpoints.txt, hexadecimal
//	witnesses e3b0…    SHA-256 of log/witnesses.txt
//	batches 7c1e…      SHA-256 of paper/batches.txt
//	outcome 5d3d…      SHA-256 of outcome.json
func (s *Service) SignRecord(ctx context.Context, id string, what Statement) ([]byte, error) {
	r, err := s.reading(ctx, id)
	if err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: what.Text(id)}, r.signer)
	if err != nil {
		return nil, fmt.Errorf("sign the record: %w", err)
	}
	return signed, nil
}

// Text is what SignRecord signs.
func (s Statement) Text(round string) string {
	return fmt.Sprintf("osbu/record/v3\nlog %s\ncheckpoints %x\nwitnesses %x\nbatches %x\noutcome %x\n",
		Origin(round), s.Checkpoints, s.Witnesses, s.Batches, s.Outcome)
}
