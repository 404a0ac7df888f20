package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"osbu/domain"
	"osbu/domain/box"
	"osbu/domain/record"
)

type checkRecord struct {
	File     string `arg:"" help:"The zip, as downloaded from the results page."`
	Code     string `placeholder:"CODE" help:"${code}"`
	Key      string `placeholder:"KEY" help:"${key}"`
	Auditors string `placeholder:"PART.zip" help:"The auditors' part: the ballots that the record withholds."`
	JSON     bool   `help:"One JSON object: what was confirmed, or the first fault."`
	Progress bool   `help:"Say how far the check is, a line for each percent, also where that is no terminal."`
}

// Run prints what was confirmed, or returns the first fault.
func (c checkRecord) Run(ctx context.Context, out io.Writer, problems errorWriter) error {
	r, err := c.check(ctx)
	if err != nil {
		return answered(out, c.JSON, c.File, err)
	}
	if c.Key == "" {
		unknownKey(problems, "record", r.Manifest.LogKey)
	}
	if c.JSON {
		return writeJSON(out, c.report(r))
	}
	summary(out, c.File, r)
	return nil
}

func (c checkRecord) check(ctx context.Context) (r record.Confirmed, err error) {
	o := record.Options{Key: c.Key, Progress: progress(os.Stderr, c.Progress)}
	if c.Auditors != "" {
		part, done, err := open(c.Auditors)
		if err != nil {
			return r, err
		}
		defer done()
		o.Auditors = part
	}
	zip, done, err := open(c.File)
	if err != nil {
		return r, err
	}
	defer done()
	r, err = record.Verify(ctx, zip, o)
	o.Progress("", 0, 0)
	if err != nil {
		return r, refusal{c.File, err}
	}
	if err := sameCode(c.Code, r.CheckCode); err != nil {
		return r, refusal{c.File, err}
	}
	return r, nil
}

// sameCode is nil if no check code was named, or this one.
func sameCode(named, code string) error {
	if named == "" {
		return nil
	}
	want, _ := domain.ReadCode(code, codeGroups)
	switch plain, ok := domain.ReadCode(named, codeGroups); {
	case !ok:
		return fmt.Errorf("%.40q is no check code: it has twelve letters and digits, such as %s", named, code)
	case plain != want:
		return fmt.Errorf("the check code is %s, not the %s that you named: it is of another ballot", code, named)
	}
	return nil
}

// codeGroups are a check code's groups of four.
const codeGroups = 3

// confirmedRecord is what --json says of a record in which everything fits
// together.
type confirmedRecord struct {
	Confirmed    bool             `json:"confirmed"` // true
	Name         string           `json:"name"`
	Round        string           `json:"round"`
	Rehearsal    bool             `json:"rehearsal"`
	LogKey       string           `json:"log_key"`
	CheckCode    string           `json:"check_code"` // of the manifest
	CodeCompared bool             `json:"code_compared"`
	KeyCompared  bool             `json:"key_compared"` // false: nothing tells whose record this is
	Leaves       int64            `json:"leaves"`
	Root         string           `json:"root"` // base64
	Checkpoints  int              `json:"checkpoints"`
	Batches      []confirmedBatch `json:"batches"`  // of sheets of paper
	Cosigned     map[string]int   `json:"cosigned"` // by each witness's key
	Steps        []confirmedStep  `json:"steps"`    // that the log vouches for
	Areas        []confirmedCount `json:"areas"`
	Unchecked    []string         `json:"unchecked"`   // areas whose ballots were not there
	Unrecounted  []string         `json:"unrecounted"` // those of them whose rule needs them
	Confirmation string           `json:"decision"`    // that confirmed the result, as corrected
	Corrections  []correction     `json:"corrections"` // of its number
}

type correction struct {
	At     time.Time `json:"at"`
	From   string    `json:"from"`
	To     string    `json:"to"`
	Reason string    `json:"reason"`
}

type confirmedBatch struct {
	Batch       string `json:"batch"`
	Paper       string `json:"paper"`
	State       string `json:"state"`
	Marked      int    `json:"marked"` // rights spent on paper that it answers for
	Declared    int    `json:"declared"`
	Counted     int    `json:"counted"`
	Explanation string `json:"explanation"`
}

type confirmedStep struct {
	Step string    `json:"step"`
	At   time.Time `json:"at"`
}

type confirmedCount struct {
	Area     string   `json:"area"`
	Ballots  int      `json:"ballots"`
	Blank    int      `json:"blank"`
	Sheets   int      `json:"sheets"` // of ballots, those on paper
	Selected []string `json:"selected"`
	Cost     string   `json:"cost"`
	Budget   string   `json:"budget"`
}

