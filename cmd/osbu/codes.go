package main

import (
	"bufio"
	"context"
	"os"

	"osbu/cmd/osbu/service"
	"osbu/domain/roll"
)

type codes struct {
	Round string `required:"" help:"The round's address."`
	Count int    `required:"" help:"How many."`
	Label string `required:"" help:"What the officials' page calls them, such as 'Library day'; once in a round."`
	Place string `help:"Where they are handed out."`
}

// Run prints one code a line, which is a CSV file of one column. They are shown
// here and never again: only keyed hashes are kept.
func (c codes) Run(ctx context.Context, s service.Settings) error {
	return service.WithRoll(ctx, s, func(rolls *roll.Service) error {
		out := bufio.NewWriter(os.Stdout)
		batch := roll.Batch{Label: c.Label, Place: c.Place}
		err := rolls.PrintCodes(ctx, "osbu codes", c.Round, batch, c.Count, func(code string) error {
			_, err := out.WriteString(code + "\n")
			return err
		})
		if flushed := out.Flush(); err == nil {
			err = flushed // what was issued before a failure is printed all the same
		}
		return err
	})
}
