package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"osbu/domain/box"
	"osbu/domain/record"
)

type checkReceipt struct {
	File   string `arg:"" help:"The receipt, as saved from the voting page or from the page that looks receipts up."`
	Record string `placeholder:"RECORD.zip" help:"${receipt_record}"`
	Key    string `placeholder:"KEY" help:"The round's log key, from somewhere you trust."`
}

// Run prints what was confirmed, or returns the first fault.
func (c checkReceipt) Run(ctx context.Context, out io.Writer) error {
	text, err := read(c.File)
	if err != nil {
		return err
	}
	r, err := box.ParseReceipt(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	key := r.LogKey
	if c.Key != "" {
		key = c.Key
	}
	if err := r.Verify(key); err != nil {
		return fmt.Errorf("%s: receipt: %w", c.File, err)
	}
	promise, err := box.OpenPromise([]byte(r.Promise), key)
	if err != nil {
		return fmt.Errorf("%s: receipt: %w", c.File, err)
	}
	found := record.Found{Index: r.Index}
	if c.Record != "" {
		zip, done, err := open(c.Record)
		if err != nil {
			return err
		}
		defer done()
		if found, err = record.Find(ctx, zip, r); err != nil {
			return fmt.Errorf("%s: %w", c.Record, err)
		}
	}
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	line("%s: confirmed", c.File)
	line("round %s, ballot %x", r.Round, promise.Commit)
	switch {
	case c.Record != "":
		line("it is leaf %d of the %d in the record's log", found.Index, found.Leaves)
	case r.Waits():
		line("%s", waiting(promise.By, time.Now()))
	default:
		line("it is leaf %d of the log", r.Index)
	}
	if found.Outdone {
		line("a later ballot of the same voter counts instead")
	}
	line("log key %s", r.LogKey)
	if c.Key == "" && c.Record == "" {
		line(
			"This key is the receipt's own. Compare it with the one that osbu-verify record prints, or name it with --key: a receipt for another key is worth nothing.",
		)
	}
	return nil
}

// waiting says what a receipt is worth that has only a promise.
func waiting(by, now time.Time) string {
	if now.Before(by) {
		return fmt.Sprintf(
			"it is in the box and will be in the log by %s; get the receipt again after that",
			by.Format(time.RFC3339),
		)
	}
	return fmt.Sprintf(
		"it should have been in the log by %s. Get the receipt again, or name the record with --record: if the ballot is not there, the promise was broken, "+
			"and this file proves it. Keep it, and tell the election's officials and the press",
		by.Format(time.RFC3339),
	)
}

// largest is more than any receipt has.
const largest = 1 << 20

func read(name string) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, largest))
}
