package box

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"osbu/domain"
)

// NewWitness reads a witness's verifier key ("name+hash+base64", C2SP signed-note): somebody independent who watches that the log only grows, and
// signs checkpoints that he has seen (C2SP tlog-cosignature, Ed25519 cosignature/v1).
func NewWitness(key string) (note.Verifier, error) {
	return cosignature.NewVerifierForCosignatureV1(key)
}

// Cosign adds a witness's signature line ("— name base64") to the checkpoint of a size. Only witnesses of the Config may; a witness's first
// line under a checkpoint stays. NotFound if there is no checkpoint of that size.
func (s *Service) Cosign(ctx context.Context, id string, size int64, line string) error {
	signed, err := s.Store.CheckpointOf(ctx, id, size)
	if err != nil {
		return err
	}
	c, err := s.opened(ctx, id, signed)
	if err != nil {
		return err
	}
	line = strings.TrimSuffix(line, "\n") + "\n"
	n, err := note.Open([]byte(c.Text()+"\n"+line), note.VerifierList(s.Witnesses...))
	if err != nil || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return domain.Fail(domain.Forbidden, CodeSignature, "the line is no signature under this checkpoint by a witness that this service knows")
	}
	sig := n.Sigs[0]
	if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil || line != "— "+sig.Name+" "+sig.Base64+"\n" {
		return domain.Fail(domain.Invalid, CodeSignature, "the line is not written as a signature line is")
	}
	return s.Store.KeepCosignature(ctx, id, size, fmt.Sprintf("%s+%08x", sig.Name, sig.Hash), line)
}
