// Command osbu runs a city's participatory budgeting. Its settings are
// environment variables, see service/settings.go.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"osbu/cmd/internal/release"
	"osbu/cmd/osbu/service"
)

type commands struct {
	release.Flag
	Serve   serve          `cmd:"" help:"Serve the site, the office and the box."`
	Migrate migrate        `cmd:"" help:"Bring both databases up to date; safe to run by several at once."`
	Demo    demo           `cmd:"" help:"Make demo rounds if there is no round, and write demo people for the sign-in."`
	Roll    rollCommands   `cmd:"" help:"Who may vote."`
	Import  importCommands `cmd:"" help:"Take over what a city has in another service."`
	Person  personCommands `cmd:"" help:"What is kept of somebody. Her identity code is read from standard input."`
	Keys    listKeys       `cmd:"" help:"Tell which keys there are and what for, and show none."`
	Codes   codes          `cmd:"" help:"Issue one-time voting codes and print them, once."`

	DecodePicture decodePicture `cmd:"" hidden:"" help:"What serve runs to decode one image, with limits."`
}

func main() {
	var c commands
	parser := kong.Must(
		&c,
		kong.Name("osbu"),
		kong.Description(
			"Participatory budgeting with secret ballots that anyone can recount. Settings: environment variables OSBU_…, "+
				"see the README.",
		),
		release.Vars("osbu"),
		help(),
		kong.UsageOnError(),
		kong.BindSingletonProvider(func() (service.Settings, error) { return service.ReadSettings(os.Environ()) }),
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

type serve struct{}

// Run serves until ctx ends.
func (serve) Run(ctx context.Context, s service.Settings) error { return service.Serve(ctx, s) }

type decodePicture struct{}

// Run decodes what comes in and writes what it makes of it.
func (decodePicture) Run() error { return service.DecodePicture(os.Stdin, os.Stdout) }

type migrate struct{}

// Run prints a line for each file that it applied.
func (migrate) Run(ctx context.Context, s service.Settings) error {
	return service.Migrate(ctx, s, func(database, file string) { fmt.Println(database, file) })
}

type demo struct {
	People string `required:"" placeholder:"FILE" help:"Where to write the demo people for the sign-in."`
}

// Run makes the demo.
func (d demo) Run(ctx context.Context, s service.Settings) error {
	return service.Demo(ctx, s, d.People)
}
