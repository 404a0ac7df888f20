package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"osbu/cmd/osbu-hammer/fault"
	"osbu/cmd/osbu-hammer/play"
)

// crash is scripts/crash.
type crash struct {
	Kills   int    `default:"50" help:"How often something is killed with -9, beside other faults."`
	Standby bool   `help:"${standby}"`
	Restore bool   `xor:"scene" help:"${restore}"`
	JSON    string `name:"json" help:"Write the report to this file." placeholder:"FILE"`
	Seed    uint64 `help:"Of the order and the moments of the faults; 0 draws one."`
	PB      string `name:"pb" type:"existingfile" default:"${pb_default}" help:"${crash_pb}"`
	Osbu    string `type:"existingfile" default:".local/bin/osbu" help:"The server's program."`
}

// Run stages the faults from the repository's root.
func (c crash) Run(ctx context.Context, s streams) error {
	if c.Kills < 1 {
		return fmt.Errorf("--kills %d: want at least 1", c.Kills)
	}
	election, err := readElection(c.PB)
	if err != nil {
		return err
	}
	osbu, err := filepath.Abs(c.Osbu)
	if err != nil {
		return err
	}
	if c.Seed == 0 {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails
		c.Seed = uint64(binary.BigEndian.Uint32(b[:]))
	}
	note := func(text string) { fmt.Fprintln(s.progress, text) }
	note(fmt.Sprintf("seed %d", c.Seed))
	interrupted := ctx
	ctx, cancel := context.WithTimeoutCause(
		ctx,
		5*time.Minute+time.Duration(c.Kills)*2*time.Minute,
		errors.New("it takes too long"),
	)
	defer cancel()
	stage := fault.Run
	if c.Standby {
		stage = fault.Standby
	}
	if c.Restore {
		stage = fault.Restore
	}
	r, err := stage(
		ctx,
		fault.Config{
			Osbu:     osbu,
			Election: election,
			Kills:    c.Kills,
			Seed:     c.Seed,
			Disk:     !c.Standby && !c.Restore,
			Note:     note,
		},
	)
	if interrupted.Err() != nil {
		return errors.New("interrupted")
	}
	if err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	showFaults(s.out, r)
	if err := writeJSON(c.JSON, r); err != nil {
		return err
	}
	if !r.OK() {
		return errors.New("a ballot was lost or doubled, or the log or the record is not what was promised")
	}
	return nil
}

func showFaults(w io.Writer, r fault.Report) {
	fmt.Fprintf(
		w,
		"kills         %d, and %d faults in all; the service was back after %.1f s at most\n",
		r.Kills,
		sum(r.Faults),
		r.Outage,
	)
	fmt.Fprintf(
		w,
		"ballots       %d acknowledged, %d lost, %d doubled, %d unknown, of %d voters; %d requests sent again\n",
		r.Acknowledged,
		r.Lost,
		r.Doubled,
		r.Unknown,
		r.Voters,
		r.Retried,
	)
	if r.RolledBack > 0 {
		fmt.Fprintf(
			w,
			"rolled back   %d acknowledged ballots, until their voters sent them again; seen by a witness: %v\n",
			r.RolledBack,
			r.RollbackSeen,
		)
	}
	fmt.Fprintf(
		w,
		"log           %d leaves, consistent with all %d checkpoints that it showed: %v\n",
		r.Leaves,
		r.Checkpoints,
		len(r.Problems) == 0,
	)
	fmt.Fprintf(w, "record        verified: %v\n", r.RecordVerified)
	fmt.Fprintf(w, "time          %.0f s\n", r.Seconds)
	for _, p := range r.Problems {
		fmt.Fprintf(w, "problem       %s\n", p)
	}
}

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// readElection reads a Pabulib file.
func readElection(name string) (*play.Election, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	election, err := play.ReadElection(file)
	if err != nil {
		return nil, located(name, err)
	}
	return election, nil
}
