// Package gallery is the pictures of proposals: they are made plain when they
// are taken in, kept beside the database, and told in words.
package gallery

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"osbu/domain"
	"osbu/domain/picture"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Size is which of its two pictures.
type Size string

// The sizes.
const (
	FullSize  Size = "full"
	SmallSize Size = "small"
)

// MostImages is how many a proposal can have, and maxAlt how long an
// alternative text is.
const (
	MostImages = 5
	maxAlt     = 300
)

// Codes of refusals.
const (
	CodeImages    domain.Code = "too_many_images"
	CodeImagesOff domain.Code = "images_not_taken"
)

// Files keeps the bytes of images by name.
type Files interface {
	// Put keeps them for good under a name that is new.
	Put(ctx context.Context, name string, content []byte) error
	// Get gives them, or NotFound.
	Get(ctx context.Context, name string) ([]byte, error)
	// Remove takes them away; where there are none it has nothing to do.
	Remove(ctx context.Context, name string) error
	// Before gives the names that were put before a moment, in any order.
	Before(ctx context.Context, moment time.Time, f func(name string) error) error
}

// Pictures makes pictures plain.
type Pictures interface {
	// Prepare is picture.Prepare with limits of time and memory of its own,
	// which hold whatever is in the data: Invalid, picture.CodeWork beyond
	// them, Busy once ctx is over. It keeps nothing.
	Prepare(ctx context.Context, data []byte) (picture.Picture, error)
}

// Store keeps which images a proposal has.
type Store interface {
	// ChangeImages calls change with the proposal, the round and the database's
	// clock, and keeps what it made of the images in that order, as the
	// account's, with the audit entry if there is one. The proposal is locked
	// and its round held against a freeze; all in one transaction. NotFound if
	// the round has no such proposal.
	ChangeImages(
		ctx context.Context,
		round string,
		proposal, account int64,
		change func(r round.At, p *proposal.Proposal) (*round.Entry, error),
	) (proposal.Proposal, error)
	// KnownImages are those of these IDs that proposals have: one query without
	// a lock.
	KnownImages(ctx context.Context, ids []string) ([]string, error)
	// PublicImage is where the image is that everybody sees: one that is
	// described, of a proposal that has been submitted and is not hidden, in a
	// round that is no draft. Else NotFound. One query without a lock, which
	// began after the call did and which other calls may share.
	PublicImage(ctx context.Context, id string) (Place, error)
}

// Place is where an image is shown.
type Place struct {
	Round    string
	Proposal int64
}

// Config wires the service.
type Config struct {
	proposal.Access
	Store    Store
	Files    Files // nil: no images are taken
	Pictures Pictures
	Rand     io.Reader // crypto/rand, or what a test replays
}

// Service is the pictures of proposals.
type Service struct {
	c        Config
	decoding chan struct{} // holds one: pictures are decoded one at a time
	waiting  sync.Map      // whose picture is decoded or waits for it, by account
	kept     keptFiles
}

// New makes the service.
func New(c Config) *Service { return &Service{c: c, decoding: make(chan struct{}, 1)} }

func fileOf(id string, size Size) string { return id + "/" + string(size) + ".jpg" }

// List are a proposal's, and whether the actor may add one now.
func (s *Service) List(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
) (images []proposal.Image, open bool, err error) {
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, false, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err != nil {
		return nil, false, err
	}
	return p.Shown(actor), s.c.Files != nil && takesImage(p, actor, r) == nil, nil
}

