package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"osbu/domain/record"
)

type drawSample struct {
	File  string `arg:"" help:"The zip, as downloaded from the results page."`
	Seed  string `required:"" help:"${seed}"`
	Size  int    `required:"" help:"How many ballots to draw."`
	Key   string `placeholder:"KEY" help:"${key}"`
	Paper bool   `help:"Draw sheets of paper alone, to be fetched and compared with what was typed in."`
	JSON  bool   `help:"One JSON object: the ballots, or the record's first fault."`
}

// drawn is what --json says.
type drawn struct {
	Confirmed   bool          `json:"confirmed"` // true: the record
	Name        string        `json:"name"`
	Round       string        `json:"round"`
	LogKey      string        `json:"log_key"`
	KeyCompared bool          `json:"key_compared"`
	Seed        string        `json:"seed"`
	Counted     int           `json:"ballots"` // that count, in the whole record; with --paper, sheets
	Sample      []drawnBallot `json:"sample"`
}

type drawnBallot struct {
	Index    int64  `json:"index"` // of the leaf
	Area     string `json:"area"`
	Withheld bool   `json:"withheld"`
	Choices  []int  `json:"choices"` // null if withheld, empty for a blank ballot; of a ranking the best first
	Points   []int  `json:"points,omitempty"`
	Batch    string `json:"batch,omitempty"` // of a sheet of paper
	Serial   string `json:"serial,omitempty"`
	said     string
}

// Run prints the ballots, or returns the record's first fault.
func (c drawSample) Run(ctx context.Context, out io.Writer, problems errorWriter) error {
	zip, done, err := open(c.File)
	if err != nil {
		return answered(out, c.JSON, c.File, err)
	}
	defer done()
	o := record.Options{Key: c.Key, Progress: progress(os.Stderr, false)}
	draw, what := record.Draw, "ballots"
	if c.Paper {
		draw, what = record.DrawSheets, "sheets of paper"
	}
	ballots, r, err := draw(ctx, zip, o, c.Seed, c.Size)
	o.Progress("", 0, 0)
	if err != nil {
		return answered(out, c.JSON, c.File, refusal{c.File, err})
	}
	if c.Key == "" {
		unknownKey(problems, "record", r.Manifest.LogKey)
	}
	said := drawn{
		Confirmed: true, Name: c.File, Round: r.Manifest.Round, LogKey: r.Manifest.LogKey, KeyCompared: c.Key != "",
		Seed: c.Seed, Sample: []drawnBallot{},
	}
	for _, a := range r.Published.Areas {
		if c.Paper {
			said.Counted += a.Sheets
		} else {
			said.Counted += a.Ballots
		}
	}
	for _, b := range ballots {
		one := drawnBallot{
			Index: b.Index, Area: b.Area, Withheld: b.Withheld, Choices: b.Vote.Choices, Points: b.Vote.Points,
			Batch: b.Batch, Serial: b.Serial,
			said: strings.TrimSpace(string(b.Vote.Append(nil))),
		}
		if !b.Withheld && one.Choices == nil {
			one.Choices = []int{}
		}
		said.Sample = append(said.Sample, one)
	}
	if c.JSON {
		return writeJSON(out, said)
	}
	fmt.Fprintf(out, "%s: confirmed; %d of the %d %s that count, drawn by %q\n", c.File, len(said.Sample),
		said.Counted, what, c.Seed)
	for _, b := range said.Sample {
		what := b.said
		switch {
		case b.Withheld:
			what = "withheld"
		case what == "":
			what = "blank"
		}
		if b.Serial != "" {
			fmt.Fprintf(out, "batch %s, sheet %s, ", b.Batch, b.Serial)
		}
		fmt.Fprintf(out, "leaf %d, area %s: %s\n", b.Index, b.Area, what)
	}
	return nil
}
