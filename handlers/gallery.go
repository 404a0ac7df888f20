package handlers

import (
	"context"
	"io"

	"github.com/gofiber/fiber/v2"

	"osbu/domain/picture"
	"osbu/domain/proposal"
	"osbu/domain/proposal/gallery"
	"osbu/handlers/api"
)

// imagePolicy keeps an image that somebody opens by itself from being anything
// else (CSP Level 3 §7.2).
const imagePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

// ListImages answers with a proposal's images.
func (s *Server) ListImages(
	ctx context.Context,
	req api.ListImagesRequestObject,
) (api.ListImagesResponseObject, error) {
	v, open, err := s.config.Gallery.List(ctx, actorFrom(ctx), req.Round, req.Proposal)
	if err != nil {
		return nil, err
	}
	return api.ListImages200JSONResponse{Images: list(v, toImage), Open: open}, nil
}

// AddImage takes an image in.
func (s *Server) AddImage(ctx context.Context, req api.AddImageRequestObject) (api.AddImageResponseObject, error) {
	data, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	i, err := s.config.Gallery.Add(ctx, actorFrom(ctx), req.Round, req.Proposal, data)
	if err != nil {
		return nil, err
	}
	return api.AddImage201JSONResponse(toImage(i)), nil
}

// ArrangeImages sets order and alternative texts.
func (s *Server) ArrangeImages(
	ctx context.Context,
	req api.ArrangeImagesRequestObject,
) (api.ArrangeImagesResponseObject, error) {
	images := list(
		req.Body.Images,
		func(i api.ImageText) proposal.Image { return proposal.Image{ID: i.Id, Alt: i.Alt} },
	)
	v, err := s.config.Gallery.Arrange(ctx, actorFrom(ctx), req.Round, req.Proposal, images)
	if err != nil {
		return nil, err
	}
	return api.ArrangeImages200JSONResponse(toProposal(v)), nil
}

// RemoveImage takes one away.
func (s *Server) RemoveImage(
	ctx context.Context,
	req api.RemoveImageRequestObject,
) (api.RemoveImageResponseObject, error) {
	if err := s.config.Gallery.Remove(ctx, actorFrom(ctx), req.Round, req.Proposal, req.Image); err != nil {
		return nil, err
	}
	return api.RemoveImage204Response{}, nil
}

// GetImage shows one.
func (s *Server) GetImage(ctx context.Context, req api.GetImageRequestObject) (api.GetImageResponseObject, error) {
	content, public, err := s.config.Gallery.File(
		ctx,
		actorFrom(ctx),
		req.Round,
		req.Proposal,
		req.Image,
		gallery.Size(req.Size),
	)
	if err != nil {
		return nil, err
	}
	return shownImage{
		content: content,
		public:  public,
		tag:     `"` + req.Image + "-" + string(req.Size) + `"`,
	}, nil
}

// shownImage never changes under its address; but it may go, and be anybody's
// or not. What is removed is gone from caches within a minute.
type shownImage struct {
	content []byte
	public  bool
	tag     string
}

// VisitGetImageResponse implements api.GetImageResponseObject.
func (i shownImage) VisitGetImageResponse(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, imagePolicy)
	c.Set(fiber.HeaderETag, i.tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	if i.public {
		c.Set(fiber.HeaderCacheControl, aMinute)
	}
	c.Set(fiber.HeaderContentType, picture.Type)
	return c.Send(i.content)
}

func toImage(i proposal.Image) api.Image {
	return api.Image{Id: i.ID, Alt: i.Alt, Width: i.Width, Height: i.Height}
}
