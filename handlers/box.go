package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/handlers/api"
)

// GetManifest shows the round's signed manifest.
func (s *Server) GetManifest(
	ctx context.Context,
	req api.GetManifestRequestObject,
) (api.GetManifestResponseObject, error) {
	note, err := s.config.Box.Manifest(ctx, req.Round)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(note)
	tag := `"` + hex.EncodeToString(digest[:16]) + `"`
	return api.GetManifest200TextResponse{
		Body:    string(note),
		Headers: api.GetManifest200ResponseHeaders{ETag: &tag},
	}, nil
}

// CastBallot puts a ballot in the box.
func (s *Server) CastBallot(
	ctx context.Context,
	req api.CastBallotRequestObject,
) (api.CastBallotResponseObject, error) {
	c, err := fromCast(req.Round, *req.Body)
	if err != nil {
		return nil, err
	}
	promise, err := s.config.Box.Cast(ctx, c)
	if err != nil {
		return nil, err
	}
	return api.CastBallot200JSONResponse{Promise: string(promise)}, nil
}

func fromCast(round string, b api.Cast) (box.Cast, error) {
	c := box.Cast{Round: round, Paper: b.Paper, Seq: b.Seq}
	var faults domain.Problems
	for _, f := range []struct {
		name, text string
		into       *[]byte
	}{
		{"key", b.Key, (*[]byte)(&c.Key)},
		{"randomizer", b.Randomizer, &c.Randomizer},
		{"credential", b.Credential, &c.Credential},
		{"ballot", b.Ballot, &c.Ballot},
		{"signature", b.Signature, &c.Signature},
		{"commit", given(b.Commit), &c.Commit},
	} {
		var err error
		if *f.into, err = base64.StdEncoding.Strict().DecodeString(f.text); err != nil {
			faults.Add(f.name, fieldBadFormat, "base64")
		}
	}
	return c, faults.Err()
}
