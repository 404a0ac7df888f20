// Command osbu-hammer plays a real election against a running osbu: it makes a
// rehearsal round from a Pabulib file, registers as many voters as the file has
// ballots, casts its real ballots through credential and box, closes, counts,
// and checks that the published record is the file's own count.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/schollz/progressbar/v3"

	"osbu/cmd/internal/release"
	"osbu/cmd/osbu-hammer/play"
	"osbu/domain/pabulib"
)

type commands struct {
	release.Flag
	Play  flags `cmd:"" default:"withargs" help:"Play an election against a running osbu, and check the record."`
	Crash crash `cmd:"" help:"${crash}"`
}

type flags struct {
	URL      string        `help:"The server, e.g. http://127.0.0.1:8080." placeholder:"URL"`
	PB       string        `name:"pb" type:"existingfile" help:"${pb}" placeholder:"FILE.pb"`
	Within   time.Duration `default:"2m" help:"Time in which the voters come, at random moments."`
	Last     bool          `name:"last-evening" help:"${last}"`
	Overload time.Duration `help:"${overload}" placeholder:"1m"`
	Metrics  string        `help:"${metrics}" placeholder:"URL"`
	JSON     string        `name:"json" help:"Write the report to this file." placeholder:"FILE"`
	Official string        `default:"official" help:"Login hint of the demo official who sets the rehearsal up."`
	Paper    float64       `help:"${paper}" placeholder:"SHARE"`
	Second   string        `default:"official-2" help:"With --paper: login hint of the official who keys in, too."`

	journey
}

func main() {
	// Voters, server and database share the machine that is measured: what the
	// voters' garbage would take of it is for the others.
	debug.SetGCPercent(400)
	var c commands
	command := kong.Parse(
		&c,
		kong.Name("osbu-hammer"),
		kong.Description("Plays a real election against a running osbu, and checks the record."),
		release.Vars("osbu-hammer"),
		help(),
		kong.UsageOnError(),
	)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(streams{os.Stdout, os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "osbu-hammer:", err)
		stop()
		os.Exit(1)
	}
}

// streams are where a command writes what it was asked for, and how far it is.
type streams struct{ out, progress io.Writer }

