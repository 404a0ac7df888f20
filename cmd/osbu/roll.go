package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"osbu/cmd/osbu/service"
	"osbu/domain/roll"
	"osbu/domain/sheet"
)

type rollCommands struct {
	Import rollImport `cmd:"" help:"Take in the roll from a CSV file: all of it, or nothing."`
	Status rollStatus `cmd:"" help:"Count the roll, codes and rights."`
}

type rollImport struct {
	File  string `arg:"" help:"${roll_file}"`
	Round string `required:"" help:"The round's address."`
	Check bool   `help:"Change nothing; tell what would change and every bad row."`
	// One in twenty: people move and die, but not that many at once.
	RemoveUpTo int `default:"-1" placeholder:"N" help:"${roll_remove}"`
}

// Run reads the file once. Every bad row is a line FILE:LINE: reason on
// standard error.
func (c rollImport) Run(ctx context.Context, s service.Settings) error {
	return service.WithRoll(ctx, s, func(rolls *roll.Service) error {
		file, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		began := time.Now()
		progress := newProgress(os.Stderr, c.File, info.Size())
		change, err := rolls.Import(ctx, roll.Import{
			Round: c.Round, File: progress.reading(file), Command: "osbu roll import", Check: c.Check, RemoveUpTo: c.RemoveUpTo,
		})
		progress.finish()
		if faults, ok := errors.AsType[roll.Faults](err); ok {
			for _, f := range faults.First {
				fmt.Fprintf(os.Stderr, "%s:%d: %s\n", c.File, f.Line, f.Reason())
			}
			if more := faults.Total - len(faults.First); more > 0 {
				fmt.Fprintf(os.Stderr, "%s: %d more\n", c.File, more)
			}
		}
		if err != nil && ctx.Err() != nil {
			return errors.New("stopped; the roll is as it was")
		}
		if err != nil {
			return err
		}
		done := ""
		if c.Check {
			done = "would be "
		}
		if change.Encoding != sheet.UTF8 {
			fmt.Fprintf(os.Stderr, "%s: read as %s\n", c.File, change.Encoding)
		}
		fmt.Printf(
			"%s: %d people %son the roll: %d added, %d removed, %d changed, %d under a new identity code (%s)\n",
			c.Round,
			change.After(),
			done,
			change.Added,
			change.Removed,
			change.Changed,
			change.Recoded,
			time.Since(began).Round(time.Second/10),
		)
		return nil
	})
}

type rollStatus struct {
	Round string `required:"" help:"The round's address."`
}

// Run prints numbers only.
func (c rollStatus) Run(ctx context.Context, s service.Settings) error {
	return service.WithRoll(ctx, s, func(rolls *roll.Service) error {
		st, err := rolls.Count(ctx, c.Round)
		if err != nil {
			return err
		}
		imported := "never"
		if !st.ImportedAt.IsZero() {
			imported = st.ImportedAt.UTC().Format(time.RFC3339)
		}
		made, used, void := st.Codes()
		fmt.Printf("people %d\nprotected %d\nwithout area %d\nimported %s\ncodes %d\ncodes used %d\ncodes void %d\n",
			st.Entries, st.Protected, st.WithoutArea, imported, made, used, void)
		for _, p := range st.Papers {
			fmt.Printf(
				"paper %s: %d rights, spent %d online, %d assisted, %d on paper\n",
				p.Paper,
				p.Rights,
				p.Online,
				p.Assisted,
				p.OnPaper,
			)
		}
		return nil
	})
}

// progress shows how much of a file has been read: a bar on a terminal, a line
// for every tenth elsewhere.
type progress struct {
	bar        *progressbar.ProgressBar
	out        io.Writer
	name       string
	size, read int64
	tenths     int64
}

func newProgress(out *os.File, name string, size int64) *progress {
	p := &progress{out: out, name: name, size: size}
	if term.IsTerminal(int(out.Fd())) {
		p.bar = progressbar.NewOptions64(
			size,
			progressbar.OptionSetWriter(
				out,
			),
			progressbar.OptionSetDescription("reading"),
			progressbar.OptionShowBytes(true),
			progressbar.OptionSetPredictTime(
				true,
			),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

func (p *progress) reading(r io.Reader) io.Reader { return io.TeeReader(r, p) }

// Write is told of what was read.
func (p *progress) Write(b []byte) (int, error) {
	p.read += int64(len(b))
	tenths := p.tenths
	if p.size > 0 {
		p.tenths = p.read * 10 / p.size
	}
	switch {
	case p.bar != nil:
		_ = p.bar.Add(len(b)) // drawing a bar is no reason to fail
	case p.tenths > tenths:
		fmt.Fprintf(p.out, "%s: %d %% read\n", p.name, p.tenths*10)
	}
	if p.tenths == 10 && tenths < 10 {
		fmt.Fprintln(p.out, "comparing with the roll")
	}
	return len(b), nil
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Exit()
	}
}
