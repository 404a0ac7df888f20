package box

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	cosignature "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"

	"osbu/domain"
)

// Witness is somebody independent who watches that the log only grows, and
// signs checkpoints that he has seen (C2SP tlog-cosignature, Ed25519
// cosignature/v1). Key is his verifier key in the one way in which it is
// published.
type Witness struct {
	note.Verifier
	Key string
}

// Types of keys (C2SP signed-note): a witness may be named by the first, but
// signs as the second.
const (
	plainEd25519     = 1
	cosigningEd25519 = 4
)

// NewWitness reads a witness's verifier key ("name+hash+base64", C2SP
// signed-note), as a plain Ed25519 key or as one that cosigns.
func NewWitness(key string) (Witness, error) {
	v, err := cosignature.NewVerifierForCosignatureV1(key)
	if err != nil {
		return Witness{}, err
	}
	public, err := base64.StdEncoding.DecodeString(strings.SplitN(key, "+", 3)[2])
	if err != nil {
		return Witness{}, err
	}
	if public[0] == plainEd25519 {
		public[0] = cosigningEd25519
	}
	return Witness{v, fmt.Sprintf("%s+%08x+%s", v.Name(), v.KeyHash(), base64.StdEncoding.EncodeToString(public))}, nil
}

// Cosign adds a witness's signature line ("— name base64") to the checkpoint of
// a size. Only witnesses of the Config and of the manifest may; a witness's
// first line under a checkpoint stays. NotFound if there is no checkpoint of
// that size.
func (s *Service) Cosign(ctx context.Context, id string, size int64, line string) error {
	signed, err := s.Store.CheckpointOf(ctx, id, size)
	if err != nil {
		return err
	}
	r, err := s.reading(ctx, id)
	if err != nil {
		return err
	}
	c, err := OpenCheckpoint(signed, r.manifest.LogKey)
	if err != nil {
		return err
	}
	line = strings.TrimSuffix(line, "\n") + "\n"
	known := verifiers(slices.Concat(s.Witnesses, r.witnesses))
	n, err := note.Open([]byte(c.Text()+"\n"+line), note.VerifierList(known...))
	if err != nil || len(n.Sigs) != 1 || len(n.UnverifiedSigs) != 0 {
		return domain.Fail(
			domain.Forbidden,
			CodeSignature,
			"the line is no signature under this checkpoint by a witness that this service knows",
		)
	}
	sig := n.Sigs[0]
	if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil ||
		line != "— "+sig.Name+" "+sig.Base64+"\n" {
		return domain.Fail(domain.Invalid, CodeSignature, "the line is not written as a signature line is")
	}
	return s.Store.KeepCosignature(ctx, id, size, fmt.Sprintf("%s+%08x", sig.Name, sig.Hash), line)
}

func verifiers(witnesses []Witness) []note.Verifier {
	v := make([]note.Verifier, len(witnesses))
	for i, w := range witnesses {
		v[i] = w
	}
	return v
}

// signature names a witness as cosignatures are kept.
func (w Witness) signature() string { return fmt.Sprintf("%s+%08x", w.Name(), w.KeyHash()) }
