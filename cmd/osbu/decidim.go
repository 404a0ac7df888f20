package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"osbu/cmd/osbu/service"
	"osbu/domain/decidim"
)

type importCommands struct {
	Decidim importDecidim `cmd:"" help:"Take over finished rounds from the zip of Decidim's open data."`
}

type importDecidim struct {
	Export   string   `arg:"" help:"${decidim_export}"`
	Check    bool     `help:"Change nothing; tell what would be imported, and every row that is not taken as it is."`
	Areas    string   `placeholder:"FILE" help:"${decidim_areas}"`
	Pictures string   `placeholder:"DIR" help:"${decidim_pictures}"`
	Codes    string   `placeholder:"DIR" help:"${decidim_codes}"`
	Round    []string `placeholder:"ADDRESS" help:"The address in Decidim of a round to import; without it all are."`
}

// Run prints a line for each round on standard output, and one for each row
// that is not taken as it is on standard error.
func (c importDecidim) Run(ctx context.Context, s service.Settings) error {
	archive, err := os.Open(c.Export)
	if err != nil {
		return err
	}
	defer func() { _ = archive.Close() }()
	info, err := archive.Stat()
	if err != nil {
		return err
	}
	began, done := time.Now(), 0
	o := service.DecidimImport{
		Archive: archive, Size: info.Size(), Check: c.Check, Only: c.Round,
		Tell: func(step service.DecidimStep) {
			if step.Done == service.DecidimTaken {
				done++
			}
			fmt.Printf(
				"%s: %s: %d proposals, %d projects, %d of them selected, %d areas, %d pictures (%s)\n",
				step.ID, step.Done, len(step.Proposals), len(step.Projects), step.Selected(), len(step.Settings.Areas),
				step.Pictures, time.Since(began).Round(time.Second/10))
		},
	}
	o.Progress = func(round string, done, all int) {
		if tenth := max(1, all/10); done%tenth == 0 {
			fmt.Fprintf(os.Stderr, "%s: %d of %d pictures\n", round, done, all)
		}
	}
	if c.Areas != "" {
		if o.Areas, err = os.ReadFile(c.Areas); err != nil {
			return err
		}
	}
	if c.Pictures != "" {
		o.Pictures = os.DirFS(c.Pictures)
	}
	if c.Codes != "" {
		o.Codes = func(round string, table []byte) error { return keepCodes(c.Codes, round, table) }
	}
	export, err := service.ImportDecidim(ctx, s, o)
	tellExport(export)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("stopped; %d rounds are imported, and the same command goes on with the others", done)
	}
	if err == nil && len(export.Rounds) == 0 {
		return errors.New("the export has no round to import")
	}
	return err
}

// keepCodes writes a round's claim codes where nobody else on the machine reads
// them. What an import that was stopped has written there opens nothing.
func keepCodes(dir, round string, table []byte) error {
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }()
	file, err := folder.OpenFile(round+".csv", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(table)
	return errors.Join(err, file.Sync(), file.Close())
}

// tellExport prints what is wrong with an export.
func tellExport(e decidim.Export) {
	for _, f := range e.LeftOut {
		fmt.Fprintf(os.Stderr, "%s: %s\n", f.File, f.Reason)
	}
	out := 0
	for _, f := range e.Faults {
		at := f.File
		if f.Row > 0 {
			at += fmt.Sprintf(": row %d", f.Row)
		}
		if f.Column != "" {
			at += ", column " + f.Column
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", at, f.Reason)
		if !f.Kept {
			out++
		}
	}
	if len(e.Faults) > 0 {
		fmt.Fprintf(os.Stderr, "%d rows left out, %d kept with a change\n", out, len(e.Faults)-out)
	}
}
