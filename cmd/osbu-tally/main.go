// Osbu-tally counts a participatory budgeting election in a Pabulib file: no
// database, no network, nothing but the file in and the outcome out.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"osbu/cmd/internal/release"
	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

type cli struct {
	release.Flag
	Count   countCommand   `cmd:"" help:"Count a file and explain the outcome."`
	Compare compareCommand `cmd:"" help:"Count a file by two rules and show what differs, and why."`
	Explain explainCommand `cmd:"" help:"Explain what became of one project."`
	Check   checkCommand   `cmd:"" help:"Say whether files can be counted, and what is odd about them."`
}

func main() {
	// A count makes few large allocations: collecting less often saves a fifth
	// of the time, and the limit holds the memory.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(900 << 20)
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit code: 0 done, 1 the file cannot be counted, 2 wrong
// usage, 130 interrupted.
func run(args []string, stdout, stderr io.Writer) int {
	var c cli
	stopped := -1
	parser, err := kong.New(
		&c,
		kong.Name("osbu-tally"),
		kong.Description(
			"Counts participatory budgeting elections in Pabulib files (.pb), exactly, and explains the outcome.",
		),
		release.Vars("osbu-tally"),
		help(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { stopped = code }),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	command, err := parser.Parse(args)
	if stopped >= 0 { // --help or --version has been answered
		return stopped
	}
	if err != nil {
		fmt.Fprintf(stderr, "osbu-tally: %v (try --help)\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	out := bufio.NewWriter(stdout)
	p := &printer{out: out, err: stderr}
	command.BindTo(ctx, (*context.Context)(nil))
	err = command.Run(p)
	if failed := out.Flush(); err == nil {
		err = failed
	}
	var wrong usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "interrupted")
		return 130
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "osbu-tally: %v\n", err)
		return 2
	default:
		fmt.Fprintln(stderr, err)
		return 1
	}
}

// usageError is a wrong call, as opposed to a wrong file.
type usageError struct{ error }

// Run gives kong a command's context and printer.
func (c *countCommand) Run(ctx context.Context, p *printer) error   { return c.run(ctx, p) }
func (c *compareCommand) Run(ctx context.Context, p *printer) error { return c.run(ctx, p) }
func (c *explainCommand) Run(ctx context.Context, p *printer) error { return c.run(ctx, p) }
func (c *checkCommand) Run(p *printer) error                        { return c.run(p) }

// read opens, parses and converts a file; errors begin with FILE:LINE. Millions
// of ballots take many seconds, so it says that it reads, and can be
// interrupted.
func (p *printer) read(ctx context.Context, name string) (*pabulib.File, tally.Instance, error) {
	type election struct {
		file *pabulib.File
		in   tally.Instance
		err  error
	}
	done := make(chan election, 1)
	go func() {
		f, in, err := load(name)
		done <- election{f, in, err}
	}()
	say, wipe := p.status()
	defer wipe()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for began := time.Now(); ; {
		select {
		case e := <-done:
			return e.file, e.in, e.err
		case <-ctx.Done():
			return nil, tally.Instance{}, ctx.Err()
		case <-tick.C:
			say(fmt.Sprintf("reading %s, %d s", name, int(time.Since(began).Seconds())))
		}
	}
}

func load(name string) (*pabulib.File, tally.Instance, error) {
	f, err := parse(name)
	if err != nil {
		return nil, tally.Instance{}, err
	}
	in, err := f.Instance()
	if err == nil {
		err = in.Validate()
	}
	if err != nil {
		return nil, in, fmt.Errorf("%s: %w", name, err)
	}
	return f, in, nil
}

func parse(name string) (*pabulib.File, error) {
	file, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	var text strings.Builder
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		text.Grow(int(info.Size()))
	}
	if _, err := io.Copy(&text, file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f, err := pabulib.Parse(text.String())
	if err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	return f, nil
}

// count runs a rule, with progress on a terminal, and checks the certificate.
func count(ctx context.Context, p *printer, rule tally.Rule, in tally.Instance) (tally.Outcome, error) {
	report, wipe := p.progress()
	out, err := tally.Run(ctx, rule, in, tally.OnProgress(report))
	wipe()
	if err != nil {
		return out, err
	}
	if out.Certificate != nil {
		if err := out.Certificate.Check(out.Rule, in); err != nil {
			return out, err
		}
	}
	return out, nil
}

// progress reports at most once a second.
func (p *printer) progress() (report func(tally.Progress), wipe func()) {
	say, wipe := p.status()
	last := time.Now()
	return func(at tally.Progress) {
		if time.Since(last) >= time.Second {
			last = time.Now()
			line := fmt.Sprintf("%s, %s for each voter", plural(at.Runs, "run", "runs"), money(at.VoterBudget))
			if at.Bought > 0 {
				line += ", " + plural(int64(at.Bought), "project", "projects")
			}
			say(line)
		}
	}, wipe
}

// status writes one line over the other, on a terminal only; wipe removes the
// last.
func (p *printer) status() (say func(string), wipe func()) {
	file, ok := p.err.(*os.File)
	if ok {
		info, err := file.Stat()
		ok = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	if !ok {
		return func(string) {}, func() {}
	}
	wide := 0
	say = func(line string) {
		wide = max(wide, len(line))
		fmt.Fprintf(p.err, "\r%-*s", wide, line)
	}
	return say, func() {
		if wide > 0 {
			fmt.Fprintf(p.err, "\r%*s\r", wide, "")
		}
	}
}

func (p *printer) json(value any) error {
	encoder := json.NewEncoder(p.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
