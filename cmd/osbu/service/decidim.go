package service

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"

	"osbu/domain"
	"osbu/domain/decidim"
	"osbu/domain/proposal/assisted"
	"osbu/domain/proposal/gallery"
	"osbu/domain/sheet"
	"osbu/sql/office"
)

// DecidimImport is an import of Decidim's open data.
type DecidimImport struct {
	Archive  io.ReaderAt // the zip
	Size     int64
	Areas    []byte // a table of which scopes and taxonomies are areas; nil: none
	Pictures fs.FS  // a folder of pictures; nil: none
	// Codes keeps the claim codes of a round's authors, as CSV, before the round
	// is stored; nil: none are made.
	Codes func(round string, table []byte) error
	Check bool     // change nothing
	Only  []string // addresses in Decidim of the rounds to import; empty: all
	Tell  func(DecidimStep)
	// Progress is told of a round's pictures, which take long, one by one.
	Progress func(round string, done, all int)
}

// DecidimStep is what was found or done with one round.
type DecidimStep struct {
	decidim.Round
	Pictures int
	Done     DecidimDone
}

// DecidimDone is what became of a round.
type DecidimDone string

// What became of it. A round that was imported stands still: what its export
// says otherwise today is not taken in.
const (
	DecidimWould   DecidimDone = "would be imported"
	DecidimTaken   DecidimDone = "imported"
	DecidimSame    DecidimDone = "imported before, unchanged"
	DecidimDiffers DecidimDone = "imported before; export or areas say something else now, which is left out"
)

// ImportDecidim imports the rounds of an export one by one, each in a
// transaction of its own; those that were imported before are passed over, so
// that an import that was stopped goes on where it was. The export is answered
// with all that is wrong in it.
func ImportDecidim(ctx context.Context, s Settings, o DecidimImport) (e decidim.Export, err error) {
	err = withOffice(ctx, s, func(store *office.Store) error {
		files, err := openFiles(s)
		if err != nil {
			return err
		}
		pictures, err := newPictures()
		if err != nil {
			return err
		}
		t := takeover{
			DecidimImport: o,
			rounds:        decidim.New(store),
			codes:         assisted.New(assisted.Config{Pepper: s.Pepper, Rand: rand.Reader}),
			images:        gallery.New(gallery.Config{Files: files, Pictures: pictures, Rand: rand.Reader}),
		}
		e, err = t.run(ctx, s)
		return err
	})
	return e, err
}

// takeover is an import with what it needs.
type takeover struct {
	DecidimImport
	rounds *decidim.Service
	codes  *assisted.Service
	images *gallery.Service
	album  album
}

func (o takeover) run(ctx context.Context, s Settings) (e decidim.Export, err error) {
	options := decidim.Options{TimeZone: s.City.TimeZone, City: s.City.Extent}
	if o.Areas != nil {
		if options.Areas, err = decidim.ReadAreas(o.Areas); err != nil {
			return e, fmt.Errorf("areas: %w", err)
		}
	}
	if e, err = decidim.Read(o.Archive, o.Size, options); err != nil {
		return e, err
	}
	for _, slug := range o.Only {
		if !slices.ContainsFunc(e.Rounds, func(r decidim.Round) bool { return r.Slug == slug }) {
			return e, fmt.Errorf("the export has no round %s", slug)
		}
	}
	known, err := o.rounds.Known(ctx)
	if err != nil {
		return e, err
	}
	if o.album, err = openAlbum(o.Pictures); err != nil {
		return e, err
	}
	for _, r := range e.Rounds {
		if len(o.Only) > 0 && !slices.Contains(o.Only, r.Slug) {
			continue
		}
		step := DecidimStep{Round: r, Done: DecidimWould, Pictures: o.album.count(r)}
		before, imported := known[r.Slug]
		switch {
		case imported && before.Digest == r.Digest:
			step.Done = DecidimSame
		case imported:
			step.Done = DecidimDiffers
		case !o.Check:
			if err := o.take(ctx, &r); err != nil {
				return e, fmt.Errorf("%s: %w", r.Slug, err)
			}
			step.Done = DecidimTaken
		}
		o.Tell(step)
	}
	return e, nil
}