// Run plays one election.
func (f flags) Run(ctx context.Context, s streams) error {
	if f.Journey {
		f.PB = cmp.Or(f.PB, defaultPB)
		return f.journey.run(ctx, f, s)
	}
	if f.URL == "" || f.PB == "" {
		return errors.New("missing flags: --pb=FILE.pb, --url=URL")
	}
	election, err := readElection(f.PB)
	if err != nil {
		return err
	}
	if f.Overload > 0 && !f.Last {
		return errors.New("--overload is for a --last-evening")
	}
	switch {
	case f.Paper < 0 || f.Paper > 1:
		return errors.New("--paper: want a share from 0 to 1")
	case f.Paper > 0 && f.Last:
		return errors.New("--paper is not for a --last-evening")
	}
	f.URL = strings.TrimSuffix(f.URL, "/")
	official, err := play.SignIn(ctx, f.URL, f.Official)
	if err != nil {
		return err
	}
	paper, err := f.onPaper(ctx)
	if err != nil {
		return err
	}
	bars := map[string]*progressbar.ProgressBar{}
	for _, name := range []string{"credentials", "ballots"} {
		bars[name] = progressbar.NewOptions(
			len(election.Ballots),
			progressbar.OptionSetWriter(s.progress),
			progressbar.OptionSetDescription(name),
			progressbar.OptionShowCount(),
			progressbar.OptionThrottle(200*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	report, err := play.Play(ctx, play.Config{
		URL: f.URL, Official: official, Election: election, Within: f.Within,
		Round:       rehearsalName(),
		Note:        func(stage string) { fmt.Fprintln(s.progress, stage) },
		Voted:       func() { _ = bars["ballots"].Add(1) },
		LastEvening: f.Last, Overload: f.Overload, Metrics: f.Metrics, Paper: paper,
		Issued: func() { _ = bars["credentials"].Add(1) },
	})
	if err != nil {
		return err
	}
	_ = bars["ballots"].Finish()
	show(s.out, report)
	if err := writeJSON(f.JSON, report); err != nil {
		return err
	}
	if !report.OK() {
		return errors.New("not every ballot arrived once, or the outcome is not the file's")
	}
	return nil
}

// onPaper is what comes on paper, with the second person signed in and the
// server's program to import the roll with.
func (f flags) onPaper(ctx context.Context) (p play.Paper, err error) {
	if f.Paper == 0 {
		return p, nil
	}
	p.Share = f.Paper
	if p.Second, err = play.SignIn(ctx, f.URL, f.Second); err != nil {
		return p, err
	}
	p.Roll = func(ctx context.Context, round string, text []byte) error {
		file, err := os.CreateTemp("", "osbu-roll-*.csv")
		if err != nil {
			return err
		}
		defer func() { _ = os.Remove(file.Name()) }()
		if _, err := file.Write(text); err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
		imports := exec.CommandContext(ctx, f.Osbu, "roll", "import", "--round", round, file.Name())
		if said, err := imports.CombinedOutput(); err != nil {
			return fmt.Errorf("%s roll import: %w: %s", f.Osbu, err, said)
		}
		return nil
	}
	return p, nil
}

// rehearsalName is one that no other round has.
func rehearsalName() string {
	return "rehearsal-" + time.Now().UTC().Format("20060102-150405-") + strings.ToLower(rand.Text()[:6])
}

// writeJSON writes a report, if a file is named.
func writeJSON(file string, report any) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

func show(w io.Writer, r play.Report) {
	fmt.Fprintf(
		w,
		"ballots       %d of the file, %d acknowledged, %d lost, %d doubled\n",
		r.Ballots,
		r.Acknowledged,
		r.Lost,
		r.Doubled,
	)
	showErrors(w, r)
	fmt.Fprintf(w, "rate          %.1f credentials/s, %.1f ballots/s\n", r.CredentialRate, r.BallotRate)
	fmt.Fprintf(
		w,
		"voter         p50 %.1f  p90 %.1f  p99 %.1f  max %.1f ms from arrival to promise\n",
		r.P50,
		r.P90,
		r.P99,
		r.Max,
	)
	for _, l := range []struct {
		name string
		play.Latency
	}{{"credential", r.Credential}, {"cast", r.Cast}} {
		fmt.Fprintf(w, "%-13s p50 %.1f  p90 %.1f  p99 %.1f  max %.1f ms\n", l.name, l.P50, l.P90, l.P99, l.Max)
	}
	if p := r.Paper; p != nil {
		const line = "paper         %d sheets in %d batches, and %d doubtful; %d keyed in wrongly, %d found; %.1f s\n"
		fmt.Fprintf(w, line,
			p.Sheets, p.Batches, p.Doubtful, p.Seeded, p.Found, p.Seconds)
	}
	if o := r.Overload; o != nil {
		fmt.Fprintf(
			w,
			"overload      %.0f requests/s offered, %.0f ballots/s acknowledged; %d refused, %d errors; p50 %.1f  p99 %.1f  "+
				"max %.1f ms, of them at the service p50 %.1f  p99 %.1f  max %.1f ms\n",
			o.Offered,
			o.Rate,
			o.Refused,
			o.Errors,
			o.P50,
			o.P99,
			o.Max,
			o.Service.P50,
			o.Service.P99,
			o.Service.Max,
		)
	}
	showEnd(w, r)
}

// showErrors tells what went wrong on the way.
func showErrors(w io.Writer, r play.Report) {
	fmt.Fprintf(
		w,
		"errors        %d voters; %d requests sent again, %d of them as the server asked\n",
		r.Errors,
		r.Retried,
		r.Refused,
	)
	for _, kind := range slices.Sorted(maps.Keys(r.Failures)) {
		fmt.Fprintf(w, "              %d × %s\n", r.Failures[kind], kind)
	}
}

// showEnd tells how the round came out.
func showEnd(w io.Writer, r play.Report) {
	if r.Memory > 0 {
		fmt.Fprintf(w, "memory        %.0f MiB at most in the server while people voted\n", r.Memory)
	}
	fmt.Fprintf(w, "seconds       setup %.0f, voting %.0f, close %.1f, count %.1f, publish %.1f, verify %.1f\n",
		r.Seconds.Setup, r.Seconds.Voting, r.Seconds.Close, r.Seconds.Count, r.Seconds.Publish, r.Seconds.Verify)
	fmt.Fprintf(
		w,
		"outcome       matches the file's own count: %v (%d ties); funded: %s\n",
		r.OutcomeMatches,
		r.Ties,
		strings.Join(r.Selected, " "),
	)
	fmt.Fprintf(w, "record        verified: %v\n", r.RecordVerified)
	for _, fault := range r.Faults {
		fmt.Fprintf(w, "fault         %s\n", fault)
	}
}

// located puts the file before an error, as FILE:LINE where the reader knows
// the line.
func located(file string, err error) error {
	if _, ok := errors.AsType[*pabulib.Fault](err); ok {
		return fmt.Errorf("%s:%w", file, err)
	}
	return fmt.Errorf("%s: %w", file, err)
}
