package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"osbu/cmd/osbu-hammer/fault"
	"osbu/cmd/osbu-hammer/play"
	"osbu/cmd/osbu-hammer/provider"
)

// journey is --journey's.
type journey struct {
	Journey    bool          `help:"${journey}"`
	Electorate int           `default:"2000" help:"Journey: people on the roll, all of whom come."`
	Think      time.Duration `default:"2s" help:"Journey: the mean pause between two steps."`
	Abandoned  float64       `default:"0.2" help:"Journey: share of visits that end before a right is used."`
	Warm       float64       `default:"0.5" help:"Journey: share of visitors whose browser has the pages' files."`
	Cohort     int           `default:"100" help:"${cohort}"`
	Release    time.Duration `default:"5s" help:"${release}"`
	Osbu       string        `default:".local/bin/osbu" help:"Journey and --paper: the server's program."`

	Author      string `default:"aino"  help:"Journey with --url: login hint of the demo resident who proposes."`
	Facilitator string `default:"leena" help:"Journey with --url: login hint of the demo facilitator who accepts."`
}

// check is nil if the flags make a journey.
func (j journey) check(f flags) error {
	switch {
	case f.Last || f.Overload > 0 || f.Paper != 0:
		return errors.New("--last-evening, --overload and --paper are not for a --journey")
	case f.Metrics != "" && f.URL == "":
		return errors.New("--metrics of a --journey are those of the server at --url")
	case f.URL != "" && j.Electorate < 1:
		return fmt.Errorf("--electorate %d: want somebody", j.Electorate)
	case f.URL == "" && (j.Cohort < 0 || j.Electorate <= j.Cohort):
		return fmt.Errorf("--electorate %d: want more than the --cohort of %d", j.Electorate, j.Cohort)
	case j.Electorate > play.MostPeople:
		return fmt.Errorf("--electorate %d: want at most %d, as many identity codes are there for", j.Electorate,
			play.MostPeople)
	case j.Abandoned < 0 || j.Abandoned >= 1 || j.Warm < 0 || j.Warm > 1:
		return errors.New("--abandoned and --warm are shares: want 0 to 1, and somebody who stays")
	case j.Release < time.Second:
		return errors.New("--release: want at least 1s")
	case j.Think < 0 || f.Within <= 0 || f.Within > 2*time.Hour:
		return errors.New("--within: want more than 0s and at most 2h, and no negative --think")
	}
	return nil
}

// run plays one, from the repository's root, on a service of its own.
func (j journey) run(ctx context.Context, f flags, s streams) (err error) {
	if err := j.check(f); err != nil {
		return err
	}
	election, err := readElection(f.PB)
	if err != nil {
		return err
	}
	if f.URL != "" {
		return j.runAt(ctx, f, s, election)
	}
	osbu, err := filepath.Abs(j.Osbu)
	if err != nil {
		return err
	}
	if _, err := os.Stat(osbu); err != nil {
		return fmt.Errorf("%w: run ./scripts/build first, or name the server's program with --osbu", err)
	}
	note := func(stage string) { fmt.Fprintln(s.progress, stage) }
	secret := rand.Text()
	var people *provider.Provider
	service := fault.Config{Osbu: osbu, Note: note, Release: j.Release}
	calm, err := fault.Serve(ctx, service, secret, func(redirect string) (string, error) {
		var err error
		people, err = provider.Listen(provider.Config{Secret: secret, Redirect: redirect, Claims: play.Claims}, 0)
		if err != nil {
			return "", err
		}
		return people.Issuer, nil
	})
	if people != nil {
		defer func() { err = errors.Join(err, people.Close()) }()
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, calm.Close()) }()
	const round = "journey"
	c := play.JourneyConfig{
		Config: play.Config{URL: calm.URL, Round: round, Metrics: calm.Metrics},
		Roll:   func(ctx context.Context, text []byte) error { return calm.Roll(ctx, round, text) },
		Cohort: j.Cohort, CPU: calm.CPU,
	}
	return j.visit(ctx, f, s, election, c, hints{play.OfficialSubject, play.AuthorSubject, play.OfficialSubject})
}

// runAt plays one on a service that runs already. Its provider knows nobody who
// could be on a roll of ours, so the electorate has voting codes; and what CPU
// it takes nobody tells, so there is no cohort.
func (j journey) runAt(ctx context.Context, f flags, s streams, election *play.Election) error {
	c := play.JourneyConfig{Config: play.Config{
		URL: strings.TrimSuffix(f.URL, "/"), Round: rehearsalName(), Metrics: f.Metrics,
	}}
	return j.visit(ctx, f, s, election, c, hints{f.Official, j.Author, j.Facilitator})
}

// hints say at the sign-in who somebody is.
type hints struct{ official, author, facilitator string }

func (j journey) visit(
	ctx context.Context,
	f flags,
	s streams,
	election *play.Election,
	c play.JourneyConfig,
	who hints,
) (err error) {
	for _, one := range []struct {
		hint string
		as   **http.Client
	}{{who.official, &c.Official}, {who.author, &c.Author}, {who.facilitator, &c.Facilitator}} {
		if *one.as, err = play.SignIn(ctx, c.URL, one.hint); err != nil {
			return err
		}
	}
	bar := progressbar.NewOptions(
		j.Electorate-c.Cohort,
		progressbar.OptionSetWriter(s.progress),
		progressbar.OptionSetDescription("visits"),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(200*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)
	c.Election, c.Within = election.Of(j.Electorate), f.Within
	c.Note = func(stage string) { fmt.Fprintln(s.progress, stage) }
	c.Voted = func() { _ = bar.Add(1) }
	c.Think, c.Abandoned, c.Warm = j.Think, j.Abandoned, j.Warm
	report, err := play.Journey(ctx, c)
	if err != nil {
		return err
	}
	_ = bar.Finish()
	showJourney(s.out, report)
	if err := writeJSON(f.JSON, report); err != nil {
		return err
	}
	if !report.OK() {
		return errors.New("not everybody got through, or a ballot did not arrive once, or the outcome is not the ballots'")
	}
	return nil
}

func showJourney(w io.Writer, r play.JourneyReport) {
	fmt.Fprintf(w, "visits        %d of %d on the roll, %d abandoned, %d complete votes, %.1f a second; %d proofs are "+
		"to come\n", r.Visits, r.Electorate, r.Abandoned, r.Votes, r.VotesRate, r.Unlogged)
	if r.ServerCPU > 0 {
		fmt.Fprintf(w, "CPU           server %.1f, database %.1f ms for each complete vote\n", r.ServerCPU, r.DatabaseCPU)
	}
	fmt.Fprintf(w, "%-13s %7s %8s %8s %8s   %s\n", "step", "n", "p50 ms", "p99 ms", "max ms",
		"server and database CPU of one voter, ms")
	for _, s := range r.Steps {
		fmt.Fprintf(w, "  %-11s %7d %8.1f %8.1f %8.1f   %6.2f %6.2f\n", s.Name, s.N, s.P50, s.P99, s.Max, s.ServerCPU,
			s.DatabaseCPU)
	}
	fmt.Fprintf(w, "ballots       %d acknowledged, %d lost, %d doubled\n", r.Acknowledged, r.Lost, r.Doubled)
	showErrors(w, r.Report)
	showEnd(w, r.Report)
}