// Add takes a picture in, makes what is shown of it, and adds it as the
// last. Who may not is told so before anything is decoded, and one picture is
// decoded at a time: the memory that this takes does not grow with the number
// of people. Each person has one place in the queue, so that nobody's images
// keep others waiting for more than one.
//
// The bytes are kept before the row that names them. Should the process end in
// between, they are nobody's, and Sweep takes them away.
func (s *Service) Add(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	data []byte,
) (proposal.Image, error) {
	if s.c.Files == nil {
		return proposal.Image{}, domain.Fail(domain.Closed, CodeImagesOff, "this site keeps no images")
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return proposal.Image{}, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err == nil {
		err = takesImage(p, actor, r)
	}
	if err != nil {
		return proposal.Image{}, err
	}
	prepared, err := s.prepare(ctx, actor, data)
	if err != nil {
		return proposal.Image{}, err
	}
	made, err := s.keep(ctx, prepared)
	if err != nil {
		return proposal.Image{}, err
	}
	_, err = s.c.Store.ChangeImages(
		ctx,
		roundID,
		id,
		actor.ID,
		func(r round.At, p *proposal.Proposal) (*round.Entry, error) {
			if err := takesImage(*p, actor, r); err != nil {
				return nil, err
			}
			p.Images = append(p.Images, made)
			return nil, nil
		},
	)
	return made, err
}

// Keep takes a picture in for a proposal that is being imported, and answers
// with what is to be stored of it; if it never is, Sweep takes the bytes away.
func (s *Service) Keep(ctx context.Context, data []byte) (proposal.Image, error) {
	if s.c.Files == nil {
		return proposal.Image{}, domain.Fail(domain.Closed, CodeImagesOff, "this site keeps no images")
	}
	prepared, err := s.c.Pictures.Prepare(ctx, data)
	if err != nil {
		return proposal.Image{}, err
	}
	return s.keep(ctx, prepared)
}

// keep puts a picture's two sizes into the file store under a new name.
func (s *Service) keep(ctx context.Context, prepared picture.Picture) (made proposal.Image, err error) {
	made = proposal.Image{Width: prepared.Width, Height: prepared.Height}
	if made.ID, err = s.newImageID(); err != nil {
		return made, err
	}
	for size, content := range map[Size][]byte{FullSize: prepared.Full, SmallSize: prepared.Small} {
		if err := s.c.Files.Put(ctx, fileOf(made.ID, size), content); err != nil {
			return made, err
		}
	}
	return made, nil
}

// takesImage is nil if the actor may add one more.
func takesImage(p proposal.Proposal, actor domain.Actor, r round.At) error {
	if !p.VisibleTo(actor) {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", p.ID, r.ID)
	}
	if _, err := p.Permit(proposal.ToEdit, actor, r); err != nil {
		return err
	}
	if len(p.Images) >= MostImages {
		return domain.Fail(domain.Conflict, CodeImages, "a proposal has at most %d images", MostImages)
	}
	return nil
}

// prepare waits for its turn.
func (s *Service) prepare(ctx context.Context, actor domain.Actor, data []byte) (picture.Picture, error) {
	if _, already := s.waiting.LoadOrStore(actor.ID, true); already {
		return picture.Picture{}, domain.Fail(
			domain.Busy,
			domain.CodeBusy,
			"another image of yours is being taken in: come back",
		)
	}
	defer s.waiting.Delete(actor.ID)
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
		return s.c.Pictures.Prepare(ctx, data)
	case <-ctx.Done():
		return picture.Picture{}, domain.Fail(
			domain.Busy,
			domain.CodeBusy,
			"other images are being taken in: come back",
		)
	}
}

func (s *Service) newImageID() (string, error) {
	random := make([]byte, 17) // 136 bits, of which the letters hold 130
	if _, err := io.ReadFull(s.c.Rand, random); err != nil {
		return "", err
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random))[:idLength], nil
}

// idLength is how many letters name an image.
const idLength = 26

// Arrange sets the images' order and alternative texts; it names each
// image that there is.
func (s *Service) Arrange(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	images []proposal.Image,
) (proposal.View, error) {
	var v proposal.View
	_, err := s.c.Store.ChangeImages(
		ctx,
		roundID,
		id,
		actor.ID,
		func(r round.At, p *proposal.Proposal) (*round.Entry, error) {
			if r.VisibleTo(actor) != nil || !p.VisibleTo(actor) {
				return nil, domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", id, roundID)
			}
			if _, err := p.Permit(proposal.ToEdit, actor, r); err != nil {
				return nil, err
			}
			var problems domain.Problems
			arranged := make([]proposal.Image, 0, len(p.Images))
			for i, wanted := range images {
				path := fmt.Sprintf("images[%d]", i)
				at := slices.IndexFunc(p.Images, func(one proposal.Image) bool { return one.ID == wanted.ID })
				if at < 0 ||
					slices.ContainsFunc(arranged, func(one proposal.Image) bool { return one.ID == wanted.ID }) {
					return nil, domain.Fail(
						domain.Conflict,
						domain.CodeEdited,
						"the images of proposal %d are others",
						id,
					)
				}
				one := p.Images[at]
				one.Alt = problems.Line(path+".alt", wanted.Alt, maxAlt)
				if one.Alt == "" && p.Public() && p.Images[at].Alt != "" {
					problems.Add(path+".alt", "required", "")
				}
				arranged = append(arranged, one)
			}
			if len(arranged) != len(p.Images) {
				return nil, domain.Fail(
					domain.Conflict,
					domain.CodeEdited,
					"the images of proposal %d are others",
					id,
				)
			}
			p.Images = arranged
			v = p.For(actor, r)
			return nil, problems.Err()
		},
	)
	return v, err
}

