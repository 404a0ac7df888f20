// Command osbu-verify re-checks, offline, what a round has published: its
// record, and a voter's receipt. It trusts nobody: everything is recomputed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"osbu/cmd/internal/release"
)

type commands struct {
	release.Flag
	Record  checkRecord  `cmd:"" help:"${record}"`
	Receipt checkReceipt `cmd:"" help:"${receipt}"`
	Sample  drawSample   `cmd:"" help:"${sample}"`
}

// errorWriter is where warnings go: standard error, but in tests.
type errorWriter struct{ io.Writer }

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is 0 if all is confirmed, 1 for a fault, 2 for wrong usage.
func run(args []string, out, problems io.Writer) int {
	var c commands
	asked := false
	parser := kong.Must(
		&c,
		kong.Name("osbu-verify"),
		kong.Description("Re-checks what a participatory budgeting round has published, offline."),
		release.Vars("osbu-verify"),
		help(),
		kong.Writers(out, problems),
		kong.Exit(func(int) { asked = true }),
	)
	command, err := parser.Parse(args)
	switch {
	case asked: // for help or the version, which was given
		return 0
	case err != nil:
		fmt.Fprintf(problems, "osbu-verify: %v (try --help)\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	command.BindTo(out, (*io.Writer)(nil))
	command.Bind(errorWriter{problems})
	switch err := command.Run(); {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(problems, "osbu-verify: stopped before the end; nothing is confirmed")
		return 1
	default:
		fmt.Fprintln(problems, err)
		return 1
	}
}
