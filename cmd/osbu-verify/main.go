// Command osbu-verify re-checks, offline, what a round has published. It trusts nobody: everything is recomputed from the record alone.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"osbu/domain/record"
)

type commands struct {
	Record checkRecord `cmd:"" help:"Check a round's record: signature, ballots, counts, outcome, and that no byte was changed."`
}

type checkRecord struct {
	File string `arg:"" help:"The zip, as downloaded from the results page."`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is 0 for a confirmed record, 1 for a fault, 2 for wrong usage.
func run(args []string, out, problems io.Writer) int {
	var c commands
	asked := false
	parser := kong.Must(&c, kong.Name("osbu-verify"), kong.Description("Re-checks what a participatory budgeting round has published, offline."),
		kong.Writers(out, problems), kong.Exit(func(int) { asked = true }))
	command, err := parser.Parse(args)
	switch {
	case asked: // for help, which was given
		return 0
	case err != nil:
		fmt.Fprintf(problems, "osbu-verify: %v (try --help)\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	command.BindTo(out, (*io.Writer)(nil))
	if err := command.Run(); err != nil {
		fmt.Fprintln(problems, err)
		return 1
	}
	return 0
}

// Run prints what was confirmed, or returns the first fault.
func (c checkRecord) Run(ctx context.Context, out io.Writer) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	o, err := record.Verify(ctx, text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	fmt.Fprintf(out, "%s: confirmed\n", c.File)
	fmt.Fprintf(out, "round %s, ballot frozen by %s, result confirmed by %s\n", o.Manifest.Round, o.Manifest.Decision, o.Published.Decision)
	fmt.Fprintf(out, "log key %s\n", o.Manifest.LogKey)
	for _, p := range o.Published.Papers {
		fmt.Fprintf(out, "paper %s: %d rights, %d spent\n", p.Paper, p.Rights, p.Spent)
	}
	for _, a := range o.Published.Areas {
		fmt.Fprintf(out, "area %s: %d ballots, %d blank; funded by %s: %d projects for %s of %s\n",
			a.Area, a.Ballots, a.Blank, a.Outcome.Rule.Method, len(a.Outcome.Selected), a.Outcome.Cost, a.Outcome.Budget)
	}
	return nil
}