// Remove takes one away for good: an author while she may edit, a
// moderator of the public proposal at any time.
func (s *Service) Remove(ctx context.Context, actor domain.Actor, roundID string, id int64, image string) error {
	_, err := s.c.Store.ChangeImages(
		ctx,
		roundID,
		id,
		actor.ID,
		func(r round.At, p *proposal.Proposal) (entry *round.Entry, err error) {
			if r.VisibleTo(actor) != nil || !p.VisibleTo(actor) {
				return nil, domain.Fail(domain.NotFound, domain.CodeNotFound, "no proposal %d in %s", id, roundID)
			}
			if p.ModeratedBy(actor) && !p.Mine(actor) {
				entry = round.NewEntry(r.Round, actor, "remove_image", "", map[string]int64{"proposal": id})
			} else if _, err := p.Permit(proposal.ToEdit, actor, r); err != nil {
				return nil, err
			}
			at := slices.IndexFunc(p.Images, func(one proposal.Image) bool { return one.ID == image })
			if at < 0 {
				return nil, errNoImage
			}
			p.Images = slices.Delete(p.Images, at, at+1)
			return entry, nil
		},
	)
	if err != nil || s.c.Files == nil {
		return err
	}
	for _, size := range []Size{FullSize, SmallSize} {
		s.kept.drop(fileOf(image, size))
		if err := s.c.Files.Remove(ctx, fileOf(image, size)); err != nil {
			return err
		}
	}
	return nil
}

var errNoImage = domain.Fail(domain.NotFound, domain.CodeNotFound, "no such image")

// File is what an image's address shows, JPEG, to whoever may see the
// proposal; public tells whether that is everybody. Nobody changes content.
func (s *Service) File(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	id int64,
	image string,
	size Size,
) (content []byte, public bool, err error) {
	if s.c.Files == nil || !isImageID(image) {
		return nil, false, errNoImage
	}
	at, err := s.c.Store.PublicImage(ctx, image)
	switch {
	case err == nil && at == Place{roundID, id}:
		content, err = s.publicFile(ctx, fileOf(image, size))
		return content, true, err
	case err == nil:
		return nil, false, errNoImage
	case domain.KindOf(err) != domain.NotFound:
		return nil, false, err
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, false, err
	}
	p, err := s.c.Find(ctx, actor, r.Round, id)
	if err != nil {
		return nil, false, err
	}
	if !slices.ContainsFunc(p.Shown(actor), func(one proposal.Image) bool { return one.ID == image }) {
		return nil, false, errNoImage
	}
	content, err = s.c.Files.Get(ctx, fileOf(image, size))
	return content, false, err
}

// publicFile gets a file that everybody sees, from memory if it is there.
func (s *Service) publicFile(ctx context.Context, name string) ([]byte, error) {
	if content := s.kept.get(name); content != nil {
		return content, nil
	}
	content, err := s.c.Files.Get(ctx, name)
	if err == nil {
		s.kept.put(name, content)
	}
	return content, err
}

// isImageID tells whether newImageID may have made it.
func isImageID(id string) bool {
	return len(id) == idLength && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '2' || c > '7')
	})
}

// Sweep takes away bytes that no proposal names: of an image whose adding
// broke off, or whose removal did. What came within the last hour stays, for
// its adding may be under way. It gives how many files went. Any number of
// instances may do so at once.
func (s *Service) Sweep(ctx context.Context, now time.Time) (swept int, err error) {
	if s.c.Files == nil {
		return 0, nil
	}
	var waiting []string
	sweep := func() error {
		var ids []string
		for _, name := range waiting {
			id, _, _ := strings.Cut(name, "/")
			ids = append(ids, id)
		}
		known, err := s.c.Store.KnownImages(ctx, ids)
		if err != nil {
			return err
		}
		for i, name := range waiting {
			if slices.Contains(known, ids[i]) {
				continue
			}
			if err := s.c.Files.Remove(ctx, name); err != nil {
				return err
			}
			swept++
		}
		waiting = waiting[:0]
		return nil
	}
	err = s.c.Files.Before(ctx, now.Add(-time.Hour), func(name string) error {
		if waiting = append(waiting, name); len(waiting) < sweptAtOnce {
			return nil
		}
		return sweep()
	})
	if err == nil {
		err = sweep()
	}
	return swept, err
}

// sweptAtOnce is how many names are looked up together.
const sweptAtOnce = 500