func (c checkRecord) report(r record.Confirmed) confirmedRecord {
	said := confirmedRecord{
		Confirmed: true, Name: c.File, Round: r.Manifest.Round, Rehearsal: r.Manifest.Rehearsal, LogKey: r.Manifest.LogKey,
		CheckCode: r.CheckCode, CodeCompared: c.Code != "", KeyCompared: c.Key != "", Leaves: r.Leaves,
		Root: r.Root.String(), Checkpoints: r.Checkpoints, Cosigned: map[string]int{}, Areas: []confirmedCount{},
		Batches:   []confirmedBatch{},
		Unchecked: append([]string{}, r.Unchecked...), Unrecounted: append([]string{}, r.Unrecounted...),
		Confirmation: r.Published.Decision, Corrections: []correction{},
	}
	for _, c := range r.Corrections {
		said.Corrections = append(said.Corrections, correction{c.At, c.From, c.Decision, c.Reason})
	}
	for _, b := range r.Batches {
		said.Batches = append(said.Batches, confirmedBatch{
			b.Batch, b.Paper, string(b.State), b.Marked, b.Declared, b.Counted(), b.Explanation,
		})
	}
	for _, s := range r.Steps {
		said.Steps = append(said.Steps, confirmedStep{string(s.Step), s.At})
	}
	for _, w := range r.Witnesses {
		said.Cosigned[w.Key] = w.Checkpoints
	}
	for _, a := range r.Published.Areas {
		o := a.Outcome
		said.Areas = append(said.Areas,
			confirmedCount{a.Area, a.Ballots, a.Blank, a.Sheets, o.Selected, o.Cost.String(), o.Budget.String()})
	}
	return said
}

func summary(out io.Writer, name string, r record.Confirmed) {
	line := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	line("%s: confirmed", name)
	if r.Manifest.Rehearsal {
		line("THIS IS A REHEARSAL with made-up voters")
	}
	line(
		"round %s, ballot frozen by %s, result confirmed by %s",
		r.Manifest.Round,
		r.Manifest.Decision,
		r.Published.Decision,
	)
	for _, c := range r.Corrections {
		line("number of that decision corrected %s from %s to %s: %s", c.At.UTC().Format(time.RFC3339), c.From, c.Decision,
			c.Reason)
	}
	line("log key %s", r.Manifest.LogKey)
	line("check code %s", r.CheckCode)
	if s := r.Manifest.Sealing; s != nil {
		line("ballots were sealed until the close, for any %d of %d trustees; each was opened", s.Needed, s.Trustees)
	}
	line("log: %d leaves, root %s, consistent with all %d checkpoints", r.Leaves, r.Root, r.Checkpoints)
	for _, s := range r.Steps {
		line("step %s: %s", s.Step, s.At.UTC().Format(time.RFC3339))
	}
	for _, w := range r.Witnesses {
		line("witness %s: cosigned %d checkpoints", w.Key, w.Checkpoints)
	}
	for _, p := range r.Published.Papers {
		line(
			"paper %s: %d rights; spent %d online, %d assisted, %d on paper; %d credentials (%d replaced), "+
				"%d ballots, %d unused",
			p.Paper,
			p.Rights,
			p.Online,
			p.Assisted,
			p.OnPaper,
			p.Credentials,
			p.Replaced,
			p.Ballots,
			p.Difference,
		)
		if p.Sheets > 0 {
			line("paper %s: %d of the ballots are sheets of paper", p.Paper, p.Sheets)
		}
		if p.Void > 0 {
			line("paper %s: %d sealed ballots are void and do not count", p.Paper, p.Void)
		}
	}
	for _, b := range r.Batches {
		line("batch %s of paper %s, %s %s: %d rights, %d sheets declared, %d count%s", b.Batch, b.Paper, b.Place, b.Day,
			b.Marked, b.Declared, b.Counted(), because(b))
	}
	for _, a := range r.Published.Areas {
		line(
			"area %s: %d ballots, %d blank; funded by %s: %d projects for %s of %s",
			a.Area,
			a.Ballots,
			a.Blank,
			a.Outcome.Rule.Method,
			len(a.Outcome.Selected),
			a.Outcome.Cost,
			a.Outcome.Budget,
		)
	}
	if len(r.Unchecked) > 0 {
		line("what ballots say is withheld, their proofs and totals are checked: %s", strings.Join(r.Unchecked, ", "))
	}
	if len(r.Unrecounted) > 0 {
		line("not recounted, because that needs the single ballots: %s", strings.Join(r.Unrecounted, ", "))
	}
}

// because is why a batch's numbers do not agree, or why it is left out.
func because(b box.PaperBatch) string {
	text := ""
	if b.State == box.BatchLeftOut {
		text = "; left out"
	}
	if b.Explanation != "" {
		text += ": " + b.Explanation
	}
	return text
}

// open gives a file to be read from anywhere.
func open(name string) (*io.SectionReader, func(), error) {
	f, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return io.NewSectionReader(f, 0, info.Size()), func() { _ = f.Close() }, nil
}

// progress writes how far a check has come: over one line of a terminal, or in
// lines if they are wanted, and otherwise nothing. An empty stage wipes the
// terminal's line.
func progress(to *os.File, lines bool) func(record.Stage, int64, int64) {
	format := "\r\x1b[K%s"
	switch {
	case lines:
		format = "%s\n"
	case !term.IsTerminal(int(to.Fd())):
		return func(record.Stage, int64, int64) {}
	}
	said := ""
	return func(s record.Stage, done, total int64) {
		now := ""
		if s != "" {
			now = fmt.Sprintf("checking %s: %d %%", s, 100*done/max(total, 1))
		}
		if now != said && (now != "" || !lines) {
			fmt.Fprintf(to, format, now)
		}
		said = now
	}
}
