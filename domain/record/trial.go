package record

import (
	"context"
	"crypto/subtle"
	"io"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
)

// trialPaper stands where a ballot's paper would: no ballot opens a trial, and
// no trial a ballot.
const trialPaper = "trial"

// trialSize of a test text, in bytes.
const trialSize = 32

// Trial is a test text that was opened before the freeze. Who gives the text
// has had the private key in hand: what the ballots are sealed for can be
// opened.
type Trial struct {
	Kept   []byte // as TrySealing gave it
	Opened []byte // the text, 32 bytes
}

// TrySealing seals a test text for the trustees' public key, as a ballot is
// sealed (paper "trial", the voter's key 32 zeros), and gives it with what
// Request.Trial must bring back. Nothing of it is stored: the text is kept
// sealed under the office's own key, for this round and this public key.
func (s *Service) TrySealing(
	ctx context.Context,
	actor domain.Actor,
	id string,
	public []byte,
) (sealed, kept []byte, err error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, nil, err
	}
	r, err := s.Office.Round(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if err := inOrder(r.Round, round.Freeze); err != nil {
		return nil, nil, err
	}
	if !r.Settings.Sealing.On() || r.Settings.Sealing.Kept() {
		return nil, nil, domain.Problems{{Path: "sealing_key", Code: "not_allowed"}}.Err()
	}
	key, err := ballot.NewSealingKey(public)
	if err != nil {
		return nil, nil, err
	}
	text := make([]byte, trialSize)
	if _, err := io.ReadFull(s.Rand, text); err != nil {
		return nil, nil, err
	}
	sealed, err = key.SealBytes(id, trialPaper, make([]byte, 32), text)
	return sealed, s.Sealer.Seal(text, trialContext(id, public)), err
}

// tried refuses a key whose test text nobody opened.
func (t taking) tried() error {
	if len(t.Trial.Kept) == 0 {
		return domain.Problems{{Path: "sealing_trial", Code: "required"}}.Err()
	}
	text, err := t.Sealer.Unseal(t.Trial.Kept, trialContext(t.round, t.SealingKey))
	if err != nil || subtle.ConstantTimeCompare(text, t.Trial.Opened) != 1 {
		return domain.Fail(domain.Invalid, ballot.CodeOpeningKey, "the test text was not opened with this key")
	}
	return nil
}

func trialContext(id string, public []byte) string {
	return "sealing trial of " + id + " for " + string(public)
}
