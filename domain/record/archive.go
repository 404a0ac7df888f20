package record

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// Source is a zip that can be read from anywhere in it, such as a bytes.Reader
// or an io.SectionReader.
type Source interface {
	io.ReaderAt
	Size() int64
}

// Fault is what is wrong with a record, and where: its Error is FILE:LINE:
// TEXT.
type Fault struct {
	File string // in the zip; empty: the zip itself
	Line int    // from 1; 0: the file as a whole
	Text string
}

func (f *Fault) Error() string {
	switch {
	case f.File == "":
		return f.Text
	case f.Line == 0:
		return f.File + ": " + f.Text
	default:
		return f.File + ":" + strconv.Itoa(f.Line) + ": " + f.Text
	}
}

// fault makes one of a line.
func fault(file string, line int, format string, args ...any) error {
	return &Fault{file, line, fmt.Sprintf(format, args...)}
}

// within says in which file an error is.
func within(name string, err error) error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return &Fault{name, f.Line, f.Text}
	}
	return &Fault{File: name, Text: err.Error()}
}

// archive is a zip whose files are stored as they are.
type archive struct {
	source Source
	files  []*zip.File
}

func openArchive(source Source) (*archive, error) {
	z, err := zip.NewReader(source, source.Size())
	if err != nil {
		return nil, fmt.Errorf("no zip: %w", err)
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
	if err := bundle(same, moment, files); errors.Is(err, errOtherBytes) {
		return errOtherBytes
	} else if err != nil {
		return err
	}
	if same.at != a.source.Size() {
		return errOtherBytes
	}
	return nil
}

var errOtherBytes = &Fault{Text: "the zip holds more than, or not quite, what its content makes"}

// comparing is written what the source holds, or errOtherBytes.
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
	if n < len(b) || !bytes.Equal(c.held, b) {
		return 0, errOtherBytes
	}
	c.at += int64(len(b))
	return len(b), nil
}
