// Command osbu runs a city's participatory budgeting. Its settings are
// environment variables, see settings.go.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"osbu/cmd/internal/release"
)

type commands struct {
	release.Flag
	Serve   serve        `cmd:"" help:"Serve the site, the office and the box."`
	Migrate migrate      `cmd:"" help:"Bring both databases up to date; safe to run by several at once."`
	Demo    demoCommand  `cmd:"" help:"Make demo rounds if there is no round, and write the demo people for the sign-in."`
	Roll    rollCommands `cmd:"" help:"Who may vote."`
	Codes   codes        `cmd:"" help:"Issue one-time voting codes and print them, once."`
}

func main() {
	var c commands
	parser := kong.Must(
		&c,
		kong.Name("osbu"),
		kong.Description(
			"Participatory budgeting with secret ballots that anyone can recount. Settings: environment variables OSBU_…, see the README.",
		),
		release.Vars("osbu"),
		kong.UsageOnError(),
		kong.BindSingletonProvider(func() (settings, error) { return readSettings(os.Environ()) }),
	)
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	// The first signal asks to finish; a second one kills.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "osbu:", err)
		os.Exit(1)
	}
}

// newLog writes JSON lines to standard error. Nobody may put personal data, an
// address or a choice into them.
func newLog(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
