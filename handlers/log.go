package handlers

import (
	"context"
	"encoding/hex"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/mod/sumdb/tlog"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// GetCheckpoint shows the log's last checkpoint.
func (s *Server) GetCheckpoint(
	ctx context.Context,
	req api.GetCheckpointRequestObject,
) (api.GetCheckpointResponseObject, error) {
	signed, err := s.config.Box.Checkpoint(ctx, req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetCheckpoint200TextResponse{Body: string(signed)}, nil
}

// GetManifestProof proves that the manifest is the log's first leaf.
func (s *Server) GetManifestProof(
	ctx context.Context,
	req api.GetManifestProofRequestObject,
) (api.GetManifestProofResponseObject, error) {
	p, err := s.config.Box.ProveManifest(ctx, req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetManifestProof200JSONResponse{
		Body: api.ManifestProof{Proof: proofText(p.Proof), Checkpoint: string(p.Checkpoint)},
	}, nil
}

// GetReceipt shows what the box has on a commit.
func (s *Server) GetReceipt(
	ctx context.Context,
	req api.GetReceiptRequestObject,
) (api.GetReceiptResponseObject, error) {
	var commit [32]byte
	if _, err := hex.Decode(commit[:], []byte(req.Commit)); err != nil { // its length was checked
		return nil, domain.Problems{{Path: "commit", Code: fieldBadFormat}}.Err()
	}
	r, err := s.config.Box.Receipt(ctx, req.Round, commit)
	if err != nil {
		return nil, err
	}
	body := api.Receipt{
		Format: r.Format, Round: r.Round, Manifest: r.Manifest, LogKey: r.LogKey, Promise: r.Promise,
	}
	if !r.Waits() {
		proof := proofText(r.Proof)
		body.Leaf, body.Index, body.Proof, body.Checkpoint = &r.Leaf, &r.Index, &proof, &r.Checkpoint
	}
	return api.GetReceipt200JSONResponse{Body: body}, nil
}

// GetConsistency proves that one checkpoint's log begins with another's.
func (s *Server) GetConsistency(
	ctx context.Context,
	req api.GetConsistencyRequestObject,
) (api.GetConsistencyResponseObject, error) {
	proof, err := s.config.Box.Consistency(ctx, req.Round, req.Params.From, req.Params.To)
	if err != nil {
		return nil, err
	}
	return api.GetConsistency200JSONResponse{
		Body: api.Consistency{From: req.Params.From, To: req.Params.To, Proof: proofText(proof)},
	}, nil
}

// AddCosignature adds a witness's signature to a checkpoint.
func (s *Server) AddCosignature(
	ctx context.Context,
	req api.AddCosignatureRequestObject,
) (api.AddCosignatureResponseObject, error) {
	if err := s.config.Box.Cosign(ctx, req.Round, req.Body.Size, req.Body.Line); err != nil {
		return nil, err
	}
	return api.AddCosignature204Response{}, nil
}

func proofText(proof []tlog.Hash) []string {
	text := make([]string, len(proof))
	for i, h := range proof {
		text[i] = h.String()
	}
	return text
}

// tile serves hashes and leaves at C2SP tlog-tiles' addresses: LEVEL/N or
// entries/N, N in groups of three digits as in x001/x234/067, with .p/WIDTH for
// the part of a tile that is not full.
func (s *Server) tile(c *fiber.Ctx) error {
	id := c.Params("round")
	if !round.IsAddress(id) {
		return domain.Problems{{Path: "round", Code: fieldBadFormat}}.Err()
	}
	path := c.Params("*")
	rest, leaves := strings.CutPrefix(path, "entries/")
	if leaves {
		rest = "data/" + rest
	}
	// x/mod's addresses are these with the tiles' height in front, and data for
	// leaves.
	t, err := tlog.ParseTilePath("tile/8/" + rest)
	if err != nil || strings.HasPrefix(path, "data/") || t.L > 63 {
		return domain.Problems{
			{Path: "tile", Code: fieldBadFormat, Limit: "LEVEL/N or entries/N, perhaps with .p/WIDTH"},
		}.Err()
	}
	var data []byte
	if leaves {
		data, err = s.config.Box.Bundle(c.UserContext(), id, t.N, t.W)
	} else {
		data, err = s.config.Box.Tile(c.UserContext(), id, t.L, t.N, t.W)
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
	return c.Send(data)
}
