package record

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Fault is what is wrong with a record, and where: its Error is FILE:LINE:
// TEXT, and the byte if it is known.
type Fault struct {
	Part string // the other zip that File lies in: auditorsPartName; empty: the record
	File string // in the zip; empty: the zip itself
	Line int    // from 1; 0: the file as a whole
	Byte int64  // of File, or of the zip if that is empty, from 0: where the line begins, or closer; nowhere
	Text string
}

// nowhere is the byte of a fault that has none: a file that is missing.
const nowhere = -1

const auditorsPartName = "auditors' part"

func (f *Fault) Error() string {
	text := f.Text
	if f.Byte != nowhere {
		text += " (byte " + strconv.FormatInt(f.Byte, 10) + ")"
	}
	if f.File != "" {
		at := f.File
		if f.Line > 0 {
			at += ":" + strconv.Itoa(f.Line)
		}
		text = at + ": " + text
	}
	if f.Part != "" {
		text = f.Part + ": " + text
	}
	return text
}

// fault makes one of a line.
func fault(file string, line int, format string, args ...any) error {
	return &Fault{File: file, Line: line, Byte: nowhere, Text: fmt.Sprintf(format, args...)}
}

// within says in which file an error is.
func within(name string, err error) error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		g := *f
		g.File = name
		return &g
	}
	return &Fault{File: name, Byte: nowhere, Text: err.Error()}
}

// ofAuditors says that an error is of the auditors' part.
func ofAuditors(err error) error {
	if f, ok := errors.AsType[*Fault](err); ok {
		g := *f
		g.Part = auditorsPartName
		return &g
	}
	return err
}

// placed gives a fault of a line the byte at which the line begins.
func placed(err error, record, auditors *archive) error {
	f, ok := errors.AsType[*Fault](err)
	if !ok || f.Line == 0 || f.Byte != nowhere {
		return err
	}
	in := record
	if f.Part != "" {
		in = auditors
	}
	if in == nil || in.file(f.File) == nil {
		return err
	}
	r, failed := in.open(f.File)
	if failed != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	g := *f
	if g.Byte, failed = startOf(r, f.Line); failed != nil {
		return err
	}
	return &g
}

// startOf is where a line begins, from 0.
func startOf(r io.Reader, line int) (at int64, err error) {
	in := bufio.NewReader(r)
	for n := 1; n < line; {
		part, err := in.ReadSlice('\n')
		at += int64(len(part))
		switch {
		case err == nil:
			n++
		case !errors.Is(err, bufio.ErrBufferFull):
			return at, nil // the fault is that the file ends
		}
	}
	return at, nil
}
