package record

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Source is a zip that can be read from anywhere in it, such as a bytes.Reader
// or an io.SectionReader.
type Source interface {
	io.ReaderAt
	Size() int64
}

// archive is a zip whose files are stored as they are.
type archive struct {
	source Source
	files  []*zip.File
}

func openArchive(source Source) (*archive, error) {
	z, err := zip.NewReader(source, source.Size())
	if err != nil {
		return nil, &Fault{Byte: nowhere, Text: "no zip: " + strings.TrimPrefix(err.Error(), "zip: ")}
	}
	a := &archive{source, z.File}
	seen := make(map[string]bool, len(z.File))
	for _, f := range z.File {
		if seen[f.Name] {
			return nil, fault(f.Name, 0, "it is there twice")
		}
		seen[f.Name] = true
		if f.Method != zip.Store || f.UncompressedSize64 > uint64(source.Size()) { //nolint:gosec // a file's size
			return nil, fault(f.Name, 0, "it is compressed, or larger than the zip; files in it lie as they are")
		}
	}
	return a, nil
}

// holds is nil if the zip has exactly these files.
func (a *archive) holds(names []string) error {
	for _, name := range names {
		if a.file(name) == nil {
			return fault(name, 0, "it is missing")
		}
	}
	for _, f := range a.files {
		if !slices.Contains(names, f.Name) {
			return fault(f.Name, 0, "it does not belong here")
		}
	}
	return nil
}

func (a *archive) file(name string) *zip.File {
	i := slices.IndexFunc(a.files, func(f *zip.File) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return a.files[i]
}

func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.file(name)
	if f == nil {
		return nil, fault(name, 0, "it is missing")
	}
	r, err := f.Open()
	return r, within(name, err)
}

// read gives a file as a whole: the small ones, and an area's .pb.
func (a *archive) read(name string) ([]byte, error) {
	r, err := a.open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(r)
	return text, within(name, errors.Join(err, r.Close()))
}

// lines gives each line of a file with its newline and its number, from 1. The
// bytes are each's until it returns.
func (a *archive) lines(name string, longest int, each func(n int, line []byte) error) (err error) {
	r, err := a.open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	in := bufio.NewReaderSize(r, longest+1)
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil
		case errors.Is(err, io.EOF):
			return fault(name, n, "the last line has no end")
		case errors.Is(err, bufio.ErrBufferFull):
			return fault(name, n, "the line is longer than %d bytes", longest)
		case err != nil:
			return fault(name, n, "%v", err)
		}
		if err := each(n, line); err != nil {
			return err
		}
	}
}

// canonical is nil if the zip's bytes are those that bundling its files makes:
// nothing before, between or after them, no comment, no other time.
func (a *archive) canonical(names []string, moment time.Time) error {
	files := make([]file, len(names))
	for i, name := range names {
		files[i] = file{name, func(w io.Writer) error {
			r, err := a.open(name)
			if err != nil {
				return err
			}
			_, err = io.Copy(w, r)
			return errors.Join(err, r.Close())
		}}
	}
	same := &comparing{in: a.source}
	switch err := bundle(same, moment, files); {
	case errors.Is(err, errOtherBytes):
		return a.otherwise(same.at)
	case err != nil:
		return err
	case same.at != a.source.Size():
		return &Fault{Byte: same.at, Text: fmt.Sprintf("%d bytes follow the end of the zip", a.source.Size()-same.at)}
	}
	return nil
}

// otherwise is the fault of a byte of the zip that is not what its files make.
func (a *archive) otherwise(at int64) error {
	where := "before the first file"
	for _, f := range a.files {
		if from, err := f.DataOffset(); err == nil && from <= at {
			where = "after the content of " + f.Name
		}
	}
	return &Fault{
		Byte: at,
		Text: "the zip itself is not the one that its files make: a byte " + where + " is another, in what the zip says " +
			"of them",
	}
}

var errOtherBytes = errors.New("other bytes")

// comparing is written what the source holds, or errOtherBytes, at the byte
// where it differs.
type comparing struct {
	in   io.ReaderAt
	at   int64
	held []byte
}

func (c *comparing) Write(b []byte) (int, error) {
	c.held = append(c.held[:0], b...)
	n, err := c.in.ReadAt(c.held, c.at)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	for i := range b {
		if i >= n || c.held[i] != b[i] {
			c.at += int64(i)
			return 0, errOtherBytes
		}
	}
	c.at += int64(len(b))
	return len(b), nil
}
