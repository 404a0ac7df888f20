package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/record"
)

type checkReceipt struct {
	File   string `arg:"" help:"The receipt, as saved from the voting page or from the page that looks receipts up."`
	Record string `placeholder:"RECORD.zip" help:"${receipt_record}"`
	Code   string `placeholder:"CODE" help:"${code}"`
	Key    string `placeholder:"KEY" help:"The round's log key, from elsewhere than the receipt: a poster, a witness."`
	JSON   bool   `help:"One JSON object: what was confirmed, or why not."`
}

// confirmedReceipt is what --json says of a receipt that is true.
type confirmedReceipt struct {
	Confirmed   bool   `json:"confirmed"` // true
	Name        string `json:"name"`
	Round       string `json:"round"`
	Commit      string `json:"commit"` // hexadecimal
	LogKey      string `json:"log_key"`
	KeyCompared bool   `json:"key_compared"` // false: nothing tells whose receipt this is
	CheckCode   string `json:"check_code"`   // of the manifest that the ballot was cast under
	// CodeCompared is false if nothing tells whether that is everybody's.
	CodeCompared bool   `json:"code_compared"`
	Index        int64  `json:"index,omitempty"`    // of the ballot's leaf
	Leaves       int64  `json:"leaves,omitempty"`   // of the record's log
	Promised     string `json:"promised,omitempty"` // by when it will be in the log
}

// Run prints what was confirmed, or returns why nothing is.
func (c checkReceipt) Run(ctx context.Context, out io.Writer, problems errorWriter) error {
	said, err := c.check(ctx, time.Now())
	if err != nil {
		return answered(out, c.JSON, c.File, err)
	}
	if !said.KeyCompared {
		unknownKey(problems, "receipt", said.LogKey)
	}
	if c.JSON {
		return writeJSON(out, said)
	}
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	line("%s: confirmed", c.File)
	line("round %s, ballot %s", said.Round, said.Commit)
	switch {
	case c.Record != "":
		line("it is leaf %d of the %d in the record's log, and no later ballot of the same voter is there", said.Index,
			said.Leaves)
	case said.Promised != "":
		line("it is in the box and will be in the log by %s; get the receipt again after that", said.Promised)
	default:
		line("it is leaf %d of the log", said.Index)
	}
	line("log key %s", said.LogKey)
	line("check code %s", said.CheckCode)
	if !said.CodeCompared {
		line("compare the check code with a poster's or a letter's: with another one the ballot is not everybody's")
	}
	return nil
}

// check holds the receipt against its own proofs, the key and the record.
func (c checkReceipt) check(ctx context.Context, now time.Time) (said confirmedReceipt, err error) {
	text, err := read(c.File)
	if err != nil {
		return said, err
	}
	r, err := box.ParseReceipt(text)
	if err != nil {
		return said, refusal{c.File, err}
	}
	key := r.LogKey
	if c.Key != "" {
		key = c.Key
	}
	if err := r.Verify(key); err != nil {
		return said, refusal{c.File, fmt.Errorf("receipt: %w", err)}
	}
	promise, err := box.OpenPromise([]byte(r.Promise), key)
	if err != nil {
		return said, refusal{c.File, fmt.Errorf("receipt: %w", err)}
	}
	said = confirmedReceipt{
		Confirmed: true, Name: c.File, Round: r.Round, Commit: fmt.Sprintf("%x", promise.Commit), LogKey: r.LogKey,
		KeyCompared: c.Key != "" || c.Record != "", Index: r.Index,
		CheckCode: domain.CheckCode(promise.Manifest), CodeCompared: c.Code != "" || c.Record != "",
	}
	if err := sameCode(c.Code, said.CheckCode); err != nil {
		return said, refusal{c.File, err}
	}
	switch {
	case c.Record != "":
		found, err := c.find(ctx, r)
		said.Index, said.Leaves = found.Index, found.Leaves
		return said, err
	case r.Waits() && !now.Before(promise.By):
		return said, refusal{c.File, overdue(promise.By)}
	case r.Waits():
		said.Promised = promise.By.Format(time.RFC3339)
	}
	return said, nil
}

// find looks the ballot up in the record. A ballot that another one outdoes is
// in the log and does not count: nobody should take that for a confirmation.
func (c checkReceipt) find(ctx context.Context, r box.Receipt) (found record.Found, err error) {
	zip, done, err := open(c.Record)
	if err != nil {
		return found, err
	}
	defer done()
	if found, err = record.Find(ctx, zip, r); err != nil {
		return found, refusal{c.Record, err}
	}
	if found.Void != "" {
		return found, refusal{c.Record, fmt.Errorf(
			"the ballot is leaf %d of the log and does not count: when it was opened it was void (%s), which the voting page "+
				"never makes. If you voted on that page, tell the election's officials", found.Index, found.Void,
		)}
	}
	if found.Outdone {
		return found, refusal{c.Record, fmt.Errorf(
			"the ballot is leaf %d of the log and does not count: a later ballot under the same key counts instead. "+
				"If you voted again, check the later receipt; if you did not, somebody had your key: tell the election's officials",
			found.Index,
		)}
	}
	return found, nil
}

// overdue says what a receipt is worth that has only a promise whose time has
// passed.
func overdue(by time.Time) error {
	return errors.New(
		"receipt: the ballot should have been in the log by " + by.Format(time.RFC3339) + ", and this receipt does not " +
			"show that it is. " +
			"Get the receipt again, or name the record with --record: if the ballot is not there, the promise was broken, " +
			"and this file proves it. Keep it, and tell the election's officials and the press",
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
