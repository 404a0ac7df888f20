package service

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"osbu/domain"
	"osbu/domain/picture"
)

// DecodeCommand is the hidden command with which the program runs itself to
// decode a picture, see DecodePicture.
const DecodeCommand = "decode-picture"

// Limits of the process that decodes one picture. The address space counts from
// what Go has taken before it begins.
const (
	decodeSeconds = 10 // of CPU
	decodeMemory  = 768 << 20
	decodeGC      = "GOMEMLIMIT=384MiB"
	decodeAnswer  = 32 << 20 // bytes: two JPEGs
)

// pictures decodes each picture in a process of its own: decoders read what
// strangers send, and one that runs away, takes all memory or is taken over
// ends there, without a file, a connection or a secret. It implements
// gallery.Pictures.
type pictures struct{ program, command string }

func newPictures() (pictures, error) {
	program, err := os.Executable()
	if err != nil {
		return pictures{}, fmt.Errorf("where the program lies, to decode images by it: %w", err)
	}
	return pictures{program, DecodeCommand}, nil
}

// decoded is what the process answers.
type decoded struct {
	Picture picture.Picture
	Refusal *domain.Error
}

// Prepare implements gallery.Pictures. A picture that takes too much CPU or
// memory is refused for that; one that a busy machine did not come to before
// the request's own deadline is not the picture's fault: domain.Busy.
func (p pictures) Prepare(ctx context.Context, data []byte) (picture.Picture, error) {
	child := exec.CommandContext(ctx, p.program, p.command) //nolint:gosec // ourselves
	child.Env = []string{"GOMAXPROCS=1", decodeGC}
	child.Dir = "/"
	child.Stdin = bytes.NewReader(data)
	child.WaitDelay = time.Second
	var answer bounded
	child.Stdout = &answer
	err := child.Run()
	if ctx.Err() != nil {
		return picture.Picture{}, domain.Fail(domain.Busy, domain.CodeBusy, "the image was not taken in in time: come back")
	}
	if _, ended := errors.AsType[*exec.ExitError](err); ended || errors.Is(err, exec.ErrWaitDelay) {
		return picture.Picture{}, domain.Fail(
			domain.Invalid, picture.CodeWork, "to decode the image takes more time or memory than we give",
		)
	}
	if err != nil {
		return picture.Picture{}, fmt.Errorf("decode an image: %w", err)
	}
	var made decoded
	if err := gob.NewDecoder(&answer.buffer).Decode(&made); err != nil {
		return picture.Picture{}, fmt.Errorf("decode an image: its answer: %w", err)
	}
	if made.Refusal != nil {
		return picture.Picture{}, made.Refusal
	}
	return made.Picture, nil
}

// bounded is a buffer that takes no more than an answer. It has no other method
// by which more could come in: a bytes.Buffer that is embedded brings ReadFrom,
// which what copies prefers.
type bounded struct{ buffer bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.buffer.Len()+len(p) > decodeAnswer {
		return 0, errors.New("the answer is too long")
	}
	return b.buffer.Write(p)
}

// DecodePicture reads a picture and writes what is made of it, or why it is
// refused. It gives up its rights before it looks at the picture.
func DecodePicture(in io.Reader, out io.Writer) error {
	data, err := io.ReadAll(io.LimitReader(in, picture.Largest+1))
	if err != nil {
		return err
	}
	if err := confine(decodeSeconds); err != nil {
		return err
	}
	var made decoded
	if made.Picture, err = picture.Prepare(data); err != nil {
		refusal, ok := errors.AsType[*domain.Error](err)
		if !ok {
			return err
		}
		made.Refusal = refusal
	}
	return gob.NewEncoder(out).Encode(made)
}

// confine bounds CPU and memory of this process, and lets it open nothing more.
func confine(seconds uint64) error {
	limits := map[int]uint64{
		syscall.RLIMIT_CPU:    seconds,
		syscall.RLIMIT_CORE:   0,
		syscall.RLIMIT_FSIZE:  0,
		syscall.RLIMIT_NOFILE: 0,
	}
	if taken := addressSpace(); taken > 0 {
		limits[syscall.RLIMIT_AS] = taken + decodeMemory
	}
	for which, most := range limits {
		if err := syscall.Setrlimit(which, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("limit %d: %w", which, err)
		}
	}
	return nil
}

// addressSpace is what this process has mapped, in bytes: proc(5), statm. 0
// where the system has no such file.
func addressSpace() (size uint64) {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	_, _ = fmt.Fscan(strings.NewReader(string(statm)), &size)
	return size * uint64(os.Getpagesize()) //nolint:gosec // a page has a size
}