// take stores a round. It keeps the pictures and the codes before the round
// that they belong to: if the round is not stored after all, the pictures are
// swept away and the codes open nothing.
func (o takeover) take(ctx context.Context, r *decidim.Round) error {
	done, all := 0, o.album.count(*r)
	keep := func(kind string, source int64) ([]decidim.Picture, error) {
		kept, err := o.album.keep(ctx, o.images, kind, source)
		for range kept {
			done++
			o.Progress(r.ID, done, all)
		}
		return kept, err
	}
	for i := range r.Proposals {
		kept, err := keep("proposal", r.Proposals[i].Source)
		if err != nil {
			return err
		}
		r.Proposals[i].Pictures = kept
	}
	for i := range r.Projects {
		p := &r.Projects[i]
		var err error
		if p.Pictures, err = keep("project", p.Source); err != nil {
			return err
		}
		if p.Result == nil {
			continue
		}
		more, err := keep("result", p.Result.Source)
		if err != nil {
			return err
		}
		p.Pictures = append(p.Pictures, more...)
	}
	if o.Codes != nil {
		if err := o.drawCodes(r); err != nil {
			return err
		}
	}
	return o.rounds.Import(ctx, *r, "osbu import decidim")
}

// drawCodes draws a claim code for each proposal whose author is told, and
// writes it down for whoever hands it to her.
func (o takeover) drawCodes(r *decidim.Round) error {
	t := sheet.Table{Head: []string{"round", "proposal in Decidim", "address in Decidim", "author", "title", "claim code"}}
	for i := range r.Proposals {
		p := &r.Proposals[i]
		if p.Author == "" {
			continue
		}
		code, hash, err := o.codes.NewCode(r.ID)
		if err != nil {
			return err
		}
		p.Code = hash
		t.Rows = append(t.Rows, sheet.Row{Cells: []string{
			r.ID, strconv.FormatInt(p.Source, 10), p.Old, p.Author, p.Text.Title, code,
		}})
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, sheet.CSV, t); err != nil {
		return err
	}
	return o.Codes(r.ID, b.Bytes())
}

// album are the files of a folder by what they show: proposal-123.jpg,
// project-7-2.png.
type album struct {
	dir   fs.FS
	files map[string][]string
}

var shows = regexp.MustCompile(`^(proposal|project|result)s?[-_/](\d+)(?:[-_]\d+)?\.(?i:jpe?g|png|webp|gif)$`)

func openAlbum(dir fs.FS) (album, error) {
	a := album{dir: dir, files: map[string][]string{}}
	if dir == nil {
		return a, nil
	}
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		found := shows.FindStringSubmatch(path.Base(name))
		if found == nil {
			found = shows.FindStringSubmatch(path.Join(path.Base(path.Dir(name)), path.Base(name)))
		}
		if found != nil {
			key := found[1] + " " + found[2]
			a.files[key] = append(a.files[key], name)
		}
		return nil
	})
	return a, err
}

func (a album) of(kind string, source int64) []string {
	all := a.files[kind+" "+strconv.FormatInt(source, 10)]
	return all[:min(len(all), gallery.MostImages)]
}

func (a album) count(r decidim.Round) (n int) {
	for _, p := range r.Proposals {
		n += len(a.of("proposal", p.Source))
	}
	for _, p := range r.Projects {
		n += len(a.of("project", p.Source))
		if p.Result != nil {
			n += len(a.of("result", p.Result.Source))
		}
	}
	return n
}

// keep takes in the pictures of one thing. A file that is no picture stops the
// import, by its name: it is mended or taken away.
func (a album) keep(
	ctx context.Context, images *gallery.Service, kind string, source int64,
) (all []decidim.Picture, err error) {
	for _, name := range a.of(kind, source) {
		data, err := fs.ReadFile(a.dir, name)
		if err != nil {
			return nil, err
		}
		made, err := images.Keep(ctx, data)
		if refusal, ok := errors.AsType[*domain.Error](err); ok {
			return nil, fmt.Errorf("%s: %s", name, refusal.Detail)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, decidim.Picture{ID: made.ID, Width: made.Width, Height: made.Height})
	}
	return all, nil
}
